//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// protocol returns what a protocol word names, nil for 0.
func (p Protocol) protocol() *objcrt.Protocol { return objcrt.ProtocolByNumber(int(p) - 1) }

func protocolWord(p *objcrt.Protocol) Protocol {
	if p == nil {
		return 0
	}
	return Protocol(p.Number() + 1)
}

// LookupProtocol returns the protocol of a name, 0 when there is none.
func LookupProtocol(name string) Protocol { return protocolWord(objcrt.LookupProtocol(name)) }

// DefineProtocol makes a protocol. It is there as long as the process.
func DefineProtocol(name string, adopted []Protocol, methods []ProtocolMethod) (Protocol, error) {
	if err := checkProtocol(name, methods); err != nil {
		return 0, fmt.Errorf("msgsend: protocol %s: %w", name, err)
	}
	var list []*objcrt.Protocol
	for _, a := range adopted {
		if p := a.protocol(); p != nil {
			list = append(list, p)
		}
	}
	var declared []objcrt.ProtocolMethod
	for _, m := range methods {
		declared = append(declared, objcrt.ProtocolMethod(m))
	}
	p, err := objcrt.DefineProtocol(name, list, declared)
	return protocolWord(p), err
}

// Name returns the protocol's name, "" for 0.
func (p Protocol) Name() string {
	if q := p.protocol(); q != nil {
		return q.Name()
	}
	return ""
}

// Encoding returns the type encoding the protocol, or one it adopts, declares
// for an instance or class method, "" when it declares none.
func (p Protocol) Encoding(sel SEL, class bool) string {
	if q := p.protocol(); q != nil {
		return q.Encoding(SelectorName(sel), class)
	}
	return ""
}

// ConformsTo reports whether a protocol is another or adopts it.
func (p Protocol) ConformsTo(other Protocol) bool {
	a, b := p.protocol(), other.protocol()
	return a != nil && b != nil && a.ConformsTo(b)
}

// ClassConformsTo reports whether a class or one of its superclasses adopts a
// protocol.
func ClassConformsTo(class Class, p Protocol) bool {
	c, q := objcrt.ClassFromHandle(class), p.protocol()
	return c != nil && q != nil && c.ConformsTo(q)
}
