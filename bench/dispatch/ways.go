//go:build cgo && linux && objcnative

package main

import (
	"context"
	"fmt"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/nativemetal"
	"github.com/aruminium-go/aruminium/objc"
)

const source = `
kernel void add(device float *a [[buffer(0)]], constant float &by [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    a[i] += by;
}`

// A way launches the same kernel with the same arguments as the others do.
type way interface {
	// batch runs so many launches as one command buffer and waits for its end.
	batch(launches int) error
	// batches runs n command buffers of so many launches, three of them in flight.
	batches(n, launches int) error
}

const inFlight = 3

var grid, group = gpu.D1(64), gpu.D1(64)

// house is what all ways use.
type house struct {
	dev  *gpu.Device
	que  *gpu.Queue
	pipe *gpu.Pipeline
	buf  gpu.Of[float32]
	vary *vary
}

// vary is what the launches bind: in turns another place in the buffer and other bytes than the launch before,
// or all the same.
type vary struct {
	mask int // 1 or 0
	by   [2][]byte
}

func (v *vary) offset(launch int) int   { return launch & v.mask * 4 }
func (v *vary) bytes(launch int) []byte { return v.by[launch&v.mask] }

// newHouse puts the compiled queue beside the rest of a device, which the fixture plays.
func newHouse() (*house, error) {
	nativemetal.Install()
	real, err := gpu.Open()
	if err != nil {
		return nil, err
	}
	h := &house{vary: &vary{1, [2][]byte{{0, 0, 0x80, 0x3f}, {0, 0, 0, 0x40}}}}
	if h.dev, h.que, err = gpu.FromRawWithQueue(real.Raw(), objc.ID(compiledQueue(uintptr(real.Raw())))); err != nil {
		return nil, err
	}
	lib, err := h.dev.Compile(source)
	if err != nil {
		return nil, err
	}
	if h.pipe, err = lib.Pipeline("add"); err != nil {
		return nil, err
	}
	h.buf, err = gpu.Make[float32](h.dev, 64)
	return h, err
}

// viaDispatch is package dispatch.
type viaDispatch struct {
	*house
	disp *dispatch.Dispatcher
	recs map[[2]int]*dispatch.Recording
}

func newDispatch(h *house) (*viaDispatch, error) {
	d, err := dispatch.NewWith(h.que, dispatch.Options{InFlight: inFlight})
	return &viaDispatch{h, d, map[[2]int]*dispatch.Recording{}}, err
}

func (w *viaDispatch) record(b *dispatch.Batch, launches int) {
	b.Bind(w.pipe)
	for i := range launches {
		b.BindBuffer(w.buf.Buffer, w.vary.offset(i), 0)
		b.Push(w.vary.bytes(i), 1)
		b.Launch(grid, group)
	}
}

func (w *viaDispatch) batch(launches int) error {
	return w.disp.Batch(func(b *dispatch.Batch) { w.record(b, launches) })
}

func (w *viaDispatch) batches(n, launches int) error {
	return w.disp.Pipeline(context.Background(), n, func(_ int, b *dispatch.Batch) { w.record(b, launches) })
}

// viaRecording is a recording of package dispatch, run again and again.
type viaRecording struct{ *viaDispatch }

func (w viaRecording) recording(launches int) (*dispatch.Recording, error) {
	key := [2]int{launches, w.vary.mask}
	if r := w.recs[key]; r != nil {
		return r, nil
	}
	r, err := w.disp.Record(func(b *dispatch.Batch) { w.record(b, launches) })
	w.recs[key] = r
	return r, err
}

func (w viaRecording) batch(launches int) error {
	r, err := w.recording(launches)
	if err != nil {
		return err
	}
	return r.Run()
}

func (w viaRecording) batches(n, launches int) error {
	r, err := w.recording(launches)
	if err != nil {
		return err
	}
	var last *dispatch.Future
	for range n {
		if last, err = r.RunAsync(); err != nil {
			return err
		}
	}
	return last.Wait() // a queue's batches end in order
}

// viaGPU is package gpu's plain calls.
type viaGPU struct{ *house }

func (w viaGPU) submit(launches int) (*gpu.Commands, error) {
	c, err := w.que.Commands()
	if err != nil {
		return nil, err
	}
	enc, err := c.Encoder()
	if err != nil {
		return nil, err
	}
	enc.Bind(w.pipe)
	for i := range launches {
		enc.BindBuffer(w.buf.Buffer, w.vary.offset(i), 0)
		enc.Push(w.vary.bytes(i), 1)
		enc.Launch(grid, group)
	}
	if err := enc.Finish(); err != nil {
		return nil, err
	}
	return c, c.Submit()
}

func (w viaGPU) batch(launches int) error {
	c, err := w.submit(launches)
	if err != nil {
		return err
	}
	return c.Wait()
}

func (w viaGPU) batches(n, launches int) error {
	return ring(n, func() (func() error, error) {
		c, err := w.submit(launches)
		if err != nil {
			return nil, err
		}
		return c.Wait, nil
	})
}

// ring submits n times and keeps inFlight of them in flight.
func ring(n int, submit func() (wait func() error, err error)) error {
	var air [inFlight]func() error
	for i := range n + inFlight {
		at := &air[i%inFlight]
		if *at != nil {
			if err := (*at)(); err != nil {
				return err
			}
			*at = nil
		}
		if i < n {
			wait, err := submit()
			if err != nil {
				return err
			}
			*at = wait
		}
	}
	return nil
}

// viaMessages sends each message by itself, in one of the ways that there are.
type viaMessages struct {
	queue, pipe, buf uintptr
	vary             *vary
	m                *methods
	send             sender
	told             bool // of the end by a call from C, as package dispatch is, not by waiting in C
}

func (w *viaMessages) submit(launches int) uintptr {
	m := w.m
	cb := w.send.object(m.commandBuffer, w.queue)
	enc := w.send.object(m.encoder, cb)
	w.send.setPipeline(m.setPipeline, enc, w.pipe)
	for i := range launches {
		w.send.setBuffer(m.setBuffer, enc, w.buf, uintptr(w.vary.offset(i)), 0)
		w.send.setBytes(m.setBytes, enc, w.vary.bytes(i), 1)
		w.send.dispatch(m.dispatch, enc, grid, group)
	}
	w.send.void(m.endEncoding, enc)
	if w.told {
		addHandler(m.handler, cb)
	}
	w.send.void(m.commit, cb)
	return cb
}

// wait waits for the end of the oldest command buffer, cb.
func (w *viaMessages) wait(cb uintptr) error {
	if w.told {
		return <-told
	}
	w.send.void(w.m.wait, cb)
	return nil
}

func (w *viaMessages) batch(launches int) error { return w.wait(w.submit(launches)) }

func (w *viaMessages) batches(n, launches int) error {
	return ring(n, func() (func() error, error) {
		cb := w.submit(launches)
		return func() error { return w.wait(cb) }, nil
	})
}

// viaC is Objective-C that is called once for a batch.
type viaC struct {
	queue, pipe, buf uintptr
	vary             *vary
}

func (w viaC) batch(launches int) error {
	waitInC(encodeInC(w.queue, w.pipe, w.buf, launches, w.vary.mask))
	return nil
}

func (w viaC) batches(n, launches int) error {
	return ring(n, func() (func() error, error) {
		cb := encodeInC(w.queue, w.pipe, w.buf, launches, w.vary.mask)
		return func() error { waitInC(cb); return nil }, nil
	})
}

// counted runs f, which is to make so many launches.
func counted(name string, launches int, f func() error) error {
	before := launchesSoFar()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if got := launchesSoFar() - before; got != launches {
		return fmt.Errorf("%s: the device was given %d launches, not %d", name, got, launches)
	}
	return nil
}
