package simt

import (
	"context"
	"runtime/pprof"
	"runtime/trace"

	"github.com/aruminium-go/aruminium/internal/profile"
)

// told tells profiles and traces that the goroutine works on p until the
// function that it returns is called; nil if nobody wants to know. The goroutine
// is one that has no labels of its own.
func (p *Program) told() (end func()) {
	labels, traced := profile.Labels(), trace.IsEnabled()
	if !labels && !traced {
		return nil
	}
	ctx := context.Background()
	if labels {
		pprof.SetGoroutineLabels(pprof.WithLabels(ctx, pprof.Labels("kernel", p.name)))
	}
	region := trace.StartRegion(ctx, "kernel "+p.name)
	return func() {
		region.End()
		if labels {
			pprof.SetGoroutineLabels(ctx)
		}
	}
}
