package abi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// show writes a layout in one line: where the bytes of the arguments go, then
// where the result comes from.
func show(l *Layout) string {
	var b strings.Builder
	reg := func(w Where, at int) string {
		if w == FloatReg {
			return fmt.Sprintf("v%d", at)
		}
		return fmt.Sprintf("i%d", at)
	}
	for _, m := range l.Moves {
		switch m.Where {
		case IntReg, FloatReg:
			fmt.Fprintf(&b, "%s=%d:%d ", reg(m.Where, m.At), m.From, m.Size)
		case Stack:
			fmt.Fprintf(&b, "s%d=%d:%d ", m.At, m.From, m.Size)
		case IntRef:
			fmt.Fprintf(&b, "i%d=&%d(%d:%d) ", m.At, m.Copy, m.From, m.Size)
		case StackRef:
			fmt.Fprintf(&b, "s%d=&%d(%d:%d) ", m.At, m.Copy, m.From, m.Size)
		}
	}
	fmt.Fprintf(&b, "stack %d", l.Stack)
	if l.Refs > 0 {
		fmt.Fprintf(&b, " refs %d", l.Refs)
	}
	if l.Indirect {
		b.WriteString(" -> indirect")
	}
	for i, p := range l.Result {
		if i == 0 {
			b.WriteString(" ->")
		}
		fmt.Fprintf(&b, " %s:%d:%d", reg(p.Where, p.At), p.To, p.Size)
	}
	return b.String()
}

// The expected layouts are worked out by hand from the ABI documents.
func TestLower(t *testing.T) {
	const same = "same as AAPCS"
	for _, c := range []struct{ encoding, amd64, arm64, darwin string }{
		{"v@:", "stack 0", "stack 0", same},
		{"@@:@QQ",
			"i2=0:8 i3=8:8 i4=16:8 stack 0 -> i0:0:8",
			"i2=0:8 i3=8:8 i4=16:8 stack 0 -> i0:0:8", same},
		// Two MTLSize: on the stack, and by reference.
		{"v@:{?=QQQ}{?=QQQ}",
			"s0=0:24 s24=24:24 stack 48",
			"i2=&0(0:24) i3=&32(24:24) stack 0 refs 64", same},
		// An object and a word after an MTLSize keep taking registers.
		{"v@:@Q{?=QQQ}",
			"i2=0:8 i3=8:8 s0=16:24 stack 32",
			"i2=0:8 i3=8:8 i4=&0(16:24) stack 0 refs 32", same},
		{"{?=QQQ}@:", "stack 0 -> indirect", "stack 0 -> indirect", same},
		{"{?={?=QQQ}{?=QQQ}}@:Q",
			"i3=0:8 stack 0 -> indirect",
			"i2=0:8 stack 0 -> indirect", same},
		{"v@:@{_NSRange=QQ}C",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 stack 0",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 stack 0", same},
		{"{_NSRange=QQ}@:",
			"stack 0 -> i0:0:8 i1:8:8", "stack 0 -> i0:0:8 i1:8:8", same},
		// A range that finds one register left: amd64 puts it on the stack and
		// the word after it into the register; arm64 closes the registers.
		{"v@:QQQ{_NSRange=QQ}Q",
			"i2=0:8 i3=8:8 i4=16:8 s0=24:16 i5=40:8 stack 16",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 stack 0", same},
		{"v@:QQQQQ{_NSRange=QQ}Q",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 s8=40:16 s24=56:8 stack 32",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 s0=40:16 s16=56:8 stack 32", same},
		{"d@:di",
			"v0=0:8 i2=8:8 stack 0 -> v0:0:8",
			"v0=0:8 i2=8:8 stack 0 -> v0:0:8", same},
		{"f@:ff",
			"v0=0:4 v1=8:4 stack 0 -> v0:0:4",
			"v0=0:4 v1=8:4 stack 0 -> v0:0:4", same},
		{"B@:B", "i2=0:8 stack 0 -> i0:0:1", "i2=0:8 stack 0 -> i0:0:1", same},
		// MTLClearColor: four doubles.
		{"v@:{?=dddd}",
			"s0=0:32 stack 32",
			"v0=0:8 v1=8:8 v2=16:8 v3=24:8 stack 0", same},
		{"{?=dddd}@:",
			"stack 0 -> indirect",
			"stack 0 -> v0:0:8 v1:8:8 v2:16:8 v3:24:8", same},
		{"{CGSize=dd}@:{CGSize=dd}",
			"v0=0:8 v1=8:8 stack 0 -> v0:0:8 v1:8:8",
			"v0=0:8 v1=8:8 stack 0 -> v0:0:8 v1:8:8", same},
		// Two floats share an eightbyte and a vector register on amd64 only.
		{"{?=ff}@:{?=ff}",
			"v0=0:8 stack 0 -> v0:0:8",
			"v0=0:4 v1=4:4 stack 0 -> v0:0:4 v1:4:4", same},
		{"{?=ffff}@:{?=ffff}",
			"v0=0:8 v1=8:8 stack 0 -> v0:0:8 v1:8:8",
			"v0=0:4 v1=4:4 v2=8:4 v3=12:4 stack 0 -> v0:0:4 v1:4:4 v2:8:4 v3:12:4", same},
		{"{?=ffI}@:{?=ffI}",
			"v0=0:8 i2=8:4 stack 0 -> v0:0:8 i0:8:4",
			"i2=0:8 i3=8:4 stack 0 -> i0:0:8 i1:8:4", same},
		{"{?=If}@:{?=If}",
			"i2=0:8 stack 0 -> i0:0:8",
			"i2=0:8 stack 0 -> i0:0:8", same},
		{"{?=Qd}@:{?=dQ}",
			"v0=0:8 i2=8:8 stack 0 -> i0:0:8 v0:8:8",
			"i2=0:8 i3=8:8 stack 0 -> i0:0:8 i1:8:8", same},
		// MTLViewport: six doubles are no HFA.
		{"v@:{?=dddddd}",
			"s0=0:48 stack 48",
			"i2=&0(0:48) stack 0 refs 48", same},
		// Nine integers: what spills is packed on darwin.
		{"v@:QQQQQQQQQ",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 s8=40:8 s16=48:8 s24=56:8 s32=64:8 stack 48",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:8 s8=56:8 s16=64:8 stack 32", same},
		{"v@:QQQQQQiBSCQi",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 s8=40:8 s16=48:8 s24=56:8 s32=64:8 s40=72:8 s48=80:8 s56=88:8 stack 64",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:8 s8=56:8 s16=64:8 s24=72:8 s32=80:8 s40=88:8 stack 48",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:4 s4=56:1 s6=64:2 s8=72:1 s16=80:8 s24=88:4 stack 32"},
		{"v@:ffffffffffd",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 v4=32:4 v5=40:4 v6=48:4 v7=56:4 s0=64:8 s8=72:8 s16=80:8 stack 32",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 v4=32:4 v5=40:4 v6=48:4 v7=56:4 s0=64:8 s8=72:8 s16=80:8 stack 32",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 v4=32:4 v5=40:4 v6=48:4 v7=56:4 s0=64:4 s4=72:4 s8=80:8 stack 16"},
		// An HFA that finds too few vector registers goes to the stack whole,
		// and so do the floats after it on arm64.
		{"v@:ffffff{?=fff}f",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 v4=32:4 v5=40:4 v6=48:8 v7=56:4 s0=64:8 stack 16",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 v4=32:4 v5=40:4 s0=48:12 s16=64:8 stack 32",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 v4=32:4 v5=40:4 s0=48:12 s12=64:4 stack 16"},
		// A large struct that finds no integer register: its address is on the stack.
		{"v@:QQQQQQi{?=QQQ}Q",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 s8=40:8 s16=48:8 s24=56:24 s48=80:8 stack 64",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:8 s8=&0(56:24) s16=80:8 stack 32 refs 32", same + "!"},
		// replaceRegion:mipmapLevel:withBytes:bytesPerRow:. A struct in memory
		// does not close the registers.
		{"v@:{?={?=QQQ}{?=QQQ}}Q^vQ",
			"s0=0:48 i2=48:8 i3=56:8 i4=64:8 stack 48",
			"i2=&0(0:48) i3=48:8 i4=56:8 i5=64:8 stack 0 refs 48", same},
		// copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:…
		// has nine arguments, three of them structs.
		{"v@:@QQ{?=QQQ}{?=QQQ}@QQ{?=QQQ}",
			"i2=0:8 i3=8:8 i4=16:8 s0=24:24 s24=48:24 i5=72:8 s48=80:8 s56=88:8 s64=96:24 stack 96",
			"i2=0:8 i3=8:8 i4=16:8 i5=&0(24:24) i6=&32(48:24) i7=72:8 s0=80:8 s8=88:8 s16=&64(96:24) stack 32 refs 96", same},
		// newTextureViewWithPixelFormat:textureType:levels:slices:swizzle:. A small
		// struct takes eight bytes of the stack even on darwin.
		{"@@:QQ{_NSRange=QQ}{_NSRange=QQ}{?=CCCC}",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:16 s16=48:4 stack 32 -> i0:0:8",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:4 stack 16 -> i0:0:8", same},
		// drawIndexedPrimitives:indexCount:indexType:indexBuffer:indexBufferOffset:…
		{"v@:QQQ@QQqQ",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 s8=40:8 s16=48:8 s24=56:8 stack 32",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:8 s8=56:8 stack 16", same},
		{"v@:ffff",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 stack 0",
			"v0=0:4 v1=8:4 v2=16:4 v3=24:4 stack 0", same},
		// MTLScissorRect: four words are in memory.
		{"v@:{?=QQQQ}", "s0=0:32 stack 32", "i2=&0(0:32) stack 0 refs 32", same},
		// Two ranges of Metal 4 by value, in two registers each.
		{"v@:{MTL4BufferRange=QQ}{MTL4BufferRange=QQ}Q",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 stack 16",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 stack 0", same},
		// A union of three floats and an array of them holds three floats.
		{"v@:{_MTLPackedFloat3=(?={?=fff}[3f])}",
			"v0=0:8 v1=8:4 stack 0",
			"v0=0:4 v1=4:4 v2=8:4 stack 0", same},
		{"{_MTLPackedFloat3=(?={?=fff}[3f])}@:",
			"stack 0 -> v0:0:8 v1:8:4",
			"stack 0 -> v0:0:4 v1:4:4 v2:8:4", same},
		{"{_MTLPackedFloat4x3=[4{_MTLPackedFloat3=(?={?=fff}[3f])}]}@:",
			"stack 0 -> indirect", "stack 0 -> indirect", same},
		// MTLAxisAlignedBoundingBox: six floats are no HFA.
		{"v@:{_MTLAxisAlignedBoundingBox={_MTLPackedFloat3=(?={?=fff}[3f])}{_MTLPackedFloat3=(?={?=fff}[3f])}}f",
			"s0=0:24 v0=24:4 stack 32",
			"i2=&0(0:24) v0=24:4 stack 0 refs 32", same},
		// A BOOL that spills, before floats that do not.
		{"v@:QQQQQQB{?=ff}f",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 s0=32:8 s8=40:8 s16=48:8 v0=56:8 v1=64:4 stack 32",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:8 v0=56:4 v1=60:4 v2=64:4 stack 16",
			"i2=0:8 i3=8:8 i4=16:8 i5=24:8 i6=32:8 i7=40:8 s0=48:1 v0=56:4 v1=60:4 v2=64:4 stack 16"},
		{"v@:{?=CCCC}",
			"i2=0:4 stack 0", "i2=0:4 stack 0", same},
		{"v@:{MTLResourceID=Q}", "i2=0:8 stack 0", "i2=0:8 stack 0", same},
		{"v@:{?=}Q", "i2=0:8 stack 0", "i2=0:8 stack 0", same},
		{"v@:(?=Id)", "i2=0:8 stack 0", "i2=0:8 stack 0", same},
		{"v@:{?=[4f]}",
			"v0=0:8 v1=8:8 stack 0",
			"v0=0:4 v1=4:4 v2=8:4 v3=12:4 stack 0", same},
	} {
		sig, err := objctype.ParseMethod(c.encoding)
		require.NoError(t, err, c.encoding)
		darwin := c.darwin
		switch darwin {
		case same:
			darwin = c.arm64
		case same + "!":
			darwin = strings.Replace(c.arm64, "s0=48:8", "s0=48:4", 1)
		}
		for target, want := range map[Target]string{SysVAMD64: c.amd64, AAPCS64: c.arm64, DarwinARM64: darwin} {
			l, err := Lower(sig, target)
			require.NoError(t, err, "%s on %s", c.encoding, target)
			require.Equal(t, want, show(l), "%s on %s", c.encoding, target)
			self := 0
			if target == SysVAMD64 && l.Indirect {
				self = 1
			}
			require.Equal(t, self, l.Self, "%s on %s", c.encoding, target)
		}
	}
}

func TestLowerFunction(t *testing.T) {
	sig, err := objctype.ParseFunction("@@^@")
	require.NoError(t, err)
	for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
		l, err := Lower(sig, target)
		require.NoError(t, err)
		require.Equal(t, "i0=0:8 i1=8:8 stack 0 -> i0:0:8", show(l))
	}
}

func TestLowerErrors(t *testing.T) {
	for _, encoding := range []string{"v@:[4f]", "[2Q]@:", "v@:{Opaque}", "{Opaque}@:"} {
		sig, err := objctype.ParseMethod(encoding)
		require.NoError(t, err)
		_, err = Lower(sig, SysVAMD64)
		require.ErrorContains(t, err, encoding)
	}
}

// Every byte of every argument goes to exactly one place, and no two places
// overlap, for any signature.
func FuzzLower(f *testing.F) {
	for _, s := range []string{"v@:{?=QQQ}{?=QQQ}", "d@:fdiqB@{?=ff}{?=ffI}", "v@:QQQQQQQQQiBsCf", "{?=dddd}@:{?=dddd}{?=dddd}{?=dddd}", "v@:(?=Id){?=CS}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, encoding string) {
		sig, err := objctype.ParseMethod(encoding)
		if err != nil || sig.Words > 1000 {
			return
		}
		for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
			l, err := Lower(sig, target)
			if err != nil {
				continue
			}
			covered := make([]bool, sig.Words*8)
			stack := make([]bool, l.Stack)
			refs := make([]bool, l.Refs)
			regs := map[string]bool{}
			claim := func(bytes []bool, at, n int) {
				for i := at; i < at+n; i++ {
					if bytes[i] {
						t.Fatalf("%q on %s: byte %d used twice: %s", encoding, target, i, show(l))
					}
					bytes[i] = true
				}
			}
			for _, m := range l.Moves {
				claim(covered, m.From, m.Size)
				switch m.Where {
				case IntReg, FloatReg, IntRef:
					key := fmt.Sprint(m.Where == FloatReg, m.At)
					if regs[key] || m.At >= 8 || m.Where != FloatReg && m.At >= target.intRegs() {
						t.Fatalf("%q on %s: register %s: %s", encoding, target, key, show(l))
					}
					regs[key] = true
				case Stack:
					claim(stack, m.At, m.Size)
				case StackRef:
					claim(stack, m.At, 8)
				}
				if m.Where == IntRef || m.Where == StackRef {
					claim(refs, m.Copy, m.Size)
				}
			}
			for i := range sig.Args {
				for b := range sig.Args[i].Size {
					if !covered[sig.Offsets[i]*8+b] {
						t.Fatalf("%q on %s: byte %d of argument %d goes nowhere: %s", encoding, target, b, i, show(l))
					}
				}
			}
		}
	})
}
