// Package shape finds out how the values of a kernel differ between the threads
// of a threadgroup: which are the same for all of them, and which advance by a
// known step from one thread to the next. An engine that runs many threads with
// one instruction keeps the former in one place and turns accesses at the latter
// into runs of memory.
//
// # What a shape says
//
// Threads are taken in order of thread_index_in_threadgroup. A run is a set of
// consecutive threads that, as the shape's Across tells, lie in one row of the
// threadgroup (they have the same y and z), or in one SIMD group, or both. If a
// value of w bits is not varying, then for any two threads i and j of a run
//
//	v(j) = v(i) + Stride*(j-i)  modulo 2**w
//
// provided that both execute the instruction that defines v, in the same turn of
// each Loop around it. Nothing is said of threads that are elsewhere, nor of one
// thread at different times: a carried value that is uniform has one value in each
// turn, for all threads that are still in the loop.
//
// Floats, Bools and Refs, and results of loads, have no stride but 0.
//
// # Extensions
//
// A 32-bit index is affine modulo 2**32, and its extension to the 64 bits of an
// offset is affine only where it does not wrap. Where that is not known the
// extended value has the shape it would have, with Wrap naming the narrow value
// it depends on: the shape holds for the threads i to j of a run if Wrap's value
// does not wrap on the way, that is, if for integers without bounds
//
//	e(i) + stride(Wrap)*(j-i)
//
// still fits the type of Wrap, where e(i) is Wrap's value of thread i read as a
// signed integer if Signed is set, else as an unsigned one. An engine checks it
// once for a vector, at its first thread, and otherwise takes the value lane by
// lane. If Wrap is NoValue, there is nothing to check.
//
// # Races
//
// A load from memory that threads share, at a uniform address, is taken to give
// all threads the same: that another thread of the group writes there without a
// barrier between is a race, which has no defined result. Atomic loads vary.
package shape

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// MaxThreads is the largest threadgroup for which shapes hold.
const MaxThreads = 1024

// Across tells between which threads a value may differ by more than its stride.
type Across uint8

const (
	Rows    Across = 1 << iota // of different rows: another y or z in the threadgroup
	Simds                      // of different SIMD groups
	Threads                    // any
)

// A Shape tells how a value differs between threads; see the package comment.
// The zero Shape is uniform.
type Shape struct {
	Stride int64    // 0 if varying
	Wrap   ir.Value // what the shape depends on; NoValue if it always holds
	Signed bool     // how Wrap is extended
	Across Across
}

var varying = Shape{Across: Threads}

// Uniform reports whether all threads of the threadgroup have the same value.
func (s Shape) Uniform() bool { return s.Stride == 0 && s.Across == 0 }

// UniformInSimd reports whether all threads of a SIMD group have the same value.
func (s Shape) UniformInSimd() bool { return s.Stride == 0 && s.Across&^Simds == 0 }

// UniformInRow reports whether all threads of a row have the same value.
func (s Shape) UniformInRow() bool { return s.Stride == 0 && s.Across&^Rows == 0 }

// Varying reports whether nothing is known.
func (s Shape) Varying() bool { return s.Across&Threads != 0 }

// String returns "uniform", "varying", or the stride, what the value differs
// across and the value that must not wrap: "+4 rows if %7 does not wrap".
func (s Shape) String() string {
	switch {
	case s.Varying():
		return "varying"
	case s.Uniform():
		return "uniform"
	}
	out := fmt.Sprintf("%+d", s.Stride)
	if s.Across&Rows != 0 {
		out += " rows"
	}
	if s.Across&Simds != 0 {
		out += " simds"
	}
	if s.Wrap != ir.NoValue {
		how := "zext"
		if s.Signed {
			how = "sext"
		}
		out += fmt.Sprintf(" if %s %%%d does not wrap", how, s.Wrap)
	}
	return out
}

// Kind tells how the threads of a run access memory.
type Kind uint8

const (
	General    Kind = iota // at any address each
	Broadcast              // all at the same address
	Contiguous             // at consecutive elements, upwards
	Strided                // Stride bytes apart, which is not the size of an element
)

var kindNames = [...]string{"general", "broadcast", "contiguous", "strided"}

func (k Kind) String() string { return kindNames[k] }

// Info has the shapes of a kernel.
type Info struct {
	f      *ir.Func
	Values []Shape // by Value
	leave  []Across
}

// Access returns how the threads of a run access memory by in, a load, a store
// or an atomic, and the shape of the byte offset, to which in.Imm is to be added.
// The Ref is the same for the whole run unless the kind is General.
func (s *Info) Access(in *ir.Instr) (Kind, Shape) {
	ref, at := s.Values[in.Args[0]], s.Values[in.Args[1]]
	if ref.Varying() || at.Varying() {
		return General, varying
	}
	at.Across |= ref.Across
	switch at.Stride {
	case 0:
		return Broadcast, at
	case int64(in.Type.Size()):
		return Contiguous, at
	}
	return Strided, at
}

// Condition returns which threads an If parts: 0 if all threads that reach it
// take the same arm, Rows or Simds if those of a row or of a SIMD group do.
func (s *Info) Condition(in *ir.Instr) Across { return s.Values[in.Args[0]].Across }

// Leave returns which threads may leave a Loop in different turns, or a Block by
// different ways: 0 if all that entered it leave together.
func (s *Info) Leave(in *ir.Instr) Across { return s.leave[in.ID] }
