//go:build (darwin && !embedded) || (linux && objcnative)

package mtl

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

var (
	fnCreateSystemDefaultDevice  = msgsend.Func{Library: msgsend.Metal, Name: "MTLCreateSystemDefaultDevice", Owned: true}
	fnCopyAllDevices             = msgsend.Func{Library: msgsend.Metal, Name: "MTLCopyAllDevices", Owned: true}
	fnCopyAllDevicesWithObserver = msgsend.Func{Library: msgsend.Metal, Name: "MTLCopyAllDevicesWithObserver", Owned: true}
	fnRemoveDeviceObserver       = msgsend.Func{Library: msgsend.Metal, Name: "MTLRemoveDeviceObserver"}
	fnIODefaultChunkSize         = msgsend.Func{Library: msgsend.Metal, Name: "MTLIOCompressionContextDefaultChunkSize"}
	fnIOCreate                   = msgsend.Func{Library: msgsend.Metal, Name: "MTLIOCreateCompressionContext"}
	fnIOAppend                   = msgsend.Func{Library: msgsend.Metal, Name: "MTLIOCompressionContextAppendData"}
	fnIOFlush                    = msgsend.Func{Library: msgsend.Metal, Name: "MTLIOFlushAndDestroyCompressionContext"}
	fnDispatchDataCreate         = msgsend.Func{Library: "/usr/lib/libSystem.B.dylib", Name: "dispatch_data_create", Owned: true}
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

// copyAllDevicesWithObserver returns an observer that is the caller's; none where nothing observes.
func copyAllDevicesWithObserver(handler func(Device, string)) ([]Device, objc.ID) {
	if load() != nil || fnCopyAllDevicesWithObserver.Find() != nil {
		return copyAllDevices(), 0
	}
	block := msgsend.NewBlock(func(device, name, _, _ uintptr) {
		if handler != nil {
			handler(DeviceFromID(objc.ID(device)), objc.String(objc.ID(name)))
		}
	})
	defer msgsend.ReleaseBlock(block)
	observer := new(objc.ID)
	devices := fnCopyAllDevicesWithObserver.Object(msgsend.Addr(unsafe.Pointer(observer)), uintptr(block))
	runtime.KeepAlive(observer)
	return takeArray(devices, DeviceFromID), *observer
}

func removeDeviceObserver(observer objc.ID) { fnRemoveDeviceObserver.Word(uintptr(observer)) }

func ioCompressionContextDefaultChunkSize() uint { return uint(fnIODefaultChunkSize.Word()) }

// cString is the bytes of a C string.
func cString(s string) []byte { return append([]byte(s), 0) }

func ioCreateCompressionContext(path string, method IOCompressionMethod, chunkSize uint) unsafe.Pointer {
	text := cString(path)
	context := fnIOCreate.Word(address(text), uintptr(method), uintptr(chunkSize))
	runtime.KeepAlive(text)
	return pointer(context)
}

func ioCompressionContextAppendData(context unsafe.Pointer, data []byte) {
	fnIOAppend.Word(uintptr(context), address(data), uintptr(len(data)))
	runtime.KeepAlive(data)
}

// ioFlushAndDestroyCompressionContext does not pass nil on, which Metal would crash of.
func ioFlushAndDestroyCompressionContext(context unsafe.Pointer) IOCompressionStatus {
	if context == nil || fnIOFlush.Find() != nil {
		return IOCompressionStatusError
	}
	return IOCompressionStatus(fnIOFlush.Word(uintptr(context)))
}

// class is the class of a name as an object, nil if there is none.
func class(name string) objc.ID {
	if load() != nil {
		return 0
	}
	if c := lookupClass(name); c != 0 || !strings.HasPrefix(name, "CA") {
		return objc.ID(c)
	}
	if msgsend.Load(quartzCore) != nil {
		return 0
	}
	return objc.ID(lookupClass(name))
}

// quartzCore has the layers.
const quartzCore = "/System/Library/Frameworks/QuartzCore.framework/QuartzCore"

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
	if p := exported(c.name); p != nil {
		text = objc.String(*(*objc.ID)(p))
	}
	c.text.Store(&text)
	return text
}

// An intConstant is an exported NSInteger.
type intConstant struct{ name string }

// value is the constant; 0 where no framework exports it.
func (c *intConstant) value() int {
	if p := exported(c.name); p != nil {
		return *(*int)(p)
	}
	return 0
}

// exported is where Metal has a variable, nil if it has none of the name.
func exported(name string) unsafe.Pointer {
	if load() != nil {
		return nil
	}
	library, err := purego.Dlopen(msgsend.Metal, purego.RTLD_LAZY|purego.RTLD_GLOBAL)
	if err != nil {
		return nil
	}
	symbol, err := purego.Dlsym(library, name)
	if err != nil {
		return nil
	}
	return pointer(symbol)
}
