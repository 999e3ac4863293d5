package simt_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// An accessCase is a kernel that does one kind of access of the memory "data":
// of any type and address space, at addresses of any form, with threads masked
// off; and what it is bound to.
type accessCase struct {
	*rand.Rand
	*ir.Builder
	about string

	at, data, out, base, in ir.Value
	space                   ir.Space
	kind                    ir.MemKind
	t                       ir.Type
	group                   simt.Size
	loops, inStep           bool

	index []uint32
	bytes []byte // of data
	far   []uint64
	vals  []byte
}

const (
	accessSlots = 64 // indices, and threads of a group at most
	ownBytes    = 64 // of thread memory
)

func newAccessCase(seed uint64) *accessCase {
	c := &accessCase{Rand: rand.New(rand.NewPCG(seed, 77)), Builder: ir.NewBuilder(ir.NewFunc(fmt.Sprint("access", seed)))}
	types := []ir.Type{ir.I8, ir.I16, ir.I32, ir.I64, ir.F16, ir.BF16, ir.F32, ir.Bool}
	c.t = types[c.IntN(len(types))]
	c.group = []simt.Size{size(64, 1, 1), size(32, 2, 1), size(16, 4, 1), size(8, 8, 1), size(50, 1, 1), size(5, 7, 1)}[c.IntN(6)]
	n := c.IntN(700)
	if c.IntN(10) == 0 {
		n = c.IntN(9)
	}
	mem := ir.Mem{Name: "data", Kind: ir.MemBuffer, Space: ir.Device, Index: 1, Size: 1, Align: 1}
	switch c.IntN(5) {
	case 0:
		mem.Kind, mem.Space, mem.Size, mem.Align = ir.MemThreadgroup, ir.Threadgroup, int64(n+4), 4
	case 1:
		mem.Kind, mem.Space, mem.Size, mem.Align = ir.MemThread, ir.Thread, ownBytes, 4
	case 2:
		mem.Space = ir.Constant
	case 3:
		mem.Kind, mem.Space = ir.MemConst, ir.Constant
	}
	c.bytes = make([]byte, n)
	for i := range c.bytes {
		c.bytes[i] = byte(c.Uint32()) &^ 0x40 // no float is a NaN
	}
	if mem.Kind == ir.MemConst {
		mem.Data, mem.Size = c.bytes, int64(n)
	}
	c.space, c.kind = mem.Space, mem.Kind
	buffer := func(i int) ir.Value {
		return c.Mem(ir.Mem{Name: fmt.Sprint("m", i), Kind: ir.MemBuffer, Space: ir.Device, Index: i, Size: 8, Align: 8})
	}
	c.at, c.data, c.out, c.base, c.in = buffer(0), c.Mem(mem), buffer(2), buffer(3), buffer(4)
	c.about = fmt.Sprintf("%s of %s, group %v, %d bytes", c.t, mem.Kind, c.group, n)
	return c
}

func (c *accessCase) op(op ir.Op, t ir.Type, args ...ir.Value) ir.Value {
	return c.Emit(op, t, args...)
}

// leaf makes an index of 32 bits.
func (c *accessCase) leaf(id, x, y ir.Value) ir.Value {
	k := func(n int) ir.Value { return c.I32(int32(c.IntN(n))) }
	switch c.IntN(10) {
	case 0:
		return x
	case 1:
		return c.op(ir.OpMul, ir.I32, x, k(6))
	case 2:
		return c.op(ir.OpSub, ir.I32, k(100), x)
	case 3:
		return c.op(ir.OpAdd, ir.I32, c.op(ir.OpMul, ir.I32, y, k(20)), x)
	case 4:
		return y
	case 5:
		return c.op(ir.OpSub, ir.I32, x, k(40)) // below zero
	case 6:
		return c.op(ir.OpSMin, ir.I32, c.op(ir.OpSub, ir.I32, x, k(5)), k(70))
	}
	at := c.op(ir.OpMul, ir.I64, c.op(ir.OpZExt, ir.I64, id), c.I64(4))
	return c.Load(ir.Device, ir.I32, c.at, at, 0)
}

// scaled makes an offset of an index.
func (c *accessCase) scaled(leaf ir.Value) ir.Value {
	ext := ir.OpZExt
	if c.IntN(2) == 0 {
		ext = ir.OpSExt
	}
	scale := int64(c.t.Size())
	if c.IntN(4) == 0 {
		scale *= int64(1 + c.IntN(4)) // of vectors
	} else if c.IntN(2) == 0 {
		scale = []int64{1, 2, 3, 4, 8, 12, 18, 34}[c.IntN(8)]
	}
	return c.op(ir.OpMul, ir.I64, c.op(ext, ir.I64, leaf), c.I64(scale))
}

func (c *accessCase) offset(id, x, y ir.Value) ir.Value {
	if c.IntN(12) == 0 { // the same for all
		return c.Load(ir.Device, ir.I64, c.base, c.I64(0), 0)
	}
	off := c.scaled(c.leaf(id, x, y))
	switch c.IntN(8) {
	case 0:
		off = c.op(ir.OpAdd, ir.I64, off, c.Load(ir.Device, ir.I64, c.base, c.I64(0), 0))
	case 1:
		off = c.op(ir.OpAdd, ir.I64, off, c.scaled(c.leaf(id, x, y)))
	case 2:
		off = c.op(ir.OpAdd, ir.I64, off, c.op(ir.OpMul, ir.I64, c.op(ir.OpZExt, ir.I64, y), c.I64(int64(c.IntN(50)))))
	case 3:
		off = c.op(ir.OpSub, ir.I64, off, c.I64(int64(c.IntN(30))))
	}
	return off
}

// masked does f for some threads.
func (c *accessCase) masked(id, x ir.Value, f func()) {
	var cond ir.Value
	switch c.IntN(5) {
	case 0, 1:
		f()
		return
	case 2:
		cond = c.op(ir.OpULt, ir.Bool, x, c.I32(int32(c.IntN(70))))
	case 3:
		at := c.op(ir.OpMul, ir.I64, c.op(ir.OpZExt, ir.I64, id), c.I64(4))
		cond = c.op(ir.OpULt, ir.Bool, c.Load(ir.Device, ir.I32, c.at, at, 0), c.I32(int32(c.IntN(100))))
	case 4:
		cond = c.op(ir.OpEq, ir.Bool, c.op(ir.OpAnd, ir.I32, x, c.I32(1)), c.I32(int32(c.IntN(2))))
	}
	c.If(cond, f, func() {})
}

// contents is what a thread puts in memory; no float in it is a NaN.
func (c *accessCase) contents(id ir.Value, more int32) ir.Value {
	return c.op(ir.OpAnd, ir.I32, c.op(ir.OpAdd, ir.I32, c.op(ir.OpMul, ir.I32, id, c.I32(0x1030507)), c.I32(more)), c.I32(^0x40404040))
}

// repeated loads again and again, a step further each time, several values at
// once, and stores a sum of all.
func (c *accessCase) repeated(off ir.Value, imm int64, to ir.Value) {
	i, sum := c.Var(ir.I32, "i"), c.Var(ir.I32, "sum")
	size := int64(c.t.Size())
	step := []int64{size, size, size, 1, 2 * size, 3 * size, -size, 0, 50}[c.IntN(9)]
	turns, together := int32(1+c.IntN(40)), 1+int64(c.IntN(3))
	again := c.IntN(3) == 0
	c.loops = true
	outer := c.Var(ir.I32, "outer")
	c.Set(outer, c.I32(0))
	c.Set(sum, c.I32(0))
	c.Loop(func(done ir.Label) {
		c.Set(i, c.I32(0))
		c.Loop(func(end ir.Label) {
			c.If(c.op(ir.OpSLe, ir.Bool, c.I32(turns), c.Get(i)), func() { c.Break(end) }, func() {})
			at := c.op(ir.OpAdd, ir.I64, off, c.op(ir.OpMul, ir.I64, c.op(ir.OpSExt, ir.I64, c.Get(i)), c.I64(step)))
			for k := range together {
				x := c.Load(c.space, c.t, c.data, at, imm+k*size)
				switch {
				case c.t == ir.I64:
					x = c.op(ir.OpTrunc, ir.I32, x)
				case c.t == ir.F16 || c.t == ir.BF16:
					x = c.op(ir.OpBitcast, ir.I32, c.op(ir.OpFConv, ir.F32, x))
				case c.t == ir.F32:
					x = c.op(ir.OpBitcast, ir.I32, x)
				case c.t != ir.I32:
					x = c.op(ir.OpZExt, ir.I32, x)
				}
				c.Set(sum, c.op(ir.OpXor, ir.I32, c.op(ir.OpMul, ir.I32, c.Get(sum), c.I32(31)), x))
			}
			c.Set(i, c.op(ir.OpAdd, ir.I32, c.Get(i), c.I32(1)))
		})
		if again {
			c.Set(outer, c.op(ir.OpAdd, ir.I32, c.Get(outer), c.I32(1)))
			c.If(c.op(ir.OpULt, ir.Bool, c.Get(outer), c.I32(3)), func() { c.Continue(done) }, func() {})
		}
		c.Break(done)
	})
	c.Store(ir.Device, ir.I32, c.out, to, 0, c.Get(sum))
}

// build makes the kernel.
func (c *accessCase) build() *ir.Func {
	x, y := c.Builtin(ir.ThreadPositionInThreadgroupX), c.Builtin(ir.ThreadPositionInThreadgroupY)
	id := c.Builtin(ir.ThreadIndexInThreadgroup)
	wide := c.op(ir.OpZExt, ir.I64, id)
	row := func(size int64) ir.Value { return c.op(ir.OpMul, ir.I64, wide, c.I64(size)) }
	write := c.IntN(2) == 0 && (c.kind != ir.MemConst || c.IntN(20) == 0)
	// What threads have for themselves, or together, gets contents first.
	switch c.kind {
	case ir.MemThread:
		for i := range int64(ownBytes / 4) {
			c.Store(c.space, ir.I32, c.data, c.I64(4*i), 0, c.contents(id, int32(i*0x1001)))
		}
	case ir.MemThreadgroup:
		c.If(c.op(ir.OpULe, ir.Bool, c.op(ir.OpAdd, ir.I64, row(4), c.I64(4)), c.I64(int64(len(c.bytes)))), func() {
			c.Store(c.space, ir.I32, c.data, row(4), 0, c.contents(id, 0))
		}, func() {})
		c.Barrier(false)
	}
	imm := int64(0)
	if c.IntN(3) == 0 {
		imm = int64(c.IntN(20))
	}
	off := c.offset(id, x, y)
	size := int64(c.t.Size())
	c.masked(id, x, func() {
		if !write && c.IntN(3) == 0 {
			c.repeated(off, imm, row(8))
		} else if write && c.t == ir.I32 && c.kind != ir.MemThread && c.kind != ir.MemConst && c.IntN(2) == 0 {
			op := []ir.AtomicOp{ir.AtomicAdd, ir.AtomicSub, ir.AtomicAnd, ir.AtomicOr, ir.AtomicXor, ir.AtomicUMax, ir.AtomicSMin, ir.AtomicXchg}[c.IntN(8)]
			x := c.I32(3)
			if c.IntN(2) == 0 {
				x = c.Load(ir.Device, ir.I32, c.in, row(size), 0)
			}
			was := c.Atomic(ir.OpAtomicRMW, op, c.space, ir.I32, c.data, off, imm, x)
			if c.IntN(2) == 0 {
				c.Store(ir.Device, ir.I32, c.out, row(8), 4, was)
			}
		} else if write && size == 4 && c.IntN(2) == 0 {
			x := c.Load(ir.Device, ir.I32, c.in, row(size), 0)
			c.inStep = true // threads may write to the same places
			for k := range 2 + int64(c.IntN(4)) {
				c.Store(c.space, ir.I32, c.data, off, imm+k*size, c.op(ir.OpXor, ir.I32, x, c.I32(int32(k*0x1010101))))
			}
		} else if write {
			c.Store(c.space, c.t, c.data, off, imm, c.Load(ir.Device, c.t, c.in, row(size), 0))
		} else if c.t == ir.I32 && c.IntN(2) == 0 {
			c.loops = true // another of several loads may be the first outside
			sum := c.I32(0)
			for k := range 2 + int64(c.IntN(4)) {
				sum = c.op(ir.OpAdd, ir.I32, c.op(ir.OpMul, ir.I32, sum, c.I32(31)), c.Load(c.space, ir.I32, c.data, off, imm+4*k))
			}
			c.Store(ir.Device, ir.I32, c.out, row(8), 0, sum)
		} else {
			c.Store(ir.Device, c.t, c.out, row(8), 0, c.Load(c.space, c.t, c.data, off, imm))
		}
	})
	if write {
		switch c.kind {
		case ir.MemThread:
			sum := c.I32(0)
			for i := range int64(ownBytes / 4) {
				sum = c.op(ir.OpAdd, ir.I32, c.op(ir.OpMul, ir.I32, sum, c.I32(31)), c.Load(c.space, ir.I32, c.data, c.I64(4*i), 0))
			}
			c.Store(ir.Device, ir.I32, c.out, row(8), 0, sum)
		case ir.MemThreadgroup:
			c.Barrier(false)
			c.If(c.op(ir.OpULe, ir.Bool, c.op(ir.OpAdd, ir.I64, row(4), c.I64(4)), c.I64(int64(len(c.bytes)))), func() {
				c.Store(ir.Device, ir.I32, c.out, row(8), 0, c.Load(c.space, ir.I32, c.data, row(4), 0))
			}, func() {})
		}
	}
	c.Finish()
	opt.Promote(c.F)
	c.bind()
	return c.F
}

// bind makes what the kernel is bound to.
func (c *accessCase) bind() {
	room := len(c.bytes) / c.t.Size()
	if c.kind == ir.MemThread {
		room = ownBytes / c.t.Size()
	}
	c.index = make([]uint32, accessSlots)
	from := c.IntN(max(1, room))
	pattern := c.IntN(4)
	for i := range c.index {
		switch pattern {
		case 0:
			c.index[i] = uint32(from)
		case 1:
			c.index[i] = uint32(from + i)
		default:
			c.index[i] = uint32(c.IntN(max(1, room)))
		}
	}
	if c.IntN(3) == 0 {
		odd := []uint32{uint32(room), uint32(room - 1), 1<<32 - 1, 1 << 31, 1<<31 - 1, 1 << 30, 1 << 29, 1<<32 - 100}
		for range 1 + c.IntN(3) {
			c.index[c.IntN(accessSlots)] = odd[c.IntN(len(odd))]
		}
	}
	far := []int64{0, int64(c.IntN(100)), -int64(c.IntN(100)), int64(len(c.bytes)), 1 << 31, 1<<32 - 16, -1 << 31, 1<<63 - 8, -1 << 63, 1 << 40}
	c.far = []uint64{uint64(far[c.IntN(4)])}
	if c.IntN(4) == 0 {
		c.far[0] = uint64(far[c.IntN(len(far))])
	}
	c.vals = make([]byte, accessSlots*8)
	for i := range c.vals {
		c.vals[i] = byte(c.Uint32()) &^ 0x40
	}
}

// run runs the kernel with memory of its own and returns that.
func (c *accessCase) run(run func([]simt.Binding) (*simt.Fault, error)) (*simt.Fault, [][]byte, error) {
	room := make([]byte, len(c.bytes)+16)
	skip := int(-uintptr(unsafe.Pointer(&room[0])) & 7)
	data, out := room[skip:skip+len(c.bytes)], make([]byte, accessSlots*8)
	copy(data, c.bytes)
	mems := []simt.Binding{bound(c.index), bound(data), bound(out), bound(c.far), bound(c.vals)}
	fault, err := run(mems)
	return fault, [][]byte{room[skip:], out}, err
}

// TestNativeAccess compares accesses of every kind with the reference.
func TestNativeAccess(t *testing.T) {
	n, from := seeds(t, 1000)
	faults := 0
	for seed := from; seed < from+n; seed++ {
		if accessAlike(t, seed) {
			faults++
		}
	}
	if n >= 200 {
		require.Greater(t, faults, int(n/10), "few of the kernels meet the ends of their memory")
		require.Less(t, faults, int(n*3/4), "most of the kernels meet the ends of their memory")
	}
}

// TestNativeAccessFound has what was found: a word outside of its memory, the same for all, for
// which there was no code.
func TestNativeAccessFound(t *testing.T) { require.True(t, accessAlike(t, 29648)) }

// accessAlike compares the kernel of a seed with the reference, and reports whether it faults.
func accessAlike(t *testing.T, seed uint64) bool {
	t.Helper()
	c := newAccessCase(seed)
	f := c.build()
	require.NoError(t, ir.Verify(f), "seed %d", seed)
	var wantFault *simt.Fault
	l := simt.Launch{Grid: c.group, Group: c.group, Workers: 1}
	wantFault, want, err := c.run(func(mems []simt.Binding) (*simt.Fault, error) {
		l.Mems = mems
		return ref.Run(f, &l)
	})
	require.NoError(t, err)
	for _, isa := range isas(t) {
		p, err := simt.Compile(f)
		require.NoError(t, err)
		parts := []int{0, 1, 2}[seed%3]
		if c.inStep {
			parts = max(8, (int(c.group.Volume())+lanes[isa]-1)/lanes[isa]) // the whole group is a chunk
		}
		undo := simt.Force(simt.Native, &isa, parts)
		l.Program = p
		fault, got, _ := c.run(func(mems []simt.Binding) (*simt.Fault, error) {
			l.Mems = mems
			return l.Run(), nil
		})
		undo()
		compiled(t, p)
		where := func() string { return fmt.Sprintf("seed %d, %s: %s\n%s", seed, isa, c.about, f) }
		if fault != nil && wantFault != nil && c.loops {
			continue // threads need not go through loops in step
		}
		if fault == nil || wantFault == nil || *fault != *wantFault {
			require.True(t, fault == nil && wantFault == nil, "%s\ngot  %v\nwant %v", where(), fault, wantFault)
			for i := range want {
				if !bytes.Equal(want[i], got[i]) {
					require.Equal(t, want[i], got[i], where())
				}
			}
		}
	}
	return wantFault != nil
}
