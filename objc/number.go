package objc

import (
	"github.com/aruminium-go/aruminium/internal/msgsend"
)

var (
	selInitWithLongLong         = Selector{Name: "initWithLongLong:"}
	selInitWithUnsignedLongLong = Selector{Name: "initWithUnsignedLongLong:"}
	selInitWithBool             = Selector{Name: "initWithBool:"}
	selInitWithDouble           = Selector{Name: "initWithDouble:"}
	selLongLongValue            = Selector{Name: "longLongValue"}
	selUnsignedLongLongValue    = Selector{Name: "unsignedLongLongValue"}
	selDoubleValue              = Selector{Name: "doubleValue"}
	selBoolValue                = Selector{Name: "boolValue"}

	sigInitDouble = Signature{Encoding: "@@:d"}

	classNumber = class{name: "NSNumber"}
)

// NewInt makes an NSNumber. The reference is the caller's.
func NewInt(n int64) ID {
	return msgsend.Object1(classNumber.alloc(), &selInitWithLongLong, uintptr(n))
}

// NewUint makes an NSNumber. The reference is the caller's.
func NewUint(n uint64) ID {
	return msgsend.Object1(classNumber.alloc(), &selInitWithUnsignedLongLong, uintptr(n))
}

// NewFloat makes an NSNumber. The reference is the caller's.
func NewFloat(v float64) ID {
	var f Frame
	f.AddFloat64(v)
	return f.Object(classNumber.alloc(), &selInitWithDouble, &sigInitDouble)
}

// NewBool makes an NSNumber. The reference is the caller's.
func NewBool(b bool) ID {
	var w uintptr
	if b {
		w = 1
	}
	return msgsend.Object1(classNumber.alloc(), &selInitWithBool, w)
}

// Int returns an NSNumber as an int64, 0 for nil.
func Int(number ID) int64 { return int64(msgsend.Word0(number, &selLongLongValue)) }

// Uint returns an NSNumber as a uint64, 0 for nil.
func Uint(number ID) uint64 { return uint64(msgsend.Word0(number, &selUnsignedLongLongValue)) }

// Float returns an NSNumber as a float64, 0 for nil.
func Float(number ID) float64 { return msgsend.Float64(number, &selDoubleValue) }

// Bool returns an NSNumber as a bool, false for nil.
func Bool(number ID) bool { return msgsend.Bool0(number, &selBoolValue) }
