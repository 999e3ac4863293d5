package abi

import "fmt"

// A record is one call in the form the assembly runs: registers, stack image
// and what happens around the call, in 64-bit words of one flat block. The
// block begins with BlockWords words of its own; records follow each other.
//
// Byte offsets in a block:
//
//	 0  flags: BlockPool
//	 8  end of the records
//	16  where the block stopped: the offset of a record, or the end
//	24  unused
//
// A plain record is a call that takes and returns words in registers. Byte
// offsets in it:
//
//	 0  flags (16 bits) | size of the record (16) | place in the block of the
//	    word that is the receiver, with FlagSource (32)
//	 8  the function
//	16  the class it was looked up for, with FlagLookup
//	24  integer result 0
//	32  integer registers: 6 on amd64, 8 on arm64
//
// Any other record is a general one. It goes on, from PlainBytes, 32-bit halves
// where two are named:
//
//	 0  bytes of C stack: arguments, copies, result | bytes of stack image
//	 8  number of patches | their offset in the record
//	16  offset of the stack image | bytes of an indirect result
//	24  offset of the result's image | number of out parameters
//	32  offset of the list of their addresses
//	40  integer result 1
//	48  vector results 0 … 3
//	80  address of an indirect result on arm64
//	88  vector registers 0 … 7 when FlagFloats is set, then the stack image, the
//	    result's image, the out parameters, the patches
//
// A patch is two words: operation | byte offset in the record of the word it
// sets, then a source: for PatchWord and PatchObject the byte offset in the block of the
// word to copy, for PatchStack an offset from the stack pointer whose address
// is stored.
const (
	BlockWords = 4

	BlockFlags = 0
	BlockEnd   = 8
	BlockStop  = 16

	RecHead  = 0
	RecFn    = 8
	RecClass = 16
	RecInt   = 24
	RecInts  = 32

	// From the end of the plain part.
	genStack   = 0
	genPatches = 8
	genImage   = 16
	genResult  = 24
	genOuts    = 32
	genInt1    = 40
	genFloat   = 48
	genX8      = 80
	genFixed   = 88

	// The words of a plain record: six and eight integer registers.
	PlainWordsAMD64 = RecInts/8 + 6
	PlainWordsARM64 = RecInts/8 + 8

	// GeneralWords is at least what a general record has beside stack image,
	// result, out parameters and patches.
	GeneralWords = PlainWordsARM64 + genFixed/8 + floatRegs
)

// Flags of a block.
const BlockPool = 1 << 0 // run in an autorelease pool

// Flags of a record. A plain record without any is the fastest.
const (
	// FlagLookup: the runtime is asked for the method by receiver and selector,
	// and the receiver's class is stored. With FlagCached too, the function is
	// right for receivers of the stored class, which stays.
	FlagLookup = 1 << 0
	FlagCached = 1 << 1
	// FlagSource: the receiver is a word of the block, the result of another
	// record.
	FlagSource      = 1 << 2
	FlagSelf1       = 1 << 3  // the receiver is in integer register 1, not 0
	FlagRetain      = 1 << 4  // integer result 0 is an object to retain
	FlagAutorelease = 1 << 5  // integer result 0 is an object for the pool to release
	FlagNil         = 1 << 6  // the receiver may be nil
	FlagGeneral     = 1 << 7  // the record is not plain
	FlagFloats      = 1 << 8  // vector registers are loaded
	FlagPatched     = 1 << 9  // there are patches
	FlagResult      = 1 << 10 // there is an indirect result
	FlagOuts        = 1 << 11 // there are out parameters to retain
	FlagImage       = 1 << 12 // there is a stack image
)

// Operations of a patch.
const (
	PatchWord   = 0 // copy a word
	PatchObject = 1 // copy a word; nil stops the block
	PatchStack  = 2 // store an address on the C stack
)

// maxRecord is what a record's header can tell.
const maxRecord = 1<<16 - 8

// PlainBytes is the size of a plain record.
func (t Target) PlainBytes() int { return RecInts + t.intRegs()*8 }

// MaxPlainArgs is how many argument words of a method a plain record takes.
func (t Target) MaxPlainArgs() int { return t.intRegs() - 2 }

// Header makes the first word of a record.
func Header(size int, flags uint32) uint64 { return uint64(flags) | uint64(size)<<16 }

// Plain reports whether a call takes and returns words in integer registers
// only.
func (l *Layout) Plain() bool {
	if l.Stack > 0 || l.Refs > 0 || l.Floats > 0 || l.Indirect {
		return false
	}
	return len(l.Result) == 0 || len(l.Result) == 1 && l.Result[0].Where == IntReg
}

func (l *Layout) refs() int {
	n := 0
	for _, m := range l.Moves {
		if m.Where == IntRef || m.Where == StackRef {
			n++
		}
	}
	return n
}

// fixed is the size of a record without stack image, result, out parameters and
// patches.
func (l *Layout) fixed() int {
	n := l.Target.PlainBytes() + genFixed
	if l.Floats > 0 {
		n += floatRegs * 8
	}
	return n
}

// floats is where in a record the vector registers are.
func (l *Layout) floats() int { return l.Target.PlainBytes() + genFixed }

// RecordWords is how many words a record of the layout takes, with outs out
// parameters and no patches but its own.
func (l *Layout) RecordWords(resultSize, outs int) int {
	if outs == 0 && l.template != nil {
		return len(l.template.record)
	}
	if outs == 0 && l.Plain() {
		return l.Target.PlainBytes() / 8
	}
	n := l.fixed() + l.Stack + l.Refs + alignUp(resultSize, 8) + outs*8 + l.refs()*16
	if l.Indirect {
		n += 16
	}
	return n / 8
}

// Encode writes a call into rec, which has RecordWords words. For a method self
// and sel are the receiver and the selector. The words are the arguments in
// neutral form, outs the addresses of object out parameters.
func (l *Layout) Encode(rec []uint64, fn, self, sel uint64, words []uint64, resultSize int, flags uint32, outs []uint64) {
	if l.template != nil && len(outs) == 0 {
		l.template.fill(rec, words, flags)
	} else {
		clear(rec)
		l.encode(rec, words, resultSize, flags, outs)
	}
	rec[RecFn/8] = fn
	if l.Method {
		rec[RecInts/8+l.Self] = self
		rec[RecInts/8+l.Self+1] = sel
	}
}

func (l *Layout) encode(rec, words []uint64, resultSize int, flags uint32, outs []uint64) {
	if len(outs) == 0 && l.Plain() {
		for _, m := range l.Moves {
			put(rec, RecInts+m.At*8, words, m.From, m.Size)
		}
		rec[RecHead/8] = Header(l.Target.PlainBytes(), flags)
		return
	}
	e := encoder{l, rec, l.Target.PlainBytes(), flags | FlagGeneral, l.fixed(), 0}
	e.general(words, resultSize, outs)
}

type encoder struct {
	*Layout
	rec     []uint64
	gen     int // offset of what only general records have
	flags   uint32
	at      int // offset of what comes next
	patches int
}

func (e *encoder) general(words []uint64, resultSize int, outs []uint64) {
	image := e.at
	imageSize := e.Stack + e.Refs
	result := image + imageSize
	resultRoom := alignUp(resultSize, 8)
	outsAt := result + resultRoom
	copy(e.rec[outsAt/8:], outs)
	patchesAt := outsAt + len(outs)*8
	e.at = patchesAt

	cstack := imageSize
	if e.Floats > 0 {
		e.flags |= FlagFloats
	}
	if imageSize > 0 {
		e.flags |= FlagImage
	}
	if len(outs) > 0 {
		e.flags |= FlagOuts
	}
	if e.Indirect {
		e.flags |= FlagResult
		cstack = alignUp(imageSize+resultRoom, 16)
		if e.Target == SysVAMD64 {
			e.flags |= FlagSelf1
			e.patch(RecInts, imageSize)
		} else {
			e.patch(e.gen+genX8, imageSize)
		}
	}
	for _, m := range e.Moves {
		switch m.Where {
		case IntReg:
			put(e.rec, RecInts+m.At*8, words, m.From, m.Size)
		case FloatReg:
			put(e.rec, e.floats()+m.At*8, words, m.From, m.Size)
		case Stack:
			put(e.rec, image+m.At, words, m.From, m.Size)
		case IntRef:
			put(e.rec, image+e.Stack+m.Copy, words, m.From, m.Size)
			e.patch(RecInts+m.At*8, e.Stack+m.Copy)
		case StackRef:
			put(e.rec, image+e.Stack+m.Copy, words, m.From, m.Size)
			e.patch(image+m.At, e.Stack+m.Copy)
		}
	}
	if e.patches > 0 {
		e.flags |= FlagPatched
	}
	if e.at > maxRecord {
		panic(fmt.Sprintf("abi: a record of %d bytes, at most %d are possible", e.at, maxRecord))
	}
	e.rec[RecHead/8] = Header(e.at, e.flags)
	g := e.rec[e.gen/8:]
	g[genStack/8] = half(cstack, imageSize)
	g[genPatches/8] = half(e.patches, patchesAt)
	g[genImage/8] = half(image, resultRoom)
	g[genResult/8] = half(result, len(outs))
	g[genOuts/8] = half(outsAt, 0)
}

// patch adds a patch that stores an address on the C stack.
func (e *encoder) patch(dst, src int) {
	e.rec[e.at/8] = half(PatchStack, dst)
	e.rec[e.at/8+1] = uint64(src)
	e.at += 16
	e.patches++
}

// Size returns the bytes of a record.
func Size(rec []uint64) int { return int(rec[RecHead/8] >> 16 & 0xffff) }

// IsGeneral reports whether a record is not plain.
func IsGeneral(rec []uint64) bool { return rec[RecHead/8]&FlagGeneral != 0 }

// AppendPatch appends a patch to a block, whose last record begins at the word
// of an index: the word at byte dst of the record is copied from byte src of
// the block, and with object set a nil stops the block. A plain record becomes a
// general one.
func (t Target) AppendPatch(block []uint64, at, dst, src int, object bool) []uint64 {
	gen := t.PlainBytes()
	if !IsGeneral(block[at:]) {
		for range genFixed / 8 {
			block = append(block, 0)
		}
		block[at+RecHead/8] += genFixed << 16
		block[at+RecHead/8] |= FlagGeneral
		block[at+(gen+genPatches)/8] = half(0, gen+genFixed)
	}
	op := PatchWord
	if object {
		op = PatchObject
	}
	block = append(block, half(op, dst), uint64(src))
	if Size(block[at:])+16 > maxRecord {
		panic(fmt.Sprintf("abi: a record of more than %d bytes", maxRecord))
	}
	block[at+RecHead/8] += 16 << 16
	block[at+RecHead/8] |= FlagPatched
	block[at+(gen+genPatches)/8]++
	return block
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
	switch m.Where {
	case IntReg:
		return RecInts + m.At*8
	case FloatReg:
		return l.floats() + m.At*8
	case Stack:
		return l.fixed() + m.At
	}
	return l.fixed() + l.Stack + m.Copy
}

// SetWord changes the argument word of an index in a record, in every place
// its bytes are passed in. It reports whether there is such a word.
func (l *Layout) SetWord(rec []uint64, word int, w uint64) bool {
	if t := l.template; t != nil {
		if uint(word) >= uint(len(t.places)) {
			return false
		}
		rec[t.places[word]] = w
		return true
	}
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

// ResultPlace returns where in a record the first word of the result is after
// the call.
func (l *Layout) ResultPlace(rec []uint64) int {
	if l.Indirect {
		return l.resultImage(rec)
	}
	if len(l.Result) > 0 {
		return l.register(l.Result[0])
	}
	return RecInt
}

// resultImage is where a general record has room for the memory image of its
// result.
func (l *Layout) resultImage(rec []uint64) int {
	return int(uint32(rec[(l.Target.PlainBytes()+genResult)/8]))
}

// register returns where a record has a register of its result.
func (l *Layout) register(p Part) int {
	switch {
	case p.Where == FloatReg:
		return l.Target.PlainBytes() + genFloat + p.At*8
	case p.At == 0:
		return RecInt
	}
	return l.Target.PlainBytes() + genInt1 + (p.At-1)*8
}

// Collect assembles the result of a record that has run into the words of its
// memory image; an integer is extended to its word.
func (l *Layout) Collect(rec, ret []uint64) {
	clear(ret)
	if l.Indirect {
		at := l.resultImage(rec) / 8
		room := int(rec[(l.Target.PlainBytes()+genImage)/8]>>32) / 8
		copy(ret, rec[at:at+room])
		return
	}
	for _, p := range l.Result {
		if p.To/8 < len(ret) {
			put(ret, p.To, rec, l.register(p), p.Size)
		}
		if p.Signed {
			unused := 64 - 8*p.Size
			ret[0] = uint64(int64(ret[0]<<unused) >> unused)
		}
	}
}

// CollectInPlace is Collect of n words into the record itself, which owns the
// words it returns: at least one, zero when there is no result.
func (l *Layout) CollectInPlace(rec []uint64, n int) []uint64 {
	if n == 0 {
		rec[RecInt/8] = 0
		return rec[RecInt/8 : RecInt/8+1]
	}
	if !IsGeneral(rec) || l.Plain() {
		word := []uint64{0}
		l.Collect(rec, word)
		rec[RecInt/8] = word[0]
		return rec[RecInt/8 : RecInt/8+1]
	}
	at := l.resultImage(rec) / 8
	ret := rec[at : at+n]
	if !l.Indirect {
		l.Collect(rec, ret)
	}
	return ret
}

// ClearResult zeroes the result of a record.
func (l *Layout) ClearResult(rec []uint64, n int) {
	rec[RecInt/8] = 0
	if !IsGeneral(rec) {
		return
	}
	gen := l.Target.PlainBytes()
	clear(rec[(gen+genInt1)/8 : (gen+genX8)/8])
	if !l.Plain() {
		at := l.resultImage(rec) / 8
		clear(rec[at : at+n])
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
