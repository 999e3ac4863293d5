package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// object is what a name stands for: one of *variable, *typeName, *overloads,
// *enumerator, *namespace, *field, *classTemplate, *aliasTemplate, *varTemplate,
// *libTemplate, *boundValue, *binding and *pack.
type object interface{ where() source.Pos }

// variable is a variable, parameter or static data member.
type variable struct {
	sem  *sem.Var
	q    qtype // of what it holds; of a reference, of what that refers to
	pos  source.Pos
	ref  bool // declared as a reference
	used bool
	// elems is the value of a constant aggregate.
	elems *cval
	// quietUnused is set where clang does not warn about a variable that is
	// never read.
	quietUnused bool
	constexpr   bool
	owner       *funcState // the function it is a local variable of
}

// typeName is a typedef, alias, class, enumeration or bound template parameter.
type typeName struct {
	q    qtype
	pos  source.Pos
	rec  *record
	enum *enumType
}

// enumType is an enumeration and its enumerators.
type enumType struct {
	t    *types.Enum
	list map[string]*enumerator
	name string
}

type enumerator struct {
	t   types.Type
	v   uint64
	pos source.Pos
}

// namespace is a namespace; lib is set for those of the library, in mode.
type namespace struct {
	name    string
	scope   *scope
	parent  *namespace
	inlines []*namespace
	lib     bool
	mode    sem.Mode
	pos     source.Pos
}

// overloads are the functions of one name: those of the program, and those of
// the library.
type overloads struct {
	name  string
	funcs []*function
	lib   []libSet
}

type libSet struct {
	mode  sem.Mode
	funcs []*stdlib.Func
}

// field is a data member; path leads to it through anonymous members.
type field struct {
	path []int
	rec  *record
	pos  source.Pos
}

// libTemplate is a class template of the library: vec, matrix, array, atomic,
// packed_vec, numeric_limits….
type libTemplate struct{ name string }

// boundValue is a non-type template parameter, bound.
type boundValue struct {
	c   *sem.Const
	pos source.Pos
	fn  *overloads // a function as argument
}

func (v *variable) where() source.Pos   { return v.pos }
func (t *typeName) where() source.Pos   { return t.pos }
func (e *enumerator) where() source.Pos { return e.pos }
func (n *namespace) where() source.Pos  { return n.pos }
func (f *field) where() source.Pos      { return f.pos }
func (*libTemplate) where() source.Pos  { return source.NoPos }
func (b *boundValue) where() source.Pos { return b.pos }
func (o *overloads) where() source.Pos {
	if len(o.funcs) > 0 {
		return o.funcs[0].pos
	}
	return source.NoPos
}

// scope is a region of the program in which names are declared.
type scope struct {
	parent *scope
	names  map[string]object
	tags   map[string]*typeName // classes and enumerations hidden by another thing of their name
	usings []*namespace
	ns     *namespace // of a namespace's scope
	rec    *record    // of a class's scope
	fn     bool       // the outermost scope of a function
	tmpl   bool       // holds template parameters
}

func (c *checker) push() *scope {
	c.scope = &scope{parent: c.scope}
	return c.scope
}

func (c *checker) pop() { c.scope = c.scope.parent }

// in runs f with the given scope.
func (c *checker) in(s *scope, f func()) {
	old := c.scope
	c.scope = s
	f()
	c.scope = old
}

func (s *scope) set(name string, o object) {
	if s.names == nil {
		s.names = make(map[string]object)
	}
	s.names[name] = o
}

// universe makes the outermost scopes: the global namespace and those of the
// library.
func (c *checker) universe() {
	c.global = &namespace{}
	c.global.scope = &scope{ns: c.global}
	sub := func(parent *namespace, name string, mode sem.Mode) *namespace {
		n := &namespace{name: name, parent: parent, lib: true, mode: mode}
		n.scope = &scope{parent: parent.scope, ns: n}
		parent.scope.set(name, n)
		return n
	}
	c.metal = sub(c.global, "metal", sem.Default)
	sub(c.metal, "fast", sem.Fast)
	sub(c.metal, "precise", sem.Precise)
	simd := sub(c.global, "simd", sem.Default)
	simd.mode = simdTypes
	c.scope = c.global.scope
}

// simdTypes marks namespace simd, which has the types of metal only.
const simdTypes = sem.Mode(255)

// libTypes makes the objects of the library's types once a check; they are
// looked up often.
func (c *checker) libObject(n *namespace, name string) object {
	if n.mode == simdTypes {
		if stdlib.IsGlobal(name) {
			return &typeName{q: qtype{t: stdlib.TypeNamed(name)}}
		}
		return nil
	}
	if list := stdlib.Lookup(name, n.mode); list != nil {
		return &overloads{name: name, lib: []libSet{{n.mode, list}}}
	}
	if n.mode != sem.Default {
		return nil
	}
	if isLibSpecial(name) {
		return &overloads{name: name}
	}
	if t := stdlib.TypeNamed(name); t != nil {
		tn := &typeName{q: qtype{t: t}}
		if e := stdlib.EnumNamed(name); e != nil {
			tn.enum = libEnum(e)
		}
		return tn
	}
	if o := stdlib.TextureOption(name); o != nil {
		return &typeName{q: qtype{t: o}}
	}
	if t, v, ok := stdlib.Enumerator(name); ok {
		return &enumerator{t: t, v: uint64(v)}
	}
	if name == "true_type" || name == "false_type" {
		return c.traitObject(name, nil, false, &ast.NamePart{})
	}
	if o := c.simdMatrixNamed(name); o != nil {
		return o
	}
	switch name {
	case "os_log":
		return c.osLog()
	case "os_log_default":
		return c.osLogDefault()
	}
	if isLibTemplate(name) {
		return &libTemplate{name}
	}
	if name == "_numeric_limits_impl" {
		if c.limitsImpl == nil {
			c.limitsImpl = &classTemplate{name: name, scope: c.metal.scope,
				params: []ast.Decl{&ast.TypeParam{Name: "T"}}, decl: &ast.RecordDecl{},
				instances: make(map[string]*record), full: make(map[string]*ast.RecordDecl)}
		}
		return c.limitsImpl
	}
	return nil
}

func libEnum(e *stdlib.Enum) *enumType {
	et := &enumType{t: e.Type, name: e.Type.Name, list: make(map[string]*enumerator)}
	for i, n := range e.Names {
		et.list[n] = &enumerator{t: e.Type, v: uint64(e.Values[i])}
	}
	return et
}

// isLibTemplate reports whether name is a class template of the library that
// the checker knows.
func isLibTemplate(name string) bool {
	switch name {
	case "vec", "packed_vec", "matrix", "array", "atomic", "numeric_limits", "initializer_list", "simdgroup_matrix", "uniform":
		return true
	}
	return isTextureTemplate(name) || isTrait(name)
}

// isLibSpecial reports whether name is a library function that takes other
// things than values.
func isLibSpecial(name string) bool {
	switch name {
	case "is_function_constant_defined", "is_null_texture",
		"simdgroup_load", "simdgroup_store", "simdgroup_multiply", "simdgroup_multiply_accumulate", "make_filled_simdgroup_matrix", "make_uniform":
		return true
	}
	return false
}

// inNamespace looks a name up in a namespace: what the program declared there,
// the library's, and what its using directives bring.
func (c *checker) inNamespace(n *namespace, name string, seen map[*namespace]bool) object {
	if seen == nil {
		seen = make(map[*namespace]bool)
	}
	if seen[n] {
		return nil
	}
	seen[n] = true
	found := n.scope.names[name]
	if n.lib {
		found = merge(found, c.libObject(n, name))
	}
	for _, sub := range n.inlines {
		found = merge(found, c.inNamespace(sub, name, seen))
	}
	return found
}

// merge joins what two namespaces have under one name. Functions overload; of
// other things the first, the program's, hides the second.
func merge(a, b object) object {
	if a == nil {
		return b
	}
	f, ok1 := a.(*overloads)
	g, ok2 := b.(*overloads)
	if !ok1 || !ok2 || f == g {
		return a
	}
	m := &overloads{name: f.name, funcs: f.funcs, lib: f.lib}
	for _, fn := range g.funcs {
		dup := false
		for _, have := range m.funcs {
			dup = dup || have == fn
		}
		if !dup {
			m.funcs = append(m.funcs[:len(m.funcs):len(m.funcs)], fn)
		}
	}
	for _, l := range g.lib {
		dup := false
		for _, have := range m.lib {
			dup = dup || have.mode == l.mode
		}
		if !dup {
			m.lib = append(m.lib[:len(m.lib):len(m.lib)], l)
		}
	}
	return m
}

// lookup finds what an unqualified name stands for here, or nil.
func (c *checker) lookup(name string) object {
	var open []*namespace // nominated by using directives on the way out
	for s := c.scope; s != nil; s = s.parent {
		open = append(open, s.usings...)
		if s.rec != nil {
			if o := c.member(s.rec, name); o != nil {
				return o
			}
			continue
		}
		if s.ns == nil {
			if o := s.names[name]; o != nil {
				return o
			}
			continue
		}
		seen := make(map[*namespace]bool)
		found := c.inNamespace(s.ns, name, seen)
		// A using directive acts as if its names stood in the innermost
		// namespace that holds both; taking them where they are met, and again
		// farther out, finds the same in all but contrived programs.
		for i := 0; i < len(open); i++ {
			found = merge(found, c.inNamespace(open[i], name, seen))
			for _, u := range open[i].scope.usings {
				if !seen[u] {
					open = append(open, u)
				}
			}
		}
		if found != nil {
			return found
		}
	}
	if stdlib.IsGlobal(name) {
		return &typeName{q: qtype{t: stdlib.TypeNamed(name)}}
	}
	if t := c.libStruct(name); t != nil {
		return t
	}
	return nil
}

// libStruct returns a struct of the library that the host shares, declared
// when it is first named.
func (c *checker) libStruct(name string) object {
	list := stdlib.StructFields(name)
	if list == nil {
		return nil
	}
	r := &record{name: name, defined: true, ns: c.global}
	r.t = &types.Struct{Name: name, Decl: r}
	r.scope = &scope{parent: c.global.scope, rec: r}
	for i, f := range list {
		t := f.Type
		if f.Len > 0 {
			t = c.tab.ArrayOf(t, f.Len)
		}
		r.t.Fields = append(r.t.Fields, types.Field{Name: f.Name, Type: t, ID: -1})
		r.scope.set(f.Name, &field{path: []int{i}, rec: r})
	}
	r.t.Layout(0)
	t := &typeName{q: qtype{t: r.t}, rec: r}
	c.global.scope.set(name, t)
	return t
}

// declare adds a name to the current scope. Functions are added to their
// overloads by declareFunc. what is the thing declared, for the message.
func (c *checker) declare(name string, o object, pos source.Pos) bool {
	s := c.scope
	old := s.names[name]
	if old == nil {
		s.set(name, o)
		return true
	}
	if t, ok := old.(*typeName); ok && (t.rec != nil || t.enum != nil) {
		if _, isType := o.(*typeName); !isType {
			if s.tags == nil {
				s.tags = make(map[string]*typeName)
			}
			s.tags[name] = t
			s.set(name, o)
			return true
		}
	}
	if t, ok := o.(*typeName); ok {
		if u, ok := old.(*typeName); ok {
			if t.q.t == u.q.t {
				return true // typedefs may be repeated
			}
			if t.q.bad() || u.q.bad() {
				return true
			}
			c.errorf(pos, "typedef redefinition with different types (%s vs %s)", t.q.quote(), u.q.quote()).
				Notef(u.pos, "previous definition is here")
			return false
		}
	}
	v1, isVar1 := o.(*variable)
	v2, isVar2 := old.(*variable)
	switch {
	case isVar1 && isVar2 && v1.q.t != v2.q.t && !v1.q.bad() && !v2.q.bad():
		c.errorf(pos, "redefinition of '%s' with a different type: %s vs %s", name, v1.q.quote(), v2.q.quote()).
			Notef(v2.pos, "previous definition is here")
	case isVar1 && isVar2:
		c.errorf(pos, "redefinition of '%s'", name).Notef(v2.pos, "previous definition is here")
	default:
		d := c.errorf(pos, "redefinition of '%s' as different kind of symbol", name)
		if old.where().IsValid() {
			d.Notef(old.where(), "previous definition is here")
		}
	}
	return false
}

// named is the outcome of resolving a possibly qualified name.
type named struct {
	obj  object
	rec  *record // the class it was looked up in, of a qualified name
	args *ast.TemplateArgs
	part *ast.NamePart
}

// resolve finds what a name stands for. If there is nothing, it reports that,
// as an identifier or as a type, and obj is nil. invalid is set if a part
// before the last was wrong.
func (c *checker) resolve(n *ast.Name, asType bool) named {
	last := n.Last()
	r := named{part: last, args: last.Args}
	name := partName(last)
	if len(n.Parts) == 1 && !n.Global {
		r.obj = c.lookup(name)
		if r.obj == nil && name != "" {
			c.undeclared(name, last.Start, asType, last.Args != nil)
		}
		return r
	}
	ns, rec := c.global, (*record)(nil)
	var enum *enumType
	for i := range n.Parts[:len(n.Parts)-1] {
		p := &n.Parts[i]
		var o object
		switch {
		case p.Kind == ast.NameDecltype:
			q := c.typ(p.Type)
			o = &typeName{q: q}
			if st := structOf(q.t); st != nil {
				o = &typeName{q: q, rec: recordOf(st)}
			}
			if q.bad() {
				return r
			}
		case i == 0 && !n.Global:
			o = c.lookup(p.Ident)
			if o == nil {
				c.undeclared(p.Ident, p.Start, false, false)
				return r
			}
		case rec != nil:
			o = c.member(rec, p.Ident)
			if o != nil && !c.accessible(rec, p.Ident, o, p.Start) {
				return r
			}
		default:
			o = c.inNamespace(ns, p.Ident, nil)
		}
		if o == nil {
			c.noMember(p.Ident, p.Start, ns, rec)
			return r
		}
		if p.Args != nil {
			if o = c.instantiateType(o, p); o == nil {
				return r
			}
		}
		switch o := o.(type) {
		case *namespace:
			ns, rec = o, nil
			continue
		case *typeName:
			if o.enum != nil {
				enum, rec = o.enum, nil
				if i == len(n.Parts)-2 {
					e := enum.list[name]
					if e == nil && enum.t.Name == "simd_vote" && name == "vote_t" {
						r.obj = &typeName{q: qtype{t: ulongT}}
						return r
					}
					if e == nil && enum.t.Name == "quad_vote" && name == "vote_t" {
						r.obj = &typeName{q: qtype{t: uintT}}
						return r
					}
					if e == nil {
						c.errorf(last.Start, "no member named '%s' in '%s'", name, enum.name)
						return r
					}
					r.obj = e
					return r
				}
			}
			if st := structOf(o.q.t); st != nil {
				rec = recordOf(st)
				c.complete(rec, p.Start)
				continue
			}
			if o.q.bad() {
				return r
			}
			c.errorf(p.Start, "type '%s' cannot be used prior to '::' because it has no members", o.q)
			return r
		case *classTemplate:
			if c.scopeRecordOf(o) != nil {
				rec = c.scopeRecordOf(o)
				continue
			}
		}
		c.errorf(p.Start, "'%s' is not a class, namespace, or enumeration", p.Ident)
		return r
	}
	if rec != nil {
		r.rec = rec
		r.obj = c.member(rec, name)
		if r.obj == nil && name == rec.name {
			r.obj = &typeName{q: qtype{t: rec.t}, rec: rec}
		}
	} else {
		r.obj = c.inNamespace(ns, name, nil)
		if r.obj == nil {
			for _, u := range ns.scope.usings {
				r.obj = merge(r.obj, c.inNamespace(u, name, nil))
			}
		}
		if r.obj == nil && ns == c.global && stdlib.IsGlobal(name) {
			r.obj = &typeName{q: qtype{t: stdlib.TypeNamed(name)}}
		}
	}
	if r.obj == nil {
		c.noMember(name, last.Start, ns, rec)
	} else if rec != nil && !c.accessible(rec, name, r.obj, last.Start) {
		r.obj = nil
	}
	return r
}

func (c *checker) noMember(name string, pos source.Pos, ns *namespace, rec *record) {
	switch {
	case rec != nil && rec.bad:
		c.failed = true // it was reported that there is no such class
	case rec != nil:
		c.errorf(pos, "no member named '%s' in '%s'", name, rec.t.Name)
	case ns == c.global:
		c.errorf(pos, "no member named '%s' in the global namespace", name)
	case ns.lib && isKnownElsewhere(name):
		c.unsupported(pos, "'metal::"+name+"' is")
	default:
		c.errorf(pos, "no member named '%s' in namespace '%s'", name, ns.path())
	}
}

// path returns the qualified name of a namespace.
func (n *namespace) path() string {
	if n.parent == nil || n.parent.name == "" {
		return n.name
	}
	return n.parent.path() + "::" + n.name
}

// partName returns the name under which a part of a name is declared.
func partName(p *ast.NamePart) string {
	switch p.Kind {
	case ast.NameOperator:
		return "operator" + string(p.Op)
	case ast.NameDtor:
		return "~" + p.Ident
	case ast.NameConversion:
		return "operator"
	}
	return p.Ident
}
