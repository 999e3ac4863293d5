package msgsend

import (
	"fmt"
	"math"
	"strings"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Method is one method of a class defined in Go.
type Method struct {
	Selector string
	// Encoding is the method's type encoding. When it is empty, it is that of
	// the class's protocols or else of the superclass's method.
	Encoding string
	// Func is the implementation. It runs on whatever thread or goroutine the
	// sender uses, and must not panic where the sender is not Go.
	Func func(c *Call)
}

// ClassDef describes a class to define with [DefineClass].
type ClassDef struct {
	Name         string
	Super        Class // 0 is NSObject
	Protocols    []Protocol
	Methods      []Method
	ClassMethods []Method
	// Dealloc is called once, when the last reference to an object is gone and
	// before its Go value is let go. The hook of a superclass runs after that of
	// its subclass. The object must not be retained.
	Dealloc func(self ID)
}

// MaxClassDepth is how many classes defined in Go may inherit from one another.
const MaxClassDepth = 8

// Call is a message, or a call of a block, as the Go func sees it that answers it. It must not be
// kept after the func has returned: it is the sender's memory.
type Call struct {
	Self ID  // the receiver; for a block the block
	Sel  SEL // the selector; 0 for a block
	// Args are the argument words in the neutral form of the package, without
	// receiver and selector, and Ret those of the result, zero on entry.
	Args, Ret []uint64

	impl *implementation
}

// implementation is what is known of a method or block implemented in Go.
type implementation struct {
	name  string // the selector, "" for a block
	sig   Signature
	shape *shape // of the arguments without the block, for a block
	fn    func(*Call)
	class *goClass // the class that has the method, nil for a block
	meta  bool     // it is a class method

	side implementationSide
}

// newImplementation checks a method against its encoding.
func newImplementation(m Method, class *goClass, meta bool) (*implementation, error) {
	sig, err := objctype.ParseMethod(m.Encoding)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(m.Selector, ":"); n != len(sig.Args) {
		return nil, fmt.Errorf("the selector takes %d arguments, the encoding %q has %d", n, m.Encoding, len(sig.Args))
	}
	if m.Func == nil {
		return nil, fmt.Errorf("no func")
	}
	impl := &implementation{name: m.Selector, sig: Signature{Encoding: m.Encoding}, fn: m.Func, class: class, meta: meta}
	return impl, impl.compile(sig)
}

// compile lowers the signature of an implementation.
func (m *implementation) compile(sig *objctype.Signature) error {
	l, err := lower(sig)
	if err != nil {
		return err
	}
	if sig.ResultWords > MaxResultWords {
		return fmt.Errorf("encoding %q: a result of %d words, at most %d are supported", sig.Encoding, sig.ResultWords, MaxResultWords)
	}
	m.shape = &shape{sig, l}
	m.side = m.newSide(sig)
	return nil
}

// newBlockImplementation checks a block's func against its encoding, which has the block itself as
// its first argument. To the func the block is no argument.
func newBlockImplementation(encoding string, fn func(*Call)) (*implementation, error) {
	full, err := objctype.ParseFunction(encoding)
	if err != nil {
		return nil, err
	}
	if len(full.Args) == 0 || full.Args[0].Kind != objctype.Block && full.Args[0].Kind != objctype.Object {
		return nil, fmt.Errorf("block encoding %q: want a result, then \"@?\", then the arguments", encoding)
	}
	m := &implementation{sig: Signature{Encoding: encoding}, fn: fn}
	if err := m.compile(full); err != nil {
		return nil, err
	}
	inner := *full
	inner.Args, inner.Words = full.Args[1:], full.Words-1
	inner.Offsets = make([]int, len(inner.Args))
	for i := range inner.Offsets {
		inner.Offsets[i] = full.Offsets[i+1] - 1
	}
	m.shape = &shape{&inner, m.shape.lowered}
	return m, nil
}

// checkSelectors refuses what no class can have.
func checkSelectors(methods []Method) error {
	seen := make(map[string]bool)
	for _, m := range methods {
		switch {
		case m.Selector == "":
			return fmt.Errorf("a method without a selector")
		case m.Selector == "dealloc":
			return fmt.Errorf("dealloc is not a method to define: use ClassDef.Dealloc")
		case seen[m.Selector]:
			return fmt.Errorf("%s is defined twice", m.Selector)
		}
		seen[m.Selector] = true
	}
	return nil
}

// Signature returns the message's signature.
func (c *Call) Signature() *Signature { return &c.impl.sig }

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

// check refuses what no runtime takes.
func (def *ClassDef) check() error {
	if def.Name == "" {
		return fmt.Errorf("a class needs a name")
	}
	for i, p := range def.Protocols {
		if p == 0 {
			return fmt.Errorf("protocol %d is none", i)
		}
	}
	if LookupClass(def.Name) != 0 {
		return fmt.Errorf("there is a class of this name already")
	}
	if err := checkSelectors(def.Methods); err != nil {
		return err
	}
	return checkSelectors(def.ClassMethods)
}

// implementations checks the methods of a class.
func (def *ClassDef) implementations(methods []Method, class *goClass, meta bool) ([]*implementation, error) {
	sign, super := "-", def.Super
	if meta {
		sign, super = "+", ObjectClass(ID(super))
	}
	var all []*implementation
	for _, m := range methods {
		if m.Encoding == "" {
			if m.Encoding = def.declared(m.Selector, super, meta); m.Encoding == "" {
				return nil, fmt.Errorf("%s%s: no encoding is given, and neither a protocol of the class nor the superclass has one", sign, m.Selector)
			}
		}
		impl, err := newImplementation(m, class, meta)
		if err != nil {
			return nil, fmt.Errorf("%s%s: %w", sign, m.Selector, err)
		}
		all = append(all, impl)
	}
	return all, nil
}

// declared returns the encoding that the class's protocols or its superclass
// have for a selector.
func (def *ClassDef) declared(selector string, super Class, meta bool) string {
	sel := registerSelector(selector)
	for _, p := range def.Protocols {
		if e := p.Encoding(sel, meta); e != "" {
			return e
		}
	}
	return MethodEncoding(super, sel)
}
