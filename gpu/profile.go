package gpu

import "github.com/aruminium-go/aruminium/internal/profile"

// SetProfileLabels turns labels for runtime/pprof on or off: goroutines of the CPU device that work
// on a kernel carry "kernel" with its name, so that a CPU profile can be divided by kernels
// (go tool pprof -tags, or -tagfocus=kernel=NAME), and a goroutine in a wait with a context carries
// "gpu" with "wait" beside the context's own labels, which it has again afterwards.
//
// With labels on, a kernel never runs on the goroutine that waits for it, which may have labels of
// its own: short launches take a little longer. Off, as they are at first, they cost nothing.
//
// The regions of runtime/trace, "gpu.wait" and "kernel NAME", are there whenever a trace is
// written.
func SetProfileLabels(on bool) { profile.SetLabels(on) }
