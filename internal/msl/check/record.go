package check

import (
	"strconv"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// record is a struct, class or union.
type record struct {
	t        *types.Struct
	name     string // without template arguments
	pos      source.Pos
	tag      ast.Tag
	scope    *scope
	ns       *namespace
	defined  bool
	open     bool // its members are being declared
	ctors    []*function
	convs    []*function              // conversion functions
	bases    []*record                // each is a field of its own, first
	refs     map[int]*types.Reference // members that are references
	inits    map[int]ast.Expr         // default member initialisers by field
	userCtor bool
	bad      bool // could not be instantiated, which was reported
	hidden   bool // has private or protected data members
	access   ast.Access
	accessOf map[string]ast.Access // of members that are not public
	friends  map[string]bool       // names of classes and functions
	listOf   types.Type            // the T of initializer_list<T>
	simd     *types.Basic          // the T of simdgroup_matrix<T, 8, 8>
	log      bool                  // os_log
	// Of an instance of a class template, not yet instantiated.
	instantiate func()
	depth       int // of instantiation
	args        []targ
	bound       []targ // what the parameters of the definition that fits stand for
	tmpl        *classTemplate
	late        []func() // bodies of methods, checked when the class is complete
}

// maxSize bounds the size of a type, far above what fits a device.
const maxSize = 1 << 40

// recordOf returns the checker's side of a struct type.
func recordOf(s *types.Struct) *record {
	if s == nil {
		return nil
	}
	r, _ := s.Decl.(*record)
	return r
}

// complete instantiates a class template's instance if that has not been done.
func (c *checker) complete(r *record, pos source.Pos) {
	if r != nil && r.instantiate != nil {
		f := r.instantiate
		r.instantiate = nil
		f()
	}
}

// aggregate reports whether the class can be initialised member by member.
func (r *record) aggregate() bool {
	return r == nil || !r.userCtor && !r.hidden
}

// member finds a member of a class or of its bases.
func (c *checker) member(r *record, name string) object {
	c.complete(r, r.pos)
	if o := r.scope.names[name]; o != nil {
		return o
	}
	if name == r.name && name != "" {
		return &typeName{q: qtype{t: r.t}, rec: r, pos: r.pos}
	}
	for i, b := range r.bases {
		o := c.member(b, name)
		if f, ok := o.(*field); ok {
			return &field{path: append([]int{i}, f.path...), rec: f.rec, pos: f.pos}
		}
		if o != nil {
			return o
		}
	}
	return nil
}

// recordDecl declares a struct, class or union, and defines it if it has a
// body. It returns the class.
func (c *checker) recordDecl(d *ast.RecordDecl) *record {
	name := ""
	pos := d.Start
	if d.Name != nil {
		if len(d.Name.Parts) > 1 {
			return c.nestedRecord(d)
		}
		name, pos = d.Name.Last().Ident, d.Name.Start
	}
	var r *record
	if name != "" {
		old := c.scope.names[name]
		if t := c.scope.tags[name]; t != nil {
			old = t
		}
		switch t := old.(type) {
		case nil:
		case *typeName:
			r = t.rec
			if r == nil || t.enum != nil || structOf(t.q.t) == nil || recordOf(structOf(t.q.t)) != r || r.name != name {
				c.errorf(pos, "redefinition of '%s' as different kind of symbol", name).Notef(t.pos, "previous definition is here")
				return nil
			}
			if r.defined && d.Defined {
				c.errorf(pos, "redefinition of '%s'", name).Notef(r.pos, "previous definition is here")
				return nil
			}
		case *classTemplate:
			c.errorf(pos, "redefinition of '%s' as different kind of symbol", name).Notef(t.pos, "previous definition is here")
			return nil
		}
	}
	if r == nil {
		r = c.newRecord(name, d, pos)
		if name != "" {
			t := &typeName{q: qtype{t: r.t}, pos: pos, rec: r}
			if c.scope.names[name] != nil {
				// A function or variable of the same name hides the class.
				if c.scope.tags == nil {
					c.scope.tags = make(map[string]*typeName)
				}
				c.scope.tags[name] = t
			} else {
				c.scope.set(name, t)
			}
		}
	}
	if d.Defined {
		r.pos = pos
		c.define(r, d)
	}
	return r
}

func (c *checker) newRecord(name string, d *ast.RecordDecl, pos source.Pos) *record {
	r := &record{name: name, pos: pos, tag: d.Tag}
	r.t = &types.Struct{Name: name, Union: d.Tag == ast.Union, Decl: r}
	if name == "" {
		c.records++
		at := c.fset.Position(pos)
		r.t.Name = "(unnamed " + d.Tag.String() + " at " + at.Filename + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column) + ")"
	}
	r.scope = &scope{parent: c.scope, rec: r}
	for s := c.scope; s != nil; s = s.parent {
		if s.ns != nil {
			r.ns = s.ns
			break
		}
	}
	return r
}

// define declares the members of a class, lays it out and checks the bodies
// of its methods.
func (c *checker) define(r *record, d *ast.RecordDecl) {
	r.defined, r.open = true, true
	r.access = ast.Public
	if d.Tag == ast.Class {
		r.access = ast.Private
	}
	old := c.scope
	c.scope = r.scope
	for _, b := range d.Bases {
		c.base(r, b)
	}
	for _, m := range d.Members {
		c.memberDecl(r, m)
	}
	var align int64
	for _, a := range d.Attrs {
		align = max(align, c.alignas(a))
		r.t.Packed = r.t.Packed || a.Name == "packed" || a.Name == "__packed__"
	}
	c.flexible(r)
	c.packedBits(r)
	r.t.Layout(align)
	if r.t.Size() > maxSize {
		c.errorf(r.pos, "%s '%s' is too large", r.tag, r.t.Name)
		for i := range r.t.Fields {
			r.t.Fields[i].Type = invalid // so that uses are not reported
		}
		r.t.Layout(1)
	}
	r.open = false
	late := r.late
	r.late = nil
	for _, f := range late {
		f()
	}
	c.scope = old
}

// flexible reports an array of no length that is not the last member.
func (c *checker) flexible(r *record) {
	for i := range r.t.Fields {
		fd := &r.t.Fields[i]
		if a := arrayOf(fd.Type); a == nil || a.Len >= 0 || i == len(r.t.Fields)-1 && !r.t.Union {
			continue
		}
		f, _ := r.scope.names[fd.Name].(*field)
		if f == nil {
			continue
		}
		if r.t.Union {
			c.errorf(f.pos, "flexible array member '%s' in a union is not allowed", fd.Name)
		} else {
			d := c.errorf(f.pos, "flexible array member '%s' with type %s is not at the end of %s '%s'", fd.Name, quote(fd.Type), r.tag, r.t.Name)
			if next, _ := r.scope.names[r.t.Fields[i+1].Name].(*field); next != nil {
				d.Notef(next.pos, "next field declaration is here")
			}
		}
		fd.Type = invalid
	}
}

func (c *checker) base(r *record, b *ast.Base) {
	if b.Pack {
		scopes, _ := c.expansion(b.Type, b.Start)
		plain := *b
		plain.Pack = false
		for _, s := range scopes {
			c.in(s, func() { c.base(r, &plain) })
		}
		return
	}
	if b.Virtual {
		c.errorf(b.Start, "virtual base classes are not supported in Metal")
		return
	}
	q := c.typ(b.Type)
	s := structOf(q.t)
	if s == nil {
		if !q.bad() {
			c.errorf(b.Type.Pos(), "base specifier must name a class")
		}
		return
	}
	br := recordOf(s)
	c.complete(br, b.Start)
	if !s.Complete() {
		c.errorf(b.Type.Pos(), "base class has incomplete type")
		return
	}
	if len(s.Fields) == 0 {
		// An empty base takes no room; it is kept for its names only.
		r.bases = append(r.bases, br)
		r.t.Fields = append(r.t.Fields, types.Field{Name: "", Type: s, ID: -1})
		return
	}
	r.bases = append(r.bases, br)
	r.t.Fields = append(r.t.Fields, types.Field{Name: "", Type: s, ID: -1})
	r.userCtor = r.userCtor || br.userCtor
}

func (c *checker) memberDecl(r *record, m ast.Decl) {
	switch m := m.(type) {
	case *ast.AccessDecl:
		r.access = m.Access
	case *ast.FieldDecl:
		c.fieldDecl(r, m)
	case *ast.FuncDecl:
		c.methodDecl(r, m)
	case *ast.VarDecl:
		c.staticMember(r, m)
	case *ast.FriendDecl:
		c.friendDecl(r, m)
	case *ast.UsingDecl:
		if r.open && len(m.Name.Parts) > 1 {
			if res := c.resolve(m.Name, false); res.obj != nil {
				if o, ok := res.obj.(*overloads); ok {
					r.scope.set(o.name, merge(r.scope.names[o.name], o))
				}
			}
		}
	default:
		c.decl(m)
		c.defineNested(r, m)
		if r.access != ast.Public {
			r.restrictType(m)
		}
	}
}

func (c *checker) friendDecl(r *record, m *ast.FriendDecl) {
	befriend := func(n *ast.Name) {
		if n == nil {
			return
		}
		if r.friends == nil {
			r.friends = make(map[string]bool)
		}
		r.friends[partName(n.Last())] = true
	}
	switch d := m.Decl.(type) {
	case *ast.FuncDecl:
		befriend(d.Name)
	case *ast.RecordDecl:
		befriend(d.Name)
	case *ast.TemplateDecl:
		switch d := d.Decl.(type) {
		case *ast.FuncDecl:
			befriend(d.Name)
		case *ast.RecordDecl:
			befriend(d.Name)
		}
	}
	switch t := m.Type.(type) {
	case *ast.NamedType:
		befriend(t.Name)
	case *ast.TagType:
		befriend(t.Name)
	}
	f, ok := m.Decl.(*ast.FuncDecl)
	if !ok {
		if t, isTmpl := m.Decl.(*ast.TemplateDecl); isTmpl {
			c.in(enclosingNamespace(c.scope), func() { c.decl(t) })
		}
		return
	}
	// A friend defined in the class is a function of the namespace.
	ns := enclosingNamespace(c.scope)
	g := c.newFunction(f)
	if g == nil {
		return
	}
	g.scope = c.scope
	c.in(ns, func() {
		if g = c.declareFunc(g); g != nil && f.Body != nil {
			h := g
			r.late = append(r.late, func() { c.body(h) })
		}
	})
}

func enclosingNamespace(s *scope) *scope {
	for s.ns == nil && s.parent != nil {
		s = s.parent
	}
	return s
}

func (c *checker) fieldDecl(r *record, d *ast.FieldDecl) {
	q := c.typeFor(d.Type, d.Name)
	pos := d.NamePos
	if !pos.IsValid() {
		pos = d.Start
	}
	if d.Bits != nil {
		c.bitField(r, d, q, pos)
		return
	}
	if c.functionPointer(q.t, pos) {
		q = qtype{t: invalid}
	}
	if q.t == types.Type(autoType) {
		c.errorf(d.Type.Pos(), "'auto' not allowed in non-static %s member", r.tag)
		q = qtype{t: invalid}
	}
	if q.spaced && pointerOf(q.t) == nil {
		if _, ref := q.t.(*types.Reference); !ref && q.space != types.Thread {
			c.errorf(pos, "field may not be qualified with an address space")
		}
	}
	t := q.t
	if s := structOf(t); s != nil {
		c.complete(recordOf(s), pos)
	}
	if !q.bad() && incomplete(t) {
		if a := arrayOf(t); a == nil || a.Len >= 0 {
			d2 := c.errorf(pos, "field has incomplete type %s", q.quote())
			if s := structOf(t); s != nil {
				d2.Notef(recordOf(s).pos, "definition of '%s' is not complete until the closing '}'", s.Name)
			}
			t = invalid
		}
	}
	id := -1
	for _, a := range d.Attrs {
		switch {
		case a.Name == "id" && a.Style == ast.AttrBracket:
			if v, ok := c.attrInt(a); ok {
				id = int(v)
			}
		}
	}
	i := len(r.t.Fields)
	if ref, ok := t.(*types.Reference); ok {
		// A reference in memory is a pointer that is followed wherever it is
		// named.
		t = c.tab.PointerTo(ref.Elem, ref.Space, ref.Const, ref.Volatile)
		if r.refs == nil {
			r.refs = make(map[int]*types.Reference)
		}
		r.refs[i] = ref
		q.c = false
	}
	var align int64
	for _, a := range d.Attrs {
		align = max(align, c.alignas(a))
	}
	r.t.Fields = append(r.t.Fields, types.Field{Name: d.Name, Type: t, Const: q.c, Align: align, ID: id})
	if r.access != ast.Public {
		r.hidden = true
	}
	if d.Init != nil {
		if r.inits == nil {
			r.inits = make(map[int]ast.Expr)
		}
		r.inits[i] = d.Init
	}
	if d.Name == "" {
		// The members of an anonymous struct or union are also ours.
		if s := structOf(t); s != nil {
			for name, o := range recordOf(s).scope.names {
				if f, ok := o.(*field); ok {
					c.scope.set(name, &field{path: append([]int{i}, f.path...), rec: r, pos: f.pos})
				}
			}
		}
		return
	}
	if old := r.scope.names[d.Name]; old != nil {
		c.errorf(pos, "duplicate member '%s'", d.Name).Notef(old.where(), "previous declaration is here")
		return
	}
	r.scope.set(d.Name, &field{path: []int{i}, rec: r, pos: pos})
	r.restrict(d.Name)
}

// needsInit reports whether an object of the class is not just zero.
func (r *record) needsInit() bool {
	if r.userCtor || len(r.inits) > 0 {
		return true
	}
	for i := range r.t.Fields {
		t := r.t.Fields[i].Type
		for arrayOf(t) != nil {
			t = arrayOf(t).Elem
		}
		if s := structOf(t); s != nil && recordOf(s) != r && recordOf(s).needsInit() {
			return true
		}
	}
	return false
}

func (c *checker) alignas(a *ast.Attribute) int64 {
	if a.Name != "alignas" && a.Name != "aligned" && a.Name != "__aligned__" || len(a.Args) != 1 {
		return 0
	}
	switch x := a.Args[0].(type) {
	case ast.Expr:
		v := c.expr(x)
		if v.kind == opType {
			return v.q.t.Align()
		}
		c.rvalue(&v)
		if n, ok := c.intConst(&v); ok {
			if n <= 0 || n&(n-1) != 0 || n > 1<<16 {
				c.errorf(x.Pos(), "requested alignment is not a power of 2")
				return 0
			}
			return n
		}
		if !v.bad() {
			c.errorf(x.Pos(), "'alignas' attribute requires integer constant")
		}
	case ast.Type:
		if q := c.typ(x); !q.bad() {
			return q.t.Align()
		}
	}
	return 0
}

// staticMember declares a static data member.
func (c *checker) staticMember(r *record, d *ast.VarDecl) {
	if d.Name == nil || !d.Name.IsSimple() {
		return
	}
	if d.Specs.Storage != ast.Static {
		c.errorf(d.Name.Start, "data member '%s' must be static", d.Name.Simple())
		return
	}
	if v := c.globalVar(d); v != nil {
		v.quietUnused = true
		r.restrict(d.Name.Simple())
	}
}

// isBaseOf reports whether b is a class and a a base of it.
func isBaseOf(a, b types.Type) bool {
	s, t := structOf(a), structOf(b)
	if s == nil || t == nil || s == t {
		return false
	}
	r := recordOf(t)
	if r == nil {
		return false
	}
	for _, base := range r.bases {
		if base.t == s || isBaseOf(s, base.t) {
			return true
		}
	}
	return false
}

// upcast sees an object as one of its base classes.
func (c *checker) upcast(e sem.Expr, to types.Type) sem.Expr {
	for e.Type() != to {
		r := recordOf(structOf(e.Type()))
		if r == nil {
			return e
		}
		next := -1
		for i, b := range r.bases {
			if types.Type(b.t) == to || isBaseOf(to, b.t) {
				next = i
				break
			}
		}
		if next < 0 {
			return e
		}
		e = &sem.Field{Typed: typed(r.bases[next].t, e.Pos()), X: e, Index: next}
	}
	return e
}
