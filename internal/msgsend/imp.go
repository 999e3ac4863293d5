package msgsend

import (
	"fmt"
	"math"
	"unsafe"
)

// The methods of a frame that call an implementation instead of looking the
// method up. The class of the receiver must be the one the implementation was
// asked of, or a subclass.

// SendIMP is [Frame.Send] that calls an implementation.
func (f *Frame) SendIMP(imp IMP, self ID, sel *Selector, sig *Signature) {
	f.WordIMP(imp, self, sel, sig)
}

// WordIMP is [Frame.Word] that calls an implementation.
func (f *Frame) WordIMP(imp IMP, self ID, sel *Selector, sig *Signature) uintptr {
	var ret [MaxResultWords]uint64
	sendIMP(imp, self, sel, sig, f, ret[:], false)
	return uintptr(ret[0])
}

// BoolIMP is [Frame.Bool] that calls an implementation.
func (f *Frame) BoolIMP(imp IMP, self ID, sel *Selector, sig *Signature) bool {
	return byte(f.WordIMP(imp, self, sel, sig)) != 0
}

// ObjectIMP is [Frame.Object] that calls an implementation.
func (f *Frame) ObjectIMP(imp IMP, self ID, sel *Selector, sig *Signature) ID {
	var ret [1]uint64
	sendIMP(imp, self, sel, sig, f, ret[:], true)
	return ID(ret[0])
}

// Float32IMP is [Frame.Float32] that calls an implementation.
func (f *Frame) Float32IMP(imp IMP, self ID, sel *Selector, sig *Signature) float32 {
	return math.Float32frombits(uint32(f.WordIMP(imp, self, sel, sig)))
}

// Float64IMP is [Frame.Float64] that calls an implementation.
func (f *Frame) Float64IMP(imp IMP, self ID, sel *Selector, sig *Signature) float64 {
	return math.Float64frombits(uint64(f.WordIMP(imp, self, sel, sig)))
}

// StructIMP is [Frame.Struct] that calls an implementation.
func (f *Frame) StructIMP(imp IMP, self ID, sel *Selector, sig *Signature, p unsafe.Pointer, size uintptr) {
	if want := sig.shape().Result.Size; int(size) != want {
		panic(fmt.Sprintf("msgsend: %s: a result of %d bytes, encoding %q has %d", sel.Name, size, sig.Encoding, want))
	}
	var ret [MaxResultWords]uint64
	sendIMP(imp, self, sel, sig, f, ret[:], false)
	copy(unsafe.Slice((*byte)(p), size), unsafe.Slice((*byte)(unsafe.Pointer(&ret)), size))
}
