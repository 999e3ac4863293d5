package mtl

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

// ErrUnsupported is what errors about methods wrap that an object does not have: the system is older than
// the method, or the device is one that lacks it. It is errors.ErrUnsupported.
var ErrUnsupported = errors.ErrUnsupported

// An UnsupportedError tells of a method that an object does not have. A method that returns an error, or
// tells a handler of one, gives it back. Another panics with it, in place of the exception that
// Objective-C would raise.
type UnsupportedError struct {
	Class    string // of the object
	Selector string
	Since    string // the first macOS in which the method was seen; "" for macOS 12 and before
}

func (e *UnsupportedError) Error() string {
	text := fmt.Sprintf("mtl: %s has no method %s: %v", e.Class, e.Selector, ErrUnsupported)
	if e.Since != "" {
		text += " (macOS has it from " + e.Since + " on)"
	}
	return text
}

// Unwrap returns ErrUnsupported.
func (e *UnsupportedError) Unwrap() error { return ErrUnsupported }

// supports returns the error of a message that an object cannot answer. Nil answers every message.
func supports(id objc.ID, sel *msgsend.Selector) error {
	if id == 0 || objc.RespondsTo(id, sel.SEL()) {
		return nil
	}
	return &UnsupportedError{Class: objc.ClassName(objc.ClassOf(id)), Selector: sel.Name}
}

// A laterSelector is of a method that is younger than its class, or optional. Whether objects have it depends
// on the system, not on the object, so only the first answer is asked for: from then on the check is one load.
type laterSelector struct {
	msgsend.Selector
	since string
	there atomic.Bool
}

// of returns the selector for a message to an object that has the method. It panics with an
// *UnsupportedError if it has not.
func (s *laterSelector) of(id objc.ID) *msgsend.Selector {
	if !s.there.Load() && id != 0 {
		s.ask(id)
	}
	return &s.Selector
}

func (s *laterSelector) ask(id objc.ID) {
	if err := supports(id, &s.Selector); err != nil {
		e := err.(*UnsupportedError)
		e.Since = s.since
		panic(e)
	}
	s.there.Store(true)
}
