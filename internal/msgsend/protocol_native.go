//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"runtime"
	"slices"
	"sync"
	"unsafe"
)

var (
	fnProtocol            = runtimeFunc{name: "objc_getProtocol"}
	fnProtocolName        = runtimeFunc{name: "protocol_getName"}
	fnProtocolDescription = runtimeFunc{name: "protocol_getMethodDescription"}
	fnClassConforms       = runtimeFunc{name: "class_conformsToProtocol"}
	fnProtocolConforms    = runtimeFunc{name: "protocol_conformsToProtocol"}
	fnProtocolAdopted     = runtimeFunc{name: "protocol_copyProtocolList"}
)

// LookupProtocol returns the protocol of a name, 0 when there is none.
func LookupProtocol(name string) Protocol {
	s := cString(name)
	defer runtime.KeepAlive(s)
	return Protocol(fnProtocol.call(Addr(unsafe.Pointer(s)), 0, 0, 0, 0))
}

// Name returns the protocol's name, "" for 0.
func (p Protocol) Name() string {
	if p == 0 {
		return ""
	}
	return goString(fnProtocolName.call(uintptr(p), 0, 0, 0, 0))
}

// descriptionShape is that of protocol_getMethodDescription.
var descriptionShape = sync.OnceValue(func() *shape {
	s, err := functionShape("{?=QQ}QQBB")
	if err != nil {
		panic(err)
	}
	return s
})

// Encoding returns the type encoding the protocol, or one it adopts, declares
// for an instance or class method, "" when it declares none.
func (p Protocol) Encoding(sel SEL, class bool) string {
	if p == 0 || sel == 0 {
		return ""
	}
	var instance uint64
	if !class {
		instance = 1
	}
	var none Frame
	for _, required := range [...]uint64{1, 0} {
		var ret [2]uint64
		args := [...]uint64{uint64(p), uint64(sel), required, instance}
		callFunction(descriptionShape(), fnProtocolDescription.find(), 0, 0, args[:], ret[:], &none, false)
		if ret[1] != 0 {
			return goString(uintptr(ret[1]))
		}
	}
	for _, a := range p.adopted() { // Apple's runtime has looked there already
		if e := a.Encoding(sel, class); e != "" {
			return e
		}
	}
	return ""
}

// adopted returns the protocols that a protocol adopts.
func (p Protocol) adopted() []Protocol {
	count := new(uint32)
	list := fnProtocolAdopted.call(uintptr(p), Addr(unsafe.Pointer(count)), 0, 0, 0)
	if list == 0 {
		return nil
	}
	all := slices.Clone(unsafe.Slice((*Protocol)(pointer(list)), *count))
	cCall(blockRuntime().free, list, 0, 0, 0, 0, 0)
	return all
}

// ConformsTo reports whether a protocol is another or adopts it.
func (p Protocol) ConformsTo(other Protocol) bool {
	return p != 0 && other != 0 && (p == other || byte(fnProtocolConforms.call(uintptr(p), uintptr(other), 0, 0, 0)) != 0)
}

// ClassConformsTo reports whether a class or one of its superclasses adopts a
// protocol.
func ClassConformsTo(class Class, p Protocol) bool {
	if p == 0 {
		return false
	}
	for ; class != 0; class = Superclass(class) {
		if byte(fnClassConforms.call(uintptr(class), uintptr(p), 0, 0, 0)) != 0 {
			return true
		}
	}
	return false
}
