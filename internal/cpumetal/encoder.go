package cpumetal

import "fmt"

// encoder is what all encoders have: their command buffer and their end.
type encoder struct {
	Owner uintptr // a word of the caller's

	cb    *CommandBuffer
	kind  string
	index int32 // into cb.encoders
	ended bool
	apart bool // the next dispatch waits for those before it: a concurrent one's first, and after barriers
}

// begin opens an encoder on cb, or reports that it cannot.
func (e *encoder) begin(cb *CommandBuffer, kind string) bool {
	switch {
	case !cb.writable():
		return false
	case cb.open != nil:
		cb.fail(CodeInternal, "a %s encoder was asked for while %s is open: a command buffer has one encoder at a time", kind, cb.open.describe())
		return false
	}
	*e = encoder{cb: cb, kind: kind, index: int32(len(cb.encoders))}
	cb.encoders = append(cb.encoders, encoderRecord{})
	cb.open = e
	return true
}

// describe names the encoder in a sentence.
func (e *encoder) describe() string {
	if label := e.Label(); label != "" {
		return fmt.Sprintf("%s encoder %q", e.kind, label)
	}
	return fmt.Sprintf("%s encoder %d", e.kind, e.index)
}

// usable reports whether the encoder takes commands; it records the misuse of
// one that has ended.
func (e *encoder) usable(method string) bool {
	if e.ended {
		e.cb.fail(CodeInternal, "%s on %s after endEncoding", method, e.describe())
	}
	return !e.ended
}

// fail records misuse of this encoder.
func (e *encoder) fail(code int, format string, args ...any) {
	e.cb.fail(code, "%s: %s", e.describe(), fmt.Sprintf(format, args...))
}

// CommandBuffer returns the command buffer the encoder writes to.
func (e *encoder) CommandBuffer() *CommandBuffer { return e.cb }

// Label names the encoder in errors.
func (e *encoder) Label() string {
	if int(e.index) >= len(e.cb.encoders) {
		return ""
	}
	return e.cb.encoders[e.index].label
}

// SetLabel sets the label. Once the command buffer is committed it has the
// names it has.
func (e *encoder) SetLabel(label string) {
	if e.cb.writable() {
		e.cb.encoders[e.index].label = label
	}
}

// Signpost adds a mark that an error's encoder info lists.
func (e *encoder) Signpost(text string) {
	if e.usable("insertDebugSignpost:") {
		r := &e.cb.encoders[e.index]
		r.signposts = append(r.signposts, text)
	}
}

// Fence takes updateFence: and waitForFence:, which a queue that runs its
// encoders one after another has nothing to do for.
func (e *encoder) Fence(method string, f *Fence) {
	if e.usable(method) && f == nil {
		e.fail(CodeInvalidResource, "%s: the fence is nil", method)
	}
}

// Barrier has the dispatches after it wait for those before it, which only those of a
// concurrent encoder do not do anyway.
func (e *encoder) Barrier(method string) {
	if e.usable(method) {
		e.apart = true
	}
}

// Accept takes a hint that nothing follows from, such as useResource:usage:.
func (e *encoder) Accept(method string) { e.usable(method) }

// Use keeps a resource until the command buffer has completed.
func (e *encoder) Use(method string, b *Buffer) {
	if e.usable(method) && b != nil {
		e.cb.use(b)
	}
}

// End ends encoding. endEncoding
func (e *encoder) End() {
	if e.usable("endEncoding") {
		e.ended = true
		e.cb.open = nil
	}
}

// abandon ends an encoder whose object went away without endEncoding.
func (e *encoder) abandon() {
	if !e.ended {
		e.fail(CodeInternal, "released without endEncoding")
		e.ended = true
		e.cb.open = nil
	}
}

// inRange reports whether size bytes at offset lie in b.
func inRange(b *Buffer, offset, size uint64) bool {
	n := b.Length()
	return offset <= n && size <= n-offset
}
