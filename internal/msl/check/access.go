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
	for s := c.scope; s != nil; s = s.parent {
		switch {
		case s.rec == nil:
		case s.rec == d, d.tmpl != nil && s.rec.tmpl == d.tmpl, d.friends[s.rec.name]:
			return true
		case d.accessOf[name] == ast.Protected && isBaseOf(d.t, s.rec.t):
			return true
		}
	}
	if c.fn != nil && c.fn.f != nil && d.friends[c.fn.f.name] {
		return true
	}
	c.errorf(pos, "'%s' is a %s member of '%s'", name, d.accessOf[name], d.t.Name).
		Notef(o.where(), "declared %s here", d.accessOf[name])
	return false
}
