// Package ir is the intermediate representation that kernels are lowered to
// and that engines run. It is typed, structured and scalar: vectors and
// aggregates have been split, calls have been inlined, and control flow is
// nested regions, never a graph. It knows no source language and no device.
//
// # Values
//
// A [Func] is one kernel as seen by one thread. A [Value] is defined once, by
// one [Instr], and may be used only inside the region that defines it and the
// regions nested in it. What leaves a region leaves it as an argument of the
// terminator that leaves it. So a value may be computed for threads that are
// not active: nobody will look. Only memory accesses, atomics, group
// operations and terminators care which threads are active.
//
// A [Var] is a mutable scalar of one thread, read by OpVarGet and written by
// OpVarSet. A front end may put every local variable of its source into Vars;
// package opt turns them into values.
//
// # Pointers
//
// A pointer is two values: a Ref, which names a piece of memory ([Mem]), and
// an I64 byte offset into it. A Ref is nearly always an OpMem of a declared
// Mem and so known before the kernel runs. A pointer that is stored in memory
// is one I64, a device address: OpAddr makes it, OpResolveRef and
// OpResolveOffset take it apart.
//
// # Textures
//
// A texture or sampler is an I64 that names it: OpTexture and OpSampler give
// those of the kernel's own ([Func.Textures], [Func.Samplers]), and one that is
// kept in memory, in an argument buffer say, is loaded from there like any
// number; 0 is no texture. So textures are copied, chosen and passed as values
// are. Operations on them take the coordinates as scalars, in the order that a
// [TexMode] in Imm says, and those that read have four results, in Outs. They
// stay where they are: two textures may be the same memory.
//
// # Control flow
//
//	If cond {…} else {…}   both arms end in Yield, Break or Continue
//	Block {…}              ends in Yield; Break leaves it from within
//	Loop (init…) {…}       body parameters are carried; ends in Continue or Break
//
// Break and Continue name their target by depth: how many enclosing Blocks and
// Loops to pass (an If does not count), 0 being the innermost. The body of the
// function is the outermost Block; a Break that targets it ends the thread.
// The arguments of Yield and Break become the results of the construct; those
// of Continue become the parameters of the loop's next turn.
//
// # Threads
//
// OpBarrier waits for all threads of the threadgroup. Group operations
// (shuffles, reductions, ballots) see the active threads of a SIMD group: 32
// consecutive threads in order of OpBuiltin ThreadIndexInThreadgroup.
package ir
