package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func (c *checker) castExpr(e *ast.CastExpr) operand {
	to := c.typ(e.Type)
	x := c.expr(e.X)
	if to.bad() || x.bad() {
		return badAt(e.Span)
	}
	switch e.Kind {
	case ast.CastDynamic:
		c.errorf(e.Start, "use of dynamic_cast requires -frtti")
		return badAt(e.Span)
	case ast.CastAsType:
		return c.asType(to, &x, e)
	case ast.CastReinterpret, ast.CastConst:
		return c.reinterpret(to, &x, e)
	}
	if x.kind == opInit && e.Kind == ast.CastC {
		return c.construct(to, []ast.Expr{e.X}, true, e.Span, e.Start)
	}
	return c.cast(to, &x, e.Kind, e.Span)
}

// cast converts x explicitly, as (T)x, static_cast<T>(x) and T(x) do.
func (c *checker) cast(to qtype, x *operand, kind ast.CastKind, sp source.Span) operand {
	fail := func() operand {
		if x.bad() {
			return badAt(sp)
		}
		var d *source.Diagnostic
		switch kind {
		case ast.CastStatic:
			d = c.errorf(sp.Start, "static_cast from %s to %s is not allowed", x.q.unqual().quote(), to.quote())
		default:
			d = c.errorf(sp.Start, "cannot convert %s to %s without a conversion operator", x.q.unqual().quote(), to.quote())
		}
		d.Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if r, ok := to.t.(*types.Reference); ok {
		return c.castRef(r, x, kind, sp)
	}
	if isVoid(to.t) {
		if x.kind == opFuncs || x.kind == opType || x.kind == opInit {
			c.rvalue(x)
			return badAt(sp)
		}
		if x.kind == opLvalue && arrayOf(x.q.t) == nil {
			x.kind = opValue
		}
		c.rvalue(x)
		return value(&sem.Convert{Typed: typed(void, sp.Start), X: x.x}, sp)
	}
	if x.kind == opInit {
		return c.construct(to, x.list.Elems, true, sp, sp.Start)
	}
	if structOf(to.t) != nil || structOf(x.q.t) != nil {
		k := c.explicit(x, to)
		if k.rank == impossible {
			if s := structOf(to.t); s != nil {
				c.noConstructor(s, []operand{*x}, sp.Start, "functional-style cast")
				return badAt(sp)
			}
			return fail()
		}
		return value(c.apply(x, k), sp)
	}
	c.rvalue(x)
	if x.bad() {
		return badAt(sp)
	}
	from := x.q.t
	if from == to.t {
		return value(x.x, sp)
	}
	switch t := to.t.(type) {
	case *types.Pointer:
		if x.null && isArith(from) || from == types.Type(nullType) {
			return value(&sem.Zero{Typed: typed(t, sp.Start)}, sp)
		}
		if p, ok := from.(*types.Pointer); ok {
			return c.castPointer(p, t, x, kind, sp)
		}
		if kind == ast.CastC && isArith(from) && !promote(from).IsFloat() {
			return value(&sem.PtrCast{Typed: typed(t, sp.Start), X: c.coerce(x.x, ulongT)}, sp)
		}
		return fail()
	case *types.Basic:
		if p, ok := from.(*types.Pointer); ok {
			if t.Kind == types.Bool {
				return value(c.coerce(x.x, t), sp)
			}
			if kind == ast.CastC && t.IsInteger() {
				if t.Size() < 8 {
					c.errorf(sp.Start, "cast from pointer to smaller type %s loses information", to.quote()).Ranges = []source.Span{x.span}
					return badAt(sp)
				}
				return value(&sem.PtrCast{Typed: typed(t, sp.Start), X: x.x}, sp)
			}
			_ = p
			return fail()
		}
		if isScalar(from) || enumOf(from) != nil {
			return value(c.coerce(x.x, t), sp)
		}
		return fail()
	case *types.Enum:
		if isScalar(from) || enumOf(from) != nil {
			if t.Name == "quad_vote" { // which has four bits
				bits := &sem.Binary{Typed: typed(uintT, sp.Start), Op: sem.And, X: c.coerce(x.x, uintT), Y: konst(uintT, 0xf, sp.Start)}
				return value(c.coerce(bits, t), sp)
			}
			return value(c.coerce(x.x, t), sp)
		}
		return fail()
	case *types.Vector:
		if isArith(from) || enumOf(from) != nil && isVote(from) {
			return value(c.coerce(x.x, t), sp)
		}
		// By value, component by component.
		if v := vectorOf(from); v != nil && v.N == t.N {
			return value(c.coerce(x.x, t), sp)
		}
		return fail()
	case *types.Matrix:
		if m, ok := from.(*types.Matrix); ok && m.Cols == t.Cols && m.Rows == t.Rows {
			return value(c.coerce(x.x, t), sp)
		}
		if isArith(from) {
			return value(&sem.Construct{Typed: typed(t, sp.Start), Args: []sem.Expr{c.coerce(x.x, t.Elem)}}, sp)
		}
		return fail()
	}
	return fail()
}

func (c *checker) castPointer(p, t *types.Pointer, x *operand, kind ast.CastKind, sp source.Span) operand {
	switch {
	case p.Space != t.Space:
		d := c.errorf(sp.Start, "%s from %s to %s converts between mismatching address spaces", castName(kind), quote(p), quote(t))
		d.Ranges = []source.Span{x.span}
		return badAt(sp)
	case kind == ast.CastStatic:
		switch {
		case p.Const && !t.Const || p.Volatile && !t.Volatile:
			d := c.errorf(sp.Start, "static_cast from %s to %s casts away qualifiers", quote(p), quote(t))
			d.Ranges = []source.Span{x.span}
			return badAt(sp)
		case p.Elem != t.Elem && !isVoid(p.Elem) && !isVoid(t.Elem) && !isBaseOf(p.Elem, t.Elem) && !isBaseOf(t.Elem, p.Elem):
			d := c.errorf(sp.Start, "static_cast from %s to %s is not allowed", quote(p), quote(t))
			d.Ranges = []source.Span{x.span}
			return badAt(sp)
		}
	}
	return value(&sem.PtrCast{Typed: typed(t, sp.Start), X: x.x}, sp)
}

func castName(kind ast.CastKind) string {
	if kind == ast.CastC {
		return "C-style cast"
	}
	return kind.String()
}

// castRef casts to a reference: the object seen as one of another type.
func (c *checker) castRef(r *types.Reference, x *operand, kind ast.CastKind, sp source.Span) operand {
	if x.kind == opFuncs || x.kind == opType || x.kind == opInit {
		c.rvalue(x)
		return badAt(sp)
	}
	q := qtype{t: r.Elem, c: r.Const, v: r.Volatile, space: r.Space, spaced: true}
	if x.kind == opValue {
		if r.Const || r.RValue {
			k := c.implicit(x, qtype{t: r.Elem})
			if k.rank < impossible && r.Space == types.Thread {
				v := c.apply(x, k)
				res := lvalue(&sem.Temp{Typed: typed(r.Elem, sp.Start), X: v}, q, sp)
				res.xvalue = r.RValue
				return res
			}
		}
		c.errorf(sp.Start, "%s from rvalue to reference type %s", castName(kind), quote(r)).Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if x.q.space != r.Space {
		d := c.errorf(sp.Start, "%s from %s to %s converts between mismatching address spaces", castName(kind), x.q.quote(), quote(r))
		d.Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if kind == ast.CastStatic && (x.q.c && !r.Const || x.q.v && !r.Volatile) {
		c.errorf(sp.Start, "static_cast from %s to %s casts away qualifiers", x.q.quote(), quote(r)).Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if x.q.t == r.Elem {
		res := *x
		res.q, res.span = q, sp
		res.xvalue = r.RValue
		return res
	}
	if isBaseOf(r.Elem, x.q.t) {
		return lvalue(c.upcast(x.x, r.Elem), q, sp)
	}
	if kind == ast.CastStatic {
		if k := c.explicit(x, qtype{t: r.Elem}); r.Const && k.rank < impossible && r.Space == types.Thread {
			return lvalue(&sem.Temp{Typed: typed(r.Elem, sp.Start), X: c.apply(x, k)}, q, sp)
		}
		c.errorf(sp.Start, "non-const lvalue reference to type %s cannot bind to a value of unrelated type %s", quote(r.Elem), x.q.unqual().quote()).Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if x.component {
		c.errorf(sp.Start, "%s of a vector element to its address %s is not allowed", castName(kind), quote(r))
		return badAt(sp)
	}
	from := c.tab.PointerTo(x.q.t, x.q.space, x.q.c, x.q.v)
	to := c.tab.PointerTo(r.Elem, r.Space, r.Const, r.Volatile)
	p := &sem.PtrCast{Typed: typed(to, sp.Start), X: &sem.AddrOf{Typed: typed(from, sp.Start), X: x.x}}
	return lvalue(&sem.Deref{Typed: typed(r.Elem, sp.Start), X: p}, q, sp)
}

// reinterpret is reinterpret_cast and const_cast.
func (c *checker) reinterpret(to qtype, x *operand, e *ast.CastExpr) operand {
	if r, ok := to.t.(*types.Reference); ok {
		return c.castRef(r, x, e.Kind, e.Span)
	}
	c.rvalue(x)
	if x.bad() {
		return badAt(e.Span)
	}
	name := e.Kind.String()
	from := x.q.t
	p, ok1 := from.(*types.Pointer)
	t, ok2 := to.t.(*types.Pointer)
	b := basicOf(to.t)
	switch {
	case ok1 && ok2 && p.Space != t.Space:
		c.errorf(e.Start, "%s from %s to %s converts between mismatching address spaces", name, x.q.quote(), to.quote()).Ranges = []source.Span{x.span}
		return badAt(e.Span)
	case e.Kind == ast.CastConst && !ok2:
		c.errorf(e.Start, "const_cast to %s, which is not a reference, pointer-to-object, or pointer-to-data-member", to.quote()).Ranges = []source.Span{x.span}
		return badAt(e.Span)
	case ok1 && ok2 && e.Kind == ast.CastConst && p.Elem != t.Elem:
	case ok1 && ok2 && e.Kind == ast.CastReinterpret && (p.Const && !t.Const || p.Volatile && !t.Volatile):
		c.errorf(e.Start, "%s from %s to %s casts away qualifiers", name, x.q.quote(), to.quote()).Ranges = []source.Span{x.span}
		return badAt(e.Span)
	case ok1 && ok2:
		return value(c.coerce(x.x, t), e.Span)
	case e.Kind == ast.CastReinterpret && ok1 && b != nil && b.IsInteger():
		if b.Size() < 8 {
			c.errorf(e.Start, "cast from pointer to smaller type %s loses information", to.quote()).Ranges = []source.Span{x.span}
			return badAt(e.Span)
		}
		return value(&sem.PtrCast{Typed: typed(b, e.Start), X: x.x}, e.Span)
	case e.Kind == ast.CastReinterpret && ok2 && isArith(from) && !promote(from).IsFloat():
		return value(&sem.PtrCast{Typed: typed(t, e.Start), X: c.coerce(x.x, ulongT)}, e.Span)
	case from == to.t:
		return value(x.x, e.Span)
	}
	c.errorf(e.Start, "%s from %s to %s is not allowed", name, x.q.quote(), to.quote()).Ranges = []source.Span{x.span}
	return badAt(e.Span)
}

// asType is as_type<T>(x): the bits of x as another type of the same size.
func (c *checker) asType(to qtype, x *operand, e *ast.CastExpr) operand {
	c.rvalue(x)
	if x.bad() {
		return badAt(e.Span)
	}
	plain := func(t types.Type) bool {
		switch t := t.(type) {
		case *types.Basic:
			return t.Kind > types.Bool
		case *types.Vector:
			return t.Elem != boolT
		}
		return false
	}
	from := x.q.t
	fv, tv := vectorOf(from), vectorOf(to.t)
	same := plain(from) && plain(to.t) && from.Size() == to.t.Size()
	if same && (fv != nil && fv.N == 3 && !fv.Packed) != (tv != nil && tv.N == 3 && !tv.Packed) {
		same = false
	}
	if !same {
		what := "is not allowed"
		if plain(from) && plain(to.t) {
			what = "is not allowed as the types have different sizes"
		}
		d := c.errorf(e.Start, "as_type cast from %s to %s %s", x.q.unqual().quote(), to.unqual().quote(), what)
		d.Ranges = []source.Span{x.span}
		return badAt(e.Span)
	}
	if from == to.t {
		return value(x.x, e.Span)
	}
	if k := x.konst(); k != nil {
		return value(bitcastConst(k, to.t, e.Start), e.Span)
	}
	return value(&sem.Bitcast{Typed: typed(to.t, e.Start), X: x.x}, e.Span)
}

// bitcastConst gives the bits of a constant another type.
func bitcastConst(k *sem.Const, to types.Type, p source.Pos) *sem.Const {
	from, t := elementOf(k.T).Size(), elementOf(to).Size()
	out := &sem.Const{Typed: typed(to, p)}
	var word uint64
	var have int64
	mask := func(n int64) uint64 {
		if n == 8 {
			return ^uint64(0)
		}
		return 1<<(n*8) - 1
	}
	if t <= from {
		for _, b := range k.Bits {
			for n := from; n > 0; n -= t {
				out.Bits = append(out.Bits, b&mask(t))
				b >>= uint(t*8) % 64
			}
		}
	} else {
		for _, b := range k.Bits {
			word |= b << (have * 8)
			if have += from; have == t {
				out.Bits = append(out.Bits, word)
				word, have = 0, 0
			}
		}
	}
	// A vector of three has as many components on both sides.
	if n := components(to); len(out.Bits) > n {
		out.Bits = out.Bits[:n]
	}
	return out
}

func (c *checker) constructExpr(e *ast.ConstructExpr) operand {
	if t := c.toDeduce(e.Type); t != nil {
		q, args := c.deduceClass(t, e.Args, e.Start)
		if q.bad() {
			return badAt(e.Span)
		}
		return c.construct(q, args, e.Brace, e.Span, e.Start)
	}
	to := c.typ(e.Type)
	if to.bad() {
		for _, a := range e.Args {
			c.expr(a)
		}
		return badAt(e.Span)
	}
	return c.construct(to, e.Args, e.Brace, e.Span, e.Start)
}

// construct makes a value of a type from arguments: T(a, b) or T{a, b}.
func (c *checker) construct(to qtype, args []ast.Expr, brace bool, sp source.Span, pos source.Pos) operand {
	if to.t == types.Type(autoType) {
		c.unsupported(pos, "'auto' in an expression is")
		return badAt(sp)
	}
	if o, ok := to.t.(*types.Opaque); ok {
		return c.optionFrom(o, args, sp, pos)
	}
	args = c.expandExprs(args)
	if brace {
		v := c.initList(&ast.InitList{Span: sp, Elems: args}, to.unqual(), initContext{explicit: true})
		if v == nil || v.Type() == invalid {
			return badAt(sp)
		}
		return value(v, sp)
	}
	switch t := to.t.(type) {
	case *types.Vector:
		ops, ok := c.args(args)
		if !ok {
			return badAt(sp)
		}
		return c.vectorFrom(t, ops, sp, pos)
	case *types.Matrix:
		ops, ok := c.args(args)
		if !ok {
			return badAt(sp)
		}
		return c.matrixFrom(t, ops, sp, pos)
	case *types.Array:
		if !t.Named {
			c.errorf(pos, "functional-style cast to array type %s", to.quote())
			return badAt(sp)
		}
	}
	if len(args) == 0 {
		if isVoid(to.t) {
			return value(&sem.Zero{Typed: typed(void, pos)}, sp)
		}
		v := c.valueInit(to, pos)
		if v == nil {
			return badAt(sp)
		}
		return value(v, sp)
	}
	if len(args) == 1 {
		x := c.expr(args[0])
		if x.bad() {
			return badAt(sp)
		}
		if x.kind == opInit {
			if structOf(to.t) == nil && arrayOf(to.t) == nil {
				return c.construct(to, x.list.Elems, true, sp, pos)
			}
			if arrayOf(to.t) != nil || recordOf(structOf(to.t)).aggregate() {
				return c.construct(to, x.list.Elems, true, sp, pos)
			}
		}
		return c.cast(to, &x, ast.CastC, sp)
	}
	if s := structOf(to.t); s != nil {
		ops, ok := c.args(args)
		if !ok {
			return badAt(sp)
		}
		v := c.constructStruct(s, ops, sp, pos, "initialization")
		if v == nil {
			return badAt(sp)
		}
		return value(v, sp)
	}
	c.errorf(pos, "excess elements in scalar initializer")
	return badAt(sp)
}

// args checks arguments; ok is false if one is in error.
func (c *checker) args(list []ast.Expr) (ops []operand, ok bool) {
	ok = true
	for _, a := range c.expandExprs(list) {
		x := c.expr(a)
		ok = ok && !x.bad()
		ops = append(ops, x)
	}
	return ops, ok
}
