package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// script is what was encoded into a command buffer. Running does not change it,
// so a template's is shared by all its replays.
type script struct {
	commands []command
	bindings []simt.Binding
	bytes    byteArena
	encoders []encoderRecord
	used     []*Buffer
	heaps    []*Heap    // passed to useHeap:
	textures []*Texture // bound or passed to useResource:usage:; their memory is in used

	samplings []sampling // in the order of encoders

	boundTextures []*texel.Texture
	boundSamplers []*texel.Sampler

	reachable *resourceTable // by ID, once a kernel needs it
}

// reset empties s and keeps its memory.
func (s *script) reset() {
	s.commands = reuse(s.commands)
	s.bindings = reuse(s.bindings)
	s.encoders = reuse(s.encoders)
	s.used = reuse(s.used)
	s.textures = reuse(s.textures)
	s.heaps = reuse(s.heaps)
	s.samplings = reuse(s.samplings)
	s.boundTextures = reuse(s.boundTextures)
	s.boundSamplers = reuse(s.boundSamplers)
	s.bytes.reset()
	s.reachable = nil
}

// writable tells whether more can be encoded.
func (cb *CommandBuffer) writable() bool {
	return cb.Status() < StatusCommitted && !cb.frozen && cb.script == &cb.own
}

// Template returns an empty command buffer that is never committed: it is
// encoded once and run by its replays, for which everything is checked, bound
// and looked up by then. It does not count against what the queue admits.
// Recycle gives it back, once its replays have been.
func (q *Queue) Template(retained bool, options ErrorOptions) *CommandBuffer {
	cb := q.newCommandBuffer(retained, options)
	cb.template = true
	cb.changes = new(changes)
	cb.finished = true // who waits for it does not wait for ever
	return cb
}

// Freeze ends the encoding of a template.
func (cb *CommandBuffer) Freeze() {
	if cb.template && cb.open != nil {
		cb.fail(CodeInternal, "replayed while %s is open: endEncoding comes first", cb.open.describe())
		cb.open.ended = true
		cb.open = nil
	}
	cb.frozen = cb.template
}

// Replay returns a command buffer that does what was encoded into t, a frozen
// template of the queue's, with what has been changed in it by then. It returns
// nil if t is none.
func (q *Queue) Replay(t *CommandBuffer) *CommandBuffer {
	if !t.frozen || t.queue != q {
		return nil
	}
	cb := q.CommandBuffer(t.retained, t.options)
	cb.script, cb.label, cb.misuse = t.script, t.label, t.misuse
	cb.set = t.changes.enter()
	return cb
}
