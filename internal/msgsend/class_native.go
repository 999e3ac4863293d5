//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

var (
	fnAllocateClass    = runtimeFunc{name: "objc_allocateClassPair"}
	fnRegisterClass    = runtimeFunc{name: "objc_registerClassPair"}
	fnAddMethod        = runtimeFunc{name: "class_addMethod"}
	fnAddIvar          = runtimeFunc{name: "class_addIvar"}
	fnAddProtocol      = runtimeFunc{name: "class_addProtocol"}
	fnInstanceVariable = runtimeFunc{name: "class_getInstanceVariable"}
	fnIvarOffset       = runtimeFunc{name: "ivar_getOffset"}

	selDealloc = Selector{Name: "dealloc"}
)

// goClass is a class defined in Go, or its metaclass.
type goClass struct {
	name    string
	super   Class
	depth   int                         // how many of its superclasses are defined in Go
	methods map[uintptr]*implementation // by selectorKey
	handle  uintptr                     // where in an object its Go value's handle is
	dealloc func(ID)
}

// goClasses are the classes defined in Go and their metaclasses. The map is never
// changed, but replaced: the runtime may hold locks of its own when it calls
// a method, so none is taken to find one.
var goClasses struct {
	byClass atomic.Pointer[map[Class]*goClass]
	define  sync.Mutex // held while one is defined
}

// goClassOf returns the class at a depth among a class and its superclasses, at any
// depth when it is negative; nil when there is none.
func goClassOf(c Class, depth int) *goClass {
	all := goClasses.byClass.Load()
	if all == nil {
		return nil
	}
	for ; c != 0; c = Superclass(c) {
		if g := (*all)[c]; g != nil && (depth < 0 || g.depth == depth) {
			return g
		}
	}
	return nil
}

// handleVariable is the instance variable that holds the handle of an
// object's Go value.
const handleVariable = "_goHandle"

// DefineClass makes a class. It is there as long as the process.
func DefineClass(def ClassDef) (Class, error) {
	c, err := defineClass(&def)
	if err != nil {
		return 0, fmt.Errorf("msgsend: class %s: %w", def.Name, err)
	}
	return c, nil
}

func defineClass(def *ClassDef) (Class, error) {
	load()
	if err := def.check(); err != nil {
		return 0, err
	}
	if def.Super == 0 {
		def.Super = LookupClass("NSObject")
	}
	goClasses.define.Lock()
	defer goClasses.define.Unlock()
	instance, meta, err := def.goClasses()
	if err != nil {
		return 0, err
	}
	own, err := def.implementations(def.Methods, instance, false)
	if err != nil {
		return 0, err
	}
	ownClass, err := def.implementations(def.ClassMethods, meta, true)
	if err != nil {
		return 0, err
	}
	if instance.depth == 0 || def.Dealloc != nil {
		m := Method{Selector: "dealloc", Encoding: "v@:", Func: instance.runDealloc}
		impl, err := newImplementation(m, instance, false)
		if err != nil {
			return 0, err
		}
		own = append(own, impl)
	}

	name := cString(def.Name)
	class := Class(fnAllocateClass.call(uintptr(def.Super), Addr(unsafe.Pointer(name)), 0, 0, 0))
	runtime.KeepAlive(name)
	if class == 0 {
		return 0, fmt.Errorf("the runtime makes no class of this name")
	}
	if instance.depth == 0 {
		addHandleVariable(class)
	}
	for _, p := range def.Protocols {
		fnAddProtocol.call(uintptr(class), uintptr(p), 0, 0, 0)
	}
	instance.add(class, own)
	meta.add(ObjectClass(ID(class)), ownClass)
	publish(class, instance, meta)
	fnRegisterClass.call(uintptr(class), 0, 0, 0, 0)
	if instance.depth == 0 { // only now is it known where the variable is
		instance.handle = handleOffset(class)
	}
	return class, nil
}

// goClasses makes what is kept of a class and its metaclass.
func (def *ClassDef) goClasses() (instance, meta *goClass, err error) {
	instance = &goClass{name: def.Name, super: def.Super, methods: make(map[uintptr]*implementation), dealloc: def.Dealloc}
	if parent := goClassOf(def.Super, -1); parent != nil {
		if instance.depth = parent.depth + 1; instance.depth == MaxClassDepth {
			return nil, nil, fmt.Errorf("%d of its superclasses are defined in Go: at most %d can be", instance.depth, MaxClassDepth-1)
		}
		instance.handle = parent.handle
	}
	meta = &goClass{name: def.Name, super: def.Super, depth: instance.depth, methods: make(map[uintptr]*implementation)}
	return instance, meta, nil
}

// publish makes a class known to [goClassOf].
func publish(class Class, instance, meta *goClass) {
	all := make(map[Class]*goClass)
	if old := goClasses.byClass.Load(); old != nil {
		maps.Copy(all, *old)
	}
	all[class], all[ObjectClass(ID(class))] = instance, meta
	goClasses.byClass.Store(&all)
}

// addHandleVariable adds the instance variable for the handle to a class that is
// not registered yet.
func addHandleVariable(class Class) {
	name, encoding := cString(handleVariable), cString("Q")
	const size, alignment = 8, 3 // the alignment's logarithm
	fnAddIvar.call(uintptr(class), Addr(unsafe.Pointer(name)), size, alignment, Addr(unsafe.Pointer(encoding)))
	runtime.KeepAlive(name)
	runtime.KeepAlive(encoding)
}

// handleOffset returns where the variable is in the objects of a class.
func handleOffset(class Class) uintptr {
	name := cString(handleVariable)
	ivar := fnInstanceVariable.call(uintptr(class), Addr(unsafe.Pointer(name)), 0, 0, 0)
	runtime.KeepAlive(name)
	return fnIvarOffset.call(ivar, 0, 0, 0, 0)
}

// add gives a class its methods.
func (g *goClass) add(class Class, methods []*implementation) {
	for _, m := range methods {
		sel := registerSelector(m.name)
		g.methods[selectorKey(uint64(sel))] = m
		encoding := cString(m.sig.Encoding)
		fnAddMethod.call(uintptr(class), uintptr(sel), m.entry(g.depth), Addr(unsafe.Pointer(encoding)), 0)
		runtime.KeepAlive(encoding)
	}
}

// runDealloc is the method dealloc of a class defined in Go.
func (g *goClass) runDealloc(c *Call) {
	if g.dealloc != nil {
		g.dealloc(c.Self)
	}
	if g.depth == 0 {
		handleOf(c.Self, g).release()
	}
	c.CallSuper()
}

// handleOf returns the handle of an object of a class or a subclass of it.
func handleOf(id ID, g *goClass) handle { return *handleIn(id, g) }

func handleIn(id ID, g *goClass) *handle {
	return (*handle)(unsafe.Add(pointer(uintptr(id)), g.handle))
}

// Value returns the Go value of an object of a class defined in Go, nil for any
// other and for one that was given none.
func Value(id ID) any {
	if id == 0 {
		return nil
	}
	if g := goClassOf(ObjectClass(id), -1); g != nil && g.handle != 0 {
		return handleOf(id, g).value()
	}
	return nil
}

// Value returns the Go value of the receiver: see [Value].
func (c *Call) Value() any {
	if g := c.impl.class; g != nil && g.handle != 0 {
		return handleOf(c.Self, g).value()
	}
	return nil
}

// SetValue gives an object of a class defined in Go its Go value, which is let go
// of when the object is gone. It must not run beside other uses of the object's
// value. It panics for objects of other classes.
func SetValue(id ID, value any) {
	g := goClassOf(ObjectClass(id), -1)
	if g == nil || g.handle == 0 {
		panic(fmt.Sprintf("msgsend: an object of class %s cannot have a Go value: its class is not defined in Go", ClassName(ObjectClass(id))))
	}
	h := handleIn(id, g)
	h.release()
	*h = newHandle(value)
}
