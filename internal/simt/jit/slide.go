package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Loads of a stencil bring much of what others have brought:
//
//	a[i-1] + a[i] + a[i+1]
//
// A row that begins some words behind another is made of two neighbouring vectors of
// that, by an instruction that takes half as long as a load across two lines of the
// cache; and what the threads of one row of a group load from the row below, those of
// the row below have loaded, too. So it is kept where the rows are that have been
// loaded, up to where memory may change.

// A term is a factor of a sum of values of 32 bits.
type term struct {
	v    ir.Value
	coef uint32
}

const (
	maxTerms = 6
	maxSeen  = 8  // kinds of rows that are kept
	maxRows  = 48 // of a kind
)

// seenRows are rows of words whose places differ by a constant.
type seenRows struct {
	mem    int
	signed bool
	scale  int64
	k      int64
	base   []vreg
	terms  []term
	turn   int // in which terms are what they are, counted from 1; 0 if in all turns of a loop
	rows   []seenRow
	phase  uint32 // where they begin, modulo the lanes of a vector
}

// A seenRow is a vector of words that has been loaded.
type seenRow struct {
	at uint32 // what is added to the terms
	r  vreg
}

// A reuse tells what of a load has been loaded.
type reuse struct {
	*seenRows
	l    *lower
	at   [shape.MaxParts]uint32 // by part: where it begins
	rs   []vreg                 // what has it, 0 where it has to be loaded
	some bool                   // not all has to be
}

// reuse finds what of a load of rows has been loaded, and makes what can be made of that;
// nil if that is not looked for. Lanes get what they would have loaded: whoever has loaded
// it has done so from the same place.
func (l *lower) reuse(in *ir.Instr, mem int, a *access, addr *address) *reuse {
	if !l.cpu.slidesRows() || l.room.plain || l.straight || l.act != nil || l.collect != nil || a.size != 4 ||
		a.t == ir.Bool || in.Imm2 == ir.Volatile || addr == nil || len(addr.base) > 1 || addr.part != (shape.Offsets{}) || a.step != 1 {
		return nil
	}
	for i := range l.code[l.seenAt:] {
		if l.code[l.seenAt+i].orders() {
			l.seen = l.seen[:0]
			break
		}
	}
	l.seenAt = len(l.code)
	key := seenRows{mem: mem, signed: a.signed, scale: a.scale, k: a.k, base: addr.base}
	c, ok := l.sumOf(&key, addr.leaf, 1, 8)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(l.seen, func(s *seenRows) bool {
		return s.mem == key.mem && s.signed == key.signed && s.scale == key.scale && s.k == key.k && slices.Equal(s.base, key.base) && slices.Equal(s.terms, key.terms) && s.turn == key.turn
	})
	if i < 0 {
		if len(l.seen) == maxSeen {
			l.seen = slices.Delete(l.seen, 0, 1)
		}
		i = len(l.seen)
		l.seen = append(l.seen, &key)
	}
	u := &reuse{seenRows: l.seen[i], l: l, rs: l.room.lists.take(l.geo.u)}
	part := &l.sh.Values[addr.leaf].Part
	for p := range l.geo.u {
		u.at[p] = c + uint32(part[p])
		u.rs[p] = l.made(u.seenRows, u.at[p])
		u.some = u.some || u.rs[p] != 0
	}
	return u
}

// sumOf adds coef times v to the terms of s, which are in order, and returns the
// constant to add.
func (l *lower) sumOf(s *seenRows, v ir.Value, coef uint32, depth int) (c uint32, ok bool) {
	if k, ok := l.sh.Constant(v); ok {
		return coef * uint32(k), true
	}
	d := l.sh.Defs[v]
	if d == nil || depth == 0 || d.Type != ir.I32 {
		return l.addTerm(s, v, coef)
	}
	both := func(second uint32) (uint32, bool) {
		a, isA := l.sumOf(s, d.Args[0], coef, depth-1)
		b, isB := l.sumOf(s, d.Args[1], second, depth-1)
		return a + b, isA && isB
	}
	switch d.Op {
	case ir.OpAdd:
		return both(coef)
	case ir.OpSub:
		return both(-coef)
	case ir.OpMul:
		for i, x := range d.Args {
			if k, ok := l.sh.Constant(x); ok {
				return l.sumOf(s, d.Args[1-i], coef*uint32(k), depth-1)
			}
		}
	case ir.OpShl:
		if k, ok := l.sh.Constant(d.Args[1]); ok {
			return l.sumOf(s, d.Args[0], coef<<(k&31), depth-1)
		}
	case ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax:
		if l.guess != nil && l.guess.early[d.ID] {
			if i := unclamped(l.sh, d); i >= 0 {
				return l.sumOf(s, d.Args[i], coef, depth-1)
			}
		}
	}
	return l.addTerm(s, v, coef)
}

// addTerm adds coef times v, of which no more is known, to the terms of s, unless there
// are too many. What counts the turns of a loop that are lowered one after the other is
// what it is in the first of them and a constant.
func (l *lower) addTerm(s *seenRows, v ir.Value, coef uint32) (c uint32, ok bool) {
	if t := l.turns; t != nil && !before(t.loop, v) {
		if v == t.k && t.step != 0 {
			c = coef * uint32(t.step) * uint32(l.turnsDone)
		} else {
			s.turn = l.turnsDone + 1
		}
	}
	i, found := slices.BinarySearchFunc(s.terms, v, func(t term, v ir.Value) int { return int(t.v) - int(v) })
	if found {
		s.terms[i].coef += coef
		return c, true
	}
	s.terms = slices.Insert(s.terms, i, term{v, coef})
	return c, len(s.terms) <= maxTerms
}

// made returns a register with the row that begins at at, 0 if there can be none: one
// that has been loaded, or made of two such.
func (l *lower) made(s *seenRows, at uint32) vreg {
	if r := s.row(at); r != 0 {
		return r
	}
	n := (at - s.phase) % uint32(l.geo.v)
	low, high := s.row(at-n), s.row(at-n+uint32(l.geo.v))
	if n == 0 || low == 0 || high == 0 {
		return 0
	}
	d := l.reg(vector)
	l.emit(ins{op: lSlide, imm: int64(l.geo.v) - int64(n), d: l.list(d), s: l.list(high, low), early: true})
	l.slides = true
	return d
}

// row returns the row that begins at at, 0 if there is none.
func (s *seenRows) row(at uint32) vreg {
	for _, x := range s.rows {
		if x.at == at {
			return x.r
		}
	}
	return 0
}

// load loads what has not been loaded, a number of parts at a time, and returns all
// parts.
func (u *reuse) load(piece func(p, parts, different int) []vreg) []vreg {
	s, lanes := u.seenRows, uint32(u.l.geo.v)
	if !u.some {
		s.phase = u.at[0] % lanes
	}
	for p := 0; p < len(u.rs); {
		n := 0
		for p+n < len(u.rs) && u.rs[p+n] == 0 {
			n++
		}
		if n > 0 {
			copy(u.rs[p:], piece(p, n, n))
		}
		for q := range n {
			if at := u.at[p+q]; (at-s.phase)%lanes == 0 && s.row(at) == 0 {
				s.rows = append(s.rows, seenRow{at, u.rs[p+q]})
			}
		}
		p += max(n, 1)
	}
	if n := len(s.rows) - maxRows; n > 0 {
		s.rows = slices.Delete(s.rows, 0, n)
	}
	return u.rs
}

// sinkSlides makes rows where they are wanted if that is in one place, so that they do
// not take registers before.
func (l *lower) sinkSlides() {
	n := len(l.regs)
	uses, defs, user := l.room.numbers(n), l.room.numbers(n), l.room.numbers(n)
	block := l.room.numbers(len(l.code))
	for i := range l.code {
		in := &l.code[i]
		if i > 0 {
			block[i] = block[i-1]
		}
		if in.op == lLabel || in.op == lLoop || in.op == lEnd {
			block[i]++
		}
		for _, s := range in.s {
			if s > 0 {
				uses[s]++
				user[s] = int32(i)
			}
		}
		for _, d := range in.d {
			defs[d]++
		}
	}
	once := func(r vreg) bool { return r < 0 || defs[r] == 1 } // a row that is known is a constant
	code := make([]ins, 0, len(l.code))
	later := map[int32][]int{} // what goes before an instruction
	for i := range l.code {
		in := &l.code[i]
		for _, j := range later[int32(i)] {
			code = append(code, l.code[j])
		}
		if in.op == lSlide {
			d, at := in.d[0], user[in.d[0]]
			if uses[d] == 1 && defs[d] == 1 && once(in.s[0]) && once(in.s[1]) && block[i] == block[at] {
				later[at] = append(later[at], i)
				continue
			}
		}
		code = append(code, *in)
	}
	l.code = code
}
