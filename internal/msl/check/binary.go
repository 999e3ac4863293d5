package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// binaryOp returns the operator of the typed tree.
func binaryOp(k scan.Kind) sem.Op {
	switch k {
	case scan.Plus:
		return sem.Add
	case scan.Minus:
		return sem.Sub
	case scan.Star:
		return sem.Mul
	case scan.Slash:
		return sem.Div
	case scan.Percent:
		return sem.Rem
	case scan.Amp:
		return sem.And
	case scan.Pipe:
		return sem.Or
	case scan.Caret:
		return sem.Xor
	case scan.Shl:
		return sem.Shl
	case scan.Shr:
		return sem.Shr
	case scan.EqEq:
		return sem.Eq
	case scan.NotEq:
		return sem.Ne
	case scan.Less:
		return sem.Lt
	case scan.LessEq:
		return sem.Le
	case scan.Greater:
		return sem.Gt
	case scan.GreaterEq:
		return sem.Ge
	case scan.AmpAmp:
		return sem.LAnd
	}
	return sem.LOr
}

func isComparison(op sem.Op) bool { return op >= sem.Eq && op <= sem.Ge }

func (c *checker) binaryExpr(e *ast.BinaryExpr) operand {
	if e.Op == scan.PeriodStar || e.Op == scan.ArrowStar {
		c.unsupported(e.OpPos, "pointers to members are")
		return badAt(e.Span)
	}
	if e.Op == scan.Spaceship {
		c.unsupported(e.OpPos, "the operator <=> is")
		return badAt(e.Span)
	}
	// Long chains of a left-associative operator nest to the left; they are
	// walked in a loop so that they do not count as nesting.
	var chain []*ast.BinaryExpr
	for {
		chain = append(chain, e)
		l, ok := e.X.(*ast.BinaryExpr)
		if !ok || l.Op == scan.PeriodStar || l.Op == scan.ArrowStar || l.Op == scan.Spaceship {
			break
		}
		e = l
	}
	x := c.expr(e.X)
	for i := len(chain) - 1; i >= 0; i-- {
		b := chain[i]
		y := c.expr(b.Y)
		x = c.binary(b.Op, b.OpPos, x, y, b.Span)
		x.loc = b.OpPos
	}
	return x
}

// binary applies an operator to two operands.
func (c *checker) binary(k scan.Kind, pos source.Pos, x, y operand, sp source.Span) operand {
	if x.bad() || y.bad() {
		return badAt(sp)
	}
	if c.overloadable(&x) || c.overloadable(&y) {
		ops := []operand{x, y}
		if r, ok := c.operatorCall(k.String(), ops, pos, sp); ok {
			return r
		}
		x, y = ops[0], ops[1]
	}
	c.promoteBits(&x)
	c.promoteBits(&y)
	if k == scan.Comma {
		if y.kind == opLvalue {
			if x.kind == opLvalue || x.kind == opValue {
				r := y
				r.x = &sem.Comma{Typed: typed(y.q.t, sp.Start), X: x.x, Y: y.x}
				r.span, r.v = sp, nil
				return r
			}
		}
		c.rvalue(&x)
		c.rvalue(&y)
		if x.bad() || y.bad() {
			return badAt(sp)
		}
		return value(&sem.Comma{Typed: typed(y.q.t, sp.Start), X: x.x, Y: y.x}, sp)
	}
	c.rvalue(&x)
	c.rvalue(&y)
	if x.bad() || y.bad() {
		return badAt(sp)
	}
	switch k {
	case scan.AmpAmp, scan.PipePipe:
		return c.logical(k, pos, x, y, sp)
	case scan.Shl, scan.Shr:
		return c.shift(k, pos, x, y, sp)
	}
	op := binaryOp(k)
	if v, w := vectorOf(x.q.t), vectorOf(y.q.t); (v != nil) != (w != nil) {
		if other := x.q.t; v != nil && !isArith(y.q.t) && !(isMatrix(y.q.t) && op == sem.Mul) ||
			w != nil && !isArith(other) && !(isMatrix(other) && op == sem.Mul) {
			return c.vectorAndOther(pos, &x, &y, sp)
		}
	}
	if r, ok := c.pointerOp(op, pos, &x, &y, sp); ok {
		return r
	}
	if r, ok := c.matrixOp(op, pos, &x, &y, sp); ok {
		return r
	}
	if e := enumOf(x.q.t); e != nil && e.Scoped && x.q.t == y.q.t {
		return c.scopedEnumOp(op, pos, &x, &y, sp)
	}
	t, ok := c.common(op, pos, &x, &y)
	if !ok {
		return badAt(sp)
	}
	return c.arith(op, pos, c.coerce(x.x, t), c.coerce(y.x, t), t, sp)
}

// arith makes or folds an arithmetic operation or comparison on operands of
// type t.
func (c *checker) arith(op sem.Op, pos source.Pos, x, y sem.Expr, t types.Type, sp source.Span) operand {
	result := t
	if isComparison(op) {
		result = withElem(t, boolT)
	}
	e := elementOf(t)
	if k, ok := y.(*sem.Const); ok && (op == sem.Div || op == sem.Rem) && e.IsInteger() && isScalar(t) && k.Bits[0] == 0 {
		what := "division"
		if op == sem.Rem {
			what = "remainder"
		}
		c.warnf("division-by-zero", pos, "%s by zero is undefined", what)
	}
	p, ok1 := x.(*sem.Const)
	q, ok2 := y.(*sem.Const)
	if ok1 && ok2 {
		out := &sem.Const{Typed: typed(result, sp.Start), Bits: make([]uint64, len(p.Bits))}
		folded := true
		for i := range p.Bits {
			v, ok := foldBinary(op, e, p.Bits[i], q.Bits[i])
			folded = folded && ok
			out.Bits[i] = v
		}
		if folded {
			if isScalar(t) && overflows(op, e, p.Bits[0], q.Bits[0]) {
				c.warnf("integer-overflow", pos, "overflow in expression; result is %s with type %s", formatInt(e, signed(e, out.Bits[0])), quote(t))
			}
			return value(out, sp)
		}
	}
	return value(&sem.Binary{Typed: typed(result, sp.Start), Op: op, X: x, Y: y}, sp)
}

// invalidOperands reports that an operator cannot be applied.
func (c *checker) invalidOperands(pos source.Pos, x, y *operand, sp source.Span) operand {
	d := c.errorf(pos, "invalid operands to binary expression (%s and %s)", x.q.quote(), y.q.quote())
	d.Ranges = []source.Span{x.span, y.span}
	return badAt(sp)
}

// common finds the type in which an arithmetic operator or comparison is
// done: the usual arithmetic conversions for scalars, that of the vector if
// there is one. It reports an error if there is none.
func (c *checker) common(op sem.Op, pos source.Pos, x, y *operand) (types.Type, bool) {
	a, b := unpacked(x.q.t), unpacked(y.q.t)
	var t types.Type
	v, w := vectorOf(a), vectorOf(b)
	switch {
	case v == nil && w == nil:
		if !isArith(a) || !isArith(b) {
			c.invalidOperands(pos, x, y, x.span)
			return nil, false
		}
		t = usual(a, b)
	case v != nil && w != nil:
		if v != w {
			d := c.errorf(pos, "%s", vectorMismatch(x, y, v, w))
			d.Ranges = []source.Span{x.span, y.span}
			return nil, false
		}
		t = v
	default:
		vec, s := v, b
		if vec == nil {
			vec, s = w, a
		}
		if !isArith(s) {
			d := c.errorf(pos, "cannot convert between vector and non-scalar values (%s and %s)", x.q.quote(), y.q.quote())
			d.Ranges = []source.Span{x.span, y.span}
			return nil, false
		}
		// A scalar becomes an element; a floating one does not become an
		// integer silently.
		if vec.Elem.IsInteger() && promote(s).IsFloat() {
			d := c.errorf(pos, "cannot convert between vector values of different size (%s and %s)", x.q.quote(), y.q.quote())
			d.Ranges = []source.Span{x.span, y.span}
			return nil, false
		}
		t = vec
	}
	e := elementOf(t)
	switch op {
	case sem.Rem, sem.And, sem.Or, sem.Xor:
		if e.IsFloat() {
			c.invalidOperands(pos, x, y, x.span)
			return nil, false
		}
	}
	return t, true
}

func vectorMismatch(x, y *operand, v, w *types.Vector) string {
	if v.N == w.N {
		return "invalid operands to binary expression (" + x.q.quote() + " and " + y.q.quote() + ")"
	}
	return "cannot convert between vector values of different size (" + x.q.quote() + " and " + y.q.quote() + ")"
}

func (c *checker) logical(k scan.Kind, pos source.Pos, x, y operand, sp source.Span) operand {
	v, w := vectorOf(unpacked(x.q.t)), vectorOf(unpacked(y.q.t))
	op := binaryOp(k)
	if v != nil || w != nil {
		vec := v
		if vec == nil {
			vec = w
		}
		ok := vec.Elem == boolT && (v == nil || w == nil || v == w)
		if ok && v == nil {
			ok = c.toBool(&x, "")
		}
		if ok && w == nil {
			ok = c.toBool(&y, "")
		}
		if !ok {
			return c.invalidOperands(pos, &x, &y, sp)
		}
		return c.arith(op, pos, c.coerce(x.x, vec), c.coerce(y.x, vec), vec, sp)
	}
	x0, y0 := x, y
	if !c.toBool(&x, "") || !c.toBool(&y, "") {
		return c.invalidOperands(pos, &x0, &y0, sp)
	}
	if x.bad() || y.bad() {
		return badAt(sp)
	}
	if p := x.konst(); p != nil {
		if (p.Bits[0] == 0) == (k == scan.AmpAmp) {
			return value(konst(boolT, p.Bits[0], sp.Start), sp)
		}
		if q := y.konst(); q != nil {
			return value(konst(boolT, q.Bits[0], sp.Start), sp)
		}
	}
	return value(&sem.Logical{Typed: typed(boolT, sp.Start), And: k == scan.AmpAmp, X: x.x, Y: y.x}, sp)
}

// shift applies << or >>: each operand is promoted by itself, the result has
// the type of the left one.
func (c *checker) shift(k scan.Kind, pos source.Pos, x, y operand, sp source.Span) operand {
	a, b := unpacked(x.q.t), unpacked(y.q.t)
	v, w := vectorOf(a), vectorOf(b)
	isInt := func(t types.Type) bool {
		if vec := vectorOf(t); vec != nil {
			return vec.Elem.IsInteger() && vec.Elem != boolT
		}
		return isArith(t) && !promote(t).IsFloat()
	}
	if !isInt(a) || !isInt(b) || v != nil && w != nil && v.N != w.N {
		return c.invalidOperands(pos, &x, &y, sp)
	}
	op := binaryOp(k)
	switch {
	case v != nil && w == nil:
		b = types.VectorOf(promote(b), v.N)
	case v == nil && w != nil:
		a = types.VectorOf(w.Elem, w.N)
	case v == nil:
		a, b = promote(a), promote(b)
	}
	p, q := c.coerce(x.x, a), c.coerce(y.x, b)
	e := elementOf(a)
	n, ok := q.(*sem.Const)
	if ok && v == nil && w == nil {
		if s := signed(basicOf(b), n.Bits[0]); basicOf(b).IsSigned() && s < 0 {
			c.warnf("shift-count-negative", pos, "shift count is negative")
		} else if n.Bits[0] >= uint64(width(e)) {
			c.warnf("shift-count-overflow", pos, "shift count >= width of type")
		}
	}
	if m, ok2 := p.(*sem.Const); ok && ok2 {
		out := &sem.Const{Typed: typed(a, sp.Start), Bits: make([]uint64, len(m.Bits))}
		for i := range m.Bits {
			out.Bits[i] = foldShift(op, e, m.Bits[i], n.Bits[i])
		}
		return value(out, sp)
	}
	return value(&sem.Binary{Typed: typed(a, sp.Start), Op: op, X: p, Y: q}, sp)
}

// sized reports whether pointers to the type can be counted with.
func (c *checker) sized(p *types.Pointer, pos source.Pos) bool {
	switch {
	case isVoid(p.Elem):
		c.errorf(pos, "arithmetic on a pointer to void")
		return false
	}
	if s := structOf(p.Elem); s != nil {
		c.complete(recordOf(s), pos)
	}
	if s := structOf(p.Elem); s != nil && !s.Complete() {
		c.errorf(pos, "arithmetic on a pointer to an incomplete type %s", quote(s))
		return false
	}
	return true
}

// pointerOp applies an operator of which at least one operand is a pointer.
func (c *checker) pointerOp(op sem.Op, pos source.Pos, x, y *operand, sp source.Span) (operand, bool) {
	p, q := pointerOf(x.q.t), pointerOf(y.q.t)
	xnull, ynull := x.q.t == types.Type(nullType), y.q.t == types.Type(nullType)
	if p == nil && q == nil && !xnull && !ynull {
		return operand{}, false
	}
	integer := func(t types.Type) bool { return isArith(t) && !promote(t).IsFloat() }
	switch {
	case isComparison(op):
		var t types.Type
		switch {
		case p != nil && q != nil:
			switch {
			case p.Space != q.Space:
				d := c.errorf(pos, "comparison of pointers to different address spaces (%s and %s)", x.q.quote(), y.q.quote())
				d.Ranges = []source.Span{x.span, y.span}
				return badAt(sp), true
			case p.Elem == q.Elem, isVoid(p.Elem), isVoid(q.Elem):
			default:
				d := c.errorf(pos, "comparison of distinct pointer types (%s and %s)", x.q.quote(), y.q.quote())
				d.Ranges = []source.Span{x.span, y.span}
				return badAt(sp), true
			}
			t = c.tab.PointerTo(p.Elem, p.Space, p.Const || q.Const, p.Volatile || q.Volatile)
		case p != nil && y.null:
			t = p
		case q != nil && x.null:
			t = q
		case xnull && ynull:
			return value(konst(boolT, boolBits(op == sem.Eq || op == sem.Le || op == sem.Ge), sp.Start), sp), true
		case p != nil && integer(y.q.t), q != nil && integer(x.q.t):
			d := c.errorf(pos, "comparison between pointer and integer (%s and %s)", x.q.quote(), y.q.quote())
			d.Ranges = []source.Span{x.span, y.span}
			return badAt(sp), true
		default:
			return c.invalidOperands(pos, x, y, sp), true
		}
		return value(&sem.Binary{Typed: typed(boolT, sp.Start), Op: op, X: c.coerce(x.x, t), Y: c.coerce(y.x, t)}, sp), true
	case op == sem.Add && p != nil && integer(y.q.t):
		return c.ptrAdd(x, y, false, pos, sp), true
	case op == sem.Add && q != nil && integer(x.q.t):
		return c.ptrAdd(y, x, false, pos, sp), true
	case op == sem.Sub && p != nil && integer(y.q.t):
		return c.ptrAdd(x, y, true, pos, sp), true
	case op == sem.Sub && p != nil && q != nil:
		if p.Elem != q.Elem || p.Space != q.Space {
			d := c.errorf(pos, "%s and %s are not pointers to compatible types", x.q.quote(), y.q.quote())
			d.Ranges = []source.Span{x.span, y.span}
			return badAt(sp), true
		}
		if !c.sized(p, pos) {
			return badAt(sp), true
		}
		return value(&sem.PtrDiff{Typed: typed(longT, sp.Start), P: x.x, Q: y.x}, sp), true
	}
	return c.invalidOperands(pos, x, y, sp), true
}

func (c *checker) ptrAdd(p, i *operand, sub bool, pos source.Pos, sp source.Span) operand {
	if !c.sized(pointerOf(p.q.t), pos) {
		return badAt(sp)
	}
	return value(&sem.PtrAdd{Typed: typed(p.q.t, sp.Start), P: p.x, I: c.toLong(i.x), Sub: sub}, sp)
}

// toLong converts an integer to long by way of its promoted type.
func (c *checker) toLong(e sem.Expr) sem.Expr {
	return c.coerce(c.coerce(e, promote(e.Type())), longT)
}

// vectorAndOther reports an operator on a vector and what is no number.
func (c *checker) vectorAndOther(pos source.Pos, x, y *operand, sp source.Span) operand {
	d := c.errorf(pos, "cannot convert between vector and non-scalar values (%s and %s)", x.q.quote(), y.q.quote())
	d.Ranges = []source.Span{x.span, y.span}
	return badAt(sp)
}

// matrixOp applies an operator of which at least one operand is a matrix.
func (c *checker) matrixOp(op sem.Op, pos source.Pos, x, y *operand, sp source.Span) (operand, bool) {
	m, ok1 := x.q.t.(*types.Matrix)
	n, ok2 := y.q.t.(*types.Matrix)
	if !ok1 && !ok2 {
		return operand{}, false
	}
	// The operators take no packed vectors.
	v, w := vectorOf(x.q.t), vectorOf(y.q.t)
	make2 := func(op sem.Op, t types.Type, a, b sem.Expr) (operand, bool) {
		return value(&sem.Binary{Typed: typed(t, sp.Start), Op: op, X: a, Y: b}, sp), true
	}
	switch {
	case ok1 && ok2:
		switch op {
		case sem.Add, sem.Sub:
			if m == n {
				return make2(op, m, x.x, y.x)
			}
		case sem.Mul:
			if m.Elem == n.Elem && m.Cols == n.Rows {
				return make2(sem.MatMul, types.MatrixOf(m.Elem, n.Cols, m.Rows), x.x, y.x)
			}
		case sem.Eq, sem.Ne:
			if m == n {
				return make2(op, boolT, x.x, y.x)
			}
		}
	case ok1 && isArith(y.q.t):
		if op == sem.Mul || op == sem.Div {
			o := sem.MatScale
			if op == sem.Div {
				o = sem.MatDiv
			}
			return make2(o, m, x.x, c.coerce(y.x, m.Elem))
		}
	case ok2 && isArith(x.q.t):
		if op == sem.Mul {
			return make2(sem.MatScale, n, y.x, c.coerce(x.x, n.Elem))
		}
	case ok1 && w != nil && op == sem.Mul:
		if w.Elem == m.Elem && w.N == m.Cols && !w.Packed {
			return make2(sem.MatVec, m.Column(), x.x, y.x)
		}
		return c.vectorAndOther(pos, x, y, sp), true
	case ok2 && v != nil && op == sem.Mul:
		if v.Elem == n.Elem && v.N == n.Rows && !v.Packed {
			return make2(sem.VecMat, types.VectorOf(n.Elem, n.Cols), x.x, y.x)
		}
		return c.vectorAndOther(pos, x, y, sp), true
	}
	return c.invalidOperands(pos, x, y, sp), true
}

// scopedEnumOp compares scoped enumerations, and joins the flags of the
// library's.
func (c *checker) scopedEnumOp(op sem.Op, pos source.Pos, x, y *operand, sp source.Span) operand {
	e := enumOf(x.q.t)
	u := e.Underlying
	if isComparison(op) {
		return c.arith(op, pos, c.coerce(x.x, u), c.coerce(y.x, u), u, sp)
	}
	if (op == sem.And || op == sem.Or || op == sem.Xor) && isFlags(e) {
		r := c.arith(op, pos, c.coerce(x.x, u), c.coerce(y.x, u), u, sp)
		return value(c.coerce(r.x, e), sp)
	}
	return c.invalidOperands(pos, x, y, sp)
}

func (c *checker) condExpr(e *ast.CondExpr) operand {
	cond := c.val(e.Cond)
	if e.Then == nil {
		c.unsupported(e.Question, "the operator ?: without a middle operand is")
		return badAt(e.Span)
	}
	x, y := c.expr(e.Then), c.expr(e.Else)
	if cond.bad() || !c.toBool(&cond, "?:") || x.bad() || y.bad() {
		return badAt(e.Span)
	}
	r := c.choose(cond.x, x, y, e.Question, e.Span)
	r.loc = e.Question
	return r
}

// choose makes cond ? x : y ([expr.cond]).
func (c *checker) choose(cond sem.Expr, x, y operand, pos source.Pos, sp source.Span) operand {
	k, known := cond.(*sem.Const)
	pick := func(x, y operand) operand {
		if k.Bits[0] != 0 {
			x.span = sp
			return x
		}
		y.span = sp
		return y
	}
	if x.kind == opLvalue && y.kind == opLvalue && x.q.t == y.q.t && x.q.space == y.q.space && arrayOf(x.q.t) == nil {
		r := lvalue(nil, qtype{t: x.q.t, c: x.q.c || y.q.c, v: x.q.v || y.q.v, space: x.q.space, spaced: true}, sp)
		r.component, r.repeated = x.component || y.component, x.repeated || y.repeated
		r.xvalue = x.xvalue || y.xvalue
		if known && x.q == y.q {
			r = pick(x, y)
			r.v = nil
			return r
		}
		r.x = &sem.Cond{Typed: typed(x.q.t, sp.Start), C: cond, X: x.x, Y: y.x}
		return r
	}
	mismatch := func() operand {
		d := c.errorf(pos, "incompatible operand types (%s and %s)", x.q.quote(), y.q.quote())
		d.Ranges = []source.Span{x.span, y.span}
		return badAt(sp)
	}
	if x.kind == opInit || y.kind == opInit {
		c.rvalue(&x)
		c.rvalue(&y)
		return badAt(sp)
	}
	if structOf(x.q.t) != nil || structOf(y.q.t) != nil {
		if x.q.t != y.q.t {
			toY, toX := c.implicit(&x, qtype{t: y.q.t}), c.implicit(&y, qtype{t: x.q.t})
			switch {
			case toY.rank < impossible && toX.rank == impossible:
				x = value(c.apply(&x, toY), x.span)
			case toX.rank < impossible && toY.rank == impossible:
				y = value(c.apply(&y, toX), y.span)
			default:
				return mismatch()
			}
		}
	}
	c.rvalue(&x)
	c.rvalue(&y)
	if x.bad() || y.bad() {
		return badAt(sp)
	}
	t := x.q.t
	if x.q.t != y.q.t {
		a, b := unpacked(x.q.t), unpacked(y.q.t)
		p, q := pointerOf(a), pointerOf(b)
		switch {
		case isArith(a) && isArith(b):
			t = usual(a, b)
		case vectorOf(a) != nil && a == b:
			t = a
		case vectorOf(a) != nil && isArith(b) && !(vectorOf(a).Elem.IsInteger() && promote(b).IsFloat()):
			t = a
		case vectorOf(b) != nil && isArith(a) && !(vectorOf(b).Elem.IsInteger() && promote(a).IsFloat()):
			t = b
		case p != nil && y.null:
			t = p
		case q != nil && x.null:
			t = q
		case p != nil && q != nil && p.Space == q.Space && (p.Elem == q.Elem || isVoid(p.Elem) || isVoid(q.Elem)):
			elem := p.Elem
			if isVoid(q.Elem) {
				elem = q.Elem
			}
			t = c.tab.PointerTo(elem, p.Space, p.Const || q.Const, p.Volatile || q.Volatile)
		default:
			return mismatch()
		}
	}
	if t != void {
		x = value(c.coerce(x.x, t), x.span)
		y = value(c.coerce(y.x, t), y.span)
	}
	if known {
		return pick(x, y)
	}
	return value(&sem.Cond{Typed: typed(t, sp.Start), C: cond, X: x.x, Y: y.x}, sp)
}
