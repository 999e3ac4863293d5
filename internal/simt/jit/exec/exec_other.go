//go:build !linux || !(amd64 || arm64)

package exec

import "unsafe"

// Code is machine code that can be run; here there is none.
type Code struct{}

// New fails: there is no code generator for this system.
func New([]byte) (*Code, error) { return nil, ErrUnsupported }

// Free gives the memory back.
func (*Code) Free() {}

// Enter runs the code.
func (*Code) Enter(int, unsafe.Pointer) {}

func probe() string { return "no code generator for this system" }
