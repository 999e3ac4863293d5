package gpu_test

import (
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
)

func ExampleD1() {
	fmt.Println(gpu.D1(256) == gpu.Size{X: 256, Y: 1, Z: 1})
	// Output: true
}

func ExampleD2() {
	image := gpu.D2(1920, 1080)
	fmt.Println(image, image.Z)
	// Output: 1920×1080 1
}

func ExampleD3() {
	fmt.Println(gpu.D3(8, 8, 4))
	// Output: 8×8×4
}

func ExampleSize_Count() {
	fmt.Println(gpu.D2(16, 16).Count())
	// Output: 256
}
