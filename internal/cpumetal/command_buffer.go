package cpumetal

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// Status is MTLCommandBufferStatus.
type Status uint32

const (
	StatusNotEnqueued Status = iota
	StatusEnqueued
	StatusCommitted
	StatusScheduled
	StatusCompleted
	StatusError
)

// ErrorOptions is MTLCommandBufferErrorOption.
type ErrorOptions uint64

// ErrorEncoderStatus asks for the state of each encoder with an error.
const ErrorEncoderStatus ErrorOptions = 1

// CommandBuffer is a list of commands and what becomes of it.
type CommandBuffer struct {
	Owner    uintptr // words of the caller's
	LogOwner uintptr
	Object   objcrt.Object // memory of the caller's, kept when the command buffer is used again

	queue    *Queue
	next     *CommandBuffer // in the queue
	serial   uint64
	retained bool
	options  ErrorOptions

	label string

	// What was encoded. It belongs to who encodes, after commit to the queue.
	*script          // its own, or for a replay the template's
	own     script   // with its memory, which is used again
	open    *encoder // not ended yet
	misuse  *Error   // the first

	template bool        // it is only replayed
	frozen   bool        // a template that takes no more
	changes  *changes    // of a template
	set      *bindingSet // what a replay is bound to; nil: what the script says
	Replayed uintptr     // a word of the caller's, for a replay

	// What belongs to the queue.
	skippedBy    *Error // set when an earlier command buffer failed
	faulted      bool   // a command failed while it ran
	reached      int    // the encoder it ran up to: where it failed, or all
	launch       simt.Launch
	abreast      *abreast // nil until first needed
	scheduleTime float64
	gpuStart     float64
	gpuEnd       float64
	log          logBuffer

	status   atomic.Uint32
	inFlight Handler // called last

	mu        sync.Mutex
	changed   sync.Cond // broadcast when it is scheduled and when it is finished
	finished  bool      // status is final and the handlers have returned
	scheduled []Handler
	completed []Handler
	err       *Error
	times     Times
}

// Times of a command buffer, in seconds since boot.
type Times struct {
	KernelStart, KernelEnd float64 // the CPU's work to have it run
	GPUStart, GPUEnd       float64 // its commands
}

var commandBuffers = sync.Pool{New: func() any {
	cb := new(CommandBuffer)
	cb.script = &cb.own
	cb.changed.L = &cb.mu
	return cb
}}

// Recycle gives back a command buffer that has finished or will never be
// committed. The caller may not use it any more.
func (cb *CommandBuffer) Recycle() {
	switch {
	case cb.template:
		cb.giveUp()
		cb.changes.end()
		cb.changes = nil
	case cb.Status() < StatusCommitted:
		cb.queue.withdraw(cb)
		cb.giveUp()
		cb.queue.leave()
	}
	cb.own.reset()
	cb.script = &cb.own
	cb.template, cb.frozen, cb.Replayed = false, false, 0
	cb.scheduled = reuse(cb.scheduled)
	cb.completed = reuse(cb.completed)
	cb.LogOwner, cb.log = 0, logBuffer{}
	cb.Owner, cb.queue, cb.next, cb.open = 0, nil, nil, nil
	cb.label, cb.misuse, cb.skippedBy, cb.err = "", nil, nil, nil
	cb.faulted, cb.finished, cb.reached = false, false, 0
	cb.launch = simt.Launch{}
	cb.inFlight = Handler{}
	cb.times = Times{}
	cb.scheduleTime, cb.gpuStart, cb.gpuEnd = 0, 0, 0
	cb.status.Store(uint32(StatusNotEnqueued))
	commandBuffers.Put(cb)
}

// DropHandlers calls drop for the handlers that will never be called because
// the command buffer was not committed.
func (cb *CommandBuffer) DropHandlers(drop func(Handler)) {
	for _, list := range []*[]Handler{&cb.scheduled, &cb.completed} {
		for _, h := range *list {
			drop(h)
		}
		*list = reuse(*list)
	}
}

// Queue returns the queue the command buffer is for.
func (cb *CommandBuffer) Queue() *Queue { return cb.queue }

// Retained reports whether the command buffer keeps the objects it uses. It
// always keeps their memory.
func (cb *CommandBuffer) Retained() bool { return cb.retained }

// Options returns what errors are to tell.
func (cb *CommandBuffer) Options() ErrorOptions { return cb.options }

// SetLog has the messages of kernels go to s; nil is the process's log.
func (cb *CommandBuffer) SetLog(s *LogState) { cb.log.state = s }

// Label names the command buffer in errors.
func (cb *CommandBuffer) Label() string { return cb.label }

// SetLabel sets the label. Once the command buffer is committed it has the name
// it has.
func (cb *CommandBuffer) SetLabel(label string) {
	if cb.Status() < StatusCommitted {
		cb.label = label
	}
}

func (cb *CommandBuffer) describe() string {
	if cb.label == "" {
		return fmt.Sprintf("command buffer %d", cb.serial)
	}
	return fmt.Sprintf("command buffer %q", cb.label)
}

// Status returns how far the command buffer has come.
func (cb *CommandBuffer) Status() Status { return Status(cb.status.Load()) }

// Err returns what failed, nil unless the status is StatusError.
func (cb *CommandBuffer) Err() *Error {
	cb.mu.Lock()
	defer cb.mu.Unlock()
	return cb.err
}

// Times returns when the command buffer ran; what has not happened is 0.
func (cb *CommandBuffer) Times() Times {
	if cb.Status() >= StatusCompleted { // they are final
		return cb.times
	}
	cb.mu.Lock()
	defer cb.mu.Unlock()
	return cb.times
}

// fail records misuse, unless there was some before or it is too late for it to
// matter.
func (cb *CommandBuffer) fail(code int, format string, args ...any) {
	if cb.misuse == nil && cb.writable() {
		cb.misuse = errorf(DomainCommandBuffer, code, "%s: %s", cb.describe(), fmt.Sprintf(format, args...))
	}
}

// use keeps b until the command buffer has completed.
func (cb *CommandBuffer) use(b *Buffer) {
	if b.usedBy.Load() == cb.serial {
		return
	}
	b.usedBy.Store(cb.serial)
	b.retain()
	cb.used = append(cb.used, b)
}

// Enqueue takes the command buffer's place in the queue; it runs once it is
// committed and everything before it has run.
func (cb *CommandBuffer) Enqueue() { cb.queue.enqueue(cb) }

// Commit has the queue run the command buffer. inFlight is called when the
// command buffer is finished and the queue knows it no more. A second Commit
// does nothing and reports false.
func (cb *CommandBuffer) Commit(inFlight Handler) bool {
	return cb.close(inFlight) && cb.queue.commit(cb)
}

// CommitAndWait is Commit and WaitUntilCompleted. If the queue has nothing else
// to do, the caller's goroutine runs the command buffer and calls its handlers,
// which is what it would wait for.
func (cb *CommandBuffer) CommitAndWait(inFlight Handler) bool {
	return cb.close(inFlight) && cb.queue.commitHere(cb, true)
}

// CommitHere is Commit for work that takes less time than to hand it to another
// goroutine. If the queue has nothing else to do, the caller's goroutine does it.
func (cb *CommandBuffer) CommitHere(inFlight Handler) bool {
	return cb.close(inFlight) && cb.queue.commitHere(cb, false)
}

// close ends encoding. It reports false for what cannot be committed.
func (cb *CommandBuffer) close(inFlight Handler) bool {
	if cb.template || cb.Status() >= StatusCommitted {
		return false
	}
	if cb.open != nil {
		cb.fail(CodeInternal, "commit while %s is open: endEncoding comes first", cb.open.describe())
		cb.open.ended = true
		cb.open = nil
	}
	cb.mu.Lock()
	cb.inFlight = inFlight
	cb.times.KernelStart = now()
	cb.mu.Unlock()
	return true
}

// OnScheduled has h called when the command buffer is about to run.
func (cb *CommandBuffer) OnScheduled(h Handler) {
	cb.mu.Lock()
	late := cb.Status() >= StatusScheduled
	if !late {
		cb.scheduled = append(cb.scheduled, h)
	}
	cb.mu.Unlock()
	if late {
		h.call()
	}
}

// OnCompleted has h called, once, when status, error and times are final. Added
// to a finished command buffer it is called at once.
func (cb *CommandBuffer) OnCompleted(h Handler) {
	cb.mu.Lock()
	late := cb.finished
	if !late {
		cb.completed = append(cb.completed, h)
	}
	cb.mu.Unlock()
	if late {
		h.call()
	}
}

// WaitUntilScheduled blocks until the command buffer is about to run.
func (cb *CommandBuffer) WaitUntilScheduled() {
	cb.mu.Lock()
	defer cb.mu.Unlock()
	for cb.Status() < StatusScheduled {
		cb.changed.Wait()
	}
}

// WaitUntilCompleted blocks until the command buffer has run and its handlers
// have returned.
func (cb *CommandBuffer) WaitUntilCompleted() {
	cb.mu.Lock()
	defer cb.mu.Unlock()
	for !cb.finished {
		cb.changed.Wait()
	}
}

// schedule marks the command buffer as about to run, at a time by the device's
// clock. It reports whether there are handlers to tell.
func (cb *CommandBuffer) schedule(at float64) bool {
	cb.mu.Lock()
	defer cb.mu.Unlock()
	cb.scheduleTime = max(at, cb.times.KernelStart+tick)
	cb.times.KernelEnd = cb.scheduleTime
	cb.status.Store(uint32(StatusScheduled))
	cb.changed.Broadcast()
	return len(cb.scheduled) > 0
}

// giveUp gives up what the command buffer has used; a replay uses its template.
func (cb *CommandBuffer) giveUp() {
	if cb.script != &cb.own {
		if cb.set != nil {
			cb.set.leave()
			cb.set = nil
		}
		return
	}
	for i, b := range cb.used {
		cb.used[i] = nil
		b.Release()
	}
	cb.used = cb.used[:0]
	for i, h := range cb.heaps {
		cb.heaps[i] = nil
		h.Release()
	}
	cb.heaps = cb.heaps[:0]
}

// settle makes status, error and times final. It reports whether there are
// handlers to tell.
func (cb *CommandBuffer) settle(err *Error) bool {
	cb.giveUp()
	cb.mu.Lock()
	cb.err = err
	cb.times.GPUStart, cb.times.GPUEnd = cb.gpuStart, cb.gpuEnd
	if err != nil {
		cb.status.Store(uint32(StatusError))
	} else {
		cb.status.Store(uint32(StatusCompleted))
	}
	waiting := len(cb.completed) > 0 || !cb.log.empty()
	cb.mu.Unlock()
	cb.queue.leave()
	return waiting
}

func (cb *CommandBuffer) callScheduled() {
	cb.mu.Lock()
	handlers := cb.scheduled
	cb.scheduled = nil
	cb.mu.Unlock()
	for _, h := range handlers {
		h.call()
	}
}

// finish gives out the messages of kernels, calls the completed handlers, those too
// that come meanwhile, lets waiters go and forgets the command buffer: it may be
// another's when finish returns.
func (cb *CommandBuffer) finish() {
	if !cb.log.empty() {
		cb.log.giveOut()
	}
	cb.mu.Lock()
	for i := 0; i < len(cb.completed); i++ {
		h := cb.completed[i]
		cb.mu.Unlock()
		h.call()
		cb.mu.Lock()
	}
	cb.completed = cb.completed[:0]
	cb.finished = true
	inFlight := cb.inFlight
	cb.changed.Broadcast()
	cb.mu.Unlock()
	if inFlight.Func != nil {
		inFlight.call()
	}
}

// SignalEvent raises e to value once what is encoded before has run.
// encodeSignalEvent:value:
func (cb *CommandBuffer) SignalEvent(e *Event, value uint64) {
	cb.encodeEvent(opSignal, "encodeSignalEvent", e, value)
}

// WaitEvent holds what is encoded after it until e has reached value.
// encodeWaitForEvent:value:
func (cb *CommandBuffer) WaitEvent(e *Event, value uint64) {
	cb.encodeEvent(opWait, "encodeWaitForEvent", e, value)
}

func (cb *CommandBuffer) encodeEvent(op opcode, name string, e *Event, value uint64) {
	switch {
	case !cb.writable():
	case e == nil:
		cb.fail(CodeInvalidResource, "%s: the event is nil", name)
	case cb.open != nil:
		cb.fail(CodeInternal, "%s while %s is open: endEncoding comes first", name, cb.open.describe())
	default:
		cb.commands = append(cb.commands, command{op: op, encoder: -1, event: e, count: value})
	}
}
