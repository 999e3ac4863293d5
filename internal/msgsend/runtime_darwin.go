//go:build !embedded

package msgsend

import (
	"runtime"

	"github.com/ebitengine/purego"
)

var (
	fnObjectClass uintptr
	fnRetain      uintptr
	fnRelease     uintptr
	fnAutorelease uintptr
)

// lookupFlag is not set: objc_msgSend finds the method.
const lookupFlag = 0

// literalFlags mark every block literal.
const literalFlags = 0

const libobjc = "/usr/lib/libobjc.A.dylib"

func loadRuntime() {
	lib, err := purego.Dlopen(libobjc, purego.RTLD_GLOBAL|purego.RTLD_NOW)
	if err != nil {
		panic("msgsend: no Objective-C runtime: " + err.Error())
	}
	find := func(name string) uintptr {
		p, err := purego.Dlsym(lib, name)
		if err != nil {
			panic("msgsend: " + libobjc + " has no " + name + ": " + err.Error())
		}
		return p
	}
	msgSend = find("objc_msgSend")
	// Results in memory have a function of their own on amd64 only. Ask for
	// the architecture, not whether the symbol is there.
	if runtime.GOARCH == "amd64" {
		msgSendStret = find("objc_msgSend_stret")
		fnMethodStret = find("class_getMethodImplementation_stret")
	}
	fnGetClass = find("objc_getClass")
	fnSelUID = find("sel_registerName")
	fnSelName = find("sel_getName")
	fnClassName = find("class_getName")
	fnResponds = find("class_respondsToSelector")
	fnMethod = find("class_getMethodImplementation")
	fnObjectClass = find("object_getClass")
	objectClassFn = fnObjectClass
	fnRetain = find("objc_retain")
	fnRelease = find("objc_release")
	fnAutorelease = find("objc_autorelease")
	table[tabRetain] = fnRetain
	table[tabAutorelease] = fnAutorelease
	table[tabPush] = find("objc_autoreleasePoolPush")
	table[tabPop] = find("objc_autoreleasePoolPop")
	// Foundation holds NSString and its kin, which Metal's methods take.
	if err := Load(Foundation); err != nil {
		panic(err)
	}
}

// ObjectClass returns the class of an object, 0 for nil.
func ObjectClass(id ID) Class {
	load()
	return Class(cCall(fnObjectClass, uintptr(id), 0, 0, 0, 0, 0))
}

// Retain adds a reference and returns the object. Nil stays nil.
func Retain(id ID) ID {
	if id == 0 {
		return 0
	}
	load()
	return ID(cCall(fnRetain, uintptr(id), 0, 0, 0, 0, 0))
}

// Release gives a reference back. Nil is fine.
func Release(id ID) {
	if id != 0 {
		load()
		cCall(fnRelease, uintptr(id), 0, 0, 0, 0, 0)
	}
}

// Autorelease gives the caller's reference to the thread's innermost pool and
// returns the object. It is meant for use inside [Pool].
func Autorelease(id ID) ID {
	if id == 0 {
		return 0
	}
	load()
	return ID(cCall(fnAutorelease, uintptr(id), 0, 0, 0, 0, 0))
}

// selectorKey is what is the same for all selectors of a name: here there is one.
func selectorKey(sel uint64) uintptr { return uintptr(sel) }
