package gpu_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// 100 000 launches leave no object and no memory behind: 100 Commands of 500 launches and 50 000
// of one.
func TestLaunchesLeaveNothing(t *testing.T) {
	h := open(t)
	inc := h.pipeline(t, "inc")
	buf := h.floats(t, 64)
	one := func(launches int) {
		cmd, err := h.queue.Commands()
		require.NoError(t, err)
		enc, err := cmd.Encoder()
		require.NoError(t, err)
		enc.Bind(inc)
		for range launches {
			enc.BindBuffer(buf.Buffer, 0, 0)
			enc.Launch(gpu.D1(8), gpu.D1(8))
		}
		if enc.Finish() != nil || cmd.Submit() != nil || cmd.Wait() != nil {
			t.Fatal(cmd.Wait())
		}
	}
	round := func(commands, launches int) {
		for range commands {
			one(launches)
		}
	}
	round(1000, 1)
	round(1, 500)
	start, allocated := live(t), h.dev.Allocated()
	heap := heapNow()
	launched := 1500 + 100_000
	commands := 50_000
	if raceEnabled {
		commands, launched = 5_000, 1500+55_000
	}
	round(commands, 1)
	round(100, 500)
	settles(t, start)
	require.Equal(t, allocated, h.dev.Allocated(), "memory of the device")
	require.Less(t, heapNow(), heap+4<<20, "memory of Go")
	require.Equal(t, float32(launched), buf.At(7), "each launch ran once")
}

// heapNow is what is alive on the Go heap.
func heapNow() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
