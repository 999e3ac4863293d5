package lower

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
)

// packing is how numbers in [0, 1] or [-1, 1] lie in an integer: the first in
// the lowest bits.
type packing struct {
	bits   []int // of each component
	signed bool
	srgb   bool // the first three components are on the sRGB curve
}

// addPack adds the functions that pack and unpack (MSL spec, section 6.11).
func addPack(m map[string]libFunc) {
	for name, p := range map[string]packing{
		"unorm4x8":      {bits: []int{8, 8, 8, 8}},
		"snorm4x8":      {bits: []int{8, 8, 8, 8}, signed: true},
		"unorm2x16":     {bits: []int{16, 16}},
		"snorm2x16":     {bits: []int{16, 16}, signed: true},
		"unorm10a2":     {bits: []int{10, 10, 10, 2}},
		"unorm565":      {bits: []int{5, 6, 5}},
		"srgb_unorm4x8": {bits: []int{8, 8, 8, 8}, srgb: true},
	} {
		for _, t := range []string{"float", "half"} {
			m["pack_"+t+"_to_"+name] = p.pack
			if p.srgb {
				m["unpack_unorm4x8_srgb_to_"+t] = p.unpack
				continue
			}
			m["unpack_"+name+"_to_"+t] = p.unpack
		}
	}
}

func (p packing) scale(i int) float32 {
	if p.signed {
		return float32(int(1)<<(p.bits[i]-1) - 1)
	}
	return float32(int(1)<<p.bits[i] - 1)
}

// pack rounds each component to the nearest step.
func (p packing) pack(l *lowerer, e *sem.Builtin) []ir.Value {
	x := l.toFloat(l.value(e.Args[0]))
	lo := l.b.F32(0)
	if p.signed {
		lo = l.b.F32(-1)
	}
	acc, at := l.b.I32(0), 0
	for i, v := range x {
		v = l.b.Emit(ir.OpFMin, ir.F32, l.b.Emit(ir.OpFMax, ir.F32, v, lo), l.b.F32(1))
		if p.srgb && i < 3 {
			v = l.toSRGB(v)
		}
		v = l.b.Emit(ir.OpFRint, ir.F32, l.fmul(ir.F32, v, l.b.F32(p.scale(i))))
		n := l.b.Emit(ir.OpFToS, ir.I32, v)
		n = l.b.Emit(ir.OpAnd, ir.I32, n, l.b.I32(1<<p.bits[i]-1))
		acc = l.b.Emit(ir.OpOr, ir.I32, acc, l.b.Emit(ir.OpShl, ir.I32, n, l.b.I32(int32(at))))
		at += p.bits[i]
	}
	return []ir.Value{l.resize(acc, l.scalarType(elemOf(e.T)), false)}
}

func (p packing) unpack(l *lowerer, e *sem.Builtin) []ir.Value {
	x := l.resize(l.scalar(e.Args[0]), ir.I32, false)
	out := make([]ir.Value, len(p.bits))
	at := 0
	for i, n := range p.bits {
		// To the top, to shift the sign in, or zeros.
		v := l.b.Emit(ir.OpShl, ir.I32, x, l.b.I32(int32(32-at-n)))
		shift, conv := ir.OpLShr, ir.OpUToF
		if p.signed {
			shift, conv = ir.OpAShr, ir.OpSToF
		}
		v = l.b.Emit(shift, ir.I32, v, l.b.I32(int32(32-n)))
		f := l.fdiv(ir.F32, l.b.Emit(conv, ir.F32, v), l.b.F32(p.scale(i)))
		if p.signed {
			f = l.b.Emit(ir.OpFMax, ir.F32, f, l.b.F32(-1))
		}
		if p.srgb && i < 3 {
			f = l.fromSRGB(f)
		}
		if strings.HasSuffix(e.Name, "half") {
			f = l.b.Emit(ir.OpFConv, ir.F16, f)
		}
		out[i] = f
		at += n
	}
	return out
}

// toFloat converts floats of any type to float.
func (l *lowerer) toFloat(x []ir.Value) []ir.Value {
	out := make([]ir.Value, len(x))
	for i, v := range x {
		out[i] = v
		if l.b.F.TypeOf(v) != ir.F32 {
			out[i] = l.b.Emit(ir.OpFConv, ir.F32, v)
		}
	}
	return out
}

func (l *lowerer) toSRGB(v ir.Value) ir.Value {
	curve := l.math(ir.OpPowr, sem.Precise, v, l.b.F32(float32(1/2.4)))
	curve = l.fsub(ir.F32, l.fmul(ir.F32, l.b.F32(1.055), curve), l.b.F32(0.055))
	return l.b.Select(l.test(ir.OpFLt, v, l.b.F32(0.0031308)), l.fmul(ir.F32, v, l.b.F32(12.92)), curve)
}

func (l *lowerer) fromSRGB(v ir.Value) ir.Value {
	base := l.fdiv(ir.F32, l.fadd(ir.F32, v, l.b.F32(0.055)), l.b.F32(1.055))
	curve := l.math(ir.OpPowr, sem.Precise, base, l.b.F32(2.4))
	return l.b.Select(l.test(ir.OpFLe, v, l.b.F32(0.04045)), l.fdiv(ir.F32, v, l.b.F32(12.92)), curve)
}
