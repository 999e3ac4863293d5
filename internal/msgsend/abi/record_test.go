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
func enter(target Target, block, rec []uint64) machine {
	var m machine
	gen := rec[target.PlainBytes()/8:]
	low := func(off int) int { return int(uint32(gen[off/8])) }
	high := func(off int) int { return int(gen[off/8] >> 32) }
	flags := rec[RecHead/8]
	if flags&FlagPatched != 0 {
		at := high(genPatches) / 8
		for range low(genPatches) {
			op, dst, src := int(uint32(rec[at])), int(rec[at]>>32), rec[at+1]
			if op == PatchStack {
				rec[dst/8] = fakeSP + src
			} else {
				rec[dst/8] = block[src/8]
			}
			at += 2
		}
	}
	copy(m.ints[:target.intRegs()], rec[RecInts/8:])
	if flags&FlagGeneral == 0 {
		return m
	}
	m.stack = make([]byte, low(genStack))
	if flags&FlagImage != 0 {
		at := low(genImage)
		for i := range high(genStack) {
			m.stack[i] = byte(rec[(at+i)/8] >> ((at + i) % 8 * 8))
		}
	}
	if flags&FlagFloats != 0 {
		copy(m.floats[:], gen[genFixed/8:])
	}
	m.x8 = gen[genX8/8]
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
func checkRecord(t *testing.T, encoding string, target Target, outs []uint64) {
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
	rec := make([]uint64, l.RecordWords(sig.Result.Size, len(outs)))
	l.Encode(rec, 0xf00, 0x5e1f, 0x5e1, args, sig.Result.Size, FlagRetain, outs)
	require.Equal(t, len(rec)*8, Size(rec), "%s on %s", encoding, target)
	require.Equal(t, len(outs) > 0 || !l.Plain(), IsGeneral(rec))
	require.LessOrEqual(t, len(rec), GeneralWords+(l.Stack+l.Refs)/8+sig.ResultWords+len(outs)+2*(l.refs()+1))
	m := enter(target, nil, rec)
	require.Zero(t, len(m.stack)%16)
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
	gen := target.PlainBytes()
	if len(outs) > 0 {
		at := int(uint32(rec[(gen+genOuts)/8]))
		require.EqualValues(t, len(outs), rec[(gen+genResult)/8]>>32)
		require.Equal(t, outs, rec[at/8:at/8+len(outs)])
	}

	// Every word can be changed, wherever its bytes are.
	for w := range args {
		l.SetWord(rec, w, ^args[w])
	}
	require.False(t, l.SetWord(rec, len(args), 0))
	m = enter(target, nil, rec)
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
		resOff := rec[(gen+genStack)/8] >> 32
		p := m.x8
		if target == SysVAMD64 {
			p = m.ints[0]
			require.NotZero(t, rec[0]&FlagSelf1)
		}
		require.EqualValues(t, fakeSP+resOff, p)
		require.LessOrEqual(t, int(resOff)+len(image), len(m.stack))
		to := l.ResultPlace(rec) / 8
		require.EqualValues(t, len(image), rec[(gen+genImage)/8]>>32)
		for i := range sig.ResultWords {
			rec[to+i] = binary.LittleEndian.Uint64(image[i*8:])
		}
	} else {
		// Garbage in what the result does not use.
		rec[RecInt/8] = 0xeeeeeeeeeeeeeeee
		if IsGeneral(rec) {
			for i := (gen + genInt1) / 8; i < (gen+genX8)/8; i++ {
				rec[i] = 0xeeeeeeeeeeeeeeee
			}
		}
		for i, p := range l.Result {
			at := l.register(p)
			if i == 0 {
				require.Equal(t, at, l.ResultPlace(rec))
			}
			for i := range p.Size {
				put(rec, at+i, []uint64{uint64(image[p.To+i])}, 0, 1)
			}
		}
	}
	want := make([]uint64, sig.ResultWords)
	for i := range want {
		want[i] = binary.LittleEndian.Uint64(image[i*8:])
	}
	ret := make([]uint64, sig.ResultWords+3) // there may be more room
	l.Collect(rec, ret)
	require.Equal(t, append(want, 0, 0, 0), ret, "%s on %s", encoding, target)
	got := l.CollectInPlace(rec, sig.ResultWords)
	if len(want) == 0 {
		want = []uint64{0}
	}
	require.Equal(t, want, got, "%s on %s", encoding, target)
	l.ClearResult(rec, sig.ResultWords)
	require.Equal(t, make([]uint64, len(want)), l.CollectInPlace(rec, sig.ResultWords), "%s on %s", encoding, target)
}

func TestRecords(t *testing.T) {
	for _, encoding := range recordEncodings {
		for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
			checkRecord(t, encoding, target, []uint64{0xaaaa, 0xbbbb})
			checkRecord(t, encoding, target, nil)
		}
	}
}

// The assembly has these numbers too.
func TestRecordOffsets(t *testing.T) {
	require.Equal(t, 32, BlockWords*8)
	require.Equal(t, []int{0, 8, 16}, []int{BlockFlags, BlockEnd, BlockStop})
	require.Equal(t, []int{0, 8, 16, 24, 32}, []int{RecHead, RecFn, RecClass, RecInt, RecInts})
	for target, plain := range map[Target]int{SysVAMD64: 80, AAPCS64: 96, DarwinARM64: 96} {
		require.Equal(t, plain, target.PlainBytes())
	}
	require.Equal(t, []int{0, 8, 16, 24, 32, 40, 48, 80, 88},
		[]int{genStack, genPatches, genImage, genResult, genOuts, genInt1, genFloat, genX8, genFixed})
	require.Equal(t, []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096},
		[]int{FlagLookup, FlagCached, FlagSource, FlagSelf1, FlagRetain, FlagAutorelease, FlagNil,
			FlagGeneral, FlagFloats, FlagPatched, FlagResult, FlagOuts, FlagImage})
}

// A patch makes a plain record a general one and leaves its words where they are.
func TestAppendPatch(t *testing.T) {
	sig, err := objctype.ParseMethod("Q@:QQ")
	require.NoError(t, err)
	for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
		l, err := Lower(sig, target)
		require.NoError(t, err)
		block := make([]uint64, BlockWords+l.RecordWords(8, 0))
		rec := block[BlockWords:]
		l.Encode(rec, 1, 2, 3, []uint64{4, 5}, 8, FlagLookup, nil)
		const source = 24 // stands for an earlier result
		block[source/8] = 0xfeed
		at, _ := l.Place(1)
		block = target.AppendPatch(block, BlockWords, at, source, true)
		at, _ = l.Place(0)
		block = target.AppendPatch(block, BlockWords, at, source, false)
		rec = block[BlockWords:]
		require.Equal(t, len(rec)*8, Size(rec))
		require.EqualValues(t, FlagLookup|FlagGeneral|FlagPatched, rec[0]&0xffff)
		m := enter(target, block, rec)
		require.Equal(t, []uint64{2, 3, 0xfeed, 0xfeed}, m.ints[:4])
		require.Empty(t, m.stack)
	}
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
			checkRecord(t, encoding, target, []uint64{0xaaaa, 0xbbbb})
			checkRecord(t, encoding, target, nil)
		}
	})
}
