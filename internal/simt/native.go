package simt

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/cpuid"
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
	"github.com/aruminium-go/aruminium/internal/simt/jit/exec"
)

// The tier of machine code. A program is compiled for every extent its
// threadgroups have, when first wanted; groups for which there is no code are
// run by the interpreter.

// An Engine is a choice between the tiers.
type Engine int32

const (
	Auto        Engine = iota // machine code where it pays
	Interpreter               // no machine code
	Native                    // machine code wherever there can be some
)

// engine is what the environment variable ARUMINIUM_ENGINE says: interp, jit
// or auto.
var engine = sync.OnceValue(func() *atomic.Int32 {
	var e atomic.Int32
	switch os.Getenv(EngineVariable) {
	case "jit":
		e.Store(int32(Native))
	case "interp":
		e.Store(int32(Interpreter))
	default:
		e.Store(int32(Auto))
	}
	return &e
})

// engine is the choice for the launch.
func (m *machine) engine() Engine {
	if e := m.l.Engine; e != Auto {
		return e
	}
	return Engine(engine().Load())
}

// A native is the machine code of a program.
type native struct {
	f        *ir.Func
	price    int64 // what compiling costs, in fuel
	mu       sync.Mutex
	variants atomic.Pointer[[]*variant]
	specials atomic.Pointer[[]*special]
}

// A variant is code for groups of one extent, and perhaps for some textures.
type variant struct {
	ext   Size
	tex   *special     // nil if it is for all textures
	state atomic.Int32 // cold, then hopeless or ready
	spent atomic.Int64 // fuel that the interpreter has used on such groups
	trial trial
	mu    sync.Mutex // held by who compiles
	code  *jit.Code
	why   error  // why there is none
	insts []inst // by site, what the interpreter needs to know
}

const (
	cold = iota
	hopeless
	ready
)

// maxVariants is for how many extents, and combinations of textures, a program is
// compiled; more are rare.
const maxVariants = 64

// Choices of tests, see Force: the instructions, the vectors of a chunk, the fuel
// from one return of the code to the next, and from how many bytes on stores go
// past the caches.
var (
	nativeISA    atomic.Pointer[jit.ISA]
	nativeParts  atomic.Int32
	nativeFuel   atomic.Int64
	nativeStream atomic.Int64 // see streamFrom
)

// Compiling takes about so long, in nanoseconds, for a kernel and for each of
// its instructions. The interpreter runs a kernel for as long before code is
// made of it: so that what is short is not compiled, and what is long takes
// at most twice that longer than it could.
const (
	priceOfKernel = 80_000
	priceOfInstr  = 1_500
)

// variant returns what is known of groups of extent ext with such textures; nil if
// nothing will be.
func (n *native) variant(ext Size, tex *special) *variant {
	vs := n.variants.Load()
	if vs != nil {
		for _, v := range *vs {
			if v.ext == ext && v.tex == tex {
				return v
			}
		}
		if len(*vs) >= maxVariants {
			return nil
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []*variant
	if vs := n.variants.Load(); vs != nil {
		for _, v := range *vs {
			if v.ext == ext && v.tex == tex {
				return v
			}
		}
		all = append(all, *vs...)
	}
	if n.price == 0 {
		n.f.Body.Walk(func(*ir.Instr) bool {
			n.price += priceOfInstr
			return true
		})
		n.price += priceOfKernel
	}
	v := &variant{ext: ext, tex: tex}
	all = append(all, v)
	n.variants.Store(&all)
	return v
}

// native returns the code for groups of extent ext, or nil if the interpreter
// is to run them.
func (m *machine) nativeFor(ext Size) *variant {
	e := m.engine()
	if e == Interpreter {
		return nil
	}
	n := &m.p.native
	v := m.native.last
	if v == nil || v.ext != ext {
		if !m.native.asked {
			m.native.tex, m.native.asked = m.p.special(m.l), true
		}
		v = n.variant(ext, m.native.tex)
		m.native.last = v
	}
	if v == nil || v.state.Load() == ready {
		return v
	}
	switch {
	case v.state.Load() == hopeless:
		return nil
	case e == Native:
		v.mu.Lock()
	case v.spent.Load() < n.price || !v.mu.TryLock(): // others go on meanwhile
		return nil
	}
	defer v.mu.Unlock()
	if v.state.Load() == cold {
		v.compile(m.p)
	}
	if v.state.Load() == ready {
		return v
	}
	return nil
}

// compile makes the code of v; v.mu is held.
func (v *variant) compile(p *Program) {
	isa, ok := jit.Best()
	if !ok {
		v.why = errors.New(exec.How())
		v.state.Store(hopeless)
		return
	}
	if forced := nativeISA.Load(); forced != nil {
		isa = *forced
	} else {
		isa = jit.Narrow(p.native.f, isa, jit.Size{X: v.ext.X, Y: v.ext.Y, Z: v.ext.Z})
	}
	if v.tex != nil {
		if f, granules := v.tex.kernel(p); f != nil {
			v.code, v.why = v.make(f, isa, granules)
		}
	}
	if v.code == nil {
		v.code, v.why = v.make(p.native.f, isa, p.granules)
	}
	if v.why != nil {
		v.code = nil
		v.state.Store(hopeless)
		return
	}
	runtime.AddCleanup(p, (*jit.Code).Free, v.code)
	for _, s := range v.code.Sites {
		x := inst{d: -1}
		if in := s.Instr; in != nil {
			x = inst{op: in.Op, t: in.Type, imm: in.Imm, imm2: in.Imm2, size: int64(in.Type.Size()), src: in, d: -1}
			if in.Op.IsTexture() {
				x.tex = p.siteStep(in)
			}
		}
		v.insts = append(v.insts, x)
	}
	v.trial.left.Store(trialRuns)
	v.state.Store(ready)
}

// make makes code of f, which is the program's kernel in some form.
func (v *variant) make(f *ir.Func, isa jit.ISA, granules []int64) (*jit.Code, error) {
	size := jit.Size{X: v.ext.X, Y: v.ext.Y, Z: v.ext.Z}
	if parts := nativeParts.Load(); parts > 0 {
		return jit.CompileParts(f, isa, size, granules, int(parts))
	}
	return jit.Compile(f, isa, size, granules)
}

// A trial compares the tiers by the clock, over the last groups that the
// interpreter runs and the first that code does. Code whose accesses are left
// to its caller, lane by lane, can be the slower one.
type trial struct {
	interpreted, native atomic.Int64 // least time of a group, in nanoseconds; 0 before the first
	left                atomic.Int32 // runs of code that are still to be timed
}

// trialRuns is how many runs of code are timed.
const trialRuns = 24

// note takes in that a group took so long.
func note(least *atomic.Int64, took time.Duration) {
	for {
		old := least.Load()
		if old != 0 && old <= int64(took) || least.CompareAndSwap(old, max(1, int64(took))) {
			return
		}
	}
}

// ran takes in that code ran so many groups in so long. After the last timed
// run code that is clearly slower than the interpreter is given up.
func (v *variant) ran(groups uint64, took time.Duration) {
	t := &v.trial
	note(&t.native, took/time.Duration(groups))
	if t.left.Add(-1) != 0 {
		return
	}
	if i, n := t.interpreted.Load(), t.native.Load(); i > 0 && n > i+i/4 {
		v.mu.Lock()
		v.why = fmt.Errorf("the interpreter is faster: %v a group, machine code %v", time.Duration(i), time.Duration(n))
		v.state.Store(hopeless)
		v.mu.Unlock()
	}
}

// Native tells which extents of threadgroups the program has machine code for,
// or why not.
func (p *Program) Native() (why []error, compiled int) {
	if vs := p.native.variants.Load(); vs != nil {
		for _, v := range *vs {
			switch v.state.Load() {
			case ready:
				compiled++
			case hopeless:
				why = append(why, v.why)
			}
		}
	}
	return why, compiled
}

// nativeState is what a machine needs to run code.
type nativeState struct {
	ctx  *jit.Context
	v    *variant
	last *variant // that was asked for

	tex   *special // of the launch's textures, once asked for
	asked bool
	pool  []pooled

	slice slice
	left  bool // groups have been left to the interpreter
}

type pooled struct {
	v   *variant
	ctx *jit.Context
}

// runGroups runs threadgroup g and perhaps some after it, all below end, and
// returns the first it has not run. If m.faulted, m.index is the group that
// has.
func (m *machine) runGroups(g, end uint64) uint64 {
	ext := m.position(g)
	v := m.nativeFor(ext)
	if v == nil {
		m.abreast = m.bestAbreast(ext)
		n := min(m.abreast, m.row(g, end))
		m.interpret(ext, int(n))
		return g + n
	}
	var begun time.Time
	timed := v.trial.left.Load() > 0 && m.engine() == Auto
	if timed {
		begun = time.Now()
	}
	m.abreast = 1
	m.reshape(ext, 1)
	m.dead, m.timed, m.loop = false, false, nil
	m.enter(v)
	c := m.native.ctx
	more := m.row(g, end) - 1
	c.SetRow(more, m.l.Group.X)
	m.setBuiltins(c)
	m.fill(c)
	s := c.Start()
	for s.Kind != jit.SiteDone {
		if s.Kind == jit.SiteFuel {
			m.loop = s.Loop
			before := m.index
			if m.whereabouts(c, g); m.index != before {
				m.timed = false // the limit is for each group
			}
			m.rest(c)
		} else {
			m.do(c, s, g)
		}
		if m.dead {
			m.whereabouts(c, g)
			return m.index + 1
		}
		s = c.Resume()
	}
	m.drain(c)
	if timed {
		v.ran(more+1, time.Since(begun))
	}
	return g + more + 1
}

// interpret runs n threadgroups on the interpreter, the first of them at m's position, and times
// them if code is soon to be made for groups like them.
func (m *machine) interpret(ext Size, n int) {
	m.native.slice.begun, m.native.left = time.Time{}, true
	before := m.used()
	v := m.native.last
	if v == nil || v.state.Load() != cold || v.spent.Load() < m.p.native.price/2 {
		m.runGroup(ext, n)
	} else {
		begun := time.Now()
		m.runGroup(ext, n)
		note(&v.trial.interpreted, time.Since(begun)/time.Duration(n))
	}
	if v != nil {
		v.spent.Add(m.used() - before)
	}
}

// position makes g the machine's group and returns its extent.
func (m *machine) position(g uint64) Size {
	l, j := m.l, m.job
	m.index = g
	m.pos.X = uint32(g % uint64(j.groups.X))
	g /= uint64(j.groups.X)
	m.pos.Y = uint32(g % uint64(j.groups.Y))
	m.pos.Z = uint32(g / uint64(j.groups.Y))
	return Size{
		min(l.Group.X, l.Grid.X-m.pos.X*l.Group.X),
		min(l.Group.Y, l.Grid.Y-m.pos.Y*l.Group.Y),
		min(l.Group.Z, l.Grid.Z-m.pos.Z*l.Group.Z),
	}
}

// whereabouts finds which group of the row that begins with first is running.
func (m *machine) whereabouts(c *jit.Context, first uint64) {
	x := c.Builtin(ir.ThreadgroupPositionInGridX)
	m.index = first - first%uint64(m.job.groups.X) + uint64(x)
	m.pos.X = x
}

// streamFrom is how many bytes a launch must go through for what it writes to go past
// the caches: as many as they hold.
func streamFrom() int64 {
	if n := nativeStream.Load(); n > 0 {
		return n
	}
	if n := cpuid.Cache(); n > 0 {
		return n
	}
	return 32 << 20
}

// enter makes v's context the current one.
func (m *machine) enter(v *variant) {
	n := &m.native
	if n.v == v {
		return
	}
	n.v, n.ctx = v, nil
	for _, p := range n.pool {
		if p.v == v {
			n.ctx = p.ctx
		}
	}
	if n.ctx == nil {
		n.ctx = v.code.NewContext()
		n.pool = append(n.pool, pooled{v, n.ctx})
		n.ctx.SetPositions(jit.Size{X: v.ext.X, Y: v.ext.Y, Z: v.ext.Z})
	}
	if v.code.Mems > len(m.p.mems) {
		m.bindSpecial(v.tex)
	}
	n.ctx.SetStride(m.cap)
	n.ctx.SetShared(unsafe.Pointer(unsafe.SliceData(m.shared)), (len(m.shared)*8+63)&^63)
	for i := range v.code.Mems {
		mem := &m.mems[i+1]
		n.ctx.SetMemory(i, mem.p, mem.n)
	}
	m.setStreams(v.code)
	m.setKept(v.code)
	for i := range v.code.Resources {
		r := &v.code.Resources[i]
		n.ctx.SetResource(r, m.resource(r.Op, r.Index))
	}
	// What is the same in all groups of a launch.
	for b := ir.ThreadsPerThreadgroupX; b <= ir.DispatchQuadgroupsPerThreadgroup; b++ {
		if u, _, ok := m.builtinValue(b); ok {
			n.ctx.SetBuiltin(b, u)
		}
	}
}

// setStreams tells the code which memories it writes past the caches: those of which
// it writes much, if with what it reads it goes through more than the caches hold.
func (m *machine) setStreams(code *jit.Code) {
	if len(code.Streams) == 0 {
		return
	}
	threads := int64(m.l.Grid.X) * int64(m.l.Grid.Y) * int64(m.l.Grid.Z)
	of := func(t *jit.Traffic) int64 { return t.Of(threads, m.mems[t.Mem+1].n) }
	all, from := int64(0), streamFrom()
	for i := range code.Reads {
		all += of(&code.Reads[i])
	}
	for i := range code.Streams {
		all += of(&code.Streams[i].Traffic)
	}
	for i := range code.Streams {
		s := &code.Streams[i]
		m.native.ctx.SetStream(s, all >= from && of(&s.Traffic) >= from/leastStream)
	}
}

// setKept lets the code keep what it makes of memories that nothing it writes to is
// part of.
func (m *machine) setKept(code *jit.Code) {
	for i := range code.Kept {
		k := &code.Kept[i]
		mem, may := &m.mems[k.Mem+1], true
		from := uintptr(mem.p)
		for j, written := range code.Writes {
			other := &m.mems[j+1]
			at := uintptr(other.p)
			may = may && !(written && at < from+uintptr(mem.n) && from < at+uintptr(other.n))
		}
		m.native.ctx.SetKept(k, may)
	}
}

// leastStream is how large a part of the caches a memory must be to be written past
// them.
const leastStream = 4

// setBuiltins sets what changes from group to group.
func (m *machine) setBuiltins(c *jit.Context) {
	g := &m.l.Group
	c.SetBuiltin(ir.ThreadPositionInGridX, m.pos.X*g.X)
	c.SetBuiltin(ir.ThreadPositionInGridY, m.pos.Y*g.Y)
	c.SetBuiltin(ir.ThreadPositionInGridZ, m.pos.Z*g.Z)
	c.SetBuiltin(ir.ThreadgroupPositionInGridX, m.pos.X)
	c.SetBuiltin(ir.ThreadgroupPositionInGridY, m.pos.Y)
	c.SetBuiltin(ir.ThreadgroupPositionInGridZ, m.pos.Z)
}

// leave forgets the launch.
func (n *nativeState) leave() {
	n.v, n.ctx, n.slice.begun = nil, nil, time.Time{}
	n.tex, n.asked = nil, false
	if n.last != nil && n.last.tex != nil {
		n.last = nil // the next launch may have other textures
	}
}
