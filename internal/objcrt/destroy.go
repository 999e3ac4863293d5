package objcrt

import "sync/atomic"

var destroyHook atomic.Pointer[func(ID)]

// SetDestroyHook is for tests: f is called with every object that is destroyed,
// before its class's hooks. nil ends it. f must not send to the object.
func SetDestroyHook(f func(ID)) {
	if f == nil {
		destroyHook.Store(nil)
		return
	}
	destroyHook.Store(&f)
}
