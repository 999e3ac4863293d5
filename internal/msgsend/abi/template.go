package abi

// template is a record of a layout whose words are all zero, and where the words
// go: encoding a call is then a copy and a store a word. Layouts that pass a word
// in more than one piece have none.
type template struct {
	record []uint64
	places []int32 // the index in the record of each argument word
}

// prepare makes the template of a layout.
func (l *Layout) prepare(words, resultSize int) {
	size := l.RecordWords(resultSize, 0)
	if size*8 > maxRecord {
		return
	}
	t := &template{record: make([]uint64, size), places: make([]int32, words)}
	for w := range t.places {
		at, ok := l.whole(w)
		if !ok {
			return
		}
		t.places[w] = int32(at / 8)
	}
	l.encode(t.record, make([]uint64, words), resultSize, 0, nil)
	l.template = t
}

// whole returns the byte offset in a record of an argument word that is passed
// in one piece, as a whole word: what is not the argument's in it is nothing
// else's either.
func (l *Layout) whole(word int) (at int, ok bool) {
	pieces := 0
	for _, m := range l.Moves {
		from, to := max(m.From, word*8), min(m.From+m.Size, word*8+8)
		if from >= to {
			continue
		}
		at = l.place(m) + from - m.From
		inRegister := m.Where == IntReg || m.Where == FloatReg
		if from != word*8 || at%8 != 0 || to-from < 8 && !inRegister {
			return 0, false
		}
		pieces++
	}
	return at, pieces == 1
}

// fill writes a call of the template's layout into rec.
func (t *template) fill(rec []uint64, words []uint64, flags uint32) {
	copy(rec, t.record)
	places := t.places[:len(words)]
	for i, w := range words {
		rec[places[i]] = w
	}
	rec[RecHead/8] |= uint64(flags)
}
