package main

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/aruminium-go/aruminium/bench/cc"
	"github.com/ebitengine/purego"
)

// The part of OpenCL that the workloads need, resolved at run time.
type opencl struct {
	getPlatformIDs          func(n uint32, platforms *uintptr, count *uint32) int32
	getDeviceIDs            func(platform uintptr, kind uint64, n uint32, devices *uintptr, count *uint32) int32
	createContext           func(properties uintptr, n uint32, devices *uintptr, notify, data uintptr, status *int32) uintptr
	createCommandQueue      func(context, device uintptr, properties uint64, status *int32) uintptr
	createProgramWithSource func(context uintptr, n uint32, texts *uintptr, lengths *uint64, status *int32) uintptr
	buildProgram            func(program uintptr, n uint32, devices *uintptr, options string, notify, data uintptr) int32
	getProgramBuildInfo     func(program, device uintptr, what uint32, size uint64, value *byte, needed *uint64) int32
	createKernel            func(program uintptr, name string, status *int32) uintptr
	setKernelArg            func(kernel uintptr, index uint32, size uint64, value unsafe.Pointer) int32
	createBuffer            func(context uintptr, flags, size uint64, host unsafe.Pointer, status *int32) uintptr
	enqueueWriteBuffer      func(queue, buffer uintptr, blocking uint32, offset, size uint64, from *byte, n uint32, wait, event uintptr) int32
	enqueueReadBuffer       func(queue, buffer uintptr, blocking uint32, offset, size uint64, to *byte, n uint32, wait, event uintptr) int32
	enqueueNDRangeKernel    func(queue, kernel uintptr, dims uint32, offset, grid, group *uint64, n uint32, wait, event uintptr) int32
	finish                  func(queue uintptr) int32
	releaseMemObject        func(buffer uintptr) int32
	releaseKernel           func(kernel uintptr) int32
	releaseProgram          func(program uintptr) int32
}

const (
	clDeviceTypeAll   = 0xffffffff
	clProgramBuildLog = 0x1183
)

func loadOpenCL() (*opencl, error) {
	lib, err := purego.Dlopen("libOpenCL.so.1", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("no OpenCL here; on Debian it is in pocl-opencl-icd and ocl-icd-libopencl1: %w", err)
	}
	cl := new(opencl)
	for name, f := range map[string]any{
		"clGetPlatformIDs":          &cl.getPlatformIDs,
		"clGetDeviceIDs":            &cl.getDeviceIDs,
		"clCreateContext":           &cl.createContext,
		"clCreateCommandQueue":      &cl.createCommandQueue,
		"clCreateProgramWithSource": &cl.createProgramWithSource,
		"clBuildProgram":            &cl.buildProgram,
		"clGetProgramBuildInfo":     &cl.getProgramBuildInfo,
		"clCreateKernel":            &cl.createKernel,
		"clSetKernelArg":            &cl.setKernelArg,
		"clCreateBuffer":            &cl.createBuffer,
		"clEnqueueWriteBuffer":      &cl.enqueueWriteBuffer,
		"clEnqueueReadBuffer":       &cl.enqueueReadBuffer,
		"clEnqueueNDRangeKernel":    &cl.enqueueNDRangeKernel,
		"clFinish":                  &cl.finish,
		"clReleaseMemObject":        &cl.releaseMemObject,
		"clReleaseKernel":           &cl.releaseKernel,
		"clReleaseProgram":          &cl.releaseProgram,
	} {
		purego.RegisterLibFunc(f, lib, name)
	}
	return cl, nil
}

// clRunner does workloads in OpenCL C on the first device of the first platform.
type clRunner struct {
	cl                     *opencl
	device, context, queue uintptr
}

func newCLRunner() (runner, error) {
	cl, err := loadOpenCL()
	if err != nil {
		return nil, err
	}
	r := &clRunner{cl: cl}
	var platform uintptr
	var n uint32
	if status := cl.getPlatformIDs(1, &platform, &n); status != 0 || n == 0 {
		return nil, fmt.Errorf("OpenCL has no platform (%d)", status)
	}
	if status := cl.getDeviceIDs(platform, clDeviceTypeAll, 1, &r.device, &n); status != 0 || n == 0 {
		return nil, fmt.Errorf("OpenCL has no device (%d)", status)
	}
	var status int32
	if r.context = cl.createContext(0, 1, &r.device, 0, 0, &status); status != 0 {
		return nil, fmt.Errorf("clCreateContext: %d", status)
	}
	if r.queue = cl.createCommandQueue(r.context, r.device, 0, &status); status != 0 {
		return nil, fmt.Errorf("clCreateCommandQueue: %d", status)
	}
	return r, nil
}

type clJob struct {
	r       *clRunner
	w       *workload
	program uintptr
	kernels map[string]uintptr
	buffers []uintptr
}

func (r *clRunner) prepare(w *workload) (_ job, err error) {
	text, err := w.source(".cl")
	if err != nil {
		return nil, err
	}
	var flags []string
	for _, d := range w.defines {
		flags = append(flags, d.flag())
	}
	j := &clJob{r: r, w: w, kernels: map[string]uintptr{}}
	defer func() {
		if err != nil {
			j.close()
		}
	}()
	var status int32
	bytes := []byte(text)
	pointer, length := cc.Address(bytes), uint64(len(bytes))
	j.program = r.cl.createProgramWithSource(r.context, 1, &pointer, &length, &status)
	runtime.KeepAlive(bytes)
	if status != 0 {
		return nil, fmt.Errorf("clCreateProgramWithSource: %d", status)
	}
	if status := r.cl.buildProgram(j.program, 1, &r.device, strings.Join(flags, " "), 0, 0); status != 0 {
		return nil, fmt.Errorf("clBuildProgram: %d: %s", status, r.buildLog(j.program))
	}
	for _, l := range w.launches {
		if j.kernels[l.kernel] == 0 {
			if j.kernels[l.kernel] = r.cl.createKernel(j.program, l.kernel, &status); status != 0 {
				return nil, fmt.Errorf("clCreateKernel %s: %d", l.kernel, status)
			}
		}
	}
	for _, b := range w.buffers {
		buf := r.cl.createBuffer(r.context, 1, uint64(b.size), nil, &status) // CL_MEM_READ_WRITE
		if status != 0 {
			return nil, fmt.Errorf("clCreateBuffer: %d", status)
		}
		j.buffers = append(j.buffers, buf)
	}
	if err := j.reset(); err != nil {
		return nil, err
	}
	return j, j.run() // PoCL compiles at the first launch
}

func (r *clRunner) buildLog(program uintptr) string {
	var n uint64
	r.cl.getProgramBuildInfo(program, r.device, clProgramBuildLog, 0, nil, &n)
	if n == 0 {
		return "no log"
	}
	log := make([]byte, n)
	r.cl.getProgramBuildInfo(program, r.device, clProgramBuildLog, n, &log[0], &n)
	return strings.TrimRight(string(log), "\x00\n")
}

func (j *clJob) run() error {
	cl := j.r.cl
	for _, l := range j.w.launches {
		kernel := j.kernels[l.kernel]
		for i := range j.buffers {
			if status := cl.setKernelArg(kernel, uint32(i), 8, unsafe.Pointer(&j.buffers[i])); status != 0 {
				return fmt.Errorf("clSetKernelArg %s %d: %d", l.kernel, i, status)
			}
		}
		if l.hasValue {
			value := l.value
			if status := cl.setKernelArg(kernel, uint32(len(j.buffers)), 4, unsafe.Pointer(&value)); status != 0 {
				return fmt.Errorf("clSetKernelArg %s, its value: %d", l.kernel, status)
			}
		}
		var grid, group [3]uint64
		for i := range 3 {
			grid[i], group[i] = uint64(l.grid[i]), uint64(l.group[i])
		}
		if status := cl.enqueueNDRangeKernel(j.r.queue, kernel, 3, nil, &grid[0], &group[0], 0, 0, 0); status != 0 {
			return fmt.Errorf("clEnqueueNDRangeKernel %s: %d", l.kernel, status)
		}
	}
	if status := cl.finish(j.r.queue); status != 0 {
		return fmt.Errorf("clFinish: %d", status)
	}
	return nil
}

func (j *clJob) reset() error {
	for i, b := range j.w.fresh() {
		if status := j.r.cl.enqueueWriteBuffer(j.r.queue, j.buffers[i], 1, 0, uint64(len(b)), &b[0], 0, 0, 0); status != 0 {
			return fmt.Errorf("clEnqueueWriteBuffer: %d", status)
		}
	}
	return nil
}

func (j *clJob) results() ([][]byte, error) {
	all := make([][]byte, len(j.buffers))
	for i, b := range j.w.buffers {
		all[i] = make([]byte, b.size)
		if status := j.r.cl.enqueueReadBuffer(j.r.queue, j.buffers[i], 1, 0, uint64(b.size), &all[i][0], 0, 0, 0); status != 0 {
			return nil, fmt.Errorf("clEnqueueReadBuffer: %d", status)
		}
	}
	return all, nil
}

func (j *clJob) close() {
	for _, b := range j.buffers {
		j.r.cl.releaseMemObject(b)
	}
	for _, k := range j.kernels {
		j.r.cl.releaseKernel(k)
	}
	if j.program != 0 {
		j.r.cl.releaseProgram(j.program)
	}
}
