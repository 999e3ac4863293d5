package opt

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Fold computes what is known before the kernel runs and does once what is done
// twice: operations on constants, branches on what is known, operations that
// change nothing, operations already done (value numbering: an operation is
// there already if it was done in this region or one around it), loads of what
// has been loaded or stored and cannot have changed since.
func Fold(f *ir.Func) (changed bool) {
	n := len(f.Values)
	defs := definitions(f)
	t := tables.Get().(*[2]table)
	t[0].grow(n)
	t[1].grow(n / 4)
	d := folder{
		f:       f,
		subst:   make([]ir.Value, n, n+n/4),
		defs:    defs,
		effects: effectsOf(f, defs),
		seen:    &t[0],
		known:   &t[1],
	}
	d.block(f.Body)
	d.seen.forget(0)
	d.known.forget(0)
	tables.Put(t)
	f.Body.Code = append(d.consts, f.Body.Code...)
	return true
}

// tables are those of seen and known, which one Fold leaves to the next.
var tables = sync.Pool{New: func() any { return new([2]table) }}

type folder struct {
	f       *ir.Func
	out     *ir.Block // where code goes
	subst   substitution
	defs    []*ir.Instr
	effects []effects // by instruction
	seen    *table    // operations done, and loads
	known   *table    // constants at the top of the function
	memory  versions
	consts  []*ir.Instr // all there are, for the top of the function
	assumed []assumption
}

// An assumption is what a value has been replaced by in a region, and what by
// before.
type assumption struct{ v, old ir.Value }

// constant returns the bits of v if it is a constant, but for a Ref.
func (d *folder) constant(v ir.Value) (uint64, bool) {
	if in := d.defs[v]; in != nil && in.Op == ir.OpConst && in.Type != ir.Ref {
		return uint64(in.Imm), true
	}
	return 0, false
}

// constants moves a constant to the top of the function, if it is not there.
func (d *folder) constants(in *ir.Instr) {
	k := keyOf(in)
	if v := d.known.find(&k); v != ir.NoValue {
		d.subst[in.Out] = v
		return
	}
	d.consts = append(d.consts, in)
	d.known.add(&k, in.Out)
}

func (d *folder) newConst(t ir.Type, bits uint64) ir.Value {
	k := key{op: ir.OpConst, t: t, imm: int64(bits)}
	if v := d.known.find(&k); v != ir.NoValue {
		return v
	}
	in := d.f.NewInstr(ir.OpConst, t, ir.Pos{})
	in.Imm = int64(bits)
	d.define(in)
	d.consts = append(d.consts, in)
	d.known.add(&k, in.Out)
	return in.Out
}

// define gives a new instruction its result.
func (d *folder) define(in *ir.Instr) {
	in.Out = d.f.NewValue(in.Type, "")
	d.subst = append(d.subst, ir.NoValue)
	d.defs = append(d.defs, in)
}

// emit appends an operation, unless its result is there already, and returns the
// result.
func (d *folder) emit(op ir.Op, t ir.Type, pos ir.Pos, args ...ir.Value) ir.Value {
	in := d.f.NewInstr(op, t, pos, args...)
	d.define(in)
	if v := d.pure(in); v != ir.NoValue {
		return v
	}
	d.out.Code = append(d.out.Code, in)
	return in.Out
}

// block folds b; it still ends in a terminator.
func (d *folder) block(b *ir.Block) {
	mark, assumed, outer := len(d.seen.entries), len(d.assumed), d.out
	code := b.Code
	b.Code = make([]*ir.Instr, 0, len(code))
	d.out = b
	d.into(b, code)
	d.out = outer
	d.seen.forget(mark)
	d.undo(assumed)
}

// into appends code, folded, to b. It reports false if the rest can never run.
func (d *folder) into(b *ir.Block, code []*ir.Instr) bool {
	for _, in := range code {
		d.subst.all(in.Args)
		switch in.Op.Info().Class {
		case ir.Control:
			if in.Op == ir.OpIf {
				if c, ok := d.constant(in.Args[0]); ok {
					if !d.taken(b, in, in.Body[1-c]) {
						return false
					}
					continue
				}
				d.branch(in)
				b.Code = append(b.Code, in)
				d.afterwards(in)
				continue
			}
			d.region(in)
		case ir.Term:
			b.Code = append(b.Code, in)
			return false
		case ir.Input, ir.Pure, ir.Math:
			if in.Op == ir.OpConst {
				d.constants(in)
				continue
			}
			if v := d.pure(in); v != ir.NoValue {
				d.subst[in.Out] = v
				continue
			}
		default:
			d.address(in)
			if in.Op == ir.OpLoad {
				if v := d.load(in); v != ir.NoValue {
					d.subst[in.Out] = v
					continue
				}
			} else if w := d.effects[in.ID]; w != 0 {
				d.memory.write(w, d.f)
				if in.Op == ir.OpStore && in.Imm2 != ir.Volatile {
					d.stored(in)
				}
			}
		}
		b.Code = append(b.Code, in)
	}
	return true
}

func (d *folder) branch(in *ir.Instr) {
	before := d.memory
	for i, arm := range in.Body {
		mark := len(d.assumed)
		d.memory.of, d.memory.any = before.of, before.any
		d.assume(in.Args[0], i == 0)
		d.block(arm)
		d.undo(mark)
	}
	d.memory.of, d.memory.any = before.of, before.any
	d.memory.write(d.effects[in.ID], d.f)
}

func (d *folder) region(in *ir.Instr) {
	w := d.effects[in.ID]
	if in.Op == ir.OpLoop {
		d.memory.write(w, d.f) // by the turn before
	}
	d.block(in.Body[0])
	d.memory.write(w, d.f)
}

// afterwards notes what holds behind an If of which one arm leaves.
func (d *folder) afterwards(in *ir.Instr) {
	then, els := in.Body[0].Last().Op == ir.OpYield, in.Body[1].Last().Op == ir.OpYield
	if then != els {
		d.assume(in.Args[0], then)
	}
}

// assume notes that c is known until the region ends.
func (d *folder) assume(c ir.Value, is bool) {
	bits := uint64(0)
	if is {
		bits = 1
	}
	in := d.defs[c]
	if in != nil && in.Op == ir.OpConst {
		return
	}
	d.replace(c, d.newConst(ir.Bool, bits))
	if in == nil {
		return
	}
	switch {
	case in.Op == ir.OpNot:
		d.assume(d.subst.of(in.Args[0]), !is)
	case in.Op == ir.OpAnd && is, in.Op == ir.OpOr && !is:
		d.assume(d.subst.of(in.Args[0]), is)
		d.assume(d.subst.of(in.Args[1]), is)
	case in.Op == ir.OpEq && is, in.Op == ir.OpNe && !is:
		x, y := d.subst.of(in.Args[0]), d.subst.of(in.Args[1])
		if _, ok := d.constant(y); ok && x != y && d.f.TypeOf(x) != ir.Bool {
			if _, ok := d.constant(x); !ok {
				d.replace(x, y)
			}
		}
	}
}

func (d *folder) replace(v, by ir.Value) {
	d.assumed = append(d.assumed, assumption{v, d.subst[v]})
	d.subst[v] = by
}

func (d *folder) undo(mark int) {
	for i := len(d.assumed) - 1; i >= mark; i-- {
		d.subst[d.assumed[i].v] = d.assumed[i].old
	}
	d.assumed = d.assumed[:mark]
}

// taken puts the arm that a constant chose in place of its If.
func (d *folder) taken(b *ir.Block, in *ir.Instr, arm *ir.Block) bool {
	last := arm.Last()
	if !d.into(b, arm.Code[:len(arm.Code)-1]) {
		return false // a taken arm within the arm left already
	}
	d.subst.all(last.Args)
	if last.Op != ir.OpYield {
		b.Code = append(b.Code, last)
		return false
	}
	for i, out := range in.Outs {
		d.subst[out] = last.Args[i]
	}
	return true
}

// pure returns what to use instead of in, or NoValue to keep it.
func (d *folder) pure(in *ir.Instr) ir.Value {
	if in.Op.Info().Class == ir.Pure {
		if v := d.simpler(in); v != ir.NoValue {
			return v
		}
	}
	k := keyOf(in)
	return d.once(&k, in.Out)
}

// once returns the value already known by k, or NoValue, and then remembers v.
func (d *folder) once(k *key, v ir.Value) ir.Value {
	if known := d.seen.find(k); known != ir.NoValue {
		return known
	}
	d.seen.add(k, v)
	return ir.NoValue
}

// keyOf returns the key of an operation, the same for either order of the operands
// of one of integers that commutes.
func keyOf(in *ir.Instr) key {
	k := key{op: in.Op, t: in.Type, space: in.Space, imm: in.Imm}
	switch len(in.Args) {
	case 3:
		k.c = in.Args[2]
		fallthrough
	case 2:
		k.b = in.Args[1]
		fallthrough
	case 1:
		k.a = in.Args[0]
	}
	switch in.Op {
	case ir.OpAdd, ir.OpMul, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax, ir.OpUMulHi, ir.OpSMulHi, ir.OpEq, ir.OpNe:
		k.a, k.b = min(k.a, k.b), max(k.a, k.b)
	}
	return k
}

// load returns a value that is what in would load, or NoValue.
func (d *folder) load(in *ir.Instr) ir.Value {
	if in.Imm2 == ir.Volatile {
		return ir.NoValue
	}
	k := keyOf(in)
	k.version = d.memory.read(class(d.f, d.defs, in.Args[0], in.Space), in.Space)
	return d.once(&k, in.Out)
}

// stored notes that what in has stored is what a load finds there.
func (d *folder) stored(in *ir.Instr) {
	k := key{op: ir.OpLoad, t: in.Type, space: in.Space, imm: in.Imm, a: in.Args[0], b: in.Args[1]}
	k.version = d.memory.read(class(d.f, d.defs, k.a, in.Space), in.Space)
	d.seen.add(&k, in.Args[2])
}

func (d *folder) simpler(in *ir.Instr) ir.Value {
	args := in.Args
	if in.Op == ir.OpSelect {
		if c, ok := d.constant(args[0]); ok {
			return args[2-c]
		}
		if args[1] == args[2] {
			return args[1]
		}
	}
	if in.Type == ir.Ref {
		return ir.NoValue
	}
	if v, ok := ir.Simplify(in.Op, in.Type, args, d.constant); ok {
		return v
	}
	if v := d.rewrite(in); v != ir.NoValue {
		return v
	}
	if args = in.Args; len(args) == 0 {
		return ir.NoValue
	}
	var c [3]uint64
	for i, a := range args {
		bits, ok := d.constant(a)
		if !ok {
			return ir.NoValue
		}
		c[i] = bits
	}
	if r, ok := ir.Eval(in.Op, in.Type, d.f.TypeOf(args[0]), c[0], c[1], c[2]); ok {
		return d.newConst(in.Type, r)
	}
	return ir.NoValue
}

// address moves a constant added to the offset of a memory access into its
// displacement.
func (d *folder) address(in *ir.Instr) {
	switch in.Op {
	case ir.OpLoad, ir.OpStore, ir.OpAtomicLoad, ir.OpAtomicStore, ir.OpAtomicRMW, ir.OpAtomicCAS:
	default:
		return
	}
	x := d.defs[in.Args[1]]
	if x == nil || x.Op != ir.OpAdd {
		return
	}
	if c, ok := d.constant(x.Args[1]); ok {
		in.Args[1] = d.subst.of(x.Args[0])
		in.Imm += int64(c)
	}
}
