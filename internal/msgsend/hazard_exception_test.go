//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	selRaise          = Selector{Name: "raise"}
	selCatchOwn       = Selector{Name: "catchOwn"}
	selCatchFromBlock = Selector{Name: "catchFromBlock:"}
)

// raisers are ways of an exception into Go, by name.
var raisers = map[string]func(class ID){
	"send":   func(class ID) { Send0(class, &selRaise) },
	"object": func(class ID) { Object0(class, &selRaise) },
	"frame": func(class ID) {
		var f Frame
		f.Send(class, &selRaise, &Signature{Encoding: "v@:"})
	},
	"list": func(class ID) {
		var l List
		l.Send(class, &selRaise)
		l.Run()
	},
	// Go is between the handler and what raises.
	"block": func(class ID) {
		block := NewBlock(func(_, _, _, _ uintptr) { Send0(class, &selRaise) })
		defer ReleaseBlock(block)
		Word1(class, &selCatchFromBlock, uintptr(block))
	},
	"recover": func(class ID) {
		defer func() { recover() }()
		Send0(class, &selRaise)
	},
}

// An exception never passes through Go: one that reaches a send finds no handler
// and ends the process, as the runtime ends one for an exception that nobody
// catches, with its name and reason on standard error. It is not swallowed, cannot
// be recovered from, and nothing runs after it.
func TestHazardException(t *testing.T) {
	thrower := func(object string) ID {
		loadLibrary(t, object)
		class := ID(LookupClass("Thrower"))
		require.NotZero(t, class)
		return class
	}
	if how := os.Getenv("ARUMINIUM_RAISE"); how != "" {
		raisers[how](thrower(os.Getenv("ARUMINIUM_THROWER")))
		os.Stderr.WriteString("it went on\n")
		return
	}
	object := compileLibrary(t, objcCompiler(t), "-fobjc-exceptions", "testdata/exceptions.m")
	class := thrower(object)
	Pool(func() {
		for range 100 {
			require.EqualValues(t, 42, Word0(class, &selCatchOwn))
		}
	})
	for how := range raisers {
		t.Run(how, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			binary, err := os.Executable()
			require.NoError(t, err)
			args := append(strings.Fields(os.Getenv("ARUMINIUM_EXEC")), binary, "-test.run=^TestHazardException$")
			cmd := exec.CommandContext(ctx, args[0], args[1:]...)
			cmd.Env = append(os.Environ(), "ARUMINIUM_RAISE="+how, "ARUMINIUM_THROWER="+object)
			out, err := cmd.CombinedOutput()
			if errors.Is(err, syscall.ENOEXEC) {
				skipWithout(t, "ARUMINIUM_EXEC, the emulator's command,")
			}
			require.NoError(t, ctx.Err())
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
			require.Contains(t, string(out), "OracleException")
			require.Contains(t, string(out), "raised by the oracle")
			require.NotContains(t, string(out), "it went on")
			require.NotContains(t, string(out), "PASS")
		})
	}
}
