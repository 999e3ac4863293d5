package check

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// targ is a template argument: a type, a constant, a function, a template, or
// the elements of a pack.
type targ struct {
	q      qtype
	c      *sem.Const
	fn     *overloads
	tmpl   object
	isPack bool
	pack   []targ
}

func (a targ) isType() bool { return a.q.t != nil }

func (a targ) String() string {
	switch {
	case a.isType():
		return a.q.String()
	case a.c != nil:
		b := elementOf(a.c.T)
		if b == boolT {
			return strconv.FormatBool(a.c.Bits[0] != 0)
		}
		return formatConst(a.c)
	case a.fn != nil:
		return a.fn.name
	case a.tmpl != nil:
		return templateName(a.tmpl)
	case a.isPack:
		return argsText(a.pack)
	}
	return "?"
}

// funcTemplate is what a function template has beyond a function.
type funcTemplate struct {
	params    []ast.Decl
	instances map[string]*function
	specs     []*function // explicit specialisations, also in instances
}

// classTemplate is a class template with its specialisations.
type classTemplate struct {
	name      string
	pos       source.Pos
	params    []ast.Decl
	decl      *ast.RecordDecl // nil until defined
	scope     *scope
	partial   []*classSpec
	instances map[string]*record
	full      map[string]*ast.RecordDecl
	defs      map[*ast.FuncDecl]*memberDef // of members, outside of the class
	nested    map[ast.Decl]*nestedDef      // of classes in it, outside of the class
	guides    []*function                  // deduction guides
	deducers  []*function                  // what stands for its constructors in deduction
}

// classSpec is a partial specialisation.
type classSpec struct {
	params []ast.Decl
	decl   *ast.RecordDecl
	scope  *scope
}

type aliasTemplate struct {
	name   string
	pos    source.Pos
	params []ast.Decl
	typ    ast.Type
	scope  *scope
}

type varTemplate struct {
	name      string
	pos       source.Pos
	params    []ast.Decl
	decl      *ast.VarDecl
	scope     *scope
	partial   []*varSpec
	instances map[string]*variable
}

type varSpec struct {
	params []ast.Decl
	decl   *ast.VarDecl
	scope  *scope
}

func (t *classTemplate) where() source.Pos { return t.pos }
func (t *aliasTemplate) where() source.Pos { return t.pos }
func (t *varTemplate) where() source.Pos   { return t.pos }

// paramName returns the name of a template parameter.
func paramName(d ast.Decl) (name string, pack bool) {
	switch d := d.(type) {
	case *ast.TypeParam:
		return d.Name, d.Pack
	case *ast.ParamDecl:
		return d.Name, d.Pack
	case *ast.TemplateParam:
		return d.Name, d.Pack
	}
	return "", false
}

// sameHead reports whether two templates have the same kinds of parameters.
func (t *funcTemplate) sameHead(u *funcTemplate) bool {
	if len(t.params) != len(u.params) {
		return false
	}
	for i := range t.params {
		_, ok1 := t.params[i].(*ast.TypeParam)
		_, ok2 := u.params[i].(*ast.TypeParam)
		if ok1 != ok2 {
			return false
		}
	}
	return true
}

// syntax is the spelling of a type or an expression, roughly.
func syntax(n ast.Node) string {
	if v := reflect.ValueOf(n); !v.IsValid() || v.IsNil() {
		return ""
	}
	var b strings.Builder
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Name:
			b.WriteString(nameText(n))
		case *ast.BasicType:
			b.WriteString(n.Kind.String())
		case *ast.QualType:
			b.WriteString(n.Quals.Space.String())
			if n.Quals.Const {
				b.WriteString(" const ")
			}
		case *ast.PointerType:
			b.WriteByte('*')
		case *ast.RefType:
			b.WriteByte('&')
		case *ast.ArrayType:
			b.WriteByte('[')
		case *ast.IntLit:
			b.WriteString(strconv.FormatUint(n.Value, 10))
		case *ast.BoolLit:
			b.WriteString(strconv.FormatBool(n.Value))
		case *ast.UnaryExpr:
			b.WriteString(n.Op.String())
		case *ast.BinaryExpr:
			b.WriteString(n.Op.String())
		}
		b.WriteByte(' ')
		return true
	})
	return b.String()
}

// templateDecl declares a template, or an explicit specialisation of one.
func (c *checker) templateDecl(d *ast.TemplateDecl) {
	switch t := d.Decl.(type) {
	case *ast.FuncDecl:
		c.funcTemplateDecl(d, t)
	case *ast.RecordDecl:
		c.classTemplateDecl(d, t)
	case *ast.AliasDecl:
		c.declare(t.Name, &aliasTemplate{name: t.Name, pos: t.NamePos, params: d.Params, typ: t.Type, scope: c.scope}, t.NamePos)
	case *ast.VarDecl:
		c.varTemplateDecl(d, t)
	case *ast.TemplateDecl:
		if rd, ok := t.Decl.(*ast.RecordDecl); ok && rd.Name != nil && len(rd.Name.Parts) > 1 {
			c.nestedTemplate(d.Params, rd, t)
			break
		}
		fd, ok := t.Decl.(*ast.FuncDecl)
		if !ok || len(fd.Name.Parts) < 2 {
			c.unsupported(d.Start, "definitions of member templates outside of their class, other than of functions and classes, are")
			break
		}
		c.defineMember(d.Params, fd, t)
	case *ast.FriendDecl:
	default:
		c.errorf(d.Start, "expected a class, function, variable or alias after 'template<…>'")
	}
}

func (c *checker) funcTemplateDecl(d *ast.TemplateDecl, fd *ast.FuncDecl) {
	if len(d.Params) == 0 {
		c.specializeFunc(fd)
		return
	}
	if fd.Kind == ast.DeductGuide {
		c.deductionGuide(d.Params, fd)
		return
	}
	if len(fd.Name.Parts) > 1 {
		c.defineMember(d.Params, fd, d)
		return
	}
	params, scope := d.Params, c.scope
	if r := c.scope.rec; r != nil {
		fd, params, scope = c.withTemplateDefinition(r, d, fd)
	}
	f := &function{
		name: partName(fd.Name.Last()), pos: fd.Name.Last().Start, decl: fd, scope: scope,
		constexpr: fd.Specs.Constexpr, explicit: fd.Specs.Explicit, deleted: fd.Delete, defaulted: fd.Default,
		defined: fd.Body != nil, kernel: c.stage(fd), attrs: fd.Attrs,
		tmpl: &funcTemplate{params: params, instances: make(map[string]*function)},
		sem:  &sem.Func{Name: partName(fd.Name.Last()), Pos: fd.Name.Last().Start},
	}
	if r := c.scope.rec; r != nil {
		f.rec = r
		f.static = fd.Specs.Storage == ast.Static
		f.this = thisQuals(c, fd.Type.Quals)
		switch fd.Kind {
		case ast.Constructor:
			f.ctor, f.access = true, r.access
			r.userCtor = true
			r.ctors = append(r.ctors, f)
			return
		case ast.Conversion:
			f.conv = true
			r.convs = append(r.convs, f)
			return
		}
		defer func() { r.restrict(f.name) }()
	}
	c.declareFunc(f)
}

// bind makes a scope in which the template parameters stand for arguments.
func (c *checker) bindParams(params []ast.Decl, args []targ, parent *scope) *scope {
	s := &scope{parent: parent, tmpl: true}
	for i, p := range params {
		name, _ := paramName(p)
		if name == "" || i >= len(args) {
			continue
		}
		if o := c.argObject(args[i], name, p.Pos()); o != nil {
			s.set(name, o)
		}
	}
	return s
}

// templateArgs evaluates written template arguments against parameters, with
// defaults for those left out. named is the template, for messages.
func (c *checker) templateArgs(params []ast.Decl, list *ast.TemplateArgs, parent *scope, what string) ([]targ, bool) {
	var args []targ
	if list != nil {
		written, ok := c.expandArgs(list.Args)
		if !ok {
			return nil, false
		}
		if args, ok = c.writtenArgs(params, written, parent, what); !ok {
			return nil, false
		}
	}
	return c.defaultTemplateArgs(params, args, parent, list, what)
}

// writtenArgs evaluates written arguments, expansions among them already
// expanded. A pack takes all arguments from its place on.
func (c *checker) writtenArgs(params []ast.Decl, written []ast.TemplateArg, parent *scope, what string) ([]targ, bool) {
	var args []targ
	at := packAt(params)
	var before *scope // of the parameters before this one
	for i, a := range written {
		n := i
		if at >= 0 {
			n = min(i, at)
		}
		if n >= len(params) {
			c.errorf(a.Pos(), "too many template arguments for %s", what)
			return nil, false
		}
		if len(args) == n {
			before = c.bindParams(params, args, parent)
		}
		v, ok := c.templateArg(params[n], a, before, what)
		if !ok {
			return nil, false
		}
		switch {
		case n != at:
			args = append(args, v)
		case len(args) == n:
			args = append(args, targ{isPack: true, pack: []targ{v}})
		default:
			args[n].pack = append(args[n].pack, v)
		}
	}
	return args, true
}

func (c *checker) defaultTemplateArgs(params []ast.Decl, args []targ, parent *scope, list *ast.TemplateArgs, what string) ([]targ, bool) {
	for i := len(args); i < len(params); i++ {
		v, ok := c.defaultTemplateArg(params, args, i, parent)
		if !ok {
			if list != nil {
				c.errorf(list.Start, "too few template arguments for %s", what)
			}
			return nil, false
		}
		args = append(args, v)
	}
	return args, true
}

func (c *checker) defaultTemplateArg(params []ast.Decl, args []targ, i int, parent *scope) (v targ, ok bool) {
	if _, pack := paramName(params[i]); pack {
		return targ{isPack: true}, true
	}
	s := c.bindParams(params, args, parent)
	c.in(s, func() {
		switch p := params[i].(type) {
		case *ast.TemplateParam:
			if p.Default != nil {
				v.tmpl = c.templateNamed(p.Default)
				ok = v.tmpl != nil
			}
		case *ast.TypeParam:
			if p.Default != nil {
				v.q = c.typ(p.Default)
				ok = !v.q.bad()
			}
		case *ast.ParamDecl:
			if p.Default != nil {
				v, ok = c.valueArg(p, p.Default)
			}
		}
	})
	return v, ok
}

// templateArg evaluates one argument for a parameter.
func (c *checker) templateArg(p ast.Decl, a ast.TemplateArg, s *scope, what string) (v targ, ok bool) {
	a, from := c.boundArg(a)
	c.in(from, func() { v, ok = c.plainArg(p, a, s) })
	return v, ok
}

// plainArg evaluates an argument that is no element of an expansion.
func (c *checker) plainArg(p ast.Decl, a ast.TemplateArg, s *scope) (targ, bool) {
	switch p := p.(type) {
	case *ast.TypeParam:
		if t, ok := a.(ast.Type); ok {
			q := c.typ(t)
			return targ{q: q}, !q.bad()
		}
		if n, ok := a.(*ast.Name); ok {
			x := c.expr(n)
			if x.bad() {
				return targ{}, false
			}
			if x.kind == opType {
				return targ{q: x.q}, true
			}
		}
		d := c.errorf(a.Pos(), "template argument for template type parameter must be a type")
		d.Notef(p.Start, "template parameter is declared here")
		return targ{}, false
	case *ast.ParamDecl:
		e, ok := a.(ast.Expr)
		if !ok {
			if nt, isName := a.(*ast.NamedType); isName {
				e, ok = nt.Name, true
			}
		}
		if !ok {
			c.errorf(a.Pos(), "template argument for non-type template parameter must be an expression").
				Notef(p.Start, "template parameter is declared here")
			return targ{}, false
		}
		var ft *types.Function
		var isFunc bool
		c.in(s, func() { ft, isFunc = c.functionParam(p.Type) })
		if isFunc {
			if ft == nil {
				return targ{}, false
			}
			return c.functionArg(e, ft)
		}
		// The type of the parameter may name earlier parameters; the argument
		// is written where the template is used.
		var to qtype
		c.in(s, func() { to = c.typ(p.Type) })
		if to.bad() {
			return targ{}, false
		}
		return c.convertedArg(to, e)
	}
	name, _ := a.(*ast.Name)
	if t, ok := a.(*ast.NamedType); ok {
		name = t.Name
	}
	if name == nil || name.Last().Args != nil {
		c.errorf(a.Pos(), "template argument for template template parameter must be a class template or type alias template").
			Notef(p.Pos(), "template parameter is declared here")
		return targ{}, false
	}
	t := c.templateNamed(name)
	return targ{tmpl: t}, t != nil
}

// templateNamed finds a template of classes by its name, or reports that there
// is none.
func (c *checker) templateNamed(n *ast.Name) object {
	r := c.resolve(n, true)
	switch o := r.obj.(type) {
	case nil:
		return nil
	case *classTemplate, *aliasTemplate, *libTemplate:
		return o
	case *typeName:
		if o.rec != nil && o.rec.tmpl != nil {
			return o.rec.tmpl // the injected name of an instance
		}
	}
	c.errorf(n.Start, "template argument for template template parameter must be a class template or type alias template")
	return nil
}

func templateName(o object) string {
	switch o := o.(type) {
	case *classTemplate:
		return o.name
	case *aliasTemplate:
		return o.name
	case *libTemplate:
		return o.name
	}
	return "?"
}

func (c *checker) valueArg(p *ast.ParamDecl, e ast.Expr) (targ, bool) {
	to := c.typ(p.Type)
	if to.bad() {
		return targ{}, false
	}
	return c.convertedArg(to, e)
}

// convertedArg evaluates a constant template argument.
func (c *checker) convertedArg(to qtype, e ast.Expr) (targ, bool) {
	x := c.expr(e)
	if x.bad() {
		return targ{}, false
	}
	if isAuto(to.t) {
		c.rvalue(&x)
		to = x.q
	}
	if structOf(x.q.t) == nil {
		c.rvalue(&x)
	}
	k := c.implicit(&x, to)
	if k.rank == impossible || elementOf(to.t) == nil {
		if !x.bad() {
			c.errorf(e.Pos(), "value of type %s is not implicitly convertible to %s", x.q.quote(), to.quote())
		}
		return targ{}, false
	}
	v := c.apply(&x, k)
	kv, ok := v.(*sem.Const)
	if !ok {
		kv = c.evalConst(v)
	}
	if kv == nil {
		c.errorf(e.Pos(), "non-type template argument is not a constant expression")
		return targ{}, false
	}
	return targ{c: kv}, true
}

// key identifies template arguments.
func (c *checker) key(args []targ) string {
	var b []byte
	for _, a := range args {
		switch {
		case a.isType():
			b = append(b, 't')
			b = strconv.AppendInt(b, int64(c.typeID(a.q.t)), 10)
			if a.q.c {
				b = append(b, 'c')
			}
			if a.q.v {
				b = append(b, 'v')
			}
			if a.q.spaced {
				b = append(b, 's', '0'+byte(a.q.space))
			}
		case a.c != nil:
			b = append(b, 'v')
			b = strconv.AppendInt(b, int64(c.typeID(a.c.T)), 10)
			for _, v := range a.c.Bits {
				b = append(b, ':')
				b = strconv.AppendUint(b, v, 16)
			}
		case a.fn != nil:
			b = append(b, 'f')
			b = append(b, fmt.Sprintf("%p", a.fn.funcs[0])...)
		case a.tmpl != nil:
			b = append(b, 'T')
			b = append(b, templateName(a.tmpl)...)
		case a.isPack:
			b = append(b, '[')
			b = append(b, c.key(a.pack)...)
			b = append(b, ']')
		}
		b = append(b, ',')
	}
	return string(b)
}

func (c *checker) typeID(t types.Type) int {
	id, ok := c.typeIDs[t]
	if !ok {
		if c.typeIDs == nil {
			c.typeIDs = make(map[types.Type]int)
		}
		id = len(c.typeIDs)
		c.typeIDs[t] = id
	}
	return id
}

func argsText(args []targ) string {
	var b strings.Builder
	b.WriteByte('<')
	for i, a := range flat(args) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.String())
	}
	b.WriteByte('>')
	return b.String()
}

// instantiating runs f while notes tell that what is being instantiated.
func (c *checker) instantiating(pos source.Pos, what string, f func()) bool {
	if len(c.insts) >= maxInst {
		c.errorf(pos, "recursive template instantiation exceeded maximum depth of %d", maxInst)
		return false
	}
	c.insts = append(c.insts, instantiation{pos, what})
	tags := c.declaredTags
	c.declaredTags = nil
	f()
	c.declaredTags = tags
	c.insts = c.insts[:len(c.insts)-1]
	return true
}

// level returns how deep in instances is what is being checked.
func (c *checker) level() int {
	if c.fn != nil {
		return c.fn.f.depth
	}
	return c.outer
}

// instance returns the function that a template is for arguments, with its
// signature but not yet its body. It returns nil if the signature does not
// hold for the arguments.
func (c *checker) instance(f *function, args []targ) *function {
	key := c.key(args)
	if g, ok := f.tmpl.instances[key]; ok {
		return g
	}
	f.tmpl.instances[key] = nil // while it is being made
	if !c.room(f.pos) {
		return nil
	}
	var g *function
	ok := c.try(func() {
		c.instantiating(f.pos, "function template '"+f.name+"'", func() {
			s := c.bindParams(f.tmpl.params, args, f.scope)
			c.in(s, func() { g = c.newFunction(f.decl) })
		})
	})
	if !ok || g == nil {
		return nil
	}
	for i := range g.params {
		if g.params[i].q.bad() {
			return nil
		}
	}
	if g.result.bad() {
		return nil
	}
	g.depth = c.level() + 1
	g.instOf, g.targs = f, args
	g.rec, g.static, g.this, g.ctor, g.conv, g.lambda = f.rec, f.static, f.this, f.ctor, f.conv, f.lambda
	if g.ctor {
		g.result = qtype{t: f.rec.t}
		g.sem.Result = f.rec.t
	}
	g.sem.Name = f.name + argsText(args)
	f.tmpl.instances[key] = g
	if c.waiting == nil {
		c.waiting = make(map[*sem.Func]*function)
	}
	c.waiting[g.sem] = g
	return g
}

// demand makes sure that the body of an instance, or of a method of one, is
// checked.
func (c *checker) demand(f *function) {
	if f.checked || f.decl == nil || f.decl.Body == nil {
		return
	}
	lazy := f.instOf != nil || f.rec != nil && f.rec.tmpl != nil
	if !lazy {
		return
	}
	if f.rec != nil {
		f.depth = max(f.depth, f.rec.depth)
	}
	if f.depth > maxInst {
		if !c.tooDeep {
			c.tooDeep = true
			c.errorf(f.pos, "recursive template instantiation exceeded maximum depth of %d", maxInst)
		}
		return
	}
	if isAuto(f.result.t) || f.constexpr {
		c.instBody(f, f.pos)
		return
	}
	if f.queued {
		return
	}
	f.queued = true
	pos := f.pos
	c.pending = append(c.pending, func() { c.instBody(f, pos) })
}

// instBody checks the body of an instance.
func (c *checker) instBody(f *function, pos source.Pos) {
	if f.checked {
		return
	}
	delete(c.waiting, f.sem)
	c.funcs = append(c.funcs, f)
	quiet := c.quiet
	c.quiet = 0
	c.instantiating(pos, "function template specialization '"+f.sem.Name+"'", func() { c.body(f) })
	c.quiet = quiet
}

// specializeFunc declares template<> void f<int>(…).
func (c *checker) specializeFunc(d *ast.FuncDecl) {
	if len(d.Name.Parts) > 1 {
		c.specializeMember(d)
		return
	}
	last := d.Name.Last()
	o, _ := c.lookup(partName(last)).(*overloads)
	if o == nil {
		c.errorf(last.Start, "no function template matches function template specialization '%s'", partName(last))
		return
	}
	plain := *d
	name := *d.Name
	name.Parts = []ast.NamePart{*last}
	name.Parts[0].Args = nil
	plain.Name = &name
	g := c.newFunction(&plain)
	r := c.scope.rec
	for _, f := range o.funcs {
		if f.tmpl == nil {
			continue
		}
		g.rec, g.static, g.this, g.ctor, g.conv = f.rec, f.static, f.this, f.ctor, f.conv
		if g.isMethod() {
			g.this = thisQuals(c, d.Type.Quals)
		}
		args, ok := c.matchDecl(f, last.Args, g)
		if !ok {
			continue
		}
		g.instOf, g.targs = f, args
		g.sem.Name = f.name + argsText(args)
		key := c.key(args)
		if old := f.tmpl.instances[key]; old != nil && old.decl != f.decl && old.decl.Body != nil && d.Body != nil {
			c.errorf(last.Start, "redefinition of '%s'", g.sem.Name).Notef(old.pos, "previous definition is here")
			return
		}
		f.tmpl.instances[key] = g
		if d.Body != nil {
			c.funcs = append(c.funcs, g)
			if r != nil && r.open {
				r.late = append(r.late, func() { c.body(g) })
			} else {
				c.body(g)
			}
		}
		return
	}
	c.errorf(last.Start, "no function template matches function template specialization '%s'", partName(last))
}

// matchDecl finds the template arguments for which the template f has the
// type of the declaration g.
func (c *checker) matchDecl(f *function, written *ast.TemplateArgs, g *function) ([]targ, bool) {
	b := c.newBindings(f, written)
	if b == nil {
		return nil, false
	}
	if len(f.decl.Type.Params) != len(g.params) {
		return nil, false
	}
	ok := true
	c.in(f.scope, func() {
		for i, p := range f.decl.Type.Params {
			ok = ok && b.unify(p.Type, g.params[i].q)
		}
		if f.decl.Type.Result != nil && b.missing() {
			ok = ok && b.unify(f.decl.Type.Result, g.result)
		}
	})
	if !ok {
		return nil, false
	}
	args, ok := b.finish()
	if !ok {
		return nil, false
	}
	inst := c.instance(f, args)
	if inst == nil || !sameParams(inst, g) && inst != g {
		return nil, false
	}
	return args, true
}

// decltypeFunc is decltype(f<A>): the type of the function. Where that is not
// one alone, only the name matters, as in an explicit instantiation.
func (c *checker) decltypeFunc(x *operand) qtype {
	if f := c.functionOf(x, nil); f != nil {
		return qtype{t: f.signature()}
	}
	return qtype{t: &types.Function{Result: void}}
}

// funcValue reports a function used as a value.
func (c *checker) funcValue(x *operand) {
	if x.this != nil {
		d := c.errorf(x.loc, "reference to non-static member function must be called")
		for _, f := range x.set.funcs {
			if f.tmpl == nil && f.required() == 0 {
				d.Msg += "; did you mean to call it with no arguments?"
				break
			}
		}
	} else if len(x.set.funcs)+len(x.set.lib) == 1 && len(x.set.lib) == 0 && x.set.funcs[0].tmpl == nil {
		c.unsupported(x.loc, "functions used as values are")
	} else {
		c.errorf(x.loc, "reference to overloaded function could not be resolved; did you mean to call it?").Ranges = []source.Span{x.span}
	}
	*x = badAt(x.span)
}
