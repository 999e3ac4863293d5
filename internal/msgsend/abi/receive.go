package abi

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Registers is what a C function of ours finds when it is called, and what it
// returns with. The assembly lays it out on the C stack.
type Registers struct {
	Ints   [8]uint64
	Floats [8]uint64
	X8     uint64         // arm64: where an indirect result goes
	Stack  unsafe.Pointer // the first stack argument
	Class  uintptr        // the class of a method's receiver
	Entry  uint64         // which of the assembly's entries was called

	ResultInts   [2]uint64
	ResultFloats [4]uint64
}

// Receiver is how a callee finds its arguments and leaves its result: a
// [Layout] seen from the other side.
type Receiver struct {
	layout *Layout
	words  int
	direct bool // the words are integer registers as they are
	first  int  // the register of the first word when direct
	extend []extension
	result int // bytes of an indirect result
}

// extension makes a scalar narrower than a word whole: callers leave the upper
// bits undefined.
type extension struct {
	word   int
	size   int
	signed bool
	truth  bool // any value but 0 is 1
}

// Receive computes how a function of the signature the layout was made of
// receives a call.
func (l *Layout) Receive(sig *objctype.Signature) *Receiver {
	r := &Receiver{layout: l, words: sig.Words, direct: true, result: sig.Result.Size}
	if sig.Method {
		r.first = l.Self + 2
	} else if l.Indirect && l.Target == SysVAMD64 {
		r.first = 1
	}
	for i, m := range l.Moves {
		if m.Where != IntReg || m.At != r.first+i || m.From != i*8 || m.Size != 8 {
			r.direct = false
		}
	}
	for i := range sig.Args {
		if t := &sig.Args[i]; !t.IsAggregate() && t.Size < objctype.WordSize {
			r.extend = append(r.extend, extension{sig.Offsets[i], t.Size, t.Signed(), t.Kind == objctype.Bool})
			r.direct = false
		}
	}
	if len(l.Moves) == 0 {
		r.direct = true
	}
	return r
}

// Direct reports whether the argument words are registers as they are.
func (r *Receiver) Direct() bool { return r.direct }

// Words is how many argument words there are.
func (r *Receiver) Words() int { return r.words }

// Self returns the receiver and the selector of a method's call.
func (r *Receiver) Self(regs *Registers) (self, sel uint64) {
	s := r.layout.Self
	return regs.Ints[s], regs.Ints[s+1]
}

// Args returns the argument words of a call: registers as they are, or buf
// filled, which has room for them.
func (r *Receiver) Args(regs *Registers, buf []uint64) []uint64 {
	if r.direct {
		return regs.Ints[r.first : r.first+r.words]
	}
	words := buf[:r.words]
	clear(words)
	base := unsafe.Pointer(unsafe.SliceData(words))
	for i := range r.layout.Moves {
		m := &r.layout.Moves[i]
		var src unsafe.Pointer
		switch m.Where {
		case IntReg:
			src = unsafe.Pointer(&regs.Ints[m.At])
		case FloatReg:
			src = unsafe.Pointer(&regs.Floats[m.At])
		case Stack:
			src = unsafe.Add(regs.Stack, m.At)
		case IntRef:
			src = *(*unsafe.Pointer)(unsafe.Pointer(&regs.Ints[m.At]))
		case StackRef:
			src = *(*unsafe.Pointer)(unsafe.Add(regs.Stack, m.At))
		}
		copyBytes(unsafe.Add(base, m.From), src, m.Size)
	}
	for _, e := range r.extend {
		words[e.word] = e.whole(words[e.word])
	}
	return words
}

func (e *extension) whole(w uint64) uint64 {
	shift := 64 - e.size*8
	if e.signed {
		return uint64(int64(w<<shift) >> shift)
	}
	w = w << shift >> shift
	if e.truth && w != 0 {
		return 1
	}
	return w
}

// Return leaves the words of a result's memory image where the caller looks for
// them.
func (r *Receiver) Return(regs *Registers, ret []uint64) {
	l := r.layout
	if l.Indirect {
		at := regs.X8
		if l.Target == SysVAMD64 {
			at = regs.Ints[0]
			regs.ResultInts[0] = at
		}
		if len(ret) > 0 {
			copyBytes(*(*unsafe.Pointer)(unsafe.Pointer(&at)), unsafe.Pointer(unsafe.SliceData(ret)), r.result)
		}
		return
	}
	for i := range l.Result {
		p := &l.Result[i]
		to := unsafe.Pointer(&regs.ResultInts)
		if p.Where == FloatReg {
			to = unsafe.Pointer(&regs.ResultFloats)
		}
		size := p.Size
		if p.Where == IntReg && p.To%8 == 0 && p.Size < 8 && len(l.Result) == 1 {
			size = 8 // a narrow integer goes extended
		}
		copyBytes(unsafe.Add(to, p.At*8), unsafe.Add(unsafe.Pointer(unsafe.SliceData(ret)), p.To), size)
	}
}

// copyBytes copies between memory of which either side may be C's.
func copyBytes(dst, src unsafe.Pointer, n int) {
	if n == 8 {
		*(*uint64)(dst) = *(*uint64)(src)
		return
	}
	copy(unsafe.Slice((*byte)(dst), n), unsafe.Slice((*byte)(src), n))
}
