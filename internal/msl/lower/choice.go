package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// logical is && and ||.
func (l *lowerer) logical(e *sem.Logical) ir.Value {
	x := l.scalar(e.X)
	if c, ok := l.b.ConstBits(x); ok {
		if (c != 0) == e.And {
			return l.scalar(e.Y)
		}
		return x
	}
	op := ir.OpOr
	if e.And {
		op = ir.OpAnd
	}
	if l.cheap(e.Y) {
		return l.b.Emit(op, ir.Bool, x, l.scalar(e.Y))
	}
	v := l.b.Var(ir.Bool, "")
	l.b.Set(v, x)
	rest := func() { l.b.Set(v, l.scalar(e.Y)) }
	if e.And {
		l.b.If(x, rest, nil)
	} else {
		l.b.If(x, func() {}, rest)
	}
	return l.b.Get(v)
}

// cond is ?:.
func (l *lowerer) cond(e *sem.Cond) []ir.Value {
	c := l.scalar(e.C)
	if bits, ok := l.b.ConstBits(c); ok {
		if bits != 0 {
			return l.value(e.X)
		}
		return l.value(e.Y)
	}
	if l.cheap(e.X) && l.cheap(e.Y) {
		x, y := l.value(e.X), l.value(e.Y)
		vals := make([]ir.Value, len(x))
		for i := range vals {
			vals[i] = l.b.Select(c, x[i], y[i])
		}
		return vals
	}
	parts := l.shape(e.T).parts
	if len(parts) == 0 {
		l.b.If(c, func() { l.discard(e.X) }, func() { l.discard(e.Y) })
		return nil
	}
	r := l.newVars(e.T, "")
	l.b.If(c,
		func() { l.store(r, l.value(e.X), e.P) },
		func() { l.store(r, l.value(e.Y), e.P) })
	return l.load(r, e.P)
}

// condPlace is ?: as an lvalue. Sides that take more than a look to find are in
// memory if they may be written: see reader.mark.
func (l *lowerer) condPlace(e *sem.Cond) place {
	c := l.scalar(e.C)
	if bits, ok := l.b.ConstBits(c); ok {
		if bits != 0 {
			return l.place(e.X)
		}
		return l.place(e.Y)
	}
	if l.nearby(e.X) && l.nearby(e.Y) {
		// Finding either does nothing: the object is one of two.
		x, y := l.place(e.X), l.place(e.Y)
		if x.kind != inMemory || y.kind != inMemory || x.space != y.space {
			return place{t: e.T, kind: oneOf, alts: []place{x, y}, index: l.b.Select(c, l.b.I32(0), l.b.I32(1))}
		}
	}
	ref, off := l.b.Var(ir.Ref, ""), l.b.Var(ir.I64, "")
	var space ir.Space
	side := func(x sem.Expr) func() {
		return func() {
			p := l.place(x)
			r, o := l.address(l.spill(p))
			space = p.space
			l.b.Set(ref, r)
			l.b.Set(off, o)
		}
	}
	l.b.If(c, side(e.X), side(e.Y))
	return memoryPlace(e.T, l.b.Get(ref), l.b.Get(off), space)
}

// nearby reports whether e is a variable or a fixed part of one, which is found
// without doing anything.
func (l *lowerer) nearby(e sem.Expr) bool {
	switch e := e.(type) {
	case *sem.VarRef:
		return true
	case *sem.Field:
		return l.nearby(e.X)
	case *sem.Swizzle:
		return l.nearby(e.X)
	case *sem.Index:
		_, fixed := l.constInt(e.I)
		return fixed && l.nearby(e.X)
	}
	return false
}

// maxCheap is how large an expression may be to be evaluated though its value
// may not be needed.
const maxCheap = 12

// cheap reports whether evaluating e does nothing, cannot fault, and costs
// little.
func (l *lowerer) cheap(e sem.Expr) bool {
	n := maxCheap
	return l.cost(e, &n)
}

func (l *lowerer) cost(e sem.Expr, left *int) bool {
	if *left <= 0 {
		return false
	}
	sub := func(n int, list ...sem.Expr) bool {
		*left -= n
		for _, x := range list {
			if !l.cost(x, left) {
				return false
			}
		}
		return *left >= 0
	}
	size := int(min(l.countParts(e.Type()), 100))
	switch e := e.(type) {
	case *sem.Const, *sem.Zero:
		return size <= 16
	case *sem.VarRef:
		if size > 8 {
			return false
		}
		if l.frame.facts.captured[e.Var] {
			return false
		}
		if p, ok := l.frame.vars[e.Var]; ok {
			return p.kind == inParts
		}
		// A function constant without a value must stay where it is guarded.
		return e.Var.Value != nil
	case *sem.Field:
		return sub(0, e.X)
	case *sem.Swizzle:
		return sub(0, e.X)
	case *sem.Index:
		if _, ok := l.constInt(e.I); !ok {
			return false
		}
		return sub(0, e.X)
	case *sem.Unary:
		return sub(size, e.X)
	case *sem.Binary:
		switch e.Op {
		case sem.MatMul, sem.MatVec, sem.VecMat, sem.MatScale, sem.MatDiv:
			return false
		case sem.Div, sem.Rem:
			*left -= 3
		}
		if _, ok := e.X.Type().(*types.Pointer); ok {
			return false
		}
		return sub(size, e.X, e.Y)
	case *sem.Logical:
		return sub(1, e.X, e.Y)
	case *sem.Cond:
		return sub(size, e.C, e.X, e.Y)
	case *sem.Convert:
		return sub(size, e.X)
	case *sem.Splat:
		return sub(0, e.X)
	case *sem.Bitcast:
		return sub(size, e.X)
	case *sem.Construct:
		return sub(0, e.Args...)
	case *sem.PtrAdd:
		return sub(2, e.P, e.I)
	case *sem.Builtin:
		switch e.Name {
		case "min", "max", "fmin", "fmax", "abs", "fabs", "floor", "ceil", "trunc", "isnan", "isinf", "all", "any", "select", "as_type":
			return sub(2*size, e.Args...)
		}
	}
	return false
}
