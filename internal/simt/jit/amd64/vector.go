package amd64

// Vec describes an instruction of vectors or masks.
type Vec struct {
	Name  string // as VEX, if it has that form
	EName string // as EVEX, if it is another
	PP    uint8  // prefix: 0 none, 1 66, 2 F3, 3 F2
	Map   uint8  // 1 0F, 2 0F38, 3 0F3A
	Op    uint8
	W, EW uint8 // of VEX and of EVEX
	Form  Form
	Tuple Tuple // what the compressed displacement counts in
	Ext   uint8 // of a shift by an immediate: bits 3 to 5 of ModRM
	Elem  uint8 // bytes of an element, for an embedded broadcast
	Encs  Encs
	Imm   bool // an immediate byte follows
}

// Form tells where the operands are.
type Form uint8

const (
	RVM  Form = iota // reg, vvvv, rm
	RM               // reg, rm
	MR               // rm, reg: the destination is rm
	VMI              // vvvv, rm: shifts by an immediate
	RVMR             // reg, vvvv, rm, and a register in the immediate
)

// Tuple is the unit of EVEX's compressed displacement.
type Tuple uint8

const (
	Full    Tuple = iota // the vector; with a broadcast, the element
	Half                 // half of the vector
	Quarter              // a quarter of it
	Eighth
	Scalar // the element
	None   // do not compress
)

// Encs tells which encodings there are.
type Encs uint8

const (
	Both Encs = iota
	OnlyVEX
	OnlyEVEX
)

// Len is the length of a vector.
type Len uint8

const (
	L128 Len = iota
	L256
	L512
)

// Bytes returns the length in bytes.
func (l Len) Bytes() int { return 16 << l }

// Operand is the operand in rm: a register, or memory.
type Operand struct {
	R     uint8
	IsMem bool
	Bcast bool // one element of memory, to all
	M     Mem
}

// X is a vector or mask register as an operand.
func X(r uint8) Operand { return Operand{R: r} }

// GR is a general register as an operand.
func GR(r Reg) Operand { return Operand{R: uint8(r)} }

// M is an operand in memory.
func M(m Mem) Operand { return Operand{IsMem: true, M: m} }

// MB is an element of memory, broadcast; EVEX only.
func MB(m Mem) Operand { return Operand{IsMem: true, Bcast: true, M: m} }

// Mode tells how an instruction is to be encoded.
type Mode struct {
	EVEX bool
	L    Len
	K    uint8 // mask register, 0 for none
	Z    bool  // clear what is masked off
}

// V appends op with its operands: reg, v and rm go where op's form says; the
// ones it does not have are ignored. imm is the immediate if there is one.
func (a *Asm) V(op *Vec, mode Mode, reg, v uint8, rm Operand, imm uint8) {
	after := 0
	if op.Imm || op.Form == RVMR || op.Form == VMI {
		after = 1
	}
	switch op.Form {
	case VMI:
		v, reg = reg, op.Ext
	case RM, MR:
		v = 0
	}
	hb, hx := byte(0), byte(0)
	if rm.IsMem {
		hb, hx = high(rm.M.Base), high(rm.M.Index)
	} else {
		hb, hx = rm.R>>3&1, rm.R>>4&1
	}
	unit := int32(1)
	if mode.EVEX {
		a.evex(op, mode, reg, v, hx, hb, rm.Bcast, false)
		unit = op.unit(mode.L, rm.Bcast)
	} else {
		a.vex(op.Map, op.PP, op.W, byte(mode.L), reg, v, reg>>3&1, hx, hb)
	}
	a.Code = append(a.Code, op.Op)
	if rm.IsMem {
		a.modRM(reg, rm.M, after, unit)
	} else {
		a.Code = append(a.Code, 0xc0|reg&7<<3|rm.R&7)
	}
	if after == 1 {
		a.Code = append(a.Code, imm)
	}
}

// Gather appends a gather or scatter at m.Base + index*m.Scale + m.Disp, where
// index is a vector register. In VEX the mask is vector register mask, in EVEX
// mode.K; the instruction clears it.
func (a *Asm) Gather(op *Vec, mode Mode, reg, index, mask uint8, m Mem) {
	m.Index = Reg(index & 15) // has its third bit in the SIB byte, the others in the prefix
	hb, hx := high(m.Base), index>>3&1
	if mode.EVEX {
		// The fifth bit of the index is where that of vvvv is.
		a.evex(op, mode, reg, index&16, hx, hb, false, true)
		a.byte(op.Op)
		a.gatherRM(reg, index, m, int32(op.Elem))
		return
	}
	a.vex(op.Map, op.PP, op.W, byte(mode.L), reg, mask, reg>>3&1, hx, hb)
	a.byte(op.Op)
	a.gatherRM(reg, index, m, 1)
}

func (a *Asm) gatherRM(reg, index uint8, m Mem, unit int32) {
	m.Index = Reg(index & 7) // never NoReg, and 4 is an index like others
	a.modRM(reg, m, 0, unit)
}

// unit returns what the compressed displacement counts in.
func (op *Vec) unit(l Len, bcast bool) int32 {
	n := int32(l.Bytes())
	switch {
	case bcast || op.Tuple == Scalar:
		return int32(op.Elem)
	case op.Tuple == Half:
		return n / 2
	case op.Tuple == Quarter:
		return n / 4
	case op.Tuple == Eighth:
		return n / 8
	case op.Tuple == None:
		return 0
	}
	return n
}

func (a *Asm) vex(mp, pp, w, l, reg, v uint8, hr, hx, hb byte) {
	if mp == 1 && w == 0 && hx == 0 && hb == 0 {
		a.Code = append(a.Code, 0xc5, (hr^1)<<7|(^v&15)<<3|l<<2|pp)
		return
	}
	a.Code = append(a.Code, 0xc4, (hr^1)<<7|(hx^1)<<6|(hb^1)<<5|mp, w<<7|(^v&15)<<3|l<<2|pp)
}

func (a *Asm) evex(op *Vec, mode Mode, reg, v uint8, hx, hb byte, bcast, vsib bool) {
	b := func(x bool) byte {
		if x {
			return 1
		}
		return 0
	}
	p0 := (reg>>3&1^1)<<7 | (hx^1)<<6 | (hb^1)<<5 | (reg>>4&1^1)<<4 | op.Map
	vv := v
	if vsib {
		vv = v & 16
	}
	p1 := op.EW<<7 | (^vv&15)<<3 | 4 | op.PP
	p2 := b(mode.Z)<<7 | byte(mode.L)<<5 | b(bcast)<<4 | (vv>>4&1^1)<<3 | mode.K
	a.Code = append(a.Code, 0x62, p0, p1, p2)
}

// SFence makes stores past the caches precede what follows.
func (a *Asm) SFence() { a.byte(0x0f, 0xae, 0xf8) }

// VZeroUpper clears the upper halves of the vector registers.
func (a *Asm) VZeroUpper() { a.byte(0xc5, 0xf8, 0x77) }
