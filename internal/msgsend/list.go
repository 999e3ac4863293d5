package msgsend

// List is a call list: messages that are recorded once and run together, in
// order, in one crossing, any number of times.
//
//	var l msgsend.List
//	cb := l.Borrow(queue, &selCommandBuffer)
//	enc := l.Borrow(0, &selComputeCommandEncoder)
//	l.PatchSelf(enc, cb)                        // sent to cb's result
//	set := l.Send(0, &selSetBuffer, uintptr(buf), 0, 0)
//	l.PatchSelf(set, enc)
//	…
//	stopped := l.Run()                          // -1: all ran
//
// A record's results are kept in the list. A patch copies the result of an
// earlier record into the receiver or an argument word of a later one while
// the list runs. Words can be changed between runs. The list runs in a pool of
// its own: what its messages autorelease is gone when Run returns, except the
// results of Object records, which are the caller's.
//
// A record whose receiver is nil when its turn comes, or whose patched object
// argument is (see [List.PatchObject]), stops the list: it and what follows are
// not sent.
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
}

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Reset empties the list and keeps its memory.
func (l *List) Reset() {
	l.words = l.words[:0]
	l.records = l.records[:0]
	l.borrows = 0
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
