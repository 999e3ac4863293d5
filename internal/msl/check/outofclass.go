package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// memberDef is the definition of a member of a class template outside of the
// class.
type memberDef struct {
	params []ast.Decl
	decl   *ast.FuncDecl
}

// classOf returns what the parts of a function's name before the last stand
// for: the object, with the arguments written after it.
func (c *checker) classOf(n *ast.Name) (named, *ast.Name) {
	outer := *n
	outer.Parts = n.Parts[:len(n.Parts)-1]
	outer.Stop = outer.Parts[len(outer.Parts)-1].Stop
	return c.resolve(&outer, true), &outer
}

// defineMember takes note of the definition of a member of a class template,
// template<…> T C<…>::f() {}.
func (c *checker) defineMember(d *ast.TemplateDecl, fd *ast.FuncDecl) {
	var r named
	var outer *ast.Name
	// The arguments of the class are the parameters of the template.
	c.in(c.dependent(d.Params), func() { r, outer = c.classOf(fd.Name) })
	var t *classTemplate
	switch o := r.obj.(type) {
	case nil:
		return
	case *classTemplate:
		t = o
	case *typeName:
		if o.rec != nil {
			t = o.rec.tmpl
		}
	}
	if t == nil || t.decl == nil {
		c.errorf(fd.Name.Start, "'%s' is not a class template", nameText(outer))
		return
	}
	for _, m := range t.decl.Members {
		md, ok := m.(*ast.FuncDecl)
		if !ok || !sameMember(md, fd) {
			continue
		}
		if md.Body != nil || t.defs[md] != nil {
			c.errorf(fd.Name.Last().Start, "redefinition of '%s'", partName(fd.Name.Last())).Notef(md.Name.Start, "previous definition is here")
			return
		}
		if t.defs == nil {
			t.defs = make(map[*ast.FuncDecl]*memberDef)
		}
		t.defs[md] = &memberDef{d.Params, fd}
		return
	}
	for _, m := range t.decl.Members {
		if td, ok := m.(*ast.TemplateDecl); ok {
			if md, ok := td.Decl.(*ast.FuncDecl); ok && partName(md.Name.Last()) == partName(fd.Name.Last()) {
				c.unsupported(fd.Name.Start, "definitions of member templates outside of their class are")
				return
			}
		}
	}
	c.errorf(fd.Name.Last().Start, "out-of-line definition of '%s' does not match any declaration in '%s'", partName(fd.Name.Last()), t.name)
}

// dependent makes a scope in which the parameters of a template stand for
// nothing yet, so that names before :: can be looked up.
func (c *checker) dependent(params []ast.Decl) *scope {
	s := &scope{parent: c.scope, tmpl: true}
	for _, p := range params {
		if name, _ := paramName(p); name != "" {
			s.set(name, &typeName{q: qtype{t: invalid}, pos: p.Pos()})
		}
	}
	return s
}

// sameMember reports whether a definition is that of a member: the same name,
// the same types of parameters as written, the same object.
func sameMember(m, def *ast.FuncDecl) bool {
	if m.Kind != def.Kind || m.Kind != ast.Constructor && partName(m.Name.Last()) != partName(def.Name.Last()) {
		return false
	}
	p, q := m.Type, def.Type
	if len(p.Params) != len(q.Params) || p.Quals.Const != q.Quals.Const || spaceOf(p.Quals.Space) != spaceOf(q.Quals.Space) {
		return false
	}
	for i := range p.Params {
		if syntax(p.Params[i].Type) != syntax(q.Params[i].Type) {
			return false
		}
	}
	return true
}

// withDefinition returns the declaration of a member of an instance of a class
// template together with its definition outside of the class, if it has one,
// and the scope for that.
func (c *checker) withDefinition(r *record, d *ast.FuncDecl) (*ast.FuncDecl, *scope) {
	if r.tmpl == nil || r.tmpl.defs[d] == nil {
		return d, c.scope
	}
	def := r.tmpl.defs[d]
	whole := *def.decl
	whole.Name, whole.Specs, whole.Kind = d.Name, d.Specs, d.Kind
	ft := *def.decl.Type
	ft.Params = append([]*ast.ParamDecl(nil), ft.Params...)
	for i, p := range d.Type.Params {
		if p.Default != nil && i < len(ft.Params) && ft.Params[i].Default == nil {
			with := *ft.Params[i]
			with.Default = p.Default
			ft.Params[i] = &with
		}
	}
	whole.Type = &ft
	return &whole, c.bindParams(def.params, r.args, c.scope)
}

// specializeMember is template<> T C<int>::f() {}: the member of one instance.
func (c *checker) specializeMember(d *ast.FuncDecl) {
	res, outer := c.classOf(d.Name)
	t, _ := res.obj.(*typeName)
	if res.obj != nil && res.args != nil {
		t, _ = c.instantiateType(res.obj, res.part).(*typeName)
	}
	if t == nil {
		if res.obj != nil {
			c.errorf(d.Name.Start, "'%s' is not a class", nameText(outer))
		}
		return
	}
	s := structOf(t.q.t)
	if s == nil {
		c.errorf(d.Name.Start, "'%s' is not a class", nameText(outer))
		return
	}
	r := recordOf(s)
	c.complete(r, d.Name.Start)
	last := *d.Name
	last.Parts = d.Name.Parts[len(d.Name.Parts)-1:]
	plain := *d
	plain.Name = &last
	c.in(r.scope, func() {
		f := c.newFunction(&plain)
		f.rec = r
		f.this = thisQuals(c, d.Type.Quals)
		for _, g := range r.methods(f.name, d.Kind) {
			if g.static {
				f.this, f.static = g.this, true
			}
			if g.tmpl != nil || !sameParams(g, f) || g.this != f.this {
				continue
			}
			if g.checked {
				c.errorf(f.pos, "explicit specialization of '%s' after instantiation", f.name)
				return
			}
			g.decl, g.params, g.pos, g.scope, g.defined = f.decl, f.params, f.pos, f.scope, true
			c.funcs = append(c.funcs, g)
			c.body(g)
			return
		}
		c.errorf(f.pos, "no function template matches function template specialization '%s'", f.name)
	})
}

// methods returns the functions of a class by name and kind.
func (r *record) methods(name string, kind ast.FuncKind) []*function {
	switch kind {
	case ast.Constructor:
		return r.ctors
	case ast.Conversion:
		return r.convs
	}
	if o, ok := r.scope.names[name].(*overloads); ok {
		return o.funcs
	}
	return nil
}

// implicitThis gives a call of a method by its name alone the object of the
// method that is being checked.
func (c *checker) implicitThis(fun *operand, sp source.Span) {
	if fun.this != nil || c.fn == nil || c.fn.this == nil {
		return
	}
	this := c.fn.this.q.t
	for _, f := range fun.set.funcs {
		if f.rec != nil && !f.static && !f.ctor && (f.rec.t == structOf(this) || isBaseOf(f.rec.t, this)) {
			x := c.thisObject(sp)
			fun.this = &x
			return
		}
	}
}
