package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
)

// rangeFor is for (T x : range). Elements of arrays are counted; of other ranges
// iterators are asked.
func (c *checker) rangeFor(s *ast.RangeForStmt, b *sem.Block) {
	d, _ := s.Decl.(*ast.VarDecl)
	names, _ := s.Decl.(*ast.BindingDecl)
	if d == nil && names == nil {
		return
	}
	c.scoped(b, func(in *sem.Block) {
		c.stmt(s.Init, in)
		x := c.rangeObject(s, in)
		if x.bad() {
			return
		}
		a := arrayOf(x.q.t)
		if a == nil {
			c.iterate(s, x, in)
			return
		}
		i := c.newVar("", qtype{t: intT}, s.Start)
		ref := func() sem.Expr { return &sem.VarRef{Typed: typed(intT, s.Start), Var: i.sem} }
		in.List = append(in.List, &sem.Decl{Var: i.sem, Init: konst(intT, 0, s.Start)})
		loop := &sem.For{
			Cond: &sem.Binary{Typed: typed(boolT, s.Start), Op: sem.Lt, X: ref(), Y: konst(intT, uint64(a.Len), s.Start)},
			Step: &sem.IncDec{Typed: typed(intT, s.Start), X: ref()},
			Pos:  s.Start,
		}
		elem := x
		elem.v = nil
		elem.x = &sem.Index{Typed: typed(a.Elem, x.pos()), X: x.x, I: ref()}
		elem.q.t = a.Elem
		body := &sem.Block{}
		if names != nil {
			c.push()
			if v := c.structured(names, elem, names.Names[0].Start); v != nil {
				body.List = append(body.List, v)
			}
			body.List = append(body.List, c.loopBody(s.Body))
			c.pop()
			loop.Body = body
			in.List = append(in.List, loop)
			return
		}
		c.push()
		q := c.typ(d.Type)
		v := c.newVar(d.Name.Simple(), q, d.Name.Start)
		v.quietUnused = true
		ok := true
		if isAuto(q.t) {
			q, ok = c.deduceAuto(q, &elem, d.Name.Start, d.Name.Simple())
			if ok {
				c.retype(v, q)
			}
		}
		if ok && !q.bad() {
			to := qtype{t: v.sem.Type}
			e := c.initValue(&elem, to, initContext{pos: d.Name.Start, what: "a variable"})
			c.declare(d.Name.Simple(), v, d.Name.Start)
			if e != nil {
				body.List = append(body.List, &sem.Decl{Var: v.sem, Init: e})
			}
		} else {
			c.poison(v)
			c.declare(d.Name.Simple(), v, d.Name.Start)
		}
		inner := c.loopBody(s.Body)
		c.pop()
		body.List = append(body.List, inner)
		loop.Body = body
		in.List = append(in.List, loop)
	})
}

// rangeObject evaluates what a range-based for goes over: an lvalue, of a variable
// of its own if the range is a value or a braced list.
func (c *checker) rangeObject(s *ast.RangeForStmt, in *sem.Block) operand {
	x := c.expr(s.X)
	var init sem.Expr
	switch {
	case x.bad() || x.kind == opLvalue:
		return x
	case x.kind == opInit && len(x.list.Elems) > 0:
		e := c.expr(x.list.Elems[0])
		c.rvalue(&e)
		if e.bad() {
			return e
		}
		x.q = qtype{t: c.tab.ArrayOf(e.q.t, int64(len(x.list.Elems)))}
		init = c.initList(x.list, x.q, initContext{what: "an array element"})
	default:
		c.rvalue(&x)
		init = x.x
	}
	if x.bad() || init == nil {
		return badAt(x.span)
	}
	v := c.newVar("", x.q.unqual(), s.Start)
	in.List = append(in.List, &sem.Decl{Var: v.sem, Init: init})
	return lvalue(&sem.VarRef{Typed: typed(x.q.t, s.Start), Var: v.sem}, v.q, x.span)
}

// Names of the variables of a loop over a range, which no program can spell.
const (
	rangeName = ":range"
	beginName = ":begin"
	endName   = ":end"
)

// iterate is a range-based for over x, an object of a class: what
//
//	for (auto :begin = x.begin(), :end = x.end(); :begin != :end; ++:begin) { T x = *:begin; … }
//
// is, with the functions begin(x) and end(x) if the class has no such members.
func (c *checker) iterate(s *ast.RangeForStmt, x operand, in *sem.Block) {
	sp := x.span
	name := func(n string) *ast.Name {
		return &ast.Name{Span: sp, Parts: []ast.NamePart{{Span: sp, Ident: n}}}
	}
	c.scope.set(rangeName, &binding{x: x, pos: sp.Start})
	member := false
	if st := structOf(x.q.t); st != nil {
		r := recordOf(st)
		member = c.member(r, "begin") != nil && c.member(r, "end") != nil
	}
	list := &ast.DeclStmt{Span: sp}
	for _, f := range [][2]string{{beginName, "begin"}, {endName, "end"}} {
		call := &ast.CallExpr{Span: sp, Fun: name(f[1]), Lparen: sp.Start, Args: []ast.Expr{name(rangeName)}}
		if member {
			call.Fun, call.Args = &ast.MemberExpr{Span: sp, X: name(rangeName), OpPos: sp.Start, Name: name(f[1])}, nil
		} else if !c.associated(f[1], &x) {
			c.errorf(sp.Start, "invalid range expression of type %s; no viable '%s' function available", x.q.unqual().quote(), f[1])
			return
		}
		list.Decls = append(list.Decls, &ast.VarDecl{Span: sp, Type: &ast.AutoType{Span: sp}, Name: name(f[0]), InitStyle: ast.InitEquals, Init: []ast.Expr{call}})
	}
	element := &ast.UnaryExpr{Span: sp, Op: scan.Star, X: name(beginName)}
	var each ast.Decl
	switch d := s.Decl.(type) {
	case *ast.VarDecl:
		v := *d
		v.InitStyle, v.Init = ast.InitEquals, []ast.Expr{element}
		each = &v
	case *ast.BindingDecl:
		v := *d
		v.InitStyle, v.Init = ast.InitEquals, element
		each = &v
	}
	c.forStmt(&ast.ForStmt{
		Span: s.Span,
		Init: list,
		Cond: &ast.BinaryExpr{Span: sp, Op: scan.NotEq, OpPos: sp.Start, X: name(beginName), Y: name(endName)},
		Post: &ast.UnaryExpr{Span: sp, Op: scan.PlusPlus, X: name(beginName)},
		Body: &ast.CompoundStmt{Span: s.Span, List: []ast.Stmt{&ast.DeclStmt{Span: s.Span, Decls: []ast.Decl{each}}, s.Body}},
	}, in)
}

// associated reports whether there is a function called name for x, by
// argument-dependent lookup or not.
func (c *checker) associated(name string, x *operand) bool {
	if _, ok := c.lookup(name).(*overloads); ok {
		return true
	}
	s := structOf(x.q.t)
	if s == nil || recordOf(s).ns == nil {
		return false
	}
	_, ok := c.inNamespace(recordOf(s).ns, name, nil).(*overloads)
	return ok
}
