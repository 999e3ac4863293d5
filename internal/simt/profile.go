package simt

import (
	"context"
	"runtime/pprof"
	"runtime/trace"
	"time"

	"github.com/aruminium-go/aruminium/internal/profile"
)

// told tells profiles and traces that the goroutine works on p until the
// function that it returns is called; nil if nobody wants to know. The goroutine
// is one that has no labels of its own.
func (p *Program) told() (end func()) {
	labels, traced, watch := profile.Labels(), trace.IsEnabled(), profile.Watching()
	if !labels && !traced && watch == nil {
		return nil
	}
	ctx := context.Background()
	if labels {
		pprof.SetGoroutineLabels(pprof.WithLabels(ctx, pprof.Labels("kernel", p.name)))
	}
	region := trace.StartRegion(ctx, "kernel "+p.name)
	begun := time.Now()
	return func() {
		if watch != nil {
			watch(p.name, begun, time.Now())
		}
		region.End()
		if labels {
			pprof.SetGoroutineLabels(ctx)
		}
	}
}
