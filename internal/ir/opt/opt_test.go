package opt_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
)

// machine runs a kernel for one thread, by definition and not by the passes'
// means: the oracle of this package's tests.
type machine struct {
	f      *ir.Func
	values []uint64
	vars   []uint64
	mem    []uint64 // words of the one buffer
	fuel   int
}

// exit tells how a region ended: by Yield (depth -1), by a Break or by a
// Continue, and with what values.
type exit struct {
	op    ir.Op
	depth int64
	vals  []uint64
}

type outOfFuel struct{}

func run(f *ir.Func, mem []uint64) (out []uint64, ended bool) {
	m := &machine{f: f, values: make([]uint64, len(f.Values)), vars: make([]uint64, len(f.Vars)), mem: append([]uint64{}, mem...), fuel: 20_000}
	defer func() {
		if e := recover(); e != nil {
			if _, ok := e.(outOfFuel); !ok {
				panic(e)
			}
			out, ended = m.mem, false
		}
	}()
	m.block(f.Body)
	return m.mem, true
}

func (m *machine) args(in *ir.Instr) []uint64 {
	out := make([]uint64, len(in.Args))
	for i, a := range in.Args {
		out[i] = m.values[a]
	}
	return out
}

func (m *machine) block(b *ir.Block) exit {
	for _, in := range b.Code {
		if m.fuel--; m.fuel < 0 {
			panic(outOfFuel{})
		}
		a := m.args(in)
		switch in.Op {
		case ir.OpConst:
			m.values[in.Out] = uint64(in.Imm)
		case ir.OpMem, ir.OpBuiltin:
		case ir.OpVarGet:
			m.values[in.Out] = m.vars[in.Imm]
		case ir.OpVarSet:
			m.vars[in.Imm] = a[0]
		case ir.OpLoad:
			m.values[in.Out] = m.mem[(a[1]+uint64(in.Imm))%uint64(len(m.mem))] & ir.Mask(in.Type)
		case ir.OpStore:
			m.mem[(a[1]+uint64(in.Imm))%uint64(len(m.mem))] = a[2]
		case ir.OpYield, ir.OpBreak, ir.OpContinue:
			return exit{in.Op, in.Imm, a}
		case ir.OpIf:
			arm := in.Body[1]
			if a[0] != 0 {
				arm = in.Body[0]
			}
			e := m.block(arm)
			if e.op != ir.OpYield {
				return e
			}
			m.results(in, e.vals)
		case ir.OpBlock, ir.OpLoop:
			for i, p := range in.Body[0].Params {
				m.values[p] = a[i]
			}
			again := true
			for again {
				again = false
				e := m.block(in.Body[0])
				switch {
				case e.op == ir.OpYield:
					m.results(in, e.vals)
				case e.depth > 0:
					e.depth--
					return e
				case e.op == ir.OpBreak:
					m.results(in, e.vals)
				default:
					for i, p := range in.Body[0].Params {
						m.values[p] = e.vals[i]
					}
					again = true
					if m.fuel--; m.fuel < 0 {
						panic(outOfFuel{})
					}
				}
			}
		default:
			var c [3]uint64
			copy(c[:], a)
			r, ok := ir.Eval(in.Op, in.Type, m.f.TypeOf(in.Args[0]), c[0], c[1], c[2])
			if !ok {
				panic(fmt.Sprint("the oracle does not know ", in.Op))
			}
			m.values[in.Out] = r
		}
	}
	panic("no terminator")
}

func (m *machine) results(in *ir.Instr, vals []uint64) {
	for i, v := range in.Outs {
		m.values[v] = vals[i]
	}
}

// generator makes random kernels over I32 Vars and one buffer.
type generator struct {
	*rand.Rand
	b      *ir.Builder
	ref    ir.Value
	vars   int
	labels []label
	budget int
}

type label struct {
	l    ir.Label
	loop bool
}

func generate(seed uint64) *ir.Func {
	f := ir.NewFunc("random")
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), b: ir.NewBuilder(f), vars: 4, budget: 60}
	g.ref = g.b.Mem(ir.Mem{Name: "m", Space: ir.Device, Size: 64})
	for range g.vars {
		g.b.Var(ir.I32, "v")
	}
	g.statements(6)
	for i := range g.vars {
		g.b.Store(ir.Device, ir.I32, g.ref, g.b.I64(int64(i)), 0, g.b.Get(i))
	}
	g.b.Finish()
	return f
}

func (g *generator) value() ir.Value {
	switch g.IntN(6) {
	case 0:
		return g.b.I32(int32(g.IntN(4)))
	case 1:
		return g.b.Load(ir.Device, ir.I32, g.ref, g.b.Emit(ir.OpZExt, ir.I64, g.b.Get(g.IntN(g.vars))), 3)
	case 2, 3:
		ops := []ir.Op{ir.OpAdd, ir.OpSub, ir.OpMul, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpShl, ir.OpSDiv, ir.OpSMin, ir.OpURem}
		return g.b.Emit(ops[g.IntN(len(ops))], ir.I32, g.value(), g.value())
	}
	return g.b.Get(g.IntN(g.vars))
}

func (g *generator) cond() ir.Value {
	ops := []ir.Op{ir.OpEq, ir.OpNe, ir.OpULt, ir.OpSLe}
	return g.b.Emit(ops[g.IntN(len(ops))], ir.Bool, g.value(), g.value())
}

func (g *generator) statements(n int) {
	for range 1 + g.IntN(n) {
		if g.budget--; g.budget < 0 {
			return
		}
		g.statement()
	}
}

func (g *generator) statement() {
	switch g.IntN(9) {
	case 0, 1, 2, 3:
		g.b.Set(g.IntN(g.vars), g.value())
	case 4:
		g.b.Store(ir.Device, ir.I32, g.ref, g.b.Emit(ir.OpZExt, ir.I64, g.value()), 8, g.value())
	case 5:
		var els func()
		if g.IntN(2) == 0 {
			els = func() { g.statements(3) }
		}
		g.b.If(g.cond(), func() { g.statements(3) }, els)
	case 6:
		g.b.Block(func(l ir.Label) {
			g.labels = append(g.labels, label{l, false})
			g.statements(4)
			g.labels = g.labels[:len(g.labels)-1]
		})
	case 7:
		g.b.Loop(func(l ir.Label) {
			g.labels = append(g.labels, label{l, true})
			g.statements(4)
			g.b.If(g.cond(), func() { g.b.Break(l) }, nil)
			g.labels = g.labels[:len(g.labels)-1]
		})
	case 8:
		if len(g.labels) == 0 {
			return
		}
		to := g.labels[g.IntN(len(g.labels))]
		leave := func() {
			if to.loop && g.IntN(2) == 0 {
				g.b.Continue(to.l)
			} else {
				g.b.Break(to.l)
			}
		}
		if g.IntN(3) == 0 {
			leave()
		} else {
			g.b.If(g.cond(), leave, nil)
		}
	}
}

func checkSeed(t *testing.T, seed uint64) {
	f := generate(seed)
	require.NoError(t, ir.Verify(f), "seed %d: %s", seed, f)
	start := f.String()
	mem := make([]uint64, 16)
	for i := range mem {
		mem[i] = uint64(uint32(i * int(seed%5)))
	}
	want, ended := run(f, mem)
	for _, p := range opt.Passes {
		before := f.String()
		p.Run(f)
		if err := ir.Verify(f); err != nil {
			t.Fatalf("seed %d: after %s: %v\nbefore:\n%s\nafter:\n%s", seed, p.Name, err, before, f)
		}
		got, end := run(f, mem)
		if !ended || !end {
			continue // one of them ran out of fuel
		}
		require.Equal(t, want, got, "seed %d: after %s\nstart:\n%s\nbefore:\n%s\nafter:\n%s", seed, p.Name, start, before, f)
	}
	back, err := ir.Parse(f.String())
	require.NoError(t, err, "%s", f)
	require.Equal(t, f.String(), back.String())
}

func TestPassesKeepMeaning(t *testing.T) {
	for seed := range uint64(700) {
		checkSeed(t, seed)
	}
}

func FuzzPasses(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { checkSeed(t, seed) })
}
