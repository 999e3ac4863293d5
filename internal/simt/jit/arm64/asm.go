// Package arm64 encodes instructions of 64-bit ARM processors: the general
// ones, and those of the Advanced SIMD registers, as every such processor has
// them (ARMv8.0). It knows no more of what they mean than their operands.
//
// Instructions of the general registers are methods that take the operand
// size in bits, 32 or 64; those of vectors are values of types like [Three],
// encoded by methods with the arrangement of lanes that is asked for.
package arm64

import (
	"encoding/binary"
	"fmt"
)

// Reg is a general register, by its number. 31 is the zero register or the
// stack pointer, as the instruction has it; this package has no use for the
// latter.
type Reg uint8

const (
	X0 Reg = iota
	X1
	X2
	X3
	X4
	X5
	X6
	X7
	X8
	X9
	X10
	X11
	X12
	X13
	X14
	X15
	X16
	X17
	X18
	X19
	X20
	X21
	X22
	X23
	X24
	X25
	X26
	X27
	X28
	X29
	X30
	ZR
)

// V is a vector register, by its number.
type V uint8

// Cond is the condition of a branch or a selection.
type Cond uint8

const (
	EQ Cond = iota
	NE
	HS // unsigned greater or same; carry
	LO // unsigned less
	MI // negative
	PL // not negative
	VS
	VC
	HI // unsigned greater
	LS // unsigned less or same
	GE // signed
	LT
	GT
	LE
)

// Not returns the opposite of c.
func (c Cond) Not() Cond { return c ^ 1 }

// Label is a place in the code that branches go to.
type Label int32

// Const names a constant of the pool behind the code; the zero Const is none.
type Const int32

// Asm collects code. The zero Asm is ready for use.
type Asm struct {
	Code   []byte
	labels []int32 // offset of each, -1 until bound
	fixups []fixup
	pool   []byte
	known  map[string]Const
	err    error
}

// A fixup is a field to be filled in with the distance to a place.
type fixup struct {
	at   int32 // offset of the instruction
	to   int32 // Label, or -Const
	kind fieldKind
}

type fieldKind uint8

const (
	branch26 fieldKind = iota // bits 0-25, in words
	branch19                  // bits 5-23, in words
	branch14                  // bits 5-18, in words
	address                   // of ADR: bits 5-23 and, the lowest, 29-30
)

// Reset makes a ready for use again. Code that it has made is overwritten.
func (a *Asm) Reset() {
	clear(a.known)
	*a = Asm{Code: a.Code[:0], labels: a.labels[:0], fixups: a.fixups[:0], pool: a.pool[:0], known: a.known}
}

// NewLabel returns a label to be bound later.
func (a *Asm) NewLabel() Label {
	a.labels = append(a.labels, -1)
	return Label(len(a.labels) - 1)
}

// Bind makes l the place of the next instruction.
func (a *Asm) Bind(l Label) { a.labels[l] = int32(len(a.Code)) }

// Pool returns a constant of 16 bytes.
func (a *Asm) Pool(b []byte) Const {
	if c, ok := a.known[string(b)]; ok {
		return c
	}
	if a.known == nil {
		a.known = make(map[string]Const)
	}
	if len(b) != 16 {
		a.fail("a constant of %d bytes", len(b))
		return 0
	}
	a.pool = append(a.pool, b...)
	c := Const(len(a.pool) / 16)
	a.known[string(b)] = c
	return c
}

// Finish appends the constants and fills in what refers to labels and
// constants. The code may be put anywhere that is aligned to 16 bytes. It fails
// where an operand did not fit its instruction or a place is too far away.
func (a *Asm) Finish() ([]byte, error) {
	for len(a.Code)%16 != 0 {
		a.word(0) // undefined
	}
	base := int32(len(a.Code))
	a.Code = append(a.Code, a.pool...)
	for _, f := range a.fixups {
		to := base + 16*(-f.to-1)
		if f.to >= 0 {
			if to = a.labels[f.to]; to < 0 {
				a.fail("label %d is not bound", f.to)
				break
			}
		}
		a.fill(f, to-f.at)
	}
	return a.Code, a.err
}

func (a *Asm) fill(f fixup, d int32) {
	field := a.Code[f.at : f.at+4]
	w := binary.LittleEndian.Uint32(field)
	n := d >> 2
	switch f.kind {
	case branch26:
		a.fits(int64(n), 26)
		w |= uint32(n) & (1<<26 - 1)
	case branch19:
		a.fits(int64(n), 19)
		w |= uint32(n) & (1<<19 - 1) << 5
	case branch14:
		a.fits(int64(n), 14)
		w |= uint32(n) & (1<<14 - 1) << 5
	case address:
		a.fits(int64(d), 21)
		w |= uint32(d)&3<<29 | uint32(n)&(1<<19-1)<<5
	}
	binary.LittleEndian.PutUint32(field, w)
}

// fits fails unless x is a signed number of so many bits.
func (a *Asm) fits(x int64, bits uint) {
	if x>>(bits-1) != 0 && x>>(bits-1) != -1 {
		a.fail("%d does not fit %d bits", x, bits)
	}
}

func (a *Asm) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf("arm64: "+format, args...)
	}
}

func (a *Asm) word(w uint32) { a.Code = binary.LittleEndian.AppendUint32(a.Code, w) }

func (a *Asm) ref(to int32, kind fieldKind, w uint32) {
	a.fixups = append(a.fixups, fixup{int32(len(a.Code)), to, kind})
	a.word(w)
}

// B branches.
func (a *Asm) B(l Label) { a.ref(int32(l), branch26, 0x14000000) }

// BCond branches on a condition.
func (a *Asm) BCond(c Cond, l Label) { a.ref(int32(l), branch19, 0x54000000|uint32(c)) }

// Cbz branches if r is zero.
func (a *Asm) Cbz(size int, r Reg, l Label) {
	a.ref(int32(l), branch19, 0x34000000|wide(size)|uint32(r))
}

// Cbnz branches if r is not zero.
func (a *Asm) Cbnz(size int, r Reg, l Label) {
	a.ref(int32(l), branch19, 0x35000000|wide(size)|uint32(r))
}

// Tbz branches, at most 32 KiB far, if a bit of r is clear.
func (a *Asm) Tbz(r Reg, bit uint8, l Label) {
	a.ref(int32(l), branch14, 0x36000000|uint32(bit>>5)<<31|uint32(bit&31)<<19|uint32(r))
}

// Tbnz branches, at most 32 KiB far, if a bit of r is set.
func (a *Asm) Tbnz(r Reg, bit uint8, l Label) {
	a.ref(int32(l), branch14, 0x37000000|uint32(bit>>5)<<31|uint32(bit&31)<<19|uint32(r))
}

// Br branches to the address in r.
func (a *Asm) Br(r Reg) { a.word(0xd61f0000 | uint32(r)<<5) }

// Ret returns to the address in X30.
func (a *Asm) Ret() { a.word(0xd65f03c0) }

// Adr sets d to the address of a label.
func (a *Asm) Adr(d Reg, l Label) { a.ref(int32(l), address, 0x10000000|uint32(d)) }

// LoadConst loads a constant of the pool.
func (a *Asm) LoadConst(d V, c Const) { a.ref(-int32(c), branch19, 0x9c000000|uint32(d)) }

// wide is the bit that says that an instruction works on 64 bits.
func wide(size int) uint32 {
	if size == 64 {
		return 1 << 31
	}
	return 0
}
