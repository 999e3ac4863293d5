//go:build linux && (amd64 || arm64)

package simt_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
	jitexec "github.com/aruminium-go/aruminium/internal/simt/jit/exec"
)

// TestNativeCollected collects garbage beside one long threadgroup: the
// collector must not wait for its end. The kernel would run for minutes, so a
// collector that does wait is found out without a look at the clock.
func TestNativeCollected(t *testing.T) {
	isas(t)
	defer simt.Force(simt.Native, nil, 0)()
	p := access(t, forever)
	l := simt.Launch{Program: p, Grid: size(64, 1, 1), Group: size(64, 1, 1), Mems: make([]simt.Binding, 5), Timeout: 2 * time.Second}
	done := make(chan *simt.Fault)
	go func() { done <- l.Run() }()
	time.Sleep(50 * time.Millisecond)
	for range 10 {
		runtime.GC()
	}
	select {
	case f := <-done:
		t.Fatalf("the kernel has ended before the collections: %v", f)
	default:
	}
	require.Equal(t, simt.Timeout, (<-done).Kind)
	compiled(t, p)
}

// TestNativeTogether runs one program from many goroutines, with garbage
// collected all the while.
func TestNativeTogether(t *testing.T) {
	isas(t)
	defer simt.Force(simt.Native, nil, 0)()
	p := load(t, "mandelbrot")
	want := mandelbrot(64)
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	defer close(stop)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 10 {
				out := make([]int32, 64*64)
				l := simt.Launch{Program: p, Grid: size(64, 64, 1), Group: []simt.Size{size(16, 16, 1), size(64, 2, 1), size(8, 8, 1)}[i%3],
					Mems: []simt.Binding{bound(out), bound([]uint32{64})}}
				if f := l.Run(); f != nil || !slices.Equal(out, want) {
					t.Errorf("fault %v, or wrong", f)
					return
				}
			}
		}()
	}
	wg.Wait()
	compiled(t, p)
}

// TestNativeNet binds memory that is not there to a kernel that runs as machine
// code: the launch fails, the process lives.
func TestNativeNet(t *testing.T) {
	for _, isa := range isas(t) {
		undo := simt.Force(simt.Native, &isa, 0)
		TestNet(t)
		undo()
	}
}

// TestNativeForgotten drops programs: their code is given back, and what runs
// meanwhile is not disturbed.
func TestNativeForgotten(t *testing.T) {
	isas(t)
	defer simt.Force(simt.Native, nil, 0)()
	for seed := range uint64(30) {
		require.NoError(t, differ(irtest.Quiet(seed, 20), seed, size(40, 1, 1), size(32, 1, 1)))
		runtime.GC()
	}
}

// TestMemoryDenyWriteExecute runs kernels in a process that may not make memory
// executable that has been written.
func TestMemoryDenyWriteExecute(t *testing.T) {
	const setMDWE, refuse = 65, 1
	if os.Getenv("SIMT_MDWE") == "" {
		isas(t)
		command := append(strings.Fields(os.Getenv("ARUMINIUM_EXEC")), // set where an emulator runs the tests
			os.Args[0], "-test.run", "^TestMemoryDenyWriteExecute$", "-test.v")
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Env = append(os.Environ(), "SIMT_MDWE=1")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		t.Logf("%s", out)
		return
	}
	if _, _, errno := syscall.Syscall6(syscall.SYS_PRCTL, setMDWE, refuse, 0, 0, 0, 0); errno != 0 {
		t.Skipf("this system does not know it: %v", errno)
	}
	require.NotEqual(t, "mprotect", jitexec.How())
	fmt.Println("executable memory by", jitexec.How())
	defer simt.Force(simt.Native, nil, 0)()
	TestSaxpy(t)
	TestMandelbrot(t)
	if jitexec.Runs() {
		p := load(t, "saxpy")
		l := simt.Launch{Program: p, Grid: size(1, 1, 1), Group: size(1, 1, 1), Mems: []simt.Binding{bound([]float32{1}), bound([]float32{1}), bound([]float32{1})}}
		require.Nil(t, l.Run())
		compiled(t, p)
	}
}
