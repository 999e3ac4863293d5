//go:build linux && objcnative

package msgsend

import (
	"debug/macho"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
	"github.com/stretchr/testify/require"
)

// Apple's calling conventions need no Mac to be tried: clang compiles for them
// anywhere, and functions that need nothing from the system run anywhere. These
// do what the methods of Oracle do. They are compiled to an object file for
// macOS, and its code is mapped and called in the layout computed for darwin:
// on arm64 with packed stack arguments.
func TestAppleConventions(t *testing.T) {
	target, triple := abi.SysVAMD64, "x86_64-apple-macos11"
	if runtime.GOARCH == "arm64" {
		target, triple = abi.DarwinARM64, "arm64-apple-macos11"
	}
	functions := mapMachO(t, compileForApple(t, triple))
	r := rand.New(rand.NewPCG(11, 12))
	state := new(oracleState)
	defer runtime.KeepAlive(state)
	for i, m := range oracleMethods() {
		fn := functions[fmt.Sprintf("_f%d", i)]
		require.NotZero(t, fn)
		sig := m.sig.shape().Signature
		layout, err := abi.Lower(sig, target)
		require.NoError(t, err)
		for range 8 {
			c := newMessage(m, r)
			c.prepareState(state)
			block := make([]uint64, abi.BlockWords+layout.RecordWords(sig.Result.Size, 0))
			rec := block[abi.BlockWords:]
			layout.Encode(rec, uint64(fn), uint64(Addr(unsafe.Pointer(state))), uint64(i), c.args, sig.Result.Size, 0, nil)
			block[abi.BlockEnd/8] = uint64(len(block)) * 8
			cgocall(runABI0, unsafe.Pointer(&block[0]))
			if err := c.checkState(state); err != nil {
				t.Error(err)
				continue
			}
			require.EqualValues(t, i, state.cmd)
			ret := make([]uint64, max(1, sig.ResultWords))
			layout.Collect(rec, ret)
			if len(c.result) > 0 {
				if err := c.sameResult(ret...); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// compileForApple compiles the methods as functions of a receiver and a
// selector to an object file.
func compileForApple(t *testing.T, triple string) string {
	var types ctypes
	var impls strings.Builder
	for i, m := range oracleMethods() {
		sig := m.sig.shape().Signature
		fmt.Fprintf(&impls, "%s f%d(State *s, SEL _cmd", types.name(&sig.Result), i)
		for i := range sig.Args {
			fmt.Fprintf(&impls, ", %s a%d", types.name(&sig.Args[i]), i)
		}
		fmt.Fprintf(&impls, ") {\n%s}\n", cbody(&types, sig, ""))
	}
	source := "#include \"state.h\"\ntypedef void *id, *SEL, *Class;\n" + types.decls.String() + impls.String()
	dir := t.TempDir()
	file, object := filepath.Join(dir, "apple.c"), filepath.Join(dir, "apple.o")
	require.NoError(t, os.WriteFile(file, []byte(source), 0o666))
	clang := found(t, "clang", []string{"clang"}, "--version")
	out, err := exec.Command(clang[0], "--target="+triple, "-O1", "-w", "-fno-stack-protector", "-I", "testdata", "-c", "-o", object, file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return object
}

// mapMachO maps the code of an object file that refers to nothing outside and
// returns the addresses of its functions.
func mapMachO(t *testing.T, object string) map[string]uintptr {
	f, err := macho.Open(object)
	require.NoError(t, err)
	defer f.Close()
	text := f.Section("__text")
	require.NotNil(t, text)
	require.Zero(t, text.Nreloc, "the code refers to something outside of it")
	code, err := text.Data()
	require.NoError(t, err)
	// A file, since the system makes mapped code known to the processor.
	image := filepath.Join(t.TempDir(), "code")
	require.NoError(t, os.WriteFile(image, code, 0o666))
	file, err := os.Open(image)
	require.NoError(t, err)
	defer file.Close()
	mem, err := syscall.Mmap(int(file.Fd()), 0, len(code), syscall.PROT_READ|syscall.PROT_EXEC, syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { syscall.Munmap(mem) })
	functions := make(map[string]uintptr)
	for _, s := range f.Symtab.Syms {
		functions[s.Name] = uintptr(unsafe.Pointer(&mem[0])) + uintptr(s.Value-text.Addr)
	}
	return functions
}
