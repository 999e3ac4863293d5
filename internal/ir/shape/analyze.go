package shape

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Config is what shapes depend on besides the kernel.
type Config struct {
	Group Group

	// Guess is nil, or what is taken to be so of the kernel.
	Guess Guess

	// Lanewise tells that what constructs with barriers in them carry and result
	// in is kept a lane each: if it is not uniform it varies.
	Lanewise bool

	// Common are reductions over SIMD groups that give all threads of the group
	// the same.
	Common map[*ir.Instr]bool

	// Old is nil, or what was found of another kernel and is not wanted any more: it
	// is what Of returns, anew.
	Old *Info
}

// A Guess tells what is taken to be so of a kernel, by the shapes found so far.
type Guess interface {
	// Result returns the shape of the result of an operation, if that is guessed.
	Result(s *Info, in *ir.Instr) (x Shape, ok bool)

	// Truth returns what a condition is, if that is guessed.
	Truth(s *Info, cond ir.Value) (truth, ok bool)
}

// Info tells of the values of a kernel.
type Info struct {
	Values []Shape     // by Value
	Defs   []*ir.Instr // by Value: the operation whose Out it is; nil for what constructs define
	Rounds int         // how often the kernel was looked at

	f       *ir.Func
	bounds  []Bound // by Value, as far as asked for
	assumed []assumption
	trial   []Bound // by Value, found by what is assumed, in this round
	round   int32
	flows   []Flow
	flowOf  []int32 // by Instr.ID: number in flows of a construct
	group   Group
	ragged  bool
}

// Flow returns how threads go through an If, Loop or Block, nil for what is none.
func (s *Info) Flow(in *ir.Instr) *Flow {
	if len(in.Body) == 0 {
		return nil
	}
	return &s.flows[s.flowOf[in.ID]]
}

// Constant returns the bits of v if it is a constant.
func (s *Info) Constant(v ir.Value) (bits uint64, ok bool) {
	if d := s.Defs[v]; d != nil && d.Op == ir.OpConst {
		return uint64(d.Imm) & ir.Mask(d.Type), true
	}
	return 0, false
}

// Orders reports whether a condition is the order of two integers of 32 bits that
// have one scalar each for a chunk.
func (s *Info) Orders(cond ir.Value) bool {
	d := s.Defs[cond]
	if d == nil || d.Op < ir.OpULt || d.Op > ir.OpSLe || s.f.TypeOf(d.Args[0]) != ir.I32 {
		return false
	}
	for _, v := range d.Args {
		if x := s.Values[v]; x.Kind == Unknown || x.Kind == Varying || x.Each {
			return false
		}
	}
	return true
}

// Of finds the shapes of a verified kernel. It takes time in proportion to the
// kernel's size.
//
// Values begin as unknown and only become less uniform, until nothing changes any
// more. What is unknown in the end never runs; but code is made of it, and what it
// is mixed with.
func Of(f *ir.Func, c Config) *Info {
	s := c.Old
	if s == nil {
		s = new(Info)
	}
	n := len(f.Values)
	*s = Info{f: f, group: c.Group, Values: zeros(s.Values, n), Defs: zeros(s.Defs, n), flowOf: zeros(s.flowOf, f.NumInstrs()), flows: s.flows, bounds: s.bounds[:0], trial: s.trial[:0]}
	a := analyzer{Config: c, Info: s}
	constructs := 0
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Out != ir.NoValue {
			a.Defs[in.Out] = in
		}
		if len(in.Body) > 0 {
			a.flowOf[in.ID] = int32(constructs)
			constructs++
		}
		return true
	})
	a.flows = zeros(a.flows, constructs)
	a.weighAll(f.Body)
	if c.Lanewise {
		a.findLanewise()
	}
	a.settle()
	if a.unknown(f.Body) {
		for i := range a.Values {
			if a.Values[i].Kind == Unknown {
				a.Values[i] = varying
			}
		}
		a.settle()
	}
	return a.Info
}

// zeros returns n zeros, in old if there is room.
func zeros[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	clear(old[:n])
	return old[:n]
}

// unknown reports whether the shape of anything in b is unknown.
func (s *Info) unknown(b *ir.Block) bool {
	is := func(v ir.Value) bool { return s.Values[v].Kind == Unknown }
	for _, in := range b.Code {
		if in.Out != ir.NoValue && is(in.Out) || slices.ContainsFunc(in.Outs, is) {
			return true
		}
		for _, body := range in.Body {
			if slices.ContainsFunc(body.Params, is) || s.unknown(body) {
				return true
			}
		}
	}
	return false
}

// After so many rounds what still changes in a loop is given up: kernels that
// people write take three or four.
const patience = 12

type analyzer struct {
	Config
	*Info
	lanewise []bool // by Value; nil if there are none
	stack    []*ir.Instr
	ways     []way
	settled  bool // nothing changed in this round
}

// settle looks at the whole kernel until nothing changes.
func (a *analyzer) settle() {
	for a.settled = false; !a.settled; a.Rounds++ {
		a.settled = true
		a.exits()
		a.stack = append(a.stack[:0], nil)
		a.block(a.f.Body)
	}
}

// findLanewise marks what constructs with barriers hand on.
func (a *analyzer) findLanewise() {
	a.exits()
	a.lanewise = make([]bool, len(a.f.Values))
	a.f.Body.Walk(func(in *ir.Instr) bool {
		if len(in.Body) == 0 {
			return true
		}
		if f := a.Flow(in); f.Barrier || f.Outward {
			for _, v := range in.Outs {
				a.lanewise[v] = true
			}
			for _, v := range in.Body[0].Params {
				a.lanewise[v] = true
			}
		}
		return true
	})
}

func (a *analyzer) set(v ir.Value, to Shape) {
	old := &a.Values[v]
	if old.Kind == Varying {
		return
	}
	if to.Kind == Linear && a.lanewise != nil && a.lanewise[v] {
		to = varying
	}
	if *old != to {
		*old = to
		a.settled = false
	}
}

// join makes v less uniform, to cover a value like x.
func (a *analyzer) join(v ir.Value, x Shape) {
	old := a.Values[v]
	t := a.f.TypeOf(v)
	switch {
	case old.Kind == Varying || x.Kind == Unknown || old == x:
		return
	case old.Kind == Unknown:
	case x.Kind == Varying || t != ir.I32 && t != ir.I64 || old.Step != x.Step:
		x = varying
	case old.Each || x.Each || old.Part != x.Part:
		x = Shape{Kind: Linear, Step: x.Step, Each: true}
	default: // uniform and shared
		x = Shape{Kind: Linear, Step: x.Step, Part: x.Part}
	}
	a.set(v, x)
}

// block finds the shapes of what b defines.
func (a *analyzer) block(b *ir.Block) {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpIf:
			for i, body := range in.Body {
				if a.never(in, i) {
					continue
				}
				a.block(body)
				if last := body.Last(); last != nil && last.Op == ir.OpYield {
					a.results(in, last.Args, a.Values[in.Args[0]].Kind > Uniform)
				}
			}
		case ir.OpLoop, ir.OpBlock:
			body := in.Body[0]
			for i, p := range body.Params {
				a.join(p, a.Values[in.Args[i]])
			}
			a.stack = append(a.stack, in)
			a.block(body)
			a.stack = a.stack[:len(a.stack)-1]
			if last := body.Last(); last != nil && last.Op == ir.OpYield {
				a.results(in, last.Args, a.Flow(in).Ragged)
			}
		case ir.OpBreak:
			if to := a.target(in); to != nil {
				a.results(to, in.Args, a.Flow(to).Ragged)
			}
		case ir.OpContinue:
			a.again(in)
		default:
			if in.Out != ir.NoValue {
				a.define(in.Out, a.transfer(in))
			}
			for _, v := range in.Outs {
				a.set(v, varying)
			}
		}
	}
}

// target returns the construct that a Break or Continue goes to, nil for the
// whole kernel.
func (a *analyzer) target(in *ir.Instr) *ir.Instr { return a.stack[len(a.stack)-1-int(in.Imm)] }

// again covers what a Continue passes to the next turn.
func (a *analyzer) again(in *ir.Instr) {
	to := a.target(in)
	f := a.Flow(to)
	params := to.Body[0].Params
	next := func(i int) {
		switch old := a.Values[params[i]]; {
		case f.Parted && f.Again > 1:
			a.join(params[i], varying)
		case a.Rounds > patience && old != a.Values[in.Args[i]]:
			a.join(params[i], varying)
		default:
			a.join(params[i], a.Values[in.Args[i]])
		}
	}
	// Values that move on from one parameter to its neighbour with each turn are
	// followed to the end of the row, whichever way they go.
	for i := range params {
		next(i)
	}
	for i := len(params) - 2; i >= 0; i-- {
		next(i)
	}
}

// results covers values that become results of in.
func (a *analyzer) results(in *ir.Instr, args []ir.Value, parted bool) {
	for i, v := range in.Outs {
		if parted {
			a.join(v, varying)
		} else {
			a.join(v, a.Values[args[i]])
		}
	}
}

// define sets the shape of the result of an operation.
func (a *analyzer) define(v ir.Value, x Shape) {
	if x.Kind == Linear {
		if t := a.f.TypeOf(v); t != ir.I32 && !(t == ir.I64 && x.Step == 0) {
			x = varying
		}
	}
	a.set(v, x)
}
