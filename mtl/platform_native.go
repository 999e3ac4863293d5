//go:build (darwin && !embedded) || (linux && objcnative)

package mtl

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

var (
	fnCreateSystemDefaultDevice = msgsend.Func{Library: msgsend.Metal, Name: "MTLCreateSystemDefaultDevice", Owned: true}
	fnCopyAllDevices            = msgsend.Func{Library: msgsend.Metal, Name: "MTLCopyAllDevices", Owned: true}
	fnDispatchDataCreate        = msgsend.Func{Library: "/usr/lib/libSystem.B.dylib", Name: "dispatch_data_create", Owned: true}
)

// Load loads Metal, which every function that makes an object from nothing does too. It reports
// why there is no Metal.
func Load() error { return load() }

// CoreGraphics comes first: without it in the process MTLCreateSystemDefaultDevice finds no device.
var load = sync.OnceValue(func() error {
	if err := msgsend.Load(msgsend.CoreGraphics); err != nil {
		return err
	}
	return msgsend.Load(msgsend.Metal)
})

// createSystemDefaultDevice falls back to the first of all devices: a process outside a GUI
// session has devices but no default one.
func createSystemDefaultDevice() Device {
	if load() != nil {
		return Device{}
	}
	if id := fnCreateSystemDefaultDevice.Object(); id != 0 {
		return DeviceFromID(id)
	}
	devices := copyAllDevices()
	if len(devices) == 0 {
		return Device{}
	}
	ReleaseAll(devices[1:])
	return devices[0]
}

func copyAllDevices() []Device {
	if load() != nil {
		return nil
	}
	return takeArray(fnCopyAllDevices.Object(), DeviceFromID)
}

// class is the class of a name as an object, nil if there is none.
func class(name string) objc.ID {
	if load() != nil {
		return 0
	}
	return objc.ID(msgsend.LookupClass(name))
}

// newDispatchData makes the dispatch_data_t of a compiled library. Without a destructor it copies.
func newDispatchData(b []byte) objc.ID {
	id := fnDispatchDataCreate.Object(address(b), uintptr(len(b)), 0, 0)
	runtime.KeepAlive(b)
	return id
}

// A stringConstant is an exported NSString, read once.
type stringConstant struct {
	name string
	text atomic.Pointer[string]
}

// value is the constant's text; where no framework exports it, its name.
func (c *stringConstant) value() string {
	if text := c.text.Load(); text != nil {
		return *text
	}
	text := c.name
	if load() == nil {
		if library, err := purego.Dlopen(msgsend.Metal, purego.RTLD_LAZY|purego.RTLD_GLOBAL); err == nil {
			if symbol, err := purego.Dlsym(library, c.name); err == nil {
				text = objc.String(*(*objc.ID)(*(*unsafe.Pointer)(unsafe.Pointer(&symbol))))
			}
		}
	}
	c.text.Store(&text)
	return text
}
