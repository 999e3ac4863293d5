package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// A jump is a switch that has labels inside of other statements, as Duff's
// device has. A variable says which label control is on its way to; until it
// gets there statements are passed by, and those that hold the label are
// entered whatever their conditions say.
type jump struct {
	l      *lowerer
	labels map[*sem.Case]int32 // from 1
	wanted int                 // the variable: a label, or 0 once control has got there
}

// switchInto lowers such a switch.
func (l *lowerer) switchInto(s *sem.Switch) {
	l.setPos(s.Pos)
	x := l.scalar(s.X)
	t := l.b.F.TypeOf(x)
	j := jump{l: l, labels: map[*sem.Case]int32{}, wanted: l.b.Var(ir.I32, "")}
	var cases []*sem.Case
	for _, s := range s.Body {
		cases = casesIn(s, cases)
	}
	none := int32(len(cases) + 1)
	to := l.b.I32(none)
	for i, c := range cases {
		j.labels[c] = int32(i + 1)
		if c.Value == nil {
			to = l.b.I32(int32(i + 1))
		}
	}
	for _, c := range cases {
		if c.Value != nil {
			is := l.b.Emit(ir.OpEq, ir.Bool, x, l.b.Const(t, c.Value.Bits[0]))
			to = l.b.Select(is, l.b.I32(j.labels[c]), to)
		}
	}
	l.b.Set(j.wanted, to)
	l.b.Block(func(end ir.Label) {
		f := l.frame
		f.loops = append(f.loops, loop{isSwitch: true, breakTo: end})
		j.list(s.Body)
		f.loops = f.loops[:len(f.loops)-1]
	})
}

// casesIn appends the labels in s that are not those of a switch in it.
func casesIn(s sem.Stmt, cases []*sem.Case) []*sem.Case {
	switch s := s.(type) {
	case *sem.Case:
		return append(cases, s)
	case *sem.Block:
		if s != nil {
			for _, s := range s.List {
				cases = casesIn(s, cases)
			}
		}
	case *sem.If:
		cases = casesIn(s.Then, cases)
		if s.Else != nil {
			cases = casesIn(s.Else, cases)
		}
	case *sem.For:
		if s.Body != nil {
			cases = casesIn(s.Body, cases)
		}
	}
	return cases
}

// here reports whether control is not on its way to a label.
func (j *jump) here() ir.Value {
	b := j.l.b
	return b.Emit(ir.OpEq, ir.Bool, b.Get(j.wanted), b.I32(0))
}

// within reports whether control is on its way to a label in s.
func (j *jump) within(s sem.Stmt) ir.Value {
	b := j.l.b
	is := b.Bool(false)
	for _, c := range casesIn(s, nil) {
		is = b.Emit(ir.OpOr, ir.Bool, is, b.Emit(ir.OpEq, ir.Bool, b.Get(j.wanted), b.I32(j.labels[c])))
	}
	return is
}

func (j *jump) list(list []sem.Stmt) {
	l := j.l
	for len(list) > 0 && !l.b.Dead() {
		if c, ok := list[0].(*sem.Case); ok {
			is := l.b.Emit(ir.OpEq, ir.Bool, l.b.Get(j.wanted), l.b.I32(j.labels[c]))
			l.b.Set(j.wanted, l.b.Select(is, l.b.I32(0), l.b.Get(j.wanted)))
			list = list[1:]
			continue
		}
		n := 0
		for n < len(list) && len(casesIn(list[n], nil)) == 0 {
			n++
		}
		if n == 0 {
			j.stmt(list[0])
			list = list[1:]
			continue
		}
		some := list[:n]
		if list = list[n:]; len(list) > 0 {
			some = j.declare(some)
		}
		l.b.If(j.here(), func() { l.list(some) }, nil)
	}
}

// declare declares the variables of a list here: control may come behind it
// without passing through. What is returned begins them.
func (j *jump) declare(list []sem.Stmt) []sem.Stmt {
	l := j.l
	out := make([]sem.Stmt, 0, len(list))
	for _, s := range list {
		d, ok := s.(*sem.Decl)
		if !ok || d.Var.Space != types.Thread {
			out = append(out, s)
			continue
		}
		if _, ok := d.Var.Type.(*types.Reference); ok {
			l.fail(d.Var.Pos, "a jump to a 'case' passes by the reference '%s'", d.Var.Name)
		}
		l.declareHere(d.Var)
		if d.Init != nil {
			ref := &sem.VarRef{Typed: sem.Typed{T: d.Var.Type, P: d.Var.Pos}, Var: d.Var}
			out = append(out, &sem.ExprStmt{X: &sem.Assign{Typed: ref.Typed, X: ref, Y: d.Init}})
		}
	}
	return out
}

// stmt lowers a statement that holds a label.
func (j *jump) stmt(s sem.Stmt) {
	l := j.l
	enter := l.b.Emit(ir.OpOr, ir.Bool, j.here(), j.within(s))
	l.b.If(enter, func() {
		switch s := s.(type) {
		case *sem.Block:
			fp := l.fp
			if s.FP != nil {
				l.setFP(*s.FP)
			}
			j.list(s.List)
			l.setFP(fp)
		case *sem.If:
			take := l.b.Var(ir.Bool, "")
			l.b.Set(take, j.within(s.Then))
			l.b.If(j.here(), func() { l.b.Set(take, l.scalar(s.Cond)) }, nil)
			var els func()
			if s.Else != nil {
				els = func() { j.list([]sem.Stmt{s.Else}) }
			}
			l.b.If(l.b.Get(take), func() { j.list([]sem.Stmt{s.Then}) }, els)
		case *sem.For:
			l.loopWith(s, func(test func()) { l.b.If(j.here(), test, nil) }, func(s sem.Stmt) { j.list([]sem.Stmt{s}) })
		}
	}, nil)
}
