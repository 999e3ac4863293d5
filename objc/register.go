package objc

import "github.com/aruminium-go/aruminium/internal/msgsend"

// ClassDef describes a class to make with [RegisterClass].
//
//	Name         string
//	Super        Class      // 0 is NSObject
//	Protocols    []Protocol // those it adopts
//	Methods      []Method
//	ClassMethods []Method
//	Dealloc      func(self ID) // called when the last reference to an object is gone
type ClassDef = msgsend.ClassDef

// Method is one method of a class defined in Go.
//
//	Selector string
//	Encoding string        // "": that of the class's protocols or else of its superclass
//	Func     func(c *Call) // must not panic where the sender is not Go
type Method = msgsend.Method

// Call is a message, or a call of a block, as the Go func that answers it sees
// it. It must not be kept after the func has returned.
//
// Self is the receiver and Sel the selector. The methods Word, ID, Bool, Float32,
// Float64, Pointer and Struct read an argument by its index; ReturnWord,
// ReturnID, ReturnBool, ReturnFloat32, ReturnFloat64 and ReturnStruct set the
// result, which is zero otherwise. Args and Ret hold both as words.
//
// An object argument stays the sender's: retain what is kept. An object result
// is handed over, whatever the method's name: return what was just made, or
// Retain(x). SetOut stores an object through an argument such as NSError **,
// see also [SetError].
//
// Value is the receiver's Go value. CallSuper runs the superclass's method with
// the words in Args and leaves its result in Ret.
type Call = msgsend.Call

// MaxClassDepth is how many classes defined in Go may inherit from one another.
const MaxClassDepth = msgsend.MaxClassDepth

// RegisterClass makes a class, which is there as long as the process. The error
// tells what is wrong with the definition: a name that is taken, an encoding
// that does not fit its selector.
//
// Its methods can be called from any thread, at the cost of a call from C into
// Go. On the embedded runtime only NSObject and classes defined in Go can be
// inherited from.
func RegisterClass(def ClassDef) (Class, error) { return msgsend.DefineClass(def) }

var selInit = Selector{Name: "init"}

// NewObject makes an object of a class defined in Go with a Go value, as alloc
// and init do. The reference is the caller's.
func NewObject(class Class, value any) ID {
	id := msgsend.Object0(ID(class), &selAlloc)
	msgsend.SetValue(id, value)
	return msgsend.Object0(id, &selInit)
}

// Value returns the Go value of an object of a class defined in Go, nil for other
// objects and for one that was given none.
func Value(id ID) any { return msgsend.Value(id) }

// ValueAs returns the Go value of an object when it is a T.
func ValueAs[T any](id ID) (T, bool) {
	v, ok := msgsend.Value(id).(T)
	return v, ok
}

// SetValue gives an object of a class defined in Go its Go value, which is let go
// of when the object is gone. It must not run beside other uses of the object's
// value. It panics for an object of another class.
func SetValue(id ID, value any) { msgsend.SetValue(id, value) }

// SetError stores an error through an argument that is an NSError **, if the
// sender wants it; see [NewError] for what it becomes. nil stores nothing.
func SetError(c *Call, arg int, err error) {
	if err != nil && c.Word(arg) != 0 {
		c.SetOut(arg, NewError(err))
	}
}
