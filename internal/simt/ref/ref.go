// Package ref runs kernels one thread at a time, slowly and plainly, each
// operation by ir.Eval. It is what package simt's engines are tested against.
//
// Every thread is a coroutine that stops before each operation that touches
// memory or other threads. Of all the places where threads have stopped, the
// first in the order of the program goes on: its threads do that operation, in
// order of their index. So threads part and meet as structured control flow has
// it, and even programs with races have one result, the one that an engine
// gives that runs the lanes of a threadgroup in step, and the threadgroups one
// after the other.
package ref

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// ErrSteps is returned for a kernel that runs very long.
var ErrSteps = errors.New("ref: too many steps")

// maxSteps is how many instructions the threads of a group may do, together.
const maxSteps = 50_000_000

// Run runs f, which must be verified and whose mathematical functions must have
// been expanded, over the grid of l. It ignores l's Program, Timeout, Stop and
// Workers. It returns the first fault.
func Run(f *ir.Func, l *simt.Launch) (*simt.Fault, error) { return run(f, l, nil) }

func run(f *ir.Func, l *simt.Launch, races *raceDetector) (*simt.Fault, error) {
	groups := simt.Size{X: ceil(l.Grid.X, l.Group.X), Y: ceil(l.Grid.Y, l.Group.Y), Z: ceil(l.Grid.Z, l.Group.Z)}
	for z := range groups.Z {
		for y := range groups.Y {
			for x := range groups.X {
				g := group{f: f, l: l, groups: groups, pos: simt.Size{X: x, Y: y, Z: z}, races: races}
				if err := g.run(); err != nil {
					return nil, err
				}
				if g.fault != nil {
					return g.fault, nil
				}
			}
		}
	}
	return nil, nil
}

func ceil(a, b uint32) uint32 { return uint32((uint64(a) + uint64(b) - 1) / uint64(b)) }

// A group is a threadgroup.
type group struct {
	f      *ir.Func
	l      *simt.Launch
	groups simt.Size
	pos    simt.Size
	ext    simt.Size
	shared [][]byte // of threadgroup memories, by index of the Mem
	steps  int
	fault  *simt.Fault
	races  *raceDetector // nil if none is wanted
}

// A thread is one thread; stopped, it waits before operation at.
type thread struct {
	g     *group
	index int
	local simt.Size
	vals  []uint64
	vars  []uint64
	own   [][]byte // thread memories, by index of the Mem
	path  []int    // where it is: index and turn (or arm) of every enclosing region, then the index
	at    *ir.Instr
	co    *coroutine // nil at its end
	quit  bool       // it is to end where it has stopped

	barriers [2]int // passed, of the threadgroup and of the SIMD group
}

// A leaving tells where control goes at the end of a region.
type leaving struct {
	op    ir.Op // OpYield, OpBreak or OpContinue
	depth int64
	vals  []uint64
}

var errStop = errors.New("stop")

func (g *group) run() error {
	l := g.l
	g.ext = simt.Size{X: min(l.Group.X, l.Grid.X-g.pos.X*l.Group.X), Y: min(l.Group.Y, l.Grid.Y-g.pos.Y*l.Group.Y), Z: min(l.Group.Z, l.Grid.Z-g.pos.Z*l.Group.Z)}
	g.shared = make([][]byte, len(g.f.Mems))
	for i, m := range g.f.Mems {
		switch m.Kind {
		case ir.MemThreadgroup:
			g.shared[i] = make([]byte, m.Size)
		case ir.MemThreadgroupArg:
			g.shared[i] = make([]byte, l.Mems[i].Len)
		}
	}
	var threads []*thread
	for z := range g.ext.Z {
		for y := range g.ext.Y {
			for x := range g.ext.X {
				t := &thread{g: g, index: len(threads), local: simt.Size{X: x, Y: y, Z: z}, vals: make([]uint64, len(g.f.Values)), vars: make([]uint64, len(g.f.Vars)), own: make([][]byte, len(g.f.Mems))}
				for i, m := range g.f.Mems {
					if m.Kind == ir.MemThread {
						t.own[i] = make([]byte, m.Size)
					}
				}
				threads = append(threads, t)
			}
		}
	}
	for _, t := range threads {
		defer t.end()
		t.start()
	}
	for g.fault == nil {
		if g.steps > maxSteps {
			return ErrSteps
		}
		var now []*thread // those that have stopped first in program order
		for _, t := range threads {
			if t.at == nil {
				continue
			}
			c := 0
			if len(now) > 0 {
				c = slices.Compare(t.path, now[0].path)
			}
			if c < 0 {
				now = now[:0]
			}
			if c <= 0 {
				now = append(now, t)
			}
		}
		if len(now) == 0 {
			return nil
		}
		g.together(now)
		if g.fault != nil {
			return nil
		}
		for _, t := range now {
			t.goOn()
		}
	}
	return nil
}

// run runs the thread; it stops before every operation that others may see.
func (t *thread) run() {
	defer func() {
		if e := recover(); e != nil && e != errStop {
			panic(e)
		}
	}()
	t.block(t.g.f.Body)
}

func (t *thread) block(b *ir.Block) leaving {
	t.path = append(t.path, 0)
	here := len(t.path) - 1
	defer func() { t.path = t.path[:here] }()
	for i, in := range b.Code {
		t.path[here] = i
		if t.g.steps++; t.g.steps > maxSteps {
			panic(errStop)
		}
		switch info := in.Op.Info(); {
		case info.Class == ir.Term:
			return leaving{in.Op, in.Imm, t.args(in)}
		case info.Class == ir.Control:
			if l, out := t.control(in); out {
				return l
			}
		case in.Op == ir.OpVarGet:
			t.vals[in.Out] = t.vars[in.Imm]
		case in.Op == ir.OpVarSet:
			t.vars[in.Imm] = t.vals[in.Args[0]]
		case info.Class == ir.Pure, info.Class == ir.Input:
			t.vals[in.Out] = t.pure(in)
		case in.Op == ir.OpBarrier:
			t.barriers[in.Imm&1]++
		case in.Op == ir.OpFence:
		default:
			t.at = in
			t.stop()
		}
	}
	panic(fmt.Sprintf("ref: region of %s without terminator", t.g.f.Name))
}

func (t *thread) args(in *ir.Instr) []uint64 {
	vals := make([]uint64, len(in.Args))
	for i, v := range in.Args {
		vals[i] = t.vals[v]
	}
	return vals
}

func (t *thread) set(to []ir.Value, vals []uint64) {
	for i, v := range to {
		t.vals[v] = vals[i]
	}
}

// control runs an If, Block or Loop. It reports true if the enclosing region
// ends with it, and how.
func (t *thread) control(in *ir.Instr) (leaving, bool) {
	t.path = append(t.path, 0)
	here := len(t.path) - 1
	defer func() { t.path = t.path[:here] }()
	switch in.Op {
	case ir.OpIf:
		arm := 0
		if t.vals[in.Args[0]] == 0 {
			arm = 1
		}
		t.path[here] = arm
		l := t.block(in.Body[arm])
		if l.op == ir.OpYield {
			t.set(in.Outs, l.vals)
			return l, false
		}
		return l, true
	case ir.OpBlock:
		l := t.block(in.Body[0])
		return t.leave(in, l)
	}
	t.set(in.Body[0].Params, t.args(in))
	for {
		l := t.block(in.Body[0])
		if l.op == ir.OpContinue && l.depth == 0 {
			t.set(in.Body[0].Params, l.vals)
			t.path[here]++
			continue
		}
		return t.leave(in, l)
	}
}

// leave ends a Block or Loop that l leaves.
func (t *thread) leave(in *ir.Instr, l leaving) (leaving, bool) {
	if l.op == ir.OpYield || l.op == ir.OpBreak && l.depth == 0 {
		t.set(in.Outs, l.vals)
		return l, false
	}
	l.depth--
	return l, true
}

// pure computes an operation that depends on its arguments and the thread.
func (t *thread) pure(in *ir.Instr) uint64 {
	var a [3]uint64
	for i, v := range in.Args {
		a[i] = t.vals[v]
	}
	switch in.Op {
	case ir.OpConst:
		return uint64(in.Imm) & ir.Mask(in.Type)
	case ir.OpBuiltin:
		return uint64(t.builtin(ir.Builtin(in.Imm)))
	case ir.OpMem:
		return uint64(in.Imm) + 1
	case ir.OpTexture, ir.OpSampler:
		return t.resource(in)
	case ir.OpTexQuery:
		return t.query(in)
	case ir.OpAddr:
		return t.g.base(a[0]) + a[1] + uint64(in.Imm)
	case ir.OpResolveRef:
		ref, _ := t.g.resolve(a[0])
		return ref
	case ir.OpResolveOffset:
		_, off := t.g.resolve(a[0])
		return off
	}
	var from ir.Type
	if len(in.Args) > 0 {
		from = t.g.f.TypeOf(in.Args[0])
	}
	r, ok := ir.Eval(in.Op, in.Type, from, a[0], a[1], a[2])
	if !ok {
		panic(fmt.Sprintf("ref: cannot evaluate %s", in.Op))
	}
	return r
}

// builtin returns what the launch tells this thread.
func (t *thread) builtin(b ir.Builtin) uint32 {
	g, l := t.g, t.g.l
	dim := func(s simt.Size, first ir.Builtin) uint32 { return [3]uint32{s.X, s.Y, s.Z}[b-first] }
	per := func(n, w uint32) uint32 { return (n + w - 1) / w }
	index := uint32(t.index)
	size, asked := uint32(g.ext.Volume()), uint32(l.Group.Volume())
	switch {
	case b <= ir.ThreadPositionInGridZ:
		return dim(g.pos, 0)*dim(l.Group, 0) + dim(t.local, 0)
	case b <= ir.ThreadPositionInThreadgroupZ:
		return dim(t.local, ir.ThreadPositionInThreadgroupX)
	case b <= ir.ThreadgroupPositionInGridZ:
		return dim(g.pos, ir.ThreadgroupPositionInGridX)
	case b <= ir.ThreadsPerThreadgroupZ:
		return dim(g.ext, ir.ThreadsPerThreadgroupX)
	case b <= ir.DispatchThreadsPerThreadgroupZ:
		return dim(l.Group, ir.DispatchThreadsPerThreadgroupX)
	case b <= ir.ThreadsPerGridZ:
		return dim(l.Grid, ir.ThreadsPerGridX)
	case b <= ir.ThreadgroupsPerGridZ:
		return dim(g.groups, ir.ThreadgroupsPerGridX)
	}
	switch b {
	case ir.ThreadIndexInThreadgroup:
		return index
	case ir.ThreadIndexInSimdgroup:
		return index % 32
	case ir.SimdgroupIndexInThreadgroup:
		return index / 32
	case ir.ThreadsPerSimdgroup:
		return 32
	case ir.SimdgroupsPerThreadgroup:
		return per(size, 32)
	case ir.DispatchSimdgroupsPerThreadgroup:
		return per(asked, 32)
	case ir.ThreadIndexInQuadgroup:
		return index % 4
	case ir.QuadgroupIndexInThreadgroup:
		return index / 4
	case ir.QuadgroupsPerThreadgroup:
		return per(size, 4)
	case ir.DispatchQuadgroupsPerThreadgroup:
		return per(asked, 4)
	}
	panic(fmt.Sprintf("ref: no builtin %d", b))
}
