package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// methodDecl declares a method, constructor or conversion function.
func (c *checker) methodDecl(r *record, d *ast.FuncDecl) {
	if d.Kind == ast.Destructor {
		if d.Body != nil && len(d.Body.List) > 0 {
			c.unsupported(d.Name.Start, "destructors are")
		}
		return
	}
	if d.Kind == ast.DeductGuide {
		c.unsupported(d.Start, "deduction guides are")
		return
	}
	if d.Specs.Virtual {
		c.errorf(d.Start, "virtual functions are not supported in Metal")
		// It is declared all the same, so that calls are not reported.
	}
	whole, s := c.withDefinition(r, d)
	var f *function
	c.in(s, func() { f = c.newFunction(whole) })
	c.addMethod(r, f)
}

func (c *checker) addMethod(r *record, f *function) {
	d := f.decl
	f.rec = r
	f.static = d.Specs.Storage == ast.Static
	f.this = thisQuals(c, d.Type.Quals)
	f.sem.Name = r.t.Name + "::" + f.name
	switch d.Kind {
	case ast.Constructor:
		f.ctor, f.access = true, r.access
		f.result = qtype{t: r.t}
		f.sem.Result = r.t
		if !d.Default {
			r.userCtor = r.userCtor || !d.Delete
		}
		r.ctors = append(r.ctors, f)
	case ast.Conversion:
		f.conv = true
		r.convs = append(r.convs, f)
	default:
		c.declareFunc(f)
		r.restrict(f.name)
	}
	if d.Body != nil && f.tmpl == nil {
		r.late = append(r.late, func() { c.methodBody(f) })
	}
}

// methodBody checks the body of a method now, or in an instance of a class
// template when the method is called.
func (c *checker) methodBody(f *function) {
	if f.rec.tmpl == nil {
		c.body(f)
	}
}

// thisQuals returns the qualifiers a method's object has to have.
func thisQuals(c *checker, q ast.Quals) qtype {
	this := qtype{c: q.Const, v: q.Volatile, spaced: true}
	this.space = spaceOf(q.Space)
	if this.space == types.Constant {
		this.c = true
	}
	return this
}

// bindThis binds an object to the object parameter of a method.
func (c *checker) bindThis(x *operand, f *function) conv {
	q := x.q
	t := types.Type(f.rec.t)
	if f.rec.t != x.q.t && !isBaseOf(t, x.q.t) {
		return none(noConversion)
	}
	space := q.space
	if x.kind == opValue {
		space = types.Thread
	}
	switch {
	case space != f.this.space:
		return none(spaceMismatch)
	case q.c && !f.this.c || q.v && !f.this.v:
		return none(losesQualifier)
	}
	return conv{kind: convBind, binds: true, addsQual: q.c != f.this.c || q.v != f.this.v}
}

// objectArg makes the object of a method call.
func (c *checker) objectArg(x *operand, f *function) sem.Expr {
	e := x.x
	if f.rec.t != x.q.t {
		e = c.upcast(e, f.rec.t)
	}
	if x.kind == opValue {
		return &sem.Temp{Typed: typed(x.q.t, x.pos()), X: e}
	}
	return e
}

func (c *checker) structMember(x *operand, r *record, e *ast.MemberExpr) operand {
	last := e.Name.Last()
	name := partName(last)
	if r == nil {
		return badAt(e.Span)
	}
	c.complete(r, e.Pos())
	if !r.t.Complete() && !r.open {
		c.errorf(e.OpPos, "member access into incomplete type %s", quote(r.t)).Ranges = []source.Span{x.span}
		return badAt(e.Span)
	}
	if last.Kind == ast.NameConversion {
		to := c.typ(last.Type)
		for _, f := range r.convs {
			if f.tmpl == nil && f.result.t == to.t {
				return operand{kind: opFuncs, set: &overloads{name: "operator " + to.String(), funcs: []*function{f}}, this: x, span: e.Span, loc: last.Start, name: "operator " + to.String()}
			}
		}
		c.errorf(last.Start, "no member named 'operator %s' in %s", to, quote(r.t))
		return badAt(e.Span)
	}
	if last.Kind == ast.NameDtor {
		return operand{kind: opFuncs, set: &overloads{name: name}, this: x, span: e.Span, loc: last.Start, name: name}
	}
	if r.simd != nil && name == "thread_elements" || r.log && isLogMethod(name) {
		return operand{kind: opFuncs, set: &overloads{name: name}, this: x, span: e.Span, loc: last.Start, name: name}
	}
	o := c.member(r, name)
	if len(e.Name.Parts) > 1 {
		o = c.resolve(e.Name, false).obj
		if o == nil {
			return badAt(e.Span)
		}
	}
	if o != nil && !c.accessible(r, name, o, last.Start) {
		return badAt(e.Span)
	}
	switch o := o.(type) {
	case *field:
		f := c.at(x, o, e.Span)
		f.loc = last.Start
		return f
	case *overloads:
		return operand{kind: opFuncs, set: o, this: x, span: e.Span, loc: last.Start, name: name, args: last.Args}
	case *variable, *enumerator, *boundValue:
		res := c.objectExpr(named{obj: o, part: last, args: last.Args}, e.Span)
		res.loc = last.Start
		return res
	case nil:
		if c.noMemberHint(r, name, last.Start) {
			return badAt(e.Span)
		}
	}
	c.errorf(last.Start, "no member named '%s' in %s", name, quote(r.t)).Ranges = []source.Span{x.span}
	return badAt(e.Span)
}

// noMemberHint reports an unknown member that is likely a misspelt one.
func (c *checker) noMemberHint(r *record, name string, pos source.Pos) bool {
	names := make([]string, 0, len(r.scope.names))
	for n, o := range r.scope.names {
		switch o.(type) {
		case *field, *overloads, *variable:
			names = append(names, n)
		}
	}
	guess := source.Nearest(name, names)
	if guess == "" {
		return false
	}
	c.errorf(pos, "no member named '%s' in %s; did you mean '%s'?", name, quote(r.t), guess).
		Notef(r.scope.names[guess].where(), "'%s' declared here", guess)
	return true
}

// thisExpr is this: a pointer to the object.
func (c *checker) thisExpr(e *ast.ThisExpr) operand {
	if c.fn == nil || c.fn.this == nil {
		c.errorf(e.Start, "invalid use of 'this' outside of a non-static member function")
		return badAt(e.Span)
	}
	obj := c.thisObject(e.Span)
	p := c.tab.PointerTo(obj.q.t, obj.q.space, obj.q.c, obj.q.v)
	return value(&sem.AddrOf{Typed: typed(p, e.Start), X: obj.x}, e.Span)
}

// thisObject is *this.
func (c *checker) thisObject(sp source.Span) operand {
	this := c.fn.this
	return lvalue(&sem.VarRef{Typed: typed(this.q.t, sp.Start), Var: this.sem}, this.q, sp)
}

// implicitMember is a data member named without an object.
func (c *checker) implicitMember(f *field, name string, sp source.Span) operand {
	if c.fn == nil || c.fn.this == nil {
		if c.fn != nil && c.fn.f != nil && c.fn.f.static && c.fn.f.rec != nil {
			c.errorf(sp.Start, "invalid use of member '%s' in static member function", name)
			return badAt(sp)
		}
		c.errorf(sp.Start, "invalid use of non-static data member '%s'", name)
		return badAt(sp)
	}
	obj := c.thisObject(sp)
	if r := recordOf(structOf(obj.q.t)); r != nil {
		if own, _ := c.member(r, name).(*field); own == nil || own.rec != f.rec {
			c.errorf(sp.Start, "use of non-static data member '%s' of '%s' from nested type '%s'", name, f.rec.t.Name, r.t.Name)
			return badAt(sp)
		}
	}
	return c.at(&obj, f, sp)
}

// ctorBody starts the body of a constructor: the object with its members
// initialised.
func (c *checker) ctorBody(f *function, b *sem.Block) {
	r := f.rec
	agg := &sem.Aggregate{Typed: typed(r.t, f.pos), Elems: make([]sem.Expr, len(r.t.Fields))}
	m := &making{c: c, rec: r, this: c.fn.this.sem}
	done := make([]bool, len(r.t.Fields))
	defer func(s *scope) { c.scope = s }(c.scope)
	for _, bound := range c.expandInits(f.decl.Inits) {
		in := bound.CtorInit
		c.scope = bound.scope
		i := -1
		if in.Name.IsSimple() {
			if o, ok := r.scope.names[in.Name.Simple()].(*field); ok && len(o.path) == 1 {
				i = o.path[0]
			}
		}
		if i < 0 {
			known := !in.Name.IsSimple() || c.lookup(in.Name.Simple()) != nil
			if !known {
				// Reported below.
			} else if res := c.resolve(in.Name, true); res.obj != nil {
				t, _ := res.obj.(*typeName)
				if res.args != nil {
					t, _ = c.instantiateType(res.obj, res.part).(*typeName)
				}
				if t != nil && t.q.t == types.Type(r.t) {
					// A delegating constructor makes the whole object.
					x := c.construct(t.q, in.Args, in.Brace, in.Span, in.Start)
					if !x.bad() {
						b.List = append(b.List, &sem.Decl{Var: c.fn.this.sem, Init: x.x})
					}
					return
				}
				for j, base := range r.bases {
					if t != nil && types.Type(base.t) == t.q.t {
						i = j
					}
				}
			} else {
				continue
			}
		}
		if i < 0 {
			c.errorf(in.Start, "member initializer '%s' does not name a non-static data member or base class", nameText(in.Name))
			continue
		}
		if done[i] {
			c.errorf(in.Start, "multiple initializations given for non-static member '%s'", r.t.Fields[i].Name)
			continue
		}
		done[i] = true
		fd := &r.t.Fields[i]
		to := qtype{t: fd.Type, c: fd.Const}
		if ref := r.refs[i]; ref != nil && len(in.Args) == 1 {
			x := c.expr(in.Args[0])
			agg.Elems[i] = c.boundField(&x, ref, in.Start)
			continue
		}
		switch {
		case in.Brace:
			agg.Elems[i] = c.initList(&ast.InitList{Span: in.Span, Elems: in.Args}, to, initContext{what: "a member subobject", explicit: true})
		case len(in.Args) == 0:
			agg.Elems[i] = c.valueInit(to, in.Start)
		case len(in.Args) == 1 && structOf(fd.Type) == nil:
			x := c.expr(in.Args[0])
			agg.Elems[i] = c.initValue(&x, to, initContext{pos: in.Start, what: "a member subobject"})
		default:
			if x := c.construct(to, in.Args, false, in.Span, in.Start); !x.bad() {
				agg.Elems[i] = x.x
			}
		}
		if r.t.Union {
			agg.UnionField = i
		}
	}
	if r.t.Union {
		agg.Elems = agg.Elems[agg.UnionField : agg.UnionField+1]
		if len(f.decl.Inits) == 0 {
			agg.Elems = nil
		}
	} else {
		for i := range r.t.Fields {
			if done[i] {
				m.put(agg, i, agg.Elems[i])
			} else {
				m.put(agg, i, m.dflt(i, f.pos))
			}
		}
	}
	b.List = append(b.List, &sem.Decl{Var: c.fn.this.sem, Init: agg})
	b.List = append(b.List, m.late...)
}

// boundField makes the pointer that a member of reference type is.
func (c *checker) boundField(x *operand, ref *types.Reference, pos source.Pos) sem.Expr {
	if x.bad() {
		return nil
	}
	e := c.initReference(x, ref, initContext{pos: pos, what: "a member subobject"})
	if e == nil {
		return nil
	}
	if x.kind != opLvalue {
		c.errorf(pos, "reference member binds to a temporary object whose lifetime would be shorter than the lifetime of the constructed object")
		return nil
	}
	return &sem.AddrOf{Typed: typed(c.tab.PointerTo(ref.Elem, ref.Space, ref.Const, ref.Volatile), pos), X: e}
}

// defaultInit makes an object by its default constructor; zero is set for
// T() and T{}, which clear an object that has none.
func (c *checker) defaultInit(s *types.Struct, pos source.Pos, zero bool) sem.Expr {
	r := recordOf(s)
	c.complete(r, pos)
	if !s.Complete() {
		c.errorf(pos, "initialization of incomplete type %s", quote(s))
		return nil
	}
	if len(r.ctors) > 0 {
		for _, f := range r.ctors {
			if f.defaulted && len(f.params) == 0 {
				return c.emptyAggregate(s, pos)
			}
		}
		user := false
		for _, f := range r.ctors {
			user = user || !f.defaulted
		}
		if user {
			return c.constructStruct(s, nil, source.Span{Start: pos, Stop: pos}, pos, "initialization")
		}
	}
	return c.emptyAggregate(s, pos)
}

// constructStruct makes an object of a class from arguments.
func (c *checker) constructStruct(s *types.Struct, ops []operand, sp source.Span, pos source.Pos, what string) sem.Expr {
	r := recordOf(s)
	c.complete(r, pos)
	if r.log && (len(ops) != 1 || ops[0].q.t != types.Type(s)) {
		return c.newLog(s, ops, pos)
	}
	if len(ops) == 1 && ops[0].kind != opInit {
		x := &ops[0]
		if x.q.t == types.Type(s) {
			k := conv{kind: convNone, to: s}
			if x.kind == opLvalue {
				c.mark(x)
			}
			return c.apply(x, k)
		}
		if isBaseOf(s, x.q.t) {
			c.rvalue(x)
			return c.upcast(x.x, s)
		}
	}
	fun := operand{kind: opFuncs, name: s.Name, span: sp, loc: pos, set: &overloads{name: s.Name, funcs: r.ctors}}
	viable := c.ctorCandidates(r, ops, true)
	best := c.pick(viable)
	switch len(best) {
	case 1:
		f := best[0].fn
		if f.deleted {
			c.errorf(pos, "call to deleted constructor of %s", quote(s)).Notef(f.pos, "'%s' has been explicitly marked deleted here", r.name)
			return nil
		}
		if !c.constructible(f, pos) {
			return nil
		}
		res := c.callCandidate(best[0], &fun, ops, sp)
		if res.bad() {
			return nil
		}
		return res.x
	case 0:
		if len(ops) == 1 && ops[0].kind != opInit {
			if k := c.convFunction(&ops[0], qtype{t: s}, true); k.rank < impossible {
				return c.apply(&ops[0], k)
			}
		}
		c.noConstructor(s, ops, pos, what)
	default:
		c.errorf(pos, "call to constructor of %s is ambiguous", quote(s))
	}
	return nil
}

func (c *checker) ctorCandidates(r *record, ops []operand, explicit bool) []*candidate {
	var viable []*candidate
	for _, f := range r.ctors {
		if f.explicit && !explicit || f.defaulted || f.this.space != types.Thread {
			continue // the objects made here are thread's
		}
		k := &candidate{fn: f}
		if f.tmpl != nil {
			k.tmpl = f
			inst, _ := c.deduceCall(f, nil, nil, ops)
			if inst == nil {
				continue
			}
			k.fn = inst
		}
		if c.viable(k, nil, ops) {
			viable = append(viable, k)
		}
	}
	return viable
}

func (c *checker) noConstructor(s *types.Struct, ops []operand, pos source.Pos, what string) {
	r := recordOf(s)
	if what == "functional-style cast" && len(ops) == 1 {
		d := c.errorf(pos, "no matching conversion for functional-style cast from %s to %s", ops[0].q.unqual().quote(), quote(s))
		c.noteCtors(d, r, ops)
		return
	}
	d := c.errorf(pos, "no matching constructor for initialization of %s", quote(s))
	c.noteCtors(d, r, ops)
}

func (c *checker) noteCtors(d *source.Diagnostic, r *record, ops []operand) {
	for _, f := range r.ctors {
		if f.defaulted || f.tmpl != nil {
			continue
		}
		k := &candidate{fn: f}
		if !c.viable(k, nil, ops) {
			d.Notef(f.pos, "candidate constructor not viable: %s", k.what)
		}
	}
}

// userConv finds a conversion by a constructor of the target class or a
// conversion function of the source class.
func (c *checker) userConv(x *operand, to qtype) conv {
	return c.userConversion(x, to, false)
}

// explicit finds a conversion as a cast does it, explicit constructors and
// conversion functions included.
func (c *checker) explicit(x *operand, to qtype) conv {
	if x.q.t == to.t {
		return conv{kind: convNone, to: to.t}
	}
	if isBaseOf(to.t, x.q.t) {
		return conv{rank: conversion, kind: convUser, to: to.t}
	}
	return c.userConversion(x, to, true)
}

func (c *checker) explicitBool(x *operand) conv {
	return c.userConversion(x, qtype{t: boolT}, true)
}

func (c *checker) userConversion(x *operand, to qtype, explicit bool) conv {
	if isBaseOf(to.t, x.q.t) {
		return conv{rank: conversion, kind: convUser, to: to.t}
	}
	if c.converting {
		return none(noConversion) // at most one user conversion in a sequence
	}
	if s := structOf(to.t); s != nil {
		r := recordOf(s)
		c.complete(r, x.pos())
		c.converting = true
		viable := c.ctorCandidates(r, []operand{*x}, explicit)
		c.converting = false
		if best := c.pick(viable); len(best) == 1 {
			return conv{rank: userDefined, kind: convUser, to: to.t, user: best[0].fn, inner: &best[0].convs[0]}
		}
	}
	return c.convFunction(x, to, explicit)
}

// convFunction finds a conversion function of x's class.
func (c *checker) convFunction(x *operand, to qtype, explicit bool) conv {
	s := structOf(x.q.t)
	if s == nil || x.kind != opLvalue && x.kind != opValue {
		return none(noConversion)
	}
	r := recordOf(s)
	c.complete(r, x.pos())
	var best conv
	best.rank = impossible
	var bestThis conv
	for _, f := range r.convs {
		if f.explicit && !explicit {
			continue
		}
		if f.tmpl != nil {
			inst := c.deduceConversion(f, to)
			if inst == nil {
				continue
			}
			f = inst
		}
		this := c.bindThis(x, f)
		if this.rank == impossible {
			continue
		}
		res := f.result.t
		if ref, ok := res.(*types.Reference); ok {
			res = ref.Elem
		}
		var second conv
		if res == to.t {
			second = conv{kind: convNone, to: to.t}
		} else if k, ok := standard(res, to.t); ok {
			second = k
		} else {
			continue
		}
		k := conv{rank: userDefined, kind: convUser, to: to.t, user: f, inner: &second}
		if best.rank == impossible || second.rank < best.inner.rank || second.rank == best.inner.rank && this.compare(&bestThis) < 0 {
			best, bestThis = k, this
		}
	}
	return best
}

// applyUser does a user-defined conversion.
func (c *checker) applyUser(x *operand, k conv) sem.Expr {
	sp := x.span
	if k.user == nil {
		c.rvalue(x)
		return c.upcast(x.x, k.to)
	}
	f := k.user
	fun := operand{kind: opFuncs, name: f.name, span: sp, loc: x.loc, set: &overloads{name: f.name}}
	if f.ctor {
		if !c.constructible(f, x.pos()) {
			return &sem.Zero{Typed: typed(invalid, x.pos())}
		}
		res := c.callCandidate(&candidate{fn: f, convs: []conv{*k.inner}}, &fun, []operand{*x}, sp)
		if res.bad() {
			return &sem.Zero{Typed: typed(invalid, x.pos())}
		}
		return res.x
	}
	fun.this = x
	res := c.callCandidate(&candidate{fn: f}, &fun, nil, sp)
	c.rvalue(&res)
	if res.bad() {
		return &sem.Zero{Typed: typed(invalid, x.pos())}
	}
	return c.coerce(res.x, k.to)
}

// listConv finds the conversion of a braced list to a type.
func (c *checker) listConv(x *operand, to qtype) conv {
	k := conv{rank: userDefined, kind: convList, to: to.t}
	if isScalar(to.t) && len(x.list.Elems) <= 1 {
		k.rank = exact
	}
	ok := c.try(func() {
		if c.initList(x.list, to, initContext{}) == nil {
			c.failed = true
		}
	})
	if !ok {
		return none(noConversion)
	}
	return k
}

func nameText(n *ast.Name) string {
	s := ""
	for i := range n.Parts {
		if i > 0 {
			s += "::"
		}
		s += partName(&n.Parts[i])
	}
	return s
}
