package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// vectorFrom makes a vector from scalars and vectors, whose components in
// order become its own; one scalar fills it.
func (c *checker) vectorFrom(t *types.Vector, ops []operand, sp source.Span, pos source.Pos) operand {
	if len(ops) == 0 {
		return value(&sem.Const{Typed: typed(t, pos), Bits: make([]uint64, t.N)}, sp)
	}
	n := 0
	for i := range ops {
		x := &ops[i]
		if x.kind == opInit {
			return c.construct(qtype{t: t}, x.list.Elems, true, sp, pos)
		}
		c.classToNumber(x, t.Elem, t)
		c.rvalue(x)
		if x.bad() {
			return badAt(sp)
		}
		switch {
		case isArith(x.q.t), isVote(x.q.t):
			n++
		case vectorOf(x.q.t) != nil:
			n += vectorOf(x.q.t).N
		default:
			return c.noVector(t, ops, pos, sp)
		}
	}
	if len(ops) == 1 {
		x := &ops[0]
		if isArith(x.q.t) || isVote(x.q.t) {
			return value(c.coerce(x.x, t), sp)
		}
		if n == t.N {
			return value(c.coerce(x.x, t), sp)
		}
		return c.noVector(t, ops, pos, sp)
	}
	if n != t.N {
		return c.noVector(t, ops, pos, sp)
	}
	plain := types.VectorOf(t.Elem, t.N)
	node := &sem.Construct{Typed: typed(plain, pos)}
	folded := &sem.Const{Typed: typed(plain, pos)}
	for i := range ops {
		x := &ops[i]
		e := c.coerce(x.x, withElem(unpacked(x.q.t), t.Elem))
		node.Args = append(node.Args, e)
		if k, ok := e.(*sem.Const); ok && folded != nil {
			folded.Bits = append(folded.Bits, k.Bits...)
		} else {
			folded = nil
		}
	}
	if folded != nil {
		return value(c.coerce(folded, t), sp)
	}
	return value(c.coerce(node, t), sp)
}

// classToNumber replaces an object of a class by the number it converts to.
func (c *checker) classToNumber(x *operand, list ...types.Type) {
	if structOf(x.q.t) == nil || x.kind != opLvalue && x.kind != opValue {
		return
	}
	for _, to := range list {
		if k := c.implicit(x, qtype{t: to}); k.rank < impossible {
			*x = value(c.apply(x, k), x.span)
			return
		}
	}
}

func (c *checker) noVector(t *types.Vector, ops []operand, pos source.Pos, sp source.Span) operand {
	if len(ops) == 1 {
		d := c.errorf(pos, "cannot convert %s to %s without a conversion operator", ops[0].q.unqual().quote(), quote(t))
		d.Ranges = []source.Span{ops[0].span}
		return badAt(sp)
	}
	n := 0
	for i := range ops {
		if components(ops[i].q.t); vectorOf(ops[i].q.t) != nil {
			n += vectorOf(ops[i].q.t).N
		} else {
			n++
		}
	}
	switch {
	case n < t.N:
		c.errorf(pos, "too few elements in vector initialization (expected %d elements, have %d)", t.N, n)
	case n > t.N:
		c.errorf(pos, "too many elements in vector initialization (expected %d elements, have %d)", t.N, n)
	default:
		c.errorf(pos, "no matching constructor for initialization of %s", quote(t))
	}
	return badAt(sp)
}

// matrixFrom makes a matrix from one scalar (its diagonal), from all its
// scalars or from its columns; or converts another matrix.
func (c *checker) matrixFrom(t *types.Matrix, ops []operand, sp source.Span, pos source.Pos) operand {
	if len(ops) == 0 {
		return value(&sem.Const{Typed: typed(t, pos), Bits: make([]uint64, t.Cols*t.Rows)}, sp)
	}
	fail := func() operand {
		c.errorf(pos, "no matching constructor for initialization of %s", quote(t))
		return badAt(sp)
	}
	scalars, columns := 0, 0
	for i := range ops {
		x := &ops[i]
		if x.kind == opInit {
			if len(ops) == 1 {
				return c.construct(qtype{t: t}, x.list.Elems, true, sp, pos)
			}
			v := c.initList(x.list, qtype{t: t.Column()}, initContext{})
			if v == nil || v.Type() == invalid {
				return badAt(sp)
			}
			*x = value(v, x.span)
		}
		if len(ops) == 1 {
			c.classToNumber(x, t)
		}
		c.classToNumber(x, t.Elem, t.Column())
		c.rvalue(x)
		if x.bad() {
			return badAt(sp)
		}
		switch {
		case isArith(x.q.t):
			scalars++
		case vectorOf(x.q.t) != nil && vectorOf(x.q.t).N == t.Rows && vectorOf(x.q.t).Elem == t.Elem:
			columns++
		}
	}
	if len(ops) == 1 {
		if m, ok := ops[0].q.t.(*types.Matrix); ok {
			if m.Cols != t.Cols || m.Rows != t.Rows {
				return fail()
			}
			return value(c.coerce(ops[0].x, t), sp)
		}
	}
	var to types.Type
	switch {
	case scalars == len(ops) && (scalars == 1 || scalars == t.Cols*t.Rows):
		to = t.Elem
	case columns == len(ops) && columns == t.Cols:
		to = t.Column()
	default:
		return fail()
	}
	node := &sem.Construct{Typed: typed(t, pos)}
	folded := &sem.Const{Typed: typed(t, pos)}
	for i := range ops {
		e := c.coerce(ops[i].x, to)
		node.Args = append(node.Args, e)
		if k, ok := e.(*sem.Const); ok && folded != nil {
			folded.Bits = append(folded.Bits, k.Bits...)
		} else {
			folded = nil
		}
	}
	switch {
	case folded == nil:
		return value(node, sp)
	case len(ops) == 1:
		d := make([]uint64, t.Cols*t.Rows)
		for i := range min(t.Cols, t.Rows) {
			d[i*t.Rows+i] = folded.Bits[0]
		}
		folded.Bits = d
	}
	return value(folded, sp)
}

// isVote reports whether t is simd_vote or quad_vote.
func isVote(t types.Type) bool {
	e := enumOf(t)
	return e != nil && (e.Name == "simd_vote" || e.Name == "quad_vote")
}

// isFlags reports whether the enumeration is one of the library's sets of
// flags, which can be joined by |.
func isFlags(e *types.Enum) bool { return e.Name == "mem_flags" && e.Scoped }
