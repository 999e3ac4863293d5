package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// rank orders implicit conversions, the best first ([over.ics.rank]).
type rank uint8

const (
	exact rank = iota
	promotion
	conversion
	splat // a scalar to a vector: worse than to a scalar
	userDefined
	impossible
)

// convKind tells how an implicit conversion is done.
type convKind uint8

const (
	convNone   convKind = iota // the value as it is
	convNumber                 // between numbers, component by component; packed and aligned vectors
	convSplat
	convPointer // to another pointer type
	convNull    // a null pointer constant to a pointer
	convPtrBool
	convUser // by a constructor or conversion function
	convBind // a reference to an lvalue
	convTemp // a reference to a temporary that inner makes
	convList // a braced list
)

// conv is an implicit conversion sequence.
type conv struct {
	rank rank
	kind convKind
	to   types.Type // of a value
	// Ties are broken by these: a binding that adds qualifiers is worse, a
	// class to a base less so than to a farther one.
	addsQual bool
	binds    bool
	rvalueTo bool // an rvalue bound to T&&
	inner    *conv
	user     *function
	reason   mismatch
}

// mismatch tells why there is no conversion, for a note.
type mismatch uint8

const (
	noConversion mismatch = iota
	losesQualifier
	spaceMismatch
	needsLvalue
)

func none(why mismatch) conv { return conv{rank: impossible, reason: why} }

// implicit finds the implicit conversion of x to a value or reference of type
// to.
func (c *checker) implicit(x *operand, to qtype) conv {
	if x.bad() || to.bad() {
		return conv{to: invalid}
	}
	if r, ok := to.t.(*types.Reference); ok {
		return c.bind(x, r)
	}
	if x.kind == opInit {
		return c.listConv(x, to)
	}
	if x.kind == opFuncs || x.kind == opType {
		return none(noConversion)
	}
	from := x.q.t
	if from == to.t {
		return conv{kind: convNone, to: to.t}
	}
	if a := arrayOf(from); a != nil && !a.Named && x.kind == opLvalue {
		p, ok := to.t.(*types.Pointer)
		if !ok {
			if to.t == types.Type(boolT) {
				return conv{rank: conversion, kind: convPtrBool, to: to.t}
			}
			if structOf(to.t) != nil {
				return c.userConv(x, to) // by a constructor that takes arrays, or pointers
			}
			return none(noConversion)
		}
		return c.pointerConv(c.tab.PointerTo(a.Elem, x.q.space, x.q.c, x.q.v), p)
	}
	if s, ok := standard(from, to.t); ok {
		return s
	}
	switch t := to.t.(type) {
	case *types.Pointer:
		if x.null {
			return conv{rank: conversion, kind: convNull, to: t}
		}
		if p, ok := from.(*types.Pointer); ok {
			return c.pointerConv(p, t)
		}
	case *types.Basic:
		if t.Kind == types.Bool {
			if _, ok := from.(*types.Pointer); ok || from == types.Type(nullType) {
				return conv{rank: conversion, kind: convPtrBool, to: t}
			}
		}
	}
	return c.userConv(x, to)
}

// standard finds the standard conversion between values of arithmetic types.
func standard(from, to types.Type) (conv, bool) {
	if e := enumOf(from); e != nil {
		if e.Scoped || enumOf(to) != nil {
			return conv{}, false
		}
		if b := basicOf(to); b != nil && b.Kind >= types.Bool {
			if b == promote(e) {
				return conv{rank: promotion, kind: convNumber, to: to}, true
			}
			return conv{rank: conversion, kind: convNumber, to: to}, true
		}
		from = e.Underlying
	}
	if isScalar(from) {
		switch to := to.(type) {
		case *types.Basic:
			if to.Kind < types.Bool {
				return conv{}, false
			}
			b := basicOf(from)
			if (b.Kind == types.BFloat && to.Kind == types.Half) || (b.Kind == types.Half && to.Kind == types.BFloat) {
				return conv{}, false
			}
			if to == promote(from) {
				return conv{rank: promotion, kind: convNumber, to: to}, true
			}
			return conv{rank: conversion, kind: convNumber, to: to}, true
		case *types.Vector:
			return conv{rank: splat, kind: convSplat, to: to}, true
		}
		return conv{}, false
	}
	if v, ok := from.(*types.Vector); ok {
		w, ok := to.(*types.Vector)
		if ok && v.Elem == w.Elem && v.N == w.N {
			return conv{rank: conversion, kind: convNumber, to: to}, true
		}
	}
	return conv{}, false
}

// pointerConv finds the conversion between pointer types: the same pointee in
// the same address space with no fewer qualifiers, or to void.
func (c *checker) pointerConv(from, to *types.Pointer) conv {
	if from == to {
		return conv{kind: convNone, to: to}
	}
	if from.Space != to.Space {
		return none(spaceMismatch)
	}
	if from.Const && !to.Const || from.Volatile && !to.Volatile {
		if from.Elem == to.Elem {
			return none(losesQualifier)
		}
		return none(noConversion)
	}
	adds := from.Const != to.Const || from.Volatile != to.Volatile
	switch {
	case from.Elem == to.Elem:
		return conv{rank: exact, kind: convPointer, to: to, addsQual: adds}
	case isVoid(to.Elem):
		return conv{rank: conversion, kind: convPointer, to: to}
	}
	if isBaseOf(to.Elem, from.Elem) {
		return conv{rank: conversion, kind: convPointer, to: to}
	}
	return none(noConversion)
}

// bind finds how a reference can be bound to x ([dcl.init.ref]).
func (c *checker) bind(x *operand, r *types.Reference) conv {
	related := x.q.t == r.Elem || isBaseOf(r.Elem, x.q.t)
	if x.kind == opLvalue && related && (!r.RValue || x.xvalue) {
		switch {
		case x.component && !r.Const:
			return none(needsLvalue)
		case x.q.space != r.Space && !x.component:
			if r.Const && r.Space == types.Thread && arrayOf(r.Elem) == nil && x.q.t == r.Elem {
				// A copy in thread memory.
				return conv{rank: conversion, kind: convTemp, to: r, inner: &conv{kind: convNone, to: r.Elem}, binds: true}
			}
			return none(spaceMismatch)
		case x.q.c && !r.Const || x.q.v && !r.Volatile:
			return none(losesQualifier)
		}
		if !x.component {
			rk := exact
			if x.q.t != r.Elem {
				rk = conversion
			}
			return conv{rank: rk, kind: convBind, to: r, binds: true, addsQual: x.q.c != r.Const || x.q.v != r.Volatile, rvalueTo: r.RValue}
		}
	}
	if !r.RValue && (!r.Const || r.Volatile) {
		if x.kind == opInit || x.kind == opFuncs {
			return none(noConversion)
		}
		if related {
			return none(needsLvalue)
		}
		if u := c.implicit(x, qtype{t: r.Elem}); u.rank < impossible {
			return none(needsLvalue)
		}
		return none(noConversion)
	}
	if r.RValue && x.kind == opLvalue && related && !x.xvalue {
		return none(needsLvalue)
	}
	// A temporary lies in thread memory; a program-scope constant may extend
	// to one in constant memory.
	if r.Space != types.Thread {
		if related {
			return none(spaceMismatch)
		}
		return none(noConversion)
	}
	in := c.implicit(x, qtype{t: r.Elem})
	if in.rank == impossible {
		return in
	}
	return conv{rank: in.rank, kind: convTemp, to: r, inner: &in, rvalueTo: r.RValue, addsQual: false, binds: true}
}

// compare tells which of two conversions of one argument is better: -1 for a,
// 1 for b, 0 if neither.
func (a *conv) compare(b *conv) int {
	switch {
	case a.rank < b.rank:
		return -1
	case a.rank > b.rank:
		return 1
	}
	if a.rank == impossible {
		return 0
	}
	if a.binds && b.binds && a.rvalueTo != b.rvalueTo {
		if a.rvalueTo {
			return -1
		}
		return 1
	}
	if a.addsQual != b.addsQual && (a.binds == b.binds) {
		if b.addsQual {
			return -1
		}
		return 1
	}
	// A pointer to bool is worse than any other conversion.
	if (a.kind == convPtrBool) != (b.kind == convPtrBool) {
		if b.kind == convPtrBool {
			return -1
		}
		return 1
	}
	return 0
}

// apply does the conversion k of x.
func (c *checker) apply(x *operand, k conv) sem.Expr {
	if x.bad() {
		return &sem.Zero{Typed: typed(invalid, x.pos())}
	}
	switch k.kind {
	case convBind:
		c.mark(x)
		if r := k.to.(*types.Reference); r.Elem != x.q.t {
			return c.upcast(x.x, r.Elem)
		}
		return x.x
	case convTemp:
		return c.apply(x, *k.inner)
	case convUser:
		return c.applyUser(x, k)
	case convList:
		return c.initList(x.list, qtype{t: k.to}, initContext{})
	}
	c.rvalue(x)
	if x.bad() {
		return &sem.Zero{Typed: typed(invalid, x.pos())}
	}
	return c.coerce(x.x, k.to)
}

// coerce converts the value e to another type by a standard conversion that is
// known to exist.
func (c *checker) coerce(e sem.Expr, to types.Type) sem.Expr {
	from := e.Type()
	if from == to || to == invalid || from == invalid {
		return e
	}
	p := e.Pos()
	switch t := to.(type) {
	case *types.Pointer:
		if k, ok := e.(*sem.Const); ok && k.Bits[0] == 0 || from == types.Type(nullType) {
			return &sem.Zero{Typed: typed(to, p)}
		}
		if z, ok := e.(*sem.Zero); ok {
			return &sem.Zero{Typed: typed(to, z.P)}
		}
		return &sem.PtrCast{Typed: typed(to, p), X: e}
	case *types.Vector:
		if isArith(from) {
			s := c.coerce(e, t.Elem)
			if k, ok := s.(*sem.Const); ok {
				out := &sem.Const{Typed: typed(to, p)}
				for range t.N {
					out.Bits = append(out.Bits, k.Bits[0])
				}
				return out
			}
			return &sem.Splat{Typed: typed(to, p), X: s}
		}
	case *types.Basic:
		if t.Kind == types.Bool {
			switch from.(type) {
			case *types.Pointer:
				return &sem.Binary{Typed: typed(to, p), Op: sem.Ne, X: e, Y: &sem.Zero{Typed: typed(from, p)}}
			case *placeholder:
				return konst(boolT, 0, p)
			}
		}
	}
	if k, ok := e.(*sem.Const); ok {
		return convertConst(k, to)
	}
	return &sem.Convert{Typed: typed(to, p), X: e}
}

// convertConst converts a constant component by component.
func convertConst(k *sem.Const, to types.Type) *sem.Const {
	a, b := elementOf(k.T), elementOf(to)
	out := &sem.Const{Typed: typed(to, k.P), Bits: make([]uint64, len(k.Bits))}
	for i, v := range k.Bits {
		out.Bits[i] = convertBits(a, b, v)
	}
	return out
}

// mark notes that the variable x names is used.
func (c *checker) mark(x *operand) {
	if x.v != nil {
		x.v.used = true
	}
}
