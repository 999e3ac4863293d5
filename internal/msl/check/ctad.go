package check

import (
	"strconv"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Deduction of a class template's arguments from what an object of it begins as
// ([over.match.class.deduct]): overload resolution among functions that take what
// the constructors take, and those that deduction guides describe.

// resolvedType stands for a type that has been found.
type resolvedType struct {
	*ast.NamedType
	q qtype
}

// checkedExpr stands for an expression that has been checked: an expression is
// checked once, as lambdas in it are classes of their own each time.
type checkedExpr struct {
	*ast.BadExpr
	x operand
}

// toDeduce returns the class template that a type names without arguments, where
// that does not mean the instance it is used in, or nil.
func (c *checker) toDeduce(t ast.Type) *classTemplate {
	switch t := t.(type) {
	case *ast.QualType:
		return c.toDeduce(t.Elem)
	case *ast.NamedType:
		return c.namesTemplate(t.Name)
	}
	return nil
}

func (c *checker) namesTemplate(n *ast.Name) *classTemplate {
	var o object
	for i := range n.Parts {
		p := &n.Parts[i]
		if p.Kind != ast.NameIdent || p.Args != nil {
			return nil
		}
		switch ns, ok := o.(*namespace); {
		case i == 0 && n.Global:
			o = c.inNamespace(c.global, p.Ident, nil)
		case i == 0:
			o = c.lookup(p.Ident)
		case ok:
			o = c.inNamespace(ns, p.Ident, nil)
		default:
			return nil
		}
	}
	t, _ := o.(*classTemplate)
	if t == nil || c.scopeRecordOf(t) != nil {
		return nil
	}
	return t
}

// withClass puts a class in the place of the template's name in a type.
func withClass(t ast.Type, q qtype) ast.Type {
	switch t := t.(type) {
	case *ast.QualType:
		n := *t
		n.Elem = withClass(t.Elem, q)
		return &n
	case *ast.NamedType:
		return &resolvedType{t, q}
	}
	return t
}

// deducedVar returns the declaration of a variable with the class that its
// initialiser tells, if its type is the name of a class template.
func (c *checker) deducedVar(d *ast.VarDecl) *ast.VarDecl {
	t := c.toDeduce(d.Type)
	if t == nil {
		return d
	}
	n := *d
	var q qtype
	if l, ok := soleList(d.Init); ok {
		in := *l
		q, in.Elems = c.deduceClass(t, l.Elems, d.Name.Start)
		n.Init = []ast.Expr{&in}
	} else {
		q, n.Init = c.deduceClass(t, d.Init, d.Name.Start)
	}
	n.Type = withClass(d.Type, q)
	return &n
}

// soleList returns the braced list that is all of an initialiser.
func soleList(init []ast.Expr) (*ast.InitList, bool) {
	if len(init) != 1 {
		return nil, false
	}
	l, ok := init[0].(*ast.InitList)
	return l, ok
}

// deduceClass returns the instance of a class template for arguments, or reports
// that there is none. The arguments it returns have been checked.
func (c *checker) deduceClass(t *classTemplate, exprs []ast.Expr, pos source.Pos) (qtype, []ast.Expr) {
	args, ok := c.args(exprs)
	if !ok {
		return qtype{t: invalid}, nil
	}
	list := make([]ast.Expr, len(args))
	for i := range args {
		if list[i] = args[i].list; args[i].kind != opInit {
			list[i] = &checkedExpr{&ast.BadExpr{Span: args[i].span}, args[i]}
		}
	}
	return c.instanceFor(t, args, pos), list
}

// instanceFor is deduceClass of arguments that have been checked.
func (c *checker) instanceFor(t *classTemplate, args []operand, pos source.Pos) qtype {
	if len(args) == 1 {
		if s := structOf(args[0].q.t); s != nil && recordOf(s) != nil && recordOf(s).tmpl == t {
			return qtype{t: s} // a copy
		}
	}
	ctors := c.deducers(t)
	for _, set := range [][]*function{append(ctors[:len(ctors):len(ctors)], t.guides...), t.guides, ctors} {
		x := operand{kind: opFuncs, set: &overloads{name: t.name, funcs: set}, name: t.name, loc: pos}
		var k *candidate
		c.try(func() { k = c.resolveCall(&x, args, pos) })
		if k != nil && structOf(k.fn.result.t) != nil {
			return k.fn.result.unqual()
		}
	}
	d := c.errorf(pos, "no viable constructor or deduction guide for deduction of template arguments of '%s'", t.name)
	for _, f := range append(ctors[:len(ctors):len(ctors)], t.guides...) {
		k := &candidate{fn: f, tmpl: f}
		if f.tmpl != nil {
			inst, why := c.deduceCall(f, nil, nil, args)
			if inst == nil {
				k.what = why
				c.noteRejected(d, k)
				continue
			}
			k.fn = inst
		}
		if !c.viable(k, nil, args) {
			c.noteRejected(d, k)
		}
	}
	return qtype{t: invalid}
}

// deducers returns the function templates that stand for the constructors of a
// class template: with their parameters, they return the class.
func (c *checker) deducers(t *classTemplate) []*function {
	if t.deducers != nil || t.decl == nil {
		return t.deducers
	}
	params := make([]ast.Decl, len(t.params))
	self := ast.NamePart{Ident: t.name, Args: &ast.TemplateArgs{}}
	for i, p := range t.params {
		name, pack := paramName(p)
		if name == "" {
			name = ":" + strconv.Itoa(i)
			p = withName(p, name)
		}
		params[i] = p
		n := &ast.Name{Parts: []ast.NamePart{{Ident: name}}}
		var arg ast.TemplateArg = n
		if _, isType := p.(*ast.TypeParam); isType {
			arg = &ast.NamedType{Name: n}
			if pack {
				arg = &ast.PackType{Elem: &ast.NamedType{Name: n}}
			}
		} else if pack {
			arg = &ast.PackExpr{X: n}
		}
		self.Args.Args = append(self.Args.Args, arg)
	}
	result := &ast.NamedType{Name: &ast.Name{Parts: []ast.NamePart{self}}}
	for _, m := range t.decl.Members {
		own := params
		if tm, ok := m.(*ast.TemplateDecl); ok {
			own, m = append(params[:len(params):len(params)], tm.Params...), tm.Decl
		}
		if fd, ok := m.(*ast.FuncDecl); ok && fd.Kind == ast.Constructor {
			t.deducers = append(t.deducers, c.deducer(t, own, fd, result))
		}
	}
	return t.deducers
}

// withName is a template parameter with a name.
func withName(p ast.Decl, name string) ast.Decl {
	switch p := p.(type) {
	case *ast.TypeParam:
		n := *p
		n.Name = name
		return &n
	case *ast.ParamDecl:
		n := *p
		n.Name = name
		return &n
	}
	return p
}

// deducer is a function template with parameters as those of fd are declared.
func (c *checker) deducer(t *classTemplate, params []ast.Decl, fd *ast.FuncDecl, result ast.Type) *function {
	d, ft := *fd, *fd.Type
	ft.Result, ft.Trailing, ft.Quals = result, false, ast.Quals{}
	d.Kind, d.Type, d.Body, d.Inits = ast.Function, &ft, nil, nil
	d.Name = &ast.Name{Span: fd.Name.Span, Parts: []ast.NamePart{{Span: fd.Name.Span, Ident: t.name}}}
	return &function{
		name: t.name, pos: fd.Name.Last().Start, decl: &d, scope: t.scope, explicit: fd.Specs.Explicit, deleted: fd.Delete,
		tmpl: &funcTemplate{params: params, instances: make(map[string]*function)},
		sem:  &sem.Func{Name: t.name, Pos: fd.Name.Last().Start},
	}
}

// deductionGuide declares a deduction guide; params are nil if it is no template.
func (c *checker) deductionGuide(params []ast.Decl, fd *ast.FuncDecl) {
	t, ok := c.scope.names[partName(fd.Name.Last())].(*classTemplate)
	if !ok {
		c.errorf(fd.Name.Start, "deduction guide must be declared in the same scope as a template of its name; there is no '%s' here", partName(fd.Name.Last()))
		return
	}
	f := c.deducer(t, params, fd, fd.Type.Result)
	if len(params) == 0 {
		decl := f.decl
		f = c.newFunction(decl)
	}
	t.guides = append(t.guides, f)
}
