//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"os"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
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
	handle     uint64
}

type blockDescriptor struct {
	reserved uintptr
	size     uintptr
	copy     uintptr
	dispose  uintptr
}

const blockHasCopyDispose = 1 << 25

// The assembly's entries; see the assembly.
var blockInvokeABI0, blockCopyABI0, blockDisposeABI0 uintptr

// blockRuntime is what literals are made of, found on first use.
var blockRuntime = sync.OnceValue(func() (rt struct{ malloc, free, isa, descriptor uintptr }) {
	load()
	rt.malloc, rt.free = blockSymbol("malloc"), blockSymbol("free")
	rt.isa = blockSymbol("_NSConcreteStackBlock")
	rt.descriptor = cCall(rt.malloc, unsafe.Sizeof(blockDescriptor{}), 0, 0, 0, 0, 0)
	*(*blockDescriptor)(pointer(rt.descriptor)) = blockDescriptor{
		size: unsafe.Sizeof(blockLiteral{}), copy: blockCopyABI0, dispose: blockDisposeABI0,
	}
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

// blockTable maps handles to Go funcs and counts the literals that hold them.
var blockTable struct {
	mu   sync.RWMutex
	next uint64
	live map[uint64]*blockEntry
}

type blockEntry struct {
	f    func(a, b, c, d uintptr)
	refs int // guarded by blockTable.mu
}

// NewBlock makes a block that calls f with its first four argument words; words
// the caller did not pass are undefined. The block is the caller's: give it
// back with [ReleaseBlock]. A method that keeps it copies it. f is called on any
// goroutine, as often as the block's user does, and is let go when the last
// reference is.
func NewBlock(f func(a, b, c, d uintptr)) ID {
	rt := blockRuntime()
	t := &blockTable
	t.mu.Lock()
	if t.live == nil {
		t.live = make(map[uint64]*blockEntry)
	}
	t.next++
	h := t.next
	t.live[h] = &blockEntry{f, 1}
	t.mu.Unlock()
	p := cCall(rt.malloc, unsafe.Sizeof(blockLiteral{}), 0, 0, 0, 0, 0)
	*(*blockLiteral)(pointer(p)) = blockLiteral{
		isa: rt.isa, flags: blockHasCopyDispose, invoke: blockInvokeABI0, descriptor: rt.descriptor, handle: h,
	}
	return ID(p)
}

// ReleaseBlock gives the caller's reference to a block made by [NewBlock] back.
// Nil is fine.
func ReleaseBlock(block ID) {
	if block == 0 {
		return
	}
	countBlock((*blockLiteral)(pointer(uintptr(block))).handle, -1)
	cCall(blockRuntime().free, uintptr(block), 0, 0, 0, 0, 0)
}

// CallBlock calls a block with up to four argument words. Nil does nothing.
func CallBlock(block ID, a, b, c, d uintptr) {
	if block == 0 {
		return
	}
	cCall((*blockLiteral)(pointer(uintptr(block))).invoke, uintptr(block), a, b, c, d, 0)
}

// LiveBlocks returns how many Go funcs blocks still hold. It is for tests.
func LiveBlocks() int {
	blockTable.mu.RLock()
	defer blockTable.mu.RUnlock()
	return len(blockTable.live)
}

func countBlock(h uint64, n int) {
	t := &blockTable
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.live[h]; e != nil {
		if e.refs += n; e.refs == 0 {
			delete(t.live, h)
		}
	}
}

// blockCall is what the assembly hands over: which entry, and its integer
// arguments.
type blockCall struct {
	op   uint64
	args [5]uint64
}

const (
	opInvoke = iota
	opCopy
	opDispose
)

// blockEntryFn is called by the assembly through the runtime's callback.
var blockEntryFn = enterBlock

func enterBlock(c *blockCall) {
	switch c.op {
	case opCopy: // to, from
		countBlock(literalAt(c.args[1]).handle, +1)
	case opDispose:
		countBlock(literalAt(c.args[0]).handle, -1)
	default:
		h := literalAt(c.args[0]).handle
		blockTable.mu.RLock()
		e := blockTable.live[h]
		blockTable.mu.RUnlock()
		if e == nil {
			fmt.Fprintf(os.Stderr, "msgsend: a block was called after its last reference was released\n")
			return
		}
		e.f(uintptr(c.args[1]), uintptr(c.args[2]), uintptr(c.args[3]), uintptr(c.args[4]))
	}
}

func literalAt(w uint64) *blockLiteral { return (*blockLiteral)(pointer(uintptr(w))) }
