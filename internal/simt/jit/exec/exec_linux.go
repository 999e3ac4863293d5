//go:build amd64 || arm64

package exec

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// Code is machine code that can be run.
type Code struct {
	mem []byte // as it is executed
}

// New returns a runnable copy of code, which may be at any address that is a
// multiple of the page size.
func New(code []byte) (*Code, error) {
	switch How() {
	case "mprotect":
		return byProtect(code)
	case "memfd":
		return byMemfd(code)
	}
	return nil, ErrUnsupported
}

// Free gives the memory back. The code must not be running.
func (c *Code) Free() {
	if c.mem != nil {
		syscall.Munmap(c.mem)
		c.mem = nil
	}
}

// Enter runs the code from offset on until it returns. ctx is given to it.
func (c *Code) Enter(offset int, ctx unsafe.Pointer) {
	enter(unsafe.Pointer(&c.mem[offset]), ctx)
}

//go:noescape
func enter(code, ctx unsafe.Pointer)

func byProtect(code []byte) (*Code, error) {
	mem, err := syscall.Mmap(-1, 0, len(code), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("exec: mmap: %w", err)
	}
	copy(mem, code)
	if err := syscall.Mprotect(mem, syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		syscall.Munmap(mem)
		return nil, fmt.Errorf("exec: mprotect: %w", err)
	}
	flush(mem)
	return &Code{mem}, nil
}

func byMemfd(code []byte) (*Code, error) {
	name := [...]byte{'c', 'o', 'd', 'e', 0}
	fd, _, errno := syscall.Syscall(sysMemfdCreate, uintptr(unsafe.Pointer(&name)), 1 /* MFD_CLOEXEC */, 0)
	if errno != 0 {
		return nil, fmt.Errorf("exec: memfd_create: %w", errno)
	}
	defer syscall.Close(int(fd))
	for at := 0; at < len(code); {
		n, err := syscall.Write(int(fd), code[at:])
		if err != nil {
			return nil, fmt.Errorf("exec: write: %w", err)
		}
		at += n
	}
	mem, err := syscall.Mmap(int(fd), 0, len(code), syscall.PROT_READ|syscall.PROT_EXEC, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("exec: mmap: %w", err)
	}
	flush(mem)
	return &Code{mem}, nil
}

// probe runs a single return instruction each way.
func probe() string {
	var reason error
	for _, way := range []struct {
		name string
		make func([]byte) (*Code, error)
	}{{"mprotect", byProtect}, {"memfd", byMemfd}} {
		c, err := way.make(ret[:])
		if err != nil {
			reason = err
			continue
		}
		c.Enter(0, nil)
		c.Free()
		return way.name
	}
	return fmt.Sprintf("not allowed: %v (page size %d)", reason, os.Getpagesize())
}
