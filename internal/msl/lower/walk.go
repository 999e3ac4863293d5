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
		sem.WalkStmt(f.Body, c.expr)
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
		sem.Walk(v.Init, c.expr)
	}
}

func (c *collector) expr(e sem.Expr) bool {
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
	return true
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
