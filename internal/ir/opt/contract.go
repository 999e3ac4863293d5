package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Contract makes a product and the sum it goes into one operation with one
// rounding, where both allow it (see ir.Contract). From there on it is decided:
// every engine computes the same.
func Contract(f *ir.Func) (changed bool) {
	if !contractible(f.Body) {
		return false
	}
	c := contractor{f: f, uses: make([]int32, len(f.Values)), products: make([]product, len(f.Values))}
	f.Body.Walk(func(in *ir.Instr) bool {
		for _, a := range in.Args {
			c.uses[a]++
		}
		return true
	})
	c.block(f.Body)
	return true
}

func contractible(b *ir.Block) bool {
	for _, in := range b.Code {
		if in.Op >= ir.OpFAdd && in.Op <= ir.OpFMul && in.Imm == ir.Contract {
			return true
		}
		for _, body := range in.Body {
			if contractible(body) {
				return true
			}
		}
	}
	return false
}

type contractor struct {
	f        *ir.Func
	uses     []int32
	products []product // by Value
	regions  int32     // begun so far
}

// A product may be fused only in its own region: a loop would compute it in each
// turn.
type product struct {
	in     *ir.Instr
	region int32
}

func (c *contractor) block(b *ir.Block) {
	c.regions++
	region := c.regions
	out := make([]*ir.Instr, 0, len(b.Code)+len(b.Code)/8)
	fused := false
	for _, in := range b.Code {
		for _, body := range in.Body {
			c.block(body)
		}
		if in.Op >= ir.OpFAdd && in.Op <= ir.OpFMul && in.Imm == ir.Contract {
			in.Imm = 0
			switch {
			case in.Type != ir.F32: // nothing does 16-bit floats in one step
			case in.Op == ir.OpFMul && c.uses[in.Out] == 1:
				c.products[in.Out] = product{in, region}
			case in.Op != ir.OpFMul:
				out = c.sum(in, region, out)
				fused = fused || in.Op == ir.OpFFma
			}
		}
		out = append(out, in)
	}
	if fused {
		kept := out[:0]
		for _, in := range out {
			if in.Op != ir.OpFMul || c.uses[in.Out] > 0 {
				kept = append(kept, in)
			}
		}
		out = kept
	}
	b.Code = out
}

// sum makes in a fused operation if an operand is a product. It appends to out
// what has to be there before.
func (c *contractor) sum(in *ir.Instr, region int32, out []*ir.Instr) []*ir.Instr {
	for i, v := range in.Args {
		p := c.products[v]
		if p.region != region {
			continue
		}
		x, y, z := p.in.Args[0], p.in.Args[1], in.Args[1-i]
		negate := func(v ir.Value) ir.Value {
			neg := c.f.NewInstr(ir.OpFNeg, in.Type, in.Pos, v)
			neg.Out = c.f.NewValue(in.Type, "")
			c.uses = append(c.uses, 1)
			c.products = append(c.products, product{})
			out = append(out, neg)
			return neg.Out
		}
		if in.Op == ir.OpFSub {
			if i == 0 {
				z = negate(z)
			} else {
				x = negate(x)
			}
		}
		c.uses[v] = 0
		in.Op, in.Args = ir.OpFFma, []ir.Value{x, y, z}
		break
	}
	return out
}
