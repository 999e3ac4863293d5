package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Flatten replaces a Block that nothing leaves early by what it holds, and a
// carried value that no turn of its loop changes by its first value.
func Flatten(f *ir.Func) (changed bool) {
	fl := flattener{subst: make([]ir.Value, len(f.Values))}
	fl.turns = newLists(f.NumInstrs())
	fl.collect(f.Body, nil)
	fl.invariants(f.Body)
	fl.block(f.Body)
	return fl.changed
}

type flattener struct {
	subst   substitution
	turns   lists // by Loop: its Continues
	changed bool
}

// collect notes the Continues of each loop in b.
func (fl *flattener) collect(b *ir.Block, fr *frame) {
	for _, in := range b.Code {
		if in.Op == ir.OpContinue {
			fl.turns.add(fr.target(in).in, in)
		}
		inner := fr
		if in.Op == ir.OpLoop || in.Op == ir.OpBlock {
			inner = &frame{fr, in}
		}
		for _, body := range in.Body {
			fl.collect(body, inner)
		}
	}
}

// invariants finds carried values that stay what they were.
func (fl *flattener) invariants(b *ir.Block) {
	b.Walk(func(in *ir.Instr) bool {
		if in.Op != ir.OpLoop {
			return true
		}
		for i, param := range in.Body[0].Params {
			first := fl.subst.of(in.Args[i])
			same := true
			fl.turns.all(in, func(c *ir.Instr) {
				v := fl.subst.of(c.Args[i])
				same = same && (v == param || v == first)
			})
			if same {
				fl.subst[param] = first
				fl.changed = true
			}
		}
		return true
	})
}

func (fl *flattener) block(b *ir.Block) {
	code := b.Code
	b.Code = make([]*ir.Instr, 0, len(code))
	for _, in := range code {
		fl.subst.all(in.Args)
		if in.Op == ir.OpBlock {
			fl.tail(in)
		}
		if in.Op == ir.OpBlock && !left(in.Body[0], 0) {
			// Splice; what is in it names targets beyond the Block.
			fl.changed = true
			body := in.Body[0]
			lower(body, 0)
			fl.block(body)
			last := body.Last()
			b.Code = append(b.Code, body.Code[:len(body.Code)-1]...)
			if last.Op != ir.OpYield {
				b.Code = append(b.Code, last)
				return // the rest can never run
			}
			for i, out := range in.Outs {
				fl.subst[out] = fl.subst.of(last.Args[i])
			}
			continue
		}
		for _, body := range in.Body {
			fl.block(body)
		}
		b.Code = append(b.Code, in)
	}
}

// tail turns a Break that ends a Block, and only says what the end would, into
// a Yield.
func (fl *flattener) tail(in *ir.Instr) {
	if last := in.Body[0].Last(); last.Op == ir.OpBreak && last.Imm == 0 {
		last.Op = ir.OpYield
	}
}

// left reports whether a Break in b targets the construct depth levels out.
func left(b *ir.Block, depth int64) bool {
	for _, in := range b.Code {
		if in.Op == ir.OpBreak && in.Imm == depth {
			return true
		}
		d := depth
		if in.Op == ir.OpLoop || in.Op == ir.OpBlock {
			d++
		}
		for _, body := range in.Body {
			if left(body, d) {
				return true
			}
		}
	}
	return false
}

// lower takes one level away from the targets beyond depth.
func lower(b *ir.Block, depth int64) {
	for _, in := range b.Code {
		if (in.Op == ir.OpBreak || in.Op == ir.OpContinue) && in.Imm > depth {
			in.Imm--
		}
		d := depth
		if in.Op == ir.OpLoop || in.Op == ir.OpBlock {
			d++
		}
		for _, body := range in.Body {
			lower(body, d)
		}
	}
}
