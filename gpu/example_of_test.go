package gpu_test

import (
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
)

func ExampleMake() {
	dev := must(gpu.Open())
	defer dev.Close()
	sums := must(gpu.Make[uint32](dev, 4))
	defer sums.Close()
	fmt.Println(sums.Slice())
	// Output: [0 0 0 0]
}

func ExampleMakePrivate() {
	dev := must(gpu.Open())
	defer dev.Close()
	work := must(gpu.MakePrivate[float32](dev, 1000))
	defer work.Close()
	fmt.Println(work.Len(), work.Shared(), work.Slice() == nil)
	// Output: 1000 false true
}

func ExampleFrom() {
	dev := must(gpu.Open())
	defer dev.Close()
	x := must(gpu.From(dev, []int16{-1, 0, 1}))
	defer x.Close()
	fmt.Println(x.Slice())
	// Output: [-1 0 1]
}

// A struct of MSL as a Go struct.
func ExampleAs() {
	type particle struct {
		Pos  [4]float32 // float4
		Mass float32
		Kind uint32
		_    [2]uint32 // MSL rounds the struct up to the alignment of float4
	}
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(320))
	defer buf.Close()
	p := must(gpu.As[particle](buf))
	p.Slice()[9].Mass = 2
	fmt.Println(p.Len(), p.At(9).Mass)
	// Output: 10 2
}

func ExampleOf_Slice() {
	dev := must(gpu.Open())
	defer dev.Close()
	x := must(gpu.Make[float32](dev, 4))
	defer x.Close()
	x.Slice()[2] = 5 // the buffer itself, not a copy
	fmt.Println(x.Slice())
	// Output: [0 0 5 0]
}

func ExampleOf_At() {
	dev := must(gpu.Open())
	defer dev.Close()
	x := must(gpu.From(dev, []float32{0.5, 1.5}))
	defer x.Close()
	fmt.Println(x.At(1))
	// Output: 1.5
}

func ExampleOf_All() {
	dev := must(gpu.Open())
	defer dev.Close()
	x := must(gpu.From(dev, []int32{7, 8, 9}))
	defer x.Close()
	for i, v := range x.All() {
		fmt.Println(i, v)
	}
	// Output:
	// 0 7
	// 1 8
	// 2 9
}

func ExampleOf_Len() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(64))
	defer buf.Close()
	fmt.Println(must(gpu.As[uint16](buf)).Len(), must(gpu.As[[4]float32](buf)).Len())
	// Output: 32 4
}
