//go:build linux || darwin

package simt_test

import (
	"syscall"
	"time"
)

// cpuTime returns how long the process has computed, which tells more than the
// clock on a machine that others use, too.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
