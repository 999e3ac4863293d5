package ref

import (
	"github.com/aruminium-go/aruminium/internal/ir"
)

// together does the operation before which the threads, in order, have stopped.
func (g *group) together(threads []*thread) {
	in := threads[0].at
	switch in.Op {
	case ir.OpShuffle, ir.OpGroupReduce, ir.OpGroupScan, ir.OpBallot, ir.OpMatMulAdd, ir.OpMatLoad, ir.OpMatStore:
		width := ir.SimdLanes
		if in.Op <= ir.OpBallot {
			_, width, _ = ir.UnpackGroup(in.Imm)
		}
		for len(threads) > 0 {
			n := 1
			for n < len(threads) && threads[n].index/width == threads[0].index/width {
				n++
			}
			groupOp(in, width, threads[:n])
			if g.fault != nil {
				return
			}
			threads = threads[n:]
		}
	default:
		for _, t := range threads {
			switch {
			case in.Op.IsTexture():
				t.tex(in)
			case in.Op == ir.OpPrintf:
				if log := g.l.Log; log != nil {
					log.Log(&g.f.Messages[in.Imm], t.args(in))
				}
			default:
				t.access(in)
			}
			if g.fault != nil {
				return
			}
		}
	}
}

// groupOp does a group operation of the active threads of one group.
func groupOp(in *ir.Instr, width int, threads []*thread) {
	switch in.Op {
	case ir.OpMatMulAdd:
		matMulAdd(in, threads)
		return
	case ir.OpMatLoad, ir.OpMatStore:
		matAccess(in, threads)
		return
	}
	op, _, inclusive := ir.UnpackGroup(in.Imm)
	vals := make([]uint64, len(threads))
	for i, t := range threads {
		vals[i] = t.vals[in.Args[0]]
	}
	lanes := make([]uint64, width)
	for i := range lanes {
		lanes[i] = ir.GroupNeutral(op, in.Type)
	}
	for i, t := range threads {
		lanes[t.index%width] = vals[i]
	}
	switch in.Op {
	case ir.OpShuffle:
		for _, t := range threads {
			r := uint64(0)
			for j, other := range threads {
				if uint64(other.index%width) == t.vals[in.Args[1]] {
					r = vals[j]
				}
			}
			t.vals[in.Out] = r
		}
	case ir.OpBallot:
		r := uint64(0)
		for i, t := range threads {
			r |= vals[i] << (t.index % width)
		}
		for _, t := range threads {
			t.vals[in.Out] = r
		}
	case ir.OpGroupReduce:
		r := ir.GroupReduce(op, in.Type, lanes)
		for _, t := range threads {
			t.vals[in.Out] = r
		}
	case ir.OpGroupScan:
		ir.GroupScan(op, in.Type, lanes, inclusive)
		for _, t := range threads {
			t.vals[in.Out] = lanes[t.index%width]
		}
	}
}

// matAccess does an OpMatLoad or OpMatStore: as loads or stores of the elements,
// where the first thread says.
func matAccess(in *ir.Instr, threads []*thread) {
	ref, off, stride := threads[0].vals[in.Args[0]], int64(threads[0].vals[in.Args[1]]), int64(threads[0].vals[in.Args[2]])
	for i := range 2 {
		for _, t := range threads {
			own := [2]uint64{t.vals[in.Args[0]], t.vals[in.Args[1]]}
			one := &ir.Instr{Op: ir.OpLoad, Type: in.Type, Space: in.Space, Pos: in.Pos, Args: in.Args[:2:2], Imm: in.MatrixOffset(t.index%ir.SimdLanes, i, stride)}
			if in.Op == ir.OpMatLoad {
				one.Out = in.Outs[i]
			} else {
				one.Op, one.Args = ir.OpStore, append(one.Args, in.Args[3+i])
			}
			t.vals[in.Args[0]], t.vals[in.Args[1]] = ref, uint64(off)
			t.access(one)
			t.vals[in.Args[0]], t.vals[in.Args[1]] = own[0], own[1]
			if t.g.fault != nil {
				return
			}
		}
	}
}

// matMulAdd does an OpMatMulAdd: one element after another.
func matMulAdd(in *ir.Instr, threads []*thread) {
	element := func(arg, row, col int) uint64 {
		for _, t := range threads {
			for i := range 2 {
				if r, c := ir.MatrixElement(t.index%32, i); r == row && c == col {
					return t.vals[in.Args[arg+i]]
				}
			}
		}
		return 0
	}
	results := map[*thread][2]uint64{}
	for _, t := range threads {
		var out [2]uint64
		for i := range out {
			row, col := ir.MatrixElement(t.index%32, i)
			sum := ir.Narrow(ir.F32, ir.Widen(in.Type, t.vals[in.Args[4+i]]))
			for k := range ir.MatrixDim {
				x := ir.Narrow(ir.F32, ir.Widen(t.g.f.TypeOf(in.Args[0]), element(0, row, k)))
				y := ir.Narrow(ir.F32, ir.Widen(t.g.f.TypeOf(in.Args[2]), element(2, k, col)))
				sum, _ = ir.Eval(ir.OpFFma, ir.F32, ir.F32, x, y, sum)
			}
			out[i] = ir.Narrow(in.Type, ir.Widen(ir.F32, sum))
		}
		results[t] = out
	}
	for t, out := range results {
		t.vals[in.Outs[0]], t.vals[in.Outs[1]] = out[0], out[1]
	}
}
