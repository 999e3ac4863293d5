package arm64

// Mem is an operand in memory: Base+Disp, or Base+ext(Index)<<Shift.
type Mem struct {
	Base  Reg
	Index Reg // ZR if there is none
	Ext   Extend
	Shift uint8 // 0, or the logarithm of the operand's bytes
	Disp  int32
}

// At is the memory at base+disp.
func At(base Reg, disp int32) Mem { return Mem{Base: base, Index: ZR, Disp: disp} }

// Indexed is the memory at base+ext(index)<<shift.
func Indexed(base, index Reg, ext Extend, shift uint8) Mem {
	return Mem{Base: base, Index: index, Ext: ext, Shift: shift}
}

// Reaches reports whether an operand of so many bytes, a power of two up to 16,
// can be at disp from a register.
func Reaches(disp int32, bytes int) bool {
	return disp >= -256 && disp < 256 || disp >= 0 && disp%int32(bytes) == 0 && disp/int32(bytes) < 1<<12
}

// access encodes a load or store: op has the size, the kind of register and the
// direction, as in the form with an unscaled displacement.
func (a *Asm) access(op uint32, log uint8, r uint8, m Mem) {
	w := op | uint32(m.Base)<<5 | uint32(r)
	switch {
	case m.Index != ZR:
		if m.Shift != 0 {
			if m.Shift != log {
				a.fail("an index of %d bytes shifted by %d", 1<<log, m.Shift)
			}
			w |= 1 << 12
		}
		a.word(w | 0x00200800 | uint32(m.Index)<<16 | uint32(m.Ext)<<13)
	case m.Disp >= 0 && m.Disp&(1<<log-1) == 0 && m.Disp>>log < 1<<12:
		a.word(w | 0x01000000 | uint32(m.Disp>>log)<<10)
	default:
		a.fits(int64(m.Disp), 9)
		a.word(w | uint32(m.Disp)&0x1ff<<12)
	}
}

func logOf(bytes int) uint8 {
	var log uint8
	for bytes > 1 {
		bytes >>= 1
		log++
	}
	return log
}

// Load loads 1, 2, 4 or 8 bytes, with zeros above.
func (a *Asm) Load(bytes int, r Reg, m Mem) {
	log := logOf(bytes)
	a.access(0x38400000|uint32(log)<<30, log, uint8(r), m)
}

// Store stores the low 1, 2, 4 or 8 bytes.
func (a *Asm) Store(bytes int, m Mem, r Reg) {
	log := logOf(bytes)
	a.access(0x38000000|uint32(log)<<30, log, uint8(r), m)
}

// LoadV loads 1, 2, 4, 8 or 16 bytes, with zeros above.
func (a *Asm) LoadV(bytes int, r V, m Mem) {
	log := logOf(bytes)
	a.access(0x3c400000|uint32(log&3)<<30|uint32(log>>2)<<23, log, uint8(r), m)
}

// StoreV stores the low 1, 2, 4, 8 or 16 bytes.
func (a *Asm) StoreV(bytes int, m Mem, r V) {
	log := logOf(bytes)
	a.access(0x3c000000|uint32(log&3)<<30|uint32(log>>2)<<23, log, uint8(r), m)
}

// LoadSame loads an element to all lanes of d from the address in n.
func (a *Asm) LoadSame(t Arr, d V, n Reg) {
	a.word(0x0d40c000 | t.q() | t.size()<<10 | uint32(n)<<5 | uint32(d))
}

// LoadLane loads lane i of d from the address in n. The arrangement says how
// large lanes are.
func (a *Asm) LoadLane(t Arr, d V, i uint8, n Reg) { a.lane(0x0d400000, t, d, i, n) }

// StoreLane stores lane i of d to the address in n.
func (a *Asm) StoreLane(t Arr, d V, i uint8, n Reg) { a.lane(0x0d000000, t, d, i, n) }

func (a *Asm) lane(op uint32, t Arr, d V, i uint8, n Reg) {
	size := t.size()
	index := uint32(i) << size // of bytes: Q, S and the two bits of size
	switch size {
	case 1:
		op |= 0x4000
	case 2:
		op |= 0x8000
	case 3:
		op |= 0x8400
	}
	a.word(op | index>>3&1<<30 | index>>2&1<<12 | index&3<<10 | uint32(n)<<5 | uint32(d))
}

// LoadMany loads 1 to 4 registers of 16 bytes, from d on, from the address in n:
// the first gets the first element of every so many, and so on. StoreMany
// stores them so.
func (a *Asm) LoadMany(t Arr, d V, registers int, n Reg) { a.many(0x0c400000, t, d, registers, n) }

func (a *Asm) StoreMany(t Arr, d V, registers int, n Reg) { a.many(0x0c000000, t, d, registers, n) }

func (a *Asm) many(op uint32, t Arr, d V, registers int, n Reg) {
	op |= [...]uint32{1: 7, 2: 8, 3: 4, 4: 0}[registers] << 12
	a.word(op | t.q() | t.size()<<10 | uint32(n)<<5 | uint32(d))
}

// LoadAcquire and StoreRelease load and store 4 bytes, aligned, at the address
// in n, in one order for all threads.
func (a *Asm) LoadAcquire(d, n Reg)  { a.word(0x88dffc00 | uint32(n)<<5 | uint32(d)) }
func (a *Asm) StoreRelease(n, s Reg) { a.word(0x889ffc00 | uint32(n)<<5 | uint32(s)) }

// LoadExclusive loads 4 bytes from the address in n and watches them;
// StoreExclusive stores there and sets status to 0 if nobody else has, else it
// does not and sets it to 1. They order what is around them.
func (a *Asm) LoadExclusive(d, n Reg) { a.word(0x885ffc00 | uint32(n)<<5 | uint32(d)) }
func (a *Asm) StoreExclusive(status, n, s Reg) {
	a.word(0x8800fc00 | uint32(status)<<16 | uint32(n)<<5 | uint32(s))
}
