package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// call runs a function whose body has been checked.
func (ev *evaluator) call(e *sem.Call) (*cval, bool) {
	f := e.Func
	if !ev.c.isConstexpr[f] {
		return nil, false
	}
	if f.Body == nil {
		ev.c.bodyNow(f)
	}
	if f.Body == nil || ev.depth > 200 {
		return nil, false
	}
	vars := make(map[*sem.Var]*cval)
	if f.This != nil {
		v, ok := ev.expr(e.This)
		if !ok {
			return nil, false
		}
		vars[f.This] = v
	}
	for i, p := range f.Params {
		if i >= len(e.Args) {
			return nil, false
		}
		if r, ref := p.Type.(*types.Reference); ref && !r.Const {
			v, ok := ev.place(e.Args[i])
			if !ok {
				return nil, false
			}
			vars[p] = v
			continue
		}
		v, ok := ev.expr(e.Args[i])
		if !ok {
			return nil, false
		}
		vars[p] = v.clone()
	}
	old := ev.vars
	ev.vars = vars
	v, how := ev.stmt(f.Body)
	ev.vars = old
	if how != returned || v == nil {
		return nil, false
	}
	return v.clone(), true
}

func (ev *evaluator) list(list []sem.Stmt) (*cval, stop) {
	for _, s := range list {
		if v, how := ev.stmt(s); how != goesOn {
			return v, how
		}
	}
	return nil, goesOn
}

// stmt runs a statement.
func (ev *evaluator) stmt(s sem.Stmt) (*cval, stop) {
	if !ev.step() {
		return nil, fails
	}
	switch s := s.(type) {
	case *sem.Block:
		return ev.list(s.List)
	case *sem.Decl:
		v := &cval{}
		if s.Init != nil {
			init, ok := ev.expr(s.Init)
			if !ok {
				return nil, fails
			}
			if _, ref := s.Var.Type.(*types.Reference); ref {
				if p, ok := ev.place(s.Init); ok {
					ev.vars[s.Var] = p
					return nil, goesOn
				}
			}
			v = init.clone()
		} else {
			z, ok := ev.zero(s.Var.Type)
			if !ok {
				return nil, fails
			}
			v = z
		}
		if ev.vars == nil {
			return nil, fails
		}
		ev.vars[s.Var] = v
	case *sem.ExprStmt:
		if _, ok := ev.expr(s.X); !ok {
			return nil, fails
		}
	case *sem.If:
		c, ok := ev.truth(s.Cond)
		if !ok {
			return nil, fails
		}
		if c {
			return ev.stmt(s.Then)
		}
		if s.Else != nil {
			return ev.stmt(s.Else)
		}
	case *sem.For:
		return ev.loop(s)
	case *sem.Switch:
		return ev.branch(s)
	case *sem.Case:
	case *sem.Break:
		return nil, breaks
	case *sem.Continue:
		return nil, continues
	case *sem.Return:
		if s.X == nil {
			return nil, fails
		}
		v, ok := ev.expr(s.X)
		if !ok {
			return nil, fails
		}
		return v, returned
	}
	return nil, goesOn
}

func (ev *evaluator) loop(s *sem.For) (*cval, stop) {
	for first := true; ; first = false {
		if !ev.step() {
			return nil, fails
		}
		if !(first && s.DoWhile) {
			if s.CondDecl != nil {
				if _, how := ev.stmt(s.CondDecl); how != goesOn {
					return nil, how
				}
			}
			if s.Cond != nil {
				c, ok := ev.truth(s.Cond)
				if !ok {
					return nil, fails
				}
				if !c {
					return nil, goesOn
				}
			}
		}
		v, how := ev.stmt(s.Body)
		switch how {
		case breaks:
			return nil, goesOn
		case returned, fails:
			return v, how
		}
		if s.Step != nil {
			if _, ok := ev.expr(s.Step); !ok {
				return nil, fails
			}
		}
	}
}

func (ev *evaluator) branch(s *sem.Switch) (*cval, stop) {
	x, ok := ev.expr(s.X)
	if !ok {
		return nil, fails
	}
	at, deflt := -1, -1
	for i, st := range s.Body {
		if k, isCase := st.(*sem.Case); isCase {
			if k.Value == nil {
				deflt = i
			} else if k.Value.Bits[0] == x.bits[0] {
				at = i
				break
			}
		}
	}
	if at < 0 {
		at = deflt
	}
	if at < 0 {
		return nil, goesOn
	}
	v, how := ev.list(s.Body[at:])
	if how == breaks {
		how = goesOn
	}
	return v, how
}
