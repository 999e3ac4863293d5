package objcrt

import (
	"fmt"
	"strings"
	"sync"
)

type arrayValue struct{ items []ID }

func arrayOf(o *Object) *arrayValue { return o.value.(*arrayValue) }

var arrayLazy Lazy

func arrayClass() *Class { return arrayLazy.Class(defineArray) }

func defineArray() ClassDef {
	return ClassDef{
		Name:    "NSArray",
		Alloc:   func() any { return &arrayValue{} },
		Dealloc: func(o *Object) { releaseAll(arrayOf(o).items) },
		Methods: []Method{
			{"initWithObjects:count:", "@@:r^@Q", func(o *Object, p, n uintptr) uintptr {
				items := idsAt(p, n)
				noNil(o, "initWithObjects:count:", items)
				o.value = &arrayValue{retainAll(items)}
				return uintptr(o.ID())
			}},
			{"count", "Q@:", func(o *Object) uintptr { return uintptr(len(arrayOf(o).items)) }},
			{"objectAtIndex:", "@@:Q", func(o *Object, i uintptr) uintptr {
				items := arrayOf(o).items
				if i >= uintptr(len(items)) {
					raise(o, "objectAtIndex:", fmt.Sprintf("index %d beyond bounds [0 .. %d)", i, len(items)))
				}
				return uintptr(Retain(items[i]))
			}},
			{"firstObject", "@@:", func(o *Object) uintptr {
				if items := arrayOf(o).items; len(items) > 0 {
					return uintptr(Retain(items[0]))
				}
				return 0
			}},
			{"lastObject", "@@:", func(o *Object) uintptr {
				if items := arrayOf(o).items; len(items) > 0 {
					return uintptr(Retain(items[len(items)-1]))
				}
				return 0
			}},
			{"containsObject:", "B@:@", func(o *Object, x uintptr) uintptr {
				for _, id := range arrayOf(o).items {
					if Equal(id, ID(x)) {
						return 1
					}
				}
				return 0
			}},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr {
				v, ok := As[*arrayValue](ID(other))
				items := arrayOf(o).items
				if !ok || len(v.items) != len(items) {
					return 0
				}
				for i, id := range items {
					if !Equal(id, v.items[i]) {
						return 0
					}
				}
				return 1
			}},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(len(arrayOf(o).items)) }},
			{"description", "@@:", func(o *Object) uintptr {
				var b strings.Builder
				b.WriteByte('(')
				for i, id := range arrayOf(o).items {
					if i > 0 {
						b.WriteString(", ")
					}
					b.WriteString(Description(id))
				}
				b.WriteByte(')')
				return uintptr(NewString(b.String()))
			}},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
		ClassMethods: []Method{
			{"arrayWithObjects:count:", "@@:r^@Q", func(c *Object, p, n uintptr) uintptr {
				items := idsAt(p, n)
				noNil(c, "arrayWithObjects:count:", items)
				return uintptr(NewArray(items))
			}},
			{"array", "@@:", func(*Object) uintptr { return uintptr(NewArray(nil)) }},
		},
	}
}

func noNil(o *Object, selector string, items []ID) {
	for i, id := range items {
		if id == 0 {
			raise(o, selector, fmt.Sprintf("attempt to insert nil object at %d", i))
		}
	}
}

// NewArray makes an NSArray, which retains the objects. The reference is the
// caller's.
func NewArray(items []ID) ID { return arrayClass().New(&arrayValue{retainAll(items)}) }

// ArrayItems returns the objects of an NSArray, nil for what is none. They are
// borrowed from the array, and the slice is the array's own.
func ArrayItems(id ID) []ID {
	if v, ok := As[*arrayValue](id); ok {
		return v.items
	}
	return nil
}

var selDescription = sync.OnceValue(func() SEL { return RegisterSelector("description") })

// Description returns an object's description as a Go string, "(null)" for nil.
func Description(id ID) string {
	if id == 0 {
		return "(null)"
	}
	d := ID(Send0(id, selDescription()))
	defer Release(d)
	return GoString(d)
}
