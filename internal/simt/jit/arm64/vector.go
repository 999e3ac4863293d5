package arm64

// Arr is an arrangement of lanes: how many and how large.
type Arr uint8

const (
	B8  Arr = iota // 8 lanes of a byte
	B16            // 16
	H4             // lanes of 2 bytes
	H8
	S2 // of 4 bytes
	S4
	D1 // of 8 bytes
	D2
)

func (t Arr) size() uint32 { return uint32(t >> 1) }
func (t Arr) q() uint32    { return uint32(t&1) << 30 }

func (t Arr) String() string {
	return [...]string{"8b", "16b", "4h", "8h", "2s", "4s", "1d", "2d"}[t]
}

// kind tells how an instruction holds the arrangement.
type kind uint8

const (
	sized  kind = iota // the size of lanes in bits 22 and 23
	float              // 4 or 8 bytes, in bit 22
	none               // the instruction is for lanes of one size
	source             // as sized, of the operands: those of the result are twice as large
	result             // as sized, of the result: the lanes of the operand are twice as large
)

// A Form is an instruction of vectors.
type Form struct {
	Name string
	Bits uint32
	kind kind
}

func (f *Form) arranged(t Arr) uint32 {
	w := f.Bits | t.q()
	switch f.kind {
	case sized, source, result:
		w |= t.size() << 22
	case float:
		w |= (t.size() & 1) << 22
	}
	return w
}

const (
	three  = 0x0e200400 // of two operands
	misc   = 0x0e200800 // of one
	across = 0x0e300800
	diff   = 0x0e200000 // of lanes of different sizes
	perm   = 0x0e000800
	u      = 1 << 29
	alt    = 1 << 23
)

// Instructions of two operands. BSL, BIT, BIF, FMLA, FMLS, MLA, MLS and UMLAL
// have the destination for a third.
var (
	VADD   = Form{"add", three | 0x10<<11, sized}
	VSUB   = Form{"sub", three | u | 0x10<<11, sized}
	VMUL   = Form{"mul", three | 0x13<<11, sized} // not of 8 bytes
	MLA    = Form{"mla", three | 0x12<<11, sized}
	MLS    = Form{"mls", three | u | 0x12<<11, sized}
	CMGT   = Form{"cmgt", three | 0x06<<11, sized}
	CMGE   = Form{"cmge", three | 0x07<<11, sized}
	CMHI   = Form{"cmhi", three | u | 0x06<<11, sized}
	CMHS   = Form{"cmhs", three | u | 0x07<<11, sized}
	CMEQ   = Form{"cmeq", three | u | 0x11<<11, sized}
	CMTST  = Form{"cmtst", three | 0x11<<11, sized}
	SSHL   = Form{"sshl", three | 0x08<<11, sized} // right if the count is negative
	USHL   = Form{"ushl", three | u | 0x08<<11, sized}
	SMAX   = Form{"smax", three | 0x0c<<11, sized} // not of 8 bytes
	SMIN   = Form{"smin", three | 0x0d<<11, sized}
	UMAX   = Form{"umax", three | u | 0x0c<<11, sized}
	UMIN   = Form{"umin", three | u | 0x0d<<11, sized}
	VAND   = Form{"and", three | 0x03<<11, none}
	VBIC   = Form{"bic", three | 1<<22 | 0x03<<11, none}
	VORR   = Form{"orr", three | 2<<22 | 0x03<<11, none}
	VEOR   = Form{"eor", three | u | 0x03<<11, none}
	BSL    = Form{"bsl", three | u | 1<<22 | 0x03<<11, none} // the destination chooses
	BIT    = Form{"bit", three | u | 2<<22 | 0x03<<11, none} // n goes in where m is set
	BIF    = Form{"bif", three | u | 3<<22 | 0x03<<11, none} // and where it is not
	FADD   = Form{"fadd", three | 0x1a<<11, float}
	FSUB   = Form{"fsub", three | alt | 0x1a<<11, float}
	FMUL   = Form{"fmul", three | u | 0x1b<<11, float}
	FDIV   = Form{"fdiv", three | u | 0x1f<<11, float}
	FMLA   = Form{"fmla", three | 0x19<<11, float}
	FMLS   = Form{"fmls", three | alt | 0x19<<11, float}
	FMAXNM = Form{"fmaxnm", three | 0x18<<11, float}
	FMINNM = Form{"fminnm", three | alt | 0x18<<11, float}
	FCMEQ  = Form{"fcmeq", three | 0x1c<<11, float}
	FCMGE  = Form{"fcmge", three | u | 0x1c<<11, float}
	FCMGT  = Form{"fcmgt", three | u | alt | 0x1c<<11, float}
	UZP1   = Form{"uzp1", perm | 1<<12, sized}
	UZP2   = Form{"uzp2", perm | 5<<12, sized}
	ZIP1   = Form{"zip1", perm | 3<<12, sized}
	ZIP2   = Form{"zip2", perm | 7<<12, sized}
	TRN1   = Form{"trn1", perm | 2<<12, sized}
	TRN2   = Form{"trn2", perm | 6<<12, sized}
	UMULL  = Form{"umull", diff | u | 0xc<<12, source} // of the lower halves; of the upper ones if the arrangement is of 16 bytes
	SMULL  = Form{"smull", diff | 0xc<<12, source}
	UMLAL  = Form{"umlal", diff | u | 0x8<<12, source}
	UMAXP  = Form{"umaxp", three | u | 0x14<<11, sized} // of neighbours
)

// Instructions of one operand.
var (
	REV64  = Form{"rev64", misc, sized}
	REV32  = Form{"rev32", misc | u, sized}
	UADDLP = Form{"uaddlp", misc | u | 0x02<<12, source} // sums of neighbours
	VCLZ   = Form{"clz", misc | u | 0x04<<12, sized}
	CNT    = Form{"cnt", misc | 0x05<<12, none}
	NOT    = Form{"not", misc | u | 0x05<<12, none}
	VRBIT  = Form{"rbit", misc | u | 1<<22 | 0x05<<12, none}
	VNEG   = Form{"neg", misc | u | 0x0b<<12, sized}
	XTN    = Form{"xtn", misc | 0x12<<12, result} // to the lower half; the upper one if the arrangement is of 16 bytes
	FABS   = Form{"fabs", misc | alt | 0x0f<<12, float}
	FNEG   = Form{"fneg", misc | u | alt | 0x0f<<12, float}
	FSQRT  = Form{"fsqrt", misc | u | alt | 0x1f<<12, float}
	FRINTN = Form{"frintn", misc | 0x18<<12, float}
	FRINTM = Form{"frintm", misc | 0x19<<12, float}
	FRINTP = Form{"frintp", misc | alt | 0x18<<12, float}
	FRINTZ = Form{"frintz", misc | alt | 0x19<<12, float}
	FRINTA = Form{"frinta", misc | u | 0x18<<12, float}
	FCVTZS = Form{"fcvtzs", misc | alt | 0x1b<<12, float}
	FCVTZU = Form{"fcvtzu", misc | u | alt | 0x1b<<12, float}
	SCVTF  = Form{"scvtf", misc | 0x1d<<12, float}
	UCVTF  = Form{"ucvtf", misc | u | 0x1d<<12, float}
	FCVTN  = Form{"fcvtn", misc | 0x16<<12, none}      // of 4 floats of 4 bytes to 2
	FCVTL  = Form{"fcvtl", misc | 0x17<<12, none}      // and back
	SHLL   = Form{"shll", misc | u | 0x13<<12, source} // lanes in the upper halves of lanes twice as large
	UMAXV  = Form{"umaxv", across | u | 0x0a<<12, sized}
	UMINV  = Form{"uminv", across | u | 0x1a<<12, sized}
	ADDV   = Form{"addv", across | 0x1b<<12, sized}
)

// V3 is d = n op m.
func (a *Asm) V3(f *Form, t Arr, d, n, m V) {
	a.word(f.arranged(t) | uint32(m)<<16 | uint32(n)<<5 | uint32(d))
}

// V2 is d = op n.
func (a *Asm) V2(f *Form, t Arr, d, n V) { a.word(f.arranged(t) | uint32(n)<<5 | uint32(d)) }

// MovV is d = n.
func (a *Asm) MovV(d, n V) { a.V3(&VORR, B16, d, n, n) }

// Shift is a shift of lanes by a constant.
type Shift struct {
	Name  string
	bits  uint32
	right bool
}

const shifts = 0x0f000400

// Shifts. The last two make lanes twice as large of the lower half of the
// operand, or of the upper one if the arrangement is of 16 bytes.
var (
	SHL   = Shift{"shl", shifts | 0x0a<<11, false}
	SSHR  = Shift{"sshr", shifts, true}
	USHR  = Shift{"ushr", shifts | u, true}
	SSHLL = Shift{"sshll", shifts | 0x14<<11, false}
	USHLL = Shift{"ushll", shifts | u | 0x14<<11, false}
)

// VShift shifts by k: left by 0 to the width less one, or right by 1 to the
// width.
func (a *Asm) VShift(f *Shift, t Arr, d, n V, k uint8) {
	width := uint32(8) << t.size()
	imm := width + uint32(k)
	if f.right {
		imm = 2*width - uint32(k)
	}
	if imm>>(t.size()+3) != 1 {
		a.fail("a shift by %d", k)
	}
	a.word(f.bits | t.q() | imm<<16 | uint32(n)<<5 | uint32(d))
}

// element is how an instruction names lane i.
func element(t Arr, i uint8) uint32 { return (uint32(i)<<1 | 1) << t.size() << 16 }

// Dup sets all lanes of d to r.
func (a *Asm) Dup(t Arr, d V, r Reg) {
	a.word(0x0e000c00 | t.q() | element(t, 0) | uint32(r)<<5 | uint32(d))
}

// DupLane sets all lanes of d to lane i of n.
func (a *Asm) DupLane(t Arr, d, n V, i uint8) {
	a.word(0x0e000400 | t.q() | element(t, i) | uint32(n)<<5 | uint32(d))
}

// TakeLane sets d to lane i of n, with zeros above.
func (a *Asm) TakeLane(t Arr, d, n V, i uint8) {
	a.word(0x5e000400 | element(t, i) | uint32(n)<<5 | uint32(d))
}

// GetLane sets r to lane i of n, with zeros above.
func (a *Asm) GetLane(t Arr, r Reg, n V, i uint8) {
	w := uint32(0x0e003c00)
	if t.size() == 3 {
		w |= 1 << 30
	}
	a.word(w | element(t, i) | uint32(n)<<5 | uint32(r))
}

// SetLane sets lane i of d to r.
func (a *Asm) SetLane(t Arr, d V, i uint8, r Reg) {
	a.word(0x4e001c00 | element(t, i) | uint32(r)<<5 | uint32(d))
}

// CopyLane sets lane i of d to lane j of n.
func (a *Asm) CopyLane(t Arr, d V, i uint8, n V, j uint8) {
	a.word(0x6e000400 | element(t, i) | uint32(j)<<t.size()<<11 | uint32(n)<<5 | uint32(d))
}

// Ext sets d to 16 bytes of n and m, side by side, from byte i on.
func (a *Asm) Ext(d, n, m V, i uint8) {
	a.word(0x6e000000 | uint32(m)<<16 | uint32(i)<<11 | uint32(n)<<5 | uint32(d))
}

// Tbl sets the bytes of d to those of some registers, from n on, that m says;
// 0 where there is none so far, or, if keep is set, what was there.
func (a *Asm) Tbl(keep bool, d, n V, registers int, m V) {
	w := uint32(0x4e000000)
	if keep {
		w |= 1 << 12
	}
	a.word(w | uint32(m)<<16 | uint32(registers-1)<<13 | uint32(n)<<5 | uint32(d))
}

// Same returns how one instruction sets all lanes of 4 bytes to x.
func Same(x uint32) (fields uint32, ok bool) {
	imm := func(op, cmode, b uint32) (uint32, bool) {
		return op<<29 | b>>5<<16 | cmode<<12 | b&31<<5, true
	}
	for inverted := range uint32(2) {
		y := x
		if inverted == 1 {
			y = ^x
		}
		for i := range uint32(4) {
			if y&^(0xff<<(8*i)) == 0 {
				return imm(inverted, 2*i, y>>(8*i))
			}
		}
		if y&0xff == 0xff && y>>16 == 0 { // ones come in from below
			return imm(inverted, 12, y>>8)
		}
		if y&0xffff == 0xffff && y>>24 == 0 {
			return imm(inverted, 13, y>>16)
		}
	}
	if b := x & 0xff; x == b*0x01010101 {
		return imm(0, 14, b)
	}
	// A float32 of few bits.
	if e := x >> 25 & 0x3f; x&(1<<19-1) == 0 && (e == 0x20 || e == 0x1f) {
		return imm(0, 15, x>>31<<7|e&1<<6|x>>19&0x3f)
	}
	return 0, false
}

// MovSame sets all lanes of 4 bytes of d to x, for which Same must hold.
func (a *Asm) MovSame(d V, x uint32) {
	f, ok := Same(x)
	if !ok {
		a.fail("%#x is no constant of an instruction", x)
	}
	a.word(0x4f000400 | f | uint32(d))
}

// Scalar is an operation on the lowest lanes, of 4 bytes, as floats.
type Scalar uint32

const (
	FMULS Scalar = 0x1e200800
	FADDS Scalar = 0x1e202800
)

// F3 is d = n op m, with zeros above.
func (a *Asm) F3(op Scalar, d, n, m V) {
	a.word(uint32(op) | uint32(m)<<16 | uint32(n)<<5 | uint32(d))
}
