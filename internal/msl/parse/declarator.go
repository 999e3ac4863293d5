package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// declKind tells what a declarator may be.
type declKind uint8

const (
	abstract declKind = iota // no name
	maybe                    // parameter: with or without name
	atFile                   // namespace scope
	atMember                 // class scope
	atBlock                  // block scope: T x(a) is a variable if a is a value
)

// declarator is what a declarator declares.
type declarator struct {
	name  *ast.Name // nil if there is none
	typ   ast.Type
	pack  bool
	attrs []*ast.Attribute // after the name
	inner *scope           // the scope of a qualified name's class, or nil
}

// declOp is a step from the type of a declarator to the type of what it
// declares.
type declOp func(ast.Type) ast.Type

// maxOps bounds the pointers and arrays of one declarator.
const maxOps = 128

// declarator reads a declarator for the type base.
func (p *parser) declarator(base ast.Type, kind declKind) declarator {
	var d declarator
	d.typ = base
	for _, op := range p.declOps(&d, kind, base, 0) {
		d.typ = op(d.typ)
	}
	return d
}

// declOps reads a declarator and returns its steps in the order in which they
// apply.
func (p *parser) declOps(d *declarator, kind declKind, base ast.Type, n int) []declOp {
	p.enter()
	defer p.leave()
	var ops []declOp
	for p.isPointer() {
		if len(ops) == maxOps {
			p.fatal(p.pos(), "declarator has more than %d levels", maxOps)
		}
		ops = append(ops, p.pointerOp())
	}
	if p.kind == scan.Ellipsis && kind == maybe {
		d.pack = true
		p.advance()
	}
	var inner []declOp
	switch {
	case p.kind == scan.LParen && p.isNested(kind):
		open := p.open()
		attrs := p.attributes(nil)
		inner = p.declOps(d, kind, base, n+1)
		p.close(scan.RParen, open)
		d.attrs = append(attrs, d.attrs...)
	case kind != abstract && p.isDeclName():
		var sym symbol
		d.name, sym = p.name()
		if p.kind == scan.Less && sym.kind == symUnknown && d.name.Last().Kind == ast.NameIdent {
			p.fail(d.name.Last().Start, "no template named '%s'", d.name.Last().Ident)
		}
		d.attrs = p.attributes(d.attrs)
		if len(d.name.Parts) > 1 {
			q := *d.name
			q.Parts = q.Parts[:len(q.Parts)-1]
			if s := p.resolve(&q).scope; s != nil {
				d.inner = s
				// What follows is read as within the class.
				p.scope = &scope{parent: p.scope, related: []*scope{s}, thin: true}
			}
		}
	case kind == abstract || kind == maybe:
		d.attrs = p.attributes(d.attrs)
	default:
		p.failDeclName(kind)
	}
	var suffixes []declOp
	for {
		if len(suffixes) == maxOps {
			p.fatal(p.pos(), "declarator has more than %d levels", maxOps)
		}
		switch {
		case p.kind == scan.LBrack && !p.atAttribute():
			suffixes = append(suffixes, p.arrayOp())
			continue
		case p.kind == scan.LParen && p.isParams(kind, d, base, len(ops), n):
			suffixes = append(suffixes, p.funcOp(d))
			continue
		}
		break
	}
	for i := len(suffixes) - 1; i >= 0; i-- {
		ops = append(ops, suffixes[i])
	}
	return append(ops, inner...)
}

func (p *parser) failDeclName(kind declKind) {
	switch {
	case kind == atMember:
		p.fail(p.pos(), "expected member name or ';' after declaration specifiers")
	case p.kind == scan.EOF:
		p.fail(p.pos(), "expected identifier or '('")
	}
	p.fail(p.pos(), "expected unqualified-id")
}

// isPointer reports whether a pointer or reference operator comes next.
func (p *parser) isPointer() bool {
	switch p.kind {
	case scan.Star, scan.Amp, scan.AmpAmp:
		return true
	case scan.Ident, scan.ColonColon:
		if end, _, _, ok := p.scanName(p.here()); ok && p.kindAt(end) == scan.ColonColon && p.kindAt(end.next()) == scan.Star {
			return true
		}
	}
	return false
}

// isDeclName reports whether a name that can be declared comes next.
func (p *parser) isDeclName() bool {
	switch p.kind {
	case scan.Ident, scan.ColonColon, scan.KwOperator, scan.Tilde:
		return true
	}
	return false
}

// pointerOp reads one pointer or reference operator and its qualifiers.
func (p *parser) pointerOp() declOp {
	pos, k := p.pos(), p.kind
	var class *ast.Name
	if k == scan.Ident || k == scan.ColonColon {
		class, _ = p.name()
		p.expect(scan.ColonColon)
	}
	p.advance()
	var q ast.Quals
	for p.qualifier(&q) {
	}
	end := p.prevEnd
	return func(t ast.Type) ast.Type {
		span := source.Span{Start: t.Pos(), Stop: end}
		switch {
		case class != nil:
			t = &ast.MemberPointerType{Span: span, Class: class, Elem: t}
		case k == scan.Star:
			t = &ast.PointerType{Span: span, Elem: t, Star: pos}
		default:
			t = &ast.RefType{Span: span, Elem: t, RValue: k == scan.AmpAmp, Amp: pos}
		}
		return qualified(t, q, span)
	}
}

// pointer reads one pointer or reference operator and applies it to t.
func (p *parser) pointer(t ast.Type) ast.Type { return p.pointerOp()(t) }

// arrayOp reads [n].
func (p *parser) arrayOp() declOp {
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	open := p.open()
	var length ast.Expr
	if p.kind != scan.RBrack {
		length = p.assignment()
	}
	p.close(scan.RBrack, open)
	var attrs []*ast.Attribute
	if p.atAttribute() {
		attrs = p.attributes(nil)
	}
	end := p.prevEnd
	return func(t ast.Type) ast.Type {
		return &ast.ArrayType{Span: source.Span{Start: t.Pos(), Stop: end}, Elem: t, Lbrack: open, Len: length, Attrs: attrs}
	}
}

// isNested reports whether a parenthesis begins a nested declarator, not a
// parameter list or the initialiser of what has no name.
func (p *parser) isNested(kind declKind) bool {
	next := p.at(1)
	switch next {
	case scan.Star, scan.Amp, scan.AmpAmp:
		return true
	case scan.LBrack:
		return kind != abstract
	case scan.RParen, scan.Ellipsis:
		return false
	case scan.LParen:
		return kind != abstract && kind != maybe
	}
	c := p.here().next()
	if isQual(next) { // (device *p)
		for isQual(p.kindAt(c)) {
			c = c.next()
		}
		return p.kindAt(c) == scan.Star || p.kindAt(c) == scan.Amp
	}
	if kind == abstract {
		return false
	}
	if _, ok := p.scanSpecs(c); ok {
		return false
	}
	return next == scan.Ident || next == scan.ColonColon || next == scan.KwOperator
}

// isParams reports whether a parenthesis after a declarator begins a
// parameter list, not an initialiser.
func (p *parser) isParams(kind declKind, d *declarator, base ast.Type, pointers, nested int) bool {
	if kind == abstract || kind == maybe || kind == atMember || nested > 0 {
		return true
	}
	if b, ok := base.(*ast.BasicType); ok && b.Kind == ast.Void && pointers == 0 {
		return true // nothing else can be void
	}
	if last := d.name; last != nil {
		switch last.Last().Kind {
		case ast.NameOperator, ast.NameConversion, ast.NameDtor:
			return true
		}
	}
	c := p.here().next()
	switch k := p.kindAt(c); {
	case k == scan.RParen || k == scan.Ellipsis:
		return true
	case isSpec(k):
		return true
	case p.atAttributeAt(c.i):
		return true
	}
	end, ok := p.scanSpecs(c)
	if ok {
		switch p.kindAt(end) {
		case scan.LParen: // T(x) is a value, T (*f)(…) is not
			n := p.kindAt(end.next())
			return n == scan.Star || n == scan.Amp || n == scan.RParen && kind == atFile
		case scan.LBrace, scan.Period, scan.ColonColon:
			return false
		}
		return true
	}
	if p.kindAt(c) != scan.Ident || kind == atBlock {
		return false
	}
	// A parameter of a type that is not known: two names in a row.
	n := c.next()
	for k := p.kindAt(n); k == scan.Star || k == scan.Amp; k = p.kindAt(n) {
		n = n.next()
	}
	if p.lookup(p.toks[c.i].Text).kind != symUnknown {
		return false
	}
	if p.kindAt(n) == scan.Ident {
		return true
	}
	// Or what follows is the body of a function.
	rparen := p.match[p.i]
	return rparen > 0 && p.toks[rparen+1].Kind == scan.LBrace
}

// funcOp reads the parameters of a function and what follows them.
func (p *parser) funcOp(d *declarator) declOp {
	f := &ast.FuncType{}
	f.Start = p.pos()
	p.params(f)
	p.methodQuals(f)
	if p.kind == scan.Arrow {
		p.advance()
		f.Trailing = true
		f.Result = p.typeID()
		f.Attrs = p.attributes(f.Attrs)
	}
	end := p.prevEnd
	return func(t ast.Type) ast.Type {
		if f.Result == nil {
			f.Result = t
		}
		f.Span = source.Span{Start: min(f.Start, t.Pos()), Stop: end}
		return f
	}
}

// params reads a parameter list into f. The names it declares are in a scope
// of its own, which is left open for the function's body.
func (p *parser) params(f *ast.FuncType) {
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	open := p.open()
	f.Lparen = open
	outer := p.scope
	p.push()
	if p.kind == scan.KwVoid && p.at(1) == scan.RParen {
		p.advance()
	}
	for p.kind != scan.RParen {
		if p.kind == scan.Ellipsis {
			f.Variadic = true
			p.advance()
			break
		}
		f.Params = append(f.Params, p.param())
		if p.kind == scan.Ellipsis {
			continue
		}
		if !p.got(scan.Comma) {
			break
		}
		if p.kind == scan.RParen {
			p.fail(p.pos(), "expected parameter declarator")
		}
	}
	f.Rparen = p.pos()
	p.close(scan.RParen, open)
	// The function's body finds the names again through its type.
	p.scope = outer
}

// declareParams makes the parameters known in the current scope.
func (p *parser) declareParams(f *ast.FuncType) {
	for _, param := range f.Params {
		p.scope.declare(param.Name, symbol{kind: symValue})
	}
}

// param reads a parameter.
func (p *parser) param() *ast.ParamDecl {
	var d declSpecs
	p.declSpecifiers(&d)
	if !d.hasType() {
		p.failParamType(&d)
	}
	if d.typedef.IsValid() {
		p.errorf(d.typedef, "invalid storage class specifier in function declarator")
	}
	n := &ast.ParamDecl{Attrs: d.attrs, Specs: d.specs}
	outer := p.scope
	dr := p.declarator(p.specType(&d), maybe)
	p.scope = outer
	n.Type, n.Pack = dr.typ, dr.pack
	n.Attrs = append(n.Attrs, dr.attrs...)
	if dr.name != nil {
		if !dr.name.IsSimple() {
			p.errorf(dr.name.Start, "parameter declarator cannot be qualified")
		}
		n.Name, n.NamePos = dr.name.Last().Ident, dr.name.Start
		p.scope.declare(n.Name, symbol{kind: symValue})
	}
	n.Attrs = p.attributes(n.Attrs)
	if p.got(scan.Assign) {
		n.Default = p.initClause()
	}
	n.Span = p.span(d.start)
	return n
}

// failParamType reports that a parameter has no type that is known.
func (p *parser) failParamType(d *declSpecs) {
	if p.kind != scan.Ident && p.kind != scan.ColonColon {
		p.fail(p.pos(), "expected parameter declarator")
	}
	if !p.unknownType(d) {
		panic(syntaxError{})
	}
}

// failUnknownType reports that the name at hand is not a type.
func (p *parser) failUnknownType() {
	p.unknownType(&declSpecs{})
	panic(syntaxError{})
}

// unknownType reports that the name at hand is not a type. If what follows it
// can be read as if it were, the name is passed over and ok is true: what is
// declared with it becomes known, if without a type.
func (p *parser) unknownType(d *declSpecs) (ok bool) {
	start, t := p.pos(), p.tok()
	end, _, _, named := p.scanName(p.here())
	switch {
	case p.at(1) == scan.Less:
		p.errorf(start, "no template named '%s'", t.Text)
		return false
	case named && end.gt == 0 && end.i > p.i+1:
		last := &p.toks[end.i-1]
		qual := ""
		for i := p.i; i < end.i-2 && i < p.i+16; i++ {
			qual += p.toks[i].Text
		}
		if p.kindAt(end) == scan.Less {
			p.errorf(last.Pos, "no template named '%s' in '%s'", last.Text, qual)
			return false
		}
		p.errorf(last.Pos, "no type named '%s' in '%s'", last.Text, qual)
	default:
		if guess := p.similarType(t.Text); guess != "" {
			p.errorf(start, "unknown type name '%s'; did you mean '%s'?", t.Text, guess)
		} else {
			p.errorf(start, "unknown type name '%s'", t.Text)
		}
	}
	if !named || end.gt != 0 {
		return false
	}
	c := end
	for k := p.kindAt(c); k == scan.Star || k == scan.Amp || isQual(k); k = p.kindAt(c) {
		c = c.next()
	}
	switch p.kindAt(c) {
	case scan.Ident, scan.RParen, scan.Comma:
	default:
		return false
	}
	p.seek(end.i)
	d.typ = &ast.BadType{Span: p.span(start)}
	for p.qualifier(&d.quals) {
	}
	return true
}

// similarType returns the name of a type most like an unknown one, or "".
func (p *parser) similarType(name string) string {
	names := []string{"bool", "char", "short", "int", "long", "float", "void", "unsigned", "signed"}
	for n, k := range builtins().global {
		if k == symType {
			names = append(names, n)
		}
	}
	for s := p.scope; s != nil; s = s.parent {
		for n, sym := range s.names {
			if sym.kind == symType {
				names = append(names, n)
			}
		}
	}
	return source.Nearest(name, names)
}

// methodQuals reads what may follow the parameters of a function.
func (p *parser) methodQuals(f *ast.FuncType) {
	for {
		switch {
		case p.qualifier(&f.Quals):
		case p.kind == scan.Amp:
			f.Ref = ast.LRef
			p.advance()
		case p.kind == scan.AmpAmp:
			f.Ref = ast.RRef
			p.advance()
		case p.kind == scan.KwNoexcept:
			f.Noexcept = true
			p.advance()
			if p.kind == scan.LParen {
				open := p.open()
				p.expr()
				p.close(scan.RParen, open)
			}
		case p.kind == scan.KwThrow && p.at(1) == scan.LParen:
			p.advance()
			p.advance()
			p.expect(scan.RParen)
			f.Noexcept = true
		case p.kind == scan.KwAttribute || p.kind == scan.LBrack && p.atAttribute():
			f.Attrs = p.attributes(f.Attrs)
		case p.kind == scan.Ident && (p.tok().Text == "override" || p.tok().Text == "final"):
			p.advance()
		default:
			return
		}
	}
}
