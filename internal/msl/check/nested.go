package check

import (
	"maps"
	"slices"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Classes and enumerations that are declared in a class and defined outside of
// it.

// nestedDef is the definition of a class that a class template declares.
type nestedDef struct {
	params []ast.Decl // of the template around it
	decl   *ast.RecordDecl
	own    []ast.Decl // parameters of its own, of a member template
}

// noNested reports that there is no such class to be defined.
func (c *checker) noNested(tag ast.Tag, n *ast.Name, in string) {
	c.errorf(n.Last().Start, "no %s named '%s' in '%s'", tag, n.Last().Ident, in)
}

// lastOf is a qualified name as it would be written where it is declared.
func lastOf(n *ast.Name) *ast.Name {
	name := *n
	name.Parts = name.Parts[len(name.Parts)-1:]
	name.Start, name.Global = name.Parts[0].Start, false
	return &name
}

// unqualified is a definition as it would be written where it is declared.
func unqualified(d *ast.RecordDecl) *ast.RecordDecl {
	plain := *d
	plain.Name = lastOf(d.Name)
	return &plain
}

// ownScope returns the scope of what a resolved name stands for, a class or a
// namespace, and what messages call it.
func (c *checker) ownScope(o object, at source.Pos) (*scope, string) {
	switch o := o.(type) {
	case *namespace:
		return o.scope, o.path()
	case *typeName:
		if s := structOf(o.q.t); s != nil && recordOf(s) != nil {
			c.complete(recordOf(s), at)
			return recordOf(s).scope, s.Name
		}
	}
	return nil, ""
}

// nestedRecord is struct A::B { … }: the definition of a class that another
// class or a namespace declares.
func (c *checker) nestedRecord(d *ast.RecordDecl) *record {
	var r *record
	if s := c.declaredIn(d.Tag, d.Name); s != nil {
		c.in(s, func() { r = c.recordDecl(unqualified(d)) })
	}
	return r
}

// nestedEnum is enum class A::B { … }.
func (c *checker) nestedEnum(d *ast.EnumDecl) *enumType {
	var e *enumType
	if s := c.declaredIn(ast.Enum, d.Name); s != nil {
		plain := *d
		plain.Name = lastOf(d.Name)
		c.in(s, func() { e = c.enumDecl(&plain) })
	}
	return e
}

// declaredIn returns the scope of the class or namespace that a qualified name
// is in, if that declares such a type; if not it reports that.
func (c *checker) declaredIn(tag ast.Tag, n *ast.Name) *scope {
	r, outer := c.classOf(n)
	if r.obj == nil {
		return nil
	}
	o := r.obj
	if r.args != nil {
		if o = c.instantiateType(o, r.part); o == nil {
			return nil
		}
	}
	s, in := c.ownScope(o, n.Start)
	if s == nil {
		c.errorf(n.Start, "'%s' is not a class or namespace", nameText(outer))
		return nil
	}
	t, ok := s.names[n.Last().Ident].(*typeName)
	if !ok || (t.rec == nil) != (tag == ast.Enum) {
		c.noNested(tag, n, in)
		return nil
	}
	return s
}

// nestedTemplate is template<…> struct A<…>::B { … }, where params are those of
// A, and own, if it is another head, holds those of B; or the definition of a
// class template that a class which is none declares.
func (c *checker) nestedTemplate(params []ast.Decl, d *ast.RecordDecl, own *ast.TemplateDecl) {
	if len(params) == 0 {
		c.nestedRecord(d)
		return
	}
	var r named
	var outer *ast.Name
	c.in(c.dependent(params), func() { r, outer = c.classOf(d.Name) })
	if r.obj == nil {
		return
	}
	t, ok := r.obj.(*classTemplate)
	if tn, is := r.obj.(*typeName); is && tn.rec != nil && tn.rec.tmpl != nil {
		t, ok = tn.rec.tmpl, true
	}
	if !ok || t.decl == nil {
		s, in := c.ownScope(r.obj, d.Name.Start)
		switch {
		case s == nil:
			c.errorf(d.Name.Start, "'%s' is not a class template", nameText(outer))
		case s.names[d.Name.Last().Ident] == nil:
			c.noNested(d.Tag, d.Name, in)
		default:
			c.in(s, func() { c.classTemplateDecl(own, unqualified(d)) })
		}
		return
	}
	def := &nestedDef{params: params, decl: unqualified(d)}
	if !sameList(own.Params, params) {
		def.own = own.Params
	}
	class, _ := t.definitionOf(outer, params)
	for _, m := range class.Members {
		md, template := m.(*ast.RecordDecl)
		if tm, ok := m.(*ast.TemplateDecl); ok {
			md, _ = tm.Decl.(*ast.RecordDecl)
			template = false
			if def.own == nil {
				continue
			}
		} else if template && def.own != nil {
			continue
		}
		if md == nil || md.Name == nil || md.Name.Last().Ident != d.Name.Last().Ident {
			continue
		}
		if md.Defined || t.nested[m] != nil && d.Defined {
			c.errorf(d.Name.Last().Start, "redefinition of '%s'", d.Name.Last().Ident).Notef(md.Name.Start, "previous definition is here")
			return
		}
		if t.nested == nil {
			t.nested = make(map[ast.Decl]*nestedDef)
		}
		t.nested[m] = def
		for _, key := range slices.Sorted(maps.Keys(t.instances)) {
			if inst := t.instances[key]; inst.instantiate == nil && !inst.bad {
				c.in(inst.scope, func() { c.defineNested(inst, m) })
			}
		}
		return
	}
	c.noNested(d.Tag, d.Name, t.name)
}

// defineNested gives the class that m declares in an instance of a class
// template its definition, if there is one outside.
func (c *checker) defineNested(r *record, m ast.Decl) {
	if r.tmpl == nil || r.tmpl.nested[m] == nil {
		return
	}
	def := r.tmpl.nested[m]
	around := c.bindParams(def.params, r.bound, r.scope)
	switch o := r.scope.names[def.decl.Name.Last().Ident].(type) {
	case *typeName:
		if o.rec != nil && !o.rec.defined {
			o.rec.scope.parent, o.rec.pos = around, def.decl.Name.Start
			c.define(o.rec, def.decl)
		}
	case *classTemplate:
		if o.decl == nil || !o.decl.Defined {
			o.decl, o.params, o.pos, o.scope = def.decl, withDefaults(def.own, o.params), def.decl.Name.Start, around
		}
	}
}
