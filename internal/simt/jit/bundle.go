package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A bundle is a run of loads or stores of neighbouring words of every lane, as
// those of a vector or a structure are: done together, they are whole words of
// memory turned in registers, rather than a gather or scatter each.
//
// Loads are done where the first of them is, stores where the last is. Between
// the members there is nothing but operations that neither touch memory nor
// fail, and between loads some others: of several that are outside of their memory
// another may be told.
type bundle struct {
	members []*ir.Instr
}

// bundleMost is how many words a bundle may have. There are none of 1.
const bundleMost = 4

// bundleReach is how many instructions further the members of a bundle are looked for.
const bundleReach = 192

// bundleAt returns the members of the longest bundle that begins with
// instruction i of a list.
func (l *lower) bundleAt(list []*ir.Instr, i int) []*ir.Instr {
	first := list[i]
	if first.Op != ir.OpLoad && first.Op != ir.OpStore || first.Type.Size() != 4 || first.Imm2 == ir.Volatile {
		return nil
	}
	members := append(make([]*ir.Instr, 0, bundleMost), first) // of which few leave here
	if step, ok := l.sh.Stride(first.Args[1]); ok && (step == 0 || step == 4) {
		return nil
	}
	plain := func(in *ir.Instr) bool { return in.Op == first.Op && in.Imm2 != ir.Volatile }
	for _, in := range list[i+1 : min(len(list), i+bundleReach)] {
		switch {
		case in.Op.Info().Class == ir.Pure:
			continue
		case plain(in) && in.Type.Size() == 4 && in.Args[0] == first.Args[0] && in.Args[1] == first.Args[1] &&
			in.Imm == first.Imm+4*int64(len(members)) && l.bundles[in] == nil:
			if members = append(members, in); len(members) < bundleMost {
				continue
			}
		case plain(in) && in.Op == ir.OpLoad:
			continue
		}
		break
	}
	if len(members) == 1 {
		return nil
	}
	return slices.Clone(members)
}

// bundled lowers instruction i of a list if it belongs to a bundle, and reports
// whether it does.
func (l *lower) bundled(list []*ir.Instr, i int) bool {
	in := list[i]
	if b := l.bundles[in]; b != nil {
		delete(l.bundles, in)
		if in.Op == ir.OpStore && in == b.members[len(b.members)-1] {
			l.bundle(b)
		}
		return true
	}
	members := l.bundleAt(list, i)
	n := len(members)
	for n > 1 && !l.canBundle(members[:n]) {
		n--
	}
	if n <= 1 {
		return false
	}
	b := &bundle{members[:n]}
	if l.bundles == nil {
		l.bundles = map[*ir.Instr]*bundle{}
	}
	for _, m := range members[1:n] {
		l.bundles[m] = b
	}
	if in.Op == ir.OpLoad {
		l.bundle(b)
	}
	return true
}

// canBundle reports whether there is code for a bundle.
func (l *lower) canBundle(members []*ir.Instr) bool {
	in := members[0]
	mem, ok := l.memOf(in.Args[0])
	if l.words != nil && ok && l.f.Mems[mem].Kind == ir.MemThreadgroup {
		return false // better seen one by one
	}
	write := in.Op == ir.OpStore
	if !ok || write && l.f.Mems[mem].Kind == ir.MemConst {
		return false
	}
	a := l.newAccess(in)
	l.ensure(in.Args[1])
	addr := l.vals[in.Args[1]].addr
	a.form = l.form(in, mem, a, addr)
	switch {
	case a.k < 0 || a.k > 1<<30-4*bundleMost:
		return false
	case write && l.overlap(a, addr, int64(4*len(members))):
		return false
	case a.form == toStride:
		if l.tiles != nil && len(members) == 2 && a.step*a.scale != 8 && l.cpu.hasTiles() {
			return false // tiles are better
		}
	case a.form != toLanes && a.form != toFar || !l.cpu.hasAccess(a, l.act != nil):
		return false
	}
	return l.cpu.hasBundle(a, len(members), l.act != nil)
}

// overlap reports whether lanes may touch some, but not all, of the bytes that
// another does: then it matters whose turn it is.
func (l *lower) overlap(a *access, addr *address, size int64) bool {
	if addr == nil || len(addr.base) > 1 {
		return true
	}
	apart := func(unit int64) bool {
		return !slices.ContainsFunc(addr.part[:], func(x int32) bool { return int64(x)%unit != 0 })
	}
	if a.scale >= size {
		return !apart(a.scale)
	}
	leaf := l.sh.Values[addr.leaf]
	if n := max(a.step, -a.step); a.form == toStride && n*a.scale >= size && !leaf.Each {
		for _, part := range leaf.Part {
			if int64(part)%n != 0 {
				return true
			}
		}
		return !apart(n * a.scale)
	}
	return true
}

// bundle lowers a bundle: to one instruction that has those of the members, for
// where they do not all lie inside their memory.
func (l *lower) bundle(b *bundle) {
	parts := [bundleMost][]ins{}
	mem, _ := l.memOf(b.members[0].Args[0])
	addr := l.vals[b.members[0].Args[1]].addr
	if addr != nil {
		addr = l.whole(addr)
	}
	for i, in := range b.members {
		a := l.newAccess(in)
		a.form = l.form(in, mem, a, addr)
		l.collect = &parts[i]
		if in.Op == ir.OpLoad {
			l.vals[in.Out] = value{}
		}
		l.rowAccess(in, mem, a, addr)
		l.collect = nil
	}
	all := ins{op: lBundle, early: true, src: b.members[0], imm: int64(len(parts[0])), more: &insMore{}}
	n := len(b.members) * len(parts[0])
	all.more.members = make([]*ins, 0, n)
	all.d = l.space(len(parts[0][0].d) * n)
	all.s = l.space(len(parts[0][0].s) * n)
	for i := range b.members {
		for p := range parts[i] {
			m := &parts[i][p]
			all.more.members = append(all.more.members, m)
			all.d = append(all.d, m.d...)
			all.s = append(all.s, m.s...)
		}
	}
	for p := range parts[0] {
		whole := l.copyOf(parts[0][p].a)
		whole.size *= int64(len(b.members))
		for i := range b.members {
			whole.safe = whole.safe && parts[i][p].a.safe
		}
		if whole.form == toLanes || whole.form == toFar {
			whole.step = 0
			if whole.size%whole.scale == 0 {
				whole.step = whole.size / whole.scale
				whole.beside = l.besideFor(mem, whole)
			}
		}
		whole.limit = l.limitFor(mem, whole)
		all.more.wholes = append(all.more.wholes, whole)
	}
	if len(parts[0]) == 1 {
		all.more.kept = l.keep(b.members[0], mem, len(b.members), all.more.wholes[0])
	}
	l.emit(all)
}

// share gives the members of a bundle the registers that are theirs by now.
func (in *ins) share() {
	d, s := in.d, in.s
	for _, m := range in.more.members {
		m.d, d = d[:len(m.d)], d[len(m.d):]
		m.s, s = s[:len(m.s)], s[len(m.s):]
	}
}

// together returns the members that whole i is made of, one for each word.
func (in *ins) together(i int) (members []*ins) {
	for ; i < len(in.more.members); i += len(in.more.wholes) {
		members = append(members, in.more.members[i])
	}
	return members
}
