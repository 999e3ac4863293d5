package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// input makes the scalar or vectors of an input.
func (l *lower) input(v ir.Value) {
	d := l.sh.Defs[v]
	if d == nil {
		return
	}
	x := value{}
	switch d.Op {
	case ir.OpConst:
		x.g = []vreg{l.imm(uint64(d.Imm) & ir.Mask(d.Type))}
	case ir.OpMem:
		x.g = []vreg{l.imm(uint64(d.Imm) + 1)}
	case ir.OpTexture, ir.OpSampler:
		x.g = []vreg{l.ctx(l.resource(d.Op, d.Imm))}
	case ir.OpBuiltin:
		x = l.builtin(ir.Builtin(d.Imm))
	default:
		return
	}
	l.remember(v)
	l.vals[v] = x
}

// resource returns where the context has the ID of a texture or sampler.
func (l *lower) resource(op ir.Op, index int64) int32 {
	for _, r := range l.lay.resources {
		if r.Op == op && r.Index == index {
			return r.off
		}
	}
	off := l.lay.word()
	l.lay.resources = append(l.lay.resources, Resource{op, index, off})
	return off
}

// builtin computes a builtin for the chunk.
func (l *lower) builtin(b ir.Builtin) value {
	geo := &l.geo
	switch {
	case b <= ir.ThreadPositionInGridZ:
		x := l.position(int(b - ir.ThreadPositionInGridX))
		base := l.ctx(l.lay.builtin(b))
		for i := range x.g {
			x.g[i] = l.scalarOp(ir.OpAdd, ir.I32, ir.I32, x.g[i], base)
		}
		if len(x.v) > 0 {
			splat := l.emit1(lSplat, vector, 0, base)
			l.code[len(l.code)-1].t = ir.I32
			for i := range x.v {
				x.v[i] = l.vop(ir.OpAdd, ir.I32, ir.I32, x.v[i], splat)
			}
		}
		if len(x.g) == 0 && len(x.v) == 0 {
			x.g = []vreg{base}
		}
		return x
	case b <= ir.ThreadPositionInThreadgroupZ:
		x := l.position(int(b - ir.ThreadPositionInThreadgroupX))
		if len(x.g) == 0 && len(x.v) == 0 {
			x.g = []vreg{l.imm(0)}
		}
		return x
	}
	switch b {
	case ir.ThreadIndexInThreadgroup:
		return value{g: []vreg{l.lane}}
	case ir.ThreadIndexInSimdgroup, ir.SimdgroupIndexInThreadgroup:
		if b == ir.ThreadIndexInSimdgroup && geo.u*geo.v%32 == 0 {
			return value{g: []vreg{l.imm(0)}} // a chunk begins with a group
		}
		op, k := ir.OpAnd, uint64(31)
		if b == ir.SimdgroupIndexInThreadgroup {
			op, k = ir.OpLShr, 5
		}
		return value{g: []vreg{l.scalarOp(op, ir.I32, ir.I32, l.lane, l.imm(k))}}
	case ir.ThreadIndexInQuadgroup: // a vector is a number of quad groups
		return value{v: []vreg{l.vop(ir.OpAnd, ir.I32, ir.I32, l.ramp(0, 1), l.splatConst(ir.I32, 3))}}
	case ir.QuadgroupIndexInThreadgroup:
		var x value
		for p := range geo.u {
			r := l.reg(vector)
			l.emit(ins{op: lRamp, d: []vreg{r}, s: []vreg{l.lane, l.ramp(int64(p*geo.v), 1)}})
			x.v = append(x.v, l.vop(ir.OpLShr, ir.I32, ir.I32, r, l.splatConst(ir.I32, 2)))
		}
		return x
	}
	return value{g: []vreg{l.ctx(l.lay.builtin(b))}}
}

// position computes the position in the group along an axis; nothing if it is
// always 0.
func (l *lower) position(d int) value {
	geo := &l.geo
	s := geo.axis(d)
	table := l.lay.table(d)
	switch {
	case s.Kind == shape.Uniform:
		return value{}
	case l.straight:
		return l.straightPosition(d, s)
	case geo.form == line:
		return value{g: []vreg{l.lane}}
	case s.Kind == shape.Varying:
		var x value
		for p := range geo.u {
			x.v = append(x.v, l.emit1(lTableV, vector, int64(table)+int64(4*p*geo.v), l.lane))
		}
		return x
	case s.Each:
		var x value
		for p := range geo.u {
			x.g = append(x.g, l.emit1(lTable, scalar, int64(table)+int64(4*p*geo.v), l.lane))
		}
		return x
	}
	return value{g: []vreg{l.emit1(lTable, scalar, int64(table), l.lane)}}
}
