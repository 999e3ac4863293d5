package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// loopTail makes a loop of a function without result that calls itself, if it
// does so only where nothing of it is left to do: Metal has no stack for
// recursion, but takes this. It reports whether it could.
func loopTail(f *sem.Func) bool {
	if f.Body == nil || f.Result != void {
		return false
	}
	r := tailRewriter{f: f}
	if r.calls(f.Body) != r.tails(f.Body, true) {
		return false
	}
	body := r.block(f.Body, true)
	body.List = append(body.List, &sem.Break{Pos: f.Pos})
	f.Body = &sem.Block{List: []sem.Stmt{&sem.For{Body: body, Pos: f.Pos}}}
	return true
}

type tailRewriter struct{ f *sem.Func }

// calls counts the calls of the function in a statement.
func (r *tailRewriter) calls(s sem.Stmt) int {
	n := 0
	sem.WalkStmt(s, func(e sem.Expr) bool {
		if c, ok := e.(*sem.Call); ok && c.Func == r.f {
			n++
		}
		return true
	})
	return n
}

// tails counts the calls that can be made jumps. last is set where the
// function ends with the statement.
func (r *tailRewriter) tails(s sem.Stmt, last bool) int {
	switch s := s.(type) {
	case *sem.Block:
		n := 0
		for i, x := range s.List {
			n += r.tails(x, r.ends(s.List, i, last))
		}
		return n
	case *sem.If:
		n := r.tails(s.Then, last)
		if s.Else != nil {
			n += r.tails(s.Else, last)
		}
		return n
	case *sem.ExprStmt:
		if c, ok := s.X.(*sem.Call); ok && last && r.simple(c) {
			return 1
		}
	}
	return 0
}

// ends reports whether the function ends with statement i of a list.
func (r *tailRewriter) ends(list []sem.Stmt, i int, last bool) bool {
	if i == len(list)-1 {
		return last
	}
	ret, ok := list[i+1].(*sem.Return)
	return ok && ret.X == nil
}

// simple reports whether a call only gives the parameters other values: its
// object and what its references are bound to stay as they are.
func (r *tailRewriter) simple(c *sem.Call) bool {
	if c.Func != r.f {
		return false
	}
	same := func(v *sem.Var, e sem.Expr) bool {
		ref, ok := e.(*sem.VarRef)
		return ok && ref.Var == v
	}
	if r.f.This != nil && !same(r.f.This, c.This) {
		return false
	}
	for i, p := range r.f.Params {
		if _, ok := p.Type.(*types.Reference); ok && !same(p, c.Args[i]) {
			return false
		}
	}
	return true
}

func (r *tailRewriter) block(s sem.Stmt, last bool) *sem.Block {
	if b, ok := r.stmt(s, last).(*sem.Block); ok {
		return b
	}
	return &sem.Block{List: []sem.Stmt{r.stmt(s, last)}}
}

// stmt rewrites a statement.
func (r *tailRewriter) stmt(s sem.Stmt, last bool) sem.Stmt {
	switch s := s.(type) {
	case *sem.Block:
		b := &sem.Block{}
		for i, x := range s.List {
			b.List = append(b.List, r.stmt(x, r.ends(s.List, i, last)))
		}
		return b
	case *sem.If:
		n := &sem.If{Cond: s.Cond, Then: r.stmt(s.Then, last), Pos: s.Pos}
		if s.Else != nil {
			n.Else = r.stmt(s.Else, last)
		}
		return n
	case *sem.ExprStmt:
		if c, ok := s.X.(*sem.Call); ok && last && r.simple(c) {
			return r.jump(c)
		}
	}
	return s
}

// jump gives the parameters their new values, all known before any changes,
// and begins again.
func (r *tailRewriter) jump(c *sem.Call) *sem.Block {
	b := &sem.Block{}
	var sets []sem.Stmt
	for i, p := range r.f.Params {
		if _, ok := p.Type.(*types.Reference); ok {
			continue
		}
		if ref, ok := c.Args[i].(*sem.VarRef); ok && ref.Var == p {
			continue
		}
		v := &sem.Var{Name: p.Name, Type: p.Type, Pos: c.P}
		b.List = append(b.List, &sem.Decl{Var: v, Init: c.Args[i]})
		sets = append(sets, &sem.ExprStmt{X: &sem.Assign{Typed: typed(p.Type, c.P),
			X: &sem.VarRef{Typed: typed(p.Type, c.P), Var: p}, Y: &sem.VarRef{Typed: typed(p.Type, c.P), Var: v}}})
	}
	b.List = append(append(b.List, sets...), &sem.Continue{Pos: c.P})
	return b
}
