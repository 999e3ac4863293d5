package gpu

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
)

// A Function is one function of a Library, with its constants fixed: a MTLFunction. It is for any
// goroutine.
type Function struct {
	h   *function
	net runtime.Cleanup
}

type function struct {
	life *launch.Life
	raw  mtl.Function
	dev  *device
	name string
}

// Constants are values for a function's [[function_constant(N)]] declarations, by number and by
// name. A value is a bool, a sized integer, a float32, a fp16.Float16 or fp16.BFloat16, or an
// array or slice of two to four of these for a vector. An int or uint takes the type that the
// function declares.
type Constants struct {
	Index map[int]any
	Name  map[string]any
}

// FunctionWith is Function with its function constants set. The error of an unknown function, and
// of a name that none of its constants has, wraps ErrNotFound; a number that the function does not
// use is passed over, as Metal does, so that one set of values serves a whole library. The caller
// closes the function.
func (l *Library) FunctionWith(name string, constants Constants) (*Function, error) {
	if err := l.use("FunctionWith"); err != nil {
		return nil, err
	}
	defer l.done()
	if err := l.missing("FunctionWith", name); err != nil {
		return nil, err
	}
	values := mtl.NewFunctionConstantValues()
	if values.IsNil() {
		return nil, fmt.Errorf("gpu: Library.FunctionWith: MTLFunctionConstantValues: %w", ErrUnsupported)
	}
	defer values.Release()
	declared := l.h.constants(name)
	fail := func(what string, err error) error {
		return fmt.Errorf("gpu: Library.FunctionWith(%q): constant %s: %w", name, what, err)
	}
	for _, index := range slices.Sorted(maps.Keys(constants.Index)) {
		if index < 0 || index > 65535 {
			return nil, fail(fmt.Sprint(index), errors.New("a number is 0 to 65535"))
		}
		want := mtl.DataTypeNone
		for _, c := range declared {
			if c.index == index {
				want = c.t
			}
		}
		v, err := constantOf(constants.Index[index], want)
		if err != nil {
			return nil, fail(fmt.Sprint(index), err)
		}
		values.SetConstantValue(unsafe.Pointer(&v.bytes), v.t, uint(index))
		runtime.KeepAlive(v)
	}
	for _, key := range slices.Sorted(maps.Keys(constants.Name)) {
		want := mtl.DataTypeNone
		if c, ok := declared[key]; ok {
			want = c.t
		} else if len(declared) > 0 {
			names := strings.Join(slices.Sorted(maps.Keys(declared)), ", ")
			return nil, fail(key, fmt.Errorf("%w; the function has %s", ErrNotFound, names))
		}
		v, err := constantOf(constants.Name[key], want)
		if err != nil {
			return nil, fail(key, err)
		}
		values.SetConstantValueWithName(unsafe.Pointer(&v.bytes), v.t, key)
		runtime.KeepAlive(v)
	}
	raw, err := l.h.raw.NewFunctionWithConstantValues(name, values)
	if raw.IsNil() {
		if err == nil {
			err = errors.New("the device gave neither a function nor a reason")
		}
		return nil, fmt.Errorf("gpu: Library.FunctionWith(%q): %w", name, err)
	}
	return l.h.newFunction(raw, name), nil
}

type declaredConstant struct {
	index int
	t     mtl.DataType
}

// constants is what the function declares, as far as the device tells before they are set.
func (l *library) constants(name string) map[string]declaredConstant {
	raw := l.raw.NewFunction(name)
	if raw.IsNil() {
		return nil
	}
	defer raw.Release()
	declared := map[string]declaredConstant{}
	for name, c := range raw.FunctionConstantsDictionary() {
		declared[name] = declaredConstant{int(c.Index()), c.Type()}
		c.Release()
	}
	return declared
}

// A constant is a value as setConstantValue:type:atIndex: reads it.
type constant struct {
	bytes [32]byte
	t     mtl.DataType
}

// scalarTypes is the data type of one element of each kind; those of its vectors of two to four
// follow it.
var scalarTypes = [...]struct {
	kind reflect.Kind
	t    mtl.DataType
	size int
}{
	{reflect.Bool, mtl.DataTypeBool, 1},
	{reflect.Int8, mtl.DataTypeChar, 1}, {reflect.Uint8, mtl.DataTypeUChar, 1},
	{reflect.Int16, mtl.DataTypeShort, 2}, {reflect.Uint16, mtl.DataTypeUShort, 2},
	{reflect.Int32, mtl.DataTypeInt, 4}, {reflect.Uint32, mtl.DataTypeUInt, 4},
	{reflect.Int64, mtl.DataTypeLong, 8}, {reflect.Uint64, mtl.DataTypeULong, 8},
	{reflect.Float32, mtl.DataTypeFloat, 4},
}

// constantOf makes a constant of a Go value. want is the declared type, or DataTypeNone.
func constantOf(value any, want mtl.DataType) (*constant, error) {
	v := reflect.ValueOf(value)
	if !v.IsValid() {
		return nil, errors.New("the value is nil")
	}
	n := 1
	element := v.Type()
	if k := v.Kind(); k == reflect.Slice || k == reflect.Array {
		n, element = v.Len(), v.Type().Elem()
		if n < 2 || n > 4 {
			return nil, fmt.Errorf("%v has %d elements: a vector has 2 to 4", v.Type(), n)
		}
	}
	c := &constant{}
	size := 0
	switch element {
	case reflect.TypeFor[fp16.Float16]():
		c.t, size = mtl.DataTypeHalf, 2
	case reflect.TypeFor[fp16.BFloat16]():
		c.t, size = mtl.DataTypeBFloat, 2
	default:
		kind := element.Kind()
		if kind == reflect.Int || kind == reflect.Uint {
			kind = integerKind(want, n, kind)
		}
		for _, s := range scalarTypes {
			if s.kind == kind {
				c.t, size = s.t, s.size
			}
		}
		if size == 0 {
			return nil, fmt.Errorf("%v cannot be a function constant: use a bool, a sized integer, a float32, a half, or two to four of one", v.Type())
		}
	}
	c.t += mtl.DataType(n - 1)
	if want != mtl.DataTypeNone && want != c.t {
		return nil, fmt.Errorf("%v is a %s and the function declares a %s", v.Type(), typeName(c.t), typeName(want))
	}
	for i := range n {
		e := v
		if n > 1 {
			e = v.Index(i)
		}
		if err := c.put(i*size, size, e); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// integerKind is the kind that a Go int or uint becomes: that of the declaration, or 32 bits.
func integerKind(want mtl.DataType, n int, k reflect.Kind) reflect.Kind {
	for _, s := range scalarTypes {
		if want == s.t+mtl.DataType(n-1) && s.kind != reflect.Bool && s.kind != reflect.Float32 {
			return s.kind
		}
	}
	if k == reflect.Uint {
		return reflect.Uint32
	}
	return reflect.Int32
}

// put writes one element in the machine's byte order and refuses what does not fit.
func (c *constant) put(at, size int, e reflect.Value) error {
	p := unsafe.Pointer(&c.bytes[at])
	unsigned := c.t >= mtl.DataTypeUInt && c.t <= mtl.DataTypeUInt4 || c.t >= mtl.DataTypeUShort && c.t <= mtl.DataTypeUShort4 ||
		c.t >= mtl.DataTypeUChar && c.t <= mtl.DataTypeUChar4 || c.t >= mtl.DataTypeULong && c.t <= mtl.DataTypeULong4
	var bits uint64
	switch {
	case e.Kind() == reflect.Bool:
		if e.Bool() {
			bits = 1
		}
	case e.CanFloat():
		*(*float32)(p) = float32(e.Float())
		return nil
	case e.CanInt():
		i := e.Int()
		bits = uint64(i)
		if free := 64 - 8*size; unsigned && (i < 0 || free > 0 && bits>>(8*size) != 0) || !unsigned && i<<free>>free != i {
			return fmt.Errorf("%d does not fit a %s", i, typeName(c.t))
		}
	default:
		bits = e.Uint()
		room := 8 * size
		if !unsigned && c.t != mtl.DataTypeHalf && c.t != mtl.DataTypeBFloat && e.Kind() == reflect.Uint {
			room--
		}
		if room < 64 && bits>>room != 0 {
			return fmt.Errorf("%d does not fit a %s", bits, typeName(c.t))
		}
	}
	switch size {
	case 1:
		*(*uint8)(p) = uint8(bits)
	case 2:
		*(*uint16)(p) = uint16(bits)
	case 4:
		*(*uint32)(p) = uint32(bits)
	case 8:
		*(*uint64)(p) = bits
	}
	return nil
}

// newFunction takes over raw.
func (l *library) newFunction(raw mtl.Function, name string) *Function {
	d := l.dev
	d.life.Keep()
	h := &function{raw: raw, dev: d, name: name}
	h.life = launch.NewLife(func() { raw.Release(); d.life.Drop() })
	f := &Function{h: h}
	f.net = runtime.AddCleanup(f, func(h *function) { forgotten(h.life, "Function", h.name) }, h)
	return f
}

// Name is the function's name.
func (f *Function) Name() string {
	if f.none() {
		return ""
	}
	return f.h.name
}

// Close ends the use of the function; its pipelines stay usable. Close may be called again and on
// nil.
func (f *Function) Close() error {
	if !f.none() && f.h.life.Close() {
		f.net.Stop()
	}
	return nil
}
