package simt

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
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
	switch os.Getenv("ARUMINIUM_ENGINE") {
	case "jit":
		e.Store(int32(Native))
	case "interp":
		e.Store(int32(Interpreter))
	default:
		e.Store(int32(Auto))
	}
	return &e
})

// A native is the machine code of a program.
type native struct {
	f        *ir.Func
	mu       sync.Mutex
	variants atomic.Pointer[[]*variant]
}

// A variant is code for groups of one extent.
type variant struct {
	ext   Size
	code  *jit.Code // nil if there is none
	why   error     // why not
	insts []inst    // by site, what the interpreter needs to know
}

// maxVariants is for how many extents a program is compiled; more are rare.
const maxVariants = 16

// nativeISA is a test's choice of instructions.
var nativeISA atomic.Pointer[jit.ISA]

// nativeParts is a test's choice of vectors to a chunk.
var nativeParts atomic.Int32

// variant returns the code for groups of extent ext, or nil.
func (p *Program) variant(ext Size) *variant {
	if Engine(engine().Load()) != Native || p.textured {
		return nil
	}
	n := &p.native
	if vs := n.variants.Load(); vs != nil {
		for _, v := range *vs {
			if v.ext == ext {
				if v.code == nil {
					return nil
				}
				return v
			}
		}
		if len(*vs) >= maxVariants {
			return nil
		}
	}
	return p.compileFor(ext)
}

func (p *Program) compileFor(ext Size) *variant {
	n := &p.native
	n.mu.Lock()
	defer n.mu.Unlock()
	var old []*variant
	if vs := n.variants.Load(); vs != nil {
		old = *vs
		for _, v := range old {
			if v.ext == ext {
				return v.orNil()
			}
		}
	}
	isa, ok := jit.Best()
	if !ok {
		return nil
	}
	v := &variant{ext: ext}
	size := jit.Size{X: ext.X, Y: ext.Y, Z: ext.Z}
	if forced := nativeISA.Load(); forced != nil {
		isa = *forced
	} else if isa == jit.AVX512 && ext.X%16 != 0 && ext.X%8 == 0 && ext.Y*ext.Z > 1 {
		isa = jit.AVX512x256
	}
	if parts := nativeParts.Load(); parts > 0 {
		v.code, v.why = jit.CompileParts(n.f, isa, size, int(parts))
	} else {
		v.code, v.why = jit.Compile(n.f, isa, size)
	}
	if v.why == nil {
		runtime.AddCleanup(p, (*jit.Code).Free, v.code)
		for _, s := range v.code.Sites {
			x := inst{d: -1}
			if in := s.Instr; in != nil {
				x = inst{op: in.Op, t: in.Type, imm: in.Imm, imm2: in.Imm2, size: int64(in.Type.Size()), src: in, d: -1}
			}
			v.insts = append(v.insts, x)
		}
	} else {
		v.code = nil
	}
	vs := append(append([]*variant(nil), old...), v)
	n.variants.Store(&vs)
	return v.orNil()
}

func (v *variant) orNil() *variant {
	if v.code == nil {
		return nil
	}
	return v
}

// Native tells which extents of threadgroups the program has machine code for,
// or why not.
func (p *Program) Native() (why []error, compiled int) {
	if vs := p.native.variants.Load(); vs != nil {
		for _, v := range *vs {
			if v.code != nil {
				compiled++
			} else {
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
	pool []pooled
}

type pooled struct {
	v   *variant
	ctx *jit.Context
}

// unitsPerFuel is how much work of machine code is a unit of fuel.
const unitsPerFuel = 4

// runGroups runs threadgroup g and perhaps some after it, all below end, and
// returns the first it has not run. If m.faulted, m.index is the group that
// has.
func (m *machine) runGroups(g, end uint64) uint64 {
	ext := m.position(g)
	v := m.p.variant(ext)
	if v == nil {
		m.runGroup(g)
		return g + 1
	}
	if ext != m.ext {
		m.reshape(ext)
	}
	m.dead, m.timed, m.loop = false, false, nil
	clear(m.shared)
	m.enter(v)
	c := m.native.ctx
	more := uint64(0)
	if len(m.shared) == 0 {
		// The rest of the row, but for a group at the edge.
		more = min(end-g, uint64(m.job.groups.X-m.pos.X)) - 1
		if more > 0 && m.l.Grid.X%m.l.Group.X != 0 && uint64(m.pos.X)+more == uint64(m.job.groups.X-1) {
			more--
		}
	}
	c.SetRow(more, m.l.Group.X)
	m.setBuiltins(c)
	c.SetFuel(m.fuel * unitsPerFuel)
	s := c.Start()
	for s.Kind != jit.SiteDone {
		if s.Kind == jit.SiteFuel {
			m.loop = s.Loop
			m.whereabouts(c, g)
			m.fuel = -1
			m.poll()
			c.SetFuel(m.fuel * unitsPerFuel)
		} else {
			m.do(c, s, g)
		}
		if m.dead {
			m.whereabouts(c, g)
			return m.index + 1
		}
		s = c.Resume()
	}
	m.fuel = c.Fuel() / unitsPerFuel
	return g + more + 1
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
	for i := range m.p.mems {
		mem := &m.mems[i+1]
		n.ctx.SetMemory(i, mem.p, mem.n)
	}
	// What is the same in all groups of a launch.
	for b := ir.ThreadsPerThreadgroupX; b <= ir.DispatchQuadgroupsPerThreadgroup; b++ {
		if u, _, ok := m.builtinValue(b); ok {
			n.ctx.SetBuiltin(b, u)
		}
	}
}

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
func (n *nativeState) leave() { n.v, n.ctx = nil, nil }
