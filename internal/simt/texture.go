package simt

import (
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// Resources are textures and samplers that a kernel reaches by their IDs, as
// those in argument buffers are. Its methods return nil for what is no ID; they
// are called from many goroutines at a time.
type Resources interface {
	Texture(id uint64) *texel.Texture
	Sampler(id uint64) *texel.Sampler
}

// Textures returns the textures the kernel is given; a Launch has one for each.
// The caller must not change them.
func (p *Program) Textures() []ir.Texture { return p.textures }

// Samplers returns the samplers the kernel is given or has.
func (p *Program) Samplers() []ir.Sampler { return p.samplers }

// A texStep is what an operation on a texture needs beside its inst.
type texStep struct {
	mode  ir.TexMode
	args  []int32 // registers
	types []ir.Type
	outs  []int32
	first int  // operand that is the first coordinate
	atom  inst // the operation on memory that an atomic one comes to
}

// texStep prepares an operation on a texture.
func (c *compiler) texStep(s *inst, in *ir.Instr, dying []ir.Value) error {
	st := newTexStep(in)
	if len(st.types) != len(in.Args) {
		return fmt.Errorf("operation %s has %d arguments, not %d", in.Op, len(in.Args), len(st.types))
	}
	for i := range in.Args {
		st.args = append(st.args, c.arg(in.Args, i))
	}
	for _, v := range in.Outs {
		st.outs = append(st.outs, c.alloc(v, dying))
	}
	s.tex, s.exec = st, execTexture
	return nil
}

// newTexStep is texStep but for the registers.
func newTexStep(in *ir.Instr) *texStep {
	st := &texStep{mode: ir.UnpackTex(in.Imm), first: 1}
	st.types = ir.TexOperands(in.Op, st.mode, in.Type)
	switch in.Op {
	case ir.OpTexSample, ir.OpTexGather:
		st.first = 2
	case ir.OpTexLoad:
		st.atom = inst{op: ir.OpAtomicLoad}
	case ir.OpTexStore:
		st.atom = inst{op: ir.OpAtomicStore}
	case ir.OpTexRMW:
		st.atom = inst{op: ir.OpAtomicRMW, imm2: in.Imm2}
	case ir.OpTexCAS:
		st.atom = inst{op: ir.OpAtomicCAS}
	}
	st.atom.t, st.atom.size = in.Type, int64(in.Type.Size())
	return st
}

// texture finds the texture that an ID names.
func (m *machine) texture(id uint64) *texel.Texture {
	if id == 0 {
		return nil
	}
	for _, t := range m.l.Textures {
		if t != nil && t.ID == id {
			return t
		}
	}
	if m.l.Resources == nil {
		return nil
	}
	return m.l.Resources.Texture(id)
}

// samplerBit marks the IDs of samplers that are part of a kernel.
const samplerBit = 1 << 63

func (m *machine) sampler(id uint64) *texel.SamplerState {
	if id&samplerBit != 0 {
		if i := id &^ samplerBit; i < uint64(len(m.p.samplers)) {
			return m.p.samplers[i].State
		}
		return nil
	}
	for _, s := range m.l.Samplers {
		if s != nil && s.ID == id && id != 0 {
			return &s.SamplerState
		}
	}
	if m.l.Resources == nil || id == 0 {
		return nil
	}
	if s := m.l.Resources.Sampler(id); s != nil {
		return &s.SamplerState
	}
	return nil
}

// bindTextures sets the inputs that name the launch's textures and samplers.
func (m *machine) bindTextures() {
	for i, in := range m.p.inputs {
		id := uint64(0)
		switch in.op {
		case ir.OpTexture:
			if t := m.l.Textures[in.imm]; t != nil {
				id = t.ID
			}
		case ir.OpSampler:
			if m.p.samplers[in.imm].State != nil {
				id = samplerBit | uint64(in.imm)
			} else if s := m.l.Samplers[in.imm]; s != nil {
				id = s.ID
			}
		default:
			continue
		}
		m.r[i].setU(id)
	}
}

// texFault ends the group because of an operation on a texture.
func (m *machine) texFault(in *inst, lane int, format string, args ...any) {
	if !m.faulted {
		m.faulted = true
		thread := m.accuse(lane)
		m.fault = Fault{Kind: BadTexture, Kernel: m.p.name, Mem: -1, Threadgroup: m.pos, Msg: fmt.Sprintf(format, args...),
			Write:  in.op == ir.OpTexWrite || in.op >= ir.OpTexStore,
			Thread: thread}
		m.blame(in.src)
	}
	m.kill()
}

// checkTexture finds the texture that a lane works on, and ends the group if
// it is none for that operation.
func (m *machine) checkTexture(in *inst, id uint64, lane int) *texel.Texture {
	t := m.texture(id)
	if t == nil {
		if id == 0 {
			m.texFault(in, lane, "there is no texture")
		} else {
			m.texFault(in, lane, "%#x names no texture that the command buffer uses", id)
		}
		return nil
	}
	info := t.Info()
	switch floats := in.t.IsFloat(); {
	case t.Type != in.tex.mode.Type:
		m.texFault(in, lane, "the texture has type %v, the kernel takes %v", t.Type, in.tex.mode.Type)
	case floats != (info.Class == texel.ClassFloat):
		m.texFault(in, lane, "the texture has the format %v, whose channels are not what the kernel takes", t.Format)
	case in.op == ir.OpTexWrite && !info.Write:
		m.texFault(in, lane, "textures of format %v cannot be written by kernels", t.Format)
	case in.op >= ir.OpTexLoad && (!info.Atomic || int64(info.Size) != in.size):
		m.texFault(in, lane, "textures of format %v have no atomic operations of %d bytes", t.Format, in.size)
	default:
		return t
	}
	return nil
}

// execQuery is OpTexQuery.
func execQuery(m *machine, in *inst) {
	d, tex, level := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	if tex.tag == uniform && level.tag == uniform {
		d.setU(uint64(m.query(ir.TexQuery(in.imm), tex.u, uint32(level.u))))
		return
	}
	out := newVec[uint32](m, d)
	for i := range out {
		lane := m.lo + i
		if m.isActive(lane) {
			out[i] = m.query(ir.TexQuery(in.imm), m.lane(tex, ir.I64, lane), uint32(m.lane(level, ir.I32, lane)))
		}
	}
}

// query answers for a texture: 0 if there is none, or no such level.
func (m *machine) query(q ir.TexQuery, id uint64, level uint32) uint32 {
	t := m.texture(id)
	if t == nil || level >= uint32(t.Levels) {
		return 0
	}
	w, h, d := t.LevelSize(int(level))
	return uint32([...]int{w, h, d, t.Layers, t.Levels, t.Samples}[q])
}

// costOfTexel is how many other instructions an operation on a texture takes as long
// as.
const costOfTexel = 40

// execTexture does an operation on textures, one lane after the other.
func execTexture(m *machine, in *inst) {
	st := in.tex
	var l texLanes
	uniformAll := in.op == ir.OpTexRead || in.op == ir.OpTexSample || in.op == ir.OpTexGather
	for i, r := range st.args {
		uniformAll = uniformAll && m.r[r].tag == uniform
		switch st.types[i] {
		case ir.I64:
			l.wide[i] = &m.r[r]
		case ir.I16:
			l.short = append(l.short, operand[uint16](m, &m.r[r], ir.I16))
		default:
			l.word[i] = operand[uint32](m, &m.r[r], st.types[i])
		}
	}
	for i, r := range st.outs {
		if in.t.Size() == 8 {
			l.out64 = newVec[uint64](m, &m.r[r])
		} else if in.t == ir.I16 {
			l.out16[i] = newVec[uint16](m, &m.r[r])
		} else {
			l.out[i] = newVec[uint32](m, &m.r[r])
		}
	}
	if m.texPlain(in, &l, uniformAll) {
		return
	}
	id, tex := uint64(0), (*texel.Texture)(nil)
	sid, smp := uint64(0), (*texel.SamplerState)(nil)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			lane := w<<6 + bits.TrailingZeros64(x)
			if n := m.lane(l.wide[0], ir.I64, lane); tex == nil || n != id {
				id = n
				if tex = m.checkTexture(in, id, lane); tex == nil {
					return
				}
			}
			if st.first == 2 {
				if n := m.lane(l.wide[1], ir.I64, lane); smp == nil || n != sid {
					sid = n
					if smp = m.sampler(sid); smp == nil {
						m.texFault(in, lane, "%#x names no sampler that the command buffer uses", sid)
						return
					}
				}
			}
			if !m.texLane(in, &l, lane-m.lo, lane, tex, smp) {
				return
			}
			if uniformAll {
				m.texUniform(in, &l, lane-m.lo)
				return
			}
		}
	}
}

// texUniform makes the results of a lane those of all.
func (m *machine) texUniform(in *inst, l *texLanes, i int) {
	for k, r := range in.tex.outs {
		u := uint64(0)
		switch {
		case in.t == ir.I16:
			u = uint64(l.out16[k][i])
		case in.t == ir.F16:
			u = uint64(toHalf(l.out[k][i]))
		default:
			u = uint64(l.out[k][i])
		}
		m.r[r].setU(u)
	}
}

const maxTexArgs = 24

// texLanes are the operands and results of an operation on a texture. Those of
// 32 bits and halves, as the float32s they stand for, are in word and out.
type texLanes struct {
	wide  [maxTexArgs]*reg
	word  [maxTexArgs][]uint32
	short [][]uint16 // the values that are written
	out   [4][]uint32
	out16 [4][]uint16
	out64 []uint64
}

// texLane does the operation of one lane, i from the first of l.
func (m *machine) texLane(in *inst, l *texLanes, i, lane int, t *texel.Texture, s *texel.SamplerState) bool {
	if in.tex.first == 2 {
		m.texSample(in, l, i, t, s)
		return true
	}
	mode := &in.tex.mode
	k := 1
	next := func() uint32 { k++; return l.word[k-1][i] }
	var at texel.At
	at.X = next()
	if n := mode.Type.Texels(); n > 1 {
		at.Y = next()
		if n > 2 {
			at.Z = next()
		}
	}
	slices := uint32(1)
	if mode.Type.Cube() {
		if at.Slice = next(); at.Slice > 5 {
			at.Slice = math.MaxUint32
		}
		slices = 6
	}
	if mode.Type.Array() {
		if layer := next(); layer >= uint32(t.Layers) || at.Slice == math.MaxUint32 {
			at.Slice = math.MaxUint32
		} else {
			at.Slice += layer * slices
		}
	}
	if mode.Type.Multisample() && in.op == ir.OpTexRead {
		at.Sample = next()
	}
	if mode.LOD == ir.LODLevel {
		at.Level = next()
	}
	switch in.op {
	case ir.OpTexRead:
		if in.t.IsFloat() {
			l.setColor(in, i, t.ReadColor(at))
		} else {
			l.setInts(in, i, t.ReadInts(at))
		}
	case ir.OpTexWrite:
		switch {
		case in.t.IsFloat():
			v := [4]float32{}
			for c := range v {
				v[c] = math.Float32frombits(next())
			}
			t.WriteColor(at, texel.Color{R: v[0], G: v[1], B: v[2], A: v[3]})
		case in.t == ir.I16:
			v := [4]uint32{}
			for c := range v {
				if v[c] = uint32(l.short[c][i]); t.Info().Class == texel.ClassSint {
					v[c] = uint32(int32(int16(v[c])))
				}
			}
			t.WriteInts(at, texel.Ints{R: v[0], G: v[1], B: v[2], A: v[3]})
		default:
			t.WriteInts(at, texel.Ints{R: next(), G: next(), B: next(), A: next()})
		}
	default:
		return m.texAtomic(in, l, i, k, lane, t.Word(at))
	}
	return true
}

// texAtomic does the atomic operation of one lane, whose operands are from k
// on, on the texel at p, which is nil if there is none.
func (m *machine) texAtomic(in *inst, l *texLanes, i, k, lane int, p []byte) bool {
	var v [2]uint64
	for c := range len(in.tex.args) - k {
		if in.size == 8 {
			v[c] = m.lane(l.wide[k+c], ir.I64, lane)
		} else {
			v[c] = uint64(l.word[k+c][i])
		}
	}
	old := uint64(0)
	if p != nil {
		at := unsafe.Pointer(unsafe.SliceData(p))
		if uintptr(at)&uintptr(in.size-1) != 0 {
			m.texFault(in, lane, "a texel is not aligned to its size for an atomic operation")
			return false
		}
		old = atomicStep(&in.tex.atom, at, true, v[0], v[1])
	}
	if len(in.tex.outs) > 0 {
		if in.size == 8 {
			l.out64[i] = old
		} else {
			l.out[0][i] = uint32(old)
		}
	}
	return true
}

func (l *texLanes) setColor(in *inst, i int, c texel.Color) {
	for k, x := range [4]float32{c.R, c.G, c.B, c.A} {
		if in.t == ir.F16 {
			x = ir.Widen(ir.F16, ir.Narrow(ir.F16, x))
		}
		l.out[k][i] = math.Float32bits(x)
	}
}

func (l *texLanes) setInts(in *inst, i int, c texel.Ints) {
	for k, x := range [4]uint32{c.R, c.G, c.B, c.A} {
		if in.t == ir.I16 {
			l.out16[k][i] = uint16(x)
		} else {
			l.out[k][i] = x
		}
	}
}

// texSample samples or gathers for one lane.
func (m *machine) texSample(in *inst, l *texLanes, i int, t *texel.Texture, s *texel.SamplerState) {
	mode := &in.tex.mode
	k := 2
	next := func() uint32 { k++; return l.word[k-1][i] }
	float := func() float32 { return math.Float32frombits(next()) }
	n := mode.Type.Coords()
	var c texel.Coord
	for d, p := range [3]*float32{&c.S, &c.T, &c.R} {
		if d < n {
			*p = float()
		}
	}
	if mode.Type.Array() {
		c.Slice = next()
	}
	var ref float32
	if mode.Compare {
		ref = float()
	}
	foot := texel.OneSample(0)
	switch mode.LOD {
	case ir.LODLevel, ir.LODBias:
		foot.LOD = float()
	case ir.LODGradient:
		var dx, dy [3]float32
		for d := range n {
			dx[d] = float()
		}
		for d := range n {
			dy[d] = float()
		}
		foot = t.Footprint(s, &c, dx, dy)
	}
	if mode.MinLOD {
		foot.LOD = max(foot.LOD, float())
	}
	if mode.Offset {
		for d := range n {
			c.Offset[d] = int32(next())
		}
	}
	switch {
	case in.op == ir.OpTexGather && mode.Compare:
		l.setColor(in, i, t.GatherCompare(s, &c, ref))
	case in.op == ir.OpTexGather && in.t.IsFloat():
		l.setColor(in, i, t.Gather(s, &c, mode.Component))
	case in.op == ir.OpTexGather:
		l.setInts(in, i, t.GatherInts(s, &c, mode.Component))
	case mode.Compare:
		x := t.CompareOver(s, &c, ref, &foot)
		l.setColor(in, i, texel.Color{R: x, G: x, B: x, A: x})
	case in.t.IsFloat():
		l.setColor(in, i, t.SampleOver(s, &c, &foot))
	default:
		l.setInts(in, i, t.SampleInts(s, &c, foot.LOD))
	}
}
