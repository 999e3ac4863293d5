package simt_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// A straightCase is a random kernel of the kind that threads of a group write
// together: trees, scans, exchanges, in words of threadgroup memory, with
// barriers in loops whose turns are known when code is made, or are not.
type straightCase struct {
	*rand.Rand
	*ir.Builder
	n       int // threads of a group
	i       ir.Value
	from    ir.Value // threadgroup memories: what threads read in this phase and what they write
	to      ir.Value
	numbers ir.Value
	acc     int // variable
}

const straightWords = 1100

func newStraightCase(seed uint64, n int) *ir.Func {
	c := &straightCase{Rand: rand.New(rand.NewPCG(seed, 5)), Builder: ir.NewBuilder(ir.NewFunc(fmt.Sprint("straight", seed))), n: n}
	buffer := func(i int) ir.Value {
		return c.Mem(ir.Mem{Name: fmt.Sprint("m", i), Kind: ir.MemBuffer, Space: ir.Device, Index: i, Size: 4, Align: 4})
	}
	shared := func(name string) ir.Value {
		return c.Mem(ir.Mem{Name: name, Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: straightWords * 4, Align: 4})
	}
	in, out := buffer(0), buffer(1)
	c.numbers = buffer(2)
	c.from, c.to = shared("a"), shared("b")
	c.i = c.Builtin(ir.ThreadIndexInThreadgroup)
	c.acc = c.Var(ir.I32, "acc")
	row := c.op(ir.OpAdd, c.Builtin(ir.ThreadPositionInGridY), c.op(ir.OpMul, c.Builtin(ir.ThreadPositionInGridZ), c.Builtin(ir.ThreadsPerGridY)))
	id := c.op(ir.OpAdd, c.Builtin(ir.ThreadPositionInGridX), c.op(ir.OpMul, row, c.Builtin(ir.ThreadsPerGridX)))
	c.Set(c.acc, c.Load(ir.Device, ir.I32, in, c.word(id), 0))
	if c.IntN(4) == 0 { // some threads end at once
		c.If(c.guard(), func() {
			c.put(out, id)
			c.Break(0)
		}, func() {})
	}
	for range 2 + c.IntN(5) {
		c.phase()
	}
	c.put(out, id)
	c.Finish()
	opt.Run(c.F)
	return c.F
}

func (c *straightCase) op(op ir.Op, args ...ir.Value) ir.Value { return c.Emit(op, ir.I32, args...) }

func (c *straightCase) put(out, id ir.Value) {
	c.Store(ir.Device, ir.I32, out, c.word(id), 0, c.Get(c.acc))
}

// word is the offset of a word.
func (c *straightCase) word(i ir.Value) ir.Value {
	return c.Emit(ir.OpShl, ir.I64, c.Emit(ir.OpZExt, ir.I64, i), c.I64(2))
}

func (c *straightCase) small(n int) ir.Value { return c.I32(int32(c.IntN(n))) }

// uniform is a number that is the same for all threads, known or not.
func (c *straightCase) uniform(n int) ir.Value {
	if c.IntN(2) == 0 {
		return c.op(ir.OpURem, c.Load(ir.Device, ir.I32, c.numbers, c.I64(int64(c.IntN(8))*4), 0), c.I32(int32(n)))
	}
	return c.small(n)
}

// guard is a condition that threads may differ in.
func (c *straightCase) guard() ir.Value {
	test := func(op ir.Op, a, b ir.Value) ir.Value { return c.Emit(op, ir.Bool, a, b) }
	switch c.IntN(7) {
	case 0:
		return test(ir.OpULt, c.i, c.uniform(c.n+1))
	case 1:
		return test(ir.OpEq, c.op(ir.OpAnd, c.i, c.small(16)), c.I32(0))
	case 2:
		return test(ir.OpULe, c.uniform(c.n+1), c.i)
	case 3:
		return test(ir.OpEq, c.i, c.uniform(c.n))
	case 4:
		return test(ir.OpULt, c.Get(c.acc), c.I32(1<<30))
	case 5:
		return test(ir.OpEq, c.uniform(3), c.I32(1))
	}
	return c.Emit(ir.OpAnd, ir.Bool, test(ir.OpULt, c.small(c.n), c.i), test(ir.OpULt, c.i, c.small(c.n)))
}

// place is a word that a thread reads.
func (c *straightCase) place() ir.Value {
	switch c.IntN(9) {
	case 0:
		return c.op(ir.OpAdd, c.i, c.small(70))
	case 1:
		return c.op(ir.OpXor, c.i, c.small(64))
	case 2:
		return c.op(ir.OpUMin, c.op(ir.OpSub, c.i, c.small(40)), c.I32(straightWords-1))
	case 3:
		return c.op(ir.OpURem, c.op(ir.OpMul, c.i, c.small(8)), c.I32(straightWords))
	case 4:
		return c.op(ir.OpSub, c.I32(int32(c.n-1)), c.i)
	case 5:
		return c.uniform(c.n)
	case 6:
		return c.op(ir.OpAdd, c.i, c.uniform(20))
	case 7:
		return c.op(ir.OpURem, c.Get(c.acc), c.I32(straightWords))
	}
	return c.i
}

// own is a word that no other thread has in this phase.
func (c *straightCase) own() func() ir.Value {
	switch k := c.small(16); c.IntN(4) {
	case 0:
		return func() ir.Value { return c.op(ir.OpXor, c.i, k) }
	case 1:
		return func() ir.Value { return c.op(ir.OpSub, c.I32(int32(c.n-1)), c.i) }
	case 2:
		return func() ir.Value { return c.op(ir.OpAdd, c.i, k) }
	}
	return func() ir.Value { return c.i }
}

// maybe does something under a condition that threads differ in, or without.
func (c *straightCase) maybe(f func()) {
	switch c.IntN(4) {
	case 0:
		c.If(c.guard(), f, func() {})
	case 1:
		c.If(c.guard(), f, f)
	default:
		f()
	}
}

func (c *straightCase) mix(x ir.Value) {
	c.Set(c.acc, c.op(ir.OpAdd, c.op(ir.OpMul, c.Get(c.acc), c.I32(5)), x))
}

// phase makes what there is between two barriers, or a loop of that.
func (c *straightCase) phase() {
	switch c.IntN(5) {
	case 0: // a tree
		c.write(func() ir.Value { return c.i })
		c.Barrier(false)
		c.from, c.to = c.to, c.from
		half := c.Var(ir.I32, "half")
		c.Set(half, c.I32(int32(c.n/2)))
		c.Loop(func(l ir.Label) {
			c.If(c.Emit(ir.OpEq, ir.Bool, c.Get(half), c.I32(0)), func() { c.Break(l) }, func() {})
			c.If(c.Emit(ir.OpULt, ir.Bool, c.i, c.Get(half)), func() {
				other := c.Load(ir.Threadgroup, ir.I32, c.from, c.word(c.op(ir.OpAdd, c.i, c.Get(half))), 0)
				mine := c.Load(ir.Threadgroup, ir.I32, c.from, c.word(c.i), 0)
				c.Store(ir.Threadgroup, ir.I32, c.from, c.word(c.i), 0, c.op(ir.OpAdd, mine, c.op(ir.OpMul, other, c.I32(3))))
			}, func() {})
			c.Barrier(false)
			c.Set(half, c.op(ir.OpLShr, c.Get(half), c.I32(1)))
		})
		c.mix(c.Load(ir.Threadgroup, ir.I32, c.from, c.word(c.place()), 0))
		c.Barrier(false)
	case 1, 2: // as often as is known, or not
		turns, k := c.uniform(6), c.Var(ir.I32, "k")
		c.Set(k, c.I32(0))
		c.Loop(func(l ir.Label) {
			c.If(c.Emit(ir.OpULe, ir.Bool, turns, c.Get(k)), func() { c.Break(l) }, func() {})
			c.exchange(c.Get(k))
			c.exchange(c.op(ir.OpShl, c.I32(1), c.Get(k)))
			c.Set(k, c.op(ir.OpAdd, c.Get(k), c.I32(1)))
		})
	default:
		c.exchange(c.small(40))
		c.exchange(c.small(40))
	}
}

func (c *straightCase) write(own func() ir.Value) {
	c.maybe(func() { c.Store(ir.Threadgroup, ir.I32, c.to, c.word(own()), 0, c.Get(c.acc)) })
}

// exchange is one phase.
func (c *straightCase) exchange(d ir.Value) {
	own := c.own()
	if c.IntN(8) == 0 { // one place, by one thread
		c.If(c.Emit(ir.OpEq, ir.Bool, c.i, c.small(c.n)), func() {
			c.Store(ir.Threadgroup, ir.I32, c.to, c.word(c.uniform(c.n)), 0, c.Get(c.acc))
		}, func() {})
	} else {
		c.write(own)
		if c.IntN(3) == 0 {
			c.maybe(func() {
				c.Store(ir.Threadgroup, ir.I32, c.to, c.word(own()), 0, c.op(ir.OpXor, c.Get(c.acc), c.I32(77)))
			})
		}
		if c.IntN(6) == 0 { // bytes among the words
			c.Store(ir.Threadgroup, ir.I8, c.to, c.word(own()), int64(c.IntN(4)), c.Emit(ir.OpTrunc, ir.I8, c.Get(c.acc)))
		}
	}
	for range 1 + c.IntN(2) {
		c.maybe(func() { c.mix(c.Load(ir.Threadgroup, ir.I32, c.from, c.word(c.place()), 0)) })
		if c.IntN(2) == 0 {
			c.If(c.Emit(ir.OpULe, ir.Bool, d, c.i), func() {
				c.mix(c.Load(ir.Threadgroup, ir.I32, c.from, c.word(c.op(ir.OpSub, c.i, d)), 0))
			}, func() {})
		}
	}
	c.Barrier(false)
	c.from, c.to = c.to, c.from
}

// TestNativeStraight compares machine code of such kernels with the reference.
func TestNativeStraight(t *testing.T) {
	n, from := seeds(t, 40)
	groups := []simt.Size{size(256, 1, 1), size(32, 1, 1), size(64, 1, 1), size(128, 1, 1), size(100, 1, 1), size(16, 16, 1), size(8, 4, 2), size(7, 9, 1), size(16, 1, 1), size(200, 1, 1), size(32, 8, 1), size(300, 1, 1)}
	numbers := []uint32{0, 1, 2, 3, 100, 31, 64, 1 << 31}
	for _, isa := range isas(t) {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			compiled := 0
			for seed := from; seed < from+n; seed++ {
				group := groups[seed%uint64(len(groups))]
				threads := int(group.Volume())
				f := newStraightCase(seed, threads)
				require.NoError(t, ir.Verify(f), "seed %d", seed)
				p, err := simt.Compile(f)
				require.NoError(t, err)
				grid := size(group.X*2+group.X/2, group.Y, group.Z)
				in := make([]uint32, grid.Volume())
				for i := range in {
					in[i] = uint32(i) * 2654435761
				}
				got, want := make([]uint32, len(in)), make([]uint32, len(in))
				l := simt.Launch{Program: p, Grid: grid, Group: group, Mems: []simt.Binding{bound(in), bound(got), bound(numbers), {}, {}}}
				races, _, err := ref.Races(f, &l)
				require.NoError(t, err)
				require.Zero(t, races, "seed %d", seed)
				clear(got)
				require.Nil(t, l.Run(), "seed %d", seed)
				l.Mems[1] = bound(want)
				fault, err := ref.Run(f, &l)
				require.Nil(t, fault, "seed %d", seed)
				require.NoError(t, err)
				require.Equal(t, want, got, "seed %d, group %v\n%v", seed, group, f)
				if _, m := p.Native(); m > 0 {
					compiled++
				}
			}
			require.NotZero(t, compiled)
		})
	}
}
