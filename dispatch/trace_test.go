package dispatch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// Options.Trace is written from New to Close, with the lanes that a person looks for.
func TestOptionsTrace(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 64)
	var out bytes.Buffer
	d, err := dispatch.NewWith(h.queue, dispatch.Options{Trace: &out})
	require.NoError(t, err)
	_, err = dispatch.NewWith(h.queue, dispatch.Options{Trace: &out})
	require.ErrorContains(t, err, "a timeline is being written already")
	require.ErrorContains(t, gpu.StartTrace(&out), "already")
	require.NoError(t, d.Pipeline(background(), 5, func(i int, b *dispatch.Batch) {
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(32))
	}))
	require.NoError(t, d.Batch(func(*dispatch.Batch) {}))
	require.NoError(t, d.Close())
	require.NoError(t, d.Close())
	written := out.Len()

	var events []struct {
		Ph, Name string
		Tid      int
		Args     struct{ Name string }
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &events))
	lanes, spans := map[int]string{}, map[string]int{}
	for _, e := range events {
		switch {
		case e.Name == "thread_name":
			lanes[e.Tid] = e.Args.Name
		case e.Ph == "X":
			spans[lanes[e.Tid]+": "+e.Name]++
		}
	}
	require.Equal(t, 5, spans["record: inc"])
	require.NotZero(t, spans["wait: wait"])
	if h.dev.Info().CPU {
		require.NotZero(t, spans["kernels: inc"])
	}

	require.NoError(t, h.disp.Batch(func(*dispatch.Batch) {}))
	require.Equal(t, written, out.Len(), "nothing is written after Close")
	require.NoError(t, gpu.StartTrace(&out), "another may be written")
	require.NoError(t, d.Close())
	require.NoError(t, gpu.StopTrace())
	require.Greater(t, out.Len(), written)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestOptionsTraceFails(t *testing.T) {
	h := open(t, dispatch.Options{})
	d, err := dispatch.NewWith(h.queue, dispatch.Options{Trace: full{}})
	require.NoError(t, err)
	require.ErrorContains(t, d.Close(), "Options.Trace: the disk is full")
}
