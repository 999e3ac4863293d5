// Package simt runs kernels in the form of package ir on the processors of
// this machine: many threads, one instruction stream. It knows no source
// language and no device; memory comes to it as pointers and lengths.
//
// # A threadgroup is a vector
//
// [Compile] turns an [ir.Func] into a [Program]; a [Launch] runs it over a
// grid. All threads of a threadgroup advance together: every operation runs
// over the lanes of the whole group before the next one starts. So a barrier
// costs nothing, and where threads part ways a bitmap says which lanes are
// active. Group operations are operations on neighbouring lanes.
//
// A register knows what it holds: one value for all lanes (uniform), a value
// that is linear in the thread's position in its group (affine), or a value a
// lane (vector). Uniform values are computed once; loads and stores at affine
// addresses are runs of memory, checked once against the bounds of the memory
// they name.
//
// # Two tiers
//
// All kernels run on an interpreter, plain Go loops over lanes. Where there is a
// code generator for the system (package jit), a kernel that has been
// interpreted for as long as compiling it takes is compiled, for the extent its
// threadgroups have. Both give the same bits, but for which NaN a NaN is. The
// environment variable ARUMINIUM_ENGINE chooses: see [EngineVariable].
//
// # What a kernel cannot do
//
// A kernel reaches nothing but the memory bound to it. An access outside of it,
// a kernel that does not end, or memory that is not bound ends the launch with
// a [Fault] that says which thread did what, where.
//
// # Order
//
// Threadgroups run in any order and at the same time. Inside one, an operation
// takes its lanes in order of thread_index_in_threadgroup: of two stores to the
// same place by one instruction, the higher lane's stays. Machine code takes a
// chunk of lanes from barrier to barrier before the next, so threads that race
// may see another order than the interpreter's, and of several faults another may
// be the one that is told.
package simt
