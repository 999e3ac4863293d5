package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// A texture or a sampler is one I64 that names it: see package ir.

// resource returns the value of a parameter that is bound to textures or
// samplers: one, or an array of them at consecutive indices.
func (l *lowerer) resource(p *sem.Var) place {
	t, n := p.Type, 1
	if a, ok := t.(*types.Array); ok {
		t, n = a.Elem, int(a.Len)
	}
	vals := make([]ir.Value, n)
	if !l.enabled(p.Arg) {
		return valuePlace(p.Type, l.zero(p.Type))
	}
	for i := range vals {
		if tex, ok := t.(*types.Texture); ok {
			vals[i] = l.b.Texture(ir.Texture{Name: p.Name, Index: p.Arg.Index + i, Type: tex.Type, Class: classOf(tex.Elem),
				Depth: tex.Depth, Read: tex.Readable(), Write: tex.Writable(), Sample: tex.Access == types.AccessSample})
		} else {
			vals[i] = l.b.Sampler(ir.Sampler{Name: p.Name, Index: p.Arg.Index + i})
		}
	}
	return valuePlace(p.Type, vals)
}

// classOf returns what the channels of a texture with this component type are.
func classOf(t *types.Basic) texel.Class {
	switch {
	case t.IsFloat():
		return texel.ClassFloat
	case t.IsSigned():
		return texel.ClassSint
	}
	return texel.ClassUint
}

// samplerConst returns a sampler that is part of the kernel.
func (l *lowerer) samplerConst(bits []uint64) ir.Value {
	s := stdlib.SamplerState(bits)
	for i := range l.b.F.Samplers {
		if have := l.b.F.Samplers[i].State; have != nil && *have == s {
			return l.b.SamplerAt(i)
		}
	}
	return l.b.Sampler(ir.Sampler{Name: "sampler", State: &s})
}

// addTextures adds the member functions of textures (MSL spec, section 6.12).
func addTextures(m map[string]libFunc) {
	m["is_null_texture"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		return []ir.Value{l.test(ir.OpEq, l.scalar(e.Args[0]), l.b.I64(0))}
	}
	for name, q := range map[string]ir.TexQuery{
		"get_width": ir.TexWidth, "get_height": ir.TexHeight, "get_depth": ir.TexDepth,
		"get_array_size": ir.TexLayers, "get_num_mip_levels": ir.TexLevels, "get_num_samples": ir.TexSamples,
	} {
		m["texture::"+name] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			tex, level := l.scalar(e.Args[0]), l.b.I32(0)
			if len(e.Args) > 1 {
				level = l.scalar(e.Args[1])
			}
			l.setPos(e.P)
			return []ir.Value{l.b.EmitImm(ir.OpTexQuery, ir.I32, int64(q), tex, level)}
		}
	}
	m["texture::fence"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		l.setPos(e.P)
		l.b.Fence()
		return nil
	}
	m["texture::read"] = textureRead
	m["texture::write"] = textureWrite
	for name, op := range map[string]ir.Op{"sample": ir.OpTexSample, "sample_compare": ir.OpTexSample, "gather": ir.OpTexGather, "gather_compare": ir.OpTexGather} {
		compare := name == "sample_compare" || name == "gather_compare"
		m["texture::"+name] = func(l *lowerer, e *sem.Builtin) []ir.Value { return textureSample(l, e, op, compare) }
	}
	addTextureAtomics(m)
}

// textureArgs collects the operands of an operation on a texture, and the
// arguments of the call as they are used up.
type textureArgs struct {
	l    *lowerer
	tex  *types.Texture
	mode ir.TexMode
	vals []ir.Value
	rest []sem.Expr
}

func (l *lowerer) textureArgs(e *sem.Builtin) *textureArgs {
	tex := e.Args[0].Type().(*types.Texture)
	return &textureArgs{l: l, tex: tex, mode: ir.TexMode{Type: tex.Type}, vals: []ir.Value{l.scalar(e.Args[0])}, rest: e.Args[1:]}
}

// next evaluates the next argument.
func (a *textureArgs) next() []ir.Value {
	v := a.l.value(a.rest[0])
	a.rest = a.rest[1:]
	return v
}

// take makes the next argument operands.
func (a *textureArgs) take() { a.vals = append(a.vals, a.next()...) }

// words makes the next n arguments operands, as I32.
func (a *textureArgs) words(n int) {
	for range n {
		for _, v := range a.next() {
			if a.l.b.F.TypeOf(v) == ir.I16 {
				v = a.l.b.Emit(ir.OpZExt, ir.I32, v)
			}
			a.vals = append(a.vals, v)
		}
	}
}

// texel makes operands of what names a texel; a level of detail may follow.
func (a *textureArgs) texel(sample bool) {
	n := 1
	if a.tex.Type.Cube() {
		n++
	}
	if a.tex.Type.Array() {
		n++
	}
	if sample && a.tex.Type.Multisample() {
		n++
	}
	a.words(n)
}

func (a *textureArgs) level() {
	if len(a.rest) > 0 {
		a.mode.LOD = ir.LODLevel
		a.words(1)
	}
}

// emit appends the operation on the texture.
func (a *textureArgs) emit(op ir.Op, rmw ir.AtomicOp, e *sem.Builtin) []ir.Value {
	l := a.l
	l.setPos(e.P)
	return l.b.Tex(op, l.scalarType(a.tex.Elem), a.mode, rmw, a.vals...)
}

// texelResult makes a result of as many channels as the call's type has.
func (l *lowerer) texelResult(vals []ir.Value, t types.Type) []ir.Value {
	return vals[:l.countParts(t)]
}

func textureRead(l *lowerer, e *sem.Builtin) []ir.Value {
	a := l.textureArgs(e)
	a.noWide(e)
	a.texel(true)
	a.level()
	return l.texelResult(a.emit(ir.OpTexRead, 0, e), e.T)
}

// noWide gives up on reads and writes of 64-bit components, which only have
// atomic operations.
func (a *textureArgs) noWide(e *sem.Builtin) {
	if a.tex.Elem.Size() == 8 {
		a.l.fail(e.P, "textures of '%s' have no member function but atomic_min and atomic_max", a.tex.Elem)
	}
}

func textureWrite(l *lowerer, e *sem.Builtin) []ir.Value {
	a := l.textureArgs(e)
	a.noWide(e)
	color := a.next()
	a.texel(false)
	a.level()
	a.vals = append(a.vals, color...)
	a.emit(ir.OpTexWrite, 0, e)
	return nil
}

func textureSample(l *lowerer, e *sem.Builtin, op ir.Op, compare bool) []ir.Value {
	a := l.textureArgs(e)
	a.noWide(e)
	a.take() // the sampler
	a.take() // the coordinates
	if a.tex.Type.Array() {
		a.words(1)
	}
	if a.mode.Compare = compare; compare {
		a.take()
	}
	var offset []ir.Value
	for len(a.rest) > 0 {
		switch t := a.rest[0].Type().(type) {
		case *types.Opaque:
			switch t.Name {
			case "level":
				a.mode.LOD = ir.LODLevel
			case "bias":
				a.mode.LOD = ir.LODBias
			case "min_lod_clamp":
				a.mode.MinLOD = true
			default:
				a.mode.LOD = ir.LODGradient
			}
			a.take()
		case *types.Enum:
			a.mode.Component = uint8(a.rest[0].(*sem.Const).Bits[0])
			a.next()
		default:
			a.mode.Offset = true
			offset = a.next()
		}
	}
	a.vals = append(a.vals, offset...)
	return l.texelResult(a.emit(op, 0, e), e.T)
}

// addTextureAtomics adds the atomic functions on texels: the operation is on
// the first channel, and so is the result.
func addTextureAtomics(m map[string]libFunc) {
	do := func(op ir.Op, signed, unsigned ir.AtomicOp) libFunc {
		return func(l *lowerer, e *sem.Builtin) []ir.Value {
			a := l.textureArgs(e)
			var operand []ir.Value
			if op == ir.OpTexStore {
				operand = a.next()[:1]
			}
			a.texel(false)
			if op == ir.OpTexRMW {
				operand = a.next()[:1]
			}
			a.vals = append(a.vals, operand...)
			rmw := unsigned
			if a.tex.Elem.IsSigned() {
				rmw = signed
			}
			out := a.emit(op, rmw, e)
			if b, ok := e.T.(*types.Basic); ok && b.Kind == types.Void {
				return nil
			}
			zero := l.b.Zero(l.scalarType(a.tex.Elem))
			return []ir.Value{out[0], zero, zero, zero}
		}
	}
	m["texture::atomic_load"] = do(ir.OpTexLoad, 0, 0)
	m["texture::atomic_store"] = do(ir.OpTexStore, 0, 0)
	for name, ops := range map[string][2]ir.AtomicOp{
		"exchange": {ir.AtomicXchg, ir.AtomicXchg}, "fetch_add": {ir.AtomicAdd, ir.AtomicAdd}, "fetch_sub": {ir.AtomicSub, ir.AtomicSub},
		"fetch_and": {ir.AtomicAnd, ir.AtomicAnd}, "fetch_or": {ir.AtomicOr, ir.AtomicOr}, "fetch_xor": {ir.AtomicXor, ir.AtomicXor},
		"fetch_min": {ir.AtomicSMin, ir.AtomicUMin}, "fetch_max": {ir.AtomicSMax, ir.AtomicUMax},
		"min": {ir.AtomicSMin, ir.AtomicUMin}, "max": {ir.AtomicSMax, ir.AtomicUMax},
	} {
		m["texture::atomic_"+name] = do(ir.OpTexRMW, ops[0], ops[1])
	}
	m["texture::atomic_compare_exchange_weak"] = textureCompareExchange
}

// textureCompareExchange is atomic_compare_exchange_weak(coord, expected,
// desired): it compares the first channel and stores what it found in
// *expected.
func textureCompareExchange(l *lowerer, e *sem.Builtin) []ir.Value {
	a := l.textureArgs(e)
	a.texel(false)
	var expected place
	if x, ok := a.rest[0].(*sem.AddrOf); ok {
		expected = l.place(x.X)
	} else {
		p := l.value(a.rest[0])
		t := a.rest[0].Type().(*types.Pointer)
		expected = memoryPlace(t.Elem, p[0], p[1], spaceOf(t.Space))
	}
	want := l.load(expected, e.P)
	desired := l.value(a.rest[1])
	a.vals = append(a.vals, want[0], desired[0])
	old := a.emit(ir.OpTexCAS, 0, e)[0]
	want[0] = old
	same := l.test(ir.OpEq, old, a.vals[len(a.vals)-2])
	l.store(expected, want, e.P)
	return []ir.Value{same}
}
