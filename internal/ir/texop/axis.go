package texop

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// An axis is a coordinate of a sample.
type axis struct {
	x      ir.Value // in texels
	n      ir.Value // how many there are
	offset ir.Value
	mode   texel.Address
	powers bool // n is a power of two
}

// A tap is a texel's place along an axis, or the border: at is within the axis
// always.
type tap struct {
	at     ir.Value
	inside ir.Value // NoValue if it always is
}

// far is beyond what is sampled; coordinates farther away count as this.
const far = 1 << 30

// floor returns the greatest integer below u, and itself as a float.
func (a *axis) floor(e *expander, u ir.Value) (i, f ir.Value) {
	f = e.float(ir.OpFFloor, u)
	i = e.b.Emit(ir.OpFToS, ir.I32, f)
	i = e.int(ir.OpSMax, e.int(ir.OpSMin, i, e.i(far)), e.i(-far))
	if a.offset != ir.NoValue {
		i = e.int(ir.OpAdd, i, a.offset)
	}
	return i, f
}

func (a *axis) nearest(e *expander) tap {
	i, _ := a.floor(e, a.x)
	return a.tap(e, i)
}

// linear returns the two texels that are mixed, and the weight of the second. Where
// the coordinate is no number or infinite there is no weight.
func (a *axis) linear(e *expander) (pair [2]tap, w ir.Value) {
	u := e.float(ir.OpFSub, a.x, e.c(0.5))
	i, f := a.floor(e, u)
	w = e.float(ir.OpFSub, u, f)
	w = e.sel(e.is(ir.OpFEq, w, w), w, e.c(0))
	pair[0] = a.tap(e, i)
	switch a.mode {
	case texel.ClampToEdge:
		// The texel before the first is enough to know that the next is it.
		i = e.int(ir.OpSMax, i, e.i(-1))
		pair[1].at = e.int(ir.OpSMin, e.int(ir.OpAdd, i, e.i(1)), a.last(e))
	case texel.Repeat:
		next := e.int(ir.OpAdd, pair[0].at, e.i(1))
		pair[1].at = e.sel(e.is(ir.OpEq, next, a.n), e.i(0), next)
	default:
		pair[1] = a.tap(e, e.int(ir.OpAdd, i, e.i(1)))
	}
	return pair, w
}

func (a *axis) last(e *expander) ir.Value { return e.int(ir.OpSub, a.n, e.i(1)) }

// tap returns what stands for texel i of the axis.
func (a *axis) tap(e *expander, i ir.Value) tap {
	switch a.mode {
	case texel.ClampToZero, texel.ClampToBorder:
		inside := e.is(ir.OpULt, i, a.n)
		return tap{e.sel(inside, i, e.i(0)), inside}
	case texel.Repeat:
		return tap{at: a.modulo(e, i, a.n)}
	case texel.MirrorRepeat:
		twice := e.int(ir.OpAdd, a.n, a.n)
		i = a.modulo(e, i, twice)
		mirrored := e.int(ir.OpSub, e.int(ir.OpSub, twice, e.i(1)), i)
		return tap{at: e.int(ir.OpSMin, i, mirrored)}
	case texel.MirrorClampToEdge:
		i = e.sel(e.is(ir.OpSLt, i, e.i(0)), e.int(ir.OpSub, e.i(-1), i), i)
		return tap{at: e.int(ir.OpSMin, i, a.last(e))}
	}
	return tap{at: e.int(ir.OpSMin, e.int(ir.OpSMax, i, e.i(0)), a.last(e))}
}

// modulo is the rest of a division by n, positive.
func (a *axis) modulo(e *expander, i, n ir.Value) ir.Value {
	if a.powers {
		return e.int(ir.OpAnd, i, e.int(ir.OpSub, n, e.i(1)))
	}
	i = e.int(ir.OpSRem, i, n)
	return e.sel(e.is(ir.OpSLt, i, e.i(0)), e.int(ir.OpAdd, i, n), i)
}
