package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// bitField declares a bit-field of type q.
func (c *checker) bitField(r *record, d *ast.FieldDecl, q qtype, pos source.Pos) {
	called := "anonymous bit-field"
	if d.Name != "" {
		called = "bit-field '" + d.Name + "'"
	}
	t, n := q.t, c.bitWidth(d, q, called, pos)
	if n < 0 {
		t, n = invalid, 0 // so that uses are not reported
	}
	var align int64
	for _, a := range d.Attrs {
		align = max(align, c.alignas(a))
	}
	i := len(r.t.Fields)
	r.t.Fields = append(r.t.Fields, types.Field{Name: d.Name, Type: t, Const: q.c, Align: align, ID: -1, BitField: t != invalid, Bits: n, Pad: d.Name == ""})
	if d.Name == "" {
		return
	}
	if r.access != ast.Public {
		r.hidden = true
	}
	if d.Init != nil {
		if r.inits == nil {
			r.inits = make(map[int]ast.Expr)
		}
		r.inits[i] = d.Init
	}
	if old := r.scope.names[d.Name]; old != nil {
		c.errorf(pos, "duplicate member '%s'", d.Name).Notef(old.where(), "previous declaration is here")
		return
	}
	r.scope.set(d.Name, &field{path: []int{i}, rec: r, pos: pos})
	r.restrict(d.Name)
}

// bitWidth evaluates the width of a bit-field; it is negative if that was reported
// to be wrong.
func (c *checker) bitWidth(d *ast.FieldDecl, q qtype, called string, pos source.Pos) int {
	x := c.val(d.Bits)
	n, ok := c.intConst(&x)
	b := elementOf(q.t)
	switch {
	case q.bad() || x.bad():
	case !ok:
		c.errorf(d.Bits.Pos(), "expression is not an integral constant expression")
	case !isScalar(q.t) && enumOf(q.t) == nil || !b.IsInteger():
		c.errorf(pos, "%s has non-integral type %s", called, q.quote())
	case n < 0:
		c.errorf(pos, "%s has negative width (%d)", called, n)
	case n == 0 && d.Name != "":
		c.errorf(pos, "named %s has zero width", called)
	case n > int64(width(b)):
		c.errorf(pos, "width of %s (%d bits) exceeds the width of its type (%d bits)", called, n, width(b))
	default:
		return int(n)
	}
	return -1
}

// packedBits refuses bit-fields without padding between them and other members:
// they may begin and end anywhere.
func (c *checker) packedBits(r *record) {
	if !r.t.Packed {
		return
	}
	for i := range r.t.Fields {
		if r.t.Fields[i].BitField {
			c.unsupported(r.pos, "bit-fields of packed classes are")
			r.t.Packed = false
			return
		}
	}
}

// promoteBits makes the value of a bit-field whose values an int has an int, as an
// operator takes it.
func (c *checker) promoteBits(x *operand) {
	f := x.bits
	if f == nil || x.bad() {
		return
	}
	c.rvalue(x)
	if b := basicOf(x.q.t); b == uintT && f.Bits < 32 {
		*x = value(c.coerce(x.x, intT), x.span)
	}
}
