//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// record tells where a message is in the list's words. Its words are
//
//	header: argument words | result words<<8 | patches<<16 | receiver is a result<<40 | size<<48
//	selector
//	the method, cached for the receiver's class: see objcrt.SendCached
//	receiver, or where in the list's words it is a result
//	argument words
//	result words, at least one
//	patches, each: destination | source<<24 | needs an object<<63
//
// where a patch's destination counts from the record's start and its source from
// the list's.
type record struct {
	at      int
	args    uint8
	results uint8
	kind    resultKind
}

// source is where in the list's words the record's result is.
func (r *record) source() uint64 { return uint64(r.at + recArgs + int(r.args)) }

// The places of a record's fixed words.
const (
	recHeader = iota
	recSelector
	recCache
	recSelf
	recArgs
)

// selfIsResult is in the header of a record whose receiver is an earlier one's result.
const selfIsResult = 1 << 40

const (
	patchNeedsObject = 1 << 63
	patchTo          = 1<<24 - 1
	patchFrom        = 1<<39 - 1
)

func (l *List) appendWords(self ID, sel *Selector, words []uintptr) {
	l.appendObject(self, sel, resultWord, words)
}

func (l *List) appendWordsTo(from int, sel *Selector, words []uintptr) {
	l.appendObject(0, sel, resultWord, words)
	l.patchSelf(len(l.records)-1, from)
}

func (l *List) appendObject(self ID, sel *Selector, kind resultKind, words []uintptr) {
	if len(words) > 6 {
		panic(tooManyWords(sel, len(words)))
	}
	w := l.begin(self, sel, kind, len(words), 1)
	for i, word := range words {
		w[i] = uint64(word)
	}
}

func (l *List) append3x3To(from int, sel *Selector, a, b, c, d, e, f uintptr) {
	l.append3x3(0, sel, a, b, c, d, e, f)
	l.patchSelf(len(l.records)-1, from)
}

func (l *List) append3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	w := l.begin(self, sel, resultWord, 6, 1)
	w[0], w[1], w[2], w[3], w[4], w[5] = uint64(a), uint64(b), uint64(c), uint64(d), uint64(e), uint64(f)
}

func (l *List) appendFrame(self ID, sel *Selector, s *shape, f *Frame, kind resultKind) {
	copy(l.begin(self, sel, kind, f.n, max(1, s.ResultWords)), f.args())
}

// begin appends a record and returns its argument words.
func (l *List) begin(self ID, sel *Selector, kind resultKind, args, results int) []uint64 {
	at := len(l.words)
	size := recArgs + args + results
	if cap(l.words)-at < size {
		l.words = slices.Grow(l.words, size)
	}
	l.words = l.words[:at+size]
	w := l.words[at : at+size : at+size]
	w[recHeader] = uint64(args) | uint64(results)<<8 | uint64(size)<<48
	w[recSelector] = uint64(sel.SEL())
	w[recCache] = 0
	w[recSelf] = uint64(self)
	clearResults(w[recArgs+args:])
	l.records = append(l.records, record{at, uint8(args), uint8(results), kind})
	return w[recArgs : recArgs+args]
}

// nativeList is empty: the embedded side keeps nothing else of a list.
type nativeList struct{}

func (l *List) reset() {}

func (l *List) cut(int) {}

// MethodsChanged makes lists that are kept look their methods up again. Here
// methods do not change.
func MethodsChanged() {}

func (l *List) wordAt(rec, word int) int {
	r := l.record(rec)
	if word < 0 || word >= int(r.args) {
		panic(noWord(rec, word, int(r.args)))
	}
	return recArgs + word
}

// SetSelf changes the receiver of a record.
func (l *List) SetSelf(rec int, self ID) {
	w := l.words[l.record(rec).at:]
	w[recHeader] &^= selfIsResult
	w[recSelf] = uint64(self)
}

func (l *List) patchSelf(rec, from int) {
	src := &l.records[from]
	w := l.words[l.records[rec].at:]
	w[recHeader] |= selfIsResult
	w[recSelf] = src.source()
}

func (l *List) patchWord(rec, word, from int, object bool) {
	l.patch(rec, l.wordAt(rec, word), from, object)
}

func (l *List) patch(rec, dst, from int, object bool) {
	src := l.records[from]
	p := uint64(dst) | src.source()<<24
	if object {
		p |= patchNeedsObject
	}
	l.words = append(l.words, p)
	l.words[l.records[rec].at] += 1<<16 | 1<<48
}

// SetWord changes an argument word of a record.
func (l *List) SetWord(rec, word int, w uintptr) {
	l.words[l.record(rec).at+l.wordAt(rec, word)] = uint64(w)
}

func (l *List) resultOf(r record) *uint64 { return &l.words[r.source()] }

// ResultWords returns the result words of a record after a run. They are the
// list's memory, valid until it changes.
func (l *List) ResultWords(rec int) []uint64 {
	r := l.record(rec)
	at := r.at + recArgs + int(r.args)
	return l.words[at : at+int(r.results)]
}

// Run sends the messages. It returns -1 when all were sent, else the index of
// the record that stopped the list.
func (l *List) Run() int {
	if l.borrows > 0 {
		defer l.endBorrows()
	}
	w := l.words
	n := 0
	for at := 0; at < len(w); n++ {
		h := w[at]
		args, results, patches := int(h&0xff), int(h>>8&0xff), int(h>>16&0xffff)
		size := int(h >> 48)
		if patches > 0 {
			for _, p := range w[at+size-patches : at+size] {
				v := w[p>>24&patchFrom]
				if v == 0 && p&patchNeedsObject != 0 {
					return l.stopped(n)
				}
				w[at+int(p&patchTo)] = v
			}
		}
		self := w[at+recSelf]
		if h&selfIsResult != 0 {
			self = w[self]
		}
		if self == 0 {
			return l.stopped(n)
		}
		a := at + recArgs
		ret := w[a+args : a+args+results : a+args+results]
		clearResults(ret)
		objcrt.SendCached(ID(self), SEL(w[at+recSelector]), &w[at+recCache], w[a:a+args:a+args], ret)
		at += size
	}
	return -1
}

// clearResults zeroes the results of a record, of which there is one as a rule.
func clearResults(words []uint64) {
	if len(words) == 1 {
		words[0] = 0
		return
	}
	clear(words)
}

// stopped zeroes the results of the records from n on, which were not sent, and returns n.
func (l *List) stopped(n int) int {
	for _, r := range l.records[n:] {
		at := r.at + recArgs + int(r.args)
		clear(l.words[at : at+int(r.results)])
	}
	return n
}

// endBorrows releases the results the list only borrowed.
func (l *List) endBorrows() {
	left := l.borrows
	for i := 0; left > 0; i++ {
		if r := &l.records[i]; r.kind == resultBorrow {
			p := l.resultOf(*r)
			Release(ID(*p))
			*p = 0
			left--
		}
	}
}
