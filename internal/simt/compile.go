package simt

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// An inst is one step of a block. exec does it; the rest is what exec needs.
type inst struct {
	exec    func(m *machine, in *inst)
	d, a, b int32 // registers: result and operands
	c, e    int32
	x       index
	op      ir.Op
	t       ir.Type // of the result, or of what is stored
	from    ir.Type // of operand a
	unused  bool    // nobody looks at the result
	last    bool    // a Continue at the end of its loop's body
	width   uint8   // bits of t
	size    int64   // bytes of a memory access
	imm     int64
	imm2    int64
	ctl     *control
	tex     *texStep // of an operation on a texture
	matrix  *matrixStep
	printf  *printfStep
	moves   []move
	src     *ir.Instr
}

// A block is a region.
type block struct {
	code []inst
	cost int64 // of entering it: see machine.fuel
}

// A control is an If, a Loop or a Block.
type control struct {
	id     int32 // of its frame
	body   []*block
	params []param // of a Loop
	outs   []int32 // registers of the results
}

// A param is a value that a Loop carries: Continue writes next, and the two
// change places when the next turn begins.
type param struct {
	reg, next int32
	t         ir.Type
}

// A move gives an argument of a terminator to the register that receives it.
type move struct {
	dst, src int32
	t        ir.Type
	dies     bool // src is not needed any more
}

// A compiler makes a Program of a Func.
type compiler struct {
	f *ir.Func
	p *Program

	slot     []int32 // by value; -1 if it has none yet
	depth    []int32 // of the block that defines the value; inputs have -1
	last     []int32 // index, in that block, of the last instruction to use it
	uses     []int32
	fused    map[*ir.Instr]fusion
	skip     map[*ir.Instr]bool // done by another instruction
	defs     []*ir.Instr        // by value; nil for parameters and results of regions
	places   map[*ir.Instr]address
	chain    []ir.Value // next value that dies at the same instruction
	free     [k64 + 1][]int32
	known    map[input]int32
	textured bool // it has operations on textures

	stack []*control // enclosing Loops and Blocks
}

func (c *compiler) compile() error {
	n := len(c.f.Values)
	c.slot = make([]int32, n)
	c.depth = make([]int32, n)
	c.last = make([]int32, n)
	c.uses = make([]int32, n)
	c.chain = make([]ir.Value, n)
	c.known = make(map[input]int32)
	c.fused = make(map[*ir.Instr]fusion)
	c.skip = make(map[*ir.Instr]bool)
	c.defs = make([]*ir.Instr, n)
	c.places = make(map[*ir.Instr]address)
	for i := range c.slot {
		c.slot[i] = -1
	}
	c.collect(c.f.Body)
	if err := c.count(c.f.Body); err != nil {
		return err
	}
	c.fuse(c.f.Body)
	c.chooseIndex(c.f.Body)
	if err := c.scan(c.f.Body, nil); err != nil {
		return err
	}
	c.layout()
	root := &control{id: c.newControl()}
	c.stack = []*control{root}
	b, err := c.block(c.f.Body, 0, nil)
	if err != nil {
		return err
	}
	root.body = []*block{b}
	c.p.body = b
	if c.textured {
		c.p.texRegs = len(c.p.slots)
		for range texSlots {
			c.p.slots = append(c.p.slots, k64)
		}
	}
	return nil
}

func (c *compiler) newControl() int32 {
	c.p.controls++
	return int32(c.p.controls - 1)
}

// collect gives every input its register.
func (c *compiler) collect(b *ir.Block) {
	b.Walk(func(in *ir.Instr) bool {
		switch in.Op {
		case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpTexture, ir.OpSampler:
			k := input{in.Op, in.Type, in.Imm}
			s, ok := c.known[k]
			if !ok {
				s = int32(len(c.p.slots))
				c.known[k] = s
				c.p.slots = append(c.p.slots, kindOf(in.Type))
				c.p.inputs = append(c.p.inputs, k)
			}
			c.slot[in.Out] = s
		}
		return true
	})
}

// count counts the uses of every value.
func (c *compiler) count(b *ir.Block) (err error) {
	b.Walk(func(in *ir.Instr) bool {
		for _, v := range in.Args {
			if int(v) <= 0 || int(v) >= len(c.slot) {
				err = fmt.Errorf("operation %s uses value %d, which there is not", in.Op, v)
				return false
			}
			c.uses[v]++
		}
		if in.Out != ir.NoValue {
			c.defs[in.Out] = in
		}
		return true
	})
	return err
}

// scan finds the last use of every value. at holds the index of the current
// instruction in each enclosing block.
func (c *compiler) scan(b *ir.Block, at []int32) error {
	at = append(at, 0)
	depth := int32(len(at) - 1)
	define := func(v ir.Value, i int) {
		c.depth[v], c.last[v] = depth, int32(i)
	}
	for _, v := range b.Params {
		define(v, 0)
	}
	for i, in := range b.Code {
		at[depth] = int32(i)
		switch in.Op {
		case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpTexture, ir.OpSampler:
			c.depth[in.Out] = -1
			continue
		}
		if c.skip[in] {
			continue
		}
		for _, v := range c.operands(in) {
			if d := c.depth[v]; d >= 0 {
				if d > depth {
					return fmt.Errorf("operation %s uses a value out of its region", in.Op)
				}
				c.last[v] = at[d]
			}
		}
		if in.Out != ir.NoValue {
			define(in.Out, i)
		}
		for _, v := range in.Outs {
			define(v, i)
		}
		for _, inner := range in.Body {
			if err := c.scan(inner, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// alloc returns a register for v, to be freed after its last use.
func (c *compiler) alloc(v ir.Value, dying []ir.Value) int32 {
	s := c.take(c.f.TypeOf(v))
	c.slot[v] = s
	i := c.last[v]
	c.chain[v], dying[i] = dying[i], v
	return s
}

func (c *compiler) take(t ir.Type) int32 {
	k := kindOf(t)
	if n := len(c.free[k]); n > 0 {
		s := c.free[k][n-1]
		c.free[k] = c.free[k][:n-1]
		return s
	}
	c.p.slots = append(c.p.slots, k)
	return int32(len(c.p.slots) - 1)
}

func (c *compiler) release(s int32) {
	k := c.p.slots[s]
	c.free[k] = append(c.free[k], s)
}

// block compiles b, whose instructions are depth regions deep.
func (c *compiler) block(b *ir.Block, depth int32, params []int32) (*block, error) {
	out := &block{code: make([]inst, 0, len(b.Code))}
	dying := make([]ir.Value, len(b.Code))
	for i, v := range b.Params {
		c.slot[v] = params[i]
	}
	for i, in := range b.Code {
		switch in.Op {
		case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpTexture, ir.OpSampler, ir.OpFence:
			continue
		}
		if c.skip[in] {
			continue
		}
		step, err := c.inst(in, depth, dying)
		if err != nil {
			return nil, err
		}
		out.code = append(out.code, step)
		for v := dying[i]; v != ir.NoValue; v = c.chain[v] {
			c.release(c.slot[v])
		}
	}
	out.cost = int64(len(out.code)) + 1
	for i := range out.code {
		if out.code[i].tex != nil {
			out.cost += costOfTexel
		}
	}
	return out, nil
}

func (c *compiler) arg(args []ir.Value, i int) int32 {
	if i < len(args) {
		return c.slot[args[i]]
	}
	return -1
}

func (c *compiler) inst(in *ir.Instr, depth int32, dying []ir.Value) (inst, error) {
	s := inst{op: in.Op, t: in.Type, d: -1, imm: in.Imm, imm2: in.Imm2, src: in,
		width: uint8(in.Type.Bits()), size: int64(in.Type.Size())}
	switch in.Op {
	case ir.OpIf, ir.OpLoop, ir.OpBlock:
		return s, c.construct(&s, in, depth, dying)
	case ir.OpYield, ir.OpBreak, ir.OpContinue:
		return s, c.terminator(&s, in, depth)
	}
	if in.Op.IsTexture() {
		c.textured = true
		return s, c.texStep(&s, in, dying)
	}
	switch in.Op {
	case ir.OpMatLoad, ir.OpMatStore, ir.OpMatMulAdd:
		return s, c.matrixStep(&s, in, dying)
	case ir.OpPrintf:
		c.printfStep(&s, in)
		return s, nil
	}
	args := in.Args
	if _, ok := c.fused[in]; ok {
		args = c.operands(in)
	}
	s.a, s.b, s.c, s.e = c.arg(args, 0), c.arg(args, 1), c.arg(args, 2), c.arg(args, 3)
	s.x.reg = -1
	if a, ok := c.places[in]; ok {
		s.b = -1
		if a.base != ir.NoValue {
			s.b = c.slot[a.base]
		}
		s.x = index{c.slot[a.index], a.signed, a.scale}
	}
	if len(in.Args) > 0 {
		s.from = c.f.TypeOf(in.Args[0])
	}
	// The result's register is never one of the operands': all are live here.
	if in.Out != ir.NoValue {
		s.unused = c.uses[in.Out] == 0
		s.d = c.alloc(in.Out, dying)
	}
	s.exec = execOf(in.Op, in.Type, s.from)
	if f, ok := c.fused[in]; ok {
		s.exec, s.imm2 = execMulAdd, int64(f.form)
	}
	if s.exec == nil {
		return s, fmt.Errorf("operation %s does not work on %s", in.Op, in.Type)
	}
	return s, nil
}

func (c *compiler) construct(s *inst, in *ir.Instr, depth int32, dying []ir.Value) error {
	ctl := &control{id: c.newControl()}
	s.ctl = ctl
	for _, v := range in.Outs {
		ctl.outs = append(ctl.outs, c.alloc(v, dying))
	}
	want := 1
	switch in.Op {
	case ir.OpIf:
		s.exec, s.a, want = execIf, c.arg(in.Args, 0), 2
	case ir.OpBlock:
		s.exec = execBlock
	case ir.OpLoop:
		s.exec = execLoop
	}
	if len(in.Body) != want {
		return fmt.Errorf("operation %s has %d regions, not %d", in.Op, len(in.Body), want)
	}
	if in.Op == ir.OpIf {
		for _, b := range in.Body {
			// An If is no target, but Yield needs to know it.
			if err := c.region(ctl, b, depth, nil, false); err != nil {
				return err
			}
		}
		return nil
	}
	var regs []int32
	if in.Op == ir.OpLoop {
		b := in.Body[0]
		if len(in.Args) != len(b.Params) {
			return fmt.Errorf("a loop has %d initial values for %d parameters", len(in.Args), len(b.Params))
		}
		for i, v := range b.Params {
			t := c.f.TypeOf(v)
			p := param{c.take(t), c.take(t), t}
			ctl.params = append(ctl.params, p)
			regs = append(regs, p.reg)
			s.moves = append(s.moves, move{dst: p.reg, src: c.arg(in.Args, i), t: t})
		}
	}
	if err := c.region(ctl, in.Body[0], depth, regs, true); err != nil {
		return err
	}
	for _, p := range ctl.params {
		c.release(p.reg)
		c.release(p.next)
	}
	return nil
}

// region compiles a body of ctl.
func (c *compiler) region(ctl *control, b *ir.Block, depth int32, params []int32, target bool) error {
	outer := c.stack
	if target {
		c.stack = append(c.stack, ctl)
	} else {
		// Keep the depth of targets; Yield finds the If by its nil-ness.
		c.stack = append(c.stack, nil, ctl)
	}
	body, err := c.block(b, depth+1, params)
	c.stack = outer
	ctl.body = append(ctl.body, body)
	return err
}

// target returns the construct that a Break or Continue of this depth names.
func (c *compiler) target(depth int64) *control {
	for i := len(c.stack) - 1; i >= 0; i-- {
		if i > 0 && c.stack[i-1] == nil {
			i-- // an If
			continue
		}
		if depth == 0 {
			return c.stack[i]
		}
		depth--
	}
	return nil
}

func (c *compiler) terminator(s *inst, in *ir.Instr, depth int32) error {
	s.ctl = c.stack[len(c.stack)-1]
	if in.Op != ir.OpYield {
		s.ctl = c.target(in.Imm)
	}
	if s.ctl == nil || in.Imm < 0 {
		return fmt.Errorf("%s %d has no target", in.Op, in.Imm)
	}
	want := len(s.ctl.outs)
	switch in.Op {
	case ir.OpYield:
		s.exec = execYield
	case ir.OpBreak:
		s.exec = execBreak
	case ir.OpContinue:
		s.exec = execContinue
		want = len(s.ctl.params)
		s.last = s.ctl == c.stack[len(c.stack)-1]
	}
	if len(in.Args) != want {
		return fmt.Errorf("%s has %d arguments, not %d", in.Op, len(in.Args), want)
	}
	for i, v := range in.Args {
		m := move{src: c.slot[v], t: c.f.TypeOf(v)}
		if in.Op == ir.OpContinue {
			m.dst = s.ctl.params[i].next
		} else {
			m.dst = s.ctl.outs[i]
		}
		m.dies = c.depth[v] == depth
		for j, w := range in.Args {
			if i != j && v == w {
				m.dies = false
			}
		}
		s.moves = append(s.moves, m)
	}
	return nil
}
