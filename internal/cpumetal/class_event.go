package cpumetal

import (
	"math"
	"sync"
	"time"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// fenceObject is a MTLFence.
type fenceObject struct {
	label
	fence *Fence
}

// eventObject is a MTLEvent or MTLSharedEvent.
type eventObject struct {
	label
	event *Event
}

// eventHandle is a MTLSharedEventHandle.
type eventHandle struct {
	event *Event
	label string
}

func fenceOf(word uintptr) *Fence {
	if f, ok := objcrt.As[*fenceObject](objcrt.ID(word)); ok {
		return f.fence
	}
	return nil
}

func eventOf(word uintptr) *Event {
	if e, ok := objcrt.As[*eventObject](objcrt.ID(word)); ok {
		return e.event
	}
	return nil
}

var fenceLazy, eventLazy, sharedEventLazy, eventHandleLazy, listenerLazy objcrt.Lazy

func fenceClass() *objcrt.Class       { return fenceLazy.Class(defineFence) }
func eventClass() *objcrt.Class       { return eventLazy.Class(defineEvent) }
func sharedEventClass() *objcrt.Class { return sharedEventLazy.Class(defineSharedEvent) }
func eventHandleClass() *objcrt.Class { return eventHandleLazy.Class(defineEventHandle) }
func listenerClass() *objcrt.Class    { return listenerLazy.Class(defineListener) }

// labeledMethods are those of an object that has a label and a device.
func labeledMethods() []objcrt.Method {
	return append([]objcrt.Method{{Selector: "device", Encoding: "@@:", Func: deviceGetter}}, labelMethods()...)
}

func defineFence() objcrt.ClassDef {
	return objcrt.ClassDef{Name: "MTLCPUFence", Methods: labeledMethods()}
}

func defineEvent() objcrt.ClassDef {
	return objcrt.ClassDef{Name: "MTLCPUEvent", Methods: labeledMethods()}
}

func defineSharedEvent() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLCPUSharedEvent",
		Super: eventClass(),
		Methods: []objcrt.Method{
			{Selector: "signaledValue", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(value[*eventObject](o).event.Value())
			}},
			{Selector: "setSignaledValue:", Encoding: "v@:Q", Func: func(o *objcrt.Object, v uintptr) {
				value[*eventObject](o).event.Set(uint64(v))
			}},
			{Selector: "waitUntilSignaledValue:timeoutMS:", Encoding: "B@:QQ", Func: func(o *objcrt.Object, v, ms uintptr) uintptr {
				d := time.Duration(math.MaxInt64)
				if uint64(ms) < uint64(d/time.Millisecond) {
					d = time.Duration(ms) * time.Millisecond
				}
				return boolWord(value[*eventObject](o).event.WaitTimeout(uint64(v), d))
			}},
			{Selector: "notifyListener:atValue:block:", Encoding: "v@:@Q@?", Func: notify},
			{Selector: "newSharedEventHandle", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				e := value[*eventObject](o)
				return uintptr(eventHandleClass().New(&eventHandle{e.event, e.get()}))
			}},
		},
	}
}

func notify(o *objcrt.Object, listener, v, block uintptr) {
	l, ok := objcrt.As[*Listener](objcrt.ID(listener))
	if !ok {
		l = sharedListener()
	}
	event := objcrt.Retain(o.ID())
	objcrt.Retain(objcrt.ID(block))
	value[*eventObject](o).event.Notify(l, uint64(v), func(reached uint64) {
		objcrt.CallBlock(objcrt.ID(block), uintptr(event), uintptr(reached), 0, 0)
		objcrt.Release(objcrt.ID(block))
		objcrt.Release(event)
	})
}

func defineEventHandle() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLSharedEventHandle",
		Alloc: func() any { return new(eventHandle) },
		Methods: []objcrt.Method{
			{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[*eventHandle](o).label) }},
		},
	}
}

var sharedListener = sync.OnceValue(NewListener)

func defineListener() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLSharedEventListener",
		Alloc: func() any { return NewListener() },
		Methods: []objcrt.Method{
			// Notifications come from a goroutine, there is no queue to name.
			{Selector: "dispatchQueue", Encoding: "@@:", Func: always(0)},
		},
		ClassMethods: []objcrt.Method{
			{Selector: "sharedListener", Encoding: "@@:", Func: func(*objcrt.Object) uintptr {
				return uintptr(listenerClass().New(sharedListener()))
			}},
		},
	}
}
