//go:build !((darwin && !embedded) || (linux && objcnative))

package mtl

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/cpumetal"
	"github.com/aruminium-go/aruminium/objc"
)

// Load loads Metal, which every function that makes an object from nothing does too. The
// embedded runtime has it built in.
func Load() error {
	cpumetal.Load()
	return nil
}

func createSystemDefaultDevice() Device { return DeviceFromID(cpumetal.SystemDefaultDevice()) }

func copyAllDevices() []Device {
	ids := cpumetal.AllDevices()
	devices := make([]Device, len(ids))
	for i, id := range ids {
		devices[i] = DeviceFromID(id)
	}
	return devices
}

// copyAllDevicesWithObserver returns no observer: the CPU device neither comes nor goes.
func copyAllDevicesWithObserver(func(Device, string)) ([]Device, objc.ID) { return copyAllDevices(), 0 }

func removeDeviceObserver(objc.ID) {}

// The chunks of compressed files are those of Metal, which alone writes such files.
func ioCompressionContextDefaultChunkSize() uint { return 1 << 16 }

func ioCreateCompressionContext(string, IOCompressionMethod, uint) unsafe.Pointer { return nil }

func ioCompressionContextAppendData(unsafe.Pointer, []byte) {}

func ioFlushAndDestroyCompressionContext(unsafe.Pointer) IOCompressionStatus {
	return IOCompressionStatusError
}

// class is the class of a name as an object, nil if there is none.
func class(name string) objc.ID {
	cpumetal.Load()
	return objc.ID(lookupClass(name))
}

// newDispatchData makes the NSData of a compiled library.
func newDispatchData(b []byte) objc.ID { return objc.NewData(b) }

// A stringConstant is an exported NSString. Without a framework that exports it, its
// value is its name.
type stringConstant struct{ name string }

func (c *stringConstant) value() string { return c.name }

// An intConstant is an exported NSInteger. Without a framework that exports it, it is 0.
type intConstant struct{ name string }

func (c *intConstant) value() int { return 0 }
