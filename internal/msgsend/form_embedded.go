//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

// form is a record as it stands in a list, but for its arguments.
type form struct {
	head   [recArgs]uint64
	record record
}

// fits tells whether a copy of the record is right for the list as it is: the receiver has the same place,
// there are as many arguments, and there is memory.
func (f *Form) fits(l *List, from, args int) bool {
	n := len(l.records)
	return uint(from) < uint(n) && n < cap(l.records) && cap(l.words)-len(l.words) > recArgs+args &&
		f.head[recSelf] == l.records[from].source() && int(f.record.args) == args
}

// fill appends a record with argument words.
func (l *List) fill(f *Form, words []uintptr) int {
	args := l.appendRecord(f)
	for i, w := range words {
		args[i] = uint64(w)
	}
	return len(l.records) - 1
}

// fill3x3 appends a record with two structs.
func (l *List) fill3x3(f *Form, a, b, c, d, e, g uintptr) int {
	*(*[6]uint64)(l.appendRecord(f)) = [6]uint64{uint64(a), uint64(b), uint64(c), uint64(d), uint64(e), uint64(g)}
	return len(l.records) - 1
}

// appendRecord appends a form's record and returns its argument words.
func (l *List) appendRecord(f *Form) []uint64 {
	at, n, args := len(l.words), len(l.records), int(f.record.args)
	l.words = l.words[:at+recArgs+args+1]
	w := l.words[at:]
	*(*[recArgs]uint64)(w) = f.head
	w[recArgs+args] = 0
	l.records = l.records[:n+1]
	r := &l.records[n]
	*r = f.record
	r.at = at
	return w[recArgs : recArgs+args]
}

// learn makes a form of a record to the result of another.
func (l *List) learn(f *Form, _, rec int, _ bool) {
	f.record = l.records[rec]
	f.head = [recArgs]uint64(l.words[f.record.at:])
	f.head[recCache] = 0
}
