//go:build linux && objcnative

package nativemetal_test

import (
	"os/exec"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/nativemetal"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

func TestDevice(t *testing.T) {
	nativemetal.Install()
	nativemetal.Install()
	d := mtl.CreateSystemDefaultDevice()
	require.False(t, d.IsNil())
	defer d.Release()
	require.Contains(t, d.Name(), "CPU")
	require.Equal(t, "MTLCPUDevice", objc.ClassName(objc.ClassOf(d.ID())))
	all := mtl.CopyAllDevices()
	require.Len(t, all, 1)
	require.Equal(t, d.ID(), all[0].ID())
	mtl.ReleaseAll(all)
	q := d.NewCommandQueue()
	require.Equal(t, d.ID(), q.Device().ID())
	d.Release()
	q.Release()
}

// What the faces return is counted as Cocoa's rules say: a result is the
// sender's when the method's name begins with new, and the pool's otherwise.
func TestRetainCounts(t *testing.T) {
	nativemetal.Install()
	count, release := objc.Selector{Name: "retainCount"}, objc.Selector{Name: "release"}
	newQueue, commandBuffer := objc.Selector{Name: "newCommandQueue"}, objc.Selector{Name: "commandBuffer"}
	label := objc.Selector{Name: "label"}
	d := mtl.CreateSystemDefaultDevice()
	defer d.Release()
	faces := nativemetal.Faces()
	// A word sender leaves a result as it is.
	var queue, cb objc.ID
	msgsend.Pool(func() {
		queue = objc.ID(msgsend.Word0(d.ID(), &newQueue))
		cb = objc.ID(msgsend.Word0(queue, &commandBuffer))
		require.EqualValues(t, 1, msgsend.Word0(cb, &count))
		require.Equal(t, faces+2, nativemetal.Faces())
		objc.Retain(cb)
		require.EqualValues(t, 2, msgsend.Word0(cb, &count))
	})
	require.EqualValues(t, 1, msgsend.Word0(cb, &count), "the pool's reference is gone")
	mtl.CommandBufferFromID(cb).SetLabel("kept")
	msgsend.Pool(func() {
		text := objc.ID(msgsend.Word0(cb, &label))
		require.Equal(t, "kept", objc.String(text))
		require.EqualValues(t, 1, msgsend.Word0(text, &count))
	})
	msgsend.Send0(cb, &release)
	require.Equal(t, faces+1, nativemetal.Faces())
	msgsend.Send0(queue, &release)
	require.Equal(t, faces, nativemetal.Faces())
}

// A program of its own runs over the fixture.
func TestRunNative(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("building takes too long in an emulator")
	}
	out, err := exec.Command("../../scripts/run-native", "../../examples/saxpy/main.go").CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)
}
