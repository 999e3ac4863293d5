package objcrt

import (
	"fmt"
	"strings"
)

// dictionaryValue keeps entries in the order they were given: the dictionaries
// Metal passes are small.
type dictionaryValue struct{ keys, values []ID }

func dictionaryOf(o *Object) *dictionaryValue { return o.value.(*dictionaryValue) }

// add retains key and value; a key that is there gets the new value.
func (d *dictionaryValue) add(key, value ID) {
	Retain(value)
	for i, k := range d.keys {
		if Equal(k, key) {
			Release(d.values[i])
			d.values[i] = value
			return
		}
	}
	d.keys = append(d.keys, Retain(key))
	d.values = append(d.values, value)
}

func (d *dictionaryValue) get(key ID) ID {
	for i, k := range d.keys {
		if Equal(k, key) {
			return d.values[i]
		}
	}
	return 0
}

var dictionaryLazy Lazy

func dictionaryClass() *Class { return dictionaryLazy.Class(defineDictionary) }

func defineDictionary() ClassDef {
	return ClassDef{
		Name:  "NSDictionary",
		Alloc: func() any { return &dictionaryValue{} },
		Dealloc: func(o *Object) {
			d := dictionaryOf(o)
			releaseAll(d.keys)
			releaseAll(d.values)
		},
		Methods: []Method{
			{"initWithObjects:forKeys:count:", "@@:r^@r^@Q", func(o *Object, values, keys, n uintptr) uintptr {
				o.value = dictionaryFrom(o, "initWithObjects:forKeys:count:", idsAt(keys, n), idsAt(values, n))
				return uintptr(o.ID())
			}},
			{"count", "Q@:", func(o *Object) uintptr { return uintptr(len(dictionaryOf(o).keys)) }},
			{"objectForKey:", "@@:@", func(o *Object, key uintptr) uintptr {
				return uintptr(Retain(dictionaryOf(o).get(ID(key))))
			}},
			{"allKeys", "@@:", func(o *Object) uintptr { return uintptr(NewArray(dictionaryOf(o).keys)) }},
			{"allValues", "@@:", func(o *Object) uintptr { return uintptr(NewArray(dictionaryOf(o).values)) }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr {
				v, ok := As[*dictionaryValue](ID(other))
				d := dictionaryOf(o)
				if !ok || len(v.keys) != len(d.keys) {
					return 0
				}
				for i, k := range d.keys {
					if !Equal(d.values[i], v.get(k)) {
						return 0
					}
				}
				return 1
			}},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(len(dictionaryOf(o).keys)) }},
			{"description", "@@:", func(o *Object) uintptr {
				var b strings.Builder
				d := dictionaryOf(o)
				b.WriteByte('{')
				for i, k := range d.keys {
					if i > 0 {
						b.WriteByte(' ')
					}
					fmt.Fprintf(&b, "%s = %s;", Description(k), Description(d.values[i]))
				}
				b.WriteByte('}')
				return uintptr(NewString(b.String()))
			}},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
		ClassMethods: []Method{
			{"dictionaryWithObjects:forKeys:count:", "@@:r^@r^@Q", func(c *Object, values, keys, n uintptr) uintptr {
				d := dictionaryFrom(c, "dictionaryWithObjects:forKeys:count:", idsAt(keys, n), idsAt(values, n))
				return uintptr(dictionaryClass().New(d))
			}},
			{"dictionary", "@@:", func(*Object) uintptr { return uintptr(NewDictionary(nil, nil)) }},
		},
	}
}

func dictionaryFrom(o *Object, selector string, keys, values []ID) *dictionaryValue {
	noNil(o, selector, keys)
	noNil(o, selector, values)
	d := &dictionaryValue{}
	for i, k := range keys {
		d.add(k, values[i])
	}
	return d
}

// NewDictionary makes an NSDictionary of keys and their values, which it
// retains; of equal keys the last one counts. The reference is the caller's.
// The two slices must be of one length and hold no nil.
func NewDictionary(keys, values []ID) ID {
	d := &dictionaryValue{}
	for i, k := range keys {
		d.add(k, values[i])
	}
	return dictionaryClass().New(d)
}

// DictionaryEntries returns keys and values of an NSDictionary, nil for what is
// none. They are borrowed from the dictionary, and the slices are its own.
func DictionaryEntries(id ID) (keys, values []ID) {
	if v, ok := As[*dictionaryValue](id); ok {
		return v.keys, v.values
	}
	return nil, nil
}
