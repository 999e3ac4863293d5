//go:build stress

package simt_test

import (
	"flag"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
)

var (
	stressFor  = flag.Duration("stress", 30*time.Minute, "how long TestStress goes on")
	stressSeed = flag.Uint64("seed", 0, "what TestStress's kernels are made from; 0: the clock")
)

// TestStress runs random kernels on both tiers from many goroutines, among them such that fault and
// such that do not end, while garbage is collected, the CPU profiler interrupts generated code, the
// stacks of all goroutines are walked and programs are dropped. The tiers must agree on everything,
// and the process must live.
func TestStress(t *testing.T) {
	seed := *stressSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", seed)
	end := time.Now().Add(*stressFor)
	over := func() bool { return time.Now().After(end) || t.Failed() }
	var background, callers sync.WaitGroup
	var finished atomic.Bool
	disturb := func(f func()) {
		background.Add(1)
		go func() {
			defer background.Done()
			for !finished.Load() {
				f()
			}
		}()
	}
	disturb(func() { runtime.GC(); time.Sleep(time.Duration(rand.IntN(int(5 * time.Millisecond)))) })
	disturb(func() {
		if err := pprof.StartCPUProfile(io.Discard); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Duration(rand.IntN(int(300 * time.Millisecond))))
		pprof.StopCPUProfile()
	})
	stacks := make([]byte, 1<<16)
	disturb(func() { runtime.Stack(stacks, true); time.Sleep(3 * time.Millisecond) })
	disturb(func() { // garbage, and stacks that grow
		var grow func(n int) int
		grow = func(n int) int {
			var room [512]byte
			if n == 0 {
				return len(make([]byte, 1<<16))
			}
			return grow(n-1) + int(room[n%512])
		}
		grow(rand.IntN(1000))
		time.Sleep(time.Millisecond)
	})

	var kernels, faults atomic.Int64
	for i := range 2 * runtime.GOMAXPROCS(0) {
		callers.Add(1)
		go func() {
			defer callers.Done()
			r := rand.New(rand.NewPCG(uint64(i), seed))
			for !over() {
				kernels.Add(1)
				switch r.IntN(8) {
				case 0:
					faults.Add(1)
					stressFault(t, r)
				case 1:
					stressForever(t, r)
				case 2:
					stressSame(t, r)
				case 3, 4:
					alike(t, irtest.RichQuiet, r.Uint64())
				case 5:
					stressWork(t, r.Uint64())
				default:
					alike(t, irtest.Quiet, r.Uint64())
				}
			}
		}()
	}
	callers.Wait()
	finished.Store(true)
	background.Wait()
	t.Logf("%d kernels, %d of them with faults", kernels.Load(), faults.Load())
}

// stressWork runs a kernel of the shapes that people write.
func stressWork(t *testing.T, seed uint64) {
	if err := workDiffers(irtest.Work(seed, 5+int(seed%40)), seed); err != nil {
		t.Errorf("work kernel, seed %d: %v", seed, err)
	}
}

// stressFault runs a kernel that ends in a fault, and then the same one where it does not.
func stressFault(t *testing.T, r *rand.Rand) {
	p := compile(t, `kernel "fault" {
	mem @0 "buf" buffer device index 0 size 4 align 4
	%buf = mem @0
	%two = const i64 2
	%id = builtin thread_position_in_grid.x
	%id64 = zext i64 %id
	%at = shl i64 %id64, %two
	%v = load i32 device %buf[%at + 0]
	%w = mul i32 %v, %id
	store i32 device %buf[%at + 0], %w
	break 0
}`)
	n := 1 + r.IntN(5000)
	mem := make([]uint32, n)
	l := simt.Launch{Program: p, Grid: size(uint32(n), 1, 1), Group: size(1+r.Uint32N(1024), 1, 1), Mems: []simt.Binding{bound(mem)}, Engine: simt.Native, Timeout: time.Minute}
	if f := l.Run(); f != nil {
		t.Error(f)
	}
	l.Mems = []simt.Binding{bound(mem[:r.IntN(n)])}
	if l.Mems[0].Len == 0 {
		l.Mems[0] = simt.Binding{}
	}
	f := l.Run()
	if f == nil || f.Kind != simt.OutOfBounds && f.Kind != simt.Unbound {
		t.Errorf("a buffer of %d bytes for %d threads: %v", l.Mems[0].Len, n, f)
	}
}

// stressForever runs a kernel that is stopped, by its time limit or from outside.
func stressForever(t *testing.T, r *rand.Rand) {
	p := access(t, forever)
	var stop atomic.Bool
	l := simt.Launch{Program: p, Grid: size(64*(1+r.Uint32N(8)), 1, 1), Group: size(64, 1, 1), Mems: make([]simt.Binding, 5),
		Timeout: time.Duration(1 + r.IntN(int(20*time.Millisecond))), Stop: &stop, Engine: simt.Engine(r.IntN(3))}
	want := simt.Timeout
	if r.IntN(2) == 0 {
		l.Timeout, want = time.Hour, simt.Stopped
		time.AfterFunc(time.Duration(r.IntN(int(20*time.Millisecond))), func() { stop.Store(true) })
	}
	if f := l.Run(); f == nil || f.Kind != want {
		t.Errorf("fault %v, want %v", f, want)
	}
}

// stressed is a program that all share.
var stressed = sync.OnceValue(func() *simt.Program {
	text := `kernel "sum" {
	mem @0 "out" buffer device index 0 size 4 align 4
	mem @1 "count" buffer device index 1 size 4 align 4
	%out = mem @0
	%count = mem @1
	%zero = const i32 0
	%one = const i32 1
	%none = const i64 0
	%two = const i64 2
	%id = builtin thread_position_in_grid.x
	%n = load i32 device %count[%none + 0]
	%sum = loop %i i32 = %zero, %s i32 = %id -> i32 {
		%more = ult bool %i, %n
		if %more { yield } else { break 0 %s }
		%t = add i32 %s, %i
		%j = add i32 %i, %one
		continue 0 %j, %t
	}
	%id64 = zext i64 %id
	%at = shl i64 %id64, %two
	store i32 device %out[%at + 0], %sum
	break 0
}`
	f, err := ir.Parse(text)
	if err != nil {
		panic(err)
	}
	p, err := simt.Compile(f)
	if err != nil {
		panic(err)
	}
	return p
})

// stressSame runs it for groups of any size.
func stressSame(t *testing.T, r *rand.Rand) {
	n := r.Uint32N(20_000)
	out := make([]uint32, 1+r.IntN(3000))
	l := simt.Launch{Program: stressed(), Grid: size(uint32(len(out)), 1, 1), Group: size(1+r.Uint32N(1024), 1, 1),
		Mems: []simt.Binding{bound(out), bound([]uint32{n})}, Engine: simt.Engine(r.IntN(3)), Timeout: time.Minute}
	if f := l.Run(); f != nil {
		t.Error(f)
	}
	for i, x := range out {
		if want := uint32(i) + uint32(uint64(n)*uint64(max(n, 1)-1)/2); x != want {
			t.Errorf("thread %d of %d, %d turns: %d, want %d", i, len(out), n, x, want)
			return
		}
	}
}
