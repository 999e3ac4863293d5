package dispatch_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// Batches of a queue run in order: the last one's end is the end of all, but each has an error of
// its own.
func ExampleFuture_Wait() {
	d, add, buf, end := setup("add")
	defer end()
	var errs []error
	var futures []*dispatch.Future
	for range 5 {
		futures = append(futures, must(d.BatchAsync(func(b *dispatch.Batch) {
			b.Bind(add)
			b.BindBuffer(buf.Buffer, 0, 0)
			b.Push(float(1), 1)
			b.Launch(gpu.D1(3), gpu.D1(3))
		})))
	}
	for _, f := range futures {
		errs = append(errs, f.Wait())
	}
	check(errors.Join(errs...))
	fmt.Println(buf.Slice())
	// Output: [6 7 8]
}

// The end of a context ends the waiting, not the batch.
func ExampleFuture_WaitContext() {
	d, add, buf, end := setup("add")
	defer end()
	f := must(d.BatchAsync(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	check(f.WaitContext(ctx))
	fmt.Println(buf.Slice())
	// Output: [2 3 4]
}

// A batch as one case of a select.
func ExampleFuture_Done() {
	d, add, buf, end := setup("add")
	defer end()
	stop := make(chan struct{}) // nobody closes it here
	f := must(d.BatchAsync(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	select {
	case <-f.Done():
		check(f.Wait())
		fmt.Println(buf.Slice())
	case <-stop:
		fmt.Println("stopped")
	}
	// Output: [2 3 4]
}

func ExampleFuture_GPUTime() {
	d, add, buf, end := setup("add")
	defer end()
	f := must(d.BatchAsync(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	check(f.Wait())
	fmt.Println(f.GPUTime() > 0)
	// Output: true
}
