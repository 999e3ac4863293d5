package gpu

import "github.com/aruminium-go/aruminium/internal/launch"

// Internal is for package dispatch, which records into the same call lists as this package does.
// Its methods take an argument that only this module can make.
var Internal internal

type internal struct{}

// Queue is the queue that runs recorded programs.
func (internal) Queue(_ launch.Key, q *Queue) *launch.Queue {
	if q == nil {
		return nil
	}
	return q.h.run
}

// Kernel is what an encoder binds for p.
func (internal) Kernel(_ launch.Key, p *Pipeline) *launch.Kernel { return p.launchKernel() }

// Buffer is what an encoder binds for b.
func (internal) Buffer(_ launch.Key, b *Buffer) *launch.Buffer { return b.launchBuffer() }

// Error is err as this package shows it; op is what reports it.
func (internal) Error(_ launch.Key, err error, op string) error { return public(err, op) }
