package stdlib

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// atomicRow is the shape of an atomic function (MSL spec, section 6.15). Its
// first parameter is a pointer to the object, volatile, in the address space.
type atomicRow struct {
	names  string
	result byte   // v void, b bool, T the value
	params string // T is a value of the atomic's type, P a thread pointer to one, o an order
	device string // types of atomics in device memory, see kindOf
	group  string // of atomics in threadgroup memory
}

var atomicRows = []atomicRow{
	{"atomic_store_explicit", 'v', "To", "iIbflL", "iIbf"},
	{"atomic_load_explicit", 'T', "o", "iIbflL", "iIbf"},
	{"atomic_exchange_explicit", 'T', "To", "iIbflL", "iIbf"},
	{"atomic_compare_exchange_weak_explicit", 'b', "PToo", "iIbflL", "iIbf"},
	{"atomic_fetch_add_explicit atomic_fetch_sub_explicit", 'T', "To", "iIflL", "iI"},
	{"atomic_fetch_and_explicit atomic_fetch_or_explicit atomic_fetch_xor_explicit atomic_fetch_min_explicit atomic_fetch_max_explicit", 'T', "To", "iIlL", "iI"},
	{"atomic_min_explicit atomic_max_explicit", 'v', "To", "lL", ""},
}

func isAtomic(name string) bool {
	return strings.HasPrefix(name, "atomic_") && atomicRowOf(name) != nil
}

func atomicRowOf(name string) *atomicRow {
	for i := range atomicRows {
		for n := range strings.FieldsSeq(atomicRows[i].names) {
			if n == name {
				return &atomicRows[i]
			}
		}
	}
	return nil
}

func atomicNames() []string {
	var names []string
	for _, r := range atomicRows {
		names = append(names, strings.Fields(r.names)...)
	}
	return names
}

// pointers makes the pointer types of parameters.
var pointers types.Table

func atomicFuncs(name string) []*Func {
	row := atomicRowOf(name)
	var list []*Func
	for _, in := range []struct {
		space types.Space
		kinds string
	}{{types.Device, row.device}, {types.Threadgroup, row.group}} {
		for i := range len(in.kinds) {
			value := types.Basics[kindOf(in.kinds[i])]
			object := pointers.PointerTo(types.AtomicOf(value), in.space, name == "atomic_load_explicit", true)
			f := &Func{Name: name, Result: value, Params: []Param{{Type: object}}}
			switch row.result {
			case 'v':
				f.Result = types.Basics[types.Void]
			case 'b':
				f.Result = types.Basics[types.Bool]
			}
			for _, p := range row.params {
				var t types.Type
				switch p {
				case 'T':
					t = value
				case 'P':
					t = pointers.PointerTo(value, types.Thread, false, false)
				case 'o':
					t = MemoryOrder()
				}
				f.Params = append(f.Params, Param{Type: t})
			}
			list = append(list, f)
		}
	}
	return list
}
