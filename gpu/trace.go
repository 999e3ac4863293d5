package gpu

import (
	"errors"
	"io"
	"os"
	"sync"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// StartTrace writes a timeline of what this package and package dispatch do from now on to w, as
// JSON that https://ui.perfetto.dev and chrome://tracing open. Its lanes, each with more rows where
// spans overlap:
//
//	record            from the beginning of a recording to its submission
//	queue N           the device's work on a command buffer, with its error if it failed
//	queue N encoders  and on its encoders, of Commands on devices that Commands.TimeEncoders works on
//	kernels           the CPU device's goroutines, by kernel
//	wait              goroutines that wait for work
//
// Command buffers are named by their label, or by their kernels. The caller keeps w until
// StopTrace, which also tells of errors of writing to it. At most one timeline is written at a time;
// another is an error. While none is written it costs nothing to speak of.
//
// With the environment variable ARUMINIUM_TRACE=FILE a timeline of the whole process is written to
// that file, from the first device on, up to the end of each wait and each command buffer: it opens, and is
// complete, however the process ends.
//
// Spans of the device are by its own clock, which is laid beside the program's at the end of the
// command buffer that is told of soonest: they lie right to some microseconds.
func StartTrace(w io.Writer) error {
	if w == nil {
		return errors.New("gpu: StartTrace: the writer is nil")
	}
	if launch.StartTimeline(w, launch.Stopped) == nil {
		return errors.New("gpu: StartTrace: a timeline is being written already")
	}
	return nil
}

// StopTrace ends the timeline and returns the first error of writing it. Without one it does
// nothing.
func StopTrace() error { return launch.StopTimeline() }

// traceFromEnvironment starts the timeline that ARUMINIUM_TRACE asks for.
var traceFromEnvironment = sync.OnceFunc(func() {
	path := os.Getenv("ARUMINIUM_TRACE")
	if path == "" {
		return
	}
	f, err := os.Create(path)
	if err != nil {
		logger().Warn("gpu: ARUMINIUM_TRACE: no timeline is written", "err", err)
		return
	}
	if launch.StartTimeline(f, launch.WithExit) == nil {
		f.Close()
	}
})
