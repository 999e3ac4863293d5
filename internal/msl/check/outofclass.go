package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// memberDef is the definition of a member of a class template outside of the
// class.
type memberDef struct {
	params []ast.Decl // of the class
	decl   *ast.FuncDecl
	own    []ast.Decl // parameters of its own, of a member template
}

// classOf returns what the parts of a function's name before the last stand
// for: the object, with the arguments written after it.
func (c *checker) classOf(n *ast.Name) (named, *ast.Name) {
	outer := *n
	outer.Parts = n.Parts[:len(n.Parts)-1]
	outer.Stop = outer.Parts[len(outer.Parts)-1].Stop
	return c.resolve(&outer, false), &outer
}

// defineMember takes note of the definition of a member of a class template,
// template<…> T C<…>::f() {}, where params are those of the class. Those of own
// are the function's: of a member template, where there are two heads or the
// class is no template.
func (c *checker) defineMember(params []ast.Decl, fd *ast.FuncDecl, own *ast.TemplateDecl) {
	var r named
	var outer *ast.Name
	// The arguments of the class are the parameters of the template.
	c.in(c.dependent(params), func() { r, outer = c.classOf(fd.Name) })
	var t *classTemplate
	switch o := r.obj.(type) {
	case nil:
		return
	case *classTemplate:
		t = o
	case *typeName:
		if o.rec != nil {
			if t = o.rec.tmpl; t == nil {
				if !c.defineMemberTemplate(o.rec, own, fd) {
					c.errorf(fd.Name.Last().Start, "out-of-line definition of '%s' does not match any declaration in %s", partName(fd.Name.Last()), quote(o.rec.t))
				}
				return
			}
		}
	}
	if t == nil || t.decl == nil {
		c.errorf(fd.Name.Start, "'%s' is not a class template", nameText(outer))
		return
	}
	def := &memberDef{params: params, decl: fd}
	if !sameList(own.Params, params) {
		def.own = own.Params
	}
	class, classParams := t.definitionOf(outer, params)
	decl := heads{class: classParams}
	written := heads{class: params, own: def.own, self: outer}
	for _, m := range class.Members {
		md, _ := m.(*ast.FuncDecl)
		decl.own = nil
		if m, ok := m.(*ast.TemplateDecl); ok {
			md, _ = m.Decl.(*ast.FuncDecl)
			decl.own = m.Params
		}
		if md == nil || !sameMember(md, decl, fd, written) {
			continue
		}
		if md.Body != nil || t.defs[md] != nil {
			c.errorf(fd.Name.Last().Start, "redefinition of '%s'", partName(fd.Name.Last())).Notef(md.Name.Start, "previous definition is here")
			return
		}
		if t.defs == nil {
			t.defs = make(map[*ast.FuncDecl]*memberDef)
		}
		t.defs[md] = def
		c.defineInInstances(t, md)
		return
	}
	c.errorf(fd.Name.Last().Start, "out-of-line definition of '%s' does not match any declaration in '%s'", partName(fd.Name.Last()), t.name)
}

// definitionOf returns the definition of the class template whose arguments are
// written as those of outer, under a head with the given parameters: that of a
// partial specialisation, or of the template itself.
func (t *classTemplate) definitionOf(outer *ast.Name, params []ast.Decl) (*ast.RecordDecl, []ast.Decl) {
	if args := outer.Last().Args; args != nil {
		for _, s := range t.partial {
			if canonicalArgs(s.decl.Name.Last().Args, s.params) == canonicalArgs(args, params) {
				return s.decl, s.params
			}
		}
	}
	return t.decl, t.params
}

func sameList(a, b []ast.Decl) bool { return len(a) > 0 && len(b) > 0 && &a[0] == &b[0] }

// canonicalArgs is the spelling of template arguments, see canonical.
func canonicalArgs(list *ast.TemplateArgs, params []ast.Decl) string {
	var b strings.Builder
	for _, a := range list.Args {
		b.WriteString(canonical(a, params, "%") + ",")
	}
	return b.String()
}

// defineInInstances gives the instances of a class template that have been made
// the definition of a member.
func (c *checker) defineInInstances(t *classTemplate, md *ast.FuncDecl) {
	for _, key := range slices.Sorted(maps.Keys(t.instances)) {
		r := t.instances[key]
		if r.instantiate != nil || r.bad {
			continue // they will see to it themselves
		}
		for _, g := range r.methods(partName(md.Name.Last()), md.Kind) {
			if g.decl != md {
				continue
			}
			c.in(r.scope, func() {
				if g.tmpl == nil {
					whole, s := c.withDefinition(r, md)
					c.completed(g, whole, s)
					return
				}
				f := *g
				var params []ast.Decl
				f.decl, params, f.scope = c.withTemplateDefinition(r, &ast.TemplateDecl{Params: g.tmpl.params, Decl: md}, md)
				f.tmpl, f.defined = &funcTemplate{params: params}, true
				c.defineTemplate(g, &f)
			})
		}
	}
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

// withDefinition returns the declaration of a member of an instance of a class
// template together with its definition outside of the class, if it has one,
// and the scope for that.
func (c *checker) withDefinition(r *record, d *ast.FuncDecl) (*ast.FuncDecl, *scope) {
	if r.tmpl == nil || r.tmpl.defs[d] == nil {
		return d, c.scope
	}
	def := r.tmpl.defs[d]
	return joined(def.decl, d), c.bindParams(def.params, r.bound, c.scope)
}

// withTemplateDefinition is withDefinition of a member template; it returns the
// template's own parameters, too.
func (c *checker) withTemplateDefinition(r *record, d *ast.TemplateDecl, fd *ast.FuncDecl) (*ast.FuncDecl, []ast.Decl, *scope) {
	whole, s := c.withDefinition(r, fd)
	if whole == fd {
		return fd, d.Params, s
	}
	return whole, withDefaults(r.tmpl.defs[fd].own, d.Params), s
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
