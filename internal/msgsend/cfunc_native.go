//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"

	"github.com/ebitengine/purego"
)

// Load loads a library or framework. Loading one again does nothing.
func Load(library string) error {
	if isProvided(library) {
		return nil
	}
	if _, err := purego.Dlopen(library, purego.RTLD_GLOBAL|purego.RTLD_NOW); err != nil {
		return fmt.Errorf("msgsend: cannot load %s: %w", library, err)
	}
	MethodsChanged() // by the library's categories
	return nil
}

// Find looks the function up and reports why it is not there.
func (f *Func) Find() error {
	if f.addr.Load() != 0 || f.provided() != nil {
		return nil
	}
	load()
	lib, err := purego.Dlopen(f.Library, purego.RTLD_GLOBAL|purego.RTLD_NOW)
	if err != nil {
		return fmt.Errorf("msgsend: %s: cannot load %s: %w", f.Name, f.Library, err)
	}
	p, err := purego.Dlsym(lib, f.Name)
	if err != nil {
		return fmt.Errorf("msgsend: %s has no %s: %w", f.Library, f.Name, err)
	}
	f.addr.Store(p)
	return nil
}

// Word calls the function with up to six argument words and returns its
// integer or address result. It returns 0 when the function is not there.
func (f *Func) Word(words ...uintptr) uintptr {
	if p := f.provided(); p != nil {
		return p(words...)
	}
	if f.Find() != nil {
		return 0
	}
	var w [6]uintptr
	if copy(w[:], words) < len(words) {
		panic(fmt.Sprintf("msgsend: %s: %d argument words are more than six", f.Name, len(words)))
	}
	return cCall(f.addr.Load(), w[0], w[1], w[2], w[3], w[4], w[5])
}

// Object calls the function with up to six argument words and returns its
// object result, which is the caller's. It returns 0 when the function is not
// there.
func (f *Func) Object(words ...uintptr) (id ID) {
	if f.Owned {
		return ID(f.Word(words...))
	}
	Pool(func() { id = Retain(ID(f.Word(words...))) })
	return id
}
