package shape

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A Bound is what is known of an integer besides its shape. It holds for all
// lanes of all chunks, those of the last one that have no thread included.
type Bound struct {
	Most  uint64 // it is at most this, unsigned
	Exact bool   // a linear value does not wrap from its first lane on, unsigned
	round int32  // that it was found in; 0 if it was not
}

// Bound returns what is known of v. It goes by what v is made of: constants and
// positions in the group have bounds, others have those of their type.
func (s *Info) Bound(v ir.Value) Bound {
	list, round := &s.bounds, int32(1)
	if len(s.assumed) > 0 {
		list, round = &s.trial, s.round
	}
	if len(*list) == 0 {
		*list = zeros(*list, len(s.f.Values))
	}
	if b := (*list)[v]; b.round == round {
		return b
	}
	t := s.f.TypeOf(v)
	b := Bound{round: round, Most: ir.Mask(t)}
	if d := s.Defs[v]; d != nil && t.IsInt() {
		b = s.boundOf(d, b)
	}
	for _, a := range s.assumed {
		if a.v == v {
			b.Most = min(b.Most, a.most)
		}
	}
	(*list)[v] = b
	return b
}

// Assuming calls f while a uniform value is known to be at most most.
func (s *Info) Assuming(v ir.Value, most uint64, f func()) {
	s.assumed = append(s.assumed, assumption{v, most})
	s.round++ // what has been found by less is found anew
	f()
	s.round++
	s.assumed = s.assumed[:len(s.assumed)-1]
}

// An assumption is an upper bound of a value.
type assumption struct {
	v    ir.Value
	most uint64
}

func (s *Info) boundOf(d *ir.Instr, b Bound) Bound {
	limit := b.Most
	arg := func(i int) Bound { return s.Bound(d.Args[i]) }
	c, shift := uint64(0), false // a constant second operand
	if len(d.Args) == 2 {
		c, shift = s.Constant(d.Args[1])
	}
	// sum and the like are exact where the true result fits.
	fits := func(hi, lo uint64) {
		if hi == 0 && lo <= limit {
			b.Most, b.Exact = lo, arg(0).Exact && arg(1).Exact
		}
	}
	switch d.Op {
	case ir.OpConst:
		b.Most, b.Exact = uint64(d.Imm)&limit, true
	case ir.OpBuiltin:
		b.Most, b.Exact = min(limit, s.group.Most(ir.Builtin(d.Imm))), true
	case ir.OpZExt:
		b.Most, b.Exact = arg(0).Most, arg(0).Exact
	case ir.OpSExt:
		if x := arg(0); x.Most <= ir.Mask(s.f.TypeOf(d.Args[0]))>>1 {
			b.Most, b.Exact = x.Most, x.Exact
		}
	case ir.OpTrunc:
		if x := arg(0); x.Most <= limit {
			b.Most, b.Exact = x.Most, x.Exact
		}
	case ir.OpAdd:
		lo, carry := bits.Add64(arg(0).Most, arg(1).Most, 0)
		fits(carry, lo)
	case ir.OpMul:
		fits(bits.Mul64(arg(0).Most, arg(1).Most))
	case ir.OpShl:
		if shift && c < uint64(d.Type.Bits()) {
			fits(bits.Mul64(arg(0).Most, 1<<c))
		}
	case ir.OpLShr:
		if shift {
			b.Most = arg(0).Most >> (c & uint64(d.Type.Bits()-1))
		}
		b.Exact = s.bitwise(d)
	case ir.OpUDiv:
		if shift && c > 0 {
			b.Most = arg(0).Most / c
		}
	case ir.OpURem:
		b.Most = arg(0).Most
		if shift && c > 0 {
			b.Most = min(b.Most, c-1)
		}
	case ir.OpAnd:
		b.Most, b.Exact = min(arg(0).Most, arg(1).Most), s.bitwise(d)
	case ir.OpUMin:
		b.Most = min(arg(0).Most, arg(1).Most)
	case ir.OpUMax:
		b.Most = max(arg(0).Most, arg(1).Most)
	case ir.OpOr, ir.OpXor:
		b.Most = 1<<bits.Len64(arg(0).Most|arg(1).Most) - 1
	case ir.OpClz, ir.OpCtz, ir.OpPopcnt:
		b.Most = uint64(d.Type.Bits())
	case ir.OpSelect:
		b.Most = max(s.Bound(d.Args[1]).Most, s.Bound(d.Args[2]).Most)
	}
	return b
}
