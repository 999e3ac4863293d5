package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// template reads a template, an explicit specialisation or an explicit
// instantiation.
func (p *parser) template(kind declKind) ast.Decl {
	start := p.pos()
	if p.at(1) != scan.Less {
		return p.instantiation(kind)
	}
	p.enter()
	defer p.leave()
	p.advance()
	n := &ast.TemplateDecl{}
	n.Start = start
	outer := p.scope
	defer func() { p.scope = outer }()
	p.push().thin = true
	n.Params = p.templateParams()
	n.Rangle = p.prevEnd - 1
	inTemplate := len(n.Params) > 0
	var list []ast.Decl
	defer func() { p.inTemplate = false }()
	p.inTemplate = inTemplate
	switch p.kind {
	case scan.KwTemplate:
		list = append(list, p.template(kind))
	case scan.KwUsing:
		p.using(&list, inTemplate)
	default:
		p.simpleDecl(&list, kind, inTemplate)
	}
	for _, d := range list { // a class with declarators is not valid; keep the class
		n.Decl = d
		break
	}
	n.Span = p.span(n.Start)
	return n
}

// templateParams reads <…> after template and declares the parameters.
func (p *parser) templateParams() []ast.Decl {
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = true
	if p.kind != scan.Less {
		p.fail(p.pos(), "expected '<'")
	}
	start := p.open()
	var list []ast.Decl
	if !p.atGT() {
		for {
			list = append(list, p.templateParam())
			if !p.got(scan.Comma) {
				break
			}
		}
	}
	p.brackets--
	if !p.gotGT() {
		p.failMatch(start, scan.Less, "expected ',' or '>' in template-parameter-list")
	}
	return list
}

func (p *parser) templateParam() ast.Decl {
	start := p.pos()
	switch {
	case p.kind == scan.KwTemplate:
		return p.templateTemplateParam()
	case (p.kind == scan.KwTypename || p.kind == scan.KwClass) && p.isTypeParam():
		p.advance()
		n := &ast.TypeParam{Pack: p.got(scan.Ellipsis)}
		n.NamePos = p.pos()
		if p.kind == scan.Ident {
			n.Name = p.identifier()
			p.scope.declare(n.Name, symbol{kind: symType})
		}
		if p.got(scan.Assign) {
			n.Default = p.typeParamDefault()
		}
		n.Span = p.span(start)
		return n
	}
	var d declSpecs
	p.declSpecifiers(&d)
	if !d.hasType() {
		p.failParamType(&d)
	}
	n := &ast.ParamDecl{Attrs: d.attrs, Specs: d.specs}
	outer := p.scope
	dr := p.declarator(p.specType(&d), maybe)
	p.scope = outer
	n.Type, n.Pack = dr.typ, dr.pack
	if dr.name != nil {
		n.Name, n.NamePos = dr.name.Last().Ident, dr.name.Start
		p.scope.declare(n.Name, symbol{kind: symValue})
	}
	if p.got(scan.Assign) {
		n.Default = p.conditional()
	}
	n.Span = p.span(start)
	return n
}

// typeParamDefault reads the default of a type parameter.
func (p *parser) typeParamDefault() ast.Type {
	if _, ok := p.scanSpecs(p.here()); !ok {
		p.failUnknownTypeOr("expected a type")
	}
	return p.typeID()
}

// isTypeParam reports whether typename or class begins a type parameter, not
// a parameter whose type is written with it.
func (p *parser) isTypeParam() bool {
	i := p.i + 1
	if p.toks[i].Kind == scan.Ellipsis {
		i++
	}
	if p.toks[i].Kind == scan.Ident {
		i++
	}
	switch p.toks[min(i, len(p.toks)-1)].Kind {
	case scan.Comma, scan.Greater, scan.Assign, scan.Shr, scan.GreaterEq, scan.EOF:
		return true
	}
	return false
}

func (p *parser) templateTemplateParam() ast.Decl {
	start := p.pos()
	p.enter()
	defer p.leave()
	p.advance()
	n := &ast.TemplateParam{}
	p.push()
	n.Params = p.templateParams()
	p.pop()
	if p.kind != scan.KwClass && p.kind != scan.KwTypename {
		p.fail(p.pos(), "template template parameter requires 'class' after the parameter list")
	}
	p.advance()
	n.Pack = p.got(scan.Ellipsis)
	n.NamePos = p.pos()
	if p.kind == scan.Ident {
		n.Name = p.identifier()
		p.scope.declare(n.Name, symbol{kind: symClassTemplate})
	}
	if p.got(scan.Assign) {
		n.Default, _ = p.name()
	}
	n.Span = p.span(start)
	return n
}

// instantiation reads an explicit instantiation.
func (p *parser) instantiation(kind declKind) *ast.ExplicitInstantiation {
	n := &ast.ExplicitInstantiation{}
	n.Start = p.pos()
	p.advance()
	var list []ast.Decl
	p.simpleDecl(&list, kind, false)
	for _, d := range list {
		n.Decl = d
	}
	n.Span = p.span(n.Start)
	if f, ok := n.Decl.(*ast.FuncDecl); ok && f.Body != nil {
		p.errorf(f.Name.Start, "explicit template instantiation cannot have a definition; "+
			"if this definition is meant to be an explicit specialization, add '<>' after the 'template' keyword")
	}
	return n
}
