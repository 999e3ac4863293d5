package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// block reads { … } in a scope of its own.
func (p *parser) block() *ast.CompoundStmt {
	n := &ast.CompoundStmt{}
	n.Start = p.pos()
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	open := p.open()
	p.push()
	for p.kind != scan.RBrace && p.kind != scan.EOF {
		n.List = p.stmtOrSync(n.List)
	}
	p.pop()
	p.close(scan.RBrace, open)
	n.Span = p.span(n.Start)
	return n
}

// stmtOrSync reads a statement and appends it to list. After an error it
// skips to where the next one may begin.
func (p *parser) stmtOrSync(list []ast.Stmt) []ast.Stmt {
	start, i := p.pos(), p.i
	var s ast.Stmt
	if p.guard(func() { p.stmt(&s) }) {
		return append(list, s)
	}
	if s != nil { // what could be read of it
		list = append(list, s)
	}
	if p.i == i {
		p.skipOne()
	}
	if end := int(p.match[min(i+1, len(p.match)-1)]); p.toks[i].Kind == scan.KwFor && end > p.i {
		p.seek(end) // the semicolons up to there end no statement
	}
	if p.i == i || !p.atLineStart() {
		p.sync(i)
	}
	return append(list, &ast.BadStmt{Span: p.span(start)})
}

// stmt reads a statement into out. A declaration is put there before it is
// complete, so that an error loses nothing.
func (p *parser) stmt(out *ast.Stmt) {
	p.enter()
	defer p.leave()
	start := p.pos()
	switch p.kind {
	case scan.LBrace:
		*out = p.block()
		return
	case scan.Semi:
		p.advance()
		*out = &ast.EmptyStmt{Span: p.span(start)}
		return
	case scan.Pragma:
		text := p.tok().Text
		p.advance()
		*out = &ast.PragmaStmt{Span: p.span(start), Text: text}
		return
	case scan.KwIf:
		*out = p.ifStmt()
		return
	case scan.KwSwitch:
		*out = p.switchStmt()
		return
	case scan.KwCase, scan.KwDefault:
		*out = p.caseStmt()
		return
	case scan.KwWhile:
		*out = p.whileStmt()
		return
	case scan.KwDo:
		*out = p.doStmt()
		return
	case scan.KwFor:
		*out = p.forStmt()
		return
	case scan.KwBreak:
		p.advance()
		p.semi("after break statement")
		*out = &ast.BreakStmt{Span: p.span(start)}
		return
	case scan.KwContinue:
		p.advance()
		p.semi("after continue statement")
		*out = &ast.ContinueStmt{Span: p.span(start)}
		return
	case scan.KwReturn:
		p.advance()
		n := &ast.ReturnStmt{}
		switch p.kind {
		case scan.Semi:
		case scan.LBrace:
			n.X = p.initList()
		default:
			n.X = p.expr()
		}
		p.semi("after return statement")
		n.Span = p.span(start)
		*out = n
		return
	case scan.KwGoto:
		p.advance()
		n := &ast.GotoStmt{Name: p.identifier()}
		p.semi("after goto statement")
		n.Span = p.span(start)
		*out = n
		return
	case scan.KwElse:
		p.fail(start, "expected expression")
	case scan.KwTry:
		p.errorf(start, "cannot use 'try' with exceptions disabled")
		p.advance()
		*out = p.block()
		for p.kind == scan.KwCatch {
			p.advance()
			if m := int(p.match[p.i]); m > p.i {
				p.seek(m)
				p.advance()
			}
			p.block()
		}
		return
	case scan.KwAsm:
		p.fail(start, "inline assembly is not supported in Metal")
	case scan.KwTemplate:
		p.fail(start, "templates can only be declared in namespace or class scope")
	case scan.KwNamespace:
		if p.at(2) != scan.Assign {
			p.fail(p.toks[min(p.i+2, len(p.toks)-1)].Pos, "namespaces can only be defined in global or namespace scope")
		}
		p.declStmt(out)
		return
	case scan.KwStaticAssert, scan.KwUsing:
		p.declStmt(out)
		return
	case scan.Ident:
		if p.at(1) == scan.Colon {
			n := &ast.LabelStmt{Name: p.identifier()}
			p.advance()
			n.Span = p.span(start)
			*out = n
			return
		}
	case scan.LBrack:
		if p.atAttribute() {
			p.attrStmt(out)
			return
		}
	case scan.KwAttribute:
		if m := p.match[min(p.i+1, len(p.match)-1)]; m > 0 && p.toks[m+1].Kind == scan.Semi {
			p.attrStmt(out)
			return
		}
	}
	if p.isDecl() {
		p.declStmt(out)
		return
	}
	n := &ast.ExprStmt{X: p.expr()}
	*out = n
	p.castOfUnknown()
	p.semi("after expression")
	n.Span = p.span(start)
}

// castOfUnknown reports (name)x where there is no such type: an operand that
// stands behind a name in parentheses.
func (p *parser) castOfUnknown() {
	if p.i < 3 || p.toks[p.i-1].Kind != scan.RParen || p.toks[p.i-2].Kind != scan.Ident || p.toks[p.i-3].Kind != scan.LParen || p.tok().Is(scan.StartOfLine) {
		return
	}
	switch p.kind {
	case scan.Ident, scan.Int, scan.Float:
		if name := p.toks[p.i-2]; p.lookup(name.Text).kind == symUnknown {
			p.fail(name.Pos, "use of undeclared identifier '%s'", name.Text)
		}
	}
}

// declStmt reads a declaration as a statement.
func (p *parser) declStmt(out *ast.Stmt) {
	n := &ast.DeclStmt{}
	n.Start = p.pos()
	*out = n
	defer func() { n.Span = p.span(n.Start) }()
	p.decl(&n.Decls, atBlock)
}

// attrStmt reads a statement that begins with attributes.
func (p *parser) attrStmt(out *ast.Stmt) {
	start := p.pos()
	i := p.i
	attrs := p.attributes(nil)
	if p.isDecl() { // the attributes are those of the declaration
		p.seek(i)
		p.declStmt(out)
		return
	}
	n := &ast.AttrStmt{Attrs: attrs}
	n.Start = start
	*out = n
	n.Stmt = &ast.BadStmt{Span: source.Span{Start: p.pos(), Stop: p.pos()}}
	p.stmt(&n.Stmt)
	n.Span = p.span(n.Start)
}

// sub reads the statement that a control statement governs, in a scope of
// its own.
func (p *parser) sub() ast.Stmt {
	if p.kind == scan.LBrace {
		p.enter()
		defer p.leave()
		return p.block()
	}
	p.push()
	defer p.pop()
	start := p.pos()
	var list []ast.Stmt
	for {
		var s ast.Stmt
		p.stmt(&s)
		list = append(list, s)
		switch s.(type) {
		case *ast.PragmaStmt, *ast.CaseStmt, *ast.LabelStmt:
			// What it applies to is part of the same statement.
			if p.kind != scan.RBrace && p.kind != scan.EOF {
				continue
			}
		}
		break
	}
	if len(list) == 1 {
		return list[0]
	}
	return &ast.CompoundStmt{Span: p.span(start), List: list, Implicit: true}
}

// condition reads what stands in the parentheses of if, switch and while: an
// expression, or the declaration of a variable.
func (p *parser) condition() ast.Node {
	if !p.isDecl() {
		return p.expr()
	}
	n := &ast.DeclStmt{}
	start := p.pos()
	var d declSpecs
	p.declSpecifiers(&d)
	if p.declare(&n.Decls, &d, p.baseType(&d, atBlock), atBlock, false, true) {
		p.fail(p.pos(), "a function type is not allowed here")
	}
	n.Span = p.span(start)
	if v, ok := n.Decls[0].(*ast.VarDecl); ok && v.InitStyle == ast.NoInit {
		p.errorf(p.pos(), "variable declaration in condition must have an initializer")
	}
	return n
}

// header reads ( init; condition ) after if or switch.
func (p *parser) header(what string) (init ast.Stmt, cond ast.Node) {
	if p.kind != scan.LParen {
		p.fail(p.pos(), "expected '(' after '%s'", what)
	}
	closed := p.match[p.i] > 0
	open := p.open()
	if p.kind == scan.RParen {
		p.fail(p.pos(), "expected expression")
	}
	if closed && p.hasInit() {
		p.stmt(&init)
	}
	cond = p.condition()
	p.close(scan.RParen, open)
	return init, cond
}

// hasInit reports whether a semicolon stands at the top level of the
// parentheses that have just been opened.
func (p *parser) hasInit() bool {
	for i := p.i; i < len(p.toks); i++ {
		switch p.toks[i].Kind {
		case scan.Semi:
			return true
		case scan.LParen, scan.LBrack, scan.LBrace:
			m := int(p.match[i])
			if m == 0 {
				return false
			}
			i = m
		case scan.RParen, scan.RBrack, scan.RBrace, scan.EOF:
			return false
		}
	}
	return false
}

func (p *parser) ifStmt() ast.Stmt {
	n := &ast.IfStmt{}
	n.Start = p.pos()
	p.push()
	defer p.pop()
	p.advance()
	n.Constexpr = p.got(scan.KwConstexpr)
	n.Init, n.Cond = p.header("if")
	n.Then = p.sub()
	if p.got(scan.KwElse) {
		n.Else = p.sub()
	}
	n.Span = p.span(n.Start)
	return n
}

func (p *parser) switchStmt() ast.Stmt {
	n := &ast.SwitchStmt{}
	n.Start = p.pos()
	p.push()
	defer p.pop()
	p.advance()
	n.Init, n.Cond = p.header("switch")
	n.Body = p.sub()
	n.Span = p.span(n.Start)
	return n
}

func (p *parser) caseStmt() ast.Stmt {
	n := &ast.CaseStmt{}
	n.Start = p.pos()
	what := p.kind
	p.advance()
	if what == scan.KwCase {
		n.Value = p.conditional()
		if p.got(scan.Ellipsis) {
			n.High = p.conditional()
		}
	}
	if p.kind != scan.Colon {
		p.fail(p.prevEnd, "expected ':' after '%s'", what)
	}
	p.advance()
	n.Span = p.span(n.Start)
	return n
}

func (p *parser) whileStmt() ast.Stmt {
	n := &ast.WhileStmt{}
	n.Start = p.pos()
	p.push()
	defer p.pop()
	p.advance()
	open := p.openAfter("while")
	if p.kind == scan.RParen {
		p.fail(p.pos(), "expected expression")
	}
	n.Cond = p.condition()
	p.close(scan.RParen, open)
	n.Body = p.sub()
	n.Span = p.span(n.Start)
	return n
}

func (p *parser) doStmt() ast.Stmt {
	n := &ast.DoStmt{}
	n.Start = p.pos()
	p.advance()
	n.Body = p.sub()
	if p.kind != scan.KwWhile {
		p.errorf(p.pos(), "expected 'while' in do/while loop").Notef(n.Start, "to match this 'do'")
		panic(syntaxError{})
	}
	p.advance()
	open := p.openAfter("do/while")
	n.Cond = p.expr()
	p.close(scan.RParen, open)
	p.semi("after do/while statement")
	n.Span = p.span(n.Start)
	return n
}

func (p *parser) forStmt() ast.Stmt {
	start := p.pos()
	p.push()
	defer p.pop()
	p.advance()
	open := p.openAfter("for")
	if r := p.rangeFor(start, open); r != nil {
		return r
	}
	n := &ast.ForStmt{}
	if p.kind == scan.Semi {
		p.advance()
	} else {
		n.Init = p.forInit()
	}
	if p.kind != scan.Semi {
		if p.kind == scan.RParen {
			p.fail(p.pos(), "expected ';' in 'for' statement specifier")
		}
		n.Cond = p.condition()
	}
	p.forSemi()
	if p.kind != scan.RParen {
		n.Post = p.expr()
	}
	if p.kind == scan.Semi && p.at(1) == scan.RParen {
		p.errorf(p.pos(), "unexpected ';' before ')'")
		p.advance()
	}
	p.close(scan.RParen, open)
	n.Body = p.sub()
	n.Span = p.span(start)
	return n
}

func (p *parser) forSemi() {
	if p.kind != scan.Semi {
		p.fail(p.pos(), "expected ';' in 'for' statement specifier")
	}
	p.advance()
}

// forInit reads the first part of a for statement and its semicolon.
func (p *parser) forInit() ast.Stmt {
	start := p.pos()
	if !p.isDecl() {
		n := &ast.ExprStmt{X: p.expr()}
		p.forSemi()
		n.Span = p.span(start)
		return n
	}
	n := &ast.DeclStmt{}
	var d declSpecs
	p.declSpecifiers(&d)
	base := p.baseType(&d, atBlock)
	if d.def != nil {
		d.typ.(*ast.TagType).Listed = true
		n.Decls = append(n.Decls, d.def)
	}
	for first := true; ; first = false {
		if p.declare(&n.Decls, &d, base, atBlock, false, first) {
			p.fail(p.pos(), "a function type is not allowed here")
		}
		if !p.got(scan.Comma) {
			break
		}
	}
	p.forSemi()
	n.Span = p.span(start)
	return n
}

// rangeFor reads a range-based for statement, or returns nil if it is another
// one; its parenthesis has been opened.
func (p *parser) rangeFor(start, open source.Pos) ast.Stmt {
	i := p.i
	semis := 0
	for ; ; i++ {
		switch p.toks[i].Kind {
		case scan.LParen, scan.LBrack, scan.LBrace:
			m := int(p.match[i])
			if m == 0 {
				return nil
			}
			i = m
			continue
		case scan.Semi:
			if semis++; semis > 1 {
				return nil
			}
			continue
		case scan.Question, scan.RParen, scan.RBrack, scan.RBrace, scan.EOF:
			return nil
		case scan.Colon:
		default:
			continue
		}
		break
	}
	n := &ast.RangeForStmt{}
	if semis == 1 {
		n.Init = p.forInit()
	}
	var d declSpecs
	var decls []ast.Decl
	p.declSpecifiers(&d)
	p.declare(&decls, &d, p.baseType(&d, atBlock), atBlock, false, true)
	n.Decl = decls[len(decls)-1]
	if p.kind != scan.Colon {
		p.fail(p.pos(), "expected ':'")
	}
	p.advance()
	if p.kind == scan.LBrace {
		n.X = p.initList()
	} else {
		n.X = p.expr()
	}
	p.close(scan.RParen, open)
	n.Body = p.sub()
	n.Span = p.span(start)
	return n
}
