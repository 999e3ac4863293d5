package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// pack is a parameter pack, bound: what its name stands for in each element of
// an expansion.
type pack struct {
	name  string
	pos   source.Pos
	elems []object
}

func (p *pack) where() source.Pos { return p.pos }

// boundExpr is one element of an expanded pattern: the expression in a scope
// where the names of the packs stand for one element of them.
type boundExpr struct {
	*ast.PackExpr
	scope *scope
}

// boundType is one element of an expanded pattern in a list of template
// arguments.
type boundType struct {
	*ast.PackType
	scope *scope
}

// packsIn returns the packs that a pattern names, those of expansions inside
// of it left out.
func (c *checker) packsIn(pattern ast.Node) []*pack {
	var list []*pack
	ast.Inspect(pattern, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.PackExpr, *ast.PackType, *ast.FoldExpr:
			return false
		case *ast.SizeofExpr:
			return n.Kind != ast.SizeofPack
		case *ast.Name:
			if n.Global || len(n.Parts) == 0 {
				return true
			}
			if p := c.packNamed(n.Parts[0].Ident); p != nil {
				for _, have := range list {
					if have == p {
						return true
					}
				}
				list = append(list, p)
			}
		}
		return true
	})
	return list
}

// packNamed returns the pack that a name stands for here, or nil. Packs are
// never members of namespaces or classes.
func (c *checker) packNamed(name string) *pack {
	for s := c.scope; s != nil; s = s.parent {
		if s.rec != nil || s.ns != nil {
			continue
		}
		if o := s.names[name]; o != nil {
			p, _ := o.(*pack)
			return p
		}
	}
	return nil
}

// expansion returns a scope for each element of pattern..., or reports why it
// cannot be expanded.
func (c *checker) expansion(pattern ast.Node, pos source.Pos) ([]*scope, bool) {
	packs := c.packsIn(pattern)
	if len(packs) == 0 {
		c.errorf(pos, "pack expansion does not contain any unexpanded parameter packs")
		return nil, false
	}
	n := len(packs[0].elems)
	for _, p := range packs[1:] {
		if len(p.elems) != n {
			c.errorf(pos, "pack expansion contains parameter packs '%s' and '%s' that have different lengths (%d vs. %d)",
				packs[0].name, p.name, n, len(p.elems))
			return nil, false
		}
	}
	if !c.roomFor(n, pos) {
		return nil, false
	}
	scopes := make([]*scope, n)
	for i := range scopes {
		s := &scope{parent: c.scope, tmpl: true}
		for _, p := range packs {
			s.set(p.name, p.elems[i])
		}
		scopes[i] = s
	}
	return scopes, true
}

// expandExprs replaces the expansions in a list by their elements.
func (c *checker) expandExprs(list []ast.Expr) []ast.Expr {
	for i, e := range list {
		if _, ok := e.(*ast.PackExpr); !ok {
			continue
		}
		out := append([]ast.Expr(nil), list[:i]...)
		for _, e := range list[i:] {
			p, ok := e.(*ast.PackExpr)
			if !ok {
				out = append(out, e)
				continue
			}
			scopes, ok := c.expansion(p.X, p.Start)
			if !ok {
				return append(out, &ast.BadExpr{Span: p.Span})
			}
			for _, s := range scopes {
				out = append(out, &boundExpr{p, s})
			}
		}
		return out
	}
	return list
}

// boundInit is a member initialiser in the scope of its element of an
// expansion.
type boundInit struct {
	*ast.CtorInit
	scope *scope
}

// expandInits returns the member initialisers of a constructor, with those of
// expansions one for each element.
func (c *checker) expandInits(list []*ast.CtorInit) []boundInit {
	var out []boundInit
	for _, in := range list {
		if !in.Pack {
			out = append(out, boundInit{in, c.scope})
			continue
		}
		scopes, _ := c.expansion(in.Name, in.Start)
		for _, s := range scopes {
			out = append(out, boundInit{in, s})
		}
	}
	return out
}

// expandArgs replaces the expansions in a list of template arguments by their
// elements; ok is false if one could not be expanded.
func (c *checker) expandArgs(list []ast.TemplateArg) (out []ast.TemplateArg, ok bool) {
	for i, a := range list {
		switch a.(type) {
		case *ast.PackType, *ast.PackExpr:
		default:
			continue
		}
		out = append(out, list[:i]...)
		for _, a := range list[i:] {
			switch a := a.(type) {
			case *ast.PackType:
				scopes, ok := c.expansion(a.Elem, a.Start)
				if !ok {
					return nil, false
				}
				for _, s := range scopes {
					out = append(out, &boundType{a, s})
				}
			case *ast.PackExpr:
				scopes, ok := c.expansion(a.X, a.Start)
				if !ok {
					return nil, false
				}
				for _, s := range scopes {
					out = append(out, &boundExpr{a, s})
				}
			default:
				out = append(out, a)
			}
		}
		return out, true
	}
	return list, true
}

// boundArg returns what a template argument is and the scope to look its names
// up in.
func (c *checker) boundArg(a ast.TemplateArg) (ast.TemplateArg, *scope) {
	switch a := a.(type) {
	case *boundType:
		return a.Elem, a.scope
	case *boundExpr:
		return a.X, a.scope
	}
	return a, c.scope
}

// unexpanded reports the use of a pack outside of an expansion.
func (c *checker) unexpanded(p *pack, what string, pos source.Pos) {
	c.errorf(pos, "%s contains unexpanded parameter pack '%s'", what, p.name)
}

// sizeofPack is sizeof...(name).
func (c *checker) sizeofPack(e *ast.SizeofExpr) operand {
	n, ok := e.X.(*ast.Name)
	if !ok || !n.IsSimple() {
		c.errorf(e.Start, "'sizeof...' requires the name of a parameter pack")
		return badAt(e.Span)
	}
	p := c.packNamed(n.Simple())
	if p == nil {
		c.errorf(n.Start, "'%s' does not refer to the name of a parameter pack", n.Simple())
		return badAt(e.Span)
	}
	return value(konst(ulongT, uint64(len(p.elems)), e.Start), e.Span)
}

// foldExpr is (pack op ...) and its other forms ([expr.prim.fold]).
func (c *checker) foldExpr(e *ast.FoldExpr) operand {
	pattern, init := e.X, e.Y
	left := false // the expansion goes from the left: (... op pack), (init op ... op pack)
	switch {
	case e.X == nil:
		pattern, init, left = e.Y, nil, true
	case e.Y != nil && len(c.packsIn(e.X)) == 0:
		pattern, init, left = e.Y, e.X, true
	}
	scopes, ok := c.expansion(pattern, e.Start)
	if !ok {
		return badAt(e.Span)
	}
	elems := make([]ast.Expr, 0, len(scopes)+1)
	for _, s := range scopes {
		elems = append(elems, &boundExpr{&ast.PackExpr{Span: span(pattern), X: pattern}, s})
	}
	if init != nil {
		if left {
			elems = append([]ast.Expr{init}, elems...)
		} else {
			elems = append(elems, init)
		}
	}
	if len(elems) == 0 {
		switch e.Op {
		case scan.AmpAmp:
			return value(konst(boolT, 1, e.Start), e.Span)
		case scan.PipePipe:
			return value(konst(boolT, 0, e.Start), e.Span)
		case scan.Comma:
			return value(&sem.Zero{Typed: typed(void, e.Start)}, e.Span)
		}
		c.errorf(e.Start, "unary fold expression has empty expansion for operator '%s' with no fallback value", e.Op)
		return badAt(e.Span)
	}
	join := func(x, y ast.Expr) ast.Expr {
		if e.Op.IsAssign() {
			return &ast.AssignExpr{Span: e.Span, Op: e.Op, OpPos: e.OpPos, X: x, Y: y}
		}
		return &ast.BinaryExpr{Span: e.Span, Op: e.Op, OpPos: e.OpPos, X: x, Y: y}
	}
	var all ast.Expr
	if left {
		all = elems[0]
		for _, x := range elems[1:] {
			all = join(all, x)
		}
	} else {
		all = elems[len(elems)-1]
		for i := len(elems) - 2; i >= 0; i-- {
			all = join(elems[i], all)
		}
	}
	x := c.expr(all)
	x.span = e.Span
	return x
}

// flat returns template arguments with the elements of packs in a row.
func flat(args []targ) []targ {
	for i := range args {
		if args[i].isPack {
			return append(append([]targ(nil), args[:i]...), args[i].pack...)
		}
	}
	return args
}

// object makes what a template parameter called name stands for.
func (c *checker) argObject(a targ, name string, pos source.Pos) object {
	switch {
	case a.isPack:
		p := &pack{name: name, pos: pos}
		for _, e := range a.pack {
			p.elems = append(p.elems, c.argObject(e, name, pos))
		}
		return p
	case a.isType():
		tn := &typeName{q: a.q, pos: pos}
		if st := structOf(a.q.t); st != nil {
			tn.rec = recordOf(st)
		}
		tn.enum = c.enumTypeOf(a.q.t)
		return tn
	case a.c != nil:
		return &boundValue{c: a.c, pos: pos}
	case a.fn != nil:
		return &boundValue{fn: a.fn, pos: pos}
	case a.tmpl != nil:
		return a.tmpl
	}
	return nil
}

// packAt returns the index of a template's parameter pack, or -1.
func packAt(params []ast.Decl) int {
	for i, p := range params {
		if _, is := paramName(p); is {
			return i
		}
	}
	return -1
}

// packParams makes the parameters of a function that a pack of parameters
// stands for.
func (c *checker) packParams(p *ast.ParamDecl) []param {
	scopes, ok := c.expansion(p.Type, p.Start)
	if !ok {
		return []param{{name: p.Name, pos: paramPos(p), q: qtype{t: invalid}, scope: c.scope, decl: p, pack: true}}
	}
	var list []param
	for _, s := range scopes {
		var q qtype
		c.in(s, func() { q = c.paramType(c.typ(p.Type), p) })
		list = append(list, param{name: p.Name, pos: paramPos(p), q: q, scope: s, decl: p, pack: true})
	}
	return list
}
