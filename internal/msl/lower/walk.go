package lower

import "github.com/aruminium-go/aruminium/internal/msl/sem"

// Use is a function constant that a kernel uses.
type Use struct {
	Var *sem.Var
	// Required: the kernel never asks whether the constant has a value.
	Required bool
}

// Constants returns the function constants that k and the functions it calls
// use, in the order in which they are met.
func Constants(k *sem.Func) []Use {
	c := collector{funcs: map[*sem.Func]bool{}, vars: map[*sem.Var]bool{}, asked: map[*sem.Var]bool{}}
	c.fn(k)
	for i := range c.uses {
		c.uses[i].Required = !c.asked[c.uses[i].Var]
	}
	return c.uses
}

type collector struct {
	funcs map[*sem.Func]bool
	vars  map[*sem.Var]bool
	asked map[*sem.Var]bool
	uses  []Use
}

func (c *collector) fn(f *sem.Func) {
	if f == nil || c.funcs[f] {
		return
	}
	c.funcs[f] = true
	for _, p := range f.Params {
		if p.Arg != nil && p.Arg.Enabled != nil {
			c.variable(p.Arg.Enabled)
		}
	}
	if f.Body != nil {
		walkStmt(f.Body, c.expr)
	}
}

func (c *collector) variable(v *sem.Var) {
	if c.vars[v] {
		return
	}
	c.vars[v] = true
	if v.FuncConst != nil {
		c.uses = append(c.uses, Use{Var: v})
		return
	}
	if v.Init != nil {
		walkExpr(v.Init, c.expr)
	}
}

func (c *collector) expr(e sem.Expr) {
	switch e := e.(type) {
	case *sem.VarRef:
		c.variable(e.Var)
	case *sem.Call:
		c.fn(e.Func)
	case *sem.Builtin:
		if e.Name == "is_function_constant_defined" && len(e.Args) == 1 {
			if v := varOf(e.Args[0]); v != nil {
				c.asked[v] = true
			}
		}
	}
}

// varOf returns the variable that e is, or is converted from.
func varOf(e sem.Expr) *sem.Var {
	switch e := e.(type) {
	case *sem.VarRef:
		return e.Var
	case *sem.Convert:
		return varOf(e.X)
	}
	return nil
}

// walkStmt calls f for every expression in s.
func walkStmt(s sem.Stmt, f func(sem.Expr)) {
	switch s := s.(type) {
	case *sem.Block:
		if s != nil {
			for _, s := range s.List {
				walkStmt(s, f)
			}
		}
	case *sem.Decl:
		walkExpr(s.Init, f)
	case *sem.ExprStmt:
		walkExpr(s.X, f)
	case *sem.If:
		walkExpr(s.Cond, f)
		walkStmt(s.Then, f)
		walkStmt(s.Else, f)
	case *sem.For:
		if s.CondDecl != nil {
			walkExpr(s.CondDecl.Init, f)
		}
		walkExpr(s.Cond, f)
		walkStmt(s.Body, f)
		walkExpr(s.Step, f)
	case *sem.Switch:
		walkExpr(s.X, f)
		for _, s := range s.Body {
			walkStmt(s, f)
		}
	case *sem.Return:
		walkExpr(s.X, f)
	}
}

// walkExpr calls f for e and every expression in it.
func walkExpr(e sem.Expr, f func(sem.Expr)) {
	if e == nil {
		return
	}
	f(e)
	switch e := e.(type) {
	case *sem.Field:
		walkExpr(e.X, f)
	case *sem.Index:
		walkExpr(e.X, f)
		walkExpr(e.I, f)
	case *sem.Swizzle:
		walkExpr(e.X, f)
	case *sem.Deref:
		walkExpr(e.X, f)
	case *sem.AddrOf:
		walkExpr(e.X, f)
	case *sem.Decay:
		walkExpr(e.X, f)
	case *sem.Unary:
		walkExpr(e.X, f)
	case *sem.Binary:
		walkExpr(e.X, f)
		walkExpr(e.Y, f)
	case *sem.Logical:
		walkExpr(e.X, f)
		walkExpr(e.Y, f)
	case *sem.Cond:
		walkExpr(e.C, f)
		walkExpr(e.X, f)
		walkExpr(e.Y, f)
	case *sem.Assign:
		walkExpr(e.X, f)
		walkExpr(e.Y, f)
	case *sem.AssignOp:
		walkExpr(e.X, f)
		walkExpr(e.Y, f)
	case *sem.IncDec:
		walkExpr(e.X, f)
	case *sem.PtrAdd:
		walkExpr(e.P, f)
		walkExpr(e.I, f)
	case *sem.PtrDiff:
		walkExpr(e.P, f)
		walkExpr(e.Q, f)
	case *sem.Convert:
		walkExpr(e.X, f)
	case *sem.Splat:
		walkExpr(e.X, f)
	case *sem.Bitcast:
		walkExpr(e.X, f)
	case *sem.PtrCast:
		walkExpr(e.X, f)
	case *sem.Construct:
		for _, x := range e.Args {
			walkExpr(x, f)
		}
	case *sem.Aggregate:
		for _, x := range e.Elems {
			walkExpr(x, f)
		}
	case *sem.Call:
		walkExpr(e.This, f)
		for _, x := range e.Args {
			walkExpr(x, f)
		}
	case *sem.Builtin:
		for _, x := range e.Args {
			walkExpr(x, f)
		}
	case *sem.Comma:
		walkExpr(e.X, f)
		walkExpr(e.Y, f)
	case *sem.Temp:
		walkExpr(e.X, f)
	}
}
