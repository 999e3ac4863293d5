package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/printf"
)

// log says a message, if messages are wanted. Its arguments are evaluated in any
// case.
func (l *lowerer) log(e *sem.LogCall) {
	if !l.logging {
		for _, a := range e.Args {
			l.discard(a)
		}
		return
	}
	of, ok := l.b.ConstBits(l.value(e.Of)[0])
	if !ok || of >= uint64(len(l.mod.Logs)) {
		l.fail(e.P, "which os_log this is must be known when the kernel is compiled")
	}
	log := l.mod.Logs[of]
	m := ir.Message{Level: e.Level, Subsystem: log.Subsystem, Category: log.Category, Format: e.Format}
	var args []ir.Value
	rest := e.Args
	number := func(c *printf.Conversion) {
		if len(rest) == 0 {
			args = append(args, l.b.I32(0))
			return
		}
		args = append(args, l.printed(c, rest[0])...)
		rest = rest[1:]
	}
	for i := range e.Pieces {
		c := &e.Pieces[i].Conversion
		star := printf.Conversion{Verb: 'd'}
		if c.StarWidth {
			number(&star)
		}
		if c.StarPrec {
			number(&star)
		}
		switch {
		case c.Verb == 0:
		case c.Verb == 's' && len(rest) > 0:
			args = append(args, l.printedText(&m, rest[0]))
			rest = rest[1:]
		default:
			number(c)
		}
	}
	for _, a := range rest {
		l.discard(a)
	}
	l.setPos(e.P)
	l.b.Printf(m, args...)
}

// printed returns the values that a conversion makes of e, as [ir.OpPrintf]
// takes them. If e is none of what the conversion is for, they have its bits.
func (l *lowerer) printed(c *printf.Conversion, e sem.Expr) []ir.Value {
	vals := l.value(e)
	b := elemOf(e.Type())
	if _, ok := e.Type().(*types.Pointer); ok {
		vals, b = []ir.Value{l.addr(vals[0], vals[1])}, types.Basics[types.ULong]
	}
	n := max(c.Vector, 1)
	for len(vals) < n {
		vals = append(vals, l.b.Zero(l.scalarType(b)))
	}
	out := make([]ir.Value, n)
	for i, v := range vals[:n] {
		float := b.IsFloat()
		if float {
			v = l.convert(v, b, types.Basics[types.Float])
		}
		switch {
		case c.Float() && !float:
			v = l.b.Emit(ir.OpBitcast, ir.F32, l.resize(v, ir.I32, b.IsSigned()))
		case !c.Float() && float:
			v = l.b.Emit(ir.OpBitcast, ir.I32, v)
			fallthrough
		case !c.Float():
			t := ir.I32
			if c.Wide() {
				t = ir.I64
			}
			v = l.resize(v, t, b.IsSigned())
		}
		out[i] = v
	}
	return out
}

// printedText returns the index of a string that e chooses among those of m.
func (l *lowerer) printedText(m *ir.Message, e sem.Expr) ir.Value {
	switch x := e.(type) {
	case *sem.Decay:
		if s, ok := x.X.(*sem.String); ok {
			at := len(m.Strings)
			m.Strings = append(m.Strings, s.Value)
			return l.b.I32(int32(at))
		}
	case *sem.PtrCast:
		return l.printedText(m, x.X)
	case *sem.Convert:
		return l.printedText(m, x.X)
	case *sem.Cond:
		cond := l.scalar(x.C)
		return l.b.Select(cond, l.printedText(m, x.X), l.printedText(m, x.Y))
	}
	l.fail(e.Pos(), "the text for a %%s must be a string literal, or a choice of literals")
	return ir.NoValue
}
