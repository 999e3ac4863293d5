//go:build linux && objcnative

package msgsend

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// Code that clang makes for macOS calls blocks made in Go, which receive it in
// the layout computed for darwin: on arm64 with packed stack arguments. See
// TestAppleConventions for the other direction.
func TestAppleCallsGo(t *testing.T) {
	target, triple := abi.SysVAMD64, "x86_64-apple-macos11"
	if runtime.GOARCH == "arm64" {
		target, triple = abi.DarwinARM64, "arm64-apple-macos11"
	}
	methods := oracleMethods()
	functions := mapMachO(t, compileAppleCallers(t, triple, methods))
	r := rand.New(rand.NewPCG(13, 14))
	state := new(oracleState)
	for i, m := range methods {
		if m.sig.shape().Result.Kind == objctype.Object {
			continue
		}
		var got received
		want := new([]uint64)
		block := newBlockFor(t, target, strings.Replace(m.sig.Encoding, "@:", "@?", 1), got.echo(want))
		for range 4 {
			c := newMessage(m, r)
			*want = c.result
			if err := deliver(functions[fmt.Sprintf("_g%d", i)], c, uintptr(block), state, &got); err != nil {
				t.Error(err)
			}
		}
		ReleaseBlock(block)
	}
}

// newBlockFor makes a block that is called by the conventions of a target.
func newBlockFor(t *testing.T, target abi.Target, encoding string, f func(*Call)) ID {
	impl, err := newBlockImplementation(encoding, f)
	require.NoError(t, err)
	sig, err := objctype.ParseFunction(encoding)
	require.NoError(t, err)
	layout, err := abi.Lower(sig, target)
	require.NoError(t, err)
	impl.side.receiver = layout.Receive(sig)
	impl.side.small = impl.side.receiver.Direct() && sig.ResultWords <= 2
	l := blockLiteral{isa: blockRuntime().isa, invoke: entries[invokeEntry], descriptor: blockRuntime().descriptor, handle: newHandle(impl)}
	if layout.Indirect {
		l.invoke = entries[indirectInvokeEntry]
	}
	return newLiteral(l)
}

// compileAppleCallers compiles a function for each signature that calls a
// block as what it is in memory, since linking against a blocks runtime is not
// possible here.
func compileAppleCallers(t *testing.T, triple string, methods []*oracleMethod) string {
	var types ctypes
	var impls strings.Builder
	for i, m := range methods {
		sig := m.sig.shape().Signature
		result, list := types.name(&sig.Result), parameters(&types, sig, "void *")
		impls.WriteString(caller(&types, sig, fmt.Sprintf("g%d", i), func(args []string) string {
			all := strings.Join(append([]string{"self"}, args...), ", ")
			return fmt.Sprintf("((%s (*)(%s))((void **)self)[2])(%s)", result, list, all)
		}))
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
