package gpu_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/objc"
)

// captures plays Metal's capture manager, which writes down what it is told.
type captures struct {
	allowed bool
	fails   error
	heard   []string
}

func (c *captures) define(t *testing.T) {
	var manager objc.ID
	heard := func(format string, args ...any) { c.heard = append(c.heard, fmt.Sprintf(format, args...)) }
	class := func(def objc.ClassDef) objc.Class {
		made, err := objc.RegisterClass(def)
		require.NoError(t, err)
		return made
	}
	class(objc.ClassDef{Name: "MTLCaptureDescriptor", Methods: []objc.Method{
		{Selector: "setCaptureObject:", Encoding: "v@:@", Func: func(m *objc.Call) { heard("object %t", m.ID(0) != 0) }},
		{Selector: "setDestination:", Encoding: "v@:q", Func: func(m *objc.Call) { heard("destination %d", m.Word(0)) }},
		{Selector: "setOutputURL:", Encoding: "v@:@", Func: func(m *objc.Call) {
			selPath := objc.Selector{Name: "path"}
			path := objc.SendObject(m.ID(0), &selPath)
			defer objc.Release(path)
			heard("to %s", filepath.Base(objc.String(path)))
		}},
	}})
	manager = objc.NewObject(class(objc.ClassDef{Name: "MTLCaptureManager",
		ClassMethods: []objc.Method{{Selector: "sharedCaptureManager", Encoding: "@@:", Func: func(m *objc.Call) { m.ReturnID(objc.Retain(manager)) }}},
		Methods: []objc.Method{
			{Selector: "supportsDestination:", Encoding: "B@:q", Func: func(m *objc.Call) { m.ReturnBool(c.allowed && m.Word(0) == 2) }},
			{Selector: "startCaptureWithDescriptor:error:", Encoding: "B@:@^@", Func: func(m *objc.Call) {
				if c.fails != nil {
					objc.SetError(m, 1, c.fails)
					return
				}
				heard("start")
				m.ReturnBool(true)
			}},
			{Selector: "stopCapture", Encoding: "v@:", Func: func(*objc.Call) { heard("stop") }},
		}}), nil)
}

// TestCapture runs in a process of its own, in which there is a capture manager.
func TestCapture(t *testing.T) {
	if apple {
		t.Skip("this system has a capture manager")
	}
	const played = "ARUMINIUM_TEST_CAPTURE"
	if os.Getenv(played) == "" {
		command := append(strings.Fields(os.Getenv("ARUMINIUM_EXEC")), // set where an emulator runs the tests
			os.Args[0], "-test.run=^TestCapture$", "-test.v")
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Env = append(os.Environ(), played+"=1")
		text, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", text)
		require.Contains(t, string(text), "--- PASS: TestCapture")
		return
	}
	c := &captures{}
	c.define(t)
	dev, err := gpu.Open()
	require.NoError(t, err)
	defer dev.Close()
	path := filepath.Join(t.TempDir(), "run.gputrace")
	work := func() error { c.heard = append(c.heard, "work"); return nil }

	err = dev.Capture(path, work)
	require.ErrorIs(t, err, gpu.ErrUnsupported)
	require.ErrorContains(t, err, "MTL_CAPTURE_ENABLED=1")
	require.Empty(t, c.heard)

	c.allowed = true
	require.NoError(t, dev.Capture(path, work))
	require.Equal(t, []string{"object true", "destination 2", "to run.gputrace", "start", "work", "stop"}, c.heard)

	failed := errors.New("the work failed")
	require.ErrorIs(t, dev.Capture(path, func() error { return failed }), failed)
	require.Equal(t, "stop", c.heard[len(c.heard)-1])
	require.Panics(t, func() { _ = dev.Capture(path, func() error { panic("the work panics") }) })
	require.Equal(t, []string{"start", "stop"}, c.heard[len(c.heard)-2:], "a capture ends with the work, however that ends")

	c.heard, c.fails = nil, errors.New("already capturing")
	require.ErrorContains(t, dev.Capture(path, work), "already capturing")
	require.NotContains(t, c.heard, "work")

	require.NoError(t, os.WriteFile(path, nil, 0o666))
	err = dev.Capture(path, work)
	require.ErrorIs(t, err, os.ErrExist)
	require.ErrorContains(t, err, "run.gputrace is there already")
}
