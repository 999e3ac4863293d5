package prep

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// macroTable holds the macros that are defined: those of the source on top of
// those that are there before it, which all sources share.
type macroTable struct {
	own    map[string]*macro // nil for a name that is known to be none
	shared map[string]*macro // never changes
}

// get returns the macro of that name, or nil.
func (t *macroTable) get(name string) *macro {
	m, ok := t.own[name]
	if ok {
		return m
	}
	if m = t.shared[name]; m != nil {
		own := *m // whether it is being expanded is this source's affair
		m = &own
	}
	t.own[name] = m
	return m
}

func (t *macroTable) set(m *macro)       { t.own[m.name] = m }
func (t *macroTable) remove(name string) { t.own[name] = nil }

// beforehand are the macros that are there before any source for one version
// of the language.
type beforehand struct {
	text     string
	macros   map[string]*macro
	keywords bool // a keyword is among them
}

// beforehandOf returns what options say is there before the source. The places
// of the macros are those in the first file of a set.
func beforehandOf(opts Options) *beforehand {
	type key struct {
		version    int
		predefined string
	}
	k := key{opts.Version, opts.Predefined}
	if b, ok := beforehands.Load(k); ok {
		return b.(*beforehand)
	}
	var list source.List
	p := &Preprocessor{fset: source.NewFileSet(), opts: opts, list: &list, macros: macroTable{own: map[string]*macro{}}}
	b := &beforehand{text: builtinMacros(opts.Version) + opts.Predefined}
	p.readSilently(builtinFile, b.text)
	for _, name := range dynamicMacros {
		p.macros.set(&macro{name: name, dynamic: true})
	}
	b.macros, b.keywords = p.macros.own, p.keywords
	for name, m := range b.macros {
		if m == nil {
			delete(b.macros, name)
		}
	}
	beforehands.Store(k, b)
	return b
}

// beforehands has those that were asked for, by version and text.
var beforehands sync.Map

const builtinFile = "<built-in>"
