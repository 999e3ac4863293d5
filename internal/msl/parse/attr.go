package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// atAttribute reports whether [[ comes next.
func (p *parser) atAttribute() bool { return p.atAttributeAt(p.i) }

func (p *parser) atAttributeAt(i int) bool {
	if i+1 >= len(p.toks) || p.toks[i].Kind != scan.LBrack || p.toks[i+1].Kind != scan.LBrack {
		return false
	}
	m := int(p.match[i+1]) // a[[]{…}()] is not an attribute: the brackets close together
	return m == 0 || p.match[i] == 0 || m+1 < len(p.toks) && p.toks[m+1].Kind == scan.RBrack && int(p.match[i]) == m+1
}

// attributes reads [[…]], __attribute__((…)) and alignas(…), as many as there
// are, and returns them after list.
func (p *parser) attributes(list []*ast.Attribute) []*ast.Attribute {
	for {
		switch {
		case p.atAttribute():
			outer := p.open()
			inner := p.open()
			scope := ""
			if p.kind == scan.KwUsing {
				p.advance()
				scope = p.attrName()
				p.expect(scan.Colon)
			}
			list = p.attrList(list, ast.AttrBracket, scope, scan.RBrack)
			p.close(scan.RBrack, inner)
			p.close(scan.RBrack, outer)
		case p.kind == scan.KwAttribute:
			p.advance()
			if p.kind != scan.LParen || p.at(1) != scan.LParen {
				p.fail(p.pos(), "expected '((' after 'attribute'")
			}
			outer := p.open()
			inner := p.open()
			list = p.attrList(list, ast.AttrGNU, "", scan.RParen)
			p.close(scan.RParen, inner)
			p.close(scan.RParen, outer)
		case p.kind == scan.KwAlignas:
			a := &ast.Attribute{Style: ast.AttrAlignas, Name: "alignas", HasArgs: true}
			start := p.pos()
			p.advance()
			if p.kind != scan.LParen {
				p.fail(p.pos(), "expected '(' after 'alignas'")
			}
			a.Args = p.attrArgs()
			a.Span = p.span(start)
			list = append(list, a)
		default:
			return list
		}
	}
}

// attrList reads attributes up to the bracket that closes them.
func (p *parser) attrList(list []*ast.Attribute, style ast.AttrStyle, scope string, closing scan.Kind) []*ast.Attribute {
	for {
		for p.got(scan.Comma) {
		}
		if p.kind == closing {
			return list
		}
		a := &ast.Attribute{Style: style, Scope: scope}
		start := p.pos()
		a.Name = p.attrName()
		if p.kind == scan.ColonColon {
			p.advance()
			a.Scope, a.Name = a.Name, p.attrName()
		}
		if p.kind == scan.LParen {
			a.HasArgs = true
			a.Args = p.attrArgs()
		}
		p.got(scan.Ellipsis)
		a.Span = p.span(start)
		list = append(list, a)
		if p.kind != scan.Comma && p.kind != closing {
			p.fail(p.pos(), "expected '%s'", closing)
		}
	}
}

// attrName reads the name of an attribute, which may be a keyword.
func (p *parser) attrName() string {
	t := p.tok()
	if !t.IsWord() {
		p.fail(p.pos(), "expected identifier in attribute")
	}
	p.advance()
	return t.Text
}

// attrArgs reads the arguments of an attribute.
func (p *parser) attrArgs() []ast.TemplateArg {
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	open := p.open()
	var args []ast.TemplateArg
	for p.kind != scan.RParen {
		start := p.pos()
		end, ok := p.scanTypeID(p.here(), true)
		if ok && (p.kindAt(end) == scan.RParen || p.kindAt(end) == scan.Comma) {
			args = append(args, p.typeID())
		} else {
			var x ast.Expr = p.conditional()
			if p.got(scan.Ellipsis) {
				x = &ast.PackExpr{Span: p.span(start), X: x}
			}
			args = append(args, x)
		}
		if !p.got(scan.Comma) {
			break
		}
	}
	p.close(scan.RParen, open)
	return args
}
