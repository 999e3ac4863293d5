package objc

import "github.com/aruminium-go/aruminium/internal/msgsend"

// IMP is the implementation of a method, 0 for none. The methods SendIMP, WordIMP,
// BoolIMP, ObjectIMP, Float32IMP, Float64IMP and StructIMP of a [Frame] call
// one, without the runtime looking the method up.
type IMP = msgsend.IMP

// Implementation returns what objects of a class answer a selector with, 0 when
// they do not. It stays valid as long as nobody replaces the method. For class
// methods give the class of the class, ClassOf(ID(class)).
func Implementation(class Class, sel SEL) IMP { return msgsend.Implementation(class, sel) }

// InstancesRespondTo reports whether objects of a class have a method for a
// selector.
func InstancesRespondTo(class Class, sel SEL) bool { return Implementation(class, sel) != 0 }

// MethodEncoding returns the type encoding of the method that objects of a class
// answer a selector with, "" when they have none. Runtimes write offsets between
// the types, and their own spelling of them.
func MethodEncoding(class Class, sel SEL) string { return msgsend.MethodEncoding(class, sel) }

// Superclass returns the superclass, 0 for a root class and for 0.
func Superclass(class Class) Class { return msgsend.Superclass(class) }

// IsKindOf reports whether an object is of a class or a subclass of it. Nil is of
// none.
func IsKindOf(id ID, class Class) bool {
	return class != 0 && msgsend.Bool1(id, &selIsKindOfClass, uintptr(class))
}
