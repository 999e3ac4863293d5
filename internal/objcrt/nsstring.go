package objcrt

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// stringValue is the value of an NSString: UTF-8, and the same with a final NUL
// once somebody asks for a C string.
type stringValue struct {
	s string
	c atomic.Pointer[byte]
}

func (v *stringValue) cString() uintptr {
	p := v.c.Load()
	if p == nil {
		b := make([]byte, len(v.s)+1)
		copy(b, v.s)
		if !v.c.CompareAndSwap(nil, &b[0]) {
			return uintptr(unsafe.Pointer(v.c.Load()))
		}
		p = &b[0]
	}
	return uintptr(unsafe.Pointer(p))
}

func stringOf(o *Object) *stringValue { return o.value.(*stringValue) }

var hashSeed = sync.OnceValue(maphash.MakeSeed)

var stringLazy Lazy

func stringClass() *Class { return stringLazy.Class(defineString) }

func defineString() ClassDef {
	return ClassDef{
		Name:  "NSString",
		Alloc: func() any { return &stringValue{} },
		Methods: []Method{
			{"initWithBytes:length:encoding:", "@@:r^vQQ", func(o *Object, p, n, encoding uintptr) uintptr {
				b := Bytes(p, int(n))
				if encoding != utf8Encoding || !utf8.Valid(b) {
					o.release()
					return 0
				}
				o.value = &stringValue{s: string(b)}
				return uintptr(o.ID())
			}},
			{"initWithUTF8String:", "@@:r*", func(o *Object, p uintptr) uintptr {
				s := cText(p)
				if !utf8.ValidString(s) {
					o.release()
					return 0
				}
				o.value = &stringValue{s: s}
				return uintptr(o.ID())
			}},
			{"UTF8String", "r*@:", func(o *Object) uintptr { return stringOf(o).cString() }},
			{"length", "Q@:", func(o *Object) uintptr { return utf16Len(stringOf(o).s) }},
			{"lengthOfBytesUsingEncoding:", "Q@:Q", func(o *Object, encoding uintptr) uintptr {
				if encoding != utf8Encoding {
					return 0
				}
				return uintptr(len(stringOf(o).s))
			}},
			{"dataUsingEncoding:", "@@:Q", func(o *Object, encoding uintptr) uintptr {
				if encoding != utf8Encoding {
					return 0
				}
				return uintptr(NewData([]byte(stringOf(o).s)))
			}},
			{"isEqualToString:", "B@:@", equalStrings},
			{"isEqual:", "B@:@", equalStrings},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(maphash.String(hashSeed(), stringOf(o).s)) }},
			{"description", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
		ClassMethods: []Method{
			{"stringWithUTF8String:", "@@:r*", func(_ *Object, p uintptr) uintptr {
				s := cText(p)
				if !utf8.ValidString(s) {
					return 0
				}
				return uintptr(NewString(s))
			}},
			{"string", "@@:", func(*Object) uintptr { return uintptr(NewString("")) }},
		},
	}
}

func equalStrings(o *Object, other uintptr) uintptr {
	v, ok := As[*stringValue](ID(other))
	return boolWord(ok && v.s == stringOf(o).s)
}

// cText reads a C string.
func cText(p uintptr) string {
	if p == 0 {
		return ""
	}
	n := 0
	for *(*byte)(Pointer(p + uintptr(n))) != 0 {
		n++
	}
	return string(Bytes(p, n))
}

// utf16Len is a string's length as NSString counts it, in UTF-16 units.
func utf16Len(s string) uintptr {
	n := uintptr(0)
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// NewString makes an NSString. The reference is the caller's.
func NewString(s string) ID { return stringClass().New(&stringValue{s: s}) }

// GoString returns the text of an NSString, "" for nil and for what is none.
func GoString(id ID) string {
	if v, ok := As[*stringValue](id); ok {
		return v.s
	}
	return ""
}
