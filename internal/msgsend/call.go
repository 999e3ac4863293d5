package msgsend

import (
	"fmt"
	"math"
	"unsafe"
)

// Call is a message, or a call of a block, as the Go func that answers it sees
// it. It must not be kept after the func has returned: it is the sender's
// memory.
type Call struct {
	Self ID  // the receiver; for a block the block
	Sel  SEL // the selector; 0 for a block
	// Args are the argument words in the neutral form of the package, without
	// receiver and selector, and Ret those of the result, zero on entry.
	Args, Ret []uint64

	impl *implementation
}

// Signature returns the message's signature; a block's has no receiver and no
// selector.
func (c *Call) Signature() *Signature { return c.impl.sig }

// NumArgs returns the number of arguments, without receiver and selector.
func (c *Call) NumArgs() int { return len(c.impl.shape.Args) }

// at returns the first word of an argument.
func (c *Call) at(arg int) *uint64 { return &c.Args[c.impl.shape.Offsets[arg]] }

// Word returns an argument that is an integer or an address.
func (c *Call) Word(arg int) uintptr { return uintptr(*c.at(arg)) }

// ID returns an argument that is an object, which stays the sender's.
func (c *Call) ID(arg int) ID { return ID(*c.at(arg)) }

// Bool returns an argument that is a BOOL.
func (c *Call) Bool(arg int) bool { return byte(*c.at(arg)) != 0 }

// Float32 returns an argument that is a float.
func (c *Call) Float32(arg int) float32 { return math.Float32frombits(uint32(*c.at(arg))) }

// Float64 returns an argument that is a double.
func (c *Call) Float64(arg int) float64 { return math.Float64frombits(*c.at(arg)) }

// Pointer returns an argument that is the address of C memory, or of Go memory
// that the sender keeps in place.
func (c *Call) Pointer(arg int) unsafe.Pointer { return pointer(uintptr(*c.at(arg))) }

// Struct copies an argument that is a struct by value to p. It panics unless
// size is the struct's.
func (c *Call) Struct(arg int, p unsafe.Pointer, size uintptr) {
	if want := c.impl.shape.Args[arg].Size; int(size) != want {
		panic(fmt.Sprintf("msgsend: argument %d of %s has %d bytes, not %d", arg, c.what(), want, size))
	}
	copy(unsafe.Slice((*byte)(p), size), unsafe.Slice((*byte)(unsafe.Pointer(c.at(arg))), size))
}

func (c *Call) what() string {
	if c.impl.name == "" {
		return fmt.Sprintf("a block with encoding %q", c.impl.sig.Encoding)
	}
	return fmt.Sprintf("%s with encoding %q", c.impl.name, c.impl.sig.Encoding)
}

// ret returns the first result word.
func (c *Call) ret() *uint64 {
	if len(c.Ret) == 0 {
		panic("msgsend: there is no result to " + c.what())
	}
	return &c.Ret[0]
}

// ReturnWord makes an integer or address the result.
func (c *Call) ReturnWord(w uintptr) { *c.ret() = uint64(w) }

// ReturnID makes an object the result. The reference is handed over to the
// sender, whatever the method's name: return a retained object, or one just made.
// A method of the init family is handed the reference to Self, and returns it or
// releases it.
func (c *Call) ReturnID(id ID) { *c.ret() = uint64(id) }

// ReturnBool makes a BOOL the result.
func (c *Call) ReturnBool(b bool) {
	*c.ret() = 0
	if b {
		c.Ret[0] = 1
	}
}

// ReturnFloat32 makes a float the result.
func (c *Call) ReturnFloat32(v float32) { *c.ret() = uint64(math.Float32bits(v)) }

// ReturnFloat64 makes a double the result.
func (c *Call) ReturnFloat64(v float64) { *c.ret() = math.Float64bits(v) }

// ReturnStruct makes the struct of size bytes at p the result. It panics unless
// size is the result's.
func (c *Call) ReturnStruct(p unsafe.Pointer, size uintptr) {
	if want := c.impl.shape.Result.Size; int(size) != want {
		panic(fmt.Sprintf("msgsend: the result of %s has %d bytes, not %d", c.what(), want, size))
	}
	if size > 0 {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(c.ret())), size), unsafe.Slice((*byte)(p), size))
	}
}
