package check

import (
	"strconv"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// lambda is what a lambda has captured. What it captures by reference it names
// itself: all calls are inlined, so that the variable is at hand wherever the
// lambda is called.
type lambda struct {
	fields   map[*variable]int // captured by copy: members of its class
	names    map[string]object // of captures with an initialiser
	refs     map[*variable]bool
	allByRef bool
	this     *thisObject // of the method around it
	mutable  bool
}

// lambdaExpr makes the object that a lambda expression is: of a class of its
// own, with a call operator and what is captured by copy.
func (c *checker) lambdaExpr(e *ast.LambdaExpr) operand {
	at := c.fset.Position(e.Start)
	name := "(lambda at " + at.Filename + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column) + ")"
	r := &record{name: name, pos: e.Start, defined: true, ns: c.global}
	r.t = &types.Struct{Name: name, Decl: r}
	r.scope = &scope{parent: c.scope, rec: r}
	l := &lambda{fields: make(map[*variable]int), names: make(map[string]object), refs: make(map[*variable]bool), allByRef: e.DefaultRef, mutable: e.Mutable}
	if c.fn != nil {
		l.this = c.fn.this
	}
	values, ok := c.captures(e, r, l)
	r.t.Layout(0)
	if !ok {
		return badAt(e.Span)
	}
	decl := &ast.FuncDecl{Span: e.Span, Attrs: e.Attrs, Type: e.Type, Body: e.Body,
		Name: &ast.Name{Span: e.Span, Parts: []ast.NamePart{{Span: e.Span, Kind: ast.NameOperator, Op: "()"}}}}
	decl.Specs.Constexpr = true
	params := append([]ast.Decl(nil), e.Template...)
	decl.Type, params = autoParams(e.Type, params)
	if decl.Type.Result == nil {
		decl.Type.Result = &ast.AutoType{Span: e.Span}
	}
	inner := &scope{parent: c.scope}
	for n, v := range l.names {
		inner.set(n, v)
	}
	this := qtype{c: !e.Mutable, spaced: true}
	var f *function
	if len(params) > 0 {
		f = &function{name: "operator()", pos: e.Start, decl: decl, scope: inner, constexpr: true, defined: true,
			tmpl: &funcTemplate{params: params, instances: make(map[string]*function)}, sem: &sem.Func{Name: name, Pos: e.Start}}
	} else {
		c.in(inner, func() { f = c.newFunction(decl) })
		f.sem.Name = name
	}
	f.rec, f.this, f.lambda = r, this, l
	r.scope.set(f.name, &overloads{name: f.name, funcs: []*function{f}})
	if f.tmpl == nil {
		c.funcs = append(c.funcs, f)
		failed := c.failed
		c.failed = false
		c.body(f)
		if c.failed {
			return badAt(e.Span)
		}
		c.failed = failed
	}
	if len(values) == 0 {
		return value(&sem.Zero{Typed: typed(r.t, e.Start)}, e.Span)
	}
	return value(&sem.Aggregate{Typed: typed(r.t, e.Start), Elems: values}, e.Span)
}

// autoParams returns the type of a function with its parameters of type auto
// made parameters of a template, which are added to params.
func autoParams(ft *ast.FuncType, params []ast.Decl) (*ast.FuncType, []ast.Decl) {
	n := *ft
	n.Params = nil
	for _, p := range ft.Params {
		name := "auto:" + strconv.Itoa(len(params)+1)
		if t, ok := replaceAuto(p.Type, name); ok {
			q := *p
			q.Type = t
			p = &q
			params = append(params, &ast.TypeParam{Span: p.Span, Name: name, Pack: p.Pack})
		}
		n.Params = append(n.Params, p)
	}
	return &n, params
}

// replaceAuto puts a name in the place of auto in a type.
func replaceAuto(t ast.Type, name string) (ast.Type, bool) {
	switch t := t.(type) {
	case *ast.AutoType:
		n := &ast.Name{Span: t.Span, Parts: []ast.NamePart{{Span: t.Span, Ident: name}}}
		return &ast.NamedType{Span: t.Span, Name: n}, true
	case *ast.QualType:
		if e, ok := replaceAuto(t.Elem, name); ok {
			n := *t
			n.Elem = e
			return &n, true
		}
	case *ast.PointerType:
		if e, ok := replaceAuto(t.Elem, name); ok {
			n := *t
			n.Elem = e
			return &n, true
		}
	case *ast.RefType:
		if e, ok := replaceAuto(t.Elem, name); ok {
			n := *t
			n.Elem = e
			return &n, true
		}
	}
	return t, false
}

// captures checks what a lambda captures and makes the members of its class;
// the values are what those begin as.
func (c *checker) captures(e *ast.LambdaExpr, r *record, l *lambda) (values []sem.Expr, ok bool) {
	ok = true
	byCopy := func(v *variable, x operand, pos source.Pos) {
		if x.bad() {
			ok = false
			return
		}
		t := x.q.t
		if a := arrayOf(t); a == nil || a.Named || x.kind != opLvalue {
			c.rvalue(&x)
			t = x.q.t
		}
		l.fields[v] = len(r.t.Fields)
		r.t.Fields = append(r.t.Fields, types.Field{Name: v.sem.Name, Type: t, ID: -1})
		values = append(values, x.x)
	}
	named := func(k *ast.Capture) object {
		v, x := c.initCapture(k)
		if ref, is := v.sem.Type.(*types.Reference); is {
			// A member that is a reference is a pointer that is followed wherever
			// it is named.
			if r.refs == nil {
				r.refs = make(map[int]*types.Reference)
			}
			r.refs[len(r.t.Fields)] = ref
		}
		byCopy(v, x, k.Start)
		return v
	}
	for i := range e.Captures {
		k := &e.Captures[i]
		switch {
		case k.Init != nil && k.Pack:
			scopes, expands := c.expansion(k.Init, k.Start)
			ok = ok && expands
			p := &pack{name: k.Name, pos: k.Start}
			for _, s := range scopes {
				c.in(s, func() { p.elems = append(p.elems, named(k)) })
			}
			l.names[k.Name] = p
		case k.Init != nil:
			l.names[k.Name] = named(k)
		case k.This && !k.ByRef:
			c.unsupported(k.Start, "captures of '*this' are")
			ok = false
		case k.This:
			if l.this == nil {
				c.errorf(k.Start, "'this' cannot be captured in this context")
				ok = false
			}
		case k.Pack:
			p, _ := c.lookup(k.Name).(*pack)
			if p == nil {
				c.errorf(k.Start, "pack expansion does not contain any unexpanded parameter packs")
				ok = false
				break
			}
			for _, o := range p.elems {
				v, _ := o.(*variable)
				switch {
				case v == nil:
					c.errorf(k.Start, "'%s' in capture list does not name a variable", k.Name)
					ok = false
				case k.ByRef:
					l.refs[v] = true
				default:
					byCopy(v, c.varExpr(v, k.Span), k.Start)
				}
			}
		default:
			v, _ := c.lookup(k.Name).(*variable)
			switch {
			case v == nil:
				c.undeclared(k.Name, k.Start, false, false)
				ok = false
			case v.owner == nil:
				c.errorf(k.Start, "'%s' cannot be captured because it does not have automatic storage duration", k.Name).
					Notef(v.pos, "'%s' declared here", k.Name)
				ok = false
			case k.ByRef:
				l.refs[v] = true
				c.varExpr(v, k.Span)
			default:
				byCopy(v, c.varExpr(v, k.Span), k.Start)
			}
		}
	}
	if !e.DefaultCopy {
		return values, ok
	}
	// What the body names is captured; what only looks like a variable of the
	// function around it does no harm.
	ast.Inspect(e.Body, func(n ast.Node) bool {
		name, isName := n.(*ast.Name)
		if !isName || !name.IsSimple() {
			return true
		}
		named := c.lookup(name.Simple())
		all := []object{named}
		if p, ok := named.(*pack); ok {
			all = p.elems
		}
		for _, o := range all {
			v, _ := o.(*variable)
			if v == nil || v.owner == nil || v.sem.Space != types.Thread || v.sem.Value != nil || v.q.bad() || l.refs[v] {
				continue
			}
			if _, done := l.fields[v]; !done {
				byCopy(v, c.varExpr(v, name.Span), name.Start)
			}
		}
		return true
	})
	return values, ok
}

// initCapture returns the variable that a capture with an initialiser declares,
// and what it begins as: of a reference the pointer to what it is bound to.
func (c *checker) initCapture(k *ast.Capture) (*variable, operand) {
	x := c.expr(k.Init)
	if x.kind == opInit && len(x.list.Elems) == 1 {
		x = c.expr(x.list.Elems[0])
	}
	q := qtype{t: invalid}
	switch {
	case x.bad():
	case !k.ByRef:
		c.rvalue(&x)
		q = x.q.unqual()
	case x.kind != opLvalue || x.xvalue:
		c.errorf(x.pos(), "non-const lvalue reference to type %s cannot bind to a temporary of type %s", x.q.unqual().quote(), x.q.unqual().quote())
		x = badAt(x.span)
	case x.bits != nil:
		c.errorf(x.pos(), "non-const reference cannot bind to bit-field '%s'", x.bits.Name)
		x = badAt(x.span)
	case x.component:
		c.errorf(x.pos(), "non-const reference cannot bind to vector element")
		x = badAt(x.span)
	default:
		q = qtype{t: c.tab.ReferenceTo(x.q.t, x.q.space, x.q.c, x.q.v, false)}
		to := c.tab.PointerTo(x.q.t, x.q.space, x.q.c, x.q.v)
		x = value(&sem.AddrOf{Typed: typed(to, x.pos()), X: x.x}, x.span)
	}
	v := c.newVar(k.Name, q, k.Start)
	v.owner, v.quietUnused = &funcState{}, true
	return v, x
}

// captured is a variable of a function around the lambda that is being
// checked.
func (c *checker) captured(v *variable, sp source.Span) operand {
	l := c.fn.f.lambda
	if i, ok := l.fields[v]; ok {
		this := c.fn.closure
		x := lvalue(&sem.VarRef{Typed: typed(this.q.t, sp.Start), Var: this.sem}, this.q, sp)
		r := c.at(&x, &field{path: []int{i}, rec: recordOf(structOf(this.q.t))}, sp)
		r.v = nil
		return r
	}
	if v.sem.Space == types.Thread && v.sem.Value == nil && !l.allByRef && !l.refs[v] {
		c.errorf(sp.Start, "variable '%s' cannot be implicitly captured in a lambda with no capture-default specified", v.sem.Name).
			Notef(v.pos, "'%s' declared here", v.sem.Name)
		return badAt(sp)
	}
	if v.sem.Value == nil {
		c.fn.sem.Captures = append(c.fn.sem.Captures, v.sem)
	}
	x := lvalue(&sem.VarRef{Typed: typed(v.q.t, sp.Start), Var: v.sem}, v.q, sp)
	x.v = v
	return x
}

// binding is a name of a structured binding: a part of a variable that has no
// name.
type binding struct {
	x   operand
	pos source.Pos
}

func (b *binding) where() source.Pos { return b.pos }

// structured declares the names of a structured binding of x, which is declared
// by the statement that is returned, or nil on an error.
func (c *checker) structured(d *ast.BindingDecl, x operand, pos source.Pos) *sem.Decl {
	fail := func() *sem.Decl {
		for _, n := range d.Names {
			v := c.newVar(n.Name, qtype{t: invalid}, n.Start)
			v.quietUnused = true
			c.declare(n.Name, v, n.Start)
		}
		return nil
	}
	q := c.typ(d.Type)
	if x.bad() || q.bad() {
		return fail()
	}
	if !isAuto(q.t) {
		c.errorf(d.Type.Pos(), "decomposition declaration cannot be declared with type %s; declared type must be 'auto' or reference to 'auto'", q.quote())
		return fail()
	}
	v := c.newVar("", q, pos)
	var init sem.Expr
	if a := arrayOf(x.q.t); a != nil && !a.Named && x.kind == opLvalue && q.t == types.Type(autoType) {
		c.retype(v, qtype{t: a, c: q.c})
		init = x.x
	} else {
		t, ok := c.deduceAuto(q, &x, pos, "")
		if !ok {
			return fail()
		}
		c.retype(v, t)
		init = c.initValue(&x, qtype{t: v.sem.Type}, initContext{pos: pos, what: "a variable"})
	}
	if init == nil {
		return fail()
	}
	whole := lvalue(&sem.VarRef{Typed: typed(v.q.t, pos), Var: v.sem}, v.q, source.Span{Start: pos, Stop: pos})
	var parts []operand
	index := func(n int64, t types.Type, component bool) {
		for i := range n {
			p := whole
			p.x = &sem.Index{Typed: typed(t, pos), X: whole.x, I: konst(intT, uint64(i), pos)}
			p.q.t, p.component = t, component
			parts = append(parts, p)
		}
	}
	switch t := v.q.t.(type) {
	case *types.Array:
		index(t.Len, t.Elem, false)
	case *types.Vector:
		index(int64(t.N), t.Elem, true)
	case *types.Struct:
		rec := recordOf(t)
		c.complete(rec, pos)
		for i := range t.Fields {
			if i >= len(rec.bases) && !t.Fields[i].Pad {
				parts = append(parts, c.at(&whole, &field{path: []int{i}, rec: rec}, whole.span))
			}
		}
	default:
		c.errorf(pos, "cannot decompose non-class, non-array type %s", v.q.quote())
		return fail()
	}
	if len(parts) != len(d.Names) {
		few := "only " + strconv.Itoa(len(d.Names)) + " names were"
		switch {
		case len(d.Names) == 1:
			few = "only 1 name was"
		case len(d.Names) > len(parts):
			few = strconv.Itoa(len(d.Names)) + " names were"
		}
		c.errorf(pos, "type %s decomposes into %s, but %s provided", v.q.unqual().quote(), elements(len(parts)), few)
		return fail()
	}
	for i, n := range d.Names {
		c.declare(n.Name, &binding{x: parts[i], pos: n.Start}, n.Start)
	}
	return &sem.Decl{Var: v.sem, Init: init}
}

func elements(n int) string {
	if n == 1 {
		return "1 element"
	}
	return strconv.Itoa(n) + " elements"
}
