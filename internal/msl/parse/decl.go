package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// declOrSync reads a declaration and appends what it declares to list. After
// an error it skips to where the next one may begin.
func (p *parser) declOrSync(list []ast.Decl, kind declKind) []ast.Decl {
	start, i := p.pos(), p.i
	var decls []ast.Decl
	ok := p.guard(func() { p.decl(&decls, kind) })
	list = append(list, decls...)
	if !ok {
		if p.i == i {
			p.skipOne()
		}
		if p.i == i || !p.atLineStart() {
			p.sync(i)
		}
		list = append(list, &ast.BadDecl{Span: p.span(start)})
		if p.i == i && p.kind != scan.EOF && (p.kind != scan.RBrace || kind == atFile) {
			p.advance()
		}
	}
	return list
}

// skipOne moves past one token or bracketed group, but not past the end of a
// statement or block.
func (p *parser) skipOne() {
	switch p.kind {
	case scan.Semi, scan.RBrace, scan.EOF:
		return
	case scan.LBrace:
		return // sync takes the block as the end
	case scan.LParen, scan.LBrack:
		if m := p.match[p.i]; m > 0 {
			p.seek(int(m))
		}
	}
	p.advance()
}

// atLineStart reports whether the parser stands at a keyword that begins a
// declaration on a line of its own.
func (p *parser) atLineStart() bool {
	return p.tok().Is(scan.StartOfLine) && isDeclKeyword(p.kind)
}

// decl reads a declaration and appends what it declares to list as it goes,
// so that an error later in it loses nothing.
func (p *parser) decl(list *[]ast.Decl, kind declKind) {
	start := p.pos()
	add := func(d ast.Decl) { *list = append(*list, d) }
	switch p.kind {
	case scan.Semi:
		p.advance()
		add(&ast.EmptyDecl{Span: p.span(start)})
	case scan.Pragma:
		text := p.tok().Text
		p.advance()
		add(&ast.PragmaDecl{Span: p.span(start), Text: text})
	case scan.KwNamespace:
		p.namespace(list, false)
	case scan.KwUsing:
		p.using(list, false)
	case scan.KwTemplate:
		add(p.template(kind))
	case scan.KwStaticAssert:
		add(p.staticAssert())
	case scan.KwAsm:
		p.fail(start, "inline assembly is not supported in Metal")
	case scan.RBrace:
		p.fail(start, "extraneous closing brace ('}')")
	case scan.KwInline:
		if p.at(1) == scan.KwNamespace {
			p.advance()
			p.namespace(list, true)
			return
		}
		p.simpleDecl(list, kind, false)
	case scan.KwExtern:
		switch p.at(1) {
		case scan.String:
			add(p.linkage())
		case scan.KwTemplate:
			p.advance()
			d := p.instantiation(kind)
			d.Extern, d.Start = true, start
			add(d)
		default:
			p.simpleDecl(list, kind, false)
		}
	default:
		p.simpleDecl(list, kind, false)
	}
}

// namespace reads a namespace or an alias of one.
func (p *parser) namespace(list *[]ast.Decl, inline bool) {
	start := p.pos()
	p.advance()
	attrs := p.attributes(nil)
	n := &ast.NamespaceDecl{Attrs: attrs, Inline: inline}
	n.Start = start
	outer := p.scope
	defer func() { p.scope = outer }()
	if p.kind == scan.Ident {
		n.NamePos, n.Name = p.pos(), p.identifier()
		if p.got(scan.Assign) {
			target, sym := p.name()
			if sym.kind != symNamespace {
				p.errorf(target.Start, "expected namespace name")
			}
			outer.declare(n.Name, sym)
			p.semi("after namespace alias")
			*list = append(*list, &ast.NamespaceAlias{Span: p.span(start), Name: n.Name, Target: target})
			return
		}
	}
	*list = append(*list, n)
	p.enterNamespace(n)
	defer func(n int) { p.brackets = n }(p.brackets)
	for p.kind == scan.ColonColon {
		if p.brackets++; p.brackets > maxBrackets {
			p.fatal(p.pos(), "bracket nesting level exceeded maximum of %d", maxBrackets)
		}
		p.advance()
		inner := &ast.NamespaceDecl{Inline: p.got(scan.KwInline)}
		inner.Start = p.pos()
		inner.NamePos, inner.Name = p.pos(), p.identifier()
		p.enterNamespace(inner)
		n.Decls = append(n.Decls, inner)
		defer func(n *ast.NamespaceDecl) { n.Span = p.span(n.Start) }(n)
		n = inner
	}
	defer func() { n.Span = p.span(n.Start) }()
	if p.kind != scan.LBrace {
		p.fail(p.pos(), "expected '{'")
	}
	open := p.open()
	for p.kind != scan.RBrace && p.kind != scan.EOF {
		n.Decls = p.declOrSync(n.Decls, atFile)
	}
	p.close(scan.RBrace, open)
}

// enterNamespace makes the scope of n the current one.
func (p *parser) enterNamespace(n *ast.NamespaceDecl) {
	name := n.Name
	if name == "" {
		name = "(anonymous)"
	}
	sym, ok := p.scope.names[name]
	if !ok || sym.kind != symNamespace || sym.scope == nil {
		sym = symbol{symNamespace, &scope{parent: p.scope, namespace: true}}
		p.scope.declare(name, sym)
	}
	if n.Inline || n.Name == "" {
		p.scope.use(sym.scope)
	}
	p.scope = sym.scope
}

// using reads a using directive, using declaration or alias.
func (p *parser) using(list *[]ast.Decl, inTemplate bool) {
	start := p.pos()
	p.advance()
	if p.got(scan.KwNamespace) {
		n, sym := p.name()
		if sym.kind == symNamespace {
			p.outer().use(sym.scope)
		} else {
			p.errorf(n.Last().Start, "expected namespace name")
		}
		p.semi("after namespace name")
		*list = append(*list, &ast.UsingDirective{Span: p.span(start), Name: n})
		return
	}
	if p.kind == scan.Ident && (p.at(1) == scan.Assign || p.atAttributeAt(p.i+1)) {
		n := &ast.AliasDecl{NamePos: p.pos()}
		n.Name = p.identifier()
		n.Attrs = p.attributes(nil)
		if p.kind != scan.Assign {
			p.fail(p.pos(), "expected '='")
		}
		p.advance()
		if _, ok := p.scanSpecs(p.here()); !ok && (p.kind == scan.Ident || p.kind == scan.ColonColon) {
			p.outer().declare(n.Name, symbol{kind: symType}) // so that its uses are no errors
			p.failUnknownType()
		}
		n.Type = p.typeID()
		kind := symType
		if inTemplate {
			kind = symClassTemplate
		}
		p.outer().declare(n.Name, symbol{kind, p.typeScope(n.Type)})
		p.semi("after alias declaration")
		n.Span = p.span(start)
		*list = append(*list, n)
		return
	}
	for {
		n := &ast.UsingDecl{Typename: p.got(scan.KwTypename)}
		var sym symbol
		n.Name, sym = p.name()
		n.Pack = p.got(scan.Ellipsis)
		if n.Typename && sym.kind == symUnknown {
			sym.kind = symType
		}
		if last := n.Name.Last(); last.Kind == ast.NameIdent && sym.kind != symUnknown {
			p.outer().declare(last.Ident, sym)
		}
		n.Span = p.span(start)
		*list = append(*list, n)
		if !p.got(scan.Comma) {
			break
		}
	}
	p.semi("after using declaration")
}

func (p *parser) staticAssert() ast.Decl {
	n := &ast.StaticAssert{}
	start := p.pos()
	p.advance()
	open := p.openAfter("static_assert")
	n.Cond = p.conditional()
	if p.got(scan.Comma) {
		if p.kind != scan.String {
			p.fail(p.pos(), "expected string literal for diagnostic message in static_assert")
		}
		n.Msg = p.stringLit()
	}
	p.close(scan.RParen, open)
	p.semi("after static_assert")
	n.Span = p.span(start)
	return n
}

// linkage reads extern "C" … .
func (p *parser) linkage() ast.Decl {
	n := &ast.LinkageDecl{}
	start := p.pos()
	p.advance()
	n.Lang = p.stringLit().Value
	if p.kind == scan.LBrace {
		open := p.open()
		for p.kind != scan.RBrace && p.kind != scan.EOF {
			n.Decls = p.declOrSync(n.Decls, atFile)
		}
		p.close(scan.RBrace, open)
	} else {
		p.decl(&n.Decls, atFile)
	}
	n.Span = p.span(start)
	return n
}

// simpleDecl reads specifiers and declarators.
func (p *parser) simpleDecl(list *[]ast.Decl, kind declKind, inTemplate bool) {
	var d declSpecs
	p.declSpecifiers(&d)
	n := len(*list)
	if d.def != nil {
		d.typ.(*ast.TagType).Listed = true
		if d.specs.Friend {
			d.def = &ast.FriendDecl{Span: p.span(d.start), Decl: d.def}
		}
		p.prependAttrs(d.def, &d)
		*list = append(*list, d.def)
	}
	if p.kind == scan.Semi && p.emptyDecl(list, n, &d, kind) {
		p.advance()
		return
	}
	if d.def != nil && p.kind != scan.Semi && !p.isPointer() && !p.isDeclName() && p.kind != scan.LParen && p.kind != scan.LBrack {
		p.missingSemi(&d)
		return
	}
	base := p.baseType(&d, kind)
	for first := true; ; first = false {
		if p.declare(list, &d, base, kind, inTemplate, first) {
			return // a function's body ends a declaration
		}
		if !p.got(scan.Comma) {
			break
		}
	}
	switch kind {
	case atFile:
		p.semi("after top level declarator")
	case atMember:
		p.semi("at end of declaration list")
	default:
		p.semi("at end of declaration")
	}
}

// prependAttrs gives a class or enumeration the attributes that stand before
// its declaration.
func (p *parser) prependAttrs(def ast.Decl, d *declSpecs) {
	if len(d.attrs) == 0 {
		return
	}
	switch def := def.(type) {
	case *ast.RecordDecl:
		def.Attrs = append(d.attrs[:len(d.attrs):len(d.attrs)], def.Attrs...)
	case *ast.EnumDecl:
		def.Attrs = append(d.attrs[:len(d.attrs):len(d.attrs)], def.Attrs...)
	}
}

// missingSemi reports that the semicolon after a class is missing. What
// follows is read as a declaration of its own.
func (p *parser) missingSemi(d *declSpecs) {
	what := "struct"
	if t, ok := d.typ.(*ast.TagType); ok {
		what = t.Tag.String()
	}
	p.errorf(p.prevEnd, "expected ';' after %s", what).Fix = ";"
}

// emptyDecl handles a declaration without declarators; it reports whether
// there is no more to it.
func (p *parser) emptyDecl(list *[]ast.Decl, n int, d *declSpecs, kind declKind) bool {
	span := p.span(d.start)
	switch {
	case d.def != nil:
		if r, ok := d.def.(*ast.RecordDecl); ok && r.Name == nil && kind == atMember {
			// An anonymous struct or union: its members are in scope here.
			*list = append(*list, &ast.FieldDecl{Span: span, Attrs: d.attrs, Specs: d.specs, Type: p.specType(d)})
		}
		return true
	case d.specs.Friend && d.hasType():
		*list = append(*list, &ast.FriendDecl{Span: span, Type: p.specType(d)})
		return true
	case d.hasType():
		p.list.Warnf(d.start, "declaration does not declare anything")
		*list = append(*list, &ast.EmptyDecl{Span: span})
		return true
	case len(d.attrs) > 0 && d.specs == ast.Specs{} && d.quals.IsZero():
		*list = append(*list, &ast.EmptyDecl{Span: span})
		return true
	}
	return false
}

// baseType returns the type of the specifiers; nil for what has none, as a
// constructor. If there should be one, it says so.
func (p *parser) baseType(d *declSpecs, kind declKind) ast.Type {
	if d.hasType() {
		return p.specType(d)
	}
	if d.typedef.IsValid() {
		p.failUnknownTypeOr("expected a type")
	}
	switch {
	case p.kind == scan.KwOperator && p.isConversion(p.i),
		p.kind == scan.Tilde,
		p.isConstructorName(d):
		return nil
	}
	if p.kind == scan.Ident || p.kind == scan.ColonColon {
		// A::operator T(, A::~A(
		end, sym, _, ok := p.scanName(p.here())
		if ok && p.kindAt(end) == scan.ColonColon && end.gt == 0 {
			switch k := p.kindAt(end.next()); {
			case k == scan.Tilde, k == scan.KwOperator && p.isConversion(end.i+1):
				return nil
			}
		}
		if ok {
			switch p.kindAt(end) {
			case scan.LParen, scan.Assign, scan.Semi, scan.Comma, scan.LBrack, scan.Plus, scan.Minus, scan.Period, scan.Arrow,
				scan.PlusAssign, scan.MinusAssign, scan.PlusPlus, scan.MinusMinus:
				if p.at(1) != scan.Less || sym.kind != symUnknown {
					p.fail(p.pos(), "a type specifier is required for all declarations")
				}
			}
		}
		if p.unknownType(d) {
			return p.specType(d)
		}
		panic(syntaxError{})
	}
	switch {
	case p.kind == scan.EOF && (d.specs != ast.Specs{} || !d.quals.IsZero()):
		p.fail(p.pos(), "expected unqualified-id")
	case kind == atMember && p.kind != scan.RBrace:
		p.fail(p.pos(), "expected member name or ';' after declaration specifiers")
	}
	p.fail(p.pos(), "expected unqualified-id")
	return nil
}

func (p *parser) failUnknownTypeOr(msg string) {
	if p.kind == scan.Ident || p.kind == scan.ColonColon {
		p.failUnknownType()
	}
	p.fail(p.pos(), "%s", msg)
}

// isConversion reports whether the keyword operator at index i begins a
// conversion function's name.
func (p *parser) isConversion(i int) bool {
	_, ok := p.scanSpecs(cursor{i: i + 1})
	return ok
}

// declare reads one declarator and what initialises it. It returns true after
// the body of a function.
func (p *parser) declare(list *[]ast.Decl, d *declSpecs, base ast.Type, kind declKind, inTemplate, first bool) (body bool) {
	outer := p.scope
	defer func() { p.scope = outer }()
	if _, ok := stripQual(base).(*ast.AutoType); ok && p.isBinding() {
		*list = append(*list, p.binding(d, base))
		return false
	}
	start := d.start
	if !first {
		start = p.pos()
	}
	if kind == atMember && p.kind == scan.Colon { // an unnamed bit field
		*list = append(*list, p.field(d, start, declarator{typ: base}))
		return false
	}
	var dr declarator
	if base == nil {
		dr = p.declarator(&ast.BadType{}, kind)
	} else {
		dr = p.declarator(base, kind)
	}
	if dr.name == nil {
		p.failDeclName(kind)
	}
	if f, ok := dr.typ.(*ast.FuncType); ok && !d.typedef.IsValid() {
		return p.function(list, d, dr, f, base, kind, inTemplate, first, start)
	}
	if base == nil {
		p.fail(p.pos(), "expected '(' for the parameters of a constructor, destructor or conversion function")
	}
	dr.attrs = p.attributes(dr.attrs)
	last := dr.name.Last()
	attrs := append(d.attrs[:len(d.attrs):len(d.attrs)], dr.attrs...)
	switch {
	case d.typedef.IsValid():
		p.outer().declare(last.Ident, symbol{symType, p.typeScope(dr.typ)})
		*list = append(*list, &ast.TypedefDecl{
			Span: p.span(start), Attrs: attrs, Type: dr.typ, Name: last.Ident, NamePos: last.Start,
		})
		return false
	case kind == atMember && d.specs.Storage != ast.Static && !inTemplate:
		p.outer().declare(last.Ident, symbol{kind: symValue})
		*list = append(*list, p.field(d, start, dr))
		return false
	}
	if dr.name.IsSimple() {
		sym := symbol{kind: symValue}
		if inTemplate {
			sym.kind = symVarTemplate
		}
		p.outer().declare(last.Ident, sym)
	}
	n := &ast.VarDecl{Attrs: attrs, Specs: d.specs, Type: dr.typ, Name: dr.name}
	n.Start = start
	*list = append(*list, n)
	defer func() { n.Span = p.span(n.Start) }()
	p.initializer(n)
	return false
}

func stripQual(t ast.Type) ast.Type {
	if q, ok := t.(*ast.QualType); ok {
		return q.Elem
	}
	return t
}

// initializer reads what initialises a variable, if anything does.
func (p *parser) initializer(n *ast.VarDecl) {
	switch p.kind {
	case scan.Assign:
		p.advance()
		n.InitStyle = ast.InitEquals
		n.Init = []ast.Expr{&ast.BadExpr{Span: source.Span{Start: p.pos(), Stop: p.pos()}}}
		n.Init[0] = p.initClause()
	case scan.LParen:
		n.InitStyle = ast.InitParens
		open := p.open()
		n.Init = p.exprList(scan.RParen)
		p.close(scan.RParen, open)
	case scan.LBrace:
		n.InitStyle = ast.InitBraces
		n.Init = []ast.Expr{p.initList()}
	}
}

// field reads the rest of a data member.
func (p *parser) field(d *declSpecs, start source.Pos, dr declarator) ast.Decl {
	n := &ast.FieldDecl{Specs: d.specs, Type: dr.typ}
	n.Attrs = append(d.attrs[:len(d.attrs):len(d.attrs)], dr.attrs...)
	if dr.name != nil {
		if !dr.name.IsSimple() {
			p.errorf(dr.name.Start, "non-friend class member cannot have a qualified name")
		}
		n.Name, n.NamePos = dr.name.Last().Ident, dr.name.Last().Start
	}
	if p.got(scan.Colon) {
		n.Bits = p.conditional()
	}
	n.Attrs = p.attributes(n.Attrs)
	switch p.kind {
	case scan.Assign:
		p.advance()
		n.Init = p.initClause()
	case scan.LBrace:
		n.Init = p.initList()
	}
	n.Span = p.span(start)
	return n
}

// isBinding reports whether a structured binding comes next.
func (p *parser) isBinding() bool {
	c := p.here()
	if k := p.kindAt(c); k == scan.Amp || k == scan.AmpAmp {
		c = c.next()
	}
	return p.kindAt(c) == scan.LBrack && p.kindAt(c.next()) == scan.Ident
}

// binding reads a structured binding.
func (p *parser) binding(d *declSpecs, base ast.Type) ast.Decl {
	n := &ast.BindingDecl{Attrs: d.attrs, Specs: d.specs, Type: base}
	if p.kind != scan.LBrack {
		n.Type = p.pointer(base)
	}
	open := p.open()
	for {
		id := &ast.Ident{}
		start := p.pos()
		id.Name = p.identifier()
		id.Span = p.span(start)
		p.outer().declare(id.Name, symbol{kind: symValue})
		n.Names = append(n.Names, id)
		if !p.got(scan.Comma) {
			break
		}
	}
	p.close(scan.RBrack, open)
	switch p.kind {
	case scan.Assign:
		p.advance()
		n.InitStyle, n.Init = ast.InitEquals, p.initClause()
	case scan.LBrace:
		n.InitStyle, n.Init = ast.InitBraces, p.initList()
	case scan.LParen:
		open := p.open()
		n.InitStyle, n.Init = ast.InitParens, p.assignment()
		p.close(scan.RParen, open)
	}
	n.Span = p.span(d.start)
	return n
}
