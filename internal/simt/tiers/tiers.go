// Package tiers runs a kernel in every way there is to run one: thread by
// thread by package ref, by the interpreter, and by machine code with each
// instruction set of this machine. All must leave the same bytes, but for which
// NaN a NaN is.
package tiers

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// A Tier is one way to run kernels.
type Tier struct {
	Name   string
	engine simt.Engine
	isa    *jit.ISA
}

// Reference runs threads one by one.
var Reference = Tier{Name: "reference"}

// Engines returns the tiers that programs use on this machine: the interpreter,
// and machine code for each of the processor's instruction sets.
func Engines() []Tier {
	list := []Tier{{Name: "interpreter", engine: simt.Interpreter}}
	best, ok := jit.Best()
	if !ok {
		return list
	}
	isas := []jit.ISA{best}
	if best == jit.AVX512 {
		isas = append(isas, jit.AVX2, jit.AVX512x256)
	}
	for _, isa := range isas {
		list = append(list, Tier{Name: isa.String(), engine: simt.Native, isa: &isa})
	}
	return list
}

// A Launch is a kernel with all that it runs on. It may be run many times: what
// a run writes is a copy.
type Launch struct {
	Grid, Group simt.Size
	Buffers     map[int][]byte // what buffers hold, by index
	Shared      map[int]int    // lengths of threadgroup arguments, by index
	// Textures and Samplers are by index; a run calls Textures for ones of its
	// own. Both may be nil.
	Textures func() map[int]*texel.Texture
	Samplers map[int]*texel.Sampler
	Timeout  time.Duration // 10 s if 0
}

// A Result is what a run leaves.
type Result struct {
	Buffers  map[int][]byte
	Textures map[int]*texel.Texture
	Fault    *simt.Fault
	Compiled bool // it ran as machine code
}

// Address is the device address of the buffer at an index.
func Address(index int) uint64 { return uint64(index+1) << 32 }

// forcing is held while a tier is forced on all launches of the process.
var forcing sync.Mutex

// Run runs f. For the reference it may be any function without mathematical
// operations; for engines it must be optimised. The error is that of a kernel
// that a tier cannot run at all: [jit.ErrUnsupported] is none, as the interpreter
// then runs it.
func (t Tier) Run(f *ir.Func, l *Launch) (*Result, error) {
	r, s := l.bound(f)
	if t.engine == simt.Auto {
		var err error
		r.Fault, err = ref.Run(f, s)
		return r, err
	}
	forcing.Lock()
	defer forcing.Unlock()
	defer simt.Force(t.engine, t.isa, 0)()
	p, err := simt.Compile(f)
	if err != nil {
		return nil, err
	}
	s.Program = p
	r.Fault = s.Run()
	why, compiled := p.Native()
	r.Compiled = compiled > 0
	for _, err := range why {
		if !errors.Is(err, jit.ErrUnsupported) {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return r, nil
}

// Races reports whether threads of f, which may be any function without
// mathematical operations, disturb each other: see [ref.Races].
func (l *Launch) Races(f *ir.Func) (bool, error) {
	_, s := l.bound(f)
	n, _, err := ref.Races(f, s)
	return n > 0, err
}

// bound returns copies of the launch's memory, and a launch of f that is bound
// to them.
func (l *Launch) bound(f *ir.Func) (*Result, *simt.Launch) {
	r := &Result{Buffers: make(map[int][]byte, len(l.Buffers))}
	for i, b := range l.Buffers {
		r.Buffers[i] = clone(b)
	}
	if l.Textures != nil {
		r.Textures = l.Textures()
	}
	s := &simt.Launch{Grid: l.Grid, Group: l.Group, Timeout: l.Timeout}
	if s.Timeout == 0 {
		s.Timeout = 10 * time.Second
	}
	l.bind(f, r, s)
	return r, s
}

// clone copies b to memory that is aligned for every type.
func clone(b []byte) []byte {
	words := make([]uint64, len(b)/8+3)
	c := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))
	if uintptr(unsafe.Pointer(&c[0]))%16 != 0 {
		c = c[8:]
	}
	c = c[:len(b):len(b)]
	copy(c, b)
	return c
}

// bind fills in what f is launched with.
func (l *Launch) bind(f *ir.Func, r *Result, s *simt.Launch) {
	pointer := func(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }
	for _, m := range f.Mems {
		var b simt.Binding
		switch m.Kind {
		case ir.MemBuffer:
			if data, ok := r.Buffers[m.Index]; ok {
				b = simt.Binding{Ptr: pointer(data), Len: int64(len(data)), Addr: Address(m.Index)}
			}
		case ir.MemThreadgroupArg:
			b.Len = int64(l.Shared[m.Index])
		}
		s.Mems = append(s.Mems, b)
	}
	for _, i := range slices.Sorted(maps.Keys(r.Buffers)) {
		s.Ranges = append(s.Ranges, simt.Range{Addr: Address(i), Ptr: pointer(r.Buffers[i]), Len: int64(len(r.Buffers[i]))})
	}
	for _, t := range f.Textures {
		s.Textures = append(s.Textures, r.Textures[t.Index])
	}
	for _, x := range f.Samplers {
		s.Samplers = append(s.Samplers, l.Samplers[x.Index])
	}
	s.Resources = resources{r.Textures, l.Samplers}
}

// resources finds the textures and samplers of a launch by their IDs.
type resources struct {
	textures map[int]*texel.Texture
	samplers map[int]*texel.Sampler
}

func (r resources) Texture(id uint64) *texel.Texture {
	for _, t := range r.textures {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (r resources) Sampler(id uint64) *texel.Sampler {
	for _, s := range r.samplers {
		if s.ID == id {
			return s
		}
	}
	return nil
}
