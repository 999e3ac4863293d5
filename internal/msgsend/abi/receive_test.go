package abi

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// receivedShapes meet the corners: narrow integers in registers and on the
// stack, floats that find no register, structs of every class.
var receivedShapes = []string{
	"v@:", "Q@:QQQQ", "i@:csiqBCSI", "q@:QQQQQQQQcsiBCSIq", "f@:ffffffffffd", "d@:ifQdBsfCc", "v@:fdfdfdfdfdfd",
	"{?=QQQ}@:{?=QQQ}{?=QQQ}", "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}QQQQQQQ", "{_NSRange=QQ}@:QQQQQ{_NSRange=QQ}C",
	"{?=dddd}@:{?=dddd}{?=dddd}{?=dddd}d", "{?=ff}@:{?=ff}f", "{?=fff}@:ffffff{?=fff}f", "{?=ffff}@:{?=ffff}{?=ffff}{?=ffff}",
	"{?=ffI}@:{?=ffI}", "{?=If}@:{?=If}", "{?=Qd}@:QQQQ{?=dQ}{?=Qd}", "{?=CCCC}@:{?=CCC}{?=CS}", "(?=Id)@:(?=Id)",
	"v@:QQQQQQ{?=CCC}C{?=SS}S{?=I}f", "{?=QQQQQQQQQQQQQQQQ}@:QQQQQQQQ", "{CGRect={CGPoint=dd}{CGSize=dd}}@:{CGRect={CGPoint=dd}{CGSize=dd}}",
	"B@?@B", "{?=QQQ}@?{?=QQQ}i", "d@?dQf",
}

// Words that are put where a layout says, among garbage, are found there.
func TestReceive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
		for _, encoding := range receivedShapes {
			t.Run(fmt.Sprint(target, " ", encoding), func(t *testing.T) {
				sig, err := objctype.ParseMethod(encoding)
				if err != nil {
					sig, err = objctype.ParseFunction(encoding)
				}
				require.NoError(t, err)
				layout, err := Lower(sig, target)
				require.NoError(t, err)
				receiver := layout.Receive(sig)
				require.Equal(t, sig.Words, receiver.Words())
				for range 20 {
					checkReceive(t, r, sig, layout, receiver)
				}
			})
		}
	}
}

// callerMemory is what registers point at. It is a variable because a
// goroutine's stack moves.
var callerMemory struct{ stack, copies, image [64]uint64 }

func checkReceive(t *testing.T, r *rand.Rand, sig *objctype.Signature, layout *Layout, receiver *Receiver) {
	garbage := func(w []uint64) {
		for i := range w {
			w[i] = r.Uint64()
		}
	}
	var regs Registers
	garbage(regs.Ints[:])
	garbage(regs.Floats[:])
	stack, copies, image := callerMemory.stack[:], callerMemory.copies[:], callerMemory.image[:]
	garbage(stack)
	garbage(copies)
	regs.Stack = unsafe.Pointer(&stack[0])

	// The arguments, whole; of narrow scalars only their own bytes are passed.
	want := make([]uint64, sig.Words)
	for i := range sig.Args {
		fillArgument(&sig.Args[i], want[sig.Offsets[i]:], r)
	}
	narrow := func(m Move) int {
		for i := range sig.Args {
			if a := &sig.Args[i]; sig.Offsets[i]*8 == m.From && !a.IsAggregate() {
				return min(m.Size, a.Size)
			}
		}
		return m.Size
	}
	for _, m := range layout.Moves {
		switch m.Where {
		case IntReg:
			put(regs.Ints[:], m.At*8, want, m.From, narrow(m))
		case FloatReg:
			put(regs.Floats[:], m.At*8, want, m.From, m.Size)
		case Stack:
			put(stack, m.At, want, m.From, narrow(m))
		case IntRef, StackRef:
			put(copies, m.Copy, want, m.From, m.Size)
			at := uint64(uintptr(unsafe.Pointer(&copies[0]))) + uint64(m.Copy)
			if m.Where == IntRef {
				regs.Ints[m.At] = at
			} else {
				stack[m.At/8] = at
			}
		}
	}
	buf := make([]uint64, sig.Words)
	require.Equal(t, want, receiver.Args(&regs, buf)[:sig.Words])
	if sig.Method {
		self, sel := receiver.Self(&regs)
		require.Equal(t, regs.Ints[layout.Self:layout.Self+2], []uint64{self, sel})
	}

	// The result.
	ret := make([]uint64, sig.ResultWords)
	fillArgument(&sig.Result, ret, r)
	if layout.Indirect {
		at := uint64(uintptr(unsafe.Pointer(&image[0])))
		regs.X8, regs.Ints[0] = at, at
	}
	receiver.Return(&regs, ret)
	if layout.Indirect {
		require.Equal(t, ret, image[:len(ret)])
		return
	}
	for _, p := range layout.Result {
		from := regs.ResultInts[:]
		if p.Where == FloatReg {
			from = regs.ResultFloats[:]
		}
		var got, wanted [1]uint64
		put(got[:], 0, from, p.At*8, p.Size)
		put(wanted[:], 0, ret, p.To, p.Size)
		require.Equal(t, wanted, got)
	}
}

// fillArgument fills the words of a value: scalars extended, padding zero.
func fillArgument(t *objctype.Type, words []uint64, r *rand.Rand) {
	for _, leaf := range t.Leaves(nil, 0) {
		v := r.Uint64()
		if leaf.Kind == objctype.Bool {
			v &= 1
		}
		if leaf.Size < 8 {
			v &= 1<<(leaf.Size*8) - 1
		}
		if !t.IsAggregate() {
			if leaf.Kind == objctype.Int {
				shift := 64 - leaf.Size*8
				v = uint64(int64(v<<shift) >> shift)
			}
			words[0] = v
			return
		}
		put(words, leaf.Offset, []uint64{v}, 0, leaf.Size)
	}
}
