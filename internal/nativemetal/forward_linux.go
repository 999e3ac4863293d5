//go:build objcnative

package nativemetal

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// conversion is what happens to an argument on its way.
type conversion uint8

const (
	asItIs    conversion = iota // an integer, a float, a struct, an address of bytes
	asObject                    // an object
	asBlock                     // a block
	asObjects                   // a C array of objects, whose length another argument tells
	asOut                       // where an object is stored
	asClass
	asSelector
)

// forwarder forwards one method.
type forwarder struct {
	selector string
	sel      objcrt.SEL
	sig      *objctype.Signature
	args     []conversion
	count    int  // the word that is the length of the C array of objects
	result   bool // an object
}

// forward makes the method of a face class.
func forward(c *objcrt.Class, selector, encoding string) msgsend.Method {
	f := newForwarder(c, selector, encoding)
	return msgsend.Method{Selector: selector, Encoding: encoding, Func: func(call *msgsend.Call) {
		f.send(call, call.Value().(face).object)
	}}
}

// forwardClass makes the class method of a face class.
func forwardClass(c *objcrt.Class, selector, encoding string) msgsend.Method {
	f := newForwarder(c, selector, encoding)
	return msgsend.Method{Selector: selector, Encoding: encoding, Func: func(call *msgsend.Call) {
		f.send(call, c.ID())
	}}
}

func newForwarder(c *objcrt.Class, selector, encoding string) *forwarder {
	sig, err := objctype.ParseMethod(encoding)
	if err != nil {
		panic(fmt.Sprintf("nativemetal: [%s %s]: %v", c.Name(), selector, err))
	}
	f := &forwarder{selector: selector, sel: objcrt.RegisterSelector(selector), sig: sig, count: -1}
	words := strings.Split(selector, ":")
	for i := range sig.Args {
		t := &sig.Args[i]
		switch {
		case t.Kind == objctype.Object:
			f.args = append(f.args, asObject)
		case t.Kind == objctype.Block:
			blockArguments(selector) // or panic now rather than when it is called
			f.args = append(f.args, asBlock)
		case t.Kind == objctype.ClassRef:
			f.args = append(f.args, asClass)
		case t.Kind == objctype.Selector:
			f.args = append(f.args, asSelector)
		case t.Kind == objctype.Pointer && t.Elem != nil && t.Elem.Kind == objctype.Object && t.Const:
			f.args = append(f.args, asObjects)
			f.count = countWord(sig, words, i)
			if f.count < 0 {
				panic(fmt.Sprintf("nativemetal: [%s %s]: no argument tells how long the array of argument %d is", c.Name(), selector, i))
			}
		case t.Kind == objctype.Pointer && t.Elem != nil && t.Elem.Kind == objctype.Object:
			f.args = append(f.args, asOut)
		default:
			f.args = append(f.args, asItIs)
		}
	}
	f.result = sig.Result.Kind == objctype.Object
	return f
}

// countWord returns the word that tells the length of the C array that is an
// argument: the length of a range, or a count.
func countWord(sig *objctype.Signature, words []string, array int) int {
	for i := array + 1; i < len(sig.Args); i++ {
		if t := &sig.Args[i]; t.Kind == objctype.Struct && t.Name == "_NSRange" {
			return sig.Offsets[i] + 1
		}
		if words[i] == "count" {
			return sig.Offsets[i]
		}
	}
	return -1
}

// send forwards a call.
func (f *forwarder) send(call *msgsend.Call, to objcrt.ID) {
	args := append([]uint64(nil), call.Args...)
	var release []objcrt.ID
	var outs []*objcrt.ID // as many as there are arguments
	for i, how := range f.args {
		w := &args[f.sig.Offsets[i]]
		switch how {
		case asObject:
			id, made := toEmbedded(objc.ID(*w))
			*w = uint64(id)
			if made {
				release = append(release, id)
			}
		case asBlock:
			id := wrapBlock(f.selector, objc.ID(*w))
			*w = uint64(id)
			release = append(release, id)
		case asObjects:
			if *w == 0 {
				break
			}
			ids := make([]objcrt.ID, args[f.count])
			for j := range ids {
				native := *(*objc.ID)(objcrt.Pointer(uintptr(*w) + uintptr(j)*8))
				id, made := toEmbedded(native)
				ids[j] = id
				if made {
					release = append(release, id)
				}
			}
			*w = uint64(msgsend.Addr(unsafe.Pointer(unsafe.SliceData(ids))))
			defer runtime.KeepAlive(ids)
		case asOut:
			if outs == nil {
				outs = make([]*objcrt.ID, len(f.args))
			}
			if *w != 0 {
				outs[i] = new(objcrt.ID)
				*w = uint64(msgsend.Addr(unsafe.Pointer(outs[i])))
			}
		case asClass:
			*w = uint64(embeddedClass(objc.Class(*w)))
		case asSelector:
			*w = uint64(objcrt.RegisterSelector(objc.SelectorName(objc.SEL(*w))))
		}
	}
	objcrt.SendFrame(to, f.sel, args, call.Ret)
	for i, out := range outs {
		if out != nil && *out != 0 {
			call.SetOut(i, toNative(*out))
		}
	}
	if f.result {
		call.Ret[0] = uint64(toNative(objcrt.ID(call.Ret[0])))
	}
	for _, id := range release {
		objcrt.Release(id)
	}
}
