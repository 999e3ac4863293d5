package arm64

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The oracle is an assembler: every form is written as text, too, and the words
// are compared.

// assemblers are what may be installed, best first; the object and the source
// follow.
var assemblers = [][]string{
	{"aarch64-linux-gnu-as", "-march=armv8-a", "-o"},
	{"llvm-mc", "-triple=aarch64-linux-gnu", "-filetype=obj", "-o"},
	{"clang", "--target=aarch64-linux-gnu", "-c", "-o"},
}

type checker struct {
	*rand.Rand
	Asm
	text []string
}

// add takes the text of what f encodes.
func (c *checker) add(f func(), format string, args ...any) {
	c.text = append(c.text, fmt.Sprintf(format, args...))
	at := len(c.Code)
	f()
	if len(c.Code) != at+4 {
		panic(c.text[len(c.text)-1] + " is not one word")
	}
}

func (c *checker) check(t *testing.T) {
	t.Helper()
	require.NoError(t, c.err)
	var command []string
	for _, a := range assemblers {
		if _, err := exec.LookPath(a[0]); err == nil {
			command = a
			break
		}
	}
	if command == nil {
		t.Skip("no assembler for arm64 is installed: aarch64-linux-gnu-as, llvm-mc or clang")
	}
	dir := t.TempDir()
	src, obj := filepath.Join(dir, "a.s"), filepath.Join(dir, "a.o")
	require.NoError(t, os.WriteFile(src, []byte(strings.Join(c.text, "\n")+"\n"), 0o644))
	out, err := exec.Command(command[0], append(command[1:], obj, src)...).CombinedOutput()
	require.NoError(t, err, string(out))
	f, err := elf.Open(obj)
	require.NoError(t, err)
	defer f.Close()
	want, err := f.Section(".text").Data()
	require.NoError(t, err)
	for i, text := range c.text {
		w, g := binary.LittleEndian.Uint32(want[4*i:]), binary.LittleEndian.Uint32(c.Code[4*i:])
		if w != g {
			t.Errorf("%s: got %#08x, want %#08x", text, g, w)
		}
	}
	require.Len(t, want, len(c.Code))
}

func newChecker() *checker { return &checker{Rand: rand.New(rand.NewPCG(1, 2))} }

func (c *checker) reg() Reg { return Reg(c.IntN(31)) }
func (c *checker) v() V     { return V(c.IntN(32)) }

func name(size int, r Reg) string {
	p := map[int]string{32: "w", 64: "x"}[size]
	if r == ZR {
		return p + "zr"
	}
	return fmt.Sprintf("%s%d", p, r)
}

func TestGeneral(t *testing.T) {
	c := newChecker()
	for range 40 {
		d, n, m, s := c.reg(), c.reg(), c.reg(), c.reg()
		for _, size := range []int{32, 64} {
			r := func(r Reg) string { return name(size, r) }
			k := uint8(c.IntN(size))
			for op, text := range map[Arith]string{ADD: "add", ADDS: "adds", SUB: "sub", SUBS: "subs", AND: "and", BIC: "bic", ORR: "orr", ORN: "orn", EOR: "eor", ANDS: "ands"} {
				c.add(func() { c.Op(op, size, d, n, m) }, "%s %s, %s, %s", text, r(d), r(n), r(m))
				c.add(func() { c.OpShl(op, size, d, n, m, k) }, "%s %s, %s, %s, lsl #%d", text, r(d), r(n), r(m), k)
			}
			for op, text := range map[Two]string{UDIV: "udiv", SDIV: "sdiv", LSLV: "lsl", LSRV: "lsr", ASRV: "asr"} {
				c.add(func() { c.Op2(op, size, d, n, m) }, "%s %s, %s, %s", text, r(d), r(n), r(m))
			}
			for op, text := range map[One]string{RBIT: "rbit", CLZ: "clz"} {
				c.add(func() { c.Op1(op, size, d, n) }, "%s %s, %s", text, r(d), r(n))
			}
			c.add(func() { c.Madd(size, d, n, m, s) }, "madd %s, %s, %s, %s", r(d), r(n), r(m), r(s))
			c.add(func() { c.Msub(size, d, n, m, s) }, "msub %s, %s, %s, %s", r(d), r(n), r(m), r(s))
			c.add(func() { c.Mul(size, d, n, m) }, "mul %s, %s, %s", r(d), r(n), r(m))
			c.add(func() { c.Mov(size, d, n) }, "mov %s, %s", r(d), r(n))
			c.add(func() { c.Cmp(size, n, m) }, "cmp %s, %s", r(n), r(m))
			c.add(func() { c.ShlI(size, d, n, k) }, "lsl %s, %s, #%d", r(d), r(n), k)
			c.add(func() { c.ShrI(false, size, d, n, k) }, "lsr %s, %s, #%d", r(d), r(n), k)
			c.add(func() { c.ShrI(true, size, d, n, k) }, "asr %s, %s, #%d", r(d), r(n), k)
			last := k + uint8(c.IntN(size-int(k)))
			c.add(func() { c.Field(false, size, d, n, k, last) }, "ubfx %s, %s, #%d, #%d", r(d), r(n), k, last-k+1)
			c.add(func() { c.Field(true, size, d, n, k, last) }, "sbfx %s, %s, #%d, #%d", r(d), r(n), k, last-k+1)
			for cond := EQ; cond <= LE; cond++ {
				for op, text := range map[Select]string{CSEL: "csel", CSINC: "csinc", CSINV: "csinv"} {
					c.add(func() { c.Choose(op, size, d, n, m, cond) }, "%s %s, %s, %s, %s", text, r(d), r(n), r(m), conds[cond])
				}
			}
			for _, x := range []int64{0, 1, 4095, 4096, 0xfff000, int64(c.IntN(4096))} {
				c.add(func() { c.AddI(size, d, n, x) }, "add %s, %s, #%d", r(d), r(n), x)
				c.add(func() { c.SubsI(size, d, n, x) }, "subs %s, %s, #%d", r(d), r(n), x)
				c.add(func() { c.CmpI(size, n, x) }, "cmp %s, #%d", r(n), x)
				if x > 0 {
					c.add(func() { c.AddI(size, d, n, -x) }, "sub %s, %s, #%d", r(d), r(n), x)
					c.add(func() { c.CmpI(size, n, -x) }, "cmn %s, #%d", r(n), x)
				}
			}
		}
		x, w := func(r Reg) string { return name(64, r) }, func(r Reg) string { return name(32, r) }
		for cond := EQ; cond <= LE; cond++ {
			c.add(func() { c.Set(d, cond) }, "cset %s, %s", w(d), conds[cond])
		}
		for op, text := range map[Long]string{SMADDL: "smaddl", UMADDL: "umaddl"} {
			c.add(func() { c.MulLong(op, d, n, m, s) }, "%s %s, %s, %s, %s", text, x(d), w(n), w(m), x(s))
		}
		for op, text := range map[Long]string{SMULH: "smulh", UMULH: "umulh"} {
			c.add(func() { c.MulLong(op, d, n, m, ZR) }, "%s %s, %s, %s", text, x(d), x(n), x(m))
		}
		k := uint8(c.IntN(5))
		c.add(func() { c.AddExt(d, n, m, UXTW, k) }, "add %s, %s, %s, uxtw #%d", x(d), x(n), w(m), k)
		c.add(func() { c.AddExt(d, n, m, SXTW, k) }, "add %s, %s, %s, sxtw #%d", x(d), x(n), w(m), k)
		c.add(func() { c.AddExt(d, n, m, LSL, k) }, "add %s, %s, %s, uxtx #%d", x(d), x(n), x(m), k)
	}
	c.add(c.Ret, "ret")
	c.add(func() { c.Br(X16) }, "br x16")
	c.check(t)
}

var conds = []string{"eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"}

// TestBitPattern tries every pattern there is.
func TestBitPattern(t *testing.T) {
	c := newChecker()
	for n := 2; n <= 64; n *= 2 {
		for ones := 1; ones < n; ones++ {
			for r := 0; r < n; r += 1 + c.IntN(max(1, n/8)) {
				x := uint64(1)<<ones - 1
				x = (x>>r | x<<(n-r)) & (math.MaxUint64 >> (64 - n))
				for i := n; i < 64; i *= 2 {
					x |= x << i
				}
				op := []Logic{ANDI, ORRI, EORI, ANDSI}[c.IntN(4)]
				text := map[Logic]string{ANDI: "and", ORRI: "orr", EORI: "eor", ANDSI: "ands"}[op]
				c.add(func() { c.OpBits(op, 64, 3, 4, x) }, "%s x3, x4, #%#x", text, x)
				if n < 64 {
					c.add(func() { c.OpBits(op, 32, 3, 4, x) }, "%s w3, w4, #%#x", text, uint32(x))
				}
			}
		}
	}
	for _, x := range []uint64{0, math.MaxUint64, 5, 0x123456789} {
		_, ok := BitPattern(64, x)
		require.False(t, ok, "%#x", x)
	}
	_, ok := BitPattern(32, math.MaxUint32)
	require.False(t, ok)
	c.check(t)
}

// TestMovI runs what MovI makes on a model of its instructions.
func TestMovI(t *testing.T) {
	c := newChecker()
	xs := []uint64{0, 1, math.MaxUint64, 1 << 63, 0xffff, 0xffff0000, math.MaxUint64 - 0xffff, 0xffffffff, 0x0001ffffffffffff, 0xffffffffffff1234, 0x1234ffffffffffff, 0x123400005678ffff, 0x5555555555555555}
	for range 1000 {
		xs = append(xs, c.Uint64()>>c.IntN(64), ^(c.Uint64() >> c.IntN(64)))
	}
	for _, x := range xs {
		var a Asm
		a.MovI(7, x)
		require.NoError(t, a.err)
		var r uint64
		for code := a.Code; len(code) > 0; code = code[4:] {
			w := binary.LittleEndian.Uint32(code)
			require.EqualValues(t, 7, w&31)
			at, h := w>>21&3*16, uint64(w>>5&0xffff)
			switch w & 0xff800000 {
			case 0x92800000:
				r = ^(h << at)
			case 0xd2800000:
				r = h << at
			case 0xf2800000:
				r = r&^(0xffff<<at) | h<<at
			default:
				f, ok := BitPattern(64, x)
				require.True(t, ok)
				require.Equal(t, uint32(ORRI)|wide(64)|f|31<<5|7, w)
				r = x
			}
		}
		require.Equal(t, x, r)
		require.LessOrEqual(t, len(a.Code), 16)
	}
}

func TestMemory(t *testing.T) {
	c := newChecker()
	x := func(r Reg) string { return name(64, r) }
	for range 40 {
		b, i, r, v := c.reg(), c.reg(), c.reg(), c.v()
		for log, suffix := range []string{"b", "h", "", ""} {
			bytes := 1 << log
			size := 32
			if bytes == 8 {
				size = 64
			}
			for disp, op := range map[int32]string{int32(bytes * c.IntN(4096)): "r", -int32(c.IntN(256) + 1): "ur"} {
				m := At(b, disp)
				require.True(t, Reaches(disp, bytes))
				c.add(func() { c.Load(bytes, r, m) }, "ld%s%s %s, [%s, #%d]", op, suffix, name(size, r), x(b), disp)
				c.add(func() { c.Store(bytes, m, r) }, "st%s%s %s, [%s, #%d]", op, suffix, name(size, r), x(b), disp)
			}
			m := Indexed(b, i, UXTW, 0)
			c.add(func() { c.Load(bytes, r, m) }, "ldr%s %s, [%s, %s, uxtw]", suffix, name(size, r), x(b), name(32, i))
			m = Indexed(b, i, LSL, 0)
			c.add(func() { c.Store(bytes, m, r) }, "str%s %s, [%s, %s]", suffix, name(size, r), x(b), x(i))
		}
		for log, p := range []string{"b", "h", "s", "d", "q"} {
			bytes := 1 << log
			for disp, op := range map[int32]string{int32(bytes * c.IntN(4096)): "r", -int32(c.IntN(256) + 1): "ur"} {
				m := At(b, disp)
				c.add(func() { c.LoadV(bytes, v, m) }, "ld%s %s%d, [%s, #%d]", op, p, v, x(b), disp)
				c.add(func() { c.StoreV(bytes, m, v) }, "st%s %s%d, [%s, #%d]", op, p, v, x(b), disp)
			}
			if log > 0 {
				m := Indexed(b, i, SXTW, uint8(log))
				c.add(func() { c.LoadV(bytes, v, m) }, "ldr %s%d, [%s, %s, sxtw #%d]", p, v, x(b), name(32, i), log)
				m = Indexed(b, i, LSL, uint8(log))
				c.add(func() { c.StoreV(bytes, m, v) }, "str %s%d, [%s, %s, lsl #%d]", p, v, x(b), x(i), log)
			}
		}
		for a := B8; a <= D2; a++ {
			c.add(func() { c.LoadSame(a, v, b) }, "ld1r {v%d.%s}, [%s]", v, a, x(b))
		}
		for k := 1; k <= 4; k++ {
			for _, a := range []Arr{B16, H8, S4, D2} {
				d := V(c.IntN(32))
				var regs []string
				for j := range k {
					regs = append(regs, fmt.Sprintf("v%d.%s", (int(d)+j)%32, a))
				}
				list := "{" + strings.Join(regs, ", ") + "}"
				c.add(func() { c.LoadMany(a, d, k, b) }, "ld%d %s, [%s]", k, list, x(b))
				c.add(func() { c.StoreMany(a, d, k, b) }, "st%d %s, [%s]", k, list, x(b))
			}
		}
		for log, p := range []string{"b", "h", "s", "d"} {
			a := Arr(2*log + 1)
			lane := uint8(c.IntN(16 >> log))
			c.add(func() { c.LoadLane(a, v, lane, b) }, "ld1 {v%d.%s}[%d], [%s]", v, p, lane, x(b))
			c.add(func() { c.StoreLane(a, v, lane, b) }, "st1 {v%d.%s}[%d], [%s]", v, p, lane, x(b))
		}
		n, s := (b+1)%31, (b+2)%31
		c.add(func() { c.LoadAcquire(r, b) }, "ldar %s, [%s]", name(32, r), x(b))
		c.add(func() { c.StoreRelease(b, r) }, "stlr %s, [%s]", name(32, r), x(b))
		c.add(func() { c.LoadExclusive(r, b) }, "ldaxr %s, [%s]", name(32, r), x(b))
		c.add(func() { c.StoreExclusive(s, b, n) }, "stlxr %s, %s, [%s]", name(32, s), name(32, n), x(b))
	}
	c.check(t)
}

func ints(wide bool) []Arr {
	arrs := []Arr{B8, B16, H4, H8, S2, S4}
	if wide {
		arrs = append(arrs, D2)
	}
	return arrs
}

var (
	bytesOnly = []Arr{B8, B16}
	floatArrs = []Arr{S2, S4, D2}
	smallInts = []Arr{B8, B16, H4, H8}
	lower     = []Arr{B8, B16, H4, H8, S2, S4}
)

// threes and twos tell which arrangements the forms take.
var threes = map[*Form][]Arr{
	&VADD: ints(true), &VSUB: ints(true), &VMUL: ints(false), &MLA: ints(false), &MLS: ints(false), &CMGT: ints(true), &CMGE: ints(true),
	&CMHI: ints(true), &CMHS: ints(true), &CMEQ: ints(true), &CMTST: ints(true), &SSHL: ints(true), &USHL: ints(true), &SMAX: ints(false),
	&SMIN: ints(false), &UMAX: ints(false), &UMIN: ints(false), &UMAXP: ints(false), &VAND: bytesOnly, &VBIC: bytesOnly, &VORR: bytesOnly,
	&VEOR: bytesOnly, &BSL: bytesOnly, &BIT: bytesOnly, &BIF: bytesOnly, &FADD: floatArrs, &FSUB: floatArrs, &FMUL: floatArrs, &FDIV: floatArrs,
	&FMLA: floatArrs, &FMLS: floatArrs, &FMAXNM: floatArrs, &FMINNM: floatArrs, &FCMEQ: floatArrs, &FCMGE: floatArrs, &FCMGT: floatArrs,
	&UZP1: ints(true), &UZP2: ints(true), &ZIP1: ints(true), &ZIP2: ints(true), &TRN1: ints(true), &TRN2: ints(true),
	&UMULL: lower, &SMULL: lower, &UMLAL: lower,
}

var twos = map[*Form][]Arr{
	&REV64: ints(false), &REV32: smallInts, &UADDLP: lower, &VCLZ: ints(false), &CNT: bytesOnly, &NOT: bytesOnly, &VRBIT: bytesOnly,
	&VNEG: ints(true), &XTN: lower, &FABS: floatArrs, &FNEG: floatArrs, &FSQRT: floatArrs, &FRINTN: floatArrs, &FRINTM: floatArrs,
	&FRINTP: floatArrs, &FRINTZ: floatArrs, &FRINTA: floatArrs, &FCVTZS: floatArrs, &FCVTZU: floatArrs, &SCVTF: floatArrs, &UCVTF: floatArrs,
	&FCVTN: {H4, H8}, &FCVTL: {H4, H8}, &SHLL: lower, &UMAXV: {B8, B16, H4, H8, S4}, &UMINV: {B8, B16, H4, H8, S4}, &ADDV: {B8, B16, H4, H8, S4},
}

// double is the arrangement of 16 bytes whose lanes are twice as large.
func double(t Arr) Arr { return t/2*2 + 3 }

// second adds a 2 to the name of an instruction on upper halves.
func second(f *Form, t Arr) string {
	if t&1 == 1 && (f.kind == source && f != &UADDLP || f.kind == result || f == &FCVTN || f == &FCVTL) {
		return f.Name + "2"
	}
	return f.Name
}

func TestVectors(t *testing.T) {
	c := newChecker()
	for f, arrs := range threes {
		for _, a := range arrs {
			d, n, m := c.v(), c.v(), c.v()
			to := a
			if f.kind == source {
				to = double(a)
			}
			c.add(func() { c.V3(f, a, d, n, m) }, "%s v%d.%s, v%d.%s, v%d.%s", second(f, a), d, to, n, a, m, a)
		}
	}
	for f, arrs := range twos {
		for _, a := range arrs {
			d, n := c.v(), c.v()
			text := fmt.Sprintf("%s v%d.%s, v%d.%s", second(f, a), d, a, n, a)
			switch {
			case f == &UADDLP:
				text = fmt.Sprintf("uaddlp v%d.%s, v%d.%s", d, a+2, n, a)
			case f == &SHLL:
				text = fmt.Sprintf("%s v%d.%s, v%d.%s, #%d", second(f, a), d, double(a), n, a, 8<<a.size())
			case f == &FCVTL:
				text = fmt.Sprintf("%s v%d.4s, v%d.%s", second(f, a), d, n, a)
			case f == &FCVTN:
				text = fmt.Sprintf("%s v%d.%s, v%d.4s", second(f, a), d, a, n)
			case f.kind == result:
				text = fmt.Sprintf("%s v%d.%s, v%d.%s", second(f, a), d, a, n, double(a))
			case f.Bits&across == across:
				text = fmt.Sprintf("%s %s%d, v%d.%s", f.Name, "bhsd"[a.size():a.size()+1], d, n, a)
			}
			use := a
			if f == &FCVTL || f == &FCVTN { // of this size alone
				use = a&1 + B8
			}
			c.add(func() { c.V2(f, use, d, n) }, "%s", text)
		}
	}
	c.check(t)
	require.ElementsMatch(t, declared(t, "Form"), slices.Collect(func(yield func(string) bool) {
		for f := range maps.Keys(threes) {
			yield(f.Name)
		}
		for f := range maps.Keys(twos) {
			yield(f.Name)
		}
	}), "every form is tried")
}

// declared returns the names, in the assembler, of the package's instructions of
// a type.
func declared(t *testing.T, kind string) (names []string) {
	f, err := parser.ParseFile(token.NewFileSet(), "vector.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.CompositeLit); ok {
			if id, ok := l.Type.(*ast.Ident); ok && id.Name == kind {
				names = append(names, strings.Trim(l.Elts[0].(*ast.BasicLit).Value, `"`))
			}
		}
		return true
	})
	return names
}

func TestShifts(t *testing.T) {
	c := newChecker()
	for range 10 {
		for _, a := range ints(true) {
			d, n := c.v(), c.v()
			width := 8 << a.size()
			k := uint8(c.IntN(width))
			c.add(func() { c.VShift(&SHL, a, d, n, k) }, "shl v%d.%s, v%d.%s, #%d", d, a, n, a, k)
			c.add(func() { c.VShift(&USHR, a, d, n, k+1) }, "ushr v%d.%s, v%d.%s, #%d", d, a, n, a, k+1)
			c.add(func() { c.VShift(&SSHR, a, d, n, k+1) }, "sshr v%d.%s, v%d.%s, #%d", d, a, n, a, k+1)
			if a.size() < 3 {
				two := []string{"", "2"}[a&1]
				c.add(func() { c.VShift(&SSHLL, a, d, n, k) }, "sshll%s v%d.%s, v%d.%s, #%d", two, d, double(a), n, a, k)
				c.add(func() { c.VShift(&USHLL, a, d, n, k) }, "ushll%s v%d.%s, v%d.%s, #%d", two, d, double(a), n, a, k)
			}
		}
	}
	require.Len(t, declared(t, "Shift"), 5)
	c.check(t)
}

func TestLanes(t *testing.T) {
	c := newChecker()
	for range 20 {
		for log, p := range []string{"b", "h", "s", "d"} {
			for q := range Arr(2) {
				a := Arr(2*log) + q
				if a == D1 {
					continue
				}
				d, n, r := c.v(), c.v(), c.reg()
				i, j := uint8(c.IntN(16>>log)), uint8(c.IntN(16>>log))
				size := 32
				if log == 3 {
					size = 64
				}
				c.add(func() { c.Dup(a, d, r) }, "dup v%d.%s, %s", d, a, name(size, r))
				c.add(func() { c.DupLane(a, d, n, i) }, "dup v%d.%s, v%d.%s[%d]", d, a, n, p, i)
				c.add(func() { c.TakeLane(a, d, n, i) }, "dup %s%d, v%d.%s[%d]", p, d, n, p, i)
				c.add(func() { c.GetLane(a, r, n, i) }, "umov %s, v%d.%s[%d]", name(size, r), n, p, i)
				c.add(func() { c.SetLane(a, d, i, r) }, "mov v%d.%s[%d], %s", d, p, i, name(size, r))
				c.add(func() { c.CopyLane(a, d, i, n, j) }, "mov v%d.%s[%d], v%d.%s[%d]", d, p, i, n, p, j)
			}
		}
		d, n, m, i := c.v(), c.v(), c.v(), uint8(c.IntN(16))
		c.add(func() { c.MovV(d, n) }, "mov v%d.16b, v%d.16b", d, n)
		c.add(func() { c.Ext(d, n, m, i) }, "ext v%d.16b, v%d.16b, v%d.16b, #%d", d, n, m, i)
		for k := 1; k <= 4; k++ {
			n := V(c.IntN(28))
			regs := fmt.Sprintf("{v%d.16b-v%d.16b}", n, int(n)+k-1)
			if k == 1 {
				regs = fmt.Sprintf("{v%d.16b}", n)
			}
			c.add(func() { c.Tbl(false, d, n, k, m) }, "tbl v%d.16b, %s, v%d.16b", d, regs, m)
			c.add(func() { c.Tbl(true, d, n, k, m) }, "tbx v%d.16b, %s, v%d.16b", d, regs, m)
		}
		c.add(func() { c.F3(FADDS, d, n, m) }, "fadd s%d, s%d, s%d", d, n, m)
		c.add(func() { c.F3(FMULS, d, n, m) }, "fmul s%d, s%d, s%d", d, n, m)
	}
	c.check(t)
}

func TestSame(t *testing.T) {
	c := newChecker()
	for b := range uint32(256) {
		for i := range 4 {
			x := b << (8 * i)
			c.add(func() { c.MovSame(3, x) }, "movi v3.4s, #%d, lsl #%d", b, 8*i)
			if b == 0 {
				break
			}
			if b == 255 && i == 3 { // ones from below will do
				continue
			}
			c.add(func() { c.MovSame(3, ^x) }, "mvni v3.4s, #%d, lsl #%d", b, 8*i)
		}
		if b > 0 && b < 255 {
			c.add(func() { c.MovSame(4, b<<8|0xff) }, "movi v4.4s, #%d, msl #8", b)
			c.add(func() { c.MovSame(4, b<<16|0xffff) }, "movi v4.4s, #%d, msl #16", b)
			c.add(func() { c.MovSame(5, b*0x01010101) }, "movi v5.16b, #%d", b)
		}
	}
	for e := -3; e <= 4; e++ {
		for m := range 16 {
			x := float32(math.Ldexp(1+float64(m)/16, e))
			if f, _ := Same(math.Float32bits(x)); f>>12&15 == 15 {
				c.add(func() { c.MovSame(6, math.Float32bits(x)) }, "fmov v6.4s, #%g", x)
				c.add(func() { c.MovSame(6, math.Float32bits(-x)) }, "fmov v6.4s, #%g", -x)
			}
		}
	}
	_, ok := Same(0x12345678)
	require.False(t, ok)
	c.check(t)
}

// TestBranches goes forward and back, and to constants.
func TestBranches(t *testing.T) {
	c := newChecker()
	l := c.NewLabel()
	c.add(func() { c.B(l) }, "b 1f")
	c.add(func() { c.Adr(5, l) }, "adr x5, 1f")
	for cond := EQ; cond <= LE; cond++ {
		c.add(func() { c.BCond(cond, l) }, "b.%s 1f", conds[cond])
	}
	c.add(func() { c.Cbz(32, 7, l) }, "cbz w7, 1f")
	c.add(func() { c.Tbz(7, 33, l) }, "tbz x7, #33, 1f")
	c.Bind(l)
	c.add(func() { c.Cbnz(64, 7, l) }, "1: cbnz x7, 1b")
	c.add(func() { c.Tbnz(7, 3, l) }, "tbnz w7, #3, 1b")
	c.add(func() { c.Adr(5, l) }, "adr x5, 1b")
	c.add(func() { c.B(l) }, "b 1b")
	one, two := make([]byte, 16), make([]byte, 16)
	two[3] = 7
	a, b := c.Pool(one), c.Pool(two)
	require.Equal(t, a, c.Pool(one))
	c.add(func() { c.LoadConst(9, a) }, "ldr q9, 2f")
	c.add(func() { c.LoadConst(10, b) }, "ldr q10, 2f+16")
	c.text = append(c.text, ".balign 16\n2: .quad 0, 0\n.byte 0,0,0,7,0,0,0,0,0,0,0,0,0,0,0,0")
	_, err := c.Finish()
	require.NoError(t, err)
	words := len(c.text) - 1
	c.text[words] = strings.Replace(c.text[words], ".balign 16", strings.Repeat(".word 0\n", (len(c.Code)-32)/4-words), 1)
	c.check(t)
}

// What does not fit is an error of Finish.
func TestErrors(t *testing.T) {
	for name, f := range map[string]func(a *Asm){
		"immediate": func(a *Asm) { a.AddI(64, 1, 2, 4097) },
		"sp":        func(a *Asm) { a.AddI(64, ZR, 2, 1) },
		"pattern":   func(a *Asm) { a.OpBits(ANDI, 32, 1, 2, 5) },
		"disp":      func(a *Asm) { a.Load(4, 1, At(2, 1<<20)) },
		"index":     func(a *Asm) { a.Load(4, 1, Indexed(2, 3, UXTW, 3)) },
		"shift":     func(a *Asm) { a.VShift(&SHL, S4, 1, 2, 32) },
		"constant":  func(a *Asm) { a.MovSame(1, 0x12345678) },
		"pool":      func(a *Asm) { a.Pool([]byte{1}) },
		"unbound":   func(a *Asm) { a.B(a.NewLabel()) },
		"far": func(a *Asm) {
			l := a.NewLabel()
			a.Tbz(1, 0, l)
			a.Code = append(a.Code, make([]byte, 1<<15)...)
			a.Bind(l)
		},
	} {
		var a Asm
		f(&a)
		_, err := a.Finish()
		require.Error(t, err, name)
	}
}
