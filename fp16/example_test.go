package fp16_test

import (
	"fmt"

	"github.com/aruminium-go/aruminium/fp16"
)

func ExampleFromFloat32() {
	h := fp16.FromFloat32(3.14)
	fmt.Printf("%#04x %v\n", h.Bits(), h.Float32())
	// Output: 0x4248 3.140625
}

func ExampleEncode() {
	weights := []float32{0.5, 1.5, -2}
	halves := make([]fp16.Float16, len(weights))
	n := fp16.Encode(halves, weights)
	fmt.Println(n, halves)
	// Output: 3 [0.5 1.5 -2]
}

func ExampleDecode() {
	halves := []fp16.BFloat16{0x3f80, 0xc000}
	wide := make([]float32, 2)
	fp16.Decode(wide, halves)
	fmt.Println(wide)
	// Output: [1 -2]
}

func ExampleAppendFrom() {
	var b []fp16.BFloat16
	b = fp16.AppendFrom(b, 1, 0.25)
	fmt.Println(b)
	// Output: [1 0.25]
}
