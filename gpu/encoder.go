package gpu

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// An Encoder records launches: a MTLComputeCommandEncoder. Its methods return nothing: the first
// error stays, what follows it is not recorded, and Finish and Commands.Submit return it. A method
// called after Finish panics.
//
// What is bound stays bound for the launches that follow.
type Encoder struct {
	e     *launch.Encoder
	of    *commands
	owner *Commands // is not collected while it is recorded
}

// ready panics if the encoder has ended.
func (e *Encoder) ready(method string) {
	if e.none() {
		panic("gpu: Encoder." + method + ": the encoder is nil")
	}
	if !e.e.Open() {
		panic("gpu: Encoder." + method + " after Finish: open a new encoder")
	}
}

// SetLabel names the encoder in tools, in errors and in EncoderTimes.
func (e *Encoder) SetLabel(label string) {
	e.ready("SetLabel")
	e.e.Label(label)
}

// Bind sets the kernel of the launches that follow.
func (e *Encoder) Bind(p *Pipeline) {
	e.ready("Bind")
	e.e.Bind(p.launchKernel())
}

// BindBuffer binds a buffer, from a byte offset on, to the kernel's [[buffer(index)]]. Index is 0
// to 30.
func (e *Encoder) BindBuffer(b *Buffer, offset, index int) {
	e.ready("BindBuffer")
	e.e.BindBuffer(b.launchBuffer(), offset, index)
}

// BindTexture binds a texture to the kernel's [[texture(index)]]. Index is 0 to 127.
func (e *Encoder) BindTexture(t *Texture, index int) {
	e.ready("BindTexture")
	e.e.BindTexture(t.launchTexture(), index)
}

// BindSampler binds a sampler to the kernel's [[sampler(index)]]. Index is 0 to 15.
func (e *Encoder) BindSampler(s *Sampler, index int) {
	e.ready("BindSampler")
	e.e.BindSampler(s.launchSampler(), index)
}

// UseTexture lets the kernels of the launches that follow reach a texture by its ResourceID, which
// they find in memory; write tells whether they write it.
func (e *Encoder) UseTexture(t *Texture, write bool) {
	e.ready("UseTexture")
	e.e.UseTexture(t.launchTexture(), write)
}

// UseBuffer does so for a buffer, by its GPUAddress.
func (e *Encoder) UseBuffer(b *Buffer, write bool) {
	e.ready("UseBuffer")
	e.e.UseBuffer(b.launchBuffer(), write)
}

// UseHeap does so for everything in a heap; kernels must not write its textures.
func (e *Encoder) UseHeap(h *Heap) {
	e.ready("UseHeap")
	e.e.UseHeap(h.launchHeap())
}

// Push gives a copy of data to the kernel's [[buffer(index)]]. Data over 4 KiB, more than Metal
// takes inline, moves to a buffer that belongs to the Commands.
func (e *Encoder) Push(data []byte, index int) {
	e.ready("Push")
	e.e.Push(data, index, launch.FitAtLeast)
}

// Push is Encoder.Push of a value: a fixed-size integer, a float32, a half, or an array or struct
// of such, laid out as As wants it.
func Push[T any](e *Encoder, v T, index int) {
	e.ready("Push")
	t := reflect.TypeFor[T]()
	if why := layout(t); why != "" {
		e.e.Fail(fmt.Sprintf("Push at index %d: %s", index, why))
		return
	}
	e.e.Push(unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v)), index, fitOf(t))
}

// fitOf is how closely a value of type t has to fit the kernel's argument: a number is just one
// number, a struct one or several of the kernel's, and an array may be longer than the kernel
// needs.
func fitOf(t reflect.Type) launch.Fit {
	switch t.Kind() {
	case reflect.Array:
		return launch.FitAtLeast
	case reflect.Struct:
		return launch.FitWhole
	}
	return launch.FitExactly
}

// Threadgroup sets how many bytes of threadgroup memory the kernel's [[threadgroup(index)]] has.
// Metal wants multiples of 16: bytes is rounded up.
func (e *Encoder) Threadgroup(bytes, index int) {
	e.ready("Threadgroup")
	e.e.Threadgroup(bytes, index)
}

// Launch runs the kernel with grid threads, in threadgroups of group threads; those at the grid's
// edges may be smaller. A launch that is wrong in any way is a *LaunchError.
func (e *Encoder) Launch(grid, group Size) {
	e.ready("Launch")
	e.e.Launch(launch.Size(grid), launch.Size(group))
}

// LaunchGroups runs the kernel with a number of whole threadgroups.
func (e *Encoder) LaunchGroups(groups, group Size) {
	e.ready("LaunchGroups")
	e.e.LaunchGroups(launch.Size(groups), launch.Size(group))
}

// LaunchIndirect is LaunchGroups with the number of threadgroups read from a buffer when the
// launch runs: three uint32 at the offset, a multiple of 4.
func (e *Encoder) LaunchIndirect(b *Buffer, offset int, group Size) {
	e.ready("LaunchIndirect")
	e.e.LaunchIndirect(b.launchBuffer(), offset, launch.Size(group))
}

// Barrier makes the launches after it wait for those before it. It is needed in a
// ConcurrentEncoder only.
func (e *Encoder) Barrier() {
	e.ready("Barrier")
	e.e.Barrier()
}

// WaitFence makes the encoder wait until f was updated by an encoder before it.
func (e *Encoder) WaitFence(f *Fence) {
	e.ready("WaitFence")
	e.e.Fence(f.object(), true)
}

// UpdateFence updates f when the encoder's launches are done.
func (e *Encoder) UpdateFence(f *Fence) {
	e.ready("UpdateFence")
	e.e.Fence(f.object(), false)
}

// Finish ends the encoder and returns the first error. It may be called once.
func (e *Encoder) Finish() error {
	if e.none() {
		return errors.New("gpu: Encoder.Finish: the encoder is nil")
	}
	if !e.e.Open() {
		return fmt.Errorf("gpu: Encoder.Finish: finished before: %w", ErrClosed)
	}
	e.of.encoder = nil
	return public(e.e.Finish(), "Finish")
}
