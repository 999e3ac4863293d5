package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// place is where an object is: what an lvalue denotes. A value is a place too,
// one that cannot be stored to.
type place struct {
	t    types.Type
	kind placeKind

	// inParts: for each part of the object the ir.Var that holds it, or -1
	// for a part that never changes, whose value is in vals.
	vars []int
	vals []ir.Value

	// inMemory: the object is at ref, off+disp. Where offs is not nil the
	// object is parts of a vector that need not be neighbours: offs has their
	// displacements, in place of the shape's.
	ref, off ir.Value
	disp     int64
	space    ir.Space
	volatile bool
	offs     []int64
	bits     *types.Field // the bit-field it is, of the object there

	// oneOf: the object is alts[index], all of one type.
	alts  []place
	index ir.Value
}

type placeKind uint8

const (
	inParts placeKind = iota
	inMemory
	oneOf
)

func valuePlace(t types.Type, vals []ir.Value) place {
	vars := make([]int, len(vals))
	for i := range vars {
		vars[i] = -1
	}
	return place{t: t, kind: inParts, vars: vars, vals: vals}
}

// isValue reports whether the place is a value only, which nothing can be
// stored in.
func (p place) isValue() bool {
	if p.kind != inParts {
		return false
	}
	for _, v := range p.vars {
		if v >= 0 {
			return false
		}
	}
	return true
}

func memoryPlace(t types.Type, ref, off ir.Value, space ir.Space) place {
	return place{t: t, kind: inMemory, ref: ref, off: off, space: space}
}

// newVars returns a place of fresh variables.
func (l *lowerer) newVars(t types.Type, name string) place {
	parts := l.shape(t).parts
	p := place{t: t, kind: inParts, vars: make([]int, len(parts)), vals: make([]ir.Value, len(parts))}
	for i := range parts {
		p.vars[i] = l.b.Var(parts[i].t, name)
	}
	return p
}

// parts returns the n parts of an inParts place from start on, as an object of
// type t.
func (p place) parts(t types.Type, start, n int64) place {
	return place{t: t, kind: inParts, vars: p.vars[start : start+n], vals: p.vals[start : start+n]}
}

// within returns the object of type t at displacement d in an inMemory place.
func (p place) within(t types.Type, d int64) place {
	p.t, p.disp = t, p.disp+d
	return p
}

// each applies f to what a oneOf place may be.
func (p place) each(f func(place) place) place {
	alts := make([]place, len(p.alts))
	for i := range alts {
		alts[i] = f(p.alts[i])
	}
	return place{t: alts[0].t, kind: oneOf, alts: alts, index: p.index}
}

// field returns member i of a struct or union.
func (l *lowerer) field(p place, i int) place {
	st := p.t.(*types.Struct)
	f := &st.Fields[i]
	switch p.kind {
	case inMemory:
		p = p.within(f.Type, f.Offset)
		if f.BitField {
			p.bits = f
		}
		return p
	case oneOf:
		return p.each(func(p place) place { return l.field(p, i) })
	}
	if st.Union || st.BitFields {
		return l.field(l.spill(p), i)
	}
	start, n := l.fieldParts(st, i)
	return p.parts(f.Type, start, n)
}

// swizzle returns components of a vector, as an object of type t.
func (l *lowerer) swizzle(p place, t types.Type, comps []uint8) place {
	switch p.kind {
	case inMemory:
		size := p.t.(*types.Vector).Elem.Size()
		offs := make([]int64, len(comps))
		contiguous := p.offs == nil
		for i, c := range comps {
			if p.offs != nil {
				offs[i] = p.offs[c]
			} else {
				offs[i] = int64(c) * size
			}
			contiguous = contiguous && int(c) == int(comps[0])+i
		}
		if contiguous {
			return p.within(t, offs[0])
		}
		p.t, p.offs = t, offs
		return p
	case oneOf:
		return p.each(func(p place) place { return l.swizzle(p, t, comps) })
	}
	r := place{t: t, kind: inParts, vars: make([]int, len(comps)), vals: make([]ir.Value, len(comps))}
	for i, c := range comps {
		r.vars[i], r.vals[i] = p.vars[c], p.vals[c]
	}
	return r
}

// components returns the components of a vector that a swizzle names. Of four
// narrow ones in memory all are loaded, if not that many fewer are wanted: they are
// a word or two, which opt.Join sees, and what nobody wants goes.
func (l *lowerer) components(e *sem.Swizzle) []ir.Value {
	p := l.place(e.X)
	v, ok := p.t.(*types.Vector)
	if !ok || p.kind != inMemory || p.volatile || p.offs != nil || v.N != 4 || v.Elem.Size() > 2 || len(e.Comps) <= int(v.Elem.Size()) {
		return l.load(l.swizzle(p, e.T, e.Comps), e.Pos())
	}
	all := l.load(p, e.Pos())
	vals := make([]ir.Value, len(e.Comps))
	for i, c := range e.Comps {
		vals[i] = all[c]
	}
	return vals
}

// element returns element i of an array, column i of a matrix or component i
// of a vector. signed tells how i, an integer of any width, is to be read.
func (l *lowerer) element(p place, i ir.Value, signed bool) place {
	var elem types.Type
	var n, stride int64
	switch t := p.t.(type) {
	case *types.Array:
		elem, n, stride = t.Elem, t.Len, t.Elem.Size()
	case *types.Matrix:
		elem, n, stride = t.Column(), int64(t.Cols), t.Column().Size()
	case *types.Vector:
		elem, n, stride = t.Elem, int64(t.N), t.Elem.Size()
	default:
		l.bug("index of %T", t)
	}
	i = l.index64(i, signed)
	c, isConst := l.b.ConstBits(i)
	if p.kind == inMemory && p.offs == nil {
		if isConst {
			return p.within(elem, int64(c)*stride)
		}
		p.off = l.b.Emit(ir.OpAdd, ir.I64, p.off, l.b.Emit(ir.OpMul, ir.I64, i, l.b.I64(stride)))
		return p.within(elem, 0)
	}
	if p.kind == oneOf {
		return p.each(func(p place) place { return l.element(p, i, true) })
	}
	at := func(k int64) place {
		if p.kind == inMemory {
			return p.within(elem, p.offs[k]).plain()
		}
		m := l.countParts(elem)
		return p.parts(elem, k*m, m)
	}
	if isConst && c < uint64(n) {
		return at(int64(c))
	}
	if n <= 0 || n > maxAlternatives {
		return l.element(l.spill(p), i, true)
	}
	r := place{t: elem, kind: oneOf, index: i}
	for k := range n {
		r.alts = append(r.alts, at(k))
	}
	return r
}

// maxAlternatives is the length of the longest array that is indexed by
// looking at every element.
const maxAlternatives = 16

func (p place) plain() place {
	p.offs = nil
	return p
}

// index64 widens an index to 64 bits by its own sign.
func (l *lowerer) index64(i ir.Value, signed bool) ir.Value {
	switch l.b.F.TypeOf(i) {
	case ir.I64:
		return i
	case ir.Bool:
		signed = false
	}
	if signed {
		return l.b.Emit(ir.OpSExt, ir.I64, i)
	}
	return l.b.Emit(ir.OpZExt, ir.I64, i)
}

// load returns the parts of the object at p.
func (l *lowerer) load(p place, pos source.Pos) []ir.Value {
	switch p.kind {
	case inParts:
		l.moving(len(p.vars))
		vals := make([]ir.Value, len(p.vars))
		for i, v := range p.vars {
			if v < 0 {
				vals[i] = p.vals[i]
			} else {
				vals[i] = l.b.Get(v)
			}
		}
		return vals
	case oneOf:
		n := len(p.alts)
		vals := l.load(p.alts[n-1], pos)
		for k := n - 2; k >= 0; k-- {
			is := l.isIndex(p.index, k)
			for i, v := range l.load(p.alts[k], pos) {
				vals[i] = l.b.Select(is, v, vals[i])
			}
		}
		return vals
	}
	l.setPos(pos)
	l.b.Volatile = p.volatile
	defer func() { l.b.Volatile = false }()
	if p.bits != nil {
		return []ir.Value{l.loadBits(p)}
	}
	parts := l.shape(p.t).parts
	l.moving(len(parts))
	vals := make([]ir.Value, len(parts))
	for i := 0; i < len(parts); i++ {
		d := p.disp
		if p.offs != nil {
			d += p.offs[i]
		} else {
			d += parts[i].off
		}
		switch parts[i].t {
		case ir.Ref:
			addr := l.b.Load(p.space, ir.I64, p.ref, p.off, d)
			vals[i], vals[i+1] = l.resolve(addr)
			i++
		case ir.Bool:
			b := l.b.Load(p.space, ir.I8, p.ref, p.off, d)
			vals[i] = l.b.Emit(ir.OpNe, ir.Bool, b, l.b.Zero(ir.I8))
		default:
			vals[i] = l.b.Load(p.space, parts[i].t, p.ref, p.off, d)
		}
	}
	return vals
}

// isIndex returns whether index, a constant perhaps, is k.
func (l *lowerer) isIndex(index ir.Value, k int) ir.Value {
	return l.b.Emit(ir.OpEq, ir.Bool, index, l.b.Const(l.b.F.TypeOf(index), uint64(k)))
}

// resolve takes a device address apart.
func (l *lowerer) resolve(addr ir.Value) (ref, off ir.Value) {
	if c, ok := l.b.ConstBits(addr); ok && c == 0 {
		return l.b.Null(), l.b.I64(0)
	}
	return l.b.Emit(ir.OpResolveRef, ir.Ref, addr), l.b.Emit(ir.OpResolveOffset, ir.I64, addr)
}

// addr returns the device address of a pointer.
func (l *lowerer) addr(ref, off ir.Value) ir.Value {
	if c, ok := l.b.ConstBits(ref); ok && c == 0 {
		return off
	}
	return l.b.Emit(ir.OpAddr, ir.I64, ref, off)
}

// store puts the parts of a value into the object at p.
func (l *lowerer) store(p place, vals []ir.Value, pos source.Pos) {
	l.moving(len(vals))
	switch p.kind {
	case inParts:
		for i, v := range p.vars {
			if v < 0 {
				if p.vals[i] == vals[i] {
					continue
				}
				l.bug("store to a value of type %s", p.t)
			}
			l.b.Set(v, vals[i])
		}
		return
	case oneOf:
		for k := range p.alts {
			is := l.isIndex(p.index, k)
			old := l.load(p.alts[k], pos)
			for i := range old {
				old[i] = l.b.Select(is, vals[i], old[i])
			}
			l.store(p.alts[k], old, pos)
		}
		return
	}
	l.setPos(pos)
	l.b.Volatile = p.volatile
	defer func() { l.b.Volatile = false }()
	if p.bits != nil {
		l.storeBits(p, vals[0])
		return
	}
	parts := l.shape(p.t).parts
	for i := 0; i < len(parts); i++ {
		d := p.disp
		if p.offs != nil {
			d += p.offs[i]
		} else {
			d += parts[i].off
		}
		switch parts[i].t {
		case ir.Ref:
			l.b.Store(p.space, ir.I64, p.ref, p.off, d, l.addr(vals[i], vals[i+1]))
			i++
		case ir.Bool:
			l.b.Store(p.space, ir.I8, p.ref, p.off, d, l.b.Emit(ir.OpZExt, ir.I8, vals[i]))
		default:
			l.b.Store(p.space, parts[i].t, p.ref, p.off, d, vals[i])
		}
	}
}

// spill returns a copy of the object at p in memory of the thread's own, for
// what only memory can do.
func (l *lowerer) spill(p place) place {
	if p.kind == inMemory && p.offs == nil {
		return p
	}
	m := l.newMemory(p.t, "temporary")
	l.store(m, l.load(p, l.at), l.at)
	return m
}

// address returns the pointer to the object at p, which is in memory.
func (l *lowerer) address(p place) (ref, off ir.Value) {
	if p.kind != inMemory || p.offs != nil {
		l.bug("the address of a %s that is not in memory", p.t)
	}
	return p.ref, l.b.Emit(ir.OpAdd, ir.I64, p.off, l.b.I64(p.disp))
}

// copyMemory copies the object at src to dst, both plain memory of the same
// type, without splitting it: for arrays too large for that.
func (l *lowerer) copyMemory(dst, src place, pos source.Pos) {
	l.setPos(pos)
	size := dst.t.Size()
	chunk, step := ir.I8, int64(1)
	if size%4 == 0 {
		chunk, step = ir.I32, 4
	}
	l.forRange(size, step, func(i ir.Value) {
		v := l.b.Load(src.space, chunk, src.ref, l.b.Emit(ir.OpAdd, ir.I64, src.off, i), src.disp)
		l.b.Store(dst.space, chunk, dst.ref, l.b.Emit(ir.OpAdd, ir.I64, dst.off, i), dst.disp, v)
	})
}

// clearMemory sets the bytes of the object at p, plain memory, to zero.
func (l *lowerer) clearMemory(p place, pos source.Pos) {
	l.setPos(pos)
	size := p.t.Size()
	chunk, step := ir.I8, int64(1)
	if size%4 == 0 {
		chunk, step = ir.I32, 4
	}
	l.forRange(size, step, func(i ir.Value) {
		l.b.Store(p.space, chunk, p.ref, l.b.Emit(ir.OpAdd, ir.I64, p.off, i), p.disp, l.b.Zero(chunk))
	})
}

// forRange emits a loop of i from 0 below n by step, both positive.
func (l *lowerer) forRange(n, step int64, body func(i ir.Value)) {
	k := l.b.Var(ir.I64, "")
	l.b.Set(k, l.b.I64(0))
	l.b.Loop(func(loop ir.Label) {
		i := l.b.Get(k)
		l.b.If(l.b.Emit(ir.OpSLt, ir.Bool, i, l.b.I64(n)), func() {}, func() { l.b.Break(loop) })
		body(i)
		l.b.Set(k, l.b.Emit(ir.OpAdd, ir.I64, i, l.b.I64(step)))
	})
}
