package objcrt

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"unsafe"
)

type dataValue struct{ b []byte }

func dataOf(o *Object) *dataValue { return o.value.(*dataValue) }

var dataLazy Lazy

func dataClass() *Class { return dataLazy.Class(defineData) }

func defineData() ClassDef {
	return ClassDef{
		Name:  "NSData",
		Alloc: func() any { return &dataValue{} },
		Methods: []Method{
			{"initWithBytes:length:", "@@:r^vQ", func(o *Object, p, n uintptr) uintptr {
				o.value = &dataValue{bytes.Clone(Bytes(p, int(n)))}
				return uintptr(o.ID())
			}},
			{"bytes", "r^v@:", func(o *Object) uintptr {
				return uintptr(unsafe.Pointer(unsafe.SliceData(dataOf(o).b)))
			}},
			{"length", "Q@:", func(o *Object) uintptr { return uintptr(len(dataOf(o).b)) }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr {
				v, ok := As[*dataValue](ID(other))
				return boolWord(ok && bytes.Equal(v.b, dataOf(o).b))
			}},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(maphash.Bytes(hashSeed(), dataOf(o).b)) }},
			{"description", "@@:", func(o *Object) uintptr {
				b := dataOf(o).b
				return uintptr(NewString(fmt.Sprintf("{length = %d, bytes = 0x%x}", len(b), b[:min(len(b), 24)])))
			}},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
		ClassMethods: []Method{
			{"dataWithBytes:length:", "@@:r^vQ", func(_ *Object, p, n uintptr) uintptr {
				return uintptr(NewData(Bytes(p, int(n))))
			}},
		},
	}
}

// NewData makes an NSData with a copy of b. The reference is the caller's.
func NewData(b []byte) ID { return dataClass().New(&dataValue{bytes.Clone(b)}) }

// DataBytes returns the bytes of an NSData, nil for what is none. They are the
// object's own: not to be changed.
func DataBytes(id ID) []byte {
	if v, ok := As[*dataValue](id); ok {
		return v.b
	}
	return nil
}
