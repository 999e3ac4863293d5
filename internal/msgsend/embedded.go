//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// Native reports whether messages reach a native Objective-C runtime.
const Native = false

// lowered is empty: embedded methods read the words.
type lowered struct{}

func lower(*objctype.Signature) (lowered, error) { return lowered{}, nil }

// Selector is a method name whose number is looked up once. It is meant to be
// a package-level variable with only its Name set:
//
//	var selCommit = msgsend.Selector{Name: "commit"}
type Selector = objcrt.Selector

func registerSelector(name string) SEL { return objcrt.RegisterSelector(name) }

// SelectorName returns the name of a selector, "" when it is none.
func SelectorName(sel SEL) string { return objcrt.SelectorName(sel) }

// LookupClass returns the class of a name, 0 when there is none.
func LookupClass(name string) Class {
	if c := objcrt.LookupClass(name); c != nil {
		return c.Handle()
	}
	return 0
}

// ObjectClass returns the class of an object, 0 for nil.
func ObjectClass(id ID) Class {
	if c := objcrt.ClassOf(id); c != nil {
		return c.Handle()
	}
	return 0
}

// ClassName returns the name of a class, "" for 0.
func ClassName(c Class) string {
	if k := objcrt.ClassFromHandle(c); k != nil {
		return k.Name()
	}
	return ""
}

// RespondsTo reports whether an object has a method for a selector. Nil has none.
func RespondsTo(id ID, sel SEL) bool { return objcrt.RespondsTo(id, sel) }

// Retain adds a reference and returns the object. Nil stays nil.
func Retain(id ID) ID { return objcrt.Retain(id) }

// Release gives a reference back. Nil is fine.
func Release(id ID) { objcrt.Release(id) }

// Autorelease gives the caller's reference to the innermost pool of the calling
// goroutine and returns the object. Without a pool it is never released, as on
// a thread without one.
func Autorelease(id ID) ID {
	id, _ = objcrt.Autorelease(id)
	return id
}

// Pool runs f with an autorelease pool, which is emptied when f has returned or
// panicked. The goroutine stays on its thread meanwhile. Pools nest.
func Pool(f func()) {
	p := objcrt.PushPool()
	defer p.Pop()
	f()
}

// Float64 sends a message without arguments and returns its double result.
func Float64(self ID, sel *Selector) float64 {
	return math.Float64frombits(uint64(objcrt.Word0(self, sel, objcrt.FormFloat64)))
}

// Float32 sends a message without arguments and returns its float result.
func Float32(self ID, sel *Selector) float32 {
	return math.Float32frombits(uint32(objcrt.Word0(self, sel, objcrt.FormFloat32)))
}

// Send3x3 sends a message whose arguments are two structs of three words each
// by value, such as dispatchThreads:threadsPerThreadgroup: with its two MTLSize.
func Send3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	objcrt.Void3x3(self, sel, a, b, c, d, e, f)
}

var sig3x3 = Signature{Encoding: "v@:{?=QQQ}{?=QQQ}"}

// sendFrame sends the words of a frame; the result's words go to ret.
func sendFrame(self ID, sel *Selector, sig *Signature, f *Frame, ret []uint64, object bool) {
	s := sig.shape()
	if f.n != s.Signature.Words {
		wrongWords(sel, sig, f.n)
	}
	if checking.Load() {
		checkFrame(self, sel, sig, object)
	}
	objcrt.SendFrame(self, sel.SEL(), f.args(), ret)
}

// ObjectErr sends a message whose last argument is an NSError **, after the
// given words, and returns the object result and the error. Both are the
// caller's; the error is 0 when the method stored none.
func ObjectErr(self ID, sel *Selector, words ...uintptr) (result, err ID) {
	r, err := sendErr(self, sel, objcrt.FormObject, words)
	return ID(r), err
}

// BoolErr is [ObjectErr] for a method with a BOOL result.
func BoolErr(self ID, sel *Selector, words ...uintptr) (ok bool, err ID) {
	r, err := sendErr(self, sel, objcrt.FormBool, words)
	return byte(r) != 0, err
}

func sendErr(self ID, sel *Selector, form objcrt.Form, words []uintptr) (uint64, ID) {
	var f Frame
	var out = new(ID)
	for _, w := range words {
		f.AddWord(w)
	}
	f.AddOut(out)
	if checking.Load() {
		checkWords(self, sel, form, f.n)
	}
	var ret [1]uint64
	objcrt.SendFrame(self, sel.SEL(), f.args(), ret[:])
	return ret[0], *out
}
