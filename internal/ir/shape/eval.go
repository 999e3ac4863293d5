package shape

import "github.com/aruminium-go/aruminium/internal/ir"

// transfer returns the shape of the result of in.
func (a *analyzer) transfer(in *ir.Instr) Shape {
	if a.Guess != nil {
		if x, ok := a.Guess.Result(a.Info, in); ok {
			return x
		}
	}
	switch in.Op {
	case ir.OpConst, ir.OpMem, ir.OpTexture, ir.OpSampler:
		return same
	case ir.OpBuiltin:
		return a.group.Input(ir.Builtin(in.Imm))
	case ir.OpLoad:
		if a.Values[in.Args[0]].Kind <= Uniform && a.Values[in.Args[1]].Kind <= Uniform && in.Space != ir.Thread && !a.own(in.Args[0]) {
			return same
		}
		return varying
	case ir.OpBallot, ir.OpGroupReduce:
		if a.Common[in] {
			return same
		}
		if _, width, _ := ir.UnpackGroup(in.Imm); width == ir.SimdLanes && (in.Type == ir.I32 || in.Type == ir.I64) {
			return a.group.Simd()
		}
		return varying
	}
	if in.Op.Info().Class != ir.Pure {
		return varying
	}
	return a.pure(in)
}

// pure returns the shape of a function of its operands.
func (a *analyzer) pure(in *ir.Instr) Shape {
	flat, shared, all := true, true, true
	for _, v := range in.Args {
		x := &a.Values[v]
		switch x.Kind {
		case Unknown:
			return *x
		case Uniform:
			continue
		}
		all = false
		flat = flat && x.Flat()
		shared = shared && x.Shared()
	}
	if all {
		return same
	}
	from := a.f.TypeOf(in.Args[0])
	if in.Type != ir.I32 && in.Type != ir.I64 || from != ir.I32 && from != ir.I64 {
		return varying
	}
	if in.Type == ir.I32 && from == ir.I32 {
		if x, ok := a.narrow(in); ok {
			return x
		}
	}
	if in.Type == ir.I64 && flat {
		if x, ok := a.wide(in); ok {
			return x
		}
	}
	switch {
	case !flat || !a.group.Scalars(in.Op, in.Type):
		return varying
	case shared:
		return Shape{Kind: Linear}
	}
	return Shape{Kind: Linear, Each: true}
}

// narrow returns the shape of an integer of 32 bits that is linear in operands.
func (a *analyzer) narrow(in *ir.Instr) (Shape, bool) {
	x := a.Values[in.Args[0]]
	y := same
	if len(in.Args) > 1 {
		y = a.Values[in.Args[1]]
	}
	if x.Kind == Varying || y.Kind == Varying {
		return Shape{}, false
	}
	switch in.Op {
	case ir.OpAdd:
		return sum(x, y, 1), true
	case ir.OpSub:
		return sum(x, y, -1), true
	case ir.OpNeg, ir.OpNot: // -x, -x - 1
		return sum(same, x, -1), a.group.Scalars(in.Op, in.Type)
	case ir.OpMul:
		if c, ok := a.Constant(in.Args[1]); ok {
			return scaled(x, int64(int32(c))), true
		}
		if c, ok := a.Constant(in.Args[0]); ok {
			return scaled(y, int64(int32(c))), true
		}
	case ir.OpShl:
		if c, ok := a.Constant(in.Args[1]); ok {
			return scaled(x, int64(int32(1)<<(c&31))), true
		}
	case ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpLShr:
		if c, ok := a.Constant(in.Args[1]); ok {
			return a.bits(in.Op, in.Args[0], c)
		}
	}
	return Shape{}, false
}

// wide returns the shape of an integer of 64 bits that is the same in all lanes of
// a vector, if the parts of a chunk differ by constants.
func (a *analyzer) wide(in *ir.Instr) (Shape, bool) {
	x := a.Values[in.Args[0]]
	var y Shape
	if len(in.Args) > 1 {
		y = a.Values[in.Args[1]]
	}
	if x.Each || y.Each {
		return Shape{}, false
	}
	var r Shape
	switch in.Op {
	case ir.OpZExt, ir.OpSExt:
		b := a.Bound(in.Args[0])
		if !b.Exact || in.Op == ir.OpSExt && b.Most > 1<<31-1 {
			return Shape{}, false
		}
		r = Shape{Kind: Linear, Part: x.Part}
	case ir.OpAdd:
		r = sum(x, y, 1)
	case ir.OpSub:
		r = sum(x, y, -1)
	case ir.OpMul:
		if c, ok := a.Constant(in.Args[1]); ok && c < MaxStep {
			r = scaled(x, int64(c))
		}
	case ir.OpShl:
		if c, ok := a.Constant(in.Args[1]); ok && c < 20 {
			r = scaled(x, 1<<c)
		}
	}
	return r, r.Kind == Linear && !r.Each
}

// own reports whether a Ref may name thread memory.
func (a *analyzer) own(ref ir.Value) bool {
	if d := a.Defs[ref]; d != nil && d.Op == ir.OpMem {
		return a.f.Mems[d.Imm].Kind == ir.MemThread
	}
	return true
}
