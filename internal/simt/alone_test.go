package simt

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A small launch stays on the processor that asks for it: nobody is woken. A
// helper that has been lives for a second, so it would be found.
func TestSmallLaunchesStay(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	f, err := ir.Parse(`kernel "few" {
	%x = builtin thread_position_in_grid.x
	%y = mul i32 %x, %x
	%more = ult bool %y, %x
	if %more { break 0 } else { yield }
	break 0
}`)
	require.NoError(t, err)
	alive := func() int {
		helpers.Lock()
		defer helpers.Unlock()
		return helpers.alive
	}
	require.Eventually(t, func() bool { return alive() == 0 }, time.Minute, 10*time.Millisecond, "helpers of other tests")
	for _, e := range []Engine{Interpreter, Native} {
		p, err := Compile(f)
		require.NoError(t, err)
		l := Launch{Program: p, Group: Size{64, 1, 1}, Engine: e}
		for _, n := range []uint32{1, 64, 65, 1000, 2048} {
			l.Grid = Size{n, 1, 1}
			for range 20 {
				require.Nil(t, l.Run())
			}
			require.Zero(t, alive(), "%d threads", n)
		}
	}
	p, err := Compile(f)
	require.NoError(t, err)
	l := Launch{Program: p, Grid: Size{1 << 20, 1, 1}, Group: Size{64, 1, 1}, Engine: Interpreter}
	require.Nil(t, l.Run())
	require.NotZero(t, alive(), "a large launch has help")
}
