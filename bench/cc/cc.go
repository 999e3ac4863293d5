// Package cc compiles C at run time, for peers that are measured beside Go.
package cc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// ErrNoCompiler is returned where there is no gcc.
var ErrNoCompiler = errors.New("no gcc on this machine")

// Library is compiled C code, loaded into the process until it ends.
type Library struct{ handle uintptr }

// Load compiles source with gcc and the flags, as in -O3, and loads it.
func Load(source string, flags ...string) (*Library, error) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		return nil, ErrNoCompiler
	}
	dir, err := os.MkdirTemp("", "aruminium-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // what is mapped stays
	object := filepath.Join(dir, "peer.so")
	cmd := exec.Command(gcc, append(flags, "-shared", "-fPIC", "-x", "c", "-", "-lm", "-o", object)...)
	cmd.Stdin = strings.NewReader(source)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("gcc: %w\n%s", err, out)
	}
	handle, err := purego.Dlopen(object, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	return &Library{handle}, nil
}

// Func returns the function called name, to be called with words: integers and
// pointers. A call costs some hundred nanoseconds, so the function should have a
// loop of its own.
func (l *Library) Func(name string) (func(words ...uintptr), error) {
	f, err := purego.Dlsym(l.handle, name)
	if err != nil {
		return nil, err
	}
	return func(words ...uintptr) { purego.SyscallN(f, words...) }, nil
}

// Address returns where s lies, as a word for a Func. The caller keeps s alive.
func Address[T any](s []T) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(s))) }
