package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// A loop like
//
//	for (uint k = i; k < n; k += size)
//
// is left by some threads before others, and yet in all its turns but the last
// one, or none, all threads of a chunk go together. That all are below n is the
// comparison of a scalar, for k is linear. So there are two loops: one without
// masks, that goes on as long as it is so, and the ragged one after it, for what
// is left.

// maxTogether is how many instructions a loop may have to be there twice.
const maxTogether = 300

// togetherTest returns the index in a ragged loop's body of the If that threads
// leave it by, if that is the only way out of it, by a comparison of linear
// values; -1 otherwise.
func (l *lower) togetherTest(loop *ir.Instr) int {
	if f := l.sh.Flow(loop); !f.Ragged || f.Cost > maxTogether {
		return -1
	}
	return l.exitOf(loop)
}

// stays returns the arm of an If that does not end by leaving, -1 if it is not
// one of two.
func stays(test *ir.Instr) int {
	a, b := test.Body[0].Last().Op == ir.OpYield, test.Body[1].Last().Op == ir.OpYield
	switch {
	case a == b:
		return -1
	case a:
		return 0
	}
	return 1
}

// together lowers the turns of a loop in which all threads go on, up to the If
// at index at of its body. It goes on behind itself when threads part.
func (l *lower) together(t *target, at int) {
	body := t.in.Body[0]
	test := body.Code[at]
	stay := stays(test)
	head, parted, some := l.label(), l.label(), l.label()
	l.loops++
	start := int64(len(l.code))
	l.emit(ins{op: lLoop, imm: l.loops})
	l.bind(head)
	l.stack = append(l.stack, t)
	l.scope(func() {
		l.run(body.Code[:at])
		l.unlessAll(test.Args[0], stay == 0, some)
		l.scope(func() { // what is made available here is not where threads part
			l.run(body.Code[at+1 : len(body.Code)-1])
			l.give(t.params, body.Params, body.Last().Args, false)
			l.emit(ins{op: lFuel, imm: int64(len(l.code)) - start, src: t.in})
			l.jump(head)
		})
		l.bind(some)
		l.unlessAll(test.Args[0], stay != 0, parted)
		l.give(l.outsOf(t.outs), t.outs, test.Body[1-stay].Last().Args, false)
		l.jump(t.done)
	})
	l.emit(ins{op: lEnd})
	l.bind(parted)
	l.stack = l.stack[:len(l.stack)-1]
	body.Walk(l.forget)
}

// unlessAll jumps to a label unless the condition, of linear values, is true, or
// false, for all lanes of the chunk. It may jump when that is so all the same.
func (l *lower) unlessAll(cond ir.Value, want bool, label int64) {
	d := l.sh.Defs[cond]
	x, y, strict := d.Args[0], d.Args[1], d.Op == ir.OpULt || d.Op == ir.OpSLt
	if !want {
		x, y, strict = y, x, !strict
	}
	l.unlessBelow(x, y, strict, d.Op >= ir.OpSLt, label)
}

// unlessBelow jumps to a label unless x is below y, or not above it, in all
// lanes. It may jump when that is so all the same.
func (l *lower) unlessBelow(x, y ir.Value, strict, signed bool, label int64) {
	// The greatest of x must be less than the least of y, where neither wraps.
	op, ext, end := ir.OpULe, ir.OpZExt, uint64(1)<<32
	switch {
	case signed && strict:
		op = ir.OpSLt
	case signed:
		op = ir.OpSLe
	case strict:
		op = ir.OpULt
	}
	if signed {
		ext, end = ir.OpSExt, 1<<31
	}
	lower := func(v ir.Value) (least vreg, span int64) {
		if c, ok := l.sh.Constant(v); ok {
			if signed {
				c = uint64(int64(int32(c)))
			}
			return l.imm(c), 0
		}
		lo, across := l.geo.lanes(l.sh.Values[v])
		return l.scalarOp(ext, ir.I64, ir.I32, l.plus(ir.I32, l.g(v, 0), lo)), across
	}
	least, span := lower(x)
	most := l.plus(ir.I64, least, span)
	least, span = lower(y)
	l.emit(ins{op: lJumpCmp, irop: op, from: ir.I64, imm: label, s: []vreg{most, least}, inout: true})
	if span > 0 {
		l.emit(ins{op: lJumpCmp, irop: ir.OpSLt, from: ir.I64, imm: label, s: []vreg{l.plus(ir.I64, least, span), l.imm(end)}, inout: true})
	}
}

// run lowers instructions that are done one after the other.
func (l *lower) run(code []*ir.Instr) {
	for i, in := range code {
		if !l.bundled(code, i) {
			l.instr(in)
		}
	}
}
