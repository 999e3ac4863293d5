package ref

import (
	"fmt"
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// ownSampler marks the IDs of samplers that are part of a kernel.
const ownSampler = 1 << 63

// resource returns the ID of a texture or sampler of the launch.
func (t *thread) resource(in *ir.Instr) uint64 {
	l := t.g.l
	switch {
	case in.Op == ir.OpTexture:
		if x := l.Textures[in.Imm]; x != nil {
			return x.ID
		}
	case t.g.f.Samplers[in.Imm].State != nil:
		return ownSampler | uint64(in.Imm)
	default:
		if x := l.Samplers[in.Imm]; x != nil {
			return x.ID
		}
	}
	return 0
}

func (t *thread) texture(id uint64) *texel.Texture {
	for _, x := range t.g.l.Textures {
		if x != nil && x.ID == id {
			return x
		}
	}
	if r := t.g.l.Resources; r != nil && id != 0 {
		return r.Texture(id)
	}
	return nil
}

func (t *thread) sampler(id uint64) *texel.SamplerState {
	if id&ownSampler != 0 {
		return t.g.f.Samplers[id&^ownSampler].State
	}
	for _, x := range t.g.l.Samplers {
		if x != nil && x.ID == id {
			return &x.SamplerState
		}
	}
	if r := t.g.l.Resources; r != nil {
		if x := r.Sampler(id); x != nil {
			return &x.SamplerState
		}
	}
	return nil
}

// query is OpTexQuery.
func (t *thread) query(in *ir.Instr) uint64 {
	tex, level := t.texture(t.vals[in.Args[0]]), t.vals[in.Args[1]]
	if tex == nil || level >= uint64(tex.Levels) {
		return 0
	}
	w, h, d := tex.LevelSize(int(level))
	switch ir.TexQuery(in.Imm) {
	case ir.TexWidth:
		return uint64(w)
	case ir.TexHeight:
		return uint64(h)
	case ir.TexDepth:
		return uint64(d)
	case ir.TexLayers:
		return uint64(tex.Layers)
	case ir.TexLevels:
		return uint64(tex.Levels)
	}
	return uint64(tex.Samples)
}

// tex does an operation on a texture for one thread.
func (t *thread) tex(in *ir.Instr) {
	m := ir.UnpackTex(in.Imm)
	args := t.args(in)
	next := func() uint64 { v := args[0]; args = args[1:]; return v }
	word := func() uint32 { return uint32(next()) }
	float := func() float32 { return math.Float32frombits(word()) }
	id := next()
	tex := t.texture(id)
	fail := func(msg string) {
		f := &simt.Fault{Kind: simt.BadTexture, Kernel: t.g.f.Name, Mem: -1, Write: in.Op == ir.OpTexWrite || in.Op >= ir.OpTexStore, Pos: in.Pos,
			Msg: msg, Thread: t.local, Threadgroup: t.g.pos}
		if in.Pos.Line > 0 && int(in.Pos.File) < len(t.g.f.Files) {
			f.File = t.g.f.Files[in.Pos.File]
		}
		t.g.fault = f
	}
	switch {
	case tex == nil && id == 0:
		fail("there is no texture")
		return
	case tex == nil:
		fail(fmt.Sprintf("%#x names no texture that the command buffer uses", id))
		return
	case tex.Type != m.Type:
		fail(fmt.Sprintf("the texture has type %v, the kernel takes %v", tex.Type, m.Type))
		return
	}
	if in.Op == ir.OpTexSample || in.Op == ir.OpTexGather {
		t.sample(in, m, tex, next, word, float, fail)
		return
	}
	at := texel.At{X: word()}
	if m.Type.Texels() > 1 {
		at.Y = word()
	}
	if m.Type.Texels() > 2 {
		at.Z = word()
	}
	inside := true
	if m.Type.Cube() {
		at.Slice = word()
		inside = at.Slice < 6
	}
	if m.Type.Array() {
		layer := word()
		inside = inside && layer < uint32(tex.Layers)
		if m.Type.Cube() {
			layer *= 6
		}
		at.Slice += layer
	}
	if m.Type.Multisample() {
		at.Sample = word()
	}
	if m.LOD == ir.LODLevel {
		at.Level = word()
	}
	if !inside {
		at.Slice = math.MaxUint32
	}
	switch in.Op {
	case ir.OpTexRead:
		if in.Type.IsFloat() {
			t.colour(in, tex.ReadColor(at))
		} else {
			t.integers(in, tex.ReadInts(at))
		}
	case ir.OpTexWrite:
		if in.Type.IsFloat() {
			f := func() float32 { return ir.Widen(in.Type, next()) }
			tex.WriteColor(at, texel.Color{R: f(), G: f(), B: f(), A: f()})
			return
		}
		f := func() uint32 {
			x := word()
			if in.Type == ir.I16 && tex.Info().Class == texel.ClassSint {
				x = uint32(int32(int16(x)))
			}
			return x
		}
		tex.WriteInts(at, texel.Ints{R: f(), G: f(), B: f(), A: f()})
	default:
		t.texelAtomic(in, tex.Word(at), next)
	}
}

// texelAtomic does an atomic operation on the bytes of a texel, which may be
// none.
func (t *thread) texelAtomic(in *ir.Instr, p []byte, next func() uint64) {
	var old uint64
	for i, b := range p {
		old |= uint64(b) << (8 * i)
	}
	x := old
	switch in.Op {
	case ir.OpTexStore:
		x = next()
	case ir.OpTexRMW:
		x = rmw(ir.AtomicOp(in.Imm2), in.Type, old, next())
	case ir.OpTexCAS:
		if next() == old {
			x = next()
		}
	}
	for i := range p {
		p[i] = byte(x >> (8 * i))
	}
	if len(in.Outs) > 0 {
		t.vals[in.Outs[0]] = old
	}
}

func (t *thread) colour(in *ir.Instr, c texel.Color) {
	for i, x := range [4]float32{c.R, c.G, c.B, c.A} {
		t.vals[in.Outs[i]] = ir.Narrow(in.Type, x)
	}
}

func (t *thread) integers(in *ir.Instr, c texel.Ints) {
	for i, x := range [4]uint32{c.R, c.G, c.B, c.A} {
		t.vals[in.Outs[i]] = uint64(x) & ir.Mask(in.Type)
	}
}

// sample is OpTexSample and OpTexGather.
func (t *thread) sample(in *ir.Instr, m ir.TexMode, tex *texel.Texture, next func() uint64, word func() uint32, float func() float32, fail func(string)) {
	id := next()
	s := t.sampler(id)
	if s == nil {
		fail(fmt.Sprintf("%#x names no sampler that the command buffer uses", id))
		return
	}
	n := m.Type.Coords()
	var at [3]float32
	for i := range n {
		at[i] = float()
	}
	c := texel.Coord{S: at[0], T: at[1], R: at[2]}
	if m.Type.Array() {
		c.Slice = word()
	}
	var ref float32
	if m.Compare {
		ref = float()
	}
	foot := texel.OneSample(0)
	switch m.LOD {
	case ir.LODLevel, ir.LODBias:
		foot.LOD = float()
	case ir.LODGradient:
		var d [2][3]float32
		for k := range 2 {
			for i := range n {
				d[k][i] = float()
			}
		}
		foot = tex.Footprint(s, &c, d[0], d[1])
	}
	if m.MinLOD {
		foot.LOD = max(foot.LOD, float())
	}
	if m.Offset {
		for i := range n {
			c.Offset[i] = int32(word())
		}
	}
	switch {
	case in.Op == ir.OpTexGather && m.Compare:
		t.colour(in, tex.GatherCompare(s, &c, ref))
	case in.Op == ir.OpTexGather && in.Type.IsFloat():
		t.colour(in, tex.Gather(s, &c, m.Component))
	case in.Op == ir.OpTexGather:
		t.integers(in, tex.GatherInts(s, &c, m.Component))
	case m.Compare:
		x := tex.CompareOver(s, &c, ref, &foot)
		t.colour(in, texel.Color{R: x, G: x, B: x, A: x})
	case in.Type.IsFloat():
		t.colour(in, tex.SampleOver(s, &c, &foot))
	default:
		t.integers(in, tex.SampleInts(s, &c, foot.LOD))
	}
}
