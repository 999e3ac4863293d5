package launch

import (
	"errors"
	"fmt"
	"time"
)

// The sentinels that package gpu shows under the same names.
var (
	ErrClosed      = errors.New("used after its end")
	ErrUnsupported = errors.ErrUnsupported
	ErrTimeout     = errors.New("it took too long")
	ErrMemory      = errors.New("out of memory")
	ErrPageFault   = errors.New("the GPU touched memory that is not bound")
	ErrDeviceLost  = errors.New("the device is gone")
	ErrSkipped     = errors.New("skipped because of an earlier failure")
)

// An Error is what package gpu shows as a LaunchError.
type Error struct {
	Kernel      string
	Grid, Group Size
	Reason      string
	Err         error
}

func (e *Error) Error() string { return e.Kernel + ": " + e.Reason }
func (e *Error) Unwrap() error { return e.Err }

// A Failure is how a command buffer failed; package gpu shows it as a CommandError.
type Failure struct {
	Label    string
	Domain   string
	Code     int
	Msg      string
	Encoders []EncoderState
	Err      error
}

func (f *Failure) Error() string { return f.Msg }
func (f *Failure) Unwrap() error { return f.Err }

// EncoderState is how far one encoder came.
type EncoderState struct {
	Label string
	State int // MTLCommandEncoderErrorState
}

// Outcome is what is left of a flight.
type Outcome struct {
	Err        error // a *Failure, or nil
	Start, End time.Duration
	Encoders   []EncoderTime // of a program that was timed
}

func misuse(op, format string, args ...any) error {
	return fmt.Errorf("gpu: %s: %w", op, fmt.Errorf(format, args...))
}
