package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// enterBody counts bodies of functions within expressions.
func (p *parser) enterBody() {
	if p.lambdas++; p.lambdas > maxLambdas {
		p.fatal(p.pos(), "lambdas are nested more than %d deep", maxLambdas)
	}
}

// lambda reads a lambda expression.
func (p *parser) lambda() ast.Expr {
	n := &ast.LambdaExpr{}
	start := p.pos()
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	p.push()
	defer p.pop()
	p.captures(n)
	if p.kind == scan.Less {
		n.Template = p.templateParams()
	}
	n.Attrs = p.attributes(nil)
	f := &ast.FuncType{}
	f.Start = p.pos()
	if p.kind == scan.LParen {
		p.params(f)
		p.declareParams(f)
		for {
			if p.kind == scan.KwMutable {
				n.Mutable = true
				p.advance()
				continue
			}
			if p.kind == scan.KwConstexpr {
				p.advance()
				continue
			}
			i := p.i
			p.methodQuals(f)
			if p.i == i {
				break
			}
		}
		if p.got(scan.Arrow) {
			f.Trailing = true
			f.Result = p.typeID()
		}
		n.Attrs = append(n.Attrs, f.Attrs...)
		f.Attrs = nil
	}
	f.Span = p.span(f.Start)
	n.Type = f
	if p.kind != scan.LBrace {
		p.fail(p.pos(), "expected body of lambda expression")
	}
	p.enterBody()
	n.Body = p.block()
	p.lambdas--
	n.Span = p.span(start)
	p.height = 1
	return n
}

// captures reads [ … ].
func (p *parser) captures(n *ast.LambdaExpr) {
	open := p.open()
	for p.kind != scan.RBrack {
		c := ast.Capture{}
		start := p.pos()
		switch p.kind {
		case scan.Amp:
			p.advance()
			if p.kind == scan.Comma || p.kind == scan.RBrack {
				n.DefaultRef = true
				break
			}
			c.ByRef = true
			p.capture(&c)
		case scan.Assign:
			p.advance()
			n.DefaultCopy = true
		case scan.KwThis:
			p.advance()
			c.This, c.ByRef = true, true
		case scan.Star:
			p.advance()
			p.expect(scan.KwThis)
			c.This = true
		default:
			p.capture(&c)
		}
		if c.This || c.Name != "" {
			c.Span = p.span(start)
			n.Captures = append(n.Captures, c)
		}
		if !p.got(scan.Comma) {
			break
		}
	}
	p.close(scan.RBrack, open)
}

// capture reads the name of a capture and its initialiser.
func (p *parser) capture(c *ast.Capture) {
	c.Pack = p.got(scan.Ellipsis)
	if p.kind != scan.Ident {
		p.fail(p.pos(), "expected variable name or 'this' in lambda capture list")
	}
	c.Name = p.identifier()
	c.Pack = p.got(scan.Ellipsis) || c.Pack
	switch p.kind {
	case scan.Assign:
		p.advance()
		c.Init = p.initClause()
	case scan.LParen:
		open := p.open()
		c.Init = p.expr()
		p.close(scan.RParen, open)
	case scan.LBrace:
		c.Init = p.initList()
	}
	if c.Init != nil {
		p.scope.declare(c.Name, symbol{kind: symValue})
	}
}
