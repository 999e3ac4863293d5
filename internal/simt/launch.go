package simt

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// MaxThreads is the largest number of threads in a threadgroup.
const MaxThreads = 1024

// SimdWidth is the number of threads in a SIMD group.
const SimdWidth = 32

// DefaultTimeout is how long one threadgroup may run if a Launch does not say.
const DefaultTimeout = 5 * time.Second

// A Size is an extent or a position in three dimensions, in threads or
// threadgroups.
type Size struct{ X, Y, Z uint32 }

// Volume returns X*Y*Z.
func (s Size) Volume() uint64 {
	n := uint64(s.X) * uint64(s.Y)
	if n != 0 && uint64(s.Z) > ^uint64(0)/n {
		return ^uint64(0)
	}
	return n * uint64(s.Z)
}

// A Binding is what a launch gives for one ir.Mem.
//
// For a MemBuffer, Ptr is its first byte and Len the number of bytes from there
// that the kernel may touch; a nil Ptr is a buffer that is not bound. For a
// MemThreadgroupArg only Len counts. For other kinds the Binding is ignored.
type Binding struct {
	Ptr  unsafe.Pointer
	Len  int64
	Addr uint64 // device address of Ptr, for kernels that store pointers; 0 if it has none
}

// A Range is memory that a kernel may reach by device address, as pointers in
// argument buffers do.
type Range struct {
	Addr uint64 // device address of Ptr
	Ptr  unsafe.Pointer
	Len  int64
}

// A Launch is one run of a Program over a grid of threads. The memory it names
// must stay valid until Run returns. A Launch may be reused for another Run
// once the last one has returned.
type Launch struct {
	Program *Program
	Grid    Size      // threads in all; groups at the edge are smaller if Group does not divide it
	Group   Size      // threads of one threadgroup, at most MaxThreads in all
	Mems    []Binding // one for each of Program.Mems()
	Ranges  []Range   // in order of Addr, not overlapping; may be nil

	Textures  []*texel.Texture // one for each of Program.Textures(), nil where none is bound
	Samplers  []*texel.Sampler // one for each of Program.Samplers()
	Resources Resources        // textures and samplers reached by ID; may be nil

	Log Logger // takes what the kernel says; nil if nobody listens

	Timeout time.Duration // for one threadgroup, while it runs; the launch may take many times as long
	Stop    *atomic.Bool  // ends the launch soon when it becomes true; may be nil
	Workers int           // how many threadgroups may run at a time; 0 is GOMAXPROCS
	Spare   func()        // called, at most once, when the launch leaves processors unused that it has had or could have; may be nil
	Engine  Engine        // Auto leaves the choice to the environment; see EngineVariable
}

// Run runs the launch and returns when all its threads have ended: nil, or the
// fault that ended it. If threads of several groups fault, the fault is that of
// the first group, of those that did not run side by side: of these any may be
// the one, and the others have not come to their end.
func (l *Launch) Run() *Fault {
	if f := l.check(); f != nil {
		return f
	}
	return run(l)
}

// check returns a fault if the launch cannot be run at all.
func (l *Launch) check() *Fault {
	p := l.Program
	bad := func(msg string) *Fault {
		f := &Fault{Kind: BadLaunch, Msg: msg}
		if p != nil {
			f.Kernel = p.name
		}
		return f
	}
	if p == nil {
		return bad("the launch has no program")
	}
	switch n := l.Group.Volume(); {
	case n == 0:
		return bad("a threadgroup has no threads")
	case n > MaxThreads:
		return bad("a threadgroup has more than 1024 threads")
	case uint64(p.private)*n > maxThreadMemory:
		return bad("the threads of a threadgroup have too much memory of their own")
	case len(l.Mems) != len(p.mems):
		return bad("the number of bindings is not the number of memories of the kernel")
	case len(l.Textures) != len(p.textures) || len(l.Samplers) != len(p.samplers):
		return bad("the numbers of textures and samplers are not those of the kernel")
	}
	for i := range p.mems {
		if b := &l.Mems[i]; b.Len < 0 {
			return bad("a binding has a negative length")
		} else if p.mems[i].Kind == ir.MemThreadgroupArg && b.Len > maxThreadgroupMemory {
			return bad("too much threadgroup memory")
		}
	}
	return nil
}

// These keep mistaken sizes from taking the machine's memory; devices have much
// lower limits of their own.
const (
	maxThreadgroupMemory = 1 << 24
	maxThreadMemory      = 1 << 30 // of a whole threadgroup
)
