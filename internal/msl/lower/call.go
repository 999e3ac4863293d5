package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// call inlines a call. It returns the parts of the result or, of a function
// that returns a reference, the object.
func (l *lowerer) call(c *sem.Call) ([]ir.Value, place) {
	fn := c.Func
	if fn.Body == nil {
		l.fail(c.P, "'%s' is declared but never defined", fn.Name)
	}
	l.checkSize()
	if l.calls++; l.calls > maxCalls {
		l.fail(c.P, "kernel '%s' is too large: more than %d calls to inline", l.b.F.Name, maxCalls)
	}
	if l.depth++; l.depth > maxDepth {
		l.fail(c.P, "calls nested deeper than %d, or '%s' calls itself", maxDepth, fn.Name)
	}
	inner := &frame{fn: fn, outer: l.frame, facts: l.factsOf(fn), vars: map[*sem.Var]place{}, targets: map[*sem.Var]place{}}
	// Arguments are evaluated in the caller's frame, then bound in the callee's.
	type bound struct {
		param  *sem.Var
		arg    place
		target bool // arg is what the pointer param points to
	}
	args := make([]bound, 0, len(fn.Params)+1)
	if fn.This != nil && c.This != nil {
		args = append(args, bound{param: fn.This, arg: l.argumentFor(fn.This, c.This)})
	}
	for i, p := range fn.Params {
		if i >= len(c.Args) {
			l.bug("call of %s with %d arguments", fn.Name, len(c.Args))
		}
		if a, ok := c.Args[i].(*sem.AddrOf); ok && inner.facts.direct(p) {
			args = append(args, bound{p, l.place(a.X), true})
			continue
		}
		args = append(args, bound{param: p, arg: l.argumentFor(p, c.Args[i])})
	}
	outer, fp := l.frame, l.setFP(sem.FP{})
	l.frame = inner
	for _, a := range args {
		if a.target {
			if inner.facts.memory[inner.facts.target(a.param)] {
				a.arg = l.spill(a.arg)
			}
			inner.targets[a.param] = a.arg
			continue
		}
		l.bindParam(a.param, a.arg)
	}
	var vals []ir.Value
	var at place
	_, reference := fn.Result.(*types.Reference)
	if inner.facts.tailReturn {
		l.stmt(fn.Body)
		vals, at = inner.value, inner.place
		if vals == nil && !reference { // it has no result, or control never gets here
			vals = l.zero(fn.Result)
		}
		if reference && at.t == nil {
			at = l.nowhere(fn.Result.(*types.Reference))
		}
	} else {
		inner.block = true
		inner.result = l.newVars(fn.Result, fn.Name)
		l.b.Block(func(end ir.Label) {
			inner.label = end
			l.stmt(fn.Body)
		})
		if reference {
			r := fn.Result.(*types.Reference)
			at = memoryPlace(r.Elem, l.b.Get(inner.result.vars[0]), l.b.Get(inner.result.vars[1]), spaceOf(r.Space))
		} else {
			vals = l.load(inner.result, c.P)
		}
	}
	l.leave(outer)
	l.setFP(fp)
	if reference && !fn.Result.(*types.Reference).Const && at.isValue() {
		at = l.spill(at) // of a variable that is gone: it may be written all the same
	}
	l.depth--
	l.at = c.P
	return vals, at
}

// nowhere is what a reference is bound to where control never gets.
func (l *lowerer) nowhere(r *types.Reference) place {
	return memoryPlace(r.Elem, l.b.Null(), l.b.I64(0), spaceOf(r.Space))
}

// argumentFor returns what p is to be bound to: an object for a reference,
// otherwise a value.
func (l *lowerer) argumentFor(p *sem.Var, arg sem.Expr) place {
	if _, ok := p.Type.(*types.Reference); ok {
		return l.place(arg)
	}
	return valuePlace(p.Type, l.value(arg))
}
