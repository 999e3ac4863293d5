package shape_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// runner runs a kernel for one thread after the other and notes what every
// instruction gives in every turn. Of memory and of other threads a thread sees
// something made up, that is the same for all threads that it is promised to be
// the same for.
type runner struct {
	f      *ir.Func
	thread [4]uint32 // x, y, z and index
	size   [3]uint32
	group  uint32
	vals   []uint64
	turns  []uint64
	clock  uint64
	seen   func(v ir.Value, turns []uint64, bits uint64)
	err    error
}

func hash(xs ...uint64) uint64 {
	h := uint64(14695981039346656037)
	for _, x := range xs {
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}

func (r *runner) define(v ir.Value, bits uint64) {
	r.vals[v] = bits
	r.seen(v, r.turns, bits)
}

func (r *runner) builtin(b ir.Builtin) uint32 {
	i := r.thread[3]
	switch {
	case b <= ir.ThreadPositionInGridZ:
		return r.size[b]*r.group + r.thread[b]
	case b <= ir.ThreadPositionInThreadgroupZ:
		return r.thread[b-ir.ThreadPositionInThreadgroupX]
	case b <= ir.ThreadgroupPositionInGridZ:
		return r.group
	case b <= ir.DispatchThreadsPerThreadgroupZ:
		return r.size[(b-ir.ThreadsPerThreadgroupX)%3]
	}
	switch b {
	case ir.ThreadIndexInThreadgroup:
		return i
	case ir.ThreadIndexInSimdgroup:
		return i % 32
	case ir.SimdgroupIndexInThreadgroup:
		return i / 32
	case ir.ThreadIndexInQuadgroup:
		return i % 4
	case ir.QuadgroupIndexInThreadgroup:
		return i / 4
	case ir.ThreadsPerSimdgroup:
		return 32
	}
	return 7
}

type way struct {
	op    ir.Op
	depth int64
	vals  []uint64
}

func (r *runner) block(b *ir.Block) way {
	for _, in := range b.Code {
		args := make([]uint64, len(in.Args), max(4, len(in.Args)))
		for i, a := range in.Args {
			args[i] = r.vals[a]
		}
		all := append([]uint64{uint64(in.ID)}, args...)
		turn := append(all, r.turns...)
		switch in.Op.Info().Class {
		case ir.Term:
			return way{in.Op, in.Imm, args}
		case ir.Control:
			if w := r.control(in, args); w.op != ir.OpYield {
				return w
			}
			continue
		}
		for _, v := range in.Outs { // of a matrix
			r.clock++
			r.define(v, hash(r.clock)&ir.Mask(in.Type))
		}
		if in.Out == ir.NoValue {
			continue
		}
		var x uint64
		switch in.Op {
		case ir.OpConst, ir.OpMem:
			x = uint64(in.Imm)
		case ir.OpBuiltin:
			x = uint64(r.builtin(ir.Builtin(in.Imm)))
		case ir.OpAddr:
			x = hash(args[0])&^0xff + args[1] + uint64(in.Imm)
		case ir.OpResolveRef, ir.OpResolveOffset:
			x = hash(all...)
		case ir.OpLoad:
			if x = hash(turn...); in.Space == ir.Thread {
				x = hash(x, uint64(r.thread[3]))
			}
		case ir.OpGroupReduce, ir.OpBallot:
			_, width, _ := ir.UnpackGroup(in.Imm)
			x = hash(append(r.turns, uint64(in.ID), uint64(int(r.thread[3])/width))...)
		case ir.OpShuffle:
			_, width, _ := ir.UnpackGroup(in.Imm)
			x = hash(append(r.turns, uint64(in.ID), args[1], uint64(int(r.thread[3])/width))...)
		case ir.OpAtomicLoad, ir.OpAtomicRMW, ir.OpAtomicCAS, ir.OpGroupScan:
			r.clock++
			x = hash(r.clock)
		default:
			x, _ = ir.Eval(in.Op, in.Type, r.f.TypeOf(in.Args[0]), args[:4][0], args[:4][1], args[:4][2])
		}
		r.define(in.Out, x&ir.Mask(in.Type))
	}
	panic("no terminator")
}

func (r *runner) control(in *ir.Instr, args []uint64) way {
	leave := func(w way) way {
		if w.op == ir.OpYield || in.Op != ir.OpIf && w.op == ir.OpBreak && w.depth == 0 {
			for i, v := range in.Outs {
				r.define(v, w.vals[i])
			}
			return way{op: ir.OpYield}
		}
		if in.Op != ir.OpIf {
			w.depth--
		}
		return w
	}
	switch in.Op {
	case ir.OpIf:
		return leave(r.block(in.Body[1-args[0]&1]))
	case ir.OpBlock:
		return leave(r.block(in.Body[0]))
	}
	outer := r.turns
	for n := uint64(0); ; n++ {
		r.turns = append(slices.Clone(outer), n)
		for i, p := range in.Body[0].Params {
			r.define(p, args[i])
		}
		w := r.block(in.Body[0])
		if w.op != ir.OpContinue || w.depth > 0 {
			r.turns = outer
			return leave(w)
		}
		args = w.vals
	}
}

// instance is what the threads of a group, or of a chunk or part of it, have for a
// value in one turn.
type instance struct {
	thread int    // that came first
	bits   uint64 // less what its part and lane add
}

// checkClaims runs f in a group of that size and compares what happens with
// what its shapes say. chunk tells which chunk thread i is in, which part of it
// and which lane.
func checkClaims(f *ir.Func, info *shape.Info, size [3]uint32, group uint32, place func(i int) (chunk, part, lane int)) error {
	type key struct {
		v     ir.Value
		turns uint64 // hashed
		chunk int
		part  int // if the parts have scalars of their own
	}
	seen := map[key]*instance{}
	r := runner{f: f, size: size, group: group, vals: make([]uint64, len(f.Values))}
	n := int(size[0] * size[1] * size[2])
	for i := range n {
		x := uint32(i)
		r.thread = [4]uint32{x % size[0], x / size[0] % size[1], x / size[0] / size[1], x}
		r.seen = func(v ir.Value, turns []uint64, bits uint64) {
			s := info.Values[v]
			if s.Kind == shape.Varying || len(turns) > 0 && turns[0] > 20 {
				return // the loop that clears memory is long
			}
			chunk, part, lane := place(i)
			k := key{v: v, turns: hash(turns...)}
			if s.Kind == shape.Linear {
				if k.chunk = chunk; s.Each {
					k.part = part
				}
				bits -= uint64(int64(s.Part[part]) + s.Step*int64(lane))
			}
			bits &= ir.Mask(f.TypeOf(v))
			if seen[k] == nil {
				seen[k] = &instance{i, bits}
			}
			if first := seen[k]; first.bits != bits && r.err == nil {
				r.err = fmt.Errorf("%%%d is %v: of turn %x, thread %d begins at %#x, thread %d at %#x", v, s, k.turns, first.thread, first.bits, i, bits)
			}
		}
		r.turns = nil
		r.block(f.Body)
	}
	return r.err
}

// A rect is a group of one plane, in chunks of four vectors of eight lanes: a
// chunk is one SIMD group. Rows are a power of two of vectors.
type rect struct{ x, y int }

func (g rect) place(i int) (chunk, part, lane int) { return i / 32, i / 8 % 4, i % 8 }

func (g rect) Input(b ir.Builtin) shape.Shape {
	s := shape.Shape{Kind: shape.Linear}
	switch b {
	case ir.ThreadPositionInGridX, ir.ThreadPositionInThreadgroupX, ir.ThreadIndexInThreadgroup, ir.ThreadIndexInSimdgroup:
		s.Step = 1
		for p := range 4 {
			if s.Part[p] = int32(8 * p); b <= ir.ThreadPositionInThreadgroupZ {
				s.Part[p] %= int32(g.x)
			}
		}
		return s
	case ir.ThreadPositionInGridY, ir.ThreadPositionInThreadgroupY:
		for p := range 4 {
			s.Part[p] = int32(8 * p / g.x)
		}
		return s
	case ir.SimdgroupIndexInThreadgroup:
		return s
	case ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		return shape.Shape{Kind: shape.Varying}
	}
	return shape.Shape{Kind: shape.Uniform}
}

func (g rect) Most(b ir.Builtin) uint64 {
	switch b {
	case ir.ThreadPositionInThreadgroupX:
		return uint64(g.x - 1)
	case ir.ThreadPositionInThreadgroupY:
		return uint64(g.y - 1)
	}
	return 1<<32 - 1
}

func (rect) Lanes() (vector, parts int) { return 8, 4 }

func (g rect) Aligned(b ir.Builtin) uint64 {
	switch b {
	case ir.ThreadPositionInThreadgroupX:
		if g.x < 32 {
			return 1 << 32
		}
		return 32
	case ir.ThreadPositionInThreadgroupY:
		return max(1, uint64(32/g.x))
	case ir.ThreadIndexInThreadgroup, ir.ThreadIndexInSimdgroup:
		return 32
	}
	return 1
}

func (rect) Simd() shape.Shape                { return shape.Shape{Kind: shape.Linear} }
func (rect) Scalars(op ir.Op, _ ir.Type) bool { return op != ir.OpPopcnt }

func TestClaims(t *testing.T) {
	sizes := [][3]uint32{{40, 1, 1}, {16, 4, 1}, {5, 3, 4}, {70, 1, 1}, {33, 2, 1}, {1, 40, 1}, {64, 2, 1}, {8, 8, 1}, {32, 3, 1}}
	linear, parted := 0, 0
	for seed := range uint64(180) {
		f := irtest.Kernel(seed, 10+int(seed%80))
		require.NoError(t, ir.Verify(f))
		size := sizes[seed%uint64(len(sizes))]
		x := int(size[0])
		group := shape.Runs
		place := func(i int) (chunk, part, lane int) { return i/x<<16 + i/32, 0, i } // a row of a SIMD group
		if size[2] == 1 && (x == 8 || x == 16 || x%32 == 0) {
			r := rect{x, int(size[1])}
			group, place = r, r.place
		}
		info := shape.Of(f, shape.Config{Group: group})
		for _, s := range info.Values {
			if s.Kind == shape.Linear {
				linear++
				if s.Part != (shape.Offsets{}) {
					parted++
				}
			}
		}
		if err := checkClaims(f, info, size, uint32(seed%3), place); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, f)
		}
	}
	require.Greater(t, linear, 1000, "the kernels have next to nothing to claim")
	require.Greater(t, parted, 300)
}
