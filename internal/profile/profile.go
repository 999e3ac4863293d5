// Package profile is between package gpu, where a program asks for labels in its
// profiles and for timelines, and whoever provides for them.
package profile

import (
	"sync/atomic"
	"time"
)

var labels atomic.Bool

// SetLabels turns labels on or off.
func SetLabels(on bool) { labels.Store(on) }

// Labels tells whether they are on.
func Labels() bool { return labels.Load() }

// A Watch is told when a goroutine of the CPU device has worked on a kernel.
type Watch func(kernel string, from, to time.Time)

var watch atomic.Pointer[Watch]

// SetWatch sets who is told; nil for nobody.
func SetWatch(w Watch) {
	if w == nil {
		watch.Store(nil)
	} else {
		watch.Store(&w)
	}
}

// Watching returns who is told, or nil.
func Watching() Watch {
	if w := watch.Load(); w != nil {
		return *w
	}
	return nil
}
