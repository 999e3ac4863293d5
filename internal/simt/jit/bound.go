package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A bound is what is known of an integer besides its shape. It holds for all
// lanes of all chunks, those of the last one that have no thread included.
type bound struct {
	known bool
	most  uint64 // it is at most this, unsigned
	exact bool   // a linear value does not wrap from its first lane on, unsigned
}

// bound returns what is known of v. It goes by what v is made of: constants and
// positions in the group have bounds, others have those of their type.
func (s *shapes) bound(v ir.Value) bound {
	if s.bounds == nil {
		s.bounds = make([]bound, len(s.f.Values))
	}
	if b := s.bounds[v]; b.known {
		return b
	}
	t := s.f.TypeOf(v)
	b := bound{known: true, most: ir.Mask(t)}
	if d := s.defs[v]; d != nil && t.IsInt() {
		b = s.boundOf(d, b)
	}
	s.bounds[v] = b
	return b
}

func (s *shapes) boundOf(d *ir.Instr, b bound) bound {
	limit := b.most
	arg := func(i int) bound { return s.bound(d.Args[i]) }
	c, shift := uint64(0), false // a constant second operand
	if len(d.Args) == 2 {
		c, shift = s.constant(d.Args[1])
	}
	// sum and the like are exact where the true result fits.
	fits := func(hi, lo uint64) {
		if hi == 0 && lo <= limit {
			b.most, b.exact = lo, arg(0).exact && arg(1).exact
		}
	}
	switch d.Op {
	case ir.OpConst:
		b.most, b.exact = uint64(d.Imm)&limit, true
	case ir.OpBuiltin:
		b.most, b.exact = min(limit, s.geo.most(ir.Builtin(d.Imm))), true
	case ir.OpZExt:
		b.most, b.exact = arg(0).most, arg(0).exact
	case ir.OpSExt:
		if x := arg(0); x.most <= ir.Mask(s.f.TypeOf(d.Args[0]))>>1 {
			b.most, b.exact = x.most, x.exact
		}
	case ir.OpTrunc:
		if x := arg(0); x.most <= limit {
			b.most, b.exact = x.most, x.exact
		}
	case ir.OpAdd:
		lo, carry := bits.Add64(arg(0).most, arg(1).most, 0)
		fits(carry, lo)
	case ir.OpMul:
		fits(bits.Mul64(arg(0).most, arg(1).most))
	case ir.OpShl:
		if shift && c < uint64(d.Type.Bits()) {
			fits(bits.Mul64(arg(0).most, 1<<c))
		}
	case ir.OpLShr:
		if shift {
			b.most = arg(0).most >> (c & uint64(d.Type.Bits()-1))
		}
	case ir.OpUDiv:
		if shift && c > 0 {
			b.most = arg(0).most / c
		}
	case ir.OpURem:
		b.most = arg(0).most
		if shift && c > 0 {
			b.most = min(b.most, c-1)
		}
	case ir.OpAnd, ir.OpUMin:
		b.most = min(arg(0).most, arg(1).most)
	case ir.OpUMax:
		b.most = max(arg(0).most, arg(1).most)
	case ir.OpOr, ir.OpXor:
		b.most = 1<<bits.Len64(arg(0).most|arg(1).most) - 1
	case ir.OpSelect:
		b.most = max(s.bound(d.Args[1]).most, s.bound(d.Args[2]).most)
	}
	return b
}

// most returns what a builtin is at most, in chunks that may reach beyond the
// group.
func (g *geometry) most(b ir.Builtin) uint64 {
	chunk := g.u * g.v
	threads := (g.threads + chunk - 1) / chunk * chunk
	x, y, z := g.threads, 1, 1
	switch {
	case g.form == line:
		x = threads
	case g.form == mixed || !g.full && g.depth > 1:
		return 1<<32 - 1
	default:
		x = g.width * g.v
		y, z = g.height, g.depth
		if !g.full {
			y = (threads + x - 1) / x
		}
	}
	n := 1 << 32
	switch b {
	case ir.ThreadPositionInThreadgroupX:
		n = x
	case ir.ThreadPositionInThreadgroupY:
		n = y
	case ir.ThreadPositionInThreadgroupZ:
		n = z
	case ir.ThreadIndexInThreadgroup:
		n = threads
	case ir.ThreadIndexInSimdgroup:
		n = 32
	case ir.SimdgroupIndexInThreadgroup:
		n = (threads + 31) / 32
	case ir.ThreadIndexInQuadgroup:
		n = 4
	case ir.QuadgroupIndexInThreadgroup:
		n = (threads + 3) / 4
	}
	return uint64(n) - 1
}

// inside reports whether an access of so many bytes, at an offset, is known to be
// inside its memory.
func (l *lower) inside(mem int, off ir.Value, imm, size int64) bool {
	n := int64(0)
	switch m := &l.f.Mems[mem]; m.Kind {
	case ir.MemThreadgroup:
		n = m.Size
	case ir.MemConst:
		n = int64(len(m.Data))
	}
	most := l.sh.bound(off).most
	return imm >= 0 && imm+size <= n && most <= uint64(n-size-imm)
}
