package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// taller records that a tree has been built on two of the given heights.
func (p *parser) taller(a, b int) {
	p.height = max(a, b) + 1
	if p.height > maxHeight {
		p.fatal(p.pos(), "expression is nested more than %d deep", maxHeight)
	}
}

// expr reads an expression, commas included.
func (p *parser) expr() ast.Expr {
	x := p.assignment()
	for p.kind == scan.Comma && p.at(1) != scan.Ellipsis {
		h := p.height
		op := p.pos()
		p.advance()
		y := p.assignment()
		p.taller(h, p.height)
		x = &ast.BinaryExpr{Span: p.span(x.Pos()), Op: scan.Comma, OpPos: op, X: x, Y: y}
	}
	return x
}

// assignment reads an expression without commas.
func (p *parser) assignment() ast.Expr {
	x := p.conditional()
	if !p.kind.IsAssign() || p.at(1) == scan.Ellipsis {
		return x
	}
	p.enter()
	defer p.leave()
	h := p.height
	n := &ast.AssignExpr{Op: p.kind, OpPos: p.pos(), X: x}
	p.advance()
	if p.kind == scan.LBrace {
		n.Y = p.initList()
	} else {
		n.Y = p.assignment()
	}
	p.taller(h, p.height)
	n.Span = p.span(x.Pos())
	return n
}

// conditional reads an expression without assignments at its top.
func (p *parser) conditional() ast.Expr {
	x := p.binary(p.unary(), 1)
	if p.kind != scan.Question {
		return x
	}
	p.enter()
	defer p.leave()
	h := p.height
	n := &ast.CondExpr{Cond: x, Question: p.pos()}
	p.advance()
	if p.kind != scan.Colon {
		noGT := p.noGT
		p.noGT = false
		n.Then = p.expr()
		p.noGT = noGT
		h = max(h, p.height)
	}
	if p.kind != scan.Colon {
		p.errorf(p.pos(), "expected ':'").Notef(n.Question, "to match this '?'")
		panic(syntaxError{})
	}
	n.Colon = p.pos()
	p.advance()
	if p.kind == scan.LBrace {
		n.Else = p.initList()
	} else {
		n.Else = p.assignment()
	}
	p.taller(h, p.height)
	n.Span = p.span(x.Pos())
	return n
}

// precedence returns how tightly a binary operator binds; 0 for what is none.
func (p *parser) precedence(k scan.Kind) int {
	switch k {
	case scan.PipePipe:
		return 1
	case scan.AmpAmp:
		return 2
	case scan.Pipe:
		return 3
	case scan.Caret:
		return 4
	case scan.Amp:
		return 5
	case scan.EqEq, scan.NotEq:
		return 6
	case scan.Less, scan.LessEq:
		return 7
	case scan.Greater, scan.GreaterEq:
		if p.noGT && (k == scan.Greater || p.gt > 0) {
			return 0
		}
		return 7
	case scan.Spaceship:
		return 8
	case scan.Shr:
		if p.noGT {
			return 0
		}
		return 9
	case scan.Shl:
		return 9
	case scan.Plus, scan.Minus:
		return 10
	case scan.Star, scan.Slash, scan.Percent:
		return 11
	case scan.PeriodStar, scan.ArrowStar:
		return 12
	}
	return 0
}

// binary reads the operators that bind at least as tightly as least, and
// their operands after x.
func (p *parser) binary(x ast.Expr, least int) ast.Expr {
	for {
		if p.kind == scan.Pragma {
			p.skipPragmas()
		}
		prec := p.precedence(p.kind)
		if prec == 0 || prec < least {
			return x
		}
		if p.at(1) == scan.Ellipsis {
			return x // a fold
		}
		if p.kind == scan.AmpAmp && p.at(1) == scan.RParen {
			return x // for the error
		}
		h := p.height
		n := &ast.BinaryExpr{Op: p.kind, OpPos: p.pos(), X: x}
		p.advance()
		y := p.unary()
		for {
			next := p.precedence(p.kind)
			if next <= prec || p.at(1) == scan.Ellipsis {
				break
			}
			y = p.binary(y, next)
		}
		n.Y = y
		p.taller(h, p.height)
		n.Span = p.span(x.Pos())
		x = n
	}
}

// unary reads a prefix expression or cast.
func (p *parser) unary() ast.Expr {
	start := p.pos()
	switch p.kind {
	case scan.Plus, scan.Minus, scan.Not, scan.Tilde, scan.Star, scan.Amp, scan.PlusPlus, scan.MinusMinus:
		p.enter()
		n := &ast.UnaryExpr{Op: p.kind}
		p.advance()
		n.X = p.unary()
		p.leave()
		n.Span = p.span(start)
		return n
	case scan.KwExtension:
		p.advance()
		return p.unary()
	case scan.KwSizeof, scan.KwAlignof:
		return p.sizeof()
	case scan.KwNoexcept:
		p.advance()
		open := p.openAfter("noexcept")
		n := &ast.NoexceptExpr{X: p.expr()}
		p.close(scan.RParen, open)
		n.Span = p.span(start)
		return n
	case scan.LParen:
		if p.isCast() {
			return p.cast()
		}
	}
	return p.postfix(p.primary())
}

// isCast reports whether a parenthesis holds the type of a C-style cast.
func (p *parser) isCast() bool {
	c := p.here().next()
	end, ok := p.scanTypeID(c, true)
	return ok && p.kindAt(end) == scan.RParen && end.gt == 0
}

// cast reads (T)x, or (T){…}.
func (p *parser) cast() ast.Expr {
	p.enter()
	defer p.leave()
	start := p.pos()
	noGT := p.noGT
	p.noGT = false
	open := p.open()
	t := p.typeID()
	p.close(scan.RParen, open)
	p.noGT = noGT
	if p.kind == scan.LBrace {
		n := &ast.ConstructExpr{Type: t, Lparen: p.pos(), Brace: true}
		n.Args = p.initList().Elems
		n.Span = p.span(start)
		return p.postfix(n)
	}
	n := &ast.CastExpr{Kind: ast.CastC, Type: t, X: p.unary()}
	n.Span = p.span(start)
	return n
}

// sizeof reads sizeof or alignof and its operand.
func (p *parser) sizeof() ast.Expr {
	p.enter()
	defer p.leave()
	n := &ast.SizeofExpr{}
	start := p.pos()
	if p.kind == scan.KwAlignof {
		n.Kind = ast.Alignof
	}
	what := p.tok().Text
	p.advance()
	if n.Kind == ast.Sizeof && p.kind == scan.Ellipsis {
		n.Kind = ast.SizeofPack
		p.advance()
		open := p.openAfter("sizeof...")
		n.X, _ = p.name()
		p.close(scan.RParen, open)
		n.Span = p.span(start)
		return n
	}
	if p.kind == scan.LParen && p.isCast() {
		noGT := p.noGT
		p.noGT = false
		open := p.open()
		n.Type = p.typeID()
		p.close(scan.RParen, open)
		p.noGT = noGT
		if p.kind == scan.LBrace { // sizeof (T){…}
			c := &ast.ConstructExpr{Type: n.Type, Lparen: p.pos(), Brace: true}
			c.Args = p.initList().Elems
			c.Span = p.span(open)
			n.Type, n.X = nil, p.postfix(c)
		}
	} else {
		if n.Kind == ast.Alignof && p.kind != scan.LParen {
			p.fail(p.pos(), "expected '(' after '%s'", what)
		}
		n.X = p.unary()
	}
	n.Span = p.span(start)
	return n
}

// postfix reads calls, subscripts, members and the like after x.
func (p *parser) postfix(x ast.Expr) ast.Expr {
	for {
		h := p.height
		start := x.Pos()
		switch p.kind {
		case scan.LParen:
			n := &ast.CallExpr{Fun: x}
			noGT := p.noGT
			p.noGT = false
			n.Lparen = p.open()
			n.Args = p.exprList(scan.RParen)
			p.close(scan.RParen, n.Lparen)
			p.noGT = noGT
			n.Span = p.span(start)
			x = n
		case scan.LBrack:
			n := &ast.IndexExpr{X: x}
			noGT := p.noGT
			p.noGT = false
			n.Lbrack = p.open()
			if p.kind == scan.LBrace {
				n.Index = p.initList()
			} else {
				n.Index = p.expr()
			}
			p.close(scan.RBrack, n.Lbrack)
			p.noGT = noGT
			n.Span = p.span(start)
			x = n
		case scan.Period, scan.Arrow:
			n := &ast.MemberExpr{X: x, Arrow: p.kind == scan.Arrow, OpPos: p.pos()}
			p.advance()
			n.Name = p.memberName()
			p.height = 1
			n.Span = p.span(start)
			x = n
		case scan.PlusPlus, scan.MinusMinus:
			n := &ast.PostfixExpr{Op: p.kind, OpPos: p.pos(), X: x}
			p.advance()
			p.height = 1
			n.Span = p.span(start)
			x = n
		default:
			return x
		}
		p.taller(h, p.height)
	}
}

// memberName reads the name after . or ->.
func (p *parser) memberName() *ast.Name {
	switch p.kind {
	case scan.Ident:
		if p.at(1) != scan.Less && p.at(1) != scan.ColonColon {
			t := p.tok()
			p.advance()
			n := &ast.Name{Span: source.Span{Start: t.Pos, Stop: p.prevEnd}}
			n.Parts = []ast.NamePart{{Span: n.Span, Ident: t.Text}}
			return n
		}
		if p.at(1) == scan.Less {
			return p.memberTemplate(source.NoPos)
		}
	case scan.KwTemplate:
		at := p.pos()
		p.advance()
		if p.kind == scan.Ident && p.at(1) == scan.Less {
			return p.memberTemplate(at)
		}
		if p.kind != scan.KwOperator && p.kind != scan.Ident {
			p.fail(p.pos(), "expected unqualified-id")
		}
	case scan.KwOperator, scan.Tilde:
	default:
		p.fail(p.pos(), "expected unqualified-id")
	}
	n, _ := p.name()
	return n
}

// memberTemplate reads a member's name and the template arguments after it,
// if it has any. at is the position of the keyword template, if it is there.
func (p *parser) memberTemplate(at source.Pos) *ast.Name {
	t := p.tok()
	p.advance()
	part := ast.NamePart{Ident: t.Text, Template: at}
	part.Start = t.Pos
	if at.IsValid() || p.members[t.Text] && p.looksLikeArgs(p.i) ||
		p.lookup(t.Text).kind == symUnknown && p.looksLikeArgs(p.i) && p.isTypeArg(p.here().next()) {
		part.Args = p.templateArgs()
	}
	part.Span = p.span(part.Start)
	return &ast.Name{Span: part.Span, Parts: []ast.NamePart{part}}
}

// exprList reads expressions up to the closing bracket.
func (p *parser) exprList(closing scan.Kind) []ast.Expr {
	var list []ast.Expr
	h := 0
	for p.kind != closing {
		list = append(list, p.packed(p.initClause()))
		h = max(h, p.height)
		if !p.got(scan.Comma) {
			break
		}
		if p.kind == closing {
			p.fail(p.pos(), "expected expression")
		}
	}
	p.height = h
	return list
}

// packed reads ... after x.
func (p *parser) packed(x ast.Expr) ast.Expr {
	if p.got(scan.Ellipsis) {
		return &ast.PackExpr{Span: p.span(x.Pos()), X: x}
	}
	return x
}

// initClause reads an initialiser: an expression or a list in braces.
func (p *parser) initClause() ast.Expr {
	if p.kind == scan.LBrace {
		return p.initList()
	}
	return p.assignment()
}

// initList reads {…}.
func (p *parser) initList() *ast.InitList {
	n := &ast.InitList{}
	start := p.pos()
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	open := p.open()
	h := 0
	for {
		if p.kind == scan.Pragma {
			p.skipPragmas()
		}
		if p.kind == scan.RBrace {
			break
		}
		n.Elems = append(n.Elems, p.packed(p.initElem()))
		h = max(h, p.height)
		if !p.got(scan.Comma) {
			break
		}
	}
	p.close(scan.RBrace, open)
	n.Span = p.span(start)
	p.height = h + 1
	return n
}

// initElem reads an element of an initialiser list.
func (p *parser) initElem() ast.Expr {
	start := p.pos()
	switch {
	case p.kind == scan.Period:
		n := &ast.DesignatedInit{}
		p.advance()
		n.Field = p.identifier()
		switch p.kind {
		case scan.LBrace:
			n.Value = p.initList()
		case scan.Assign:
			p.advance()
			n.Value = p.initClause()
		default:
			p.fail(p.pos(), "expected '=' or another designator")
		}
		n.Span = p.span(start)
		return n
	case p.kind == scan.LBrack && p.match[p.i] > 0 && p.toks[p.match[p.i]+1].Kind == scan.Assign:
		n := &ast.DesignatedInit{}
		open := p.open()
		n.Index = p.conditional()
		if p.got(scan.Ellipsis) {
			n.High = p.conditional()
		}
		p.close(scan.RBrack, open)
		p.expect(scan.Assign)
		n.Value = p.initClause()
		n.Span = p.span(start)
		return n
	}
	return p.initClause()
}
