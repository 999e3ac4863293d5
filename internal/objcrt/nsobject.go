package objcrt

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// NSObject returns the root class. Every other class has its methods.
func NSObject() *Class {
	if c := rootClass.Load(); c != nil {
		return c
	}
	rootOnce.Do(func() { rootClass.Store(defineRoot()) })
	return rootClass.Load()
}

var (
	rootOnce  sync.Once
	rootClass atomic.Pointer[Class]
)

func defineRoot() *Class {
	c, err := define(ClassDef{
		Name: "NSObject",
		Methods: []Method{
			{"init", "@@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"self", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
			{"retain", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
			{"release", "v@:", func(o *Object) { o.release() }},
			{"autorelease", "@@:", func(o *Object) uintptr {
				// The result is the sender's own reference, as every result is.
				o.retain()
				Autorelease(o.ID())
				return uintptr(o.ID())
			}},
			{"retainCount", "Q@:", func(o *Object) uintptr { return uintptr(o.refs.Load()) }},
			{"class", "#@:", func(o *Object) uintptr { return uintptr(o.class.object.ID()) }},
			{"superclass", "#@:", func(o *Object) uintptr { return o.class.super.handleOrNil() }},
			{"isKindOfClass:", "B@:#", func(o *Object, c uintptr) uintptr {
				other := ClassFromHandle(objctype.Class(c))
				return boolWord(other != nil && o.class.IsKindOf(other))
			}},
			{"isMemberOfClass:", "B@:#", func(o *Object, c uintptr) uintptr {
				return boolWord(ClassFromHandle(objctype.Class(c)) == o.class)
			}},
			{"respondsToSelector:", "B@::", func(o *Object, s uintptr) uintptr {
				return boolWord(o.method(SEL(s)) != nil)
			}},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr { return boolWord(ID(other) == o.ID()) }},
			{"description", "@@:", func(o *Object) uintptr {
				return uintptr(NewString(fmt.Sprintf("<%s: %#x>", o.class.name, uintptr(o.ID()))))
			}},
			{"copy", "@@:", func(o *Object) uintptr { return uintptr(newObject(o.class, o.class.copy(o)).ID()) }},
		},
		ClassMethods: []Method{
			{"alloc", "@#:", allocate},
			{"new", "@#:", allocate},
			{"self", "#@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"class", "#@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"superclass", "#@:", func(o *Object) uintptr { return o.value.(*Class).super.handleOrNil() }},
			{"retain", "@@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"release", "v@:", func(*Object) {}},
			{"autorelease", "@@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"retainCount", "Q@:", func(*Object) uintptr { return immortal }},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(o.ID()) }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr { return boolWord(ID(other) == o.ID()) }},
			{"respondsToSelector:", "B@::", func(o *Object, s uintptr) uintptr {
				return boolWord(o.method(SEL(s)) != nil)
			}},
			{"description", "@@:", func(o *Object) uintptr { return uintptr(NewString(o.class.name)) }},
			{"instancesRespondToSelector:", "B@::", func(o *Object, s uintptr) uintptr {
				return boolWord(o.value.(*Class).table.at(SEL(s)) != nil)
			}},
		},
	}, map[string]need{"copy": needsCopy, "alloc": needsAlloc, "new": needsAlloc})
	if err != nil {
		panic(err.Error())
	}
	return c
}

func allocate(o *Object) uintptr {
	c := o.value.(*Class)
	return uintptr(newObject(c, c.alloc()).ID())
}

func (c *Class) handleOrNil() uintptr {
	if c == nil {
		return 0
	}
	return uintptr(c.object.ID())
}

func boolWord(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}
