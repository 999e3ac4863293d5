package cpumetal

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of the device; those of Apple's GPUs.
const (
	maxThreads           = 1024  // in a threadgroup, and in each direction
	maxThreadgroupMemory = 32768 // bytes
	executionWidth       = 32    // threads in a SIMD group
	maxBuffers           = 31    // buffer arguments of a kernel
	maxBytes             = 4096  // of setBytes
	threadgroupAlign     = 16    // of setThreadgroupMemoryLength
	maxCommandBuffers    = 64    // of a queue, unless it was made with another count

	defaultTimeout = 5 * time.Second
)

// registryID tells the device from Apple's, whose ids are those of the IO
// registry: it reads "ARUM CPU".
const registryID = 0x4152554d_20435055

// Device is the CPU seen as a Metal device. There is one in a process.
type Device struct {
	memory  *memoryPool
	name    string
	timeout time.Duration // for one threadgroup

	workers   atomic.Int32  // GOMAXPROCS as last asked for
	workersAt atomic.Uint64 // bits of the device's time then
}

// workersAge is for how many seconds an answer of GOMAXPROCS is used: asking
// takes a lock of the scheduler's, and longer than a small dispatch.
const workersAge = 0.1

// parallelism returns GOMAXPROCS as of a moment ago; time is the device's.
func (d *Device) parallelism(time float64) int {
	if time-math.Float64frombits(d.workersAt.Load()) > workersAge {
		d.workers.Store(int32(runtime.GOMAXPROCS(0)))
		d.workersAt.Store(math.Float64bits(time))
	}
	return int(d.workers.Load())
}

// SystemDevice returns the device of this process.
var SystemDevice = sync.OnceValue(func() *Device { return newDevice(physicalMemory()) })

func newDevice(ram uint64) *Device {
	d := &Device{memory: newMemoryPool(ram), timeout: defaultTimeout}
	n := runtime.GOMAXPROCS(0)
	d.name = fmt.Sprintf("aruminium CPU (%d threads)", n)
	if n == 1 {
		d.name = "aruminium CPU (1 thread)"
	}
	if t, err := time.ParseDuration(os.Getenv("ARUMINIUM_TIMEOUT")); err == nil && t > 0 {
		d.timeout = t
	}
	return d
}

// Name says that the device is a CPU, and how many threads it runs.
func (d *Device) Name() string { return d.name }

// Architecture is that of the processors.
func (d *Device) Architecture() string { return "cpu-" + runtime.GOARCH }

// RegistryID is the same in every process.
func (d *Device) RegistryID() uint64 { return registryID }

// MaxBufferLength returns the length of the largest buffer, in bytes: half of
// the RAM this process may use.
func (d *Device) MaxBufferLength() uint64 { return d.memory.maxBuffer }

// RecommendedMaxWorkingSetSize returns how many bytes of buffers leave the
// system enough to work: three quarters of the RAM this process may use.
func (d *Device) RecommendedMaxWorkingSetSize() uint64 {
	return d.memory.total / 4 * 3 / d.memory.page * d.memory.page
}

// CurrentAllocatedSize returns the bytes of the buffers that are alive.
func (d *Device) CurrentAllocatedSize() uint64 { return uint64(d.memory.allocated.Load()) }
