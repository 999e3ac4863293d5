package gpu

import (
	"errors"
	"fmt"
	"os"

	"github.com/aruminium-go/aruminium/objc"
)

// Capture runs f and writes what the device did meanwhile to a .gputrace at path, for Xcode:
// MTLCaptureManager. The system allows it to processes started with MTL_CAPTURE_ENABLED=1, and
// does not write over a trace. Where nothing can be captured, on the CPU device above all, the
// error wraps ErrUnsupported and f is not run. Otherwise the error is f's.
func (d *Device) Capture(path string, f func() error) error {
	if err := d.use("Capture"); err != nil {
		return err
	}
	defer d.done()
	if f == nil {
		return errors.New("gpu: Device.Capture: the function is nil")
	}
	class := objc.GetClass("MTLCaptureManager")
	if class == 0 {
		return fmt.Errorf("gpu: Device.Capture: %s cannot be captured: %w", d.h.name, ErrUnsupported)
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("gpu: Device.Capture: %s is there already: remove it first: %w", path, os.ErrExist)
	}
	manager := objc.SendObject(objc.ID(class), &selSharedCaptureManager)
	defer objc.Release(manager)
	const gpuTraceDocument = 2 // MTLCaptureDestinationGPUTraceDocument
	if !objc.SendBool(manager, &selSupportsDestination, gpuTraceDocument) {
		return fmt.Errorf("gpu: Device.Capture: this process may not capture: start it with MTL_CAPTURE_ENABLED=1: %w", ErrUnsupported)
	}
	desc := objc.SendObject(objc.ID(objc.GetClass("MTLCaptureDescriptor")), &selNew)
	defer objc.Release(desc)
	url := objc.NewFileURL(path)
	defer objc.Release(url)
	objc.Send(desc, &selSetCaptureObject, uintptr(d.h.raw.ID()))
	objc.Send(desc, &selSetDestination, gpuTraceDocument)
	objc.Send(desc, &selSetOutputURL, uintptr(url))
	if err := objc.SendBoolErr(manager, &selStartCapture, uintptr(desc)); err != nil {
		return fmt.Errorf("gpu: Device.Capture: %w", err)
	}
	defer objc.Send(manager, &selStopCapture)
	return f()
}

var (
	selNew                  = objc.Selector{Name: "new"}
	selSharedCaptureManager = objc.Selector{Name: "sharedCaptureManager"}
	selSupportsDestination  = objc.Selector{Name: "supportsDestination:"}
	selSetCaptureObject     = objc.Selector{Name: "setCaptureObject:"}
	selSetDestination       = objc.Selector{Name: "setDestination:"}
	selSetOutputURL         = objc.Selector{Name: "setOutputURL:"}
	selStartCapture         = objc.Selector{Name: "startCaptureWithDescriptor:error:"}
	selStopCapture          = objc.Selector{Name: "stopCapture"}
)
