package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A chunk that is a whole group has up to sixteen vectors of a row, which are
// lowered one operation after the other, each for all of them: so many that they
// take all registers. Loads of rows that need no look at their bounds, and what is
// computed of nothing but what they load, are done where they are wanted instead, a
// few parts at a time, and stored so. The first of them is wanted first, so that rows are
// still gone through in their order, in which processors ask memory ahead.

// latePieces is how many vectors are loaded at a time: one address serves them.
const latePieces = 4

// delays puts instructions off.
type delays struct {
	*lower
	code   []ins   // what has been emitted
	late   []delay // what is put off, in order; those that are done are there still
	wanted []int32 // by vreg: the number in late, and one, of what computes it
	root   []int32 // by vreg that is wanted: the first part of the loads that it is computed of, and one
	uses   []int32 // by vreg: how often it will still be an operand
	defs   []int32 // by vreg: how many instructions give it a value
}

// A delay is an instruction that is put off.
type delay struct {
	in    ins
	done  bool
	inner bool // something else that is put off wants it
}

// delay does what can be put off where it is wanted.
func (l *lower) delay() {
	if !l.cpu.skipsChecks() {
		return
	}
	n := len(l.regs)
	d := delays{lower: l, code: make([]ins, 0, len(l.code)+len(l.code)/4), wanted: l.room.numbers(n), root: l.room.numbers(n), uses: l.room.numbers(n), defs: l.room.numbers(n)}
	for i := range l.code {
		for _, r := range l.code[i].d {
			d.defs[r]++
		}
		for _, s := range l.code[i].s {
			if s > 0 {
				d.uses[s]++
			}
		}
	}
	for i := range l.code {
		in := &l.code[i]
		switch {
		case in.movesRow() && !in.a.write:
			for q := 0; q < in.a.parts; q += latePieces {
				x := in.piece(q, min(latePieces, in.a.parts-q))
				d.put(x)
				for _, r := range x.d {
					d.root[r] = int32(x.a.first) + 1
				}
			}
		case in.movesRow() && d.isLate(in):
			for q := 0; q < in.a.parts; q += latePieces {
				d.store(in.piece(q, min(latePieces, in.a.parts-q)))
			}
		default:
			root := d.follows(in)
			if root == 0 {
				d.emit(in)
				continue
			}
			d.put(*in)
			d.root[in.d[0]] = root
		}
	}
	d.all()
	l.code = d.code
}

// movesRow reports whether an instruction loads or stores words of a row and cannot
// fail.
func (in *ins) movesRow() bool {
	a := in.a
	return in.op == lAccess && a.safe && a.form == toRow && a.act < 0 && (a.t == ir.I32 || a.t == ir.F32) && (a.write || len(in.d) == a.parts) && in.src.Imm2 != ir.Volatile
}

// piece returns the access to n parts from the qth on.
func (in *ins) piece(q, n int) ins {
	x, a := *in, *in.a
	x.a, x.s = &a, nil
	a.first += q
	a.parts = n
	take := func(at *int, n int) {
		if *at >= 0 {
			x.s = append(x.s, in.s[*at:*at+n]...)
			*at = len(x.s) - n
		}
	}
	take(&a.base, 1)
	take(&a.leaf, 1)
	take(&a.add, 1)
	if a.write {
		a.val += q
		take(&a.val, n)
	} else {
		x.d = in.d[q : q+n]
	}
	return x
}

// isLate reports whether all that a store stores has been put off.
func (d *delays) isLate(in *ins) bool {
	for _, v := range in.s[in.a.val : in.a.val+in.a.parts] {
		if v <= 0 || d.wanted[v] == 0 {
			return false
		}
	}
	return true
}

// store emits a piece of a store, behind what the same threads have loaded before it.
// Others have the order that they like between barriers.
func (d *delays) store(in ins) {
	for i := range d.late {
		if a := d.late[i].in.a; a != nil && a.first < in.a.first+in.a.parts && in.a.first < a.first+a.parts {
			d.do(&d.late[i])
		}
	}
	d.want(&in)
	d.code = append(d.code, in)
}

// follows returns the root of an operation that is to be done no sooner than what
// has been put off: it needs what loads for the same parts bring, and nothing that it
// is the last to need. It returns 0 for others.
func (d *delays) follows(in *ins) (root int32) {
	if in.op != lVec && in.op != lCmp && in.op != lSelect || len(in.d) != 1 || in.inout {
		return 0
	}
	for _, s := range in.s {
		switch {
		case s <= 0:
		case d.wanted[s] == 0:
			if d.uses[s] <= 1 {
				return 0
			}
		case root != 0 && d.root[s] != root:
			return 0
		default:
			root = d.root[s]
		}
	}
	return root
}

// put puts an instruction off.
func (d *delays) put(in ins) {
	d.clobber(&in)
	d.late = append(d.late, delay{in: in})
	for _, r := range in.d {
		d.wanted[r] = int32(len(d.late))
	}
}

// emit emits an instruction, and before it what it wants. Whatever changes memory or
// goes elsewhere wants all.
func (d *delays) emit(in *ins) {
	if !in.pure() && in.op != lNop && in.op != lLoadS && !(in.op == lAccess && !in.a.write) {
		d.all()
	}
	d.want(in)
	d.clobber(in)
	d.code = append(d.code, *in)
}

func (d *delays) want(in *ins) {
	for _, s := range in.s {
		if s > 0 {
			d.uses[s]--
			if n := d.wanted[s]; n != 0 {
				d.do(&d.late[n-1])
			}
		}
	}
}

// do emits what was put off.
func (d *delays) do(x *delay) {
	if x.done {
		return
	}
	x.done = true
	d.want(&x.in)
	d.code = append(d.code, x.in)
	for _, r := range x.in.d {
		d.wanted[r] = 0
	}
}

// all emits all that was put off: first what nothing of it wants, and so the rest where it
// is wanted; loads last, if they are not.
func (d *delays) all() {
	for i := range d.late {
		if x := &d.late[i]; !x.done {
			for _, s := range x.in.s {
				if s > 0 && d.wanted[s] != 0 {
					d.late[d.wanted[s]-1].inner = true
				}
			}
		}
	}
	for _, some := range [...]func(x *delay) bool{
		func(x *delay) bool { return !x.inner && x.in.op != lAccess },
		func(x *delay) bool { return x.in.op != lAccess },
		func(x *delay) bool { return true },
	} {
		for i := range d.late {
			if x := &d.late[i]; some(x) {
				d.do(x)
			}
		}
	}
	d.late = d.late[:0]
}

// clobber emits what reads a register that an instruction is about to change, or
// changes it, too.
func (d *delays) clobber(in *ins) {
	for _, r := range in.d {
		if d.defs[r] < 2 {
			continue
		}
		for i := range d.late {
			if x := &d.late[i]; !x.done && (slices.Contains(x.in.s, r) || slices.Contains(x.in.d, r)) {
				d.do(x)
			}
		}
	}
}
