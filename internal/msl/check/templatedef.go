package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
)

// Definitions of templates, and of their members, that come behind a
// declaration. What was made of the declaration by then is completed.

// canonical is the spelling of n in which the parameters of a template have
// numbers for names, so that two declarations can be compared.
func canonical(n ast.Node, params []ast.Decl, mark string) string {
	return canonicalText(syntax(n), params, mark)
}

func canonicalText(text string, params []ast.Decl, mark string) string {
	if len(params) == 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && isWord(text[j]) {
			j++
		}
		if j == i {
			b.WriteByte(text[i])
			i++
			continue
		}
		word := text[i:j]
		for k, p := range params {
			if name, _ := paramName(p); name == word {
				word = mark + strconv.Itoa(k)
			}
		}
		b.WriteString(word)
		i = j
	}
	return b.String()
}

// sameSyntaxParams reports whether two templates are written with the same
// parameter types, whatever their own parameters are called.
func sameSyntaxParams(a, b *function) bool {
	p, q := a.decl.Type, b.decl.Type
	if len(p.Params) != len(q.Params) || p.Quals.Space != q.Quals.Space || p.Quals.Const != q.Quals.Const {
		return false
	}
	for i := range p.Params {
		if canonical(p.Params[i].Type, a.tmpl.params, "$") != canonical(q.Params[i].Type, b.tmpl.params, "$") {
			return false
		}
	}
	return canonical(p.Result, a.tmpl.params, "$") == canonical(q.Result, b.tmpl.params, "$") && sameDefaults(a.tmpl.params, b.tmpl.params)
}

// sameDefaults reports whether the parameters of two templates are the same
// but for default arguments that only one of them has.
func sameDefaults(a, b []ast.Decl) bool {
	for i := range a {
		switch p := a[i].(type) {
		case *ast.TypeParam:
			q := b[i].(*ast.TypeParam)
			if p.Default != nil && q.Default != nil && canonical(p.Default, a, "$") != canonical(q.Default, b, "$") {
				return false
			}
		case *ast.ParamDecl:
			q, ok := b[i].(*ast.ParamDecl)
			if !ok || canonical(p.Type, a, "$") != canonical(q.Type, b, "$") {
				return false
			}
		}
	}
	return true
}

// withDefaults gives the parameters of a template's definition the default
// arguments that its declaration has.
func withDefaults(def, decl []ast.Decl) []ast.Decl {
	out := append([]ast.Decl(nil), def...)
	for i := range min(len(def), len(decl)) {
		switch p := def[i].(type) {
		case *ast.TypeParam:
			if q, ok := decl[i].(*ast.TypeParam); ok && p.Default == nil && q.Default != nil {
				with := *p
				with.Default = q.Default
				out[i] = &with
			}
		case *ast.ParamDecl:
			if q, ok := decl[i].(*ast.ParamDecl); ok && p.Default == nil && q.Default != nil {
				with := *p
				with.Default = q.Default
				out[i] = &with
			}
		}
	}
	return out
}

// joined is the definition of a function with what only its declaration says:
// the name, what kind of function it is, default arguments.
func joined(def, decl *ast.FuncDecl) *ast.FuncDecl {
	whole := *def
	whole.Name, whole.Specs, whole.Kind = decl.Name, decl.Specs, decl.Kind
	ft := *def.Type
	ft.Params = append([]*ast.ParamDecl(nil), ft.Params...)
	for i, p := range decl.Type.Params {
		if p.Default != nil && i < len(ft.Params) && ft.Params[i].Default == nil {
			with := *ft.Params[i]
			with.Default = p.Default
			ft.Params[i] = &with
		}
	}
	whole.Type = &ft
	return &whole
}

// defineTemplate makes f, a definition, that of the template g, which was
// declared before. Instances that were made by then get their bodies.
func (c *checker) defineTemplate(g, f *function) {
	instances, specs := g.tmpl.instances, g.tmpl.specs
	decl, tmpl := joined(f.decl, g.decl), *f.tmpl
	tmpl.params = withDefaults(f.tmpl.params, g.tmpl.params)
	tmpl.instances, tmpl.specs = instances, append(specs, f.tmpl.specs...)
	rec, static, this, ctor, conv := g.rec, g.static, g.this, g.ctor, g.conv
	*g = *f
	g.decl, g.tmpl = decl, &tmpl
	g.rec, g.static, g.this, g.ctor, g.conv = rec, static, this, ctor, conv
	for _, key := range slices.Sorted(maps.Keys(instances)) {
		if h := instances[key]; h != nil && h.instOf == g && h.decl.Body == nil && !h.checked {
			c.completed(h, g.decl, c.bindParams(g.tmpl.params, h.targs, g.scope))
		}
	}
}

// completed gives a function that was declared, and perhaps called, the
// definition decl in a scope.
func (c *checker) completed(h *function, decl *ast.FuncDecl, s *scope) {
	var whole *function
	if !c.try(func() { c.in(s, func() { whole = c.newFunction(decl) }) }) || len(whole.params) != len(h.params) {
		return
	}
	h.decl, h.params, h.scope, h.pos, h.defined = whole.decl, whole.params, whole.scope, whole.pos, true
	if h.used {
		c.demand(h)
	}
}

// defineMemberTemplate takes note of the definition of a member template of a
// class outside of it: template<…> T C::f() {}.
func (c *checker) defineMemberTemplate(r *record, d *ast.TemplateDecl, fd *ast.FuncDecl) bool {
	for _, g := range r.methods(partName(fd.Name.Last()), fd.Kind) {
		if g.tmpl == nil || !sameMember(g.decl, heads{own: g.tmpl.params}, fd, heads{own: d.Params}) {
			continue
		}
		if g.decl.Body != nil {
			c.errorf(fd.Name.Last().Start, "redefinition of '%s'", g.name).Notef(g.pos, "previous definition is here")
			return true
		}
		f := *g
		f.decl, f.tmpl, f.pos, f.defined = fd, &funcTemplate{params: d.Params}, fd.Name.Last().Start, true
		c.defineTemplate(g, &f)
		return true
	}
	return false
}

// heads are the template parameters that a member is declared with.
type heads struct {
	class, own []ast.Decl
	self       *ast.Name // the class with its arguments, which its name alone means too
}

// spelling is a type so that it can be compared with that of another
// declaration.
func (h *heads) spelling(n ast.Node) string {
	text := canonical(n, h.own, "$")
	if h.self != nil {
		text = strings.ReplaceAll(text, syntax(h.self), nameText(h.self)+" ")
	}
	return canonicalText(text, h.class, "%")
}

// sameMember reports whether a definition is that of a member: the same name,
// the same types of parameters as written, the same object.
func sameMember(m *ast.FuncDecl, mh heads, def *ast.FuncDecl, dh heads) bool {
	if m.Kind != def.Kind || m.Kind == ast.Function && partName(m.Name.Last()) != partName(def.Name.Last()) || len(mh.own) != len(dh.own) {
		return false
	}
	p, q := m.Type, def.Type
	if len(p.Params) != len(q.Params) || p.Quals.Const != q.Quals.Const || spaceOf(p.Quals.Space) != spaceOf(q.Quals.Space) {
		return false
	}
	if m.Kind == ast.Conversion && mh.spelling(m.Name.Last().Type) != dh.spelling(def.Name.Last().Type) {
		return false
	}
	for i := range p.Params {
		if mh.spelling(p.Params[i].Type) != dh.spelling(q.Params[i].Type) {
			return false
		}
	}
	return true
}
