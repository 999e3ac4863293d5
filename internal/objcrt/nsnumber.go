package objcrt

import (
	"math"
	"strconv"
)

// numberValue is the value of an NSNumber: an int64, uint64, float64 or bool.
type numberValue struct {
	kind numberKind
	bits uint64
}

type numberKind uint8

const (
	numberInt numberKind = iota
	numberUint
	numberFloat32 // bits are a float64's, the text is a float32's
	numberFloat64
	numberBool
)

func numberOf(o *Object) numberValue { return o.value.(numberValue) }

func (n numberValue) float() float64 {
	switch n.kind {
	case numberInt:
		return float64(int64(n.bits))
	case numberFloat32, numberFloat64:
		return math.Float64frombits(n.bits)
	}
	return float64(n.bits)
}

func (n numberValue) integer() uint64 {
	if n.kind == numberFloat32 || n.kind == numberFloat64 {
		f := math.Float64frombits(n.bits)
		switch {
		case f != f:
			return 0
		case f >= 1<<63:
			if f >= 1<<64 {
				return math.MaxUint64
			}
			return uint64(f)
		case f < -(1 << 63):
			return 1 << 63
		}
		return uint64(int64(f))
	}
	return n.bits
}

func (n numberValue) text() string {
	switch n.kind {
	case numberInt:
		return strconv.FormatInt(int64(n.bits), 10)
	case numberFloat32:
		return strconv.FormatFloat(n.float(), 'g', -1, 32)
	case numberFloat64:
		return strconv.FormatFloat(n.float(), 'g', -1, 64)
	}
	return strconv.FormatUint(n.bits, 10)
}

func (n numberValue) equal(m numberValue) bool {
	nf := n.kind == numberFloat32 || n.kind == numberFloat64
	mf := m.kind == numberFloat32 || m.kind == numberFloat64
	if nf || mf {
		return n.float() == m.float()
	}
	negative := n.kind == numberInt && int64(n.bits) < 0
	if negative != (m.kind == numberInt && int64(m.bits) < 0) {
		return false
	}
	return n.bits == m.bits
}

// How the arguments and results of NSNumber's methods turn into numbers.
var (
	numberInits = []struct {
		name, code string
		read       func(w uintptr) numberValue
	}{
		{"Bool", "B", func(w uintptr) numberValue { return numberValue{numberBool, uint64(w & 1)} }},
		{"Char", "c", func(w uintptr) numberValue { return numberValue{numberInt, uint64(int64(int8(w)))} }},
		{"Int", "i", func(w uintptr) numberValue { return numberValue{numberInt, uint64(int64(int32(w)))} }},
		{"UnsignedInt", "I", func(w uintptr) numberValue { return numberValue{numberUint, uint64(uint32(w))} }},
		{"LongLong", "q", func(w uintptr) numberValue { return numberValue{numberInt, uint64(w)} }},
		{"UnsignedLongLong", "Q", func(w uintptr) numberValue { return numberValue{numberUint, uint64(w)} }},
		{"Integer", "q", func(w uintptr) numberValue { return numberValue{numberInt, uint64(w)} }},
		{"UnsignedInteger", "Q", func(w uintptr) numberValue { return numberValue{numberUint, uint64(w)} }},
		{"Float", "f", func(w uintptr) numberValue {
			return numberValue{numberFloat32, math.Float64bits(float64(math.Float32frombits(uint32(w))))}
		}},
		{"Double", "d", func(w uintptr) numberValue { return numberValue{numberFloat64, uint64(w)} }},
	}
	numberGetters = []struct {
		selector, code string
		write          func(n numberValue) uint64
	}{
		{"boolValue", "B", func(n numberValue) uint64 { return uint64(boolWord(n.float() != 0)) }},
		{"charValue", "c", func(n numberValue) uint64 { return uint64(int64(int8(n.integer()))) }},
		{"intValue", "i", func(n numberValue) uint64 { return uint64(int64(int32(n.integer()))) }},
		{"unsignedIntValue", "I", func(n numberValue) uint64 { return uint64(uint32(n.integer())) }},
		{"longLongValue", "q", numberValue.integer},
		{"unsignedLongLongValue", "Q", numberValue.integer},
		{"integerValue", "q", numberValue.integer},
		{"unsignedIntegerValue", "Q", numberValue.integer},
		{"floatValue", "f", func(n numberValue) uint64 { return uint64(math.Float32bits(float32(n.float()))) }},
		{"doubleValue", "d", func(n numberValue) uint64 { return math.Float64bits(n.float()) }},
	}
)

var numberLazy Lazy

func numberClass() *Class { return numberLazy.Class(defineNumber) }

func defineNumber() ClassDef {
	def := ClassDef{
		Name:  "NSNumber",
		Alloc: func() any { return numberValue{} },
		Methods: []Method{
			{"stringValue", "@@:", func(o *Object) uintptr { return uintptr(NewString(numberOf(o).text())) }},
			{"description", "@@:", func(o *Object) uintptr { return uintptr(NewString(numberOf(o).text())) }},
			{"isEqualToNumber:", "B@:@", equalNumbers},
			{"isEqual:", "B@:@", equalNumbers},
			{"hash", "Q@:", func(o *Object) uintptr { return uintptr(math.Float64bits(numberOf(o).float() + 0)) }},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
	}
	for _, i := range numberInits {
		def.Methods = append(def.Methods, Method{"initWith" + i.name + ":", "@@:" + i.code, func(o *Object, w uintptr) uintptr {
			o.value = i.read(w)
			return uintptr(o.ID())
		}})
		def.ClassMethods = append(def.ClassMethods, Method{"numberWith" + i.name + ":", "@@:" + i.code, func(_ *Object, w uintptr) uintptr {
			return uintptr(newNumber(i.read(w)))
		}})
	}
	for _, g := range numberGetters {
		def.Methods = append(def.Methods, Method{g.selector, g.code + "@:", func(o *Object) uintptr {
			return uintptr(g.write(numberOf(o)))
		}})
	}
	return def
}

func equalNumbers(o *Object, other uintptr) uintptr {
	v, ok := As[numberValue](ID(other))
	return boolWord(ok && v.equal(numberOf(o)))
}

func newNumber(v numberValue) ID { return numberClass().New(v) }

// NewInt makes an NSNumber. The reference is the caller's.
func NewInt(n int64) ID { return newNumber(numberValue{numberInt, uint64(n)}) }

// NewUint makes an NSNumber. The reference is the caller's.
func NewUint(n uint64) ID { return newNumber(numberValue{numberUint, n}) }

// NewFloat makes an NSNumber. The reference is the caller's.
func NewFloat(f float64) ID { return newNumber(numberValue{numberFloat64, math.Float64bits(f)}) }

// NewBool makes an NSNumber. The reference is the caller's.
func NewBool(b bool) ID { return newNumber(numberValue{numberBool, uint64(boolWord(b))}) }

// NumberInt returns an NSNumber as an int64; false for what is none.
func NumberInt(id ID) (int64, bool) {
	n, ok := As[numberValue](id)
	return int64(n.integer()), ok
}

// NumberFloat returns an NSNumber as a float64; false for what is none.
func NumberFloat(id ID) (float64, bool) {
	n, ok := As[numberValue](id)
	return n.float(), ok
}
