package gpu_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aruminium-go/aruminium/gpu"
)

// Memory that can become a buffer later, and of several devices.
func ExampleAlloc() {
	mem := must(gpu.Alloc(1 << 20))
	defer mem.Close()
	copy(mem.Bytes(), "not in the Go heap")
	fmt.Println(mem.Len())
	// Output: 1048576
}

// A file as a buffer: its pages are read when they are touched.
func ExampleMapFile() {
	dir := must(os.MkdirTemp("", "gpu"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "weights")
	check(os.WriteFile(path, []byte("many megabytes"), 0o600))

	dev := must(gpu.Open())
	defer dev.Close()
	mem := must(gpu.MapFile(path))
	defer mem.Close()
	weights := must(dev.Wrap(mem))
	defer weights.Close()
	fmt.Println(weights.Len())
	// Output: 14
}

// Memory that both sides use, without a copy.
func ExampleDevice_Wrap() {
	dev := must(gpu.Open())
	defer dev.Close()
	mem := must(gpu.Alloc(8))
	defer mem.Close()
	buf := must(dev.Wrap(mem))
	defer buf.Close()
	binary.NativeEndian.PutUint32(mem.Bytes()[4:], 77)
	fmt.Println(must(gpu.As[uint32](buf)).At(1))
	// Output: 77
}

func ExampleMemory_Bytes() {
	mem := must(gpu.Alloc(4))
	fmt.Println(mem.Bytes())
	mem.Close()
	fmt.Println(mem.Bytes() == nil)
	// Output:
	// [0 0 0 0]
	// true
}

// The length is what was asked for; the memory is whole pages.
func ExampleMemory_Len() {
	mem := must(gpu.Alloc(5))
	defer mem.Close()
	fmt.Println(mem.Len())
	// Output: 5
}

// A buffer keeps the memory that it wraps.
func ExampleMemory_Close() {
	dev := must(gpu.Open())
	defer dev.Close()
	mem := must(gpu.Alloc(4))
	copy(mem.Bytes(), "kept")
	buf := must(dev.Wrap(mem))
	defer buf.Close() // gives the memory back

	check(mem.Close())
	fmt.Println(string(buf.Bytes()))
	// Output: kept
}
