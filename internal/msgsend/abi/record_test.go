package abi

import (
	"encoding/binary"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// machine is what a callee sees: registers and memory from the stack pointer up.
type machine struct {
	ints, floats [8]uint64
	x8           uint64
	stack        []byte
}

const fakeSP = 0x7000

// enter does what the assembly does up to the call.
func enter(block, rec []uint64) machine {
	var m machine
	low := func(off int) int { return int(uint32(rec[off/8])) }
	high := func(off int) int { return int(rec[off/8] >> 32) }
	flags := high(RecSize)
	if flags&FlagPatched != 0 {
		at := high(RecPatches) / 8
		for range low(RecPatches) {
			op, dst, src := int(uint32(rec[at])), int(rec[at]>>32), rec[at+1]
			if op == PatchStack {
				rec[dst/8] = fakeSP + src
			} else {
				rec[dst/8] = block[src/8]
			}
			at += 2
		}
	}
	m.stack = make([]byte, low(RecStack))
	if flags&FlagImage != 0 {
		at := low(RecImage)
		for i := range high(RecStack) {
			m.stack[i] = byte(rec[(at+i)/8] >> ((at + i) % 8 * 8))
		}
	}
	copy(m.ints[:], rec[RecInts/8:])
	if flags&FlagFloats != 0 {
		copy(m.floats[:], rec[RecFixed/8:])
	}
	m.x8 = rec[RecX8/8]
	return m
}

var recordEncodings = []string{
	"v@:", "@@:@QQ", "c@:", "i@:s", "v@:{?=QQQ}{?=QQQ}", "v@:QQQQQQQQQ", "v@:QQQQQQiBSCQi",
	"{?=QQQ}@:Q", "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}Q", "d@:fd{?=fI}B{?={?=QQQ}{?=QQQ}}",
	"v@:ffffffffffd", "v@:ffffff{?=fff}f", "v@:QQQQQQi{?=QQQ}Q", "{?=dddd}@:{?=dddd}",
	"{?=ff}@:{?=ff}{?=ffff}", "v@:{?=CCCC}{?=CCCCCC}", "v@:QQQQQ{_NSRange=QQ}Q", "{?=CCCCCCCCCCCC}@:",
	"v@:QQQQQQQ{?=QQQ}{?=QQQ}{?=QQQ}", "{?=ffI}@:{?=ffI}", "v@:{?=dddddd}d",
}

// checkRecord encodes a call with every byte of the arguments different and
// looks where they are for the callee.
func checkRecord(t *testing.T, encoding string, target Target) {
	sig, err := objctype.ParseMethod(encoding)
	require.NoError(t, err)
	l, err := Lower(sig, target)
	if err != nil {
		return
	}
	args := make([]uint64, sig.Words)
	raw := make([]byte, sig.Words*8)
	for i := range raw {
		raw[i] = byte(i*7 + 1)
	}
	for i := range args {
		args[i] = binary.LittleEndian.Uint64(raw[i*8:])
	}
	outs := []uint64{0xaaaa, 0xbbbb}
	rec := make([]uint64, l.RecordWords(sig.Result.Size, len(outs)))
	l.Encode(rec, 0xf00, 0x5e1f, 0x5e1, args, sig.Result.Size, FlagRetain, outs)
	require.EqualValues(t, len(rec)*8, uint32(rec[0]), "%s on %s", encoding, target)
	require.Zero(t, uint32(rec[RecStack/8])%16)
	m := enter(nil, rec)
	require.EqualValues(t, 0x5e1f, m.ints[l.Self])
	require.EqualValues(t, 0x5e1, m.ints[l.Self+1])
	require.EqualValues(t, 0xf00, rec[RecFn/8])
	reg := func(r [8]uint64, at int) []byte { return binary.LittleEndian.AppendUint64(nil, r[at]) }
	for _, mv := range l.Moves {
		want := raw[mv.From : mv.From+mv.Size]
		var got []byte
		switch mv.Where {
		case IntReg:
			got = reg(m.ints, mv.At)
		case FloatReg:
			got = reg(m.floats, mv.At)
		case Stack:
			got = m.stack[mv.At:]
		case IntRef:
			got = m.stack[m.ints[mv.At]-fakeSP:]
		case StackRef:
			got = m.stack[binary.LittleEndian.Uint64(m.stack[mv.At:])-fakeSP:]
		}
		require.Equal(t, want, got[:mv.Size], "%s on %s: %+v", encoding, target, mv)
	}
	at := int(rec[RecOuts/8] >> 32)
	require.Equal(t, outs, rec[at/8:at/8+2])

	// Every word can be changed, wherever its bytes are.
	for w := range args {
		l.SetWord(rec, w, ^args[w])
	}
	require.False(t, l.SetWord(rec, len(args), 0))
	m = enter(nil, rec)
	for _, mv := range l.Moves {
		var got []byte
		switch mv.Where {
		case IntReg:
			got = reg(m.ints, mv.At)
		case FloatReg:
			got = reg(m.floats, mv.At)
		case Stack:
			got = m.stack[mv.At:]
		case IntRef:
			got = m.stack[m.ints[mv.At]-fakeSP:]
		case StackRef:
			got = m.stack[binary.LittleEndian.Uint64(m.stack[mv.At:])-fakeSP:]
		}
		for i := range mv.Size {
			require.Equal(t, ^raw[mv.From+i], got[i], "%s on %s: %+v", encoding, target, mv)
		}
	}

	// The result as the callee leaves it comes back as its memory image.
	image := make([]byte, sig.ResultWords*8)
	for i := range sig.Result.Size {
		image[i] = byte(i*5 + 0x83)
	}
	if r := &sig.Result; r.Signed() { // narrow ones are extended
		for i := r.Size; i < len(image); i++ {
			image[i] = 0xff * (image[r.Size-1] >> 7)
		}
	}
	if l.Indirect {
		resOff := uint64(uint32(rec[RecStack/8] >> 32))
		p := m.x8
		if target == SysVAMD64 {
			p = m.ints[0]
			require.NotZero(t, rec[0]>>32&FlagSelf1)
		}
		require.EqualValues(t, fakeSP+resOff, p)
		require.LessOrEqual(t, int(resOff)+len(image), len(m.stack))
		to := int(rec[RecResult/8]>>32) / 8
		require.EqualValues(t, len(image), uint32(rec[RecResult/8]))
		for i := range sig.ResultWords {
			rec[to+i] = binary.LittleEndian.Uint64(image[i*8:])
		}
	} else {
		for i := RecInt / 8; i < RecInts/8; i++ {
			rec[i] = 0xeeeeeeeeeeeeeeee // garbage in what the result does not use
		}
		for _, p := range l.Result {
			at := RecInt + p.At*8
			if p.Where == FloatReg {
				at = RecFloat + p.At*8
			}
			for i := range p.Size {
				put(rec, at+i, []uint64{uint64(image[p.To+i])}, 0, 1)
			}
		}
	}
	ret := make([]uint64, sig.ResultWords)
	l.Collect(rec, ret)
	for i := range ret {
		require.Equal(t, binary.LittleEndian.Uint64(image[i*8:]), ret[i], "%s on %s", encoding, target)
	}
}

func TestRecords(t *testing.T) {
	for _, encoding := range recordEncodings {
		for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
			checkRecord(t, encoding, target)
		}
	}
}

func TestRecordOffsets(t *testing.T) {
	// The assembly has these numbers too.
	require.Equal(t, 32, BlockWords*8)
	require.Equal(t, []int{0, 8, 16, 24, 40, 72, 136, 144, 152, 160, 168, 176},
		[]int{RecSize, RecStack, RecFn, RecInt, RecFloat, RecInts, RecX8, RecPatches, RecImage, RecResult, RecOuts, RecFixed})
}

func FuzzRecords(f *testing.F) {
	for _, s := range recordEncodings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, encoding string) {
		sig, err := objctype.ParseMethod(encoding)
		if err != nil || sig.Words > 100 || sig.ResultWords > 100 {
			return
		}
		for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
			checkRecord(t, encoding, target)
		}
	})
}
