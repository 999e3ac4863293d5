package gpu_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// times records two encoders and a copier and runs them.
func times(t *testing.T, h *house, kernel string, arg any, before func(*gpu.Commands)) *gpu.Commands {
	t.Helper()
	buf := h.floats(t, 64)
	c, err := h.queue.Commands()
	require.NoError(t, err)
	before(c)
	for i, name := range []string{"inc", kernel} {
		p := h.pipeline(t, name)
		enc, err := c.Encoder()
		require.NoError(t, err)
		if i == 0 {
			enc.SetLabel("first")
		}
		enc.Bind(p)
		enc.BindBuffer(buf.Buffer, 0, 0)
		if v, ok := arg.(uint32); ok {
			gpu.Push(enc, v, 1)
		}
		enc.Launch(gpu.D1(64), gpu.D1(64))
		require.NoError(t, enc.Finish())
	}
	cp, err := c.Copier()
	require.NoError(t, err)
	cp.Fill(buf.Buffer, 0, 4, 1)
	require.NoError(t, cp.Finish())
	require.NoError(t, c.Submit())
	return c
}

func TestEncoderTimes(t *testing.T) {
	h := open(t)
	start := live(t)
	timed := func(c *gpu.Commands) {
		if err := c.TimeEncoders(); errors.Is(err, gpu.ErrUnsupported) {
			t.Skip(err)
		} else {
			require.NoError(t, err)
		}
		require.Empty(t, c.EncoderTimes(), "nothing is done yet")
	}
	c := times(t, h, "slow", uint32(100), timed)
	require.NoError(t, c.Wait())
	all := c.EncoderTimes()
	require.Len(t, all, 3)
	for i, label := range []string{"first", "slow", ""} {
		require.Equal(t, label, all[i].Label)
		if i > 0 {
			require.GreaterOrEqual(t, all[i].Start, all[i-1].End)
		}
	}
	if h.dev.Info().CPU { // by the same clock
		require.GreaterOrEqual(t, all[0].Start+1, c.GPUStartTime())
		require.LessOrEqual(t, all[2].End, c.GPUEndTime()+1)
		c := times(t, h, "past", uint32(1<<30), timed)
		var failed *gpu.CommandError
		require.ErrorAs(t, c.Wait(), &failed)
		require.Equal(t, "first", failed.Encoders[0].Label)
		all := c.EncoderTimes()
		require.NotZero(t, all[0].End)
		require.Zero(t, all[1].End, "its work did not end")
	}
	require.ErrorIs(t, c.TimeEncoders(), gpu.ErrClosed)
	require.NotPanics(t, func() { (*gpu.Commands)(nil).EncoderTimes() })
	untimed := times(t, h, "slow", uint32(1), func(*gpu.Commands) {})
	require.NoError(t, untimed.Wait())
	require.Nil(t, untimed.EncoderTimes())
	given, err := h.queue.Commands()
	require.NoError(t, err)
	timed(given)
	submitEmpty(t, given)
	settles(t, start+10) // six pipelines, three buffers and a block
}

// A timeline has a lane for the encoders of a queue.
func TestTraceEncoders(t *testing.T) {
	h := open(t)
	var b bytes.Buffer
	require.NoError(t, gpu.StartTrace(&b))
	c := times(t, h, "slow", uint32(100), func(*gpu.Commands) {})
	err := c.Wait()
	require.NoError(t, gpu.StopTrace())
	require.NoError(t, err)
	if c.EncoderTimes() == nil {
		t.Skip("the device does not tell")
	}
	spans, lanes := readTimeline(t, b.Bytes())
	var names []string
	for _, s := range spans {
		if kind := lanes[s.Lane]; len(kind) > 9 && kind[len(kind)-8:] == "encoders" {
			names = append(names, s.Name)
		}
	}
	require.Equal(t, []string{"first", "slow", "copies"}, names)
}
