package arm64

import "math/bits"

// Arith is an operation of two registers, the second perhaps shifted.
type Arith uint32

const (
	ADD  Arith = 0x0b000000
	ADDS Arith = 0x2b000000
	SUB  Arith = 0x4b000000
	SUBS Arith = 0x6b000000
	AND  Arith = 0x0a000000
	BIC  Arith = 0x0a200000
	ORR  Arith = 0x2a000000
	ORN  Arith = 0x2a200000
	EOR  Arith = 0x4a000000
	ANDS Arith = 0x6a000000
)

// Op is d = n op m.
func (a *Asm) Op(op Arith, size int, d, n, m Reg) { a.OpShl(op, size, d, n, m, 0) }

// OpShl is d = n op m<<shift.
func (a *Asm) OpShl(op Arith, size int, d, n, m Reg, shift uint8) {
	a.word(uint32(op) | wide(size) | uint32(m)<<16 | uint32(shift)<<10 | uint32(n)<<5 | uint32(d))
}

// Extend says how an index of 32 bits becomes one of 64.
type Extend uint8

const (
	UXTW Extend = 2
	LSL  Extend = 3 // it has 64 bits
	SXTW Extend = 6
)

// AddExt is d = n + ext(m)<<shift, of 64 bits; shift is at most 4.
func (a *Asm) AddExt(d, n, m Reg, ext Extend, shift uint8) {
	a.word(0x8b200000 | uint32(m)<<16 | uint32(ext)<<13 | uint32(shift)<<10 | uint32(n)<<5 | uint32(d))
}

// Imm12 reports whether x, or -x, is an operand of AddI.
func Imm12(x int64) bool {
	if x < 0 {
		x = -x
	}
	return x>>12 == 0 || x&0xfff == 0 && x>>24 == 0 && x >= 0
}

// AddI is d = n + x, for which Imm12 must hold. Neither d nor n may be ZR: it
// would be the stack pointer.
func (a *Asm) AddI(size int, d, n Reg, x int64) {
	if d == ZR || n == ZR {
		a.fail("the stack pointer in a sum")
	}
	a.immediate(0x11000000, 0x51000000, size, d, n, x)
}

// SubsI is d = n - x, and sets the flags. n must not be ZR.
func (a *Asm) SubsI(size int, d, n Reg, x int64) {
	if n == ZR {
		a.fail("the stack pointer in a difference")
	}
	a.immediate(0x71000000, 0x31000000, size, d, n, x)
}

// CmpI compares n to x.
func (a *Asm) CmpI(size int, n Reg, x int64) { a.SubsI(size, ZR, n, x) }

// Cmp compares n to m.
func (a *Asm) Cmp(size int, n, m Reg) { a.Op(SUBS, size, ZR, n, m) }

func (a *Asm) immediate(op, opposite uint32, size int, d, n Reg, x int64) {
	if x < 0 {
		op, x = opposite, -x
	}
	switch {
	case x>>12 == 0:
	case x&0xfff == 0 && x>>24 == 0 && x > 0:
		op |= 1 << 22
		x >>= 12
	default:
		a.fail("%d is no immediate operand", x)
	}
	a.word(op | wide(size) | uint32(x)<<10 | uint32(n)<<5 | uint32(d))
}

// Logic is an operation with a pattern of bits: its value is that of the form
// with an immediate operand.
type Logic uint32

const (
	ANDI  Logic = 0x12000000
	ORRI  Logic = 0x32000000
	EORI  Logic = 0x52000000
	ANDSI Logic = 0x72000000
)

// BitPattern returns how a logical instruction holds x; it can if the bits of x
// are a rotated run of ones, repeated.
func BitPattern(size int, x uint64) (field uint32, ok bool) {
	if size == 32 {
		x &= 1<<32 - 1
		x |= x << 32
	}
	if x == 0 || x == 1<<64-1 {
		return 0, false
	}
	n := 64 // the period
	for n > 2 && x&(1<<(n/2)-1) == x>>(n/2)&(1<<(n/2)-1) {
		n /= 2
	}
	mask := ^uint64(0) >> (64 - n)
	elem := x & mask
	ones := bits.OnesCount64(elem)
	// Rotate left until the ones are at the bottom.
	for r := range n {
		if (elem<<r|elem>>(n-r))&mask == 1<<ones-1 {
			imms := uint32(-2*n)&0x3f | uint32(ones-1)
			wideBit := uint32(0)
			if n == 64 {
				wideBit = 1
			}
			return wideBit<<22 | uint32(r)<<16 | imms<<10, true
		}
	}
	return 0, false
}

// OpBits is d = n op x; BitPattern must hold x.
func (a *Asm) OpBits(op Logic, size int, d, n Reg, x uint64) {
	f, ok := BitPattern(size, x)
	if !ok {
		a.fail("%#x is no pattern of bits", x)
	}
	a.word(uint32(op) | wide(size) | f | uint32(n)<<5 | uint32(d))
}

// Mov is d = n.
func (a *Asm) Mov(size int, d, n Reg) { a.Op(ORR, size, d, ZR, n) }

// MovI is d = x, of 64 bits, in as many instructions as it takes.
func (a *Asm) MovI(d Reg, x uint64) {
	zeros, ones := 0, 0
	for i := range 4 {
		switch uint16(x >> (16 * i)) {
		case 0:
			zeros++
		case 0xffff:
			ones++
		}
	}
	const movn, movz, movk = 0x92800000, 0xd2800000, 0xf2800000
	if _, ok := BitPattern(64, x); ok && max(zeros, ones) < 3 {
		a.OpBits(ORRI, 64, d, ZR, x)
		return
	}
	op, flip, skip := uint32(movz), uint64(0), uint16(0)
	if ones > zeros {
		op, flip, skip = movn, ^uint64(0), 0xffff
	}
	first := true
	for i := range 4 {
		h := uint16(x >> (16 * i))
		if h == skip && !(first && i == 3) {
			continue
		}
		if first {
			h ^= uint16(flip)
		}
		a.word(op | uint32(i)<<21 | uint32(h)<<5 | uint32(d))
		op, first = movk, false
	}
}

// Two is an operation of two registers.
type Two uint32

const (
	UDIV Two = 0x1ac00800 // by zero: 0
	SDIV Two = 0x1ac00c00
	LSLV Two = 0x1ac02000 // the count is taken modulo the width
	LSRV Two = 0x1ac02400
	ASRV Two = 0x1ac02800
)

// Op2 is d = n op m.
func (a *Asm) Op2(op Two, size int, d, n, m Reg) {
	a.word(uint32(op) | wide(size) | uint32(m)<<16 | uint32(n)<<5 | uint32(d))
}

// One is an operation of one register.
type One uint32

const (
	RBIT One = 0x5ac00000
	CLZ  One = 0x5ac01000
)

// Op1 is d = op n.
func (a *Asm) Op1(op One, size int, d, n Reg) {
	a.word(uint32(op) | wide(size) | uint32(n)<<5 | uint32(d))
}

// Madd is d = s + n*m.
func (a *Asm) Madd(size int, d, n, m, s Reg) {
	a.word(0x1b000000 | wide(size) | uint32(m)<<16 | uint32(s)<<10 | uint32(n)<<5 | uint32(d))
}

// Msub is d = s - n*m.
func (a *Asm) Msub(size int, d, n, m, s Reg) {
	a.word(0x1b008000 | wide(size) | uint32(m)<<16 | uint32(s)<<10 | uint32(n)<<5 | uint32(d))
}

// Mul is d = n*m.
func (a *Asm) Mul(size int, d, n, m Reg) { a.Madd(size, d, n, m, ZR) }

// Long is a product of which more bits are wanted than the operands have.
type Long uint32

const (
	SMADDL Long = 0x9b200000 // of 32 bits each, plus one of 64
	UMADDL Long = 0x9ba00000
	SMULH  Long = 0x9b400000 // the upper half of 128 bits
	UMULH  Long = 0x9bc00000
)

// MulLong is d = n*m + s; s is ZR for the upper halves.
func (a *Asm) MulLong(op Long, d, n, m, s Reg) {
	a.word(uint32(op) | uint32(m)<<16 | uint32(s)<<10 | uint32(n)<<5 | uint32(d))
}

// Field moves bits first to last of n to the bottom of d, with zeros above, or
// the sign if signed.
func (a *Asm) Field(signed bool, size int, d, n Reg, first, last uint8) {
	a.bitfield(signed, size, d, n, first, last)
}

// ShlI is d = n<<k, for k below the width.
func (a *Asm) ShlI(size int, d, n Reg, k uint8) {
	w := uint8(size)
	a.bitfield(false, size, d, n, (w-k)%w, w-1-k)
}

// ShrI is d = n>>k, with zeros or the sign, for k below the width.
func (a *Asm) ShrI(signed bool, size int, d, n Reg, k uint8) {
	a.bitfield(signed, size, d, n, k, uint8(size)-1)
}

func (a *Asm) bitfield(signed bool, size int, d, n Reg, immr, imms uint8) {
	op := uint32(0x53000000)
	if signed {
		op = 0x13000000
	}
	a.word(op | wide(size) | wide(size)>>9 | uint32(immr)<<16 | uint32(imms)<<10 | uint32(n)<<5 | uint32(d))
}

// Select is a choice on a condition.
type Select uint32

const (
	CSEL  Select = 0x1a800000 // n, else m
	CSINC Select = 0x1a800400 // n, else m+1
	CSINV Select = 0x5a800000 // n, else ^m
)

// Choose is d = n if c, else m changed as op says.
func (a *Asm) Choose(op Select, size int, d, n, m Reg, c Cond) {
	a.word(uint32(op) | wide(size) | uint32(m)<<16 | uint32(c)<<12 | uint32(n)<<5 | uint32(d))
}

// Set is d = 1 if c, else 0.
func (a *Asm) Set(d Reg, c Cond) { a.Choose(CSINC, 32, d, ZR, ZR, c.Not()) }
