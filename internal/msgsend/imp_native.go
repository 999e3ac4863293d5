//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"sync/atomic"

	"github.com/ebitengine/purego"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// runtimeFunc is a function of the Objective-C runtime, found on first use.
type runtimeFunc struct {
	name string
	addr atomic.Uintptr
}

// find returns the function's address. It panics when the runtime has none.
func (f *runtimeFunc) find() uintptr {
	if p := f.addr.Load(); p != 0 {
		return p
	}
	load()
	p, err := purego.Dlsym(purego.RTLD_DEFAULT, f.name)
	if err != nil {
		panic("msgsend: the Objective-C runtime has no " + f.name + ": " + err.Error())
	}
	f.addr.Store(p)
	return p
}

func (f *runtimeFunc) call(a, b, c, d, e uintptr) uintptr {
	return cCall(f.find(), a, b, c, d, e, 0)
}

// callFunction calls an address with the words of a message or function, and
// stores the result's words in ret. f tells which words are out parameters.
func callFunction(s *shape, fn uintptr, self, sel uint64, words, ret []uint64, f *Frame, retain bool) {
	var cells [MaxWords]uint64
	outs := f.outCells(&cells)
	pool, flags := uint64(0), uint32(0)
	if retain {
		flags = abi.FlagRetain
	}
	if retain || len(outs) > 0 {
		pool = abi.BlockPool
	}
	var block [frameBlock]uint64
	runRecord(block[:], s, fn, self, sel, words, ret, pool, flags, outs)
}

// IMP is the implementation of a method: what a message to an object of a class
// reaches. It stays valid as long as the class's method is not replaced.
type IMP uintptr

var (
	fnMethodImplementation = runtimeFunc{name: "class_getMethodImplementation"}
	fnSuperclass           = runtimeFunc{name: "class_getSuperclass"}
	fnInstanceMethod       = runtimeFunc{name: "class_getInstanceMethod"}
	fnTypeEncoding         = runtimeFunc{name: "method_getTypeEncoding"}
)

// Implementation returns the implementation that objects of a class answer a
// selector with, 0 when they have none. For class methods give the class of the
// class: see [ObjectClass].
func Implementation(class Class, sel SEL) IMP {
	if class == 0 || fnInstanceMethod.call(uintptr(class), uintptr(sel), 0, 0, 0) == 0 {
		return 0
	}
	return IMP(fnMethodImplementation.call(uintptr(class), uintptr(sel), 0, 0, 0))
}

// MethodEncoding returns the type encoding of the method that objects of a
// class answer a selector with, "" when they have none.
func MethodEncoding(class Class, sel SEL) string {
	if class == 0 {
		return ""
	}
	m := fnInstanceMethod.call(uintptr(class), uintptr(sel), 0, 0, 0)
	if m == 0 {
		return ""
	}
	return goString(fnTypeEncoding.call(m, 0, 0, 0, 0))
}

// Superclass returns the superclass, 0 when there is none.
func Superclass(class Class) Class {
	if class == 0 {
		return 0
	}
	return Class(fnSuperclass.call(uintptr(class), 0, 0, 0, 0))
}

// sendIMP calls an implementation with the words of a frame.
func sendIMP(imp IMP, self ID, sel *Selector, sig *Signature, f *Frame, ret []uint64, object bool) {
	s := sig.shape()
	if f.n != s.Signature.Words {
		wrongWords(sel, sig, f.n)
	}
	clear(ret)
	if self == 0 {
		return
	}
	callFunction(s, uintptr(imp), uint64(self), uint64(sel.SEL()), f.args(), ret, f, object && !sel.returnsOwned())
}

// CallSuper runs the superclass's implementation of the method that is running,
// with the same arguments, and leaves its result as that of the call; an
// object is the func's to return or release. It panics when the superclass has
// none.
func (c *Call) CallSuper() {
	m := c.impl
	if m.class == nil {
		panic("msgsend: a block has no superclass")
	}
	super := m.class.super
	if m.meta {
		super = ObjectClass(ID(super))
	}
	imp := Implementation(super, c.Sel)
	if imp == 0 {
		panic(fmt.Sprintf("msgsend: %s: no superclass of %s has it", m.name, m.class.name))
	}
	var none Frame
	callFunction(m.shape, uintptr(imp), uint64(c.Self), uint64(c.Sel), c.Args, c.Ret, &none, m.side.autorelease)
}

// functionShape lowers the encoding of a C function.
func functionShape(encoding string) (*shape, error) {
	sig, err := objctype.ParseFunction(encoding)
	if err != nil {
		return nil, err
	}
	l, err := lower(sig)
	return &shape{sig, l}, err
}
