package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// name reads a possibly qualified name and tells what it is.
func (p *parser) name() (*ast.Name, symbol) {
	var one struct { // most names have one part
		ast.Name
		parts [1]ast.NamePart
	}
	n := &one.Name
	n.Start, n.Parts = p.pos(), one.parts[:0]
	var sym symbol
	first, ns := true, false // ns: sym is the global namespace or found in one
	if p.kind == scan.ColonColon {
		n.Global, first, ns = true, false, true
		sym = symbol{symNamespace, p.global}
		p.advance()
	}
	for {
		part := ast.NamePart{}
		part.Start = p.pos()
		keyword := false
		if p.kind == scan.KwTemplate && !first {
			part.Template, keyword = p.pos(), true
			p.advance()
		}
		outer := sym
		switch p.kind {
		case scan.Ident:
			part.Ident = p.tok().Text
			switch {
			case first:
				sym = p.lookup(part.Ident)
			case outer.scope == nil:
				sym = symbol{}
			default:
				sym = outer.scope.local(part.Ident, 0)
				if sym.kind == symUnknown && outer.scope.record == part.Ident && outer.kind != symNamespace {
					sym = symbol{kind: symValue} // a constructor
				}
			}
			p.advance()
		case scan.KwOperator:
			p.operatorName(&part)
			sym = symbol{kind: symValue}
			if p.kind == scan.Less && (part.Kind != ast.NameOperator || p.looksLikeArgs(p.i)) {
				sym = symbol{kind: symFuncTemplate}
			}
		case scan.Tilde:
			p.advance()
			if p.kind != scan.Ident {
				p.fail(p.pos(), "expected a class name after '~' to name a destructor")
			}
			part.Kind, part.Ident = ast.NameDtor, p.tok().Text
			sym = symbol{kind: symValue}
			p.advance()
		case scan.KwDecltype:
			part.Kind, part.Type = ast.NameDecltype, p.decltype()
			sym = symbol{}
		default:
			p.failName(n, ns)
		}
		if p.kind == scan.Less && p.startsArgs(p.i, sym, keyword) {
			part.Args = p.templateArgs()
			if sym.kind == symFuncTemplate || sym.kind == symVarTemplate {
				sym = symbol{kind: symValue}
			}
		}
		part.Span = p.span(part.Start)
		n.Parts = append(n.Parts, part)
		ns = sym.kind == symNamespace
		first = false
		if p.kind != scan.ColonColon || !p.goesOn() {
			break
		}
		p.advance()
	}
	n.Span = p.span(n.Start)
	return n, sym
}

// goesOn reports whether the :: at hand is followed by another part of the
// name; C::* is a pointer to member.
func (p *parser) goesOn() bool { return p.at(1) != scan.Star }

// failName reports that a name has no (further) part.
func (p *parser) failName(n *ast.Name, ns bool) {
	if len(n.Parts) > 0 || ns {
		p.fail(p.pos(), "expected unqualified-id")
	}
	p.fail(p.pos(), "expected identifier")
}

// operatorName reads operator and what it names.
func (p *parser) operatorName(part *ast.NamePart) {
	p.advance()
	part.Kind = ast.NameOperator
	pair := func(closing scan.Kind, name string) {
		p.advance()
		p.expect(closing)
		part.Op = ast.OpName(name)
	}
	switch k := p.kind; {
	case k == scan.LParen && p.at(1) == scan.RParen:
		pair(scan.RParen, "()")
	case k == scan.LBrack:
		pair(scan.RBrack, "[]")
	case k == scan.KwNew || k == scan.KwDelete:
		part.Op = ast.OpName(k.String())
		p.advance()
		if p.kind == scan.LBrack {
			p.advance()
			p.expect(scan.RBrack)
			part.Op += "[]"
		}
	case k == scan.String:
		p.advance()
		part.Kind, part.Ident = ast.NameLiteral, p.identifier()
	case scan.Comma == k || scan.Arrow <= k && k <= scan.ArrowStar || scan.Plus <= k && k <= scan.Spaceship:
		part.Op = ast.OpName(k.String())
		p.advance()
	default:
		part.Kind = ast.NameConversion
		part.Type = p.conversionType()
	}
}

// conversionType reads the type a conversion function converts to: specifiers
// and pointers, not a parameter list.
func (p *parser) conversionType() ast.Type {
	t := p.typeSpecs()
	for {
		switch p.kind {
		case scan.Star, scan.Amp, scan.AmpAmp:
			t = p.pointer(t)
		default:
			return t
		}
	}
}

// identifier reads an identifier.
func (p *parser) identifier() string {
	if p.kind != scan.Ident {
		p.fail(p.pos(), "expected identifier")
	}
	s := p.tok().Text
	p.advance()
	return s
}

// templateArgs reads <…>.
func (p *parser) templateArgs() *ast.TemplateArgs {
	a := &ast.TemplateArgs{}
	start := p.open()
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = true
	if !p.atGT() {
		for {
			a.Args = append(a.Args, p.templateArg())
			if !p.got(scan.Comma) {
				break
			}
		}
	}
	p.brackets--
	if !p.gotGT() {
		p.failMatch(start, scan.Less, "expected '>'")
	}
	a.Span = p.span(start)
	return a
}

// atGT reports whether the current token is or begins with >.
func (p *parser) atGT() bool {
	switch p.kind {
	case scan.Greater, scan.Shr, scan.GreaterEq, scan.ShrAssign:
		return true
	}
	return false
}

func (p *parser) templateArg() ast.TemplateArg {
	start := p.pos()
	if p.isTypeArg(p.here()) {
		t := p.typeID()
		if p.got(scan.Ellipsis) {
			return &ast.PackType{Span: p.span(start), Elem: t}
		}
		return t
	}
	x := p.conditional()
	if p.got(scan.Ellipsis) {
		return &ast.PackExpr{Span: p.span(start), X: x}
	}
	return x
}
