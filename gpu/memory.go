package gpu

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// Memory is page-aligned memory outside the Go heap, which a device can use without copying it:
// see Device.Wrap. A Go slice cannot serve, since the collector owns it.
//
// Memory is for any goroutine; its bytes are guarded by nothing.
type Memory struct {
	life  *launch.Life // counts the Memory itself and each buffer that wraps it
	bytes []byte       // what was asked for
	pages []byte       // all of it, in whole pages
	net   runtime.Cleanup
}

// Alloc returns n zeroed bytes of memory, in whole pages. The caller closes it.
func Alloc(n int) (*Memory, error) {
	if n <= 0 {
		return nil, fmt.Errorf("gpu: Alloc(%d): the length must be at least 1 byte", n)
	}
	if n > maxMapping {
		return nil, fmt.Errorf("gpu: Alloc(%d): %w", n, ErrMemory)
	}
	pages, free, err := allocPages(wholePages(n))
	if err != nil {
		return nil, fmt.Errorf("gpu: Alloc(%d): %w: %w", n, ErrMemory, err)
	}
	return newMemory(pages, n, "Alloc", free), nil
}

// MapFile maps a whole file into memory, so that a device can read it, a model's weights say,
// without a copy: pages are read when they are touched. Writes, the device's included, stay in
// this process and do not reach the file. A file that another process cuts short while it is
// mapped kills the reader, as with every mapping. Where the system cannot map files (js/wasm) the
// file is read. The caller closes the memory.
func MapFile(path string) (*Memory, error) {
	// Not opened before it is known to be a file: to open a pipe would wait for a writer.
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("gpu: MapFile(%q): not a regular file but %v", path, info.Mode().Type())
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("gpu: MapFile: %w: %w", ErrNotFound, err)
	}
	if err != nil {
		return nil, fmt.Errorf("gpu: MapFile: %w", err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, fmt.Errorf("gpu: MapFile: %w", err)
	}
	switch size := info.Size(); {
	case size == 0:
		return nil, fmt.Errorf("gpu: MapFile(%q): the file is empty", path)
	case size > maxMapping:
		return nil, fmt.Errorf("gpu: MapFile(%q): the file has %d bytes: %w", path, size, ErrMemory)
	}
	n := int(info.Size())
	pages, free, err := mapPages(f, n, wholePages(n))
	if err != nil {
		return nil, fmt.Errorf("gpu: MapFile(%q): %w", path, err)
	}
	return newMemory(pages, n, "MapFile "+path, free), nil
}

// maxMapping keeps the rounding to whole pages from overflowing.
const maxMapping = 1 << 47

func newMemory(pages []byte, n int, what string, free func([]byte) error) *Memory {
	m := &Memory{bytes: pages[:n:n], pages: pages}
	m.life = launch.NewLife(func() {
		if err := free(pages); err != nil {
			logger().Error("gpu: memory could not be given back", "what", what, "bytes", n, "err", err)
		}
	})
	// Bytes may outlive the Memory they came from, so a forgotten Memory is told of but kept.
	m.net = runtime.AddCleanup(m, func(l *launch.Life) {
		if !l.Closed() {
			logger().Warn("gpu: Memory was not closed: its pages are lost", "what", what, "bytes", n)
		}
	}, m.life)
	return m
}

// Bytes is the memory: as many bytes as were asked for, or the file's. It is nil once the memory
// is closed. The slice must not be used after that.
func (m *Memory) Bytes() []byte {
	if m == nil || m.life.Closed() {
		return nil
	}
	return m.bytes
}

// Len is the number of bytes.
func (m *Memory) Len() int {
	if m == nil {
		return 0
	}
	return len(m.bytes)
}

// Close gives the memory back. While buffers that wrap it are open, or in flight, the pages stay;
// they go with the last of them, and no new buffer can wrap the memory. Close may be called again
// and on nil.
func (m *Memory) Close() error {
	if m == nil {
		return nil
	}
	if m.life.Close() {
		m.net.Stop()
	}
	return nil
}

// wholePages is n rounded up to the system's page size.
func wholePages(n int) int {
	page := os.Getpagesize()
	return (n + page - 1) / page * page
}
