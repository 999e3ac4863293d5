package cpumetal

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// BlitEncoder writes copies and fills.
type BlitEncoder struct {
	encoder
	Object objcrt.Object // memory of the caller's, kept when the encoder is used again
}

var blitEncoders = sync.Pool{New: func() any { return new(BlitEncoder) }}

// BlitEncoder opens a blit encoder. It returns nil if another encoder is open
// or the command buffer is committed.
func (cb *CommandBuffer) BlitEncoder() *BlitEncoder {
	e := blitEncoders.Get().(*BlitEncoder)
	if !e.begin(cb, "blit") {
		blitEncoders.Put(e)
		return nil
	}
	return e
}

// Recycle gives back an encoder that nobody uses any more.
func (e *BlitEncoder) Recycle() {
	e.abandon()
	e.cb = nil
	blitEncoders.Put(e)
}

// Copy copies size bytes; the ranges may overlap.
// copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:
func (e *BlitEncoder) Copy(src *Buffer, srcOff uint64, dst *Buffer, dstOff, size uint64) {
	const method = "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:"
	switch {
	case !e.usable(method):
	case src == nil || dst == nil:
		e.fail(CodeInvalidResource, "%s a buffer is nil", method)
	case !inRange(src, srcOff, size):
		e.fail(CodeInvalidResource, "%s %d bytes at offset %d are not in the source's %d bytes", method, size, srcOff, src.Length())
	case !inRange(dst, dstOff, size):
		e.fail(CodeInvalidResource, "%s %d bytes at offset %d are not in the destination's %d bytes", method, size, dstOff, dst.Length())
	default:
		e.cb.use(src)
		e.cb.use(dst)
		e.cb.commands = append(e.cb.commands, command{op: opCopy, encoder: e.index, src: src, srcOff: srcOff, dst: dst, dstOff: dstOff, size: size})
	}
}

// Fill sets size bytes at offset to value. fillBuffer:range:value:
func (e *BlitEncoder) Fill(dst *Buffer, offset, size uint64, value byte) {
	const method = "fillBuffer:range:value:"
	switch {
	case !e.usable(method):
	case dst == nil:
		e.fail(CodeInvalidResource, "%s the buffer is nil", method)
	case !inRange(dst, offset, size):
		e.fail(CodeInvalidResource, "%s %d bytes at offset %d are not in the buffer's %d bytes", method, size, offset, dst.Length())
	default:
		e.cb.use(dst)
		e.cb.commands = append(e.cb.commands, command{op: opFill, encoder: e.index, dst: dst, dstOff: offset, size: size, value: value})
	}
}
