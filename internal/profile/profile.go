// Package profile is the switch between package gpu, where a program asks for
// labels in its profiles, and whoever sets them.
package profile

import "sync/atomic"

var labels atomic.Bool

// SetLabels turns labels on or off.
func SetLabels(on bool) { labels.Store(on) }

// Labels tells whether they are on.
func Labels() bool { return labels.Load() }
