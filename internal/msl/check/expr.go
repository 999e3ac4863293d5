package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// span returns the place of a node.
func span(n ast.Node) source.Span { return source.Span{Start: n.Pos(), Stop: n.End()} }

// expr checks an expression, whatever it denotes.
func (c *checker) expr(e ast.Expr) operand {
	if e == nil {
		return badAt(source.Span{})
	}
	if !c.enter(e.Pos()) {
		c.leave()
		return badAt(span(e))
	}
	defer c.leave()
	switch e := e.(type) {
	case *ast.IntLit:
		return c.intLit(e)
	case *ast.FloatLit:
		return c.floatLit(e)
	case *ast.CharLit:
		t := types.Type(charT)
		if e.Prefix != "" {
			t = intT
		}
		return value(konst(t, wrap(basicOf(t), uint64(e.Value)), e.Start), e.Span)
	case *ast.StringLit:
		return c.stringLit(e)
	case *ast.BoolLit:
		return value(konst(boolT, boolBits(e.Value), e.Start), e.Span)
	case *ast.NullptrLit:
		x := value(&sem.Zero{Typed: typed(nullType, e.Start)}, e.Span)
		x.null = true
		return x
	case *ast.Name:
		return c.nameExpr(e)
	case *ast.ThisExpr:
		return c.thisExpr(e)
	case *ast.ParenExpr:
		x := c.expr(e.X)
		x.span = e.Span
		return x
	case *ast.UnaryExpr:
		return c.unaryExpr(e)
	case *ast.PostfixExpr:
		x := c.expr(e.X)
		return c.incDec(&x, e.Op == scan.MinusMinus, true, e.OpPos, e.Span)
	case *ast.BinaryExpr:
		return c.binaryExpr(e)
	case *ast.AssignExpr:
		return c.assignExpr(e)
	case *ast.CondExpr:
		return c.condExpr(e)
	case *ast.CallExpr:
		return c.callExpr(e)
	case *ast.IndexExpr:
		return c.indexExpr(e)
	case *ast.MemberExpr:
		return c.memberExpr(e)
	case *ast.CastExpr:
		return c.castExpr(e)
	case *ast.ConstructExpr:
		return c.constructExpr(e)
	case *ast.InitList:
		return operand{kind: opInit, list: e, span: e.Span, loc: e.Start}
	case *ast.SizeofExpr:
		return c.sizeofExpr(e)
	case *ast.TraitExpr:
		return c.traitExpr(e)
	case *ast.LambdaExpr:
		return c.lambdaExpr(e)
	case *ast.FoldExpr:
		return c.foldExpr(e)
	case *ast.PackExpr:
		c.errorf(e.Start, "pack expansion is not allowed here")
	case *checkedExpr:
		return e.x
	case *boundExpr:
		var x operand
		c.in(e.scope, func() { x = c.expr(e.X) })
		return x
	case *ast.StmtExpr:
		c.unsupported(e.Start, "statement expressions are")
	case *ast.NoexceptExpr:
		return value(konst(boolT, 1, e.Start), e.Span)
	case *ast.DesignatedInit:
		c.errorf(e.Start, "designated initializer outside of a braced list")
	case *ast.BadExpr:
	}
	return badAt(span(e))
}

// val checks an expression that has a value.
func (c *checker) val(e ast.Expr) operand {
	x := c.expr(e)
	c.rvalue(&x)
	return x
}

// lvalue makes the operand of an object.
func lvalue(x sem.Expr, q qtype, span source.Span) operand {
	return operand{kind: opLvalue, x: x, q: q, span: span, loc: span.Start}
}

func (c *checker) nameExpr(n *ast.Name) operand {
	r := c.resolve(n, false)
	if r.obj == nil {
		return badAt(n.Span)
	}
	x := c.objectExpr(r, n.Span)
	x.loc = n.Last().Start
	if len(n.Parts) == 1 {
		x.loc = n.Start
	}
	x.qual = len(n.Parts) > 1 || n.Global
	return x
}

func (c *checker) objectExpr(r named, sp source.Span) operand {
	switch o := r.obj.(type) {
	case *variable:
		return c.varExpr(o, sp)
	case *enumerator:
		return value(konst(o.t, o.v, sp.Start), sp)
	case *overloads:
		x := operand{kind: opFuncs, set: o, span: sp, loc: sp.Start, args: r.args, name: o.name}
		return x
	case *boundValue:
		if o.fn != nil {
			return operand{kind: opFuncs, set: o.fn, span: sp, loc: sp.Start, name: o.fn.name}
		}
		return value(&sem.Const{Typed: typed(o.c.T, sp.Start), Bits: o.c.Bits}, sp)
	case *field:
		return c.implicitMember(o, partName(r.part), sp)
	case *typeName:
		if o.q.bad() {
			return badAt(sp)
		}
		return operand{kind: opType, q: o.q, span: sp, loc: sp.Start}
	case *classTemplate, *aliasTemplate, *libTemplate:
		if r.args == nil {
			if ct, ok := o.(*classTemplate); ok {
				if rec := c.scopeRecordOf(ct); rec != nil {
					return operand{kind: opType, q: qtype{t: rec.t}, span: sp, loc: sp.Start}
				}
			}
			c.errorf(sp.Start, "use of class template '%s' requires template arguments", r.part.Ident)
			return badAt(sp)
		}
		t := c.instantiateType(o, r.part)
		if t == nil {
			return badAt(sp)
		}
		return c.objectExpr(named{obj: t, part: r.part}, sp)
	case *varTemplate:
		return c.varTemplateExpr(o, r, sp)
	case *pack:
		c.unexpanded(o, "expression", sp.Start)
	case *binding:
		x := o.x
		x.span, x.loc = sp, sp.Start
		return x
	case *namespace:
		c.errorf(sp.Start, "unexpected namespace name '%s': expected expression", o.name)
	}
	return badAt(sp)
}

func (c *checker) varExpr(v *variable, sp source.Span) operand {
	if v.q.bad() {
		v.used = true
		return badAt(sp)
	}
	if c.fn != nil && v.sem.FuncConst != nil {
		c.fn.usesConst = true
	}
	v.used = true
	if v.owner != nil && c.fn != nil && v.owner != c.fn && c.fn.f != nil && c.fn.f.lambda != nil {
		return c.captured(v, sp)
	}
	x := lvalue(&sem.VarRef{Typed: typed(v.q.t, sp.Start), Var: v.sem}, v.q, sp)
	x.v = v
	return x
}

func (c *checker) unaryExpr(e *ast.UnaryExpr) operand {
	switch e.Op {
	case scan.Amp:
		return c.addrOf(e)
	case scan.PlusPlus, scan.MinusMinus:
		x := c.expr(e.X)
		return c.incDec(&x, e.Op == scan.MinusMinus, false, e.Start, e.Span)
	}
	x := c.expr(e.X)
	if x.bad() {
		return badAt(e.Span)
	}
	if c.overloadable(&x) {
		ops := []operand{x}
		if r, ok := c.operatorCall(e.Op.String(), ops, e.Start, e.Span); ok {
			return r
		}
		x = ops[0]
	}
	if e.Op == scan.Star {
		return c.deref(&x, e.Start, e.Span)
	}
	c.promoteBits(&x)
	c.rvalue(&x)
	if x.bad() {
		return badAt(e.Span)
	}
	return c.unary(e.Op, &x, e.Span)
}

// unary applies + - ! ~ to a value.
func (c *checker) unary(op scan.Kind, x *operand, sp source.Span) operand {
	t := unpacked(x.q.t)
	invalidArg := func() operand {
		d := c.errorf(sp.Start, "invalid argument type %s to unary expression", x.q.quote())
		d.Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if op == scan.Not {
		if v, ok := t.(*types.Vector); ok {
			if v.Elem != boolT {
				return invalidArg()
			}
			return c.foldedUnary(sem.LNot, c.coerce(x.x, t), t, sp)
		}
		if !c.toBool(x, "") {
			return invalidArg()
		}
		return c.foldedUnary(sem.LNot, x.x, boolT, sp)
	}
	if isArith(t) {
		p := promote(t)
		if op == scan.Tilde && p.IsFloat() {
			return invalidArg()
		}
		t = p
	} else {
		e := elementOf(t)
		_, isMatrix := t.(*types.Matrix)
		switch {
		case e == nil || enumOf(t) != nil:
			if _, ptr := t.(*types.Pointer); ptr && op == scan.Plus {
				return value(x.x, sp)
			}
			return invalidArg()
		case op == scan.Tilde && (isMatrix || e.IsFloat()), op != scan.Plus && e == boolT:
			return invalidArg()
		}
	}
	v := c.coerce(x.x, t)
	switch op {
	case scan.Minus:
		return c.foldedUnary(sem.Neg, v, t, sp)
	case scan.Tilde:
		return c.foldedUnary(sem.Not, v, t, sp)
	}
	return value(v, sp)
}

func (c *checker) foldedUnary(op sem.Op, x sem.Expr, t types.Type, sp source.Span) operand {
	if k, ok := x.(*sem.Const); ok {
		out := &sem.Const{Typed: typed(t, sp.Start), Bits: make([]uint64, len(k.Bits))}
		e := elementOf(t)
		for i, b := range k.Bits {
			out.Bits[i] = foldUnary(op, e, b)
		}
		return value(out, sp)
	}
	return value(&sem.Unary{Typed: typed(t, sp.Start), Op: op, X: x}, sp)
}

// toBool converts a value to bool as a condition does. It tells whether that
// is possible; if what is not "", it reports if it is not.
func (c *checker) toBool(x *operand, what string) bool {
	if x.bad() {
		return true
	}
	k := c.implicit(x, qtype{t: boolT})
	if k.rank == impossible && structOf(x.q.t) != nil {
		k = c.explicitBool(x)
	}
	if k.rank == impossible {
		if what == "" {
			return false
		}
		d := c.errorf(x.loc, "value of type %s is not contextually convertible to 'bool'", x.q.quote())
		d.Ranges = []source.Span{x.span}
		if v := vectorOf(x.q.t); v != nil {
			if what == "?:" {
				d.Notef(x.loc, "use 'select' to choose component by component")
			} else {
				d.Notef(x.loc, "use 'any' or 'all' to reduce a vector of bool to one")
			}
		}
		*x = badAt(x.span)
		return false
	}
	e := c.apply(x, k)
	*x = value(e, x.span)
	return true
}

func (c *checker) deref(x *operand, pos source.Pos, sp source.Span) operand {
	c.rvalue(x)
	if x.bad() {
		return badAt(sp)
	}
	p, ok := x.q.t.(*types.Pointer)
	if !ok {
		d := c.errorf(pos, "indirection requires pointer operand (%s invalid)", x.q.quote())
		d.Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if isVoid(p.Elem) {
		c.errorf(pos, "ISO C++ does not allow indirection on operand of type %s", x.q.quote())
		return badAt(sp)
	}
	return lvalue(&sem.Deref{Typed: typed(p.Elem, sp.Start), X: x.x}, pointee(p), sp)
}

// pointee returns the type of what a pointer points to.
func pointee(p *types.Pointer) qtype {
	return qtype{t: p.Elem, c: p.Const, v: p.Volatile, space: p.Space, spaced: true}
}

func (c *checker) addrOf(e *ast.UnaryExpr) operand {
	x := c.expr(e.X)
	if x.bad() {
		return badAt(e.Span)
	}
	if c.overloadable(&x) {
		if r, ok := c.operatorCall("&", []operand{x}, e.Start, e.Span); ok {
			return r
		}
	}
	switch {
	case x.kind == opFuncs:
		c.unsupported(e.Start, "pointers to functions are")
		return badAt(e.Span)
	case x.kind != opLvalue:
		if x.kind == opType || x.kind == opInit {
			c.rvalue(&x)
			return badAt(e.Span)
		}
		c.errorf(e.Start, "cannot take the address of an rvalue of type %s", x.q.quote()).Ranges = []source.Span{x.span}
		return badAt(e.Span)
	case x.bits != nil:
		c.errorf(e.Start, "address of bit-field requested").Ranges = []source.Span{x.span}
		return badAt(e.Span)
	case x.component:
		c.errorf(e.Start, "address of vector element requested").Ranges = []source.Span{x.span}
		return badAt(e.Span)
	}
	p := c.tab.PointerTo(x.q.t, x.q.space, x.q.c, x.q.v)
	if d, ok := x.x.(*sem.Deref); ok {
		return value(d.X, e.Span) // &*p is p
	}
	return value(&sem.AddrOf{Typed: typed(p, e.Start), X: x.x}, e.Span)
}

func (c *checker) incDec(x *operand, dec, post bool, pos source.Pos, sp source.Span) operand {
	if x.bad() {
		return badAt(sp)
	}
	op, verb := "++", "increment"
	if dec {
		op, verb = "--", "decrement"
	}
	if c.overloadable(x) {
		args := []operand{*x}
		if post {
			args = append(args, value(konst(intT, 0, sp.Start), sp))
		}
		if r, ok := c.operatorCall(op, args, pos, sp); ok {
			return r
		}
	}
	if !c.assignable(x, pos) {
		return badAt(sp)
	}
	t := x.q.t
	_, isPtr := t.(*types.Pointer)
	e := elementOf(t)
	_, isMatrix := t.(*types.Matrix)
	if !isPtr && (e == nil || e == boolT || isMatrix || enumOf(t) != nil) {
		if t == types.Type(boolT) {
			c.errorf(pos, "ISO C++17 does not allow %sing expression of type bool", verb)
			return badAt(sp)
		}
		c.errorf(pos, "cannot %s value of type %s", verb, x.q.quote()).Ranges = []source.Span{x.span}
		return badAt(sp)
	}
	if p, ok := t.(*types.Pointer); ok && !c.sized(p, pos) {
		return badAt(sp)
	}
	n := &sem.IncDec{Typed: typed(t, sp.Start), X: x.x, Dec: dec, Post: post}
	if post {
		return value(n, sp)
	}
	r := lvalue(n, x.q, sp)
	r.component = x.component
	return r
}

// assignable reports whether the object can be written, and if not why, at
// the operator.
func (c *checker) assignable(x *operand, pos source.Pos) bool {
	rng := []source.Span{x.span}
	switch {
	case x.kind == opFuncs, x.kind == opType, x.kind == opInit:
		c.rvalue(x)
		if !x.bad() {
			c.errorf(pos, "expression is not assignable").Ranges = rng
		}
		return false
	case x.kind != opLvalue, x.xvalue && structOf(x.q.t) == nil:
		c.errorf(pos, "expression is not assignable").Ranges = rng
		return false
	case x.repeated:
		c.errorf(pos, "vector is not assignable (contains duplicate components)").Ranges = rng
		return false
	case x.q.c || x.q.space == types.Constant:
		c.constAssign(x, pos)
		return false
	}
	if a := arrayOf(x.q.t); a != nil && !a.Named {
		c.errorf(pos, "array type %s is not assignable", x.q.quote()).Ranges = rng
		return false
	}
	return true
}

func (c *checker) constAssign(x *operand, pos source.Pos) {
	var d *source.Diagnostic
	if v := c.rootVar(x); v != nil {
		d = c.errorf(pos, "cannot assign to variable '%s' with const-qualified type %s", v.sem.Name, v.declared().quote())
		d.Notef(v.pos, "variable '%s' declared const here", v.sem.Name)
		d.Ranges = []source.Span{x.span}
		return
	}
	if c.fn != nil && c.fn.this != nil && c.fn.this.q.c && throughThis(x.x, c.fn.this.sem) {
		d = c.errorf(pos, "cannot assign to non-static data member within const member function '%s'", c.fn.name)
		d.Notef(c.fn.pos, "member function '%s' is declared const here", c.fn.name)
		d.Ranges = []source.Span{x.span}
		return
	}
	d = c.errorf(pos, "read-only variable is not assignable")
	d.Ranges = []source.Span{x.span}
}

// declared returns the type of a variable as it was declared.
func (v *variable) declared() qtype {
	if v.ref {
		if r, ok := v.sem.Type.(*types.Reference); ok {
			return qtype{t: r}
		}
	}
	return v.q
}

// rootVar returns the variable that makes an lvalue const: the one it names, or
// names a part of, or a member of what it points to.
func (c *checker) rootVar(x *operand) *variable {
	if x.v != nil {
		return x.v
	}
	for e := x.x; ; {
		member := false
		switch n := e.(type) {
		case *sem.Field:
			e, member = n.X, true
		case *sem.Index:
			e = n.X
		case *sem.Swizzle:
			e = n.X
		case *sem.VarRef:
			v, _ := c.lookup(n.Var.Name).(*variable)
			if v == nil || v.sem != n.Var || !v.q.c && v.q.space != types.Constant {
				return nil
			}
			return v
		default:
			return nil
		}
		if p, ok := e.(*sem.Deref); ok && member {
			ref, _ := p.X.(*sem.VarRef)
			if ref == nil {
				return nil
			}
			v, _ := c.lookup(ref.Var.Name).(*variable)
			if v == nil || v.sem != ref.Var {
				return nil
			}
			return v
		}
	}
}

func throughThis(e sem.Expr, this *sem.Var) bool {
	for {
		switch x := e.(type) {
		case *sem.Field:
			e = x.X
		case *sem.Index:
			e = x.X
		case *sem.Swizzle:
			e = x.X
		case *sem.VarRef:
			return x.Var == this
		default:
			return false
		}
	}
}
