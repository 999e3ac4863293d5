package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Where a group is one chunk, threadgroup memory is but a way for lanes to see
// each other's values. While the code is made it is known which lane of which
// register was stored to a word; a load of such words is a permutation of
// registers, which waits for nothing and has no bounds to be checked. A store
// that nobody loads from memory is no store at all: the memory is gone with the
// group.

// words is what threadgroup memory holds at a place in the code.
type words struct {
	of     map[int][]word // by memory
	stores []stored       // that may turn out to be for nothing
	nested int            // enclosing constructs that are more than a part of the straight line
	clear  int            // index in the code of what clears the memories
}

// A word is a lane of a register; of none, if v is 0, for what is not known.
type word struct {
	v    vreg
	lane uint8
}

// stored is a store to a memory: an instruction.
type stored struct{ mem, at int }

// mostWords is how many words a memory may have to be looked at.
const mostWords = 1 << 14

// newWords returns what is known of threadgroup memory where a group begins; nil if
// there is more than twice what registers hold of it, to be spilled to memory again,
// or once if that would be done in every turn of a loop.
func (l *lower) newWords() *words {
	files, fileOf := l.cpu.files()
	left := int64(len(files[fileOf[vector]].regs) * l.geo.v * 4)
	turns := false
	l.f.Body.Walk(func(in *ir.Instr) bool {
		turns = turns || in.Op == ir.OpLoop && waits(in.Body[0])
		return !turns
	})
	if !turns {
		left *= 2
	}
	for i := range l.f.Mems {
		if m := &l.f.Mems[i]; m.Kind == ir.MemThreadgroup {
			left -= m.Size
		}
	}
	if left < 0 {
		return nil
	}
	return &words{of: map[int][]word{}, clear: -1}
}

// knownWords returns the lanes of part p of a value of 32 bits, if they are known.
func (l *lower) knownWords(v ir.Value, p int) ([]uint32, bool) {
	if c, ok := l.sh.Constant(v); ok {
		w := l.room.words.take(l.geo.v)
		for i := range w {
			w[i] = uint32(c)
		}
		return w, true
	}
	l.ensure(v)
	x := &l.vals[v]
	if len(x.g) > 0 {
		r := &l.regs[x.g[min(p, len(x.g)-1)]]
		if !r.konst {
			return nil, false
		}
		s := l.sh.Values[v]
		first := uint32(r.bits)
		if len(x.g) == 1 {
			first += uint32(s.Part[p])
		}
		w := l.room.words.take(l.geo.v)
		for i := range w {
			w[i] = first + uint32(s.Step*int64(i))
		}
		return w, true
	}
	if len(x.v) == 0 {
		return nil, false
	}
	r := x.v[min(p, len(x.v)-1)]
	if r >= 0 {
		return nil, false
	}
	return l.constWords(r), true
}

// knownLong returns part p of a value of 64 bits that is the same for all lanes of
// it, if it is known.
func (l *lower) knownLong(v ir.Value, p int) (int64, bool) {
	if c, ok := l.sh.Constant(v); ok {
		return int64(c), true
	}
	if l.sh.Values[v].Kind == shape.Varying {
		return 0, false
	}
	l.ensure(v)
	x := &l.vals[v]
	if len(x.g) == 0 || !l.regs[x.g[min(p, len(x.g)-1)]].konst {
		return 0, false
	}
	at := int64(l.regs[x.g[min(p, len(x.g)-1)]].bits)
	if len(x.g) == 1 {
		at += int64(l.sh.Values[v].Part[p])
	}
	return at, true
}

// knownOffsets returns where the lanes of part p access memory, if that is known.
func (l *lower) knownOffsets(in *ir.Instr, p int) ([]int64, bool) {
	at := l.room.longs.take(l.geo.v)
	off := in.Args[1]
	if x, ok := l.knownLong(off, p); ok {
		for i := range at {
			at[i] = x + in.Imm
		}
		return at, true
	}
	l.ensure(off)
	a := l.vals[off].addr
	if a == nil {
		return nil, false
	}
	base := a.add + in.Imm
	if len(a.base) > 0 {
		r := &l.regs[a.base[min(p, len(a.base)-1)]]
		if !r.konst {
			return nil, false
		}
		base += int64(r.bits)
		if len(a.base) == 1 {
			base += int64(a.part[p])
		}
	}
	w, ok := l.knownWords(a.leaf, p)
	if !ok {
		return nil, false
	}
	for i, x := range w {
		leaf := int64(x)
		if a.signed {
			leaf = int64(int32(x))
		}
		at[i] = base + leaf*a.scale
	}
	return at, true
}

// lanesOf returns the active lanes of part p; known is false if they may be fewer.
func (l *lower) lanesOf(p int) (lanes uint64, known bool) {
	if l.act == nil {
		return l.allLanes(), true
	}
	if lanes, known = l.knownMask(l.act[p]); !known {
		lanes = l.allLanes()
	}
	return lanes, known
}

// An inGroup is an access to threadgroup memory, of which it is known where.
type inGroup struct {
	mem    int
	at     [][]int64 // by part and lane: the word
	lanes  []uint64  // by part: the lanes that are active
	known  bool      // and there are no fewer
	inside bool      // all that are active are inside of the memory
}

// inGroup returns what is known of a load or store if it is one of words of
// threadgroup memory whose places are known.
func (l *lower) inGroup(in *ir.Instr) (g inGroup, ok bool) {
	g.known, g.inside = true, true
	if g.mem, ok = l.memOf(in.Args[0]); !ok || in.Type.Size() != 4 || in.Imm2 == ir.Volatile {
		return g, false
	}
	m := &l.f.Mems[g.mem]
	if m.Kind != ir.MemThreadgroup || m.Size/4 > mostWords {
		return g, false
	}
	g.at, g.lanes = make([][]int64, 0, l.geo.u), make([]uint64, 0, l.geo.u)
	for p := range l.geo.u {
		at, ok := l.knownOffsets(in, p)
		if !ok {
			return g, false
		}
		lanes, known := l.lanesOf(p)
		g.known = g.known && known
		for i, x := range at {
			switch {
			case lanes>>i&1 == 0:
			case x < 0 || x+4 > m.Size:
				g.inside = false
			case x%4 != 0:
				return g, false
			}
			at[i] = x >> 2
		}
		g.at, g.lanes = append(g.at, at), append(g.lanes, lanes)
	}
	return g, true
}

// wordLoad lowers a load of words that are in registers, if it is one.
func (l *lower) wordLoad(in *ir.Instr) bool {
	g, ok := l.inGroup(in)
	have := l.words.of[g.mem]
	if !ok || !g.inside || have == nil {
		return false
	}
	if l.sh.Values[in.Out].Kind == shape.Uniform {
		w := have[g.at[0][0]]
		if w.v == 0 {
			return false
		}
		from := make([]word, l.geo.v)
		for i := range from {
			from[i] = w
		}
		r, _ := l.mixed(from, l.allLanes())
		if in.Type == ir.I32 {
			s := l.emit1(lExtract, scalar, 0, r)
			l.code[len(l.code)-1].t = in.Type
			l.vals[in.Out] = value{g: []vreg{s}}
			return true
		}
		l.vals[in.Out] = value{v: []vreg{r}}
		return true
	}
	var rs []vreg
	from := make([]word, l.geo.v)
	for p := range l.geo.u {
		for i := range from {
			if from[i] = (word{}); g.lanes[p]>>i&1 != 0 {
				if from[i] = have[g.at[p][i]]; from[i].v == 0 {
					return false
				}
			}
		}
		r, ok := l.mixed(from, g.lanes[p])
		if !ok {
			return false
		}
		rs = append(rs, r)
	}
	l.vals[in.Out] = value{v: rs}
	return true
}

// mixed makes a register of lanes of others, of at most four if they are not in
// their places; those that are not wanted may be anything.
func (l *lower) mixed(from []word, lanes uint64) (vreg, bool) {
	var sources []vreg
	for i, w := range from {
		if w.v > 0 && l.regs[w.v].even {
			from[i].lane = uint8(i)
		}
		if lanes>>i&1 != 0 && !slices.Contains(sources, w.v) {
			sources = append(sources, w.v)
		}
	}
	v := l.geo.v
	if len(sources) == 0 {
		return l.splatConst(ir.I32, 0), true
	}
	if len(sources) == 1 && sources[0] < 0 {
		w := make([]uint64, v)
		for i := range w {
			if lanes>>i&1 != 0 {
				w[i] = uint64(l.constWords(sources[0])[from[i].lane])
			}
		}
		return l.constVec(w, 4), true
	}
	if r, ok := l.stayed(from, lanes, sources); ok {
		return r, true
	}
	switch len(sources) {
	case 1, 2, 4:
	case 3:
		sources = append(sources, sources[2])
	default:
		return 0, false
	}
	if r, ok := l.slid(from, lanes, sources); ok {
		return r, true
	}
	idx := make([]uint64, v)
	for i, w := range from {
		if lanes>>i&1 != 0 {
			idx[i] = uint64(slices.Index(sources, w.v)*v + int(w.lane))
		} else if len(sources) == 1 {
			idx[i] = uint64(i)
		}
	}
	return l.pickWords(l.constVec(idx, 4), sources), true
}

// stayed is mixed where all stay in their places: a choice between them, or nothing.
func (l *lower) stayed(from []word, lanes uint64, sources []vreg) (r vreg, ok bool) {
	of := make([]uint64, len(sources)) // the lanes of each
	for i, w := range from {
		if lanes>>i&1 != 0 {
			if int(w.lane) != i {
				return 0, false
			}
			of[slices.Index(sources, w.v)] |= 1 << i
		}
	}
	r = sources[0]
	for i, s := range sources[1:] {
		r = l.selectHalf(ir.I32, 0, l.maskConst(of[i+1]), s, r)
	}
	return r, true
}

// slid is mixed of neighbours, the last of one register and the first of
// another.
func (l *lower) slid(from []word, lanes uint64, sources []vreg) (vreg, bool) {
	if len(sources) > 2 {
		return 0, false
	}
	v := l.geo.v
	n := -1 // how far the second moves up
	var low, high vreg
	for i, w := range from {
		if lanes>>i&1 == 0 {
			continue
		}
		d := (i - int(w.lane) + v) % v
		if n < 0 {
			n = d
		}
		side := &high
		if i < d {
			side = &low
		}
		if d != n || d == 0 || *side != 0 && *side != w.v {
			return 0, false
		}
		*side = w.v
	}
	if low == 0 {
		low = high
	}
	if high == 0 {
		high = low
	}
	if low < 0 || high < 0 {
		return 0, false
	}
	d := l.reg(vector)
	l.emit(ins{op: lSlide, imm: int64(n), d: []vreg{d}, s: []vreg{high, low}, early: true})
	return d, true
}

// wordStore lowers a store to threadgroup memory, and takes in what it has stored.
func (l *lower) wordStore(in *ir.Instr, store func()) {
	g, ok := l.inGroup(in)
	if !ok {
		l.touch(in)
		store()
		return
	}
	begin := len(l.code)
	store()
	if g.known && g.inside && l.words.nested == 0 {
		for i := begin; i < len(l.code); i++ {
			if op := l.code[i].op; op == lAccess || op == lStoreS {
				l.words.stores = append(l.words.stores, stored{g.mem, i})
			}
		}
	}
	have := l.words.of[g.mem]
	if have == nil {
		have = make([]word, l.f.Mems[g.mem].Size/4)
		l.words.of[g.mem] = have
	}
	for p := range l.geo.u {
		if g.lanes[p] == 0 {
			continue
		}
		w := word{}
		if g.known && l.f.TypeOf(in.Args[2]) != ir.Bool {
			w.v = l.vec(in.Args[2], p, 0)
		}
		for i, at := range g.at[p] {
			if g.lanes[p]>>i&1 != 0 && at >= 0 && at < int64(len(have)) {
				w.lane = uint8(i)
				have[at] = w
			}
		}
	}
}

// touch takes in that an instruction accesses memory in a way that is not looked
// at more closely.
func (l *lower) touch(in *ir.Instr) {
	if l.words == nil || len(in.Args) == 0 || l.f.TypeOf(in.Args[0]) != ir.Ref {
		return
	}
	mem, known := l.memOf(in.Args[0])
	if in.Op != ir.OpStore {
		l.words.stores = slices.DeleteFunc(l.words.stores, func(s stored) bool { return !known || s.mem == mem })
	}
	if in.Op != ir.OpLoad {
		l.words.forget(mem, known)
	}
}

// forget forgets what a memory holds, or all of them.
func (w *words) forget(mem int, one bool) {
	if one {
		delete(w.of, mem)
	} else {
		clear(w.of)
	}
}

// apart lowers a construct that is more than a part of the straight line: what is
// known in it is not known behind it.
func (l *lower) apart(in *ir.Instr, lower func()) {
	if l.words == nil {
		lower()
		return
	}
	w := l.words
	changed := func() {
		for _, b := range in.Body {
			b.Walk(func(x *ir.Instr) bool {
				if class := x.Op.Info().Class; class == ir.Effect && len(x.Args) > 0 && l.f.TypeOf(x.Args[0]) == ir.Ref && x.Op != ir.OpLoad {
					mem, known := l.memOf(x.Args[0])
					w.forget(mem, known)
				}
				return true
			})
		}
	}
	if in.Op == ir.OpLoop {
		changed()
	}
	before := make(map[int][]word, len(w.of))
	for mem, list := range w.of {
		before[mem] = slices.Clone(list)
	}
	w.nested++
	lower()
	w.nested--
	w.of = before
	changed()
}

// dropStores removes the stores that nobody loads, and what clears memory that
// nobody looks at.
func (l *lower) dropStores() {
	w := l.words
	if w == nil {
		return
	}
	for _, s := range w.stores {
		l.code[s.at] = ins{}
	}
	for i := range l.code {
		src := l.code[i].src
		if l.code[i].x != nil && l.code[i].x.Instr != nil {
			src = l.code[i].x.Instr
		}
		if src == nil || len(src.Args) == 0 || l.f.TypeOf(src.Args[0]) != ir.Ref || l.code[i].op == lFuel {
			continue
		}
		if mem, known := l.memOf(src.Args[0]); !known || l.f.Mems[mem].Space == ir.Threadgroup {
			return
		}
	}
	if w.clear >= 0 {
		l.code[w.clear] = ins{}
	}
}
