package gpu

import (
	"log/slog"
	"sync/atomic"
)

var logTo atomic.Pointer[slog.Logger]

// SetLogger sends what the package has to say, objects that were never closed above all, to l.
// With nil, as at the start, the package is silent.
func SetLogger(l *slog.Logger) { logTo.Store(l) }

func logger() *slog.Logger {
	if l := logTo.Load(); l != nil {
		return l
	}
	return silent
}

var silent = slog.New(slog.DiscardHandler)
