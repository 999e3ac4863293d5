package lower

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// facts are what is known of the variables of a function from reading it once,
// with the functions it calls. What is said of a reference holds for what it
// is bound to.
type facts struct {
	// memory: a pointer to the variable or into it is made, or an array in it
	// is indexed by what is not constant.
	memory map[*sem.Var]bool
	// address: the first of these two.
	address map[*sem.Var]bool
	// written: it changes after its declaration.
	written map[*sem.Var]bool
	// stepped: a pointer that changes by ++, --, += and -= only, if it is not
	// written as well.
	stepped map[*sem.Var]bool
	// bound: what a local reference is bound to.
	bound map[*sem.Var][]*sem.Var
	// tailReturn: the function returns at its end only.
	tailReturn bool

	// escaped: a pointer that is used for more than reaching what it points
	// to. One that is not, and never changes, is as good as a reference;
	// targets has a stand-in for what it points to, of which facts are known.
	escaped map[*sem.Var]bool
	targets map[*sem.Var]*sem.Var

	// captured: variables of functions around lambdas that it names, or that
	// what it calls does.
	captured map[*sem.Var]bool
}

// direct reports whether the pointer v may be bound to its target as a
// reference is.
func (f *facts) direct(v *sem.Var) bool {
	_, ok := v.Type.(*types.Pointer)
	return ok && !f.escaped[v] && !f.written[v] && !f.stepped[v]
}

// target returns the stand-in for what v points to.
func (f *facts) target(v *sem.Var) *sem.Var {
	t, ok := f.targets[v]
	if !ok {
		t = &sem.Var{Name: "*" + v.Name}
		f.targets[v] = t
	}
	return t
}

// pointerOf returns the pointer variable that e reaches through, if e is *p,
// p->… or p[0].
func pointerOf(e *sem.Deref) *sem.Var {
	x := e.X
	if a, ok := x.(*sem.PtrAdd); ok {
		if i, ok := a.I.(*sem.Const); !ok || i.Bits[0] != 0 {
			return nil
		}
		x = a.P
	}
	v, ok := x.(*sem.VarRef)
	if !ok {
		return nil
	}
	if _, ok := v.Var.Type.(*types.Pointer); !ok {
		return nil
	}
	return v.Var
}

// factsOf returns the facts of fn.
func (l *lowerer) factsOf(fn *sem.Func) *facts {
	if f, ok := l.facts[fn]; ok {
		return f
	}
	f := &facts{
		memory:  map[*sem.Var]bool{},
		address: map[*sem.Var]bool{},
		written: map[*sem.Var]bool{},
		stepped: map[*sem.Var]bool{},
		bound:   map[*sem.Var][]*sem.Var{},
		escaped: map[*sem.Var]bool{},
		targets: map[*sem.Var]*sem.Var{},

		captured: map[*sem.Var]bool{},
	}
	for _, v := range fn.Captures {
		f.captured[v], f.escaped[v] = true, true
	}
	l.facts[fn] = f // a function that calls itself ends here
	if fn.Body == nil {
		return f
	}
	_, reference := fn.Result.(*types.Reference)
	r := reader{l: l, facts: f, reference: reference, returns: map[*sem.Return]bool{}, pointers: map[*sem.Var]sem.Expr{}}
	r.stmt(fn.Body)
	switch last := tail(fn.Body).(type) {
	case *sem.Return:
		f.tailReturn = len(r.returns) == 1 && r.returns[last]
	default:
		f.tailReturn = len(r.returns) == 0
	}
	if reference && !f.tailReturn {
		for ret := range r.returns {
			r.mark(f.memory, ret.X)
			r.mark(f.address, ret.X)
		}
	}
	for v, x := range r.pointers {
		if f.direct(v) {
			t := f.target(v)
			f.bound[t] = append(f.bound[t], r.roots(x)...)
		} else {
			r.pointTo(x)
		}
	}
	// What is true of a reference is true of what it is bound to, and so on.
	for _, m := range []map[*sem.Var]bool{f.memory, f.address, f.written} {
		work := make([]*sem.Var, 0, len(m))
		for v := range m {
			work = append(work, v)
		}
		for len(work) > 0 {
			ref := work[len(work)-1]
			work = work[:len(work)-1]
			for _, v := range f.bound[ref] {
				if !m[v] {
					m[v] = true
					work = append(work, v)
				}
			}
		}
	}
	return f
}

// tail returns the statement that s ends with.
func tail(s sem.Stmt) sem.Stmt {
	for {
		b, ok := s.(*sem.Block)
		if !ok || len(b.List) == 0 {
			return s
		}
		s = b.List[len(b.List)-1]
	}
}

// reader gathers the facts of one function.
type reader struct {
	l *lowerer
	*facts
	reference bool // the function returns a reference
	returns   map[*sem.Return]bool
	pointers  map[*sem.Var]sem.Expr // local pointers that begin as the address of this
}

// roots returns the variables that the object e denotes may be in.
func (r *reader) roots(e sem.Expr) []*sem.Var {
	switch e := e.(type) {
	case *sem.VarRef:
		return []*sem.Var{e.Var}
	case *sem.Field:
		return r.roots(e.X)
	case *sem.Index:
		return r.roots(e.X)
	case *sem.Swizzle:
		return r.roots(e.X)
	case *sem.Assign:
		return r.roots(e.X)
	case *sem.AssignOp:
		return r.roots(e.X)
	case *sem.IncDec:
		return r.roots(e.X)
	case *sem.Comma:
		return r.roots(e.Y)
	case *sem.Cond:
		return append(r.roots(e.X), r.roots(e.Y)...)
	case *sem.Deref:
		if a, ok := e.X.(*sem.AddrOf); ok {
			return r.roots(a.X)
		}
		if v := pointerOf(e); v != nil {
			return []*sem.Var{r.target(v)}
		}
	case *sem.Call:
		if _, ok := e.Func.Result.(*types.Reference); !ok {
			return nil
		}
		var all []*sem.Var
		if e.This != nil {
			all = r.roots(e.This)
		}
		for i, p := range e.Func.Params {
			if _, ok := p.Type.(*types.Reference); ok && i < len(e.Args) {
				all = append(all, r.roots(e.Args[i])...)
			}
		}
		return all
	}
	return nil
}

// mark notes a fact of what the object e denotes may be in.
func (r *reader) mark(m map[*sem.Var]bool, e sem.Expr) {
	for _, v := range r.roots(e) {
		m[v] = true
	}
	r.choose(e)
}

// choose keeps in memory what a ?: that e is in or part of chooses from, unless
// both are at hand.
func (r *reader) choose(e sem.Expr) {
	switch e := e.(type) {
	case *sem.Field:
		r.choose(e.X)
	case *sem.Index:
		r.choose(e.X)
	case *sem.Swizzle:
		r.choose(e.X)
	case *sem.Comma:
		r.choose(e.Y)
	case *sem.Cond:
		if r.l.nearby(e.X) && r.l.nearby(e.Y) {
			return
		}
		for _, v := range r.roots(e) {
			r.memory[v] = true
			r.address[v] = true
		}
		r.choose(e.X)
		r.choose(e.Y)
	}
}

func (r *reader) pointTo(e sem.Expr) {
	r.mark(r.memory, e)
	r.mark(r.address, e)
	r.mark(r.written, e)
}

func (r *reader) stmt(s sem.Stmt) {
	switch s := s.(type) {
	case *sem.Block:
		if s == nil {
			return
		}
		for _, s := range s.List {
			r.stmt(s)
		}
	case *sem.Decl:
		r.decl(s)
	case *sem.ExprStmt:
		r.expr(s.X)
	case *sem.If:
		r.expr(s.Cond)
		r.stmt(s.Then)
		if s.Else != nil {
			r.stmt(s.Else)
		}
	case *sem.For:
		if s.CondDecl != nil {
			r.decl(s.CondDecl)
		}
		r.expr(s.Cond)
		r.expr(s.Step)
		if s.Body != nil {
			r.stmt(s.Body)
		}
	case *sem.Switch:
		r.expr(s.X)
		for _, s := range s.Body {
			r.stmt(s)
			if d, ok := s.(*sem.Decl); ok {
				// Control may enter the list behind it.
				r.written[d.Var] = true
			}
		}
	case *sem.Return:
		r.returns[s] = true
		r.expr(s.X)
	}
}

func (r *reader) decl(d *sem.Decl) {
	if a, ok := d.Init.(*sem.AddrOf); ok {
		if _, ok := d.Var.Type.(*types.Pointer); ok {
			r.expr(a.X)
			r.pointers[d.Var] = a.X
			return
		}
	}
	r.expr(d.Init)
	if _, ok := d.Var.Type.(*types.Reference); ok {
		if _, choice := d.Init.(*sem.Cond); choice {
			r.mark(r.memory, d.Init)
			r.mark(r.address, d.Init)
		}
		r.bound[d.Var] = append(r.bound[d.Var], r.roots(d.Init)...)
		return
	}
	if d.Init == nil {
		r.written[d.Var] = true
	}
}

func (r *reader) expr(e sem.Expr) {
	switch e := e.(type) {
	case nil, *sem.Const, *sem.Zero, *sem.String:
	case *sem.VarRef:
		r.escaped[e.Var] = true
	case *sem.Index:
		r.expr(e.X)
		r.expr(e.I)
		if a, ok := e.X.Type().(*types.Array); ok {
			if i, ok := r.l.constInt(e.I); !ok || i < 0 || i >= a.Len {
				r.mark(r.memory, e.X)
			}
		}
	case *sem.Deref:
		if a, ok := e.X.(*sem.AddrOf); ok {
			r.expr(a.X)
			return
		}
		if pointerOf(e) == nil {
			r.expr(e.X)
		}
	case *sem.AddrOf:
		r.expr(e.X)
		r.pointTo(e.X)
	case *sem.Decay:
		r.expr(e.X)
		r.pointTo(e.X)
	case *sem.Assign:
		r.expr(e.X)
		r.expr(e.Y)
		r.mark(r.written, e.X)
	case *sem.AssignOp:
		r.expr(e.X)
		r.expr(e.Y)
		r.step(e.X)
	case *sem.IncDec:
		r.expr(e.X)
		r.step(e.X)
	case *sem.Call:
		r.call(e)
	case *sem.Builtin:
		r.builtin(e)
	default:
		sem.Children(e, r.expr)
	}
}

func (r *reader) step(x sem.Expr) {
	if v, ok := x.(*sem.VarRef); ok {
		if _, ok := v.Var.Type.(*types.Pointer); ok {
			r.stepped[v.Var] = true
			return
		}
	}
	r.mark(r.written, x)
}

func (r *reader) call(c *sem.Call) {
	of := r.l.factsOf(c.Func)
	for v := range of.captured {
		r.captured[v], r.escaped[v] = true, true
		for _, m := range [...][2]map[*sem.Var]bool{{of.memory, r.memory}, {of.address, r.address}, {of.written, r.written}, {of.stepped, r.stepped}} {
			if m[0][v] {
				m[1][v] = true
			}
		}
	}
	_, reference := c.Func.Result.(*types.Reference)
	pass := func(p *sem.Var, arg sem.Expr) {
		if a, ok := arg.(*sem.AddrOf); ok && of.direct(p) {
			arg, p = a.X, of.target(p)
			r.expr(arg)
		} else {
			r.expr(arg)
			if _, ok := p.Type.(*types.Reference); !ok {
				return
			}
			r.choose(arg)
		}
		if of.memory[p] {
			r.mark(r.memory, arg)
		}
		if of.address[p] || reference && !of.tailReturn {
			r.mark(r.memory, arg)
			r.mark(r.address, arg)
		}
		if of.written[p] || of.stepped[p] {
			r.mark(r.written, arg)
		}
	}
	if c.This != nil && c.Func.This != nil {
		pass(c.Func.This, c.This)
	}
	for i, p := range c.Func.Params {
		if i < len(c.Args) {
			pass(p, c.Args[i])
		}
	}
}

func (r *reader) builtin(b *sem.Builtin) {
	for i, a := range b.Args {
		switch outArg(b.Name, i) {
		case outReference:
			r.expr(a)
			r.mark(r.written, a)
		case outPointer:
			if p, ok := a.(*sem.AddrOf); ok {
				r.expr(p.X)
				r.mark(r.written, p.X)
				continue
			}
			r.expr(a)
		default:
			r.expr(a)
		}
	}
}

// outArg tells whether a library function writes through argument i.
func outArg(name string, i int) argUse {
	switch name {
	case "frexp", "modf", "sincos":
		if i == 1 {
			return outReference
		}
	case "atomic_compare_exchange_weak_explicit", "atomic_compare_exchange_strong_explicit",
		"atomic_compare_exchange_weak", "atomic_compare_exchange_strong":
		if i == 1 {
			return outPointer
		}
	}
	return inValue
}

type argUse uint8

const (
	inValue argUse = iota
	outReference
	outPointer
)

// constInt returns the value of an integer expression that is constant in this
// specialisation and easily seen to be.
func (l *lowerer) constInt(e sem.Expr) (int64, bool) {
	switch e := e.(type) {
	case *sem.Const:
		if b := elemOf(e.T); b != nil && b.IsInteger() && len(e.Bits) == 1 {
			return signedBits(b, e.Bits[0]), true
		}
	case *sem.Zero:
		if b := elemOf(e.T); b != nil && b.IsInteger() {
			return 0, true
		}
	case *sem.VarRef:
		if e.Var.Value != nil {
			return l.constInt(e.Var.Value)
		}
		if b := elemOf(e.T); b != nil && b.IsInteger() && e.Var.FuncConst != nil {
			if bits, ok := l.consts[e.Var]; ok && len(bits) == 1 {
				return signedBits(b, bits[0]), true
			}
		}
	case *sem.Convert:
		to, from := elemOf(e.T), elemOf(e.X.Type())
		if to == nil || from == nil || !to.IsInteger() || !from.IsInteger() {
			return 0, false
		}
		i, ok := l.constInt(e.X)
		if !ok {
			return 0, false
		}
		if to.Kind == types.Bool {
			if i != 0 {
				i = 1
			}
			return i, true
		}
		return signedBits(to, uint64(i)), true
	}
	return 0, false
}

// signedBits reads bits as a value of type t; a ulong past the largest long
// comes out negative.
func signedBits(t *types.Basic, bits uint64) int64 {
	shift := 64 - 8*uint(t.Size())
	if t.IsSigned() {
		return int64(bits<<shift) >> shift
	}
	return int64(bits << shift >> shift)
}
