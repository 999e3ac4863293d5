package check

import (
	"strconv"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// candidate is a function considered for a call.
type candidate struct {
	fn    *function    // of the program
	lib   *stdlib.Func // or of the library
	mode  sem.Mode
	convs []conv
	this  conv
	tmpl  *function // the template fn was made from
	// Why it is not viable: the argument, or -1 for the object, or what.
	bad  int
	what string
}

// viable matches arguments with a function's parameters.
func (c *checker) viable(k *candidate, this *operand, args []operand) bool {
	f := k.fn
	least, most := f.required(), len(f.params)
	if len(args) < least || len(args) > most && !f.variadic {
		k.what = countMessage(least, most, len(args), f.params)
		return false
	}
	if this != nil && f.isMethod() {
		if k.this = c.bindThis(this, f); k.this.rank == impossible {
			k.bad = -1
			if k.this.reason == spaceMismatch {
				k.what = "address space mismatch in 'this' argument (" + this.q.quote() + "), parameter type must be " + f.thisType().quote()
			} else {
				k.what = "'this' argument has type " + this.q.quote() + ", but method is not marked const"
			}
			return false
		}
	}
	k.convs = make([]conv, len(args))
	for i := range args {
		if i >= len(f.params) {
			k.convs[i] = conv{rank: conversion, kind: convNone, to: args[i].q.t}
			continue
		}
		k.convs[i] = c.implicit(&args[i], f.params[i].q)
		if k.convs[i].rank == impossible {
			k.bad = i + 1
			k.what = c.mismatchMessage(k.convs[i], &args[i], f.params[i].q, i)
			return false
		}
	}
	return true
}

func ordinal(i int) string {
	n := strconv.Itoa(i)
	switch {
	case i%100 >= 11 && i%100 <= 13:
		return n + "th"
	case i%10 == 1:
		return n + "st"
	case i%10 == 2:
		return n + "nd"
	case i%10 == 3:
		return n + "rd"
	}
	return n + "th"
}

func (c *checker) mismatchMessage(k conv, x *operand, to qtype, i int) string {
	if x.kind == opInit {
		return "cannot convert initializer list argument to " + to.quote()
	}
	switch k.reason {
	case losesQualifier:
		return ordinal(i+1) + " argument (" + x.q.quote() + ") would lose " + lostQual(x, to) + " qualifier"
	case spaceMismatch:
		if _, ok := to.t.(*types.Reference); ok {
			return "address space mismatch in " + ordinal(i+1) + " argument (" + x.q.quote() + "), parameter type must be " + to.quote()
		}
		from, p := pointerOf(c.decayed(x).t), pointerOf(to.t)
		if from != nil && p != nil {
			return "cannot pass pointer to address space '" + from.Space.String() + "' as a pointer to address space '" + p.Space.String() + "' in " + ordinal(i+1) + " argument"
		}
	case needsLvalue:
		if r, ok := to.t.(*types.Reference); ok && !r.RValue && x.q.t == r.Elem {
			if x.bits != nil {
				return "non-const reference cannot bind to bit-field"
			}
			if x.component {
				return "non-const reference cannot bind to vector element"
			}
			return "expects an lvalue for " + ordinal(i+1) + " argument"
		}
		if r, ok := to.t.(*types.Reference); ok && r.RValue {
			return "expects an rvalue for " + ordinal(i+1) + " argument"
		}
	}
	s := "no known conversion from " + c.decayed(x).quote() + " to " + to.quote() + " for " + ordinal(i+1) + " argument"
	if p := pointerOf(x.q.t); p != nil && p.Elem == to.t {
		s += "; dereference the argument with *"
	} else if p := pointerOf(to.t); p != nil && p.Elem == x.q.t && x.kind == opLvalue {
		s += "; take the address of the argument with &"
	}
	return s
}

func lostQual(x *operand, to qtype) string {
	q := x.q
	if p := pointerOf(c0decay(x)); p != nil {
		q = pointee(p)
	}
	if q.c {
		return "const"
	}
	return "volatile"
}

func c0decay(x *operand) types.Type {
	if x.kind == opLvalue && arrayOf(x.q.t) != nil {
		return nil
	}
	if p := pointerOf(x.q.t); p != nil && !x.q.c {
		return p
	}
	return nil
}

func countMessage(least, most, got int, params []param) string {
	s := "requires "
	n := most
	switch {
	case least == most:
	case got < least:
		s += "at least "
		n = least
	default:
		s += "at most "
	}
	if n == 1 && params[0].name != "" {
		if s == "requires " {
			return "requires single argument '" + params[0].name + "', but " + arguments(got) + " provided"
		}
		if s == "requires at least " {
			return "requires at least argument '" + params[0].name + "', but " + arguments(got) + " provided"
		}
		return "allows at most single argument '" + params[0].name + "', but " + arguments(got) + " provided"
	}
	return s + counted(n) + ", but " + arguments(got) + " provided"
}

func counted(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return strconv.Itoa(n) + " arguments"
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no arguments were"
	case 1:
		return "1 was"
	}
	return strconv.Itoa(n) + " were"
}

// libViable matches arguments with a library function's parameters.
func (c *checker) libViable(k *candidate, args []operand) bool {
	f := k.lib
	if len(args) != len(f.Params) {
		return false
	}
	k.convs = make([]conv, len(args))
	for i := range args {
		p := &f.Params[i]
		var cv conv
		if p.Out {
			x := &args[i]
			if x.kind != opLvalue || x.component || x.q.t != p.Type || x.q.space != types.Thread || x.q.c || x.q.v {
				return false
			}
			cv = conv{kind: convBind, to: c.tab.ReferenceTo(p.Type, types.Thread, false, false, false), binds: true}
		} else {
			cv = c.implicit(&args[i], qtype{t: c.own(p.Type)})
		}
		if cv.rank == impossible {
			return false
		}
		k.convs[i] = cv
	}
	return true
}

// own returns the check's own type for one of the library's table.
func (c *checker) own(t types.Type) types.Type {
	if p, ok := t.(*types.Pointer); ok {
		return c.tab.PointerTo(p.Elem, p.Space, p.Const, p.Volatile)
	}
	return t
}

// better tells which candidate suits the arguments better ([over.match.best]).
func (c *checker) better(a, b *candidate) int {
	n := 0
	vote := func(r int) bool {
		if r != 0 && n != 0 && r != n {
			return false
		}
		if r != 0 {
			n = r
		}
		return true
	}
	if !vote(a.this.compare(&b.this)) {
		return 0
	}
	for i := range a.convs {
		if !vote(a.convs[i].compare(&b.convs[i])) {
			return 0
		}
	}
	if n != 0 {
		return n
	}
	// All else equal, a function that is no template, then the more special
	// template.
	at, bt := a.fn != nil && a.tmpl != nil, b.fn != nil && b.tmpl != nil
	switch {
	case !at && bt:
		return -1
	case at && !bt:
		return 1
	case at && bt && a.tmpl != b.tmpl:
		return c.moreSpecial(a.tmpl, b.tmpl)
	}
	// What the program declares in the library's namespaces wins over the
	// library's own of the same types.
	if (a.fn != nil) != (b.fn != nil) {
		if a.fn != nil {
			return -1
		}
		return 1
	}
	return 0
}

// pick chooses among viable candidates; more than one result means that the
// call is ambiguous.
func (c *checker) pick(list []*candidate) []*candidate {
	if len(list) <= 1 {
		return list
	}
	best := list[0]
	for _, k := range list[1:] {
		if c.better(k, best) < 0 {
			best = k
		}
	}
	out := []*candidate{best}
	for _, k := range list {
		if k != best && c.better(best, k) >= 0 {
			out = append(out, k)
		}
	}
	return out
}

// resolveCall finds the function to call. It reports when there is none or
// more than one, and returns nil. what describes the call in messages.
func (c *checker) resolveCall(x *operand, args []operand, pos source.Pos) *candidate {
	var viable, rejected []*candidate
	for _, f := range x.set.funcs {
		k := &candidate{fn: f}
		if f.tmpl != nil {
			k.tmpl = f
			inst, why := c.deduceCall(f, x.args, x.this, args)
			if inst == nil {
				k.what = why
				rejected = append(rejected, k)
				continue
			}
			k.fn = inst
		} else if x.args != nil {
			continue
		}
		if c.viable(k, x.this, args) {
			viable = append(viable, k)
		} else {
			rejected = append(rejected, k)
		}
	}
	if x.args == nil {
		for _, set := range x.set.lib {
			for _, f := range set.funcs {
				k := &candidate{lib: f, mode: set.mode}
				if !c.libViable(k, args) {
					continue
				}
				if allExact(k.convs) && len(x.set.funcs) == 0 {
					return k
				}
				viable = append(viable, k)
			}
		}
	}
	best := c.pick(viable)
	switch len(best) {
	case 1:
		if f := best[0].fn; f != nil && f.deleted {
			c.errorf(pos, "call to deleted function '%s'", x.name).
				Notef(f.pos, "candidate function has been explicitly deleted")
			return nil
		}
		return best[0]
	case 0:
		what := "function"
		if x.this != nil {
			what = "member function"
		}
		if len(rejected) == 1 && rejected[0].bad < 0 && rejected[0].this.reason != spaceMismatch && rejected[0].tmpl == nil {
			c.errorf(x.this.pos(), "'this' argument to member function '%s' has type %s, but function is not marked const", x.name, x.this.q.quote()).
				Notef(rejected[0].fn.pos, "'%s' declared here", x.name)
			return nil
		}
		d := c.errorf(pos, "no matching %s for call to '%s'", what, x.name)
		d.Ranges = []source.Span{x.span}
		for _, k := range rejected {
			c.noteRejected(d, k)
		}
		c.noteLibrary(d, x, args)
	default:
		d := c.errorf(pos, "call to '%s' is ambiguous", x.name)
		d.Ranges = []source.Span{x.span}
		for _, k := range best {
			if k.fn != nil {
				d.Notef(k.fn.pos, "candidate function")
			}
		}
	}
	return nil
}

func (c *checker) noteRejected(d *source.Diagnostic, k *candidate) {
	what := "function"
	switch {
	case k.fn.isMethod():
		what = "function"
	case k.fn.ctor:
		what = "constructor"
	}
	if k.fn.tmpl != nil {
		if k.what == "" {
			return
		}
		d.Notef(k.fn.pos, "candidate template ignored: %s", k.what)
		return
	}
	if k.tmpl != nil {
		d.Notef(k.fn.pos, "candidate %s template not viable: %s", what, k.what)
		return
	}
	d.Notef(k.fn.pos, "candidate %s not viable: %s", what, k.what)
}

// noteLibrary tells what a library function takes when a call does not fit.
func (c *checker) noteLibrary(d *source.Diagnostic, x *operand, args []operand) {
	for _, set := range x.set.lib {
		counts := map[int]bool{}
		for _, f := range set.funcs {
			counts[len(f.Params)] = true
		}
		if len(counts) == 1 && !counts[len(args)] {
			n := len(set.funcs[0].Params)
			d.Notef(source.NoPos, "candidate function '%s' requires %s, but %s provided", x.name, counted(n), arguments(len(args)))
			return
		}
		n := 0
		for _, f := range set.funcs {
			if len(f.Params) != len(args) {
				continue
			}
			if n++; n > 3 {
				break
			}
			s := "candidate function not viable: '" + f.Result.String() + " " + f.Name + "("
			for i, p := range f.Params {
				if i > 0 {
					s += ", "
				}
				if p.Out {
					s += "thread " + p.Type.String() + " &"
				} else {
					s += p.Type.String()
				}
			}
			d.Notef(source.NoPos, "%s)'", s)
		}
		if n == 0 && len(set.funcs) > 0 {
			least := len(set.funcs[0].Params)
			for _, f := range set.funcs {
				least = min(least, len(f.Params))
			}
			if len(args) < least {
				d.Notef(source.NoPos, "candidate function '%s' requires at least %s, but %s provided", x.name, counted(least), arguments(len(args)))
			}
		}
	}
}

func allExact(list []conv) bool {
	for i := range list {
		if list[i].rank != exact || list[i].kind != convNone && list[i].kind != convBind {
			return false
		}
	}
	return true
}
