package launch

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/mtl"
)

// A Queue runs programs: a MTLCommandQueue with what is in the air on it.
type Queue struct {
	*Life
	ID     msgsend.ID
	Device mtl.Device
	Limits Limits
	number uint64 // in timelines
	local  bool   // its device is the program's own processors, see replay.go

	kept, bare mtl.CommandBufferDescriptor // with and without retained references; nil if the device knows none

	mu   sync.Mutex
	idle *flight // linked by next
	air  *flight
	rest int // flights that are idle
	most int // flights that may be idle

	programs sync.Pool // of *Program that are empty
}

// queues numbers the queues of the process.
var queues atomic.Uint64

// NewQueue makes a Queue of a MTLCommandQueue. When it ends it calls free, which releases the
// queue and its device.
func NewQueue(raw mtl.CommandQueue, dev mtl.Device, lim Limits, free func()) *Queue {
	q := &Queue{ID: raw.ID(), Device: dev, Limits: lim, number: queues.Add(1), most: fewIdle}
	if raw.RespondsTo("commandBufferWithDescriptor:") {
		q.kept, q.bare = descriptor(true), descriptor(false)
	}
	q.local = raw.RespondsTo(selTemplate.Name)
	q.Life = NewLife(func() {
		q.kept.Release()
		q.bare.Release()
		for f := q.idle; f != nil; f = f.next {
			msgsend.ReleaseBlock(f.block)
		}
		free()
	})
	return q
}

// Local tells whether the queue's device is the program's own processors.
func (q *Queue) Local() bool { return q.local }

// descriptor asks for the state of each encoder with an error.
func descriptor(retained bool) mtl.CommandBufferDescriptor {
	d := mtl.NewCommandBufferDescriptor()
	d.SetRetainedReferences(retained)
	d.SetErrorOptions(mtl.CommandBufferErrorOptionEncoderExecutionStatus)
	return d
}

// Program returns an empty program. Free gives it back.
func (q *Queue) Program() *Program {
	p, _ := q.programs.Get().(*Program)
	if p != nil {
		p.Begin()
		return p
	}
	p = new(Program)
	p.Init(q, Options{})
	return p
}

// Free lets go of everything and keeps the memory for another program of the queue. The program is
// not used again.
func (p *Program) Free() {
	p.Close()
	p.queue.programs.Put(p)
}

// A Manner is what the caller of Run does next. It makes a difference on a local queue only, whose
// work the caller's own goroutine can do.
type Manner uint8

const (
	Async Manner = iota // goes on
	Wait                // waits for the end: w has been told when Run returns
	Brief               // goes on; the work is likely to take less time than handing it to another goroutine
)

// Run commits a program as one command buffer and returns. w is told of its end; unless Run
// returns an error: then nothing was committed. owner, if there is one, is held for the flight
// instead of what the program holds, so that the program can run again.
func (q *Queue) Run(p *Program, w Watcher, owner *Life, m Manner) error {
	if !q.local {
		m = Async
	}
	if m == Wait {
		defer waiting(context.Background())()
	}
	if p.err != nil {
		return p.err
	}
	if p.open {
		return misuse("Submit", "an encoder is open: call its Finish first")
	}
	if !q.Hold() {
		return misuse("Submit", "the queue is closed: %w", ErrClosed)
	}
	f := q.take()
	f.watcher, f.label = w, p.label
	if t := active.Load(); t != nil {
		f.title = p.title()
		p.told(t)
	}
	if owner != nil {
		owner.Keep()
		f.holds = append(f.holds, owner)
	} else {
		f.holds, p.holds = p.holds, f.holds
	}
	if !p.keep {
		f.timing, p.timing = p.timing, nil
	}
	if err := p.run(f, m); err != nil {
		if f.timing != nil {
			f.timing.free()
			f.timing = nil
		}
		for _, l := range f.holds {
			l.Drop()
		}
		clear(f.holds)
		f.holds = f.holds[:0]
		for _, s := range q.land(f) {
			s.landed(err)
		}
		return err
	}
	return nil
}

// fewIdle is how many flights a queue keeps for its next runs if nobody expects more.
const fewIdle = 4

// Expect makes the queue keep enough flights for n runs at the same time.
func (q *Queue) Expect(n int) {
	q.mu.Lock()
	q.most = max(q.most, n+1)
	q.mu.Unlock()
}

// take puts a flight into the air before its commit, so that a Sync beside it waits for it.
func (q *Queue) take() *flight {
	q.mu.Lock()
	defer q.mu.Unlock()
	f := q.idle
	if f != nil {
		q.idle = f.next
		q.rest--
	} else {
		f = &flight{queue: q}
		f.block = msgsend.NewBlock(func(buf, _, _, _ uintptr) { f.landed(mtl.CommandBufferFromID(msgsend.ID(buf))) })
	}
	f.prev, f.next = nil, q.air
	if q.air != nil {
		q.air.prev = f
	}
	q.air = f
	return f
}

// land takes a flight out of the air, where it may be again when land returns, and returns who
// waits for its end.
func (q *Queue) land(f *flight) (syncs []*syncWait) {
	q.mu.Lock()
	if f.prev != nil {
		f.prev.next = f.next
	} else {
		q.air = f.next
	}
	if f.next != nil {
		f.next.prev = f.prev
	}
	syncs, f.syncs = f.syncs, nil
	f.watcher, f.label, f.title = nil, "", ""
	f.prev, f.next = nil, nil
	keep := q.rest < q.most
	if keep {
		f.next, q.idle = q.idle, f
		q.rest++
	}
	q.mu.Unlock()
	if !keep {
		msgsend.ReleaseBlock(f.block)
	}
	q.Drop()
	return syncs
}

// bufferOf is a new shared buffer with a copy of data, for one program.
func (q *Queue) bufferOf(data []byte) (*Buffer, error) {
	if len(data) > q.Limits.Buffer {
		return nil, fmt.Errorf("%d bytes are past the device's MaxBufferLength of %d", len(data), q.Limits.Buffer)
	}
	raw := q.Device.NewBufferWithBytes(data, mtl.ResourceStorageModeShared)
	if raw.IsNil() {
		return nil, fmt.Errorf("a buffer of %d bytes: %w", len(data), ErrMemory)
	}
	return &Buffer{Life: NewLife(raw.Release), ID: raw.ID(), Len: len(data), Shared: true, Device: q.Limits.Device}, nil
}
