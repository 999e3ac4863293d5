package gpu

import (
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestAlloc(t *testing.T) {
	for _, n := range []int{1, os.Getpagesize() - 1, os.Getpagesize(), os.Getpagesize() + 1, 1 << 20} {
		m, err := Alloc(n)
		require.NoError(t, err)
		require.Equal(t, n, m.Len())
		b := m.Bytes()
		require.Len(t, b, n)
		require.Equal(t, n, cap(b), "the rest of the last page is not the user's")
		require.Zero(t, uintptr(unsafe.Pointer(&b[0]))%uintptr(os.Getpagesize()))
		for i := range b {
			require.Zero(t, b[i])
		}
		b[n-1] = 1
		require.NoError(t, m.Close())
		require.NoError(t, m.Close())
		require.Nil(t, m.Bytes())
	}
	for _, n := range []int{0, -1, -1 << 63} {
		_, err := Alloc(n)
		require.ErrorContains(t, err, "at least 1")
	}
	_, err := Alloc(1<<63 - 1)
	require.ErrorIs(t, err, ErrMemory)
	require.NoError(t, (*Memory)(nil).Close())
	require.Nil(t, (*Memory)(nil).Bytes())
}

func TestMapFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "weights")
	content := make([]byte, 3*os.Getpagesize()+77)
	for i := range content {
		content[i] = byte(i * 13)
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	m, err := MapFile(path)
	require.NoError(t, err)
	require.Equal(t, content, m.Bytes())

	m.Bytes()[0] ^= 0xff // stays in this process
	onDisk, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, onDisk)
	require.NoError(t, m.Close())

	_, err = MapFile(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = MapFile(dir)
	require.ErrorContains(t, err, "regular file")
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err = MapFile(empty)
	require.ErrorContains(t, err, "empty")
}
