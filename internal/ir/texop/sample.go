package texop

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// A sampling is a sample or gather whose filter is known, of level 0.
type sampling struct {
	t      *bound
	s      *texel.SamplerState
	kind   ir.Type
	axes   []axis
	rest   ir.Value // what the slice adds to the number of a texel
	ref    ir.Value // that texels are compared with, or NoValue
	border [4]ir.Value
}

// operands are those of a sample behind its coordinates.
type operands struct {
	slice, ref  ir.Value
	lod, min    ir.Value
	offsets     []ir.Value
	coordinates []ir.Value
}

func sampleOperands(in *ir.Instr, mode *ir.TexMode) (o operands) {
	args := in.Args[2:]
	take := func(n int) []ir.Value { list := args[:n]; args = args[n:]; return list }
	n := mode.Type.Coords()
	o.coordinates = take(n)
	if mode.Type.Array() {
		o.slice = take(1)[0]
	}
	if mode.Compare {
		o.ref = take(1)[0]
	}
	switch mode.LOD {
	case ir.LODLevel, ir.LODBias:
		o.lod = take(1)[0]
	case ir.LODGradient:
		take(2 * n)
	}
	if mode.MinLOD {
		o.min = take(1)[0]
	}
	if mode.Offset {
		o.offsets = take(n)
	}
	return o
}

// sample emits an OpTexSample or OpTexGather, if it is of level 0 and by one filter
// whatever its operands are.
func (e *expander) sample(in *ir.Instr, mode *ir.TexMode, t *bound) ([]ir.Value, bool) {
	s := e.state(in.Args[1])
	if s == nil || mode.Type.Cube() || s.Reduction != texel.WeightedAverage {
		return nil, false
	}
	o := sampleOperands(in, mode)
	filter, ok := e.filter(in, mode, s, t, &o)
	if !ok {
		return nil, false
	}
	x := &sampling{t: t, s: s, kind: in.Type}
	modes := [3]texel.Address{s.S, s.T, s.R}
	for d, c := range o.coordinates {
		a := axis{x: c, n: e.word(t.index, wordWidth+d), mode: modes[d], powers: t.Powers, offset: ir.NoValue}
		if o.offsets != nil {
			if c, ok := e.b.ConstBits(o.offsets[d]); !ok || int32(c) != int32(c)<<8>>8 {
				return nil, false // it might take what is far beyond what an I32 counts
			}
			a.offset = o.offsets[d]
		}
		if !s.Pixel {
			a.x = e.float(ir.OpFMul, c, e.floatWord(t.index, wordWidth+d))
		}
		x.axes = append(x.axes, a)
	}
	if mode.Type.Array() {
		last := e.int(ir.OpSub, e.word(t.index, wordLayers), e.i(1))
		x.rest = e.int(ir.OpMul, e.int(ir.OpUMin, o.slice, last), e.word(t.index, wordSlice))
	}
	x.setBorder(e)
	if mode.Compare {
		x.ref = e.reference(t, o.ref)
	}
	if in.Op == ir.OpTexGather {
		return x.gather(e, mode.Component), true
	}
	v := x.filtered(e, filter)
	out := make([]ir.Value, 4)
	copy(out, v[:])
	return x.results(e, out), true
}

// filter returns how a sample is filtered, if that is known and it is of level 0.
func (e *expander) filter(in *ir.Instr, mode *ir.TexMode, s *texel.SamplerState, t *bound, o *operands) (texel.Filter, bool) {
	level0 := t.OneLevel || s.Mip == texel.MipNone
	if in.Op == ir.OpTexGather {
		return texel.FilterLinear, t.OneLevel || s.ClampLOD(0) < 1
	}
	if t.Class != texel.ClassFloat {
		mag := *s
		mag.Mag, mag.Min = texel.FilterNearest, texel.FilterNearest
		s = &mag
	}
	if level0 && s.Mag == s.Min {
		return s.Mag, true
	}
	lod := float32(0)
	for _, v := range []ir.Value{o.lod, o.min} {
		if v == ir.NoValue {
			continue
		}
		bits, ok := e.b.ConstBits(v)
		if !ok {
			return 0, false
		}
		if x := ir.Widen(ir.F32, bits); v == o.lod {
			lod = x
		} else {
			lod = max(lod, x)
		}
	}
	if mode.LOD == ir.LODGradient {
		return 0, false
	}
	if lod = s.ClampLOD(lod); lod <= 0 {
		return s.Mag, true
	}
	return s.Min, level0
}

// reference clamps what is compared to what a format can hold, and leaves NaN.
func (e *expander) reference(t *bound, ref ir.Value) ir.Value {
	if t.Number() != texel.Unorm {
		return ref
	}
	ref = e.sel(e.is(ir.OpFLt, e.c(1), ref), e.c(1), ref)
	return e.sel(e.is(ir.OpFLt, ref, e.c(0)), e.c(0), ref)
}

func (x *sampling) setBorder(e *expander) {
	c := x.t.BorderColor(x.s)
	for i, v := range [4]float32{c.R, c.G, c.B, c.A} {
		x.border[i] = e.constant(x.t, v != 0)
	}
}

// results makes what texels were made of the results of the operation.
func (x *sampling) results(e *expander, v []ir.Value) []ir.Value {
	for i := range v {
		switch x.kind {
		case ir.F16:
			v[i] = e.b.Emit(ir.OpFConv, ir.F16, v[i])
		case ir.I16:
			v[i] = e.b.Emit(ir.OpTrunc, ir.I16, v[i])
		}
	}
	return v
}

// texel returns the channels of the texel at taps, one an axis, or the border.
func (x *sampling) texel(e *expander, taps []tap) (v [4]ir.Value) {
	steps := [3]int{0, wordRow, wordImage}
	at, inside, rest := taps[0].at, taps[0].inside, x.rest
	for d := len(taps) - 1; d > 0; d-- {
		step := e.int(ir.OpMul, taps[d].at, e.word(x.t.index, steps[d]))
		rest = e.plus(step, rest)
		inside = e.and(inside, taps[d].inside)
	}
	raw := e.decode(x.t, e.fetch(x.t, e.plus(at, rest), ir.NoValue), ir.NoValue)
	copy(v[:], e.shaped(raw, x.t, ir.NoValue, ir.F32))
	if inside != ir.NoValue {
		for i := range v {
			v[i] = e.sel(inside, v[i], x.border[i])
		}
	}
	if x.ref != ir.NoValue {
		r := e.compared(x.s.Compare, x.ref, v[0])
		v = [4]ir.Value{r, r, r, r}
	}
	return v
}

// compared is 1 where ref compares with x, else 0.
func (e *expander) compared(c texel.Compare, ref, x ir.Value) ir.Value {
	var is ir.Value
	switch c {
	case texel.Less:
		is = e.is(ir.OpFLt, ref, x)
	case texel.Equal:
		is = e.is(ir.OpFEq, ref, x)
	case texel.LessEqual:
		is = e.is(ir.OpFLe, ref, x)
	case texel.Greater:
		is = e.is(ir.OpFLt, x, ref)
	case texel.NotEqual:
		is = e.is(ir.OpFNe, ref, x)
	case texel.GreaterEqual:
		is = e.is(ir.OpFLe, x, ref)
	case texel.Always:
		return e.c(1)
	default:
		return e.c(0)
	}
	return e.sel(is, e.c(1), e.c(0))
}

// filtered returns the sample.
func (x *sampling) filtered(e *expander, filter texel.Filter) [4]ir.Value {
	n := len(x.axes)
	if filter == texel.FilterNearest {
		taps := make([]tap, n)
		for d := range taps {
			taps[d] = x.axes[d].nearest(e)
		}
		return x.texel(e, taps)
	}
	pairs, weights := make([][2]tap, n), make([]ir.Value, n)
	for d := range pairs {
		pairs[d], weights[d] = x.axes[d].linear(e)
	}
	taps := make([]tap, n)
	var along func(d int) [4]ir.Value // mixes along axes d and below
	along = func(d int) [4]ir.Value {
		if d < 0 {
			return x.texel(e, taps)
		}
		taps[d] = pairs[d][0]
		a := along(d - 1)
		taps[d] = pairs[d][1]
		return e.mix(a, along(d-1), weights[d])
	}
	return along(n - 1)
}

// mix interpolates: a + w*(b-a), each step rounded.
func (e *expander) mix(a, b [4]ir.Value, w ir.Value) (v [4]ir.Value) {
	for i := range v {
		v[i] = a[i]
		if a[i] != b[i] {
			v[i] = e.float(ir.OpFAdd, a[i], e.float(ir.OpFMul, w, e.float(ir.OpFSub, b[i], a[i])))
		}
	}
	return v
}

// gather returns a channel of the four texels around the coordinate.
func (x *sampling) gather(e *expander, component uint8) []ir.Value {
	px, _ := x.axes[0].linear(e)
	py, _ := x.axes[1].linear(e)
	var out []ir.Value
	for _, d := range [4][2]int{{0, 1}, {1, 1}, {1, 0}, {0, 0}} {
		v := x.texel(e, []tap{px[d[0]], py[d[1]]})
		out = append(out, v[component&3])
	}
	return x.results(e, out)
}
