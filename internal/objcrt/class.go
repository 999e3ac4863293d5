package objcrt

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Method declares one method of a class.
type Method struct {
	Selector string
	Encoding string // for instance "v@:@QQ"; see package objctype
	// Func is the implementation in register form (one uintptr per argument
	// word, at most six, with or without a uintptr result) or in frame form.
	Func any
}

// ClassDef declares a class.
type ClassDef struct {
	Name         string
	Super        *Class // nil means NSObject
	Methods      []Method
	ClassMethods []Method

	// Alloc makes the Go value of an object made by +alloc or +new. A class
	// without one cannot be allocated by message, only with [Class.New].
	Alloc func() any
	// Copy makes the Go value of -copy's result. A class without one does not
	// respond to copy.
	Copy func(o *Object) any
	// Protocols are those the class adopts.
	Protocols []*Protocol
	// Dealloc runs once, when the last reference is gone and before the value is
	// dropped. It must not send to the object itself. A superclass's hook runs
	// after its subclass's.
	Dealloc func(o *Object)
}

// Class is a class of the runtime.
type Class struct {
	name    string
	number  uint32
	super   *Class
	meta    bool
	object  *Object   // the class as an object, whose class is the metaclass
	all     []*method // own and inherited methods, those included that need a hook
	table   *table
	alloc   func() any
	copy    func(o *Object) any
	dealloc func(o *Object)
	adopted []*Protocol
}

// Name returns the class's name.
func (c *Class) Name() string { return c.name }

// Super returns the superclass, nil for NSObject.
func (c *Class) Super() *Class { return c.super }

// ID returns the class as an object: what class methods are sent to.
func (c *Class) ID() ID { return c.object.ID() }

// Handle returns the class as a class word.
func (c *Class) Handle() objctype.Class { return objctype.Class(c.object.ID()) }

// New makes an object of the class with a Go value and one reference, which is
// the caller's.
func (c *Class) New(value any) ID { return newObject(c, value).ID() }

// IsKindOf reports whether c is other or a subclass of it.
func (c *Class) IsKindOf(other *Class) bool {
	for ; c != nil; c = c.super {
		if c == other {
			return true
		}
	}
	return false
}

// maxClasses bounds the class numbers, metaclasses included.
const maxClasses = 1 << classBits

var classes struct {
	mu     sync.RWMutex
	count  uint32
	byName map[string]*Class
}

// dispatch holds each class's method table under its number. A handle holds
// the number too, so a send finds method and object independently.
var dispatch [maxClasses]atomic.Pointer[table]

// table is the flat method table of one class, inherited methods included: the
// method of selector s is methods[s-base].
type table struct {
	class   *Class
	base    SEL
	methods []*method
}

func (t *table) at(s SEL) *method {
	if i := uint(s - t.base); i < uint(len(t.methods)) {
		return t.methods[i]
	}
	return nil
}

func classByNumber(n uint32) *Class {
	if n < maxClasses {
		if t := dispatch[n].Load(); t != nil {
			return t.class
		}
	}
	return nil
}

// Define makes a class from its declaration. It panics when the declaration
// cannot be: a name that is taken, an encoding that does not parse, a func
// whose form does not fit the encoding.
func Define(def ClassDef) *Class {
	c, err := TryDefine(def)
	if err != nil {
		panic(err.Error())
	}
	return c
}

// TryDefine is [Define] for declarations that are not the program's own: it
// returns an error instead of panicking.
func TryDefine(def ClassDef) (*Class, error) {
	if def.Super == nil {
		def.Super = NSObject()
	}
	return define(def, nil)
}

// define makes a class. needs tells which methods need a hook of the class.
func define(def ClassDef, needs map[string]need) (*Class, error) {
	own, err := compile(def.Name, "-", def.Methods, needs)
	if err != nil {
		return nil, err
	}
	ownClass, err := compile(def.Name, "+", def.ClassMethods, needs)
	if err != nil {
		return nil, err
	}

	classes.mu.Lock()
	defer classes.mu.Unlock()
	if classes.byName[def.Name] != nil {
		return nil, fmt.Errorf("objcrt: class %s is defined twice", def.Name)
	}
	if classes.count+2 > maxClasses-1 {
		return nil, fmt.Errorf("objcrt: class %s: there are already %d classes", def.Name, classes.count/2)
	}
	c := &Class{
		name: def.Name, super: def.Super, alloc: def.Alloc, copy: def.Copy, dealloc: def.Dealloc,
		adopted: def.Protocols,
	}
	m := &Class{name: def.Name, meta: true}
	if c.super != nil {
		m.super = c.super.object.class
		if c.alloc == nil {
			c.alloc = c.super.alloc
		}
		if c.copy == nil {
			c.copy = c.super.copy
		}
	}
	c.number, m.number = classes.count+1, classes.count+2
	classes.count += 2
	c.install(own, c)
	m.install(ownClass, c)
	c.object = newObject(m, c)
	c.object.refs.Store(immortal)
	root := m // the class of every metaclass
	for root.super != nil && root.super.meta {
		root = root.super
	}
	m.object = newObject(root, m)
	m.object.refs.Store(immortal)
	if classes.byName == nil {
		classes.byName = make(map[string]*Class)
	}
	classes.byName[def.Name] = c
	return c, nil
}

// install builds the flat table of c, which is the class of or its metaclass,
// from the superclass's methods and the class's own.
func (c *Class) install(own []*method, of *Class) {
	if c.super != nil {
		c.all = append(c.all, c.super.all...)
	}
	c.all = append(c.all, own...)
	lo, hi := ^SEL(0), SEL(0)
	for _, m := range c.all {
		lo, hi = min(lo, m.sel), max(hi, m.sel)
	}
	t := &table{class: c}
	if len(c.all) > 0 {
		t.base = lo
		t.methods = make([]*method, hi-lo+1)
		for _, m := range c.all { // a class's own come last
			if m.needs == needsNothing || m.needs == needsCopy && of.copy != nil || m.needs == needsAlloc && of.alloc != nil {
				t.methods[m.sel-lo] = m
			}
		}
	}
	c.table = t
	dispatch[c.number].Store(t)
}

// LookupClass returns the class of a name, nil when there is none. The
// Foundation classes are defined when one is first asked for.
func LookupClass(name string) *Class {
	foundation()
	classes.mu.RLock()
	defer classes.mu.RUnlock()
	return classes.byName[name]
}

// ClassFromHandle returns the class a class word names, nil when it is none.
func ClassFromHandle(h objctype.Class) *Class {
	if o := lookup(ID(h)); o != nil && o.class.meta {
		return o.value.(*Class)
	}
	return nil
}

// RespondsTo reports whether an object has a method for a selector. Nil and
// released objects have none.
func RespondsTo(id ID, sel SEL) bool {
	o := lookup(id)
	return o != nil && o.method(sel) != nil
}

// Encoding returns the declared type encoding of an object's method, "" when it
// has none.
func Encoding(id ID, sel SEL) string {
	if o := lookup(id); o != nil {
		if m := o.method(sel); m != nil {
			return m.sig.Encoding
		}
	}
	return ""
}

// MethodEncoding returns the declared type encoding of the method that objects of
// the class answer a selector with, "" when they have none.
func (c *Class) MethodEncoding(sel SEL) string {
	if m := c.table.at(sel); m != nil {
		return m.sig.Encoding
	}
	return ""
}

// Meta returns the class of the class, which has its class methods.
func (c *Class) Meta() *Class { return c.object.class }

// EachMethod calls f with selector and encoding of each method that objects of
// the class answer, inherited ones included.
func (c *Class) EachMethod(f func(sel SEL, encoding string)) {
	for _, m := range c.table.methods {
		if m != nil {
			f(m.sel, m.sig.Encoding)
		}
	}
}

// method returns the method the object answers a selector with.
func (o *Object) method(sel SEL) *method { return o.class.table.at(sel) }

// EachClass calls f with every class there is, in the order of their names. The
// Foundation classes are among them.
func EachClass(f func(*Class)) {
	foundation()
	classes.mu.RLock()
	names := slices.Sorted(maps.Keys(classes.byName))
	classes.mu.RUnlock()
	for _, name := range names {
		f(LookupClass(name))
	}
}
