package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// switchState collects the cases of a switch.
type switchState struct {
	t     types.Type
	cases map[uint64]source.Pos
	deflt source.Pos
	loops int // loops around it
	depth int // blocks between the switch and here
	list  *[]sem.Stmt
	into  bool // there are cases inside of other statements
}

// stmts checks a list of statements into a block.
func (c *checker) stmts(list []ast.Stmt, b *sem.Block) {
	for _, s := range list {
		c.stmt(s, b)
	}
}

// block checks a statement in a scope of its own.
func (c *checker) block(s ast.Stmt) *sem.Block {
	b := &sem.Block{}
	c.push()
	if cs, ok := s.(*ast.CompoundStmt); ok {
		c.compound(cs.List, b)
	} else if s != nil {
		c.stmt(s, b)
	}
	c.pop()
	return b
}

// stmt checks a statement and adds what it means to a block.
func (c *checker) stmt(s ast.Stmt, b *sem.Block) {
	if s == nil {
		return
	}
	if !c.enter(s.Pos()) {
		c.leave()
		return
	}
	defer c.leave()
	add := func(s sem.Stmt) { b.List = append(b.List, s) }
	switch s := s.(type) {
	case *ast.CompoundStmt:
		if n := len(c.fn.switches); n > 0 && c.fn.switches[n-1].depth == 0 && c.fn.switches[n-1].list == &b.List && holdsCase(s) {
			// The cases in the block are those of the switch: what it holds
			// becomes part of the list.
			c.push()
			c.stmts(s.List, b)
			c.pop()
			return
		}
		c.fn.nested(func() { add(c.block(s)) })
	case *ast.PragmaStmt:
		if isFP(s.Text) {
			c.errorf(s.Start, "'#pragma %s' can only appear at file scope or at the start of a compound statement", fpName(s.Text))
		}
	case *ast.ExprStmt:
		x := c.expr(s.X)
		if x.kind == opFuncs || x.kind == opType || x.kind == opInit {
			c.rvalue(&x)
		}
		if x.bad() {
			return
		}
		c.unusedValue(s.X, &x)
		e := x.x
		if cv, ok := e.(*sem.Convert); ok && isVoid(cv.T) {
			e = cv.X
		}
		if z, ok := e.(*sem.Zero); ok && isVoid(z.T) {
			return
		}
		add(&sem.ExprStmt{X: e})
	case *ast.DeclStmt:
		for _, d := range s.Decls {
			c.localDecl(d, b)
		}
		if len(s.Decls) > 1 {
			c.sameAuto(s.Decls)
		}
	case *ast.IfStmt:
		c.ifStmt(s, b)
	case *ast.SwitchStmt:
		c.switchStmt(s, b)
	case *ast.CaseStmt:
		c.caseStmt(s, b)
	case *ast.WhileStmt:
		c.whileStmt(s, b)
	case *ast.DoStmt:
		body := c.loopBody(s.Body)
		x := c.val(s.Cond)
		c.assignInCond(s.Cond)
		if !x.bad() && c.toBool(&x, "do") {
			add(&sem.For{Cond: x.x, Body: body, DoWhile: true, Pos: s.Start})
		}
	case *ast.ForStmt:
		c.forStmt(s, b)
	case *ast.RangeForStmt:
		c.rangeFor(s, b)
	case *ast.BreakStmt:
		if c.fn.loops == 0 && len(c.fn.switches) == 0 {
			c.errorf(s.Start, "'break' statement not in loop or switch statement")
			return
		}
		add(&sem.Break{Pos: s.Start})
	case *ast.ContinueStmt:
		if c.fn.loops == 0 {
			c.errorf(s.Start, "'continue' statement not in loop statement")
			return
		}
		add(&sem.Continue{Pos: s.Start})
	case *ast.ReturnStmt:
		c.returnStmt(s, b)
	case *ast.LabelStmt:
		c.jump(s.Name, s.Start, "labels are")
	case *ast.GotoStmt:
		c.jump(s.Name, s.Start, "'goto' is")
	case *ast.AttrStmt:
		c.stmt(s.Stmt, b)
	}
}

// nested runs f inside a block that cannot hold the cases of the switch
// around it: those are at the top level of its body.
func (st *funcState) nested(f func()) {
	if n := len(st.switches); n > 0 {
		st.switches[n-1].depth++
		defer func() { st.switches[n-1].depth-- }()
	}
	f()
}

// holdsCase reports whether a block holds a case of the switch around it, in
// itself or in a block in it.
func holdsCase(s *ast.CompoundStmt) bool {
	for _, x := range s.List {
		switch x := x.(type) {
		case *ast.CaseStmt:
			return true
		case *ast.CompoundStmt:
			if holdsCase(x) {
				return true
			}
		}
	}
	return false
}

// localDecl checks a declaration in a function.
func (c *checker) localDecl(d ast.Decl, b *sem.Block) {
	switch d := d.(type) {
	case *ast.VarDecl:
		if v := c.localVar(d); v != nil {
			b.List = append(b.List, v)
		}
	case *ast.FuncDecl:
		f := c.newFunction(d)
		c.declareFunc(f)
	case *ast.BindingDecl:
		x := c.expr(d.Init)
		if x.kind == opInit && len(x.list.Elems) == 1 {
			x = c.expr(x.list.Elems[0])
		}
		if v := c.structured(d, x, d.Names[0].Start); v != nil {
			b.List = append(b.List, v)
		}
	case *ast.TemplateDecl:
		c.errorf(d.Start, "templates cannot be declared inside of a function")
	default:
		c.commonDecl(d)
	}
}

// localVar declares a variable of a function. It returns nil if there is
// nothing to lower: an error, or a constant kept by value.
func (c *checker) localVar(d *ast.VarDecl) *sem.Decl {
	if d.Name == nil {
		return nil
	}
	name, pos := d.Name.Simple(), d.Name.Start
	if name == "" {
		c.errorf(pos, "definition or redeclaration of '%s' not allowed inside a function", nameText(d.Name))
		return nil
	}
	d = c.deducedVar(d)
	q := c.typeFor(declaredType(d), name)
	if d.Specs.Constexpr {
		q.c = true
	}
	if c.functionPointer(q.t, pos) {
		q = qtype{t: invalid}
	}
	if s := structOf(q.t); s != nil {
		c.complete(recordOf(s), pos)
	}
	if !q.bad() && !isAuto(q.t) && incomplete(q.t) {
		if a := arrayOf(q.t); a == nil || d.InitStyle == ast.NoInit || incomplete(a.Elem) {
			switch {
			case a != nil && !incomplete(a.Elem):
				c.errorf(pos, "definition of variable with array type needs an explicit size or an initializer")
			default:
				e := c.errorf(pos, "variable has incomplete type %s", q.quote())
				if s := structOf(q.t); s != nil {
					e.Notef(recordOf(s).pos, "forward declaration of '%s'", s.Name)
				}
			}
			q = qtype{t: invalid}
		}
	}
	if q.spaced && !q.bad() {
		switch q.space {
		case types.Threadgroup:
			return c.threadgroupVar(d, name, pos, q)
		case types.Constant:
			if d.Specs.Storage == ast.Static || d.Specs.Constexpr {
				return c.localConstant(d, name, pos, q)
			}
			fallthrough
		case types.Device, types.ThreadgroupImageblock, types.ObjectData, types.RayData:
			c.errorf(pos, "automatic variable qualified with an address space")
			q = qtype{t: invalid}
		}
	}
	if d.Specs.Storage == ast.Static && !q.bad() {
		if !q.c {
			c.errorf(pos, "static local variable must reside in constant address space")
			q = qtype{t: invalid}
		}
	}
	v := c.newVar(name, q, pos)
	v.sem.Const = q.c || v.ref && v.q.c
	v.constexpr = d.Specs.Constexpr
	if q.bad() {
		c.poison(v)
	}
	v.quietUnused = hasAttr(d.Attrs, "maybe_unused", "unused")
	// The name is in scope in its own initialiser.
	if !c.declare(name, v, pos) {
		// What it begins as is not looked at as if it were right.
		c.quiet++
		defer func() { c.quiet-- }()
	}
	c.fn.locals = append(c.fn.locals, v)
	if d.InitStyle == ast.NoInit && q.t != types.Type(types.Sampler) {
		return c.uninitialized(d, v, q, pos)
	}
	init := c.varInit(d, v, q, pos)
	if init == nil {
		c.poison(v)
		v.used = true
		return nil
	}
	if v.ref && v.sem.Const && v.q.space == types.Thread {
		_ = v
	}
	if (v.constexpr || v.sem.Const && !v.ref) && !v.q.v {
		val := c.eval(init)
		switch {
		case val != nil && val.elems == nil && elementOf(v.q.t) != nil:
			k := &sem.Const{Typed: typed(v.q.t, init.Pos()), Bits: val.bits}
			v.sem.Value = k
			init = k
		case val != nil:
			v.elems = val
		case v.constexpr && !c.isAddressConstant(init):
			c.errorf(pos, "constexpr variable '%s' must be initialized by a constant expression", name)
			c.poison(v)
			return nil
		}
		if v.elems != nil {
			c.constVars(v)
		}
	}
	return &sem.Decl{Var: v.sem, Init: init}
}

// declaredType returns the type of a variable as written, decltype(auto) as
// that of its initialiser.
func declaredType(d *ast.VarDecl) ast.Type {
	if t, ok := d.Type.(*ast.AutoType); ok && t.Decltype && len(d.Init) == 1 {
		return &ast.DecltypeType{Span: t.Span, X: d.Init[0]}
	}
	return d.Type
}

// uninitialized declares a variable without an initialiser.
func (c *checker) uninitialized(d *ast.VarDecl, v *variable, q qtype, pos source.Pos) *sem.Decl {
	switch {
	case isAuto(q.t):
		c.autoInit(d, v, q, pos)
		c.poison(v)
		return nil
	case q.bad():
		return nil
	case v.ref:
		c.errorf(pos, "declaration of reference variable '%s' requires an initializer", v.sem.Name)
		c.poison(v)
		return nil
	}
	s := structOf(q.t)
	t := q.t
	for arrayOf(t) != nil {
		t = arrayOf(t).Elem
	}
	if q.c && !(s != nil && recordOf(s).needsInit()) {
		c.errorf(pos, "default initialization of an object of const type %s", q.quote())
		c.poison(v)
		return nil
	}
	dec := &sem.Decl{Var: v.sem}
	if s != nil && recordOf(s).needsInit() {
		dec.Init = c.defaultInit(s, pos, false)
		if dec.Init == nil {
			return nil
		}
	} else if a := arrayOf(q.t); a != nil && structOf(t) != nil && recordOf(structOf(t)).needsInit() {
		dec.Init = c.arrayOfDefaults(a, pos)
	}
	return dec
}

// arrayOfDefaults makes an array of default-constructed objects.
func (c *checker) arrayOfDefaults(a *types.Array, pos source.Pos) sem.Expr {
	agg := &sem.Aggregate{Typed: typed(a, pos)}
	for i := int64(0); i < a.Len && i < 1<<16; i++ {
		var e sem.Expr
		if in := arrayOf(a.Elem); in != nil {
			e = c.arrayOfDefaults(in, pos)
		} else {
			e = c.defaultInit(structOf(a.Elem), pos, false)
		}
		agg.Elems = append(agg.Elems, e)
	}
	return agg
}

// threadgroupVar declares a variable shared by the threadgroup.
func (c *checker) threadgroupVar(d *ast.VarDecl, name string, pos source.Pos, q qtype) *sem.Decl {
	v := c.newVar(name, qtype{t: q.t, v: q.v}, pos)
	v.q = q
	v.sem.Space = types.Threadgroup
	v.quietUnused = hasAttr(d.Attrs, "maybe_unused", "unused")
	c.declare(name, v, pos)
	c.fn.locals = append(c.fn.locals, v)
	switch {
	case c.fn.f == nil || c.fn.f.kernel != ast.Kernel:
		c.errorf(pos, "variables in the threadgroup address space cannot be declared in a non-qualified function")
		return nil
	case d.InitStyle != ast.NoInit && v.sem.Type != invalid:
		init := c.varInit(d, v, qtype{t: q.t, v: q.v}, pos)
		if init == nil {
			return nil
		}
		return &sem.Decl{Var: v.sem, Init: init}
	}
	return &sem.Decl{Var: v.sem}
}

// localConstant declares a variable of a function in constant memory: a
// program-scope constant that only its block sees.
func (c *checker) localConstant(d *ast.VarDecl, name string, pos source.Pos, q qtype) *sem.Decl {
	v := c.declareGlobal(d, name, pos, q, false)
	v.quietUnused = true
	return nil
}

func (c *checker) returnStmt(s *ast.ReturnStmt, b *sem.Block) {
	st := c.fn
	if st.this != nil && st.f.ctor {
		if s.X != nil {
			c.errorf(s.Start, "constructor '%s' should not return a value", st.name)
			return
		}
		b.List = append(b.List, &sem.Return{X: &sem.VarRef{Typed: typed(st.f.rec.t, s.Start), Var: st.this.sem}, Pos: s.Start})
		return
	}
	if s.X == nil {
		if st.auto && !st.deduced {
			st.result, st.deduced = qtype{t: void}, true
		}
		if !isVoid(st.result.t) && !st.result.bad() {
			c.errorf(s.Start, "non-void function '%s' should return a value", st.name)
			return
		}
		b.List = append(b.List, &sem.Return{Pos: s.Start})
		return
	}
	x := c.expr(s.X)
	if x.bad() {
		return
	}
	if isAuto(st.result.t) || st.auto {
		q := st.result
		if !st.deduced {
			if x.kind == opInit {
				c.errorf(s.X.Pos(), "cannot deduce return type from initializer list")
				return
			}
			if r, ok := st.f.decl.Type.Result.(*ast.AutoType); ok && r.Decltype {
				st.result = c.decltype(&ast.DecltypeType{Span: r.Span, X: s.X})
			} else if isVoid(x.q.t) {
				st.result = qtype{t: void}
			} else {
				t, ok := c.deduceAuto(q, &x, s.X.Pos(), st.name)
				if !ok {
					return
				}
				st.result = t.unqual()
				if _, ref := t.t.(*types.Reference); ref {
					st.result = t
				}
			}
			st.deduced, st.auto = true, true
		} else if t, ok := c.deduceAuto(qtype{t: autoType}, &x, s.X.Pos(), st.name); ok && t.t != st.result.t && pointerOf(st.result.t) == nil {
			if _, ref := st.result.t.(*types.Reference); !ref {
				c.errorf(s.Start, "'auto' in return type deduced as %s here but deduced as %s in earlier return statement", t.quote(), st.result.quote())
				return
			}
		}
	}
	if isVoid(st.result.t) {
		if isVoid(x.q.t) && x.kind == opValue {
			b.List = append(b.List, &sem.ExprStmt{X: x.x}, &sem.Return{Pos: s.Start})
			return
		}
		if x.kind == opFuncs || x.kind == opType {
			c.rvalue(&x)
			return
		}
		d := c.errorf(s.Start, "void function '%s' should not return a value", st.name)
		d.Ranges = []source.Span{x.span}
		return
	}
	v := c.initValue(&x, st.result, initContext{what: "return object"})
	if v == nil {
		return
	}
	b.List = append(b.List, &sem.Return{X: v, Pos: s.Start})
}

// condition checks the condition of an if, while, for or switch: an
// expression, or a declaration of a variable that is tested.
func (c *checker) condition(n ast.Node, b *sem.Block, what string) (cond operand, decl *sem.Decl) {
	switch n := n.(type) {
	case *ast.DeclStmt:
		for _, d := range n.Decls {
			vd, ok := d.(*ast.VarDecl)
			if !ok {
				c.localDecl(d, b)
				continue
			}
			decl = c.localVar(vd)
			if decl == nil {
				return badAt(span(n)), nil
			}
			o, _ := c.scope.names[vd.Name.Simple()].(*variable)
			if o == nil {
				return badAt(span(n)), nil
			}
			cond = c.varExpr(o, d.(*ast.VarDecl).Name.Span)
		}
		return cond, decl
	case ast.Expr:
		c.assignInCond(n)
		return c.expr(n), nil
	}
	return badAt(source.Span{}), nil
}

// assignInCond warns of = where == may have been meant.
func (c *checker) assignInCond(n ast.Node) {
	a, ok := n.(*ast.AssignExpr)
	if !ok || a.Op != scan.Assign {
		return
	}
	d := c.warnf("parentheses", a.OpPos, "using the result of an assignment as a condition without parentheses")
	d.Ranges = []source.Span{span(a)}
	d.Notef(a.OpPos, "place parentheses around the assignment to silence this warning")
	d.Notef(a.OpPos, "use '==' to turn this assignment into an equality comparison")
}

// scoped adds the statements f makes to b, in a block if they declare
// something that must not be seen outside.
func (c *checker) scoped(b *sem.Block, f func(in *sem.Block)) {
	in := &sem.Block{}
	c.push()
	c.fn.nested(func() { f(in) })
	c.pop()
	if len(in.List) == 1 {
		if _, decl := in.List[0].(*sem.Decl); !decl {
			b.List = append(b.List, in.List[0])
			return
		}
	}
	if len(in.List) > 0 {
		b.List = append(b.List, in)
	}
}

func (c *checker) ifStmt(s *ast.IfStmt, b *sem.Block) {
	c.scoped(b, func(in *sem.Block) {
		c.stmt(s.Init, in)
		cond, decl := c.condition(s.Cond, in, "if")
		if decl != nil {
			in.List = append(in.List, decl)
		}
		if s.Constexpr {
			c.rvalue(&cond)
			v, ok := c.boolConst(&cond)
			if !ok {
				if !cond.bad() {
					c.errorf(s.Cond.Pos(), "constexpr if condition is not a constant expression")
				}
				return
			}
			if v {
				in.List = append(in.List, c.block(s.Then))
			} else if s.Else != nil {
				in.List = append(in.List, c.block(s.Else))
			}
			return
		}
		c.rvalue(&cond)
		ok := !cond.bad() && c.toBool(&cond, "if")
		then := c.block(s.Then)
		var els sem.Stmt
		if s.Else != nil {
			els = c.elseBlock(s.Else)
		}
		if ok {
			in.List = append(in.List, &sem.If{Cond: cond.x, Then: then, Else: els, Pos: s.Start})
		}
	})
}

// elseBlock checks the else branch; chains of else if do not nest.
func (c *checker) elseBlock(s ast.Stmt) sem.Stmt {
	if in, ok := s.(*ast.IfStmt); ok {
		c.depth--
		defer func() { c.depth++ }()
		b := &sem.Block{}
		c.ifStmt(in, b)
		if len(b.List) == 1 {
			return b.List[0]
		}
		return b
	}
	return c.block(s)
}

// loopBody checks the body of a loop.
func (c *checker) loopBody(s ast.Stmt) *sem.Block {
	c.fn.loops++
	defer func() { c.fn.loops-- }()
	// A case of a switch outside of the loop cannot stand in its body.
	var b *sem.Block
	c.fn.nested(func() { b = c.block(s) })
	return b
}

func (c *checker) whileStmt(s *ast.WhileStmt, b *sem.Block) {
	c.scoped(b, func(in *sem.Block) {
		cond, decl := c.condition(s.Cond, in, "while")
		c.rvalue(&cond)
		ok := !cond.bad() && c.toBool(&cond, "while")
		body := c.loopBody(s.Body)
		if ok {
			in.List = append(in.List, &sem.For{CondDecl: decl, Cond: cond.x, Body: body, Pos: s.Start})
		}
	})
}

func (c *checker) forStmt(s *ast.ForStmt, b *sem.Block) {
	c.scoped(b, func(in *sem.Block) {
		c.stmt(s.Init, in)
		loop := &sem.For{Pos: s.Start}
		ok := true
		if s.Cond != nil {
			cond, decl := c.condition(s.Cond, in, "for")
			c.rvalue(&cond)
			ok = !cond.bad() && c.toBool(&cond, "for")
			loop.CondDecl, loop.Cond = decl, cond.x
		}
		if s.Post != nil {
			x := c.expr(s.Post)
			if x.kind == opFuncs || x.kind == opType || x.kind == opInit {
				c.rvalue(&x)
			}
			if !x.bad() {
				c.unusedValue(s.Post, &x)
				loop.Step = x.x
			}
		}
		loop.Body = c.loopBody(s.Body)
		if ok {
			in.List = append(in.List, loop)
		}
	})
}

func (c *checker) switchStmt(s *ast.SwitchStmt, b *sem.Block) {
	c.scoped(b, func(in *sem.Block) {
		c.stmt(s.Init, in)
		x, decl := c.condition(s.Cond, in, "switch")
		if decl != nil {
			in.List = append(in.List, decl)
		}
		c.rvalue(&x)
		sw := &switchState{cases: make(map[uint64]source.Pos), t: invalid}
		var v sem.Expr
		if !x.bad() {
			e := enumOf(x.q.t)
			switch {
			case e != nil && e.Scoped:
				v, sw.t = x.x, e
			case isArith(x.q.t) && !promote(x.q.t).IsFloat():
				t := promote(x.q.t)
				v, sw.t = c.coerce(x.x, t), t
			default:
				c.errorf(s.Start, "statement requires expression of integer type (%s invalid)", x.q.quote()).Ranges = []source.Span{x.span}
			}
		}
		c.fn.switches = append(c.fn.switches, sw)
		body := &sem.Block{}
		sw.list = &body.List
		c.push()
		if cs, ok := s.Body.(*ast.CompoundStmt); ok {
			c.stmts(cs.List, body)
		} else {
			c.stmt(s.Body, body)
		}
		c.pop()
		c.fn.switches = c.fn.switches[:len(c.fn.switches)-1]
		if v != nil {
			in.List = append(in.List, &sem.Switch{X: v, Body: body.List, Into: sw.into, Pos: s.Start})
		}
	})
}

// jump reports a label or a goto, of each name the first.
func (c *checker) jump(name string, pos source.Pos, what string) {
	if c.fn.jumps[name] {
		return
	}
	if c.fn.jumps == nil {
		c.fn.jumps = make(map[string]bool)
	}
	c.fn.jumps[name] = true
	c.errorf(pos, "%s not supported in Metal", what)
}

// sameAuto checks that all variables of a declaration with auto, which have been
// declared, are of one type.
func (c *checker) sameAuto(list []ast.Decl) {
	var first *ast.VarDecl
	var t types.Type
	for _, d := range list {
		d, ok := d.(*ast.VarDecl)
		if !ok || d.Name == nil {
			return
		}
		base := d.Type
		if q, ok := base.(*ast.QualType); ok {
			base = q.Elem
		}
		v, _ := c.scope.names[d.Name.Simple()].(*variable)
		if _, ok := base.(*ast.AutoType); !ok || v == nil || v.q.bad() {
			return
		}
		if first == nil {
			first, t = d, v.q.t
		} else if v.q.t != t {
			c.errorf(base.Pos(), "'auto' deduced as %s in declaration of '%s' and deduced as %s in declaration of '%s'", quote(t), first.Name.Simple(), v.q.unqual().quote(), d.Name.Simple())
			return
		}
	}
}

func (c *checker) caseStmt(s *ast.CaseStmt, b *sem.Block) {
	what := "case"
	if s.Value == nil {
		what = "default"
	}
	n := len(c.fn.switches)
	if n == 0 {
		if s.Value != nil {
			c.val(s.Value)
		}
		c.errorf(s.Start, "'%s' statement not in switch statement", what)
		return
	}
	sw := c.fn.switches[n-1]
	sw.into = sw.into || sw.depth > 0
	for _, before := range b.List {
		if d, ok := before.(*sem.Decl); ok && d.Init != nil && &b.List == sw.list {
			c.errorf(s.Start, "cannot jump from switch statement to this case label").Notef(d.Var.Pos, "jump bypasses variable initialization")
			return
		}
	}
	if s.Value == nil {
		if sw.deflt.IsValid() {
			// Clang meets the later one first.
			c.errorf(sw.deflt, "multiple default labels in one switch").Notef(s.Start, "previous case defined here")
			return
		}
		sw.deflt = s.Start
		b.List = append(b.List, &sem.Case{})
		return
	}
	lo, ok := c.caseValue(sw, s.Value)
	hi := lo
	if ok && s.High != nil {
		hi, ok = c.caseValue(sw, s.High)
	}
	if !ok || sw.t == invalid {
		return
	}
	t := elementOf(sw.t)
	if signed(t, hi) < signed(t, lo) {
		c.warnf("switch", s.Start, "empty case range specified")
		return
	}
	if hi-lo > 1<<12 {
		c.unsupported(s.Start, "case ranges of more than 4096 values are")
		return
	}
	for v := lo; ; v++ {
		if at, dup := sw.cases[v]; dup {
			c.errorf(s.Value.Pos(), "duplicate case value '%s'", formatInt(t, signed(t, v))).Notef(at, "previous case defined here")
			return
		}
		sw.cases[v] = s.Start
		b.List = append(b.List, &sem.Case{Value: konst(sw.t, v, s.Value.Pos())})
		if v == hi {
			break
		}
	}
}

// caseValue evaluates the value of a case in the type of the switch.
func (c *checker) caseValue(sw *switchState, e ast.Expr) (uint64, bool) {
	x := c.val(e)
	if x.bad() {
		return 0, false
	}
	if sw.t == invalid {
		return 0, false
	}
	if enumOf(sw.t) != nil {
		if x.q.t != sw.t {
			c.errorf(e.Pos(), "conversion from %s to %s is not allowed in a converted constant expression", x.q.quote(), quote(sw.t))
			return 0, false
		}
	} else if !isArith(x.q.t) || promote(x.q.t).IsFloat() {
		c.errorf(e.Pos(), "conversion from %s to %s is not allowed in a converted constant expression", x.q.quote(), quote(sw.t))
		return 0, false
	}
	n, ok := c.intConst(&x)
	if !ok {
		c.errorf(e.Pos(), "case value is not a constant expression")
		return 0, false
	}
	t, from := elementOf(sw.t), elementOf(x.q.t)
	if !fitsIn(t, from, n) {
		c.errorf(e.Pos(), "case value evaluates to %s, which cannot be narrowed to type %s", formatInt(from, n), quote(sw.t))
		return 0, false
	}
	return wrap(t, uint64(n)), true
}
