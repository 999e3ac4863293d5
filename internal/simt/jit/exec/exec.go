// Package exec makes generated machine code runnable and calls it.
//
// Memory is never writable and executable at the same time. Where a process
// may make written pages executable, code is written to fresh pages that then
// change from writable to executable; where that is forbidden (systemd's
// MemoryDenyWriteExecute), the same pages are mapped twice. Where neither is
// allowed, New fails, and the caller must do without.
//
// Code runs on the stack of the calling goroutine. It must not move the stack
// pointer. On amd64 it gets the address of its context in R15, and may change all
// registers but BP; on arm64 in R26, and may change all but R18, R28 and R29,
// and R30, where it returns to. While it runs, the goroutine cannot be
// preempted: it should return within some 50 µs, to a caller that is not a
// bare loop around Enter, and be entered again.
package exec

import (
	"errors"
	"sync"
)

// ErrUnsupported is returned where this package cannot run code at all.
var ErrUnsupported = errors.New("exec: cannot run generated code on this system")

// How tells how this process makes code executable: "mprotect", "memfd", or why
// it cannot.
var How = sync.OnceValue(probe)

// Runs reports whether New can work.
func Runs() bool { return How() == "mprotect" || How() == "memfd" }
