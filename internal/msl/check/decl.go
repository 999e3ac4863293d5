package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// decls checks the declarations of a file, namespace or class, in order.
func (c *checker) decls(list []ast.Decl) {
	for _, d := range list {
		c.decl(d)
	}
}

// decl checks a declaration outside of functions.
func (c *checker) decl(d ast.Decl) {
	if !c.enter(d.Pos()) {
		c.leave()
		return
	}
	defer c.leave()
	switch d := d.(type) {
	case *ast.FuncDecl:
		c.funcDecl(d)
	case *ast.VarDecl:
		c.globalVar(d)
	case *ast.NamespaceDecl:
		c.namespaceDecl(d)
	case *ast.LinkageDecl:
		c.decls(d.Decls)
	case *ast.TemplateDecl:
		c.templateDecl(d)
	case *ast.ExplicitInstantiation:
		c.explicitInstantiation(d)
	default:
		c.commonDecl(d)
	}
}

// commonDecl checks a declaration that means the same in and out of functions.
func (c *checker) commonDecl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.TypedefDecl:
		c.typedef(d.Name, d.NamePos, c.vectorised(d))
	case *ast.AliasDecl:
		c.typedef(d.Name, d.NamePos, d.Type)
	case *ast.RecordDecl:
		c.tagType(&ast.TagType{Span: d.Span, Tag: d.Tag, Name: d.Name, Decl: d})
	case *ast.EnumDecl:
		c.tagType(&ast.TagType{Span: d.Span, Tag: ast.Enum, Name: d.Name, Decl: d})
	case *ast.NamespaceAlias:
		if ns := c.namespaceNamed(d.Target); ns != nil {
			c.scope.set(d.Name, ns)
		}
	case *ast.UsingDirective:
		if ns := c.namespaceNamed(d.Name); ns != nil {
			c.scope.usings = append(c.scope.usings, ns)
		}
	case *ast.UsingDecl:
		c.usingDecl(d)
	case *ast.StaticAssert:
		c.staticAssert(d)
	case *ast.BindingDecl:
		c.errorf(d.Start, "decomposition declaration not permitted in this context")
	case *ast.FriendDecl:
		c.errorf(d.Start, "'friend' used outside of class")
	}
}

// vectorised is the type of a typedef, a vector if it has the attribute for that.
func (c *checker) vectorised(d *ast.TypedefDecl) ast.Type {
	for _, a := range d.Attrs {
		if a.Name != "ext_vector_type" && a.Name != "__ext_vector_type__" {
			continue
		}
		n, ok := c.attrInt(a)
		if !ok {
			return d.Type
		}
		q := c.typ(d.Type)
		b := basicOf(q.t)
		switch {
		case q.bad():
		case b == nil || b.Kind < types.Bool:
			c.errorf(a.Start, "invalid vector element type %s", q.quote())
			q.t = invalid
		case n < 2 || n > 4:
			c.errorf(a.Start, "vectors of %d components are not supported in Metal: they have 2, 3 or 4", n)
			q.t = invalid
		default:
			q.t = types.VectorOf(b, int(n))
		}
		return &resolvedType{&ast.NamedType{Span: d.Span}, q}
	}
	return d.Type
}

func (c *checker) typedef(name string, pos source.Pos, t ast.Type) {
	q := c.typ(t)
	if isAuto(q.t) {
		c.errorf(pos, "'auto' not allowed in type alias")
		q = qtype{t: invalid}
	}
	if name == "" {
		return
	}
	if s := structOf(q.t); s != nil {
		// typedef struct { … } S names the class.
		if r := recordOf(s); r != nil && r.name == "" {
			r.name, s.Name = name, name
		}
	}
	if e := enumOf(q.t); e != nil && e.Name == "(unnamed enum)" {
		e.Name = name
	}
	tn := &typeName{q: q, pos: pos}
	if s := structOf(q.t); s != nil {
		tn.rec = recordOf(s)
	}
	if tag, ok := t.(*ast.TagType); ok {
		if d, ok := tag.Decl.(*ast.EnumDecl); ok && d.Name == nil {
			_ = d
		}
	}
	tn.enum = c.enumTypeOf(q.t)
	c.declare(name, tn, pos)
}

// enumTypeOf finds the enumerators of an enumeration, if it is in scope.
func (c *checker) enumTypeOf(t types.Type) *enumType {
	e := enumOf(t)
	if e == nil {
		return nil
	}
	if tn, ok := c.lookup(e.Name).(*typeName); ok && tn.q.t == t {
		return tn.enum
	}
	return nil
}

func (c *checker) namespaceDecl(d *ast.NamespaceDecl) {
	s := c.scope
	ns, _ := s.names[d.Name].(*namespace)
	if ns == nil {
		if old := s.names[d.Name]; old != nil && d.Name != "" {
			c.errorf(d.NamePos, "redefinition of '%s' as different kind of symbol", d.Name).Notef(old.where(), "previous definition is here")
			return
		}
		ns = &namespace{name: d.Name, parent: s.ns, pos: d.NamePos}
		ns.scope = &scope{parent: s, ns: ns}
		s.set(d.Name, ns)
		if d.Inline || d.Name == "" {
			if s.ns != nil {
				s.ns.inlines = append(s.ns.inlines, ns)
			}
		}
	}
	c.in(ns.scope, func() { c.decls(d.Decls) })
}

// namespaceNamed finds a namespace by name, or reports that there is none.
func (c *checker) namespaceNamed(n *ast.Name) *namespace {
	ns := (*namespace)(nil)
	if n.Global {
		ns = c.global
	}
	for i := range n.Parts {
		p := &n.Parts[i]
		var o object
		if ns == nil {
			o = c.lookup(p.Ident)
		} else {
			o = c.inNamespace(ns, p.Ident, nil)
		}
		next, ok := o.(*namespace)
		if !ok {
			if o == nil && i == 0 {
				c.errorf(p.Start, "expected namespace name")
			} else if o == nil && ns != nil && ns.lib && isKnownNamespace(p.Ident) {
				c.unsupported(p.Start, "namespace 'metal::"+p.Ident+"' is")
			} else {
				c.errorf(p.Start, "expected namespace name")
			}
			return nil
		}
		ns = next
	}
	return ns
}

// usingDecl brings one name into the scope.
func (c *checker) usingDecl(d *ast.UsingDecl) {
	if len(d.Name.Parts) < 2 && !d.Name.Global {
		c.errorf(d.Name.Start, "using declaration requires a qualified name")
		return
	}
	r := c.resolve(d.Name, false)
	if r.obj == nil {
		return
	}
	name := partName(r.part)
	if o, ok := r.obj.(*overloads); ok {
		if m, ok := merge(c.scope.names[name], o).(*overloads); ok {
			c.scope.set(name, m)
			return
		}
	}
	if old := c.scope.names[name]; old != nil {
		t, ok1 := old.(*typeName)
		u, ok2 := r.obj.(*typeName)
		if !(ok1 && ok2 && t.q.t == u.q.t) && old != r.obj {
			c.errorf(r.part.Start, "target of using declaration conflicts with declaration already in scope").
				Notef(old.where(), "conflicting declaration")
			return
		}
	}
	c.scope.set(name, r.obj)
}

func (c *checker) staticAssert(d *ast.StaticAssert) {
	x := c.expr(d.Cond)
	if x.kind != opLvalue {
		c.rvalue(&x)
	}
	v, ok := c.boolConst(&x)
	if x.bad() {
		return
	}
	if !ok {
		c.errorf(d.Cond.Pos(), "static_assert expression is not an integral constant expression")
		return
	}
	if !v {
		msg := ""
		if d.Msg != nil {
			msg = ": " + d.Msg.Value
		} else {
			c.errorf(d.Cond.Pos(), "static_assert failed")
			return
		}
		c.errorf(d.Start, "static_assert failed%s", msg)
	}
}

// newFunction makes a function from its declaration, without declaring it.
func (c *checker) newFunction(d *ast.FuncDecl) *function {
	f := &function{
		name:      partName(d.Name.Last()),
		pos:       d.Name.Last().Start,
		decl:      d,
		scope:     c.scope,
		constexpr: d.Specs.Constexpr,
		explicit:  d.Specs.Explicit,
		variadic:  d.Type.Variadic,
		deleted:   d.Delete,
		defaulted: d.Default,
		defined:   d.Body != nil,
		kernel:    c.stage(d),
		attrs:     d.Attrs,
		inline:    d.Specs.Inline || d.Specs.Storage == ast.Static,
	}
	f.params = c.paramsOf(d.Type, true)
	switch {
	case d.Kind == ast.Conversion:
		f.result = c.typ(d.Name.Last().Type)
		f.name = "operator " + f.result.String()
	case d.Type.Trailing:
		// It may name the parameters.
		c.in(c.paramScope(d.Type, f.params), func() { f.result = c.typ(d.Type.Result) })
	case d.Type.Result != nil:
		f.result = c.typ(d.Type.Result)
	}
	if a := arrayOf(f.result.t); a != nil && !a.Named {
		c.errorf(f.pos, "function cannot return array type %s", f.result.quote())
		f.result = qtype{t: invalid}
	}
	if _, ok := f.result.t.(*types.Function); ok {
		c.errorf(f.pos, "function cannot return function type %s", f.result.quote())
		f.result = qtype{t: invalid}
	}
	if f.result.spaced && f.result.space != types.Thread {
		if _, ref := f.result.t.(*types.Reference); !ref && pointerOf(f.result.t) == nil {
			c.errorf(f.pos, "return type cannot be qualified with address space")
			f.result = qtype{t: invalid}
		}
	}
	f.sem = &sem.Func{Name: f.name, Result: f.result.t, Pos: f.pos}
	if f.constexpr {
		c.markConstexpr(f.sem)
	}
	return f
}

// stage returns the stage of a function: by keyword or by attribute.
func (c *checker) stage(d *ast.FuncDecl) ast.Stage {
	if d.Specs.Stage != ast.NoStage {
		return d.Specs.Stage
	}
	for _, a := range d.Attrs {
		switch a.Name {
		case "kernel":
			return ast.Kernel
		case "vertex":
			return ast.Vertex
		case "fragment":
			return ast.Fragment
		}
	}
	return ast.NoStage
}

// funcDecl declares a function and checks its body.
func (c *checker) funcDecl(d *ast.FuncDecl) {
	if d.Name != nil && len(d.Name.Parts) > 1 {
		c.outOfClass(d)
		return
	}
	if d.Specs.Virtual {
		c.errorf(d.Start, "'virtual' can only appear on non-static member functions")
		return
	}
	if d.Kind == ast.DeductGuide {
		c.deductionGuide(nil, d)
		return
	}
	if d.Kind != ast.Function {
		c.errorf(d.Name.Start, "expected a function declaration outside of a class")
		return
	}
	if d.Name.Last().Args != nil {
		c.errorf(d.Name.Start, "template specialization requires 'template<>'")
		return
	}
	if st := c.stage(d); st == ast.Vertex || st == ast.Fragment {
		// The kernels beside it are still of use.
		c.diags.Warnf(d.Name.Start, "%s functions are not supported yet: '%s' is left out of the library", st, partName(d.Name.Last()))
		return
	}
	f := c.newFunction(d)
	f = c.declareFunc(f)
	if f == nil {
		return
	}
	c.defaultsToTheEnd(f)
	if f.kernel == ast.Kernel {
		c.kernelFunc(f)
	}
	if d.Body != nil {
		c.funcs = append(c.funcs, f)
		c.body(f)
	}
}

// defaultsToTheEnd reports a parameter without a default argument behind one
// that has one.
func (c *checker) defaultsToTheEnd(f *function) {
	some := false
	for _, p := range f.params {
		switch {
		case p.dflt != nil:
			some = true
		case some && !p.decl.Pack && p.name != "":
			c.errorf(p.pos, "missing default argument on parameter '%s'", p.name)
			return
		case some && !p.decl.Pack:
			c.errorf(p.pos, "missing default argument on parameter")
			return
		}
	}
}

// outOfClass defines a member of a class outside of it.
func (c *checker) outOfClass(d *ast.FuncDecl) {
	n := *d.Name
	n.Parts = n.Parts[:len(n.Parts)-1]
	n.Stop = n.Parts[len(n.Parts)-1].Stop
	r := c.resolve(&n, true)
	switch o := r.obj.(type) {
	case nil:
	case *namespace:
		last := *d.Name
		last.Parts = d.Name.Parts[len(d.Name.Parts)-1:]
		d2 := *d
		d2.Name = &last
		c.in(o.scope, func() { c.funcDecl(&d2) })
	case *typeName:
		s := structOf(o.q.t)
		if s == nil {
			c.errorf(d.Name.Start, "'%s' is not a class or namespace", nameText(&n))
			return
		}
		rec := recordOf(s)
		c.in(rec.scope, func() {
			f := c.newFunction(d)
			f.rec, f.static = rec, false
			f.this = thisQuals(c, d.Type.Quals)
			list := rec.ctors
			if d.Kind == ast.Function {
				list = nil
				if o, ok := rec.scope.names[f.name].(*overloads); ok {
					list = o.funcs
				}
			} else if d.Kind == ast.Conversion {
				list = rec.convs
			}
			for _, g := range list {
				if g.static {
					f.this = g.this
				}
				if sameParams(g, f) && g.this == f.this {
					if g = c.redeclare(g, f); g != nil {
						c.body(g)
					}
					return
				}
			}
			c.errorf(f.pos, "out-of-line definition of '%s' does not match any declaration in %s", f.name, quote(s))
		})
	default:
		c.unsupported(d.Name.Start, "definitions of members of class templates outside of their class are")
	}
}

// globalVar declares a variable at program scope or a static data member.
func (c *checker) globalVar(d *ast.VarDecl) *variable {
	if d.Name == nil {
		return nil
	}
	if !d.Name.IsSimple() {
		if len(d.Name.Parts) > 1 {
			// The definition of a static data member declared in its class.
			c.resolve(d.Name, false)
		}
		return nil
	}
	name, pos := d.Name.Simple(), d.Name.Start
	d = c.deducedVar(d)
	q := c.typeFor(d.Type, name)
	inClass := c.scope.rec != nil
	if d.Specs.Constexpr {
		q.c = true
	}
	if d.Specs.Storage == ast.Extern && d.InitStyle == ast.NoInit {
		c.errorf(pos, "program scope variable '%s' must be defined: 'extern' is not supported", name)
	}
	return c.declareGlobal(d, name, pos, q, inClass)
}

func (c *checker) declareGlobal(d *ast.VarDecl, name string, pos source.Pos, q qtype, inClass bool) *variable {
	if c.functionPointer(q.t, pos) {
		q = qtype{t: invalid}
	}
	if !q.bad() && !isAuto(q.t) {
		if q.spaced && q.space != types.Constant || !q.spaced {
			_, isRef := q.t.(*types.Reference)
			switch {
			case q.t == types.Type(types.Sampler) && d.Specs.Constexpr && !q.spaced:
				q.space = types.Constant // a constant sampler needs no address space
			case q.t == types.Type(types.Sampler) && !q.spaced:
				c.errorf(pos, "a sampler at program scope must be declared 'constexpr'")
				q = qtype{t: invalid}
			case isOpaque(q.t), isRef:
				c.unsupported(pos, "program scope variables of type "+q.quote()+" are")
				q = qtype{t: invalid}
			case inClass && d.Specs.Constexpr && !q.spaced:
				// static constexpr members need no address space.
				q.space = types.Constant
			default:
				c.errorf(pos, "program scope variable must reside in constant address space")
				q = qtype{t: invalid}
			}
		}
	}
	funcConst, ok := c.functionConstant(d, name, q)
	if !ok {
		q = qtype{t: invalid}
	}
	v := c.newVar(name, q, pos)
	v.sem.Global, v.sem.Const, v.owner = true, true, nil
	v.sem.Space = types.Constant
	v.q.space, v.q.spaced, v.q.c = types.Constant, true, true
	v.constexpr = d.Specs.Constexpr
	v.sem.FuncConst = funcConst
	v.quietUnused = hasAttr(d.Attrs, "maybe_unused", "unused")
	if q.bad() {
		v.q = qtype{t: invalid}
		v.sem.Type = invalid
	}
	if !c.declare(name, v, pos) {
		return v
	}
	if funcConst != nil {
		if old := c.constIndex[funcConst.Index]; old != nil && !q.bad() {
			c.errorf(pos, "function constant index %d is used more than once", funcConst.Index).
				Notef(old.pos, "'%s' has it too", old.sem.Name)
			return v
		}
		if c.constIndex == nil {
			c.constIndex = make(map[int]*variable)
		}
		c.constIndex[funcConst.Index] = v
		if d.InitStyle != ast.NoInit {
			c.errorf(pos, "function constant '%s' may not be initialized", name)
		}
		c.mod.Globals = append(c.mod.Globals, v.sem)
		c.globals = append(c.globals, v)
		return v
	}
	if d.InitStyle == ast.NoInit && q.t != types.Type(types.Sampler) {
		if !q.bad() {
			if q.c {
				c.errorf(pos, "default initialization of an object of const type %s", q.quote())
			} else {
				c.errorf(pos, "variable in constant address space must be initialized")
			}
			c.poison(v)
		}
		return v
	}
	init := c.varInit(d, v, q, pos)
	if init == nil {
		c.poison(v)
		return v
	}
	v.sem.Init = init
	v.sem.Type = init.Type()
	if !c.constantInit(v, init, pos, d) {
		c.poison(v)
		return v
	}
	c.mod.Globals = append(c.mod.Globals, v.sem)
	c.globals = append(c.globals, v)
	return v
}

// poison makes a variable invalid, so that its uses are not reported.
func (c *checker) poison(v *variable) {
	v.q = qtype{t: invalid}
	v.sem.Type = invalid
}

func isOpaque(t types.Type) bool {
	_, option := t.(*types.Opaque)
	return option || textureOf(t) != nil
}

func hasAttr(list []*ast.Attribute, names ...string) bool {
	for _, a := range list {
		for _, n := range names {
			if a.Name == n {
				return true
			}
		}
	}
	return false
}

// functionConstant returns what [[function_constant(n)]] says of a variable;
// ok is false if it is wrong.
func (c *checker) functionConstant(d *ast.VarDecl, name string, q qtype) (fc *sem.FuncConst, ok bool) {
	for _, a := range d.Attrs {
		if a.Name != "function_constant" || a.Style != ast.AttrBracket {
			continue
		}
		n, ok := c.attrInt(a)
		if !ok {
			return nil, false
		}
		if n < 0 || n > 65535 {
			c.errorf(a.Start, "'function_constant' attribute parameter is out of bounds: must be between 0 and 65535")
			return nil, false
		}
		if e := elementOf(q.t); !q.bad() && (e == nil || enumOf(q.t) != nil || isMatrix(q.t)) {
			c.errorf(a.Start, "invalid type %s for function constant declaration", q.quote())
			return nil, false
		}
		return &sem.FuncConst{Index: int(n), Name: name}, true
	}
	return nil, true
}

func isMatrix(t types.Type) bool {
	_, ok := t.(*types.Matrix)
	return ok
}

// varInit checks the initialiser of a variable, and completes its type: auto
// is deduced, an array gets its length. It returns nil on an error.
func (c *checker) varInit(d *ast.VarDecl, v *variable, q qtype, pos source.Pos) sem.Expr {
	k := initContext{pos: pos, what: "a variable"}
	if isAuto(q.t) {
		return c.autoInit(d, v, q, pos)
	}
	if q.bad() {
		for _, e := range d.Init {
			c.expr(e)
		}
		return nil
	}
	if q.t == types.Type(types.Sampler) {
		if e, ok := c.samplerInit(d, pos); ok {
			return e
		}
	}
	to := q
	if v.ref {
		to = qtype{t: v.sem.Type}
	}
	a := arrayOf(q.t)
	var e sem.Expr
	switch {
	case d.InitStyle == ast.InitParens && (len(d.Init) != 1 || isOpaque(q.t) || structOf(q.t) != nil || isMatrix(q.t) || vectorOf(q.t) != nil || isVote(q.t)):
		x := c.construct(to, d.Init, false, span(d), pos)
		if x.bad() {
			return nil
		}
		e = x.x
	default:
		if len(d.Init) == 0 {
			return nil
		}
		if l, ok := d.Init[0].(*ast.InitList); ok {
			e = c.initList(l, to, k)
			break
		}
		x := c.expr(d.Init[0])
		if s, ok := d.Init[0].(*ast.StringLit); ok && a != nil {
			if a.Elem == types.Type(charT) {
				if a.Len < 0 {
					a = c.tab.ArrayOf(charT, int64(len(s.Value))+1)
					v.q.t, v.sem.Type = a, a
				}
				e = c.stringArray(s, a)
				break
			}
		}
		if a != nil && !a.Named && !x.bad() {
			if x.q.t == types.Type(a) && x.kind == opValue {
				e = x.x
				break
			}
			if x.q.t == types.Type(a) && x.kind == opLvalue {
				c.errorf(pos, "array initializer must be an initializer list")
				return nil
			}
		}
		e = c.initValue(&x, to, k)
	}
	if e == nil {
		return nil
	}
	if a != nil && a.Len < 0 {
		n := int64(0)
		if agg, ok := e.(*sem.Aggregate); ok {
			n = int64(len(agg.Elems))
			a = c.tab.ArrayOf(a.Elem, n)
			agg.T = a
		} else {
			a = c.tab.ArrayOf(a.Elem, n)
			e = &sem.Zero{Typed: typed(a, pos)}
		}
		v.q.t, v.sem.Type = a, a
		if sa, ok := e.(*sem.Aggregate); ok {
			v.q.t, v.sem.Type = sa.T, sa.T
		}
	}
	return e
}

// autoInit deduces the type of a variable from its initialiser.
func (c *checker) autoInit(d *ast.VarDecl, v *variable, q qtype, pos source.Pos) sem.Expr {
	if len(d.Init) != 1 {
		if d.InitStyle == ast.NoInit {
			c.errorf(pos, "declaration of variable '%s' with deduced type %s requires an initializer", v.sem.Name, q.quote())
		} else {
			c.errorf(pos, "initializer for variable '%s' with type %s contains multiple expressions", v.sem.Name, q.quote())
		}
		return nil
	}
	e := d.Init[0]
	if l, ok := e.(*ast.InitList); ok {
		if d.InitStyle == ast.InitBraces && len(l.Elems) == 1 {
			e = l.Elems[0]
		} else {
			c.errorf(pos, "cannot deduce actual type for variable '%s' with type %s from initializer list", v.sem.Name, q.quote())
			return nil
		}
	}
	x := c.expr(e)
	if x.bad() {
		return nil
	}
	t, ok := c.deduceAuto(q, &x, pos, v.sem.Name)
	if !ok {
		return nil
	}
	c.retype(v, t)
	if v.ref {
		return c.initReference(&x, v.sem.Type.(*types.Reference), initContext{pos: pos, what: "a variable"})
	}
	return c.initValue(&x, t, initContext{pos: pos, what: "a variable"})
}

// retype gives a variable the type that was deduced.
func (c *checker) retype(v *variable, t qtype) {
	n := c.newVar(v.sem.Name, t, v.pos)
	if v.sem.Global {
		n.q.space, n.q.spaced, n.q.c = types.Constant, true, true
	}
	v.q, v.ref = n.q, n.ref
	v.sem.Type = n.sem.Type
	if n.ref || t.c {
		v.sem.Const = n.sem.Const || v.sem.Global
	}
}

// deduceAuto finds the type that auto stands for.
func (c *checker) deduceAuto(q qtype, x *operand, pos source.Pos, name string) (qtype, bool) {
	switch a := q.t.(type) {
	case *autoRef:
		if x.kind == opFuncs || x.kind == opType {
			c.rvalue(x)
			return q, false
		}
		if x.kind == opValue {
			if a.rvalue || a.elem.c {
				return qtype{t: c.tab.ReferenceTo(x.q.t, types.Thread, a.elem.c, a.elem.v, a.rvalue)}, true
			}
			c.errorf(pos, "non-const lvalue reference to type %s cannot bind to a temporary of type %s", x.q.quote(), x.q.quote())
			return q, false
		}
		space := x.q.space
		if a.elem.spaced {
			space = a.elem.space
		}
		return qtype{t: c.tab.ReferenceTo(x.q.t, space, x.q.c || a.elem.c, x.q.v || a.elem.v, false)}, true
	case *autoPointer:
		y := *x
		c.rvalue(&y)
		p := pointerOf(y.q.t)
		if p == nil {
			if !y.bad() {
				c.errorf(pos, "variable '%s' with type %s has incompatible initializer of type %s", name, q.quote(), y.q.quote())
			}
			return q, false
		}
		r := q
		r.t = c.tab.PointerTo(p.Elem, p.Space, p.Const || a.elem.c, p.Volatile || a.elem.v)
		return r, true
	}
	y := *x
	t := y.q.t
	if ar := arrayOf(t); ar != nil && !ar.Named && y.kind == opLvalue {
		t = c.tab.PointerTo(ar.Elem, y.q.space, y.q.c, y.q.v)
	}
	switch y.kind {
	case opFuncs, opType, opInit:
		c.rvalue(&y)
		return q, false
	}
	if isVoid(t) {
		c.errorf(pos, "variable has incomplete type 'void'")
		return q, false
	}
	r := q
	r.t = t
	return r, true
}

// constantInit checks that a program-scope variable has a constant
// initialiser, and keeps its value. What depends on function constants only is
// constant when a function is specialised.
func (c *checker) constantInit(v *variable, init sem.Expr, pos source.Pos, d *ast.VarDecl) bool {
	if val := c.eval(init); val != nil {
		if val.elems == nil && elementOf(v.q.t) != nil {
			v.sem.Value = &sem.Const{Typed: typed(v.q.t, init.Pos()), Bits: val.bits}
			v.sem.Init = v.sem.Value
		} else {
			v.elems = val
			v.sem.Init = val.expr(v.q.t, init.Pos())
		}
		return true
	}
	if c.specializable(init) {
		if d.Specs.Constexpr {
			c.errorf(pos, "constexpr variable '%s' must be initialized by a constant expression", v.sem.Name)
			return false
		}
		return true
	}
	if d.Specs.Constexpr {
		c.errorf(pos, "constexpr variable '%s' must be initialized by a constant expression", v.sem.Name)
	} else {
		c.errorf(init.Pos(), "initializer of program scope variable '%s' is not a constant expression", v.sem.Name)
	}
	return false
}
