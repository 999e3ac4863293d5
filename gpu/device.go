package gpu

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Device is a GPU, or the CPU that stands in for one: a MTLDevice.
// It is for any goroutine. What it has made lives on when it is closed.
type Device struct {
	h   *device
	net runtime.Cleanup
}

// device is what the objects made by a Device share with it. It lives until the last of them is
// closed.
type device struct {
	life   *launch.Life
	raw    mtl.Device
	name   string
	limits launch.Limits
}

// Open returns the system's default device, MTLCreateSystemDefaultDevice. A process without
// a GUI session may have none; then the first of All that is not a low-power one is taken.
// The error wraps ErrNoDevice and says what was tried. The caller closes the device.
func Open() (*Device, error) {
	if err := mtl.Load(); err != nil {
		return nil, fmt.Errorf("gpu: Open: %w: Metal cannot be loaded: %w", ErrNoDevice, err)
	}
	if raw := mtl.CreateSystemDefaultDevice(); !raw.IsNil() {
		return newDevice(raw), nil
	}
	all := mtl.CopyAllDevices()
	if len(all) == 0 {
		return nil, fmt.Errorf("gpu: Open: %w: MTLCreateSystemDefaultDevice gave nil and MTLCopyAllDevices gave none", ErrNoDevice)
	}
	best := 0
	for i, d := range all {
		if !d.IsLowPower() {
			best = i
			break
		}
	}
	for i, d := range all {
		if i != best {
			d.Release()
		}
	}
	return newDevice(all[best]), nil
}

// All returns every device of the system, MTLCopyAllDevices. Its error wraps ErrNoDevice if there
// are none. The caller closes each.
func All() ([]*Device, error) {
	if err := mtl.Load(); err != nil {
		return nil, fmt.Errorf("gpu: All: %w: Metal cannot be loaded: %w", ErrNoDevice, err)
	}
	raw := mtl.CopyAllDevices()
	if len(raw) == 0 {
		// Some sandboxed processes see only the default device.
		if d := mtl.CreateSystemDefaultDevice(); !d.IsNil() {
			raw = append(raw, d)
		}
	}
	if len(raw) == 0 {
		return nil, fmt.Errorf("gpu: All: %w: MTLCopyAllDevices gave none and MTLCreateSystemDefaultDevice gave nil", ErrNoDevice)
	}
	all := make([]*Device, len(raw))
	for i, d := range raw {
		all[i] = newDevice(d)
	}
	return all, nil
}

// FromRaw makes a Device of a MTLDevice that other code owns, and retains it. The caller closes
// the Device and still owns what it gave.
func FromRaw(id objc.ID) (*Device, error) {
	raw := mtl.DeviceFromID(id)
	if raw.IsNil() {
		return nil, errors.New("gpu: FromRaw: the device is nil")
	}
	for _, sel := range []string{"registryID", "newCommandQueue", "maxBufferLength"} {
		if !raw.RespondsTo(sel) {
			return nil, fmt.Errorf("gpu: FromRaw: the object is no MTLDevice: it does not respond to %s", sel)
		}
	}
	raw.Retain()
	return newDevice(raw), nil
}

// FromRawWithQueue is FromRaw of a device with a MTLCommandQueue of it. Both are retained.
func FromRawWithQueue(deviceID, queueID objc.ID) (*Device, *Queue, error) {
	d, err := FromRaw(deviceID)
	if err != nil {
		return nil, nil, err
	}
	raw := mtl.CommandQueueFromID(queueID)
	if raw.IsNil() {
		d.Close()
		return nil, nil, errors.New("gpu: FromRawWithQueue: the queue is nil")
	}
	if !raw.RespondsTo("commandBuffer") {
		d.Close()
		return nil, nil, errors.New("gpu: FromRawWithQueue: the object is no MTLCommandQueue: it does not respond to commandBuffer")
	}
	of := raw.Device()
	same := of.ID() == d.h.raw.ID() || of.RegistryID() == d.h.limits.Device
	of.Release()
	if !same {
		d.Close()
		return nil, nil, errors.New("gpu: FromRawWithQueue: the queue belongs to another device")
	}
	raw.Retain()
	return d, d.h.newQueue(raw), nil
}

// AutoreleasePool runs f with an autorelease pool of its own on a locked thread. Nothing in this
// package needs one; it is for code in f that sends messages itself.
func AutoreleasePool(f func()) { objc.AutoreleasePool(f) }

// newDevice takes over the caller's reference.
func newDevice(raw mtl.Device) *Device {
	traceFromEnvironment()
	group := raw.MaxThreadsPerThreadgroup()
	d := &device{
		raw:  raw,
		name: raw.Name(),
		limits: launch.Limits{
			Device:            raw.RegistryID(),
			Group:             launch.Size{X: int(group.Width), Y: int(group.Height), Z: int(group.Depth)},
			ThreadgroupMemory: int(raw.MaxThreadgroupMemoryLength()),
			Buffer:            clampInt(uint64(raw.MaxBufferLength())),
		},
	}
	d.life = launch.NewLife(raw.Release)
	dev := &Device{h: d}
	dev.net = runtime.AddCleanup(dev, func(d *device) { forgotten(d.life, "Device", d.name) }, d)
	return dev
}

// forgotten closes what its user did not, and tells of it.
func forgotten(l *launch.Life, kind, name string) {
	if l.Close() {
		logger().Warn("gpu: an object was not closed", "kind", kind, "name", name)
	}
}

func clampInt(n uint64) int { return int(min(n, 1<<63-1)) }

// use holds the device for one call, or says why it cannot be used.
func (d *Device) use(op string) error {
	if d.none() {
		return errNone("Device."+op, "device")
	}
	if !d.h.life.Hold() {
		return fmt.Errorf("gpu: Device.%s: the device is closed: %w", op, ErrClosed)
	}
	return nil
}

// done ends what use began.
func (d *Device) done() { d.h.life.Drop() }

// Close ends the use of the device. What was made with it stays usable until it is closed itself.
// Close may be called again and on nil.
func (d *Device) Close() error {
	if !d.none() && d.h.life.Close() {
		d.net.Stop()
	}
	return nil
}

// Raw is the MTLDevice. The Device owns it: retain what is to outlive Close.
func (d *Device) Raw() objc.ID {
	if d.none() {
		return 0
	}
	return d.h.raw.ID()
}

// Name is the device's name.
func (d *Device) Name() string {
	if d.none() {
		return ""
	}
	return d.h.name
}

// HasUnifiedMemory tells whether the CPU and the device share their memory.
func (d *Device) HasUnifiedMemory() bool {
	if d.use("HasUnifiedMemory") != nil {
		return false
	}
	defer d.done()
	return d.h.raw.HasUnifiedMemory()
}

func (d *Device) limits() launch.Limits {
	if d.none() {
		return launch.Limits{}
	}
	return d.h.limits
}

// MaxBufferLength is the most bytes that one buffer can have.
func (d *Device) MaxBufferLength() int { return d.limits().Buffer }

// MaxThreadsPerThreadgroup is the most threads that a threadgroup can have along each axis. A
// pipeline has a limit of its own on the product: Pipeline.MaxTotalThreadsPerThreadgroup.
func (d *Device) MaxThreadsPerThreadgroup() Size { return Size(d.limits().Group) }

// MaxThreadgroupMemory is the most bytes of threadgroup memory that a threadgroup can have.
func (d *Device) MaxThreadgroupMemory() int { return d.limits().ThreadgroupMemory }

// RecommendedMaxWorkingSetSize is how many bytes of memory the device can use without a loss of
// speed.
func (d *Device) RecommendedMaxWorkingSetSize() int {
	if d.use("RecommendedMaxWorkingSetSize") != nil {
		return 0
	}
	defer d.done()
	return clampInt(d.h.raw.RecommendedMaxWorkingSetSize())
}

// Allocated is how many bytes of memory this process has allocated on the device now.
func (d *Device) Allocated() int {
	if d.use("Allocated") != nil {
		return 0
	}
	defer d.done()
	return clampInt(uint64(d.h.raw.CurrentAllocatedSize()))
}
