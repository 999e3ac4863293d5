package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// initializerList makes initializer_list<T>: a pointer to the first element of
// an array that the caller keeps, and the number of elements.
func (c *checker) initializerList(q qtype) object {
	st := c.traitStruct("initializer_list<" + q.t.String() + ">")
	if r := recordOf(st); r != nil {
		return &typeName{q: qtype{t: st}, rec: r}
	}
	r := &record{name: "initializer_list", defined: true, t: st, listOf: q.t, userCtor: true}
	st.Decl = r
	ptr := c.tab.PointerTo(q.t, types.Thread, false, false)
	st.Fields = []types.Field{{Name: "", Type: ptr, ID: -1}, {Name: "", Type: ulongT, ID: -1}}
	st.Layout(0)
	r.scope = &scope{parent: c.global.scope, rec: r}
	this := func() (*sem.Var, func(i int) sem.Expr) {
		v := &sem.Var{Name: "this", Type: c.tab.ReferenceTo(st, types.Thread, true, false, false), Const: true}
		return v, func(i int) sem.Expr {
			return &sem.Field{Typed: typed(st.Fields[i].Type, source.NoPos), X: &sem.VarRef{Typed: typed(st, source.NoPos), Var: v}, Index: i}
		}
	}
	method := func(name string, t types.Type, body func(field func(int) sem.Expr) sem.Expr) {
		f := &function{name: name, rec: r, result: qtype{t: t}, this: qtype{c: true, spaced: true}, checked: true, defined: true}
		v, field := this()
		f.sem = &sem.Func{Name: "initializer_list::" + name, Result: t, This: v}
		f.sem.Body = &sem.Block{List: []sem.Stmt{&sem.Return{X: body(field)}}}
		r.scope.set(name, &overloads{name: name, funcs: []*function{f}})
	}
	method("begin", ptr, func(field func(int) sem.Expr) sem.Expr { return field(0) })
	method("size", ulongT, func(field func(int) sem.Expr) sem.Expr { return field(1) })
	method("end", ptr, func(field func(int) sem.Expr) sem.Expr {
		return &sem.PtrAdd{Typed: typed(ptr, source.NoPos), P: field(0), I: &sem.Convert{Typed: typed(longT, source.NoPos), X: field(1)}}
	})
	return &typeName{q: qtype{t: st}, rec: r}
}

// listObject makes an initializer_list from a braced list.
func (c *checker) listObject(l *ast.InitList, r *record) sem.Expr {
	a := c.tab.ArrayOf(r.listOf, int64(len(l.Elems)))
	v := (&elided{c: c, list: l.Elems}).whole(l, qtype{t: a})
	if v == nil {
		return nil
	}
	ptr := r.t.Fields[0].Type
	array := &sem.Temp{Typed: typed(a, l.Start), X: v}
	return &sem.Aggregate{Typed: typed(r.t, l.Start), Elems: []sem.Expr{
		&sem.Decay{Typed: typed(ptr, l.Start), X: array},
		konst(ulongT, uint64(len(l.Elems)), l.Start),
	}}
}

// listConstructor makes an object by a constructor that takes the whole braced
// list. ok is false if there is none that fits.
func (c *checker) listConstructor(r *record, l *ast.InitList) (v sem.Expr, ok bool) {
	for _, f := range r.ctors {
		if f.tmpl != nil || f.required() > 1 || len(f.params) == 0 || f.this.space != types.Thread {
			continue
		}
		s := structOf(f.params[0].q.t)
		if s == nil || recordOf(s).listOf == nil {
			continue
		}
		x := operand{kind: opInit, list: l, span: l.Span, loc: l.Start}
		k := c.implicit(&x, f.params[0].q)
		if k.rank == impossible {
			continue
		}
		fun := operand{kind: opFuncs, name: r.t.Name, span: l.Span, loc: l.Start}
		res := c.callCandidate(&candidate{fn: f, convs: []conv{k}}, &fun, []operand{x}, l.Span)
		if res.bad() {
			return nil, true
		}
		return res.x, true
	}
	return nil, false
}
