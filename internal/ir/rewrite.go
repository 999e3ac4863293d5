package ir

// Rewrite replaces instructions of f, which must be whole. It asks with about each
// instruction but the inputs at the top, in order, those inside of a region before
// those behind it; the operands are already what has replaced theirs. What with
// emits stands where the instruction is. If it returns values, one for each of the
// instruction's results, they take their place and the instruction goes; with drop
// it goes without.
//
// A Builder that rewrites must not be Finished.
func Rewrite(f *Func, with func(b *Builder, in *Instr) (results []Value, drop bool)) {
	r := rewriter{b: &Builder{F: f, known: map[inputKey]Value{}, bits: map[Value]uint64{}}, with: with, subst: make([]Value, len(f.Values))}
	code := f.Body.Code
	for len(code) > 0 && code[0].Op.Info().Class == Input {
		in := code[0]
		r.b.inputs = append(r.b.inputs, in)
		r.b.known[inputKey{in.Op, in.Type, in.Imm}] = in.Out
		if in.Op == OpConst && in.Type != Ref {
			r.b.bits[in.Out] = uint64(in.Imm) & Mask(in.Type)
		}
		code = code[1:]
	}
	body := r.block(code)
	f.Body.Code = append(r.b.inputs, body...)
}

type rewriter struct {
	b     *Builder
	with  func(*Builder, *Instr) ([]Value, bool)
	subst []Value // by Value of what is gone: what stands for it
}

func (r *rewriter) block(code []*Instr) []*Instr {
	outer := r.b.cur
	block := &Block{Code: make([]*Instr, 0, len(code))}
	r.b.cur = block
	for _, in := range code {
		for i, a := range in.Args {
			if int(a) < len(r.subst) && r.subst[a] != NoValue {
				in.Args[i] = r.subst[a]
			}
		}
		for _, body := range in.Body {
			body.Code = r.block(body.Code)
		}
		r.b.Pos = in.Pos
		results, drop := r.with(r.b, in)
		if results == nil && !drop {
			block.Code = append(block.Code, in)
			continue
		}
		outs := in.Outs
		if in.Out != NoValue {
			outs = []Value{in.Out}
		}
		for i, v := range results {
			r.subst[outs[i]] = v
		}
	}
	r.b.cur = outer
	return block.Code
}

// Choose runs then where cond is true, otherwise els, and returns what they
// return: as many values, of the same types.
func (b *Builder) Choose(cond Value, then, els func() []Value) []Value {
	if c, ok := b.bits[cond]; ok {
		if c != 0 {
			return then()
		}
		return els()
	}
	in := b.F.NewInstr(OpIf, Void, b.Pos, cond)
	in.Body = []*Block{{}, {}}
	outer := b.cur
	var results []Value
	for i, arm := range []func() []Value{then, els} {
		b.cur = in.Body[i]
		results = arm()
		b.end(OpYield, 0, results)
	}
	for _, v := range results {
		in.Outs = append(in.Outs, b.F.NewValue(b.F.TypeOf(v), ""))
	}
	b.cur = outer
	b.add(in)
	return in.Outs
}
