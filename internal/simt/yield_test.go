package simt_test

import (
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestNativeYields runs kernels of a known length on a scheduler with one
// processor, beside a goroutine that counts its turns. It gets one whenever
// machine code returns to have others run, and no other way: code cannot be
// preempted. Who has so many turns has not waited long for any.
func TestNativeYields(t *testing.T) {
	isas(t)
	defer simt.Force(simt.Native, nil, 0)()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	turns := uint32(20_000_000)
	if os.Getenv("ARUMINIUM_EXEC") != "" { // an emulator takes long
		turns /= 40
	}
	for _, c := range []struct {
		name, body  string
		grid, group simt.Size
	}{
		{"a loop", `%k = loop %n i32 = %turns, %h i32 = %id -> i32 {
			%done = eq bool %n, %zero
			if %done { break 0 %h } else { yield }
			%m = sub i32 %n, %one
			%g = mul i32 %h, %odd
			continue 0 %m, %g
		}
		store i32 device %buf[%at + 0], %k`, size(1, 1, 1), size(1, 1, 1)},
		{"a loop that threads leave one by one", `%far = add i32 %turns, %id
		%k = loop %n i32 = %far, %h i32 = %id -> i32 {
			%done = eq bool %n, %zero
			if %done { break 0 %h } else { yield }
			%m = sub i32 %n, %one
			%g = mul i32 %h, %odd
			continue 0 %m, %g
		}
		store i32 device %buf[%at + 0], %k`, size(16, 1, 1), size(16, 1, 1)},
		{"a loop of barriers", `%few = lshr i32 %turns, %five
		%k = loop %n i32 = %few, %h i32 = %id -> i32 {
			%done = eq bool %n, %zero
			if %done { break 0 %h } else { yield }
			barrier threadgroup
			%m = sub i32 %n, %one
			%g = mul i32 %h, %odd
			continue 0 %m, %g
		}
		store i32 device %buf[%at + 0], %k`, size(1024, 1, 1), size(1024, 1, 1)},
		{"threadgroups", `store i32 device %buf[%at + 0], %id`, size(4*turns, 1, 1), size(16, 1, 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := compile(t, `kernel "yields" {
	mem @0 "buf" buffer device index 0 size 4 align 4
	%buf = mem @0
	%turns = const i32 `+strconv.Itoa(int(turns))+`
	%zero = const i32 0
	%one = const i32 1
	%five = const i32 5
	%mask = const i32 1023
	%odd = const i32 1664525
	%two = const i64 2
	%id = builtin thread_position_in_grid.x
	%low = and i32 %id, %mask
	%wide = zext i64 %low
	%at = shl i64 %wide, %two
	`+c.body+`
	break 0
}`)
			var counts atomic.Int64
			var stop atomic.Bool
			gone := make(chan struct{})
			go func() {
				for !stop.Load() {
					counts.Add(1)
					runtime.Gosched()
				}
				close(gone)
			}()
			runtime.Gosched()
			before := counts.Load()
			l := simt.Launch{Program: p, Grid: c.grid, Group: c.group, Mems: []simt.Binding{bound(make([]uint32, 1024))}, Timeout: time.Hour}
			require.Nil(t, l.Run())
			got := counts.Load() - before
			stop.Store(true)
			<-gone
			compiled(t, p)
			require.Greater(t, got, int64(20))
		})
	}
}
