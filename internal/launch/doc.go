// Package launch is what packages gpu and dispatch share: the recording of command buffers into
// call lists, the checks that a launch must pass, the run of a list as one command buffer
// with its completion, and the lifetimes of what a run needs.
//
// A Program is recorded, by an Encoder and a Copier, without any message to the device: what is
// wrong is found while recording, so nothing wrong is ever committed. Queue.Run sends it in one
// crossing as a Flight, which ends in the completion handler. A program that was run may be run
// again, or emptied and recorded anew, while the flight is still in the air: Metal has copied what
// it needs.
package launch
