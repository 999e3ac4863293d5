package msgsend

import "fmt"

// List is a call list: messages that are recorded once and run together, in
// order, in one crossing, any number of times.
//
//	var l msgsend.List
//	cb := l.Borrow(queue, &selCommandBuffer)
//	enc := l.Borrow(0, &selComputeCommandEncoder)
//	l.PatchSelf(enc, cb)                        // sent to cb's result
//	l.SendTo(enc, &selSetBuffer, uintptr(buf), 0, 0)
//	…
//	stopped := l.Run()                          // -1: all ran
//
// A record's results are kept in the list. A patch copies the result of an
// earlier record into the receiver or an argument word of a later one while
// the list runs. Words can be changed between runs.
//
// A list with object results runs in a pool of its own: what its messages
// autorelease is gone when Run returns, except the results of Object records,
// which are the caller's. A list without runs as its messages would alone.
//
// A record whose receiver is nil when its turn comes, or whose patched object
// argument is (see [List.PatchObject]), stops the list: it and what follows are
// not sent.
//
// A list that runs a second time is kept, and bound: its messages become calls
// of the methods that their receivers' classes have, and replaying it is a loop of
// calls. The receiver of a record may vary, because it is patched or was set: its
// class is compared, and another class gets its own method. A method that is
// replaced later is not noticed until [MethodsChanged] is called or the list is
// reset; neither is a receiver that stays and changes its class in place. The
// first run, like a message alone, asks the runtime, but for messages to the
// results of others, which [List.SendTo] makes: they begin with the method that an
// earlier list of such messages has found for the class, until MethodsChanged.
//
// Recording grows the list's memory; a list that has reached its size, or is
// reset and recorded again, allocates nothing. The list retains nothing: the
// caller keeps receivers and arguments alive while it may run. A List must not
// be copied, nor used by two goroutines at the same time.
type List struct {
	_       noCopy
	words   []uint64 // the records
	records []record
	borrows int // records with borrowed results
	native  nativeList
}

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Reset empties the list and keeps its memory.
func (l *List) Reset() {
	l.reset()
	l.words = l.words[:0]
	l.records = l.records[:0]
	l.borrows = 0
}

// Cut forgets the records from n on, keeps their memory, and keeps what is known of those before
// them: a list that begins in the same way each time has to be told that once only.
func (l *List) Cut(n int) {
	if n == 0 {
		l.Reset()
	}
	if n >= len(l.records) {
		return
	}
	l.cut(n)
	l.words = l.words[:l.records[n].at]
	l.records = l.records[:n]
	l.borrows = 0
	for i := range l.records {
		if l.records[i].kind == resultBorrow {
			l.borrows++
		}
	}
}

// Len returns how many records the list has.
func (l *List) Len() int { return len(l.records) }

// resultKind is what happens to a record's result.
type resultKind uint8

const (
	resultWord   resultKind = iota // stays in the record
	resultOwned                    // an object the caller gets
	resultBorrow                   // an object that lives until the list has run
)

// Send records a message with up to six argument words whose result is nothing
// or a word, and returns the record's index.
func (l *List) Send(self ID, sel *Selector, words ...uintptr) int {
	l.appendWords(self, sel, words)
	return len(l.records) - 1
}

// SendTo is [List.Send] to the result of an earlier record.
func (l *List) SendTo(from int, sel *Selector, words ...uintptr) int {
	l.checkSource(from)
	l.appendWordsTo(from, sel, words)
	return len(l.records) - 1
}

// Object records a message with an object result, which is the caller's after
// each run: see [List.Take].
func (l *List) Object(self ID, sel *Selector, words ...uintptr) int {
	l.appendObject(self, sel, resultOwned, words)
	return len(l.records) - 1
}

// Borrow records a message with an object result that is only used by the
// list itself: it lives until the run ends.
func (l *List) Borrow(self ID, sel *Selector, words ...uintptr) int {
	l.borrows++
	l.appendObject(self, sel, resultBorrow, words)
	return len(l.records) - 1
}

func tooManyWords(sel *Selector, n int) string {
	return fmt.Sprintf("msgsend: %s: a list record by words takes 6 argument words, not %d: use SendFrame", sel.Name, n)
}

// Send3x3 records a message whose arguments are two structs of three words
// each, by value.
func (l *List) Send3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) int {
	l.append3x3(self, sel, a, b, c, d, e, f)
	return len(l.records) - 1
}

// Send3x3To is [List.Send3x3] to the result of an earlier record.
func (l *List) Send3x3To(from int, sel *Selector, a, b, c, d, e, f uintptr) int {
	l.checkSource(from)
	l.append3x3To(from, sel, a, b, c, d, e, f)
	return len(l.records) - 1
}

// SendFrame records a message in the general form. Out parameters point where
// the frame's do, and must be alive whenever the list runs. An object result
// needs [List.ObjectFrame].
func (l *List) SendFrame(self ID, sel *Selector, sig *Signature, f *Frame) int {
	return l.addFrame(self, sel, sig, f, resultWord)
}

// ObjectFrame is [List.Object] for a message in the general form.
func (l *List) ObjectFrame(self ID, sel *Selector, sig *Signature, f *Frame) int {
	return l.addFrame(self, sel, sig, f, resultOwned)
}

func (l *List) addFrame(self ID, sel *Selector, sig *Signature, f *Frame, kind resultKind) int {
	s := sig.shape()
	if f.n != s.Signature.Words {
		wrongWords(sel, sig, f.n)
	}
	l.appendFrame(self, sel, s, f, kind)
	return len(l.records) - 1
}

// PatchSelf makes the result of an earlier record the receiver of the last one.
func (l *List) PatchSelf(rec, from int) {
	l.checkPatch(rec, from)
	l.patchSelf(rec, from)
}

// Patch copies the result of an earlier record into an argument word of the last
// one.
func (l *List) Patch(rec, word, from int) {
	l.checkPatch(rec, from)
	l.patchWord(rec, word, from, false)
}

// PatchObject is [List.Patch] for an argument that must not be nil: nil stops
// the list.
func (l *List) PatchObject(rec, word, from int) {
	l.checkPatch(rec, from)
	l.patchWord(rec, word, from, true)
}

// checkSource panics when the result of a record cannot be the receiver of the next.
func (l *List) checkSource(from int) {
	if uint(from) >= uint(len(l.records)) {
		panic(noRecord(from, len(l.records)))
	}
}

func noRecord(rec, n int) string {
	return fmt.Sprintf("msgsend: the list has %d records, not a record %d", n, rec)
}

// checkPatch panics when a record cannot be patched: only the last can grow.
func (l *List) checkPatch(rec, from int) {
	if rec != len(l.records)-1 || from >= rec || from < 0 {
		panic(fmt.Sprintf("msgsend: record %d patched from record %d: only the last record (%d) can be patched, from an earlier one", rec, from, len(l.records)-1))
	}
}

func (l *List) record(rec int) record {
	if rec < 0 || rec >= len(l.records) {
		panic(noRecord(rec, len(l.records)))
	}
	return l.records[rec]
}

func noWord(rec, word, args int) string {
	return fmt.Sprintf("msgsend: record %d has %d argument words, not a word %d", rec, args, word)
}

// Result returns the result word of a record after a run: 0 for one that was
// not sent. An object in it is borrowed; see [List.Take].
func (l *List) Result(rec int) uintptr { return uintptr(*l.resultOf(l.record(rec))) }

// Take returns the object result of an Object record after a run and forgets
// it. It is the caller's. What is not taken before the next run or reset leaks.
func (l *List) Take(rec int) ID {
	p := l.resultOf(l.record(rec))
	id := ID(*p)
	*p = 0
	return id
}
