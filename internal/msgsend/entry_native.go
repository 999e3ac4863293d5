//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// The assembly's entries, by number. C finds as many methods as there are Go
// funcs behind them: a method is found by the receiver's class, the selector,
// and how deep in the chain of classes defined in Go its class is. The depth,
// and not only the class, tells a method from the one it overrides, which runs
// with the same receiver and selector when it is called as super's.
const (
	methodEntry         = 0             // + the depth of the class
	indirectMethodEntry = MaxClassDepth // for a result in memory: on amd64 the arguments move one register
	invokeEntry         = 2 * MaxClassDepth
	indirectInvokeEntry = invokeEntry + 1
	copyEntry           = invokeEntry + 2
	disposeEntry        = invokeEntry + 3
	entryCount          = invokeEntry + 4
)

// entries are the addresses of the entries. The assembly sets them.
var entries [entryCount]uintptr

// objectClassFn is object_getClass for the assembly; 0 where objects begin
// with their class.
var objectClassFn uintptr

// receiveFn is what the assembly calls.
var receiveFn = receive

func receive(r *abi.Registers) {
	switch e := r.Entry; {
	case e < invokeEntry:
		i := e / MaxClassDepth
		if m := findMethod(r.Class, selectorKey(r.Ints[i+1]), e%MaxClassDepth); m != nil {
			m.receive(r)
			return
		}
		fmt.Fprintf(os.Stderr, "msgsend: [%s %s] reached no Go method\n", ClassName(Class(r.Class)), SelectorName(SEL(r.Ints[i+1])))
	case e == copyEntry: // to, from
		literalAt(r.Ints[1]).handle.retain()
	case e == disposeEntry:
		literalAt(r.Ints[0]).handle.release()
	default:
		receiveBlock(r, literalAt(r.Ints[e-invokeEntry]))
	}
}

// implementationSide is what the native side adds to an implementation.
type implementationSide struct {
	receiver    *abi.Receiver
	small       bool // neither arguments nor result need room
	autorelease bool // the result is an object that the method's name does not promise to the caller
}

func (m *implementation) newSide(sig *objctype.Signature) implementationSide {
	r := m.shape.layout.Receive(sig)
	return implementationSide{
		receiver: r, small: r.Direct() && sig.ResultWords <= 2,
		autorelease: m.returnsObject() && !returnsOwned(m.name),
	}
}

// returnsObject reports whether the result can be retained and released. Only
// Apple's blocks are objects.
func (m *implementation) returnsObject() bool {
	k := m.shape.Result.Kind
	return k == objctype.Object || k == objctype.Block && runtime.GOOS == "darwin"
}

// entry is the address C calls the method at.
func (m *implementation) entry(depth int) uintptr {
	if m.shape.layout.Indirect {
		return entries[indirectMethodEntry+depth]
	}
	return entries[methodEntry+depth]
}

// receive runs the func for a call from C.
func (m *implementation) receive(r *abi.Registers) {
	if !m.side.small {
		m.receiveLarge(r)
		return
	}
	var ret [2]uint64
	m.call(r, m.side.receiver.Args(r, nil), ret[:m.shape.ResultWords])
}

func (m *implementation) receiveLarge(r *abi.Registers) {
	var room [MaxWords]uint64
	var ret [MaxResultWords]uint64
	args := room[:]
	if n := m.side.receiver.Words(); n > len(room) {
		args = make([]uint64, n)
	}
	m.call(r, m.side.receiver.Args(r, args), ret[:m.shape.ResultWords])
}

func (m *implementation) call(r *abi.Registers, args, ret []uint64) {
	c := Call{impl: m}
	if m.class != nil {
		self, sel := m.side.receiver.Self(r)
		c.Self, c.Sel = ID(self), SEL(sel)
	} else {
		c.Self, args = ID(args[0]), args[1:]
	}
	m.run(&c, args, ret)
	if m.side.autorelease {
		Autorelease(ID(ret[0]))
	}
	m.side.receiver.Return(r, ret)
}

// run calls the func with words that are only lent to it.
func (m *implementation) run(c *Call, args, ret []uint64) {
	c.Args = lend(args)
	c.Ret = lend(ret)
	m.fn((*Call)(noescape(unsafe.Pointer(c))))
}

// lend hides a slice from escape analysis.
func lend(w []uint64) []uint64 {
	return unsafe.Slice((*uint64)(noescape(unsafe.Pointer(unsafe.SliceData(w)))), len(w))
}

// SetOut stores an object through an argument that is the address of one, such
// as NSError **, and hands over the caller's reference with it. If the sender
// does not want it (the argument is nil) it is released.
func (c *Call) SetOut(arg int, id ID) {
	p := c.Word(arg)
	if p == 0 {
		Release(id)
		return
	}
	*(*ID)(pointer(p)) = Autorelease(id)
}
