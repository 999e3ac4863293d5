//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"fmt"
	"slices"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// record tells where a message is in the list's words. Its words are
//
//	header: argument words | result words<<8 | patches<<16 | result kind<<32 | skip<<48
//	selector
//	the method, cached for the receiver's class: see objcrt.SendCached
//	receiver
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

// The places of a record's fixed words.
const (
	recHeader = iota
	recSelector
	recCache
	recSelf
	recArgs
)

const patchNeedsObject = 1 << 63

// Send records a message with up to six argument words whose result is nothing
// or a word, and returns the record's index.
func (l *List) Send(self ID, sel *Selector, words ...uintptr) int {
	return l.sendWords(self, sel, resultWord, words)
}

// Object records a message with an object result, which is the caller's after
// each run: see [List.Take].
func (l *List) Object(self ID, sel *Selector, words ...uintptr) int {
	return l.sendWords(self, sel, resultOwned, words)
}

// Borrow records a message with an object result that is only used by the
// list itself: it lives until the run ends.
func (l *List) Borrow(self ID, sel *Selector, words ...uintptr) int {
	return l.sendWords(self, sel, resultBorrow, words)
}

func (l *List) sendWords(self ID, sel *Selector, kind resultKind, words []uintptr) int {
	if len(words) > 6 {
		panic(fmt.Sprintf("msgsend: %s: a list record by words takes 6 argument words, not %d: use SendFrame", sel.Name, len(words)))
	}
	if kind == resultBorrow {
		l.borrows++
	}
	at := l.begin(self, sel, kind, len(words), 1)
	for i, w := range words {
		l.words[at+recArgs+i] = uint64(w)
	}
	return len(l.records) - 1
}

// Send3x3 records a message whose arguments are two structs of three words each.
func (l *List) Send3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) int {
	at := l.begin(self, sel, resultWord, 6, 1)
	w := l.words[at+recArgs : at+recArgs+6]
	w[0], w[1], w[2], w[3], w[4], w[5] = uint64(a), uint64(b), uint64(c), uint64(d), uint64(e), uint64(f)
	return len(l.records) - 1
}

// SendFrame records a message in the general form. Out parameters point where
// the frame's do. An object result needs [List.ObjectFrame].
func (l *List) SendFrame(self ID, sel *Selector, sig *Signature, f *Frame) int {
	return l.sendFrame(self, sel, sig, f, resultWord)
}

// ObjectFrame is [List.Object] for a message in the general form.
func (l *List) ObjectFrame(self ID, sel *Selector, sig *Signature, f *Frame) int {
	return l.sendFrame(self, sel, sig, f, resultOwned)
}

func (l *List) sendFrame(self ID, sel *Selector, sig *Signature, f *Frame, kind resultKind) int {
	s := sig.shape()
	if f.n != s.Signature.Words {
		wrongWords(sel, sig, f.n)
	}
	at := l.begin(self, sel, kind, f.n, max(1, s.ResultWords))
	copy(l.words[at+recArgs:], f.args())
	return len(l.records) - 1
}

func (l *List) begin(self ID, sel *Selector, kind resultKind, args, results int) int {
	at := len(l.words)
	size := recArgs + args + results
	l.words = slices.Grow(l.words, size)[:at+size]
	w := l.words[at:]
	clear(w)
	w[recHeader] = uint64(args) | uint64(results)<<8 | uint64(kind)<<32 | uint64(size)<<48
	w[recSelector] = uint64(sel.SEL())
	w[recSelf] = uint64(self)
	l.records = append(l.records, record{at, uint8(args), uint8(results), kind})
	return at
}

// PatchSelf makes the result of an earlier record the receiver of the last one.
func (l *List) PatchSelf(rec, from int) { l.patch(rec, recSelf, from, 0) }

// Patch copies the result of an earlier record into an argument word of the last
// one.
func (l *List) Patch(rec, word, from int) { l.patch(rec, l.argAt(rec, word), from, 0) }

// PatchObject is [List.Patch] for an argument that must not be nil: nil stops
// the list.
func (l *List) PatchObject(rec, word, from int) {
	l.patch(rec, l.argAt(rec, word), from, patchNeedsObject)
}

func (l *List) argAt(rec, word int) int {
	r := l.record(rec)
	if word < 0 || word >= int(r.args) {
		panic(fmt.Sprintf("msgsend: record %d has %d argument words, not a word %d", rec, r.args, word))
	}
	return recArgs + word
}

func (l *List) record(rec int) record {
	if rec < 0 || rec >= len(l.records) {
		panic(fmt.Sprintf("msgsend: the list has %d records, not a record %d", len(l.records), rec))
	}
	return l.records[rec]
}

func (l *List) patch(rec, dst, from int, flags uint64) {
	r := l.record(rec)
	if rec != len(l.records)-1 || from >= rec {
		panic(fmt.Sprintf("msgsend: record %d patched from record %d: only the last record (%d) can be patched, from an earlier one", rec, from, len(l.records)-1))
	}
	f := l.record(from)
	src := f.at + recArgs + int(f.args)
	l.words = append(l.words, uint64(dst)|uint64(src)<<24|flags)
	l.words[r.at] += 1<<16 | 1<<48
}

// SetSelf changes the receiver of a record.
func (l *List) SetSelf(rec int, self ID) { l.words[l.record(rec).at+recSelf] = uint64(self) }

// SetWord changes an argument word of a record.
func (l *List) SetWord(rec, word int, w uintptr) {
	l.words[l.record(rec).at+l.argAt(rec, word)] = uint64(w)
}

// Result returns the result word of a record after a run: 0 for one that was
// not sent. An object in it is borrowed; see [List.Take].
func (l *List) Result(rec int) uintptr {
	r := l.record(rec)
	return uintptr(l.words[r.at+recArgs+int(r.args)])
}

// ResultWords returns the result words of a record after a run. They are the
// list's memory, valid until it changes.
func (l *List) ResultWords(rec int) []uint64 {
	r := l.record(rec)
	at := r.at + recArgs + int(r.args)
	return l.words[at : at+int(r.results)]
}

// Take returns the object result of an Object record after a run and forgets
// it. It is the caller's. What is not taken before the next run or reset leaks.
func (l *List) Take(rec int) ID {
	r := l.record(rec)
	p := &l.words[r.at+recArgs+int(r.args)]
	id := ID(*p)
	*p = 0
	return id
}

// Run sends the messages. It returns -1 when all were sent, else the index of
// the record that stopped the list.
func (l *List) Run() int {
	for _, r := range l.records {
		at := r.at + recArgs + int(r.args)
		clear(l.words[at : at+int(r.results)])
	}
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
				v := w[p>>24&(1<<39-1)]
				if v == 0 && p&patchNeedsObject != 0 {
					return n
				}
				w[at+int(p&0xffffff)] = v
			}
		}
		self := ID(w[at+recSelf])
		if self == 0 {
			return n
		}
		a := at + recArgs
		objcrt.SendCached(self, SEL(w[at+recSelector]), &w[at+recCache], w[a:a+args:a+args], w[a+args:a+args+results:a+args+results])
		at += size
	}
	return -1
}

// endBorrows releases the results the list only borrowed.
func (l *List) endBorrows() {
	for _, r := range l.records {
		if r.kind == resultBorrow {
			p := &l.words[r.at+recArgs+int(r.args)]
			Release(ID(*p))
			*p = 0
		}
	}
}
