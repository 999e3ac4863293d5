//go:build amd64 || arm64

package exec

import (
	"runtime"
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// answer stores 42 where the context is, and returns.
var answer = map[string][]byte{
	"amd64": {0x49, 0xc7, 0x07, 42, 0, 0, 0, 0xc3},                                    // mov qword [r15], 42; ret
	"arm64": {0x40, 0x05, 0x80, 0xd2, 0x40, 0x03, 0x00, 0xf9, 0xc0, 0x03, 0x5f, 0xd6}, // mov x0, 42; str x0, [x26]; ret
}[runtime.GOARCH]

// Each way of making code executable runs it.
func TestWays(t *testing.T) {
	for name, way := range map[string]func([]byte) (*Code, error){"mprotect": byProtect, "memfd": byMemfd} {
		c, err := way(answer)
		if err != nil {
			t.Logf("%s: %v", name, err)
			continue
		}
		var x uint64
		c.Enter(0, unsafe.Pointer(&x))
		require.EqualValues(t, 42, x)
		c.Free()
		c.Free()
	}
}

// A fault in generated code is a panic of the goroutine that entered it.
func TestFaultIsPanic(t *testing.T) {
	if !Runs() {
		t.Skip(How())
	}
	c, err := New(answer)
	require.NoError(t, err)
	defer c.Free()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for range 100 {
		require.Panics(t, func() { c.Enter(0, nil) })
	}
}
