package simt_test

import (
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestNet binds memory that is not there: the launch fails, the process lives,
// and the program still works.
func TestNet(t *testing.T) {
	const n = 1 << 16
	gone, err := syscall.Mmap(-1, 0, n, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	defer syscall.Munmap(gone)
	p := load(t, "saxpy")
	x, y := floats(1000), floats(1000)
	good := simt.Launch{Program: p, Grid: size(1000, 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound(x), bound(y), bound([]float32{0.5})}}
	bad := good
	bad.Mems = []simt.Binding{bound(x), {Ptr: unsafe.Pointer(unsafe.SliceData(gone)), Len: n}, bound([]float32{0.5})}
	for range 10 {
		f := bad.Run()
		require.NotNil(t, f)
		require.Equal(t, simt.Internal, f.Kind)
		require.Contains(t, f.Error(), "kernel saxpy: internal error: runtime error: invalid memory address or nil pointer dereference")
		require.Nil(t, good.Run())
	}
}
