//go:build !embedded

package msgsend

import (
	"fmt"
	"runtime"
	"unsafe"
)

var (
	fnAllocateProtocol   = runtimeFunc{name: "objc_allocateProtocol"}
	fnRegisterProtocol   = runtimeFunc{name: "objc_registerProtocol"}
	fnProtocolAddMethod  = runtimeFunc{name: "protocol_addMethodDescription"}
	fnProtocolAddAdopted = runtimeFunc{name: "protocol_addProtocol"}
)

// DefineProtocol makes a protocol. It is there as long as the process.
func DefineProtocol(name string, adopted []Protocol, methods []ProtocolMethod) (Protocol, error) {
	if err := checkProtocol(name, methods); err != nil {
		return 0, fmt.Errorf("msgsend: protocol %s: %w", name, err)
	}
	text := cString(name)
	p := fnAllocateProtocol.call(Addr(unsafe.Pointer(text)), 0, 0, 0, 0)
	runtime.KeepAlive(text)
	if p == 0 {
		return 0, fmt.Errorf("msgsend: protocol %s: the runtime makes no protocol of this name", name)
	}
	for _, a := range adopted {
		fnProtocolAddAdopted.call(p, uintptr(a), 0, 0, 0)
	}
	word := func(b bool) uintptr {
		if b {
			return 1
		}
		return 0
	}
	for _, m := range methods {
		encoding := cString(m.Encoding)
		fnProtocolAddMethod.call(p, uintptr(registerSelector(m.Selector)), Addr(unsafe.Pointer(encoding)), word(!m.Optional), word(!m.Class))
		runtime.KeepAlive(encoding)
	}
	fnRegisterProtocol.call(p, 0, 0, 0, 0)
	return Protocol(p), nil
}
