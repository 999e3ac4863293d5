package objc

import (
	"runtime"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

var (
	selInitWithObjectsCount        = Selector{Name: "initWithObjects:count:"}
	selInitWithObjectsForKeysCount = Selector{Name: "initWithObjects:forKeys:count:"}
	selCount                       = Selector{Name: "count"}
	selObjectAtIndex               = Selector{Name: "objectAtIndex:"}
	selObjectForKey                = Selector{Name: "objectForKey:"}
	selAllKeys                     = Selector{Name: "allKeys"}

	classArray      = class{name: "NSArray"}
	classDictionary = class{name: "NSDictionary"}
)

// NewArray makes an NSArray, which retains the items. The reference is the
// caller's. Items must not be nil.
func NewArray(items ...ID) ID {
	p := unsafe.Pointer(unsafe.SliceData(items))
	id := msgsend.Object2(classArray.alloc(), &selInitWithObjectsCount, msgsend.Addr(p), uintptr(len(items)))
	runtime.KeepAlive(items)
	return id
}

// Count returns the number of objects in an NSArray or NSDictionary, 0 for nil.
func Count(collection ID) int { return int(msgsend.Word0(collection, &selCount)) }

// Items returns the objects of an NSArray. Each reference is the caller's: see
// [ReleaseAll].
func Items(array ID) []ID {
	n := Count(array)
	if n == 0 {
		return nil
	}
	items := make([]ID, n)
	for i := range items {
		items[i] = msgsend.Object1(array, &selObjectAtIndex, uintptr(i))
	}
	return items
}

// ReleaseAll releases each object of a list.
func ReleaseAll(ids []ID) {
	for _, id := range ids {
		Release(id)
	}
}

// NewStrings makes an NSArray of NSStrings. The reference is the caller's.
func NewStrings(texts []string) ID {
	ids := make([]ID, len(texts))
	for i, s := range texts {
		ids[i] = NewString(s)
	}
	defer ReleaseAll(ids)
	return NewArray(ids...)
}

// Strings returns the texts of an NSArray of NSStrings. The reference stays the
// caller's.
func Strings(array ID) []string {
	items := Items(array)
	if items == nil {
		return nil
	}
	texts := make([]string, len(items))
	for i, id := range items {
		texts[i] = TakeString(id)
	}
	return texts
}

// NewDictionary makes an NSDictionary of keys and their values, which it
// retains. The reference is the caller's. The two lists have one length and
// hold no nil; NewDictionary panics when the lengths differ.
func NewDictionary(keys, values []ID) ID {
	if len(keys) != len(values) {
		panic("objc: NewDictionary: as many values as keys are needed")
	}
	k, v := unsafe.Pointer(unsafe.SliceData(keys)), unsafe.Pointer(unsafe.SliceData(values))
	id := msgsend.Object3(classDictionary.alloc(), &selInitWithObjectsForKeysCount, msgsend.Addr(v), msgsend.Addr(k), uintptr(len(keys)))
	runtime.KeepAlive(keys)
	runtime.KeepAlive(values)
	return id
}

// Lookup returns the value of a key of an NSDictionary, 0 when there is none.
// The reference is the caller's.
func Lookup(dictionary, key ID) ID {
	return msgsend.Object1(dictionary, &selObjectForKey, uintptr(key))
}

// LookupString is [Lookup] with a text for a key.
func LookupString(dictionary ID, key string) ID {
	k := NewString(key)
	defer Release(k)
	return Lookup(dictionary, k)
}

// Entries returns keys and values of an NSDictionary, in the same order. Each
// reference is the caller's: see [ReleaseAll].
func Entries(dictionary ID) (keys, values []ID) {
	all := msgsend.Object0(dictionary, &selAllKeys)
	defer Release(all)
	keys = Items(all)
	values = make([]ID, len(keys))
	for i, k := range keys {
		values[i] = Lookup(dictionary, k)
	}
	return keys, values
}
