//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import "sync/atomic"

// Selector is a method name whose number is looked up once. It is meant to be
// a package-level variable with only its Name set:
//
//	var selCommit = msgsend.Selector{Name: "commit"}
type Selector struct {
	Name string

	sel   atomic.Uintptr
	owned atomic.Uint32
	known atomic.Pointer[knownMethod] // see List.address
}

// What Selector.owned holds; 0 before anyone asked.
const (
	familyOwned = 1 + iota
	familyBorrowed
)

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

// returnsOwned is the func of that name for the selector, asked once.
func (s *Selector) returnsOwned() bool {
	switch s.owned.Load() {
	case familyOwned:
		return true
	case familyBorrowed:
		return false
	}
	if returnsOwned(s.Name) {
		s.owned.Store(familyOwned)
		return true
	}
	s.owned.Store(familyBorrowed)
	return false
}
