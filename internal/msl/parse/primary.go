package parse

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// primary reads an expression that no operator is part of.
func (p *parser) primary() ast.Expr {
	p.height = 1
	start := p.pos()
	switch p.kind {
	case scan.Int:
		return p.intLit()
	case scan.Float:
		return p.floatLit()
	case scan.Char:
		return p.charLit()
	case scan.String:
		return p.stringLit()
	case scan.KwTrue, scan.KwFalse:
		n := &ast.BoolLit{Value: p.kind == scan.KwTrue}
		p.advance()
		n.Span = p.span(start)
		return n
	case scan.KwNullptr:
		p.advance()
		return &ast.NullptrLit{Span: p.span(start)}
	case scan.KwThis:
		p.advance()
		return &ast.ThisExpr{Span: p.span(start)}
	case scan.LParen:
		return p.paren()
	case scan.LBrack:
		return p.lambda()
	case scan.KwStaticCast:
		return p.namedCast(ast.CastStatic)
	case scan.KwReinterpretCast:
		return p.namedCast(ast.CastReinterpret)
	case scan.KwConstCast:
		return p.namedCast(ast.CastConst)
	case scan.KwDynamicCast:
		p.fail(start, "use of dynamic_cast requires -frtti")
	case scan.KwTypeid:
		p.fail(start, "use of typeid requires -frtti")
	case scan.KwThrow:
		p.fail(start, "cannot use 'throw' with exceptions disabled")
	case scan.KwNew, scan.KwDelete:
		p.fail(start, "'%s' is not supported in Metal", p.kind)
	case scan.KwTypename:
		return p.construct(p.typeSpecs())
	case scan.KwOperator, scan.KwTemplate:
		n, _ := p.name()
		return n
	case scan.KwDecltype:
		if end, _, _, ok := p.scanName(p.here()); ok && end.i > p.i {
			return p.nameExpr()
		}
		return p.construct(p.decltype())
	case scan.Ident, scan.ColonColon:
		return p.nameExpr()
	case scan.Pragma:
		p.skipPragmas()
		return p.primary()
	case scan.KwAuto:
		p.fail(start, "expected expression")
	}
	if isBasic(p.kind) {
		return p.construct(p.basicSpecs())
	}
	p.fail(start, "expected expression")
	return nil
}

// basicSpecs reads the keywords of a basic type.
func (p *parser) basicSpecs() ast.Type {
	d := &declSpecs{start: p.pos()}
	for isBasic(p.kind) {
		p.typeSpec(d)
	}
	return p.specType(d)
}

// construct reads the arguments of a constructor of type t.
func (p *parser) construct(t ast.Type) ast.Expr {
	n := &ast.ConstructExpr{Type: t, Lparen: p.pos()}
	noGT := p.noGT
	p.noGT = false
	switch p.kind {
	case scan.LParen:
		open := p.open()
		n.Args = p.exprList(scan.RParen)
		p.close(scan.RParen, open)
	case scan.LBrace:
		n.Brace = true
		n.Args = p.initList().Elems
	default:
		p.fail(p.pos(), "expected '(' for function-style cast or type construction")
	}
	p.noGT = noGT
	p.height++
	n.Span = p.span(t.Pos())
	return n
}

// nameExpr reads an expression that begins with a name: the name of a value,
// the construction of a value of a named type, as_type, or a trait.
func (p *parser) nameExpr() ast.Expr {
	if t := p.tok(); t.Kind == scan.Ident && strings.HasPrefix(t.Text, "__is_") && p.at(1) == scan.LParen && p.isTrait() {
		return p.trait()
	}
	if p.kind == scan.Ident && p.at(1) == scan.Less && p.lookup(p.tok().Text).kind == symUnknown && p.isUnknownTemplate() {
		p.fail(p.pos(), "no template named '%s'", p.tok().Text)
	}
	n, sym := p.name()
	if last := n.Last(); last.Ident == "as_type" && last.Args != nil && sym.kind == symValue && isGlobalOrMetal(n) {
		return p.asType(n)
	}
	if sym.isType() {
		switch p.kind {
		case scan.LParen, scan.LBrace:
			return p.construct(&ast.NamedType{Span: n.Span, Name: n})
		}
		if len(n.Parts) > 1 {
			return n // may be a value after all: T::x with members the parser mixed up
		}
		p.fail(p.pos(), "expected '(' for function-style cast or type construction")
	}
	if sym.kind == symUnknown && p.kind == scan.LBrace && n.Last().Args != nil {
		return p.construct(&ast.NamedType{Span: n.Span, Name: n}) // A<T>::B<U>{}
	}
	return n
}

// isTrait reports whether the parentheses after a name like __is_same hold
// types.
func (p *parser) isTrait() bool {
	end, ok := p.scanTypeID(cursor{i: p.i + 2}, false)
	return ok && (p.kindAt(end) == scan.Comma || p.kindAt(end) == scan.RParen)
}

func (p *parser) trait() ast.Expr {
	n := &ast.TraitExpr{Name: p.tok().Text}
	start := p.pos()
	p.advance()
	open := p.open()
	for {
		from := p.pos()
		if end, ok := p.scanTypeID(p.here(), false); ok && (p.kindAt(end) == scan.Comma || p.kindAt(end) == scan.RParen) {
			t := p.typeID()
			if p.got(scan.Ellipsis) {
				t = &ast.PackType{Span: p.span(from), Elem: t}
			}
			n.Args = append(n.Args, t)
		} else {
			n.Args = append(n.Args, p.assignment())
		}
		if !p.got(scan.Comma) {
			break
		}
	}
	p.close(scan.RParen, open)
	n.Span = p.span(start)
	return n
}

// isUnknownTemplate reports whether an unknown name is used as a template: a
// type stands after its <.
func (p *parser) isUnknownTemplate() bool {
	k := p.at(2)
	if k == scan.KwTypename || isQual(k) || isBasic(k) && p.at(3) != scan.LParen {
		return !p.looksLikeArgs(p.i + 1)
	}
	return false
}

func isGlobalOrMetal(n *ast.Name) bool {
	return len(n.Parts) == 1 || len(n.Parts) == 2 && n.Parts[0].Ident == "metal"
}

// asType reads the operand of as_type<T>, which has been read as n.
func (p *parser) asType(n *ast.Name) ast.Expr {
	args := n.Last().Args.Args
	t, ok := ast.Type(nil), false
	if len(args) == 1 {
		if t, ok = args[0].(ast.Type); !ok {
			if name, isName := args[0].(*ast.Name); isName { // a dependent type
				t, ok = &ast.NamedType{Span: name.Span, Name: name}, true
			}
		}
	}
	if !ok {
		p.fail(n.Last().Args.Start, "as_type expects one type")
	}
	if p.kind != scan.LParen {
		p.fail(p.pos(), "expected '(' after 'as_type'")
	}
	return p.castOperand(ast.CastAsType, t, n.Start)
}

// namedCast reads static_cast<T>(x) and its like.
func (p *parser) namedCast(kind ast.CastKind) ast.Expr {
	start := p.pos()
	p.advance()
	if p.kind != scan.Less {
		p.fail(p.pos(), "expected '<' after '%s'", kind)
	}
	noGT := p.noGT
	p.noGT = true
	open := p.open()
	if _, ok := p.scanSpecs(p.here()); !ok {
		p.failUnknownTypeOr("expected a type")
	}
	t := p.typeID()
	p.brackets--
	if !p.gotGT() {
		p.failMatch(open, scan.Less, "expected '>'")
	}
	p.noGT = noGT
	if p.kind != scan.LParen {
		p.fail(p.pos(), "expected '(' after '%s'", kind)
	}
	return p.castOperand(kind, t, start)
}

func (p *parser) castOperand(kind ast.CastKind, t ast.Type, start source.Pos) ast.Expr {
	noGT := p.noGT
	p.noGT = false
	open := p.open()
	if p.kind == scan.RParen {
		p.fail(p.pos(), "expected expression")
	}
	x := p.expr()
	p.close(scan.RParen, open)
	p.noGT = noGT
	return &ast.CastExpr{Span: p.span(start), Kind: kind, Type: t, X: x}
}

// paren reads (x), a fold or a statement expression.
func (p *parser) paren() ast.Expr {
	start := p.pos()
	noGT := p.noGT
	p.noGT = false
	defer func() { p.noGT = noGT }()
	open := p.open()
	switch p.kind {
	case scan.LBrace:
		p.enterBody()
		n := &ast.StmtExpr{Body: p.block()}
		p.lambdas--
		p.close(scan.RParen, open)
		n.Span = p.span(start)
		p.height = 1
		return n
	case scan.Ellipsis: // (... op x)
		n := &ast.FoldExpr{}
		p.advance()
		n.Op, n.OpPos = p.foldOp()
		n.Y = p.unary()
		p.close(scan.RParen, open)
		n.Span = p.span(start)
		return n
	}
	x := p.expr()
	if p.isFold() {
		n := &ast.FoldExpr{X: x}
		n.Op, n.OpPos = p.foldOp()
		p.expect(scan.Ellipsis)
		if p.kind != scan.RParen {
			if op, _ := p.foldOp(); op != n.Op {
				p.fail(p.pos(), "operators in fold expression must be the same")
			}
			n.Y = p.unary()
		}
		p.close(scan.RParen, open)
		n.Span = p.span(start)
		return n
	}
	p.close(scan.RParen, open)
	return &ast.ParenExpr{Span: p.span(start), X: x}
}

// isFold reports whether an operator and ... come next.
func (p *parser) isFold() bool {
	return p.at(1) == scan.Ellipsis && (p.precedence(p.kind) > 0 || p.kind == scan.Comma || p.kind.IsAssign())
}

func (p *parser) foldOp() (scan.Kind, source.Pos) {
	k, pos := p.kind, p.pos()
	if p.precedence(k) == 0 && k != scan.Comma && !k.IsAssign() {
		p.fail(pos, "expected a foldable binary operator in fold expression")
	}
	p.advance()
	return k, pos
}

// litError reports what is wrong with a literal, unless that has been done.
func (p *parser) litError(t *scan.Token, err error) {
	if err == nil || t.Is(scan.Bad) {
		return
	}
	off := source.Pos(err.(*scan.LitError).Offset)
	if off > source.Pos(t.Width) {
		off = 0
	}
	p.errorf(t.Pos+off, "%v", err)
}

func (p *parser) intLit() ast.Expr {
	t := p.tok()
	lit, err := scan.ParseInt(t.Text)
	p.litError(t, err)
	p.advance()
	return &ast.IntLit{
		Span: source.Span{Start: t.Pos, Stop: p.prevEnd}, Value: lit.Value, Base: lit.Base, Unsigned: lit.Unsigned, Long: lit.Long,
	}
}

func (p *parser) floatLit() ast.Expr {
	t := p.tok()
	digits, suffix, err := scan.ParseFloat(t.Text)
	if err != nil {
		p.litError(t, err)
		digits = "0"
	}
	p.advance()
	return &ast.FloatLit{Span: source.Span{Start: t.Pos, Stop: p.prevEnd}, Digits: digits, Suffix: suffix}
}

func (p *parser) charLit() ast.Expr {
	t := p.tok()
	prefix, value, err := scan.ParseChar(t.Text)
	p.litError(t, err)
	p.advance()
	return &ast.CharLit{Span: source.Span{Start: t.Pos, Stop: p.prevEnd}, Value: value, Prefix: prefix}
}

// stringLit reads a string literal, joined from adjacent ones.
func (p *parser) stringLit() *ast.StringLit {
	n := &ast.StringLit{}
	start := p.pos()
	var b strings.Builder
	for p.kind == scan.String {
		t := p.tok()
		prefix, value, err := scan.ParseString(t.Text)
		p.litError(t, err)
		switch {
		case prefix == "" || prefix == n.Prefix:
		case n.Prefix == "":
			n.Prefix = prefix
		default:
			p.errorf(t.Pos, "unsupported non-standard concatenation of string literals")
		}
		if b.Len()+len(value) > maxString {
			p.fatal(t.Pos, "string literal of more than %d bytes", maxString)
		}
		b.WriteString(value)
		p.advance()
	}
	n.Value = b.String()
	n.Span = p.span(start)
	return n
}
