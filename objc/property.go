package objc

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// Property reads and writes a property by its accessor methods, without
// key-value coding: a package-level variable with its Name set.
//
//	var label = objc.Property{Name: "label"}
//	var enabled = objc.Property{Name: "enabled", Getter: "isEnabled"}
//
//	label.SetString(buffer, "weights")
//
// The accessor must be of the property's type. To nil, reading gives zero and
// writing does nothing. An object without the accessor must not be asked: see
// Readable and Writable.
type Property struct {
	Name   string
	Getter string // the getter's name, when it is not Name
	Setter string // the setter's name with its colon, when it is not set and Name

	once     sync.Once
	get, set Selector
}

var (
	sigSetFloat64 = Signature{Encoding: "v@:d"}
	sigSetFloat32 = Signature{Encoding: "v@:f"}
)

func (p *Property) selectors() (get, set *Selector) {
	p.once.Do(func() {
		if p.get.Name = p.Getter; p.Getter == "" {
			p.get.Name = p.Name
		}
		if p.set.Name = p.Setter; p.Setter == "" {
			first, n := utf8.DecodeRuneInString(p.Name)
			p.set.Name = "set" + string(unicode.ToUpper(first)) + p.Name[n:] + ":"
		}
	})
	return &p.get, &p.set
}

func (p *Property) getter() *Selector { get, _ := p.selectors(); return get }
func (p *Property) setter() *Selector { _, set := p.selectors(); return set }

// Readable reports whether an object has the getter.
func (p *Property) Readable(id ID) bool { return RespondsTo(id, p.getter().SEL()) }

// Writable reports whether an object has the setter.
func (p *Property) Writable(id ID) bool { return RespondsTo(id, p.setter().SEL()) }

// Object returns a property that is an object, which is the caller's.
func (p *Property) Object(id ID) ID { return msgsend.Object0(id, p.getter()) }

// SetObject sets a property that is an object, which stays the caller's.
func (p *Property) SetObject(id, value ID) { msgsend.Send1(id, p.setter(), uintptr(value)) }

// String returns a property that is an NSString.
func (p *Property) String(id ID) string { return TakeString(p.Object(id)) }

// SetString sets a property that is an NSString.
func (p *Property) SetString(id ID, value string) {
	s := NewString(value)
	defer Release(s)
	p.SetObject(id, s)
}

// Word returns a property that is an integer or an address.
func (p *Property) Word(id ID) uintptr { return msgsend.Word0(id, p.getter()) }

// SetWord sets a property that is an integer or an address.
func (p *Property) SetWord(id ID, value uintptr) { msgsend.Send1(id, p.setter(), value) }

// Bool returns a property that is a BOOL.
func (p *Property) Bool(id ID) bool { return msgsend.Bool0(id, p.getter()) }

// SetBool sets a property that is a BOOL.
func (p *Property) SetBool(id ID, value bool) {
	var w uintptr
	if value {
		w = 1
	}
	msgsend.Send1(id, p.setter(), w)
}

// Float64 returns a property that is a double.
func (p *Property) Float64(id ID) float64 { return msgsend.Float64(id, p.getter()) }

// SetFloat64 sets a property that is a double.
func (p *Property) SetFloat64(id ID, value float64) {
	var f Frame
	f.AddFloat64(value)
	f.Send(id, p.setter(), &sigSetFloat64)
}

// Float32 returns a property that is a float.
func (p *Property) Float32(id ID) float32 { return msgsend.Float32(id, p.getter()) }

// SetFloat32 sets a property that is a float.
func (p *Property) SetFloat32(id ID, value float32) {
	var f Frame
	f.AddFloat32(value)
	f.Send(id, p.setter(), &sigSetFloat32)
}
