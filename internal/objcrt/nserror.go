package objcrt

import (
	"fmt"
)

// Keys of an NSError's userInfo. Their values are the strings of the same
// names, as Foundation exports them.
const (
	LocalizedDescriptionKey        = "NSLocalizedDescription"
	LocalizedFailureReasonKey      = "NSLocalizedFailureReason"
	LocalizedRecoverySuggestionKey = "NSLocalizedRecoverySuggestion"
	UnderlyingErrorKey             = "NSUnderlyingError"
	MultipleUnderlyingErrorsKey    = "NSMultipleUnderlyingErrorsKey"
)

type errorValue struct {
	domain ID
	code   int
	info   ID // NSDictionary or nil
}

func errorOf(o *Object) *errorValue { return o.value.(*errorValue) }

// infoText returns a text from the userInfo as an owned object, or nil.
func (e *errorValue) infoValue(key string) ID {
	if v, ok := As[*dictionaryValue](e.info); ok {
		k := NewString(key)
		defer Release(k)
		return Retain(v.get(k))
	}
	return 0
}

func (e *errorValue) describe() ID {
	if d := e.infoValue(LocalizedDescriptionKey); d != 0 {
		return d
	}
	return NewString(fmt.Sprintf("The operation couldn’t be completed. (%s error %d.)", GoString(e.domain), e.code))
}

var errorLazy Lazy

func errorClass() *Class { return errorLazy.Class(defineError) }

func defineError() ClassDef {
	return ClassDef{
		Name:  "NSError",
		Alloc: func() any { return &errorValue{} },
		Dealloc: func(o *Object) {
			e := errorOf(o)
			Release(e.domain)
			Release(e.info)
		},
		Methods: []Method{
			{"initWithDomain:code:userInfo:", "@@:@q@", func(o *Object, domain, code, info uintptr) uintptr {
				o.value = &errorValue{Retain(ID(domain)), int(code), Retain(ID(info))}
				return uintptr(o.ID())
			}},
			{"domain", "@@:", func(o *Object) uintptr { return uintptr(Retain(errorOf(o).domain)) }},
			{"code", "q@:", func(o *Object) uintptr { return uintptr(errorOf(o).code) }},
			{"userInfo", "@@:", func(o *Object) uintptr {
				if info := errorOf(o).info; info != 0 {
					return uintptr(Retain(info))
				}
				return uintptr(NewDictionary(nil, nil))
			}},
			{"localizedDescription", "@@:", func(o *Object) uintptr { return uintptr(errorOf(o).describe()) }},
			{"localizedFailureReason", "@@:", func(o *Object) uintptr {
				return uintptr(errorOf(o).infoValue(LocalizedFailureReasonKey))
			}},
			{"localizedRecoverySuggestion", "@@:", func(o *Object) uintptr {
				return uintptr(errorOf(o).infoValue(LocalizedRecoverySuggestionKey))
			}},
			{"underlyingErrors", "@@:", func(o *Object) uintptr {
				e := errorOf(o)
				if many := e.infoValue(MultipleUnderlyingErrorsKey); many != 0 {
					return uintptr(many)
				}
				if one := e.infoValue(UnderlyingErrorKey); one != 0 {
					defer Release(one)
					return uintptr(NewArray([]ID{one}))
				}
				return uintptr(NewArray(nil))
			}},
			{"description", "@@:", func(o *Object) uintptr {
				e := errorOf(o)
				d := e.describe()
				defer Release(d)
				return uintptr(NewString(fmt.Sprintf("Error Domain=%s Code=%d %q", GoString(e.domain), e.code, GoString(d))))
			}},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
		ClassMethods: []Method{
			{"errorWithDomain:code:userInfo:", "@@:@q@", func(_ *Object, domain, code, info uintptr) uintptr {
				return uintptr(errorClass().New(&errorValue{Retain(ID(domain)), int(code), Retain(ID(info))}))
			}},
		},
	}
}

// NewError makes an NSError whose userInfo holds the description (when there is
// one). The reference is the caller's.
func NewError(domain string, code int, description string) ID {
	if description == "" {
		return NewErrorInfo(domain, code, 0)
	}
	k, v := NewString(LocalizedDescriptionKey), NewString(description)
	info := NewDictionary([]ID{k}, []ID{v})
	defer releaseAll([]ID{k, v, info})
	return NewErrorInfo(domain, code, info)
}

// NewErrorInfo makes an NSError with a userInfo dictionary, which it retains, or
// none. The reference is the caller's.
func NewErrorInfo(domain string, code int, info ID) ID {
	return errorClass().New(&errorValue{NewString(domain), code, Retain(info)})
}

// ErrorParts returns what an NSError says; false for what is none. info is
// borrowed from the error.
func ErrorParts(id ID) (domain string, code int, description string, info ID, ok bool) {
	e, ok := As[*errorValue](id)
	if !ok {
		return "", 0, "", 0, false
	}
	d := e.describe()
	defer Release(d)
	return GoString(e.domain), e.code, GoString(d), e.info, true
}
