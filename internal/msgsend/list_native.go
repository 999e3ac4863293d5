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
	result  int // byte offset in the block of the result
	layout  *abi.Layout
	args    uint8
	results uint8
	kind    resultKind
	varies  bool // the receiver may be another object in each run
}

// nativeList is what only the native side keeps of a list.
type nativeList struct {
	ran     int    // so many records have run since they were recorded
	bound   int    // so many records have been bound
	methods uint32 // methodChanges when they were
	pool    bool   // a record has an object result
	unknown []unknown
}

// unknown is a record to a result, of a selector that no method was known for.
type unknown struct {
	rec int
	sel *Selector
}

const mostUnknown = 16 // of a list; the next ones find more

// appendWords records a plain message in memory that is there, which is a matter
// of stores; appendObject does the rest.
func (l *List) appendWords(self ID, sel *Selector, words []uintptr) {
	at, n := len(l.words), len(l.records)
	id := sel.sel.Load()
	if at == 0 || cap(l.words)-at < plainWords || n == cap(l.records) || id == 0 || len(words) > plainArgs {
		l.appendObject(self, sel, resultWord, words)
		return
	}
	s := wordSignatures[len(words)].compiled.Load()
	if s == nil {
		l.appendObject(self, sel, resultWord, words)
		return
	}
	l.words = l.words[:at+plainWords]
	rec := (*[plainWords]uint64)(l.words[at:])
	flags := uint32(lookupFlag)
	if self == 0 {
		flags |= abi.FlagNil
	}
	rec[abi.RecHead/8] = abi.Header(plainWords*8, flags)
	rec[abi.RecFn/8] = uint64(msgSend)
	rec[abi.RecClass/8] = 0
	rec[abi.RecInt/8] = 0
	ints := (*[plainArgs + 2]uint64)(rec[abi.RecInts/8:])
	ints[0], ints[1] = uint64(self), uint64(id)
	// What the memory held before is harmless in registers that the method does
	// not look at.
	for i, w := range words {
		ints[2+i] = uint64(w)
	}
	l.records = l.records[:n+1]
	r := &l.records[n]
	r.at, r.result, r.layout = at, at*8+abi.RecInt, s.layout
	r.args, r.results, r.kind, r.varies = uint8(len(words)), 1, resultWord, false
}

// appendObject records a message of words with any result.
func (l *List) appendObject(self ID, sel *Selector, kind resultKind, words []uintptr) {
	if len(words) > 6 {
		panic(tooManyWords(sel, len(words)))
	}
	var args [6]uint64
	for i, w := range words {
		args[i] = uint64(w)
	}
	l.begin(self, sel, wordSignature(len(words)).shape(), kind, args[:len(words)], nil)
}

// appendWordsTo is appendWords with the result of a record as the receiver.
func (l *List) appendWordsTo(from int, sel *Selector, words []uintptr) {
	l.appendWords(0, sel, words)
	l.address(from, sel)
}

// append3x3To is append3x3 with the result of a record as the receiver.
func (l *List) append3x3To(from int, sel *Selector, a, b, c, d, e, f uintptr) {
	l.append3x3(0, sel, a, b, c, d, e, f)
	l.address(from, sel)
}

// address makes the result of an earlier record the receiver of the last one, and
// its method the one that was found for that selector before, if there is one:
// the assembly compares the class.
func (l *List) address(from int, sel *Selector) {
	r := &l.records[len(l.records)-1]
	r.varies = true
	rec := l.words[r.at : r.at+abi.RecInts/8]
	head := rec[abi.RecHead/8]&(1<<32-1)&^abi.FlagNil | abi.FlagSource | uint64(l.records[from].result)<<32
	if lookupFlag != 0 {
		if f := sel.known.Load(); f != nil && f.changes == methodChanges.Load() {
			head |= abi.FlagCached
			rec[abi.RecFn/8], rec[abi.RecClass/8] = uint64(f.fn), uint64(f.class)
		} else if len(l.native.unknown) < mostUnknown {
			l.native.unknown = append(l.native.unknown, unknown{len(l.records) - 1, sel})
		}
	}
	rec[abi.RecHead/8] = head
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
	size := s.layout.RecordWords(s.Result.Size, len(outs))
	at := l.grow(size)
	rec := l.words[at:]
	if len(outs) > 0 {
		l.native.pool = true
	}
	flags := uint32(lookupFlag)
	if self == 0 {
		flags |= abi.FlagNil
	}
	if kind != resultWord {
		flags |= l.object(sel, kind)
	}
	s.layout.Encode(rec, uint64(s.fn()), uint64(self), uint64(sel.SEL()), args, s.Result.Size, flags, outs)
	n := len(l.records)
	l.records = slices.Grow(l.records, 1)[:n+1]
	r := &l.records[n] // filled field by field: a literal would be built elsewhere and copied
	r.at, r.result, r.layout = at, at*8+s.layout.ResultPlace(rec), s.layout
	r.args, r.results, r.kind, r.varies = uint8(len(args)), uint8(s.ResultWords), kind, false
}

// grow makes room for n words and returns where. It is not inlined: memory
// stored through l is on the heap, where it does not move during a run.
//
//go:noinline
func (l *List) grow(n int) int {
	if len(l.words) == 0 {
		l.words = slices.Grow(l.words, abi.BlockWords+n)[:abi.BlockWords]
	}
	at := len(l.words)
	l.words = slices.Grow(l.words, n)[:at+n]
	return at
}

// object makes the list one with an object result, which needs a pool, and returns the
// flags of a record with one.
func (l *List) object(sel *Selector, kind resultKind) uint32 {
	l.native.pool = true
	switch owned := sel.returnsOwned(); {
	case kind == resultOwned && !owned:
		return abi.FlagRetain
	case kind == resultBorrow && owned:
		return abi.FlagAutorelease
	}
	return 0
}

func (l *List) reset() {
	l.note()
	clear(l.native.unknown)
	l.native = nativeList{unknown: l.native.unknown[:0]}
}

// cut forgets what is known of the records from n on.
func (l *List) cut(n int) {
	if len(l.native.unknown) > 0 {
		l.note()
		clear(l.native.unknown)
		l.native.unknown = l.native.unknown[:0]
	}
	l.native.ran, l.native.bound = min(l.native.ran, n), min(l.native.bound, n)
}

// note has selectors know the methods that the last run has found.
func (l *List) note() {
	for _, u := range l.native.unknown {
		if u.rec < l.native.ran {
			r := l.records[u.rec]
			u.sel.learn(Class(l.words[r.at+abi.RecClass/8]))
		}
	}
}

// vary makes the receiver of a record one that may be another object in each
// run. What the record was bound to is forgotten.
func (l *List) vary(rec int) []uint64 {
	r := &l.records[rec]
	words := l.words[r.at:]
	words[abi.RecHead/8] = words[abi.RecHead/8]&^abi.FlagNil | lookupFlag
	if rec < l.native.bound && !r.varies {
		words[abi.RecFn/8] = uint64(lowered{r.layout}.fn())
	}
	r.varies = true
	return words
}

// SetSelf changes the receiver of a record.
func (l *List) SetSelf(rec int, self ID) {
	r := l.record(rec)
	words := l.vary(rec)
	words[abi.RecHead/8] &^= abi.FlagSource
	if self == 0 {
		words[abi.RecHead/8] |= abi.FlagNil
	}
	words[abi.RecInts/8+r.layout.Self] = uint64(self)
}

func (l *List) patchSelf(rec, from int) {
	words := l.vary(rec)
	head := words[abi.RecHead/8]&(1<<32-1) | abi.FlagSource
	words[abi.RecHead/8] = head | uint64(l.records[from].result)<<32
}

func (l *List) patchWord(rec, word, from int, object bool) {
	r := l.records[rec]
	at, size := r.layout.Place(word)
	if word < 0 || word >= int(r.args) || size < 8 || at%8 != 0 {
		panic(noWord(rec, word, int(r.args)))
	}
	l.words = target.AppendPatch(l.words, r.at, at, l.records[from].result, object)
}

// SetWord changes an argument word of a record.
func (l *List) SetWord(rec, word int, w uintptr) {
	r := l.record(rec)
	if word < 0 || word >= int(r.args) || !r.layout.SetWord(l.words[r.at:], word, uint64(w)) {
		panic(noWord(rec, word, int(r.args)))
	}
}

func (l *List) resultOf(r record) *uint64 { return &l.words[r.at+abi.RecInt/8] }

// ResultWords returns the result words of a record after a run. They are the
// list's memory, valid until it changes.
func (l *List) ResultWords(rec int) []uint64 {
	r := l.record(rec)
	return r.layout.CollectInPlace(l.words[r.at:], int(r.results))
}

// Run sends the messages. It returns -1 when all were sent, else the index of
// the record that stopped the list.
func (l *List) Run() int {
	if len(l.records) == 0 {
		return -1
	}
	if n := &l.native; n.bound < n.ran || n.methods != methodChanges.Load() {
		l.bind()
	}
	w := l.words
	w[abi.BlockFlags/8] = 0
	if l.native.pool {
		w[abi.BlockFlags/8] = abi.BlockPool
	}
	end := uint64(len(w)) * 8
	w[abi.BlockEnd/8] = end
	cgocall(runABI0, unsafe.Pointer(unsafe.SliceData(w)))
	l.native.ran = len(l.records)
	if l.borrows > 0 {
		l.forgetBorrows()
	}
	if stop := w[abi.BlockStop/8]; stop != end {
		return l.stopped(int(stop / 8))
	}
	return -1
}

// forgetBorrows forgets the results the list only borrowed: the pool has released
// them.
func (l *List) forgetBorrows() {
	left := l.borrows
	for i := 0; left > 0; i++ {
		if r := &l.records[i]; r.kind == resultBorrow {
			*l.resultOf(*r) = 0
			left--
		}
	}
}

// stopped zeroes the results of the records from the one at a word on, which
// were not sent, and returns its index.
func (l *List) stopped(at int) int {
	rec, _ := slices.BinarySearchFunc(l.records, at, func(r record, at int) int { return r.at - at })
	for _, r := range l.records[rec:] {
		r.layout.ClearResult(l.words[r.at:], int(r.results))
	}
	return rec
}
