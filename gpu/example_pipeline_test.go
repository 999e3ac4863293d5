package gpu_test

import (
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/mtl"
)

func ExampleDevice_Pipeline() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	fn := must(lib.Function("square"))
	defer fn.Close()
	square := must(dev.Pipeline(fn))
	defer square.Close()
	fmt.Println(square.Name())
	// Output: square
}

func ExamplePipeline_Args() {
	_, _, saxpy, end := setup("saxpy")
	defer end()
	for a := range saxpy.Args() {
		fmt.Println(a.Index, a.Kind, a.Type, a.Name, a.Access)
	}
	// Output:
	// 0 buffer float y read-write
	// 1 buffer float x read
	// 2 buffer float a read
}

func ExamplePipeline_Group() {
	_, _, square, end := setup("square")
	defer end()
	group := square.Group(gpu.D2(1920, 1080))
	fmt.Println(group.X%square.ThreadExecutionWidth(), group.Count() <= square.MaxTotalThreadsPerThreadgroup())
	// Output: 0 true
}

func ExamplePipeline_Name() {
	_, _, p, end := setup("saxpy")
	defer end()
	fmt.Println(p.Name())
	// Output: saxpy
}

// The largest square threadgroup that the kernel can have.
func ExamplePipeline_MaxTotalThreadsPerThreadgroup() {
	_, _, times, end := setup("times")
	defer end()
	side := 1
	for 4*side*side <= times.MaxTotalThreadsPerThreadgroup() {
		side *= 2
	}
	group := gpu.D2(side, side)
	fmt.Println(group.Count() <= times.MaxTotalThreadsPerThreadgroup())
	// Output: true
}

// A threadgroup of whole SIMD-groups.
func ExamplePipeline_ThreadExecutionWidth() {
	_, _, square, end := setup("square")
	defer end()
	width := square.ThreadExecutionWidth()
	group := gpu.D1(4 * width)
	fmt.Println(group.Count() / width)
	// Output: 4
}

// Memory that the kernel declares and memory that Encoder.Threadgroup adds share one limit.
func ExamplePipeline_StaticThreadgroupMemoryLength() {
	dev, _, sum, end := setup("sum")
	defer end()
	fmt.Println(sum.StaticThreadgroupMemoryLength()) // threadgroup uint part[64]
	fmt.Println(sum.StaticThreadgroupMemoryLength()+1024 <= dev.MaxThreadgroupMemory())
	// Output:
	// 256
	// true
}

func ExamplePipeline_Raw() {
	_, _, square, end := setup("square")
	defer end()
	raw := mtl.ComputePipelineStateFromID(square.Raw()) // borrowed
	fmt.Println(int(raw.ThreadExecutionWidth()) == square.ThreadExecutionWidth())
	// Output: true
}

// Work in flight keeps its pipeline.
func ExamplePipeline_Close() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()
	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	check(enc.Finish())
	check(cmd.Submit())
	check(square.Close())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [1 4 9]
}
