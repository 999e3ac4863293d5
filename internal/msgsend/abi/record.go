package abi

// A record is one call in the form the assembly runs: registers, stack image
// and what happens around the call, in 64-bit words of one flat block. The
// block begins with BlockWords words of its own; records follow each other.
//
// Byte offsets in a block:
//
//	 0  flags: BlockOnStack, BlockPool
//	 8  end of the records
//	16  how many records were completed
//	24  unused
//
// Byte offsets in a record, 32-bit halves where two are named:
//
//	  0  size of the record in bytes | flags
//	  8  bytes of C stack: arguments, copies, result | bytes of stack image
//	 16  the function; 0: look it up by receiver and selector
//	 24  integer results 0, 1
//	 40  vector results 0 … 3
//	 72  integer registers 0 … 7
//	136  address of an indirect result on arm64
//	144  number of patches | their offset
//	152  offset of the stack image | offset of the result on the C stack
//	160  bytes of an indirect result | its offset in the record
//	168  number of out parameters | offset of the list of their addresses
//	176  vector registers 0 … 7 when FlagFloats is set, then the stack image, the
//	     indirect result, the out parameters, the patches
//
// A patch is two words: operation | byte offset in the record of the word it
// sets, then a source: for PatchWord and PatchObject the byte offset in the block of the
// word to copy, for PatchStack an offset from the stack pointer whose address
// is stored.
const (
	BlockWords = 4

	BlockFlags = 0
	BlockEnd   = 8
	BlockCount = 16

	RecSize    = 0
	RecStack   = 8
	RecFn      = 16
	RecInt     = 24
	RecFloat   = 40
	RecInts    = 72
	RecX8      = 136
	RecPatches = 144
	RecImage   = 152
	RecResult  = 160
	RecOuts    = 168
	RecFixed   = 176
)

// Flags of a block.
const (
	BlockOnStack = 1 << 0 // the block is on a goroutine's stack, which may move
	BlockPool    = 1 << 1 // run in an autorelease pool
)

// Flags of a record.
const (
	FlagFloats   = 1 << 0 // vector registers are loaded
	FlagRetain   = 1 << 1 // integer result 0 is an object to retain
	FlagStopNil  = 1 << 2 // a nil receiver stops the block
	FlagSelf1    = 1 << 3 // the receiver is in integer register 1, not 0
	FlagPatched  = 1 << 4 // there are patches
	FlagResult   = 1 << 5 // there is an indirect result
	FlagOuts     = 1 << 6 // there are out parameters to retain
	FlagImage    = 1 << 7 // there is a stack image
	FlagFunction = 1 << 8 // no message: there is no receiver
)

// Operations of a patch.
const (
	PatchWord   = 0 // copy a word
	PatchObject = 1 // copy a word; nil stops the block
	PatchStack  = 2 // store an address on the C stack
)

func (l *Layout) refs() int {
	n := 0
	for _, m := range l.Moves {
		if m.Where == IntRef || m.Where == StackRef {
			n++
		}
	}
	return n
}

// resultBytes is the room for an indirect result.
func (l *Layout) resultBytes(resultSize int) int {
	if !l.Indirect {
		return 0
	}
	return alignUp(resultSize, 8)
}

// RecordWords is how many words a record of the layout takes, with outs out
// parameters and no patches but its own.
func (l *Layout) RecordWords(resultSize, outs int) int {
	n := RecFixed + l.Stack + l.Refs + l.resultBytes(resultSize) + outs*8 + l.refs()*16
	if l.Floats > 0 {
		n += floatRegs * 8
	}
	if l.Indirect {
		n += 16
	}
	return n / 8
}

// Encode writes a call into rec, which has RecordWords words, all zero. For a
// method self and sel are the receiver and the selector. The words are the
// arguments in neutral form, outs the addresses of object out parameters.
func (l *Layout) Encode(rec []uint64, fn, self, sel uint64, words []uint64, resultSize int, flags uint32, outs []uint64) {
	at := RecFixed
	if l.Floats > 0 {
		flags |= FlagFloats
		at += floatRegs * 8
	}
	image := at
	imageSize := l.Stack + l.Refs
	if imageSize > 0 {
		flags |= FlagImage
	}
	at += imageSize
	result, resultAt := l.resultBytes(resultSize), at
	at += result
	outsAt := at
	for i, p := range outs {
		rec[at/8+i] = p
	}
	at += len(outs) * 8
	if len(outs) > 0 {
		flags |= FlagOuts
	}
	patchesAt, patches := at, 0
	patch := func(dst, src int) {
		rec[at/8] = half(PatchStack, dst)
		rec[at/8+1] = uint64(src)
		at += 16
		patches++
	}

	cstack := alignUp(imageSize+result, 16)
	if l.Indirect {
		flags |= FlagResult
		if l.Target == SysVAMD64 {
			flags |= FlagSelf1
			patch(RecInts, imageSize)
		} else {
			patch(RecX8, imageSize)
		}
	}
	if flags&FlagFunction == 0 {
		rec[RecInts/8+l.Self] = self
		rec[RecInts/8+l.Self+1] = sel
	}
	for _, m := range l.Moves {
		switch m.Where {
		case IntReg:
			put(rec, RecInts+m.At*8, words, m.From, m.Size)
		case FloatReg:
			put(rec, RecFixed+m.At*8, words, m.From, m.Size)
		case Stack:
			put(rec, image+m.At, words, m.From, m.Size)
		case IntRef:
			put(rec, image+l.Stack+m.Copy, words, m.From, m.Size)
			patch(RecInts+m.At*8, l.Stack+m.Copy)
		case StackRef:
			put(rec, image+l.Stack+m.Copy, words, m.From, m.Size)
			patch(image+m.At, l.Stack+m.Copy)
		}
	}
	if patches > 0 {
		flags |= FlagPatched
	}
	rec[RecSize/8] = half(at, int(flags))
	rec[RecStack/8] = half(cstack, imageSize)
	rec[RecFn/8] = fn
	rec[RecPatches/8] = half(patches, patchesAt)
	rec[RecImage/8] = half(image, imageSize)
	rec[RecResult/8] = half(result, resultAt)
	rec[RecOuts/8] = half(len(outs), outsAt)
}

// Place returns where in a record the argument word of an index is: a byte
// offset and how many of its bytes are there, 0 for a word no argument has. The
// other bytes of a word of two floats may be elsewhere: see SetWord.
func (l *Layout) Place(word int) (at, size int) {
	for _, m := range l.Moves {
		if word*8 >= m.From && word*8 < m.From+m.Size {
			in := word*8 - m.From
			return l.place(m) + in, min(8, m.Size-in)
		}
	}
	return 0, 0
}

// place returns the byte offset in a record of what a move moves.
func (l *Layout) place(m Move) int {
	image := RecFixed
	if l.Floats > 0 {
		image += floatRegs * 8
	}
	switch m.Where {
	case IntReg:
		return RecInts + m.At*8
	case FloatReg:
		return RecFixed + m.At*8
	case Stack:
		return image + m.At
	}
	return image + l.Stack + m.Copy
}

// SetWord changes the argument word of an index in a record, in every place
// its bytes are passed in. It reports whether there is such a word.
func (l *Layout) SetWord(rec []uint64, word int, w uint64) bool {
	found := false
	for _, m := range l.Moves {
		from, to := max(m.From, word*8), min(m.From+m.Size, word*8+8)
		if from < to {
			put(rec, l.place(m)+from-m.From, []uint64{w}, from-word*8, to-from)
			found = true
		}
	}
	return found
}

// Collect assembles the result of a record that has run into the words of its
// memory image; an integer is extended to its word.
func (l *Layout) Collect(rec, ret []uint64) {
	clear(ret)
	if l.Indirect {
		at := int(rec[RecResult/8] >> 32)
		n := int(uint32(rec[RecResult/8])) / 8
		copy(ret, rec[at/8:at/8+n])
		return
	}
	for _, p := range l.Result {
		from := RecInt + p.At*8
		if p.Where == FloatReg {
			from = RecFloat + p.At*8
		}
		if p.To/8 < len(ret) {
			put(ret, p.To, rec, from, p.Size)
		}
		if p.Signed {
			unused := 64 - 8*p.Size
			ret[0] = uint64(int64(ret[0]<<unused) >> unused)
		}
	}
}

// half packs two 32-bit values into a word.
func half(lo, hi int) uint64 { return uint64(uint32(lo)) | uint64(hi)<<32 }

// put copies size bytes between byte positions of two lists of little-endian
// words. Both targets are little-endian.
func put(dst []uint64, at int, src []uint64, from, size int) {
	if at%8 == 0 && from%8 == 0 {
		for ; size >= 8; size -= 8 {
			dst[at/8] = src[from/8]
			at += 8
			from += 8
		}
	}
	for i := range size {
		b := byte(src[(from+i)/8] >> ((from + i) % 8 * 8))
		w := &dst[(at+i)/8]
		shift := (at + i) % 8 * 8
		*w = *w&^(0xff<<shift) | uint64(b)<<shift
	}
}
