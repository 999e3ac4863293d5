package gpu_test

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// Whatever is recorded ends: well, as a LaunchError or other error of this package before the
// device, or as a CommandError with a sentinel after it. The queue serves the next all the same.
func TestRandomMisuse(t *testing.T) {
	h := open(t)
	h.faults(t)
	r := rand.New(rand.NewSource(1))
	closed, err := h.lib.Pipeline("inc")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	kernels := []*gpu.Pipeline{nil, closed}
	for _, name := range []string{"saxpy", "inc", "volume", "past", "before", "wide", "scratch", "where2"} {
		kernels = append(kernels, h.pipeline(t, name))
	}
	gone, err := h.dev.Buffer(16)
	require.NoError(t, err)
	require.NoError(t, gone.Close())
	buffers := []*gpu.Buffer{nil, gone}
	for _, n := range []int{1, 3, 12, 64, 100, 4096} {
		shared, err := h.dev.Buffer(n)
		require.NoError(t, err)
		defer shared.Close()
		private, err := h.dev.BufferPrivate(n)
		require.NoError(t, err)
		defer private.Close()
		buffers = append(buffers, shared, private)
	}
	odd := []int{-1, 0, 1, 2, 4, 16, 31, 60, 1 << 20, 1 << 32, math.MaxInt, math.MinInt}
	number := func() int { return odd[r.Intn(len(odd))] }
	size := func() gpu.Size {
		s := gpu.D3(1+r.Intn(70), 1+r.Intn(3), 1+r.Intn(2))
		if r.Intn(6) == 0 {
			s.Y = odd[r.Intn(6)]
		}
		return s
	}
	buffer := func() *gpu.Buffer { return buffers[r.Intn(len(buffers))] }
	ok, refused, failed := 0, 0, 0
	for range 6000 {
		cmd, enc := h.begin(t)
		enc.Bind(kernels[2+r.Intn(len(kernels)-2)])
		for i := range 3 {
			enc.BindBuffer(buffers[2+r.Intn(len(buffers)-2)], 0, i)
		}
		for range r.Intn(5) {
			switch r.Intn(8) {
			case 0:
				enc.Bind(kernels[r.Intn(len(kernels))])
			case 1:
				enc.BindBuffer(buffer(), number(), r.Intn(4))
			case 2:
				enc.BindBuffer(buffer(), 0, number())
			case 3:
				enc.Push(make([]byte, r.Intn(20)*r.Intn(500)), r.Intn(4))
			case 4:
				enc.Threadgroup(number(), r.Intn(3))
			case 5:
				enc.Launch(size(), size())
			case 6:
				enc.LaunchGroups(size(), size())
			case 7:
				enc.Barrier()
			}
		}
		enc.Launch(gpu.D1(1+r.Intn(100)), gpu.D1(1+r.Intn(64)))
		if r.Intn(20) > 0 {
			_ = enc.Finish() // Submit tells
		}
		if copier, err := cmd.Copier(); err == nil && r.Intn(4) == 0 {
			copier.Copy(buffer(), number(), buffer(), number(), number())
			copier.Fill(buffer(), number(), number(), 0)
			_ = copier.Finish()
		} else if err == nil {
			_ = copier.Finish()
		}
		err := cmd.Submit()
		if err == nil {
			err = cmd.Wait()
		}
		var le *gpu.LaunchError
		var ce *gpu.CommandError
		switch {
		case err == nil:
			ok++
		case errors.As(err, &le):
			refused++
			require.NotEmpty(t, le.Reason)
		case errors.As(err, &ce):
			failed++
			require.ErrorIs(t, ce, gpu.ErrPageFault)
		default:
			refused++
			require.True(t, strings.HasPrefix(err.Error(), "gpu: "), err)
		}
	}
	require.Positive(t, ok)
	require.Positive(t, refused)
	require.Positive(t, failed)
	y := h.floats(t, 8)
	require.NoError(t, h.queue.Run(background(), h.pipeline(t, "inc"), gpu.D1(8), y))
	require.Equal(t, float32(1), y.At(7))
}
