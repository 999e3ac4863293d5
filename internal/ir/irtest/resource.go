package irtest

import (
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// What kernels by RichKernel, RichQuiet and RichPhased have beside: buffer 3 of cells
// for atomic operations, textures and samplers.
//
// The first cells are for all threads, in rows of rowCells: a row has a type and an
// operation for which their order does not matter. Then every thread of the grid
// has ownCells bytes of its own.
//
// Texture 0 is read and sampled by all; of textures 1, of unsigned integers, and 2, of
// floats, every thread has a texel, at its number in rows of texelRow.
const (
	rowCells  = 32
	cellRows  = 8
	shareSize = cellRows * rowCells * 8
	ownCells  = 16

	texelRow = 64
)

// sharedRows are the types and the operations of shared cells. Floats that are added are small
// whole numbers, so that sums are exact.
var sharedRows = [cellRows]struct {
	t   ir.Type
	ops []ir.AtomicOp
}{
	{ir.F32, []ir.AtomicOp{ir.AtomicAdd, ir.AtomicSub}},
	{ir.F32, []ir.AtomicOp{ir.AtomicFMin}},
	{ir.F32, []ir.AtomicOp{ir.AtomicFMax}},
	{ir.I32, []ir.AtomicOp{ir.AtomicAdd, ir.AtomicSub}},
	{ir.I32, []ir.AtomicOp{ir.AtomicXor}},
	{ir.I64, []ir.AtomicOp{ir.AtomicUMax}},
	{ir.I64, []ir.AtomicOp{ir.AtomicSMin}},
	{ir.I64, []ir.AtomicOp{ir.AtomicAdd, ir.AtomicSub}},
}

// floatOps are what may be done to a float that is the thread's own.
var floatOps = []ir.AtomicOp{ir.AtomicXchg, ir.AtomicAdd, ir.AtomicSub, ir.AtomicFMin, ir.AtomicFMax}

// RichKernel is [Kernel] with textures, samplers and cells for atomic operations.
func RichKernel(seed uint64, length int) *ir.Func {
	g := newGenerator(seed, length)
	g.rich, g.wild = true, Wild(seed)
	return g.racing()
}

// RichQuiet is [Quiet] with them.
func RichQuiet(seed uint64, length int) *ir.Func {
	g := newGenerator(seed, length)
	g.rich, g.alone = true, true
	return g.racing()
}

// RichPhased is [Phased] with them.
func RichPhased(seed uint64, length int) *ir.Func {
	g := newGenerator(seed, length)
	g.rich = true
	return g.phased()
}

// CellSize is how large the buffer of cells is for a grid of so many threads.
func CellSize(threads int) int { return shareSize + threads*ownCells }

// Resources returns what a rich kernel f is bound to, the same for the same seed, for a grid of so
// many threads: what the cells hold, textures and the memory of each, and samplers.
func Resources(f *ir.Func, seed uint64, threads int) (cells []uint64, textures []*texel.Texture, memory [][]byte, samplers []*texel.Sampler) {
	r := rand.New(rand.NewPCG(seed, 13))
	cells = make([]uint64, CellSize(threads)/8)
	for i := range cells {
		switch {
		case i/rowCells < 3 || i >= cellRows*rowCells: // pairs of floats
			cells[i] = ir.Narrow(ir.F32, float32(r.IntN(64)))<<32 | ir.Narrow(ir.F32, float32(r.IntN(64)))
		default:
			cells[i] = r.Uint64()
		}
	}
	for i, t := range f.Textures {
		shape := texel.Shape{Type: t.Type, Width: texelRow, Height: (threads + texelRow - 1) / texelRow, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
		shape.Format = anyFormat(r, t)
		if i == 0 {
			shape.Width, shape.Height = 1+r.IntN(16), 1
			if t.Type.Coords() > 1 {
				shape.Height = 1 + r.IntN(16)
			}
			if t.Type == texel.Type3D {
				shape.Depth = 1 + r.IntN(5)
			}
			if t.Type.Array() {
				shape.Layers = 1 + r.IntN(4)
			}
			if r.IntN(2) == 0 {
				shape.Levels = 1 + r.IntN(shape.MaxLevels())
			}
		}
		_, _, size := shape.Layout()
		mem := make([]byte, size+8)
		tex := texel.New(shape, mem)
		for j, in := 0, tex.Info(); j+in.Size <= size; j += in.Size {
			if t.Class == texel.ClassFloat { // no NaNs
				in.EncodeColor(mem[j:], texel.Color{R: r.Float32()*2 - 0.5, G: r.Float32(), B: r.Float32() * 40, A: r.Float32()})
				continue
			}
			for k := range in.Size {
				mem[j+k] = byte(r.Uint32())
			}
		}
		tex.ID = uint64(100 * (i + 1))
		textures, memory = append(textures, tex), append(memory, mem)
	}
	for i, s := range f.Samplers {
		if s.State != nil {
			samplers = append(samplers, nil)
			continue
		}
		samplers = append(samplers, &texel.Sampler{ID: uint64(1000 + i), SamplerState: anyState(r)})
	}
	return cells, textures, memory, samplers
}

// anyFormat returns a format for t.
func anyFormat(r *rand.Rand, t ir.Texture) texel.Format {
	var list []texel.Format
	for _, f := range texel.All() {
		if in, _ := f.Info(); in.Class == t.Class && !in.Depth && !in.Stencil && (in.Write || !t.Write) && (in.Filter || !t.Sample) {
			list = append(list, f)
		}
	}
	// Those that images have most, half of the time.
	if f := []texel.Format{texel.RGBA8Unorm, texel.RGBA32Float, texel.R32Float, texel.R8Unorm}[r.IntN(4)]; t.Class == texel.ClassFloat && r.IntN(2) == 0 {
		return f
	}
	return list[r.IntN(len(list))]
}

func anyState(r *rand.Rand) texel.SamplerState {
	s := texel.SamplerState{Mag: texel.Filter(r.IntN(2)), Mip: texel.MipFilter(r.IntN(3)), MaxLOD: 10,
		S: texel.Address(r.IntN(5)), T: texel.Address(r.IntN(5)), R: texel.Address(r.IntN(5))}
	s.Min = s.Mag
	return s
}

// richInputs declares them.
func (g *generator) richInputs() {
	g.f.Mems = append(g.f.Mems, ir.Mem{Name: "cells", Kind: ir.MemBuffer, Space: ir.Device, Index: 3})
	g.mems = append(g.mems, g.emit(ir.OpMem, ir.Ref, int64(len(g.f.Mems)-1)))
	first := []texel.Type{texel.Type2D, texel.Type2D, texel.Type2D, texel.Type1D, texel.Type3D, texel.Type2DArray}[g.IntN(6)]
	for i, t := range []ir.Texture{
		{Name: "picture", Type: first, Class: texel.ClassFloat, Read: true, Sample: true},
		{Name: "numbers", Type: texel.Type2D, Class: texel.ClassUint, Read: true, Write: true},
		{Name: "canvas", Type: texel.Type2D, Class: texel.ClassFloat, Read: true, Write: true},
	} {
		t.Index = i
		g.f.Textures = append(g.f.Textures, t)
		g.textures = append(g.textures, g.emit(ir.OpTexture, ir.I64, int64(i)))
	}
	own := anyState(g.Rand)
	for i, s := range []ir.Sampler{{Name: "given"}, {Name: "own", State: &own}} {
		g.f.Samplers = append(g.f.Samplers, s)
		g.samplers = append(g.samplers, g.emit(ir.OpSampler, ir.I64, int64(i)))
	}
	g.self = g.linearID()
}

// resource makes an access to what rich kernels have.
func (g *generator) resource() {
	switch g.IntN(8) {
	case 0, 1:
		g.sharedCell()
	case 2, 3:
		g.ownCell()
	case 4, 5:
		g.picture()
	case 6:
		g.ownTexel()
	default:
		level := g.constant(ir.I32, uint64(g.IntN(3)))
		g.define(g.emit(ir.OpTexQuery, ir.I32, int64(g.IntN(5)), g.textures[g.IntN(3)], level))
	}
}

// small returns a float that is a whole number of few digits.
func (g *generator) small() ir.Value {
	v := g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, 255))
	v = g.emit(ir.OpSub, ir.I32, 0, v, g.constant(ir.I32, 100))
	return g.emit(ir.OpSToF, ir.F32, 0, v)
}

// bounded returns a float that can be added to others many times.
func (g *generator) bounded() ir.Value {
	v := g.value(ir.F32)
	in := g.emit(ir.OpFLe, ir.Bool, 0, g.emit(ir.OpFAbs, ir.F32, 0, v), g.constant(ir.F32, ir.Narrow(ir.F32, 1e30)))
	return g.emit(ir.OpSelect, ir.F32, 0, in, v, g.constant(ir.F32, ir.Narrow(ir.F32, 2)))
}

func (g *generator) atomic(op ir.Op, t ir.Type, rmw ir.AtomicOp, imm int64, args ...ir.Value) *ir.Instr {
	in := g.f.NewInstr(op, t, ir.Pos{Line: g.next(), Col: 1}, append([]ir.Value{g.mems[8]}, args...)...)
	in.Imm, in.Imm2, in.Space = imm, int64(rmw), ir.Device
	if op != ir.OpAtomicStore {
		in.Out = g.f.NewValue(t, "")
	}
	g.b.Code = append(g.b.Code, in)
	return in
}

// sharedCell works on a cell of all threads, whose old value only kernels use that
// run in step.
func (g *generator) sharedCell() {
	row := g.IntN(cellRows)
	r := sharedRows[row]
	k := g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, []uint64{0, 1, 7, rowCells - 1}[g.IntN(4)]))
	off := g.emit(ir.OpShl, ir.I64, 0, g.emit(ir.OpZExt, ir.I64, 0, k), g.constant(ir.I64, 3))
	v := ir.NoValue
	if r.t == ir.F32 {
		v = g.small()
	} else {
		v = g.value(r.t)
	}
	in := g.atomic(ir.OpAtomicRMW, r.t, r.ops[g.IntN(len(r.ops))], int64(row*rowCells*8), off, v)
	if !g.alone {
		g.define(in.Out)
	}
}

// ownCell works on a cell of the thread's own.
func (g *generator) ownCell() {
	off := g.emit(ir.OpMul, ir.I64, 0, g.emit(ir.OpZExt, ir.I64, 0, g.self), g.constant(ir.I64, ownCells))
	imm := int64(shareSize + 4*g.IntN(3))
	var in *ir.Instr
	switch g.IntN(6) {
	case 0:
		in = g.atomic(ir.OpAtomicLoad, ir.F32, 0, imm, off)
	case 1:
		g.atomic(ir.OpAtomicStore, ir.F32, 0, imm, off, g.bounded())
		return
	case 2: // the last cell is an integer
		in = g.atomic(ir.OpAtomicCAS, ir.I32, 0, shareSize+12, off, g.value(ir.I32), g.value(ir.I32))
	case 3:
		in = g.atomic(ir.OpAtomicRMW, ir.I32, ir.AtomicOp(g.IntN(int(ir.AtomicSMax)+1)), shareSize+12, off, g.value(ir.I32))
	default:
		in = g.atomic(ir.OpAtomicRMW, ir.F32, floatOps[g.IntN(len(floatOps))], imm, off, g.bounded())
	}
	if g.IntN(4) > 0 {
		g.define(in.Out)
	}
}

// onTexture appends an operation on a texture and defines its results.
func (g *generator) onTexture(op ir.Op, t ir.Type, m ir.TexMode, args ...ir.Value) {
	in := g.f.NewInstr(op, t, ir.Pos{Line: g.next(), Col: 1}, args...)
	in.Imm = m.Imm()
	for range op.TexResults() {
		in.Outs = append(in.Outs, g.f.NewValue(t, ""))
	}
	g.b.Code = append(g.b.Code, in)
	for _, v := range in.Outs {
		if g.IntN(3) > 0 {
			g.define(v)
		}
	}
}

// picture reads or samples the texture that nobody writes, inside and outside.
func (g *generator) picture() {
	tex := &g.f.Textures[0]
	t := []ir.Type{ir.F32, ir.F16}[g.IntN(2)]
	m := ir.TexMode{Type: tex.Type}
	op := []ir.Op{ir.OpTexRead, ir.OpTexSample, ir.OpTexSample, ir.OpTexGather}[g.IntN(4)]
	if op == ir.OpTexGather && tex.Type.Coords() != 2 {
		op = ir.OpTexSample
	}
	if op != ir.OpTexGather && g.IntN(4) == 0 {
		m.LOD = ir.LODLevel
	}
	if op != ir.OpTexRead {
		m.Offset = g.IntN(8) == 0
		m.Component = uint8(g.IntN(4))
	}
	var args []ir.Value
	for i, x := range ir.TexOperands(op, m, t) {
		switch {
		case i == 0:
			args = append(args, g.textures[0])
		case x == ir.I64:
			args = append(args, g.samplers[g.IntN(2)])
		case x == ir.F32:
			v := g.bounded()
			if g.IntN(3) > 0 { // mostly inside
				v = g.emit(ir.OpUToF, ir.F32, 0, g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, 63)))
				v = g.emit(ir.OpFMul, ir.F32, 0, v, g.constant(ir.F32, ir.Narrow(ir.F32, 1.0/60)))
			}
			args = append(args, v)
		default:
			v := g.value(ir.I32)
			if g.IntN(4) > 0 {
				v = g.emit(ir.OpAnd, ir.I32, 0, v, g.constant(ir.I32, uint64(1+2*g.IntN(8))))
			}
			args = append(args, v)
		}
	}
	g.onTexture(op, t, m, args...)
}

// ownTexel reads or writes the thread's texel of one of the other textures, or, where threads
// run in step, any.
func (g *generator) ownTexel() {
	x := g.emit(ir.OpAnd, ir.I32, 0, g.self, g.constant(ir.I32, texelRow-1))
	y := g.emit(ir.OpLShr, ir.I32, 0, g.self, g.constant(ir.I32, 6))
	if !g.alone && g.IntN(2) == 0 {
		x = g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, texelRow-1))
	}
	i := 1 + g.IntN(2)
	t := [][]ir.Type{{ir.I32, ir.I16}, {ir.F32, ir.F16}}[i-1][g.IntN(2)]
	m := ir.TexMode{Type: texel.Type2D}
	if g.IntN(2) == 0 {
		g.onTexture(ir.OpTexRead, t, m, g.textures[i], x, y)
		return
	}
	args := []ir.Value{g.textures[i], x, y}
	for range 4 {
		args = append(args, g.number(t))
	}
	g.onTexture(ir.OpTexWrite, t, m, args...)
}
