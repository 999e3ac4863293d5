package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func (c *checker) assignExpr(e *ast.AssignExpr) operand {
	x := c.expr(e.X)
	y := c.expr(e.Y)
	if x.bad() || y.bad() {
		return badAt(e.Span)
	}
	var r operand
	if e.Op == scan.Assign {
		r = c.assign(&x, &y, e.OpPos, e.Span)
	} else {
		r = c.assignOp(e.Op, &x, &y, e.OpPos, e.Span)
	}
	r.loc = e.OpPos
	return r
}

func (c *checker) assign(x, y *operand, pos source.Pos, sp source.Span) operand {
	if c.overloadable(x) {
		if r, ok := c.operatorCall("=", []operand{*x, *y}, pos, sp); ok {
			return r
		}
	}
	if !c.assignable(x, pos) {
		return badAt(sp)
	}
	var v sem.Expr
	if y.kind == opInit {
		if len(y.list.Elems) == 0 || structOf(x.q.t) != nil || vectorOf(x.q.t) != nil || arrayOf(x.q.t) != nil {
			v = c.initList(y.list, qtype{t: x.q.t}, initContext{})
		} else if len(y.list.Elems) == 1 {
			in := c.expr(y.list.Elems[0])
			v = c.assignValue(x, &in)
		} else {
			c.errorf(y.pos(), "excess elements in scalar initializer")
			return badAt(sp)
		}
	} else {
		v = c.assignValue(x, y)
	}
	if v == nil {
		return badAt(sp)
	}
	n := &sem.Assign{Typed: typed(x.q.t, sp.Start), X: x.x, Y: v}
	r := lvalue(n, x.q, sp)
	r.component = x.component
	return r
}

// assignValue converts what is assigned, or reports that it cannot be.
func (c *checker) assignValue(x, y *operand) sem.Expr {
	if y.bad() {
		return nil
	}
	k := c.implicit(y, qtype{t: x.q.t})
	if k.rank == impossible {
		if y.kind == opFuncs || y.kind == opType {
			c.rvalue(y)
			return nil
		}
		yq := c.decayed(y)
		var d *source.Diagnostic
		switch k.reason {
		case losesQualifier:
			d = c.errorf(y.loc, "assigning to %s from %s discards qualifiers", x.q.unqual().quote(), yq.quote())
		case spaceMismatch:
			d = c.errorf(y.loc, "assigning %s to %s changes address space of pointer", yq.quote(), x.q.unqual().quote())
		default:
			d = c.errorf(y.loc, "assigning to %s from incompatible type %s", x.q.unqual().quote(), yq.quote())
		}
		d.Ranges = []source.Span{y.span}
		return nil
	}
	c.lossy(y, x.q.t)
	return c.apply(y, k)
}

// unqual drops the qualifiers of the object.
func (q qtype) unqual() qtype { return qtype{t: q.t} }

// decayed returns the type a message gives for an operand used as a value.
func (c *checker) decayed(x *operand) qtype {
	if a := arrayOf(x.q.t); a != nil && !a.Named && x.kind == opLvalue {
		return qtype{t: c.tab.PointerTo(a.Elem, x.q.space, x.q.c, x.q.v)}
	}
	return qtype{t: x.q.t, c: x.q.c, v: x.q.v, space: x.q.space, spaced: x.q.spaced && x.kind == opLvalue && structOf(x.q.t) != nil}
}

func (c *checker) assignOp(k scan.Kind, x, y *operand, pos source.Pos, sp source.Span) operand {
	if c.overloadable(x) || c.overloadable(y) {
		ops := []operand{*x, *y}
		if r, ok := c.operatorCall(k.String(), ops, pos, sp); ok {
			return r
		}
		y = &ops[1]
	}
	c.rvalue(y)
	if y.bad() {
		return badAt(sp)
	}
	base := k.BaseOp()
	// What x op y would be tells the types; x itself stays an lvalue, and what
	// is known of its value plays no part.
	if x.kind == opValue || x.kind == opLvalue {
		if !c.assignable(x, pos) {
			return badAt(sp)
		}
	} else {
		c.rvalue(x)
		return badAt(sp)
	}
	lhs := operand{kind: opValue, x: x.x, q: qtype{t: x.q.t}, span: x.span, loc: x.loc}
	n := &sem.AssignOp{Typed: typed(x.q.t, sp.Start), X: x.x}
	r := lvalue(n, x.q, sp)
	r.component = x.component
	if p := pointerOf(x.q.t); p != nil {
		if base != scan.Plus && base != scan.Minus || !isArith(y.q.t) || promote(y.q.t).IsFloat() {
			return c.invalidOperands(pos, x, y, sp)
		}
		if !c.sized(p, pos) {
			return badAt(sp)
		}
		n.Op, n.Y, n.Operand = binaryOp(base), c.toLong(y.x), p
		return r
	}
	var b *sem.Binary
	res := c.binary(base, pos, lhs, *y, sp)
	if res.bad() {
		return badAt(sp)
	}
	b, ok := res.x.(*sem.Binary)
	if !ok {
		// Flags of the library: the operation is inside a conversion.
		if cv, isConv := res.x.(*sem.Convert); isConv {
			b, ok = cv.X.(*sem.Binary)
		}
		if !ok {
			return c.invalidOperands(pos, x, y, sp)
		}
	}
	n.Op, n.Y = b.Op, b.Y
	n.Operand = b.X.Type()
	if b.Op == sem.MatScale && b.Y.Type() == x.q.t {
		return c.invalidOperands(pos, x, y, sp)
	}
	if !c.convertsBack(res.q.t, x.q.t) {
		d := c.errorf(pos, "assigning to %s from incompatible type %s", x.q.unqual().quote(), res.q.quote())
		d.Ranges = []source.Span{y.span}
		return badAt(sp)
	}
	return r
}

// convertsBack reports whether the result of x op y can be stored in x.
func (c *checker) convertsBack(from, to types.Type) bool {
	if from == to {
		return true
	}
	k, ok := standard(from, to)
	if !ok {
		if e := enumOf(to); e != nil && from == to {
			return true
		}
		return false
	}
	return k.kind == convNumber
}
