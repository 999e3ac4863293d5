package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// matMulAdd multiplies matrices that lie across SIMD groups: for every lane
// two elements, each the sum of eight products in order.
func (l *lower) matMulAdd(in *ir.Instr) {
	n := l.partsOf()
	if l.geo.u%n != 0 {
		l.fail("a chunk smaller than a SIMD group")
	}
	var elems [6][]vreg
	for i := range elems {
		elems[i] = l.groupLanes(in.Args[i], l.f.TypeOf(in.Args[i]), 0)
	}
	// lane returns which lane holds an element.
	lane := func(row, col int) uint64 {
		for i := range 32 {
			if r, c := ir.MatrixElement(i, 0); r == row && c == col&^1 {
				return uint64(i)
			}
		}
		panic("jit: no such element")
	}
	var outs [2][]vreg
	for p := range l.geo.u {
		base := p - p%n
		pick := func(from []vreg, source func(row, col int) uint64) vreg {
			w := make([]uint64, l.geo.v)
			for i := range w {
				w[i] = source(ir.MatrixElement(p%n*l.geo.v+i, 0))
			}
			d := l.reg(vector)
			l.emit(ins{op: lShuffle, d: []vreg{d}, s: append([]vreg{l.constVec(w, 4)}, from[base:base+n]...), early: true})
			return d
		}
		sums := [2]vreg{elems[4][p], elems[5][p]}
		for k := range ir.MatrixDim {
			x := pick(elems[k&1], func(row, _ int) uint64 { return lane(row, k) })
			for i := range sums {
				y := pick(elems[2+i], func(_, col int) uint64 { return lane(k, col) })
				sums[i] = l.vop(ir.OpFFma, ir.F32, ir.F32, x, y, sums[i])
			}
		}
		for i, s := range sums {
			if in.Type != ir.F32 {
				s = l.vop(ir.OpFConv, in.Type, ir.F32, s)
			}
			outs[i] = append(outs[i], s)
		}
	}
	for i, v := range in.Outs {
		l.vals[v] = value{v: outs[i]}
	}
}
