package cpumetal

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// One who commits and waits finds everything as one who only commits and then waits: handlers have
// returned, in order, whether the queue was idle, busy, or calling other handlers.
func TestCommitAndWait(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	var ran atomic.Int64
	p := testPipeline(d, "count", nil, func(*simt.Launch) *simt.Fault { ran.Add(1); return nil })
	one := Size3{1, 1, 1}
	turn := func(scheduled bool) {
		cb := q.CommandBuffer(true, 0)
		e := cb.ComputeEncoder(false)
		e.SetPipeline(p)
		e.DispatchThreads(one, one)
		e.End()
		e.Recycle()
		var log []string
		if scheduled {
			cb.OnScheduled(call(func() { log = append(log, "scheduled") }))
		}
		cb.OnCompleted(call(func() { log = append(log, "completed"); require.Equal(t, StatusCompleted, cb.Status()) }))
		gone := make(chan bool, 1)
		require.True(t, cb.CommitAndWait(call(func() { gone <- true })))
		want := []string{"scheduled", "completed"}
		if !scheduled {
			want = want[1:]
		}
		require.Equal(t, want, log)
		require.False(t, cb.CommitAndWait(Handler{}), "committed twice")
		<-gone
		cb.Recycle()
	}
	turn(false)
	turn(true)
	require.EqualValues(t, 2, ran.Load())

	const goroutines, turns = 8, 200
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range turns {
				if g%4 == 3 {
					cb := q.CommandBuffer(true, 0)
					cb.Commit(Handler{})
					cb.WaitUntilCompleted()
					continue
				}
				turn((g+i)%3 == 0)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 2+6*turns, ran.Load())
}

// One who commits work that is likely to be brief finds it done if the queue was idle, and goes on
// if not.
func TestCommitHere(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	cb := q.CommandBuffer(true, 0)
	handled := false
	cb.OnCompleted(call(func() { handled = true }))
	require.True(t, cb.CommitHere(Handler{}))
	require.True(t, handled)
	require.Equal(t, StatusCompleted, cb.Status())
	require.False(t, cb.CommitHere(Handler{}), "committed twice")
	cb.Recycle()

	e := d.NewEvent()
	busy, behind := q.CommandBuffer(true, 0), q.CommandBuffer(true, 0)
	busy.WaitEvent(e, 1)
	require.True(t, busy.Commit(Handler{}))
	require.True(t, behind.CommitHere(Handler{}), "does not wait")
	require.Less(t, behind.Status(), StatusCompleted)
	e.signal(1)
	behind.WaitUntilCompleted()
	busy.Recycle()
	behind.Recycle()
}

// A command buffer that was enqueued before and is not committed yet comes first.
func TestCommitAndWaitBehindAnother(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	first, second := q.CommandBuffer(true, 0), q.CommandBuffer(true, 0)
	first.Enqueue()
	done := make(chan bool)
	go func() {
		second.CommitAndWait(Handler{})
		require.Equal(t, StatusCompleted, first.Status())
		done <- true
	}()
	for second.Status() != StatusCommitted {
		runtime.Gosched()
	}
	first.Commit(Handler{})
	<-done
}

func TestReplay(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(2)
	inc := increment(d)
	b := d.NewBuffer(64, 0)
	template := q.Template(true, ErrorEncoderStatus)
	template.SetLabel("T")
	e := template.ComputeEncoder(false)
	e.SetPipeline(inc)
	e.SetBuffer(b, 0, 0)
	e.SetBytes([]byte{3, 0, 0, 0}, 1)
	e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
	require.Nil(t, q.Replay(template), "not frozen")
	e.End()
	e.Recycle()
	template.Freeze()
	require.False(t, template.Commit(Handler{}), "a template is not run itself")
	require.Nil(t, template.ComputeEncoder(false))
	template.WaitUntilCompleted()
	require.Nil(t, d.NewQueue(0).Replay(template), "of another queue")

	before := b.refs.Load()
	for i := range 10 {
		cb := q.Replay(template)
		require.Equal(t, "T", cb.Label())
		require.Nil(t, cb.ComputeEncoder(false), "a replay does what the template does and no more")
		if i%2 == 0 {
			cb.CommitAndWait(Handler{})
		} else {
			cb.Commit(Handler{})
			cb.WaitUntilCompleted()
		}
		require.Nil(t, cb.Err())
		cb.Recycle()
	}
	require.EqualValues(t, 10, b.mem[0])
	require.Equal(t, before, b.refs.Load(), "the template keeps the buffer for its replays")
	template.Recycle()
	require.EqualValues(t, 1, b.refs.Load())
}

// Misuse that a template met, and a kernel that fails, are errors of each replay.
func TestReplayOfAFailure(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	bad := testPipeline(d, "bad", nil, func(*simt.Launch) *simt.Fault {
		return &simt.Fault{Kind: simt.OutOfBounds, Kernel: "bad", Len: 4, Offset: 8, Size: 8}
	})
	for _, wrong := range []bool{false, true} {
		template := q.Template(true, ErrorEncoderStatus)
		e := template.ComputeEncoder(false)
		e.SetLabel("E")
		if !wrong {
			e.SetPipeline(bad)
		}
		e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
		e.End()
		e.Recycle()
		template.Freeze()
		for range 2 {
			cb := q.Replay(template)
			cb.CommitAndWait(Handler{})
			require.Equal(t, StatusError, cb.Status())
			state := EncoderFaulted
			if wrong {
				state = EncoderPending
			}
			require.Equal(t, []EncoderInfo{{Label: "E", State: state}}, cb.Err().Encoders)
			cb.Recycle()
		}
		template.Recycle()
	}
}

// The objects of templates and replays hold what they need, and leave nothing.
func TestReplayObjects(t *testing.T) {
	device := open(t)
	queue := objcrt.ID(send(device, "newCommandQueue"))
	start := objcrt.LiveCount()
	template := objcrt.ID(send(queue, "cpuTemplateWithDescriptor:", 0))
	blit := objcrt.ID(send(template, "blitCommandEncoder"))
	require.Zero(t, send(queue, "cpuCommandBufferReplaying:", uintptr(template)), "not frozen")
	send(blit, "endEncoding")
	objcrt.Release(blit)
	send(template, "cpuFreeze")
	replay := objcrt.ID(send(queue, "cpuCommandBufferReplaying:", uintptr(template)))
	objcrt.Release(template) // the replay keeps it
	send(replay, "cpuCommitAndWait")
	require.EqualValues(t, StatusCompleted, send(replay, "status"))
	objcrt.Release(replay)
	require.Equal(t, start, objcrt.LiveCount())
	require.Zero(t, send(queue, "cpuCommandBufferReplaying:", uintptr(device)), "no command buffer at all")
	objcrt.Release(queue)
}
