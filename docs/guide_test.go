// Package docs_test runs the code of the guide.
package docs_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"log/slog"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/mtl"
)

// blocks returns the guide's blocks in a language, in order.
func blocks(t *testing.T, language string) []string {
	text, err := os.ReadFile("guide.md")
	require.NoError(t, err)
	var out []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		out = append(out, m[1])
	}
	require.NotEmpty(t, out)
	return out
}

// TestGuideIsThisFile checks that the guide's Go is that of the functions below.
func TestGuideIsThisFile(t *testing.T) {
	self, err := os.ReadFile("guide_test.go")
	require.NoError(t, err)
	plain := unindent(string(self))
	for _, b := range blocks(t, "go") {
		require.Contains(t, plain, unindent(b), "the guide has code that this file does not run")
	}
}

func unindent(code string) string {
	lines := strings.Split(code, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimLeft(l, "\t")
	}
	return strings.Join(lines, "\n")
}

func TestGuide(t *testing.T) {
	require.NoError(t, guide(t.Context(), t))
}

func guide(ctx context.Context, t *testing.T) error {
	dev, err := gpu.Open()
	if err != nil {
		return err // says what was tried
	}
	defer dev.Close()
	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()
	fmt.Println(dev.Name(), dev.MaxThreadsPerThreadgroup(), dev.MaxBufferLength())

	x, err := gpu.From(dev, []float32{1, 2, 3, 4}) // a copy of the slice
	if err != nil {
		return err
	}
	defer x.Close()
	y, err := gpu.Make[float32](dev, 4) // four zeros
	if err != nil {
		return err
	}
	defer y.Close()
	for i := range y.Slice() {
		y.Slice()[i] = 1 // the buffer itself, not a copy
	}
	for _, section := range []func(context.Context, *testing.T, *gpu.Device, *gpu.Queue, gpu.Of[float32], gpu.Of[float32]) error{
		noCopy, privateBuffers, launch, threadgroupMemory, textures, hotLoop, halves, failures, raw,
	} {
		if err := section(ctx, t, dev, queue, x, y); err != nil {
			return err
		}
	}
	return nil
}

func noCopy(_ context.Context, t *testing.T, dev *gpu.Device, _ *gpu.Queue, _, _ gpu.Of[float32]) error {
	mem, err := gpu.Alloc(1 << 16)
	if err != nil {
		return err
	}
	defer mem.Close()
	copy(mem.Bytes(), "no copy is made of this")
	wrapped, err := dev.Wrap(mem)
	if err != nil {
		return err
	}
	defer wrapped.Close()
	require.Equal(t, "no copy", string(wrapped.Bytes()[:7]))
	return nil
}

func privateBuffers(_ context.Context, t *testing.T, dev *gpu.Device, queue *gpu.Queue, x, y gpu.Of[float32]) error {
	private, err := gpu.MakePrivate[float32](dev, 4)
	if err != nil {
		return err
	}
	defer private.Close()
	cmd, err := queue.Commands()
	if err != nil {
		return err
	}
	blit, err := cmd.Copier()
	if err != nil {
		return err
	}
	blit.Copy(private.Buffer, 0, x.Buffer, 0, 16) // bytes: dst, offset, src, offset, n
	blit.Copy(y.Buffer, 0, private.Buffer, 0, 16)
	blit.Finish() // an error of it comes back from Submit
	if err := cmd.Submit(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	require.Equal(t, x.Slice(), y.Slice())
	return nil
}

func launch(ctx context.Context, t *testing.T, dev *gpu.Device, queue *gpu.Queue, x, y gpu.Of[float32]) error {
	source := blocks(t, "metal")[0]
	lib, err := dev.Compile(source)
	if err != nil {
		return err
	}
	defer lib.Close()
	saxpy, err := lib.Pipeline("saxpy")
	if err != nil {
		return err
	}
	defer saxpy.Close()
	if err := queue.Run(ctx, saxpy, gpu.D1(y.Len()), y, x, float32(2)); err != nil {
		return err
	}
	require.Equal(t, []float32{3, 6, 9, 12}, y.Slice())

	cmd, err := queue.Commands()
	if err != nil {
		return err
	}
	enc, err := cmd.Encoder()
	if err != nil {
		return err
	}
	enc.Bind(saxpy)
	enc.BindBuffer(y.Buffer, 0, 0) // buffer, byte offset, index
	enc.BindBuffer(x.Buffer, 0, 1)
	gpu.Push(enc, float32(2), 2)
	enc.Launch(gpu.D1(y.Len()), gpu.D1(64)) // threads in all, threads per group
	if err := enc.Finish(); err != nil {
		return err // the first thing that was wrong
	}
	if err := cmd.Submit(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err // what went wrong on the device
	}
	require.Equal(t, []float32{5, 10, 15, 20}, y.Slice())

	grid := gpu.D2(1920, 1080)
	group := saxpy.Group(grid) // a good size for this kernel and grid
	fmt.Println(group, saxpy.MaxTotalThreadsPerThreadgroup(), saxpy.ThreadExecutionWidth())
	require.LessOrEqual(t, group.Count(), saxpy.MaxTotalThreadsPerThreadgroup())

	talking, err := dev.CompileWith(`
#include <metal_stdlib>
#include <metal_logging>
using namespace metal;
constant os_log checks("org.example.guide", "checks");
kernel void look(device const float *x, uint i [[thread_position_in_grid]]) {
    if (x[i] < 0)
        checks.log_error("x[%u] is %f", i, x[i]);
}`, gpu.CompileOptions{Logging: true})
	if err != nil {
		return err
	}
	defer talking.Close()
	look, err := talking.Pipeline("look")
	if err != nil {
		return err
	}
	defer look.Close()
	watched, err := dev.QueueWith(gpu.QueueOptions{Log: slog.Default()})
	if err != nil {
		return err
	}
	defer watched.Close()
	err = watched.Run(ctx, look, gpu.D1(4), y)
	if err != nil {
		return err
	}

	fmt.Println("on the device:", cmd.GPUTime())
	fmt.Println("from", cmd.GPUStartTime(), "to", cmd.GPUEndTime(), "since boot")
	require.Positive(t, cmd.GPUTime())

	cmd, err = queue.Commands()
	if err != nil {
		return err
	}
	if err := cmd.TimeEncoders(); err != nil {
		return err // wraps gpu.ErrUnsupported where there is no such clock
	}
	for _, p := range []*gpu.Pipeline{saxpy, saxpy} {
		enc, err := cmd.Encoder()
		if err != nil {
			return err
		}
		enc.SetLabel("half of the work")
		enc.Bind(p)
		enc.BindBuffer(y.Buffer, 0, 0)
		enc.BindBuffer(x.Buffer, 0, 1)
		gpu.Push(enc, float32(0), 2)
		enc.Launch(gpu.D1(4), gpu.D1(4))
		if err := enc.Finish(); err != nil {
			return err
		}
	}
	if err := cmd.Submit(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	for _, e := range cmd.EncoderTimes() {
		fmt.Println(e.Label, e.Time())
	}
	require.Len(t, cmd.EncoderTimes(), 2)
	return nil
}

func threadgroupMemory(_ context.Context, t *testing.T, dev *gpu.Device, queue *gpu.Queue, _, _ gpu.Of[float32]) error {
	lib, err := dev.Compile(blocks(t, "metal")[1])
	if err != nil {
		return err
	}
	defer lib.Close()
	blockSum, err := lib.Pipeline("block_sum")
	if err != nil {
		return err
	}
	defer blockSum.Close()
	in, err := gpu.Make[float32](dev, 1024)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := gpu.Make[float32](dev, 4)
	if err != nil {
		return err
	}
	defer out.Close()
	for i := range in.Slice() {
		in.Slice()[i] = float32(i / 256)
	}
	cmd, err := queue.Commands()
	if err != nil {
		return err
	}
	enc, err := cmd.Encoder()
	if err != nil {
		return err
	}
	enc.Bind(blockSum)
	enc.BindBuffer(in.Buffer, 0, 0)
	enc.BindBuffer(out.Buffer, 0, 1)
	enc.Threadgroup(256*4, 0) // bytes, index
	enc.LaunchGroups(gpu.D1(4), gpu.D1(256))
	if err := errors.Join(enc.Finish(), cmd.Submit(), cmd.Wait()); err != nil {
		return err
	}
	require.Equal(t, []float32{0, 256, 512, 768}, out.Slice())
	return nil
}

func textures(ctx context.Context, t *testing.T, dev *gpu.Device, queue *gpu.Queue, _, _ gpu.Of[float32]) error {
	lib, err := dev.Compile(blocks(t, "metal")[2])
	if err != nil {
		return err
	}
	defer lib.Close()
	shrink, err := lib.Pipeline("shrink")
	if err != nil {
		return err
	}
	defer shrink.Close()
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	in, err := dev.TextureFrom(img) // RGBA8Unorm, of an *image.NRGBA
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 4, Height: 4})
	if err != nil {
		return err
	}
	defer out.Close()
	smooth, err := dev.Sampler(gpu.SamplerDescriptor{Min: gpu.FilterLinear, Mag: gpu.FilterLinear})
	if err != nil {
		return err
	}
	defer smooth.Close()
	if err := queue.Run(ctx, shrink, gpu.D2(4, 4), in, out, smooth); err != nil {
		return err
	}
	small, err := out.Image()
	if err != nil {
		return err
	}
	fmt.Println(small.Bounds(), small.At(0, 0))
	require.Equal(t, image.Rect(0, 0, 4, 4), small.Bounds())
	require.Equal(t, color.NRGBA{18, 19, 20, 21}, small.At(0, 0)) // the mean of 0, 4, 32 and 36, and so on
	return nil
}

func hotLoop(ctx context.Context, t *testing.T, dev *gpu.Device, queue *gpu.Queue, x, y gpu.Of[float32]) error {
	lib, err := dev.Compile(blocks(t, "metal")[0])
	if err != nil {
		return err
	}
	defer lib.Close()
	saxpy, err := lib.Pipeline("saxpy")
	if err != nil {
		return err
	}
	defer saxpy.Close()
	plus := binary.LittleEndian.AppendUint32(nil, math.Float32bits(1))
	minus := binary.LittleEndian.AppendUint32(nil, math.Float32bits(-1))
	clear(y.Slice())

	disp, err := dispatch.New(queue)
	if err != nil {
		return err
	}
	defer disp.Close()
	step := func(b *dispatch.Batch) {
		b.Bind(saxpy)
		b.BindBuffer(y.Buffer, 0, 0)
		b.BindBuffer(x.Buffer, 0, 1)
		b.Push(plus, 2)
		b.Launch(gpu.D1(4), gpu.D1(4))
	}

	err = disp.DispatchBytes(saxpy, gpu.D1(4), gpu.D1(4), plus, 2,
		dispatch.Bind{Buffer: y.Buffer, Index: 0}, dispatch.Bind{Buffer: x.Buffer, Index: 1})
	if err != nil {
		return err
	}

	err = disp.Batch(func(b *dispatch.Batch) {
		for range 10 {
			step(b)
		}
	})
	if err != nil {
		return err
	}

	err = disp.Pipeline(ctx, 100, func(i int, b *dispatch.Batch) { step(b) })
	if err != nil {
		return err
	}

	first, err := disp.BatchAsync(step)
	if err != nil {
		return err
	}
	second, err := disp.BatchAsync(step)
	if err != nil {
		return err
	}
	if err := errors.Join(first.Wait(), second.Wait()); err != nil {
		return err
	}

	var rawErr error
	gpu.AutoreleasePool(func() {
		for range 10 {
			if err := disp.BatchRaw(step); err != nil {
				rawErr = err
				return
			}
		}
	})
	if rawErr != nil {
		return rawErr
	}

	rec, err := disp.Record(step)
	if err != nil {
		return err
	}
	defer rec.Close()
	if err := rec.Run(); err != nil {
		return err
	}
	if err := rec.SetBytes(0, minus); err != nil { // the batch's first Push
		return err
	}
	if err := rec.Run(); err != nil {
		return err
	}
	const times = 1 + 10 + 100 + 2 + 10 + 1 - 1
	require.Equal(t, []float32{times, 2 * times, 3 * times, 4 * times}, y.Slice())
	return nil
}

func halves(_ context.Context, t *testing.T, dev *gpu.Device, _ *gpu.Queue, _, _ gpu.Of[float32]) error {
	weights := []float32{0.5, 0.25, -1}
	halves := make([]fp16.Float16, len(weights))
	fp16.Encode(halves, weights)
	buf, err := gpu.From(dev, halves) // device half * in a kernel
	if err != nil {
		return err
	}
	defer buf.Close()
	wide := make([]float32, buf.Len())
	fp16.Decode(wide, buf.Slice())
	require.Equal(t, weights, wide)
	return nil
}

func failures(ctx context.Context, t *testing.T, dev *gpu.Device, queue *gpu.Queue, x, y gpu.Of[float32]) error {
	lib, err := dev.Compile(blocks(t, "metal")[0])
	if err != nil {
		return err
	}
	defer lib.Close()
	saxpy, err := lib.Pipeline("saxpy")
	if err != nil {
		return err
	}
	defer saxpy.Close()

	_, err = dev.Compile("kernel void k(device float *a) { a[0] = nowhere; }")
	var ce *gpu.CompileError
	if errors.As(err, &ce) {
		for _, d := range ce.Diagnostics {
			fmt.Println(d.Pos.Line, d.Pos.Column, d.Severity, d.Msg)
		}
	}
	require.NotNil(t, ce)

	err = queue.Run(ctx, saxpy, gpu.D1(4), y, x) // the third argument is missing
	var le *gpu.LaunchError
	if errors.As(err, &le) {
		fmt.Println(le.Kernel, le.Grid, le.Group, le.Reason)
	}
	require.NotNil(t, le)

	if !dev.Info().CPU {
		return nil // a GPU may not notice what comes now
	}
	err = queue.Run(ctx, saxpy, gpu.D1(5), y, x, float32(2)) // one thread too many
	var failed *gpu.CommandError
	switch {
	case errors.Is(err, gpu.ErrPageFault):
		errors.As(err, &failed)
		fmt.Println(failed.Msg)
	case errors.Is(err, gpu.ErrTimeout):
		fmt.Println("the kernel did not end")
	case err != nil:
		return err
	}
	require.NotNil(t, failed)
	return nil
}

func raw(_ context.Context, t *testing.T, dev *gpu.Device, _ *gpu.Queue, _, _ gpu.Of[float32]) error {
	raw := mtl.DeviceFromID(dev.Raw()) // borrowed: it is dev's
	fmt.Println(raw.Name(), raw.MaxThreadgroupMemoryLength())
	require.Equal(t, dev.Name(), raw.Name())
	return nil
}
