package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// cval is a value at compile time: bits of a scalar, vector, matrix or
// enumeration, or the elements of a struct or array.
type cval struct {
	t     types.Type
	bits  []uint64
	elems []*cval
	union int // of a union: the field that elems[0] is
}

// maxSteps bounds what one evaluation may do.
const maxSteps = 1 << 20

// maxCells bounds the scalars an aggregate at compile time may have.
const maxCells = 1 << 20

// evaluator runs the typed tree at compile time.
type evaluator struct {
	c     *checker
	vars  map[*sem.Var]*cval
	steps int
	depth int
	cells int
}

// stop is how control leaves a statement.
type stop uint8

const (
	goesOn stop = iota
	breaks
	continues
	returned
	fails
)

// eval returns the value of a constant expression, or nil if it is not one.
func (c *checker) eval(e sem.Expr) *cval {
	ev := &evaluator{c: c}
	v, ok := ev.expr(e)
	if !ok {
		return nil
	}
	return v
}

// evalConst is eval for scalars, vectors and matrices.
func (c *checker) evalConst(e sem.Expr) *sem.Const {
	if elementOf(e.Type()) == nil {
		return nil
	}
	v := c.eval(e)
	if v == nil || v.bits == nil {
		return nil
	}
	return &sem.Const{Typed: typed(e.Type(), e.Pos()), Bits: v.bits}
}

// zero makes the value of a type all of whose bits are zero.
func (ev *evaluator) zero(t types.Type) (*cval, bool) {
	v := &cval{t: t}
	ev.cells++
	if ev.cells > maxCells {
		return nil, false
	}
	switch t := t.(type) {
	case *types.Array:
		if t.Len < 0 || t.Len > maxCells {
			return nil, false
		}
		v.elems = make([]*cval, t.Len)
		for i := range v.elems {
			e, ok := ev.zero(t.Elem)
			if !ok {
				return nil, false
			}
			v.elems[i] = e
		}
		return v, true
	case *types.Struct:
		if !t.Complete() {
			return nil, false
		}
		n := len(t.Fields)
		if t.Union {
			n = min(n, 1)
		}
		v.elems = make([]*cval, n)
		for i := range v.elems {
			e, ok := ev.zero(t.Fields[i].Type)
			if !ok {
				return nil, false
			}
			v.elems[i] = e
		}
		return v, true
	}
	if elementOf(t) == nil {
		return nil, false
	}
	v.bits = make([]uint64, components(t))
	return v, true
}

func (v *cval) clone() *cval {
	n := &cval{t: v.t, union: v.union}
	if v.bits != nil {
		n.bits = append([]uint64(nil), v.bits...)
	}
	for _, e := range v.elems {
		n.elems = append(n.elems, e.clone())
	}
	if v.elems != nil && n.elems == nil {
		n.elems = []*cval{}
	}
	return n
}

// expr makes the typed tree of a value.
func (v *cval) expr(t types.Type, p source.Pos) sem.Expr {
	if v.elems == nil {
		return &sem.Const{Typed: typed(t, p), Bits: v.bits}
	}
	agg := &sem.Aggregate{Typed: typed(t, p), UnionField: v.union}
	for i, e := range v.elems {
		var et types.Type
		switch t := t.(type) {
		case *types.Array:
			et = t.Elem
		case *types.Struct:
			if t.Union {
				i = v.union
			}
			et = t.Fields[i].Type
		}
		agg.Elems = append(agg.Elems, e.expr(et, p))
	}
	return agg
}

func (ev *evaluator) step() bool {
	ev.steps++
	return ev.steps < maxSteps
}

// place finds the object an lvalue denotes. set gets it, and may be nil if it
// is part of a vector.
func (ev *evaluator) place(e sem.Expr) (v *cval, ok bool) {
	switch e := e.(type) {
	case *sem.VarRef:
		v, ok = ev.vars[e.Var]
		return v, ok
	case *sem.Field:
		s, ok := ev.place(e.X)
		if !ok || e.Index >= len(s.elems) || structOf(s.t).Union {
			return nil, false
		}
		return s.elems[e.Index], true
	case *sem.Index:
		a, ok := ev.place(e.X)
		if !ok || a.elems == nil {
			return nil, false
		}
		i, ok := ev.index(e.I)
		if !ok || i < 0 || i >= int64(len(a.elems)) {
			return nil, false
		}
		return a.elems[i], true
	case *sem.Assign, *sem.AssignOp:
		if _, ok := ev.expr(e); !ok {
			return nil, false
		}
		if a, isAssign := e.(*sem.Assign); isAssign {
			return ev.place(a.X)
		}
		return ev.place(e.(*sem.AssignOp).X)
	}
	return nil, false
}

// store writes a value to an lvalue.
func (ev *evaluator) store(e sem.Expr, v *cval) bool {
	switch e := e.(type) {
	case *sem.Swizzle:
		p, ok := ev.place(e.X)
		if !ok {
			return false
		}
		for i, k := range e.Comps {
			p.bits[k] = v.bits[i]
		}
		return true
	case *sem.Index:
		if elementOf(e.X.Type()) != nil {
			p, ok := ev.place(e.X)
			i, ok2 := ev.index(e.I)
			n := int64(components(e.T))
			if !ok || !ok2 || i < 0 || (i+1)*n > int64(len(p.bits)) {
				return false
			}
			copy(p.bits[i*n:], v.bits)
			return true
		}
	}
	p, ok := ev.place(e)
	if !ok {
		return false
	}
	t := p.t
	*p = *v.clone()
	p.t = t
	if f, ok := e.(*sem.Field); ok {
		p.truncate(&structOf(f.X.Type()).Fields[f.Index])
	}
	return true
}

// truncate leaves of the value of a bit-field what that has room for.
func (v *cval) truncate(f *types.Field) {
	if !f.BitField || len(v.bits) != 1 {
		return
	}
	b := elementOf(f.Type)
	bits := v.bits[0] & (1<<f.Bits - 1)
	if b.IsSigned() {
		bits = uint64(int64(bits<<(64-f.Bits)) >> (64 - f.Bits))
	}
	v.bits = []uint64{wrap(b, bits)}
}

func (ev *evaluator) index(e sem.Expr) (int64, bool) {
	v, ok := ev.expr(e)
	if !ok || len(v.bits) != 1 {
		return 0, false
	}
	return signed(elementOf(e.Type()), v.bits[0]), true
}

func (ev *evaluator) truth(e sem.Expr) (val, ok bool) {
	v, ok := ev.expr(e)
	if !ok || len(v.bits) != 1 {
		return false, false
	}
	return v.bits[0] != 0, true
}

// expr evaluates an expression.
func (ev *evaluator) expr(e sem.Expr) (*cval, bool) {
	if e == nil || !ev.step() {
		return nil, false
	}
	ev.depth++
	defer func() { ev.depth-- }()
	if ev.depth > 512 {
		return nil, false
	}
	switch e := e.(type) {
	case *sem.Const:
		return &cval{t: e.T, bits: e.Bits}, true
	case *sem.Zero:
		return ev.zero(e.T)
	case *sem.VarRef:
		if v, ok := ev.vars[e.Var]; ok {
			return v, true
		}
		if e.Var.Const && e.Var.Value != nil {
			return &cval{t: e.T, bits: e.Var.Value.Bits}, true
		}
		if v := ev.c.constAggs[e.Var]; v != nil {
			return v, true
		}
		if e.Var.Global && e.Var.FuncConst == nil {
			if agg, ok := e.Var.Init.(*sem.Aggregate); ok {
				v, ok := ev.expr(agg)
				if ok {
					ev.c.keepAggregate(e.Var, v)
				}
				return v, ok
			}
		}
		if s := structOf(e.T); s != nil && s.Complete() && len(s.Fields) == 0 {
			return ev.zero(s) // there is nothing in it to know
		}
		return nil, false
	case *sem.Field:
		s, ok := ev.expr(e.X)
		if !ok {
			return nil, false
		}
		if st := structOf(e.X.Type()); st.Union {
			if s.union == e.Index && len(s.elems) == 1 {
				return s.elems[0], true
			}
			return nil, false
		}
		if e.Index >= len(s.elems) {
			return nil, false
		}
		return s.elems[e.Index], true
	case *sem.Index:
		return ev.indexed(e)
	case *sem.Swizzle:
		v, ok := ev.expr(e.X)
		if !ok {
			return nil, false
		}
		out := &cval{t: e.T}
		for _, k := range e.Comps {
			if int(k) >= len(v.bits) {
				return nil, false
			}
			out.bits = append(out.bits, v.bits[k])
		}
		return out, true
	case *sem.Deref:
		// *(array + i), as a subscript of a decayed array is.
		if p, ok := e.X.(*sem.PtrAdd); ok && !p.Sub {
			if d, ok := p.P.(*sem.Decay); ok {
				return ev.indexed(&sem.Index{Typed: e.Typed, X: d.X, I: p.I})
			}
		}
		return nil, false
	case *sem.Unary:
		v, ok := ev.expr(e.X)
		if !ok || v.bits == nil {
			return nil, false
		}
		out := &cval{t: e.T, bits: make([]uint64, len(v.bits))}
		for i, b := range v.bits {
			out.bits[i] = foldUnary(e.Op, elementOf(e.T), b)
		}
		return out, true
	case *sem.Binary:
		return ev.binary(e.Op, e.X, e.Y, e.T)
	case *sem.Logical:
		x, ok := ev.truth(e.X)
		if !ok {
			return nil, false
		}
		if x != e.And {
			return &cval{t: e.T, bits: []uint64{boolBits(x)}}, true
		}
		return ev.expr(e.Y)
	case *sem.Cond:
		x, ok := ev.truth(e.C)
		if !ok {
			return nil, false
		}
		if x {
			return ev.expr(e.X)
		}
		return ev.expr(e.Y)
	case *sem.Convert:
		v, ok := ev.expr(e.X)
		from, to := elementOf(e.X.Type()), elementOf(e.T)
		if !ok || from == nil || to == nil {
			return nil, false
		}
		out := &cval{t: e.T, bits: make([]uint64, len(v.bits))}
		for i, b := range v.bits {
			out.bits[i] = convertBits(from, to, b)
		}
		return out, true
	case *sem.Splat:
		v, ok := ev.expr(e.X)
		if !ok {
			return nil, false
		}
		out := &cval{t: e.T}
		for range components(e.T) {
			out.bits = append(out.bits, v.bits[0])
		}
		return out, true
	case *sem.Bitcast:
		v, ok := ev.expr(e.X)
		if !ok || v.bits == nil {
			return nil, false
		}
		k := bitcastConst(&sem.Const{Typed: typed(e.X.Type(), e.P), Bits: v.bits}, e.T, e.P)
		return &cval{t: e.T, bits: k.Bits}, true
	case *sem.Construct:
		return ev.construct(e)
	case *sem.Aggregate:
		return ev.aggregate(e)
	case *sem.Comma:
		if _, ok := ev.expr(e.X); !ok {
			return nil, false
		}
		return ev.expr(e.Y)
	case *sem.Temp:
		return ev.expr(e.X)
	case *sem.Call:
		return ev.call(e)
	case *sem.Builtin:
		return ev.builtin(e)
	case *sem.Assign:
		v, ok := ev.expr(e.Y)
		if !ok || !ev.store(e.X, v) {
			return nil, false
		}
		return v, true
	case *sem.AssignOp:
		if pointerOf(e.T) != nil {
			return nil, false
		}
		x := e.X
		var left sem.Expr = x
		if e.Operand != x.Type() {
			left = &sem.Convert{Typed: typed(e.Operand, e.P), X: x}
			if vectorOf(e.Operand) != nil && isScalar(x.Type()) {
				return nil, false
			}
		}
		v, ok := ev.binary(e.Op, left, e.Y, e.Operand)
		if !ok {
			return nil, false
		}
		out := &cval{t: e.T, bits: make([]uint64, len(v.bits))}
		for i, b := range v.bits {
			out.bits[i] = convertBits(elementOf(e.Operand), elementOf(e.T), b)
		}
		return out, ev.store(x, out)
	case *sem.IncDec:
		return ev.incDec(e)
	}
	return nil, false
}

func (ev *evaluator) incDec(e *sem.IncDec) (*cval, bool) {
	b := elementOf(e.T)
	v, ok := ev.expr(e.X)
	if !ok || b == nil {
		return nil, false
	}
	op := sem.Add
	if e.Dec {
		op = sem.Sub
	}
	old := v.clone()
	out := v.clone()
	one := convertBits(intT, b, 1)
	for i := range out.bits {
		out.bits[i], _ = foldBinary(op, b, out.bits[i], one)
	}
	if !ev.store(e.X, out) {
		return nil, false
	}
	if e.Post {
		return old, true
	}
	return out, true
}

func (ev *evaluator) indexed(e *sem.Index) (*cval, bool) {
	v, ok := ev.expr(e.X)
	if !ok {
		return nil, false
	}
	i, ok := ev.index(e.I)
	if !ok || i < 0 {
		return nil, false
	}
	if v.elems != nil {
		if i >= int64(len(v.elems)) {
			return nil, false
		}
		return v.elems[i], true
	}
	n := int64(components(e.T))
	if (i+1)*n > int64(len(v.bits)) {
		return nil, false
	}
	return &cval{t: e.T, bits: v.bits[i*n : (i+1)*n]}, true
}

func (ev *evaluator) binary(op sem.Op, xe, ye sem.Expr, t types.Type) (*cval, bool) {
	x, ok := ev.expr(xe)
	if !ok {
		return nil, false
	}
	y, ok := ev.expr(ye)
	if !ok || x.bits == nil || y.bits == nil {
		return nil, false
	}
	b := elementOf(xe.Type())
	out := &cval{t: t, bits: make([]uint64, len(x.bits))}
	switch op {
	case sem.Shl, sem.Shr:
		for i := range x.bits {
			out.bits[i] = foldShift(op, b, x.bits[i], y.bits[min(i, len(y.bits)-1)])
		}
		return out, true
	case sem.MatMul, sem.MatVec, sem.VecMat, sem.MatScale, sem.MatDiv:
		return nil, false
	}
	if len(x.bits) != len(y.bits) || isMatrix(xe.Type()) && isComparison(op) {
		return nil, false
	}
	for i := range x.bits {
		v, ok := foldBinary(op, b, x.bits[i], y.bits[i])
		if !ok {
			return nil, false
		}
		out.bits[i] = v
	}
	return out, true
}

func (ev *evaluator) construct(e *sem.Construct) (*cval, bool) {
	out := &cval{t: e.T}
	for _, a := range e.Args {
		v, ok := ev.expr(a)
		if !ok || v.bits == nil {
			return nil, false
		}
		out.bits = append(out.bits, v.bits...)
	}
	if m, ok := e.T.(*types.Matrix); ok && len(e.Args) == 1 && len(out.bits) == 1 {
		d := make([]uint64, m.Cols*m.Rows)
		for i := range min(m.Cols, m.Rows) {
			d[i*m.Rows+i] = out.bits[0]
		}
		out.bits = d
	}
	return out, len(out.bits) == components(e.T)
}

func (ev *evaluator) aggregate(e *sem.Aggregate) (*cval, bool) {
	if s := structOf(e.T); s != nil && s.Union {
		out := &cval{t: e.T, union: e.UnionField}
		if len(e.Elems) == 0 || e.Elems[len(e.Elems)-1] == nil {
			return nil, false
		}
		v, ok := ev.expr(e.Elems[len(e.Elems)-1])
		out.elems = []*cval{v}
		return out, ok
	}
	out, ok := ev.zero(e.T)
	if !ok || len(e.Elems) > len(out.elems) {
		return nil, false
	}
	for i, x := range e.Elems {
		if x == nil {
			continue
		}
		v, ok := ev.expr(x)
		if !ok {
			return nil, false
		}
		out.elems[i] = v.clone()
		if s := structOf(e.T); s != nil {
			out.elems[i].truncate(&s.Fields[i])
		}
	}
	return out, true
}

// builtin evaluates the library functions that constant expressions use.
func (ev *evaluator) builtin(e *sem.Builtin) (*cval, bool) {
	n := &sem.Builtin{Typed: e.Typed, Name: e.Name, Mode: e.Mode}
	for _, a := range e.Args {
		v, ok := ev.expr(a)
		if !ok || v.bits == nil {
			return nil, false
		}
		n.Args = append(n.Args, &sem.Const{Typed: typed(a.Type(), a.Pos()), Bits: v.bits})
	}
	x, ok := foldBuiltin(n)
	if !ok {
		return nil, false
	}
	return &cval{t: e.T, bits: x.Bits}, true
}

func (c *checker) markConstexpr(f *sem.Func) {
	if c.isConstexpr == nil {
		c.isConstexpr = make(map[*sem.Func]bool)
	}
	c.isConstexpr[f] = true
}

// keepAggregate remembers the value of a constant aggregate.
func (c *checker) keepAggregate(v *sem.Var, val *cval) {
	if c.constAggs == nil {
		c.constAggs = make(map[*sem.Var]*cval)
	}
	c.constAggs[v] = val
}

// constVars remembers the value of a local constant aggregate.
func (c *checker) constVars(v *variable) { c.keepAggregate(v.sem, v.elems) }

// bodyNow checks the body of a function that is needed to go on.
func (c *checker) bodyNow(f *sem.Func) {
	if fn := c.waiting[f]; fn != nil {
		delete(c.waiting, f)
		c.body(fn)
	}
}

// specializable reports whether an expression is constant once the function
// constants are.
func (c *checker) specializable(e sem.Expr) bool {
	ok, found := true, false
	sem.Walk(e, func(x sem.Expr) bool {
		switch x := x.(type) {
		case *sem.VarRef:
			switch {
			case x.Var.FuncConst != nil:
				found = true
			case x.Var.Global && x.Var.Value == nil && x.Var.Init != nil:
				found = true
			case x.Var.Global:
			default:
				ok = false
			}
		case *sem.Assign, *sem.AssignOp, *sem.IncDec, *sem.Deref, *sem.AddrOf, *sem.Decay, *sem.PtrAdd, *sem.PtrDiff, *sem.PtrCast, *sem.String:
			ok = false
		}
		return ok
	})
	return ok && found
}
