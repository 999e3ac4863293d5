// Package dispatch launches kernels again and again: the hot loop.
//
// A [Dispatcher] works on a gpu.Queue. [Dispatcher.Dispatch] is one launch, [Dispatcher.Batch]
// many in one command buffer, [Dispatcher.BatchAsync] the same without waiting,
// [Dispatcher.Pipeline] a loop that records the next batches while the device works on those
// before them, and [Dispatcher.Record] keeps a batch that is the same each time.
//
// A batch is recorded into a list of messages in memory that is used again, and crosses to Metal
// as one call. Recording, running and waiting allocate nothing once the memory has its size:
// Futures are made 64 at a time. Nothing reaches the device before the whole batch is recorded and
// found right, with the checks of package gpu, whose errors these are: *gpu.LaunchError and
// *gpu.CommandError.
//
// What a batch binds is kept alive until the device is done with it, whatever is closed.
//
// # Concurrency
//
//	Dispatcher, Recording   any goroutine
//	Future                  any goroutine
//	Batch                   the function that records it
//
// Batches of several goroutines run in the order in which they were recorded to the end. A
// function that records a batch may use another batch of the same dispatcher.
package dispatch
