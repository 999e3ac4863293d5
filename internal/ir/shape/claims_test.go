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

// instance is what the threads of a group got for a value in one turn.
type instance struct {
	threads []int
	bits    []uint64
}

// checkClaims runs f in a group of that size and compares what happens with
// what its shapes say.
func checkClaims(f *ir.Func, info *shape.Info, size [3]uint32, group uint32) error {
	type key struct {
		v     ir.Value
		turns uint64 // hashed
	}
	seen := map[key]*instance{}
	r := runner{f: f, size: size, group: group, vals: make([]uint64, len(f.Values))}
	n := int(size[0] * size[1] * size[2])
	for i := range n {
		x := uint32(i)
		r.thread = [4]uint32{x % size[0], x / size[0] % size[1], x / size[0] / size[1], x}
		r.seen = func(v ir.Value, turns []uint64, bits uint64) {
			if info.Values[v].Varying() || len(turns) > 0 && turns[0] > 20 {
				return // the loop that clears memory is long
			}
			k := key{v, hash(turns...)}
			if seen[k] == nil {
				seen[k] = &instance{}
			}
			seen[k].threads = append(seen[k].threads, i)
			seen[k].bits = append(seen[k].bits, bits)
		}
		r.turns = nil
		r.block(f.Body)
	}
	for k, in := range seen {
		s, t := info.Values[k.v], f.TypeOf(k.v)
		for b, j := range in.threads {
			for a := b - 1; a >= 0; a-- { // the one before it in its run is enough
				i := in.threads[a]
				if s.Across&shape.Rows != 0 && i/int(size[0]) != j/int(size[0]) || s.Across&shape.Simds != 0 && i/32 != j/32 {
					continue
				}
				if w := seen[key{s.Wrap, k.turns}]; s.Wrap != ir.NoValue && w != nil {
					// The wrapping value is defined in an enclosing turn if not in
					// this one; the random kernels wrap little enough to skip those.
					p := slices.Index(w.threads, i)
					if p < 0 {
						return fmt.Errorf("%%%d: thread %d has no %%%d", k.v, i, s.Wrap)
					}
					from := f.TypeOf(s.Wrap)
					e := int64(w.bits[p])
					lo, hi := int64(0), int64(ir.Mask(from))
					if s.Signed {
						shift := 64 - from.Bits()
						e = e << shift >> shift
						lo, hi = -(hi+1)/2, hi/2
					}
					if end := e + info.Values[s.Wrap].Stride*int64(j-i); end < lo || end > hi {
						break
					}
				} else if s.Wrap != ir.NoValue {
					break
				}
				if want := (in.bits[a] + uint64(s.Stride*int64(j-i))) & ir.Mask(t); in.bits[b] != want {
					return fmt.Errorf("%%%d is %v: thread %d of turn %x has %#x, thread %d %#x", k.v, s, i, k.turns, in.bits[a], j, in.bits[b])
				}
				break
			}
		}
	}
	return nil
}

func TestClaims(t *testing.T) {
	sizes := [][3]uint32{{40, 1, 1}, {16, 4, 1}, {5, 3, 4}, {70, 1, 1}, {33, 2, 1}, {1, 40, 1}}
	affine := 0
	for seed := range uint64(250) {
		f := irtest.Kernel(seed, 10+int(seed%80))
		if seed%3 == 0 {
			f = irtest.Phased(seed, 10+int(seed%80))
		}
		require.NoError(t, ir.Verify(f))
		info := shape.Of(f)
		for _, s := range info.Values {
			if !s.Varying() && s.Stride != 0 {
				affine++
			}
		}
		if err := checkClaims(f, info, sizes[seed%uint64(len(sizes))], uint32(seed%3)); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, f)
		}
	}
	require.Greater(t, affine, 1000, "the kernels have next to nothing to claim")
}
