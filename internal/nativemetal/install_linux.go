//go:build objcnative

package nativemetal

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/cpumetal"
	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// Install registers Metal's classes in the native runtime and provides Metal's
// functions. Doing so again does nothing.
func Install() { install() }

var install = sync.OnceFunc(func() {
	objcrt.SetDestroyHook(destroyed)
	cpumetal.Load()
	objcrt.EachClass(func(c *objcrt.Class) {
		if !isFoundation(c) {
			faceClass(c)
		}
	})
	none := func(...uintptr) uintptr { return 0 }
	allDevices := func(...uintptr) uintptr {
		var devices []objc.ID
		for _, d := range cpumetal.AllDevices() {
			devices = append(devices, toNative(d))
		}
		defer objc.ReleaseAll(devices)
		return uintptr(objc.NewArray(devices...))
	}
	msgsend.Provide(msgsend.CoreGraphics, map[string]func(...uintptr) uintptr{"CGMainDisplayID": none})
	msgsend.Provide(msgsend.Metal, map[string]func(...uintptr) uintptr{
		"MTLCreateSystemDefaultDevice": func(...uintptr) uintptr {
			return uintptr(toNative(cpumetal.SystemDefaultDevice()))
		},
		"MTLCopyAllDevices": allDevices,
		// The device neither comes nor goes: there is no observer.
		"MTLCopyAllDevicesWithObserver": allDevices,
		"MTLRemoveDeviceObserver":       none,
	})
	msgsend.Provide("/usr/lib/libSystem.B.dylib", map[string]func(...uintptr) uintptr{
		"dispatch_data_create": func(words ...uintptr) uintptr {
			return uintptr(objc.NewData(objcrt.Bytes(words[0], int(words[1]))))
		},
	})
})
