//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Native reports whether messages reach a native Objective-C runtime.
const Native = true

// cgocall runs a C function on the system stack. It does not keep arg.
//
//go:linkname cgocall runtime.cgocall
//go:noescape
func cgocall(fn uintptr, arg unsafe.Pointer) int32

// The addresses of the assembly, which are set there: run runs the block of a
// list, one a block of a single record on the goroutine's stack; post, post6,
// ask and post3x3 send an envelope.
var runABI0, oneABI0, postABI0, post6ABI0, askABI0, post3x3ABI0 uintptr

// table holds what the assembly calls on its own; see the TAB constants there.
var table [10]uintptr

const (
	tabLookup      = iota // objc_msg_lookup(receiver, selector), where there is no objc_msgSend
	tabRetain             // objc_retain(object), 0: send tabSelRetain
	tabAutorelease        // objc_autorelease(object), 0: send tabSelAutorelease
	tabPush               // makes a pool: called with tabPushArg0, tabPushArg1
	tabPop                // ends a pool: called with the pool and tabPopArg1
	tabPushArg0
	tabPushArg1
	tabPopArg1
	tabSelRetain
	tabSelAutorelease
)

// lowered is how a signature is passed here.
type lowered struct{ layout *abi.Layout }

func lower(sig *objctype.Signature) (lowered, error) {
	l, err := abi.Lower(sig, target)
	if err == nil && sig.ResultWords > MaxResultWords {
		err = fmt.Errorf("encoding %q: a result of %d words, at most %d are supported", sig.Encoding, sig.ResultWords, MaxResultWords)
	}
	return lowered{l}, err
}

// fn returns the function a message of the layout goes through.
func (l lowered) fn() uintptr {
	if l.layout.Indirect && target == abi.SysVAMD64 {
		return msgSendStret
	}
	return msgSend
}

// letter is a message of up to four argument words as the assembly sends it, from
// the goroutine's stack. Words that a method does not take are harmless: they are
// in registers or stack space that are the caller's.
type letter struct {
	self, sel  uintptr
	a, b, c, d uintptr
}

// envelope is a letter of up to six words.
type envelope struct {
	letter
	e, f uintptr
}

// reply is an envelope for a function of choice, with room for the result.
type reply struct {
	envelope
	fn     uintptr // 0: look the method up
	result uintptr
	float  uint64
}

// fill addresses a letter. It is assigned word by word, after the selector was
// looked up: a composite literal would be built elsewhere and copied, and a call
// in between would make the compiler zero the letter first.
func (m *letter) fill(self ID, sel SEL, a, b, c, d uintptr) {
	m.self, m.sel = uintptr(self), uintptr(sel)
	m.a, m.b, m.c, m.d = a, b, c, d
}

// post sends a message without a result.
func post(self ID, sel *Selector, a, b, c, d uintptr) {
	if self != 0 {
		id := sel.SEL()
		var m letter
		m.fill(self, id, a, b, c, d)
		cgocall(postABI0, unsafe.Pointer(&m))
	}
}

// post6 is post for more than four words.
func post6(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	if self != 0 {
		id := sel.SEL()
		var m envelope
		m.fill(self, id, a, b, c, d)
		m.e, m.f = e, f
		cgocall(post6ABI0, unsafe.Pointer(&m))
	}
}

// Send3x3 sends a message whose arguments are two structs of three words each
// by value, such as dispatchThreads:threadsPerThreadgroup: with its two MTLSize.
func Send3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	if self != 0 {
		id := sel.SEL()
		var m envelope
		m.fill(self, id, a, b, c, d)
		m.e, m.f = e, f
		cgocall(post3x3ABI0, unsafe.Pointer(&m))
	}
}

// word sends a message whose result is no object.
func word(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	if self == 0 {
		return 0
	}
	id := sel.SEL()
	var m reply
	m.fill(self, id, a, b, c, d)
	m.e, m.f = e, f
	m.fn = msgSend
	cgocall(askABI0, unsafe.Pointer(&m))
	return m.result
}

// Float64 sends a message without arguments and returns its double result.
func Float64(self ID, sel *Selector) float64 {
	return math.Float64frombits(floatWord(self, sel))
}

// Float32 sends a message without arguments and returns its float result.
func Float32(self ID, sel *Selector) float32 {
	return math.Float32frombits(uint32(floatWord(self, sel)))
}

func floatWord(self ID, sel *Selector) uint64 {
	if self == 0 {
		return 0
	}
	var m reply
	m.fill(self, sel.SEL(), 0, 0, 0, 0)
	m.fn = msgSend
	cgocall(askABI0, unsafe.Pointer(&m))
	return m.float
}

// cCall calls a C function with up to six words.
func cCall(fn uintptr, a, b, c, d, e, f uintptr) uintptr {
	var m reply
	m.fill(ID(a), SEL(b), c, d, e, f)
	m.fn = fn
	cgocall(askABI0, unsafe.Pointer(&m))
	return m.result
}

// object sends a message whose result is an object and makes it the caller's: it
// is retained in a pool that ends with the crossing.
func object(self ID, sel *Selector, n int, a, b, c, d, e, f uintptr) ID {
	if self == 0 {
		return 0
	}
	flags := uint32(abi.FlagRetain)
	if sel.returnsOwned() {
		flags = 0
	}
	if n > plainArgs {
		words := [6]uint64{uint64(a), uint64(b), uint64(c), uint64(d), uint64(e), uint64(f)}
		var block [abi.BlockWords + abi.GeneralWords + 4]uint64
		var ret [1]uint64
		sendLayout(block[:], wordSignature(n).shape(), self, sel.SEL(), words[:n], ret[:], abi.BlockPool, flags, nil)
		return ID(ret[0])
	}
	var block [abi.BlockWords + plainWords]uint64
	block[abi.BlockFlags/8] = abi.BlockPool
	rec := block[abi.BlockWords:]
	rec[abi.RecHead/8] = abi.Header(plainWords*8, flags|lookupFlag)
	rec[abi.RecFn/8] = uint64(msgSend)
	ints := rec[abi.RecInts/8:]
	ints[0], ints[1] = uint64(self), uint64(sel.SEL())
	ints[2], ints[3], ints[4], ints[5] = uint64(a), uint64(b), uint64(c), uint64(d)
	if len(ints) > 6 {
		ints[6], ints[7] = uint64(e), uint64(f)
	}
	cgocall(oneABI0, unsafe.Pointer(&block))
	return ID(rec[abi.RecInt/8])
}

// plainArgs is how many argument words a plain record takes.
const plainArgs = plainWords - abi.RecInts/8 - 2

var sig3x3 = Signature{Encoding: "v@:{?=QQQ}{?=QQQ}"}

// sendLayout sends a message in the general form from a block in memory the
// caller lends, and collects the result in ret.
func sendLayout(block []uint64, s *shape, self ID, sel SEL, words, ret []uint64, pool uint64, flags uint32, outs []uint64) {
	runRecord(block, s, s.fn(), uint64(self), uint64(sel), words, ret, pool, flags|lookupFlag, outs)
}

// runRecord calls fn with the words of a message or function.
func runRecord(block []uint64, s *shape, fn uintptr, self, sel uint64, words, ret []uint64, pool uint64, flags uint32, outs []uint64) {
	n := s.layout.RecordWords(s.Result.Size, len(outs))
	rec := block[abi.BlockWords : abi.BlockWords+n]
	s.layout.Encode(rec, uint64(fn), self, sel, words, s.Result.Size, flags, outs)
	block[abi.BlockFlags/8] = pool
	cgocall(oneABI0, noescape(unsafe.Pointer(unsafe.SliceData(block))))
	if ret != nil {
		s.layout.Collect(rec, ret)
	}
}

// frameBlock is room for a block of one record of any frame: registers, 26
// words of stack, copies of eight structs, result, out parameters, patches.
// smallBlock is enough for most, and sooner zeroed.
const (
	frameBlock = abi.BlockWords + abi.GeneralWords + 28 + 34 + MaxResultWords + MaxWords + 20
	smallBlock = abi.BlockWords + abi.GeneralWords + 24
)

// sendFrame sends the words of a frame; the result's words go to ret.
func sendFrame(self ID, sel *Selector, sig *Signature, f *Frame, ret []uint64, object bool) {
	s := sig.shape()
	if f.n != s.Signature.Words {
		wrongWords(sel, sig, f.n)
	}
	if self == 0 {
		clear(ret)
		return
	}
	pool, flags := uint64(0), uint32(0)
	if object {
		pool = abi.BlockPool
		if !sel.returnsOwned() {
			flags = abi.FlagRetain
		}
	}
	if f.outs == 0 && s.layout.RecordWords(s.Result.Size, 0) <= smallBlock-abi.BlockWords {
		var block [smallBlock]uint64
		sendLayout(block[:], s, self, sel.SEL(), f.args(), ret, pool, flags, nil)
		return
	}
	if f.outs != 0 {
		pool = abi.BlockPool
	}
	sendLarge(s, self, sel.SEL(), f, ret, pool, flags)
}

func sendLarge(s *shape, self ID, sel SEL, f *Frame, ret []uint64, pool uint64, flags uint32) {
	var cells [MaxWords]uint64
	var block [frameBlock]uint64
	sendLayout(block[:], s, self, sel, f.args(), ret, pool, flags, f.outCells(&cells))
}

// outCells lists the addresses of a frame's out parameters.
func (f *Frame) outCells(cells *[MaxWords]uint64) []uint64 {
	if f.outs == 0 {
		return nil
	}
	n := 0
	for i := range f.n {
		if f.outs&(1<<i) != 0 {
			cells[n] = f.words[i]
			n++
		}
	}
	return cells[:n]
}

// ObjectErr sends a message whose last argument is an NSError **, after the
// given words, and returns the object result and the error. Both are the
// caller's; the error is 0 when the method stored none.
func ObjectErr(self ID, sel *Selector, words ...uintptr) (result, err ID) {
	r, err := sendErr(self, sel, true, words)
	return ID(r), err
}

// BoolErr is [ObjectErr] for a method with a BOOL result.
func BoolErr(self ID, sel *Selector, words ...uintptr) (ok bool, err ID) {
	r, err := sendErr(self, sel, false, words)
	return byte(r) != 0, err
}

func sendErr(self ID, sel *Selector, object bool, words []uintptr) (uint64, ID) {
	var f Frame
	out := new(ID)
	for _, w := range words {
		f.AddWord(w)
	}
	f.AddOut(out)
	var ret [1]uint64
	sendFrame(self, sel, wordSignature(f.n), &f, ret[:], object)
	return ret[0], *out
}

// wordSignatures are those of messages of words with a word result.
var wordSignatures = [...]Signature{
	{Encoding: "Q@:"}, {Encoding: "Q@:Q"}, {Encoding: "Q@:QQ"}, {Encoding: "Q@:QQQ"},
	{Encoding: "Q@:QQQQ"}, {Encoding: "Q@:QQQQQ"}, {Encoding: "Q@:QQQQQQ"}, {Encoding: "Q@:QQQQQQQ"},
	{Encoding: "Q@:QQQQQQQQ"}, {Encoding: "Q@:QQQQQQQQQ"}, {Encoding: "Q@:QQQQQQQQQQ"},
}

func wordSignature(n int) *Signature {
	if n >= len(wordSignatures) {
		panic(fmt.Sprintf("msgsend: %d argument words are too many for a word sender: use a Frame", n))
	}
	return &wordSignatures[n]
}

// CheckEncodings is for tests of the embedded side. Here it does nothing.
func CheckEncodings(func(error)) (stop func()) { return func() {} }
