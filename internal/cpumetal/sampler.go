package cpumetal

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/texel"
)

// Sampler is a way to read textures. It never changes.
type Sampler struct {
	texel.Sampler
	label    string
	argument bool // it may be kept in argument buffers
}

// NewSampler returns a sampler, or what is wrong with its state.
// newSamplerStateWithDescriptor:
func (d *Device) NewSampler(s texel.SamplerState, label string, argument bool) (*Sampler, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	smp := &Sampler{texel.Sampler{ID: newResourceID(), SamplerState: s}, label, argument}
	if argument {
		samplers.add(smp.ID, smp)
	}
	return smp, nil
}

// Release takes the sampler out of the table that argument buffers are looked
// up in.
func (s *Sampler) Release() {
	if s.argument {
		samplers.remove(s.ID)
	}
}

// clamped returns the sampler with its level of detail clamped otherwise.
func (s *Sampler) clamped(lo, hi float32) *texel.Sampler {
	c := s.Sampler
	c.MinLOD, c.MaxLOD = lo, hi
	return &c
}

// samplers are those that argument buffers may name. Metal wants no
// useResource for samplers, so they are found in the whole process.
var samplers registry[*Sampler]

// registry finds living objects by their resource IDs.
type registry[T any] struct {
	mu sync.RWMutex
	m  map[uint64]T
}

func (r *registry[T]) add(id uint64, x T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.m == nil {
		r.m = make(map[uint64]T)
	}
	r.m[id] = x
}

func (r *registry[T]) remove(id uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.m, id)
}

func (r *registry[T]) find(id uint64) (x T, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	x, ok = r.m[id]
	return x, ok
}
