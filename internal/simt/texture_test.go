package simt_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// A texCase is a random kernel that does one operation on textures.
type texCase struct {
	r     *rand.Rand
	op    ir.Op
	mode  ir.TexMode
	t     ir.Type
	class texel.Class
	rmw   ir.AtomicOp
}

func randomTexCase(r *rand.Rand) *texCase {
	c := &texCase{r: r}
	ops := []ir.Op{ir.OpTexRead, ir.OpTexWrite, ir.OpTexSample, ir.OpTexSample, ir.OpTexGather, ir.OpTexLoad, ir.OpTexStore, ir.OpTexRMW, ir.OpTexCAS}
	for {
		c.op = ops[r.IntN(len(ops))]
		c.mode = ir.TexMode{Type: texel.Type(r.IntN(int(texel.NumTypes)))}
		c.t = []ir.Type{ir.F32, ir.F16, ir.I32, ir.I16}[r.IntN(4)]
		sampled := c.op == ir.OpTexSample || c.op == ir.OpTexGather
		atomic := c.op >= ir.OpTexLoad
		switch {
		case sampled && (c.mode.Type.Multisample() || c.mode.Type == texel.TypeBuffer),
			c.op == ir.OpTexGather && c.mode.Type.Coords() != 2 && !c.mode.Type.Cube(),
			c.op != ir.OpTexRead && c.mode.Type.Multisample():
			continue
		}
		c.class = texel.ClassFloat
		if !c.t.IsFloat() {
			c.class = []texel.Class{texel.ClassUint, texel.ClassSint}[r.IntN(2)]
		}
		if atomic {
			c.t, c.class = ir.I32, []texel.Class{texel.ClassUint, texel.ClassSint}[r.IntN(2)]
			c.rmw = []ir.AtomicOp{ir.AtomicXchg, ir.AtomicAdd, ir.AtomicSub, ir.AtomicAnd, ir.AtomicOr, ir.AtomicXor, ir.AtomicUMin, ir.AtomicUMax, ir.AtomicSMin, ir.AtomicSMax}[r.IntN(10)]
			return c
		}
		if sampled {
			c.mode.Component = uint8(r.IntN(4))
			c.mode.Offset = r.IntN(2) == 0
			c.mode.Compare = c.t.IsFloat() && r.IntN(3) == 0
			if c.op == ir.OpTexSample {
				c.mode.LOD = ir.LODMode(r.IntN(4))
				c.mode.MinLOD = r.IntN(2) == 0
			}
		} else if r.IntN(2) == 0 && !c.mode.Type.Multisample() {
			c.mode.LOD = ir.LODLevel
		}
		return c
	}
}

// build makes the kernel: every other thread does the operation, on one of two
// textures perhaps, at a place made up of its position.
func (c *texCase) build() *ir.Func {
	f := ir.NewFunc("texture")
	b := ir.NewBuilder(f)
	out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
	var tex [2]ir.Value
	for i := range tex {
		tex[i] = b.Texture(ir.Texture{Name: "t", Index: i, Type: c.mode.Type, Class: c.class, Read: true, Write: true})
	}
	smp := b.Sampler(ir.Sampler{Name: "s"})
	if c.r.IntN(2) == 0 {
		state := texel.SamplerState{Mag: texel.FilterLinear, Mip: texel.MipLinear, S: texel.Repeat, T: texel.ClampToZero, MaxLOD: 3, Compare: texel.Less}
		smp = b.Sampler(ir.Sampler{Name: "own", State: &state})
	}
	id := b.Builtin(ir.ThreadPositionInGridX)
	uniform := c.r.IntN(4) == 0
	state := id
	if uniform {
		state = b.I32(12345)
	}
	hash := func() ir.Value {
		state = b.Emit(ir.OpMul, ir.I32, b.Emit(ir.OpXor, ir.I32, state, b.I32(int32(c.r.Uint32()))), b.I32(-1640531535))
		state = b.Emit(ir.OpXor, ir.I32, state, b.Emit(ir.OpLShr, ir.I32, state, b.I32(15)))
		return state
	}
	cond := b.Emit(ir.OpEq, ir.Bool, b.Emit(ir.OpAnd, ir.I32, id, b.I32(1)), b.I32(0))
	results := make([]int, 4)
	for i := range results {
		results[i] = b.Var(c.t, "")
		b.Set(results[i], b.Zero(c.t))
	}
	b.If(cond, func() {
		var args []ir.Value
		types := ir.TexOperands(c.op, c.mode, c.t)
		for i, t := range types {
			switch {
			case i == 0 && c.r.IntN(4) == 0 && !uniform:
				pick := b.Emit(ir.OpEq, ir.Bool, b.Emit(ir.OpAnd, ir.I32, hash(), b.I32(4)), b.I32(0))
				args = append(args, b.Select(pick, tex[0], tex[1]))
			case i == 0:
				args = append(args, tex[c.r.IntN(2)])
			case t == ir.I64:
				args = append(args, smp)
			case t == ir.F32 || t == ir.F16:
				v := b.Emit(ir.OpSToF, t, b.Emit(ir.OpAShr, ir.I32, hash(), b.I32(22)))
				args = append(args, b.Emit(ir.OpFMul, t, v, b.Const(t, ir.Narrow(t, 1.0/200))))
			case t == ir.I16:
				args = append(args, b.Emit(ir.OpTrunc, ir.I16, hash()))
			case i >= len(types)-c.values():
				args = append(args, hash())
			default:
				args = append(args, b.Emit(ir.OpURem, ir.I32, hash(), b.I32(int32(2+c.r.IntN(9)))))
			}
		}
		for i, v := range b.Tex(c.op, c.t, c.mode, c.rmw, args...) {
			b.Set(results[i], v)
		}
	}, nil)
	sum := b.I32(0)
	for _, v := range results {
		x := b.Get(v)
		if c.t.IsFloat() {
			bits := ir.I32
			if c.t == ir.F16 {
				bits = ir.I16
			}
			x = b.Emit(ir.OpBitcast, bits, x)
		}
		if f.TypeOf(x) == ir.I16 {
			x = b.Emit(ir.OpZExt, ir.I32, x)
		}
		sum = b.Emit(ir.OpXor, ir.I32, b.Emit(ir.OpMul, ir.I32, sum, b.I32(31)), x)
	}
	q := b.EmitImm(ir.OpTexQuery, ir.I32, int64(c.r.IntN(6)), tex[0], b.Emit(ir.OpAnd, ir.I32, id, b.I32(3)))
	sum = b.Emit(ir.OpXor, ir.I32, sum, q)
	b.Store(ir.Device, ir.I32, out, b.Emit(ir.OpZExt, ir.I64, b.Emit(ir.OpMul, ir.I32, id, b.I32(4))), 0, sum)
	b.Finish()
	return f
}

// values is how many of the operands are values of texels.
func (c *texCase) values() int {
	switch c.op {
	case ir.OpTexWrite:
		return 4
	case ir.OpTexStore, ir.OpTexRMW:
		return 1
	case ir.OpTexCAS:
		return 2
	}
	return 0
}

// image returns a texture that suits the case and its memory.
func (c *texCase) image(r *rand.Rand, id uint64) (*texel.Texture, []byte) {
	var formats []texel.Format
	for _, f := range texel.All() {
		in, _ := f.Info()
		if in.Class == c.class && (c.op < ir.OpTexLoad || in.Atomic && in.Size == 4) && (c.op != ir.OpTexWrite || in.Write) && !in.Depth && !in.Stencil {
			formats = append(formats, f)
		}
	}
	s := texel.Shape{Type: c.mode.Type, Format: formats[r.IntN(len(formats))], Width: 1 + r.IntN(8), Height: 1, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	if s.Type.Coords() > 1 {
		s.Height = 1 + r.IntN(8)
	}
	if s.Type == texel.Type3D {
		s.Depth = 1 + r.IntN(5)
	}
	if s.Type.Cube() {
		s.Height = s.Width
	}
	if s.Type.Array() {
		s.Layers = 1 + r.IntN(3)
	}
	if s.Type.Multisample() {
		s.Samples = 4
	} else {
		s.Levels = 1 + r.IntN(s.MaxLevels())
	}
	_, _, size := s.Layout()
	mem := make([]byte, size+8)
	for i := range mem {
		mem[i] = byte(r.Uint32())
	}
	tex := texel.New(s, mem)
	if c.class == texel.ClassFloat { // no NaNs, whose bits are anybody's
		in := tex.Info()
		for i := 0; i+in.Size <= size; i += in.Size {
			in.EncodeColor(mem[i:], texel.Color{R: r.Float32() * 2, G: r.Float32() - 0.5, B: r.Float32(), A: r.Float32()})
		}
	}
	tex.ID = id
	return tex, mem
}

func TestTexturesAgainstReference(t *testing.T) {
	for name, force := range tiers(t) {
		t.Run(name, func(t *testing.T) {
			defer force()()
			texturesAgainstReference(t, name != "interpreter")
		})
	}
}

func texturesAgainstReference(t *testing.T, native bool) {
	n := 1000
	if native {
		n = 300
	}
	if testing.Short() || raceEnabled {
		n = 100
	}
	for seed := range uint64(n) {
		c := randomTexCase(rand.New(rand.NewPCG(seed, 77)))
		f := c.build()
		require.NoError(t, ir.Verify(f))
		back, err := ir.Parse(f.String())
		require.NoError(t, err)
		require.Equal(t, f.String(), back.String())
		opt.Run(f)
		p, err := simt.Compile(f)
		require.NoError(t, err, f.String())
		shape := shapes[seed%uint64(len(shapes))]
		run := func(do func(l *simt.Launch) *simt.Fault) (*simt.Fault, []uint32, []byte) {
			r := rand.New(rand.NewPCG(seed, 5))
			a, mem1 := c.image(r, 100)
			b, mem2 := c.image(r, 200)
			out := make([]uint32, shape.grid.X)
			s := &texel.Sampler{ID: 300, SamplerState: texel.SamplerState{Mag: texel.Filter(r.IntN(2)), Min: texel.Filter(r.IntN(2)), Mip: texel.MipFilter(r.IntN(3)),
				S: texel.Address(r.IntN(6)), T: texel.Address(r.IntN(6)), MaxLOD: 10, Compare: texel.Compare(r.IntN(8))}}
			l := &simt.Launch{Program: p, Grid: shape.grid, Group: shape.group, Mems: []simt.Binding{bound(out)}, Workers: 1,
				Textures: []*texel.Texture{a, b}, Samplers: []*texel.Sampler{s, nil}[:len(p.Samplers())]}
			return do(l), out, append(mem1, mem2...)
		}
		fault1, got, mem1 := run(func(l *simt.Launch) *simt.Fault { return l.Run() })
		if native {
			compiled(t, p)
		}
		fault2, want, mem2 := run(func(l *simt.Launch) *simt.Fault {
			fault, err := ref.Run(f, l)
			require.NoError(t, err)
			return fault
		})
		require.Equal(t, fault2, fault1, "seed %d\n%s", seed, f)
		require.Equal(t, want, got, "seed %d\n%s", seed, f)
		require.Equal(t, mem2, mem1, "seed %d\n%s", seed, f)
	}
}

// Textures that are not there, or not right, end the launch.
func TestTextureFaults(t *testing.T) {
	for name, force := range tiers(t) {
		t.Run(name, func(t *testing.T) {
			defer force()()
			textureFaults(t)
		})
	}
}

func textureFaults(t *testing.T) {
	const kernel = `kernel "k" {
	file 0 "program_source"
	mem @0 "ids" buffer device index 0 size 8 align 8
	texture #0 "t" index 0 "2d float read write"
	sampler #0 "s" index 0
	%ids = mem @0
	%zero = const i64 0
	%x = const i32 0
	%id = load i64 device %ids[%zero + 0]
	%r, %g, %b, %a = tex.read f32 "2d" %id, %x, %x -> f32, f32, f32, f32 !0:7:3
	tex.write f32 "2d" %id, %x, %x, %r, %g, %b, %a !0:8:3
	yield
}`
	p := compile(t, kernel)
	shape := texel.Shape{Type: texel.Type2D, Format: texel.RGBA8Unorm, Width: 1, Height: 1, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	made := func(edit func(s *texel.Shape)) *texel.Texture {
		s := shape
		edit(&s)
		_, _, n := s.Layout()
		tex := texel.New(s, make([]byte, n))
		tex.ID = 7
		return tex
	}
	for _, c := range []struct {
		id   uint64
		tex  *texel.Texture
		want string
	}{
		{0, nil, "reads a texture: there is no texture (program_source:7:3)"},
		{9, nil, "0x9 names no texture that the command buffer uses (program_source:7:3)"},
		{7, made(func(s *texel.Shape) { s.Type = texel.Type1D }), "the texture has type 1d, the kernel takes 2d"},
		{7, made(func(s *texel.Shape) { s.Format = texel.R32Uint }), "the format R32Uint"},
		{7, made(func(s *texel.Shape) { s.Format = texel.B5G6R5Unorm }), "writes a texture: textures of format B5G6R5Unorm cannot be written by kernels (program_source:8:3)"},
		{7, made(func(*texel.Shape) {}), ""},
	} {
		l := simt.Launch{Program: p, Grid: size(3, 1, 1), Group: size(3, 1, 1), Mems: []simt.Binding{bound([]uint64{c.id})}, Textures: []*texel.Texture{c.tex}, Samplers: []*texel.Sampler{nil}}
		fault := l.Run()
		if c.want == "" {
			require.Nil(t, fault)
			continue
		}
		require.NotNil(t, fault)
		require.Equal(t, simt.BadTexture, fault.Kind)
		require.Contains(t, fault.Error(), c.want)
	}
	l := simt.Launch{Program: p, Grid: size(1, 1, 1), Group: size(1, 1, 1), Mems: []simt.Binding{bound([]uint64{0})}}
	require.Equal(t, simt.BadLaunch, l.Run().Kind)
}
