//go:build linux && objcnative

package nativemetal_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/nativemetal"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

const kernels = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]], device const float *x [[buffer(1)]], constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}

kernel void inc(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) { a[id] = a[id] + 1.0; }

struct Shape { uint m; uint n; uint k; };

kernel void matmul(device const float *a [[buffer(0)]], device const float *b [[buffer(1)]], device float *c [[buffer(2)]],
                   constant Shape &s [[buffer(3)]], uint2 p [[thread_position_in_grid]]) {
    if (p.y >= s.m || p.x >= s.n) return;
    float sum = 0;
    for (uint i = 0; i < s.k; i++) sum += a[p.y * s.k + i] * b[i * s.n + p.x];
    c[p.y * s.n + p.x] = sum;
}

kernel void block_sum(device const float *in [[buffer(0)]], device float *out [[buffer(1)]],
                      uint tid [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]],
                      uint size [[threads_per_threadgroup]]) {
    threadgroup float part[256];
    part[tid] = in[group * size + tid];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint step = size / 2; step > 0; step /= 2) {
        if (tid < step) part[tid] += part[tid + step];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (tid == 0) out[group] = part[0];
}
`

type steps struct {
	dev   *gpu.Device
	queue *gpu.Queue
	lib   *gpu.Library
}

// The guide's steps, from opening a device to errors, through the native
// runtime. Nothing is left over in either runtime.
func TestSteps(t *testing.T) {
	nativemetal.Install()
	once(t) // what is made once and stays
	live, faces := objcrt.LiveCount(), nativemetal.Faces()
	once(t)
	require.Eventually(t, func() bool {
		return objcrt.LiveCount() <= live && nativemetal.Faces() <= faces
	}, 5*time.Second, time.Millisecond, "objects left: %v", objcrt.Live())
}

func once(t *testing.T) {
	dev, err := gpu.Open()
	require.NoError(t, err)
	defer dev.Close()
	queue, err := dev.Queue()
	require.NoError(t, err)
	defer queue.Close()
	lib, err := dev.Compile(kernels)
	require.NoError(t, err)
	defer lib.Close()
	s := &steps{dev, queue, lib}
	t.Run("device", s.device)
	t.Run("buffers", s.buffers)
	t.Run("saxpy", s.saxpy)
	t.Run("matmul", s.matmul)
	t.Run("threadgroups", s.threadgroups)
	t.Run("hot loop", s.hotLoop)
	t.Run("errors", s.errors)
}

func (s *steps) pipeline(t *testing.T, name string) *gpu.Pipeline {
	f, err := s.lib.Function(name)
	require.NoError(t, err)
	defer f.Close()
	p, err := s.dev.Pipeline(f)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

func floats(t *testing.T, dev *gpu.Device, n int, value func(i int) float32) gpu.Of[float32] {
	b, err := gpu.Make[float32](dev, n)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	for i := range b.Slice() {
		b.Slice()[i] = value(i)
	}
	return b
}

// encode runs one compute encoder and waits.
func (s *steps) encode(t *testing.T, f func(*gpu.Encoder)) *gpu.Commands {
	cmd, err := s.queue.Commands()
	require.NoError(t, err)
	enc, err := cmd.Encoder()
	require.NoError(t, err)
	f(enc)
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, gpu.StatusCompleted, cmd.Status())
	return cmd
}

func (s *steps) device(t *testing.T) {
	require.Contains(t, s.dev.Name(), "CPU")
	require.Positive(t, s.dev.MaxBufferLength())
	require.NotZero(t, s.dev.RecommendedMaxWorkingSetSize())
	require.Equal(t, gpu.D3(1024, 1024, 1024), s.dev.MaxThreadsPerThreadgroup(), "a struct result")
	all, err := gpu.All()
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.NoError(t, all[0].Close())
}

func (s *steps) buffers(t *testing.T) {
	data := make([]byte, 4096)
	for i := range data {
		data[i] = byte(i * 7)
	}
	private, err := s.dev.BufferPrivate(len(data))
	require.NoError(t, err)
	defer private.Close()
	require.Nil(t, private.Bytes())
	from, err := s.dev.BufferFrom(data)
	require.NoError(t, err)
	defer from.Close()
	back, err := s.dev.Buffer(len(data))
	require.NoError(t, err)
	defer back.Close()
	cmd, err := s.queue.Commands()
	require.NoError(t, err)
	copier, err := cmd.Copier()
	require.NoError(t, err)
	copier.Copy(private, 0, from, 0, len(data))
	copier.Copy(back, 0, private, 0, len(data))
	copier.Fill(back, 0, 16, 0xab)
	require.NoError(t, copier.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.WaitContext(context.Background()))
	require.Equal(t, byte(0xab), back.Bytes()[15])
	require.Equal(t, data[16:], back.Bytes()[16:])

	// Memory of ours, given back by a block.
	memory, err := gpu.Alloc(1 << 16)
	require.NoError(t, err)
	wrapped, err := s.dev.Wrap(memory)
	require.NoError(t, err)
	memory.Bytes()[99] = 1
	require.Equal(t, byte(1), wrapped.Bytes()[99])
	require.NoError(t, wrapped.Close())
	require.NoError(t, memory.Close())
}

func (s *steps) saxpy(t *testing.T) {
	const n = 10_007
	y, x := floats(t, s.dev, n, func(int) float32 { return 1 }), floats(t, s.dev, n, func(i int) float32 { return float32(i) })
	p := s.pipeline(t, "saxpy")
	begin := time.Now()
	cmd := s.encode(t, func(enc *gpu.Encoder) {
		enc.Bind(p)
		enc.BindBuffer(y.Buffer, 0, 0)
		enc.BindBuffer(x.Buffer, 0, 1)
		gpu.Push(enc, float32(2), 2)
		enc.Launch(gpu.D1(n), gpu.D1(256))
	})
	for i, v := range y.Slice() {
		require.Equal(t, 2*float32(i)+1, v)
	}
	require.Positive(t, cmd.GPUTime())
	require.LessOrEqual(t, cmd.GPUTime(), time.Since(begin))
	require.NoError(t, s.queue.Run(context.Background(), p, gpu.D1(n), y, x, float32(-2)))
	require.Equal(t, float32(1), y.Slice()[n-1])
}

func (s *steps) matmul(t *testing.T) {
	const m = 37
	a := floats(t, s.dev, m*m, func(i int) float32 { return float32(i%13) - 6 })
	b := floats(t, s.dev, m*m, func(i int) float32 { return float32(i%7) - 3 })
	c := floats(t, s.dev, m*m, func(int) float32 { return float32(math.NaN()) })
	p := s.pipeline(t, "matmul")
	s.encode(t, func(enc *gpu.Encoder) {
		enc.Bind(p)
		enc.BindBuffer(a.Buffer, 0, 0)
		enc.BindBuffer(b.Buffer, 0, 1)
		enc.BindBuffer(c.Buffer, 0, 2)
		gpu.Push(enc, [3]uint32{m, m, m}, 3)
		enc.Launch(gpu.D2(m, m), gpu.D2(16, 16))
	})
	for i, v := range c.Slice() {
		want := float32(0)
		for k := range m {
			want += a.Slice()[i/m*m+k] * b.Slice()[k*m+i%m]
		}
		require.Equal(t, want, v)
	}
}

func (s *steps) threadgroups(t *testing.T) {
	const groups, size = 31, 256
	p := s.pipeline(t, "block_sum")
	require.GreaterOrEqual(t, p.StaticThreadgroupMemoryLength(), 1024)
	in := floats(t, s.dev, groups*size, func(i int) float32 { return float32(i % 17) })
	out := floats(t, s.dev, groups, func(int) float32 { return 0 })
	s.encode(t, func(enc *gpu.Encoder) {
		enc.Bind(p)
		enc.BindBuffer(in.Buffer, 0, 0)
		enc.BindBuffer(out.Buffer, 0, 1)
		enc.LaunchGroups(gpu.D1(groups), gpu.D1(size))
	})
	for g, v := range out.Slice() {
		want := float32(0)
		for i := range size {
			want += float32((g*size + i) % 17)
		}
		require.Equal(t, want, v)
	}
}

func (s *steps) hotLoop(t *testing.T) {
	const n = 1000
	p := s.pipeline(t, "inc")
	buf := floats(t, s.dev, n, func(int) float32 { return 0 })
	disp, err := dispatch.New(s.queue)
	require.NoError(t, err)
	defer disp.Close()
	inc := func(b *dispatch.Batch) {
		b.Bind(p)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(n), gpu.D1(64))
	}
	require.NoError(t, disp.Dispatch(p, gpu.D1(n), gpu.D1(64), dispatch.Bind{Buffer: buf.Buffer, Index: 0}))
	require.NoError(t, disp.Batch(func(b *dispatch.Batch) {
		for range 10 {
			inc(b)
		}
	}))
	var futures []*dispatch.Future
	for range 5 {
		f, err := disp.BatchAsync(inc)
		require.NoError(t, err)
		futures = append(futures, f)
	}
	for _, f := range futures {
		require.NoError(t, f.Wait())
	}
	gpu.AutoreleasePool(func() {
		for range 20 {
			require.NoError(t, disp.BatchRaw(inc))
		}
	})
	rec, err := disp.Record(inc)
	require.NoError(t, err)
	defer rec.Close()
	for range 7 {
		require.NoError(t, rec.Run())
	}
	require.NoError(t, disp.Pipeline(context.Background(), 50, func(_ int, b *dispatch.Batch) { inc(b) }))
	for _, v := range buf.Slice() {
		require.Equal(t, float32(1+10+5+20+7+50), v)
	}
}

func (s *steps) errors(t *testing.T) {
	_, err := s.dev.Compile("kernel void broken(device float *a [[buffer(0)]]) {\n  a[0] = undefined_name;\n}\n")
	var compile *gpu.CompileError
	require.ErrorAs(t, err, &compile)
	require.Equal(t, 2, compile.Diagnostics[0].Pos.Line)
	require.Contains(t, compile.Diagnostics[0].Msg, "undefined_name")
	_, err = s.lib.Function("nosuch")
	require.True(t, errors.Is(err, gpu.ErrNotFound))

	// A fault of a kernel is the error of its command buffer, with the
	// encoder's state beside it.
	p := s.pipeline(t, "inc")
	buf := floats(t, s.dev, 8, func(int) float32 { return 0 })
	cmd, err := s.queue.Commands()
	require.NoError(t, err)
	enc, err := cmd.Encoder()
	require.NoError(t, err)
	enc.Bind(p)
	enc.BindBuffer(buf.Buffer, 0, 0)
	enc.Launch(gpu.D1(1<<16), gpu.D1(64))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	var command *gpu.CommandError
	require.ErrorAs(t, cmd.Wait(), &command)
	require.Contains(t, command.Error(), "inc")
}
