// Package jit makes machine code of kernels in the form of package ir. It knows
// no device and no launch: package simt gives it memory and runs its code.
//
// # What the code is like
//
// A threadgroup is a vector. Its lanes are taken a chunk at a time, a chunk
// being a few vectors of the processor, its parts; between barriers the code
// of the kernel is a loop over the chunks, with values in registers. What is
// the same for all threads is computed once, in general registers; what is
// linear in the thread's position is a scalar a part, and loads and stores at
// such addresses are of whole vectors, with one check of the bounds. Where
// threads part ways there are masks.
//
// # How it is made
//
//	geometry.go  how the threads of a group lie in vectors: package ir/shape finds
//	             by it which values are uniform or linear, and how threads leave loops
//	lower.go     ir to instructions of virtual registers, in a few files
//	straight.go  groups that are one chunk: their barriers are nothing
//	words.go     and threadgroup memory is lanes of registers
//	pressure.go  how many registers that will want
//	alloc.go     virtual to physical registers, by linear scan
//	backend.go   what is asked of the backend of a processor, which makes
//	             bytes of instructions
//	cold.go      what all backends do alike
//	room.go      memory that one compilation leaves to the next
//	amd64_*.go   the one for AVX2 and AVX-512
//	arm64_*.go   the one for NEON
//
// # What it cannot do
//
// For some operations there is no code, and some accesses turn out at run time
// to be no rows inside their memory. There the code returns to its caller with
// the number of a [Site], and the caller does what is to be done for the lanes
// of the chunk and enters the code again. It returns, too, when it has run for
// a while, and goes on where it was.
package jit

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/cpuid"
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
	"github.com/aruminium-go/aruminium/internal/simt/jit/exec"
)

// ErrUnsupported is what Compile's error is for a kernel that it makes no code
// for.
var ErrUnsupported = errors.New("no code for it")

// Best returns the instructions to use on this machine, and whether code can
// run here at all.
func Best() (ISA, bool) {
	if !exec.Runs() {
		return 0, false
	}
	if runtime.GOARCH == "arm64" {
		return NEON, true
	}
	const needed = cpuid.AVX2 | cpuid.FMA | cpuid.F16C | cpuid.BMI1 | cpuid.BMI2 | cpuid.LZCNT | cpuid.POPCNT
	x := cpuid.Get()
	if x.Has(needed | cpuid.AVX512) {
		return AVX512, true
	}
	return AVX2, x.Has(needed)
}

// Code is a kernel compiled for groups of one extent.
type Code struct {
	ISA       ISA
	Lanes     int // of a vector
	Parts     int // vectors of a chunk
	Mems      int // memories of the kernel
	Sites     []*Site
	Limits    []Limit
	Resources []Resource
	Streams   []Stream
	Reads     []Traffic // of a kernel that may have streams
	Kept      []Kept
	Writes    []bool // of a kernel that keeps something: by memory, whether it may be changed
	Size      int    // bytes of code
	Spills    int    // registers of inner loops that are in memory

	exec      *exec.Code
	start     int
	resume    int
	lay       *layout
	bytes     int
	wideMasks bool
	consts    [][]byte // that sites have as operands: see lower.place
	code      []byte   // until it is loaded
}

// A Limit is a word of the context that depends on the length of a memory; see
// Limit.Value.
type Limit struct {
	Mem int
	key limitKey
	off int32
}

// A Resource is a word of the context that is the ID of a texture or sampler.
type Resource struct {
	Op    ir.Op // OpTexture or OpSampler
	Index int64 // its Imm
	off   int32
}

// Value computes the word for a memory of n bytes.
func (l *Limit) Value(n int64) uint64 {
	n -= l.key.size + l.key.add
	if n < 0 {
		return 0
	}
	n = n/l.key.unit - l.key.span + 1
	return uint64(max(0, min(n, l.key.most)))
}

// usualParts is how many parts a chunk has if nothing is against it.
const usualParts = 8

// maxOperations is how many operations there may be in all parts of a chunk: a
// long kernel has enough to do at a time without them, and code that leaves the
// processor's caches is slow, and slow to make.
const maxOperations = 1 << 14

// firstParts is how many parts a chunk is to have, if the registers do.
func firstParts(f *ir.Func, isa ISA, ext Size, least int) int {
	if least > 1 {
		return least // what a SIMD group has in common is a scalar of the chunk
	}
	n, floats, loops := 0, 0, false
	f.Body.Walk(func(in *ir.Instr) bool {
		n++
		if in.Type.IsFloat() && in.Op.Info().Class == ir.Pure {
			floats++
		}
		loops = loops || in.Op == ir.OpLoop
		return true
	})
	parts, lanes := usualParts, isa.backend().lanes()
	if floats > longLine && !loops {
		parts = fewParts // as partsFor would find
	}
	for parts > least && (uint64(parts*lanes) > uint64(ext.X)*uint64(ext.Y)*uint64(ext.Z) || parts*n > maxOperations) {
		parts /= 2
	}
	return parts
}

// Compile makes code of f for groups of the given extent. f must be verified,
// and must not have Vars or mathematical functions. granules are the units, by
// memory, in which thread memory is dealt out to lanes: units with the same
// number lie side by side, one a lane.
func Compile(f *ir.Func, isa ISA, ext Size, granules []int64) (*Code, error) {
	f = opt.Known(f, ext.builtin)
	r := rooms.Get().(*room)
	r.plain = false
	defer rooms.Put(r)
	g, scaling := f, false
	if parts := straightParts(f, isa, ext); parts > 0 {
		g, scaling = opt.Specialize(f, ext.builtin)
		if c, _, err := r.compile(g, isa, ext, granules, parts, true); c != nil && err == nil {
			return c, c.load()
		}
	}
	if !scaling {
		g = opt.SpecializeScaling(f, ext.builtin)
	}
	f = g
	least := minParts(f, isa.backend().lanes())
	parts := firstParts(f, isa, ext, least)
	for {
		c, fewer, err := r.compile(f, isa, ext, granules, parts, parts > least)
		if err != nil {
			return nil, err
		}
		if c != nil {
			return c, c.load()
		}
		parts = max(fewer, least)
	}
}

// minParts is how many parts a chunk must have at least: SIMD groups must not
// be torn.
func minParts(f *ir.Func, lanes int) int {
	groups := false
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op >= ir.OpShuffle && in.Op <= ir.OpBallot {
			_, width, _ := ir.UnpackGroup(in.Imm)
			groups = groups || width == ir.SimdLanes
		}
		groups = groups || in.Op >= ir.OpMatLoad && in.Op <= ir.OpMatMulAdd
		groups = groups || in.Op == ir.OpBarrier && in.Imm != 0
		return true
	})
	if groups {
		return ir.SimdLanes / lanes
	}
	return 1
}

// CompileParts is Compile with a number of parts to a chunk, for tests.
func CompileParts(f *ir.Func, isa ISA, ext Size, granules []int64, parts int) (*Code, error) {
	f = opt.Known(f, ext.builtin)
	if n := straightParts(f, isa, ext); n > 0 && n <= parts {
		f, _ = opt.Specialize(f, ext.builtin)
	} else {
		f = opt.SpecializeScaling(f, ext.builtin)
	}
	r := rooms.Get().(*room)
	r.plain = false
	defer rooms.Put(r)
	for {
		c, _, err := r.compile(f, isa, ext, granules, max(parts, minParts(f, isa.backend().lanes())), false)
		if err != nil {
			return nil, err
		}
		if c != nil {
			return c, c.load()
		}
	}
}

// compile makes code for chunks of so many parts. If picky, it makes none where
// the registers of inner loops would not do, and says with how many fewer parts
// they might, or as many, without what it has tried this time. The code is in the room until it is loaded.
func (r *room) compile(f *ir.Func, isa ISA, ext Size, granules []int64, parts int, picky bool) (c *Code, fewer int, err error) {
	defer func() {
		if e := recover(); e != nil {
			u, ok := e.(unsupported)
			if !ok {
				panic(e)
			}
			err = fmt.Errorf("%w: %s", ErrUnsupported, string(u))
		}
	}()
	l := &lower{f: f, cpu: isa.backend(), granules: granules, geo: newGeometry(isa, ext, parts), lay: newLayout(len(f.Mems), f.NumInstrs()),
		useVec: make([]bool, len(f.Values)), used: make([]bool, len(f.Values)), bases: map[int32]vreg{}}
	r.give(l)
	defer r.take(l)
	l.check()
	least := minParts(f, l.geo.v)
	if l.geo.single && l.waiting {
		l.straight = true
		l.words = l.newWords()
	}
	shapes := shape.Config{Group: &l.geo, Lanewise: l.grouped(), Old: &r.shapes[0]}
	if shapes.Lanewise || l.straight {
		l.once, shapes.Common = findAlike(f, &l.geo)
	}
	l.sh = shape.Of(f, shapes)
	files, fileOf := l.cpu.files()
	registers := len(files[fileOf[vector]].regs)
	if few, ok := l.partsFor(registers); picky && ok {
		switch few = max(few, least); {
		case few == parts:
		case l.straight || l.grouped():
			return nil, few, nil
		default:
			parts = few
			l.geo = newGeometry(isa, ext, parts)
			l.sh = shape.Of(f, shapes)
		}
		picky = false
	}
	l.wantVectors()
	l.findSplits(nil)
	if picky {
		if most, lacking := l.foresee(registers); lacking {
			return nil, fewerParts(parts, most, registers), nil
		}
	}
	l.findStreams()
	l.kernel()
	if l.straight {
		l.delay()
	}
	if l.slides {
		l.sinkSlides()
	}
	l.sweep()
	l.lay.slotsAt = l.lay.cell(l.lay.cells)
	l.lay.setRegisters(files, fileOf)
	spills, most := l.allocate(files, fileOf)
	if spills > 0 && l.slides {
		r.plain = true
		return nil, parts, nil
	}
	if picky && (spills > 0 || l.straight && least > 1 && l.crowded()) {
		return nil, fewerParts(parts, most, registers), nil
	}
	code, start, resume, err := l.cpu.assemble(l)
	if err != nil {
		return nil, 0, err
	}
	c = &Code{ISA: isa, Lanes: l.geo.v, Parts: parts, Mems: len(f.Mems), Sites: l.sites, Size: len(code), Spills: spills,
		start: start, resume: resume, lay: l.lay, Streams: l.streams, Reads: l.reads, Kept: l.kept, bytes: int(l.lay.arraysAt()+l.lay.arrays) + 64, wideMasks: l.cpu.wideMasks()}
	c.consts = l.consts
	c.Writes = l.written
	c.Resources = l.lay.resources
	for _, x := range l.lay.limits {
		c.Limits = append(c.Limits, Limit{x.mem, x.limitKey, x.off})
	}
	c.exec = &exec.Code{}
	c.code = code
	return c, 0, nil
}

// fewerParts is how many parts may do with so many registers, if this many have so
// many vectors alive at a time.
func fewerParts(parts, most, registers int) int {
	fewer := parts / 2
	for fewer > 1 && most*fewer/parts > registers {
		fewer /= 2
	}
	return fewer
}

func (c *Code) load() error {
	e, err := exec.New(c.code)
	if err != nil {
		return err
	}
	c.exec, c.code = e, nil
	return nil
}

// Free gives the code's memory back. It must not be running.
func (c *Code) Free() { c.exec.Free() }

// A Context is the memory that code runs with: see layout. It must be used by
// one goroutine at a time.
type Context struct {
	code *Code
	mem  []byte // aligned to 64 bytes
	root []byte // keeps it alive
}

// NewContext returns a context for c.
func (c *Code) NewContext() *Context {
	root := make([]byte, c.bytes+64)
	off := -int(uintptr(unsafe.Pointer(unsafe.SliceData(root)))) & 63
	return &Context{code: c, root: root, mem: root[off : off+c.bytes]}
}

func (c *Context) word(off int32) *uint64 {
	return (*uint64)(unsafe.Pointer(&c.mem[off : off+8][0]))
}

// cell returns cell i of an operand or result, of which no more than is in use may
// be there.
func (c *Context) cell(o *Operand, i int) []byte {
	at := o.at[i]
	if at < 0 {
		return c.code.consts[-at]
	}
	return c.mem[at : at+64]
}

// SetBuiltin sets a builtin that is the same for all threads, or the base of
// the position in the grid.
func (c *Context) SetBuiltin(b ir.Builtin, x uint32) { *c.word(c.code.lay.builtin(b)) = uint64(x) }

// Builtin returns what SetBuiltin has set, or the code since.
func (c *Context) Builtin(b ir.Builtin) uint32 { return uint32(*c.word(c.code.lay.builtin(b))) }

// SetMemory sets where memory i is. The caller must keep it alive.
func (c *Context) SetMemory(i int, p unsafe.Pointer, n int64) {
	*c.word(c.code.lay.mem(i)) = uint64(uintptr(p))
	for j := range c.code.Limits {
		if l := &c.code.Limits[j]; l.Mem == i {
			*c.word(l.off) = l.Value(n)
		}
	}
}

// SetShared tells where threadgroup memory is that the code clears for every
// group, and how many bytes of it, a multiple of 64. The caller must keep it
// alive.
func (c *Context) SetShared(p unsafe.Pointer, n int) {
	*c.word(wordShared) = uint64(uintptr(p))
	*c.word(wordCleared) = uint64(n)
}

// SetResource sets the ID of a texture or sampler of Code.Resources.
func (c *Context) SetResource(r *Resource, id uint64) { *c.word(r.off) = id }

// SetStride tells how many lanes thread memory has room for.
func (c *Context) SetStride(lanes int) { *c.word(wordStride) = uint64(lanes) }

// SetPositions sets the positions of the lanes of a group.
func (c *Context) SetPositions(ext Size) {
	i := 0
	for z := range ext.Z {
		for y := range ext.Y {
			for x := range ext.X {
				for d, v := range [3]uint32{x, y, z} {
					*(*uint32)(unsafe.Pointer(&c.mem[int(c.code.lay.table(d))+4*i])) = v
				}
				i++
			}
		}
	}
	*c.word(wordLanes) = uint64(i)
}

// SetRow tells how many groups to run after the first, and how far apart they
// are in the grid.
func (c *Context) SetRow(more uint64, step uint32) {
	*c.word(wordGroups) = more
	*c.word(wordStepX) = uint64(step)
}

// SetFuel tells how much work to do before the code returns: an instruction is
// about one unit.
func (c *Context) SetFuel(n int64) { *c.word(wordFuel) = uint64(n) }

// Fuel returns how much is left.
func (c *Context) Fuel() int64 { return int64(*c.word(wordFuel)) }

// Start runs the code from its beginning, and Resume from where it has
// returned; they return the site where it has returned.
func (c *Context) Start() *Site {
	c.code.exec.Enter(c.code.start, unsafe.Pointer(&c.mem[0]))
	return c.code.Sites[*c.word(wordSite)]
}

func (c *Context) Resume() *Site {
	c.code.exec.Enter(c.code.resume, unsafe.Pointer(&c.mem[0]))
	return c.code.Sites[*c.word(wordSite)]
}

// Lane returns the number of lane i of part p of the chunk that is at a site.
func (c *Context) Lane(p, i int) int { return int(*c.word(wordLane)) + p*c.code.Lanes + i }
