package launch

import (
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Program is the recording of one command buffer: a call list from the queue's commandBuffer to
// its commit, with all that the list needs kept alive. Its memory is used again after Discard. It
// belongs to one goroutine at a time; one that is kept, once it is recorded, to any.
type Program struct {
	queue *Queue
	lim   *Limits
	list  msgsend.List
	mark  uint64 // this recording's, for hold
	bare  bool
	err   error
	label string
	name  msgsend.ID // the label's NSString, or 0
	first string     // the kernel of the first launch, for title
	count int        // of launches
	began time.Time  // if a timeline is written
	holds []*Life
	bytes arena

	open    bool       // an encoder is
	sealed  bool       // the list ends with its commit
	cb      int        // the record whose result is the command buffer
	handler int        // the record that adds the completion handler
	block   msgsend.ID // the handler in it
	encoder int        // the record whose result is the open encoder

	forms forms

	only Only // what it is made of
	head int  // so many records are the same in each recording, and stay

	keep   bool // it runs again and again, and slots are wanted
	mu     sync.Mutex
	binds  []slot
	pushes []slot

	replaced []*slot // that have another buffer than was recorded

	timing *Timing // of the encoders, or nil

	template msgsend.ID // of a local queue, see replay.go
	stale    bool       // the template is not what the list says now
}

// forms are the messages that launches are made of.
type forms struct {
	setPipeline, setBuffer, setBytes, threads, groups, end msgsend.Form

	commit [len(commits)]msgsend.Form // of the command buffer
}

func (f *forms) init() {
	f.setPipeline.Sel, f.setBuffer.Sel, f.setBytes.Sel = &selSetPipeline, &selSetBuffer, &selSetBytes
	f.threads.Sel, f.groups.Sel, f.end.Sel = &selDispatchThreads, &selDispatchGroups, &selEndEncoding
	for m, sel := range commits {
		f.commit[m].Sel = sel
	}
}

// An Object is a fence or an event.
type Object struct {
	*Life
	ID     msgsend.ID
	Device uint64
}

var (
	selCommandBuffer        = msgsend.Selector{Name: "commandBufferWithDescriptor:"}
	selPlainCommandBuffer   = msgsend.Selector{Name: "commandBuffer"}
	selBareCommandBuffer    = msgsend.Selector{Name: "commandBufferWithUnretainedReferences"}
	selSetLabel             = msgsend.Selector{Name: "setLabel:"}
	selAddCompletedHandler  = msgsend.Selector{Name: "addCompletedHandler:"}
	selComputeEncoder       = msgsend.Selector{Name: "computeCommandEncoderWithDispatchType:"}
	selBlitEncoder          = msgsend.Selector{Name: "blitCommandEncoder"}
	selComputePass          = msgsend.Selector{Name: "computeCommandEncoderWithDescriptor:"}
	selBlitPass             = msgsend.Selector{Name: "blitCommandEncoderWithDescriptor:"}
	selEndEncoding          = msgsend.Selector{Name: "endEncoding"}
	selCommit               = msgsend.Selector{Name: "commit"}
	selSignalEvent          = msgsend.Selector{Name: "encodeSignalEvent:value:"}
	selWaitForEvent         = msgsend.Selector{Name: "encodeWaitForEvent:value:"}
	selUpdateFence          = msgsend.Selector{Name: "updateFence:"}
	selWaitForFence         = msgsend.Selector{Name: "waitForFence:"}
	selSetPipeline          = msgsend.Selector{Name: "setComputePipelineState:"}
	selSetBuffer            = msgsend.Selector{Name: "setBuffer:offset:atIndex:"}
	selSetBytes             = msgsend.Selector{Name: "setBytes:length:atIndex:"}
	selSetThreadgroupMemory = msgsend.Selector{Name: "setThreadgroupMemoryLength:atIndex:"}
	selDispatchThreads      = msgsend.Selector{Name: "dispatchThreads:threadsPerThreadgroup:"}
	selDispatchGroups       = msgsend.Selector{Name: "dispatchThreadgroups:threadsPerThreadgroup:"}
	selDispatchIndirect     = msgsend.Selector{Name: "dispatchThreadgroupsWithIndirectBuffer:indirectBufferOffset:threadsPerThreadgroup:"}
	selBarrier              = msgsend.Selector{Name: "memoryBarrierWithScope:"}
	selCopyBuffer           = msgsend.Selector{Name: "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:"}
	selFillBuffer           = msgsend.Selector{Name: "fillBuffer:range:value:"}

	sigDispatchIndirect = msgsend.Signature{Encoding: "v@:@Q{?=QQQ}"}
)

// marks numbers the recordings.
var marks atomic.Uint64

// Options are how a program's command buffers are made.
type Options struct {
	Label      string
	Unretained bool // the command buffer retains nothing: the program's flights do
	Keep       bool // the program is run again and again; SetBytes and SetBuffer work
	Only       Only
}

// Only tells of a program that it will have one compute encoder and nothing else.
type Only uint8

const (
	AnyEncoders Only = iota
	OneSerial        // an encoder whose launches run one after the other
	OneConcurrent
)

// Init begins the first recording.
func (p *Program) Init(q *Queue, o Options) {
	p.queue, p.lim = q, &q.Limits
	p.bare, p.keep, p.only, p.head = o.Unretained, o.Keep, o.Only, 0
	p.forms.init()
	if o.Label != "" {
		p.label, p.name = o.Label, objc.NewString(o.Label)
	}
	p.Begin()
}

// Begin begins a recording with the same options after Discard.
func (p *Program) Begin() {
	p.mark = marks.Add(1)
	p.first, p.count, p.began = "", 0, time.Time{}
	if active.Load() != nil {
		p.began = time.Now()
	}
	if p.head == 0 {
		p.begin()
	}
}

// begin records what comes first.
func (p *Program) begin() {
	desc := p.queue.kept
	sel := &selPlainCommandBuffer
	if p.bare {
		desc, sel = p.queue.bare, &selBareCommandBuffer
	}
	if p.prepared() {
		p.cb = p.list.Object(p.queue.ID, &selTemplate, uintptr(desc.ID()))
	} else if desc.IsNil() {
		p.cb = p.list.Borrow(p.queue.ID, sel)
	} else {
		p.cb = p.list.Borrow(p.queue.ID, &selCommandBuffer, uintptr(desc.ID()))
	}
	if p.name != 0 {
		p.list.SendTo(p.cb, &selSetLabel, uintptr(p.name))
	}
	if !p.prepared() {
		p.handler, p.block = p.list.SendTo(p.cb, &selAddCompletedHandler, 0), 0
	}
	if p.only != AnyEncoders {
		p.sendEncoder(p.only == OneConcurrent)
	}
	p.head = p.list.Len()
}

// Discard lets go of everything recorded. Begin comes before the next recording.
func (p *Program) Discard() {
	p.list.Cut(p.head)
	for i, l := range p.holds {
		l.Drop()
		p.holds[i] = nil
	}
	for i := range p.binds {
		p.binds[i].drop()
	}
	for i := range p.pushes {
		p.pushes[i].drop()
	}
	p.holds, p.binds, p.pushes, p.replaced = p.holds[:0], p.binds[:0], p.pushes[:0], nil
	p.bytes.reset()
	p.err, p.open, p.sealed = nil, false, false
	msgsend.Release(p.template)
	p.template = 0
	p.Time(nil)
}

// Err is the first error of the recording.
func (p *Program) Err() error { return p.err }

// Label names the command buffers of this recording and of those that follow.
func (p *Program) Label(label string) {
	// The name before it may stand in the list.
	p.own(NewLife(func(name msgsend.ID) func() { return func() { msgsend.Release(name) } }(p.name)))
	p.label, p.name = label, objc.NewString(label)
	p.head = 0 // the next recording begins with the name
	p.list.SendTo(p.cb, &selSetLabel, uintptr(p.name))
}

// Close lets go of everything. The program is not used again.
func (p *Program) Close() {
	p.Discard()
	if p.name != 0 {
		msgsend.Release(p.name)
		p.label, p.name = "", 0
		p.list.Reset()
		p.head = 0
	}
}

// run sends the list for a flight. An error says that nothing was committed.
func (p *Program) run(f *flight, m Manner) error {
	if p.prepared() {
		return p.replay(f, m)
	}
	if p.keep {
		p.mu.Lock()
		defer p.mu.Unlock()
		f.holds = p.holdSlots(f.holds)
	}
	if p.block != f.block { // which is often the last flight's
		p.list.SetWord(p.handler, 0, uintptr(f.block))
		p.block = f.block
	}
	p.seal(&p.forms.commit[m])
	return p.cross()
}

// seal ends the list with a message to the command buffer, the first time.
func (p *Program) seal(last *msgsend.Form) {
	if !p.sealed {
		p.list.Add(last, p.cb)
		p.sealed = true
	}
}

// cross runs the list.
func (p *Program) cross() error {
	stopped := p.list.Run()
	runtime.KeepAlive(p)
	switch {
	case stopped < 0:
		return nil
	case stopped <= max(p.handler, p.cb+1):
		return misuse("Submit", "the queue gave no command buffer: %w", ErrMemory)
	}
	return misuse("Submit", "the command buffer gave no encoder: %w", ErrMemory)
}

// told writes the recording's span into a timeline, once: a program that runs again is not recorded
// again.
func (p *Program) told(t *Timeline) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.began.IsZero() {
		t.host("record", p.title(), p.began, time.Now())
		p.began = time.Time{}
	}
}

// title is what a timeline calls the program's flights.
func (p *Program) title() string {
	switch {
	case p.label != "":
		return p.label
	case p.count == 0:
		return "commands"
	case p.count == 1:
		return p.first
	}
	return p.first + " and " + strconv.Itoa(p.count-1) + " more"
}

// hold keeps a life until the end of the work, once. It reports false for what is closed.
func (p *Program) hold(l *Life) bool {
	if p.has(l) {
		return true
	}
	if !l.Hold() {
		return false
	}
	l.mark.Store(p.mark)
	p.holds = append(p.holds, l)
	return true
}

// has tells whether a life is kept already and not closed.
func (p *Program) has(l *Life) bool { return l.mark.Load() == p.mark && !l.Closed() }

// own hands the caller's use of a life to the program.
func (p *Program) own(l *Life) { p.holds = append(p.holds, l) }

// fail keeps the first error.
func (p *Program) fail(op, reason string, err error) {
	if p.err != nil {
		return
	}
	if err != nil {
		p.err = misuse(op, "%s: %w", reason, err)
	} else {
		p.err = misuse(op, "%s", reason)
	}
}

func (p *Program) beginCompute(concurrent bool) {
	p.open = true
	switch {
	case p.only != AnyEncoders: // begin has recorded it
	case p.timed():
		p.timedPass(&selComputePass, p.timing.computePass(dispatchType(concurrent)))
	default:
		p.sendEncoder(concurrent)
	}
}

func dispatchType(concurrent bool) mtl.DispatchType {
	if concurrent {
		return mtl.DispatchTypeConcurrent
	}
	return mtl.DispatchTypeSerial
}

func (p *Program) sendEncoder(concurrent bool) {
	p.encoder = p.list.Borrow(0, &selComputeEncoder, uintptr(dispatchType(concurrent)))
	p.list.PatchSelf(p.encoder, p.cb)
}

func (p *Program) beginBlit() {
	p.open = true
	if p.timed() {
		p.timedPass(&selBlitPass, p.timing.blitPass())
		return
	}
	p.encoder = p.list.Borrow(0, &selBlitEncoder)
	p.list.PatchSelf(p.encoder, p.cb)
}

// LabelEncoder names the open encoder in tools and errors.
func (p *Program) LabelEncoder(label string) {
	if p.err != nil {
		return
	}
	name := objc.NewString(label)
	p.own(NewLife(func() { msgsend.Release(name) }))
	p.list.SendTo(p.encoder, &selSetLabel, uintptr(name))
	if p.timing != nil {
		p.timing.name(label, true)
	}
}

func (p *Program) endEncoder() {
	if p.err == nil {
		p.list.Add(&p.forms.end, p.encoder)
	}
	p.open = false
}

// send addresses a record to the open encoder.
func (p *Program) send(rec int) int {
	p.list.PatchSelf(rec, p.encoder)
	return rec
}

func (p *Program) launch(f *msgsend.Form, grid, group Size) {
	p.list.Add3x3(f, p.encoder, uintptr(grid.X), uintptr(grid.Y), uintptr(grid.Z), uintptr(group.X), uintptr(group.Y), uintptr(group.Z))
}

func (p *Program) launchIndirect(b msgsend.ID, offset int, group Size) {
	size := mtl.MakeSize(uint(group.X), uint(group.Y), uint(group.Z))
	var f msgsend.Frame
	f.AddWord(uintptr(b))
	f.AddWord(uintptr(offset))
	f.AddStruct(unsafe.Pointer(&size), unsafe.Sizeof(size))
	p.send(p.list.SendFrame(0, &selDispatchIndirect, &sigDispatchIndirect, &f))
}

// Event records encodeSignalEvent:value: or encodeWaitForEvent:value: between encoders.
func (p *Program) Event(op string, o *Object, value uint64, wait bool) {
	if !p.object(op, "event", o) {
		return
	}
	sel := &selSignalEvent
	if wait {
		sel = &selWaitForEvent
	}
	p.list.SendTo(p.cb, sel, uintptr(o.ID), uintptr(value))
}

func (p *Program) fence(o *Object, wait bool) {
	op, sel := "UpdateFence", &selUpdateFence
	if wait {
		op, sel = "WaitFence", &selWaitForFence
	}
	if p.object(op, "fence", o) {
		p.list.SendTo(p.encoder, sel, uintptr(o.ID))
	}
}

// object checks and holds a fence or an event.
func (p *Program) object(op, kind string, o *Object) bool {
	switch {
	case p.err != nil:
	case o == nil:
		p.fail(op, "the "+kind+" is nil", nil)
	case o.Device != p.lim.Device:
		p.fail(op, "the "+kind+" belongs to another device", nil)
	case !p.hold(o.Life):
		p.fail(op, "the "+kind+" is closed", ErrClosed)
	default:
		return true
	}
	return false
}
