package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// making is an object being initialised member by member. What its members'
// initialisers say of other members is said of this.
type making struct {
	c    *checker
	rec  *record
	this *sem.Var
	late []sem.Stmt // assignments to members that need others
}

func (c *checker) making(r *record, pos source.Pos) *making {
	return &making{c: c, rec: r, this: &sem.Var{Name: "this", Type: r.t, Pos: pos}}
}

// put places the value of member i in the aggregate, or puts it off if it
// needs the object.
func (m *making) put(agg *sem.Aggregate, i int, e sem.Expr) {
	for len(agg.Elems) <= i {
		agg.Elems = append(agg.Elems, nil)
	}
	if e == nil || !mentions(e, m.this) {
		agg.Elems[i] = e
		return
	}
	agg.Elems[i] = nil
	t := m.rec.t.Fields[i].Type
	to := &sem.Field{Typed: typed(t, e.Pos()), X: &sem.VarRef{Typed: typed(m.rec.t, e.Pos()), Var: m.this}, Index: i}
	m.late = append(m.late, &sem.ExprStmt{X: &sem.Assign{Typed: typed(t, e.Pos()), X: to, Y: e}})
}

// mentions reports whether an expression names a variable.
func mentions(e sem.Expr, v *sem.Var) bool {
	return !sem.Walk(e, func(x sem.Expr) bool {
		ref, ok := x.(*sem.VarRef)
		return !ok || ref.Var != v
	})
}

// dflt makes the value of a member that an initialiser leaves out, or nil if
// that is zero.
func (m *making) dflt(i int, pos source.Pos) sem.Expr {
	c, r := m.c, m.rec
	f := &r.t.Fields[i]
	if e := r.inits[i]; e != nil {
		var v sem.Expr
		fn := c.fn
		st := &funcState{name: r.name, pos: r.pos, this: &thisObject{q: qtype{t: r.t, spaced: true}, sem: m.this}}
		if fn != nil {
			st.f, st.sem = fn.f, fn.sem
		} else {
			st.f, st.sem = &function{name: r.name}, &sem.Func{Name: r.name}
		}
		c.fn = st
		c.in(r.scope, func() {
			x := c.expr(e)
			if ref := r.refs[i]; ref != nil {
				v = c.boundField(&x, ref, pos)
				return
			}
			v = c.initValue(&x, qtype{t: f.Type, c: f.Const}, initContext{what: "a member subobject"})
		})
		c.fn = fn
		return v
	}
	if s := structOf(f.Type); s != nil {
		in := recordOf(s)
		c.complete(in, pos)
		if in.userCtor || in.needsInit() {
			return c.defaultInit(s, pos, true)
		}
	}
	return nil
}

// finish makes the object. If members were put off, that takes a function:
// its parameters are what is already known.
func (m *making) finish(agg *sem.Aggregate) sem.Expr {
	if len(m.late) == 0 {
		return agg
	}
	pos := agg.P
	f := &sem.Func{Name: m.rec.t.Name + "::" + m.rec.name, Result: m.rec.t, Pos: pos}
	call := &sem.Call{Typed: typed(m.rec.t, pos), Func: f}
	inner := &sem.Aggregate{Typed: agg.Typed}
	for i, e := range agg.Elems {
		if _, known := e.(*sem.Const); e == nil || known {
			inner.Elems = append(inner.Elems, e)
			continue
		}
		p := &sem.Var{Name: m.rec.t.Fields[i].Name, Type: e.Type(), Pos: pos}
		f.Params = append(f.Params, p)
		call.Args = append(call.Args, e)
		inner.Elems = append(inner.Elems, &sem.VarRef{Typed: typed(e.Type(), pos), Var: p})
	}
	body := []sem.Stmt{&sem.Decl{Var: m.this, Init: inner}}
	body = append(body, m.late...)
	body = append(body, &sem.Return{X: &sem.VarRef{Typed: typed(m.rec.t, pos), Var: m.this}, Pos: pos})
	f.Body = &sem.Block{List: body}
	m.c.markConstexpr(f)
	return call
}

// emptyAggregate makes T{} of an aggregate.
func (c *checker) emptyAggregate(s *types.Struct, pos source.Pos) sem.Expr {
	r := recordOf(s)
	c.complete(r, pos)
	if !r.needsInit() || s.Union {
		return &sem.Zero{Typed: typed(s, pos)}
	}
	m := c.making(r, pos)
	agg := &sem.Aggregate{Typed: typed(s, pos)}
	for i := range s.Fields {
		m.put(agg, i, m.dflt(i, pos))
	}
	return m.finish(agg)
}
