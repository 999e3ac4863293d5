package jit

import (
	"math/bits"
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// An address is a 64-bit offset that differs from lane to lane only by a
// 32-bit index: base + ext(leaf)*scale + add.
type address struct {
	base   []vreg        // scalars, one or one a part; nil if there is none
	part   shape.Offsets // of one base: what the parts add to it
	leaf   ir.Value
	signed bool
	scale  int64
	add    int64
}

// addressForm makes the result of in, which is 64 bits wide and varies, an
// address if it can be one.
func (l *lower) addressForm(in *ir.Instr) bool {
	if in.Type != ir.I64 || l.sh.Values[in.Out].Kind != shape.Varying {
		return false
	}
	flat := func(v ir.Value) bool { return l.sh.Values[v].Kind != shape.Varying }
	for _, v := range in.Args {
		l.ensure(v)
	}
	var a address
	switch in.Op {
	case ir.OpZExt, ir.OpSExt:
		if l.f.TypeOf(in.Args[0]) != ir.I32 {
			return false
		}
		a = address{leaf: in.Args[0], signed: in.Op == ir.OpSExt, scale: 1}
	case ir.OpAdd:
		x, y := in.Args[0], in.Args[1]
		if l.vals[x].addr == nil {
			x, y = y, x
		}
		if l.vals[x].addr == nil || !flat(y) {
			return false
		}
		a = *l.vals[x].addr
		if c, ok := l.sh.Constant(y); ok && a.add+int64(c) == int64(int32(a.add+int64(c))) {
			a.add += int64(c)
			break
		}
		l.addBase(&a, y)
	case ir.OpMul, ir.OpShl:
		x := l.vals[in.Args[0]].addr
		c, ok := l.sh.Constant(in.Args[1])
		if in.Op == ir.OpShl {
			c = 1 << (c & 63)
		}
		if x == nil || !ok || c == 0 || c > 1<<16 || x.scale*int64(c) > 1<<16 {
			return false
		}
		a = *x
		a.scale *= int64(c)
		a.add *= int64(c)
		if a.add != int64(int32(a.add)) {
			return false
		}
		for p, x := range a.part {
			if int64(x)*int64(c) != int64(int32(int64(x)*int64(c))) {
				return false
			}
			a.part[p] *= int32(c)
		}
		for i, b := range a.base {
			if i == 0 {
				a.base = append([]vreg(nil), a.base...)
			}
			a.base[i] = l.scalarOp(ir.OpMul, ir.I64, ir.I64, b, l.imm(c))
		}
	default:
		return false
	}
	l.vals[in.Out].addr = &a
	return true
}

// addBase adds a flat value to the base of an address.
func (l *lower) addBase(a *address, y ir.Value) {
	s := l.sh.Values[y]
	if len(a.base) <= 1 && !s.Each {
		part, fits := a.part, true
		for p, x := range s.Part {
			sum := int64(part[p]) + int64(x)
			part[p] = int32(sum)
			fits = fits && sum == int64(int32(sum))
		}
		if fits {
			g := l.g(y, 0)
			if a.base != nil {
				g = l.scalarOp(ir.OpAdd, ir.I64, ir.I64, a.base[0], g)
			}
			a.base, a.part = []vreg{g}, part
			return
		}
	}
	whole := l.partBases(a)
	sums := l.room.lists.take(l.geo.u)
	for p := range sums {
		sums[p] = l.g(y, p)
		if whole != nil {
			sums[p] = l.scalarOp(ir.OpAdd, ir.I64, ir.I64, whole[p], sums[p])
		}
	}
	a.base, a.part = sums, shape.Offsets{}
}

// partBases returns the base of an address for each part; nil if there is none.
func (l *lower) partBases(a *address) []vreg {
	if a.base == nil || len(a.base) > 1 {
		return a.base
	}
	bases := l.room.lists.take(l.geo.u)
	for p := range bases {
		bases[p] = l.plus(ir.I64, a.base[0], int64(a.part[p]))
	}
	return bases
}

// whole returns an address whose base has no offsets of parts.
func (l *lower) whole(a *address) *address {
	if a.part == (shape.Offsets{}) {
		return a
	}
	b := *a
	b.base, b.part = l.partBases(a), shape.Offsets{}
	return &b
}

// leafPart returns what the parts add to the leaf of an address, with what they
// add to its base; false if that cannot be told in units of the leaf, or the leaf
// might wrap by it.
func (l *lower) leafPart(a *address) (shape.Offsets, bool) {
	s, b := l.sh.Values[a.leaf], l.sh.Bound(a.leaf)
	if a.part == (shape.Offsets{}) {
		return s.Part, true
	}
	if s.Kind == shape.Varying || s.Each || !b.Exact || b.Most > 1<<30 {
		return shape.Offsets{}, false
	}
	part := s.Part
	for p, x := range a.part {
		if int64(x)%a.scale != 0 || x < 0 || x > 1<<28 {
			return shape.Offsets{}, false
		}
		part[p] += int32(int64(x) / a.scale)
	}
	return part, true
}

// spreadAddress computes an address as a vector of 64-bit values.
func (l *lower) spreadAddress(v ir.Value) {
	a := l.vals[v].addr
	n := l.parts(a.leaf)
	if len(a.base) > 1 || a.part != (shape.Offsets{}) {
		n = l.geo.u
	}
	op := ir.OpZExt
	if a.signed {
		op = ir.OpSExt
	}
	var rs []vreg
	for p := range n {
		var base vreg
		if a.base != nil {
			base = l.plus(ir.I64, a.base[min(p, len(a.base)-1)], a.add+int64(a.part[p]))
			base = l.emit1(lSplat64, vector, 0, base)
		} else if a.add != 0 {
			base = l.splatConst(ir.I64, uint64(a.add))
		}
		for h := range 2 {
			r := l.reg(vector)
			l.emit(ins{op: lWiden, irop: op, imm: int64(h), d: []vreg{r}, s: []vreg{l.vec(a.leaf, p, 0)}})
			if a.scale&(a.scale-1) == 0 {
				if a.scale > 1 {
					r = l.vop(ir.OpShl, ir.I64, ir.I64, r, l.splatConst(ir.I64, uint64(bits.TrailingZeros64(uint64(a.scale)))))
				}
			} else {
				r = l.vop(ir.OpMul, ir.I64, ir.I64, r, l.splatConst(ir.I64, uint64(a.scale)))
			}
			if base != 0 {
				r = l.vop(ir.OpAdd, ir.I64, ir.I64, r, base)
			}
			rs = append(rs, r)
		}
	}
	l.vals[v].v = rs
}

// accessForm is how the lanes of a part lie in memory.
type accessForm uint8

const (
	toScalar accessForm = iota // one place for all lanes of the chunk
	toRow                      // side by side
	toOne                      // one place for all lanes of a part
	toStride                   // evenly spaced
	toSplit                    // picked from two rows, in the same way in all parts: see split.go
	toLanes                    // anywhere, at indices of 32 bits from one base
	toFar                      // anywhere, at offsets of 64 bits
	toOwn                      // one offset in every thread's own memory
	toAny                      // anywhere, one lane after the other
)

// An access is a load or store that is done by code. The operands of its ins
// are those of the site, which does it where that code cannot, and then the
// base of the memory.
type access struct {
	form  accessForm
	write bool
	t     ir.Type
	size  int64
	limit int32 // offset of the limit in the context
	home  int32 // offset of the memory's address
	base  int   // index in s of the memory's address
	leaf  int   // index in s of the leaf, or the first of its parts; -1 if there is none
	add   int   // index in s of the scalar to add; -1
	val   int   // index in s of the value's first part; -1
	act   int   // index in s of the masks; -1 if all lanes are active
	masks int   // how many there are
	first int   // first part, and how many
	parts int

	shared   bool // an atomic operation that other groups see
	signed   bool
	scale, k int64
	step     int64 // toRow, toStride: what the leaf grows by from lane to lane; toLanes: if lanes turn out side by side
	wide     int   // index in s of the first half of the offsets of 64 bits, -1 if they are not there
	exact    int32 // limit of the offset of one lane
	beside   int32 // toLanes: limit for lanes side by side
	near     bool  // toLanes: they may well be in two rows
	lanes    int   // toSplit: index in s of what lanes have beside the leaf
	plain    int   // toSplit: of whether they are a row
	from     int   // toSplit: of what words of the two rows come from, of a store
	each     int32 // toRow, toStride: limit for lanes by themselves; toSplit: for a row
	tiled    bool  // toStride: it has a tile, see tile.go
	tile     int32 // where
	ahead    int32 // limit of the offset of a lane of the tile
	own      int64 // of thread memory: its granule, else 0
	least    int64 // least of what parts add to the leaf, and how much more the greatest of all lanes is
	span     int64
	part     shape.Offsets // what the parts add to the leaf
	safe     bool          // all lanes are known to be inside
	fetch    int64         // toRow: bytes behind the row is what will be loaded later, 0 if that need not be asked for
	stream   int32         // offset of the word that tells whether to write past the caches, 0 if it is never so
}

// A limitKey names a limit: a number that the caller computes from the length
// of a memory. An unsigned x is inside if x < limit.
type limitKey struct {
	mem  int
	size int64 // bytes that must be there from x*scale+add on, for x up to span more
	add  int64
	unit int64 // scale
	span int64
	most int64 // the limit is at most this
}

func (l *lower) limitOf(k limitKey) int32 {
	if off, ok := l.limit[k]; ok {
		return off
	}
	off := l.lay.word()
	l.limit[k] = off
	l.lay.limits = append(l.lay.limits, limitAt{k, off})
	return off
}

// memOf returns the memory a Ref names, if that is known.
func (l *lower) memOf(ref ir.Value) (int, bool) {
	if d := l.sh.Defs[ref]; d != nil && d.Op == ir.OpMem {
		return int(d.Imm), true
	}
	return 0, false
}

func (l *lower) baseOf(mem int) vreg {
	off := l.lay.mem(mem)
	if r, ok := l.bases[off]; ok {
		return r
	}
	r := l.ctx(off)
	return r
}

func (l *lower) load(in *ir.Instr) {
	l.vals[in.Out] = value{}
	if l.words != nil {
		if l.wordLoad(in) {
			return
		}
		l.touch(in)
	}
	if !l.access(in, false) {
		l.call(in)
	}
}

func (l *lower) store(in *ir.Instr) {
	store := func() {
		if !l.access(in, true) {
			l.call(in)
		}
	}
	if l.words != nil {
		l.wordStore(in, store)
	} else {
		store()
	}
}

// copyOf returns a copy of a, which lasts as long as the compilation.
func (l *lower) copyOf(a *access) *access {
	x := &l.room.forms.take(1)[0]
	*x = *a
	return x
}

// newAccess returns what is known of an access of any form.
func (l *lower) newAccess(in *ir.Instr) *access {
	return l.copyOf(&access{write: in.Op == ir.OpStore, t: in.Type, size: int64(in.Type.Size()), leaf: -1, add: -1, val: -1, act: -1, wide: -1, k: in.Imm, scale: 1})
}

// access lowers a load or store, if there is code for it.
func (l *lower) access(in *ir.Instr, write bool) bool {
	mem, ok := l.memOf(in.Args[0])
	if !ok || write && l.f.Mems[mem].Kind == ir.MemConst {
		return false
	}
	off := in.Args[1]
	a := l.newAccess(in)
	l.ensure(off)
	addr := l.vals[off].addr
	a.form = l.form(in, mem, a, addr)
	if addr != nil {
		if _, ok := l.leafPart(addr); !ok || a.form != toRow {
			addr = l.whole(addr)
		}
	}
	if a.form == toStride && !l.cpu.hasAccess(a, l.act != nil) {
		a.form, a.step = toLanes, 0
	}
	switch {
	case a.form == toScalar && !write && l.sh.Values[in.Out].Kind == shape.Uniform && l.cpu.hasAccess(a, l.act != nil):
		l.loadScalar(in, mem, a)
		return true
	case a.form == toScalar && write && a.size <= 4 && in.Type != ir.Bool && in.Type != ir.F16 && in.Type != ir.BF16:
		l.storeScalar(in, mem, a)
		return true
	case a.form == toScalar:
	case !write && l.sh.Values[in.Out].Kind == shape.Uniform:
		return false // it is outside, or far from where its memory begins
	case l.splitAccess(in, mem, a, addr):
		return true
	case a.form != toAny && a.k >= 0 && a.k <= 1<<30 && l.cpu.hasAccess(a, l.act != nil):
		if a.form == toOwn {
			addr = nil
		} else if addr == nil && a.form == toOne {
			addr = l.flatAddress(off)
		}
		l.rowAccess(in, mem, a, addr)
		return true
	}
	if l.ownLanes(in, mem, addr) {
		return true
	}
	a = l.newAccess(in)
	a.form = toAny
	if k := l.f.Mems[mem].Kind; k == ir.MemThread {
		if mem >= len(l.granules) || l.granules[mem] <= 0 {
			return false
		}
		a.own = l.granules[mem]
	}
	if !l.cpu.hasAccess(a, l.act != nil) {
		return false
	}
	l.rowAccess(in, mem, a, nil)
	return true
}

// form tells how the lanes of an access lie, and takes its address apart.
func (l *lower) form(in *ir.Instr, mem int, a *access, addr *address) accessForm {
	off := in.Args[1]
	sh := l.sh.Values[off]
	if c, ok := l.sh.Constant(off); in.Imm < 0 || in.Imm > 1<<30 || ok && (int64(c) < 0 || int64(c) > 1<<30) {
		return toAny
	}
	f := toAny
	switch {
	case l.f.Mems[mem].Kind == ir.MemThread:
		if sh.Kind == shape.Uniform && mem < len(l.granules) && l.granules[mem] == a.size {
			f = toOwn
		}
		return f
	case sh.Kind == shape.Uniform:
		return toScalar
	case addr == nil && sh.Kind == shape.Linear:
		f = toOne
		if addr = l.flatAddress(off); addr != nil {
			a.signed, a.scale = addr.signed, addr.scale
		}
	case addr == nil:
		return toFar
	default:
		a.signed, a.scale = addr.signed, addr.scale
		a.k += addr.add
		f = toLanes
		if leaf := l.sh.Values[addr.leaf]; leaf.Kind == shape.Linear {
			a.step = leaf.Step
			if a.step*a.scale == a.size {
				f = toRow
			} else if n := a.step * a.scale; n < 1<<24 && n > -1<<24 {
				f = toStride
			}
		}
	}
	part := sh.Part
	if addr != nil {
		part = l.sh.Values[addr.leaf].Part
	}
	if least, most := part.Span(0, shape.MaxParts); f != toLanes && (most-least)*a.scale > 1<<30 {
		return toAny
	}
	return f
}

// flatAddress takes an offset apart that is a 32-bit index, extended and scaled,
// and the same for all lanes of a part: the processor scales for nothing.
func (l *lower) flatAddress(off ir.Value) *address {
	d, scale := l.sh.Defs[off], uint64(1)
	if d != nil && (d.Op == ir.OpShl || d.Op == ir.OpMul) {
		c, ok := l.sh.Constant(d.Args[1])
		if !ok || c > 8 {
			return nil
		}
		if scale = c; d.Op == ir.OpShl {
			scale = 1 << c
		}
		d = l.sh.Defs[d.Args[0]]
	}
	if d == nil || d.Op != ir.OpZExt && d.Op != ir.OpSExt || l.f.TypeOf(d.Args[0]) != ir.I32 || scale&(scale-1) != 0 || scale == 0 || scale > 8 {
		return nil
	}
	return &address{leaf: d.Args[0], signed: d.Op == ir.OpSExt, scale: int64(scale)}
}

func (l *lower) loadScalar(in *ir.Instr, mem int, a *access) {
	s := l.newSite(in)
	l.result(s, in)
	a.safe = l.sure[in] || l.inside(mem, in.Args[1], in.Imm, a.size)
	cells := append(append([]vreg(nil), s.cells...), l.baseOf(mem))
	a.base = len(s.cells)
	if o := &s.Args[1]; o.Kind == Constant {
		a.k += int64(o.Bits)
		a.limit = l.limitOf(limitKey{mem: mem, size: a.size, add: a.k, unit: 1, most: 1 << 62})
	} else {
		a.add = o.Cell
		a.limit = l.limitOf(limitKey{mem: mem, size: a.size, add: a.k, unit: 1, most: 1 << 62})
	}
	l.emit(ins{op: lLoadS, t: in.Type, d: s.outs, s: cells, x: s, a: a, early: true, src: in})
}

// storeScalar lowers a store of all lanes to one place: the last one's value
// stays.
func (l *lower) storeScalar(in *ir.Instr, mem int, a *access) {
	s := l.newSite(in)
	if o := &s.Args[1]; o.Kind == Constant {
		a.k += int64(o.Bits)
	} else {
		a.add = o.Cell
	}
	a.limit = l.limitOf(limitKey{mem: mem, size: a.size, add: a.k, unit: 1, most: 1 << 62})
	l.lay.cells = max(l.lay.cells, len(s.cells))
	cells := append(append([]vreg(nil), s.cells...), l.baseOf(mem))
	a.base, a.val = len(s.cells), len(cells)
	if s.Act.Kind != Absent {
		a.act, a.masks = s.Act.Cell, l.geo.u
	}
	if v := in.Args[2]; l.sh.Values[v].Kind == shape.Uniform && !in.Type.IsFloat() {
		a.parts = 0 // one scalar for all
		cells = append(cells, l.g(v, 0))
	} else {
		for p := range l.geo.u {
			if l.act == nil && p < l.geo.u-1 {
				continue
			}
			cells = append(cells, l.vec(v, p, 0))
			a.parts++
		}
	}
	l.emit(ins{op: lStoreS, t: in.Type, s: cells, x: s, a: a, src: in})
}

// rowAccess lowers an access whose lanes are at base + ext(leaf)*scale + k.
func (l *lower) rowAccess(in *ir.Instr, mem int, a *access, addr *address) {
	u := l.geo.u
	leafEach, baseEach := false, false
	var leaf shape.Shape
	if addr != nil {
		leaf = l.sh.Values[addr.leaf]
		leaf.Part, _ = l.leafPart(addr)
		if a.form == toLanes {
			l.vec(addr.leaf, 0, 0)
			leafEach = true
		} else {
			leafEach = leaf.Each
		}
		baseEach = len(addr.base) > 1
	} else {
		leafEach = a.form >= toLanes && a.form != toOwn || !l.isShared(in.Args[1])
	}
	// One for all parts, or one for every part.
	n, parts := 1, u
	if leafEach || baseEach {
		n, parts = u, 1
	}
	// All parts may load the same, or some what others do.
	different, once := parts, false
	if n == 1 && !a.write && (a.form == toOne || a.form == toRow) {
		if k := period(leaf.Part[:u]); k == 1 || l.act == nil {
			different, once = k, k == 1
		}
	}
	out := l.space(n * parts * halves(in.Type))
	site := l.newSiteAt(in, addr)
	// piece lowers the access of so many parts from the pth on, of which not all may
	// be different.
	piece := func(p, parts, different int) (outs []vreg) {
		s := site
		if p > 0 { // like the first, but for another part
			s = l.addSite(*site)
		}
		x := l.copyOf(a)
		x.first, x.parts = p, parts
		s.First, s.Parts = p, parts
		if !a.write {
			if x.parts = different; different > 1 {
				s.Parts = different
			}
			outs = l.newRegs(classOf(in.Type), x.parts*halves(in.Type))
			kind := Vector
			if in.Type == ir.Bool {
				kind = Mask
			}
			s.Out = Operand{Kind: kind, Type: in.Type, Cell: len(s.cells), Each: x.parts > 1}
		}
		o := &s.Args[1]
		pick := func(c int, each bool) int {
			if each {
				return c + p
			}
			return c
		}
		if o.Kind == Address {
			if a.form == toLanes {
				x.leaf = -2
			} else {
				x.leaf = pick(o.Leaf.Cell, o.Leaf.Each)
			}
			if o.Base != nil {
				x.add = pick(o.Base.Cell, o.Base.Each)
			}
		} else if a.form >= toLanes && a.form != toOwn {
			// Below.
		} else if o.Kind == Constant {
			x.k += int64(o.Bits)
		} else {
			x.add = pick(o.Cell, o.Each)
			x.part = o.Part
		}
		if s.Act.Kind != Absent && !once {
			x.act = s.Act.Cell + p
		}
		cells := append(l.space(len(s.cells)+3+u*halves(in.Type)+1), s.cells...)
		if addr == nil && (a.form >= toLanes && a.form != toOwn) {
			lo, hi := l.vec(in.Args[1], p, 0), l.vec(in.Args[1], p, 1)
			x.wide = len(cells)
			cells = append(cells, lo, hi)
			if a.form == toFar {
				x.leaf = len(cells)
				least := l.reg(vector)
				l.emit(ins{op: lNarrow, irop: ir.OpUMin, d: []vreg{least}, s: []vreg{lo, hi}, early: true})
				cells = append(cells, least)
			}
		} else if a.form == toLanes {
			x.leaf = len(cells)
			cells = append(cells, l.vec(addr.leaf, p, 0))
		}
		if a.write {
			x.val = len(cells)
			h := halves(in.Type)
			for q := range parts {
				for i := range h {
					cells = append(cells, l.vec(in.Args[2], p+q, i))
				}
			}
		}
		x.base = len(cells)
		cells = append(cells, l.baseOf(mem))
		switch a.form {
		case toOwn:
			for q := range x.parts {
				x.part[q] = int32(q * l.geo.v * int(a.size))
			}
		case toOne, toRow, toStride:
			if addr != nil {
				x.part = leaf.Part
			}
			least, most := x.part.Span(p, x.parts)
			last := x.step * int64(l.geo.v-1)
			x.least = least + min(0, last)
			x.span = most + max(0, last) - x.least
		case toLanes, toFar:
			if x.size%x.scale == 0 && leaf.Kind != shape.Linear {
				x.step = x.size / x.scale
				x.beside = l.besideFor(mem, x)
				x.near = addr != nil && l.near(x, addr.leaf)
			}
		}
		if a.form == toRow {
			x.fetch = l.fetchAhead(in, mem)
		}
		switch a.form {
		case toRow, toOne:
			x.safe = l.sure[in] || l.inside(mem, in.Args[1], in.Imm, a.size)
		case toStride: // narrow values are gathered with what is behind them
			x.safe = !a.write && a.size >= 4 && (l.sure[in] || l.inside(mem, in.Args[1], in.Imm, a.size))
		}
		x.limit, x.home, x.stream = l.limitFor(mem, x), l.lay.mem(mem), l.streamOf(mem, x)
		if x.act >= 0 && (x.form == toRow || x.form == toStride) || x.dense() {
			one := *x
			one.form, one.span = toLanes, 0
			x.each = l.limitFor(mem, &one)
		}
		if x.form == toStride && l.cpu.hasTiles() && l.collect == nil {
			l.tile(in, mem, x, addr)
		}
		x.exact = l.limitOf(limitKey{mem: mem, size: x.size, unit: 1, most: 1 << 62})
		l.lay.cells = max(l.lay.cells, len(s.cells)+len(outs), walkCells)
		if x.safe && l.cpu.skipsChecks() && (x.form == toRow || x.form == toOne) && x.leaf >= 0 {
			l.knownLeaf(x, cells[x.leaf])
		}
		access := ins{op: lAccess, t: in.Type, d: outs, s: cells, x: s, a: x, early: true, src: in}
		if l.collect != nil {
			*l.collect = append(*l.collect, access)
		} else {
			l.emit(access)
		}
		return outs
	}
	if n == 1 && different == u && a.form == toRow && !a.write {
		if made := l.reuse(in, mem, a, addr); made != nil {
			l.vals[in.Out].v = made.load(piece)
			return
		}
	}
	for p := range n {
		if q := l.sameLanes(a, addr, p); q < p {
			h := parts * halves(in.Type)
			out = append(out, out[q*h:(q+1)*h]...)
			continue
		}
		out = append(out, piece(p, parts, different)...)
	}
	if !a.write {
		for some := out; different > 1 && len(out) < u*halves(in.Type); {
			out = append(out, some...)
		}
		l.vals[in.Out].v = out
	}
}

// knownLeaf makes the leaf of an access part of its displacement if it is a constant.
func (l *lower) knownLeaf(x *access, leaf vreg) {
	if r := &l.regs[leaf]; r.konst && r.bits < 1<<28 && x.k+int64(r.bits)*x.scale <= 1<<30 {
		x.k, x.leaf = x.k+int64(r.bits)*x.scale, -1
	}
}

// sameLanes returns the first part whose lanes load the same words as those of part p.
func (l *lower) sameLanes(a *access, addr *address, p int) int {
	if a.write || a.form != toLanes || a.own != 0 || addr == nil || len(addr.base) > 1 || l.act != nil {
		return p
	}
	for q := range p {
		if l.vec(addr.leaf, q, 0) == l.vec(addr.leaf, p, 0) {
			return q
		}
	}
	return p
}

// period returns after how many parts, of a power of two, they are the same again.
func period(parts []int32) int {
	n := len(parts)
	for n > 1 && slices.Equal(parts[:n/2], parts[n/2:n]) {
		n /= 2
	}
	return n
}

// limitFor returns the limit for an access; what it is compared to, see the
// code for it.
func (l *lower) limitFor(mem int, x *access) int32 {
	if x.form == toOwn || x.form == toAny {
		return l.limitOf(limitKey{mem: mem, size: x.size, unit: 1, most: 1 << 62})
	}
	size, most := x.size, int64(1)<<32
	if !x.write && (x.form == toLanes || x.form == toFar || x.form == toStride) {
		size = max(size, 4) // narrow values are gathered with what is behind them
	}
	if x.signed || x.form == toLanes || x.form == toFar {
		most = 1 << 31
	}
	if x.form == toLanes && !scales(x.scale) {
		most = offsetsMost / x.scale
	}
	switch {
	case x.add >= 0 && x.form == toOne && x.leaf == -1:
		return l.limitOf(limitKey{mem: mem, size: x.size, add: x.k, unit: 1, span: x.span, most: 1 << 62})
	case x.add >= 0 && x.form != toLanes: // of the byte offset of the least lane
		return l.limitOf(limitKey{mem: mem, size: size + x.span*x.scale, add: x.k, unit: 1, most: 1 << 62})
	case x.add >= 0: // of the byte offset alone
		return l.limitOf(limitKey{mem: mem, size: size, unit: 1, most: 1 << 62})
	}
	return l.limitOf(limitKey{mem: mem, size: size, add: x.k, unit: x.scale, span: x.span, most: most - x.span})
}

// scales reports whether operands in memory can scale an index by k.
func scales(k int64) bool { return k <= 8 && k&(k-1) == 0 }

// offsetsMost is more than the offset of any lane that vectors of them hold.
const offsetsMost = 1<<31 - 8

// besideFor returns the limit of the first leaf, or with a scalar to add of the
// first byte offset, of lanes that turn out to be side by side.
func (l *lower) besideFor(mem int, x *access) int32 {
	span := x.step * int64(l.geo.v-1)
	if x.add >= 0 {
		return l.limitOf(limitKey{mem: mem, size: x.size + span*x.scale, add: x.k, unit: 1, most: 1 << 62})
	}
	return l.limitOf(limitKey{mem: mem, size: x.size, add: x.k, unit: x.scale, span: span, most: 1<<31 - span})
}

// inside reports whether an access of so many bytes, at an offset, is known to be
// inside its memory.
func (l *lower) inside(mem int, off ir.Value, imm, size int64) bool {
	n := int64(0)
	switch m := &l.f.Mems[mem]; m.Kind {
	case ir.MemThreadgroup:
		n = m.Size
	case ir.MemConst:
		n = int64(len(m.Data))
	}
	most := l.sh.Bound(off).Most
	return imm >= 0 && imm+size <= n && most <= uint64(n-size-imm)
}
