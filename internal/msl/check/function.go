package check

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// function is a function, method or function template.
type function struct {
	name   string
	pos    source.Pos
	decl   *ast.FuncDecl // the definition once there is one
	scope  *scope        // in which it is declared
	rec    *record       // of a method
	params []param
	result qtype
	sem    *sem.Func

	static    bool // a method without object
	this      qtype
	ctor      bool
	access    ast.Access // of a constructor
	conv      bool       // a conversion function
	explicit  bool
	constexpr bool
	variadic  bool
	deleted   bool
	defaulted bool
	implicit  bool // made by the compiler
	defined   bool
	checked   bool
	queued    bool
	depth     int // of instantiation
	used      bool
	inline    bool

	tmpl   *funcTemplate // of a template
	instOf *function     // of an instance
	targs  []targ        // of an instance
	bound  sem.Expr      // an argument that every call passes first
	lambda *lambda       // of a lambda's call operator
	kernel ast.Stage
	attrs  []*ast.Attribute
}

type param struct {
	name  string
	pos   source.Pos
	q     qtype // may be a reference
	dflt  ast.Expr
	scope *scope // for dflt
	decl  *ast.ParamDecl
	pack  bool
}

func (f *function) isMethod() bool { return f.rec != nil && !f.static && !f.ctor }

// required returns the number of arguments a call needs at least.
func (f *function) required() int {
	n := len(f.params)
	for n > 0 && f.params[n-1].dflt != nil {
		n--
	}
	return n
}

// thisType returns the type a method's object has to have, as a reference.
func (f *function) thisType() qtype {
	q := f.this
	q.t = f.rec.t
	return q
}

// funcState is what is known of the function whose body is being checked.
type funcState struct {
	f         *function
	sem       *sem.Func
	name      string
	pos       source.Pos
	result    qtype
	auto      bool // the result is deduced
	deduced   bool
	this      *thisObject
	closure   *thisObject // of a lambda: its own object
	loops     int
	switches  []*switchState
	kernel    bool
	usesConst bool
	locals    []*variable
	quiet     bool
	jumps     map[string]bool // labels of which it was said that there is no goto
}

// thisObject is *this in a method.
type thisObject struct {
	q   qtype
	sem *sem.Var
}

// paramsOf makes the parameters of a function from its type's syntax.
func (c *checker) paramsOf(ft *ast.FuncType, names bool) []param {
	var list []param
	for i, p := range ft.Params {
		if p.Pack {
			list = append(list, c.packParams(p)...)
			continue
		}
		q := c.typ(p.Type)
		if i == 0 && len(ft.Params) == 1 && isVoid(q.t) && p.Name == "" && !q.c {
			break // (void)
		}
		q = c.paramType(q, p)
		list = append(list, param{name: p.Name, pos: paramPos(p), q: q, dflt: p.Default, scope: c.scope, decl: p})
	}
	return list
}

func paramPos(p *ast.ParamDecl) source.Pos {
	if p.NamePos.IsValid() {
		return p.NamePos
	}
	return p.Start
}

// paramType adjusts the type of a parameter: arrays are pointers.
func (c *checker) paramType(q qtype, p *ast.ParamDecl) qtype {
	switch t := q.t.(type) {
	case *types.Array:
		if !t.Named {
			// Programs that Apple's compiler takes leave out the address space
			// here, though not of a pointer: the array is the caller's own.
			return qtype{t: c.tab.PointerTo(t.Elem, q.space, q.c, q.v)}
		}
	case *types.Basic:
		if t.Kind == types.Void {
			if p.Name == "" {
				c.errorf(p.Start, "'void' must be the first and only parameter if specified")
			} else {
				c.errorf(paramPos(p), "argument may not have 'void' type")
			}
			return qtype{t: invalid}
		}
	case *placeholder:
		c.unsupported(p.Start, "'auto' parameters are")
		return qtype{t: invalid}
	}
	if c.functionPointer(q.t, p.Start) {
		return qtype{t: invalid}
	}
	if _, isRef := q.t.(*types.Reference); !isRef && q.spaced && q.space != types.Thread && pointerOf(q.t) == nil {
		c.errorf(paramPos(p), "parameter may not be qualified with an address space")
		return qtype{t: invalid}
	}
	return q
}

// functionPointer reports that something is a function or a pointer to one.
func (c *checker) functionPointer(t types.Type, pos source.Pos) bool {
	if p := pointerOf(t); p != nil {
		t = p.Elem
	}
	if _, ok := t.(*types.Function); !ok {
		return false
	}
	c.unsupported(pos, "pointers to functions are")
	return true
}

// declareFunc adds a function to the current scope, or finds the declaration
// it repeats. It returns the function to go on with.
func (c *checker) declareFunc(f *function) *function {
	s := c.scope
	c.hasOperators = c.hasOperators || strings.HasPrefix(f.name, "operator")
	switch old := s.names[f.name].(type) {
	case nil:
		s.set(f.name, &overloads{name: f.name, funcs: []*function{f}})
		return f
	case *overloads:
		for _, g := range old.funcs {
			if (g.tmpl != nil) != (f.tmpl != nil) {
				continue
			}
			if f.tmpl != nil {
				if g.tmpl.sameHead(f.tmpl) && sameSyntaxParams(g, f) {
					if g.decl.Body == nil && f.decl.Body != nil {
						c.defineTemplate(g, f)
					}
					return g
				}
				continue
			}
			if !sameParams(g, f) {
				continue
			}
			if g.result != f.result && !g.result.bad() && !f.result.bad() {
				if g.result.t != f.result.t {
					c.errorf(f.pos, "functions that differ only in their return type cannot be overloaded").
						Notef(g.pos, "previous %s is here", defOrDecl(g))
					return f
				}
			}
			return c.redeclare(g, f)
		}
		old.funcs = append(old.funcs, f)
		return f
	default:
		if t, ok := old.(*typeName); ok && (t.rec != nil || t.enum != nil) {
			if s.tags == nil {
				s.tags = make(map[string]*typeName)
			}
			s.tags[f.name] = t
			s.set(f.name, &overloads{name: f.name, funcs: []*function{f}})
			return f
		}
		d := c.errorf(f.pos, "redefinition of '%s' as different kind of symbol", f.name)
		if old.where().IsValid() {
			d.Notef(old.where(), "previous definition is here")
		}
	}
	return f
}

func defOrDecl(f *function) string {
	if f.defined {
		return "definition"
	}
	return "declaration"
}

// redeclare joins a declaration with an earlier one.
func (c *checker) redeclare(old, f *function) *function {
	if f.decl.Body != nil {
		if old.defined {
			c.errorf(f.pos, "redefinition of '%s'", f.name).Notef(old.pos, "previous definition is here")
			return nil
		}
		old.decl = f.decl
		old.defined = true
		old.pos = f.pos
		for i := range f.params {
			if f.params[i].dflt == nil {
				f.params[i].dflt, f.params[i].scope = old.params[i].dflt, old.params[i].scope
			} else if old.params[i].dflt != nil {
				c.errorf(f.params[i].pos, "redefinition of default argument").
					Notef(old.params[i].pos, "previous definition is here")
			}
		}
		old.params = f.params
		old.scope = f.scope
		old.attrs = append(old.attrs, f.attrs...)
		if f.kernel != ast.NoStage {
			old.kernel = f.kernel
		}
		return old
	}
	// Another prototype may give more parameters a default argument.
	for i := range f.params {
		switch p := &f.params[i]; {
		case p.dflt == nil:
		case old.params[i].dflt != nil:
			c.errorf(p.pos, "redefinition of default argument").Notef(old.params[i].pos, "previous definition is here")
		default:
			old.params[i].dflt, old.params[i].scope = p.dflt, p.scope
		}
	}
	return old
}

func sameParams(a, b *function) bool {
	if len(a.params) != len(b.params) || a.variadic != b.variadic {
		return false
	}
	for i := range a.params {
		if a.params[i].q.t != b.params[i].q.t {
			return false
		}
	}
	if a.isMethod() && b.isMethod() {
		return a.this == b.this
	}
	return true
}

// defaultArg makes the argument for a parameter that the call leaves out.
func (c *checker) defaultArg(f *function, i int, pos source.Pos) sem.Expr {
	p := &f.params[i]
	var v sem.Expr
	c.in(p.scope, func() {
		fn := c.fn
		x := c.expr(p.dflt)
		v = c.initValue(&x, p.q, initContext{what: "a parameter"})
		c.fn = fn
	})
	return v
}

// body checks the body of a function.
func (c *checker) body(f *function) {
	if f.checked || f.decl == nil || f.decl.Body == nil {
		return
	}
	f.checked = true
	oldFn, oldScope := c.fn, c.scope
	defer func() { c.fn, c.scope = oldFn, oldScope }()
	c.scope = f.scope
	if f.rec != nil && c.scope != f.rec.scope {
		c.scope = &scope{parent: f.scope, rec: f.rec}
	}
	st := &funcState{f: f, sem: f.sem, name: f.name, pos: f.pos, result: f.result, auto: f.result.t == types.Type(autoType), kernel: f.kernel == ast.Kernel}
	c.fn = st
	s := c.push()
	s.fn = true
	if f.rec != nil && !f.static {
		q := f.this
		q.t = f.rec.t
		ref := c.tab.ReferenceTo(f.rec.t, q.space, q.c, q.v, false)
		v := &sem.Var{Name: "this", Type: ref, Space: types.Thread, Pos: f.pos}
		if f.ctor {
			// A constructor makes its object: a local variable that it returns.
			v.Type = f.rec.t
			q = qtype{t: f.rec.t, spaced: true}
		} else {
			f.sem.This = v
		}
		st.this = &thisObject{q: q, sem: v}
		if f.lambda != nil {
			st.closure, st.this = st.this, f.lambda.this
			if st.this != nil {
				f.sem.Captures = append(f.sem.Captures, st.this.sem)
			}
		}
	}
	f.sem.Params = f.sem.Params[:0]
	for _, p := range f.decl.Type.Params {
		if p.Pack && p.Name != "" {
			s.set(p.Name, &pack{name: p.Name, pos: paramPos(p)})
		}
	}
	for i := range f.params {
		p := &f.params[i]
		if f.kernel == ast.Kernel {
			if t, _, ok := memoryParam(p.q); ok && !c.bufferElem(t, p) {
				p.q = qtype{t: invalid}
			}
		}
		v := c.newVar(p.name, p.q, p.pos)
		v.quietUnused = true
		f.sem.Params = append(f.sem.Params, v.sem)
		if p.name == "" {
			continue
		}
		if list, ok := s.names[p.name].(*pack); ok && p.pack {
			list.elems = append(list.elems, v)
			continue
		}
		if _, again := s.names[p.name]; again {
			c.errorf(p.pos, "redefinition of parameter '%s'", p.name)
			continue
		}
		s.set(p.name, v)
	}
	outer := c.fp
	defer func() { c.fp = outer }()
	if f.lambda == nil {
		c.fp = c.bodyFP[f.decl.Body]
	}
	b := &sem.Block{}
	if fp := c.fp; fp != (sem.FP{}) {
		b.FP = &fp
	}
	if f.ctor {
		c.ctorBody(f, b)
	}
	c.compound(f.decl.Body.List, b)
	if f.ctor {
		b.List = append(b.List, &sem.Return{X: &sem.VarRef{Typed: typed(f.rec.t, f.pos), Var: st.this.sem}, Pos: f.decl.Body.Stop})
		f.sem.Result = f.rec.t
	}
	if st.auto && !st.deduced {
		st.result = qtype{t: void}
	}
	if st.auto {
		f.result = st.result
		f.sem.Result = st.result.t
	}
	f.sem.Body = b
	if !f.ctor && !isVoid(st.result.t) && !st.result.bad() && st.result.t != types.Type(autoType) {
		c.missingReturn(f, b)
	}
	if f.kernel == ast.Kernel {
		c.bindArgs(f)
	}
	c.unusedLocals(st)
}

// newVar makes a variable for a declared type.
func (c *checker) newVar(name string, q qtype, pos source.Pos) *variable {
	v := &variable{pos: pos, q: q, owner: c.fn}
	v.sem = &sem.Var{Name: name, Type: q.t, Const: q.c, Pos: pos}
	if r, ok := q.t.(*types.Reference); ok {
		v.ref = true
		v.q = qtype{t: r.Elem, c: r.Const, v: r.Volatile, space: r.Space, spaced: true}
		v.sem.Const = r.Const
	} else {
		v.sem.Space = types.Thread
		v.q.space = types.Thread
	}
	return v
}

// paramScope makes a scope in which the names of parameters can be used, in
// what is not evaluated.
func (c *checker) paramScope(ft *ast.FuncType, params []param) *scope {
	s := &scope{parent: c.scope}
	for _, p := range ft.Params {
		if p.Pack && p.Name != "" {
			s.set(p.Name, &pack{name: p.Name, pos: paramPos(p)})
		}
	}
	for i := range params {
		p := &params[i]
		v := c.newVar(p.name, p.q, p.pos)
		v.owner = nil
		if list, ok := s.names[p.name].(*pack); ok && p.pack {
			list.elems = append(list.elems, v)
		} else if p.name != "" {
			s.set(p.name, v)
		}
	}
	return s
}

// missingReturn warns where control can reach the end of a function that has
// a result.
func (c *checker) missingReturn(f *function, b *sem.Block) {
	if c.failed || !falls(b) {
		return
	}
	end := f.decl.Body.Stop
	if end > 0 {
		end--
	}
	if returns(b) {
		c.warnf("return-type", end, "non-void function does not return a value in all control paths")
	} else {
		c.warnf("return-type", end, "non-void function does not return a value")
	}
}
