package exec

import (
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// Each way of making code executable runs mov qword [r15], 42; ret.
func TestWays(t *testing.T) {
	code := []byte{0x49, 0xc7, 0x07, 42, 0, 0, 0, 0xc3}
	for name, way := range map[string]func([]byte) (*Code, error){"mprotect": byProtect, "memfd": byMemfd} {
		c, err := way(code)
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
	c, err := New([]byte{0x49, 0xc7, 0x07, 42, 0, 0, 0, 0xc3})
	require.NoError(t, err)
	defer c.Free()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for range 100 {
		require.Panics(t, func() { c.Enter(0, nil) })
	}
}
