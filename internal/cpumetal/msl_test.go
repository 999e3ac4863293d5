package cpumetal

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

const kernels = `
#include <metal_stdlib>
using namespace metal;

struct Shape { uint m; uint n; float2 scale; float table[3]; };

kernel void saxpy(device float *y [[buffer(0)]], device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]], uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}

kernel void where(device uint *out [[buffer(0)]], constant Shape &s [[buffer(1)]],
                  uint2 p [[thread_position_in_grid]], uint2 size [[threads_per_threadgroup]]) {
    out[p.y * s.n + p.x] = size.x * 100 + size.y;
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

kernel void past(device float *a [[buffer(3)]], uint id [[thread_position_in_grid]]) {
    a[id + 1] = 1.0f;
}

kernel void forever(device uint *a [[buffer(0)]]) {
    while (a[0] == 0) { a[1] = a[1] + 1; }
}

[[max_total_threads_per_threadgroup(128)]]
kernel void small(device uint *a [[buffer(0)]], uint id [[thread_position_in_grid]]) { a[id] = id; }
`

func compile(t *testing.T, source string) *Library {
	lib, err := SystemDevice().NewLibrary(source, CompileOptions{})
	require.Nil(t, err)
	require.NotNil(t, lib)
	return lib
}

func pipeline(t *testing.T, lib *Library, name string) *Pipeline {
	f := lib.Function(name)
	require.NotNil(t, f, name)
	p, err := SystemDevice().NewPipeline(f, PipelineOptions{})
	require.Nil(t, err)
	return p
}

func floats(t *testing.T, v ...float32) *Buffer {
	b := SystemDevice().NewBuffer(uint64(4*len(v)), 0)
	require.NotNil(t, b)
	t.Cleanup(b.Release)
	for i, f := range v {
		binary.NativeEndian.PutUint32(b.mem[4*i:], math.Float32bits(f))
	}
	return b
}

func floatAt(b *Buffer, i int) float32 { return math.Float32frombits(word(b, i)) }

// runKernel runs one dispatch and returns its command buffer.
func runKernel(t *testing.T, f func(e *ComputeEncoder)) *CommandBuffer {
	cb := SystemDevice().NewQueue(0).CommandBuffer(true, 0)
	encode(t, cb, f)
	submit(cb)
	return cb
}

func TestSaxpyKernel(t *testing.T) {
	lib := compile(t, kernels)
	require.Equal(t, []string{"saxpy", "where", "block_sum", "past", "forever", "small"}, lib.FunctionNames())
	require.Nil(t, lib.Function("nosuch"))
	p := pipeline(t, lib, "saxpy")
	const n = 10_003
	x, y := make([]float32, n), make([]float32, n)
	for i := range x {
		x[i], y[i] = float32(i), 1
	}
	bx, by := floats(t, x...), floats(t, y...)
	a := binary.NativeEndian.AppendUint32(nil, math.Float32bits(2))
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(by, 0, 0)
		e.SetBuffer(bx, 0, 1)
		e.SetBytes(a, 2)
		e.DispatchThreads(Size3{n, 1, 1}, Size3{256, 1, 1})
	})
	require.Nil(t, cb.Err())
	for i := range n {
		require.Equal(t, float32(2*i+1), floatAt(by, i))
	}
}

func TestEdgeGroups(t *testing.T) {
	p := pipeline(t, compile(t, kernels), "where")
	const w, h = 21, 10
	out := floats(t, make([]float32, w*h)...)
	shape := make([]byte, 32)
	binary.NativeEndian.PutUint32(shape[4:], w)
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(out, 0, 0)
		e.SetBytes(shape, 1)
		e.DispatchThreads(Size3{w, h, 1}, Size3{8, 4, 1})
	})
	require.Nil(t, cb.Err())
	for y := range h {
		for x := range w {
			gw, gh := min(8, w-x/8*8), min(4, h-y/4*4)
			require.EqualValues(t, gw*100+gh, word(out, y*w+x), "%d,%d", x, y)
		}
	}
}

func TestThreadgroupKernel(t *testing.T) {
	p := pipeline(t, compile(t, kernels), "block_sum")
	require.EqualValues(t, 1024, p.StaticThreadgroupMemory())
	require.EqualValues(t, 1024, p.MaxTotalThreads())
	const groups, size = 7, 128
	v := make([]float32, groups*size)
	for i := range v {
		v[i] = float32(i % 17)
	}
	in, out := floats(t, v...), floats(t, make([]float32, groups)...)
	args := SystemDevice().NewBuffer(12, 0)
	defer args.Release()
	for i, n := range []uint32{groups, 1, 1} {
		binary.NativeEndian.PutUint32(args.mem[4*i:], n)
	}
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(in, 0, 0)
		e.SetBuffer(out, 0, 1)
		e.DispatchIndirect(args, 0, Size3{size, 1, 1})
	})
	require.Nil(t, cb.Err())
	for g := range groups {
		want := float32(0)
		for i := range size {
			want += v[g*size+i]
		}
		require.Equal(t, want, floatAt(out, g))
	}
}

func TestKernelFaults(t *testing.T) {
	lib := compile(t, kernels)
	q := SystemDevice().NewQueue(0)
	b := floats(t, make([]float32, 8)...)
	cb := q.CommandBuffer(true, ErrorEncoderStatus)
	p := pipeline(t, lib, "past")
	encode(t, cb, func(e *ComputeEncoder) {
		e.SetLabel("E")
		e.SetPipeline(p)
		e.SetBuffer(b, 0, 3)
		e.DispatchThreads(Size3{8, 1, 1}, Size3{8, 1, 1})
	})
	submit(cb)
	err := cb.Err()
	require.NotNil(t, err)
	require.Equal(t, CodePageFault, err.Code)
	for _, part := range []string{"past", `encoder "E"`, "offset 32", "buffer 3 (a)", "32 bytes", "program_source:31:5", `index 8 of 8 in "a" [[buffer(3)]]`, "thread (7, 0, 0)"} {
		require.Contains(t, err.Text, part)
	}
	require.Equal(t, float32(1), floatAt(b, 7), "what is inside was written")

	// a kernel that does not end
	short := newDevice(1 << 30)
	short.timeout = 20 * time.Millisecond
	forever, perr := short.NewPipeline(lib.Function("forever"), PipelineOptions{})
	require.Nil(t, perr)
	word0 := floats(t, 0, 0)
	cb = q.CommandBuffer(true, 0)
	encode(t, cb, func(e *ComputeEncoder) {
		e.SetPipeline(forever)
		e.SetBuffer(word0, 0, 0)
		e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
	})
	submit(cb)
	require.Equal(t, CodeTimeout, cb.Err().Code)
	require.Contains(t, cb.Err().Text, "forever")

	small := pipeline(t, lib, "small")
	require.EqualValues(t, 128, small.MaxTotalThreads())
	cb = q.CommandBuffer(true, 0)
	encode(t, cb, func(e *ComputeEncoder) {
		e.SetPipeline(small)
		e.SetBuffer(b, 0, 0)
		e.DispatchThreads(Size3{8, 1, 1}, Size3{8, 1, 1})
	})
	submit(cb)
	require.Nil(t, cb.Err())
	require.EqualValues(t, 7, word(b, 7))
}

func TestCompileErrors(t *testing.T) {
	d := open(t)
	compileText := func(source string) (lib objcrt.ID, code int, description string) {
		out := make([]objcrt.ID, 1)
		lib = objcrt.ID(send(d, "newLibraryWithSource:options:error:", str(t, source), 0, address(out)))
		if out[0] == 0 {
			return lib, 0, ""
		}
		domain, code, description, _, _ := objcrt.ErrorParts(out[0])
		require.Equal(t, "MTLLibraryErrorDomain", domain)
		objcrt.Release(out[0])
		return lib, code, description
	}
	lib, code, description := compileText("kernel void broken(device float *a [[buffer(0)]]) {\n  a[0] = undefined_name;\n}\n")
	require.Zero(t, lib)
	require.Equal(t, CodeCompileFailure, code)
	require.Contains(t, description, "program_source:2:10: error: ")
	require.Contains(t, description, "undefined_name")
	require.Contains(t, description, "\n  a[0] = undefined_name;\n         ^")
	require.Contains(t, description, "1 error generated.")

	lib, code, description = compileText("#warning careful\nkernel void k(device float *a [[buffer(0)]]) { a[0] = 1.0f; }\n")
	require.NotZero(t, lib)
	defer objcrt.Release(lib)
	require.Equal(t, CodeCompileWarning, code)
	require.Contains(t, description, "warning: ")
	require.Contains(t, description, "careful")

	lib, code, _ = compileText(kernels)
	require.NotZero(t, lib)
	objcrt.Release(lib)
	require.Zero(t, code)
}

func TestAsyncCompile(t *testing.T) {
	d := open(t)
	type result struct {
		names []objcrt.ID
		err   string
	}
	got := make(chan result)
	block := objcrt.NewBlock(func(lib, err, _, _ uintptr) {
		var r result
		if lib != 0 {
			names := objcrt.ID(send(objcrt.ID(lib), "functionNames"))
			r.names = objcrt.ArrayItems(names)
			objcrt.Release(names)
		}
		_, _, r.err, _, _ = objcrt.ErrorParts(objcrt.ID(err))
		got <- r
	})
	defer objcrt.Release(block)
	send(d, "newLibraryWithSource:options:completionHandler:", str(t, kernels), 0, uintptr(block))
	require.Len(t, (<-got).names, 6)
	send(d, "newLibraryWithSource:options:completionHandler:", str(t, "kernel void k( {"), 0, uintptr(block))
	require.Contains(t, (<-got).err, "error: ")
}

func TestReflection(t *testing.T) {
	d := open(t)
	lib := get(t, d, "newLibraryWithSource:options:error:", str(t, kernels), 0, 0)
	f := get(t, lib, "newFunctionWithName:", str(t, "where"))
	require.Equal(t, "where", text(f, "name"))
	require.EqualValues(t, functionTypeKernel, send(f, "functionType"))
	out := make([]objcrt.ID, 2)
	p := get(t, d, "newComputePipelineStateWithFunction:options:reflection:error:", uintptr(f), 3, address(out), address(out[1:]))
	require.NotZero(t, p)
	require.Zero(t, out[1])
	defer objcrt.Release(out[0])
	bindings := objcrt.ArrayItems(get(t, out[0], "bindings"))
	require.Len(t, bindings, 2)
	o, s := bindings[0], bindings[1]
	require.Equal(t, "out", text(o, "name"))
	require.EqualValues(t, 0, send(o, "index"))
	require.EqualValues(t, bindingBuffer, send(o, "type"))
	require.EqualValues(t, 1, send(o, "isUsed"))
	require.NotZero(t, send(o, "access"), "it is written")
	require.EqualValues(t, 33, send(o, "bufferDataType"), "uint")
	require.EqualValues(t, 4, send(o, "bufferDataSize"))
	require.Zero(t, send(o, "bufferStructType"))
	require.EqualValues(t, 33, send(get(t, o, "bufferPointerType"), "elementType"))
	require.Equal(t, "s", text(s, "name"))
	require.Zero(t, send(s, "access"), "read only")
	require.EqualValues(t, dataStruct, send(s, "bufferDataType"))
	require.EqualValues(t, 32, send(s, "bufferDataSize"))
	require.EqualValues(t, 8, send(s, "bufferAlignment"))
	st := get(t, s, "bufferStructType")
	require.EqualValues(t, dataStruct, send(st, "dataType"))
	members := objcrt.ArrayItems(get(t, st, "members"))
	require.Len(t, members, 4)
	scale := get(t, st, "memberByName:", str(t, "scale"))
	require.EqualValues(t, 8, send(scale, "offset"))
	require.EqualValues(t, 4, send(scale, "dataType"), "float2")
	table := get(t, get(t, st, "memberByName:", str(t, "table")), "arrayType")
	require.EqualValues(t, 3, send(table, "arrayLength"))
	require.EqualValues(t, 4, send(table, "stride"))
	require.EqualValues(t, 3, send(table, "elementType"), "float")
	require.Zero(t, send(st, "memberByName:", str(t, "nosuch")))

	desc := newObject(t, "MTLComputePipelineDescriptor")
	send(desc, "setComputeFunction:", uintptr(f))
	send(desc, "setLabel:", str(t, "P"))
	send(desc, "setMaxTotalThreadsPerThreadgroup:", 64)
	p = get(t, d, "newComputePipelineStateWithDescriptor:options:reflection:error:", uintptr(desc), 0, address(out), address(out[1:]))
	require.Equal(t, "P", text(p, "label"))
	require.EqualValues(t, 64, send(p, "maxTotalThreadsPerThreadgroup"))
	send(desc, "setMaxTotalThreadsPerThreadgroup:", 4096)
	require.Zero(t, send(d, "newComputePipelineStateWithDescriptor:options:reflection:error:", uintptr(desc), 0, 0, address(out[1:])))
	_, _, description, _, _ := objcrt.ErrorParts(out[1])
	require.Contains(t, description, "over the device's limit of 1024")
	objcrt.Release(out[1])
	out[1] = 0
	require.Zero(t, send(d, "newComputePipelineStateWithFunction:error:", 0, address(out[1:])))
	require.NotZero(t, out[1])
	objcrt.Release(out[1])
}

const moreKernels = `
#include <metal_stdlib>
using namespace metal;

constant float scale [[function_constant(3)]];
constant bool twice [[function_constant(4)]];

kernel void scaled(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    a[id] = a[id] * scale;
    if (twice) a[id] = a[id] * 2.0f;
}

kernel void reversed(device uint *a [[buffer(0)]], threadgroup uint *scratch [[threadgroup(1)]],
                     uint id [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]]) {
    scratch[id] = a[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    a[id] = scratch[n - 1 - id];
}

kernel void count(device atomic_uint *total [[buffer(0)]]) {
    atomic_fetch_add_explicit(total, 1u, memory_order_relaxed);
}
`

func TestFunctionConstantKernel(t *testing.T) {
	d := open(t)
	lib := get(t, d, "newLibraryWithSource:options:error:", str(t, moreKernels), 0, 0)
	plain := get(t, lib, "newFunctionWithName:", str(t, "scaled"))
	constants := get(t, plain, "functionConstantsDictionary")
	scale := get(t, constants, "objectForKey:", str(t, "scale"))
	require.EqualValues(t, 3, send(scale, "index"))
	require.EqualValues(t, 3, send(scale, "type"), "float")
	require.EqualValues(t, 1, send(scale, "required"))
	out := make([]objcrt.ID, 1)
	require.Zero(t, send(d, "newComputePipelineStateWithFunction:error:", uintptr(plain), address(out)))
	_, _, description, _, _ := objcrt.ErrorParts(out[0])
	require.Contains(t, description, "scaled")
	require.Contains(t, description, "scale")
	objcrt.Release(out[0])

	values := newObject(t, "MTLFunctionConstantValues")
	send(values, "setConstantValue:type:atIndex:", address([]float32{2.5}), 3, 3)
	send(values, "setConstantValue:type:withName:", address([]byte{1}), 53, str(t, "twice"))
	f := get(t, lib, "newFunctionWithName:constantValues:error:", str(t, "scaled"), uintptr(values), 0)
	p := get(t, d, "newComputePipelineStateWithFunction:error:", uintptr(f), 0)
	state, _ := objcrt.As[*Pipeline](p)
	b := floats(t, 1, 2, 3)
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(state)
		e.SetBuffer(b, 0, 0)
		e.DispatchThreads(Size3{3, 1, 1}, Size3{3, 1, 1})
	})
	require.Nil(t, cb.Err())
	require.Equal(t, []float32{5, 10, 15}, []float32{floatAt(b, 0), floatAt(b, 1), floatAt(b, 2)})

	require.Zero(t, send(lib, "newFunctionWithName:constantValues:error:", str(t, "nosuch"), uintptr(values), address(out)))
	_, code, description, _, _ := objcrt.ErrorParts(out[0])
	require.Equal(t, CodeFunctionNotFound, code)
	require.Contains(t, description, `"nosuch"`)
	objcrt.Release(out[0])
	send(values, "reset")
	require.Zero(t, send(lib, "newFunctionWithName:constantValues:error:", str(t, "scaled"), uintptr(values), address(out)))
	objcrt.Release(out[0])
}

func TestThreadgroupArgumentKernel(t *testing.T) {
	p := pipeline(t, compile(t, moreKernels), "reversed")
	b := SystemDevice().NewBuffer(4*100, 0)
	defer b.Release()
	for i := range 100 {
		binary.NativeEndian.PutUint32(b.mem[4*i:], uint32(i))
	}
	run := func(length uint64) *CommandBuffer {
		return runKernel(t, func(e *ComputeEncoder) {
			e.SetPipeline(p)
			e.SetBuffer(b, 0, 0)
			e.SetThreadgroupMemory(length, 1)
			e.DispatchThreadgroups(one, Size3{100, 1, 1})
		})
	}
	require.Nil(t, run(400).Err())
	for i := range 100 {
		require.EqualValues(t, 99-i, word(b, i))
	}
	err := run(384).Err()
	require.NotNil(t, err, "too little")
	require.Equal(t, CodePageFault, err.Code)
	require.Contains(t, err.Text, "threadgroup memory 1 (scratch)")
}

func TestAtomicKernel(t *testing.T) {
	p := pipeline(t, compile(t, moreKernels), "count")
	b := SystemDevice().NewBuffer(4, 0)
	defer b.Release()
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(b, 0, 0)
		e.DispatchThreads(Size3{1000, 33, 3}, Size3{32, 4, 1})
	})
	require.Nil(t, cb.Err())
	require.EqualValues(t, 1000*33*3, word(b, 0))
}

func TestLanguageOptions(t *testing.T) {
	d := SystemDevice()
	const source = `
#if __METAL_VERSION__ != 240
#error version
#endif
kernel void k(device int *a [[buffer(0)]]) { a[0] = N; }`
	lib, err := d.NewLibrary(source, CompileOptions{Language: 2<<16 | 4, Macros: []msl.Macro{{Name: "N", Value: "7"}}})
	require.Nil(t, err)
	b := floats(t, 0)
	p := pipeline(t, lib, "k")
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(b, 0, 0)
		e.DispatchThreads(one, one)
	})
	require.Nil(t, cb.Err())
	require.EqualValues(t, 7, word(b, 0))
	_, err = d.NewLibrary(source, CompileOptions{Language: 9 << 16})
	require.Equal(t, CodeUnsupported, err.Code)
	_, err = d.NewLibrary(source, CompileOptions{Dynamic: true})
	require.Equal(t, CodeUnsupported, err.Code)
	lib, err = d.NewLibrary("", CompileOptions{})
	require.Nil(t, err)
	require.Empty(t, lib.FunctionNames())
}

const addressKernel = `
#include <metal_stdlib>
using namespace metal;

struct Args { device float *to; constant float *from; };

kernel void follow(constant Args &args [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    args.to[id] = args.from[id] + 1.0f;
}
`

// A kernel follows the device addresses that a buffer holds, to memory that
// the command buffer uses and to no other.
func TestDeviceAddresses(t *testing.T) {
	p := pipeline(t, compile(t, addressKernel), "follow")
	require.True(t, p.addresses)
	to, from := floats(t, 0, 0, 0, 0), floats(t, 1, 2, 3, 4)
	run := func(address uint64, n uint64, used ...*Buffer) *CommandBuffer {
		var args []byte
		args = binary.NativeEndian.AppendUint64(args, to.Address()+4)
		args = binary.NativeEndian.AppendUint64(args, address)
		return runKernel(t, func(e *ComputeEncoder) {
			e.SetPipeline(p)
			e.SetBytes(args, 0)
			for _, b := range used {
				e.Use("useResource:usage:", b)
			}
			e.DispatchThreads(Size3{n, 1, 1}, Size3{n, 1, 1})
		})
	}
	require.Nil(t, run(from.Address()+4, 3, to, from).Err())
	require.Equal(t, []float32{0, 3, 4, 5}, []float32{floatAt(to, 0), floatAt(to, 1), floatAt(to, 2), floatAt(to, 3)})
	for name, cb := range map[string]*CommandBuffer{
		"not used":   run(from.Address(), 3, to),
		"past":       run(from.Address()+8, 3, to, from),
		"no address": run(0x1234, 3, to, from),
	} {
		require.NotNil(t, cb.Err(), name)
		require.Equal(t, CodePageFault, cb.Err().Code, name)
		require.Contains(t, cb.Err().Text, "follow", name)
	}
}
