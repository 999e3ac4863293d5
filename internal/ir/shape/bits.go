package shape

import "github.com/aruminium-go/aruminium/internal/ir"

// Of a position in the group, as of the threads of a tile that lie in one row,
//
//	uint x = i % 16, y = i / 16;
//
// all but the low bits are the same for a chunk, which begins at a multiple of its
// length. So operations on bits do to the number of a lane in its chunk what they do
// to the position, and may well leave it linear.

// bits returns the shape of an operation, OpAnd, OpOr, OpXor or OpLShr, on the bits of
// v, which is linear, and a constant, if that is linear, too.
func (a *analyzer) bits(op ir.Op, v ir.Value, c uint64) (Shape, bool) {
	x := a.Values[v]
	if x.Kind != Linear || x.Each || !a.group.Scalars(op, ir.I32) {
		return Shape{}, false
	}
	most := a.multiple(v, 8)
	mask := uint32(c)
	of := func(n int64) int64 {
		r := uint32(n)
		switch op {
		case ir.OpAnd:
			r &= mask
		case ir.OpOr:
			r |= mask
		case ir.OpXor:
			r ^= mask
		default:
			r >>= mask & 31
		}
		return int64(int32(r))
	}
	first := of(0)
	lanes, parts := a.group.Lanes()
	r := Shape{Kind: Linear}
	if lanes > 1 {
		r.Step = of(x.Step) - first
	}
	for p := range parts {
		for i := range lanes {
			n := int64(x.Part[p]) + x.Step*int64(i)
			if n < 0 || uint64(n) >= most {
				return Shape{}, false
			}
			d := of(n) - first
			if i == 0 {
				r.setPart(p, d)
			}
			if r.Each || d != int64(r.Part[p])+r.Step*int64(i) {
				return Shape{}, false
			}
		}
	}
	r = r.check()
	return r, r.Kind == Linear
}

// bitwise reports whether d, which takes bits of its first operand, is linear by what
// these are: then no lane is less than the first.
func (s *Info) bitwise(d *ir.Instr) bool {
	x := &s.Values[d.Out]
	return d.Type == ir.I32 && x.Kind == Linear && !x.Each
}

// multiple returns a power of two that v is a multiple of in the first lane of each
// chunk; depth is how far to look.
func (s *Info) multiple(v ir.Value, depth int) uint64 {
	const all = 1 << 32
	d := s.Defs[v]
	if d == nil || depth == 0 {
		return 1
	}
	low := func(x uint64) uint64 {
		if x %= all; x == 0 {
			return all
		}
		return x & -x
	}
	of := func(i int) uint64 { return s.multiple(d.Args[i], depth-1) }
	switch c := uint64(0); d.Op {
	case ir.OpConst:
		return low(uint64(d.Imm))
	case ir.OpBuiltin:
		return s.group.Aligned(ir.Builtin(d.Imm))
	case ir.OpAdd, ir.OpSub, ir.OpOr, ir.OpXor:
		return min(of(0), of(1))
	case ir.OpMul:
		return all / max(1, all/of(0)/of(1))
	case ir.OpAnd:
		return max(of(0), of(1))
	case ir.OpShl, ir.OpLShr:
		k, ok := s.Constant(d.Args[1])
		if c = k & 31; !ok {
			return 1
		}
		if d.Op == ir.OpShl {
			return min(of(0)<<c, all)
		}
		return max(of(0)>>c, 1)
	}
	return 1
}
