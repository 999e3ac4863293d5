//go:build !(linux && objcnative)

// There is no Metal on Linux for the native runtime to reach.

package mtl_test

import (
	"errors"
	"fmt"
	"log"
	"unsafe"

	"github.com/aruminium-go/aruminium/mtl"
)

// A kernel from its source to its result. Every object that a method returns is released.
func Example() {
	device := mtl.CreateSystemDefaultDevice()
	if device.IsNil() {
		log.Fatalf("no device: %v", mtl.Load())
	}
	defer device.Release()

	library, err := device.NewLibraryWithSource(`
		kernel void double_it(device float *v [[buffer(0)]], uint i [[thread_position_in_grid]]) {
			v[i] = 2 * v[i];
		}`, mtl.CompileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer library.Release()
	function := library.NewFunction("double_it")
	defer function.Release()
	state, err := device.NewComputePipelineState(function)
	if err != nil {
		log.Fatal(err)
	}
	defer state.Release()

	buffer := device.NewBuffer(4*4, mtl.ResourceStorageModeShared)
	defer buffer.Release()
	v := unsafe.Slice((*float32)(buffer.Contents()), 4)
	copy(v, []float32{1, 2, 3, 4})

	queue := device.NewCommandQueue()
	defer queue.Release()
	commands := queue.CommandBuffer()
	defer commands.Release()
	encoder := commands.ComputeCommandEncoder()
	defer encoder.Release()
	encoder.SetComputePipelineState(state)
	encoder.SetBuffer(buffer, 0, 0)
	encoder.DispatchThreads(mtl.MakeSize(4, 1, 1), mtl.MakeSize(4, 1, 1))
	encoder.EndEncoding()
	commands.Commit()
	commands.WaitUntilCompleted()
	if err := commands.Error(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(v)
	// Output: [2 4 6 8]
}

// A method that came after macOS 12 is asked for before it is called.
func ExampleObject_RespondsTo() {
	device := mtl.CreateSystemDefaultDevice()
	defer device.Release()
	if device.RespondsTo("architecture") {
		architecture := device.Architecture()
		defer architecture.Release()
		fmt.Println(architecture.Name() != "")
	} else {
		fmt.Println(true)
	}
	// Output: true
}

// An error beside no library is a compile error, a *objc.Error whose code is a LibraryError.
func ExampleDevice_NewLibraryWithSource() {
	device := mtl.CreateSystemDefaultDevice()
	defer device.Release()
	library, err := device.NewLibraryWithSource("kernel void broken(", mtl.CompileOptions{})
	fmt.Println(library.IsNil(), err != nil)
	// Output: true true
}

// What a system or a device lacks is an error that can be told from others.
func ExampleUnsupportedError() {
	device := mtl.CreateSystemDefaultDevice()
	defer device.Release()
	descriptor := mtl.NewMTL4CommandQueueDescriptor()
	defer descriptor.Release()

	queue, err := device.NewMTL4CommandQueueWithDescriptor(descriptor)
	if errors.Is(err, mtl.ErrUnsupported) {
		fmt.Println("no Metal 4 here")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer queue.Release()
	fmt.Println(queue.Label())
}
