package msgsend

import (
	"fmt"
	"math"
	"unsafe"
)

// MaxWords is how many argument words a [Frame] holds.
const MaxWords = 24

// MaxResultWords is how many words a struct result may have.
const MaxResultWords = 16

// Frame is the general form of a message: any arguments, any result. Its zero
// value is an empty frame; declare it as a local variable, add the arguments in
// order and send it. It stays on the stack.
//
//	var f msgsend.Frame
//	f.AddStruct(unsafe.Pointer(&grid), unsafe.Sizeof(grid))
//	f.AddStruct(unsafe.Pointer(&group), unsafe.Sizeof(group))
//	f.Send(encoder, &selDispatchThreads, &sigSizes)
//
// A frame keeps its arguments after a send and can be sent again.
type Frame struct {
	n     int
	outs  uint32 // bit i: word i is the address of an object out parameter
	words [MaxWords]uint64
}

func (f *Frame) add(w uint64) {
	if f.n >= MaxWords {
		panic(fmt.Sprintf("msgsend: a frame holds %d argument words", MaxWords))
	}
	f.words[f.n] = w
	f.n++
}

// AddWord adds an integer, pointer, object, class, selector or block.
func (f *Frame) AddWord(w uintptr) { f.add(uint64(w)) }

// AddBool adds a BOOL.
func (f *Frame) AddBool(b bool) {
	if b {
		f.add(1)
	} else {
		f.add(0)
	}
}

// AddFloat32 adds a float.
func (f *Frame) AddFloat32(v float32) { f.add(uint64(math.Float32bits(v))) }

// AddFloat64 adds a double.
func (f *Frame) AddFloat64(v float64) { f.add(math.Float64bits(v)) }

// AddStruct adds a struct by value: its size bytes at p, read now.
func (f *Frame) AddStruct(p unsafe.Pointer, size uintptr) {
	n := int(size+7) / 8
	if f.n+n > MaxWords {
		panic(fmt.Sprintf("msgsend: a frame holds %d argument words", MaxWords))
	}
	if n > 0 {
		f.words[f.n+n-1] = 0
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&f.words[f.n])), size), unsafe.Slice((*byte)(p), size))
		f.n += n
	}
}

// AddOut adds the address of an object out parameter, such as NSError **. *p is
// nil before the send; an object the method stores is the caller's. The
// variable is moved to the heap. A nil p passes no address.
func (f *Frame) AddOut(p *ID) {
	if p == nil {
		f.add(0)
		return
	}
	*p = 0
	f.add(uint64(Addr(unsafe.Pointer(p))))
	f.outs |= 1 << (f.n - 1)
}

// Len returns how many words have been added.
func (f *Frame) Len() int { return f.n }

// Reset empties the frame.
func (f *Frame) Reset() { f.n, f.outs = 0, 0 }

func (f *Frame) args() []uint64 { return f.words[:f.n] }

// Send sends the message and ignores the result, which must not be an object.
func (f *Frame) Send(self ID, sel *Selector, sig *Signature) {
	var ret [1]uint64
	sendFrame(self, sel, sig, f, ret[:], false)
}

// Word sends the message and returns its integer or address result.
func (f *Frame) Word(self ID, sel *Selector, sig *Signature) uintptr {
	var ret [1]uint64
	sendFrame(self, sel, sig, f, ret[:], false)
	return uintptr(ret[0])
}

// Bool sends the message and returns its BOOL result.
func (f *Frame) Bool(self ID, sel *Selector, sig *Signature) bool {
	var ret [1]uint64
	sendFrame(self, sel, sig, f, ret[:], false)
	return byte(ret[0]) != 0
}

// Object sends the message and returns its object result, which is the caller's.
func (f *Frame) Object(self ID, sel *Selector, sig *Signature) ID {
	var ret [1]uint64
	sendFrame(self, sel, sig, f, ret[:], true)
	return ID(ret[0])
}

// Float32 sends the message and returns its float result.
func (f *Frame) Float32(self ID, sel *Selector, sig *Signature) float32 {
	var ret [1]uint64
	sendFrame(self, sel, sig, f, ret[:], false)
	return math.Float32frombits(uint32(ret[0]))
}

// Float64 sends the message and returns its double result.
func (f *Frame) Float64(self ID, sel *Selector, sig *Signature) float64 {
	var ret [1]uint64
	sendFrame(self, sel, sig, f, ret[:], false)
	return math.Float64frombits(ret[0])
}

// Struct sends the message and stores its struct result of size bytes at p. A
// message to nil zeroes it. size must be that of the encoding's result.
func (f *Frame) Struct(self ID, sel *Selector, sig *Signature, p unsafe.Pointer, size uintptr) {
	if want := sig.shape().Result.Size; int(size) != want || want > MaxResultWords*8 {
		panic(fmt.Sprintf("msgsend: %s: a result of %d bytes, encoding %q has %d (at most %d)", sel.Name, size, sig.Encoding, want, MaxResultWords*8))
	}
	var ret [MaxResultWords]uint64
	sendFrame(self, sel, sig, f, ret[:], false)
	copy(unsafe.Slice((*byte)(p), size), unsafe.Slice((*byte)(unsafe.Pointer(&ret)), size))
}
