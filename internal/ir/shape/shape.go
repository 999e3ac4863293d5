// Package shape finds out how the values of a kernel differ between the threads
// of a threadgroup: which are the same for all of them, and which advance by a
// known step from one thread to the next. An engine that runs many threads with
// one instruction keeps these in one place and turns accesses at such offsets
// into rows of memory; the passes of package opt decide by them what is cheap.
//
// # What a shape says
//
// Threads are taken in order of thread_index_in_threadgroup, a vector of lanes at
// a time, and several vectors, the parts of a chunk, together. How the threads of
// a group lie in vectors is what a [Group] tells. If a value of w bits is Linear,
// then for lane i of part p of a chunk
//
//	v(p, i) = first + Part[p] + Step*i  modulo 2**w
//
// with first the same for the whole chunk, or, if Each is set, one for each part,
// and then Part counts for nothing. That holds for all threads of the chunk that
// execute the instruction which defines v, in the same turn of each Loop around it.
// A Uniform value is the same for all threads of the group that do. Nothing is
// said of one thread at different times: a carried value that is uniform has one
// value in each turn, for all threads that are still in the loop.
//
// Only integers of 32 bits are linear, and those of 64 that are the same in all
// lanes of a part: an offset in bytes has its steps from the index it is made of,
// see [Info.Stride].
//
// # Races
//
// A load from memory that threads share, at a uniform address, is taken to give
// all threads the same: that another thread of the group writes there without a
// barrier between is a race, which has no defined result. Atomic loads vary.
package shape

import (
	"fmt"
	"strings"
)

// MaxParts is how many vectors a chunk may have.
const MaxParts = 16

// A Shape tells how the values of the threads of a group relate; see the package
// comment.
type Shape struct {
	Kind Kind
	Each bool    // of a Linear value: the parts have scalars of their own, and Part counts for nothing
	Step int64   // of a Linear value: from lane to lane of a vector
	Part Offsets // of a Linear value: what is added for each part of a chunk
}

// Offsets are what a linear value has more in each part of a chunk than in the
// first.
type Offsets [MaxParts]int32

// Kind is what sort of shape it is. Kinds are in order: greater ones promise less.
type Kind uint8

const (
	Unknown Kind = iota // never computed, as far as is known
	Uniform             // the same in all threads of the group
	Linear              // a scalar a part, plus Step times the lane
	Varying             // anything
)

var (
	varying = Shape{Kind: Varying}
	same    = Shape{Kind: Uniform}
)

// Flat reports whether all lanes of a vector have the same value.
func (s Shape) Flat() bool { return s.Kind <= Uniform || s.Kind == Linear && s.Step == 0 }

// Shared reports whether all lanes of a chunk have the same value.
func (s Shape) Shared() bool { return s.Flat() && !s.Each && s.Part == Offsets{} }

// String returns the kind of s, or of a linear one the step and how its parts
// differ: "+4 each", "+1 parts 0 8 16 24".
func (s Shape) String() string {
	switch {
	case s.Kind != Linear:
		return [...]string{"unknown", "uniform", "linear", "varying"}[s.Kind]
	case s.Each:
		return fmt.Sprintf("%+d each", s.Step)
	case s.Part == Offsets{}:
		return fmt.Sprintf("%+d", s.Step)
	}
	n := MaxParts
	for s.Part[n-1] == 0 {
		n--
	}
	return fmt.Sprintf("%+d parts %s", s.Step, strings.Trim(fmt.Sprint(s.Part[:n]), "[]"))
}

// Span returns the least and the greatest of so many parts from first on.
func (o *Offsets) Span(first, parts int) (least, most int64) {
	least, most = int64(o[first]), int64(o[first])
	for _, x := range o[first : first+parts] {
		least, most = min(least, int64(x)), max(most, int64(x))
	}
	return least, most
}

// MaxStep is more than any step, so that multiples of a lane's number do not grow out
// of hand.
const MaxStep = 1 << 20

// sum returns the shape of a sum, or of a difference if sign is -1, of linear or
// uniform values.
func sum(a, b Shape, sign int64) Shape {
	r := Shape{Kind: Linear, Step: a.Step + sign*b.Step, Each: a.Each || b.Each}
	for p := range r.Part {
		r.setPart(p, int64(a.Part[p])+sign*int64(b.Part[p]))
	}
	return r.check()
}

// scaled returns the shape of c times a linear or uniform value.
func scaled(a Shape, c int64) Shape {
	r := Shape{Kind: Linear, Each: a.Each}
	switch {
	case c < MaxStep && c > -MaxStep:
		r.Step = a.Step * c
		for p := range r.Part {
			r.setPart(p, int64(a.Part[p])*c)
		}
	case a.Step != 0:
		return varying
	default:
		r.Each = r.Each || a.Part != Offsets{}
	}
	return r.check()
}

func (s *Shape) setPart(p int, x int64) {
	if x <= -MaxStep*16 || x >= MaxStep*16 {
		s.Each = true
		return
	}
	s.Part[p] = int32(x)
}

func (s Shape) check() Shape {
	if s.Each {
		s.Part = Offsets{}
	}
	if s.Step >= MaxStep || s.Step <= -MaxStep {
		return varying
	}
	return s
}
