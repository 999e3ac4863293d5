package ir

import "slices"

// Clone returns a copy of f that may be changed without changing f, with the same
// values and the same IDs of instructions. They share the Data of memories and the
// messages.
func (f *Func) Clone() *Func {
	c := *f
	c.slab = nil
	c.Mems, c.Vars, c.Values = slices.Clone(f.Mems), slices.Clone(f.Vars), slices.Clone(f.Values)
	c.Textures, c.Samplers = slices.Clone(f.Textures), slices.Clone(f.Samplers)
	c.Body = f.Body.clone()
	return &c
}

func (b *Block) clone() *Block {
	c := &Block{Params: slices.Clone(b.Params), Code: make([]*Instr, len(b.Code))}
	room := make([]Instr, len(b.Code))
	for i, in := range b.Code {
		x := &room[i]
		*x = *in
		x.Args, x.Outs = slices.Clone(in.Args), slices.Clone(in.Outs)
		if x.Body != nil {
			x.Body = make([]*Block, len(in.Body))
			for j, body := range in.Body {
				x.Body[j] = body.clone()
			}
		}
		c.Code[i] = x
	}
	return c
}
