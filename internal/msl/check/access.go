package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// restrict notes that a member, just declared, is private or protected. Of
// overloads, one that is public makes all of them so.
func (r *record) restrict(name string) {
	if r.access == ast.Public {
		delete(r.accessOf, name)
		return
	}
	if o, ok := r.scope.names[name].(*overloads); ok && len(o.funcs) > 1 && r.accessOf[name] == ast.NoAccess {
		return
	}
	if r.accessOf == nil {
		r.accessOf = make(map[string]ast.Access)
	}
	r.accessOf[name] = r.access
}

// declaring returns the class, r or a base of it, that declares a member.
func (c *checker) declaring(r *record, name string) *record {
	if r.scope.names[name] != nil {
		return r
	}
	for _, b := range r.bases {
		if d := c.declaring(b, name); d != nil {
			return d
		}
	}
	return nil
}

// accessible reports whether a member of a class may be named here, and if not
// says so.
func (c *checker) accessible(r *record, name string, o object, pos source.Pos) bool {
	d := c.declaring(r, name)
	if d == nil || d.accessOf[name] == ast.NoAccess {
		return true
	}
	if c.mayUse(d, d.accessOf[name]) {
		return true
	}
	c.errorf(pos, "'%s' is a %s member of '%s'", name, d.accessOf[name], d.t.Name).
		Notef(o.where(), "declared %s here", d.accessOf[name])
	return false
}

// mayUse reports whether what is private or protected in d may be used here: in
// d itself, in a friend, in a class made from d.
func (c *checker) mayUse(d *record, access ast.Access) bool {
	for s := c.scope; s != nil; s = s.parent {
		switch {
		case s.rec == nil:
		case s.rec == d, d.tmpl != nil && s.rec.tmpl == d.tmpl, d.friends[s.rec.name]:
			return true
		case access == ast.Protected && isBaseOf(d.t, s.rec.t):
			return true
		}
	}
	return c.fn != nil && c.fn.f != nil && d.friends[c.fn.f.name]
}

// constructible reports whether a constructor may be called here, and if not
// says so.
func (c *checker) constructible(f *function, pos source.Pos) bool {
	if f.instOf != nil {
		f = f.instOf
	}
	if f.rec == nil || f.access == ast.NoAccess || f.access == ast.Public || c.mayUse(f.rec, f.access) {
		return true
	}
	c.errorf(pos, "calling a %s constructor of class '%s'", f.access, f.rec.t.Name).Notef(f.pos, "declared %s here", f.access)
	return false
}

// restrictType notes that types declared by a member are private or protected.
func (r *record) restrictType(m ast.Decl) {
	switch m := m.(type) {
	case *ast.TypedefDecl:
		r.restrict(m.Name)
	case *ast.AliasDecl:
		r.restrict(m.Name)
	case *ast.RecordDecl:
		if m.Name != nil && m.Name.IsSimple() {
			r.restrict(m.Name.Simple())
		}
	case *ast.EnumDecl:
		if m.Name != nil {
			r.restrict(m.Name.Simple())
		}
		if m.Scoped {
			return
		}
		for _, e := range m.List {
			r.restrict(e.Name)
		}
	case *ast.TemplateDecl:
		if _, ok := m.Decl.(*ast.FuncDecl); !ok {
			r.restrictType(m.Decl)
		}
	}
}
