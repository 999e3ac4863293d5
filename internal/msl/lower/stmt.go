package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func (l *lowerer) stmt(s sem.Stmt) {
	if l.b.Dead() {
		return
	}
	l.checkSize()
	switch s := s.(type) {
	case *sem.Block:
		switch {
		case s == nil:
		case s.FP != nil:
			outer := l.setFP(*s.FP)
			l.list(s.List)
			l.setFP(outer)
		default:
			l.list(s.List)
		}
	case *sem.Decl:
		l.decl(s)
	case *sem.ExprStmt:
		l.discard(s.X)
	case *sem.If:
		l.setPos(s.Pos)
		c := l.scalar(s.Cond)
		var els func()
		if s.Else != nil {
			els = func() { l.stmt(s.Else) }
		}
		l.b.If(c, func() { l.stmt(s.Then) }, els)
	case *sem.For:
		l.loop(s)
	case *sem.Switch:
		if s.Into {
			l.switchInto(s)
		} else {
			l.switches(s)
		}
	case *sem.Break:
		f := l.frame
		l.b.Break(f.loops[len(f.loops)-1].breakTo)
	case *sem.Continue:
		l.continues()
	case *sem.Return:
		l.returns(s)
	case *sem.Case:
	default:
		l.bug("statement %T", s)
	}
}

// maxNested bounds the Ifs that list nests.
const maxNested = 64

// list lowers statements in order. What follows an if that ends in a return
// from an inlined function, or in a continue, becomes the other arm: then the
// jump is at the end, where it is none.
func (l *lowerer) list(list []sem.Stmt) {
	for i, s := range list {
		if in, ok := s.(*sem.If); ok && in.Else == nil && i < len(list)-1 && l.nested < maxNested && l.skipsRest(in.Then) && !l.b.Dead() {
			l.checkSize()
			l.setPos(in.Pos)
			c := l.scalar(in.Cond)
			l.nested++
			l.b.If(c, func() { l.stmt(in.Then) }, func() { l.list(list[i+1:]) })
			l.nested--
			return
		}
		l.stmt(s)
	}
}

// skipsRest reports whether s ends in a return or continue that list handles.
// The return of the kernel itself ends the thread, and stays as it is.
func (l *lowerer) skipsRest(s sem.Stmt) bool {
	switch tail(s).(type) {
	case *sem.Return:
		return l.depth > 0
	case *sem.Continue:
		return true
	}
	return false
}

// decl declares a local variable.
func (l *lowerer) decl(d *sem.Decl) {
	v := d.Var
	if v.Pos.IsValid() {
		l.at = v.Pos
	}
	switch {
	case v.Space == types.Threadgroup:
		if _, ok := v.Type.(*types.Reference); !ok {
			p := l.threadgroupPlace(v)
			l.frame.vars[v] = p
			if d.Init != nil { // each thread stores it
				l.assignTo(p, d.Init, d.Init)
			}
			return
		}
	case v.Space == types.Constant:
		if _, ok := v.Type.(*types.Reference); !ok {
			if v.Init == nil && v.Value == nil && d.Init != nil {
				l.declareConstant(v, d.Init)
			}
			return
		}
	}
	if _, ok := v.Type.(*types.Reference); ok {
		p := l.place(d.Init)
		if l.frame.facts.memory[v] {
			p = l.spill(p)
		}
		l.frame.vars[v] = p
		return
	}
	if d.Init == nil {
		l.declareHere(v)
		if p := l.frame.vars[v]; p.kind == inParts {
			// Any value will do; zero spares the loop around the declaration
			// from carrying the variable's value from turn to turn.
			l.store(p, l.zero(v.Type), v.Pos)
		}
		return
	}
	if a, ok := d.Init.(*sem.AddrOf); ok && l.frame.facts.direct(v) {
		l.frame.targets[v] = l.place(a.X)
		return
	}
	n := l.countParts(v.Type)
	if n > maxVarParts || n > 64 && l.frame.facts.memory[v] {
		m := l.newMemory(v.Type, v.Name)
		l.assignTo(m, d.Init, &sem.VarRef{Typed: sem.Typed{T: v.Type, P: v.Pos}, Var: v})
		l.frame.vars[v] = m
		return
	}
	vals := l.value(d.Init)
	f := l.frame.facts
	if f.memory[v] && !f.address[v] && !f.written[v] && n > 1 {
		// A table that is only looked up.
		if data, ok := l.image(v.Type, vals); ok {
			l.frame.vars[v] = memoryPlace(v.Type, l.constData(v.Name, data, v.Type.Align()), l.b.I64(0), ir.Constant)
			return
		}
	}
	l.declare(v, vals)
}

// declareConstant declares a constant inside a function.
func (l *lowerer) declareConstant(v *sem.Var, init sem.Expr) {
	if p, ok := l.globals[v]; ok {
		l.frame.vars[v] = p
		return
	}
	vals := l.value(init)
	if !l.frame.facts.memory[v] {
		l.frame.vars[v] = valuePlace(v.Type, vals)
		return
	}
	data, ok := l.image(v.Type, vals)
	if !ok {
		m := l.newMemory(v.Type, v.Name)
		l.store(m, vals, v.Pos)
		l.frame.vars[v] = m
		return
	}
	p := memoryPlace(v.Type, l.constData(v.Name, data, v.Type.Align()), l.b.I64(0), ir.Constant)
	l.globals[v], l.frame.vars[v] = p, p
}

// loop lowers for, while and do.
func (l *lowerer) loop(s *sem.For) {
	l.loopWith(s, func(test func()) { test() }, l.stmt)
}

// loopWith is loop with what does the test in front of the body, and the body.
func (l *lowerer) loopWith(s *sem.For, first func(test func()), run func(sem.Stmt)) {
	l.setPos(s.Pos)
	f := l.frame
	l.b.Loop(func(top ir.Label) {
		test := func() {
			if s.CondDecl != nil {
				l.decl(s.CondDecl)
			}
			if s.Cond == nil {
				return
			}
			c := l.scalar(s.Cond)
			l.setPos(s.Pos)
			l.b.If(c, func() {}, func() { l.b.Break(top) })
		}
		if !s.DoWhile {
			first(test)
		}
		body := func(in loop) {
			f.loops = append(f.loops, in)
			if s.Body != nil {
				run(s.Body)
			}
			f.loops = f.loops[:len(f.loops)-1]
		}
		switch {
		case !s.DoWhile && s.Step == nil:
			body(loop{breakTo: top, continueTo: top, continueLoops: true})
		case continues(s.Body):
			l.b.Block(func(end ir.Label) {
				body(loop{breakTo: top, continueTo: end})
			})
		default:
			body(loop{breakTo: top})
		}
		if l.b.Dead() {
			return
		}
		if s.DoWhile {
			test()
		}
		if s.Step != nil {
			l.discard(s.Step)
		}
		l.setPos(s.Pos)
	})
}

func (l *lowerer) continues() {
	f := l.frame
	for i := len(f.loops) - 1; i >= 0; i-- {
		in := f.loops[i]
		if in.isSwitch {
			continue
		}
		if in.continueLoops {
			l.b.Continue(in.continueTo)
		} else {
			l.b.Break(in.continueTo)
		}
		return
	}
	l.bug("continue outside a loop")
}

// continues reports whether there is a continue of the loop whose body s is.
func continues(s sem.Stmt) bool {
	switch s := s.(type) {
	case *sem.Continue:
		return true
	case *sem.Block:
		return s != nil && anyContinues(s.List)
	case *sem.If:
		return continues(s.Then) || s.Else != nil && continues(s.Else)
	case *sem.Switch:
		return anyContinues(s.Body)
	}
	return false
}

func anyContinues(list []sem.Stmt) bool {
	for _, s := range list {
		if continues(s) {
			return true
		}
	}
	return false
}

// returns lowers a return.
func (l *lowerer) returns(s *sem.Return) {
	f := l.frame
	_, reference := f.fn.Result.(*types.Reference)
	if !f.block { // the last statement
		switch {
		case s.X == nil:
		case reference:
			f.place = l.place(s.X)
		default:
			f.value = l.value(s.X)
		}
		return
	}
	switch {
	case s.X == nil:
	case reference:
		ref, off := l.address(l.place(s.X))
		l.b.Set(f.result.vars[0], ref)
		l.b.Set(f.result.vars[1], off)
	case len(f.result.vars) == 0:
		l.discard(s.X)
	default:
		l.store(f.result, l.value(s.X), s.Pos)
	}
	l.setPos(s.Pos)
	l.b.Break(f.label)
}
