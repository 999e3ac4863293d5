package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// opKind is what an expression denotes.
type opKind uint8

const (
	opInvalid opKind = iota // an error has been reported
	opValue                 // a value; of type void if there is none
	opLvalue                // an object
	opType                  // a type, where an expression may name one
	opFuncs                 // functions, not yet called
	opInit                  // a braced list
)

// operand is a checked expression.
type operand struct {
	kind opKind
	x    sem.Expr
	q    qtype // type; of an lvalue with the qualifiers and address space of the object
	span source.Span
	loc  source.Pos // where clang puts the caret

	null bool // the literal 0 or nullptr, a null pointer constant
	// Of an lvalue: what keeps its address from being taken or it from being
	// assigned.
	component bool         // of a vector: has no address
	repeated  bool         // a swizzle that names a component twice
	bits      *types.Field // the bit-field it is: a component, too
	xvalue    bool         // a member of a temporary, or the result of a cast to T&&

	set  *overloads        // of opFuncs
	args *ast.TemplateArgs // explicit template arguments of opFuncs
	this *operand          // of opFuncs: the object of a method
	name string            // of opFuncs, as written
	qual bool              // of opFuncs: the name was qualified
	list *ast.InitList     // of opInit
	v    *variable         // the variable the expression names, if it does
}

func (x *operand) bad() bool         { return x.kind == opInvalid }
func (x *operand) pos() source.Pos   { return x.span.Start }
func (x *operand) konst() *sem.Const { k, _ := x.x.(*sem.Const); return k }

// typed makes the part of a node all nodes have.
func typed(t types.Type, p source.Pos) sem.Typed { return sem.Typed{T: t, P: p} }

// value makes the operand of a value.
func value(x sem.Expr, span source.Span) operand {
	return operand{kind: opValue, x: x, q: qtype{t: x.Type()}, span: span, loc: span.Start}
}

// badAt makes the operand of an expression with an error.
func badAt(span source.Span) operand {
	return operand{kind: opInvalid, q: qtype{t: invalid}, span: span, loc: span.Start}
}

// konst makes a scalar constant.
func konst(t types.Type, bits uint64, p source.Pos) *sem.Const {
	return &sem.Const{Typed: typed(t, p), Bits: []uint64{bits}}
}

// rvalue makes x a value: an array or function decays, a constant variable
// becomes its value, an lvalue loses its qualifiers. It reports an error where
// x denotes no value.
func (c *checker) rvalue(x *operand) {
	switch x.kind {
	case opInvalid, opValue:
		return
	case opType:
		c.errorf(x.pos(), "unexpected type name '%s': expected expression", x.q)
		*x = badAt(x.span)
		return
	case opFuncs:
		c.funcValue(x)
		return
	case opInit:
		c.errorf(x.pos(), "expected expression")
		*x = badAt(x.span)
		return
	}
	if a := arrayOf(x.q.t); a != nil && !a.Named {
		p := c.tab.PointerTo(a.Elem, x.q.space, x.q.c, x.q.v)
		x.x = &sem.Decay{Typed: typed(p, x.pos()), X: x.x}
		x.q = qtype{t: p}
		x.kind = opValue
		return
	}
	x.kind = opValue
	x.q = qtype{t: x.q.t}
	if k := c.known(x.x); k != nil {
		x.x = &sem.Const{Typed: typed(k.T, x.pos()), Bits: k.Bits}
	}
}

// known returns the value of an lvalue that is a constant, or part of one.
func (c *checker) known(e sem.Expr) *sem.Const {
	switch e := e.(type) {
	case *sem.Const:
		return e
	case *sem.VarRef:
		if e.Var.Value != nil && e.Var.Const {
			return e.Var.Value
		}
	case *sem.Swizzle:
		if k := c.known(e.X); k != nil {
			return swizzleConst(k, e)
		}
	case *sem.Index:
		k := c.known(e.X)
		i, ok := e.I.(*sem.Const)
		if k == nil || !ok {
			return nil
		}
		return indexConst(k, i, e.T, e.P)
	}
	return nil
}

func swizzleConst(k *sem.Const, e *sem.Swizzle) *sem.Const {
	out := &sem.Const{Typed: e.Typed}
	for _, i := range e.Comps {
		if int(i) >= len(k.Bits) {
			return nil
		}
		out.Bits = append(out.Bits, k.Bits[i])
	}
	return out
}

// indexConst returns component or column i of a constant vector or matrix.
func indexConst(k, i *sem.Const, t types.Type, p source.Pos) *sem.Const {
	n := components(t)
	at := signed(basicOf(i.T), i.Bits[0])
	if at < 0 || (at+1)*int64(n) > int64(len(k.Bits)) {
		return nil
	}
	return &sem.Const{Typed: typed(t, p), Bits: k.Bits[at*int64(n) : (at+1)*int64(n)]}
}
