package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// record reads a class specifier: a definition, a declaration, or the name of
// a class with its tag. def is nil in the last case.
func (p *parser) record() (typ ast.Type, def ast.Decl) {
	start := p.pos()
	tag := ast.Struct
	switch p.kind {
	case scan.KwClass:
		tag = ast.Class
	case scan.KwUnion:
		tag = ast.Union
	}
	inTemplate := p.inTemplate
	p.inTemplate = false
	p.advance()
	attrs := p.attributes(nil)
	var name *ast.Name
	var sym symbol
	if p.kind == scan.Ident || p.kind == scan.ColonColon {
		name, sym = p.name()
	}
	n := &ast.RecordDecl{Tag: tag, Attrs: attrs, Name: name}
	n.Start = start
	if p.kind == scan.Ident && p.tok().Text == "final" && (p.at(1) == scan.LBrace || p.at(1) == scan.Colon) {
		n.Final = true
		p.advance()
	}
	t := &ast.TagType{Tag: tag, Name: name}
	simple := ""
	if name != nil && len(name.Parts) == 1 {
		simple = name.Last().Ident
	}
	kind := symType
	if inTemplate {
		kind = symClassTemplate
	}
	special := name != nil && name.Last().Args != nil
	if p.kind != scan.LBrace && p.kind != scan.Colon {
		switch {
		case name == nil:
			p.fail(p.pos(), "expected identifier or '{'")
		case p.kind == scan.Semi:
			if simple != "" && !special {
				p.outer().declare(simple, symbol{kind: kind})
			}
			n.Span = p.span(start)
			t.Span, t.Decl = n.Span, n
			return t, n
		case simple != "" && sym.kind == symUnknown:
			p.outer().declare(simple, symbol{kind: kind})
		}
		t.Span = p.span(start)
		return t, nil
	}
	t.Decl = n
	sc := &scope{parent: p.scope}
	if name != nil {
		sc.record = name.Last().Ident
		switch {
		case special && sym.scope != nil:
			defer sym.scope.absorb(sc)
		case special:
		case simple != "":
			p.outer().declare(simple, symbol{kind, sc})
		case len(name.Parts) > 1:
			q := *name
			q.Parts = q.Parts[:len(q.Parts)-1]
			if s := p.resolve(&q).scope; s != nil {
				s.declare(sc.record, symbol{kind, sc})
				sc.related = append(sc.related, s) // its names are seen within
			}
		}
	}
	p.bases(n, sc)
	p.recordBody(n, sc)
	n.Attrs = p.attributes(n.Attrs)
	n.Span = p.span(start)
	t.Span = n.Span
	return t, n
}

// absorb makes what a specialisation declares known in the primary template,
// as far as that does not have it: it is looked up there.
func (s *scope) absorb(special *scope) {
	for name, sym := range special.names {
		if _, ok := s.names[name]; !ok {
			s.declare(name, sym)
		}
	}
}

// bases reads the base classes.
func (p *parser) bases(n *ast.RecordDecl, sc *scope) {
	if !p.got(scan.Colon) {
		return
	}
	for {
		b := &ast.Base{}
		start := p.pos()
		for {
			switch p.kind {
			case scan.KwVirtual:
				b.Virtual = true
			case scan.KwPublic:
				b.Access = ast.Public
			case scan.KwProtected:
				b.Access = ast.Protected
			case scan.KwPrivate:
				b.Access = ast.Private
			default:
				goto class
			}
			p.advance()
		}
	class:
		if p.kind != scan.Ident && p.kind != scan.ColonColon && p.kind != scan.KwTypename && p.kind != scan.KwDecltype {
			p.fail(p.pos(), "expected class name")
		}
		b.Type = p.baseClass()
		if s := p.typeScope(b.Type); s != nil && s != sc {
			sc.related = append(sc.related, s)
		}
		b.Pack = p.got(scan.Ellipsis)
		b.Span = p.span(start)
		n.Bases = append(n.Bases, b)
		if !p.got(scan.Comma) {
			break
		}
	}
	if p.kind != scan.LBrace {
		p.fail(p.pos(), "expected '{' after base class list")
	}
}

func (p *parser) baseClass() ast.Type {
	start := p.pos()
	typename := p.got(scan.KwTypename)
	name, _ := p.name()
	return &ast.NamedType{Span: p.span(start), Typename: typename, Name: name}
}

// recordBody reads the members of a class.
func (p *parser) recordBody(n *ast.RecordDecl, sc *scope) {
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	n.Defined = true
	n.Lbrace = p.pos()
	open := p.open()
	outer := p.scope
	p.scope = sc
	p.inClass++
	for p.kind != scan.RBrace && p.kind != scan.EOF {
		n.Members = p.member(n.Members)
	}
	p.scope = outer
	p.inClass--
	n.Rbrace = p.pos()
	p.close(scan.RBrace, open)
	if p.inClass == 0 {
		p.lateBodies()
	}
}

// member reads one member declaration.
func (p *parser) member(list []ast.Decl) []ast.Decl {
	access := ast.NoAccess
	switch p.kind {
	case scan.KwPublic:
		access = ast.Public
	case scan.KwProtected:
		access = ast.Protected
	case scan.KwPrivate:
		access = ast.Private
	default:
		return p.declOrSync(list, atMember)
	}
	start := p.pos()
	p.advance()
	if p.kind != scan.Colon {
		p.errorf(p.pos(), "expected ':'")
	} else {
		p.advance()
	}
	return append(list, &ast.AccessDecl{Span: p.span(start), Access: access})
}

// enum reads an enumeration specifier; def is nil if it only names one.
func (p *parser) enum() (typ ast.Type, def ast.Decl) {
	start := p.pos()
	n := &ast.EnumDecl{}
	p.advance()
	if p.kind == scan.KwClass || p.kind == scan.KwStruct {
		n.Scoped = true
		p.advance()
	}
	n.Attrs = p.attributes(nil)
	t := &ast.TagType{Tag: ast.Enum}
	if p.kind == scan.Ident || p.kind == scan.ColonColon {
		n.Name, _ = p.name()
		t.Name = n.Name
	}
	if p.kind == scan.Colon {
		p.advance()
		n.Base = p.typeSpecs()
	}
	if p.kind != scan.LBrace {
		if n.Name == nil {
			p.fail(p.pos(), "expected identifier or '{'")
		}
		t.Span = p.span(start)
		if p.kind != scan.Semi {
			return t, nil
		}
		p.outer().declare(n.Name.Last().Ident, symbol{kind: symType})
		n.Span, t.Decl = t.Span, n
		return t, n
	}
	sc := &scope{parent: p.scope}
	if n.Name != nil {
		p.outer().declare(n.Name.Last().Ident, symbol{symType, sc})
	}
	p.enumerators(n, sc)
	n.Attrs = p.attributes(n.Attrs)
	n.Span = p.span(start)
	t.Span, t.Decl = n.Span, n
	return t, n
}

// enumerators reads the body of an enumeration.
func (p *parser) enumerators(n *ast.EnumDecl, sc *scope) {
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	n.Defined = true
	open := p.open()
	for {
		if p.kind == scan.Pragma {
			p.skipPragmas()
		}
		if p.kind == scan.RBrace {
			break
		}
		e := &ast.EnumeratorDecl{}
		start := p.pos()
		e.Name = p.identifier()
		e.Attrs = p.attributes(nil)
		if p.got(scan.Assign) {
			e.Value = p.conditional()
		}
		e.Span = p.span(start)
		n.List = append(n.List, e)
		sc.declare(e.Name, symbol{kind: symValue})
		if !n.Scoped {
			p.outer().declare(e.Name, symbol{kind: symValue})
		}
		if !p.got(scan.Comma) {
			break
		}
	}
	p.close(scan.RBrace, open)
}
