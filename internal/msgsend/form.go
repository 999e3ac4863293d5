package msgsend

// A Form is a message that lists hold many times, each to the result of a record and with arguments of
// its own: what stays the same of these records is made once and copied. It is for one
// goroutine at a time. A Form with a selector is ready for use, with one list or with several.
type Form struct {
	Sel *Selector
	form
}

// Add is [List.SendTo] of a form's selector, with as many words each time.
func (l *List) Add(f *Form, from int, words ...uintptr) int {
	if f.fits(l, from, len(words)) {
		return l.fill(f, words)
	}
	rec := l.SendTo(from, f.Sel, words...)
	l.learn(f, from, rec, false)
	return rec
}

// Add3x3 is [List.Send3x3To] of a form's selector.
func (l *List) Add3x3(f *Form, from int, a, b, c, d, e, g uintptr) int {
	if f.fits(l, from, 6) {
		return l.fill3x3(f, a, b, c, d, e, g)
	}
	rec := l.Send3x3To(from, f.Sel, a, b, c, d, e, g)
	l.learn(f, from, rec, true)
	return rec
}
