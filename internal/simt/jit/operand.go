package jit

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A processor may take one operand of an operation from memory. So what is loaded
// for one operation alone is loaded by that operation, and takes neither a
// register nor an instruction of its own. It is read later than the kernel reads
// it: only if it is known to be inside its memory, so that the load cannot leave
// the code, and if nothing in between orders or writes memory.

// A place is where an operand is in memory: at base + index*scale + disp. There
// is a row of lanes, or one value for all of them.
type place struct {
	base, index vreg // scalars; index is 0 if there is none
	scale       uint8
	one         bool
	disp        int32
}

// foldLoads makes loads part of the operations that want what they load, and
// reports whether there were any. What the loads have computed besides may be
// unused then.
func (l *lower) foldLoads() bool {
	uses, defs := l.room.numbers(len(l.regs)), l.room.numbers(len(l.regs))
	for i := range l.code {
		for _, s := range l.code[i].s {
			if s > 0 {
				uses[s]++
			}
		}
		for _, d := range l.code[i].d {
			defs[d]++
		}
	}
	any := false
	loads := l.room.numbers(len(l.regs)) // the load of what may be folded, counted from 1
	set := l.room.numbers(len(l.regs))   // what has set a register last, counted the same
	left := l.room.numbers(len(l.code))  // of a load with results folded: how many are not
	since := int32(0)                    // loads up to this one read what may have changed
	for i := range l.code {
		in := &l.code[i]
		for j, s := range in.s {
			if s <= 0 || loads[s] <= since {
				continue
			}
			at := loads[s] - 1
			load := &l.code[at]
			p, ok := l.operandOf(load, s)
			if !ok || set[p.base] > at || set[p.index] > at || !l.cpu.takesPlace(in, j, p.one) {
				continue
			}
			if left[at]--; left[at] == 0 {
				*load = ins{}
			}
			l.operands = append(l.operands, p)
			l.regs[s].place = int32(len(l.operands))
			in.s = append(l.space(len(in.s)+2), in.s...)
			if in.s = append(in.s, p.base); p.index != 0 {
				in.s = append(in.s, p.index)
			}
			any = true
			break
		}
		if in.orders() {
			since = int32(i) + 1
		}
		for _, d := range in.d {
			set[d] = int32(i) + 1
		}
		if !in.isPlain() {
			continue
		}
		left[i] = int32(len(in.d))
		for _, d := range in.d {
			if uses[d] == 1 && defs[d] == 1 {
				loads[d] = int32(i) + 1
			}
		}
	}
	return any
}

// isPlain reports whether all that an instruction does is to load lanes of 32
// bits from where they are known to be.
func (in *ins) isPlain() bool {
	a := in.a
	switch {
	case in.op != lAccess && in.op != lLoadS, in.t != ir.F32 && in.t != ir.I32, in.op == lLoadS && in.t != ir.F32:
		return false
	case a.write, !a.safe, a.fetch > 0, in.src == nil || in.src.Imm2 == ir.Volatile:
		return false
	}
	return in.op == lLoadS || a.form == toRow || a.form == toOne
}

// operandOf returns where result d of a plain load is, if that can be told by an
// operand.
func (l *lower) operandOf(in *ins, d vreg) (p place, ok bool) {
	a := in.a
	p = place{base: in.s[a.base], scale: 1, one: in.op == lLoadS || a.form == toOne}
	switch {
	case a.leaf < 0 && a.add >= 0:
		p.index = in.s[a.add]
	case a.leaf >= 0 && a.add < 0 && scales(a.scale):
		p.index, p.scale = in.s[a.leaf], uint8(a.scale)
	case a.leaf >= 0 || a.add >= 0:
		return p, false
	}
	disp := a.k
	if c := l.regs[p.index]; p.index != 0 && c.konst && c.bits < 1<<31 {
		disp += int64(c.bits) * int64(p.scale)
		p.index, p.scale = 0, 1
	}
	if in.op == lAccess {
		for i, r := range in.d {
			if r == d {
				disp += int64(a.part[a.first+i]) * a.scale
			}
		}
	}
	p.disp = int32(disp)
	return p, disp >= 0 && disp <= math.MaxInt32
}

// orders reports whether what is loaded before an instruction must not be loaded
// after it: it writes to memory, or others may meanwhile, or it is not always the
// one that comes next.
func (in *ins) orders() bool {
	switch in.op {
	case lLabel, lJump, lLoop, lEnd, lFuel, lClear, lNext, lExit, lStoreS, lBundle, lAtomic, lAtomicAdd, lUpdate, lMatrix, lCall:
		return true
	case lAccess, lLoadS:
		return in.a.write || in.src == nil || in.src.Imm2 == ir.Volatile
	}
	return false
}
