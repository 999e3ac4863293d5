package jit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// What is between a load and what wants it tells whether they may be one.
func TestFoldLoads(t *testing.T) {
	src := &ir.Instr{Op: ir.OpLoad}
	for _, c := range []struct {
		name    string
		between *ins // of 9, a scalar that nobody wants, the base and the index
		load    func(*ins)
		use     ir.Op
		operand int
		cpu     backend // nil: AVX-512
		folds   bool
	}{
		{name: "nothing", folds: true},
		{name: "factor", use: ir.OpFFma, operand: 1, folds: true},
		{name: "first of two", operand: 0, folds: true},
		{name: "subtrahend", use: ir.OpFSub, operand: 1, folds: true},
		{name: "minuend", use: ir.OpFSub, operand: 0},
		{name: "addend of a product", use: ir.OpFFma, operand: 2},
		{name: "another load", between: &ins{op: lAccess, src: src, a: &access{leaf: -1, add: -1}}, folds: true},
		{name: "a jump that is not taken", between: &ins{op: lJumpNone}, folds: true},
		{name: "a store", between: &ins{op: lAccess, src: src, a: &access{write: true}}},
		{name: "a volatile load", between: &ins{op: lAccess, src: &ir.Instr{Op: ir.OpLoad, Imm2: ir.Volatile}, a: &access{}}},
		{name: "an atomic operation", between: &ins{op: lAtomic}},
		{name: "the beginning of a loop", between: &ins{op: lLoop}},
		{name: "a label", between: &ins{op: lLabel}},
		{name: "the caller", between: &ins{op: lCall}},
		{name: "the end of a turn", between: &ins{op: lFuel}},
		{name: "another base", between: &ins{op: lConst, d: []vreg{1}}},
		{name: "another index", between: &ins{op: lConst, d: []vreg{2}}},
		{name: "volatile", load: func(in *ins) { in.src = &ir.Instr{Op: ir.OpLoad, Imm2: ir.Volatile} }},
		{name: "perhaps outside", load: func(in *ins) { in.a.safe = false }},
		{name: "halves", load: func(in *ins) { in.t = ir.F16 }},
		{name: "one for all", load: func(in *ins) { in.a.form = toOne }, folds: true},
		{name: "one for all, with AVX2", load: func(in *ins) { in.a.form = toOne }, cpu: amd64{AVX2}},
		{name: "a row, with AVX2", cpu: amd64{AVX2}, folds: true},
		{name: "a row, with NEON", cpu: arm64{}},
		{name: "far away", load: func(in *ins) { in.a.k = 1 << 31 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.cpu == nil {
				c.cpu = amd64{AVX512}
			}
			if c.use == ir.OpInvalid {
				c.use = ir.OpFAdd
			}
			l := &lower{cpu: c.cpu, room: new(room)}
			l.regs = make([]vinfo, 10)
			l.regs[1].class, l.regs[2].class = scalar, scalar
			for i := range l.regs[3:] {
				l.regs[3+i].class = vector
			}
			load := ins{op: lAccess, t: ir.F32, src: src, d: []vreg{3, 4}, s: []vreg{1, 2},
				a: &access{form: toRow, safe: true, base: 0, add: 1, leaf: -1, k: 64, parts: 2, scale: 4}}
			load.a.part[1] = 16
			if c.load != nil {
				c.load(&load)
			}
			s := []vreg{5, 6, 7}
			if c.use != ir.OpFFma {
				s = s[:2]
			}
			s[c.operand] = 4
			l.code = []ins{load, {op: lVec, irop: c.use, t: ir.F32, d: []vreg{8}, s: s}, {op: lSaveV, s: []vreg{2, 3}}}
			if c.between != nil {
				l.code = append(l.code[:1], append([]ins{*c.between}, l.code[1:]...)...)
			}
			require.Equal(t, c.folds, l.foldLoads())
			use := l.code[len(l.code)-2]
			if !c.folds {
				require.Equal(t, s, use.s)
				require.Zero(t, l.regs[4].place)
				return
			}
			require.Equal(t, append(append([]vreg{}, s...), 1, 2), use.s, "the scalars stay alive")
			require.Equal(t, place{base: 1, index: 2, scale: 1, one: load.a.form == toOne, disp: 128}, l.operands[l.regs[4].place-1])
			require.Zero(t, l.regs[3].place)
			require.Equal(t, lAccess, l.code[0].op, "another part is loaded")
		})
	}
}
