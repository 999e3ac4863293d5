package objc

import "github.com/aruminium-go/aruminium/internal/msgsend"

// Protocol is a protocol, 0 for none. Name, Encoding and ConformsTo tell of it;
// Encoding(sel, class) returns the type encoding it declares for an instance
// or a class method, "" when it declares none.
//
// A protocol that no class of the process adopts may be missing even though a
// header declares it: compilers leave it out.
type Protocol = msgsend.Protocol

// ProtocolMethod is a method that a protocol declares.
//
//	Selector string
//	Encoding string
//	Class    bool // a class method
//	Optional bool
type ProtocolMethod = msgsend.ProtocolMethod

// GetProtocol returns the protocol of a name, 0 when there is none.
func GetProtocol(name string) Protocol { return msgsend.LookupProtocol(name) }

// RegisterProtocol makes a protocol, which is there as long as the process.
func RegisterProtocol(name string, adopted []Protocol, methods []ProtocolMethod) (Protocol, error) {
	return msgsend.DefineProtocol(name, adopted, methods)
}

// ConformsTo reports whether an object's class or one of its superclasses adopts a
// protocol. Nil's does not.
func ConformsTo(id ID, p Protocol) bool { return id != 0 && ClassConformsTo(ClassOf(id), p) }

// ClassConformsTo is [ConformsTo] for the objects of a class.
func ClassConformsTo(class Class, p Protocol) bool { return msgsend.ClassConformsTo(class, p) }
