//go:build objcnative

package msgsend

import (
	"fmt"
	"unsafe"
)

// The GNU runtime has no function that makes a protocol: compilers lay it out
// and the runtime is told. So do we; the memory is never given back.

type gnuProtocol struct {
	class           uintptr
	name            uintptr
	adopted         uintptr // *gnuProtocolList
	instanceMethods uintptr // a count, then a gnuMethod each
	classMethods    uintptr
}

type gnuProtocolList struct {
	next  uintptr
	count uintptr // followed by the protocols
}

type gnuMethod struct{ sel, types uintptr }

var fnAddGNUProtocol = runtimeFunc{name: "__objc_protocols_add_protocol"}

// DefineProtocol makes a protocol. It is there as long as the process.
func DefineProtocol(name string, adopted []Protocol, methods []ProtocolMethod) (Protocol, error) {
	if err := checkProtocol(name, methods); err != nil {
		return 0, fmt.Errorf("msgsend: protocol %s: %w", name, err)
	}
	p := gnuProtocol{
		class: uintptr(LookupClass("Protocol")), name: cMemoryString(name),
		instanceMethods: gnuMethods(methods, false), classMethods: gnuMethods(methods, true),
	}
	if len(adopted) > 0 {
		const head = unsafe.Sizeof(gnuProtocolList{})
		list := cMemory(head + uintptr(len(adopted))*8)
		*(*gnuProtocolList)(list) = gnuProtocolList{count: uintptr(len(adopted))}
		copy(unsafe.Slice((*Protocol)(unsafe.Add(list, head)), len(adopted)), adopted)
		p.adopted = uintptr(list)
	}
	at := cMemory(unsafe.Sizeof(p))
	*(*gnuProtocol)(at) = p
	fnAddGNUProtocol.call(p.name, uintptr(at), 0, 0, 0)
	return Protocol(at), nil
}

// gnuMethods lays out the instance or the class methods of a list, nil for none.
func gnuMethods(methods []ProtocolMethod, class bool) uintptr {
	var list []gnuMethod
	for _, m := range methods {
		if m.Class == class {
			list = append(list, gnuMethod{uintptr(registerSelector(m.Selector)), cMemoryString(m.Encoding)})
		}
	}
	if list == nil {
		return 0
	}
	at := cMemory(8 + uintptr(len(list))*unsafe.Sizeof(gnuMethod{}))
	*(*uintptr)(at) = uintptr(len(list))
	copy(unsafe.Slice((*gnuMethod)(unsafe.Add(at, 8)), len(list)), list)
	return uintptr(at)
}
