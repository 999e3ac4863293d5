// Package parse reads the Metal Shading Language into a syntax tree.
//
// The grammar is that of C++14, with the parts of C++17 and C++20 that
// Metal's compiler accepts, and Metal's own words. The parser keeps a table
// of the names that are types, templates and namespaces, because the grammar
// of C++ depends on it; everything else about names is left to the checker.
package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/prep"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Limits on nesting, so that no source overflows the stack of this or a later
// stage.
const (
	maxBrackets = 256  // as clang's -fbracket-depth
	maxDepth    = 2048 // statements and operators within one another
	maxHeight   = 8192 // of an expression's tree
	maxLambdas  = 16   // lambdas within one another
	maxString   = 1 << 20
)

// Options chooses how a source is read.
type Options struct {
	Prep prep.Options
}

// File preprocesses and parses the text src. name is the file's name in
// diagnostics; "" is [source.DefaultName].
//
// The tree is never nil; where something could not be read it has a Bad node
// or nothing. The list is sorted. If it has errors, the tree may be
// incomplete.
func File(fset *source.FileSet, name, src string, opts Options) (*ast.File, source.List) {
	if name == "" {
		name = source.DefaultName
	}
	var list source.List
	toks := prep.File(fset, name, src, opts.Prep, &list)
	for i := range list {
		if list[i].Severity == source.Fatal {
			list.Sort(fset)
			return new(ast.File), list
		}
	}
	file := Tokens(fset, toks, &list)
	list.Sort(fset)
	return file, list
}

// Tokens parses preprocessed tokens, which end with EOF. Diagnostics go to
// list.
func Tokens(fset *source.FileSet, toks []scan.Token, list *source.List) *ast.File {
	p := &parser{fset: fset, toks: toks, list: list, i: -1}
	p.universe()
	p.matchBrackets()
	p.advance()
	return p.file()
}

type parser struct {
	fset *source.FileSet
	toks []scan.Token
	list *source.List

	i       int        // index of the current token
	gt      uint8      // how much of a >> or the like has been used up
	kind    scan.Kind  // of the current token
	prevEnd source.Pos // end of the token before
	match   []int32    // for a bracket the index of its partner, else 0

	scope      *scope
	global     *scope
	members    map[string]bool // names of member templates of any class
	skipped    map[int]cursor  // memo of skipArgs
	late       []lateBody      // bodies to be read at the end of the class
	inClass    int             // depth of class definitions
	inTemplate bool            // a class defined next is a template
	brackets   int
	depth      int
	lambdas    int
	height     int  // of the expression read last
	noGT       bool // > ends a template argument
	errors     int
}

// syntaxError is thrown by fail and caught by guard.
type syntaxError struct{}

// stop is thrown when nothing more is to be read.
type stop struct{}

func (p *parser) file() (f *ast.File) {
	f = &ast.File{}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(stop); !ok {
				panic(r)
			}
		}
	}()
	f.Start = p.pos()
	for p.kind != scan.EOF {
		f.Decls = p.declOrSync(f.Decls, atFile)
		f.Stop = p.prevEnd
	}
	return f
}

// tok returns the current token.
func (p *parser) tok() *scan.Token { return &p.toks[p.i] }

// pos returns the position of the current token.
func (p *parser) pos() source.Pos { return p.toks[p.i].Pos + source.Pos(p.gt) }

// at returns the kind of the token n after the current one.
func (p *parser) at(n int) scan.Kind {
	if n == 0 {
		return p.kind
	}
	return p.toks[min(p.i+n, len(p.toks)-1)].Kind
}

// span returns the range from start to the end of the token before the
// current one; it is empty if nothing has been read since.
func (p *parser) span(start source.Pos) source.Span {
	if p.pos() == start {
		return source.Span{Start: start, Stop: start}
	}
	return source.Span{Start: start, Stop: p.prevEnd}
}

// advance moves to the next token. A pragma is left only where a statement
// may begin; elsewhere it has no meaning.
func (p *parser) advance() {
	prev := scan.Semi
	if p.i >= 0 {
		t := &p.toks[p.i]
		if t.Kind == scan.EOF {
			return
		}
		prev, p.prevEnd = t.Kind, t.End()
	}
	p.i++
	p.gt = 0
	if p.toks[p.i].Kind == scan.Pragma {
		switch prev {
		case scan.Semi, scan.LBrace, scan.RBrace, scan.Colon, scan.RParen, scan.KwElse, scan.KwDo, scan.Pragma:
		default:
			p.skipPragmas()
		}
	}
	p.kind = p.toks[p.i].Kind
}

// skipPragmas drops pragmas that stand where they have no meaning.
func (p *parser) skipPragmas() {
	for p.toks[p.i].Kind == scan.Pragma {
		p.i++
	}
	p.kind = p.toks[p.i].Kind
}

// seek makes the token with index i the current one.
func (p *parser) seek(i int) {
	p.i, p.gt, p.kind = i, 0, p.toks[i].Kind
	if i > 0 {
		p.prevEnd = p.toks[i-1].End()
	}
}

// got moves past the current token if it is of kind k.
func (p *parser) got(k scan.Kind) bool {
	if p.kind == k {
		p.advance()
		return true
	}
	return false
}

// gotGT moves past one > even if it is part of a longer token.
func (p *parser) gotGT() bool {
	var rest scan.Kind
	switch p.kind {
	case scan.Greater:
		p.advance()
		return true
	case scan.Shr:
		rest = scan.Greater
	case scan.GreaterEq:
		rest = scan.Assign
	case scan.ShrAssign:
		rest = scan.GreaterEq
	default:
		return false
	}
	p.gt++
	p.prevEnd = p.toks[p.i].Pos + source.Pos(p.gt)
	p.kind = rest
	return true
}

// errorf reports an error and stops when there are enough. Beside a token
// that is itself in error there is nothing more to say.
func (p *parser) errorf(pos source.Pos, format string, args ...any) *source.Diagnostic {
	if p.tok().Is(scan.Bad) || p.i > 0 && p.toks[p.i-1].Is(scan.Bad) {
		return new(source.Diagnostic)
	}
	if p.errors > source.ErrorLimit {
		panic(stop{})
	}
	p.errors++
	return p.list.Errorf(pos, format, args...)
}

// fail reports an error and gives up the statement or declaration.
func (p *parser) fail(pos source.Pos, format string, args ...any) {
	p.errorf(pos, format, args...)
	panic(syntaxError{})
}

// failMatch is fail with a note about the bracket that is not closed.
func (p *parser) failMatch(open source.Pos, bracket scan.Kind, format string, args ...any) {
	p.errorf(p.pos(), format, args...).Notef(open, "to match this '%s'", bracket)
	panic(syntaxError{})
}

// fatal reports an error after which nothing more is read.
func (p *parser) fatal(pos source.Pos, format string, args ...any) {
	p.list.Errorf(pos, format, args...).Severity = source.Fatal
	panic(stop{})
}

// guard calls f and reports whether it came to its end. If it did not, an
// error has been reported and the parser stands where f gave up.
func (p *parser) guard(f func()) (ok bool) {
	sc, brackets, depth, noGT, lambdas := p.scope, p.brackets, p.depth, p.noGT, p.lambdas
	inClass, late := p.inClass, len(p.late)
	defer func() {
		if ok {
			return
		}
		r := recover()
		if _, mine := r.(syntaxError); !mine {
			panic(r)
		}
		p.scope, p.brackets, p.depth, p.noGT, p.lambdas = sc, brackets, depth, noGT, lambdas
		if inClass == 0 {
			p.late = p.late[:late]
		}
		p.inClass = inClass
	}()
	f()
	return true
}

// expect moves past a token of kind k, which must come next.
func (p *parser) expect(k scan.Kind) {
	if p.kind == scan.Pragma {
		p.skipPragmas()
	}
	if p.kind != k {
		p.fail(p.pos(), "expected '%s'", k)
	}
	p.advance()
}

// openAfter moves past the parenthesis that must follow what, and returns its
// position.
func (p *parser) openAfter(what string) source.Pos {
	if p.kind != scan.LParen {
		p.fail(p.pos(), "expected '(' after '%s'", what)
	}
	return p.open()
}

// open moves past an opening bracket and returns its position.
func (p *parser) open() source.Pos {
	pos := p.pos()
	if p.brackets++; p.brackets > maxBrackets {
		p.fatal(pos, "bracket nesting level exceeded maximum of %d", maxBrackets)
	}
	p.advance()
	return pos
}

// close moves past the closing bracket of kind k that matches the one at
// open.
func (p *parser) close(k scan.Kind, open source.Pos) {
	if p.kind == scan.Pragma {
		p.skipPragmas()
	}
	if p.kind != k {
		p.failMatch(open, opening(k), "expected '%s'", k)
	}
	p.brackets--
	p.advance()
}

func opening(closing scan.Kind) scan.Kind {
	switch closing {
	case scan.RParen:
		return scan.LParen
	case scan.RBrack:
		return scan.LBrack
	case scan.RBrace:
		return scan.LBrace
	}
	return scan.Less
}

// enter counts a level of nesting; the caller calls leave at its end.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fatal(p.pos(), "nesting level exceeded maximum of %d", maxDepth)
	}
}

func (p *parser) leave() { p.depth-- }

// semi moves past a semicolon. If it is missing, that is reported where it
// should be; what follows on the same line is skipped with it.
func (p *parser) semi(after string) {
	if p.kind == scan.Semi {
		p.advance()
		return
	}
	if (p.kind == scan.RParen || p.kind == scan.RBrack) && p.at(1) == scan.Semi {
		p.errorf(p.pos(), "extraneous '%s' before ';'", p.kind)
		p.advance()
		p.advance()
		return
	}
	pos, fix := p.fset.EndOf(p.prevEnd), ";"
	if !pos.IsValid() {
		pos, fix = p.pos(), ""
	}
	p.errorf(pos, "expected ';' %s", after).Fix = fix
	if !p.tok().Is(scan.StartOfLine) {
		p.sync(p.i)
	}
}

// sync skips to the end of the statement that began at index start: past a
// semicolon, or up to the brace that closes the block.
func (p *parser) sync(start int) {
	for {
		switch p.kind {
		case scan.Semi:
			p.advance()
			return
		case scan.EOF:
			return
		case scan.RBrace:
			if m := int(p.match[p.i]); m == 0 || m < start {
				return
			}
		case scan.LBrace:
			if m := p.match[p.i]; m > 0 {
				p.seek(int(m))
				p.advance()
				if p.kind == scan.Semi {
					p.advance()
				}
				return
			}
		case scan.LParen, scan.LBrack:
			if m := p.match[p.i]; m > 0 {
				p.seek(int(m))
			}
		}
		p.advance()
		if p.tok().Is(scan.StartOfLine) && isDeclKeyword(p.kind) {
			return
		}
	}
}

// isDeclKeyword reports whether a keyword at the start of a line hardly
// stands within anything but at the start of a declaration.
func isDeclKeyword(k scan.Kind) bool {
	switch k {
	case scan.KwKernel, scan.KwVertex, scan.KwFragment, scan.KwTemplate, scan.KwNamespace, scan.KwUsing, scan.KwTypedef,
		scan.KwIf, scan.KwFor, scan.KwWhile, scan.KwDo, scan.KwSwitch, scan.KwReturn, scan.KwBreak, scan.KwContinue, scan.KwCase:
		return true
	}
	return false
}

// matchBrackets finds the partner of every bracket.
func (p *parser) matchBrackets() {
	p.match = make([]int32, len(p.toks))
	var stack []int32
	var open [3]int
	which := func(k scan.Kind) int {
		switch k {
		case scan.LParen, scan.RParen:
			return 0
		case scan.LBrack, scan.RBrack:
			return 1
		}
		return 2
	}
	for i := range p.toks {
		switch k := p.toks[i].Kind; k {
		case scan.LParen, scan.LBrack, scan.LBrace:
			stack = append(stack, int32(i))
			open[which(k)]++
		case scan.RParen, scan.RBrack, scan.RBrace:
			w := which(k)
			if open[w] == 0 {
				continue
			}
			for {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				tw := which(p.toks[top].Kind)
				open[tw]--
				if tw == w {
					p.match[top], p.match[i] = int32(i), top
					break
				}
			}
		}
	}
}
