package objcrt

import (
	"fmt"
	"slices"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// ProtocolMethod is a method that a protocol declares.
type ProtocolMethod struct {
	Selector string
	Encoding string
	Class    bool // a class method
	Optional bool
}

// Protocol is a list of declared methods.
type Protocol struct {
	name    string
	number  int
	adopted []*Protocol
	methods []ProtocolMethod
}

var protocols struct {
	mu     sync.RWMutex
	list   []*Protocol // by number
	byName map[string]*Protocol
}

// DefineProtocol makes a protocol. An encoding that does not parse and a name
// that is taken are errors.
func DefineProtocol(name string, adopted []*Protocol, methods []ProtocolMethod) (*Protocol, error) {
	if name == "" {
		return nil, fmt.Errorf("objcrt: a protocol needs a name")
	}
	for _, m := range methods {
		if _, err := objctype.ParseMethod(m.Encoding); err != nil {
			return nil, fmt.Errorf("objcrt: protocol %s: %s: %w", name, m.Selector, err)
		}
		RegisterSelector(m.Selector)
	}
	protocols.mu.Lock()
	defer protocols.mu.Unlock()
	if protocols.byName[name] != nil {
		return nil, fmt.Errorf("objcrt: protocol %s is defined twice", name)
	}
	p := &Protocol{name: name, number: len(protocols.list), adopted: slices.Clone(adopted), methods: slices.Clone(methods)}
	protocols.list = append(protocols.list, p)
	if protocols.byName == nil {
		protocols.byName = make(map[string]*Protocol)
	}
	protocols.byName[name] = p
	return p, nil
}

// LookupProtocol returns the protocol of a name, nil when there is none.
func LookupProtocol(name string) *Protocol {
	protocols.mu.RLock()
	defer protocols.mu.RUnlock()
	return protocols.byName[name]
}

// ProtocolByNumber returns the protocol with a [Protocol.Number], nil when there
// is none.
func ProtocolByNumber(n int) *Protocol {
	protocols.mu.RLock()
	defer protocols.mu.RUnlock()
	if n < 0 || n >= len(protocols.list) {
		return nil
	}
	return protocols.list[n]
}

// Name returns the protocol's name.
func (p *Protocol) Name() string { return p.name }

// Number returns the protocol's number, counted from 0.
func (p *Protocol) Number() int { return p.number }

// Encoding returns the type encoding that the protocol, or one it adopts,
// declares for an instance or a class method, "" when it declares none.
func (p *Protocol) Encoding(selector string, class bool) string {
	for _, m := range p.methods {
		if m.Selector == selector && m.Class == class {
			return m.Encoding
		}
	}
	for _, a := range p.adopted {
		if e := a.Encoding(selector, class); e != "" {
			return e
		}
	}
	return ""
}

// ConformsTo reports whether the protocol is another or adopts it.
func (p *Protocol) ConformsTo(other *Protocol) bool {
	return p == other || slices.ContainsFunc(p.adopted, func(a *Protocol) bool { return a.ConformsTo(other) })
}

// ConformsTo reports whether the class or one of its superclasses adopts a
// protocol.
func (c *Class) ConformsTo(p *Protocol) bool {
	for ; c != nil; c = c.super {
		if slices.ContainsFunc(c.adopted, func(a *Protocol) bool { return a.ConformsTo(p) }) {
			return true
		}
	}
	return false
}
