package jit

import (
	"maps"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Before a loop that counts is lowered a number of turns at a time, a look ahead
// tells for many of its accesses that no turn goes outside of their memory: those
// whose offsets are sums and products, which grow as it counts. Of them the
// greatest is what comes of the greatest count, and of the greatest of what else
// goes into it. In the turns themselves they need no look then.

// An upper is a bound of an integer, which is not negative, in a scalar of 64
// bits; most is what the bound is at most.
type upper struct {
	v    vreg
	most uint64
}

// uppers finds bounds of what a loop computes.
type uppers struct {
	*lower
	c     *counted
	past  int64 // where to go if there is no bound
	found map[ir.Value]upper
	can   map[ir.Value]bool // whether a bound can be told
}

// countedInside appends the accesses of a loop that counts, and of the loops in it,
// that are inside of threadgroup memory or a table because it does.
func (l *lower) countedInside(list []*ir.Instr, c *counted) []*ir.Instr {
	if c == nil {
		return list
	}
	n, known := l.sh.Constant(c.n)
	if c.equal {
		n++
	}
	// The loads of lanes that are not there are done, too: all must count alike,
	// and from where none is below zero.
	if !known || n == 0 || n > 1<<31 || l.sh.Values[c.k].Kind != shape.Uniform || c.signed && (c.step == 0 || l.sh.Bound(c.first).Most >= 1<<31 || n+c.step > 1<<31) {
		return list
	}
	l.sh.Assuming(c.k, n-1, func() {
		(&ir.Block{Code: c.loop.Body[0].Code[c.exit+1:]}).Walk(func(in *ir.Instr) bool {
			switch in.Op {
			case ir.OpLoad, ir.OpStore:
				if mem, ok := l.memOf(in.Args[0]); ok && l.inside(mem, in.Args[1], in.Imm, int64(in.Type.Size())) {
					list = append(list, in)
				}
			case ir.OpLoop:
				list = l.countedInside(list, l.counts(in))
			}
			return true
		})
	})
	return list
}

// noteSure notes that accesses are inside of their memory.
func (l *lower) noteSure(list []*ir.Instr) {
	if len(list) == 0 {
		return
	}
	sure := maps.Clone(l.sure)
	if sure == nil {
		sure = map[*ir.Instr]bool{}
	}
	for _, in := range list {
		sure[in] = true
	}
	l.sure = sure
}

// checkAhead emits what tells that accesses of a loop are inside of their memory
// in all turns, and notes which: else it goes to past.
func (l *lower) checkAhead(c *counted, past int64) {
	u := uppers{l, c, past, map[ir.Value]upper{}, map[ir.Value]bool{}}
	type place struct {
		mem int
		off ir.Value
	}
	ends := map[place]int64{}
	var order []place
	var sure []*ir.Instr
	c.loop.Body[0].Walk(func(in *ir.Instr) bool {
		if in.Op != ir.OpLoad && in.Op != ir.OpStore || in.Imm < 0 || in.Imm > 1<<30 {
			return true
		}
		mem, ok := l.memOf(in.Args[0])
		if !ok || l.f.Mems[mem].Kind == ir.MemThread || l.sure[in] || l.inside(mem, in.Args[1], in.Imm, int64(in.Type.Size())) {
			return true
		}
		p := place{mem, in.Args[1]}
		if !u.bounded(p.off) {
			return true
		}
		if ends[p] == 0 {
			order = append(order, p)
		}
		ends[p] = max(ends[p], in.Imm+int64(in.Type.Size()))
		sure = append(sure, in)
		return true
	})
	l.noteSure(sure)
	for _, p := range order {
		x := u.upper(p.off)
		limit := l.ctx(l.limitOf(limitKey{mem: p.mem, size: ends[p], unit: 1, most: 1 << 62}))
		l.emit(ins{op: lJumpCmp, irop: ir.OpULt, from: ir.I64, imm: past, s: []vreg{x.v, limit}, inout: true})
	}
}

// bounded reports whether upper can tell a bound of v.
func (u *uppers) bounded(v ir.Value) bool {
	can, ok := u.can[v]
	if !ok {
		can = u.isBounded(v)
		u.can[v] = can
	}
	return can
}

func (u *uppers) isBounded(v ir.Value) bool {
	if v == u.c.k {
		return true
	}
	if before(u.c.loop, v) {
		s := u.sh.Values[v]
		return s.Kind <= shape.Uniform && u.f.TypeOf(v).IsInt() || s.Kind == shape.Linear && !s.Each && s.Step >= 0 && u.f.TypeOf(v) == ir.I32
	}
	d := u.sh.Defs[v]
	if d == nil {
		return false
	}
	switch d.Op {
	case ir.OpZExt, ir.OpSExt:
		return u.f.TypeOf(d.Args[0]) == ir.I32 && u.bounded(d.Args[0])
	case ir.OpAdd:
		return u.bounded(d.Args[0]) && u.bounded(d.Args[1])
	case ir.OpMul:
		if d.Type == ir.I64 {
			c, ok := u.sh.Constant(d.Args[1])
			return ok && c < shape.MaxStep && u.bounded(d.Args[0])
		}
		return u.bounded(d.Args[0]) && u.bounded(d.Args[1])
	case ir.OpShl:
		c, ok := u.sh.Constant(d.Args[1])
		return ok && c < 20 && u.bounded(d.Args[0])
	}
	return false
}

// upper returns a bound of v, which holds in all lanes and turns if nothing on
// the way wraps: code goes past where that is not known.
func (u *uppers) upper(v ir.Value) upper {
	if x, ok := u.found[v]; ok {
		return x
	}
	x := u.compute(v)
	u.found[v] = x
	return x
}

func (u *uppers) compute(v ir.Value) upper {
	i64 := func(op ir.Op, a, b vreg) vreg { return u.scalarOp(op, ir.I64, ir.I64, a, b) }
	t := u.f.TypeOf(v)
	if v == u.c.k {
		return u.count()
	}
	if before(u.c.loop, v) {
		return u.extended(v)
	}
	d := u.sh.Defs[v]
	switch d.Op {
	case ir.OpZExt, ir.OpSExt:
		most := uint64(1<<32 - 1)
		if d.Op == ir.OpSExt {
			most = 1<<31 - 1
		}
		return u.atMost(u.upper(d.Args[0]), most)
	case ir.OpAdd:
		a, b := u.upper(d.Args[0]), u.upper(d.Args[1])
		a, b = u.atMost(a, 1<<62-1), u.atMost(b, 1<<62-1)
		return u.within(upper{i64(ir.OpAdd, a.v, b.v), a.most + b.most}, t)
	case ir.OpShl:
		c, _ := u.sh.Constant(d.Args[1])
		a := u.atMost(u.upper(d.Args[0]), 1<<42)
		return u.within(upper{i64(ir.OpShl, a.v, u.imm(c)), a.most << c}, t)
	}
	if c, ok := u.sh.Constant(d.Args[1]); ok && c < shape.MaxStep {
		a := u.atMost(u.upper(d.Args[0]), 1<<42)
		return u.within(upper{i64(ir.OpMul, a.v, u.imm(c)), a.most * c}, t)
	}
	a, b := u.upper(d.Args[0]), u.upper(d.Args[1])
	a, b = u.atMost(a, 1<<31), u.atMost(b, 1<<31)
	return u.within(upper{i64(ir.OpMul, a.v, b.v), a.most * b.most}, t)
}

// count returns the bound of what counts.
func (u *uppers) count() upper {
	c := u.c
	jump := func(op ir.Op, a, b vreg) {
		u.emit(ins{op: lJumpCmp, irop: op, from: ir.I64, imm: u.past, s: []vreg{a, b}, inout: true})
	}
	n := u.extended(c.n)
	if c.signed { // it must neither begin nor come below zero
		if u.sh.Bound(c.first).Most > 1<<31-1 {
			least, _ := u.geo.lanes(u.sh.Values[c.k])
			jump(ir.OpSLe, u.imm(0), u.scalarOp(ir.OpSExt, ir.I64, ir.I32, u.plus(ir.I32, u.g(c.k, 0), least)))
		}
		if by := u.extended(c.by); n.most+by.most >= 1<<31 {
			jump(ir.OpULt, u.scalarOp(ir.OpAdd, ir.I64, ir.I64, n.v, by.v), u.imm(1<<31))
		}
	}
	if c.equal {
		return n
	}
	if x, ok := u.sh.Constant(c.n); !ok || x == 0 { // there may be no turn
		jump(ir.OpNe, n.v, u.imm(0))
	}
	return upper{u.plus(ir.I64, n.v, -1), n.most}
}

// extended returns a bound of what is there before the loop.
func (u *uppers) extended(v ir.Value) upper {
	x := upper{u.g(v, 0), u.sh.Bound(v).Most}
	if u.sh.Values[v].Kind == shape.Uniform {
		return x
	}
	least, span := u.geo.lanes(u.sh.Values[v])
	return u.within(upper{u.plus(ir.I64, x.v, least+span), x.most + uint64(least+span)}, ir.I32)
}

// within is x where values are of type t: a greater one has wrapped.
func (u *uppers) within(x upper, t ir.Type) upper {
	if t == ir.I64 {
		return x
	}
	return u.atMost(x, ir.Mask(t))
}

// atMost goes past if x is greater than most.
func (u *uppers) atMost(x upper, most uint64) upper {
	if x.most > most {
		u.emit(ins{op: lJumpCmp, irop: ir.OpULe, from: ir.I64, imm: u.past, s: []vreg{x.v, u.imm(most)}, inout: true})
		x.most = most
	}
	return x
}
