package gpu

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// The errors that callers may want to tell apart, for errors.Is. What a function returns
// says more and wraps one of these.
var (
	ErrNoDevice    = errors.New("no Metal device")
	ErrClosed      = launch.ErrClosed // used after Close, Finish or Submit
	ErrPrivate     = errors.New("private memory: the CPU has no access")
	ErrNotFound    = errors.New("not found")
	ErrTimeout     = launch.ErrTimeout     // work took too long: the device stopped it, or a wait of limited time ended
	ErrMemory      = launch.ErrMemory      // out of memory
	ErrPageFault   = launch.ErrPageFault   // a kernel touched memory that is not bound
	ErrDeviceLost  = launch.ErrDeviceLost  // the device was removed or taken away
	ErrSkipped     = launch.ErrSkipped     // not run, since work before it failed: look there
	ErrUnsupported = launch.ErrUnsupported // the device or the system does not have it
)

// A LaunchError is a launch that Metal would have refused or, worse, run as nothing:
// a grid or threadgroup past a limit, an argument that is not bound or does not fit.
// Nothing of the Commands it belongs to is given to the device.
type LaunchError struct {
	Kernel string // the kernel's name; empty if no pipeline was bound
	Grid   Size   // threads; for LaunchGroups threadgroups; zero for LaunchIndirect and while binding
	Group  Size   // threads per threadgroup; zero while binding
	Reason string // what is wrong and what would be right
	Err    error  // ErrClosed, ErrUnsupported… or nil
}

func (e *LaunchError) Error() string {
	kernel := e.Kernel
	if kernel == "" {
		kernel = "(no pipeline)"
	}
	var b strings.Builder
	b.WriteString("gpu: ")
	if e.Grid != (Size{}) || e.Group != (Size{}) {
		b.WriteString("launch of ")
	}
	b.WriteString(kernel)
	if e.Grid != (Size{}) {
		fmt.Fprintf(&b, ", grid %v", e.Grid)
	}
	if e.Group != (Size{}) {
		fmt.Fprintf(&b, ", group %v", e.Group)
	}
	b.WriteString(": ")
	b.WriteString(e.Reason)
	return b.String()
}

func (e *LaunchError) Unwrap() error { return e.Err }

// A CommandError is the failure of work that the device had begun, or refused to begin: the error
// of a command buffer.
type CommandError struct {
	Op       string        // what reported it: "Wait", "Sync", "Run", "Batch"…
	Label    string        // the label of the Commands, if any
	Domain   string        // MTLCommandBufferErrorDomain, as a rule
	Code     int           // MTLCommandBufferError
	Msg      string        // the device's own words; the CPU device names kernel, argument, index and line
	Encoders []EncoderInfo // how far each encoder came, where the device tells
	Err      error         // one of the sentinels, or nil
}

func (e *CommandError) Error() string {
	var b strings.Builder
	b.WriteString("gpu: ")
	b.WriteString(e.Op)
	if e.Label != "" {
		fmt.Fprintf(&b, " of %q", e.Label)
	}
	b.WriteString(": ")
	switch {
	case e.Msg != "":
		b.WriteString(e.Msg)
		if e.Err != nil {
			fmt.Fprintf(&b, " (%v)", e.Err)
		}
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		fmt.Fprintf(&b, "%s %d", e.Domain, e.Code)
	}
	for i, enc := range e.Encoders {
		if len(e.Encoders) > 1 && (enc.State == EncoderFaulted || enc.State == EncoderAffected) {
			fmt.Fprintf(&b, "; encoder %d of %d %v", i+1, len(e.Encoders), enc.State)
			if enc.Label != "" {
				fmt.Fprintf(&b, " (%s)", enc.Label)
			}
		}
	}
	return b.String()
}

func (e *CommandError) Unwrap() error { return e.Err }

// EncoderInfo is what a failed command buffer tells of one encoder, as MTLCommandBufferEncoderInfo
// does.
type EncoderInfo struct {
	Label string
	State EncoderState
}

// EncoderState is how far an encoder's commands came, MTLCommandEncoderErrorState.
type EncoderState int

const (
	EncoderUnknown EncoderState = iota
	EncoderCompleted
	EncoderAffected // it may have been hit by another's fault
	EncoderPending  // it had not begun
	EncoderFaulted  // it is the culprit
)

func (s EncoderState) String() string {
	switch s {
	case EncoderCompleted:
		return "completed"
	case EncoderAffected:
		return "affected"
	case EncoderPending:
		return "pending"
	case EncoderFaulted:
		return "faulted"
	}
	return "unknown"
}

// public turns an error of the shared recording code into one of this package's.
func public(err error, op string) error {
	switch e := err.(type) {
	case *launch.Error:
		return &LaunchError{Kernel: e.Kernel, Grid: Size(e.Grid), Group: Size(e.Group), Reason: e.Reason, Err: e.Err}
	case *launch.Failure:
		ce := &CommandError{Op: op, Label: e.Label, Domain: e.Domain, Code: e.Code, Msg: e.Msg, Err: e.Err}
		for _, s := range e.Encoders {
			ce.Encoders = append(ce.Encoders, EncoderInfo{s.Label, EncoderState(s.State)})
		}
		return ce
	}
	return err
}
