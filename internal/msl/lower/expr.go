package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// scalar returns the value of e, which has one part.
func (l *lowerer) scalar(e sem.Expr) ir.Value {
	v := l.value(e)
	if len(v) != 1 {
		l.bug("a scalar of %d parts (%s)", len(v), e.Type())
	}
	return v[0]
}

// value evaluates e and returns the parts of its value.
func (l *lowerer) value(e sem.Expr) []ir.Value {
	if p := e.Pos(); p.IsValid() {
		l.at = p
	}
	switch e := e.(type) {
	case *sem.Const:
		return l.constParts(e.T, e.Bits)
	case *sem.Zero:
		return l.zero(e.T)
	case *sem.VarRef, *sem.Deref, *sem.String:
		return l.load(l.place(e), e.Pos())
	case *sem.Field, *sem.Index:
		return l.load(l.place(e), e.Pos())
	case *sem.Swizzle:
		return l.components(e)
	case *sem.AddrOf:
		if _, ok := e.X.Type().(*types.Function); ok {
			l.fail(l.at, "pointers to functions are not supported")
		}
		if d, ok := e.X.(*sem.Deref); ok {
			return l.value(d.X)
		}
		ref, off := l.address(l.place(e.X))
		return []ir.Value{ref, off}
	case *sem.Decay:
		ref, off := l.address(l.spill(l.place(e.X)))
		return []ir.Value{ref, off}
	case *sem.Unary:
		return l.unary(e)
	case *sem.Binary:
		x, product := l.summand(e.Op, e.X)
		y, too := l.summand(e.Op, e.Y)
		l.at = e.P
		l.b.Contract = l.b.Contract || product || too
		vals := l.binary(e.Op, e.X.Type(), x, e.Y.Type(), y, e.T)
		l.b.Contract = l.contract == sem.ContractFast
		return vals
	case *sem.Logical:
		return []ir.Value{l.logical(e)}
	case *sem.Cond:
		return l.cond(e)
	case *sem.Assign:
		return l.assign(e)
	case *sem.AssignOp:
		p, vals := l.assignOp(e)
		return l.stored(p, vals)
	case *sem.IncDec:
		p, old, now := l.incDec(e)
		if e.Post {
			return old
		}
		return l.stored(p, now)
	case *sem.PtrAdd:
		p := l.value(e.P)
		i := l.scalar(e.I)
		return l.pointerAdd(p, e.T.(*types.Pointer), i, e.Sub)
	case *sem.PtrDiff:
		return []ir.Value{l.pointerDiff(e)}
	case *sem.Convert:
		return l.convertAll(l.value(e.X), e.X.Type(), e.T)
	case *sem.Splat:
		x := l.scalar(e.X)
		vals := make([]ir.Value, l.countParts(e.T))
		for i := range vals {
			vals[i] = x
		}
		return vals
	case *sem.Bitcast:
		return l.bitcast(l.value(e.X), e.T)
	case *sem.PtrCast:
		return l.pointerCast(l.value(e.X), e.X.Type(), e.T)
	case *sem.Construct:
		return l.construct(e)
	case *sem.Aggregate:
		return l.aggregate(e)
	case *sem.Call:
		vals, p := l.call(e)
		if _, ok := e.Func.Result.(*types.Reference); ok {
			return l.load(p, e.P)
		}
		return vals
	case *sem.Builtin:
		return l.builtin(e)
	case *sem.LogCall:
		l.log(e)
		return nil
	case *sem.Comma:
		l.discard(e.X)
		return l.value(e.Y)
	case *sem.Temp:
		return l.value(e.X)
	}
	l.bug("value of %T", e)
	return nil
}

// discard evaluates e for what it does.
func (l *lowerer) discard(e sem.Expr) {
	switch e := e.(type) {
	case *sem.Call:
		l.call(e)
	case *sem.Comma:
		l.discard(e.X)
		l.discard(e.Y)
	case *sem.Convert: // (void)x
		l.discard(e.X)
	case *sem.Cond:
		c := l.scalar(e.C)
		l.b.If(c, func() { l.discard(e.X) }, func() { l.discard(e.Y) })
	case *sem.Assign, *sem.AssignOp, *sem.IncDec:
		l.place(e)
	case *sem.VarRef, *sem.Const, *sem.Zero, *sem.String:
	default:
		l.value(e)
	}
}

// place returns the object that e denotes. If e is not an lvalue, it is the
// value, in a place of its own.
func (l *lowerer) place(e sem.Expr) place {
	if p := e.Pos(); p.IsValid() {
		l.at = p
	}
	switch e := e.(type) {
	case *sem.VarRef:
		return l.variable(e.Var)
	case *sem.Field:
		return l.field(l.place(e.X), e.Index)
	case *sem.Swizzle:
		return l.swizzle(l.place(e.X), e.T, e.Comps)
	case *sem.Index:
		p := l.place(e.X)
		i := l.scalar(e.I)
		return l.element(p, i, elemOf(e.I.Type()).IsSigned())
	case *sem.Deref:
		if a, ok := e.X.(*sem.AddrOf); ok {
			return l.place(a.X)
		}
		if v := pointerOf(e); v != nil {
			if p, ok := l.frame.targets[v]; ok {
				return p
			}
		}
		p := l.value(e.X)
		t := e.X.Type().(*types.Pointer)
		at := memoryPlace(e.T, p[0], p[1], spaceOf(t.Space))
		at.volatile = t.Volatile
		return at
	case *sem.Assign:
		if l.rightFirst(e) {
			v := l.value(e.Y)
			p := l.place(e.X)
			l.store(p, v, e.P)
			return p
		}
		p := l.place(e.X)
		l.assignTo(p, e.Y, e)
		return p
	case *sem.AssignOp:
		p, _ := l.assignOp(e)
		return p
	case *sem.IncDec:
		if !e.Post {
			p, _, _ := l.incDec(e)
			return p
		}
	case *sem.Comma:
		l.discard(e.X)
		return l.place(e.Y)
	case *sem.Cond:
		if isLvalue(e) {
			return l.condPlace(e)
		}
	case *sem.Call:
		if _, ok := e.Func.Result.(*types.Reference); ok {
			_, p := l.call(e)
			return p
		}
	case *sem.Temp:
		v := l.value(e.X)
		if l.shape(e.T).union {
			m := l.newMemory(e.T, "temporary")
			l.store(m, v, e.P)
			return m
		}
		p := l.newVars(e.T, "")
		l.store(p, v, e.P)
		return p
	case *sem.String:
		data := append([]byte(e.Value), 0)
		return memoryPlace(e.T, l.constData("string", data, 1), l.b.I64(0), ir.Constant)
	}
	return valuePlace(e.Type(), l.value(e))
}

// variable returns the object of a variable.
func (l *lowerer) variable(v *sem.Var) place {
	if p, ok := l.frame.vars[v]; ok {
		return p
	}
	if l.frame.facts.captured[v] {
		for f := l.frame.outer; f != nil; f = f.outer {
			if p, ok := f.vars[v]; ok {
				return p
			}
		}
	}
	switch {
	case v.Space == types.Threadgroup:
		return l.threadgroupPlace(v)
	case v.Global || v.FuncConst != nil || v.Space == types.Constant:
		return l.globalPlace(v)
	case v.Value != nil:
		return valuePlace(v.Type, l.constParts(v.Type, v.Value.Bits))
	}
	// Its declaration was passed by: it holds whatever was there.
	l.declareHere(v)
	return l.frame.vars[v]
}

// declareHere gives a variable a place without a value.
func (l *lowerer) declareHere(v *sem.Var) {
	if l.frame.facts.memory[v] || l.countParts(v.Type) > maxVarParts || l.shape(v.Type).union {
		l.frame.vars[v] = l.newMemory(v.Type, v.Name)
		return
	}
	l.frame.vars[v] = l.newVars(v.Type, v.Name)
}

// isLvalue reports whether e denotes an object.
func isLvalue(e sem.Expr) bool {
	switch e := e.(type) {
	case *sem.VarRef, *sem.Deref, *sem.String, *sem.Assign, *sem.AssignOp, *sem.Temp:
		return true
	case *sem.IncDec:
		return !e.Post
	case *sem.Field:
		return isLvalue(e.X)
	case *sem.Index:
		return isLvalue(e.X)
	case *sem.Swizzle:
		return isLvalue(e.X)
	case *sem.Comma:
		return isLvalue(e.Y)
	case *sem.Cond:
		return isLvalue(e.X) && isLvalue(e.Y) && e.X.Type() == e.Y.Type()
	case *sem.Call:
		_, ok := e.Func.Result.(*types.Reference)
		return ok
	}
	return false
}

// assign stores e.Y in e.X and returns the value.
func (l *lowerer) assign(e *sem.Assign) []ir.Value {
	if l.rightFirst(e) {
		v := l.value(e.Y)
		p := l.place(e.X)
		l.store(p, v, e.P)
		return l.stored(p, v)
	}
	p := l.place(e.X)
	if v := l.assignTo(p, e.Y, e); v != nil {
		return l.stored(p, v)
	}
	return l.load(p, e.P)
}

// rightFirst reports whether the value of an assignment may change where it
// goes: then it comes first, as everywhere in C++17, which otherwise makes no
// difference.
func (l *lowerer) rightFirst(e *sem.Assign) bool {
	if _, simple := e.X.(*sem.VarRef); simple || l.countParts(e.T) > maxParts {
		return false
	}
	return !sem.Walk(e.Y, func(x sem.Expr) bool {
		switch x.(type) {
		case *sem.Assign, *sem.AssignOp, *sem.IncDec, *sem.Call:
			return false
		}
		return true
	})
}

// assignTo stores y at p, part by part or, if there are too many, as memory;
// it returns the parts in the first case.
func (l *lowerer) assignTo(p place, y, at sem.Expr) []ir.Value {
	if l.countParts(p.t) > maxParts || p.kind == inMemory && l.countParts(p.t) > 64 {
		if l.assignMemory(p, y, at) {
			return nil
		}
	}
	v := l.value(y)
	l.store(p, v, at.Pos())
	return v
}

// assignMemory stores a large y at p, plain memory, as a whole if it can.
func (l *lowerer) assignMemory(p place, y, at sem.Expr) bool {
	if p.kind != inMemory || p.offs != nil {
		return false
	}
	switch y := y.(type) {
	case *sem.Zero:
		l.clearMemory(p, at.Pos())
		return true
	case *sem.Aggregate:
		array, ok := p.t.(*types.Array)
		if !ok {
			return false
		}
		if len(y.Elems) < int(array.Len) {
			l.clearMemory(p, at.Pos())
		}
		for i, e := range y.Elems {
			if e != nil {
				l.assignTo(p.within(array.Elem, int64(i)*array.Elem.Size()), e, at)
			}
		}
		return true
	}
	if !isLvalue(y) {
		return false
	}
	from := l.place(y)
	if from.kind != inMemory || from.offs != nil {
		return false
	}
	l.copyMemory(p, from, at.Pos())
	return true
}

// assignOp is e.X op= e.Y; it returns where it stored what.
func (l *lowerer) assignOp(e *sem.AssignOp) (place, []ir.Value) {
	p := l.place(e.X)
	t := e.X.Type()
	if pt, ok := t.(*types.Pointer); ok {
		i := l.scalar(e.Y)
		v := l.pointerAdd(l.load(p, e.P), pt, i, e.Op == sem.Sub)
		l.store(p, v, e.P)
		return p, v
	}
	y, product := l.summand(e.Op, e.Y)
	x := l.load(p, e.P)
	operand := e.Operand
	if operand == nil {
		operand = t
	}
	l.at = e.P
	x = l.convertAll(x, t, operand)
	l.b.Contract = l.b.Contract || product
	r := l.binary(e.Op, operand, x, e.Y.Type(), y, operand)
	l.b.Contract = l.contract == sem.ContractFast
	v := l.convertAll(r, operand, t)
	l.store(p, v, e.P)
	return p, v
}

// incDec is ++ and --; it returns the object, what it held and what it holds.
func (l *lowerer) incDec(e *sem.IncDec) (p place, old, now []ir.Value) {
	p = l.place(e.X)
	old = l.load(p, e.P)
	t := e.X.Type()
	if pt, ok := t.(*types.Pointer); ok {
		now = l.pointerAdd(old, pt, l.b.I64(1), e.Dec)
	} else {
		elem := elemOf(t)
		if elem == nil {
			l.bug("++ of %s", t)
		}
		it := l.scalarType(elem)
		now = make([]ir.Value, len(old))
		for i := range old {
			switch {
			case it == ir.Bool:
				now[i] = l.b.Bool(!e.Dec)
			case it.IsFloat():
				op := ir.OpFAdd
				if e.Dec {
					op = ir.OpFSub
				}
				now[i] = l.b.Emit(op, it, old[i], l.floatConst(it, 1))
			default:
				op := ir.OpAdd
				if e.Dec {
					op = ir.OpSub
				}
				now[i] = l.b.Emit(op, it, old[i], l.b.Const(it, 1))
			}
		}
	}
	l.store(p, now, e.P)
	return p, old, now
}

// floatConst returns x as a constant of type t.
func (l *lowerer) floatConst(t ir.Type, x float32) ir.Value {
	return l.b.Const(t, ir.Narrow(t, x))
}

// construct makes a vector or a matrix of its pieces.
func (l *lowerer) construct(e *sem.Construct) []ir.Value {
	var vals []ir.Value
	for _, a := range e.Args {
		vals = append(vals, l.value(a)...)
	}
	n := int(l.countParts(e.T))
	m, ok := e.T.(*types.Matrix)
	switch {
	case len(vals) == n:
		return vals
	case len(vals) == 1 && ok:
		diagonal := vals[0]
		vals = l.zero(e.T)
		for i := range min(m.Cols, m.Rows) {
			vals[i*m.Rows+i] = diagonal
		}
		return vals
	case len(vals) == 1:
		for len(vals) < n {
			vals = append(vals, vals[0])
		}
		return vals
	}
	l.bug("%s of %d components", e.T, len(vals))
	return nil
}

// aggregate makes a struct or an array of its elements.
func (l *lowerer) aggregate(e *sem.Aggregate) []ir.Value {
	switch t := e.T.(type) {
	case *types.Array:
		vals := make([]ir.Value, 0, l.countParts(t))
		for _, x := range e.Elems {
			if x == nil {
				vals = append(vals, l.zero(t.Elem)...)
			} else {
				vals = append(vals, l.value(x)...)
			}
		}
		if n := t.Len - int64(len(e.Elems)); n > 0 {
			z := l.zero(t.Elem)
			for range n {
				vals = append(vals, z...)
			}
		}
		return vals
	case *types.Struct:
		if t.Union {
			m := l.newMemory(t, t.Name)
			l.store(m, l.zero(t), e.P)
			for _, x := range e.Elems {
				if x != nil {
					l.store(l.field(m, e.UnionField), l.value(x), e.P)
				}
			}
			return l.load(m, e.P)
		}
		if t.BitFields {
			m := l.newMemory(t, t.Name)
			l.store(m, l.zero(t), e.P)
			for i, x := range e.Elems {
				if x != nil {
					l.store(l.field(m, i), l.value(x), e.P)
				}
			}
			return l.load(m, e.P)
		}
		vals := make([]ir.Value, 0, l.countParts(t))
		for i := range t.Fields {
			if i < len(e.Elems) && e.Elems[i] != nil {
				vals = append(vals, l.value(e.Elems[i])...)
			} else {
				vals = append(vals, l.zero(t.Fields[i].Type)...)
			}
		}
		return vals
	}
	// A scalar or vector in braces.
	if len(e.Elems) == 1 && e.Elems[0] != nil {
		return l.value(e.Elems[0])
	}
	return l.zero(e.T)
}
