// Package prep is the preprocessor of the Metal Shading Language, which is
// that of C++ with a few of C++17's, C++20's and clang's additions
// (__has_include, __VA_OPT__, , ## __VA_ARGS__).
//
// The standard library's headers are known by name and are empty: the library
// is a table of builtins in the checker.
package prep

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Limits against sources that would take forever. What real sources need is
// far below them.
const (
	maxIncludes = 200      // nested #include
	maxConds    = 4096     // nested #if in one file
	maxNested   = 256      // macro invocations within arguments of one another, parentheses in #if
	maxTokens   = 2 << 20  // tokens of one expansion, or of the result
	maxWork     = 4 << 20  // tokens copied by expansions, in all
	maxPasted   = 16 << 10 // bytes of a token made by ##
)

// DefaultVersion is the value of __METAL_VERSION__ if none is chosen: Metal
// 3.2.
const DefaultVersion = 320

// Options chooses how a source is preprocessed.
type Options struct {
	// Version is the language version as __METAL_VERSION__ has it (320 for
	// Metal 3.2); 0 is [DefaultVersion].
	Version int

	// Defines are macros defined before the source is read, each as
	// "name" (which is 1) or "name=value" or "name(params)=value".
	Defines []string

	// Predefined is text with directives, read before Defines: the macros
	// of the standard library.
	Predefined string

	// Include finds an included file that is not part of the standard
	// library. name is as written, from the path of the file that includes
	// it, angled tells <name> from "name". If Include is nil or ok is
	// false, the file is not found.
	Include func(name, from string, angled bool) (path, src string, ok bool)

	// HasBuiltin answers __has_builtin. It may be nil.
	HasBuiltin func(name string) bool
}

// Preprocessor turns the tokens of files into those of a translation unit.
type Preprocessor struct {
	fset *source.FileSet
	opts Options
	list *source.List

	macros   macroTable
	keywords bool            // a keyword is a macro
	once     map[string]bool // paths with #pragma once
	inputs   []*input        // files being read, the included one last
	peeked   []scan.Token    // tokens read ahead from the file, at most one

	ctx      []context // expansions being read, the innermost last
	floor    int       // contexts below are out of reach
	isolated bool      // reading ends with the contexts, not with the file
	disabled int       // number of macros being expanded
	depth    int       // of arguments within arguments
	args     int       // of argument lists being read from the file

	work    int
	counter int
	stopped bool

	swallowed bool // the end of the text lies in a macro's arguments, which was reported
	out       []scan.Token
}

// input is a file being read.
type input struct {
	file  *source.File
	path  string
	scan  *scan.Scanner
	conds []cond
}

// cond is an open #if.
type cond struct {
	pos    source.Pos
	taken  bool // a group of it has been read
	inElse bool
}

// context is a list of tokens to be read before anything else.
type context struct {
	toks  []scan.Token
	next  int
	macro *macro // disabled while the context is read; or nil
}

// File preprocesses the text src under the given name. The tokens end with
// EOF. Diagnostics go to list; after a fatal one the tokens end early.
func File(fset *source.FileSet, name, src string, opts Options, list *source.List) []scan.Token {
	if opts.Version == 0 {
		opts.Version = DefaultVersion
	}
	p := &Preprocessor{
		fset:   fset,
		opts:   opts,
		list:   list,
		macros: macroTable{own: make(map[string]*macro, 64)},
		once:   make(map[string]bool),
	}
	p.predefine()
	f, err := fset.AddFile(name, src, source.NoPos)
	if err != nil {
		list.Add(source.Diagnostic{Severity: source.Fatal, Msg: name + ": " + err.Error()})
		return []scan.Token{{Kind: scan.EOF}}
	}
	p.out = make([]scan.Token, 0, len(src)/4+16)
	p.push(f, name)
	p.run()
	return p.out
}

// predefine reads the macros that are there before the source.
func (p *Preprocessor) predefine() {
	before := beforehandOf(p.opts)
	if p.fset.Empty() {
		if _, err := p.fset.AddFile(builtinFile, before.text, source.NoPos); err == nil {
			p.macros.shared, p.keywords = before.macros, before.keywords
		}
	} else { // the places are others
		p.readSilently(builtinFile, before.text)
		for _, name := range dynamicMacros {
			p.macros.set(&macro{name: name, dynamic: true})
		}
	}
	var b strings.Builder
	for _, d := range p.opts.Defines {
		name, value, found := strings.Cut(d, "=")
		if !found {
			value = "1"
		}
		value, _, _ = strings.Cut(value, "\n")
		b.WriteString("#define " + name + " " + value + "\n")
	}
	if b.Len() > 0 {
		p.readSilently("<command line>", b.String())
	}
}

// readSilently reads directives from text and drops the tokens in it.
func (p *Preprocessor) readSilently(name, text string) {
	f, err := p.fset.AddFile(name, text, source.NoPos)
	if err != nil {
		p.fatalf(source.NoPos, "%s: %v", name, err)
		return
	}
	p.push(f, name)
	p.run()
	p.out, p.inputs = nil, nil
}

func (p *Preprocessor) push(f *source.File, path string) {
	in := &input{file: f, path: path}
	in.scan = scan.New(f, p.list.Add)
	p.inputs = append(p.inputs, in)
}

// run reads tokens to the end of the outermost file.
func (p *Preprocessor) run() {
	for {
		t := p.next()
		if p.stopped {
			t = scan.Token{Kind: scan.EOF, Flags: scan.StartOfLine, Pos: t.Pos}
		}
		p.out = append(p.out, t)
		if t.Kind == scan.EOF {
			return
		}
		if len(p.out) == maxTokens {
			p.fatalf(t.Pos, "source has more than %d tokens after preprocessing", maxTokens)
		}
	}
}

func (p *Preprocessor) errorf(pos source.Pos, format string, args ...any) *source.Diagnostic {
	return p.list.Errorf(pos, format, args...)
}

// fatalf reports an error after which nothing more is read.
func (p *Preprocessor) fatalf(pos source.Pos, format string, args ...any) {
	if p.stopped {
		return
	}
	p.list.Errorf(pos, format, args...).Severity = source.Fatal
	p.stopped = true
}

// spend counts n tokens copied and stops the run when they are too many.
func (p *Preprocessor) spend(n int, pos source.Pos) bool {
	p.work += n
	if p.work > maxWork {
		p.fatalf(pos, "macro expansion is too large")
	}
	return !p.stopped
}

// top returns the file being read.
func (p *Preprocessor) top() *input { return p.inputs[len(p.inputs)-1] }

// next returns the next token with macros expanded.
func (p *Preprocessor) next() scan.Token {
	for {
		t := p.raw()
		if m := p.lookup(&t); m != nil {
			if p.expand(t, m) {
				continue
			}
		} else if t.Kind == scan.Ident && t.Text == "_Pragma" {
			if t, ok := p.pragmaOperator(t); ok {
				return t
			}
			continue
		}
		return t
	}
}

// lookup returns the macro that the token is to be replaced by, or nil.
func (p *Preprocessor) lookup(t *scan.Token) *macro {
	if t.Kind != scan.Ident && (!p.keywords || !t.Kind.IsKeyword()) || t.Flags&scan.NoExpand != 0 {
		return nil
	}
	return p.macros.get(t.Text)
}

// raw returns the next token, macros not expanded.
func (p *Preprocessor) raw() scan.Token {
	for len(p.ctx) > p.floor && !p.stopped {
		c := &p.ctx[len(p.ctx)-1]
		if c.next < len(c.toks) {
			t := c.toks[c.next]
			c.next++
			p.paint(&t)
			return t
		}
		p.pop()
	}
	if p.isolated || p.stopped {
		return scan.Token{Kind: scan.EOF}
	}
	t := p.fileToken()
	p.paint(&t)
	return t
}

// paint marks the name of a macro that is being expanded, so that it stays
// unexpanded for good.
func (p *Preprocessor) paint(t *scan.Token) {
	if p.disabled == 0 {
		return
	}
	if m := p.lookup(t); m != nil && m.disabled {
		t.Flags |= scan.NoExpand
	}
}

func (p *Preprocessor) pop() {
	c := &p.ctx[len(p.ctx)-1]
	if c.macro != nil {
		c.macro.disabled = false
		p.disabled--
	}
	*c = context{}
	p.ctx = p.ctx[:len(p.ctx)-1]
}

// peekParen reports whether the next token is an opening parenthesis.
func (p *Preprocessor) peekParen() bool {
	for i := len(p.ctx) - 1; i >= p.floor; i-- {
		if c := &p.ctx[i]; c.next < len(c.toks) {
			return c.toks[c.next].Kind == scan.LParen
		}
	}
	if p.isolated || p.stopped {
		return false
	}
	if len(p.peeked) == 0 {
		p.args++ // do not leave the file
		p.peeked = append(p.peeked, p.fileToken())
		p.args--
	}
	return p.peeked[0].Kind == scan.LParen
}

// fileToken returns the next token of the file being read, directives obeyed.
func (p *Preprocessor) fileToken() scan.Token {
	if n := len(p.peeked); n > 0 {
		t := p.peeked[n-1]
		if t.Kind != scan.EOF || p.args > 0 {
			p.peeked = p.peeked[:n-1]
			return t
		}
		p.peeked = p.peeked[:0]
	}
	for {
		in := p.top()
		t := in.scan.Scan()
		switch {
		case t.Kind == scan.Hash && t.Is(scan.StartOfLine) && !in.scan.Directive:
			if out, ok := p.directive(t); ok {
				return out
			}
			if p.stopped {
				return scan.Token{Kind: scan.EOF, Pos: t.Pos}
			}
			continue
		case t.Kind == scan.EOF && p.args == 0:
			for _, c := range in.conds {
				p.errorf(c.pos, "unterminated conditional directive")
				t.Flags |= scan.Bad
			}
			if p.swallowed {
				t.Flags |= scan.Bad
			}
			in.conds = nil
			if len(p.inputs) > 1 {
				p.inputs = p.inputs[:len(p.inputs)-1]
				continue
			}
		}
		return t
	}
}
