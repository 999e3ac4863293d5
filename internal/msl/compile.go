package msl

import "github.com/aruminium-go/aruminium/internal/msl/sem"

// Library is a compiled program. It is safe for concurrent use.
type Library struct {
	Kernels []*Kernel // in source order

	mod    *sem.Module
	byName map[string]int
	opts   Options
}

// Kernel returns the kernel called name, or nil.
func (l *Library) Kernel(name string) *Kernel {
	if i, ok := l.byName[name]; ok {
		return l.Kernels[i]
	}
	return nil
}

// Compile compiles a program. The library is nil if there are errors; the
// diagnostics may hold warnings even if there are none.
func Compile(src Source, opts Options) (*Library, *Diagnostics) {
	panic("msl: front end not connected")
}

// Lower lowers the kernel called name, specialised by consts. The code is nil
// if there are errors: an unknown kernel, a function constant that is required
// and has no value or one of another type, a kernel past a limit.
//
// Each call lowers anew: who calls keeps what it returns.
func (l *Library) Lower(name string, consts Constants) (*Code, *Diagnostics) {
	panic("msl: lowering not connected")
}
