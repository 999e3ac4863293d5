package jit

import (
	"math/bits"
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// file is a set of physical registers that classes share.
type file struct {
	regs []int8 // to allocate, the lowest first
}

// sweep removes what nobody uses, copies that need not be made, and loads that are
// part of what wants them.
func (l *lower) sweep() {
	l.removeUnused()
	l.coalesce()
	if l.foldLoads() {
		l.removeUnused()
	}
}

func (l *lower) removeUnused() {
	uses := l.room.numbers(len(l.regs))
	for i := range l.code {
		for _, s := range l.code[i].s {
			if s > 0 {
				uses[s]++
			}
		}
	}
	for i := len(l.code) - 1; i >= 0; i-- {
		in := &l.code[i]
		if !in.pure() {
			continue
		}
		used := false
		for _, d := range in.d {
			used = used || uses[d] > 0
		}
		if !used {
			for _, s := range in.s {
				if s > 0 {
					uses[s]--
				}
			}
			*in = ins{}
		}
	}
}

// places in the code where each vreg occurs
type occurrences struct {
	start []int32
	at    []int32
}

func (o *occurrences) of(v vreg) []int32 { return o.at[o.start[v]:o.start[v+1]] }

func (l *lower) occurrences() occurrences {
	o := occurrences{start: l.room.numbers(len(l.regs) + 2)}
	each := func(f func(v vreg, i int32)) {
		for i := range l.code {
			if l.code[i].op == lDef {
				continue
			}
			for _, d := range l.code[i].d {
				f(d, int32(i))
			}
			for _, s := range l.code[i].s {
				if s > 0 {
					f(s, int32(i))
				}
			}
		}
	}
	each(func(v vreg, _ int32) { o.start[v+2]++ })
	for i := 2; i < len(o.start); i++ {
		o.start[i] += o.start[i-1]
	}
	o.at = l.room.numbers(int(o.start[len(o.start)-1]))
	each(func(v vreg, i int32) {
		o.at[o.start[v+1]] = i
		o.start[v+1]++
	})
	return o
}

// A span is a loop: instructions [start, end]. Its depth is never if it is hardly
// ever reached.
type span struct{ start, end, parent, depth int32 }

const never = -1

// loopSpans returns the loops, and the innermost loop of every instruction, -1
// for none.
func (l *lower) loopSpans() ([]span, []int32) {
	var loops []span
	of := l.room.numbers(len(l.code))
	cur := int32(-1)
	for i := range l.code {
		switch l.code[i].op {
		case lLoop:
			d := int32(1)
			if cur >= 0 {
				d = loops[cur].depth + 1
			}
			switch {
			case l.code[i].early || cur >= 0 && loops[cur].depth == never:
				d = never
			case l.code[i].inout:
				d = 0
			}
			loops = append(loops, span{start: int32(i), parent: cur, depth: d})
			cur = int32(len(loops) - 1)
		}
		of[i] = cur
		if l.code[i].op == lEnd {
			loops[cur].end = int32(i)
			cur = loops[cur].parent
		}
	}
	return loops, of
}

// coalesce computes what becomes a loop's parameter right in its place, where
// the old value is not wanted any more. In a straight line that is done once for each,
// since what is set more than once cannot be put off: see delay.
func (l *lower) coalesce() {
	loops, loopOf := l.loopSpans()
	move := func(m int) bool {
		in := &l.code[m]
		if in.op != lMov || loopOf[m] < 0 || in.s[0] <= 0 {
			return false
		}
		s := &l.regs[in.s[0]]
		return s.home == 0 && !s.konst
	}
	from := 0
	for from < len(l.code) && !move(from) {
		from++
	}
	if from == len(l.code) {
		return
	}
	occ := l.occurrences()
	turns := l.turnings()
	labels := l.labelPlaces()
	renamed := l.room.numbers(len(l.regs)) // where those occur last, counted from 1, that are renamed or that others are renamed to
	for m := from; m < len(l.code); m++ {
		if !move(m) {
			continue
		}
		in := &l.code[m]
		d, s := in.d[0], in.s[0]
		if renamed[s] != 0 {
			continue
		}
		at := occ.of(s)
		first, last := at[0], at[len(at)-1]
		def := &l.code[first]
		if int(last) != m || int(first) >= m || first < renamed[d] || l.straight && renamed[d] > 0 || loopOf[first] != loopOf[m] || def.op == lMov || def.inout || !slices.Contains(def.d, s) || l.defsOf(s, at) != 1 {
			continue
		}
		if def.early && slices.Contains(def.s, d) {
			continue
		}
		// Nor may it be wanted where a jump in between goes: in the next turn, or behind
		// the loop.
		loop := loops[loopOf[m]]
		between, outside := false, false
		for _, x := range occ.of(d) {
			between = between || x > first && int(x) < m
			outside = outside || x > loop.end || x < loop.start && (l.code[x].inout || slices.Contains(l.code[x].s, d))
		}
		if between || turns[m] != turns[first+1] && l.jumpsOver(labels, int(first), m, int(loop.end), outside) || slices.Contains(def.d, d) {
			continue
		}
		// Rename s to d.
		for _, x := range at {
			in := &l.code[x]
			in.d, in.s = l.replace(in.d, s, d), l.replace(in.s, s, d)
			if in.x != nil {
				in.x.outs = nil
			}
		}
		since := int(renamed[d])
		renamed[s], renamed[d] = int32(m)+1, int32(m)+1
		l.code[m] = ins{}
		l.coalesceSum(&occ, turns, renamed, since, int(first), d)
	}
}

// labelPlaces returns where each label is, by its number.
func (l *lower) labelPlaces() []int32 {
	at := l.room.numbers(int(l.labels))
	for i := range l.code {
		if l.code[i].op == lLabel {
			at[l.code[i].imm] = int32(i)
		}
	}
	return at
}

// jumpsOver reports whether a jump between two instructions of a loop goes beyond the
// second, or back, but for those that leave the loop, which ends at end: these count
// only if outside.
func (l *lower) jumpsOver(labels []int32, first, m, end int, outside bool) bool {
	for i := first + 1; i < m; i++ {
		switch l.code[i].op {
		case lJump, lJumpIf, lJumpCmp, lJumpNone:
			to := int(labels[l.code[i].imm])
			if (to < i || to > m) && (to < end || outside) {
				return true
			}
		}
	}
	return false
}

// coalesceSum computes a sum of products that ends in d, at instruction m, in d
// from its beginning, as far as that is known not to be wanted there: from from on.
func (l *lower) coalesceSum(occ *occurrences, turns, renamed []int32, from, m int, d vreg) {
	for {
		in := &l.code[m]
		if in.op != lVec || in.irop != ir.OpFFma || in.early || in.s[2] <= 0 || in.s[2] == d {
			return
		}
		s := in.s[2]
		at := occ.of(s)
		first := int(at[0])
		if renamed[s] != 0 || first < from || len(at) != 2 || int(at[1]) != m || slices.Contains(in.s[:2], s) || slices.Contains(in.s[:2], d) || l.code[first].op != lVec || l.code[first].early || turns[m] != turns[first+1] {
			return
		}
		for _, x := range occ.of(d) {
			if int(x) > first && int(x) < m {
				return
			}
		}
		l.code[first].d = l.replace(l.code[first].d, s, d)
		in.s = l.replace(in.s, s, d)
		renamed[s] = int32(m) + 1
		m = first
	}
}

// turnings returns, for every instruction, how many jumps and labels are before it.
func (l *lower) turnings() []int32 {
	n := l.room.numbers(len(l.code) + 1)
	for i := range l.code {
		n[i+1] = n[i]
		switch l.code[i].op {
		case lJump, lJumpIf, lJumpCmp, lJumpNone, lLabel:
			n[i+1]++
		}
	}
	return n
}

func (l *lower) defsOf(v vreg, at []int32) int {
	n := 0
	prev := int32(-1)
	for _, i := range at {
		if i != prev && slices.Contains(l.code[i].d, v) {
			n++
		}
		prev = i
	}
	return n
}

func (l *lower) replace(list []vreg, from, to vreg) []vreg {
	if !slices.Contains(list, from) {
		return list
	}
	list = l.list(list...)
	for i := range list {
		if list[i] == from {
			list[i] = to
		}
	}
	return list
}

// sumWeight is how much more it costs to have in memory what an operation both
// reads and writes: a load, a store, and the time until the next one may begin.
const sumWeight = 8

// useWeights is what a use counts in so many loops, that over the chunks included.
var useWeights = [...]int32{1, 8, 64, 512, 4096}

// manyUses is how much a vector is used at most that may be spilled without counting:
// once in an inner loop, or some times in that over the chunks.
const manyUses = 64

// allocate gives every vreg a physical register, or a slot in the context, for
// all its life: by linear scan. It returns how many vectors were spilled inside
// loops, and how many are alive at a time, at most.
func (l *lower) allocate(files []file, fileOf [numClasses]int) (spilled, most int) {
	loops, loopOf := l.loopSpans()
	order := l.space(len(l.regs)) // in which their lives begin
	sums := l.room.sums[:0]
	for i := range l.code {
		in := &l.code[i]
		w := int32(1)
		if lp := loopOf[i]; lp >= 0 {
			w = 0
			if d := loops[lp].depth; d != never {
				w = useWeights[min(d, 4)]
			}
		}
		for _, s := range in.s {
			if s > 0 {
				order = l.live(order, s, int32(2*i), w)
			}
		}
		at := int32(2 * i)
		if !in.early && !in.inout {
			at++
		}
		for _, d := range in.d {
			order = l.live(order, d, at, w)
		}
		switch {
		case in.op == lMov && in.s[0] > 0:
			if w > 0 || l.regs[in.d[0]].hint == 0 {
				l.regs[in.d[0]].hint = in.s[0]
				l.regs[in.s[0]].hint = in.d[0]
			}
		case in.op == lVec:
			if in.irop == ir.OpFFma {
				sums = append(sums, int32(i))
			}
			if slices.Contains(in.s, in.d[0]) {
				l.regs[in.d[0]].deep += sumWeight * w
			}
		}
	}
	for _, v := range order {
		r := &l.regs[v]
		best := int32(-1)
		for lp := loopOf[r.last/2]; lp >= 0; lp = loops[lp].parent {
			if loops[lp].start*2 > r.first {
				best = lp
			}
		}
		if best >= 0 {
			r.last = max(r.last, loops[best].end*2)
		}
	}
	for _, m := range sums {
		// A sum of products is best made where one of its operands is.
		if in := &l.code[m]; l.regs[in.d[0]].hint == 0 {
			for _, s := range [...]vreg{in.s[1], in.s[0], in.s[2]} {
				if s > 0 && l.regs[s].last/2 == m {
					l.regs[in.d[0]].hint = s
				}
			}
		}
	}
	l.room.sums = sums
	var of [numClasses]filling // by file
	for f := range files {
		for _, r := range files[f].regs {
			of[f].all |= 1 << r
		}
		of[f].free = of[f].all
	}
	ending := l.space(2 * len(l.code))[:2*len(l.code)] // by place, one of the registers whose lives end there
	gone := int32(0)                                   // places that are behind
	var spilledNow ends                                // of the lives of spilled vectors
	tight := make([][]int32, len(files))
	weight := func(v vreg) float32 {
		r := &l.regs[v]
		if r.weight != 0 {
			return r.weight
		}
		f := fileOf[r.class]
		if tight[f] == nil {
			tight[f] = l.tightness(order, f, len(files[f].regs), fileOf)
		}
		r.weight = float32(r.deep) / float32(tight[f][r.last+1]-tight[f][r.first]+1)
		if r.home != 0 {
			r.weight /= 4
		}
		return r.weight
	}
	for i, v := range order {
		r := &l.regs[v]
		f := fileOf[r.class]
		now := &of[f]
		for ; gone < r.first; gone++ {
			for a := ending[gone]; a != 0; a = l.regs[a].next {
				if e := &l.regs[a]; e.phys >= 0 {
					of[fileOf[e.class]].free |= 1 << e.phys
				}
			}
		}
		if f == fileOf[vector] {
			for len(spilledNow) > 0 && spilledNow[0] < r.first {
				spilledNow.pop()
			}
			most = max(most, bits.OnesCount64(now.all&^now.free)+len(spilledNow)+1)
		}
		if now.free != 0 {
			r.phys = int8(bits.TrailingZeros64(now.free))
			if h := r.hint; h != 0 && l.regs[h].phys >= 0 && fileOf[l.regs[h].class] == f && now.free>>l.regs[h].phys&1 != 0 {
				r.phys = l.regs[h].phys
			}
			now.free &^= 1 << r.phys
			now.holds[r.phys], now.since[r.phys] = v, int32(i)
			r.next, ending[r.last] = ending[r.last], v
			continue
		}
		// The least wanted one goes to memory.
		worst, at, least := v, -1, weight(v)
		for _, p := range files[f].regs {
			if w := weight(now.holds[p]); w < least || w == least && at >= 0 && now.since[p] < now.since[at] {
				worst, at, least = now.holds[p], int(p), w
			}
		}
		if l.regs[worst].deep > manyUses && l.regs[worst].class == vector {
			spilled++
		}
		if at >= 0 {
			r.phys = l.regs[worst].phys
			l.regs[worst].phys = -1
			now.holds[at] = v
			r.next, ending[r.last] = ending[r.last], v
		}
		if f == fileOf[vector] {
			spilledNow.push(l.regs[worst].last)
		}
		l.spill(worst)
	}
	return spilled, most
}

// A filling is what a file's registers hold at a place in the code.
type filling struct {
	all, free uint64    // its registers, and those that hold nothing
	holds     [64]vreg  // by register
	since     [64]int32 // since when it has not been free
}

// tightness returns, for every place in the code, how many places before it have
// more values of a file alive than it has registers: where one that is spilled
// makes room for others.
func (l *lower) tightness(order []vreg, f, regs int, fileOf [numClasses]int) []int32 {
	n := l.room.numbers(2*len(l.code) + 2)
	for _, v := range order {
		if r := &l.regs[v]; fileOf[r.class] == f {
			n[r.first]++
			n[r.last+1]--
		}
	}
	alive, tight := int32(0), int32(0)
	for i, d := range n {
		n[i] = tight
		if alive += d; int(alive) > regs {
			tight++
		}
	}
	return n
}

// live notes that v is set or wanted, and appends it to those whose lives have begun
// if that is where its does.
func (l *lower) live(order []vreg, v vreg, at, weight int32) []vreg {
	r := &l.regs[v]
	if r.place != 0 {
		return order
	}
	if r.first < 0 {
		r.first = at
		if !r.konst {
			order = append(order, v)
		}
	}
	r.last = max(r.last, at)
	r.deep += weight
	return order
}

// crowded reports whether much of the work is done on vectors that are in memory.
func (l *lower) crowded() bool {
	all, out := 0, 0
	for i := range l.regs {
		if r := &l.regs[i]; r.class == vector && r.first >= 0 {
			all += int(r.deep)
			if r.phys < 0 {
				out += int(r.deep)
			}
		}
	}
	return out > all/8
}

// ends are places in the code, the first of them in front: a heap.
type ends []int32

func (e *ends) push(x int32) {
	h := append(*e, x)
	i := len(h) - 1
	for i > 0 && h[(i-1)/2] > x {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = x
	*e = h
}

func (e *ends) pop() {
	h := *e
	x := h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; len(h) > 0; {
		next := 2*i + 1
		if next+1 < len(h) && h[next+1] < h[next] {
			next++
		}
		if next >= len(h) || h[next] >= x {
			h[i] = x
			break
		}
		h[i] = h[next]
		i = next
	}
	*e = h
}

// spill gives v a slot in the context.
func (l *lower) spill(v vreg) {
	r := &l.regs[v]
	if r.home != 0 {
		r.slot = r.home
		return
	}
	r.slot = l.lay.slotsAt + l.lay.slots*64
	l.lay.slots++
}
