//go:build unix

package turns

import (
	"syscall"
	"time"
)

// CPUTime returns the processor time that this process has used, of all its
// threads: what other programs on the machine do disturbs it least.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Duration(time.Now().UnixNano())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
