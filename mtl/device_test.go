package mtl

import (
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/objc"
)

const saxpySource = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}
`

// device returns the default device; a machine without one skips the test and says so.
func device(t *testing.T) Device {
	d := CreateSystemDefaultDevice()
	if d.IsNil() {
		t.Skipf("no Metal device: %v", Load())
	}
	t.Cleanup(d.Release)
	return d
}

func floats(b Buffer) []float32 { return unsafe.Slice((*float32)(b.Contents()), b.Length()/4) }

// One kernel, from its source to its result, as Metal's own guides do it.
func TestSaxpy(t *testing.T) {
	d := device(t)
	lib, err := d.NewLibraryWithSource(saxpySource, CompileOptions{})
	require.NoError(t, err)
	defer lib.Release()
	require.Equal(t, []string{"saxpy"}, lib.FunctionNames())
	function := lib.NewFunction("saxpy")
	defer function.Release()
	require.Equal(t, FunctionTypeKernel, function.FunctionType())
	state, reflection, err := d.NewComputePipelineStateWithOptions(function, PipelineOptionBindingInfo|PipelineOptionBufferTypeInfo)
	require.NoError(t, err)
	defer state.Release()
	defer reflection.Release()
	require.NotZero(t, state.ThreadExecutionWidth())

	const n = 1000
	y, x := d.NewBuffer(4*n, ResourceStorageModeShared), d.NewBuffer(4*n, ResourceStorageModeShared)
	defer ReleaseAll([]Buffer{y, x})
	for i := range n {
		floats(y)[i], floats(x)[i] = float32(i), 2
	}
	queue := d.NewCommandQueue()
	defer queue.Release()
	cb := queue.CommandBuffer()
	defer cb.Release()
	enc := cb.ComputeCommandEncoder()
	enc.SetComputePipelineState(state)
	enc.SetBuffers([]Buffer{y, x}, []uint{0, 0}, 0)
	a := float32(3)
	enc.SetBytes(unsafe.Slice((*byte)(unsafe.Pointer(&a)), 4), 2)
	enc.DispatchThreads(Size{n, 1, 1}, Size{64, 1, 1})
	enc.EndEncoding()
	enc.Release()
	completed := make(chan CommandBufferStatus, 1)
	cb.AddCompletedHandler(func(cb CommandBuffer) { completed <- cb.Status() })
	cb.Commit()
	cb.WaitUntilCompleted()
	require.Equal(t, CommandBufferStatusCompleted, <-completed)
	require.NoError(t, cb.Error())
	require.Empty(t, cb.EncoderInfos())
	require.GreaterOrEqual(t, cb.GPUEndTime(), cb.GPUStartTime())
	for i, v := range floats(y) {
		require.Equal(t, float32(i)+6, v)
	}

	bindings := reflection.Bindings()
	defer ReleaseAll(bindings)
	require.Len(t, bindings, 3)
	require.Equal(t, "y", bindings[0].Name())
	require.Equal(t, BindingTypeBuffer, bindings[0].Type())
	require.Equal(t, DataTypeFloat, BufferBindingFromID(bindings[0].ID()).BufferDataType())
}

func TestSourceError(t *testing.T) {
	lib, err := device(t).NewLibraryWithSource("kernel void k(device float *p) { p[0] = q; }", CompileOptions{})
	require.True(t, lib.IsNil())
	var e *objc.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, LibraryErrorDomain(), e.Domain)
	require.Equal(t, LibraryErrorCompileFailure, LibraryError(e.Code))
	require.Contains(t, e.Description, "use of undeclared identifier 'q'")
}

func TestCopyAndFill(t *testing.T) {
	d := device(t)
	src := d.NewBufferWithBytes([]byte("0123456789abcdef"), ResourceStorageModeShared)
	dst := d.NewBuffer(16, ResourceStorageModeShared)
	defer ReleaseAll([]Buffer{src, dst})
	queue := d.NewCommandQueue()
	defer queue.Release()
	cb := queue.CommandBuffer()
	defer cb.Release()
	blit := cb.BlitCommandEncoder()
	blit.FillBuffer(dst, Range{0, 16}, '.')
	blit.CopyBuffer(src, 4, dst, 8, 4)
	blit.EndEncoding()
	blit.Release()
	cb.Commit()
	cb.WaitUntilCompleted()
	require.NoError(t, cb.Error())
	require.Equal(t, "........4567....", string(unsafe.Slice((*byte)(dst.Contents()), 16)))
}

func TestAllDevices(t *testing.T) {
	d := device(t)
	all := CopyAllDevices()
	defer ReleaseAll(all)
	require.NotEmpty(t, all)
	for _, one := range all {
		require.NotEmpty(t, one.Name())
		require.NotZero(t, one.MaxBufferLength())
	}
	require.NotEmpty(t, d.Name())
	require.NotZero(t, d.MaxThreadsPerThreadgroup().Width)
}

// Who asks for devices that come and go gets those that are there, and may stop asking.
func TestDeviceObserver(t *testing.T) {
	device(t)
	devices, observer := CopyAllDevicesWithObserver(func(Device, string) {})
	defer ReleaseAll(devices)
	require.NotEmpty(t, devices)
	RemoveDeviceObserver(observer)
	objc.Release(observer)
}

// Every exported string has a text, its name where nothing exports it.
func TestConstants(t *testing.T) {
	for _, text := range []string{
		CommandBufferErrorDomain(), LibraryErrorDomain(), CommonCounterSetTimestamp(), DeviceWasAddedNotification(), MTL4CommandQueueErrorDomain(),
	} {
		require.NotEmpty(t, text)
	}
	require.GreaterOrEqual(t, NSProcessPerformanceProfileDefault(), 0)
}

// A compressed file is written, or it is said that it is not.
func TestCompressionContext(t *testing.T) {
	require.Equal(t, IOCompressionStatusError, IOFlushAndDestroyCompressionContext(nil))
	chunk := IOCompressionContextDefaultChunkSize()
	path := filepath.Join(t.TempDir(), "data")
	context := IOCreateCompressionContext(path, IOCompressionMethodLZ4, chunk)
	if context == nil {
		t.Skip("nothing here compresses files")
	}
	IOCompressionContextAppendData(context, make([]byte, 1000))
	require.Equal(t, IOCompressionStatusComplete, IOFlushAndDestroyCompressionContext(context))
	require.FileExists(t, path)
}

func TestCompileOptionsKeepTheirValues(t *testing.T) {
	device(t)
	o := NewCompileOptions()
	defer o.Release()
	o.SetPreprocessorMacros(map[string]any{"N": 4, "NAME": "x"})
	require.Equal(t, map[string]any{"N": int64(4), "NAME": "x"}, o.PreprocessorMacros())
	o.SetLanguageVersion(LanguageVersion3_0)
	require.Equal(t, LanguageVersion3_0, o.LanguageVersion())
	if o.RespondsTo("setMathMode:") {
		o.SetMathMode(MathModeSafe)
		require.Equal(t, MathModeSafe, o.MathMode())
	}
}
