package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aruminium-go/aruminium/bench/cc"
	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/msgsend"
)

const inferenceSource = `
#include <metal_stdlib>
using namespace metal;

kernel void multiply(device const float *w [[buffer(0)]], device const float *x [[buffer(1)]],
                     device float *y [[buffer(2)]], constant uint &n [[buffer(3)]],
                     uint row [[thread_position_in_grid]]) {
    float sum = 0;
    for (uint k = 0; k < n; k++)
        sum += w[k * n + row] * x[k];
    y[row] = sum;
}

kernel void add(device const float *bias [[buffer(0)]], device float *y [[buffer(1)]],
                uint i [[thread_position_in_grid]]) {
    y[i] += bias[i];
}

kernel void relu(device const float *y [[buffer(0)]], device float *x [[buffer(1)]],
                 uint i [[thread_position_in_grid]]) {
    x[i] = max(y[i], 0.0f);
}

kernel void nothing(device float *a [[buffer(0)]]) {}
`

// network is 100 layers of 3 kernels over vectors of 64 elements: work so small
// that launching it is most of it.
type network struct {
	multiply, add, relu *gpu.Pipeline
	w, bias, x, y       gpu.Of[float32]
	closers             []func() error
}

const (
	layers   = 100
	features = 64
)

func newNetwork(e *env, lib *gpu.Library) (*network, error) {
	n := &network{}
	for name, p := range map[string]**gpu.Pipeline{"multiply": &n.multiply, "add": &n.add, "relu": &n.relu} {
		made, err := lib.Pipeline(name)
		if err != nil {
			return nil, err
		}
		*p = made
		n.closers = append(n.closers, made.Close)
	}
	for buf, size := range map[*gpu.Of[float32]]int{&n.w: features * features, &n.bias: features, &n.x: features, &n.y: features} {
		made, err := gpu.Make[float32](e.dev, size)
		if err != nil {
			return nil, err
		}
		*buf = made
		n.closers = append(n.closers, made.Close)
	}
	for i, s := 0, n.w.Slice(); i < len(s); i++ {
		s[i] = float32(i%7-3) * 0.05
	}
	return n, nil
}

func (n *network) close() {
	for _, c := range n.closers {
		c()
	}
}

// launcher is what gpu.Encoder and dispatch.Batch have in common here.
type launcher struct {
	bind       func(*gpu.Pipeline)
	bindBuffer func(b *gpu.Buffer, index int)
	push       func(data []byte, index int)
	launch     func(grid, group gpu.Size)
}

var featureCount = []byte{features, 0, 0, 0}

func (n *network) layer(l *launcher) {
	grid, group := gpu.D1(features), gpu.D1(32)
	l.bind(n.multiply)
	l.bindBuffer(n.w.Buffer, 0)
	l.bindBuffer(n.x.Buffer, 1)
	l.bindBuffer(n.y.Buffer, 2)
	l.push(featureCount, 3)
	l.launch(grid, group)
	l.bind(n.add)
	l.bindBuffer(n.bias.Buffer, 0)
	l.bindBuffer(n.y.Buffer, 1)
	l.launch(grid, group)
	l.bind(n.relu)
	l.bindBuffer(n.y.Buffer, 0)
	l.bindBuffer(n.x.Buffer, 1)
	l.launch(grid, group)
}

func forBatch(b *dispatch.Batch) *launcher {
	return &launcher{
		b.Bind,
		func(buf *gpu.Buffer, index int) { b.BindBuffer(buf, 0, index) },
		func(data []byte, index int) { b.Push(data, index) },
		b.Launch,
	}
}

func forEncoder(enc *gpu.Encoder) *launcher {
	return &launcher{
		enc.Bind,
		func(buf *gpu.Buffer, index int) { enc.BindBuffer(buf, 0, index) },
		func(data []byte, index int) { enc.Push(data, index) },
		enc.Launch,
	}
}

// inference compares the ways to launch a network of small kernels, and tells
// what recording and handing over a launch cost by themselves.
func inference(e *env) error {
	fmt.Printf("\ninference: %d layers of 3 small kernels\n", layers)
	lib, err := e.dev.Compile(inferenceSource)
	if err != nil {
		return err
	}
	defer lib.Close()
	net, err := newNetwork(e, lib)
	if err != nil {
		return err
	}
	defer net.close()
	disp, err := dispatch.New(e.queue)
	if err != nil {
		return err
	}
	defer disp.Close()

	step := func(b *dispatch.Batch) {
		l := forBatch(b)
		for range layers {
			net.layer(l)
		}
	}
	rec, err := disp.Record(step)
	if err != nil {
		return err
	}
	defer rec.Close()
	commands := func(layers int) error {
		cmds, err := e.queue.Commands()
		if err != nil {
			return err
		}
		enc, err := cmds.Encoder()
		if err != nil {
			return err
		}
		l := forEncoder(enc)
		for range layers {
			net.layer(l)
		}
		if err := enc.Finish(); err != nil {
			return err
		}
		if err := cmds.Submit(); err != nil {
			return err
		}
		return cmds.Wait()
	}
	const n = 20
	times, err := e.compare(
		candidate{"command buffer a layer", n, repeat(func() error {
			for range layers {
				if err := commands(1); err != nil {
					return err
				}
			}
			return nil
		})},
		candidate{"one command buffer", n, repeat(func() error { return commands(layers) })},
		candidate{"Dispatcher.Batch", n, repeat(func() error { return disp.Batch(step) })},
		candidate{"Dispatcher.Pipeline", n, func(n int) error {
			return disp.Pipeline(context.Background(), n, func(_ int, b *dispatch.Batch) { step(b) })
		}},
		candidate{"Recording.Run", n, repeat(rec.Run)},
	)
	if err != nil {
		return err
	}
	e.ratio("inference-batch/plain", times[2], times[1])
	e.ratio("inference-pipelined/plain", times[3], times[1])
	e.ratio("inference-recorded/plain", times[4], times[1])
	e.ratio("inference-recorded/layerwise", times[4], times[0])
	return e.encoding(lib, disp)
}

// encoding tells what a launch costs the program that makes it: recording it,
// and handing it over with its batch, which is the call's cost and not the
// device's.
func (e *env) encoding(lib *gpu.Library, disp *dispatch.Dispatcher) error {
	fmt.Println("\nencoding: cost of a launch to the caller, by launches in a batch")
	pipe, err := lib.Pipeline("nothing")
	if err != nil {
		return err
	}
	defer pipe.Close()
	buf, err := gpu.Make[float32](e.dev, 2)
	if err != nil {
		return err
	}
	defer buf.Close()
	for _, ops := range []int{1, 10, 100, 1000} {
		var recording, handing time.Duration
		batches := max(10, 2000/ops)
		for range batches {
			var begun, recorded time.Time
			f, err := disp.BatchAsync(func(b *dispatch.Batch) {
				begun = time.Now()
				b.Bind(pipe)
				for i := range ops {
					b.BindBuffer(buf.Buffer, 4*(i&1), 0)
					b.Launch(gpu.D1(1), gpu.D1(1))
				}
				recorded = time.Now()
			})
			if err != nil {
				return err
			}
			handed := time.Now()
			if err := f.Wait(); err != nil {
				return err
			}
			recording += recorded.Sub(begun)
			handing += handed.Sub(recorded)
		}
		per := func(d time.Duration) string { return duration(float64(d) / float64(batches*ops)) }
		fmt.Printf("  %4d launches: recording %s, handing over %s a launch\n", ops, per(recording), per(handing))
	}
	return e.checking(pipe, buf, disp)
}

// checking tells what it costs to check launches, each with another place in a buffer and other bytes, while
// they are recorded: against the same messages put into a call list by themselves. Launches that bind
// what is bound have fewer messages.
func (e *env) checking(pipe *gpu.Pipeline, buf gpu.Of[float32], disp *dispatch.Dispatcher) error {
	fmt.Println("\nchecking: a launch with one buffer and 4 bytes, recorded with all checks and without any")
	const launches = 1000
	var (
		list  msgsend.List
		begun time.Time
		took  time.Duration
		data  = [2][]byte{{1, 2, 3, 4}, {5, 6, 7, 8}}
		one   = gpu.D1(1)

		set    = msgsend.Form{Sel: &msgsend.Selector{Name: "setBuffer:offset:atIndex:"}}
		bytes  = msgsend.Form{Sel: &msgsend.Selector{Name: "setBytes:length:atIndex:"}}
		launch = msgsend.Form{Sel: &msgsend.Selector{Name: "dispatchThreads:threadsPerThreadgroup:"}}
		device = msgsend.ID(e.dev.Raw())
	)
	// The time of recording alone, for so many launches a batch.
	times := map[string][]float64{}
	for round := range e.rounds + 1 {
		for name, record := range map[string]func() error{
			"same": func() error {
				return disp.Batch(func(b *dispatch.Batch) {
					begun = time.Now()
					b.Bind(pipe)
					for range launches {
						b.BindBuffer(buf.Buffer, 0, 0)
						b.Push(data[0], 1)
						b.Launch(one, one)
					}
					took = time.Since(begun)
				})
			},
			"checked": func() error {
				return disp.Batch(func(b *dispatch.Batch) {
					begun = time.Now()
					b.Bind(pipe)
					for i := range launches {
						b.BindBuffer(buf.Buffer, 4*(i&1), 0)
						b.Push(data[i&1], 1)
						b.Launch(one, one)
					}
					took = time.Since(begun)
				})
			},
			"unchecked": func() error {
				list.Reset()
				begun = time.Now()
				to := list.Borrow(device, set.Sel) // stands for the encoder; the list is not run
				for i := range launches {
					list.Add(&set, to, uintptr(buf.Raw()), uintptr(4*(i&1)), 0)
					list.Add(&bytes, to, cc.Address(data[i&1]), 4, 1)
					list.Add3x3(&launch, to, 1, 1, 1, 1, 1, 1)
				}
				took = time.Since(begun)
				return nil
			},
		} {
			if err := record(); err != nil {
				return err
			}
			if round > 0 {
				times[name] = append(times[name], float64(took)/launches)
			}
		}
	}
	median := func(name string) float64 {
		slices.Sort(times[name])
		return times[name][len(times[name])/2]
	}
	checked, unchecked := median("checked"), median("unchecked")
	fmt.Printf("  with checks %s, without %s: %s a launch; bound as the launch before %s\n",
		duration(checked), duration(unchecked), duration(checked-unchecked), duration(median("same")))
	e.ratio("recording/unchecked", checked, unchecked)
	return nil
}

// repeat makes a candidate of something that is done once.
func repeat(f func() error) func(int) error {
	return func(n int) error {
		for range n {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	}
}
