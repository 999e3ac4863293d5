package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// atomic lowers an atomic operation of 32 bits, if there is code for it: lanes
// take their turns, in order. All of a part are checked before the first.
func (l *lower) atomic(in *ir.Instr) bool {
	op := ir.AtomicOp(in.Imm2)
	mem, ok := l.memOf(in.Args[0])
	if ok && l.alone(in, mem) {
		return true
	}
	switch {
	case !ok || in.Imm < 0 || in.Imm > 1<<30:
		return false
	case in.Type == ir.F32:
		if in.Op == ir.OpAtomicRMW && op > ir.AtomicSub {
			return false
		}
	case in.Type != ir.I32 || op > ir.AtomicSMax:
		return false
	}
	if k := l.f.Mems[mem].Kind; k == ir.MemThread || k == ir.MemConst {
		return false
	}
	off := in.Args[1]
	l.ensure(off)
	a := access{t: in.Type, size: 4, leaf: -1, add: -1, val: -1, act: -1, k: in.Imm, scale: 4, parts: 1}
	a.shared = l.f.Mems[mem].Kind == ir.MemBuffer
	addr := l.vals[off].addr
	c, isConst := l.sh.Constant(off)
	switch {
	case isConst && int64(c) >= 0 && int64(c)+in.Imm < 1<<30:
		a.form, a.k = toOne, in.Imm+int64(c)
	case !isConst && l.sh.Values[off].Kind != shape.Varying:
		a.form = toOne
	case addr != nil && addr.scale%4 == 0 && (addr.scale <= 8 || l.cpu.scalesAny()):
		a.form = toLanes
		a.signed, a.scale = addr.signed, addr.scale
		a.k += addr.add
		if a.k < 0 || a.k > 1<<30 {
			return false
		}
	default:
		return false
	}
	if in.Op == ir.OpAtomicRMW && op == ir.AtomicAdd && in.Type == ir.I32 && a.form == toOne && !l.used[in.Out] && l.isShared(off) {
		l.atomicSum(in, mem, a)
		return true
	}
	if l.update(in, mem, a, addr) {
		return true
	}
	var out []vreg
	for p := range l.geo.u {
		s := l.newSite(in)
		s.First, s.Parts = p, 1
		x := a
		var outs []vreg
		if in.Out != ir.NoValue && (l.used[in.Out] || in.Op != ir.OpAtomicRMW) {
			outs = []vreg{l.reg(vector)}
			s.Out = Operand{Kind: Vector, Type: in.Type, Cell: len(s.cells)}
			out = append(out, outs...)
		}
		cells := append([]vreg(nil), s.cells...)
		scalarAt := func(o *Operand) int { // of this part
			i := o.Cell
			if o.Each {
				i += p
			}
			if o.Part[p] == 0 {
				return i
			}
			cells = append(cells, l.plus(ir.I64, cells[i], int64(o.Part[p])))
			return len(cells) - 1
		}
		if a.form == toLanes {
			if o := s.Args[1].Base; o != nil {
				x.add = scalarAt(o)
			}
			x.leaf = len(cells)
			cells = append(cells, l.vec(addr.leaf, p, 0))
		} else if !isConst {
			x.add = scalarAt(&s.Args[1])
		}
		if s.Act.Kind != Absent {
			x.act = s.Act.Cell + p
		}
		x.val = len(cells)
		for _, v := range in.Args[2:] {
			cells = append(cells, l.vec(v, p, 0))
		}
		x.base = len(cells)
		cells = append(cells, l.baseOf(mem))
		x.limit = l.atomicLimit(mem, &x)
		l.lay.cells = max(l.lay.cells, len(s.cells)+1, atomicCells)
		l.emit(ins{op: lAtomic, t: in.Type, d: outs, s: cells, x: s, a: &x, early: true, src: in})
	}
	l.vals[in.Out] = value{v: out}
	return true
}

// alone lowers an atomic load or store of threadgroup memory as a plain one, if it is
// to aligned words: nobody but this group's thread of execution is there.
func (l *lower) alone(in *ir.Instr, mem int) bool {
	kind := l.f.Mems[mem].Kind
	if in.Op != ir.OpAtomicLoad && in.Op != ir.OpAtomicStore || kind != ir.MemThreadgroup && kind != ir.MemThreadgroupArg ||
		in.Imm%4 != 0 || in.Type.Size() != 4 || l.sh.Values[in.Args[1]].Kind <= shape.Uniform || !l.isAligned(in.Args[1]) {
		return false
	}
	plain := *in
	plain.Op, plain.Imm2 = ir.OpLoad, ir.Volatile
	if in.Op == ir.OpAtomicStore {
		plain.Op = ir.OpStore
	}
	return l.access(&plain, plain.Op == ir.OpStore)
}

// isAligned reports whether an offset is known to be a multiple of four.
func (l *lower) isAligned(off ir.Value) bool {
	if c, ok := l.sh.Constant(off); ok {
		return c%4 == 0
	}
	d := l.sh.Defs[off]
	if d == nil {
		return false
	}
	switch d.Op {
	case ir.OpMul:
		return l.isAligned(d.Args[0]) || l.isAligned(d.Args[1])
	case ir.OpShl:
		c, ok := l.sh.Constant(d.Args[1])
		return ok && c&63 >= 2
	case ir.OpAdd:
		return l.isAligned(d.Args[0]) && l.isAligned(d.Args[1])
	}
	return false
}

// atomicCells is how many cells the code for atomic operations works in.
const atomicCells = 4

func (l *lower) atomicLimit(mem int, x *access) int32 {
	switch {
	case x.form == toOne:
		return l.limitOf(limitKey{mem: mem, size: 4, add: x.k, unit: 1, most: 1 << 62})
	case x.add >= 0:
		return l.limitOf(limitKey{mem: mem, size: 4, unit: 1, most: 1 << 62})
	}
	most := int64(1) << 31
	if !scales(x.scale) {
		most = offsetsMost / x.scale
	}
	return l.limitOf(limitKey{mem: mem, size: 4, add: x.k, unit: x.scale, most: most})
}

// atomicSum adds the sum of all lanes to one place, of which nobody wants to
// know what was there.
func (l *lower) atomicSum(in *ir.Instr, mem int, a access) {
	var sum vreg
	for _, v := range l.groupLanes(in.Args[2], ir.I32, 0) {
		if sum == 0 {
			sum = v
		} else {
			sum = l.vop(ir.OpAdd, ir.I32, ir.I32, sum, v)
		}
	}
	for d := l.geo.v / 2; d > 0; d /= 2 {
		sum = l.vop(ir.OpAdd, ir.I32, ir.I32, sum, l.permute(sum, ir.I32, func(i int) int { return i ^ d }))
	}
	total := l.emit1(lExtract, scalar, 0, sum)
	s := l.newSite(in)
	if s.Args[1].Kind != Constant {
		a.add = s.Args[1].Cell
	}
	if s.Act.Kind != Absent {
		a.act, a.masks = s.Act.Cell, l.geo.u
	}
	a.limit = l.atomicLimit(mem, &a)
	cells := append(append([]vreg(nil), s.cells...), total, l.baseOf(mem))
	a.val, a.base = len(s.cells), len(s.cells)+1
	l.lay.cells = max(l.lay.cells, len(s.cells))
	l.emit(ins{op: lAtomicAdd, t: in.Type, s: cells, x: s, a: &a, src: in})
}
