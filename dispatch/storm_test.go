package dispatch_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// Goroutines that do anything to dispatchers, on a queue that they share and on their own: what fails
// says so with an error that is meant for it, and nothing is left behind.
func TestStorm(t *testing.T) {
	h := open(t, dispatch.Options{})
	shared := h.floats(t, 64)
	kernels := []*gpu.Pipeline{h.pipeline(t, "inc"), h.pipeline(t, "inc"), h.pipeline(t, "past")}
	if !h.dev.Info().CPU {
		kernels = kernels[:2] // a GPU does not check every access
	}
	start := live(t)
	rounds := 12
	if raceEnabled || testing.Short() {
		rounds = 3
	}
	over := make(chan struct{})
	var weather, storm sync.WaitGroup
	weather.Go(func() {
		defer gpu.SetProfileLabels(false)
		for r := rand.New(rand.NewPCG(1, 1)); ; {
			select {
			case <-over:
				return
			default:
				gpu.SetProfileLabels(r.IntN(2) == 0)
				if gpu.StartTrace(io.Discard) == nil && r.IntN(2) == 0 {
					runtime.GC()
				}
				runtime.Gosched()
				_ = gpu.StopTrace()
			}
		}
	})
	for g := range uint64(4) {
		storm.Go(func() {
			r := rand.New(rand.NewPCG(g, 2))
			for range rounds {
				s := newSailor(t, h, shared, kernels, r)
				for range 40 {
					s.step()
				}
				s.leave()
			}
		})
	}
	storm.Wait()
	close(over)
	weather.Wait()
	require.NoError(t, h.disp.Batch(func(*dispatch.Batch) {}), "the queue works on")
	runtime.GC() // recordings that nobody has closed
	settles(t, start+8)
}

// sailor is one goroutine of a storm, with a dispatcher.
type sailor struct {
	t       *testing.T
	r       *rand.Rand
	queue   *gpu.Queue
	own     bool // the queue is
	disp    *dispatch.Dispatcher
	kernels []*gpu.Pipeline
	shared  gpu.Of[float32]
	buf     gpu.Of[float32]
	recs    []*dispatch.Recording
	futures []*dispatch.Future
}

func newSailor(t *testing.T, h *house, shared gpu.Of[float32], kernels []*gpu.Pipeline, r *rand.Rand) *sailor {
	s := &sailor{t: t, r: r, queue: h.queue, own: r.IntN(2) == 0, kernels: kernels, shared: shared}
	var err error
	if s.own {
		s.queue, err = h.dev.Queue()
		require.NoError(t, err)
	}
	s.disp, err = dispatch.NewWith(s.queue, dispatch.Options{InFlight: r.IntN(4), Unretained: r.IntN(2) == 0, Concurrent: r.IntN(2) == 0, Label: "storm"[:5*r.IntN(2)]})
	require.NoError(t, err)
	s.buf, err = gpu.Make[float32](h.dev, 64)
	require.NoError(t, err)
	return s
}

// record is a batch of some launches, now and then one that is refused, or that faults.
func (s *sailor) record(b *dispatch.Batch) {
	b.Bind(s.kernels[s.r.IntN(len(s.kernels))])
	b.Push(bytesOf(uint32(1<<20)), 1)
	for range 1 + s.r.IntN(4) {
		b.BindBuffer(s.buf.Buffer, s.r.IntN(60)*4, 0)
		b.Launch(gpu.D1(4), gpu.D1(4))
		b.Barrier()
	}
	if s.r.IntN(10) == 0 {
		b.BindBuffer(s.buf.Buffer, 1000, 0)
	}
}

// step does one thing.
func (s *sailor) step() {
	ctx, cancel := context.WithTimeout(background(), time.Duration(s.r.IntN(300))*time.Microsecond)
	defer cancel()
	switch s.r.IntN(9) {
	case 0:
		rec, err := s.disp.Record(s.record)
		if s.check(err) {
			s.recs = append(s.recs, rec)
		}
	case 1, 2:
		if len(s.recs) > 0 {
			rec := s.recs[s.r.IntN(len(s.recs))]
			s.check(rec.Run())
			_ = rec.SetOffset(0, s.r.IntN(80)*4)
			_ = rec.SetBuffer(0, s.shared.Buffer, s.r.IntN(100))
			s.flies(rec.RunAsync())
		}
	case 3:
		s.check(s.disp.Batch(s.record))
	case 4:
		s.flies(s.disp.BatchAsync(s.record))
	case 5:
		s.check(s.disp.Pipeline(ctx, s.r.IntN(30), func(_ int, b *dispatch.Batch) { s.record(b) }))
	case 6:
		if len(s.futures) > 0 {
			s.check(s.futures[s.r.IntN(len(s.futures))].WaitContext(ctx))
		}
	case 7:
		s.check(s.queue.Run(ctx, s.kernels[0], gpu.D1(4), s.buf))
	case 8:
		switch {
		case s.r.IntN(10) == 0:
			require.NoError(s.t, s.disp.Close())
		case s.own && s.r.IntN(10) == 0:
			require.NoError(s.t, s.queue.Close())
		}
	}
}

func (s *sailor) flies(f *dispatch.Future, err error) {
	if s.check(err) {
		s.futures = append(s.futures, f)
	}
}

// check tells whether there is no error, and refuses those that nothing here is to meet.
func (s *sailor) check(err error) bool {
	if err == nil {
		return true
	}
	var refused *gpu.LaunchError
	meant := errors.As(err, &refused)
	for _, is := range []error{gpu.ErrClosed, gpu.ErrPageFault, gpu.ErrSkipped, context.DeadlineExceeded} {
		meant = meant || errors.Is(err, is)
	}
	if !meant {
		s.t.Errorf("%T: %v", err, err)
	}
	return false
}

// leave closes things in some order, and forgets some recordings.
func (s *sailor) leave() {
	require.NoError(s.t, s.buf.Close())
	for _, rec := range s.recs {
		if s.r.IntN(3) > 0 {
			require.NoError(s.t, rec.Close())
		}
	}
	for _, f := range s.futures {
		s.check(f.Wait())
	}
	require.NoError(s.t, s.disp.Close())
	if s.own {
		require.NoError(s.t, s.queue.Close())
	}
}
