//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"os"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
)

// A block literal lives in C memory. Every block of the process has the same
// three assembly entries; which Go func it stands for is the handle in its
// captured variable, so there is no limit to their number. The runtime's copies
// of a literal carry the handle along: the copy entry adds a reference to it,
// the dispose entry gives one back.
type blockLiteral struct {
	isa        uintptr
	flags      uint32
	reserved   uint32
	invoke     uintptr
	descriptor uintptr
	handle     handle
	original   uintptr // the literal's own address, which its copies carry too
}

// blockDescriptor is followed by the signature when the flags say so.
type blockDescriptor struct {
	reserved  uintptr
	size      uintptr
	copy      uintptr
	dispose   uintptr
	signature uintptr
}

// Flags of a block literal.
const (
	blockHasCopyDispose = 1 << 25
	blockHasStret       = 1 << 29
	blockHasSignature   = 1 << 30
)

// blockRuntime is what literals are made of, found on first use.
var blockRuntime = sync.OnceValue(func() (rt struct{ malloc, free, copy, release, isa, descriptor uintptr }) {
	load()
	rt.malloc, rt.free = blockSymbol("malloc"), blockSymbol("free")
	rt.copy, rt.release = blockSymbol("_Block_copy"), blockSymbol("_Block_release")
	rt.isa = blockSymbol("_NSConcreteStackBlock")
	rt.descriptor = newBlockDescriptor(rt.malloc, 0)
	return rt
})

// blockSymbol finds a symbol of the process; 0 when it has none.
func blockSymbol(name string) uintptr {
	p, err := purego.Dlsym(purego.RTLD_DEFAULT, name)
	if err != nil {
		return 0
	}
	return p
}

func newBlockDescriptor(malloc, signature uintptr) uintptr {
	d := cCall(malloc, unsafe.Sizeof(blockDescriptor{}), 0, 0, 0, 0, 0)
	*(*blockDescriptor)(pointer(d)) = blockDescriptor{
		size: unsafe.Sizeof(blockLiteral{}), copy: entries[copyEntry], dispose: entries[disposeEntry], signature: signature,
	}
	return d
}

// wordBlock4 is the func of a block made by NewBlock.
type wordBlock4 func(a, b, c, d uintptr)

// NewBlock makes a block that calls f with its first four argument words; words
// the caller did not pass are undefined. The block is the caller's: give it
// back with [ReleaseBlock]. A method that keeps it copies it. f is called on any
// goroutine, as often as the block's user does, and is let go when the last
// reference is.
func NewBlock(f func(a, b, c, d uintptr)) ID {
	rt := blockRuntime()
	return newLiteral(blockLiteral{
		isa: rt.isa, flags: blockHasCopyDispose | literalFlags, invoke: entries[invokeEntry], descriptor: rt.descriptor,
		handle: newHandle(wordBlock4(f)),
	})
}

// blockTypeSide is what the native side adds to a type of blocks.
type blockTypeSide struct{ descriptor uintptr }

func newBlockTypeSide(encoding string) blockTypeSide {
	return blockTypeSide{newBlockDescriptor(blockRuntime().malloc, cMemoryString(encoding))}
}

// cMemoryString copies a string into memory of C's that is never given back.
func cMemoryString(s string) uintptr {
	p := cMemory(uintptr(len(s)) + 1)
	copy(unsafe.Slice((*byte)(p), len(s)+1), s+"\x00")
	return uintptr(p)
}

func newTypedBlock(t *BlockType, impl *implementation) ID {
	l := blockLiteral{
		isa: blockRuntime().isa, flags: blockHasCopyDispose | blockHasSignature | literalFlags, invoke: entries[invokeEntry],
		descriptor: t.side.descriptor, handle: newHandle(impl),
	}
	if impl.shape.layout.Indirect {
		l.invoke = entries[indirectInvokeEntry]
		l.flags |= blockHasStret
	}
	return newLiteral(l)
}

// literals are those that are free to be used. C's memory for them is taken many
// at a time and kept, so that making a block does not cross.
var literals struct {
	mu   sync.Mutex
	free []*blockLiteral
}

const literalsAtATime = 64

func newLiteral(l blockLiteral) ID {
	t := &literals
	t.mu.Lock()
	if len(t.free) == 0 {
		p := cMemory(literalsAtATime * unsafe.Sizeof(l))
		for i := range literalsAtATime {
			t.free = append(t.free, (*blockLiteral)(unsafe.Add(p, uintptr(i)*unsafe.Sizeof(l))))
		}
	}
	p := t.free[len(t.free)-1]
	t.free = t.free[:len(t.free)-1]
	t.mu.Unlock()
	l.original = uintptr(unsafe.Pointer(p))
	*p = l
	return ID(l.original)
}

func freeLiteral(l *blockLiteral) {
	literals.mu.Lock()
	literals.free = append(literals.free, l)
	literals.mu.Unlock()
}

// cMemory allocates memory of C's.
func cMemory(size uintptr) unsafe.Pointer {
	return pointer(cCall(blockRuntime().malloc, size, 0, 0, 0, 0, 0))
}

// CopyBlock returns a block that may be kept after the call it was an argument
// of. It is the caller's: give it back with [ReleaseBlock]. Nil stays nil.
func CopyBlock(block ID) ID {
	if block == 0 {
		return 0
	}
	rt := blockRuntime()
	if rt.copy != 0 {
		return ID(cCall(rt.copy, uintptr(block), 0, 0, 0, 0, 0))
	}
	l := *literalAt(uint64(block))
	if !l.ours() {
		panic("msgsend: a block not made in Go cannot be copied: there is no blocks runtime in the process")
	}
	l.handle.retain()
	return newLiteral(l)
}

// ours reports whether a block was made in Go.
func (l *blockLiteral) ours() bool {
	return l.invoke == entries[invokeEntry] || l.invoke == entries[indirectInvokeEntry]
}

// ReleaseBlock gives the caller's reference to a block back that [NewBlock],
// [BlockType.New] or [CopyBlock] returned. Nil is fine.
func ReleaseBlock(block ID) {
	if block == 0 {
		return
	}
	l := literalAt(uint64(block))
	if l.ours() && l.original == uintptr(block) {
		l.handle.release()
		freeLiteral(l)
	} else {
		cCall(blockRuntime().release, uintptr(block), 0, 0, 0, 0, 0)
	}
}

// CallBlock calls a block with up to four argument words. Nil does nothing.
func CallBlock(block ID, a, b, c, d uintptr) {
	if block == 0 {
		return
	}
	cCall(literalAt(uint64(block)).invoke, uintptr(block), a, b, c, d, 0)
}

// BlockEncoding returns the type encoding that a block carries, "" when it
// carries none.
func BlockEncoding(block ID) string {
	if block == 0 {
		return ""
	}
	l := literalAt(uint64(block))
	if l.flags&blockHasSignature == 0 {
		return ""
	}
	at := 2 * unsafe.Sizeof(uintptr(0))
	if l.flags&blockHasCopyDispose != 0 {
		at += 2 * unsafe.Sizeof(uintptr(0))
	}
	return goString(*(*uintptr)(unsafe.Add(pointer(l.descriptor), at)))
}

// invokeBlock calls a block with the words of a frame.
func invokeBlock(block ID, impl *implementation, f *Frame, ret []uint64, object bool) {
	var words [MaxWords + 1]uint64
	words[0] = uint64(block)
	n := 1 + copy(words[1:], f.args())
	retain := object && impl.returnsObject()
	callFunction(impl.shape, literalAt(uint64(block)).invoke, 0, 0, words[:n], ret, f, retain)
}

// LiveBlocks returns how many Go values blocks and objects still hold. It is
// for tests.
func LiveBlocks() int { return int(handles.live.Load()) }

// receiveBlock runs the func of a block that C calls.
func receiveBlock(r *abi.Registers, l *blockLiteral) {
	switch f := l.handle.value().(type) {
	case wordBlock4:
		f(uintptr(r.Ints[1]), uintptr(r.Ints[2]), uintptr(r.Ints[3]), uintptr(r.Ints[4]))
	case *implementation:
		f.receive(r)
	default:
		fmt.Fprintf(os.Stderr, "msgsend: a block was called after its last reference was released\n")
	}
}

func literalAt(w uint64) *blockLiteral { return (*blockLiteral)(pointer(uintptr(w))) }
