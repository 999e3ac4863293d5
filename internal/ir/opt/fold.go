package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Fold computes what is known before the kernel runs: operations on constants,
// branches on constants, operations that change nothing, and operations and loads
// of constant memory already done (value numbering within the regions that dominate).
func Fold(f *ir.Func) {
	d := folder{
		f:     f,
		subst: make([]ir.Value, len(f.Values)),
		bits:  map[ir.Value]uint64{},
		seen:  map[key]ir.Value{},
		def:   make([]*ir.Instr, len(f.Values)),
	}
	d.block(f.Body)
	f.Body.Code = append(d.consts, f.Body.Code...)
}

type folder struct {
	f      *ir.Func
	subst  []ir.Value // by Value: what to use in its place
	def    []*ir.Instr
	bits   map[ir.Value]uint64 // of constants
	seen   map[key]ir.Value    // operations done in an enclosing region
	log    []key               // of seen, to be forgotten when a region ends
	consts []*ir.Instr         // new ones, for the top of the function
}

// key is all that decides the result of a pure operation.
type key struct {
	op      ir.Op
	t       ir.Type
	imm     int64
	a, b, c ir.Value
}

func (d *folder) constant(v ir.Value) (uint64, bool) {
	bits, ok := d.bits[v]
	return bits, ok
}

func (d *folder) resolve(args []ir.Value) {
	for i, a := range args {
		if to := d.subst[a]; to != ir.NoValue {
			args[i] = to
		}
	}
}

func (d *folder) newConst(t ir.Type, bits uint64) ir.Value {
	k := key{op: ir.OpConst, t: t, imm: int64(bits)}
	if v, ok := d.seen[k]; ok {
		return v
	}
	in := d.f.NewInstr(ir.OpConst, t, ir.Pos{})
	in.Imm = int64(bits)
	in.Out = d.f.NewValue(t, "")
	d.subst = append(d.subst, ir.NoValue)
	d.def = append(d.def, in)
	d.consts = append(d.consts, in)
	d.bits[in.Out] = bits
	d.seen[k] = in.Out // at the top, so it is never forgotten
	return in.Out
}

// block folds b and reports nothing; b still ends in a terminator.
func (d *folder) block(b *ir.Block) {
	mark := len(d.log)
	code := b.Code
	b.Code = make([]*ir.Instr, 0, len(code))
	d.into(b, code)
	for _, k := range d.log[mark:] {
		delete(d.seen, k)
	}
	d.log = d.log[:mark]
}

// into appends code, folded, to b. It reports false if the rest can never run.
func (d *folder) into(b *ir.Block, code []*ir.Instr) bool {
	for _, in := range code {
		d.resolve(in.Args)
		switch in.Op.Info().Class {
		case ir.Control:
			if in.Op == ir.OpIf {
				if c, ok := d.bits[in.Args[0]]; ok {
					if !d.taken(b, in, in.Body[1-c]) {
						return false
					}
					continue
				}
			}
			for _, body := range in.Body {
				d.block(body)
			}
		case ir.Term:
			b.Code = append(b.Code, in)
			return false
		case ir.Input, ir.Pure, ir.Math:
			if v := d.pure(in); v != ir.NoValue {
				d.subst[in.Out] = v
				continue
			}
		default:
			d.address(in)
			// Constant memory does not change while a kernel runs, so a load
			// of it is as good as an operation on its address.
			if in.Op == ir.OpLoad && in.Space == ir.Constant {
				if v := d.seenAs(in); v != ir.NoValue {
					d.subst[in.Out] = v
					continue
				}
			}
		}
		if in.Out != ir.NoValue {
			d.def[in.Out] = in
		}
		b.Code = append(b.Code, in)
	}
	return true
}

// taken puts the arm that a constant chose in place of its If.
func (d *folder) taken(b *ir.Block, in *ir.Instr, arm *ir.Block) bool {
	last := arm.Last()
	d.into(b, arm.Code[:len(arm.Code)-1])
	if n := len(b.Code); n > 0 && b.Code[n-1].Op.Info().Class == ir.Term {
		return false // a taken arm within the arm left already
	}
	d.resolve(last.Args)
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
	if v := d.seenAs(in); v != ir.NoValue {
		return v
	}
	if in.Op == ir.OpConst && in.Type != ir.Ref {
		d.bits[in.Out] = uint64(in.Imm)
	}
	return ir.NoValue
}

// seenAs returns the result of the same operation where it dominates in, or
// NoValue, and then remembers in.
func (d *folder) seenAs(in *ir.Instr) ir.Value {
	k := key{op: in.Op, t: in.Type, imm: in.Imm}
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
	if v, ok := d.seen[k]; ok {
		return v
	}
	d.seen[k] = in.Out
	d.log = append(d.log, k)
	return ir.NoValue
}

func (d *folder) simpler(in *ir.Instr) ir.Value {
	args := in.Args
	if in.Op == ir.OpSelect {
		if c, ok := d.bits[args[0]]; ok {
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
	if in.Op == ir.OpNot {
		if x := d.def[args[0]]; x != nil && x.Op == ir.OpNot {
			return x.Args[0]
		}
	}
	d.chain(in)
	var c [3]uint64
	for i, a := range args {
		bits, ok := d.bits[a]
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

// chain makes (x + c1) + c2 into x + (c1 + c2), of integers.
func (d *folder) chain(in *ir.Instr) {
	if in.Op != ir.OpAdd {
		return
	}
	c2, ok := d.bits[in.Args[1]]
	if !ok {
		return
	}
	x := d.def[in.Args[0]]
	if x == nil || x.Op != ir.OpAdd {
		return
	}
	if c1, ok := d.bits[x.Args[1]]; ok {
		in.Args = []ir.Value{x.Args[0], d.newConst(in.Type, (c1+c2)&ir.Mask(in.Type))}
	}
}

// address moves a constant added to the offset of a memory access into its
// displacement.
func (d *folder) address(in *ir.Instr) {
	switch in.Op {
	case ir.OpLoad, ir.OpStore, ir.OpAtomicLoad, ir.OpAtomicStore, ir.OpAtomicRMW, ir.OpAtomicCAS:
	default:
		return
	}
	x := d.def[in.Args[1]]
	if x == nil || x.Op != ir.OpAdd {
		return
	}
	if c, ok := d.bits[x.Args[1]]; ok {
		in.Args[1] = x.Args[0]
		in.Imm += int64(c)
	}
}
