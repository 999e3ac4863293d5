package gpu_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/stretchr/testify/require"
)

// event is what a timeline says of one span or name.
type event struct {
	Phase string `json:"ph"`
	Name  string
	Lane  int     `json:"tid"`
	Start float64 `json:"ts"`
	Time  float64 `json:"dur"`
	Args  struct{ Name, Error string }
}

// readTimeline returns the spans of a timeline and the names of its lanes.
func readTimeline(t *testing.T, text []byte) (spans []event, lanes map[int]string) {
	t.Helper()
	var all []event
	require.NoError(t, json.Unmarshal(text, &all), "%s", text)
	lanes = map[int]string{}
	for _, e := range all {
		switch {
		case e.Phase == "X":
			spans = append(spans, e)
		case e.Name == "thread_name":
			lanes[e.Lane] = e.Args.Name
		}
	}
	return spans, lanes
}

const traceSource = `
#include <metal_stdlib>
using namespace metal;
kernel void fill(device float *x [[buffer(0)]], uint i [[thread_position_in_grid]]) { x[i] = i; }
kernel void wrong(device float *x [[buffer(0)]], uint i [[thread_position_in_grid]]) { x[i + (1u << 28)] = i; }
`

func TestTrace(t *testing.T) {
	dev, err := gpu.Open()
	require.NoError(t, err)
	defer dev.Close()
	queue, err := dev.Queue()
	require.NoError(t, err)
	defer queue.Close()
	lib, err := dev.Compile(traceSource)
	require.NoError(t, err)
	defer lib.Close()
	fill, err := lib.Pipeline("fill")
	require.NoError(t, err)
	defer fill.Close()
	wrong, err := lib.Pipeline("wrong")
	require.NoError(t, err)
	defer wrong.Close()
	x, err := gpu.Make[float32](dev, 1024)
	require.NoError(t, err)
	defer x.Close()
	loop, err := dispatch.New(queue)
	require.NoError(t, err)
	defer loop.Close()

	var out bytes.Buffer
	require.NoError(t, gpu.StartTrace(&out))
	require.ErrorContains(t, gpu.StartTrace(&out), "already")
	launch := func(p *gpu.Pipeline, n int) func(*dispatch.Batch) {
		return func(b *dispatch.Batch) {
			b.Bind(p)
			b.BindBuffer(x.Buffer, 0, 0)
			for range n {
				b.Launch(gpu.D1(1024), gpu.D1(64))
			}
		}
	}
	require.NoError(t, loop.Batch(launch(fill, 1)))
	require.NoError(t, loop.Batch(launch(fill, 3)))
	require.Error(t, loop.Batch(launch(wrong, 1)))
	recording, err := loop.Record(launch(fill, 2))
	require.NoError(t, err)
	defer recording.Close()
	require.NoError(t, recording.Run())
	require.NoError(t, recording.Run())
	cmds, err := queue.Commands()
	require.NoError(t, err)
	cmds.SetLabel(`the "last"`)
	submitEmpty(t, cmds)
	require.NoError(t, gpu.StopTrace())
	require.NoError(t, gpu.StopTrace(), "a second StopTrace does nothing")
	written := out.Len()
	require.NoError(t, loop.Batch(launch(fill, 1)))
	require.Equal(t, written, out.Len(), "nothing is written after StopTrace")

	spans, lanes := readTimeline(t, out.Bytes())
	counts := map[string]int{}
	free := map[int]float64{}
	for _, s := range spans {
		kind := lanes[s.Lane]
		if strings.HasPrefix(kind, "queue ") {
			kind = "queue"
		}
		counts[kind+": "+s.Name]++
		require.GreaterOrEqual(t, s.Start, free[s.Lane]-0.001, "spans of a lane do not overlap")
		free[s.Lane] = s.Start + s.Time
		require.Equal(t, s.Name == "wrong" && kind == "queue", s.Args.Error != "", "errors are told of: %+v", s)
	}
	for name, n := range map[string]int{
		"record: fill": 1, "queue: fill": 1, "record: fill and 2 more": 1, "queue: fill and 2 more": 1,
		"record: wrong": 1, "queue: wrong": 1, "queue: fill and 1 more": 2, "record: fill and 1 more": 1,
		`record: the "last"`: 1, `queue: the "last"`: 1,
	} {
		require.Equal(t, n, counts[name], "%s in %v", name, counts)
	}
	require.GreaterOrEqual(t, counts["wait: wait"], 5)
	if dev.Info().CPU {
		require.GreaterOrEqual(t, counts["kernels: fill"], 1+3+2*2)
		require.GreaterOrEqual(t, counts["kernels: wrong"], 1)
	}
}

func submitEmpty(t *testing.T, cmds *gpu.Commands) {
	t.Helper()
	enc, err := cmds.Encoder()
	require.NoError(t, err)
	require.NoError(t, enc.Finish())
	require.NoError(t, cmds.Submit())
	require.NoError(t, cmds.Wait())
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestTraceErrors(t *testing.T) {
	require.Error(t, gpu.StartTrace(nil))
	require.NoError(t, gpu.StartTrace(failing{}))
	require.ErrorContains(t, gpu.StopTrace(), "the disk is full")
}

// TestTraceFromEnvironment runs a process of its own, as the variable is read once.
func TestTraceFromEnvironment(t *testing.T) {
	if os.Getenv("ARUMINIUM_TRACE") != "" {
		dev, err := gpu.Open()
		require.NoError(t, err)
		queue, err := dev.Queue()
		require.NoError(t, err)
		for range 2000 { // more than is written at a time
			cmds, err := queue.Commands()
			require.NoError(t, err)
			submitEmpty(t, cmds)
		}
		fmt.Println("traced")
		process, err := os.FindProcess(os.Getpid())
		require.NoError(t, err)
		process.Kill()
		select {}
	}
	path := filepath.Join(t.TempDir(), "trace.json")
	command := append(strings.Fields(os.Getenv("ARUMINIUM_EXEC")), // set where an emulator runs the tests
		os.Args[0], "-test.run=^TestTraceFromEnvironment$", "-test.v")
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "ARUMINIUM_TRACE="+path)
	text, _ := cmd.CombinedOutput() // killed
	require.Contains(t, string(text), "traced")
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	spans, lanes := readTimeline(t, append(written, ']')) // nobody has ended it
	done := 0
	for _, s := range spans {
		if lane := lanes[s.Lane]; strings.HasPrefix(lane, "queue") && !strings.Contains(lane, "encoders") {
			done++
		}
	}
	require.Equal(t, 2000, done)
}
