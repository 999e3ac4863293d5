//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// The runtime's functions, found by load.
var (
	msgSend      uintptr // 0: look the method up, then call it
	msgSendStret uintptr

	fnGetClass  uintptr
	fnSelName   uintptr
	fnSelUID    uintptr
	fnClassName uintptr
	fnResponds  uintptr
	fnMethod    uintptr // class_getMethodImplementation

	fnMethodStret uintptr // the same for results in memory, where they differ
)

var (
	loaded   atomic.Bool
	loadOnce sync.Once
)

// load finds the runtime. Every use begins with a selector, a class or a pool,
// whose functions call it; it panics when there is no runtime.
func load() {
	if !loaded.Load() {
		loadOnce.Do(func() {
			loadRuntime()
			loaded.Store(true)
		})
	}
}

// cString returns a NUL-terminated copy of s on the heap.
func cString(s string) *byte {
	b := make([]byte, len(s)+1)
	copy(b, s)
	return &b[0]
}

// goString reads a C string.
func goString(p uintptr) string {
	if p == 0 {
		return ""
	}
	start := pointer(p)
	n := 0
	for *(*byte)(unsafe.Add(start, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(start), n))
}

// callString calls a C function with a C string.
func callString(fn uintptr, s string) uintptr {
	c := cString(s)
	r := cCall(fn, Addr(unsafe.Pointer(c)), 0, 0, 0, 0, 0)
	runtime.KeepAlive(c)
	return r
}

func registerSelector(name string) SEL {
	load()
	return SEL(callString(fnSelUID, name))
}

// SelectorName returns the name of a selector, "" when it is none.
func SelectorName(sel SEL) string {
	if sel == 0 {
		return ""
	}
	load()
	return goString(cCall(fnSelName, uintptr(sel), 0, 0, 0, 0, 0))
}

// LookupClass returns the class of a name, 0 when there is none.
func LookupClass(name string) Class {
	load()
	return Class(callString(fnGetClass, name))
}

// ClassName returns the name of a class, "" for 0.
func ClassName(c Class) string {
	if c == 0 {
		return ""
	}
	load()
	return goString(cCall(fnClassName, uintptr(c), 0, 0, 0, 0, 0))
}

// RespondsTo reports whether an object has a method for a selector. Nil has none.
func RespondsTo(id ID, sel SEL) bool {
	if id == 0 {
		return false
	}
	return byte(cCall(fnResponds, uintptr(ObjectClass(id)), uintptr(sel), 0, 0, 0, 0)) != 0
}

// Pool runs f with an autorelease pool, which is emptied when f has returned or
// panicked. The goroutine stays on its thread meanwhile. Pools nest.
func Pool(f func()) {
	load()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pool := cCall(table[tabPush], table[tabPushArg0], table[tabPushArg1], 0, 0, 0, 0)
	defer cCall(table[tabPop], pool, table[tabPopArg1], 0, 0, 0, 0)
	f()
}
