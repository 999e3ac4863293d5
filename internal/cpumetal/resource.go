package cpumetal

import (
	"fmt"
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// Limits of the tables of a compute encoder.
const (
	maxTextures = 128
	maxSamplers = 16
)

// useTexture keeps t until the command buffer has completed, and lets kernels
// reach it by its ID.
func (cb *CommandBuffer) useTexture(t *Texture) {
	cb.use(t.storage)
	if t.usedBy.Load() != cb.serial {
		t.usedBy.Store(cb.serial)
		cb.textures = append(cb.textures, t)
	}
}

// textures are all that there are, by ID.
var textures registry[*Texture]

// resourceTable finds what a command buffer's argument buffers name: textures
// that were bound, passed to useResource:usage: or are in a heap passed to
// useHeap:, and any sampler.
type resourceTable struct {
	used  map[uint64]*texel.Texture
	heaps []*Heap
}

func (r *resourceTable) Texture(id uint64) *texel.Texture {
	if t := r.used[id]; t != nil {
		return t
	}
	if len(r.heaps) > 0 {
		if t, ok := textures.find(id); ok && slices.Contains(r.heaps, t.storage.heap) {
			return t.Texture
		}
	}
	return nil
}

func (*resourceTable) Sampler(id uint64) *texel.Sampler {
	if s, ok := samplers.find(id); ok {
		return &s.Sampler
	}
	return nil
}

// resources returns the table, made when a kernel first needs it: nothing is
// added any more while the commands run.
func (cb *CommandBuffer) resources() *resourceTable {
	if cb.reachable != nil {
		return cb.reachable
	}
	r := &resourceTable{used: make(map[uint64]*texel.Texture, len(cb.textures)), heaps: cb.heaps}
	for _, t := range cb.textures {
		r.used[t.ID] = t.Texture
	}
	cb.reachable = r
	return r
}

// UseTexture keeps a texture until the command buffer has completed and lets
// kernels reach it.
func (e *encoder) UseTexture(method string, t *Texture) {
	if e.usable(method) && t != nil {
		e.cb.useTexture(t)
	}
}

// UseHeap does so with all that is in a heap. useHeap:
func (e *encoder) UseHeap(method string, h *Heap) {
	if !e.usable(method) || h == nil || slices.Contains(e.cb.heaps, h) {
		return
	}
	h.refs.Add(1)
	e.cb.heaps = append(e.cb.heaps, h)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.parts {
		if b := p.owner; b.usedBy.Load() != e.cb.serial && b.tryRetain() {
			b.usedBy.Store(e.cb.serial)
			e.cb.used = append(e.cb.used, b)
		}
	}
}

// SetTexture binds t at index; nil unbinds. setTexture:atIndex:
func (e *ComputeEncoder) SetTexture(t *Texture, index uint64) {
	const method = "setTexture:atIndex:"
	switch {
	case !e.usable(method):
	case index >= maxTextures:
		e.fail(CodeInternal, "%s index %d is past the last texture index, %d", method, index, maxTextures-1)
	case t == nil:
		if e.tables != nil {
			e.tables.textures[index] = nil
		}
	default:
		e.cb.useTexture(t)
		e.table().textures[index] = t
	}
}

// SetSampler binds s at index; nil unbinds. setSamplerState:atIndex:
func (e *ComputeEncoder) SetSampler(s *texel.Sampler, index uint64) {
	const method = "setSamplerState:atIndex:"
	switch {
	case !e.usable(method):
	case index >= maxSamplers:
		e.fail(CodeInternal, "%s index %d is past the last sampler index, %d", method, index, maxSamplers-1)
	default:
		e.table().samplers[index] = s
	}
}

// tables are the textures and samplers that are set on an encoder; few
// encoders have any.
type tables struct {
	textures [maxTextures]*Texture
	samplers [maxSamplers]*texel.Sampler
}

func (e *ComputeEncoder) table() *tables {
	if e.tables == nil {
		e.tables = new(tables)
	}
	return e.tables
}

// bindResources takes down the textures and samplers that the pipeline's kernel
// is given.
func (e *ComputeEncoder) bindResources(c *command) bool {
	p := c.pipeline
	if p.program == nil || len(p.program.Textures()) == 0 && len(p.program.Samplers()) == 0 {
		return true
	}
	set := e.table()
	c.textures, c.samplers = len(e.cb.boundTextures), len(e.cb.boundSamplers)
	for i := range p.program.Textures() {
		a := &p.program.Textures()[i]
		t := set.textures[a.Index]
		switch {
		case t == nil && p.used[i]:
			e.fail(CodeInvalidResource, "kernel %q: nothing is bound at texture index %d, argument %q", p.name, a.Index, a.Name)
			return false
		case t == nil:
			e.cb.boundTextures = append(e.cb.boundTextures, nil)
			continue
		}
		if err := t.suits(a); err != nil {
			e.fail(CodeInvalidResource, "kernel %q: the texture at texture index %d, argument %q, %v", p.name, a.Index, a.Name, err)
			return false
		}
		e.cb.boundTextures = append(e.cb.boundTextures, t.Texture)
	}
	for i := range p.program.Samplers() {
		a := &p.program.Samplers()[i]
		if a.State != nil {
			e.cb.boundSamplers = append(e.cb.boundSamplers, nil)
			continue
		}
		s := set.samplers[a.Index]
		if s == nil && p.usedSamplers[i] {
			e.fail(CodeInvalidResource, "kernel %q: nothing is bound at sampler index %d, argument %q", p.name, a.Index, a.Name)
			return false
		}
		e.cb.boundSamplers = append(e.cb.boundSamplers, s)
	}
	return true
}

// suits reports why a texture cannot be given to an argument.
func (t *Texture) suits(a *ir.Texture) error {
	in := t.Info()
	class := in.Class
	switch {
	case t.Type != a.Type:
		return fmt.Errorf("has type %v, and the kernel takes %v", t.Type, a.Type)
	case class != a.Class:
		return fmt.Errorf("has the format %v of %v channels, and the kernel takes %v ones", t.Format, class, a.Class)
	case a.Depth && !in.Depth && t.Format != texel.R32Float && t.Format != texel.R16Unorm:
		return fmt.Errorf("has the format %v, and the kernel takes a depth texture", t.Format)
	case a.Write && t.usage&UsageShaderWrite == 0:
		return fmt.Errorf("is written by the kernel, but its usage has no ShaderWrite")
	case a.Read && t.usage != UsageUnknown && t.usage&UsageShaderRead == 0:
		return fmt.Errorf("is read by the kernel, but its usage has no ShaderRead")
	case a.Write && !in.Write:
		return fmt.Errorf("has the format %v, which kernels cannot write", t.Format)
	}
	return nil
}
