//go:build objcnative

package nativemetal

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// Foundation's values are copied between the runtimes; what else there is has a
// face.

// isFoundation reports whether objects of a class are copied.
func isFoundation(c *objcrt.Class) bool { return c == objcrt.NSObject() || copied[c.Name()] }

var copied = map[string]bool{
	"NSString": true, "NSNumber": true, "NSArray": true, "NSDictionary": true, "NSData": true, "NSURL": true, "NSError": true,
	"__NSBlock": true,
}

// toNative returns what an object of the embedded runtime is in the native one,
// and takes the caller's reference for one to the result.
func toNative(id objcrt.ID) objc.ID {
	if id == 0 {
		return 0
	}
	if !isFoundation(objcrt.ClassOf(id)) {
		return faceOf(id)
	}
	defer objcrt.Release(id)
	return copyToNative(id)
}

// lendNative is toNative for a borrowed object. It reports whether the result
// was made and is the caller's.
func lendNative(id objcrt.ID) (native objc.ID, made bool) {
	switch {
	case id == 0:
		return 0, false
	case isFoundation(objcrt.ClassOf(id)):
		return copyToNative(id), true
	}
	return faceOf(id), false
}

func copyToNative(id objcrt.ID) objc.ID {
	switch name := objcrt.ClassOf(id).Name(); name {
	case "NSString":
		return objc.NewString(objcrt.GoString(id))
	case "NSNumber":
		f, _ := objcrt.NumberFloat(id)
		if n, _ := objcrt.NumberInt(id); f == math.Trunc(f) && math.Abs(f) < 1<<63 {
			return objc.NewInt(n)
		}
		return objc.NewFloat(f)
	case "NSData":
		return objc.NewData(objcrt.DataBytes(id))
	case "NSArray":
		items := copyAllToNative(objcrt.ArrayItems(id))
		defer objc.ReleaseAll(items)
		return objc.NewArray(items...)
	case "NSDictionary":
		return copyDictionaryToNative(id)
	case "NSURL":
		text, path, _ := objcrt.URLString(id)
		if path != "" {
			return objc.NewFileURL(path)
		}
		return objc.NewURL(text)
	case "NSError":
		domain, code, _, info, _ := objcrt.ErrorParts(id)
		return newNativeError(domain, code, info)
	default:
		panic(fmt.Sprintf("nativemetal: an object of class %s cannot be a result", name))
	}
}

func copyAllToNative(ids []objcrt.ID) []objc.ID {
	all := make([]objc.ID, len(ids))
	for i, id := range ids {
		native, made := lendNative(id)
		if !made {
			objc.Retain(native)
		}
		all[i] = native
	}
	return all
}

func copyDictionaryToNative(id objcrt.ID) objc.ID {
	k, v := objcrt.DictionaryEntries(id)
	keys, values := copyAllToNative(k), copyAllToNative(v)
	defer objc.ReleaseAll(keys)
	defer objc.ReleaseAll(values)
	return objc.NewDictionary(keys, values)
}

var selInitError = msgsend.Selector{Name: "initWithDomain:code:userInfo:"}

// errorKeys are the constants that hold what GNUstep calls the keys of an
// NSError's userInfo.
var errorKeys = map[string]string{
	objcrt.LocalizedDescriptionKey:        "NSLocalizedDescriptionKey",
	objcrt.LocalizedFailureReasonKey:      "NSLocalizedFailureReasonErrorKey",
	objcrt.LocalizedRecoverySuggestionKey: "NSLocalizedRecoverySuggestionErrorKey",
	objcrt.UnderlyingErrorKey:             "NSUnderlyingErrorKey",
	objcrt.MultipleUnderlyingErrorsKey:    "NSMultipleUnderlyingErrorsKey",
}

func newNativeError(domain string, code int, info objcrt.ID) objc.ID {
	var dictionary objc.ID
	if info != 0 {
		k, v := objcrt.DictionaryEntries(info)
		keys, values := copyAllToNative(k), copyAllToNative(v)
		for i := range keys {
			if constant, ok := errorKeys[objcrt.GoString(k[i])]; ok {
				objc.Release(keys[i])
				keys[i] = objc.NewString(msgsend.StringConstant(constant, constant))
			}
		}
		dictionary = objc.NewDictionary(keys, values)
		objc.ReleaseAll(keys)
		objc.ReleaseAll(values)
		defer objc.Release(dictionary)
	}
	text := objc.NewString(domain)
	defer objc.Release(text)
	e := msgsend.Object0(objc.ID(objc.GetClass("NSError")), &selAlloc)
	return msgsend.Object3(e, &selInitError, uintptr(text), uintptr(code), uintptr(dictionary))
}

// foundationClasses are the classes whose objects are copied to the embedded
// runtime.
var foundationClasses = []string{"NSString", "NSNumber", "NSData", "NSArray", "NSDictionary", "NSURL", "NSError"}

// copiedAs remembers as which of foundationClasses the objects of a native class
// are copied.
var copiedAs sync.Map // objc.Class to string

var selIsKindOfClass = msgsend.Selector{Name: "isKindOfClass:"}

// toEmbedded returns what a native object is in the embedded runtime: what its
// face stands for, or a copy, which it reports to have made and is the caller's.
func toEmbedded(id objc.ID) (object objcrt.ID, made bool) {
	if id == 0 {
		return 0, false
	}
	if object := objectOf(id); object != 0 {
		return object, false
	}
	class := objc.ClassOf(id)
	if name, ok := copiedAs.Load(class); ok {
		return copyToEmbedded(id, name.(string)), true
	}
	for _, name := range foundationClasses {
		if msgsend.Bool1(id, &selIsKindOfClass, uintptr(objc.GetClass(name))) {
			copiedAs.Store(class, name)
			return copyToEmbedded(id, name), true
		}
	}
	panic(fmt.Sprintf("nativemetal: an object of class %s cannot be an argument", objc.ClassName(class)))
}

func copyToEmbedded(id objc.ID, class string) objcrt.ID {
	switch class {
	case "NSString":
		return objcrt.NewString(objc.String(id))
	case "NSNumber":
		if f := objc.Float(id); f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
			return objcrt.NewFloat(f)
		}
		return objcrt.NewInt(objc.Int(id))
	case "NSData":
		return objcrt.NewData(objc.Bytes(id))
	case "NSArray":
		items := copyAllToEmbedded(objc.Items(id))
		defer releaseAll(items)
		return objcrt.NewArray(items)
	case "NSDictionary":
		k, v := objc.Entries(id)
		keys, values := copyAllToEmbedded(k), copyAllToEmbedded(v)
		defer releaseAll(keys)
		defer releaseAll(values)
		return objcrt.NewDictionary(keys, values)
	case "NSURL":
		return newEmbeddedURL(objc.URLString(id), objc.URLPath(id))
	}
	var e *objc.Error
	errors.As(objc.ErrorOf(id), &e)
	return objcrt.NewError(e.Domain, e.Code, e.Description)
}

func newEmbeddedURL(text, path string) objcrt.ID {
	if path != "" {
		return objcrt.NewFileURL(path)
	}
	s := objcrt.NewString(text)
	defer objcrt.Release(s)
	url := objcrt.ID(objcrt.Send0(objcrt.LookupClass("NSURL").ID(), objcrt.RegisterSelector("alloc")))
	return objcrt.ID(objcrt.Send1(url, objcrt.RegisterSelector("initWithString:"), uintptr(s)))
}

// copyAllToEmbedded takes the references to the objects for ones to the results.
func copyAllToEmbedded(ids []objc.ID) []objcrt.ID {
	all := make([]objcrt.ID, len(ids))
	for i, id := range ids {
		object, made := toEmbedded(id)
		if !made {
			objcrt.Retain(object)
		}
		all[i] = object
	}
	objc.ReleaseAll(ids)
	return all
}

func releaseAll(ids []objcrt.ID) {
	for _, id := range ids {
		objcrt.Release(id)
	}
}

// embeddedClass returns the class of a native class's name.
func embeddedClass(c objc.Class) objcrt.ID {
	if k := objcrt.LookupClass(objc.ClassName(c)); k != nil {
		return k.ID()
	}
	return 0
}
