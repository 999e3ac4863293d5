//go:build objcnative

package msgsend

import "sync"

// provided are the functions of libraries that this system does not have.
var provided sync.Map // library to map[string]func(...uintptr) uintptr

// Provide is for tests: it makes Go funcs the functions of a library that this
// system does not have. To [Load] it is loaded.
func Provide(library string, functions map[string]func(words ...uintptr) uintptr) {
	provided.Store(library, functions)
}

func isProvided(library string) bool {
	_, ok := provided.Load(library)
	return ok
}

// provided returns the Go func that stands for the function, nil when none does.
func (f *Func) provided() func(words ...uintptr) uintptr {
	if functions, ok := provided.Load(f.Library); ok {
		return functions.(map[string]func(...uintptr) uintptr)[f.Name]
	}
	return nil
}
