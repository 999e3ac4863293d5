package amd64

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The oracle is the GNU assembler: every form is written as text, too, and
// both are disassembled and compared.

var names64 = []string{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}
var names32 = []string{"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"}
var names8 = []string{"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"}
var names16 = []string{"ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"}

func name(size int, r Reg) string {
	switch size {
	case 8:
		return names8[r]
	case 16:
		return names16[r]
	case 32:
		return names32[r]
	}
	return names64[r]
}

func memText(m Mem) string {
	s := "[" + names64[m.Base]
	if m.Index != NoReg {
		s += fmt.Sprintf("+%s*%d", names64[m.Index], m.Scale)
	}
	return s + fmt.Sprintf("%+d]", m.Disp)
}

type checker struct {
	*rand.Rand
	a    Asm
	text []string
}

func (c *checker) reg() Reg {
	for {
		if r := Reg(c.IntN(16)); r != SP {
			return r
		}
	}
}

func (c *checker) mem() Mem {
	disp := []int32{0, 1, -1, 8, 64, 127, -128, 128, 256, 4096, -4096, 1 << 30}[c.IntN(12)]
	base := Reg(c.IntN(16))
	if c.IntN(2) == 0 {
		return At(base, disp)
	}
	return Indexed(base, c.reg(), 1<<c.IntN(4), disp)
}

func (c *checker) add(text string, f func()) {
	f()
	c.text = append(c.text, text)
}

func disassemble(t *testing.T, dir, file string, bin bool) []string {
	args := []string{"-d", "-M", "intel", "--no-show-raw-insn", file}
	if bin {
		args = append([]string{"-b", "binary", "-m", "i386:x86-64", "-D"}, args[1:]...)
	}
	out, err := exec.Command("objdump", args...).CombinedOutput()
	require.NoError(t, err, string(out))
	line := regexp.MustCompile(`^ +[0-9a-f]+:\t(.*)$`)
	space := regexp.MustCompile(` +`)
	var lines []string
	for _, l := range strings.Split(string(out), "\n") {
		if m := line.FindStringSubmatch(l); m != nil {
			l, _, _ := strings.Cut(m[1], "#")
			l = strings.ReplaceAll(l, "{evex} ", "")
			lines = append(lines, strings.TrimSpace(space.ReplaceAllString(l, " ")))
		}
	}
	return lines
}

func (c *checker) check(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"as", "objdump"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s: only the golden bytes are checked", tool)
		}
	}
	dir := t.TempDir()
	src, obj, bin := filepath.Join(dir, "a.s"), filepath.Join(dir, "a.o"), filepath.Join(dir, "b.bin")
	require.NoError(t, os.WriteFile(src, []byte(".intel_syntax noprefix\n"+strings.Join(c.text, "\n")+"\n"), 0o644))
	out, err := exec.Command("as", "--64", "-o", obj, src).CombinedOutput()
	require.NoError(t, err, string(out))
	require.NoError(t, os.WriteFile(bin, c.a.Code, 0o644))
	want, got := disassemble(t, dir, obj, false), disassemble(t, dir, bin, true)
	for i := range c.text {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("%s: got %q, want %q", c.text[i], got[min(i, len(got)-1)], want[i])
		}
	}
	require.Len(t, got, len(want))
}

func TestGeneral(t *testing.T) {
	c := &checker{Rand: rand.New(rand.NewPCG(1, 2))}
	a := &c.a
	for range 60 {
		size := []int{32, 64}[c.IntN(2)]
		x, y, m, i := c.reg(), c.reg(), c.mem(), int32(c.Uint32())>>c.IntN(32)
		X, Y, M := name(size, x), name(size, y), memText(m)
		ptr := map[int]string{8: "byte ptr ", 16: "word ptr ", 32: "dword ptr ", 64: "qword ptr "}
		op := Arith(c.IntN(8))
		mn := []string{"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"}[op]
		c.add(fmt.Sprintf("%s %s, %s", mn, X, Y), func() { a.Arith(op, size, x, y) })
		c.add(fmt.Sprintf("%s %s, %s", mn, X, M), func() { a.ArithM(op, size, x, m) })
		c.add(fmt.Sprintf("%s %s, %d", mn, X, i), func() { a.ArithI(op, size, x, i) })
		c.add(fmt.Sprintf("%s %s%s, %d", mn, ptr[size], M, i), func() { a.ArithMI(op, size, m, i) })
		c.add(fmt.Sprintf("%s %s, %s", mn, M, X), func() { a.ArithMR(op, size, m, x) })
		c.add(fmt.Sprintf("mov %s, %s", X, Y), func() { a.Mov(size, x, y) })
		c.add(fmt.Sprintf("mov %s, %s", X, M), func() { a.Load(size, x, m) })
		c.add(fmt.Sprintf("mov %s, %s", M, X), func() { a.Store(size, m, x) })
		c.add(fmt.Sprintf("mov %s, %s", M, name(8, x)), func() { a.Store8(m, x) })
		c.add(fmt.Sprintf("mov %s, %s", M, name(16, x)), func() { a.Store16(m, x) })
		c.add(fmt.Sprintf("mov %s%s, %d", ptr[size], M, i), func() { a.StoreI(size, m, i) })
		c.add(fmt.Sprintf("mov %s, %d", name(32, x), uint32(i)), func() { a.MovI(x, uint64(uint32(i))) })
		c.add(fmt.Sprintf("mov %s, %d", name(64, x), -5-int64(uint32(i)>>1)), func() { a.MovI(x, uint64(-5-int64(uint32(i)>>1))) })
		c.add(fmt.Sprintf("movabs %s, %d", name(64, x), int64(i)<<32|1<<62|5), func() { a.MovI(x, uint64(int64(i)<<32|1<<62|5)) })
		c.add(fmt.Sprintf("lea %s, %s", X, M), func() { a.Lea(size, x, m) })
		c.add(fmt.Sprintf("movzx %s, %s", X, name(8, y)), func() { a.Extend(ZX8, size, x, y) })
		c.add(fmt.Sprintf("movzx %s, %s", X, name(16, y)), func() { a.Extend(ZX16, size, x, y) })
		c.add(fmt.Sprintf("movsx %s, %s", X, name(8, y)), func() { a.Extend(SX8, size, x, y) })
		c.add(fmt.Sprintf("movsx %s, %s", X, name(16, y)), func() { a.Extend(SX16, size, x, y) })
		c.add(fmt.Sprintf("movsxd %s, %s", name(64, x), name(32, y)), func() { a.Extend(SX32, 64, x, y) })
		c.add(fmt.Sprintf("movzx %s, byte ptr %s", X, M), func() { a.ExtendM(ZX8, size, x, m) })
		c.add(fmt.Sprintf("movzx %s, word ptr %s", X, M), func() { a.ExtendM(ZX16, size, x, m) })
		c.add(fmt.Sprintf("movsxd %s, dword ptr %s", name(64, x), M), func() { a.ExtendM(SX32, 64, x, m) })
		c.add(fmt.Sprintf("imul %s, %s", X, Y), func() { a.Imul(size, x, y) })
		c.add(fmt.Sprintf("imul %s, %s", X, M), func() { a.ImulM(size, x, m) })
		c.add(fmt.Sprintf("imul %s, %s, %d", X, Y, 1000), func() { a.ImulI(size, x, y, 1000) })
		n := uint8(2 + c.IntN(29))
		for s, mn := range map[Shift]string{ROL: "rol", ROR: "ror", SHL: "shl", SHR: "shr", SAR: "sar"} {
			c.add(fmt.Sprintf("%s %s, %d", mn, X, n), func() { a.ShiftI(s, size, x, n) })
			c.add(fmt.Sprintf("%s %s, cl", mn, X), func() { a.ShiftCL(s, size, x) })
		}
		for u, mn := range map[Unary]string{NOT: "not", NEG: "neg", MUL: "mul", IMUL: "imul", DIV: "div", IDIV: "idiv"} {
			c.add(mn+" "+X, func() { a.Unary(u, size, x) })
		}
		c.add(map[int]string{32: "cdq", 64: "cqo"}[size], func() { a.Cqo(size) })
		c.add(fmt.Sprintf("test %s, %s", X, Y), func() { a.Test(size, x, y) })
		if x != AX {
			c.add(fmt.Sprintf("test %s, %d", X, i), func() { a.TestI(size, x, i) })
		}
		cc := Cond(c.IntN(16))
		cn := []string{"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"}[cc]
		c.add("set"+cn+" "+name(8, x)+"\nmovzx "+name(32, x)+", "+name(8, x), func() { a.Set(cc, x) })
		c.text = append(c.text[:len(c.text)-1], strings.Split(c.text[len(c.text)-1], "\n")...)
		c.add("cmov"+cn+" "+X+", "+Y, func() { a.Cmov(cc, size, x, y) })
		c.add(fmt.Sprintf("tzcnt %s, %s", X, Y), func() { a.Tzcnt(size, x, y) })
		c.add(fmt.Sprintf("lzcnt %s, %s", X, Y), func() { a.Lzcnt(size, x, y) })
		c.add(fmt.Sprintf("popcnt %s, %s", X, Y), func() { a.Popcnt(size, x, y) })
		z := c.reg()
		c.add(fmt.Sprintf("bzhi %s, %s, %s", X, Y, name(size, z)), func() { a.Bzhi(size, x, y, z) })
		c.add(fmt.Sprintf("pdep %s, %s, %s", X, Y, name(size, z)), func() { a.Pdep(size, x, y, z) })
		c.add(fmt.Sprintf("xchg %s, %s", M, X), func() { a.Xchg(size, m, x) })
		c.add(fmt.Sprintf("lock xadd %s, %s", M, X), func() { a.Lock(); a.Xadd(size, m, x) })
		c.add(fmt.Sprintf("lock cmpxchg %s, %s", M, X), func() { a.Lock(); a.Cmpxchg(size, m, x) })
		c.add("prefetcht0 "+M, func() { a.Prefetch(m) })
		c.add("jmp qword ptr "+M, func() { a.JmpM(m) })
		c.add("vzeroupper", a.VZeroUpper)
		c.add("sfence", a.SFence)
		c.add("ret", a.Ret)
	}
	c.check(t)
}

// vec says how the operands of an instruction are written.
func (c *checker) vec(op *Vec, evex bool) {
	l := Len(c.IntN(2))
	if evex {
		l = Len(c.IntN(3))
	}
	nm := op.Name
	if evex && op.EName != "" {
		nm = op.EName
	}
	regs := 16
	if evex {
		regs = 32
	}
	mode := Mode{EVEX: evex, L: l}
	vn := func(l Len, r uint8) string { return fmt.Sprintf("%cmm%d", "xyz"[l], r) }
	reg, v, r := uint8(c.IntN(regs)), uint8(c.IntN(regs)), uint8(c.IntN(regs))
	mem := c.mem()
	useMem := c.IntN(2) == 0
	bits := op.Encs == OnlyVEX && op.Name[0] == 'k'
	switch op.Name {
	case "vmovd", "vmovq", "vaddss", "vsubss", "vmulss", "vmovss", "vmovmskps":
		mode.L = L128
		if op.Name == "vmovmskps" {
			mode.L = l
		}
	case "vperm2i128":
		mode.L = L256
	case "vextracti128", "vinserti128", "vpermd", "vpermq":
		if mode.L = L256; evex && c.IntN(2) == 0 {
			mode.L = L512
		}
	case "vextracti64x4", "vinserti64x4":
		mode.L = L512
	}
	if bits {
		mode.L = L128
		reg, v, r = reg&7, v&7, r&7
		if op.Form == RVM {
			mode.L = L256
		}
	}
	dst, src, rm := vn(mode.L, reg), vn(mode.L, v), vn(mode.L, r)
	size := map[Len]string{L128: "xmmword", L256: "ymmword", L512: "zmmword"}[mode.L]
	unit := int(op.unit(mode.L, false))
	// Operands of another kind or length.
	switch op {
	case &VMOVD, &VMOVDs:
		r &= 15
		rm, size = names32[r], "dword"
	case &VMOVQ, &VMOVQs:
		r &= 15
		rm, size = names64[r], "qword"
	case &VBROADCASTDG:
		r, useMem = r&15, false
		rm = names32[r]
	case &VBROADCASTQG:
		r, useMem = r&15, false
		rm = names64[r]
	case &VMOVMSKPS:
		useMem, reg = false, reg&15
		dst = names32[reg]
	case &VADDSS, &VSUBSS, &VMULSS:
		size = "dword"
	case &VMOVSS:
		size, useMem = "dword", true
	case &VPGATHERDD, &VPSCATTERDD:
		return
	case &VMASKMOVPS, &VMASKMOVPSs:
		useMem = true
	case &VMOVUPSs, &VMOVNTPS, &VMOVDQU64s, &VMOVDQU8s:
		useMem = true
	case &VPCMPD, &VPCMPUD, &VPCMPQ, &VPCMPUQ, &VPTESTMD:
		reg &= 7
		dst = fmt.Sprintf("k%d", reg)
	case &VCMPPS:
		if evex {
			reg &= 7
			dst = fmt.Sprintf("k%d", reg)
		}
	case &VEXTRACTI128, &VINSERTI128:
		size, rm = "xmmword", vn(L128, r)
	case &VEXTRACTI256, &VINSERTI256:
		size, rm = "ymmword", vn(L256, r)
	case &VCVTTPD2DQ, &VCVTTPD2UDQ:
		reg := vn(max(mode.L, 1)-1, reg)
		dst = reg
		if mode.L == L128 {
			useMem = false
		}
	case &KMOVWg:
		r, useMem = r&15, false
		rm = names32[c.Intn8(&r)]
	case &KMOVQg:
		r, useMem = r&15, false
		rm = names64[c.Intn8(&r)]
	case &KMOVWr:
		useMem = false
		reg = uint8(c.reg())
		dst, rm = names32[reg], fmt.Sprintf("k%d", r)
	case &KMOVB:
		size = "byte"
	case &KMOVWs, &KMOVW:
		size = "word"
		useMem = useMem || op == &KMOVWs
	case &KMOVQs, &KMOVQ:
		size = "qword"
		useMem = useMem || op == &KMOVQs
	default:
		switch op.Tuple {
		case Half:
			rm = vn(max(mode.L, 1)-1, r)
		case Quarter, Scalar:
			rm = vn(L128, r)
			if op.Tuple == Quarter && mode.L == L512 {
				break
			}
		}
		if op.Tuple != Full {
			size = map[int]string{1: "byte", 2: "word", 4: "dword", 8: "qword", 16: "xmmword", 32: "ymmword", 64: "zmmword"}[max(unit, 1)]
		}
	}
	if op == &VPCOMPRESSD || op == &VPEXPANDD {
		rm = vn(mode.L, r)
		size = map[Len]string{L128: "xmmword", L256: "ymmword", L512: "zmmword"}[mode.L]
	}
	if op == &VPMOVQD || op == &VPMOVUSQD {
		rm = vn(max(mode.L, 1)-1, r)
	}
	if bits {
		if useMem && op.Form == RVM || op == &KNOTW || op == &KNOTB || op == &KORTESTW || op == &KSHIFTLW || op == &KSHIFTRW {
			useMem = false
		}
		if op != &KMOVWr {
			dst = fmt.Sprintf("k%d", reg)
		}
		src = fmt.Sprintf("k%d", v)
		if op != &KMOVWg && op != &KMOVQg && op != &KMOVWr {
			rm = fmt.Sprintf("k%d", r)
		}
	}
	o := X(r)
	if useMem {
		o = M(mem)
		rm = size + " ptr " + memText(mem)
		if evex && op.Elem >= 4 && op.Tuple == Full && op != &VCVTTPD2DQ && op != &VCVTTPD2UDQ && (op.Form == RVM || op.Form == RM && op.Name[:4] != "vmov") && c.IntN(2) == 0 {
			o = MB(mem)
			rm = fmt.Sprintf("%s bcst %s", map[uint8]string{4: "dword", 8: "qword"}[op.Elem], memText(mem))
		}
	}
	mask := ""
	if evex && c.IntN(2) == 0 && !strings.Contains(op.Name, "vmovd ") && op != &VMOVNTPS && mode.L != L128 && op != &VMOVD && op != &VMOVQ && op != &VMOVDs && op != &VMOVQs {
		mode.K = uint8(1 + c.IntN(7))
		mask = fmt.Sprintf("{k%d}", mode.K)
		if dst[0] != 'k' && !(op.Form == MR && useMem) && c.IntN(2) == 0 {
			mode.Z = true
			mask += "{z}"
		}
	}
	imm := uint8(0)
	tail := ""
	if op.Imm {
		imm = uint8(c.IntN(4))
		if op.Encs == Both && (op == &VEXTRACTI128 || op == &VINSERTI128) || op == &VEXTRACTI256 || op == &VINSERTI256 {
			imm &= 1
		}
		tail = fmt.Sprintf(", %d", imm)
	}
	var text string
	switch op.Form {
	case RVM:
		text = fmt.Sprintf("%s %s%s, %s, %s%s", nm, dst, mask, src, rm, tail)
		if op == &VMASKMOVPSs {
			text = fmt.Sprintf("%s %s, %s, %s", nm, rm, src, dst)
		}
	case RM:
		text = fmt.Sprintf("%s %s%s, %s%s", nm, dst, mask, rm, tail)
	case MR:
		text = fmt.Sprintf("%s %s%s, %s%s", nm, rm, mask, dst, tail)
	case VMI:
		imm = uint8(c.IntN(32))
		if !evex {
			rm, o = vn(mode.L, r), X(r)
		}
		text = fmt.Sprintf("%s %s%s, %s, %d", nm, dst, mask, rm, imm)
	case RVMR:
		imm = uint8(c.IntN(16)) << 4
		text = fmt.Sprintf("%s %s, %s, %s, %s", nm, dst, src, rm, vn(mode.L, imm>>4))
	}
	if evex && op.Encs == Both {
		text = "{evex} " + text
	}
	c.add(text, func() { c.a.V(op, mode, reg, v, o, imm) })
}

// Intn8 returns *r, which is a general register but SP.
func (c *checker) Intn8(r *uint8) uint8 {
	*r = uint8(c.reg())
	return *r
}

var all = []*Vec{&VMOVUPS, &VMOVUPSs, &VMOVNTPS, &VMOVDQU64, &VMOVDQU64s, &VMOVDQU8s, &VMOVAPS, &VMOVD, &VMOVDs, &VMOVQ, &VMOVQs, &VPBROADCASTB, &VPBROADCASTW, &VPBROADCASTD,
	&VPBROADCASTQ, &VBROADCASTDG, &VBROADCASTQG, &VADDPS, &VMULPS, &VSUBPS, &VMINPS, &VDIVPS, &VMAXPS, &VSQRTPS, &VADDSS, &VSUBSS, &VMULSS, &VMOVSS, &VADDPD, &VROUNDPD, &VDIVPD,
	&VFMADD132PS, &VFMADD213PS, &VFMADD231PS, &VROUNDPS, &VRANGEPS, &VCMPPS, &VCVTDQ2PS, &VCVTTPS2DQ, &VCVTUDQ2PS, &VCVTTPS2UDQ, &VCVTPH2PS, &VCVTPS2PH,
	&VCVTDQ2PD, &VCVTUDQ2PD, &VCVTTPD2DQ, &VCVTTPD2UDQ, &VPADDD, &VPADDQ, &VPSUBD, &VPSUBQ, &VPMULLD, &VPMULLQ, &VPMULUDQ, &VPMULDQ, &VPAND, &VPANDN,
	&VPOR, &VPXOR, &VPMINUD, &VPMAXUD, &VPMINSD, &VPMAXSD, &VPMINUQ, &VPMAXUQ, &VPMINSQ, &VPMAXSQ, &VPSLLVD, &VPSRLVD, &VPSRAVD, &VPSLLVQ, &VPSRLVQ,
	&VPSRAVQ, &VPSLLDI, &VPSRLDI, &VPSRADI, &VPSLLQI, &VPSRLQI, &VPCMPEQD, &VPCMPGTD, &VPCMPEQQ, &VPCMPGTQ, &VPCMPD, &VPCMPUD, &VPCMPQ, &VPCMPUQ,
	&VPTESTMD, &VPTEST, &VMOVMSKPS, &VBLENDVPS, &VBLENDPS, &VBLENDMPS, &VBLENDMPD, &VMASKMOVPS, &VMASKMOVPSs, &VPMOVZXBD, &VPMOVZXWD, &VPMOVZXDQ, &VPMOVSXDQ,
	&VPMOVDB, &VPMOVDW, &VPMOVQD, &VPMOVUSQD, &VPACKUSDW, &VPACKUSWB, &VPACKSSDW, &VPSHUFB, &VPERMD, &VPERMW, &VALIGND, &VPALIGNR, &VPERM2I128, &VPERMI2D, &VPERMT2D, &VPERMQI, &VSHUFPS, &VUNPCKLPS, &VUNPCKHPS, &VUNPCKLPD, &VUNPCKHPD, &VPSHUFD, &VEXTRACTI128, &VEXTRACTI256, &VINSERTI128,
	&VINSERTI256, &VPCOMPRESSD, &VPEXPANDD, &VMULPD, &VPTERNLOGD, &VPLZCNTD, &KMOVW, &KMOVB, &KMOVWs, &KMOVWg, &KMOVWr, &KMOVQ, &KMOVQs, &KMOVQg, &KANDW, &KANDNW, &KORW, &KXNORW, &KXORW, &KNOTW, &KNOTB,
	&KXNORB, &KORTESTW, &KUNPCKBW, &KSHIFTRW, &KSHIFTLW}

func TestVector(t *testing.T) {
	c := &checker{Rand: rand.New(rand.NewPCG(3, 4))}
	for range 40 {
		for _, op := range all {
			if op.Encs != OnlyEVEX {
				c.vec(op, false)
			}
			if op.Encs != OnlyVEX {
				c.vec(op, true)
			}
		}
		// Gathers and scatters.
		m := c.mem()
		m.Index, m.Scale = NoReg, 1<<c.IntN(4)
		index, k := uint8(c.IntN(32)), uint8(1+c.IntN(7))
		text := func(l Len) string {
			return fmt.Sprintf("[%s+%cmm%d*%d%+d]", names64[m.Base], "xyz"[l], index, m.Scale, m.Disp)
		}
		l := Len(c.IntN(3))
		reg := (index + uint8(1+c.IntN(10))) % 32
		c.add(fmt.Sprintf("vpgatherdd %cmm%d{k%d}, %s", "xyz"[l], reg, k, text(l)), func() { c.a.Gather(&VPGATHERDD, Mode{EVEX: true, L: l, K: k}, reg, index, 0, m) })
		c.add(fmt.Sprintf("vpscatterdd %s{k%d}, %cmm%d", text(l), k, "xyz"[l], reg), func() { c.a.Gather(&VPSCATTERDD, Mode{EVEX: true, L: l, K: k}, reg, index, 0, m) })
		half := "xxy"[l] // of the indices
		quads := strings.Replace(text(l), fmt.Sprintf("+%cmm", "xyz"[l]), fmt.Sprintf("+%cmm", half), 1)
		c.add(fmt.Sprintf("vpgatherdq %cmm%d{k%d}, %s", "xyz"[l], reg, k, quads), func() { c.a.Gather(&VPGATHERDQ, Mode{EVEX: true, L: l, K: k}, reg, index, 0, m) })
		c.add(fmt.Sprintf("vpscatterdq %s{k%d}, %cmm%d", quads, k, "xyz"[l], reg), func() { c.a.Gather(&VPSCATTERDQ, Mode{EVEX: true, L: l, K: k}, reg, index, 0, m) })
		index &= 15
		reg, mask := (index+3)%16, (index+7)%16
		l = Len(c.IntN(2))
		c.add(fmt.Sprintf("vpgatherdd %cmm%d, %s, %cmm%d", "xyz"[l], reg, text(l), "xyz"[l], mask), func() { c.a.Gather(&VPGATHERDD, Mode{L: l}, reg, index, mask, m) })
		quads = fmt.Sprintf("[%s+xmm%d*%d%+d]", names64[m.Base], index, m.Scale, m.Disp)
		c.add(fmt.Sprintf("vpgatherdq %cmm%d, %s, %cmm%d", "xyz"[l], reg, quads, "xyz"[l], mask), func() { c.a.Gather(&VPGATHERDQ, Mode{L: l}, reg, index, mask, m) })
	}
	c.check(t)
}

// Golden bytes, for machines without an assembler, and what it does not cover.
func TestGolden(t *testing.T) {
	var a Asm
	l := a.NewLabel()
	a.Bind(l)
	a.V(&VADDPS, Mode{L: L256}, 1, 2, X(3), 0)
	a.V(&VADDPS, Mode{EVEX: true, L: L512, K: 1}, 17, 2, M(At(BX, 128)), 0)
	a.Jcc(NE, l)
	a.LeaLabel(R9, l)
	c := a.Pool([]byte{1, 2, 3, 4})
	a.V(&VPBROADCASTD, Mode{L: L256}, 0, 0, M(c.Mem()), 0)
	code, err := a.Finish()
	require.NoError(t, err)
	want := []byte{
		0xc5, 0xec, 0x58, 0xcb,
		0x62, 0xe1, 0x6c, 0x49, 0x58, 0x4b, 0x02,
		0x0f, 0x85, 0xef, 0xff, 0xff, 0xff,
		0x4c, 0x8d, 0x0d, 0xe8, 0xff, 0xff, 0xff,
		0xc4, 0xe2, 0x7d, 0x58, 0x05, 0x1f, 0x00, 0x00, 0x00,
	}
	require.Equal(t, want, code[:len(want)])
	require.Equal(t, []byte{1, 2, 3, 4}, code[64:])
	require.True(t, bytes.Equal(code[len(want):64], bytes.Repeat([]byte{0xcc}, 64-len(want))))
	a.NewLabel()
	a.Jmp(a.NewLabel())
	_, err = a.Finish()
	require.Error(t, err)
}
