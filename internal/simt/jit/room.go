package jit

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// A room is memory that one compilation leaves to the next: what a kernel becomes
// on its way to machine code is large, and gone at the end of it.
type room struct {
	code  []ins
	regs  []vinfo
	vals  []value
	lists []vreg // where lists of registers come from: from its length on it is free
	ints  []int32
	asm   any // of the backend that was here last; see asmOf
	sight foresight

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
	r.lists, r.ints = r.lists[:0], r.ints[:0]
	l.splats = r.numbers(len(l.f.Values))
	if r.known == nil {
		r.known, r.patterns, r.limits = map[[64]byte]vreg{}, map[pattern]vreg{}, map[limitKey]int32{}
	}
	clear(r.known)
	clear(r.patterns)
	clear(r.limits)
	l.known, l.patterns, l.limit = r.known, r.patterns, r.limits
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
func (l *lower) space(n int) []vreg {
	r := l.room
	if len(r.lists)+n > cap(r.lists) {
		r.lists = make([]vreg, 0, max(1024, 2*cap(r.lists), n))
	}
	at := len(r.lists)
	r.lists = r.lists[:at+n]
	return r.lists[at : at : at+n]
}

// numbers returns n zeros that last as long as the compilation.
func (r *room) numbers(n int) []int32 {
	if len(r.ints)+n > cap(r.ints) {
		r.ints = make([]int32, 0, max(4096, 2*cap(r.ints), n))
	}
	at := len(r.ints)
	r.ints = r.ints[:at+n]
	is := r.ints[at : at+n : at+n]
	clear(is)
	return is
}
