package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// overloadable reports whether an operator on x may be a function of the
// program: x is of a class or an enumeration.
func (c *checker) overloadable(x *operand) bool {
	if x.kind != opLvalue && x.kind != opValue {
		return false
	}
	switch x.q.t.(type) {
	case *types.Struct:
		return true
	case *types.Enum:
		return c.hasOperators
	}
	return false
}

// operatorCall calls the operator function for an operator. ok is false if
// there is none and the built-in operator is to be tried, or its absence to be
// reported by the caller.
func (c *checker) operatorCall(op string, args []operand, pos source.Pos, sp source.Span) (r operand, ok bool) {
	if op == "*" {
		if r, ok := c.matrixProduct(args, sp); ok {
			return r, true
		}
	}
	name := "operator" + op
	x := &args[0]
	var viable []*candidate
	var rejected []*candidate
	consider := func(set *overloads, this *operand, list []operand) {
		if set == nil {
			return
		}
		for _, f := range set.funcs {
			if this == nil && f.rec != nil && f.isMethod() {
				continue // of the class around us; those of the operand were considered
			}
			k := &candidate{fn: f}
			if f.tmpl != nil {
				k.tmpl = f
				inst, why := c.deduceCall(f, nil, this, list)
				if inst == nil {
					k.what = why
					rejected = append(rejected, k)
					continue
				}
				k.fn = inst
			}
			if c.viable(k, this, list) {
				if this == nil {
					// Operands count alike whether they are objects or arguments.
					k.this, k.convs = k.convs[0], k.convs[1:]
				}
				viable = append(viable, k)
			} else {
				rejected = append(rejected, k)
			}
		}
	}
	if s := structOf(x.q.t); s != nil {
		rec := recordOf(s)
		c.complete(rec, pos)
		if set, isSet := c.member(rec, name).(*overloads); isSet {
			consider(set, x, args[1:])
		}
	}
	memberOnly := op == "=" || op == "()" || op == "[]" || op == "->"
	if !memberOnly {
		set, _ := c.lookup(name).(*overloads)
		fun := operand{set: set}
		if set == nil {
			fun.set = &overloads{name: name}
		}
		c.addAssociated(&fun, args)
		consider(fun.set, nil, args)
	}
	best := c.pick(viable)
	switch len(best) {
	case 1:
		k := best[0]
		if k.fn.deleted {
			c.errorf(pos, "overload resolution selected deleted operator '%s'", op).Notef(k.fn.pos, "candidate function has been explicitly deleted")
			return badAt(sp), true
		}
		if k.fn.defaulted && op == "=" {
			v := c.apply(&args[1], k.convs[0])
			n := &sem.Assign{Typed: typed(x.q.t, sp.Start), X: x.x, Y: v}
			return lvalue(n, x.q, sp), true
		}
		fun := operand{kind: opFuncs, name: name, span: sp, loc: pos}
		if k.fn.isMethod() {
			fun.this = x
			return c.callCandidate(k, &fun, args[1:], sp), true
		}
		k.convs = append([]conv{k.this}, k.convs...)
		return c.callCandidate(k, &fun, args, sp), true
	case 0:
		if op == "=" && structOf(x.q.t) != nil {
			return operand{}, false // the implicit copy assignment
		}
		if c.builtinByConversion(op, args) {
			return operand{}, false
		}
		if len(args) == 2 && len(rejected) > 0 && structOf(args[0].q.t) != nil && op != "," {
			if op == "[]" || op == "()" {
				what := "call to object of"
				if op == "[]" {
					d := c.errorf(pos, "no viable overloaded operator[] for type %s", x.q.quote())
					c.noteAll(d, rejected)
					return badAt(sp), true
				}
				d := c.errorf(pos, "no matching function for %s type %s", what, x.q.quote())
				c.noteAll(d, rejected)
				return badAt(sp), true
			}
			if isAssignOp(op) {
				d := c.errorf(pos, "no viable overloaded '%s'", op)
				c.noteAll(d, rejected)
				return badAt(sp), true
			}
			d := c.errorf(pos, "invalid operands to binary expression (%s and %s)", args[0].q.quote(), args[1].q.quote())
			c.noteAll(d, rejected)
			return badAt(sp), true
		}
		if op == "()" && len(rejected) > 0 {
			d := c.errorf(pos, "no matching function for call to object of type %s", x.q.quote())
			c.noteAll(d, rejected)
			return badAt(sp), true
		}
		return operand{}, false
	}
	c.errorf(pos, "use of overloaded operator '%s' is ambiguous", op)
	return badAt(sp), true
}

func isAssignOp(op string) bool {
	return len(op) > 1 && op[len(op)-1] == '=' && op != "==" && op != "!=" && op != "<=" && op != ">="
}

func (c *checker) noteAll(d *source.Diagnostic, list []*candidate) {
	for _, k := range list {
		c.noteRejected(d, k)
	}
}

// builtinByConversion replaces objects of classes by the numbers they convert
// to, so that a built-in operator can take them.
func (c *checker) builtinByConversion(op string, args []operand) bool {
	if isAssignOp(op) && structOf(args[0].q.t) != nil || op == "++" || op == "--" || op == "()" || op == "->" || op == "&" && len(args) == 1 {
		return false
	}
	done := false
	for i := range args {
		s := structOf(args[i].q.t)
		if s == nil {
			continue
		}
		var res types.Type
		n := 0
		for _, f := range recordOf(s).convs {
			if f.tmpl == nil && !f.explicit && c.bindThis(&args[i], f).rank < impossible {
				t := f.result.t
				if r, ok := t.(*types.Reference); ok {
					t = r.Elem
				}
				res = t
				n++
			}
		}
		if n != 1 {
			return false
		}
		k := c.implicit(&args[i], qtype{t: res})
		if k.rank == impossible {
			return false
		}
		args[i] = value(c.apply(&args[i], k), args[i].span)
		done = true
	}
	return done
}

// arrayMember is a member function of array<T, N>.
func (c *checker) arrayMember(x *operand, t *types.Array, name string, e *ast.MemberExpr) (operand, bool) {
	var f *function
	switch {
	case name == "size":
		f = c.constantFunc(name, ulongT, uint64(t.Len))
	case name == "data" && x.kind == opLvalue:
		f = c.returnsArg(name, typed(c.tab.PointerTo(t.Elem, x.q.space, x.q.c, x.q.v), e.Start))
		f.bound = &sem.Decay{Typed: typed(f.result.t, e.Start), X: x.x}
	}
	if f != nil {
		// The call that follows makes it a number, or a pointer.
		return operand{kind: opFuncs, set: &overloads{name: name, funcs: []*function{f}}, span: e.Span, loc: e.Name.Start, name: name}, true
	}
	c.unsupported(e.Name.Start, "the member '"+name+"' of array is")
	return operand{}, false
}

// constantFunc makes a function without parameters that returns a constant.
func (c *checker) constantFunc(name string, t types.Type, bits uint64) *function {
	f := &function{name: name, result: qtype{t: t}, checked: true, defined: true, constexpr: true}
	k := &sem.Const{Typed: typed(t, source.NoPos)}
	for range components(t) {
		k.Bits = append(k.Bits, bits)
	}
	f.sem = &sem.Func{Name: name, Result: t, Body: &sem.Block{List: []sem.Stmt{&sem.Return{X: k}}}}
	c.markConstexpr(f.sem)
	return f
}

// returnsArg makes a function that returns its only argument, which the call
// leaves out.
func (c *checker) returnsArg(name string, t sem.Typed) *function {
	p := c.newVar(name, qtype{t: t.T}, t.P)
	f := &function{name: name, result: qtype{t: t.T}, checked: true, defined: true}
	f.sem = &sem.Func{Name: name, Result: t.T, Params: []*sem.Var{p.sem}, Body: &sem.Block{List: []sem.Stmt{
		&sem.Return{X: &sem.VarRef{Typed: t, Var: p.sem}},
	}}}
	return f
}

// voteMember is a member function of simd_vote or quad_vote.
func (c *checker) voteMember(x *operand, name string, e *ast.MemberExpr) operand {
	if name != "all" && name != "any" {
		c.errorf(e.Name.Start, "no member named '%s' in %s", name, quote(x.q.t))
		return badAt(e.Span)
	}
	c.rvalue(x)
	f := &function{name: name, result: qtype{t: boolT}, checked: true, defined: true}
	op, bits := sem.Ne, uint64(0)
	if name == "all" {
		op, bits = sem.Eq, 1<<32-1
		if enumOf(x.q.t).Name == "quad_vote" {
			bits = 0xf
		}
	}
	// The function tests its only argument, which the call leaves out.
	p := c.newVar("vote", qtype{t: x.q.t}, e.Start)
	v := x.x
	f.sem = &sem.Func{Name: name, Result: boolT, Params: []*sem.Var{p.sem}, Body: &sem.Block{List: []sem.Stmt{
		&sem.Return{X: &sem.Binary{Typed: typed(boolT, e.Start), Op: op,
			X: &sem.Convert{Typed: typed(uintT, e.Start), X: &sem.VarRef{Typed: typed(x.q.t, e.Start), Var: p.sem}}, Y: konst(uintT, bits, e.Start)}},
	}}}
	f.bound = v
	return operand{kind: opFuncs, set: &overloads{name: name, funcs: []*function{f}}, span: e.Span, loc: e.Name.Start, name: name}
}
