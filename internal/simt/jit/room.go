package jit

import (
	"sync"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// A room is memory that one compilation leaves to the next: what a kernel becomes
// on its way to machine code is large, and gone at the end of it.
type room struct {
	code  []ins
	regs  []vinfo
	vals  []value
	lists store[vreg]
	ints  store[int32]
	words store[uint32]
	longs store[int64]
	lanes store[uint64]
	forms store[access]
	asm   any // of the backend that was here last; see asmOf
	sight foresight
	sums  []int32 // see allocate

	plain    bool          // rows are not made of others: registers do not do for that
	shapes   [2]shape.Info // of the kernel, and of what is guessed of it
	known    map[[64]byte]vreg
	patterns map[pattern]vreg
	limits   map[limitKey]int32
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// give gives l the memory.
func (r *room) give(l *lower) {
	l.room = r
	l.code, l.regs = r.code[:0], append(r.regs[:0], vinfo{})
	if n := len(l.f.Values); cap(r.vals) < n {
		r.vals = make([]value, n+n/2)
	}
	l.vals = r.vals[:len(l.f.Values)]
	r.lists.empty()
	r.ints.empty()
	r.words.empty()
	r.longs.empty()
	r.lanes.empty()
	r.forms.empty()
	l.splats = r.numbers(len(l.f.Values))
	r.known, r.patterns, r.limits = emptied(r.known), emptied(r.patterns), emptied(r.limits)
	l.known, l.patterns, l.limit = r.known, r.patterns, r.limits
}

// emptied returns a map with nothing in it: m, unless so much was that it takes long to
// clear.
func emptied[K comparable, V any](m map[K]V) map[K]V {
	if m == nil || len(m) > 128 {
		return map[K]V{}
	}
	clear(m)
	return m
}

// take takes the memory of l, which is done with.
func (r *room) take(l *lower) {
	for _, s := range l.sites {
		s.cells, s.outs = nil, nil
	}
	clear(l.code)
	clear(l.vals)
	r.code, r.regs = l.code[:0], l.regs[:0]
}

// asmOf returns the encoder that the last compilation has left, or a new one if that
// was for another processor. Its code is good until the next compilation.
func asmOf[T any](r *room) *T {
	if a, ok := r.asm.(*T); ok {
		return a
	}
	a := new(T)
	r.asm = a
	return a
}

// list returns a copy of a list that lasts as long as the compilation.
func (l *lower) list(vs ...vreg) []vreg {
	if len(vs) == 0 {
		return nil
	}
	return append(l.space(len(vs)), vs...)
}

// space returns an empty list that can hold n registers, as long as the
// compilation lasts.
func (l *lower) space(n int) []vreg { return l.room.lists.take(n)[:0] }

// numbers returns n zeros that last as long as the compilation.
func (r *room) numbers(n int) []int32 { return r.ints.take(n) }

// perLane returns a zero for each lane of a vector, which lasts as long as the
// compilation.
func (l *lower) perLane() []uint64 { return l.room.lanes.take(l.geo.v) }

// A store is where pieces of memory come from that last as long as a compilation.
type store[T any] struct {
	piece []T // what there is at a time: from its length on it is free
}

// take returns n zeros.
func (s *store[T]) take(n int) []T {
	at := len(s.piece)
	if at+n > cap(s.piece) {
		at = 0
		s.piece = make([]T, 0, max(leastPiece/int(unsafe.Sizeof(*new(T))), 2*cap(s.piece), n))
	}
	s.piece = s.piece[:at+n]
	zeros := s.piece[at : at+n : at+n]
	clear(zeros)
	return zeros
}

// leastPiece is how many bytes a piece has at first.
const leastPiece = 8 << 10

// empty takes all back.
func (s *store[T]) empty() { s.piece = s.piece[:0] }
