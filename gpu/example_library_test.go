package gpu_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
)

func ExampleDevice_Compile() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(`kernel void one(device float *a [[buffer(0)]]) { a[0] = 1; }`))
	defer lib.Close()
	fmt.Println(lib.FunctionNames())
	// Output: [one]
}

func ExampleDevice_CompileWith() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.CompileWith(`kernel void k(device float *a [[buffer(0)]]) { a[0] = VALUE; }`,
		gpu.CompileOptions{Macros: map[string]string{"VALUE": "42"}, MathMode: gpu.MathSafe}))
	defer lib.Close()
	k := must(lib.Pipeline("k"))
	defer k.Close()
	a := must(gpu.Make[float32](dev, 1))
	defer a.Close()
	check(queue.Run(context.Background(), k, gpu.D1(1), a))
	fmt.Println(a.At(0))
	// Output: 42
}

func ExampleMSL() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.CompileWith(exampleSource, gpu.CompileOptions{LanguageVersion: gpu.MSL(2, 4)}))
	defer lib.Close()
	fmt.Println(gpu.MSL(2, 4))
	// Output: 2.4
}

// A library that was compiled before, if there is one that this device can run, or the source.
func ExampleDevice_Load() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib, err := dev.Load("kernels.metallib")
	if err != nil {
		lib, err = dev.Compile(exampleSource)
	}
	check(err)
	defer lib.Close()
	fmt.Println(lib.FunctionNames())
	// Output: [reverse saxpy square sum times]
}

// Each error has its place, and Raw is all that the compiler said.
func ExampleCompileError() {
	dev := must(gpu.Open())
	defer dev.Close()
	_, err := dev.Compile("kernel void k(device float *a [[buffer(0)]]) {\n  a[0] = b;\n}\n")
	var ce *gpu.CompileError
	if errors.As(err, &ce) {
		for _, d := range ce.Diagnostics {
			fmt.Println(d.Pos.Line, d.Pos.Column, d.Severity) // and d.Msg
		}
	}
	// Output: 2 10 error
}

func ExampleLibrary_Warnings() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile("#warning mind the gap\nkernel void k(device float *a [[buffer(0)]]) { a[0] = 1; }\n"))
	defer lib.Close()
	for _, w := range lib.Warnings() {
		fmt.Println(w.Pos.Line, w.Severity)
	}
	// Output: 1 warning
}

func ExampleLibrary_FunctionNames() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	for _, name := range lib.FunctionNames() {
		fmt.Println(name)
	}
	// Output:
	// reverse
	// saxpy
	// square
	// sum
	// times
}

func ExampleLibrary_Function() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	fn := must(lib.Function("square"))
	defer fn.Close()
	fmt.Println(fn.Name())

	_, err := lib.Function("cube")
	fmt.Println(err)
	// Output:
	// square
	// gpu: Library.Function: function "cube": not found; the library has reverse, saxpy, square, sum, times
}

// One source, and a pipeline for each value of its constants.
func ExampleLibrary_FunctionWith() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(`
constant float factor [[function_constant(0)]];
kernel void scale(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) { a[id] *= factor; }
`))
	defer lib.Close()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()
	for _, factor := range []float32{2, 10} {
		fn := must(lib.FunctionWith("scale", gpu.Constants{Name: map[string]any{"factor": factor}}))
		defer fn.Close()
		scale := must(dev.Pipeline(fn))
		defer scale.Close()
		check(queue.Run(context.Background(), scale, gpu.D1(3), a))
	}
	fmt.Println(a.Slice())
	// Output: [20 40 60]
}

func ExampleLibrary_Pipeline() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	square := must(lib.Pipeline("square"))
	defer square.Close()
	fmt.Println(square.Name())

	_, err := lib.Pipeline("cube")
	fmt.Println(errors.Is(err, gpu.ErrNotFound))
	// Output:
	// square
	// true
}

// A pipeline does not need its library.
func ExampleLibrary_Close() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	square := must(lib.Pipeline("square"))
	defer square.Close()
	check(lib.Close())
	fmt.Println(square.Name(), lib.FunctionNames() == nil)
	// Output: square true
}

func ExampleFunction_Name() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	fn := must(lib.Function("sum"))
	defer fn.Close()
	fmt.Println(fn.Name())
	// Output: sum
}

// A function serves until its pipelines are made.
func ExampleFunction_Close() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	fn := must(lib.Function("sum"))
	sum := must(dev.Pipeline(fn))
	defer sum.Close()
	check(fn.Close())

	_, err := dev.Pipeline(fn)
	fmt.Println(sum.Name(), errors.Is(err, gpu.ErrClosed))
	// Output: sum true
}
