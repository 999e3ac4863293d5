package msgsend

import (
	"strings"
	"sync/atomic"
)

// Selector is a method name whose number is looked up once. It is meant to be
// a package-level variable with only its Name set:
//
//	var selCommit = msgsend.Selector{Name: "commit"}
type Selector struct {
	Name string

	sel atomic.Uintptr
	// owned is 1 for a selector whose object results are the caller's by the
	// method families, 2 for one whose are not, 0 before anyone asked.
	owned atomic.Uint32
}

// SEL returns the selector's number. The first call interns the name.
func (s *Selector) SEL() SEL {
	if sel := s.sel.Load(); sel != 0 {
		return SEL(sel)
	}
	return s.intern()
}

//go:noinline
func (s *Selector) intern() SEL {
	sel := registerSelector(s.Name)
	s.sel.Store(uintptr(sel))
	return sel
}

// ReturnsOwned reports whether an object a method of this name returns belongs
// to the caller by Objective-C's method families: alloc, new, copy, mutableCopy
// and init, and retain, which returns the reference it adds.
func (s *Selector) ReturnsOwned() bool {
	switch s.owned.Load() {
	case 1:
		return true
	case 2:
		return false
	}
	owned := s.Name == "retain"
	for _, family := range [...]string{"alloc", "new", "copy", "mutableCopy", "init"} {
		owned = owned || inFamily(s.Name, family)
	}
	if owned {
		s.owned.Store(1)
	} else {
		s.owned.Store(2)
	}
	return owned
}

// inFamily reports whether a selector belongs to a method family: after leading
// underscores its first word is the family's name, so "newBuffer" and "new" are
// in the family new, and "newton" is not.
func inFamily(name, family string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(name, "_"), family)
	return ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z')
}

// RegisterSelector returns the number of a selector by name. A [Selector]
// variable is cheaper for a name that is sent more than once.
func RegisterSelector(name string) SEL { return registerSelector(name) }
