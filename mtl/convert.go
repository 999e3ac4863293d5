package mtl

import (
	"fmt"
	"math"
	"net/url"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

// What generated methods convert arguments and results with. A new… function makes an object that the
// caller releases; a take… function releases the object that it is given.

// address is the word of a C array. The slice must be kept alive until it has been read.
func address[T any](s []T) uintptr { return msgsend.Addr(unsafe.Pointer(unsafe.SliceData(s))) }

// pointer is the pointer that a word holds.
func pointer(word uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&word)) }

func boolWord(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

// sameLength panics if slices that are read side by side are not as long as the first.
func sameLength(method string, first int, others ...int) {
	for _, n := range others {
		if n != first {
			panic(fmt.Sprintf("mtl: %s: slices of %d and %d elements, they must have the same length", method, first, n))
		}
	}
}

// longEnough panics if a slice that is not nil has fewer elements than are read.
func longEnough(method string, have int, want uint) {
	if have != 0 && uint(have) < want {
		panic(fmt.Sprintf("mtl: %s: a slice of %d elements, it must have %d", method, have, want))
	}
}

// lookupClass is replaced by tests.
var lookupClass = msgsend.LookupClass

var selAlloc = msgsend.Selector{Name: "alloc"}

// alloc makes an object of a class that an initialiser takes, nil if there is no such class.
func alloc(name string) objc.ID { return msgsend.Object0(class(name), &selAlloc) }

func newData(b []byte) objc.ID { return objc.NewData(b) }

func takeData(id objc.ID) []byte {
	defer objc.Release(id)
	return objc.Bytes(id)
}

func newNumber(v float64) objc.ID { return objc.NewFloat(v) }

func takeNumber(id objc.ID) float64 {
	defer objc.Release(id)
	return objc.Float(id)
}

func newString(s string) objc.ID { return objc.NewString(s) }

func takeString(id objc.ID) string { return objc.TakeString(id) }

func takeStrings(array objc.ID) []string {
	defer objc.Release(array)
	return objc.Strings(array)
}

func borrowError(id objc.ID) error { return objc.ErrorOf(id) }

func takeError(id objc.ID) error { return objc.TakeError(id) }

// failure is the error of a method that returned result: the NSError that it stored, or, if there is
// neither object nor NSError, an error that says so.
func failure(result, nserror objc.ID, sel *msgsend.Selector) error {
	if result == 0 && nserror == 0 {
		return &objc.Error{Description: sel.Name + " returned nil and no error"}
	}
	return takeError(nserror)
}

// refused is failure for a method with a BOOL result.
func refused(ok bool, nserror objc.ID, sel *msgsend.Selector) error {
	if ok {
		objc.Release(nserror)
		return nil
	}
	if nserror == 0 {
		return &objc.Error{Description: sel.Name + " returned NO and no error"}
	}
	return takeError(nserror)
}

// newURL makes a file's NSURL of a path, and an NSURL of a text with a scheme. A drive letter is no
// scheme. Of "" it makes nil.
func newURL(s string) objc.ID {
	if s == "" {
		return 0
	}
	if u, err := url.Parse(s); err == nil && len(u.Scheme) > 1 {
		return objc.NewURL(s)
	}
	return objc.NewFileURL(s)
}

// takeURL returns the path of a file's NSURL and the text of another.
func takeURL(id objc.ID) string {
	defer objc.Release(id)
	if path := objc.URLPath(id); path != "" {
		return path
	}
	return objc.URLString(id)
}

// identified is any type of this package.
type identified interface{ ID() objc.ID }

// newArray makes an NSArray of objects.
func newArray[T identified](objects []T) objc.ID {
	ids := make([]objc.ID, len(objects))
	for i, o := range objects {
		ids[i] = o.ID()
	}
	return objc.NewArray(ids...)
}

// takeArray returns the objects of an NSArray; each belongs to the caller.
func takeArray[T any](array objc.ID, fromID func(objc.ID) T) []T {
	defer objc.Release(array)
	ids := objc.Items(array)
	objects := make([]T, len(ids))
	for i, id := range ids {
		objects[i] = fromID(id)
	}
	return objects
}

// takeObjects returns the objects of an NSDictionary under its strings; each belongs to the caller.
func takeObjects[T any](dictionary objc.ID, fromID func(objc.ID) T) map[string]T {
	defer objc.Release(dictionary)
	keys, values := objc.Entries(dictionary)
	objects := make(map[string]T, len(keys))
	for i, k := range keys {
		objects[objc.TakeString(k)] = fromID(values[i])
	}
	return objects
}

// newArrays makes an NSDictionary of strings to NSArrays of objects.
func newArrays[T identified](m map[string][]T) objc.ID {
	keys, values := make([]objc.ID, 0, len(m)), make([]objc.ID, 0, len(m))
	for k, objects := range m {
		keys, values = append(keys, objc.NewString(k)), append(values, newArray(objects))
	}
	defer objc.ReleaseAll(keys)
	defer objc.ReleaseAll(values)
	return objc.NewDictionary(keys, values)
}

// takeArrays returns the NSArrays of objects in an NSDictionary under its strings; each object
// belongs to the caller.
func takeArrays[T any](dictionary objc.ID, fromID func(objc.ID) T) map[string][]T {
	defer objc.Release(dictionary)
	keys, values := objc.Entries(dictionary)
	arrays := make(map[string][]T, len(keys))
	for i, k := range keys {
		arrays[objc.TakeString(k)] = takeArray(values[i], fromID)
	}
	return arrays
}

// newDictionary makes an NSDictionary of strings to NSStrings and NSNumbers. Values of
// other types become the NSString that fmt makes of them.
func newDictionary(m map[string]any) objc.ID {
	keys, values := make([]objc.ID, 0, len(m)), make([]objc.ID, 0, len(m))
	for k, v := range m {
		keys, values = append(keys, objc.NewString(k)), append(values, newValue(v))
	}
	defer objc.ReleaseAll(keys)
	defer objc.ReleaseAll(values)
	return objc.NewDictionary(keys, values)
}

func newValue(v any) objc.ID {
	switch v := v.(type) {
	case string:
		return objc.NewString(v)
	case bool:
		return objc.NewBool(v)
	case int:
		return objc.NewInt(int64(v))
	case int8:
		return objc.NewInt(int64(v))
	case int16:
		return objc.NewInt(int64(v))
	case int32:
		return objc.NewInt(int64(v))
	case int64:
		return objc.NewInt(v)
	case uint:
		return objc.NewUint(uint64(v))
	case uint8:
		return objc.NewUint(uint64(v))
	case uint16:
		return objc.NewUint(uint64(v))
	case uint32:
		return objc.NewUint(uint64(v))
	case uint64:
		return objc.NewUint(v)
	case float32:
		return objc.NewFloat(float64(v))
	case float64:
		return objc.NewFloat(v)
	}
	return objc.NewString(fmt.Sprint(v))
}

// takeDictionary returns the values of an NSDictionary of strings to NSStrings and NSNumbers: strings, and
// int64 or float64. A value that is neither is given as its description.
func takeDictionary(dictionary objc.ID) map[string]any {
	defer objc.Release(dictionary)
	keys, values := objc.Entries(dictionary)
	defer objc.ReleaseAll(values)
	m := make(map[string]any, len(keys))
	for i, k := range keys {
		m[objc.TakeString(k)] = goValue(values[i])
	}
	return m
}

var (
	selIsKindOfClass = msgsend.Selector{Name: "isKindOfClass:"}
	selUserInfo      = msgsend.Selector{Name: "userInfo"}
)

func goValue(id objc.ID) any {
	if !msgsend.Bool1(id, &selIsKindOfClass, uintptr(objc.GetClass("NSNumber"))) {
		return objc.Description(id)
	}
	if f := objc.Float(id); f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return f
	}
	return objc.Int(id)
}
