package msgsend

import "strings"

// returnsOwned reports whether an object a method of this name returns belongs
// to the caller by Objective-C's method families: alloc, new, copy, mutableCopy
// and init, and retain, which returns the reference it adds.
func returnsOwned(name string) bool {
	if name == "retain" {
		return true
	}
	for _, family := range [...]string{"alloc", "new", "copy", "mutableCopy", "init"} {
		if inFamily(name, family) {
			return true
		}
	}
	return false
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
