package gpu_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
)

// A timeline of one launch. A program writes it to a file, which https://ui.perfetto.dev opens.
func ExampleStartTrace() {
	dev, queue, square, end := setup("square")
	defer end()
	x := must(gpu.From(dev, []float32{1, 2, 3}))
	defer x.Close()

	var out bytes.Buffer // or os.Create("run.json")
	check(gpu.StartTrace(&out))
	check(queue.Run(context.Background(), square, gpu.D1(3), x))
	check(gpu.StopTrace())

	var events []struct {
		Ph, Name string
		Dur      float64 // microseconds
	}
	check(json.Unmarshal(out.Bytes(), &events))
	for _, e := range events {
		if e.Ph == "X" && e.Name == "square" && e.Dur >= 0 {
			fmt.Println("there is a span of the kernel")
			break
		}
	}
	// Output: there is a span of the kernel
}
