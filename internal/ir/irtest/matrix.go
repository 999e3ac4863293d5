package irtest

import "github.com/aruminium-go/aruminium/internal/ir"

// matrix makes an operation on matrices of SIMD groups, on whatever lanes are here.
func (g *generator) matrix() {
	t := []ir.Type{ir.F32, ir.F16, ir.BF16}[g.IntN(3)]
	switch g.IntN(4) {
	case 0, 1:
		x := []ir.Type{t, ir.F32, ir.F16, ir.BF16}[g.IntN(4)]
		in := g.f.NewInstr(ir.OpMatMulAdd, t, ir.Pos{Line: g.next(), Col: 1},
			g.value(x), g.value(x), g.value(x), g.value(x), g.value(t), g.value(t))
		in.Imm = ir.GroupImm(0, ir.SimdLanes, false)
		g.results(in, t)
	case 2:
		ref, off, stride, space := g.tile(false, t)
		in := g.f.NewInstr(ir.OpMatLoad, t, ir.Pos{Line: g.next(), Col: 1}, ref, off, stride)
		in.Space, in.Imm2 = space, int64(g.IntN(2))*ir.Transposed
		g.results(in, t)
	default:
		g.matStore(t)
	}
}

// matStore stores a matrix, unless threads would disturb each other.
func (g *generator) matStore(t ir.Type) {
	if g.alone && g.phase == nil {
		return
	}
	ref, off, stride, space := g.tile(true, t)
	a, b := g.number(t), g.number(t)
	in := g.f.NewInstr(ir.OpMatStore, t, ir.Pos{Line: g.next(), Col: 1}, ref, off, stride, a, b)
	in.Space = space
	if g.phase == nil { // there a lane has its elements, and no other's
		in.Imm2 = int64(g.IntN(2)) * ir.Transposed
	}
	g.b.Code = append(g.b.Code, in)
}

// results appends an instruction with two results of type t.
func (g *generator) results(in *ir.Instr, t ir.Type) {
	in.Outs = []ir.Value{g.f.NewValue(t, ""), g.f.NewValue(t, "")}
	g.b.Code = append(g.b.Code, in)
	g.define(in.Outs[0])
	g.define(in.Outs[1])
}

// tile returns where a matrix may be, and how far apart its rows are. Threads need
// not agree on it: the first says.
func (g *generator) tile(write bool, t ir.Type) (ref, off, stride ir.Value, space ir.Space) {
	if g.phase != nil {
		return g.phase.tile(g, write, t)
	}
	i := []int{0, 1, 3, 5, 6}[g.IntN(5)]
	switch {
	case write && (i == 0 || i == 5):
		i = 1
	case g.alone:
		i = []int{0, 5}[g.IntN(2)]
	}
	off, shift := g.value(ir.I64), 6+g.IntN(4)
	row := ir.MatrixDim * t.Size()
	rows := []int{row, row + 2, row + 4, 2 * row}
	if write { // SIMD groups store in no particular order
		shift = 9
	} else {
		rows = append(rows, 4*row-2, 3, 0, -row, -72)
	}
	if write || g.IntN(2) == 0 { // the usual form
		off = g.emit(ir.OpZExt, ir.I64, 0, g.ints[ir.SimdgroupIndexInThreadgroup])
		off = g.emit(ir.OpShl, ir.I64, 0, off, g.constant(ir.I64, uint64(shift)))
	}
	off = g.emit(ir.OpAnd, ir.I64, 0, off, g.constant(ir.I64, MemSize/2-1))
	off = g.emit(ir.OpAdd, ir.I64, 0, off, g.constant(ir.I64, MemSize/4))
	if !write && g.IntN(4) == 0 {
		stride = g.emit(ir.OpAnd, ir.I64, 0, g.value(ir.I64), g.constant(ir.I64, 127))
	} else {
		stride = g.constant(ir.I64, uint64(rows[g.IntN(len(rows))]))
	}
	return g.mems[i], off, stride, g.f.Mems[i].Space
}
