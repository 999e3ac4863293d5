package launch

import (
	"fmt"
	"math/bits"
	"strconv"

	"github.com/aruminium-go/aruminium/mtl"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Inline is the most that setBytes:length:atIndex: takes; more goes into a buffer.
const Inline = 4096

// An Encoder records the commands of one compute encoder into a program. Its first error
// stays, and nothing is recorded after it.
//
// What a launch finds as the launch before it left it is not checked again, and what is bound again where it
// is bound is not sent again, unless the program is kept: a slot wants a message of its own.
type Encoder struct {
	prog    *Program
	open    bool
	right   bool // the last launch was, and nothing but the indices in anew has changed since
	kernel  *Kernel
	group   Size   // of the last launch, if it was right
	bound   uint32 // indices of at that are bound
	anew    uint32 // and of those that were bound since the last launch
	at      [Bindings]binding
	tgBound uint32 // and of tg
	tg      [Bindings]int
	table   *tables // nil until a texture or sampler is bound
}

// Begin opens an encoder on a program that has no other one open.
func (e *Encoder) Begin(p *Program, concurrent bool) {
	e.prog, e.open, e.kernel, e.right = p, true, nil, false
	e.bound, e.tgBound = 0, 0 // what at and tg hold does not count any more
	if e.table != nil {
		*e.table = tables{}
	}
	p.beginCompute(concurrent)
}

// Open tells whether the encoder takes commands: it was begun and not finished.
func (e *Encoder) Open() bool { return e.open }

// Finish ends the encoder and returns the program's first error.
func (e *Encoder) Finish() error {
	e.open = false
	e.prog.endEncoder()
	return e.prog.err
}

// Abandon ends the encoder without a result: what was recorded will not run.
func (e *Encoder) Abandon() { e.open = false }

// fail keeps the first error.
func (e *Encoder) fail(grid, group Size, err error, reason string) {
	if e.prog.err != nil {
		return
	}
	le := &Error{Grid: grid, Group: group, Reason: reason, Err: err}
	if e.kernel != nil {
		le.Kernel = e.kernel.Name
	}
	e.prog.err = le
}

func (e *Encoder) bindFailed(op string, index int, err error, reason string) {
	e.fail(Size{}, Size{}, err, op+" at index "+itoa(index)+": "+reason)
}

// Bind is setComputePipelineState:.
func (e *Encoder) Bind(k *Kernel) {
	p := e.prog
	switch {
	case p.err != nil:
		return
	case k == nil:
		e.fail(Size{}, Size{}, nil, "Bind: the pipeline is nil")
		return
	case k.Device != p.lim.Device:
		e.kernel = k
		e.fail(Size{}, Size{}, nil, "Bind: the pipeline belongs to another device")
		return
	case !p.hold(k.Life):
		e.kernel = k
		e.fail(Size{}, Size{}, ErrClosed, "Bind: the pipeline is closed")
		return
	}
	if k == e.kernel {
		return
	}
	e.kernel, e.right = k, false
	p.list.Add(&p.forms.setPipeline, p.encoder, uintptr(k.ID))
}

// BindBuffer is setBuffer:offset:atIndex:.
func (e *Encoder) BindBuffer(b *Buffer, offset, index int) {
	p := e.prog
	if p.err != nil {
		return
	}
	if uint(index) >= Bindings || b == nil || b.Device != p.lim.Device || uint(offset) >= uint(b.Len) || !p.has(b.Life) && !p.hold(b.Life) {
		e.refuse(b, offset, index)
		return
	}
	at := &e.at[index]
	if e.has(index) && at.buffer == b && at.offset == offset {
		return
	}
	p.bindBuffer(b, offset, index)
	*at = binding{room: b.Len - offset, offset: offset, slot: p.lastSlot(slotBind), buffer: b}
	e.binds(index)
}

// refuse makes what is wrong with a BindBuffer the encoder's error.
func (e *Encoder) refuse(b *Buffer, offset, index int) {
	if uint(index) >= Bindings {
		e.bindFailed("BindBuffer", index, nil, "an index is 0 to "+itoa(Bindings-1))
		return
	}
	reason, err := checkRange(b, offset, 1, e.prog.lim.Device)
	switch {
	case reason == "": // it was closed a moment ago
		reason, err = "the buffer is closed", ErrClosed
	case b != nil && offset >= b.Len && err == nil:
		reason = "the offset " + itoa(offset) + " is past the buffer's end at " + itoa(b.Len)
	}
	e.bindFailed("BindBuffer", index, err, reason)
}

// has tells whether what is bound at an index may stay if it is bound again.
func (e *Encoder) has(index int) bool { return e.bound&(1<<index) != 0 && !e.prog.keep }

// binds notes that something is bound at an index.
func (e *Encoder) binds(index int) {
	e.bound |= 1 << index
	e.anew |= 1 << index
}

// Push is setBytes:length:atIndex: for up to Inline bytes, and a buffer of the program's for more.
func (e *Encoder) Push(data []byte, index int, fit Fit) {
	p := e.prog
	if p.err != nil {
		return
	}
	switch {
	case uint(index) >= Bindings:
		e.bindFailed("Push", index, nil, "an index is 0 to "+itoa(Bindings-1))
		return
	case len(data) == 0:
		e.bindFailed("Push", index, nil, "there are no bytes to push")
		return
	}
	at := &e.at[index]
	var kept *byte
	if len(data) > Inline {
		b, err := p.queue.bufferOf(data)
		if err != nil {
			e.bindFailed("Push", index, ErrMemory, err.Error())
			return
		}
		p.own(b.Life)
		p.pushBuffer(b, index)
	} else {
		if e.has(index) && at.fit == fit && at.pushed(data) {
			return
		}
		kept = p.pushBytes(data, index)
	}
	*at = binding{room: len(data), fit: fit, slot: p.lastSlot(slotPush), data: kept}
	e.binds(index)
}

// Threadgroup is setThreadgroupMemoryLength:atIndex:. Metal wants multiples of 16 bytes, so n is
// rounded up.
func (e *Encoder) Threadgroup(n, index int) {
	p := e.prog
	if p.err != nil {
		return
	}
	switch {
	case uint(index) >= Bindings:
		e.bindFailed("Threadgroup", index, nil, "an index is 0 to "+itoa(Bindings-1))
		return
	case n < 0:
		e.bindFailed("Threadgroup", index, nil, itoa(n)+" bytes are negative")
		return
	case n > p.lim.ThreadgroupMemory:
		e.bindFailed("Threadgroup", index, nil, itoa(n)+" bytes are past the device's limit of "+itoa(p.lim.ThreadgroupMemory))
		return
	}
	n = (n + 15) &^ 15
	e.tg[index], e.right = n, false
	if n > 0 {
		e.tgBound |= 1 << index
	} else {
		e.tgBound &^= 1 << index
	}
	p.list.SendTo(p.encoder, &selSetThreadgroupMemory, uintptr(n), uintptr(index))
}

// ready checks everything but the grid.
func (e *Encoder) ready(grid, group Size) bool {
	if e.prog.err != nil {
		return false
	}
	k := e.kernel
	if !e.right || group != e.group || e.anew != 0 {
		if reason := e.check(group); reason != "" {
			e.fail(grid, group, nil, reason)
			return false
		}
		e.right, e.group, e.anew = true, group, 0
	}
	if e.prog.keep {
		for m := k.buffers; m != 0; m &= m - 1 {
			i := bits.TrailingZeros32(m)
			e.prog.needs(e.at[i].slot, k.arg[i])
		}
	}
	if e.prog.count++; e.prog.first == "" {
		e.prog.first = k.Name
	}
	if t := e.prog.timing; t != nil {
		t.name(k.Name, false)
	}
	return true
}

// check returns what is wrong with a launch, of what has changed since the last one.
func (e *Encoder) check(group Size) string {
	k := e.kernel
	if e.right && group == e.group {
		return k.checkBuffers(e.anew, &e.at)
	}
	if k == nil {
		return "no pipeline is bound: call Bind first"
	}
	if reason := k.checkGroup(group, e.prog.lim); reason != "" {
		return reason
	}
	if reason := k.checkBindings(e.bound, &e.at, e.tgBound, &e.tg, e.prog.lim); reason != "" {
		return reason
	}
	if k.tables {
		return k.checkTables(e.table)
	}
	return ""
}

// Label names the encoder in tools and errors.
func (e *Encoder) Label(label string) { e.prog.LabelEncoder(label) }

// Fail makes reason the encoder's error, if it has none yet.
func (e *Encoder) Fail(reason string) { e.fail(Size{}, Size{}, nil, reason) }

// Launch is dispatchThreads:threadsPerThreadgroup:.
func (e *Encoder) Launch(grid, group Size) {
	if !e.ready(grid, group) {
		return
	}
	if !grid.countable() {
		e.fail(grid, group, nil, checkGrid(grid, grid))
		return
	}
	e.prog.launch(&e.prog.forms.threads, grid, group)
}

// LaunchGroups is dispatchThreadgroups:threadsPerThreadgroup:.
func (e *Encoder) LaunchGroups(groups, group Size) {
	if !e.ready(groups, group) {
		return
	}
	if reason := checkGrid(groups, groups.times(group)); reason != "" {
		e.fail(groups, group, nil, reason)
		return
	}
	e.prog.launch(&e.prog.forms.groups, groups, group)
}

// LaunchIndirect is
// dispatchThreadgroupsWithIndirectBuffer:indirectBufferOffset:threadsPerThreadgroup:.
func (e *Encoder) LaunchIndirect(b *Buffer, offset int, group Size) {
	p := e.prog
	if p.err != nil {
		return
	}
	const record = 12 // MTLDispatchThreadgroupsIndirectArguments
	if reason, err := checkRange(b, offset, record, p.lim.Device); reason != "" {
		e.fail(Size{}, group, err, "LaunchIndirect: "+reason)
		return
	}
	if offset%4 != 0 {
		e.fail(Size{}, group, nil, fmt.Sprintf("LaunchIndirect: the offset %d is no multiple of 4", offset))
		return
	}
	if !e.ready(Size{}, group) {
		return
	}
	if !p.hold(b.Life) {
		e.fail(Size{}, group, ErrClosed, "LaunchIndirect: the buffer is closed")
		return
	}
	p.launchIndirect(b.ID, offset, group)
}

// Barrier is memoryBarrierWithScope: for buffers.
func (e *Encoder) Barrier() {
	if p := e.prog; p.err == nil {
		p.list.SendTo(p.encoder, &selBarrier, uintptr(mtl.BarrierScopeBuffers))
	}
}

// Fence is updateFence: or waitForFence:.
func (e *Encoder) Fence(f *Object, wait bool) {
	e.prog.fence(f, wait)
}
