package dispatch_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// What a call with an error returns is nil, and gives errors, not a fault of the runtime; so does what no call
// has made.
func TestNilObjects(t *testing.T) {
	t.Run("nil", func(t *testing.T) { noObjects(t, nil, nil, nil) })
	t.Run("zero", func(t *testing.T) { noObjects(t, &dispatch.Dispatcher{}, &dispatch.Recording{}, &dispatch.Future{}) })
	require.ErrorContains(t, func() error { _, err := dispatch.New(&gpu.Queue{}); return err }(), "nil")

	d := open(t, dispatch.Options{}).disp
	var none context.Context
	require.ErrorContains(t, d.Pipeline(none, 1, func(int, *dispatch.Batch) {}), "the context is nil")
	f, err := d.BatchAsync(func(*dispatch.Batch) {})
	require.NoError(t, err)
	require.ErrorContains(t, f.WaitContext(none), "the context is nil")
	require.NoError(t, f.Wait())
	require.Panics(t, func() { new(dispatch.Batch).Barrier() })
}

func noObjects(t *testing.T, d *dispatch.Dispatcher, r *dispatch.Recording, f *dispatch.Future) {
	none := func(*dispatch.Batch) {}
	second := func(_ any, err error) error { return err }
	for what, err := range map[string]error{
		"New": second(dispatch.New(nil)), "Dispatch": d.Dispatch(nil, gpu.D1(1), gpu.D1(1)),
		"DispatchBytes": d.DispatchBytes(nil, gpu.D1(1), gpu.D1(1), nil, 0), "Batch": d.Batch(none), "BatchRaw": d.BatchRaw(none),
		"BatchAsync": second(d.BatchAsync(none)), "Record": second(d.Record(none)),
		"Pipeline":  d.Pipeline(context.Background(), 1, func(int, *dispatch.Batch) {}),
		"Recording": r.Run(), "RunAsync": second(r.RunAsync()), "SetBytes": r.SetBytes(0, nil), "SetBuffer": r.SetBuffer(0, nil, 0), "SetOffset": r.SetOffset(0, 0),
		"Wait": f.Wait(), "WaitContext": f.WaitContext(context.Background()),
	} {
		require.ErrorContains(t, err, "nil", what)
	}
	<-f.Done()
	require.Zero(t, f.GPUTime())
	require.NoError(t, d.Close())
	require.NoError(t, r.Close())
}

func TestNoFunction(t *testing.T) {
	d := open(t, dispatch.Options{}).disp
	second := func(_ any, err error) error { return err }
	for _, err := range []error{
		d.Batch(nil), d.BatchRaw(nil), second(d.BatchAsync(nil)), second(d.Record(nil)), d.Pipeline(context.Background(), 2, nil),
	} {
		require.ErrorContains(t, err, "the function that records the batch is nil")
	}
	require.NoError(t, d.Batch(func(*dispatch.Batch) {}), "an empty batch is none")
}
