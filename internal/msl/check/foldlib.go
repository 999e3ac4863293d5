package check

import (
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// foldBuiltin computes a library function of constants, where the result is
// exact or correctly rounded by its definition. Others are left to run.
func foldBuiltin(n *sem.Builtin) (*sem.Const, bool) {
	e := elementOf(n.T)
	if e == nil || len(n.Args) == 0 {
		return nil, false
	}
	args := make([]*sem.Const, len(n.Args))
	for i, a := range n.Args {
		k, ok := a.(*sem.Const)
		if !ok || enumOf(k.T) != nil {
			return nil, false
		}
		args[i] = k
	}
	out := &sem.Const{Typed: n.Typed}
	from := elementOf(args[0].T)
	for i := range components(n.T) {
		var in [4]uint64
		for j, k := range args {
			if i >= len(k.Bits) || j >= len(in) {
				return nil, false
			}
			in[j] = k.Bits[i]
		}
		v, ok := foldLib(n.Name, from, in[:len(args)])
		if !ok {
			return nil, false
		}
		out.Bits = append(out.Bits, v)
	}
	return out, true
}

func foldLib(name string, b *types.Basic, in []uint64) (uint64, bool) {
	less := func(x, y uint64) bool { v, _ := foldBinary(sem.Lt, b, x, y); return v != 0 }
	switch name {
	case "select":
		if in[2] != 0 {
			return in[1], true
		}
		return in[0], true
	}
	if b.IsFloat() {
		x := floatOf(b.Kind, in[0])
		switch name {
		case "abs", "fabs":
			return floatBits(b.Kind, math.Abs(x)), true
		case "sqrt":
			return floatBits(b.Kind, math.Sqrt(x)), true
		case "floor":
			return floatBits(b.Kind, math.Floor(x)), true
		case "ceil":
			return floatBits(b.Kind, math.Ceil(x)), true
		case "trunc":
			return floatBits(b.Kind, math.Trunc(x)), true
		case "isnan":
			return boolBits(x != x), true
		case "isinf":
			return boolBits(math.IsInf(x, 0)), true
		}
		return 0, false
	}
	if b == boolT {
		return 0, false
	}
	w := width(b)
	switch name {
	case "min":
		if less(in[1], in[0]) {
			return in[1], true
		}
		return in[0], true
	case "max":
		if less(in[0], in[1]) {
			return in[1], true
		}
		return in[0], true
	case "clamp": // min(max(x, low), high), of limits in the wrong order too
		x := in[0]
		if less(x, in[1]) {
			x = in[1]
		}
		if less(in[2], x) {
			x = in[2]
		}
		return x, true
	case "abs":
		if b.IsSigned() && signed(b, in[0]) < 0 {
			return wrap(b, -in[0]), true
		}
		return in[0], true
	case "clz":
		return uint64(bits.LeadingZeros64(in[0])) - (64 - uint64(w)), true
	case "ctz":
		return uint64(min(bits.TrailingZeros64(in[0]), int(w))), true
	case "popcount":
		return uint64(bits.OnesCount64(in[0])), true
	}
	return 0, false
}
