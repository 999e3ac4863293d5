package msl

import (
	"strings"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msl/check"
	"github.com/aruminium-go/aruminium/internal/msl/parse"
	"github.com/aruminium-go/aruminium/internal/msl/prep"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
)

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
func Compile(src Source, opts Options) (lib *Library, diags *Diagnostics) {
	diags = &Diagnostics{Files: source.NewFileSet()}
	defer catch(&diags.List, func() { lib = nil })
	version := opts.Version
	if version == (Version{}) {
		version = DefaultVersion
	}
	if version.Less(MinVersion) || MaxVersion.Less(version) {
		diags.List.Errorf(source.NoPos, "language version %d.%d is not supported: %v to %v are",
			version.Major, version.Minor, MinVersion, MaxVersion)
		return nil, diags
	}
	file, list := parse.File(diags.Files, src.Name, src.Text, parse.Options{Prep: prepOptions(src, opts, version)})
	diags.List = list
	if !fatal(list) {
		mod, list := check.Module(diags.Files, file, check.Options{Version: version.Macro(), Broken: list.HasErrors()})
		diags.List = append(diags.List, list...)
		if !diags.List.HasErrors() {
			lib = newLibrary(mod, opts)
		}
	}
	diags.List.Sort(diags.Files)
	diags.List.Limit()
	return lib, diags
}

func fatal(list source.List) bool {
	for i := range list {
		if list[i].Severity == source.Fatal {
			return true
		}
	}
	return false
}

func newLibrary(mod *sem.Module, opts Options) *Library {
	lib := &Library{mod: mod, opts: opts, byName: make(map[string]int, len(mod.Kernels))}
	lib.Kernels = make([]*Kernel, len(mod.Kernels))
	for i, fn := range mod.Kernels {
		lib.Kernels[i] = describe(fn)
		lib.byName[fn.Kernel.Name] = i
	}
	return lib
}

// prepOptions tells the preprocessor what it has to know.
func prepOptions(src Source, opts Options, version Version) prep.Options {
	o := prep.Options{Version: version.Macro(), Predefined: libraryMacros()}
	if opts.Math == MathFast {
		o.Defines = append(o.Defines, "__FAST_MATH__=1")
	}
	for _, m := range src.Macros {
		o.Defines = append(o.Defines, m.Name+"="+m.Value)
	}
	if src.Include != nil {
		o.Include = func(name, from string, angled bool) (path, text string, ok bool) {
			path, text, err := src.Include(name, !angled, from)
			return path, text, err == nil
		}
	}
	return o
}

// libraryMacros returns the macros of <metal_stdlib> as directives.
var libraryMacros = sync.OnceValue(func() string {
	var b strings.Builder
	for _, m := range stdlib.Macros {
		b.WriteString("#define " + m.Name + " " + m.Value + "\n")
	}
	return b.String()
})
