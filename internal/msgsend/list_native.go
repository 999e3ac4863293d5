//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"slices"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
)

// record tells where a message is in the list's words, which are a block the
// assembly runs: see package abi.
type record struct {
	at      int
	layout  *abi.Layout
	args    uint8
	results uint8
	kind    resultKind
	owned   bool // the result is owned by the selector's family
}

func (l *List) appendWords(self ID, sel *Selector, kind resultKind, words []uintptr) {
	var args [6]uint64
	for i, w := range words {
		args[i] = uint64(w)
	}
	l.begin(self, sel, wordSignature(len(words)).shape(), kind, args[:len(words)], nil)
}

func (l *List) append3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	args := [6]uint64{uint64(a), uint64(b), uint64(c), uint64(d), uint64(e), uint64(f)}
	l.begin(self, sel, sig3x3.shape(), resultWord, args[:], nil)
}

func (l *List) appendFrame(self ID, sel *Selector, s *shape, f *Frame, kind resultKind) {
	var cells [MaxWords]uint64
	l.begin(self, sel, s, kind, f.args(), f.outCells(&cells))
}

// begin appends a record.
func (l *List) begin(self ID, sel *Selector, s *shape, kind resultKind, args, outs []uint64) {
	if len(l.words) == 0 {
		l.words = slices.Grow(l.words, abi.BlockWords)[:abi.BlockWords]
	}
	at := len(l.words)
	size := s.layout.RecordWords(s.Result.Size, len(outs))
	l.words = slices.Grow(l.words, size)[:at+size]
	rec := l.words[at:]
	clear(rec)
	flags := uint32(abi.FlagStopNil)
	owned := kind != resultWord && sel.returnsOwned()
	if kind == resultOwned && !owned {
		flags |= abi.FlagRetain
	}
	s.layout.Encode(rec, uint64(s.fn()), uint64(self), uint64(sel.SEL()), args, s.Result.Size, flags, outs)
	l.records = append(l.records, record{at, s.layout, uint8(len(args)), uint8(max(1, s.ResultWords)), kind, owned})
}

func (l *List) selfAt(r record) int { return abi.RecInts/8 + r.layout.Self }

// wordAt returns the place of a whole argument word.
func (l *List) wordAt(rec, word int) int {
	r := l.record(rec)
	at, size := r.layout.Place(word)
	if word < 0 || word >= int(r.args) || size < 8 || at%8 != 0 {
		panic(noWord(rec, word, int(r.args)))
	}
	return at / 8
}

func (l *List) patch(r record, dst int, from record, needsObject bool) {
	src := from.at*8 + abi.RecInt
	if p := from.layout.Result; len(p) > 0 && p[0].Where == abi.FloatReg {
		src = from.at*8 + abi.RecFloat
	}
	if from.layout.Indirect {
		src = (from.at + int(l.words[from.at+abi.RecResult/8]>>35)) * 8
	}
	op := uint64(abi.PatchWord)
	if needsObject {
		op = abi.PatchObject
	}
	l.words = append(l.words, op|uint64(dst*8)<<32, uint64(src))
	l.words[r.at+abi.RecPatches/8]++
	l.words[r.at+abi.RecSize/8] += 16
	l.words[r.at+abi.RecSize/8] |= abi.FlagPatched << 32
}

// SetWord changes an argument word of a record.
func (l *List) SetWord(rec, word int, w uintptr) {
	r := l.record(rec)
	if word < 0 || word >= int(r.args) || !r.layout.SetWord(l.words[r.at:], word, uint64(w)) {
		panic(noWord(rec, word, int(r.args)))
	}
}

func (l *List) resultOf(r record) *uint64 { return &l.words[r.at+abi.RecInt/8] }

// ResultWords returns the result words of a record after a run.
func (l *List) ResultWords(rec int) []uint64 {
	r := l.record(rec)
	ret := make([]uint64, r.results)
	r.layout.Collect(l.words[r.at:], ret)
	return ret
}

// Run sends the messages. It returns -1 when all were sent, else the index of
// the record that stopped the list.
func (l *List) Run() int {
	if len(l.records) == 0 {
		return -1
	}
	for _, r := range l.records {
		clear(l.words[r.at+abi.RecInt/8 : r.at+abi.RecInts/8])
	}
	l.words[abi.BlockFlags/8] = abi.BlockPool
	l.words[abi.BlockEnd/8] = uint64(len(l.words)) * 8
	l.words[abi.BlockCount/8] = 0
	cgocall(runABI0, unsafe.Pointer(unsafe.SliceData(l.words)))
	if l.borrows > 0 {
		l.endBorrows()
	}
	if n := int(l.words[abi.BlockCount/8]); n < len(l.records) {
		return n
	}
	return -1
}

// endBorrows forgets the results the list only borrowed. The pool has released
// them, except those their methods returned owned.
func (l *List) endBorrows() {
	for _, r := range l.records {
		if r.kind == resultBorrow {
			p := l.resultOf(r)
			if r.owned {
				Release(ID(*p))
			}
			*p = 0
		}
	}
}
