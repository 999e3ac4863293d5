package main

import (
	"context"
	"fmt"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// dispatches compares the latency of a launch that does nothing, from submit to
// the end of the wait, with handing a value to a goroutine and back.
func dispatches(e *env) error {
	fmt.Println("\ndispatch: an empty launch, submit to wait, against a hand-off to a goroutine and back")
	lib, err := e.dev.Compile(`kernel void nothing(device float *a [[buffer(0)]]) {}`)
	if err != nil {
		return err
	}
	defer lib.Close()
	pipe, err := lib.Pipeline("nothing")
	if err != nil {
		return err
	}
	defer pipe.Close()
	buf, err := gpu.Make[float32](e.dev, 1)
	if err != nil {
		return err
	}
	defer buf.Close()
	disp, err := dispatch.New(e.queue)
	if err != nil {
		return err
	}
	defer disp.Close()
	one := gpu.D1(1)
	record := func(b *dispatch.Batch) {
		b.Bind(pipe)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(one, one)
	}
	rec, err := disp.Record(record)
	if err != nil {
		return err
	}
	defer rec.Close()

	there, back := make(chan struct{}), make(chan struct{})
	defer close(there)
	go func() {
		for range there {
			back <- struct{}{}
		}
	}()
	const n = 2000
	ctx := context.Background()
	times, err := e.compare(
		candidate{"hand-off and back", n, repeat(func() error { there <- struct{}{}; <-back; return nil })},
		candidate{"Queue.Run", n, repeat(func() error { return e.queue.Run(ctx, pipe, one, buf) })},
		candidate{"Dispatcher.Batch", n, repeat(func() error { return disp.Batch(record) })},
		candidate{"Recording.Run", n, repeat(rec.Run)},
		candidate{"Dispatcher.Pipeline, per batch", n, func(n int) error {
			return disp.Pipeline(ctx, n, func(_ int, b *dispatch.Batch) { record(b) })
		}},
		candidate{"a batch of 100, per launch", n, func(n int) error {
			for range n / 100 {
				if err := disp.Batch(func(b *dispatch.Batch) {
					for range 100 {
						record(b)
					}
				}); err != nil {
					return err
				}
			}
			return nil
		}},
	)
	if err != nil {
		return err
	}
	e.ratio("run/handoff", times[1], times[0])
	e.ratio("batch/handoff", times[2], times[0])
	e.ratio("recording/handoff", times[3], times[0])
	e.ratio("pipelined/handoff", times[4], times[0])
	return nil
}
