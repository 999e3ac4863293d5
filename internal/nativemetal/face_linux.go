//go:build objcnative

package nativemetal

import (
	"fmt"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// A face is an object of the native runtime that stands for one of the embedded
// runtime, which it holds no reference to: what retains and releases the face
// retains and releases that object, and the face goes when it does.
type face struct{ object objcrt.ID }

var (
	faceClasses sync.Map // *objcrt.Class to objc.Class
	faces       sync.Map // objcrt.ID to objc.ID
	defining    sync.Mutex
)

var (
	selAlloc   = msgsend.Selector{Name: "alloc"}
	selDealloc = msgsend.Selector{Name: "dealloc"}
	sigAlloc   = msgsend.Signature{Encoding: "@@:"}
)

// faceOf returns the face of an object, making it the first time.
func faceOf(object objcrt.ID) objc.ID {
	if id, ok := faces.Load(object); ok {
		return id.(objc.ID)
	}
	class := faceClass(objcrt.ClassOf(object))
	defining.Lock()
	defer defining.Unlock()
	if id, ok := faces.Load(object); ok {
		return id.(objc.ID)
	}
	// The class's own alloc makes an object of the embedded runtime.
	root := objc.GetClass("NSObject")
	imp := msgsend.Implementation(msgsend.ObjectClass(objc.ID(root)), selAlloc.SEL())
	var none msgsend.Frame
	id := none.ObjectIMP(imp, objc.ID(class), &selAlloc, &sigAlloc)
	msgsend.SetValue(id, face{object})
	faces.Store(object, id)
	return id
}

// objectOf returns the object a face stands for, 0 for what is no face.
func objectOf(id objc.ID) objcrt.ID {
	f, _ := msgsend.Value(id).(face)
	return f.object
}

// destroyed is told of every object of the embedded runtime that goes.
func destroyed(object objcrt.ID) {
	if id, ok := faces.LoadAndDelete(object); ok {
		msgsend.Send0(id.(objc.ID), &selDealloc)
	}
	dropBlock(object)
}

// notForwarded are the methods of every object that the native runtime answers.
var notForwarded = map[string]bool{
	"init": true, "self": true, "class": true, "superclass": true, "autorelease": true,
	"isKindOfClass:": true, "isMemberOfClass:": true, "respondsToSelector:": true, "hash": true, "isEqual:": true,
	"instancesRespondToSelector:": true,
}

// forwardedOfClasses are the methods of every class that are forwarded.
var forwardedOfClasses = map[string]bool{"alloc": true, "new": true}

// faceClass returns the class of the faces of a class's objects, making it the
// first time.
func faceClass(c *objcrt.Class) objc.Class {
	if class, ok := faceClasses.Load(c); ok {
		return class.(objc.Class)
	}
	def := msgsend.ClassDef{Name: c.Name()}
	super := c.Super()
	if super != objcrt.NSObject() {
		def.Super = faceClass(super)
	}
	defining.Lock()
	defer defining.Unlock()
	if class, ok := faceClasses.Load(c); ok {
		return class.(objc.Class)
	}
	c.EachMethod(func(sel objcrt.SEL, encoding string) {
		name := objcrt.SelectorName(sel)
		if !notForwarded[name] && (super == objcrt.NSObject() || super.MethodEncoding(sel) == "") {
			def.Methods = append(def.Methods, forward(c, name, encoding))
		}
	})
	root := objcrt.NSObject().Meta()
	c.Meta().EachMethod(func(sel objcrt.SEL, encoding string) {
		name := objcrt.SelectorName(sel)
		if forwardedOfClasses[name] || root.MethodEncoding(sel) == "" {
			def.ClassMethods = append(def.ClassMethods, forwardClass(c, name, encoding))
		}
	})
	class, err := msgsend.DefineClass(def)
	if err != nil {
		panic(fmt.Sprintf("nativemetal: %v", err))
	}
	faceClasses.Store(c, class)
	return class
}

// Faces returns how many faces there are. It is for tests.
func Faces() int {
	n := 0
	faces.Range(func(_, _ any) bool { n++; return true })
	return n
}
