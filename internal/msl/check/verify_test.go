package check

import (
	"fmt"
	"reflect"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// verify walks a module and returns what is not as package sem promises it:
// a node without a type, operands whose types do not suit the operator, the
// checker's own types, references as types of expressions.
func verify(m *sem.Module) (faults []string) {
	v := &verifier{seen: make(map[any]bool)}
	for _, g := range m.Globals {
		if g.Init != nil {
			v.walk(reflect.ValueOf(g.Init))
		}
		v.typ(g.Type, "global "+g.Name)
	}
	for _, f := range m.Kernels {
		v.walk(reflect.ValueOf(f))
	}
	return v.faults
}

type verifier struct {
	seen   map[any]bool
	faults []string
}

func (v *verifier) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

func (v *verifier) typ(t types.Type, what string) {
	switch t.(type) {
	case nil:
		v.fault("%s has no type", what)
	case *placeholder, *autoPointer, *autoRef:
		v.fault("%s has type %s", what, t)
	}
	if t == invalid {
		v.fault("%s has the invalid type", what)
	}
}

func (v *verifier) same(what string, a, b types.Type) {
	if a != b {
		v.fault("%s: %s and %s", what, a, b)
	}
}

func (v *verifier) walk(r reflect.Value) {
	switch r.Kind() {
	case reflect.Interface:
		if !r.IsNil() {
			v.walk(r.Elem())
		}
	case reflect.Slice:
		for i := range r.Len() {
			v.walk(r.Index(i))
		}
	case reflect.Pointer:
		if r.IsNil() || v.seen[r.Interface()] {
			return
		}
		if r.Elem().Type().PkgPath() != reflect.TypeFor[sem.Func]().PkgPath() {
			return
		}
		v.seen[r.Interface()] = true
		if e, ok := r.Interface().(sem.Expr); ok {
			v.expr(e)
		}
		if d, ok := r.Interface().(*sem.Decl); ok {
			v.decl(d)
		}
		if f, ok := r.Interface().(*sem.Func); ok && f.Body == nil {
			v.fault("function %s has no body", f.Name)
		}
		e := r.Elem()
		for i := range e.NumField() {
			if e.Type().Field(i).Name != "Var" {
				v.walk(e.Field(i))
			}
		}
	}
}

func (v *verifier) decl(d *sem.Decl) {
	v.typ(d.Var.Type, "variable "+d.Var.Name)
	if d.Init == nil {
		return
	}
	t := d.Var.Type
	if r, ok := t.(*types.Reference); ok {
		t = r.Elem
	}
	v.same("initialiser of "+d.Var.Name, t, d.Init.Type())
}

func (v *verifier) expr(e sem.Expr) {
	what := sem.DumpExpr(e)
	v.typ(e.Type(), what)
	if _, ok := e.Type().(*types.Reference); ok {
		v.fault("%s has a reference type", what)
	}
	switch e := e.(type) {
	case *sem.Const:
		if len(e.Bits) != components(e.T) {
			v.fault("%s has %d components", what, len(e.Bits))
		}
		if elementOf(e.T) == nil {
			v.fault("%s is no number", what)
		}
	case *sem.Assign:
		v.same(what, e.X.Type(), e.Y.Type())
		v.same(what, e.X.Type(), e.T)
	case *sem.AssignOp:
		v.same(what, e.X.Type(), e.T)
	case *sem.Binary:
		switch e.Op {
		case sem.Shl, sem.Shr:
			v.same(what, e.X.Type(), e.T)
			if components(e.X.Type()) != components(e.Y.Type()) {
				v.fault("%s: shift of %s by %s", what, e.X.Type(), e.Y.Type())
			}
		case sem.MatMul, sem.MatVec, sem.VecMat, sem.MatScale, sem.MatDiv:
		default:
			v.same(what, e.X.Type(), e.Y.Type())
			if !isComparison(e.Op) {
				v.same(what, e.X.Type(), e.T)
			}
		}
		for _, x := range []sem.Expr{e.X, e.Y} {
			if vec := vectorOf(x.Type()); vec != nil && vec.Packed {
				v.fault("%s works on a packed vector", what)
			}
		}
	case *sem.Unary:
		v.same(what, e.X.Type(), e.T)
	case *sem.Logical:
		v.same(what, e.X.Type(), boolT)
		v.same(what, e.Y.Type(), boolT)
	case *sem.Cond:
		v.same(what, e.C.Type(), boolT)
		v.same(what, e.X.Type(), e.T)
		v.same(what, e.Y.Type(), e.T)
	case *sem.PtrAdd:
		v.same(what, e.I.Type(), longT)
		v.same(what, e.P.Type(), e.T)
	case *sem.Convert:
		if elementOf(e.T) == nil || elementOf(e.X.Type()) == nil || components(e.T) != components(e.X.Type()) {
			v.fault("%s converts %s to %s", what, e.X.Type(), e.T)
		}
	case *sem.Splat:
		v.same(what, vectorOf(e.T).Elem, e.X.Type())
	case *sem.Bitcast:
		if e.T.Size() != e.X.Type().Size() {
			v.fault("%s: sizes differ", what)
		}
	case *sem.PtrCast:
		p, q := pointerOf(e.T), pointerOf(e.X.Type())
		if p != nil && q != nil && p.Space != q.Space {
			v.fault("%s changes the address space", what)
		}
	case *sem.Construct:
		n := 0
		for _, a := range e.Args {
			n += components(a.Type())
			if elementOf(a.Type()) != elementOf(e.T) {
				v.fault("%s: argument of type %s", what, a.Type())
			}
		}
		if n != components(e.T) && !(n == 1 && isMatrix(e.T)) {
			v.fault("%s has %d components", what, n)
		}
	case *sem.Aggregate:
		for i, x := range e.Elems {
			if x == nil {
				continue
			}
			switch t := e.T.(type) {
			case *types.Array:
				v.same(what, t.Elem, x.Type())
			case *types.Struct:
				if t.Union {
					i = e.UnionField
				}
				v.same(what, t.Fields[i].Type, x.Type())
			}
		}
	case *sem.Call:
		if len(e.Args) != len(e.Func.Params) && e.Func.Body != nil {
			v.fault("%s: %d arguments for %d parameters", what, len(e.Args), len(e.Func.Params))
			return
		}
		for i, p := range e.Func.Params {
			t := p.Type
			if r, ok := t.(*types.Reference); ok {
				t = r.Elem
			}
			v.same(what, t, e.Args[i].Type())
		}
		if (e.This != nil) != (e.Func.This != nil) {
			v.fault("%s: object and method do not go together", what)
		}
	}
}
