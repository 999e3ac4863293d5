package gpu_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

const talkSource = `
#include <metal_stdlib>
#include <metal_logging>
using namespace metal;

constant os_log numbers("org.example.talk", "numbers");

kernel void talk(device const float *x, uint i [[thread_position_in_grid]]) {
	if (x[i] < 0)
		numbers.log_error("x[%u] is %.1f", i, x[i]);
	os_log_default.log_debug("thread %u", i);
}
`

// Messages of kernels go to a logger of the program's.
func ExampleDevice_QueueWith() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.CompileWith(`
		#include <metal_stdlib>
		#include <metal_logging>
		using namespace metal;
		kernel void inverse(device float *x, uint i [[thread_position_in_grid]]) {
			if (x[i] == 0)
				os_log_default.log_error("x[%u] is zero", i);
			x[i] = 1 / x[i];
		}`, gpu.CompileOptions{Logging: true}))
	defer lib.Close()
	inverse := must(lib.Pipeline("inverse"))
	defer inverse.Close()

	noTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: noTime}))
	queue := must(dev.QueueWith(gpu.QueueOptions{Log: logger}))
	defer queue.Close()
	x := must(gpu.From(dev, []float32{1, 0, 4}))
	defer x.Close()
	check(queue.Run(context.Background(), inverse, gpu.D1(3), x))
	fmt.Println(x.Slice()[2])
	// Output:
	// level=ERROR msg="x[1] is zero"
	// 0.25
}

// talk runs the kernel over 64 numbers, of which the fourth is below zero.
func talk(t *testing.T, o gpu.QueueOptions, logging bool) {
	t.Helper()
	dev := open(t).dev
	lib, err := dev.CompileWith(talkSource, gpu.CompileOptions{Logging: logging})
	require.NoError(t, err)
	defer lib.Close()
	p, err := lib.Pipeline("talk")
	require.NoError(t, err)
	defer p.Close()
	q, err := dev.QueueWith(o)
	require.NoError(t, err)
	defer q.Close()
	data := make([]float32, 64)
	data[3] = -1.5
	x, err := gpu.From(dev, data)
	require.NoError(t, err)
	defer x.Close()
	require.NoError(t, q.Run(context.Background(), p, gpu.D1(len(data)), x))
}

func TestKernelLog(t *testing.T) {
	for _, c := range []struct {
		level slog.Level
		want  int
	}{{slog.LevelDebug, 65}, {slog.LevelInfo, 1}, {gpu.LevelFault, 0}} {
		var out bytes.Buffer
		talk(t, gpu.QueueOptions{Label: "talk", Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: c.level}))}, true)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if c.want == 0 {
			require.Empty(t, out.String())
			continue
		}
		require.Len(t, lines, c.want)
		require.True(t, slices.ContainsFunc(lines, func(l string) bool {
			return strings.Contains(l, `level=ERROR msg="x[3] is -1.5" subsystem=org.example.talk category=numbers`)
		}), out.String())
	}
}

// TestKernelLogOff is of a library compiled without logging.
func TestKernelLogOff(t *testing.T) {
	var out bytes.Buffer
	talk(t, gpu.QueueOptions{Log: slog.New(slog.NewTextHandler(&out, nil))}, false)
	require.Empty(t, out.String())
}

// TestKernelLogDefault is of a queue without a logger: messages go to package
// log's on the CPU device.
func TestKernelLogDefault(t *testing.T) {
	if apple {
		t.Skip("the unified log cannot be read back")
	}
	var out bytes.Buffer
	log.SetOutput(&out)
	defer log.SetOutput(os.Stderr)
	talk(t, gpu.QueueOptions{}, true)
	require.Contains(t, out.String(), "error: [org.example.talk:numbers] x[3] is -1.5\n")
	require.Contains(t, out.String(), "debug: thread 63\n")
}

func TestKernelLogFull(t *testing.T) {
	if apple {
		t.Skip("what a GPU drops is its own affair")
	}
	var out bytes.Buffer
	talk(t, gpu.QueueOptions{Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), LogBuffer: 1024}, true)
	n := strings.Count(out.String(), "\n")
	require.Contains(t, out.String(), fmt.Sprintf(`level=ERROR msg="%d messages of kernels were dropped: the log's buffer has 1024 bytes"`, 65-(n-1)))
}

func TestKernelLogWrongSize(t *testing.T) {
	_, err := open(t).dev.QueueWith(gpu.QueueOptions{LogBuffer: 1})
	require.ErrorContains(t, err, "from 1024 to 1073741824 bytes, not 1")
}
