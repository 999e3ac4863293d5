package gpu_test

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/aruminium-go/aruminium/gpu"
)

// What is bound stays bound when the kernel changes.
func ExampleEncoder_Bind() {
	dev, queue, square, end := setup("square")
	defer end()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	saxpy := must(lib.Pipeline("saxpy"))
	defer saxpy.Close()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	enc.Bind(saxpy)
	enc.BindBuffer(a.Buffer, 0, 1)
	gpu.Push(enc, float32(10), 2)
	enc.Launch(gpu.D1(3), gpu.D1(3)) // a = 10 a + a
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [11 44 99]
}

// A part of a buffer: the offset is in bytes.
func ExampleEncoder_BindBuffer() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{2, 2, 2, 2}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 2*4, 0)
	enc.Launch(gpu.D1(2), gpu.D1(2))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [2 2 4 4]
}

func ExamplePush() {
	dev, queue, saxpy, end := setup("saxpy")
	defer end()
	y := must(gpu.From(dev, []float32{1, 1}))
	defer y.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(saxpy)
	enc.BindBuffer(y.Buffer, 0, 0)
	enc.BindBuffer(y.Buffer, 0, 1)
	gpu.Push(enc, float32(3), 2)
	enc.Launch(gpu.D1(2), gpu.D1(2))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(y.Slice())
	// Output: [4 4]
}

// Bytes instead of a buffer: the x of saxpy is read from a copy of them.
func ExampleEncoder_Push() {
	dev, queue, saxpy, end := setup("saxpy")
	defer end()
	y := must(gpu.From(dev, []float32{1, 1}))
	defer y.Close()
	var x []byte
	for _, v := range []float32{10, 20} {
		x = binary.NativeEndian.AppendUint32(x, math.Float32bits(v))
	}

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(saxpy)
	enc.BindBuffer(y.Buffer, 0, 0)
	enc.Push(x, 1)
	gpu.Push(enc, float32(2), 2)
	enc.Launch(gpu.D1(2), gpu.D1(2))
	clear(x) // the encoder has a copy
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(y.Slice())
	// Output: [21 41]
}

func ExampleEncoder_Threadgroup() {
	dev, queue, reverse, end := setup("reverse")
	defer end()
	a := must(gpu.From(dev, []uint32{1, 2, 3, 4}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(reverse)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Threadgroup(4*4, 0) // a uint for each thread
	enc.LaunchGroups(gpu.D1(1), gpu.D1(4))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [4 3 2 1]
}

// The grid need not be a multiple of the threadgroup.
func ExampleEncoder_Launch() {
	dev, queue, times, end := setup("times")
	defer end()
	table := must(gpu.Make[uint32](dev, 5*3))
	defer table.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(times)
	enc.BindBuffer(table.Buffer, 0, 0)
	enc.Launch(gpu.D2(5, 3), gpu.D2(4, 2)) // threads in all, threads per threadgroup
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(table.Slice())
	// Output: [1 2 3 4 5 2 4 6 8 10 3 6 9 12 15]
}

func ExampleEncoder_LaunchGroups() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3, 4, 5, 6, 7, 8}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.LaunchGroups(gpu.D1(3), gpu.D1(2)) // three threadgroups of two threads
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [1 4 9 16 25 36 7 8]
}

// A kernel may compute how much there is to do for the next one.
func ExampleEncoder_LaunchIndirect() {
	dev, queue, square, end := setup("square")
	defer end()
	lib := must(dev.Compile(`
kernel void plan(device uint *groups [[buffer(0)]], constant uint &n [[buffer(1)]]) {
    groups[0] = (n + 1) / 2;
    groups[1] = 1;
    groups[2] = 1;
}`))
	defer lib.Close()
	plan := must(lib.Pipeline("plan"))
	defer plan.Close()
	groups := must(gpu.Make[uint32](dev, 3))
	defer groups.Close()
	a := must(gpu.From(dev, []float32{1, 2, 3, 4, 5, 6}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(plan)
	enc.BindBuffer(groups.Buffer, 0, 0)
	gpu.Push(enc, uint32(4), 1)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.LaunchIndirect(groups.Buffer, 0, gpu.D1(2)) // as many threadgroups of two as plan has written
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [1 4 9 16 5 6]
}

// The second launch needs what the first one writes.
func ExampleEncoder_Barrier() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.ConcurrentEncoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	enc.Barrier()
	enc.Launch(gpu.D1(3), gpu.D1(3))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [1 16 81]
}

// The first error is the one that Finish returns.
func ExampleEncoder_Finish() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 1<<20, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3)) // not recorded any more
	fmt.Println(enc.Finish())
	// Output: gpu: square: BindBuffer at index 0: the offset 1048576 is past the buffer's end at 12
}
