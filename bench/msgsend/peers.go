//go:build cgo && (darwin || objcnative)

package main

// The peers: the other ways from Go to a method and back.

// #cgo CFLAGS: -O2
// #cgo linux CFLAGS: -std=gnu99
// #cgo linux LDFLAGS: -lobjc
// #cgo darwin LDFLAGS: -lobjc
// #include <stdlib.h>
// #include "probe.h"
import "C"

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

func selector(name string) uintptr {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return uintptr(C.probe_selector(s))
}

// size is MTLSize.
type size struct{ width, height, depth uintptr }

func (s size) c() C.size3 {
	return C.size3{C.ulong(s.width), C.ulong(s.height), C.ulong(s.depth)}
}

// method is a method of an object with the function that it is.
type method struct{ object, selector, imp uintptr }

func newMethod(object uintptr, name string) method {
	m := method{object: object, selector: selector(name)}
	m.imp = uintptr(C.probe_method(C.uintptr_t(object), C.uintptr_t(m.selector)))
	return m
}

func newProbe() uintptr { return uintptr(C.probe_new()) }

func (m method) cgo(buffer, offset, index uintptr) {
	C.probe_set(C.uintptr_t(m.imp), C.uintptr_t(m.object), C.uintptr_t(m.selector), C.uintptr_t(buffer), C.uintptr_t(offset), C.uintptr_t(index))
}

func (m method) cgoLookup(buffer, offset, index uintptr) {
	C.probe_send(C.uintptr_t(m.object), C.uintptr_t(m.selector), C.uintptr_t(buffer), C.uintptr_t(offset), C.uintptr_t(index))
}

// cgoResult sends a message without arguments that returns a word.
func (m method) cgoResult() uintptr {
	return uintptr(C.probe_get(C.uintptr_t(m.imp), C.uintptr_t(m.object), C.uintptr_t(m.selector)))
}

// cLoop is n messages in one call of C.
func (m method) cLoop(buffer, index uintptr, n int) {
	C.probe_set_loop(C.uintptr_t(m.imp), C.uintptr_t(m.object), C.uintptr_t(m.selector), C.uintptr_t(buffer), C.uintptr_t(index), C.long(n))
}

func (m method) cLoopLookup(buffer, index uintptr, n int) {
	C.probe_send_loop(C.uintptr_t(m.object), C.uintptr_t(m.selector), C.uintptr_t(buffer), C.uintptr_t(index), C.long(n))
}

func (m method) cgoSizes(grid, group size) {
	C.probe_dispatch(C.uintptr_t(m.imp), C.uintptr_t(m.object), C.uintptr_t(m.selector), grid.c(), group.c())
}

func (m method) cLoopSizes(grid, group size, n int) {
	C.probe_dispatch_loop(C.uintptr_t(m.imp), C.uintptr_t(m.object), C.uintptr_t(m.selector), grid.c(), group.c(), C.long(n))
}

// callbacks counts calls from C.
var callbacks uintptr

//export goCallback
func goCallback(a C.uintptr_t) { callbacks++ }

func puregoCallback1() uintptr {
	return purego.NewCallback(func(a uintptr) uintptr { callbacks++; return 0 })
}

func puregoCallback5() uintptr {
	return purego.NewCallback(func(a, b, c, d, e uintptr) uintptr { callbacks++; return 0 })
}

func call1(f uintptr, n int)      { C.probe_call1(C.uintptr_t(f), C.long(n)) }
func call5(f uintptr, n int)      { C.probe_call5(C.uintptr_t(f), C.long(n)) }
func invoke(block uintptr, n int) { C.probe_invoke(C.uintptr_t(block), C.long(n)) }
func export(n int)                { C.probe_export(C.long(n)) }
