package shape

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// builtin returns the shape of an input of the launch.
func builtin(b ir.Builtin) Shape {
	switch b {
	case ir.ThreadPositionInGridX, ir.ThreadPositionInThreadgroupX:
		return Shape{Stride: 1, Across: Rows}
	case ir.ThreadPositionInGridY, ir.ThreadPositionInGridZ, ir.ThreadPositionInThreadgroupY, ir.ThreadPositionInThreadgroupZ:
		return Shape{Across: Rows}
	case ir.ThreadIndexInThreadgroup:
		return Shape{Stride: 1}
	case ir.ThreadIndexInSimdgroup:
		return Shape{Stride: 1, Across: Simds}
	case ir.SimdgroupIndexInThreadgroup:
		return Shape{Across: Simds}
	case ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		return varying
	}
	return Shape{}
}

// wrapStride reduces a stride to a type's width.
func wrapStride(t ir.Type, s int64) int64 {
	shift := 64 - uint(t.Bits())
	return s << shift >> shift
}

// constant returns the bits of v if it is a constant.
func (a *analyzer) constant(v ir.Value) (uint64, bool) {
	if d := a.defs[v]; d != nil && d.Op == ir.OpConst {
		return uint64(d.Imm), true
	}
	return 0, false
}

// eval returns the shape of the result of in.
func (a *analyzer) eval(in *ir.Instr) Shape {
	s := a.shapeOf(in)
	switch {
	case s.Varying(), s.Stride == 0 && s.Wrap != ir.NoValue:
		return varying
	case s.Stride != 0:
		s.Stride = wrapStride(in.Type, s.Stride)
		if s.Stride == 0 {
			s.Wrap, s.Signed = ir.NoValue, false
		}
	}
	return s
}

func (a *analyzer) shapeOf(in *ir.Instr) Shape {
	arg := func(i int) Shape { return a.val[in.Args[i]] }
	switch in.Op {
	case ir.OpConst, ir.OpMem:
		return Shape{}
	case ir.OpBuiltin:
		return builtin(ir.Builtin(in.Imm))
	case ir.OpAdd:
		return combine(arg(0), arg(1), arg(0).Stride+arg(1).Stride)
	case ir.OpSub:
		return combine(arg(0), arg(1), arg(0).Stride-arg(1).Stride)
	case ir.OpNeg, ir.OpNot:
		if s := arg(0); s.Stride != 0 {
			s.Stride = -s.Stride
			return s
		}
	case ir.OpMul:
		for i := range 2 {
			if c, ok := a.constant(in.Args[1-i]); ok {
				return scale(arg(i), int64(c))
			}
		}
	case ir.OpShl:
		if c, ok := a.constant(in.Args[1]); ok {
			return scale(arg(0), 1<<(c&uint64(in.Type.Bits()-1)))
		}
	case ir.OpSelect:
		return meet(arg(1), arg(2)).differ(arg(0).Across)
	case ir.OpTrunc:
		s := arg(0)
		if s.Wrap != ir.NoValue && in.Type.Bits() <= a.f.TypeOf(s.Wrap).Bits() {
			s.Wrap, s.Signed = ir.NoValue, false
		}
		return s
	case ir.OpZExt, ir.OpSExt:
		return a.extend(in)
	case ir.OpAddr:
		s := arg(1)
		if arg(0).Varying() {
			return varying
		}
		s.Across |= arg(0).Across
		return s
	case ir.OpLoad:
		if in.Space == ir.Thread {
			return varying
		}
	case ir.OpShuffle:
		if lane := arg(1); lane.Stride == 0 && groupWidth(in) == 32 {
			return lane.differ(Simds)
		}
		return varying
	case ir.OpGroupReduce, ir.OpBallot:
		if groupWidth(in) == 32 {
			return Shape{Across: Simds}
		}
		return varying
	case ir.OpGroupScan, ir.OpAtomicLoad, ir.OpAtomicRMW, ir.OpAtomicCAS, ir.OpVarGet:
		return varying
	}
	// A function of its arguments: the same where they are.
	var s Shape
	for i := range in.Args {
		if arg(i).Stride != 0 {
			return varying
		}
		s.Across |= arg(i).Across
	}
	return s
}

func groupWidth(in *ir.Instr) int {
	_, width, _ := ir.UnpackGroup(in.Imm)
	return width
}

// combine returns the shape of a sum or difference with that stride.
func combine(x, y Shape, stride int64) Shape {
	if x.Varying() || y.Varying() {
		return varying
	}
	if x.Wrap == ir.NoValue {
		x.Wrap, x.Signed = y.Wrap, y.Signed
	} else if y.Wrap != ir.NoValue && (y.Wrap != x.Wrap || y.Signed != x.Signed) {
		return varying
	}
	x.Stride = stride
	x.Across |= y.Across
	return x
}

func scale(x Shape, c int64) Shape {
	if c == 0 {
		return Shape{}
	}
	x.Stride *= c
	return x
}

// extend returns the shape of an extended integer.
func (a *analyzer) extend(in *ir.Instr) Shape {
	v := in.Args[0]
	s, f := a.val[v], a.facts[v]
	signed := in.Op == ir.OpSExt
	switch {
	case s.Stride == 0:
		return s
	case signed && f.exactS, !signed && f.exactU:
		return s
	case s.Wrap != ir.NoValue:
		return varying
	}
	s.Wrap, s.Signed = v, signed
	return s
}

// know returns what else is known of the result of in, whose shape is s.
func (a *analyzer) know(in *ir.Instr, s Shape) facts {
	t := in.Type
	if !t.IsInt() {
		return facts{}
	}
	f := facts{bound: min(a.bound(in), ir.Mask(t))}
	if s.Varying() || s.Stride == 0 || s.Wrap != ir.NoValue {
		return f
	}
	// If the value stays so far below 2**w that a run cannot get round to it
	// again, the differences between its threads are true ones.
	const steps = MaxThreads - 1
	reach := s.Stride
	if reach < 0 {
		reach = -reach
	}
	if uint64(reach) < 1<<40 && f.bound <= ir.Mask(t)-min(uint64(reach)*steps, ir.Mask(t)) && uint64(reach)*steps <= ir.Mask(t) {
		f.exactU = true
		f.exactS = f.bound <= ir.Mask(t)>>1
	}
	if in.Op == ir.OpBuiltin && ir.Builtin(in.Imm) == ir.ThreadPositionInGridX {
		f.exactU = true // a grid has at most 2**32-1 threads a side
	}
	return f
}

// bound returns what the result of in is at most, as an unsigned integer; it may
// be more than the type holds.
func (a *analyzer) bound(in *ir.Instr) uint64 {
	all := ir.Mask(in.Type)
	arg := func(i int) uint64 { return a.facts[in.Args[i]].bound }
	switch in.Op {
	case ir.OpConst:
		return uint64(in.Imm)
	case ir.OpBuiltin:
		switch b := ir.Builtin(in.Imm); {
		case b == ir.ThreadIndexInSimdgroup, b == ir.SimdgroupIndexInThreadgroup:
			return 31
		case b == ir.ThreadIndexInThreadgroup, b >= ir.ThreadPositionInThreadgroupX && b <= ir.ThreadPositionInThreadgroupZ:
			return MaxThreads - 1
		case b >= ir.ThreadsPerThreadgroupX && b <= ir.DispatchThreadsPerThreadgroupZ:
			return MaxThreads
		case b == ir.ThreadsPerSimdgroup:
			return 32
		}
	case ir.OpZExt:
		if from := a.f.TypeOf(in.Args[0]); from == ir.Bool {
			return 1
		}
		return arg(0)
	case ir.OpTrunc:
		if b := arg(0); b <= all {
			return b
		}
	case ir.OpAdd:
		if sum, carry := bits.Add64(arg(0), arg(1), 0); carry == 0 && sum <= all {
			return sum
		}
	case ir.OpMul:
		if hi, lo := bits.Mul64(arg(0), arg(1)); hi == 0 && lo <= all {
			return lo
		}
	case ir.OpShl:
		if c, ok := a.constant(in.Args[1]); ok {
			c &= uint64(in.Type.Bits() - 1)
			if b := arg(0); b <= all>>c {
				return b << c
			}
		}
	case ir.OpLShr:
		if c, ok := a.constant(in.Args[1]); ok {
			return arg(0) >> (c & uint64(in.Type.Bits()-1))
		}
		return arg(0)
	case ir.OpAnd, ir.OpUMin:
		return min(arg(0), arg(1))
	case ir.OpUMax:
		return max(arg(0), arg(1))
	case ir.OpOr, ir.OpXor:
		return 1<<bits.Len64(max(arg(0), arg(1))) - 1
	case ir.OpUDiv:
		if c, ok := a.constant(in.Args[1]); ok && c != 0 {
			return arg(0) / c
		}
	case ir.OpURem:
		if c, ok := a.constant(in.Args[1]); ok && c != 0 {
			return min(arg(0), c-1)
		}
		return arg(0)
	case ir.OpSelect:
		return max(arg(1), arg(2))
	case ir.OpClz, ir.OpCtz, ir.OpPopcnt:
		return uint64(in.Type.Bits())
	}
	return all
}
