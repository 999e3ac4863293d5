package check

import (
	"maps"
	"slices"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
)

// Classes that are declared in a class and defined outside of it.

// nestedDef is the definition of a class that a class template declares.
type nestedDef struct {
	params []ast.Decl // of the template around it
	decl   *ast.RecordDecl
	own    []ast.Decl // parameters of its own, of a member template
}

// noNested reports that there is no such class to be defined.
func (c *checker) noNested(d *ast.RecordDecl, in string) {
	c.errorf(d.Name.Last().Start, "no %s named '%s' in '%s'", d.Tag, d.Name.Last().Ident, in)
}

// unqualified is a definition as it would be written where it is declared.
func unqualified(d *ast.RecordDecl) *ast.RecordDecl {
	plain, name := *d, *d.Name
	name.Parts = name.Parts[len(name.Parts)-1:]
	name.Start, name.Global = name.Parts[0].Start, false
	plain.Name = &name
	return &plain
}

// ownScope returns the scope of what a resolved name stands for, a class or a
// namespace, and what messages call it.
func (c *checker) ownScope(o object, d *ast.RecordDecl) (*scope, string) {
	switch o := o.(type) {
	case *namespace:
		return o.scope, o.path()
	case *typeName:
		if s := structOf(o.q.t); s != nil && recordOf(s) != nil {
			c.complete(recordOf(s), d.Name.Start)
			return recordOf(s).scope, s.Name
		}
	}
	return nil, ""
}

// nestedRecord is struct A::B { … }: the definition of a class that another
// class or a namespace declares.
func (c *checker) nestedRecord(d *ast.RecordDecl) *record {
	r, outer := c.classOf(d.Name)
	if r.obj == nil {
		return nil
	}
	o := r.obj
	if r.args != nil {
		if o = c.instantiateType(o, r.part); o == nil {
			return nil
		}
	}
	s, in := c.ownScope(o, d)
	if s == nil {
		c.errorf(d.Name.Start, "'%s' is not a class or namespace", nameText(outer))
		return nil
	}
	if t, ok := s.names[d.Name.Last().Ident].(*typeName); !ok || t.rec == nil {
		c.noNested(d, in)
		return nil
	}
	var nested *record
	c.in(s, func() { nested = c.recordDecl(unqualified(d)) })
	return nested
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
		s, in := c.ownScope(r.obj, d)
		switch {
		case s == nil:
			c.errorf(d.Name.Start, "'%s' is not a class template", nameText(outer))
		case s.names[d.Name.Last().Ident] == nil:
			c.noNested(d, in)
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
	c.noNested(d, t.name)
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
