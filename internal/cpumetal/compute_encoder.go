package cpumetal

import (
	"math"
	"math/bits"
	"sync"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// slot is what is set at one buffer index of a compute encoder.
type slot struct {
	buffer *Buffer // nil for bytes
	offset uint64
	bytes  []byte
	site   int32 // see changes.site
}

// binding is what a kernel sees of the slot.
func (s *slot) binding() simt.Binding {
	if s.buffer != nil {
		return s.buffer.binding(s.offset)
	}
	return simt.Binding{Ptr: unsafe.Pointer(unsafe.SliceData(s.bytes)), Len: int64(len(s.bytes))}
}

// binding is what a kernel sees of the buffer from an offset on.
func (b *Buffer) binding(offset uint64) simt.Binding {
	return simt.Binding{
		Ptr:  unsafe.Pointer(unsafe.SliceData(b.mem[offset:])),
		Len:  int64(b.Length() - offset),
		Addr: b.address + offset,
	}
}

// ComputeEncoder writes dispatches.
type ComputeEncoder struct {
	encoder
	Object     objcrt.Object // memory of the caller's, kept when the encoder is used again
	concurrent bool
	pipeline   *Pipeline
	slots      [maxBuffers]slot
	bound      uint32 // which slots are set
	lengths    [maxBuffers]uint32
	tables     *tables // nil until a texture or sampler is set
}

var computeEncoders = sync.Pool{New: func() any { return new(ComputeEncoder) }}

// ComputeEncoder opens a compute encoder. It returns nil if another encoder is
// open or the command buffer is committed. Dispatches of a concurrent encoder
// may overlap, those without a barrier between them.
func (cb *CommandBuffer) ComputeEncoder(concurrent bool) *ComputeEncoder {
	e := computeEncoders.Get().(*ComputeEncoder)
	if !e.begin(cb, "compute") {
		computeEncoders.Put(e)
		return nil
	}
	e.concurrent, e.apart = concurrent, true
	return e
}

// Recycle gives back an encoder that nobody uses any more.
func (e *ComputeEncoder) Recycle() {
	e.abandon()
	for set := e.bound; set != 0; set &= set - 1 {
		e.slots[bits.TrailingZeros32(set)] = slot{}
	}
	e.bound = 0
	e.lengths = [maxBuffers]uint32{}
	e.pipeline = nil
	if e.tables != nil {
		*e.tables = tables{}
	}
	e.cb = nil
	computeEncoders.Put(e)
}

// Concurrent reports whether the encoder's dispatches may overlap.
func (e *ComputeEncoder) Concurrent() bool { return e.concurrent }

// SetPipeline sets the kernel of the dispatches that follow.
// setComputePipelineState:
func (e *ComputeEncoder) SetPipeline(p *Pipeline) {
	if !e.usable("setComputePipelineState:") {
		return
	}
	if p == nil {
		e.fail(CodeInvalidResource, "setComputePipelineState: the pipeline is nil")
		return
	}
	e.pipeline = p
}

// slotAt returns the slot of an index, nil if there is none.
func (e *ComputeEncoder) slotAt(method string, index uint64) *slot {
	if !e.usable(method) {
		return nil
	}
	if index >= maxBuffers {
		e.fail(CodeInternal, "%s index %d is past the last buffer index, %d", method, index, maxBuffers-1)
		return nil
	}
	return &e.slots[index]
}

// SetBuffer binds b, from offset on, at index; nil unbinds.
// setBuffer:offset:atIndex:
func (e *ComputeEncoder) SetBuffer(b *Buffer, offset, index uint64) {
	s := e.slotAt("setBuffer:offset:atIndex:", index)
	if s == nil {
		return
	}
	if b == nil {
		*s = slot{}
		e.bound &^= 1 << index
		return
	}
	if offset > b.Length() {
		e.fail(CodeInvalidResource, "setBuffer:offset:atIndex: offset %d at index %d is past the end of the buffer's %d bytes", offset, index, b.Length())
		return
	}
	e.cb.use(b)
	*s = slot{buffer: b, offset: offset, site: e.cb.changes.site(0)}
	e.bound |= 1 << index
}

// SetBufferOffset moves the start of what is bound at index.
// setBufferOffset:atIndex:
func (e *ComputeEncoder) SetBufferOffset(offset, index uint64) {
	s := e.slotAt("setBufferOffset:atIndex:", index)
	if s == nil {
		return
	}
	if s.buffer == nil {
		e.fail(CodeInvalidResource, "setBufferOffset:atIndex: no buffer is set at index %d", index)
		return
	}
	if offset > s.buffer.Length() {
		e.fail(CodeInvalidResource, "setBufferOffset:atIndex: offset %d at index %d is past the end of the buffer's %d bytes", offset, index, s.buffer.Length())
		return
	}
	s.offset = offset
}

// SetBytes binds a copy of data, at most 4 KiB, at index.
// setBytes:length:atIndex:
func (e *ComputeEncoder) SetBytes(data []byte, index uint64) {
	s := e.slotAt("setBytes:length:atIndex:", index)
	if s == nil {
		return
	}
	if len(data) == 0 || len(data) > maxBytes {
		e.failBytes(uint64(len(data)), index)
		return
	}
	*s = slot{bytes: e.cb.bytes.add(data), site: e.cb.changes.site(len(data))}
	e.bound |= 1 << index
}

// failBytes records that setBytes was given too much or nothing.
func (e *ComputeEncoder) failBytes(n, index uint64) {
	if e.usable("setBytes:length:atIndex:") {
		e.fail(CodeInternal, "setBytes:length:atIndex: %d bytes at index %d: it takes 1 to %d, more needs a buffer", n, index, maxBytes)
	}
}

// SetThreadgroupMemory sets the length of a threadgroup argument.
// setThreadgroupMemoryLength:atIndex:
func (e *ComputeEncoder) SetThreadgroupMemory(length, index uint64) {
	const method = "setThreadgroupMemoryLength:atIndex:"
	switch {
	case !e.usable(method):
	case index >= maxBuffers:
		e.fail(CodeInternal, "%s index %d is past the last index, %d", method, index, maxBuffers-1)
	case length%threadgroupAlign != 0:
		e.fail(CodeInternal, "%s length %d at index %d is not a multiple of %d", method, length, index, threadgroupAlign)
	case length > maxThreadgroupMemory:
		e.fail(CodeInternal, "%s length %d at index %d is over the limit of %d bytes", method, length, index, maxThreadgroupMemory)
	default:
		e.lengths[index] = uint32(length)
	}
}

// Size3 is MTLSize.
type Size3 [3]uint64

// DispatchThreads runs the kernel for exactly the threads of grid; threadgroups
// at its edges may be smaller. dispatchThreads:threadsPerThreadgroup:
func (e *ComputeEncoder) DispatchThreads(grid, group Size3) {
	e.dispatch("dispatchThreads:threadsPerThreadgroup:", grid, group, true)
}

// DispatchThreadgroups runs the kernel for whole threadgroups.
// dispatchThreadgroups:threadsPerThreadgroup:
func (e *ComputeEncoder) DispatchThreadgroups(groups, group Size3) {
	e.dispatch("dispatchThreadgroups:threadsPerThreadgroup:", groups, group, false)
}

func (e *ComputeEncoder) dispatch(method string, grid, group Size3, exact bool) {
	if !e.usable(method) {
		return
	}
	c := e.command()
	c.op, c.exact = opDispatch, exact
	if !e.prepare(c, method, group) || !e.setGrid(c, method, grid) {
		e.withdraw()
	}
}

func (e *ComputeEncoder) setGrid(c *command, method string, grid Size3) bool {
	for i, n := range grid {
		if n == 0 {
			e.fail(CodeInternal, "%s kernel %q: a grid of %v is empty", method, e.pipeline.name, grid)
			return false
		}
		if n > math.MaxUint32 {
			e.fail(CodeInternal, "%s kernel %q: a grid of %v is larger than 32 bits can count", method, e.pipeline.name, grid)
			return false
		}
		c.grid[i] = uint32(n)
	}
	return true
}

// DispatchIndirect runs the kernel for as many threadgroups as three uint32 at
// offset of b say when the command runs.
// dispatchThreadgroupsWithIndirectBuffer:indirectBufferOffset:threadsPerThreadgroup:
func (e *ComputeEncoder) DispatchIndirect(b *Buffer, offset uint64, group Size3) {
	const method = "dispatchThreadgroupsWithIndirectBuffer:indirectBufferOffset:threadsPerThreadgroup:"
	if !e.usable(method) {
		return
	}
	c := e.command()
	switch {
	case !e.prepare(c, method, group):
	case b == nil:
		e.fail(CodeInvalidResource, "%s kernel %q: the indirect buffer is nil", method, e.pipeline.name)
	case offset%4 != 0:
		e.fail(CodeInvalidResource, "%s kernel %q: offset %d is not a multiple of 4", method, e.pipeline.name, offset)
	case !inRange(b, offset, 12):
		e.fail(CodeInvalidResource, "%s kernel %q: 12 bytes at offset %d are not in the indirect buffer's %d bytes", method, e.pipeline.name, offset, b.Length())
	default:
		e.cb.use(b)
		c.op, c.src, c.srcOff = opDispatchIndirect, b, offset
		return
	}
	e.withdraw()
}

// prepare checks what all dispatches need and takes down what is bound.
func (e *ComputeEncoder) prepare(c *command, method string, group Size3) bool {
	p := e.pipeline
	if p == nil {
		e.fail(CodeInternal, "%s without a pipeline: setComputePipelineState: comes first", method)
		return false
	}
	threads := uint64(1)
	for i, n := range group {
		if n == 0 || n > maxThreads {
			e.fail(CodeInternal, "%s kernel %q: a threadgroup of %v is not from 1 to %d threads in each direction", method, p.name, group, maxThreads)
			return false
		}
		threads *= n
		c.group[i] = uint32(n)
	}
	if threads > p.maxThreads {
		e.fail(CodeInternal, "%s kernel %q: a threadgroup of %v has %d threads, the pipeline allows %d", method, p.name, group, threads, p.maxThreads)
		return false
	}
	if p.required != (Size3{}) && p.required != group {
		e.fail(CodeInternal, "%s kernel %q: a threadgroup of %v, the pipeline requires %v", method, p.name, group, p.required)
		return false
	}
	c.encoder = e.index
	c.pipeline = p
	if !e.bind(c) || !e.bindResources(c) {
		return false
	}
	c.abreast = e.concurrent && !e.apart
	e.apart = false
	return true
}

// bind takes down what the pipeline's memories are bound to.
func (e *ComputeEncoder) bind(c *command) bool {
	p := c.pipeline
	c.bindings = len(e.cb.bindings)
	total := p.staticMemory
	for i := range p.bindings {
		m := &p.bindings[i]
		var bind simt.Binding
		site := int32(0)
		switch m.kind {
		case ir.MemBuffer:
			switch s := &e.slots[m.index]; {
			case e.bound&(1<<m.index) != 0:
				bind, site = s.binding(), s.site
			case m.used:
				e.fail(CodeInvalidResource, "kernel %q: nothing is bound at buffer index %d, argument %q", p.name, m.index, m.name)
				return false
			}
		case ir.MemThreadgroupArg:
			bind.Len = int64(e.lengths[m.index])
			if bind.Len == 0 && m.used {
				e.fail(CodeInvalidResource, "kernel %q: no length is set at threadgroup index %d, argument %q", p.name, m.index, m.name)
				return false
			}
			total += uint64(bind.Len)
		}
		e.cb.bindings = append(e.cb.bindings, bind)
		e.cb.changes.origin(site)
	}
	if total > maxThreadgroupMemory {
		e.fail(CodeInternal, "kernel %q: %d bytes of threadgroup memory (%d of them its own) are over the limit of %d", p.name, total, p.staticMemory, maxThreadgroupMemory)
		return false
	}
	return true
}

// command returns a new command, to be filled or withdrawn.
func (e *ComputeEncoder) command() *command {
	e.cb.commands = append(e.cb.commands, command{})
	return &e.cb.commands[len(e.cb.commands)-1]
}

// withdraw takes back the last command: it is not to be run.
func (e *ComputeEncoder) withdraw() { e.cb.commands = e.cb.commands[:len(e.cb.commands)-1] }
