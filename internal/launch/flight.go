package launch

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Watcher is told once of a flight's end.
type Watcher interface {
	Landed(Outcome)
	// Timed tells whether the outcome is to have the times of the work: the device is asked for them.
	Timed() bool
}

// A flight is one command buffer from its commit to its completion. Its queue uses it again and
// again: the completion block in it is made once.
type flight struct {
	queue      *Queue
	block      msgsend.ID // calls landed
	holds      []*Life
	watcher    Watcher
	label      string
	title      string // if a timeline is written
	timing     *Timing
	syncs      []*syncWait
	prev, next *flight // in the queue's list of those in the air
}

// landed is the completion handler. The command buffer is borrowed.
func (f *flight) landed(buf mtl.CommandBuffer) {
	var out Outcome
	t, w := active.Load(), f.watcher
	if t != nil || w.Timed() {
		out.Start, out.End = seconds(buf.GPUStartTime()), seconds(buf.GPUEndTime())
	}
	if buf.Status() == mtl.CommandBufferStatusError {
		out.Err = failure(buf, f.label)
	}
	if f.timing != nil {
		out.Encoders = f.timing.resolve()
		f.timing.free()
		f.timing = nil
	}
	if t != nil && f.title != "" {
		t.device("queue "+strconv.FormatUint(f.queue.number, 10), f.title, out)
	}
	for i, l := range f.holds {
		l.Drop()
		f.holds[i] = nil
	}
	f.holds = f.holds[:0]
	syncs := f.queue.land(f)
	w.Landed(out)
	for _, s := range syncs {
		s.landed(out.Err)
	}
}

// seconds is a time since the device booted.
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// failure reads a command buffer's NSError.
func failure(buf mtl.CommandBuffer, label string) *Failure {
	f := &Failure{Label: label}
	err := buf.Error()
	if err == nil {
		f.Msg = "the command buffer failed without a reason"
		return f
	}
	var ns *objc.Error
	if !errors.As(err, &ns) {
		f.Msg = err.Error()
		return f
	}
	f.Domain, f.Code, f.Msg = ns.Domain, ns.Code, ns.Description
	for _, info := range buf.EncoderInfos() {
		f.Encoders = append(f.Encoders, EncoderState{info.Label(), int(info.ErrorState())})
		info.Release()
	}
	if f.Domain != mtl.CommandBufferErrorDomain() {
		return f
	}
	// A buffer behind a culprit carries a code of its own; only the text tells it from the
	// culprit.
	if strings.Contains(f.Msg, "Ignored (for causing prior") || strings.Contains(f.Msg, "victim of GPU error") {
		f.Err = ErrSkipped
		return f
	}
	switch mtl.CommandBufferError(f.Code) {
	case mtl.CommandBufferErrorTimeout:
		f.Err = ErrTimeout
	case mtl.CommandBufferErrorPageFault:
		f.Err = ErrPageFault
	case mtl.CommandBufferErrorOutOfMemory:
		f.Err = ErrMemory
	case mtl.CommandBufferErrorAccessRevoked, mtl.CommandBufferErrorDeviceRemoved:
		f.Err = ErrDeviceLost
	}
	return f
}

// A syncWait is one Sync that waits for the flights it saw in the air.
type syncWait struct {
	done Done
	mu   sync.Mutex
	left int
	err  error
}

func (s *syncWait) landed(err error) {
	s.mu.Lock()
	if s.err == nil {
		s.err = err
	}
	s.left--
	last := s.left == 0
	s.mu.Unlock()
	if last {
		s.done.Finish()
	}
}

// Sync waits until everything that was in the air at the call has landed, or ctx ends. It returns
// the first failure.
func (q *Queue) Sync(ctx context.Context) error {
	s := &syncWait{}
	q.mu.Lock()
	for f := q.air; f != nil; f = f.next {
		f.syncs = append(f.syncs, s)
		s.left++
	}
	idle := s.left == 0
	q.mu.Unlock()
	if idle {
		return ctx.Err()
	}
	if err := s.done.WaitContext(ctx); err != nil {
		return err
	}
	return s.err
}
