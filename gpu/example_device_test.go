package gpu_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/mtl"
)

func ExampleOpen() {
	dev, err := gpu.Open()
	if err != nil {
		log.Fatal(err) // wraps gpu.ErrNoDevice and says what was tried
	}
	defer dev.Close()
	fmt.Println(dev.Name() != "")
	// Output: true
}

// The device with the most memory.
func ExampleAll() {
	devices := must(gpu.All())
	best := devices[0]
	for _, d := range devices {
		defer d.Close()
		if d.RecommendedMaxWorkingSetSize() > best.RecommendedMaxWorkingSetSize() {
			best = d
		}
	}
	queue := must(best.Queue())
	defer queue.Close()
	fmt.Println(len(devices) > 0)
	// Output: true
}

func ExampleFromRaw() {
	// An MTLDevice that other code has.
	other := must(gpu.Open())
	defer other.Close()

	dev := must(gpu.FromRaw(other.Raw()))
	defer dev.Close()
	fmt.Println(dev.Name() == other.Name())
	// Output: true
}

func ExampleFromRawWithQueue() {
	// An MTLDevice and an MTLCommandQueue that other code has.
	other := must(gpu.Open())
	defer other.Close()
	otherQueue := must(other.Queue())
	defer otherQueue.Close()

	dev, queue, err := gpu.FromRawWithQueue(other.Raw(), otherQueue.Raw())
	check(err)
	defer dev.Close()
	defer queue.Close()
	fmt.Println(queue.Raw() == otherQueue.Raw())
	// Output: true
}

func ExampleAutoreleasePool() {
	dev := must(gpu.Open())
	defer dev.Close()
	gpu.AutoreleasePool(func() {
		// Code that sends messages itself.
		fmt.Println(mtl.DeviceFromID(dev.Raw()).MaxBufferLength() > 0)
	})
	// Output: true
}

// A family may be asked for by any of these names.
func ExampleFamilyNames() {
	known := gpu.FamilyNames()
	fmt.Println(slices.Contains(known, "Metal3"), slices.Contains(known, "Metal33"))
	// Output: true false
}

func ExampleDevice_Name() {
	dev := must(gpu.Open())
	defer dev.Close()
	fmt.Println(dev.Name() == dev.Info().Name) // such as "Apple M1"
	// Output: true
}

// A program fits itself to the device.
func ExampleDevice_Info() {
	dev := must(gpu.Open())
	defer dev.Close()
	info := dev.Info()
	elements := 1 << 26
	if info.CPU {
		elements = 1 << 20 // no GPU: a smaller problem will do
	}
	fmt.Println(4*elements <= info.Limits.MaxBufferLength)
	// Output: true
}

func ExampleDevice_MaxBufferLength() {
	dev := must(gpu.Open())
	defer dev.Close()
	_, err := dev.Buffer(dev.MaxBufferLength() + 1)
	fmt.Println(err != nil)
	// Output: true
}

func ExampleDevice_MaxThreadsPerThreadgroup() {
	dev := must(gpu.Open())
	defer dev.Close()
	group, limit := gpu.D2(16, 16), dev.MaxThreadsPerThreadgroup()
	fmt.Println(group.X <= limit.X, group.Y <= limit.Y, group.Z <= limit.Z)
	// Output: true true true
}

// Two tiles of 32 by 32 floats in threadgroup memory.
func ExampleDevice_MaxThreadgroupMemory() {
	dev := must(gpu.Open())
	defer dev.Close()
	fmt.Println(2*32*32*4 <= dev.MaxThreadgroupMemory())
	// Output: true
}

// What kernels hand to one another is best private where the device has memory of its own.
func ExampleDevice_HasUnifiedMemory() {
	dev := must(gpu.Open())
	defer dev.Close()
	alloc := dev.Buffer
	if !dev.HasUnifiedMemory() {
		alloc = dev.BufferPrivate
	}
	buf := must(alloc(4096))
	defer buf.Close()
	fmt.Println(buf.Len())
	// Output: 4096
}

func ExampleDevice_Allocated() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(1 << 20))
	defer buf.Close()
	fmt.Println(dev.Allocated() >= buf.Len())
	// Output: true
}

func ExampleDevice_RecommendedMaxWorkingSetSize() {
	dev := must(gpu.Open())
	defer dev.Close()
	const model = 1 << 20
	fits := dev.Allocated()+model <= dev.RecommendedMaxWorkingSetSize()
	fmt.Println(fits)
	// Output: true
}

// The device as package mtl has it, borrowed for one call.
func ExampleDevice_Raw() {
	dev := must(gpu.Open())
	defer dev.Close()
	raw := mtl.DeviceFromID(dev.Raw())
	fmt.Println(raw.Name() == dev.Name())
	// Output: true
}

// What a device has made outlives it.
func ExampleDevice_Close() {
	dev := must(gpu.Open())
	buf := must(dev.BufferFrom([]byte("still here")))
	defer buf.Close()
	dev.Close()
	fmt.Printf("%s\n", buf.Bytes())

	_, err := dev.Buffer(16)
	fmt.Println(errors.Is(err, gpu.ErrClosed), dev.Close())
	// Output:
	// still here
	// true <nil>
}

// A capture for Xcode, where there is one to be had.
func ExampleDevice_Capture() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()
	work := func() error { return queue.Run(context.Background(), square, gpu.D1(3), a) }

	dir := must(os.MkdirTemp("", "capture"))
	defer os.RemoveAll(dir)
	err := dev.Capture(filepath.Join(dir, "square.gputrace"), work)
	if errors.Is(err, gpu.ErrUnsupported) {
		err = work() // it was not run
	}
	check(err)
	fmt.Println(a.Slice())
	// Output: [1 4 9]
}
