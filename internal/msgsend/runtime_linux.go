//go:build objcnative

package msgsend

import (
	"runtime"
	"slices"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
	"github.com/ebitengine/purego"
)

// The GNU runtime has no objc_msgSend: a method is looked up, then called. It
// has no functions for retain, release and pools either: those are messages.

var fnLookup uintptr

// lookupFlag makes a record look its method up.
const lookupFlag = abi.FlagLookup

var (
	selGNURetain      = Selector{Name: "retain"}
	selGNURelease     = Selector{Name: "release"}
	selGNUAutorelease = Selector{Name: "autorelease"}
)

// gnuRuntime is the runtime, and gnuFoundations are GNUstep's Foundation as the
// releases of Debian and Ubuntu have it.
const gnuRuntime = "libobjc.so.4"

var gnuFoundations = []string{"libgnustep-base.so.1.28", "libgnustep-base.so.1.29", "libgnustep-base.so.1.30", "libgnustep-base.so.1.31"}

// blocksLibrary is the blocks runtime. It is loaded first, so that the one
// GNUstep brings, which knows only an older kind of literal, is not used.
const blocksLibrary = "libBlocksRuntime.so.0"

// literalFlags mark every block literal: GNUstep's blocks runtime takes a
// literal without this bit for one that has no descriptor.
const literalFlags = 1 << 29

func loadRuntime() {
	_, _ = purego.Dlopen(blocksLibrary, purego.RTLD_GLOBAL|purego.RTLD_NOW) // nothing but blocks needs it
	lib, err := purego.Dlopen(gnuRuntime, purego.RTLD_GLOBAL|purego.RTLD_NOW)
	if err != nil {
		panic("msgsend: no Objective-C runtime: " + err.Error())
	}
	if !slices.ContainsFunc(gnuFoundations, func(name string) bool { return Load(name) == nil }) {
		panic("msgsend: no Foundation: none of " + strings.Join(gnuFoundations, ", ") + " can be loaded")
	}
	find := func(name string) uintptr {
		p, err := purego.Dlsym(lib, name)
		if err != nil {
			panic("msgsend: " + gnuRuntime + " has no " + name + ": " + err.Error())
		}
		return p
	}
	// The runtime knows only the threads it made. As long as it believes that
	// there is one, it frees method tables that others may be reading.
	cCall(find("objc_thread_add"), 0, 0, 0, 0, 0, 0)
	fnLookup = find("objc_msg_lookup")
	table[tabLookup] = fnLookup
	fnGetClass = find("objc_getClass")
	fnSelUID = find("sel_registerName")
	fnSelName = find("sel_getName")
	fnClassName = find("class_getName")
	fnResponds = find("class_respondsToSelector")
	fnMethod = find("class_getMethodImplementation")
	imp := func(receiver, sel uintptr) uintptr { return cCall(fnLookup, receiver, sel, 0, 0, 0, 0) }
	table[tabSelRetain] = callString(fnSelUID, "retain")
	table[tabSelAutorelease] = callString(fnSelUID, "autorelease")
	pool := callString(fnGetClass, "NSAutoreleasePool")
	if pool == 0 {
		panic("msgsend: the Foundation has no NSAutoreleasePool")
	}
	table[tabPushArg0] = pool
	table[tabPushArg1] = callString(fnSelUID, "new")
	table[tabPush] = imp(pool, table[tabPushArg1])
	table[tabPopArg1] = callString(fnSelUID, "release")
	// The first pool is made and ended here, before there can be two at once:
	// GNUstep's +new fills two static variables without a lock, and calls the
	// second when it finds the first. A pool is of the thread that made it, and
	// must end there.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p := cCall(table[tabPush], pool, table[tabPushArg1], 0, 0, 0, 0)
	table[tabPop] = imp(p, table[tabPopArg1])
	cCall(table[tabPop], p, table[tabPopArg1], 0, 0, 0, 0)
}

// ObjectClass returns the class of an object, 0 for nil. An object of the GNU
// runtime begins with its class.
func ObjectClass(id ID) Class {
	if id == 0 {
		return 0
	}
	return *(*Class)(pointer(uintptr(id)))
}

// Retain adds a reference and returns the object. Nil stays nil.
func Retain(id ID) ID { return ID(word(id, &selGNURetain, 0, 0, 0, 0, 0, 0)) }

// Release gives a reference back. Nil is fine.
func Release(id ID) { post(id, &selGNURelease, 0, 0, 0, 0) }

// Autorelease gives the caller's reference to the thread's innermost pool and
// returns the object. It is meant for use inside [Pool].
func Autorelease(id ID) ID { return ID(word(id, &selGNUAutorelease, 0, 0, 0, 0, 0, 0)) }

// selectorKey is what is the same for all selectors of a name. In the GNU
// runtime a selector is an address, one for each type that the name is used
// with; what they have in common is the word there.
func selectorKey(sel uint64) uintptr { return *(*uintptr)(pointer(uintptr(sel))) }
