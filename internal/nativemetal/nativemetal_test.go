//go:build linux && objcnative

package nativemetal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

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
