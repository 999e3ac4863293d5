package check

import (
	"math"
	"slices"
	"strconv"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// classTemplateDecl declares a class template or a specialisation of one.
func (c *checker) classTemplateDecl(d *ast.TemplateDecl, rd *ast.RecordDecl) {
	if rd.Name == nil {
		c.errorf(rd.Start, "template declaration of an unnamed class")
		return
	}
	last := rd.Name.Last()
	if len(rd.Name.Parts) > 1 && last.Args == nil {
		c.nestedTemplate(d.Params, rd, d)
		return
	}
	name := last.Ident
	if at := packAt(d.Params); last.Args == nil && at >= 0 && at < len(d.Params)-1 {
		c.errorf(d.Params[at].Pos(), "template parameter pack must be the last template parameter")
		return
	}
	if last.Args == nil {
		if t, ok := c.scope.names[name].(*classTemplate); ok {
			if rd.Defined && t.decl != nil && t.decl.Defined {
				c.errorf(last.Start, "redefinition of '%s'", name).Notef(t.pos, "previous definition is here")
				return
			}
			if rd.Defined {
				// Default arguments may stand in the first declaration.
				params := append([]ast.Decl(nil), d.Params...)
				for i := range params {
					if i < len(t.params) && !hasDefault(params[i]) && hasDefault(t.params[i]) {
						params[i] = withDefault(params[i], t.params[i])
					}
				}
				t.decl, t.params, t.pos, t.scope = rd, params, last.Start, c.scope
			}
			return
		}
		t := &classTemplate{name: name, pos: last.Start, params: d.Params, decl: rd, scope: c.scope,
			instances: make(map[string]*record), full: make(map[string]*ast.RecordDecl)}
		c.declare(name, t, last.Start)
		return
	}
	var t *classTemplate
	primary := *rd.Name
	primary.Parts = slices.Clone(primary.Parts)
	primary.Last().Args = nil
	found := c.lookup(name)
	if len(primary.Parts) > 1 {
		if found = c.resolve(&primary, true).obj; found == nil {
			return
		}
	}
	switch o := found.(type) {
	case *classTemplate:
		t = o
	case *libTemplate:
		c.unsupported(last.Start, "specializations of the library's templates are")
		return
	}
	if t == nil {
		c.errorf(last.Start, "no template named '%s'", name)
		return
	}
	if len(d.Params) > 0 {
		t.partial = append(t.partial, &classSpec{params: d.Params, decl: rd, scope: c.scope})
		return
	}
	args, ok := c.templateArgs(t.params, last.Args, t.scope, "class template '"+name+"'")
	if !ok {
		return
	}
	key := c.key(args)
	if t.full[key] != nil && t.full[key].Defined && rd.Defined {
		c.errorf(last.Start, "redefinition of '%s'", name+argsText(args)).Notef(t.full[key].Start, "previous definition is here")
		return
	}
	r := t.instances[key]
	if r == nil {
		r = c.newInstance(t, args, key)
	}
	r.instantiate = nil
	t.full[key] = rd
	r.pos = last.Start
	r.scope.parent = c.scope
	r.tmpl = nil // its methods are checked at once
	if rd.Defined {
		c.define(r, rd)
	}
	r.tmpl = t
}

func hasDefault(d ast.Decl) bool {
	switch d := d.(type) {
	case *ast.TypeParam:
		return d.Default != nil
	case *ast.ParamDecl:
		return d.Default != nil
	}
	return false
}

func withDefault(d, from ast.Decl) ast.Decl {
	switch d := d.(type) {
	case *ast.TypeParam:
		n := *d
		n.Default = from.(*ast.TypeParam).Default
		return &n
	case *ast.ParamDecl:
		if f, ok := from.(*ast.ParamDecl); ok {
			n := *d
			n.Default = f.Default
			return &n
		}
	}
	return d
}

func (c *checker) newInstance(t *classTemplate, args []targ, key string) *record {
	r := &record{name: t.name, pos: t.pos, tag: t.decl.Tag, tmpl: t, args: args}
	r.t = &types.Struct{Name: t.name + argsText(args), Union: t.decl.Tag == ast.Union, Decl: r}
	r.scope = &scope{parent: t.scope, rec: r}
	for s := t.scope; s != nil; s = s.parent {
		if s.ns != nil {
			r.ns = s.ns
			break
		}
	}
	t.instances[key] = r
	return r
}

// instantiateType finds the type that a template is for the arguments of a
// part of a name. It returns nil if it reported an error.
func (c *checker) instantiateType(o object, p *ast.NamePart) object {
	switch t := o.(type) {
	case *classTemplate:
		args, ok := c.templateArgs(t.params, p.Args, t.scope, "class template '"+t.name+"'")
		if !ok {
			return nil
		}
		r := c.classInstance(t, args, p.Start)
		return &typeName{q: qtype{t: r.t}, pos: t.pos, rec: r}
	case *aliasTemplate:
		args, ok := c.templateArgs(t.params, p.Args, t.scope, "alias template '"+t.name+"'")
		if !ok {
			return nil
		}
		var q qtype
		c.instantiating(p.Start, "template type alias '"+t.name+"'", func() {
			c.in(c.bindParams(t.params, args, t.scope), func() { q = c.typ(t.typ) })
		})
		if q.bad() || q.t == nil {
			return nil
		}
		tn := &typeName{q: q, pos: t.pos, enum: c.enumTypeOf(q.t)}
		if s := structOf(q.t); s != nil {
			tn.rec = recordOf(s)
		}
		return tn
	case *libTemplate:
		return c.libInstance(t, p)
	case *typeName:
		if t.rec != nil && t.rec.tmpl != nil && p.Args != nil {
			return c.instantiateType(t.rec.tmpl, p)
		}
	case *varTemplate, *overloads:
		return o
	}
	c.errorf(p.Start, "'%s' is not a class template", p.Ident)
	return nil
}

// classInstance returns the class that a template is for arguments. Its
// members are made when they are first needed.
func (c *checker) classInstance(t *classTemplate, args []targ, pos source.Pos) *record {
	key := c.key(args)
	if r := t.instances[key]; r != nil {
		return r
	}
	r := c.newInstance(t, args, key)
	if !c.room(pos) {
		r.bad = true
		r.t.Layout(0)
		return r
	}
	r.depth = c.level() + 1
	r.instantiate = func() { c.fillInstance(r, pos) }
	return r
}

// fillInstance makes the members of an instance: of the most special partial
// specialisation that fits, else of the template itself.
func (c *checker) fillInstance(r *record, pos source.Pos) {
	t := r.tmpl
	decl, params, args, scope := t.decl, t.params, r.args, t.scope
	bestWeight := math.MinInt
	for _, s := range t.partial {
		b := c.bindingsFor(s.params, s.scope)
		ok := true
		weight := 0
		c.in(s.scope, func() {
			list := s.decl.Name.Last().Args.Args
			ok = b.unifyArgs(list, r.args)
			for _, a := range list {
				weight += b.weight(a)
			}
		})
		if !ok {
			continue
		}
		got, ok := b.finish()
		if !ok || !c.specHolds(s, got, r) {
			continue
		}
		if weight > bestWeight {
			bestWeight = weight
			decl, params, args, scope = s.decl, s.params, got, s.scope
		}
	}
	if !decl.Defined {
		c.errorf(pos, "implicit instantiation of undefined template '%s'", r.t.Name).Notef(t.pos, "template is declared here")
		r.t.Layout(0)
		r.bad = true
		return
	}
	quiet, fn, outer := c.quiet, c.fn, c.outer
	c.quiet, c.fn, c.outer = 0, nil, r.depth
	r.bad = !c.instantiating(pos, "template class '"+r.t.Name+"'", func() {
		r.scope.parent, r.bound = c.bindParams(params, args, scope), args
		old := c.scope
		c.scope = r.scope
		c.define(r, decl)
		c.scope = old
	})
	c.quiet, c.fn, c.outer = quiet, fn, outer
}

// specHolds reports whether the arguments of a partial specialisation, with
// what was deduced put in, are those of the instance: dependent ones such as
// enable_if_t<…> were not matched before.
func (c *checker) specHolds(s *classSpec, got []targ, r *record) bool {
	same := true
	ok := c.try(func() {
		c.in(c.bindParams(s.params, got, s.scope), func() {
			list := s.decl.Name.Last().Args
			args, ok := c.templateArgs(r.tmpl.params, list, r.tmpl.scope, "")
			same = ok && c.key(args) == c.key(r.args)
		})
	})
	return ok && same
}

// scopeRecordOf returns the instance of a class template that the current
// scope is inside of: there the template's name alone means that instance.
func (c *checker) scopeRecordOf(t *classTemplate) *record {
	for s := c.scope; s != nil; s = s.parent {
		if s.rec != nil && s.rec.tmpl == t {
			return s.rec
		}
	}
	return nil
}

// varTemplateDecl declares a variable template or a specialisation of one.
func (c *checker) varTemplateDecl(d *ast.TemplateDecl, vd *ast.VarDecl) {
	last := vd.Name.Last()
	if len(vd.Name.Parts) > 1 {
		return // the definition of a static data member that its class has initialised
	}
	if last.Args != nil {
		t, ok := c.lookup(last.Ident).(*varTemplate)
		if !ok {
			c.errorf(last.Start, "no variable template matches specialization")
			return
		}
		t.partial = append(t.partial, &varSpec{params: d.Params, decl: vd, scope: c.scope})
		return
	}
	c.declare(last.Ident, &varTemplate{name: last.Ident, pos: last.Start, params: d.Params, decl: vd, scope: c.scope, instances: make(map[string]*variable)}, last.Start)
}

// varTemplateExpr is a variable template with arguments.
func (c *checker) varTemplateExpr(t *varTemplate, r named, sp source.Span) operand {
	if r.args == nil {
		c.errorf(sp.Start, "use of variable template '%s' requires template arguments", t.name)
		return badAt(sp)
	}
	args, ok := c.templateArgs(t.params, r.args, t.scope, "variable template '"+t.name+"'")
	if !ok {
		return badAt(sp)
	}
	key := c.key(args)
	v := t.instances[key]
	if v == nil {
		decl, s := t.decl, c.bindParams(t.params, args, t.scope)
		best := math.MinInt
		for _, spec := range t.partial {
			b := c.bindingsFor(spec.params, spec.scope)
			match, w := true, 0
			c.in(spec.scope, func() {
				list := spec.decl.Name.Last().Args.Args
				match = b.unifyArgs(list, args)
				for _, a := range list {
					w += b.weight(a)
				}
			})
			got, good := b.finish()
			if match && good && w > best {
				best = w
				decl, s = spec.decl, c.bindParams(spec.params, got, spec.scope)
			}
		}
		c.instantiating(sp.Start, "variable template specialization '"+t.name+argsText(args)+"'", func() {
			c.in(&scope{parent: s}, func() {
				q := c.typ(decl.Type)
				if decl.Specs.Constexpr {
					q.c = true
					q.space, q.spaced = types.Constant, true
				}
				// Under its own name, so that the initialiser finds the template.
				v = c.declareGlobal(decl, t.name+argsText(args), t.pos, q, false)
				v.used = true
			})
		})
		if v == nil {
			return badAt(sp)
		}
		v.quietUnused = true
		t.instances[key] = v
	}
	return c.varExpr(v, sp)
}

// libInstance makes a type of a template of the library.
func (c *checker) libInstance(t *libTemplate, p *ast.NamePart) object {
	if isTextureTemplate(t.name) {
		return c.textureType(t.name, p)
	}
	fail := func(msg string) object {
		c.errorf(p.Start, "%s", msg)
		return nil
	}
	var list []ast.TemplateArg
	if p.Args != nil {
		var ok bool
		if list, ok = c.expandArgs(p.Args.Args); !ok {
			return nil
		}
	}
	typeArg := func(i int) (q qtype) {
		v, _ := c.templateArg(&ast.TypeParam{}, list[i], c.scope, "")
		if v.q.t == nil {
			return qtype{t: invalid}
		}
		return v.q
	}
	intArg := func(i int) (n int64, ok bool) {
		a, from := c.boundArg(list[i])
		e, isExpr := a.(ast.Expr)
		if !isExpr {
			c.errorf(a.Pos(), "template argument for non-type template parameter must be an expression")
			return 0, false
		}
		c.in(from, func() {
			x := c.val(e)
			n, ok = c.intConst(&x)
			if !ok && !x.bad() {
				c.errorf(e.Pos(), "non-type template argument is not a constant expression")
			}
		})
		return n, ok
	}
	want := map[string]int{"vec": 2, "packed_vec": 2, "matrix": 3, "array": 2, "atomic": 1, "numeric_limits": 1, "initializer_list": 1, "simdgroup_matrix": 3, "uniform": 1}[t.name]
	if want == 0 {
		return c.traitType(t.name, list, p)
	}
	if t.name == "simdgroup_matrix" && len(list) == 2 {
		list = append(list[:2:2], list[1]) // it is square unless it says otherwise
	}
	if len(list) != want {
		word := "few"
		if len(list) > want {
			word = "many"
		}
		return fail("too " + word + " template arguments for template '" + t.name + "'")
	}
	q := typeArg(0)
	if q.bad() {
		return nil
	}
	if t.name == "uniform" {
		// That all threads have the same value says nothing of the value.
		return c.typeObject(q)
	}
	made := func(ty types.Type) object { return &typeName{q: qtype{t: ty}} }
	switch t.name {
	case "vec", "packed_vec":
		n, ok := intArg(1)
		if !ok {
			return nil
		}
		b := basicOf(q.t)
		if b == nil || b.Kind < types.Bool {
			return fail("invalid vector element type " + q.quote())
		}
		if n == 1 && t.name == "vec" {
			// It may be named, but there are no such vectors.
			st := c.traitStruct("vec<" + b.String() + ", 1>")
			st.Decl = &record{name: "vec", t: st, scope: &scope{parent: c.metal.scope}, pos: p.Start}
			return made(st)
		}
		if n < 2 || n > 4 {
			return fail("vector size must be 2, 3 or 4, not " + strconv.FormatInt(n, 10))
		}
		if t.name == "packed_vec" {
			return made(types.PackedOf(b, int(n)))
		}
		return made(types.VectorOf(b, int(n)))
	case "matrix":
		cols, ok1 := intArg(1)
		rows, ok2 := intArg(2)
		if !ok1 || !ok2 {
			return nil
		}
		b := basicOf(q.t)
		if b == nil || !b.IsFloat() || cols < 2 || cols > 4 || rows < 2 || rows > 4 {
			return fail("invalid template arguments for 'matrix'")
		}
		return made(types.MatrixOf(b, int(cols), int(rows)))
	case "array":
		n, ok := intArg(1)
		if !ok {
			return nil
		}
		if n < 0 {
			return fail("array size is negative")
		}
		return made(c.tab.NamedArrayOf(q.t, n))
	case "atomic":
		b := basicOf(q.t)
		switch {
		case b == intT, b == uintT, b == boolT, b == longT, b == ulongT, b == floatT:
			return made(types.AtomicOf(b))
		}
		return fail("invalid type " + q.quote() + " for 'atomic'")
	}
	if t.name == "simdgroup_matrix" {
		cols, ok1 := intArg(1)
		rows, ok2 := intArg(2)
		b := basicOf(q.t)
		switch {
		case !ok1 || !ok2:
			return nil
		case b == nil || b.Kind < types.Bool:
			return fail("invalid element type " + q.quote() + " for 'simdgroup_matrix'")
		case cols != 8 || rows != 8:
			return fail("'simdgroup_matrix' must be 8 by 8, not " + strconv.FormatInt(cols, 10) + " by " + strconv.FormatInt(rows, 10))
		}
		return c.simdMatrix(b)
	}
	if t.name == "initializer_list" {
		return c.initializerList(q)
	}
	return c.numericLimits(q, p)
}

// fits reports whether an instance has a specialisation, so that it is defined.
func (t *classTemplate) fits(c *checker, r *record) bool {
	if t.full[c.key(r.args)] != nil {
		return true
	}
	for _, s := range t.partial {
		b := c.bindingsFor(s.params, s.scope)
		ok := false
		c.in(s.scope, func() { ok = b.unifyArg(s.decl.Name.Last().Args.Args[0], r.args[0]) })
		if ok {
			return true
		}
	}
	return false
}
