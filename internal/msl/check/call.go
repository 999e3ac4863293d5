package check

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func (c *checker) callExpr(e *ast.CallExpr) operand {
	if n, ok := e.Fun.(*ast.Name); ok && n.IsSimple() {
		if r, ok := c.specialCall(n, e); ok {
			return r
		}
	}
	if n, ok := e.Fun.(*ast.Name); ok && n.IsSimple() && n.Last().Args == nil && c.lookup(n.Simple()) == nil {
		return c.associatedCall(n, e)
	}
	if n, ok := e.Fun.(*ast.Name); ok {
		if t := c.namesTemplate(n); t != nil {
			q, args := c.deduceClass(t, e.Args, n.Start)
			if q.bad() {
				return badAt(e.Span)
			}
			return c.construct(q, args, false, e.Span, e.Pos())
		}
	}
	fun := c.expr(e.Fun)
	if fun.kind == opType {
		return c.construct(fun.q, e.Args, false, e.Span, e.Pos())
	}
	args, ok := c.args(e.Args)
	if fun.bad() || !ok {
		return badAt(e.Span)
	}
	if fun.kind != opFuncs {
		if c.overloadable(&fun) {
			if r, ok := c.operatorCall("()", append([]operand{fun}, args...), e.Pos(), e.Span); ok {
				return r
			}
			if s := structOf(fun.q.t); s != nil {
				c.errorf(e.Pos(), "type %s does not provide a call operator", quote(s)).Ranges = []source.Span{fun.span}
				return badAt(e.Span)
			}
		}
		c.errorf(e.Lparen, "called object type %s is not a function or function pointer", fun.q.quote()).Ranges = []source.Span{fun.span}
		return badAt(e.Span)
	}
	if len(fun.set.funcs) == 0 && len(fun.set.lib) == 0 {
		if r, ok := c.libSpecial(&fun, args, e); ok {
			return r
		}
	}
	if !fun.qual && fun.this == nil {
		c.addAssociated(&fun, args)
	}
	c.implicitThis(&fun, e.Span)
	return c.call(&fun, args, e.Span)
}

// libSpecial is a call of a library function that is no row of its table; ok
// is false if fun is none of those.
func (c *checker) libSpecial(fun *operand, args []operand, e *ast.CallExpr) (r operand, ok bool) {
	switch {
	case fun.this != nil && fun.name == "thread_elements" && len(args) == 0:
		return c.threadElements(fun.this, e.Span), true
	case fun.this != nil && recordOf(structOf(fun.this.q.t)) != nil && recordOf(structOf(fun.this.q.t)).log:
		return c.logCall(fun, args, e), true
	case fun.this != nil:
		return operand{}, false
	case fun.name == "make_uniform" && len(args) == 1:
		c.rvalue(&args[0])
		args[0].span = e.Span
		return args[0], true
	case fun.name == "is_function_constant_defined":
		return c.constantDefined(args, e), true
	case fun.name == "is_null_texture":
		return c.isNullTexture(args, e), true
	}
	return c.simdMatrixCall(fun, args, e)
}

// associatedCall is a call of a function that only its arguments can find.
func (c *checker) associatedCall(n *ast.Name, e *ast.CallExpr) operand {
	fun := operand{kind: opFuncs, set: &overloads{name: n.Simple()}, span: n.Span, loc: n.Start, name: n.Simple()}
	args, ok := c.args(e.Args)
	c.addAssociated(&fun, args)
	switch {
	case len(fun.set.funcs) == 0:
		c.expr(n) // reports that there is none
		return badAt(e.Span)
	case !ok:
		return badAt(e.Span)
	}
	return c.call(&fun, args, e.Span)
}

// addAssociated adds the functions that argument-dependent lookup finds: those
// declared in the namespaces of the arguments' classes.
func (c *checker) addAssociated(fun *operand, args []operand) {
	for i := range args {
		t := args[i].q.t
		if p := pointerOf(t); p != nil {
			t = p.Elem
		}
		s := structOf(t)
		if s == nil {
			continue
		}
		ns := recordOf(s).ns
		if ns == nil || ns == c.global {
			continue
		}
		if o, ok := c.inNamespace(ns, fun.set.name, nil).(*overloads); ok {
			if m, ok := merge(fun.set, o).(*overloads); ok {
				fun.set = m
			}
		}
	}
}

// call calls one of the functions fun stands for.
func (c *checker) call(fun *operand, args []operand, sp source.Span) operand {
	k := c.resolveCall(fun, args, fun.loc)
	if k == nil {
		return badAt(sp)
	}
	return c.callCandidate(k, fun, args, sp)
}

func (c *checker) callCandidate(k *candidate, fun *operand, args []operand, sp source.Span) operand {
	if k.lib != nil && fun.this != nil {
		return c.textureCall(k, fun, args, sp)
	}
	if k.lib != nil {
		return c.callLib(k, args, sp)
	}
	f := k.fn
	if f.kernel == ast.Kernel {
		c.errorf(fun.loc, "kernel function '%s' cannot be called by a function", f.name).Notef(f.pos, "'%s' declared here", f.name)
		return badAt(sp)
	}
	n := &sem.Call{Func: f.sem, Args: make([]sem.Expr, 0, len(f.params))}
	if f.isMethod() {
		if fun.this == nil {
			c.errorf(fun.loc, "call to non-static member function without an object argument").Ranges = []source.Span{fun.span}
			return badAt(sp)
		}
		n.This = c.objectArg(fun.this, f)
	}
	if f.bound != nil {
		n.Args = append(n.Args, f.bound)
	}
	for i := range args {
		if i >= len(k.convs) || i >= len(f.params) {
			break
		}
		to := f.params[i].q
		if to.bad() {
			return badAt(sp)
		}
		if k.convs[i].kind == convList {
			v := c.initList(args[i].list, to, initContext{what: "a parameter"})
			if v == nil {
				return badAt(sp)
			}
			n.Args = append(n.Args, v)
			continue
		}
		c.lossy(&args[i], to.t)
		e := c.apply(&args[i], k.convs[i])
		if args[i].bad() {
			return badAt(sp)
		}
		n.Args = append(n.Args, e)
	}
	for i := len(args); i < len(f.params); i++ {
		v := c.defaultArg(f, i, sp.Start)
		if v == nil {
			return badAt(sp)
		}
		n.Args = append(n.Args, v)
	}
	return c.finishCall(f, n, sp)
}

// finishCall makes the operand of a call: an lvalue if the function returns a
// reference.
func (c *checker) finishCall(f *function, n *sem.Call, sp source.Span) operand {
	c.demand(f)
	res := f.result
	if res.t == types.Type(autoType) {
		c.errorf(sp.Start, "function '%s' with deduced return type cannot be used before it is defined", f.name).
			Notef(f.pos, "'%s' declared here", f.name)
		return badAt(sp)
	}
	if res.bad() {
		return badAt(sp)
	}
	if f.constexpr && elementOf(res.t) != nil {
		n.Typed = typed(res.t, sp.Start)
		if k := c.evalConst(n); k != nil {
			f.used = true
			return value(&sem.Const{Typed: typed(k.T, sp.Start), Bits: k.Bits}, sp)
		}
	}
	c.use(f, sp.Start)
	if r, ok := res.t.(*types.Reference); ok {
		n.Typed = typed(r.Elem, sp.Start)
		x := lvalue(n, qtype{t: r.Elem, c: r.Const, v: r.Volatile, space: r.Space, spaced: true}, sp)
		x.xvalue = r.RValue
		return x
	}
	n.Typed = typed(res.t, sp.Start)
	if s := structOf(res.t); s != nil {
		c.complete(recordOf(s), sp.Start)
	}
	return value(n, sp)
}

// use notes a call of f from the function being checked.
func (c *checker) use(f *function, pos source.Pos) {
	f.used = true
	if c.quiet > 0 {
		return
	}
	if c.fn != nil {
		if c.calls == nil {
			c.calls = make(map[*sem.Func][]callSite)
		}
		c.calls[c.fn.sem] = append(c.calls[c.fn.sem], callSite{f.sem, pos})
	}
}

func (c *checker) callLib(k *candidate, args []operand, sp source.Span) operand {
	n := &sem.Builtin{Typed: typed(k.lib.Result, sp.Start), Name: k.lib.Name, Mode: k.mode}
	for i := range args {
		e := c.apply(&args[i], k.convs[i])
		if args[i].bad() {
			return badAt(sp)
		}
		n.Args = append(n.Args, e)
	}
	if x, ok := foldBuiltin(n); ok {
		return value(x, sp)
	}
	return value(n, sp)
}

// constantDefined is is_function_constant_defined(name).
func (c *checker) constantDefined(args []operand, e *ast.CallExpr) operand {
	if len(args) != 1 {
		c.errorf(e.Pos(), "'is_function_constant_defined' takes one function constant")
		return badAt(e.Span)
	}
	v := args[0].v
	if v == nil || v.sem.FuncConst == nil {
		c.errorf(args[0].pos(), "the argument of 'is_function_constant_defined' must be a function constant")
		return badAt(e.Span)
	}
	n := &sem.Builtin{Typed: typed(boolT, e.Pos()), Name: "is_function_constant_defined", Args: []sem.Expr{args[0].x}}
	return value(n, e.Span)
}

// specialCall handles the compiler's own functions.
func (c *checker) specialCall(n *ast.Name, e *ast.CallExpr) (operand, bool) {
	name := n.Simple()
	if !strings.HasPrefix(name, "__") {
		return operand{}, false
	}
	pos := e.Pos()
	constant := func(bits uint64) (operand, bool) {
		for _, a := range e.Args {
			c.expr(a)
		}
		return value(konst(floatT, bits, pos), e.Span), true
	}
	switch name {
	case "__builtin_huge_valf", "__builtin_inff":
		return constant(0x7f800000)
	case "__builtin_nanf", "__builtin_nansf":
		return constant(0x7fc00000)
	case "__builtin_assume", "__builtin_unreachable":
		c.args(e.Args)
		return value(&sem.Zero{Typed: typed(void, pos)}, e.Span), true
	case "__builtin_expect":
		if len(e.Args) > 0 {
			ops, ok := c.args(e.Args)
			if !ok {
				return badAt(e.Span), true
			}
			c.rvalue(&ops[0])
			if ops[0].bad() {
				return badAt(e.Span), true
			}
			if isArith(ops[0].q.t) {
				return value(c.coerce(ops[0].x, longT), e.Span), true
			}
			return ops[0], true
		}
	case "__builtin_ctz", "__builtin_clz", "__builtin_popcount":
		lib := map[string]string{"__builtin_ctz": "ctz", "__builtin_clz": "clz", "__builtin_popcount": "popcount"}[name]
		ops, ok := c.args(e.Args)
		if !ok || len(ops) != 1 {
			return badAt(e.Span), true
		}
		k := c.implicit(&ops[0], qtype{t: uintT})
		if k.rank == impossible {
			c.errorf(pos, "no matching function for call to '%s'", name)
			return badAt(e.Span), true
		}
		b := &sem.Builtin{Typed: typed(uintT, pos), Name: lib, Args: []sem.Expr{c.apply(&ops[0], k)}}
		return value(c.coerce(b, intT), e.Span), true
	default:
		if attr, ok := strings.CutPrefix(name, "__metal_get_"); ok {
			return c.inputCall(attr, n, e)
		}
		if strings.HasPrefix(name, "__metal_") {
			return c.internalCall(strings.TrimPrefix(name, "__metal_"), n, e)
		}
	}
	return operand{}, false
}

// inputCall is __metal_get_thread_index_in_simdgroup(ushort()) and the like:
// an input of the kernel, of the argument's type.
func (c *checker) inputCall(attr string, n *ast.Name, e *ast.CallExpr) (operand, bool) {
	if attr == "simdgroup_size" {
		attr = "threads_per_simdgroup"
	}
	ops, ok := c.args(e.Args)
	if builtinNamed(attr) == notBuiltin || !ok || len(ops) != 1 {
		return operand{}, false
	}
	t := ops[0].q.t
	if b := elementOf(t); b != uintT && b != ushortT || vectorOf(t) != nil && builtinNamed(attr) != vectorArg {
		c.errorf(e.Pos(), "no matching function for call to '%s'", n.Simple())
		return badAt(e.Span), true
	}
	return value(&sem.Builtin{Typed: typed(t, e.Pos()), Name: "get_" + attr}, e.Span), true
}

// internalCall maps a function of the library's own implementation, which
// programs call, to the library function it implements: __metal_sin(x, mode).
func (c *checker) internalCall(name string, n *ast.Name, e *ast.CallExpr) (operand, bool) {
	o, ok := c.libObject(c.metal, name).(*overloads)
	if !ok {
		return operand{}, false
	}
	ops, ok := c.args(e.Args)
	if !ok {
		return badAt(e.Span), true
	}
	mode := sem.Default
	takes := len(o.lib[0].funcs[0].Params)
	if len(ops) == takes+1 {
		// The last argument tells the precision.
		last := ops[takes]
		c.rvalue(&last)
		if k := last.konst(); k != nil {
			mode = sem.Mode(min(k.Bits[0], 2))
		}
		ops = ops[:takes]
	}
	for i, p := range o.lib[0].funcs[0].Params {
		if i < len(ops) && p.Out && pointerOf(ops[i].q.t) != nil {
			// What the library takes by reference its implementation takes by pointer.
			ops[i] = c.deref(&ops[i], ops[i].pos(), ops[i].span)
		}
	}
	switch name {
	case "simd_and", "simd_or", "simd_xor":
		// The implementation does not ask for integers.
		if len(ops) == 1 && isFloat(ops[0].q.t) && vectorOf(ops[0].q.t) == nil {
			c.rvalue(&ops[0])
			t, bits := ops[0].q.t, types.Type(uintT)
			if t.Size() == 2 {
				bits = ushortT
			}
			x := &sem.Bitcast{Typed: typed(bits, e.Pos()), X: ops[0].x}
			b := &sem.Builtin{Typed: typed(bits, e.Pos()), Name: name, Args: []sem.Expr{x}}
			return value(&sem.Bitcast{Typed: typed(t, e.Pos()), X: b}, e.Span), true
		}
	}
	fun := operand{kind: opFuncs, set: o, span: n.Span, loc: n.Start, name: n.Simple()}
	r := c.call(&fun, ops, e.Span)
	if b, ok := r.x.(*sem.Builtin); ok && !r.bad() {
		b.Mode = mode
	}
	return r, true
}

func (c *checker) sizeofExpr(e *ast.SizeofExpr) operand {
	var q qtype
	switch {
	case e.Kind == ast.SizeofPack:
		return c.sizeofPack(e)
	case e.Type != nil:
		q = c.typ(e.Type)
	default:
		x := c.expr(e.X)
		if x.kind == opFuncs || x.kind == opInit {
			c.rvalue(&x)
			return badAt(e.Span)
		}
		if x.bits != nil {
			c.errorf(e.Start, "invalid application of '%s' to bit-field", e.Kind)
			return badAt(e.Span)
		}
		q = x.q
	}
	if q.bad() {
		return badAt(e.Span)
	}
	t := q.t
	if r, ok := t.(*types.Reference); ok {
		t = r.Elem
	}
	what := e.Kind.String()
	if s := structOf(t); s != nil {
		c.complete(recordOf(s), e.Start)
	}
	if incomplete(t) {
		c.errorf(e.Start, "invalid application of '%s' to an incomplete type %s", what, quote(t))
		return badAt(e.Span)
	}
	v := t.Size()
	if e.Kind == ast.Alignof {
		v = t.Align()
	}
	return value(konst(ulongT, uint64(v), e.Start), e.Span)
}

// incomplete reports whether objects of the type cannot be made.
func incomplete(t types.Type) bool {
	switch t := t.(type) {
	case *types.Basic:
		return t.Kind == types.Void
	case *types.Struct:
		return !t.Complete()
	case *types.Array:
		return t.Len < 0 || incomplete(t.Elem)
	case *types.Function:
		return true
	}
	return false
}
