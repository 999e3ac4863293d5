package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// initContext tells what is initialised, for messages.
type initContext struct {
	pos      source.Pos // caret; the value's place if not valid
	what     string     // "a variable", "a parameter", "a member subobject", "an array element"; "" for "a value"
	explicit bool       // T{…}: explicit constructors may be used
}

func (k initContext) at(x *operand) source.Pos {
	if k.pos.IsValid() {
		return k.pos
	}
	return x.pos()
}

// valueInit makes T(): all zero, or what the default constructor makes.
func (c *checker) valueInit(to qtype, pos source.Pos) sem.Expr {
	switch t := to.t.(type) {
	case *types.Struct:
		return c.defaultInit(t, pos, true)
	case *types.Vector, *types.Matrix:
		return &sem.Const{Typed: typed(t, pos), Bits: make([]uint64, components(t))}
	case *types.Basic, *types.Enum:
		return konst(t, 0, pos)
	case *types.Reference:
		c.errorf(pos, "reference to type %s requires an initializer", quote(t.Elem))
		return nil
	}
	return &sem.Zero{Typed: typed(to.t, pos)}
}

// initValue converts x to initialise something of type to, or reports that it
// cannot. It returns nil on an error.
func (c *checker) initValue(x *operand, to qtype, k initContext) sem.Expr {
	if x.bad() || to.bad() {
		return nil
	}
	if r, ok := to.t.(*types.Reference); ok {
		return c.initReference(x, r, k)
	}
	if x.kind == opInit {
		return c.initList(x.list, to, k)
	}
	cv := c.implicit(x, to)
	if cv.rank == impossible {
		c.badInit(x, to, cv, k)
		return nil
	}
	c.lossy(x, to.t)
	return c.apply(x, cv)
}

// badInit reports that x cannot initialise something of type to.
func (c *checker) badInit(x *operand, to qtype, cv conv, k initContext) {
	if x.kind == opFuncs || x.kind == opType {
		c.rvalue(x)
		return
	}
	kind := "an rvalue"
	if x.kind == opLvalue && arrayOf(x.q.t) == nil {
		kind = "an lvalue"
	}
	if arrayOf(x.q.t) != nil && x.kind == opLvalue {
		kind = "an lvalue"
	}
	what := k.what
	if what == "" {
		what = "a value"
	}
	if s := structOf(to.t); s != nil {
		what := k.at(x)
		d := c.errorf(what, "no viable conversion from %s to %s", c.valueType(x).quote(), to.unqual().quote())
		d.Ranges = []source.Span{x.span}
		return
	}
	if structOf(x.q.t) != nil {
		d := c.errorf(k.at(x), "no viable conversion from %s to %s", c.valueType(x).quote(), to.unqual().quote())
		d.Ranges = []source.Span{x.span}
		return
	}
	if a := arrayOf(to.t); a != nil {
		c.errorf(k.at(x), "array initializer must be an initializer list")
		return
	}
	d := c.errorf(k.at(x), "cannot initialize %s of type %s with %s of type %s", what, c.objectType(to, k).quote(), kind, c.valueType(x).quote())
	d.Ranges = []source.Span{x.span}
	if cv.reason == spaceMismatch {
		d.Notef(k.at(x), "the address spaces differ")
	}
}

// objectType is the type of what is initialised as clang gives it: with the
// qualifiers of a variable, without those of a value.
func (c *checker) objectType(to qtype, k initContext) qtype {
	if k.what == "a variable" {
		return to
	}
	return to.unqual()
}

// valueType is the type of an operand in a message: an lvalue keeps its
// qualifiers.
func (c *checker) valueType(x *operand) qtype {
	if x.kind == opLvalue {
		q := x.q
		q.spaced = q.spaced && q.space != types.Thread
		return q
	}
	return x.q.unqual()
}

// initReference binds a reference.
func (c *checker) initReference(x *operand, r *types.Reference, k initContext) sem.Expr {
	cv := c.bind(x, r)
	if cv.rank < impossible {
		return c.apply(x, cv)
	}
	if x.kind == opFuncs || x.kind == opType {
		c.rvalue(x)
		return nil
	}
	if x.kind == opInit {
		c.errorf(k.at(x), "cannot bind a reference to a braced list")
		return nil
	}
	kind := "lvalue"
	if r.RValue {
		kind = "rvalue"
	}
	referred := qtype{t: r.Elem, c: r.Const, v: r.Volatile, space: r.Space, spaced: true}
	var d *source.Diagnostic
	switch {
	case cv.reason == losesQualifier:
		d = c.errorf(k.at(x), "binding reference of type %s to value of type %s drops %s qualifier", referred.quote(), x.q.quote(), droppedQual(x.q, r))
	case cv.reason == spaceMismatch:
		d = c.errorf(k.at(x), "reference of type %s cannot bind to object in %s address space", quote(r), x.q.space)
	case r.RValue:
		d = c.errorf(k.at(x), "rvalue reference to type %s cannot bind to lvalue of type %s", quote(r.Elem), x.q.quote())
	case x.bits != nil && x.q.t == r.Elem:
		d = c.errorf(k.at(x), "non-const reference cannot bind to bit-field '%s'", x.bits.Name)
	case x.component && x.q.t == r.Elem:
		d = c.errorf(k.at(x), "non-const reference cannot bind to vector element")
	case cv.reason == needsLvalue && x.q.t == r.Elem:
		d = c.errorf(k.at(x), "non-const %s reference to type %s cannot bind to a temporary of type %s", kind, referred.quote(), x.q.unqual().quote())
	case cv.reason == needsLvalue && x.kind == opLvalue:
		d = c.errorf(k.at(x), "non-const %s reference to type %s cannot bind to a value of unrelated type %s", kind, referred.quote(), x.q.unqual().quote())
	case cv.reason == needsLvalue:
		d = c.errorf(k.at(x), "non-const %s reference to type %s cannot bind to a temporary of type %s", kind, referred.quote(), x.q.unqual().quote())
	default:
		d = c.errorf(k.at(x), "non-const %s reference to type %s cannot bind to a value of unrelated type %s", kind, referred.quote(), x.q.unqual().quote())
		if r.Const {
			d.Msg = "no viable conversion from " + c.valueType(x).quote() + " to " + referred.quote()
		}
	}
	d.Ranges = []source.Span{x.span}
	return nil
}

func droppedQual(q qtype, r *types.Reference) string {
	if q.c && !r.Const {
		return "'const'"
	}
	return "'volatile'"
}

// initList initialises something of type to from a braced list. It returns
// nil on an error.
func (c *checker) initList(l *ast.InitList, to qtype, k initContext) sem.Expr {
	l = &ast.InitList{Span: l.Span, Elems: c.expandExprs(l.Elems)}
	if to.bad() {
		for _, e := range l.Elems {
			c.expr(e)
		}
		return nil
	}
	if r, ok := to.t.(*types.Reference); ok {
		if len(l.Elems) == 1 {
			x := c.expr(l.Elems[0])
			return c.initValue(&x, to, k)
		}
		if r.Const && r.Space == types.Thread {
			return c.initList(l, qtype{t: r.Elem}, k)
		}
		c.errorf(l.Start, "cannot bind a reference to a braced list")
		return nil
	}
	if len(l.Elems) == 0 {
		if s := structOf(to.t); s != nil && recordOf(s).aggregate() {
			return c.emptyAggregate(s, l.Start)
		}
		return c.valueInit(to, l.Start)
	}
	switch t := to.t.(type) {
	case *types.Struct:
		rec := recordOf(t)
		c.complete(rec, l.Start)
		if rec.listOf != nil {
			return c.listObject(l, rec)
		}
		in := &elided{c: c, list: l.Elems}
		if len(l.Elems) == 1 && in.plain(0) {
			// T{x} with x a T copies.
			x := in.get(0)
			if x.bad() {
				return nil
			}
			if x.q.t == types.Type(t) {
				return c.initValue(x, to, k)
			}
		}
		if !rec.aggregate() {
			if v, ok := c.listConstructor(rec, l); ok {
				return v
			}
			ops := make([]operand, len(l.Elems))
			for i := range l.Elems {
				ops[i] = *in.get(i)
				if ops[i].bad() {
					return nil
				}
			}
			return c.constructStruct(t, ops, l.Span, l.Start, "initialization")
		}
		return in.whole(l, to)
	case *types.Array:
		if t.Elem == types.Type(charT) && len(l.Elems) == 1 {
			if s, ok := l.Elems[0].(*ast.StringLit); ok {
				return c.stringArray(s, t)
			}
		}
		if t.Named && len(l.Elems) == 1 {
			// array<T, N> holds a T[N], which may have braces of its own.
			if inner, ok := l.Elems[0].(*ast.InitList); ok && len(inner.Elems) > 0 {
				l = inner
				return (&elided{c: c, list: l.Elems}).whole(l, to)
			}
		}
		in := &elided{c: c, list: l.Elems}
		if len(l.Elems) == 1 && t.Named && in.plain(0) {
			if x := in.get(0); x.q.t == types.Type(t) {
				return c.initValue(x, to, k)
			}
		}
		return in.whole(l, to)
	case *types.Vector:
		return c.vectorList(l, t)
	case *types.Matrix:
		return c.matrixList(l, t)
	}
	if len(l.Elems) > 1 {
		c.errorf(l.Elems[1].Pos(), "excess elements in scalar initializer")
		return nil
	}
	x := c.expr(l.Elems[0])
	if x.bad() {
		return nil
	}
	if x.kind == opInit {
		if len(x.list.Elems) == 0 {
			return c.valueInit(to, x.pos())
		}
		c.warnf("many-braces-around-scalar-init", x.pos(), "too many braces around scalar initializer")
		return c.initList(x.list, to, k)
	}
	return c.narrow(&x, to, k)
}

// narrow initialises a scalar from an element of a list, where conversions
// that lose something are errors ([dcl.init.list]).
func (c *checker) narrow(x *operand, to qtype, k initContext) sem.Expr {
	if _, ok := to.t.(*types.Reference); ok {
		return c.initValue(x, to, k)
	}
	cv := c.implicit(x, to)
	if cv.rank == impossible {
		c.badInit(x, to, cv, k)
		return nil
	}
	if cv.kind == convNumber || cv.kind == convSplat {
		y := *x
		c.rvalue(&y)
		if from, t := elementOf(y.q.t), elementOf(to.t); from != nil && t != nil && c.narrows(&y, from, t) {
			return nil
		}
	}
	return c.apply(x, cv)
}

// narrows reports a narrowing conversion of the value x.
func (c *checker) narrows(x *operand, from, to *types.Basic) bool {
	if from == to || enumOf(x.q.t) != nil {
		return false
	}
	k := x.konst()
	fits := func() bool {
		if k == nil || len(k.Bits) != 1 {
			return false
		}
		back := convertBits(to, from, convertBits(from, to, k.Bits[0]))
		if from.IsFloat() && to.IsFloat() {
			// In range is enough for floating types.
			f := floatOf(to.Kind, convertBits(from, to, k.Bits[0]))
			return f-f == 0
		}
		if !from.IsFloat() && !to.IsFloat() && from.IsSigned() != to.IsSigned() {
			// A negative value does not survive although its bits may.
			if from.IsSigned() && signed(from, k.Bits[0]) < 0 {
				return false
			}
			if to.IsSigned() && signed(to, convertBits(from, to, k.Bits[0])) < 0 {
				return false
			}
		}
		return back == k.Bits[0]
	}
	lossy := false
	switch {
	case from.IsFloat() && to.IsInteger():
		c.errorf(x.pos(), "type %s cannot be narrowed to %s in initializer list", quote(from), quote(to)).
			Notef(x.pos(), "insert an explicit cast to silence this issue")
		return true
	case from.IsFloat():
		lossy = from.Size() > to.Size()
	case to.IsFloat():
		lossy = true
	case to == boolT:
		lossy = true
	default:
		lossy = width(to) < width(from) || from.IsSigned() && !to.IsSigned() || !from.IsSigned() && to.IsSigned() && width(to) <= width(from)
	}
	if !lossy || fits() {
		return false
	}
	if k != nil {
		c.errorf(x.pos(), "constant expression evaluates to %s which cannot be narrowed to type %s", formatConst(k), quote(to)).
			Notef(x.pos(), "insert an explicit cast to silence this issue")
	} else {
		c.errorf(x.pos(), "non-constant-expression cannot be narrowed from type %s to %s in initializer list", quote(from), quote(to)).
			Notef(x.pos(), "insert an explicit cast to silence this issue")
	}
	return true
}

// vectorList makes a vector from a braced list: scalars and vectors whose
// components follow one another; missing ones are zero.
func (c *checker) vectorList(l *ast.InitList, t *types.Vector) sem.Expr {
	var args []sem.Expr
	n := 0
	bad := false
	for _, e := range l.Elems {
		x := c.expr(e)
		if x.kind == opInit {
			v := c.initList(x.list, qtype{t: t.Elem}, initContext{})
			if v == nil {
				bad = true
				continue
			}
			x = value(v, x.span)
		}
		c.classToNumber(&x, t.Elem, t)
		c.rvalue(&x)
		if x.bad() {
			bad = true
			continue
		}
		v := vectorOf(x.q.t)
		switch {
		case len(l.Elems) == 1 && v != nil && v.N == t.N && v.Elem == t.Elem:
			return c.coerce(x.x, t)
		case isArith(x.q.t):
			if c.narrows(&x, promoteNone(x.q.t), t.Elem) {
				bad = true
			}
			n++
		case v != nil && v.Elem == t.Elem:
			n += v.N
		default:
			c.errorf(x.pos(), "cannot initialize a vector element of type %s with %s of type %s", quote(t.Elem), lvalueness(&x), x.q.unqual().quote())
			bad = true
			continue
		}
		if n > t.N {
			c.errorf(e.Pos(), "excess elements in vector initializer")
			return nil
		}
		args = append(args, c.coerce(x.x, withElem(unpacked(x.q.t), t.Elem)))
	}
	if bad {
		return nil
	}
	plain := types.VectorOf(t.Elem, t.N)
	for ; n < t.N; n++ {
		args = append(args, konst(t.Elem, 0, l.Start))
	}
	return c.coerce(c.foldConstruct(&sem.Construct{Typed: typed(plain, l.Start), Args: args}), t)
}

func promoteNone(t types.Type) *types.Basic {
	if e := elementOf(t); e != nil {
		return e
	}
	return intT
}

func lvalueness(x *operand) string {
	if x.kind == opLvalue {
		return "an lvalue"
	}
	return "an rvalue"
}

// foldConstruct makes a constant of a construction of constants.
func (c *checker) foldConstruct(n *sem.Construct) sem.Expr {
	out := &sem.Const{Typed: n.Typed}
	for _, a := range n.Args {
		k, ok := a.(*sem.Const)
		if !ok {
			return n
		}
		out.Bits = append(out.Bits, k.Bits...)
	}
	if len(out.Bits) != components(n.T) {
		return n
	}
	return out
}

func (c *checker) matrixList(l *ast.InitList, t *types.Matrix) sem.Expr {
	col := t.Column()
	var args []sem.Expr
	for _, e := range l.Elems {
		x := c.expr(e)
		var v sem.Expr
		if x.kind == opInit {
			v = c.initList(x.list, qtype{t: col}, initContext{})
		} else {
			c.rvalue(&x)
			if x.q.t == types.Type(t) && len(l.Elems) == 1 {
				return x.x
			}
			if isArith(x.q.t) {
				return c.scalarsToMatrix(l, t)
			}
			v = c.initValue(&x, qtype{t: col}, initContext{})
		}
		if v == nil {
			return nil
		}
		args = append(args, v)
	}
	if len(args) > t.Cols {
		c.errorf(l.Elems[t.Cols].Pos(), "excess elements in matrix initializer")
		return nil
	}
	for len(args) < t.Cols {
		args = append(args, &sem.Const{Typed: typed(col, l.Start), Bits: make([]uint64, t.Rows)})
	}
	return c.foldConstruct(&sem.Construct{Typed: typed(t, l.Start), Args: args})
}

func (c *checker) scalarsToMatrix(l *ast.InitList, t *types.Matrix) sem.Expr {
	ops, ok := c.args(l.Elems)
	if !ok {
		return nil
	}
	r := c.matrixFrom(t, ops, l.Span, l.Start)
	if r.bad() {
		return nil
	}
	return r.x
}

func (c *checker) stringArray(s *ast.StringLit, t *types.Array) sem.Expr {
	if int64(len(s.Value))+1 > t.Len && t.Len >= 0 {
		c.errorf(s.Start, "initializer-string for char array is too long")
		return nil
	}
	agg := &sem.Aggregate{Typed: typed(t, s.Start)}
	for i := 0; i < len(s.Value); i++ {
		agg.Elems = append(agg.Elems, konst(charT, uint64(s.Value[i]), s.Start))
	}
	return agg
}

// elided walks a braced list while inner aggregates take elements from it.
type elided struct {
	c    *checker
	list []ast.Expr
	next int
	bad  bool
	ops  map[int]*operand // elements checked already
}

// plain reports whether element i is an expression, not a braced list.
func (in *elided) plain(i int) bool {
	switch in.list[i].(type) {
	case *ast.InitList, *ast.DesignatedInit:
		return false
	}
	return true
}

// get checks element i, once.
func (in *elided) get(i int) *operand {
	x := in.ops[i]
	if x == nil {
		if in.ops == nil {
			in.ops = make(map[int]*operand)
		}
		v := in.c.expr(in.list[i])
		x = &v
		in.ops[i] = x
	}
	return x
}

// whole initialises a struct or array element by element. Braces round an
// inner aggregate may be left out: its elements are then taken from the list.
func (in *elided) whole(l *ast.InitList, to qtype) sem.Expr {
	v := in.fill(to, l.Start, true)
	if in.bad {
		return nil
	}
	if in.next < len(l.Elems) {
		what := "array"
		if s := structOf(to.t); s != nil {
			what = "struct"
			if s.Union {
				what = "union"
			}
		}
		in.c.errorf(l.Elems[in.next].Pos(), "excess elements in %s initializer", what)
		return nil
	}
	return v
}

// fill makes a value of an aggregate type from the elements that follow. top
// is set for the type the braces belong to.
func (in *elided) fill(to qtype, pos source.Pos, top bool) sem.Expr {
	c := in.c
	agg := &sem.Aggregate{Typed: typed(to.t, pos)}
	switch t := to.t.(type) {
	case *types.Array:
		for i := int64(0); (t.Len < 0 || i < t.Len) && in.next < len(in.list); i++ {
			if d, ok := in.list[in.next].(*ast.DesignatedInit); ok {
				n, ok := in.designated(d, agg, t)
				if !ok {
					in.bad = true
					return nil
				}
				i = n
				continue
			}
			v := in.one(qtype{t: t.Elem}, initContext{what: "an array element"})
			if i < int64(len(agg.Elems)) {
				agg.Elems[i] = v
			} else {
				agg.Elems = append(agg.Elems, v)
			}
		}
	case *types.Struct:
		rec := recordOf(t)
		c.complete(rec, pos)
		m := c.making(rec, pos)
		for i := range t.Fields {
			f := &t.Fields[i]
			for len(agg.Elems) < i {
				agg.Elems = append(agg.Elems, nil)
			}
			if f.Pad {
				agg.Elems = append(agg.Elems, nil)
				continue
			}
			if in.next >= len(in.list) {
				if t.Union {
					break
				}
				m.put(agg, i, m.dflt(i, pos))
				continue
			}
			if d, ok := in.list[in.next].(*ast.DesignatedInit); ok {
				j := t.Field(d.Field)
				if d.Field == "" || j < 0 {
					c.errorf(d.Start, "field designator '%s' does not refer to any field in type %s", d.Field, quote(t))
					in.bad = true
					return nil
				}
				if j < i {
					c.errorf(d.Start, "ISO C++ requires field designators to be specified in declaration order")
					in.bad = true
					return nil
				}
				if j > i {
					if t.Union {
						agg.UnionField = j
						f = &t.Fields[j]
					} else {
						m.put(agg, i, m.dflt(i, pos))
						continue
					}
				}
				in.next++
				x := c.expr(d.Value)
				v := c.element(&x, qtype{t: f.Type}, initContext{what: "a member subobject"})
				in.bad = in.bad || v == nil
				agg.Elems = append(agg.Elems, v)
			} else {
				if ref := rec.refs[i]; ref != nil && in.plain(in.next) {
					v := c.boundField(in.get(in.next), ref, in.list[in.next].Pos())
					in.next++
					in.bad = in.bad || v == nil
					agg.Elems = append(agg.Elems, v)
					continue
				}
				agg.Elems = append(agg.Elems, in.one(qtype{t: f.Type}, initContext{what: "a member subobject"}))
			}
			if t.Union {
				break
			}
		}
		if !in.bad {
			return m.finish(agg)
		}
	}
	if in.bad {
		return nil
	}
	return agg
}

// designated fills the elements that [index] = value or [low ... high] = value
// names, and returns the last of them.
func (in *elided) designated(d *ast.DesignatedInit, agg *sem.Aggregate, t *types.Array) (last int64, ok bool) {
	c := in.c
	if d.Index == nil {
		c.errorf(d.Start, "field designator cannot initialize a non-struct, non-union type %s", quote(t))
		return 0, false
	}
	bound := func(e ast.Expr) (int64, bool) {
		x := c.val(e)
		if x.bad() {
			return 0, false
		}
		n, ok := c.intConst(&x)
		switch {
		case !ok:
			c.errorf(e.Pos(), "expression is not an integral constant expression")
		case n < 0:
			c.errorf(e.Pos(), "array designator value '%d' is negative", n)
			ok = false
		case t.Len >= 0 && n >= t.Len, n >= 1<<20:
			c.errorf(e.Pos(), "array designator index (%d) exceeds array bounds (%d)", n, t.Len)
			ok = false
		}
		return n, ok
	}
	lo, ok := bound(d.Index)
	if !ok {
		return 0, false
	}
	hi := lo
	if d.High != nil {
		if hi, ok = bound(d.High); !ok {
			return 0, false
		}
		if hi < lo {
			c.errorf(d.Start, "array designator range [%d, %d] is empty", lo, hi)
			return 0, false
		}
	}
	in.next++
	x := c.expr(d.Value)
	v := c.element(&x, qtype{t: t.Elem}, initContext{what: "an array element"})
	if v == nil {
		return 0, false
	}
	for int64(len(agg.Elems)) <= hi {
		agg.Elems = append(agg.Elems, nil)
	}
	for i := lo; i <= hi; i++ {
		agg.Elems[i] = v
	}
	return hi, true
}

// one makes one element of type to.
func (in *elided) one(to qtype, k initContext) sem.Expr {
	c := in.c
	e := in.list[in.next]
	x := in.get(in.next)
	if in.plain(in.next) && isAggregate(to.t) && !x.bad() {
		if cv := c.implicit(x, to); cv.rank == impossible {
			if s, ok := e.(*ast.StringLit); ok && arrayOf(to.t) != nil && arrayOf(to.t).Elem == types.Type(charT) {
				in.next++
				v := c.stringArray(s, arrayOf(to.t))
				in.bad = in.bad || v == nil
				return v
			}
			if a := arrayOf(to.t); a == nil || a.Len != 0 {
				before := in.next
				v := in.fill(to, e.Pos(), false)
				if in.next == before && !in.bad {
					// An aggregate without members takes nothing.
					in.next++
				}
				return v
			}
		}
	}
	in.next++
	v := c.element(x, to, k)
	if v == nil {
		in.bad = true
	}
	return v
}

// element initialises one element of a braced list from x.
func (c *checker) element(x *operand, to qtype, k initContext) sem.Expr {
	if x.bad() {
		return nil
	}
	if x.kind == opInit {
		return c.initList(x.list, to, k)
	}
	if a := arrayOf(to.t); a != nil && arrayOf(x.q.t) == a {
		return x.x
	}
	return c.narrow(x, to, k)
}

// isAggregate reports whether t is an array or a class without constructors.
func isAggregate(t types.Type) bool {
	switch t := t.(type) {
	case *types.Array:
		return true
	case *types.Struct:
		return recordOf(t).aggregate()
	}
	return false
}
