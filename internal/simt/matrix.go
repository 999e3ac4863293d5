package simt

import (
	"fmt"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// A matrixStep is what an operation on matrices needs beside its inst.
type matrixStep struct {
	args []int32 // registers
	x, y ir.Type // of the factors
	outs []int32
}

// matrixStep prepares an operation on matrices.
func (c *compiler) matrixStep(s *inst, in *ir.Instr, dying []ir.Value) error {
	results := 2
	if in.Op == ir.OpMatStore {
		results = 0
	}
	if len(in.Outs) != results {
		return fmt.Errorf("operation %s has %d results", in.Op, len(in.Outs))
	}
	st := &matrixStep{x: c.f.TypeOf(in.Args[0]), y: c.f.TypeOf(in.Args[2])}
	for i := range in.Args {
		st.args = append(st.args, c.arg(in.Args, i))
	}
	for _, v := range in.Outs {
		st.outs = append(st.outs, c.alloc(v, dying))
	}
	s.matrix, s.exec = st, execMatAccess
	if in.Op == ir.OpMatMulAdd {
		s.exec = execMatMulAdd
	}
	return nil
}

// execMatAccess loads or stores matrices that lie across SIMD groups.
func execMatAccess(m *machine, in *inst) {
	st := in.matrix
	for _, r := range st.outs {
		m.r[r].setVec()
	}
	for base := m.lo; base < m.hi; base += ir.SimdLanes {
		act := m.groupActive(base, ir.SimdLanes)
		if act == 0 {
			continue
		}
		first := base + bits.TrailingZeros32(act)
		operand := func(i int, t ir.Type) uint64 { return m.lane(&m.r[st.args[i]], t, first) }
		ref, off, stride := uint32(operand(0, ir.Ref)), int64(operand(1, ir.I64)), int64(operand(2, ir.I64))
		for i := range 2 {
			for a := act; a != 0; a &= a - 1 {
				lane := bits.TrailingZeros32(a)
				var x uint64
				if in.op == ir.OpMatStore {
					x = m.lane(&m.r[st.args[3+i]], in.t, base+lane)
				}
				x, ok := m.matElement(in, ref, off+in.src.MatrixOffset(lane, i, stride), base+lane, x)
				if !ok {
					return
				}
				if in.op == ir.OpMatLoad {
					m.setLane(&m.r[st.outs[i]], in.t, base+lane, x)
				}
			}
		}
	}
}

// matElement loads an element, or stores x there, for a lane; it reports false
// if that was a fault.
func (m *machine) matElement(in *inst, ref uint32, off int64, lane int, x uint64) (uint64, bool) {
	if in.op == ir.OpMatStore {
		return 0, m.storeLane(in, ref, off, lane, x)
	}
	return m.loadLane(in, ref, off, lane)
}

// doMatrix loads or stores one element for each lane of a SIMD group, which
// machine code has left to its caller.
func (m *machine) doMatrix(c *jit.Context, s *jit.Site, in *inst) {
	v := m.native.v.code.Lanes
	var ref uint32
	var off, stride int64
	for found, lane := false, 0; lane < ir.SimdLanes; lane++ {
		p, i := s.First+lane/v, lane%v
		if !c.Active(s, p, i) {
			continue
		}
		if !found {
			found = true
			ref, off, stride = uint32(c.Get(&s.Args[0], p, i)), int64(c.Get(&s.Args[1], p, i)), int64(c.Get(&s.Args[2], p, i))
		}
		var x uint64
		if in.op == ir.OpMatStore {
			x = c.Get(&s.Args[3+s.Element], p, i)
		}
		x, ok := m.matElement(in, ref, off+in.src.MatrixOffset(lane, s.Element, stride), c.Lane(p, i), x)
		if !ok {
			return
		}
		if in.op == ir.OpMatLoad {
			c.Put(&s.Out, p-s.First, i, x)
		}
	}
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
