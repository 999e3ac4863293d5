package gpu_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// long records a launch that takes a while: enough to close, cancel and look in the meantime.
func (h *house) long(t testing.TB, buf *gpu.Buffer) *gpu.Commands {
	t.Helper()
	cmd, enc := h.begin(t)
	enc.Bind(h.pipeline(t, "slow"))
	enc.BindBuffer(buf, 0, 0)
	gpu.Push(enc, uint32(slowRounds), 1)
	enc.Launch(gpu.D1(4096), gpu.D1(256))
	require.NoError(t, enc.Finish())
	return cmd
}

func TestSubmitTwice(t *testing.T) {
	h := open(t)
	buf := h.floats(t, 64)
	cmd, enc := h.begin(t)
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(64), gpu.D1(64))
	require.NoError(t, enc.Finish())
	require.Equal(t, gpu.StatusNotEnqueued, cmd.Status())
	require.ErrorContains(t, cmd.Wait(), "before Submit")
	require.NoError(t, cmd.Submit())
	require.ErrorIs(t, cmd.Submit(), gpu.ErrClosed)
	require.NoError(t, cmd.Wait())
	require.NoError(t, cmd.Wait())
	require.ErrorIs(t, cmd.Submit(), gpu.ErrClosed)
	require.Equal(t, gpu.StatusCompleted, cmd.Status())
	require.Equal(t, float32(1), buf.At(0), "it ran once")
	for name, open := range map[string]func() error{
		"Encoder":           func() error { _, err := cmd.Encoder(); return err },
		"ConcurrentEncoder": func() error { _, err := cmd.ConcurrentEncoder(); return err },
		"Copier":            func() error { _, err := cmd.Copier(); return err },
		"Signal":            func() error { return cmd.Signal(nil, 1) },
	} {
		require.ErrorIs(t, open(), gpu.ErrClosed, name)
	}
}

func TestUseAfterFinish(t *testing.T) {
	h := open(t)
	p, buf := h.pipeline(t, "inc"), h.floats(t, 64)
	_, enc := h.begin(t)
	require.NoError(t, enc.Finish())
	require.ErrorIs(t, enc.Finish(), gpu.ErrClosed)
	for name, use := range map[string]func(){
		"Bind": func() { enc.Bind(p) }, "BindBuffer": func() { enc.BindBuffer(buf.Buffer, 0, 0) }, "Push": func() { enc.Push([]byte{1}, 0) },
		"Threadgroup": func() { enc.Threadgroup(16, 0) }, "Launch": func() { enc.Launch(gpu.D1(1), gpu.D1(1)) },
		"LaunchGroups":   func() { enc.LaunchGroups(gpu.D1(1), gpu.D1(1)) },
		"LaunchIndirect": func() { enc.LaunchIndirect(buf.Buffer, 0, gpu.D1(1)) },
		"Barrier":        func() { enc.Barrier() },
	} {
		require.PanicsWithValue(t, "gpu: Encoder."+name+" after Finish: open a new encoder", use, name)
	}
	require.Panics(t, func() { gpu.Push(enc, uint32(1), 0) })

	cmd, err := h.queue.Commands()
	require.NoError(t, err)
	c, err := cmd.Copier()
	require.NoError(t, err)
	require.NoError(t, c.Finish())
	require.ErrorIs(t, c.Finish(), gpu.ErrClosed)
	require.PanicsWithValue(t, "gpu: Copier.Copy after Finish: open a new copier", func() { c.Copy(buf.Buffer, 0, buf.Buffer, 128, 64) })
	require.PanicsWithValue(t, "gpu: Copier.Fill after Finish: open a new copier", func() { c.Fill(buf.Buffer, 0, 4, 1) })
}

func TestOneEncoderAtATime(t *testing.T) {
	h := open(t)
	buf := h.floats(t, 64)
	cmd, enc := h.begin(t)
	_, err := cmd.Encoder()
	require.ErrorContains(t, err, "another encoder is open")
	_, err = cmd.Copier()
	require.ErrorContains(t, err, "another encoder is open")
	require.ErrorContains(t, cmd.Submit(), "call its Finish")
	// The first goes on unharmed.
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(64), gpu.D1(64))
	require.NoError(t, enc.Finish())
	c, err := cmd.Copier()
	require.NoError(t, err)
	c.Copy(buf.Buffer, 0, buf.Buffer, 128, 4)
	require.NoError(t, c.Finish())
	enc, err = cmd.Encoder()
	require.NoError(t, err)
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, float32(2), buf.At(0))
	require.Equal(t, float32(1), buf.At(1))
}

func TestEmptyCommands(t *testing.T) {
	h := open(t)
	cmd, err := h.queue.Commands()
	require.NoError(t, err)
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	cmd, enc := h.begin(t)
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
}

func TestCopies(t *testing.T) {
	h := open(t)
	a, err := h.dev.BufferFrom([]byte("0123456789abcdef"))
	require.NoError(t, err)
	defer a.Close()
	b, err := h.dev.Buffer(16)
	require.NoError(t, err)
	defer b.Close()
	copier := func(record func(c *gpu.Copier)) error {
		cmd, err := h.queue.Commands()
		require.NoError(t, err)
		c, err := cmd.Copier()
		require.NoError(t, err)
		record(c)
		finish := c.Finish()
		submit := cmd.Submit()
		if finish != nil {
			require.EqualError(t, submit, finish.Error())
			return finish
		}
		require.NoError(t, submit)
		return cmd.Wait()
	}
	require.NoError(t, copier(func(c *gpu.Copier) {
		c.Fill(b, 0, 16, '.')
		c.Copy(b, 4, a, 8, 8)
		c.Copy(a, 0, a, 8, 8)
	}))
	require.Equal(t, "....89abcdef....", string(b.Bytes()))
	require.Equal(t, "89abcdef89abcdef", string(a.Bytes()))

	closed, err := h.dev.Buffer(16)
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for want, record := range map[string]func(c *gpu.Copier){
		"source: 16 bytes from offset 1 go past":      func(c *gpu.Copier) { c.Copy(b, 0, a, 1, 16) },
		"destination: 16 bytes from offset 8 go past": func(c *gpu.Copier) { c.Copy(b, 8, a, 0, 16) },
		"source: the buffer is nil":                   func(c *gpu.Copier) { c.Copy(b, 0, nil, 0, 16) },
		"destination: the buffer is closed":           func(c *gpu.Copier) { c.Copy(closed, 0, a, 0, 16) },
		"no bytes to copy":                            func(c *gpu.Copier) { c.Copy(b, 0, a, 0, 0) },
		"length -1 is negative":                       func(c *gpu.Copier) { c.Copy(b, 0, a, 0, -1) },
		"offset -4 is negative":                       func(c *gpu.Copier) { c.Copy(b, 0, a, -4, 4) },
		"overlap":                                     func(c *gpu.Copier) { c.Copy(a, 0, a, 4, 8) },
		"Fill: 17 bytes from offset 0 go past":        func(c *gpu.Copier) { c.Fill(b, 0, 17, 0) },
		"no bytes to fill":                            func(c *gpu.Copier) { c.Fill(b, 0, 0, 0) },
		"past the buffer's end":                       func(c *gpu.Copier) { c.Fill(b, 1<<62, 1<<62, 0) },
	} {
		require.ErrorContains(t, copier(record), want)
	}
	require.ErrorIs(t, copier(func(c *gpu.Copier) { c.Fill(closed, 0, 4, 1) }), gpu.ErrClosed)
	require.Equal(t, "....89abcdef....", string(b.Bytes()), "nothing of a wrong copier is run")
}

func TestCloseInFlight(t *testing.T) {
	h := open(t)
	start := live(t)
	buf, err := gpu.Make[float32](h.dev, 4096)
	require.NoError(t, err)
	keep := h.floats(t, 4096)
	cmd := h.long(t, buf.Buffer)
	c, err := cmd.Copier()
	require.NoError(t, err)
	c.Copy(keep.Buffer, 0, buf.Buffer, 0, 4*4096)
	require.NoError(t, c.Finish())
	queue, err := h.dev.Queue()
	require.NoError(t, err)
	require.NoError(t, cmd.Submit())
	require.NoError(t, buf.Close())
	require.Nil(t, buf.Slice())
	require.NoError(t, queue.Close())
	runtime.GC()
	require.NoError(t, cmd.Wait())
	require.Positive(t, keep.At(4095), "the work went on with its buffer")
	settles(t, start+3) // keep, the slow pipeline and the queue's completion block: the test's end frees them

	_, err = queue.Commands()
	require.ErrorIs(t, err, gpu.ErrClosed)
	require.NoError(t, queue.Sync(background()))
}

// Closing everything right after Submit, the queue and the device too, lets the work end and then
// frees all.
func TestCloseEverythingInFlight(t *testing.T) {
	start := live(t)
	dev, err := gpu.Open()
	require.NoError(t, err)
	queue, err := dev.Queue()
	require.NoError(t, err)
	lib, err := dev.Compile(kernels)
	require.NoError(t, err)
	pipe, err := lib.Pipeline("slow")
	require.NoError(t, err)
	buf, err := gpu.Make[float32](dev, 4096)
	require.NoError(t, err)
	cmd, err := queue.Commands()
	require.NoError(t, err)
	enc, err := cmd.Encoder()
	require.NoError(t, err)
	enc.Bind(pipe)
	enc.BindBuffer(buf.Buffer, 0, 0)
	gpu.Push(enc, uint32(slowRounds), 1)
	enc.Launch(gpu.D1(4096), gpu.D1(256))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	for _, c := range []interface{ Close() error }{dev, lib, pipe, buf, queue} {
		require.NoError(t, c.Close())
	}
	require.NoError(t, cmd.Wait())
	settles(t, start)
}

// A buffer that is closed between Bind and Submit is used, as it was open when it was bound.
func TestCloseBetweenBindAndSubmit(t *testing.T) {
	h := open(t)
	buf, err := gpu.Make[float32](h.dev, 64)
	require.NoError(t, err)
	back := h.floats(t, 64)
	cmd, enc := h.begin(t)
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(64), gpu.D1(64))
	require.NoError(t, enc.Finish())
	c, err := cmd.Copier()
	require.NoError(t, err)
	c.Copy(back.Buffer, 0, buf.Buffer, 0, 256)
	require.NoError(t, c.Finish())
	require.NoError(t, buf.Close())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, float32(1), back.At(63))
}

// Commands that are never submitted let go of what they hold.
func TestAbandonedCommands(t *testing.T) {
	h := open(t)
	p := h.pipeline(t, "inc")
	start := live(t)
	for range 10 {
		buf, err := gpu.Make[float32](h.dev, 64)
		require.NoError(t, err)
		cmd, enc := h.begin(t)
		cmd.SetLabel("abandoned")
		enc.Bind(p)
		enc.BindBuffer(buf.Buffer, 0, 0)
		require.NoError(t, buf.Close())
	}
	require.Eventually(t, func() bool { runtime.GC(); return live(t) <= start }, 10*time.Second, 5*time.Millisecond)
}

func TestWaitContext(t *testing.T) {
	h := open(t)
	buf := h.floats(t, 4096)
	cmd := h.long(t, buf.Buffer)
	ctx, cancel := context.WithCancel(background())
	require.NoError(t, cmd.Submit())
	cancel()
	if err := cmd.WaitContext(ctx); err != nil { // the work may be quicker
		require.ErrorIs(t, err, context.Canceled)
	}
	<-cmd.Done()
	require.NoError(t, cmd.WaitContext(ctx), "what is done is done, whatever the context says")
	require.Positive(t, buf.At(0), "the device went on")
	require.ErrorIs(t, h.queue.Run(ctx, h.pipeline(t, "inc"), gpu.D1(1), buf), context.Canceled)

	why := errors.New("no more")
	caused, stop := context.WithCancelCause(background())
	stop(why)
	cmd = h.long(t, buf.Buffer)
	require.NoError(t, cmd.Submit())
	if err := cmd.WaitContext(caused); err != nil {
		require.ErrorIs(t, err, context.Canceled)
	}
	require.NoError(t, cmd.Wait())
}

func TestSync(t *testing.T) {
	h := open(t)
	require.NoError(t, h.queue.Sync(background()))
	buf := h.floats(t, 4096)
	var all []*gpu.Commands
	for range 5 {
		cmd := h.long(t, buf.Buffer)
		require.NoError(t, cmd.Submit())
		all = append(all, cmd)
	}
	gone, cancel := context.WithCancel(background())
	cancel()
	if err := h.queue.Sync(gone); err != nil {
		require.ErrorIs(t, err, context.Canceled)
	}
	require.NoError(t, h.queue.Sync(background()))
	for _, cmd := range all {
		require.Equal(t, gpu.StatusCompleted, cmd.Status())
	}
}

// bad records a launch that writes past its buffer.
func (h *house) bad(t testing.TB, cmd *gpu.Commands, buf *gpu.Buffer) {
	t.Helper()
	enc, err := cmd.Encoder()
	require.NoError(t, err)
	enc.Bind(h.pipeline(t, "past"))
	enc.BindBuffer(buf, 0, 0)
	gpu.Push(enc, uint32(1<<20), 1)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	require.NoError(t, enc.Finish())
}

// What is behind a culprit is told apart from it, and Sync tells of the first.
func TestSkipped(t *testing.T) {
	h := open(t)
	h.faults(t)
	buf := h.floats(t, 64)
	gate, err := h.dev.SharedEvent()
	require.NoError(t, err)
	defer gate.Close()
	culprit, err := h.queue.Commands()
	require.NoError(t, err)
	culprit.SetLabel("culprit")
	require.NoError(t, culprit.Await(gate, 1))
	h.bad(t, culprit, buf.Buffer)
	require.NoError(t, culprit.Submit())
	behind, enc := h.begin(t)
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(64), gpu.D1(64))
	require.NoError(t, enc.Finish())
	require.NoError(t, behind.Submit())
	synced := make(chan error)
	go func() { synced <- h.queue.Sync(background()) }()
	time.Sleep(50 * time.Millisecond) // for Sync to see both in flight
	require.NoError(t, gate.Set(1))

	require.ErrorIs(t, culprit.Wait(), gpu.ErrPageFault)
	require.NotErrorIs(t, culprit.Wait(), gpu.ErrSkipped)
	require.ErrorIs(t, behind.Wait(), gpu.ErrSkipped)
	require.NotErrorIs(t, behind.Wait(), gpu.ErrPageFault)
	require.Equal(t, float32(0), buf.At(0), "what was skipped did not run")
	var ce *gpu.CommandError
	require.ErrorAs(t, <-synced, &ce)
	require.Equal(t, "Sync", ce.Op)
	require.Equal(t, "culprit", ce.Label)

	require.NoError(t, h.queue.Run(background(), h.pipeline(t, "inc"), gpu.D1(64), buf), "the queue goes on")
}

func TestTimes(t *testing.T) {
	h := open(t)
	buf := h.floats(t, 4096)
	cmd := h.long(t, buf.Buffer)
	require.Zero(t, cmd.GPUTime())
	begin := time.Now()
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	wall := time.Since(begin)
	require.Positive(t, cmd.GPUStartTime())
	require.Greater(t, cmd.GPUEndTime(), cmd.GPUStartTime())
	require.Equal(t, cmd.GPUEndTime()-cmd.GPUStartTime(), cmd.GPUTime())
	require.LessOrEqual(t, cmd.GPUTime(), wall)
}

func TestLabelInError(t *testing.T) {
	h := open(t)
	h.faults(t)
	buf := h.floats(t, 64)
	cmd, enc := h.begin(t)
	cmd.SetLabel("first")
	cmd.SetLabel("frame 7")
	enc.Bind(h.pipeline(t, "past"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	gpu.Push(enc, uint32(1<<20), 1)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	err := cmd.Wait()
	var ce *gpu.CommandError
	require.ErrorAs(t, err, &ce)
	require.Equal(t, "frame 7", ce.Label)
	require.Equal(t, "Wait", ce.Op)
	require.Equal(t, gpu.StatusError, cmd.Status())
	cmd.SetLabel("too late")
}

func TestEvents(t *testing.T) {
	h := open(t)
	other, err := h.dev.Queue()
	require.NoError(t, err)
	defer other.Close()
	ev, err := h.dev.Event()
	require.NoError(t, err)
	shared, err := h.dev.SharedEvent()
	require.NoError(t, err)
	buf := h.floats(t, 4096)

	// The second queue's increment waits for the first queue's slow work.
	first := h.long(t, buf.Buffer)
	require.NoError(t, first.Await(shared, 3))
	require.NoError(t, first.Signal(ev, 1))
	second, err := other.Commands()
	require.NoError(t, err)
	require.NoError(t, second.Await(ev, 1))
	enc, err := second.Encoder()
	require.NoError(t, err)
	require.ErrorContains(t, second.Signal(shared, 9), "another encoder is open")
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(4096), gpu.D1(256))
	require.NoError(t, enc.Finish())
	require.NoError(t, second.Signal(shared, 9))
	require.NoError(t, second.Submit())
	require.NoError(t, first.Submit())
	require.Zero(t, shared.Value())
	require.ErrorIs(t, shared.Wait(9, 5*time.Millisecond), gpu.ErrTimeout)
	require.NoError(t, shared.Set(3))
	require.NoError(t, shared.Wait(9, 30*time.Second))
	require.NoError(t, first.Wait())
	require.NoError(t, second.Wait())
	require.Equal(t, uint64(9), shared.Value())

	require.NoError(t, ev.Close())
	require.NoError(t, shared.Close())
	require.NoError(t, shared.Close())
	require.ErrorIs(t, shared.Set(10), gpu.ErrClosed)
	require.ErrorIs(t, shared.Wait(10, time.Second), gpu.ErrClosed)
	require.Zero(t, shared.Value())
	for _, sig := range []gpu.Signal{nil, (*gpu.Event)(nil), (*gpu.SharedEvent)(nil), ev, shared} {
		cmd, err := h.queue.Commands()
		require.NoError(t, err)
		require.Error(t, cmd.Signal(sig, 1))
	}
}

func TestFences(t *testing.T) {
	h := open(t)
	f, err := h.dev.Fence()
	require.NoError(t, err)
	buf := h.floats(t, 64)
	cmd, enc := h.begin(t)
	enc.Bind(h.pipeline(t, "inc"))
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(64), gpu.D1(64))
	enc.UpdateFence(f)
	require.NoError(t, enc.Finish())
	c, err := cmd.Copier()
	require.NoError(t, err)
	c.WaitFence(f)
	c.Copy(buf.Buffer, 0, buf.Buffer, 128, 128)
	c.UpdateFence(f)
	require.NoError(t, c.Finish())
	enc, err = cmd.Encoder()
	require.NoError(t, err)
	enc.WaitFence(f)
	require.NoError(t, enc.Finish())
	require.NoError(t, f.Close())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())

	_, enc = h.begin(t)
	enc.WaitFence(f)
	require.ErrorIs(t, enc.Finish(), gpu.ErrClosed)
	_, enc = h.begin(t)
	enc.UpdateFence(nil)
	require.ErrorContains(t, enc.Finish(), "nil")
}

// 64 goroutines use one device, one queue and one pipeline, each with buffers of its own and one
// that all read.
func TestManyGoroutines(t *testing.T) {
	h := open(t)
	saxpy := h.pipeline(t, "saxpy")
	x := h.floats(t, 257)
	for i := range x.Slice() {
		x.Slice()[i] = float32(i)
	}
	start := live(t)
	var wg sync.WaitGroup
	for g := range 64 {
		wg.Go(func() {
			y, err := gpu.Make[float32](h.dev, 257)
			if err != nil {
				t.Error(err)
				return
			}
			defer y.Close()
			for i := range 20 {
				switch (g + i) % 4 {
				case 0:
					err = h.queue.Run(background(), saxpy, gpu.D1(257), y, x, float32(g))
				case 1:
					err = h.queue.Run(background(), saxpy, gpu.D1(0), y, x, float32(g))
					var le *gpu.LaunchError
					if errors.As(err, &le) {
						err = h.queue.Run(background(), saxpy, gpu.D1(257), y, x, float32(g))
					}
				default:
					var p *gpu.Pipeline
					if p, err = h.lib.Pipeline("saxpy"); err == nil {
						err = h.queue.Run(background(), p, gpu.D1(257), y, x, float32(g))
						p.Close()
					}
				}
				if err != nil {
					t.Error(g, i, err)
					return
				}
			}
			for i, v := range y.All() {
				if v != float32(20*g*i) {
					t.Errorf("goroutine %d: [%d] = %v", g, i, v)
					return
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, h.queue.Sync(background()))
	settles(t, start+4) // completion blocks that the queue keeps
}

// Launches beside a collector that runs all the time.
func TestLaunchesBesideTheCollector(t *testing.T) {
	h := open(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	for i := range 200 {
		n := 100 + i
		data := make([]float32, n)
		for j := range data {
			data[j] = float32(j)
		}
		y, err := gpu.From(h.dev, data)
		require.NoError(t, err)
		p, err := h.lib.Pipeline("inc")
		require.NoError(t, err)
		require.NoError(t, h.queue.Run(background(), p, gpu.D1(n), y))
		for j, v := range y.All() {
			require.Equal(t, float32(j+1), v)
		}
		require.NoError(t, y.Close())
		require.NoError(t, p.Close())
	}
	close(stop)
	wg.Wait()
}
