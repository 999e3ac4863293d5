package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// functionParam returns the type of the functions that a template parameter
// takes, declared as a pointer or reference to a function or by the name of a
// function type; ok is false if the parameter takes no functions, and the type
// is nil if it is in error.
func (c *checker) functionParam(t ast.Type) (ft *types.Function, ok bool) {
	switch t := t.(type) {
	case *ast.QualType:
		return c.functionParam(t.Elem)
	case *ast.PointerType:
		return c.functionParam(t.Elem)
	case *ast.RefType:
		return c.functionParam(t.Elem)
	case *ast.FuncType:
		ft, _ = c.funcType(t).t.(*types.Function)
		return ft, true
	case *ast.NamedType, *ast.DecltypeType:
		ty := c.typ(t).t
		if p := pointerOf(ty); p != nil {
			ty = p.Elem
		}
		ft, ok = ty.(*types.Function)
		return ft, ok
	}
	return nil, false
}

// signature returns the type of a function.
func (f *function) signature() *types.Function {
	t := &types.Function{Result: f.result.t}
	for i := range f.params {
		t.Params = append(t.Params, f.params[i].q.t)
	}
	return t
}

func sameSignature(a, b *types.Function) bool {
	if a.Result != b.Result || len(a.Params) != len(b.Params) {
		return false
	}
	for i := range a.Params {
		if a.Params[i] != b.Params[i] {
			return false
		}
	}
	return true
}

// functionOf returns the function of a set that has a type ([over.over]), or
// nil. Without a type, it is the only function that the written arguments
// tell.
func (c *checker) functionOf(x *operand, to *types.Function) *function {
	var found *function
	for _, f := range x.set.funcs {
		if f.tmpl == nil {
			if x.args == nil && (to == nil || sameSignature(f.signature(), to)) {
				return f
			}
			continue
		}
		b := c.newBindings(f, x.args)
		if b == nil {
			continue
		}
		if to != nil {
			params := f.decl.Type.Params
			if len(params) != len(to.Params) {
				continue
			}
			ok := true
			c.in(f.scope, func() {
				for i, p := range params {
					if ok && b.dependent(p.Type) {
						ok = b.unify(p.Type, qtype{t: to.Params[i]})
					}
				}
			})
			if !ok {
				continue
			}
		}
		args, ok := b.finish()
		if !ok {
			continue
		}
		g := c.instance(f, args)
		if g == nil || to != nil && !sameSignature(g.signature(), to) {
			continue
		}
		if found == nil || c.moreSpecial(f, found.instOf) < 0 {
			found = g
		}
	}
	return found
}

// functionArg evaluates a template argument that names a function.
func (c *checker) functionArg(e ast.Expr, to *types.Function) (targ, bool) {
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = u.X // &f
	}
	x := c.expr(e)
	if x.bad() {
		return targ{}, false
	}
	if x.kind != opFuncs || len(x.set.funcs) == 0 {
		c.errorf(e.Pos(), "template argument must be the name of a function")
		return targ{}, false
	}
	f := c.functionOf(&x, to)
	if f == nil {
		d := c.errorf(e.Pos(), "no function '%s' has the type of the template parameter", x.name)
		if to != nil {
			d.Notef(e.Pos(), "the parameter is a pointer to '%s'", to)
		}
		return targ{}, false
	}
	return targ{fn: &overloads{name: f.name, funcs: []*function{f}}}, true
}
