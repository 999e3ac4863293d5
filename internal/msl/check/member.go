package check

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func (c *checker) indexExpr(e *ast.IndexExpr) operand {
	x := c.expr(e.X)
	i := c.expr(e.Index)
	if x.bad() || i.bad() {
		return badAt(e.Span)
	}
	if c.overloadable(&x) {
		if r, ok := c.operatorCall("[]", []operand{x, i}, e.Lbrack, e.Span); ok {
			return r
		}
	}
	c.rvalue(&i)
	if i.bad() {
		return badAt(e.Span)
	}
	if structOf(i.q.t) != nil {
		if k := c.implicit(&i, qtype{t: longT}); k.rank < impossible {
			i = value(c.apply(&i, k), i.span)
		}
	}
	// i[p] is p[i].
	if pointerOf(i.q.t) != nil && isArith(x.q.t) {
		c.rvalue(&x)
		x, i = i, x
	}
	switch x.kind {
	case opFuncs, opType, opInit:
		c.rvalue(&x)
		return badAt(e.Span)
	}
	integer := isArith(i.q.t) && !promote(i.q.t).IsFloat()
	r := x
	r.span, r.loc, r.v = e.Span, e.Pos(), nil
	var elem types.Type
	switch t := x.q.t.(type) {
	case *types.Array:
		if t.Named {
			elem = t.Elem
			break
		}
		elem = t.Elem
	case *types.Pointer:
		if !integer {
			break
		}
		if isVoid(t.Elem) {
			c.errorf(e.Pos(), "subscript of pointer to incomplete type 'void'")
			return badAt(e.Span)
		}
		if !c.sized(t, e.Pos()) {
			return badAt(e.Span)
		}
		c.rvalue(&x)
		p := sem.Expr(&sem.PtrAdd{Typed: typed(t, e.Pos()), P: x.x, I: c.toLong(i.x)})
		return lvalue(&sem.Deref{Typed: typed(t.Elem, e.Pos()), X: p}, pointee(t), e.Span)
	case *types.Vector:
		elem = t.Elem
		r.component = true
	case *types.Matrix:
		elem = t.Column()
	default:
		d := c.errorf(e.Pos(), "subscripted value is not an array, pointer, or vector")
		d.Ranges = []source.Span{x.span, i.span}
		return badAt(e.Span)
	}
	if !integer {
		c.errorf(e.Lbrack, "array subscript is not an integer").Ranges = []source.Span{i.span}
		return badAt(e.Span)
	}
	c.checkIndex(&x, &i)
	n := &sem.Index{Typed: typed(elem, e.Pos()), X: x.x, I: c.coerce(i.x, promote(i.q.t))}
	r.x, r.q.t = n, elem
	if x.kind == opValue {
		if k := c.known(n); k != nil {
			return value(&sem.Const{Typed: typed(elem, e.Pos()), Bits: k.Bits}, e.Span)
		}
		if _, isArray := x.q.t.(*types.Array); isArray {
			r.kind, r.xvalue = opValue, false
		}
		r.q = qtype{t: elem}
	}
	return r
}

// checkIndex warns of a constant index outside of an array. Arrays of one
// element at the end of a struct stand for ones of any length.
func (c *checker) checkIndex(x, i *operand) {
	k := i.konst()
	if k == nil {
		return
	}
	v := signed(promote(i.q.t), k.Bits[0])
	a := arrayOf(x.q.t)
	if a == nil {
		if vec := vectorOf(x.q.t); vec != nil && (v < 0 || v >= int64(vec.N)) {
			c.warnf("array-bounds", i.pos(), "vector index %d is out of bounds", v)
		}
		return
	}
	own := x.v != nil && !x.v.ref // not one that stands for an array of any length
	switch {
	case v < 0:
		c.warnf("array-bounds", i.pos(), "array index %d is before the beginning of the array", v)
	case a.Len > 1 && v >= a.Len || a.Len == 1 && v >= 1 && own:
		what := "elements"
		if a.Len == 1 {
			what = "element"
		}
		c.warnf("array-bounds", i.pos(), "array index %d is past the end of the array (which contains %d %s)", v, a.Len, what)
	}
}

func (c *checker) memberExpr(e *ast.MemberExpr) operand {
	x := c.expr(e.X)
	if x.bad() {
		return badAt(e.Span)
	}
	switch x.kind {
	case opFuncs, opType, opInit:
		c.rvalue(&x)
		return badAt(e.Span)
	}
	last := e.Name.Last()
	if e.Arrow {
		if c.overloadable(&x) {
			if r, ok := c.operatorCall("->", []operand{x}, e.OpPos, x.span); ok {
				x = r
				c.rvalue(&x)
			}
		}
		p := pointerOf(x.q.t)
		if p == nil {
			if a := arrayOf(x.q.t); a != nil && !a.Named && x.kind == opLvalue {
				c.rvalue(&x)
				p = pointerOf(x.q.t)
			}
		}
		if p == nil {
			if x.bad() {
				return badAt(e.Span)
			}
			d := c.errorf(last.Start, "member reference type %s is not a pointer", x.q.quote())
			switch x.q.t.(type) {
			case *types.Struct, *types.Vector:
				d.Pos = e.OpPos
				d.Msg += "; did you mean to use '.'?"
			}
			d.Ranges = []source.Span{x.span}
			return badAt(e.Span)
		}
		x = c.deref(&x, e.OpPos, x.span)
	} else if p := pointerOf(x.q.t); p != nil {
		d := c.errorf(e.OpPos, "member reference type %s is a pointer; did you mean to use '->'?", x.q.quote())
		d.Ranges = []source.Span{x.span}
		return badAt(e.Span)
	}
	name := partName(last)
	switch t := x.q.t.(type) {
	case *types.Vector:
		return c.swizzle(&x, t, name, e)
	case *types.Struct:
		return c.structMember(&x, recordOf(t), e)
	case *types.Matrix:
		if name == "columns" {
			// The array of columns; as a matrix is indexed just the same, it is
			// the matrix itself.
			x.span, x.loc, x.v = e.Span, last.Start, nil
			return x
		}
	case *types.Array:
		if t.Named {
			if r, ok := c.arrayMember(&x, t, name, e); ok {
				return r
			}
			return badAt(e.Span)
		}
	case *types.Enum:
		if t.Name == "simd_vote" || t.Name == "quad_vote" {
			return c.voteMember(&x, name, e)
		}
	case *types.Texture:
		return c.textureMember(&x, t, name, e)
	}
	if x.bad() {
		return badAt(e.Span)
	}
	d := c.errorf(e.OpPos, "member reference base type %s is not a structure or union", x.q.quote())
	d.Ranges = []source.Span{x.span}
	return badAt(e.Span)
}

// swizzle selects components of a vector by name.
func (c *checker) swizzle(x *operand, v *types.Vector, name string, e *ast.MemberExpr) operand {
	set := "xyzw"
	if strings.ContainsAny(name[:min(1, len(name))], "rgba") {
		set = "rgba"
	}
	var comps []uint8
	seen, repeated := uint8(0), false
	for i := 0; i < len(name); i++ {
		k := strings.IndexByte(set, name[i])
		if k < 0 || len(name) > 4 {
			if k < 0 {
				c.errorf(e.OpPos, "illegal vector component name '%c'", name[i])
			} else {
				c.errorf(e.OpPos, "vector component access exceeds type %s", x.q.unqual().quote())
			}
			return badAt(e.Span)
		}
		if k >= v.N {
			c.errorf(e.OpPos, "vector component access exceeds type %s", x.q.unqual().quote())
			return badAt(e.Span)
		}
		repeated = repeated || seen&(1<<k) != 0
		seen |= 1 << k
		comps = append(comps, uint8(k))
	}
	t := types.Type(v.Elem)
	if len(comps) > 1 {
		t = types.VectorOf(v.Elem, len(comps))
	}
	n := &sem.Swizzle{Typed: typed(t, e.Pos()), X: x.x, Comps: comps}
	r := *x
	r.span, r.loc, r.v = e.Span, e.Name.Start, nil
	r.x, r.q.t = n, t
	r.component, r.repeated = true, x.repeated || repeated
	if x.kind == opValue {
		if k := c.known(n); k != nil {
			return value(k, e.Span)
		}
		r.q = qtype{t: t}
	}
	return r
}

// at makes the operand of a data member of x, by way of anonymous members.
func (c *checker) at(x *operand, f *field, sp source.Span) operand {
	r := *x
	r.span, r.v = sp, nil
	r.bits = nil
	e := x.x
	t := x.q.t
	var last *types.Struct
	for _, i := range f.path {
		s := structOf(t)
		last = s
		fd := &s.Fields[i]
		t = fd.Type
		if fd.BitField {
			r.bits, r.component = fd, true
		}
		if t == invalid {
			return badAt(sp)
		}
		e = &sem.Field{Typed: typed(t, sp.Start), X: e, Index: i}
		r.q.c = r.q.c || fd.Const
	}
	if rec := recordOf(last); rec != nil {
		if ref := rec.refs[f.path[len(f.path)-1]]; ref != nil {
			return lvalue(&sem.Deref{Typed: typed(ref.Elem, sp.Start), X: e},
				qtype{t: ref.Elem, c: ref.Const, v: ref.Volatile, space: ref.Space, spaced: true}, sp)
		}
	}
	r.x, r.q.t = e, t
	if x.kind == opValue {
		if arrayOf(t) != nil {
			// An array in a temporary can be indexed.
			r.kind, r.xvalue = opLvalue, true
			r.x = &sem.Field{Typed: typed(t, sp.Start), X: &sem.Temp{Typed: typed(x.q.t, sp.Start), X: x.x}, Index: f.path[len(f.path)-1]}
			if len(f.path) > 1 {
				r.kind, r.x = opValue, e
			}
			return r
		}
		r.q = qtype{t: t}
	}
	return r
}
