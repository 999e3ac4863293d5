package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// lateBody is the body of a member function, which is read at the end of the
// outermost class: all members are known in it.
type lateBody struct {
	fn    *ast.FuncDecl
	scope *scope
	at    int // index of the : or { it begins with
}

// function reads what follows the declarator of a function.
func (p *parser) function(list *[]ast.Decl, d *declSpecs, dr declarator, f *ast.FuncType, base ast.Type,
	kind declKind, inTemplate, first bool, start source.Pos) (body bool) {
	n := &ast.FuncDecl{Specs: d.specs, Name: dr.name, Type: f}
	n.Start = start
	n.Attrs = append(d.attrs[:len(d.attrs):len(d.attrs)], dr.attrs...)
	n.Attrs = append(n.Attrs, f.Attrs...)
	f.Attrs = nil
	last := dr.name.Last()
	switch last.Kind {
	case ast.NameConversion:
		n.Kind = ast.Conversion
	case ast.NameDtor:
		n.Kind = ast.Destructor
	default:
		if base == nil {
			n.Kind = ast.Constructor
		}
	}
	if base == nil && !f.Trailing {
		f.Result = nil
		f.Start = start
	} else if base == nil {
		n.Kind = ast.DeductGuide
	}
	if dr.name.IsSimple() && n.Kind == ast.Function {
		sym := symbol{kind: symValue}
		if inTemplate {
			sym.kind = symFuncTemplate
			if kind == atMember {
				p.members[last.Ident] = true
			}
		}
		p.outer().declare(last.Ident, sym)
	}
	add := func() {
		var decl ast.Decl = n
		if d.specs.Friend {
			decl = &ast.FriendDecl{Span: n.Span, Decl: n}
		}
		*list = append(*list, decl)
	}
	switch {
	case p.kind == scan.Assign:
		p.advance()
		switch {
		case p.kind == scan.KwDefault:
			n.Default = true
		case p.kind == scan.KwDelete:
			n.Delete = true
		case p.kind == scan.Int && p.tok().Text == "0":
			n.Pure = true
		default:
			p.fail(p.pos(), "initializer on function does not look like a pure-specifier")
		}
		p.advance()
	case p.kind == scan.LBrace || p.kind == scan.Colon && n.Kind == ast.Constructor:
		if kind == atBlock {
			p.errorf(p.pos(), "function definition is not allowed here")
		} else if !first {
			p.errorf(p.pos(), "expected ';' after top level declarator")
		}
		add()
		p.body(n, kind == atMember)
		return true
	case p.kind == scan.Semi || p.kind == scan.Comma:
	case kind == atFile && !isSpec(p.kind) && !isBasic(p.kind) && !p.isDecl() && p.kind != scan.EOF &&
		p.kind != scan.RBrace && p.kind != scan.KwTemplate && p.kind != scan.KwUsing && p.kind != scan.KwNamespace && p.kind != scan.LBrack:
		p.fail(p.pos(), "expected function body after function declarator")
	}
	n.Span = p.span(start)
	add()
	return false
}

// body reads the body of a function, or puts it off to the end of the class
// that is being defined.
func (p *parser) body(n *ast.FuncDecl, member bool) {
	if member && p.inClass > 0 {
		if end := p.bodyEnd(); end > 0 {
			p.late = append(p.late, lateBody{n, p.scope, p.i})
			p.seek(end)
			p.advance()
			n.Span = p.span(n.Start)
			return
		}
	}
	p.bodyNow(n)
}

// bodyEnd returns the index of the brace that closes the function at hand, or
// 0 if that is not clear.
func (p *parser) bodyEnd() int {
	i := p.i
	if p.kind == scan.Colon {
		for {
			for i++; p.toks[i].Kind != scan.LParen && p.toks[i].Kind != scan.LBrace; i++ {
				switch p.toks[i].Kind {
				case scan.EOF, scan.Semi, scan.RBrace:
					return 0
				case scan.Less:
					if end, ok := p.skipArgs(i); ok && end.i > i+1 {
						i = end.i - 1
					}
				}
			}
			m := int(p.match[i])
			if m == 0 {
				return 0
			}
			i = m + 1
			if p.toks[i].Kind == scan.Ellipsis {
				i++
			}
			if p.toks[i].Kind != scan.Comma {
				break
			}
		}
		if p.toks[i].Kind != scan.LBrace {
			return 0
		}
	}
	return int(p.match[i])
}

// bodyNow reads the body of a function.
func (p *parser) bodyNow(n *ast.FuncDecl) {
	p.push()
	defer p.pop()
	p.declareParams(n.Type)
	defer func() { n.Span = p.span(n.Start) }()
	if p.kind == scan.Colon {
		p.advance()
		for {
			n.Inits = append(n.Inits, p.ctorInit())
			if !p.got(scan.Comma) {
				break
			}
		}
		if p.kind != scan.LBrace {
			p.fail(p.pos(), "expected '{' or ','")
		}
	}
	n.Body = p.block()
}

// ctorInit reads the initialiser of one member or base.
func (p *parser) ctorInit() *ast.CtorInit {
	n := &ast.CtorInit{}
	start := p.pos()
	if p.kind != scan.Ident && p.kind != scan.ColonColon && p.kind != scan.KwDecltype {
		p.fail(p.pos(), "expected class member or base class name")
	}
	n.Name, _ = p.name()
	switch p.kind {
	case scan.LParen:
		open := p.open()
		n.Args = p.exprList(scan.RParen)
		p.close(scan.RParen, open)
	case scan.LBrace:
		n.Brace = true
		n.Args = p.initList().Elems
	default:
		p.fail(p.pos(), "expected '('")
	}
	n.Pack = p.got(scan.Ellipsis)
	n.Span = p.span(start)
	return n
}

// lateBodies reads the bodies that were put off.
func (p *parser) lateBodies() {
	late := p.late
	p.late = nil
	if len(late) == 0 {
		return
	}
	resume, sc := p.i, p.scope
	for _, b := range late {
		p.seek(b.at)
		p.scope = b.scope
		p.guard(func() { p.bodyNow(b.fn) })
	}
	p.scope = sc
	p.seek(resume)
}
