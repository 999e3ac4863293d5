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
			{"init", "@@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"self", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.id) }},
			{"retain", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.id) }},
			{"release", "v@:", func(o *Object) { o.release() }},
			{"autorelease", "@@:", func(o *Object) uintptr {
				// The result is the sender's own reference, as every result is.
				o.retain()
				Autorelease(o.id)
				return uintptr(o.id)
			}},
			{"retainCount", "Q@:", func(o *Object) uintptr { return uintptr(o.refs.Load()) }},
			{"class", "#@:", func(o *Object) uintptr { return uintptr(o.class.object.id) }},
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
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr { return boolWord(ID(other) == o.id) }},
			{"description", "@@:", func(o *Object) uintptr {
				return uintptr(NewString(fmt.Sprintf("<%s: %#x>", o.class.name, uintptr(o.id))))
			}},
			{"copy", "@@:", func(o *Object) uintptr { return uintptr(newObject(o.class, o.class.copy(o)).id) }},
		},
		ClassMethods: []Method{
			{"alloc", "@#:", allocate},
			{"new", "@#:", allocate},
			{"self", "#@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"class", "#@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"superclass", "#@:", func(o *Object) uintptr { return o.value.(*Class).super.handleOrNil() }},
			{"retain", "@@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"release", "v@:", func(*Object) {}},
			{"autorelease", "@@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"retainCount", "Q@:", func(*Object) uintptr { return immortal }},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(o.id) }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr { return boolWord(ID(other) == o.id) }},
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
	return uintptr(newObject(c, c.alloc()).id)
}

func (c *Class) handleOrNil() uintptr {
	if c == nil {
		return 0
	}
	return uintptr(c.object.id)
}

func boolWord(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}
