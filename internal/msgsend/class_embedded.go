//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// goClass is a class defined in Go.
type goClass struct {
	name  string
	class *objcrt.Class
	depth int // how many of its superclasses are defined in Go
}

// goClasses are the classes defined in Go.
var goClasses sync.Map // *objcrt.Class to *goClass

// goClassOf returns the first class defined in Go among a class and its
// superclasses, nil when there is none.
func goClassOf(c *objcrt.Class) *goClass {
	for ; c != nil; c = c.Super() {
		if g, ok := goClasses.Load(c); ok {
			return g.(*goClass)
		}
	}
	return nil
}

// implementationSide is what the embedded side adds to an implementation.
type implementationSide struct{}

func (m *implementation) newSide(*objctype.Signature) implementationSide { return implementationSide{} }

// DefineClass makes a class. It is there as long as the process.
func DefineClass(def ClassDef) (Class, error) {
	c, err := defineClass(&def)
	if err != nil {
		return 0, fmt.Errorf("msgsend: class %s: %w", def.Name, err)
	}
	return c, nil
}

func defineClass(def *ClassDef) (Class, error) {
	if err := def.check(); err != nil {
		return 0, err
	}
	if def.Super == 0 {
		def.Super = LookupClass("NSObject")
	}
	g := &goClass{name: def.Name}
	super := objcrt.ClassFromHandle(def.Super)
	if parent := goClassOf(super); parent != nil {
		if g.depth = parent.depth + 1; g.depth == MaxClassDepth {
			return 0, fmt.Errorf("%d of its superclasses are defined in Go: at most %d can be", g.depth, MaxClassDepth-1)
		}
	} else if super != objcrt.NSObject() {
		return 0, fmt.Errorf("the embedded runtime's %s cannot be inherited from: only NSObject and classes defined in Go can", ClassName(def.Super))
	}
	own, err := def.implementations(def.Methods, g, false)
	if err != nil {
		return 0, err
	}
	ownClass, err := def.implementations(def.ClassMethods, g, true)
	if err != nil {
		return 0, err
	}
	d := objcrt.ClassDef{
		Name: def.Name, Super: super, Methods: methodTable(own), ClassMethods: methodTable(ownClass),
		Alloc: func() any { return nil },
	}
	for _, p := range def.Protocols {
		d.Protocols = append(d.Protocols, p.protocol())
	}
	if def.Dealloc != nil {
		d.Dealloc = func(o *objcrt.Object) { def.Dealloc(o.ID()) }
	}
	if g.class, err = objcrt.TryDefine(d); err != nil {
		return 0, err
	}
	goClasses.Store(g.class, g)
	return g.class.Handle(), nil
}

func methodTable(all []*implementation) []objcrt.Method {
	var list []objcrt.Method
	for _, m := range all {
		sel := registerSelector(m.name)
		list = append(list, objcrt.Method{Selector: m.name, Encoding: m.sig.Encoding, Func: func(o *objcrt.Object, f *objcrt.Frame) {
			c := Call{Self: o.ID(), Sel: sel, impl: m}
			c.Args, c.Ret = f.Args[:m.shape.Signature.Words], f.Ret[:m.shape.ResultWords]
			m.fn((*Call)(noescape(unsafe.Pointer(&c))))
		}})
	}
	return list
}

// SetOut stores an object through an argument that is the address of one, such
// as NSError **, and hands over the caller's reference with it. If the sender
// does not want it (the argument is nil) it is released.
func (c *Call) SetOut(arg int, id ID) { objcrt.StoreOut(c.Word(arg), id) }

// Value returns the Go value of an object of a class defined in Go, nil for any
// other and for one that was given none.
func Value(id ID) any {
	if id == 0 || goClassOf(objcrt.ClassOf(id)) == nil {
		return nil
	}
	return objcrt.Value(id)
}

// Value returns the Go value of the receiver: see [Value].
func (c *Call) Value() any { return Value(c.Self) }

// SetValue gives an object of a class defined in Go its Go value, which is let go
// of when the object is gone. It must not run beside other uses of the object's
// value. It panics for objects of other classes.
func SetValue(id ID, value any) {
	if goClassOf(objcrt.ClassOf(id)) == nil {
		panic(fmt.Sprintf("msgsend: an object of class %s cannot have a Go value: its class is not defined in Go", ClassName(ObjectClass(id))))
	}
	objcrt.SetValue(id, value)
}

// CallSuper runs the superclass's implementation of the method that is running,
// with the same arguments, and leaves its result as that of the call; an
// object is the func's to return or release. It panics when the superclass has
// none.
func (c *Call) CallSuper() {
	m := c.impl
	if m.class == nil {
		panic("msgsend: a block has no superclass")
	}
	objcrt.SendSuper(m.class.class, m.meta, c.Self, c.Sel, c.Args, c.Ret)
}

// IMP is the implementation of a method: what a message to an object of a class
// reaches. It stays valid as long as the class's method is not replaced.
type IMP uint64

// Implementation returns the implementation that objects of a class answer a
// selector with, 0 when they have none. For class methods give the class of the
// class: see [ObjectClass].
func Implementation(class Class, sel SEL) IMP {
	if c := objcrt.ClassFromHandle(class); c != nil {
		return IMP(c.MethodWord(sel))
	}
	return 0
}

// MethodEncoding returns the type encoding of the method that objects of a
// class answer a selector with, "" when they have none.
func MethodEncoding(class Class, sel SEL) string {
	if c := objcrt.ClassFromHandle(class); c != nil {
		return c.MethodEncoding(sel)
	}
	return ""
}

// Superclass returns the superclass, 0 when there is none.
func Superclass(class Class) Class {
	if c := objcrt.ClassFromHandle(class); c != nil && c.Super() != nil {
		return c.Super().Handle()
	}
	return 0
}

// sendIMP calls an implementation with the words of a frame.
func sendIMP(imp IMP, self ID, sel *Selector, sig *Signature, f *Frame, ret []uint64, object bool) {
	s := sig.shape()
	if f.n != s.Signature.Words {
		wrongWords(sel, sig, f.n)
	}
	if checking.Load() {
		checkFrame(self, sel, sig, object)
	}
	objcrt.SendMethod(uint64(imp), self, sel.SEL(), f.args(), ret)
}
