package msgsend

// WordIMP is [Frame.Word] that calls an implementation instead of looking the
// method up.
func (f *Frame) WordIMP(imp IMP, self ID, sel *Selector, sig *Signature) uintptr {
	var ret [1]uint64
	sendIMP(imp, self, sel, sig, f, ret[:], false)
	return uintptr(ret[0])
}

// ObjectIMP is [Frame.Object] that calls an implementation instead of looking
// the method up.
func (f *Frame) ObjectIMP(imp IMP, self ID, sel *Selector, sig *Signature) ID {
	var ret [1]uint64
	sendIMP(imp, self, sel, sig, f, ret[:], true)
	return ID(ret[0])
}
