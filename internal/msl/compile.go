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
		diags.List = oneALine(diags.Files, diags.List, list)
		if !diags.List.HasErrors() {
			lib = newLibrary(mod, opts)
		}
	}
	diags.List.Sort(diags.Files)
	diags.List.Limit()
	return lib, diags
}

// oneALine joins the diagnostics of the syntax with those of the meaning. What
// is said of a line with an error of syntax is one error, the first: the rest
// is mostly what that led to.
func oneALine(files *source.FileSet, syntax, meaning source.List) source.List {
	type line struct {
		file string
		line int
	}
	wrong := map[line]bool{}
	var list source.List
	for _, d := range syntax {
		p := files.Position(d.Pos)
		at := line{p.Filename, p.Line}
		if d.Severity == source.Error && p.IsValid() {
			if wrong[at] {
				continue
			}
			wrong[at] = true
		}
		list = append(list, d)
	}
	for _, d := range meaning {
		if len(wrong) > 0 {
			if p := files.Position(d.Pos); p.IsValid() && wrong[line{p.Filename, p.Line}] {
				continue
			}
		}
		list = append(list, d)
	}
	return list
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
