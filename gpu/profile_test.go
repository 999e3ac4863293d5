package gpu_test

import (
	"bytes"
	"context"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// goroutines tells what goroutines there are, with their labels.
func goroutines(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&b, 1))
	return b.String()
}

func TestProfileLabels(t *testing.T) {
	h := open(t)
	if !h.dev.Info().CPU {
		t.Skip("the kernels of a GPU run on no goroutine")
	}
	slow, buf := h.pipeline(t, "slow"), h.floats(t, 1<<16)
	gpu.SetProfileLabels(true)
	defer gpu.SetProfileLabels(false)
	ctx, cancel := context.WithCancel(pprof.WithLabels(background(), pprof.Labels("mine", "1")))
	defer cancel()
	pprof.SetGoroutineLabels(ctx)
	defer pprof.SetGoroutineLabels(background())

	seen := make(chan string, 1)
	stop := make(chan bool)
	go func() { // sees both labels at some time or other
		pprof.SetGoroutineLabels(background())
		for {
			s := goroutines(t)
			if strings.Contains(s, `"kernel":"slow"`) && strings.Contains(s, `"gpu":"wait"`) && strings.Contains(s, `"mine":"1"`) {
				seen <- s
				return
			}
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	for tries := 0; len(seen) == 0 && tries < 1000; tries++ {
		require.NoError(t, h.queue.Run(ctx, slow, gpu.D1(buf.Len()), buf, uint32(slowRounds)))
	}
	close(stop)
	require.NotEmpty(t, seen)
	now := goroutines(t)
	require.Contains(t, now, `"mine":"1"`, "a wait gives the context's labels back")
	require.NotContains(t, now, `"gpu":"wait"`)
	require.Eventually(t, func() bool { return !strings.Contains(goroutines(t), `"kernel"`) }, 5*time.Second, time.Millisecond)

	gpu.SetProfileLabels(false)
	require.NoError(t, h.queue.Run(background(), slow, gpu.D1(64), buf, uint32(1)))
	require.NotContains(t, goroutines(t), `"kernel"`)
}

// A trace has a region for each kernel on the CPU device, and for waits.
func TestTraceRegions(t *testing.T) {
	h := open(t)
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 64)
	var b bytes.Buffer
	if err := trace.Start(&b); err != nil {
		t.Skip(err) // the test itself is being traced
	}
	err := h.queue.Run(background(), inc, gpu.D1(64), buf)
	trace.Stop()
	require.NoError(t, err)
	require.Contains(t, b.String(), "gpu.wait")
	if h.dev.Info().CPU {
		require.Contains(t, b.String(), "kernel inc")
	}
}
