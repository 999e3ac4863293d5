package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// segment is the statements of a switch from one group of case labels to the
// next.
type segment struct {
	values    []uint64
	isDefault bool
	body      []sem.Stmt
}

// switches lowers a switch. Where control never falls from one segment into
// the next and break stands only at the ends, it is a chain of Ifs. Otherwise
// the segments are Ifs one after another in a Block that break leaves; a
// segment runs if its value matches or if control came through the one before.
func (l *lowerer) switches(s *sem.Switch) {
	l.setPos(s.Pos)
	x := l.scalar(s.X)
	segs, before := segments(s.Body)
	for _, s := range before {
		if d, ok := s.(*sem.Decl); ok && d.Init == nil {
			l.stmt(s)
		}
	}
	if c, ok := l.b.ConstBits(x); ok {
		l.constSwitch(segs, c)
		return
	}
	matches := func(seg *segment) ir.Value {
		m := l.b.Bool(false)
		for _, v := range seg.values {
			is := l.b.Emit(ir.OpEq, ir.Bool, x, l.b.Const(l.b.F.TypeOf(x), v))
			m = l.b.Emit(ir.OpOr, ir.Bool, m, is)
		}
		return m
	}
	other := func() ir.Value {
		m := l.b.Bool(false)
		for i := range segs {
			if !segs[i].isDefault {
				m = l.b.Emit(ir.OpOr, ir.Bool, m, matches(&segs[i]))
			}
		}
		return l.not(m)
	}
	if chain := separate(segs); chain != nil {
		l.chain(chain, matches)
		return
	}
	l.b.Block(func(end ir.Label) {
		f := l.frame
		f.loops = append(f.loops, loop{isSwitch: true, breakTo: end})
		in := l.b.Bool(false)
		for i := range segs {
			seg := &segs[i]
			m := matches(seg)
			if seg.isDefault {
				m = other()
			}
			if i > 0 && falls(segs[i-1].body) {
				m = l.b.Emit(ir.OpOr, ir.Bool, m, in)
			}
			in = m
			l.b.If(m, func() { l.list(seg.body) }, nil)
		}
		f.loops = f.loops[:len(f.loops)-1]
	})
}

// chain lowers segments none of which runs into another, the default last.
func (l *lowerer) chain(segs []segment, matches func(*segment) ir.Value) {
	if len(segs) == 0 {
		return
	}
	seg := &segs[0]
	run := func() { l.list(seg.body) }
	if seg.isDefault {
		run()
		return
	}
	l.b.If(matches(seg), run, func() { l.chain(segs[1:], matches) })
}

// constSwitch lowers a switch on a constant.
func (l *lowerer) constSwitch(segs []segment, x uint64) {
	at := -1
	for i := range segs {
		for _, v := range segs[i].values {
			if v == x {
				at = i
			}
		}
	}
	for i := range segs {
		if at < 0 && segs[i].isDefault {
			at = i
		}
	}
	if at < 0 {
		return
	}
	l.b.Block(func(end ir.Label) {
		f := l.frame
		f.loops = append(f.loops, loop{isSwitch: true, breakTo: end})
		for _, seg := range segs[at:] {
			l.list(seg.body)
		}
		f.loops = f.loops[:len(f.loops)-1]
	})
}

// segments cuts the body of a switch at its labels; before is what stands
// ahead of the first, which never runs but may declare variables.
func segments(body []sem.Stmt) (segs []segment, before []sem.Stmt) {
	labels := false
	for _, s := range body {
		c, ok := s.(*sem.Case)
		if !ok {
			labels = false
			if len(segs) == 0 {
				before = append(before, s)
			} else {
				last := &segs[len(segs)-1]
				last.body = append(last.body, s)
			}
			continue
		}
		if !labels {
			segs = append(segs, segment{})
			labels = true
		}
		last := &segs[len(segs)-1]
		if c.Value == nil {
			last.isDefault = true
		} else {
			bits := c.Value.Bits[0]
			if b := elemOf(c.Value.T); b != nil && b.Kind != types.Bool {
				bits &= ir.Mask(irInt(b))
			}
			last.values = append(last.values, bits)
		}
	}
	return segs, before
}

func irInt(b *types.Basic) ir.Type {
	switch b.Size() {
	case 1:
		return ir.I8
	case 2:
		return ir.I16
	case 4:
		return ir.I32
	}
	return ir.I64
}

// falls reports whether control may run off the end of a list.
func falls(list []sem.Stmt) bool {
	if len(list) == 0 {
		return true
	}
	switch s := list[len(list)-1].(type) {
	case *sem.Break, *sem.Continue, *sem.Return:
		return false
	case *sem.Block:
		return falls(s.List)
	case *sem.If:
		return s.Else == nil || falls([]sem.Stmt{s.Then}) || falls([]sem.Stmt{s.Else})
	}
	return true
}

// separate returns the segments with their closing breaks cut off and the
// default last, or nil if the switch is more than a chain of Ifs.
func separate(segs []segment) []segment {
	var out []segment
	var last *segment
	for i, seg := range segs {
		if i < len(segs)-1 && falls(seg.body) {
			return nil
		}
		seg.body = cutBreak(seg.body)
		if anyBreaks(seg.body) || declares(seg.body) {
			return nil
		}
		if seg.isDefault {
			last = &seg
			continue
		}
		out = append(out, seg)
	}
	if last != nil {
		out = append(out, *last)
	}
	return out
}

// cutBreak returns list without the break at its end.
func cutBreak(list []sem.Stmt) []sem.Stmt {
	if len(list) == 0 {
		return list
	}
	n := len(list) - 1
	switch s := list[n].(type) {
	case *sem.Break:
		return list[:n]
	case *sem.Block:
		if inner := cutBreak(s.List); len(inner) < len(s.List) {
			return append(list[:n:n], &sem.Block{List: inner, FP: s.FP})
		}
	}
	return list
}

// declares reports whether the list itself declares a variable, which would be
// in scope in the segments after it.
func declares(list []sem.Stmt) bool {
	for _, s := range list {
		if _, ok := s.(*sem.Decl); ok {
			return true
		}
	}
	return false
}

// anyBreaks reports whether there is a break of the switch in the list.
func anyBreaks(list []sem.Stmt) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *sem.Break:
			return true
		case *sem.Block:
			if anyBreaks(s.List) {
				return true
			}
		case *sem.If:
			if anyBreaks([]sem.Stmt{s.Then}) || s.Else != nil && anyBreaks([]sem.Stmt{s.Else}) {
				return true
			}
		}
	}
	return false
}
