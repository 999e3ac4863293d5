//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import "github.com/aruminium-go/aruminium/internal/msgsend/abi"

// form is a record as it stands in a list.
type form struct {
	words   [mostForm]uint64 // so many of them as the record has
	size    int              // 0: there is none
	record  record
	source  int    // the place of the receiver, see record.result
	changes uint32 // methodChanges when the method in it was right
	structs [2]int // in words, where two structs are in it
}

// mostForm is at least the words of a record with two structs of three words.
const mostForm = abi.GeneralWords + 16

// fits tells whether a copy of the record is right for the list as it is: the receiver has the same
// place, there are as many arguments, no method was replaced, and there is memory.
func (f *Form) fits(l *List, from, args int) bool {
	n := len(l.records)
	return uint(from) < uint(n) && n < cap(l.records) && cap(l.words)-len(l.words) >= f.size &&
		f.source == l.records[from].result && int(f.record.args) == args && f.changes == methodChanges.Load()
}

// appendRecord appends a form's record but for its words, which it returns.
func (l *List) appendRecord(f *Form) []uint64 {
	at, n := len(l.words), len(l.records)
	l.words = l.words[:at+f.size]
	l.records = l.records[:n+1]
	r := &l.records[n]
	*r = f.record
	r.at, r.result = at, f.record.result+at*8
	return l.words[at:]
}

// fill appends a plain record with argument words.
func (l *List) fill(f *Form, words []uintptr) int {
	rec := (*[plainWords]uint64)(l.appendRecord(f))
	*rec = [plainWords]uint64(f.words[:])
	args := (*[plainArgs]uint64)(rec[plainWords-plainArgs:])
	for i, w := range words {
		args[i] = uint64(w)
	}
	return len(l.records) - 1
}

// fill3x3 appends a record with two structs.
func (l *List) fill3x3(f *Form, a, b, c, d, e, g uintptr) int {
	rec := l.appendRecord(f)
	copy(rec, f.words[:f.size])
	*(*[3]uint64)(rec[f.structs[0]:]) = [3]uint64{uint64(a), uint64(b), uint64(c)}
	*(*[3]uint64)(rec[f.structs[1]:]) = [3]uint64{uint64(d), uint64(e), uint64(g)}
	return len(l.records) - 1
}

// learn makes a form of a record to the result of another, if its method is known and it is what forms can
// be of: plain, or with two structs.
func (l *List) learn(f *Form, from, rec int, structs bool) {
	r := l.records[rec]
	words := l.words[r.at:]
	f.size, f.source = 0, -1 // of no record
	if words[abi.RecHead/8]&lookupFlag != 0 && words[abi.RecHead/8]&abi.FlagCached == 0 ||
		r.layout.Plain() == structs || len(words) > mostForm {
		return
	}
	f.size = copy(f.words[:], words)
	f.source, f.changes = l.records[from].result, methodChanges.Load()
	f.record = r
	f.record.at, f.record.result = 0, r.result-r.at*8
	for i := range f.structs {
		at, _ := r.layout.Place(3 * i)
		f.structs[i] = at / 8
	}
}
