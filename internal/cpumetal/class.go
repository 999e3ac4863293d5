package cpumetal

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// SystemDefaultDevice returns the device as an object, owned by the caller. It
// is the same object each time. MTLCreateSystemDefaultDevice
func SystemDefaultDevice() objcrt.ID { return objcrt.Retain(deviceObject()) }

// AllDevices returns the devices there are, each owned by the caller.
// MTLCopyAllDevices
func AllDevices() []objcrt.ID { return []objcrt.ID{SystemDefaultDevice()} }

var device struct {
	once sync.Once
	id   objcrt.ID
}

// deviceObject returns the one device object; it is never destroyed.
func deviceObject() objcrt.ID {
	device.once.Do(func() { device.id = deviceClass().New(SystemDevice()) })
	return device.id
}

// Load declares the classes that programs make objects of by name.
func Load() { load() }

var load = sync.OnceFunc(func() {
	for _, class := range []func() *objcrt.Class{
		compileOptionsClass, pipelineDescriptorClass, pipelineBufferClass, pipelineBuffersClass, queueDescriptorClass,
		commandBufferDescriptorClass, logStateDescriptorClass, computePassClass, computeAttachmentClass, computeAttachmentsClass, blitPassClass, blitAttachmentClass, blitAttachmentsClass, sampleBufferDescriptorClass, constantValuesClass, constantClass, listenerClass, eventHandleClass,
		textureDescriptorClass, samplerDescriptorClass, heapDescriptorClass, argumentDescriptorClass, architectureClass, reflectionClass, typeClass, structTypeClass, structMemberClass, arrayTypeClass, pointerTypeClass, textureReferenceClass,
	} {
		class()
	}
})

// What methods share.

// value returns the Go value of an object that a class of this package made.
func value[T any](o *objcrt.Object) T { return o.Value().(T) }

func boolWord(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

// isTrue reads a BOOL, of which only the low byte counts.
func isTrue(word uintptr) bool { return uint8(word) != 0 }

// newString returns an owned NSString, nil for "".
func newString(s string) uintptr {
	if s == "" {
		return 0
	}
	return uintptr(objcrt.NewString(s))
}

func goString(word uintptr) string { return objcrt.GoString(objcrt.ID(word)) }

// retained returns an object as the result of a getter.
func retained(id objcrt.ID) uintptr { return uintptr(objcrt.Retain(id)) }

func deviceGetter(*objcrt.Object) uintptr { return retained(deviceObject()) }

// always returns a method without arguments that answers one word.
func always(word uintptr) func(*objcrt.Object) uintptr {
	return func(*objcrt.Object) uintptr { return word }
}

// size3 makes a MTLSize from its three words.
func size3(x, y, z uintptr) Size3 { return Size3{uint64(x), uint64(y), uint64(z)} }

// newArray returns an owned NSArray of objects, whose references it takes.
func newArray(items []objcrt.ID) objcrt.ID {
	array := objcrt.NewArray(items)
	for _, id := range items {
		objcrt.Release(id)
	}
	return array
}

func stringArray(list []string) objcrt.ID {
	items := make([]objcrt.ID, len(list))
	for i, s := range list {
		items[i] = objcrt.NewString(s)
	}
	return newArray(items)
}

// label is the settable name of an object that has no other use for it.
type label struct {
	mu   sync.Mutex
	text string
}

func (l *label) get() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text
}

func (l *label) set(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = text
}

// labeled is an object with a label.
type labeled interface{ labelOf() *label }

func (l *label) labelOf() *label { return l }

// labelMethods returns label and setLabel: of a class whose values are labeled.
func labelMethods() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return newString(value[labeled](o).labelOf().get())
		}},
		{Selector: "setLabel:", Encoding: "v@:@", Func: func(o *objcrt.Object, text uintptr) {
			value[labeled](o).labelOf().set(goString(text))
		}},
	}
}

// storeError stores an owned NSError through an NSError ** argument; it does
// nothing if err is nil.
func storeError(out uintptr, err *Error) {
	if err != nil && out != 0 {
		objcrt.StoreOut(out, errorObject(err))
	}
}

// errorObject makes an NSError, owned by the caller; nil if err is nil.
func errorObject(err *Error) objcrt.ID {
	if err == nil {
		return 0
	}
	if err.Encoders == nil {
		return objcrt.NewError(err.Domain, err.Code, err.Text)
	}
	infos := make([]objcrt.ID, len(err.Encoders))
	for i := range err.Encoders {
		infos[i] = encoderInfoClass().New(&err.Encoders[i])
	}
	keys := []objcrt.ID{objcrt.NewString(objcrt.LocalizedDescriptionKey), objcrt.NewString(encoderInfoKey)}
	values := []objcrt.ID{objcrt.NewString(err.Text), newArray(infos)}
	info := objcrt.NewDictionary(keys, values)
	object := objcrt.NewErrorInfo(err.Domain, err.Code, info)
	for _, id := range append(append(keys, values...), info) {
		objcrt.Release(id)
	}
	return object
}

// callBlock calls a block with one object and gives up the block.
func callBlock(block, object uintptr) {
	objcrt.CallBlock(objcrt.ID(block), object, 0, 0, 0)
	objcrt.Release(objcrt.ID(block))
}

// releaseObject gives up an object.
func releaseObject(object, _ uintptr) { objcrt.Release(objcrt.ID(object)) }
