package gpu_test

import (
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
)

// Offsets and lengths are in bytes.
func ExampleCopier_Copy() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	src := must(gpu.From(dev, []uint32{1, 2, 3, 4}))
	defer src.Close()
	dst := must(gpu.Make[uint32](dev, 4))
	defer dst.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Copy(dst.Buffer, 0, src.Buffer, 2*4, 2*4)
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(dst.Slice())
	// Output: [3 4 0 0]
}

func ExampleCopier_Fill() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	buf := must(dev.Buffer(8))
	defer buf.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Fill(buf, 0, 8, 'x')
	c.Fill(buf, 2, 4, '-')
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(string(buf.Bytes()))
	// Output: xx----xx
}

// A copy that does not fit is not run, nor is the rest of its Commands.
func ExampleCopier_Finish() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	buf := must(dev.Buffer(8))
	defer buf.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Fill(buf, 0, 8, 'x')
	c.Fill(buf, 6, 4, 'y')
	fmt.Println(c.Finish())
	fmt.Println(cmd.Submit() != nil, buf.Bytes())
	// Output:
	// gpu: Fill: 4 bytes from offset 6 go past the buffer's end at 8
	// true [0 0 0 0 0 0 0 0]
}
