//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ebitengine/purego"
	"github.com/stretchr/testify/require"
)

// The oracle of the native tests is code that Objective-C compilers make of
// testdata and of the source generated from the tables of the tests, when the
// tests run. It is compiled for the target of the test binary, which may be
// running under an emulator on another machine.

// required tells that a missing compiler is a failure, not a reason to skip.
func required() bool { return os.Getenv("ARUMINIUM_NATIVE") == "required" }

// skipWithout skips the test, or fails it where nothing may be skipped.
func skipWithout(t testing.TB, what string) {
	t.Helper()
	if required() {
		t.Fatalf("%s is needed and not there", what)
	}
	t.Skipf("%s is not there; make test-native installs it", what)
}

// objcCompiler returns the command of the target's Objective-C compiler.
func objcCompiler(t testing.TB) []string {
	t.Helper()
	if runtime.GOOS == "darwin" {
		return found(t, "an Objective-C compiler", []string{"clang"}, "-x", "objective-c", "/dev/null", "-fsyntax-only")
	}
	gcc := map[string]string{"amd64": "x86_64-linux-gnu-gcc", "arm64": "aarch64-linux-gnu-gcc"}[runtime.GOARCH]
	return found(t, "gobjc for "+runtime.GOARCH, []string{gcc}, "-print-prog-name=cc1obj")
}

// blocksCompiler returns the command of a C compiler with blocks.
func blocksCompiler(t testing.TB) []string {
	t.Helper()
	if runtime.GOOS == "darwin" {
		return objcCompiler(t)
	}
	target := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[runtime.GOARCH]
	return found(t, "clang", []string{"clang", "--target=" + target, "-fblocks"}, "--version")
}

// found returns the command when it runs with the arguments of a probe.
func found(t testing.TB, what string, command []string, probe ...string) []string {
	t.Helper()
	out, err := exec.Command(command[0], append(command[1:], probe...)...).Output()
	if err != nil {
		skipWithout(t, what)
	}
	// gcc names the compiler proper of a language it lacks without its path.
	if strings.TrimSpace(string(out)) == "cc1obj" {
		skipWithout(t, what)
	}
	return command
}

// buildLibrary compiles sources to a shared object, loads it and returns its
// handle.
func buildLibrary(t testing.TB, compiler []string, sources ...string) uintptr {
	t.Helper()
	return loadLibrary(t, compileLibrary(t, compiler, sources...))
}

// compileLibrary compiles sources to a shared object, which lasts as long as
// the test.
func compileLibrary(t testing.TB, compiler []string, sources ...string) string {
	t.Helper()
	object := filepath.Join(t.TempDir(), "oracle.so")
	args := append(compiler[1:len(compiler):len(compiler)], "-shared", "-fPIC", "-O1", "-std=gnu11", "-w", "-fexceptions", "-pthread", "-I", "testdata", "-o", object)
	if runtime.GOOS == "darwin" {
		args = append(args, "-framework", "Foundation")
	}
	out, err := exec.Command(compiler[0], append(args, sources...)...).CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", compiler[0], strings.Join(args, " "), out)
	return object
}

// loadLibrary loads a shared object.
func loadLibrary(t testing.TB, object string) uintptr {
	t.Helper()
	// The symbols that the library leaves open: the runtime's and those of blocks.
	load()
	if runtime.GOOS == "linux" {
		if err := Load("libBlocksRuntime.so.0"); err != nil {
			skipWithout(t, "libblocksruntime0")
		}
	}
	lib, err := purego.Dlopen(object, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	require.NoError(t, err)
	return lib
}

// symbol returns the address of a function of a library.
func symbol(t testing.TB, lib uintptr, name string) uintptr {
	t.Helper()
	p, err := purego.Dlsym(lib, name)
	require.NoError(t, err)
	return p
}
