package simt_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Each thread of this kernel adds one to the first word, and waits until that is the
// second.
const meeting = `kernel "meeting" {
	mem @0 "buf" buffer device index 0 size 4 align 4
	%buf = mem @0
	%one = const i32 1
	%zero = const i64 0
	%all = load i32 device %buf[%zero + 4]
	%before = atomic.rmw i32 device add %buf[%zero + 0], %one
	%k = loop %n i32 = %one -> i32 {
		%here = atomic.load i32 device %buf[%zero + 0]
		%done = eq bool %here, %all
		if %done { break 0 %n } else { yield }
		continue 0 %n
	}
	store i32 device %buf[%zero + 8], %k
	yield
}`

// Groups that take long get help while the first of them is running.
func TestLongGroupsGetHelp(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, engine := range []simt.Engine{simt.Interpreter, simt.Native} {
		for _, n := range []uint32{1, 2, 4} {
			buf := []uint32{0, n, 0}
			l := simt.Launch{Program: compile(t, meeting), Grid: size(n, 1, 1), Group: size(1, 1, 1), Mems: []simt.Binding{bound(buf)},
				Workers: int(n), Engine: engine, Timeout: time.Minute}
			require.Nil(t, l.Run())
			require.Equal(t, n, buf[0])
		}
	}
}

// A launch tells that it leaves processors unused while it runs, once.
func TestSpare(t *testing.T) {
	for _, engine := range []simt.Engine{simt.Interpreter, simt.Native} {
		for _, groups := range []uint32{1, 2} {
			p := compile(t, meeting)
			buf := []uint32{0, groups + 1, 0}
			l := simt.Launch{Program: p, Grid: size(groups, 1, 1), Group: size(1, 1, 1), Mems: []simt.Binding{bound(buf)},
				Workers: 3, Engine: engine, Timeout: time.Minute}
			other := l
			other.Grid.X = 1
			told, fault := 0, make(chan *simt.Fault, 2)
			l.Spare = func() {
				told++
				go func() { fault <- other.Run() }()
			}
			require.Nil(t, l.Run(), "it waits for the other")
			require.Nil(t, <-fault)
			require.Equal(t, 1, told)
		}
	}
}

// A launch that is to have one worker has no processors to spare, and neither has one
// that is done at once.
func TestNothingToSpare(t *testing.T) {
	p := compile(t, meeting)
	l := simt.Launch{Program: p, Grid: size(64, 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound([]uint32{0, 64, 0})}, Workers: 4, Engine: simt.Interpreter}
	l.Spare = func() { t.Error("a short launch") }
	require.Nil(t, l.Run())
	l = simt.Launch{Program: p, Grid: size(1, 1, 1), Group: size(1, 1, 1), Mems: []simt.Binding{bound([]uint32{0, 2, 0})}, Workers: 1, Timeout: 10 * time.Millisecond}
	l.Spare = func() { t.Error("one worker") }
	require.NotNil(t, l.Run(), "nobody comes")
}
