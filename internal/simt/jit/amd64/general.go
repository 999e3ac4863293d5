package amd64

// Instructions of the general registers. size is 32 or 64; a 32-bit result
// clears the upper half of its register.

// rex appends a REX prefix if one is needed: for a size of 64, for registers
// from R8 on, and, if byteReg, for the low bytes of SP, BP, SI and DI.
func (a *Asm) rex(size int, reg Reg, m *Mem, rm Reg, byteReg bool) {
	b := byte(0x40)
	if size == 64 {
		b |= 8
	}
	b |= high(reg) << 2
	if m != nil {
		b |= high(m.Index)<<1 | high(m.Base)
	} else {
		b |= high(rm)
	}
	if b != 0x40 || byteReg {
		a.Code = append(a.Code, b)
	}
}

// rr appends an instruction of two registers.
func (a *Asm) rr(size int, op []byte, reg, rm Reg) {
	a.rex(size, reg, nil, rm, false)
	a.byte(op...)
	a.Code = append(a.Code, 0xc0|byte(reg&7)<<3|byte(rm&7))
}

// rm appends an instruction of a register and memory.
func (a *Asm) rm(size int, op []byte, reg Reg, m Mem, after int) {
	a.rex(size, reg, &m, 0, false)
	a.byte(op...)
	a.modRM(uint8(reg), m, after, 1)
}

// Arith is one of the eight operations that share an encoding.
type Arith uint8

const (
	ADD Arith = iota
	OR
	ADC
	SBB
	AND
	SUB
	XOR
	CMP
)

// Arith is op dst, src.
func (a *Asm) Arith(op Arith, size int, dst, src Reg) { a.rr(size, []byte{byte(op)<<3 | 3}, dst, src) }

// ArithM is op dst, [m].
func (a *Asm) ArithM(op Arith, size int, dst Reg, m Mem) {
	a.rm(size, []byte{byte(op)<<3 | 3}, dst, m, 0)
}

// ArithI is op dst, x.
func (a *Asm) ArithI(op Arith, size int, dst Reg, x int32) {
	if x == int32(int8(x)) {
		a.rr(size, []byte{0x83}, Reg(op), dst)
		a.byte(byte(x))
		return
	}
	a.rr(size, []byte{0x81}, Reg(op), dst)
	a.imm32(x)
}

// ArithMI is op [m], x.
func (a *Asm) ArithMI(op Arith, size int, m Mem, x int32) {
	if x == int32(int8(x)) {
		a.rm(size, []byte{0x83}, Reg(op), m, 1)
		a.byte(byte(x))
		return
	}
	a.rm(size, []byte{0x81}, Reg(op), m, 4)
	a.imm32(x)
}

// ArithMR is op [m], src.
func (a *Asm) ArithMR(op Arith, size int, m Mem, src Reg) {
	a.rm(size, []byte{byte(op)<<3 | 1}, src, m, 0)
}

// Mov is mov dst, src.
func (a *Asm) Mov(size int, dst, src Reg) { a.rr(size, []byte{0x8b}, dst, src) }

// Load is mov dst, [m]; Store is mov [m], src.
func (a *Asm) Load(size int, dst Reg, m Mem)  { a.rm(size, []byte{0x8b}, dst, m, 0) }
func (a *Asm) Store(size int, m Mem, src Reg) { a.rm(size, []byte{0x89}, src, m, 0) }

// StoreI is mov [m], x, sign-extended.
func (a *Asm) StoreI(size int, m Mem, x int32) {
	a.rm(size, []byte{0xc7}, 0, m, 4)
	a.imm32(x)
}

// Store8 and Store16 store the low bits of src.
func (a *Asm) Store8(m Mem, src Reg) {
	a.rex(32, src, &m, 0, src >= SP && src <= DI)
	a.byte(0x88)
	a.modRM(uint8(src), m, 0, 1)
}
func (a *Asm) Store16(m Mem, src Reg) {
	a.byte(0x66)
	a.rm(32, []byte{0x89}, src, m, 0)
}

// MovI sets dst to x, in the shortest way that leaves the flags alone.
func (a *Asm) MovI(dst Reg, x uint64) {
	switch {
	case x == uint64(uint32(x)):
		a.rex(32, 0, nil, dst, false)
		a.byte(0xb8 | byte(dst&7))
		a.imm32(int32(x))
	case int64(x) == int64(int32(x)):
		a.rr(64, []byte{0xc7}, 0, dst)
		a.imm32(int32(x))
	default:
		a.rex(64, 0, nil, dst, false)
		a.byte(0xb8 | byte(dst&7))
		a.imm32(int32(x))
		a.imm32(int32(x >> 32))
	}
}

// Lea is lea dst, [m].
func (a *Asm) Lea(size int, dst Reg, m Mem) { a.rm(size, []byte{0x8d}, dst, m, 0) }

// LeaLabel sets dst to the address of l.
func (a *Asm) LeaLabel(dst Reg, l Label) {
	a.rex(64, dst, nil, 0, false)
	a.byte(0x8d, byte(dst&7)<<3|5)
	a.rel(l)
}

// Extend names how a narrow integer is widened.
type Extend uint8

const (
	ZX8 Extend = iota
	ZX16
	SX8
	SX16
	SX32 // only to 64 bits
)

func (e Extend) op() []byte {
	return [...][]byte{{0x0f, 0xb6}, {0x0f, 0xb7}, {0x0f, 0xbe}, {0x0f, 0xbf}, {0x63}}[e]
}

// Extend is movzx or movsx dst, src; ExtendM reads memory.
func (a *Asm) Extend(e Extend, size int, dst, src Reg) {
	a.rex(size, dst, nil, src, (e == ZX8 || e == SX8) && src >= SP && src <= DI)
	a.byte(e.op()...)
	a.byte(0xc0 | byte(dst&7)<<3 | byte(src&7))
}
func (a *Asm) ExtendM(e Extend, size int, dst Reg, m Mem) { a.rm(size, e.op(), dst, m, 0) }

// Imul is imul dst, src; ImulI is imul dst, src, x; ImulM reads memory.
func (a *Asm) Imul(size int, dst, src Reg)    { a.rr(size, []byte{0x0f, 0xaf}, dst, src) }
func (a *Asm) ImulM(size int, dst Reg, m Mem) { a.rm(size, []byte{0x0f, 0xaf}, dst, m, 0) }
func (a *Asm) ImulI(size int, dst, src Reg, x int32) {
	a.rr(size, []byte{0x69}, dst, src)
	a.imm32(x)
}

// Shift is one of the shifts and rotations.
type Shift uint8

const (
	ROL Shift = 0
	ROR Shift = 1
	SHL Shift = 4
	SHR Shift = 5
	SAR Shift = 7
)

// ShiftI shifts dst by n; ShiftCL by the low bits of CX.
func (a *Asm) ShiftI(op Shift, size int, dst Reg, n uint8) {
	a.rr(size, []byte{0xc1}, Reg(op), dst)
	a.byte(n)
}
func (a *Asm) ShiftCL(op Shift, size int, dst Reg) { a.rr(size, []byte{0xd3}, Reg(op), dst) }

// Unary is one of the operations on one register, or on DX:AX and it.
type Unary uint8

const (
	NOT  Unary = 2
	NEG  Unary = 3
	MUL  Unary = 4 // DX:AX = AX * r
	IMUL Unary = 5
	DIV  Unary = 6 // AX, DX = DX:AX / r, % r
	IDIV Unary = 7
)

func (a *Asm) Unary(op Unary, size int, r Reg) { a.rr(size, []byte{0xf7}, Reg(op), r) }

// Cqo sign-extends AX to DX:AX.
func (a *Asm) Cqo(size int) {
	a.rex(size, 0, nil, 0, false)
	a.byte(0x99)
}

// Test sets the flags of x AND y; TestI of r AND x.
func (a *Asm) Test(size int, x, y Reg) { a.rr(size, []byte{0x85}, y, x) }
func (a *Asm) TestI(size int, r Reg, x int32) {
	a.rr(size, []byte{0xf7}, 0, r)
	a.imm32(x)
}

// Set sets dst to 0 or 1 by the flags.
func (a *Asm) Set(c Cond, dst Reg) {
	a.rex(32, 0, nil, dst, dst >= SP && dst <= DI)
	a.byte(0x0f, 0x90|byte(c), 0xc0|byte(dst&7))
	a.Extend(ZX8, 32, dst, dst)
}

// Cmov is cmov dst, src.
func (a *Asm) Cmov(c Cond, size int, dst, src Reg) {
	a.rr(size, []byte{0x0f, 0x40 | byte(c)}, dst, src)
}

// Tzcnt, Lzcnt and Popcnt count bits; the first two give the width for 0.
func (a *Asm) Tzcnt(size int, dst, src Reg)  { a.byte(0xf3); a.rr(size, []byte{0x0f, 0xbc}, dst, src) }
func (a *Asm) Lzcnt(size int, dst, src Reg)  { a.byte(0xf3); a.rr(size, []byte{0x0f, 0xbd}, dst, src) }
func (a *Asm) Popcnt(size int, dst, src Reg) { a.byte(0xf3); a.rr(size, []byte{0x0f, 0xb8}, dst, src) }

// Bzhi is src with the bits from n on cleared.
func (a *Asm) Bzhi(size int, dst, src, n Reg) { a.bits(0, size, dst, n, src) }

// Pdep puts the low bits of src where mask has bits.
func (a *Asm) Pdep(size int, dst, src, mask Reg) { a.bits(3, size, dst, src, mask) }

// bits is an operation on bits, of those that a prefix tells apart.
func (a *Asm) bits(prefix byte, size int, dst, v, rm Reg) {
	w := byte(0)
	if size == 64 {
		w = 1
	}
	a.vex(2, prefix, w, 0, uint8(dst), uint8(v), high(dst), 0, high(rm))
	a.byte(0xf5, 0xc0|byte(dst&7)<<3|byte(rm&7))
}

// Lock makes the next instruction, which changes memory, atomic.
func (a *Asm) Lock() { a.byte(0xf0) }

// Prefetch asks for the line of memory that m is in, which need not be there.
func (a *Asm) Prefetch(m Mem) { a.rm(32, []byte{0x0f, 0x18}, 1, m, 0) }

// Xchg swaps r and memory, atomically. Xadd adds r to memory and sets r to
// what was there. Cmpxchg stores r if memory equals AX, else loads AX.
func (a *Asm) Xchg(size int, m Mem, r Reg)    { a.rm(size, []byte{0x87}, r, m, 0) }
func (a *Asm) Xadd(size int, m Mem, r Reg)    { a.rm(size, []byte{0x0f, 0xc1}, r, m, 0) }
func (a *Asm) Cmpxchg(size int, m Mem, r Reg) { a.rm(size, []byte{0x0f, 0xb1}, r, m, 0) }

// Jmp and Jcc jump to a label.
func (a *Asm) Jmp(l Label) {
	a.byte(0xe9)
	a.rel(l)
}
func (a *Asm) Jcc(c Cond, l Label) {
	a.byte(0x0f, 0x80|byte(c))
	a.rel(l)
}

// JmpM jumps to the address in memory.
func (a *Asm) JmpM(m Mem) { a.rm(32, []byte{0xff}, 4, m, 0) }

// Ret returns.
func (a *Asm) Ret() { a.byte(0xc3) }

func (a *Asm) rel(l Label) {
	at := int32(len(a.Code))
	a.imm32(0)
	a.jumps = append(a.jumps, fixup{at, at + 4, int32(l)})
}
