package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// Operations on the bits of 32-bit lanes that are looked up, four bits at a
// time, in a register.

// nibbles makes a table, of what f gives for each value of four bits, for
// VPSHUFB.
func (e *emitter) nibbles(f func(n uint8) uint8) x.Mem {
	words := e.l.perLane()
	for i := range words {
		for j := range 4 {
			words[i] |= uint64(f(uint8(i%4*4+j))) << (8 * j)
		}
	}
	return e.constant(e.l.constVec(words, 4))
}

// lookUp sets d to the sum of what two tables have for the lower and the upper
// four bits of the bytes of a. It uses the temporary registers.
func (e *emitter) lookUp(d, a uint8, low, high x.Mem) {
	t0, t1, table := e.tmp[0], e.tmp[1], e.tmp[2]
	nibble := x.M(e.all(0x0f0f0f0f))
	e.V(&x.VPSRLDI, e.mode(), t1, 0, x.X(a), 4)
	e.v3(&x.VPAND, t0, a, nibble)
	e.v3(&x.VPAND, t1, t1, nibble)
	e.loadV(table, low)
	e.v3(&x.VPSHUFB, t0, table, x.X(t0))
	e.loadV(table, high)
	e.v3(&x.VPSHUFB, t1, table, x.X(t1))
	e.v3(&x.VPADDD, d, t0, x.X(t1))
}

// bitsRow emits OpBitRev, OpPopcnt and OpCtz of 32 bits.
func (e *emitter) bitsRow(op ir.Op, d, a uint8) {
	if op == ir.OpBitRev {
		reversed := func(n uint8) uint8 { return bits.Reverse8(n) }
		e.lookUp(d, a, e.nibbles(reversed), e.nibbles(func(n uint8) uint8 { return reversed(n) >> 4 }))
		words := e.l.perLane()
		for i := range words { // the bytes of a lane in the opposite order
			words[i] = uint64(0x00010203 + i%4*0x04040404)
		}
		e.v3(&x.VPSHUFB, d, d, x.M(e.constant(e.l.constVec(words, 4))))
		return
	}
	if op == ir.OpCtz { // the bits below the lowest that is set
		e.v3(&x.VPADDD, e.tmp[0], a, x.M(e.all(1<<32-1)))
		e.v3(&x.VPANDN, e.tmp[2], a, x.X(e.tmp[0]))
		a = e.tmp[2]
	}
	count := e.nibbles(func(n uint8) uint8 { return uint8(bits.OnesCount8(n)) })
	e.lookUp(d, a, count, count)
	e.v3(&x.VPMULLD, d, d, x.M(e.all(0x01010101))) // the sum of the bytes, in the highest
	e.V(&x.VPSRLDI, e.mode(), d, 0, x.X(d), 24)
}
