package simt

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A matrixStep is what an operation on matrices needs beside its inst.
type matrixStep struct {
	args [6]int32 // registers
	x, y ir.Type
	outs [2]int32
}

// matrixStep prepares an operation on matrices.
func (c *compiler) matrixStep(s *inst, in *ir.Instr, dying []ir.Value) error {
	st := &matrixStep{x: c.f.TypeOf(in.Args[0]), y: c.f.TypeOf(in.Args[2])}
	if len(in.Args) != len(st.args) || len(in.Outs) != len(st.outs) {
		return fmt.Errorf("operation %s has %d arguments and %d results", in.Op, len(in.Args), len(in.Outs))
	}
	for i := range st.args {
		st.args[i] = c.arg(in.Args, i)
	}
	for i, v := range in.Outs {
		st.outs[i] = c.alloc(v, dying)
	}
	s.matrix, s.exec = st, execMatMulAdd
	return nil
}

// matrix is a matrix of the SIMD group, row by row.
type matrix [ir.MatrixDim * ir.MatrixDim]float32

// gather reads the matrix whose two elements a lane are in registers a and b;
// what inactive lanes hold is 0.
func (m *machine) gather(t ir.Type, a, b int32, base int, act uint32) (x matrix) {
	for lane := range 32 {
		if act>>lane&1 == 0 {
			continue
		}
		row, col := ir.MatrixElement(lane, 0)
		x[row*ir.MatrixDim+col] = ir.Widen(t, m.lane(&m.r[a], t, base+lane))
		x[row*ir.MatrixDim+col+1] = ir.Widen(t, m.lane(&m.r[b], t, base+lane))
	}
	return x
}

// execMatMulAdd is x*y+c of matrices that lie across SIMD groups.
func execMatMulAdd(m *machine, in *inst) {
	st := in.matrix
	for _, r := range st.outs {
		m.r[r].setVec()
	}
	for base := m.lo; base < m.hi; base += 32 {
		act := m.groupActive(base, 32)
		if act == 0 {
			continue
		}
		x := m.gather(st.x, st.args[0], st.args[1], base, act)
		y := m.gather(st.y, st.args[2], st.args[3], base, act)
		c := m.gather(in.t, st.args[4], st.args[5], base, act)
		for row := 0; row < len(c); row += ir.MatrixDim {
			z := c[row : row+ir.MatrixDim]
			for k, f := range x[row : row+ir.MatrixDim] {
				for col, g := range y[k*ir.MatrixDim : (k+1)*ir.MatrixDim] {
					z[col] = float32(ir.FMA(f, g, z[col]))
				}
			}
		}
		for lane := range min(32, m.hi-base) {
			for i, r := range st.outs {
				row, col := ir.MatrixElement(lane, i)
				m.setLane(&m.r[r], in.t, base+lane, ir.Narrow(in.t, c[row*ir.MatrixDim+col]))
			}
		}
	}
}
