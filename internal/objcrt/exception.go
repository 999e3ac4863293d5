package objcrt

import (
	"errors"
	"fmt"
)

// Exception is what a message panics with that no method can answer: where a
// native runtime would raise or crash. It is an error, so a recovered one can be
// returned.
type Exception struct {
	Class    string // class of the receiver, "" when the word is no handle at all
	Selector string
	Receiver ID
	Reason   string // the whole sentence

	noMethod bool
}

func (e *Exception) Error() string { return e.Reason }

// Is reports whether target is errors.ErrUnsupported and the receiver's class has
// no such method.
func (e *Exception) Is(target error) bool { return e.noMethod && target == errors.ErrUnsupported }

// noObject tells of a message to a handle that names no live object.
func noObject(id ID, selector string) *Exception {
	e := &Exception{Selector: selector, Receiver: id}
	if c := classByNumber(uint32(id >> classShift)); c != nil {
		if s := slotAt(uint32(id & indexMask)); s != nil {
			e.Class = c.name
			e.Reason = fmt.Sprintf("message to a released object: [%s %s] (handle %#x)", c.name, selector, uintptr(id))
			return e
		}
	}
	e.Reason = fmt.Sprintf("message to what is no object: [? %s] (word %#x)", selector, uintptr(id))
	return e
}

// noMethod tells of a message the receiver's class has no method for.
func noMethod(o *Object, selector string) *Exception {
	sign, name := "-", o.class.name
	if o.class.meta {
		sign = "+"
	}
	return &Exception{
		Class: name, Selector: selector, Receiver: o.ID(), noMethod: true,
		Reason: fmt.Sprintf("%s[%s %s]: unrecognized selector sent to %#x", sign, name, selector, uintptr(o.ID())),
	}
}
