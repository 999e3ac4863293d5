// Package cpumetal is a Metal device that is made of the machine's processors.
//
// The core is plain Go: [Device], [Buffer], [Library], [Pipeline], [Queue],
// [CommandBuffer] and its encoders, [Event]. Encoders write commands into their
// command buffer; a queue runs committed command buffers in order on one
// goroutine that lives only while there is work, and the engine spreads each
// dispatch over the processors. Thin tables of selectors (the files class_*.go)
// show the core as Objective-C objects that answer Metal's protocols.
//
// What it promises
//
//   - It behaves as Metal documents, limits included: SIMD groups of 32, 1024
//     threads and 32 KiB of threadgroup memory a group, at most 4 KiB in
//     setBytes, 31 buffer arguments, 64 command buffers a queue.
//   - Nothing a kernel does touches memory outside the buffers it was given: a
//     fault becomes the command buffer's error and names kernel, argument, index
//     and line.
//   - Misuse that Metal answers with an exception becomes an error of the command
//     buffer: the first one is kept and nothing of that command buffer is run.
//   - What a command buffer uses lives until it has completed, also with
//     unretained references.
//
// # GPU families
//
// No MTLGPUFamily is reported. A family promises rendering, of which this device
// has none; what it has is told by its limits and by what it accepts.
//
// # Textures
//
// All types of textures and the pixel formats that Metal requires of compute are
// there, samplers and heaps too; package texel says how texels are converted and
// sampled. Compressed, planar and combined depth and stencil formats are not, nor
// are shared textures and IOSurfaces: methods that make them answer nil. A texture
// lies in memory row by row, and in an argument buffer its resource ID stands for
// it; what kernels reach by ID has to be made known by useResource:usage: or
// useHeap:, as on a GPU.
//
// # Counters
//
// The one counter set is the clock, sampled at both ends of encoders, in nanoseconds
// since boot.
//
// # Selectors of its own
//
// Its queues and command buffers answer a few selectors that Metal does not have,
// which begin with cpu: to run a command buffer on the goroutine that waits for
// it, and to run one again without encoding it again.
//
// # Environment
//
// ARUMINIUM_TIMEOUT is how long one threadgroup may run before its command
// buffer fails with MTLCommandBufferErrorTimeout, as [time.ParseDuration] reads
// it; 5s if it is not set or no positive duration. A dispatch that has run as
// long and is bound to take 60 times as long, 5 minutes, fails in the same way.
//
// # Goroutines
//
// Device, Library, Function, Pipeline, Queue, Buffer and Event may be used from
// any goroutine. A command buffer and its encoders are used by one at a time,
// but status, waits and handlers of a command buffer work from any.
package cpumetal
