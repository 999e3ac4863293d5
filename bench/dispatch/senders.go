//go:build cgo && linux && objcnative

package main

// #cgo CFLAGS: -O2 -std=gnu11
// #cgo LDFLAGS: -lobjc -lpthread
// #include <stdlib.h>
// #include "device.h"
import "C"

import (
	"errors"
	"unsafe"

	"github.com/aruminium-go/aruminium/bench/native"
	"github.com/aruminium-go/aruminium/gpu"
)

func compiledQueue(device uintptr) uintptr { return uintptr(C.device_queue(C.uintptr_t(device))) }
func setBusy(ns int)                       { C.device_set_busy(C.long(ns)) }
func launchesSoFar() int                   { return int(C.device_launches()) }

func encodeInC(queue, pipe, buf uintptr, launches, mask int) uintptr {
	return uintptr(C.encode_batch(C.uintptr_t(queue), C.uintptr_t(pipe), C.uintptr_t(buf), C.long(launches), C.long(mask)))
}

func waitInC(cb uintptr) { C.wait_batch(C.uintptr_t(cb)) }

// method is a selector with the function that it is.
type method struct{ sel, imp uintptr }

// methods are those that a batch sends, looked up once.
type methods struct {
	commandBuffer, encoder, setPipeline, setBuffer, setBytes, dispatch, endEncoding, handler, commit, wait method
}

func newMethods(queue uintptr) *methods {
	find := func(object uintptr, name string) method {
		s := C.CString(name)
		defer C.free(unsafe.Pointer(s))
		sel := C.device_selector(s)
		return method{uintptr(sel), uintptr(C.device_method(C.uintptr_t(object), sel))}
	}
	m := &methods{commandBuffer: find(queue, "commandBuffer")}
	cb := cgoSender{}.object(m.commandBuffer, queue)
	m.encoder, m.commit, m.wait = find(cb, "computeCommandEncoder"), find(cb, "commit"), find(cb, "waitUntilCompleted")
	m.handler = find(cb, "addCompletedHandler:")
	enc := cgoSender{}.object(m.encoder, cb)
	m.setPipeline, m.setBuffer, m.setBytes = find(enc, "setComputePipelineState:"), find(enc, "setBuffer:offset:atIndex:"), find(enc, "setBytes:length:atIndex:")
	m.dispatch, m.endEncoding = find(enc, "dispatchThreads:threadsPerThreadgroup:"), find(enc, "endEncoding")
	return m
}

// sender is a way to send one message.
type sender interface {
	object(m method, self uintptr) uintptr
	void(m method, self uintptr)
	setPipeline(m method, self, pipeline uintptr)
	setBuffer(m method, self, buffer, offset, index uintptr)
	setBytes(m method, self uintptr, data []byte, index uintptr)
	dispatch(m method, self uintptr, grid, group gpu.Size)
}

// cgoSender calls a C function for each message, which calls the method.
type cgoSender struct{}

func (cgoSender) object(m method, self uintptr) uintptr {
	return uintptr(C.send_object(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel)))
}

func (cgoSender) void(m method, self uintptr) {
	C.send_void(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel))
}

func (cgoSender) setPipeline(m method, self, pipeline uintptr) {
	C.send_set_pipeline(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel), C.uintptr_t(pipeline))
}

func (cgoSender) setBuffer(m method, self, buffer, offset, index uintptr) {
	C.send_set_buffer(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel), C.uintptr_t(buffer), C.ulong(offset), C.ulong(index))
}

func (cgoSender) setBytes(m method, self uintptr, data []byte, index uintptr) {
	C.send_set_bytes(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel), C.uintptr_t(uintptr(unsafe.Pointer(unsafe.SliceData(data)))), C.ulong(len(data)), C.ulong(index))
}

func (cgoSender) dispatch(m method, self uintptr, grid, group gpu.Size) {
	size := func(s gpu.Size) C.size3 { return C.size3{C.ulong(s.X), C.ulong(s.Y), C.ulong(s.Z)} }
	C.send_dispatch(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel), size(grid), size(group))
}

// told is a call to Go at the end of each command buffer that asked for it, with what went wrong.
var told = make(chan error, inFlight)

var errFailed = errors.New("the command buffer failed")

//export ended
func ended(well C.int) {
	if well == 0 {
		told <- errFailed
		return
	}
	told <- nil
}

func addHandler(m method, self uintptr) {
	C.send_handler(C.uintptr_t(m.imp), C.uintptr_t(self), C.uintptr_t(m.sel))
}

// puregoSender registers a func for each message, as purego's objc.Send does.
type puregoSender struct{}

// size is MTLSize.
type size struct{ width, height, depth uintptr }

func (puregoSender) object(m method, self uintptr) uintptr {
	return native.PuregoSend[uintptr](m.imp, self, m.sel)
}

// A func without a result has a word for one here, which is ignored.
func (puregoSender) void(m method, self uintptr) { native.PuregoSend[uintptr](m.imp, self, m.sel) }

func (puregoSender) setPipeline(m method, self, pipeline uintptr) {
	native.PuregoSend[uintptr](m.imp, self, m.sel, pipeline)
}

func (puregoSender) setBuffer(m method, self, buffer, offset, index uintptr) {
	native.PuregoSend[uintptr](m.imp, self, m.sel, buffer, offset, index)
}

func (puregoSender) setBytes(m method, self uintptr, data []byte, index uintptr) {
	native.PuregoSend[uintptr](m.imp, self, m.sel, unsafe.Pointer(unsafe.SliceData(data)), uintptr(len(data)), index)
}

func (puregoSender) dispatch(m method, self uintptr, grid, group gpu.Size) {
	s := func(s gpu.Size) size { return size{uintptr(s.X), uintptr(s.Y), uintptr(s.Z)} }
	native.PuregoSend[uintptr](m.imp, self, m.sel, s(grid), s(group))
}
