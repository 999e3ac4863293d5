package gpu_test

import (
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/mtl"
)

func ExampleDevice_Buffer() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(4))
	defer buf.Close()
	fmt.Println(buf.Bytes())

	_, err := dev.Buffer(0)
	fmt.Println(err)
	// Output:
	// [0 0 0 0]
	// gpu: Device.Buffer: a buffer of 0 bytes: the length must be at least 1
}

func ExampleDevice_BufferFrom() {
	dev := must(gpu.Open())
	defer dev.Close()
	data := []byte{1, 2, 3}
	buf := must(dev.BufferFrom(data))
	defer buf.Close()
	data[0] = 9 // the buffer has a copy
	fmt.Println(buf.Bytes())
	// Output: [1 2 3]
}

// A private buffer is filled and read through shared ones.
func ExampleDevice_BufferPrivate() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	staging := must(dev.BufferFrom([]byte("by way of the device")))
	defer staging.Close()
	private := must(dev.BufferPrivate(staging.Len()))
	defer private.Close()
	back := must(dev.Buffer(staging.Len()))
	defer back.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Copy(private, 0, staging, 0, staging.Len())
	c.Copy(back, 0, private, 0, staging.Len())
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(string(back.Bytes()))
	// Output: by way of the device
}

func ExampleBuffer_Bytes() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(8))
	defer buf.Close()
	copy(buf.Bytes(), "in place") // the buffer's own memory
	fmt.Println(string(buf.Bytes()))
	// Output: in place
}

func ExampleBuffer_Len() {
	dev := must(gpu.Open())
	defer dev.Close()
	x := must(gpu.Make[float32](dev, 100))
	defer x.Close()
	fmt.Println(x.Len(), "elements,", x.Buffer.Len(), "bytes")
	// Output: 100 elements, 400 bytes
}

func ExampleBuffer_Shared() {
	dev := must(gpu.Open())
	defer dev.Close()
	shared, private := must(dev.Buffer(16)), must(dev.BufferPrivate(16))
	defer shared.Close()
	defer private.Close()
	fmt.Println(shared.Shared(), private.Shared())
	// Output: true false
}

// Read guards against a Close by another goroutine, and tells why there is nothing to read.
func ExampleBuffer_Read() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.BufferFrom([]byte{3, 4, 5}))
	defer buf.Close()
	sum := 0
	check(buf.Read(func(b []byte) {
		for _, v := range b {
			sum += int(v)
		}
	}))
	fmt.Println(sum)

	private := must(dev.BufferPrivate(3))
	defer private.Close()
	fmt.Println(private.Read(func([]byte) {}))
	// Output:
	// 12
	// gpu: Buffer.Read: private memory: the CPU has no access
}

func ExampleBuffer_Write() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(4))
	defer buf.Close()
	check(buf.Write(func(b []byte) { copy(b, "abcd") }))
	check(buf.Read(func(b []byte) { fmt.Printf("%s\n", b) }))
	// Output: abcd
}

// A label shows in Xcode, in messages, and here through package mtl.
func ExampleBuffer_SetLabel() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(1024))
	defer buf.Close()
	buf.SetLabel("weights")
	fmt.Println(mtl.BufferFromID(buf.Raw()).Label())
	// Output: weights
}

func ExampleBuffer_Raw() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(1024))
	defer buf.Close()
	raw := mtl.BufferFromID(buf.Raw()) // borrowed
	fmt.Println(raw.Length())
	// Output: 1024
}

func ExampleBuffer_Close() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(16))
	check(buf.Close())
	check(buf.Close()) // does nothing

	fmt.Println(buf.Bytes() == nil)
	fmt.Println(errors.Is(buf.Write(func([]byte) {}), gpu.ErrClosed))
	// Output:
	// true
	// true
}
