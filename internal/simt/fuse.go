package simt

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Pairs of operations that run as one. Each still rounds as it would alone: it
// is the trips through registers that are saved.

// A fusion is what an instruction does besides its own work.
type fusion struct {
	mul  *ir.Instr // of FAdd and FSub: the product that is an operand
	form mulForm
}

// mulForm tells which operand of a sum or difference is the product.
type mulForm uint8

const (
	mulAdd mulForm = iota // a*b + c
	mulSub                // a*b - c
	subMul                // c - a*b
)

// fuse looks for pairs in b and the regions in it.
func (c *compiler) fuse(b *ir.Block) {
	here := make(map[ir.Value]*ir.Instr) // products of this block that are used once
	for _, in := range b.Code {
		switch {
		case in.Op == ir.OpFMul && in.Type == ir.F32 && c.uses[in.Out] == 1:
			here[in.Out] = in
		case (in.Op == ir.OpFAdd || in.Op == ir.OpFSub) && in.Type == ir.F32:
			for i, v := range in.Args {
				mul := here[v]
				if mul == nil {
					continue
				}
				form := mulAdd
				if in.Op == ir.OpFSub {
					form = mulSub + mulForm(i)
				}
				c.fused[in] = fusion{mul, form}
				c.skip[mul] = true
				break
			}
		}
		for _, inner := range in.Body {
			c.fuse(inner)
		}
	}
}

// operands returns the values that an instruction reads, with what is fused to
// it; in no particular order if it is an access.
func (c *compiler) operands(in *ir.Instr) []ir.Value {
	if a, ok := c.places[in]; ok {
		args := []ir.Value{in.Args[0], a.index}
		if a.base != ir.NoValue {
			args = append(args, a.base)
		}
		return append(args, in.Args[2:]...)
	}
	f, ok := c.fused[in]
	if !ok {
		return in.Args
	}
	other := in.Args[0]
	if other == f.mul.Out {
		other = in.Args[1]
	}
	return []ir.Value{f.mul.Args[0], f.mul.Args[1], other}
}

// execMulAdd is a product and a sum or difference, of F32.
func execMulAdd(m *machine, in *inst) {
	d, a, b, c := &m.r[in.d], &m.r[in.a], &m.r[in.b], &m.r[in.c]
	form := mulForm(in.imm2)
	if a.tag == uniform {
		a, b = b, a
	}
	if a.tag == uniform { // both are
		// The conversion keeps the product from being fused with the sum.
		p := float32(math.Float32frombits(uint32(a.u)) * math.Float32frombits(uint32(b.u)))
		if c.tag == uniform {
			x := math.Float32frombits(uint32(c.u))
			switch form {
			case mulAdd:
				p += x
			case mulSub:
				p -= x
			case subMul:
				p = x - p
			}
			d.setU(uint64(math.Float32bits(p)))
			return
		}
		x := eights(operand[float32](m, c, ir.F32))
		z := eights(newVec[float32](m, d))
		switch form {
		case mulAdd:
			addVS(z, x, p)
		case mulSub:
			subSV(z, x, p)
		case subMul:
			subVS(z, x, p)
		}
		return
	}
	x, y := eights(operand[float32](m, a, ir.F32)), eights(operand[float32](m, c, ir.F32))
	if b.tag == uniform {
		s := math.Float32frombits(uint32(b.u))
		z := eights(newVec[float32](m, d))
		switch form {
		case mulAdd:
			mulAddVS(z, x, s, y)
		case mulSub:
			mulSubVS(z, x, s, y)
		case subMul:
			subMulVS(z, x, s, y)
		}
		return
	}
	w := eights(operand[float32](m, b, ir.F32))
	z := eights(newVec[float32](m, d))
	switch form {
	case mulAdd:
		mulAddVV(z, x, w, y)
	case mulSub:
		mulSubVV(z, x, w, y)
	case subMul:
		subMulVV(z, x, w, y)
	}
}
