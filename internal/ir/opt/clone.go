package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// A cloner copies instructions, giving new values to what they define.
type cloner struct {
	f  *ir.Func
	to []ir.Value // by Value: what stands for it in the copy; NoValue for itself
	// made lists the values in to, so that it can be cleared.
	made  []ir.Value
	lists []ir.Value // where lists of values come from
}

func newCloner(f *ir.Func) cloner { return cloner{f: f, to: make([]ir.Value, len(f.Values))} }

// as makes w stand for v in what is copied next.
func (c *cloner) as(v, w ir.Value) {
	for int(v) >= len(c.to) {
		c.to = append(c.to, make([]ir.Value, len(c.f.Values)-len(c.to))...)
	}
	c.to[v] = w
	c.made = append(c.made, v)
}

// forget begins a new copy.
func (c *cloner) forget() {
	for _, v := range c.made {
		c.to[v] = ir.NoValue
	}
	c.made = c.made[:0]
}

func (c *cloner) value(v ir.Value) ir.Value {
	if int(v) < len(c.to) && c.to[v] != ir.NoValue {
		return c.to[v]
	}
	return v
}

func (c *cloner) values(vs []ir.Value) []ir.Value {
	if len(vs) == 0 {
		return nil
	}
	if len(c.lists) < len(vs) {
		c.lists = make([]ir.Value, max(128, len(vs)))
	}
	out := c.lists[:len(vs):len(vs)]
	c.lists = c.lists[len(vs):]
	for i, v := range vs {
		out[i] = c.value(v)
	}
	return out
}

// fresh returns a new value that stands for v.
func (c *cloner) fresh(v ir.Value) ir.Value {
	if v == ir.NoValue {
		return v
	}
	info := c.f.Values[v]
	w := c.f.NewValue(info.Type, info.Name)
	c.as(v, w)
	return w
}

func (c *cloner) freshAll(vs []ir.Value) []ir.Value {
	if len(vs) == 0 {
		return nil
	}
	out := make([]ir.Value, len(vs))
	for i, v := range vs {
		out[i] = c.fresh(v)
	}
	return out
}

func (c *cloner) instr(in *ir.Instr) *ir.Instr {
	out := c.f.NewInstr(in.Op, in.Type, in.Pos, c.values(in.Args)...)
	out.Space, out.Imm, out.Imm2 = in.Space, in.Imm, in.Imm2
	for _, b := range in.Body {
		body := &ir.Block{Params: c.freshAll(b.Params), Code: make([]*ir.Instr, len(b.Code))}
		for i, x := range b.Code {
			body.Code[i] = c.instr(x)
		}
		out.Body = append(out.Body, body)
	}
	out.Out = c.fresh(in.Out)
	out.Outs = c.freshAll(in.Outs)
	return out
}
