// Package amd64 encodes instructions of 64-bit x86 processors: the general
// ones, and those of AVX, AVX2, FMA, F16C and AVX-512 that work on vectors and
// masks. It knows no more of what they mean than their operands.
//
// Instructions of the general registers are methods that take the operand
// size in bits, 32 or 64; those of vectors are values of type [Vec], encoded
// by [Asm.V] with whichever of VEX and EVEX is asked for.
package amd64

import (
	"encoding/binary"
	"fmt"
)

// Reg is a general register, by its number.
type Reg uint8

const (
	AX Reg = iota
	CX
	DX
	BX
	SP
	BP
	SI
	DI
	R8
	R9
	R10
	R11
	R12
	R13
	R14
	R15
	NoReg Reg = 0xff
)

// Cond is the condition of a jump, a set or a move.
type Cond uint8

const (
	O  Cond = iota // overflow
	NO             // no overflow
	B              // below, carry
	AE             // above or equal, no carry
	E              // equal
	NE             // not equal
	BE             // below or equal
	A              // above
	S              // sign
	NS             // no sign
	P              // parity: unordered
	NP             // no parity
	L              // less
	GE             // greater or equal
	LE             // less or equal
	G              // greater
)

// Not returns the opposite of c.
func (c Cond) Not() Cond { return c ^ 1 }

// Mem is an operand in memory: Base + Index*Scale + Disp; or, if Const is not
// zero, a constant of the pool. The index of a gather is a vector register,
// given to the instruction by itself.
type Mem struct {
	Base  Reg
	Index Reg   // NoReg if there is none
	Scale uint8 // 1, 2, 4 or 8
	Disp  int32
	Const Const
}

// At is the memory at base+disp.
func At(base Reg, disp int32) Mem { return Mem{Base: base, Index: NoReg, Scale: 1, Disp: disp} }

// Indexed is the memory at base+index*scale+disp. The index must not be SP.
func Indexed(base, index Reg, scale uint8, disp int32) Mem {
	return Mem{Base: base, Index: index, Scale: scale, Disp: disp}
}

// Add returns m with its displacement increased.
func (m Mem) Add(disp int32) Mem {
	m.Disp += disp
	return m
}

// Const names a constant of the pool behind the code; the zero Const is none.
type Const int32

// Mem returns the operand that c is in memory.
func (c Const) Mem() Mem { return Mem{Base: NoReg, Index: NoReg, Scale: 1, Const: c} }

// Label is a place in the code that jumps go to.
type Label int32

// Asm collects code. The zero Asm is ready for use.
type Asm struct {
	Code   []byte
	labels []int32 // offset of each, -1 until bound
	jumps  []fixup // rel32 fields to fill in once labels are bound
	consts []fixup // and those that refer to constants
	pool   []byte
	at     []int32 // offsets in pool
}

type fixup struct {
	field int32 // offset of the 4 bytes
	end   int32 // what they are relative to
	to    int32 // Label or Const
}

// Reset makes a ready for use again. Code that it has made is overwritten.
func (a *Asm) Reset() {
	*a = Asm{Code: a.Code[:0], labels: a.labels[:0], jumps: a.jumps[:0], consts: a.consts[:0], pool: a.pool[:0], at: a.at[:0]}
}

// NewLabel returns a label to be bound later.
func (a *Asm) NewLabel() Label {
	a.labels = append(a.labels, -1)
	return Label(len(a.labels) - 1)
}

// Bind makes l the place of the next instruction.
func (a *Asm) Bind(l Label) { a.labels[l] = int32(len(a.Code)) }

// Offset returns where a bound label is.
func (a *Asm) Offset(l Label) int { return int(a.labels[l]) }

// Pool returns a new constant with these bytes, whose number is a power of two; it
// is aligned to it.
func (a *Asm) Pool(b []byte) Const {
	for len(a.pool)%len(b) != 0 {
		a.pool = append(a.pool, 0)
	}
	a.at = append(a.at, int32(len(a.pool)))
	a.pool = append(a.pool, b...)
	return Const(len(a.at)) // from 1
}

// Finish appends the constants and fills in what refers to labels and
// constants. The code may be put anywhere that is aligned to 64 bytes.
func (a *Asm) Finish() ([]byte, error) {
	for len(a.Code)%64 != 0 {
		a.Code = append(a.Code, 0xcc)
	}
	base := int32(len(a.Code))
	a.Code = append(a.Code, a.pool...)
	for _, f := range a.jumps {
		to := a.labels[f.to]
		if to < 0 {
			return nil, fmt.Errorf("amd64: label %d is not bound", f.to)
		}
		binary.LittleEndian.PutUint32(a.Code[f.field:], uint32(to-f.end))
	}
	for _, f := range a.consts {
		binary.LittleEndian.PutUint32(a.Code[f.field:], uint32(base+a.at[f.to-1]-f.end))
	}
	return a.Code, nil
}

func (a *Asm) byte(b ...byte) { a.Code = append(a.Code, b...) }

func (a *Asm) imm32(x int32) {
	a.Code = append(a.Code, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
}

// modRM appends the ModRM byte and what follows it for a memory operand. after
// is how many bytes of immediate follow; n is the unit of the compressed
// 8-bit displacement of EVEX, 1 for other encodings, 0 to do without.
func (a *Asm) modRM(reg uint8, m Mem, after int, n int32) {
	reg = reg & 7 << 3
	if m.Const != 0 {
		a.Code = append(a.Code, reg|5)
		at := int32(len(a.Code))
		a.Code = append(a.Code, 0, 0, 0, 0)
		a.consts = append(a.consts, fixup{at, at + 4 + int32(after), int32(m.Const)})
		return
	}
	mod, disp8 := byte(2), int32(0)
	switch {
	case m.Disp == 0 && m.Base&7 != BP:
		mod = 0
	case n != 0 && m.Disp%n == 0 && m.Disp/n == int32(int8(m.Disp/n)):
		mod, disp8 = 1, m.Disp/n
	}
	if m.Index == NoReg && m.Base&7 != SP {
		a.Code = append(a.Code, mod<<6|reg|byte(m.Base&7))
	} else {
		index, ss := byte(4), byte(0)
		if m.Index != NoReg {
			index = byte(m.Index & 7)
			for s := m.Scale; s > 1; s >>= 1 {
				ss++
			}
		}
		a.Code = append(a.Code, mod<<6|reg|4, ss<<6|index<<3|byte(m.Base&7))
	}
	switch mod {
	case 1:
		a.Code = append(a.Code, byte(disp8))
	case 2:
		a.imm32(m.Disp)
	}
}

// high returns bit 3 of a register's number.
func high(r Reg) byte {
	if r == NoReg {
		return 0
	}
	return byte(r >> 3 & 1)
}
