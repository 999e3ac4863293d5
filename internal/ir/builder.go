package ir

import "math"

// Builder appends instructions to a Func. Inputs (constants, builtins, Mems)
// are made once and stand at the top of the function, so that they may be used
// anywhere. Operations on constants are folded. What is emitted after a
// terminator can never run and is dropped.
type Builder struct {
	F   *Func
	Pos Pos // given to the instructions that follow

	Contract bool // products and sums that follow may be fused; see the constant
	Volatile bool // loads and stores that follow are volatile

	cur    *Block
	inputs []*Instr
	known  map[inputKey]Value
	bits   map[Value]uint64 // of constants
	depth  int              // enclosing Blocks and Loops, the body included
}

type inputKey struct {
	op  Op
	t   Type
	imm int64
}

// Label names an enclosing Block or Loop for Break and Continue.
type Label int

// NewBuilder returns a Builder for the body of f, which must be empty. Call
// Finish when all is emitted.
func NewBuilder(f *Func) *Builder {
	return &Builder{F: f, cur: f.Body, depth: 1, known: map[inputKey]Value{}, bits: map[Value]uint64{}}
}

// Finish ends the function.
func (b *Builder) Finish() {
	b.end(OpYield, 0, nil)
	b.F.Body.Code = append(b.inputs, b.F.Body.Code...)
}

// Dead reports whether what is emitted now can never run.
func (b *Builder) Dead() bool { return b.cur.Last() != nil }

func (b *Builder) add(in *Instr) {
	if !b.Dead() {
		b.cur.Code = append(b.cur.Code, in)
	}
}

func (b *Builder) input(op Op, t Type, imm int64) Value {
	k := inputKey{op, t, imm}
	if v, ok := b.known[k]; ok {
		return v
	}
	in := b.F.NewInstr(op, t, Pos{})
	in.Imm = imm
	in.Out = b.F.NewValue(t, "")
	b.inputs = append(b.inputs, in)
	b.known[k] = in.Out
	return in.Out
}

// Const returns the constant of type t with these bits.
func (b *Builder) Const(t Type, bits uint64) Value {
	bits &= Mask(t)
	v := b.input(OpConst, t, int64(bits))
	b.bits[v] = bits
	return v
}

// Bool, I32, I64 and F32 return constants. Null returns the Ref of no memory.
func (b *Builder) Bool(x bool) Value {
	if x {
		return b.Const(Bool, 1)
	}
	return b.Const(Bool, 0)
}
func (b *Builder) I32(x int32) Value   { return b.Const(I32, uint64(uint32(x))) }
func (b *Builder) I64(x int64) Value   { return b.Const(I64, uint64(x)) }
func (b *Builder) F32(x float32) Value { return b.Const(F32, uint64(math.Float32bits(x))) }
func (b *Builder) Null() Value         { return b.Const(Ref, 0) }

// Zero returns the zero of type t; of Ref, the null Ref.
func (b *Builder) Zero(t Type) Value { return b.Const(t, 0) }

// ConstBits returns the bits of v if it is a constant.
func (b *Builder) ConstBits(v Value) (uint64, bool) {
	bits, ok := b.bits[v]
	return bits, ok
}

// Builtin returns an input of the launch.
func (b *Builder) Builtin(x Builtin) Value { return b.input(OpBuiltin, I32, int64(x)) }

// Mem adds m to the function's memories and returns its Ref.
func (b *Builder) Mem(m Mem) Value {
	b.F.Mems = append(b.F.Mems, m)
	return b.MemRef(len(b.F.Mems) - 1)
}

// MemRef returns the Ref of memory i of the function.
func (b *Builder) MemRef(i int) Value { return b.input(OpMem, Ref, int64(i)) }

// Var adds a variable of type t.
func (b *Builder) Var(t Type, name string) int {
	b.F.Vars = append(b.F.Vars, Var{t, name})
	return len(b.F.Vars) - 1
}

// Get returns what variable i holds now.
func (b *Builder) Get(i int) Value {
	v := b.F.Vars[i]
	in := b.F.NewInstr(OpVarGet, v.Type, b.Pos)
	in.Imm = int64(i)
	in.Out = b.F.NewValue(v.Type, v.Name)
	b.add(in)
	return in.Out
}

// Set stores x, of its type, in variable i.
func (b *Builder) Set(i int, x Value) {
	in := b.F.NewInstr(OpVarSet, b.F.Vars[i].Type, b.Pos, x)
	in.Imm = int64(i)
	b.add(in)
}

// Emit appends an operation with a result of type t and returns the result.
func (b *Builder) Emit(op Op, t Type, args ...Value) Value {
	return b.EmitImm(op, t, 0, args...)
}

// EmitImm is Emit for an operation with an Imm.
func (b *Builder) EmitImm(op Op, t Type, imm int64, args ...Value) Value {
	if op.Info().Class == Pure && t != Ref {
		if v, ok := b.fold(op, t, args); ok {
			return v
		}
	}
	if b.Contract && op >= OpFAdd && op <= OpFMul {
		imm = Contract
	}
	in := b.F.NewInstr(op, t, b.Pos, args...)
	in.Imm = imm
	in.Out = b.F.NewValue(t, "")
	b.add(in)
	return in.Out
}

func (b *Builder) fold(op Op, t Type, args []Value) (Value, bool) {
	if op == OpSelect {
		if c, ok := b.bits[args[0]]; ok {
			return args[2-c], true
		}
		if args[1] == args[2] {
			return args[1], true
		}
	}
	if v, ok := Simplify(op, t, args, b.ConstBits); ok {
		return v, true
	}
	var bits [3]uint64
	if len(args) > len(bits) {
		return 0, false
	}
	for i, a := range args {
		c, ok := b.bits[a]
		if !ok {
			return 0, false
		}
		bits[i] = c
	}
	r, ok := Eval(op, t, b.F.TypeOf(args[0]), bits[0], bits[1], bits[2])
	if !ok {
		return 0, false
	}
	return b.Const(t, r), true
}

// Select returns x where cond is true, else y.
func (b *Builder) Select(cond, x, y Value) Value {
	return b.Emit(OpSelect, b.F.TypeOf(x), cond, x, y)
}

// Load returns the t at ref, off+disp.
func (b *Builder) Load(s Space, t Type, ref, off Value, disp int64) Value {
	in := b.F.NewInstr(OpLoad, t, b.Pos, ref, off)
	in.Space, in.Imm, in.Imm2 = s, disp, b.volatile()
	in.Out = b.F.NewValue(t, "")
	b.add(in)
	return in.Out
}

// Store writes x, of type t, at ref, off+disp.
func (b *Builder) Store(s Space, t Type, ref, off Value, disp int64, x Value) {
	in := b.F.NewInstr(OpStore, t, b.Pos, ref, off, x)
	in.Space, in.Imm, in.Imm2 = s, disp, b.volatile()
	b.add(in)
}

func (b *Builder) volatile() int64 {
	if b.Volatile {
		return Volatile
	}
	return 0
}

// Atomic appends an atomic operation on the t at ref, off+disp: args is nothing
// for OpAtomicLoad, the value for OpAtomicStore and OpAtomicRMW (a is its
// operation), the expected and the desired value for OpAtomicCAS. It returns
// the old value, NoValue for a store.
func (b *Builder) Atomic(op Op, a AtomicOp, s Space, t Type, ref, off Value, disp int64, args ...Value) Value {
	in := b.F.NewInstr(op, t, b.Pos, append([]Value{ref, off}, args...)...)
	in.Space, in.Imm, in.Imm2 = s, disp, int64(a)
	if op != OpAtomicStore {
		in.Out = b.F.NewValue(t, "")
	}
	b.add(in)
	return in.Out
}

// Barrier waits for the threadgroup, or for the SIMD group only.
func (b *Builder) Barrier(simd bool) {
	in := b.F.NewInstr(OpBarrier, Void, b.Pos)
	if simd {
		in.Imm = 1
	}
	b.add(in)
}

// Fence orders this thread's memory accesses.
func (b *Builder) Fence() { b.add(b.F.NewInstr(OpFence, Void, b.Pos)) }

// If runs then where cond is true, otherwise els, which may be nil.
func (b *Builder) If(cond Value, then, els func()) {
	if c, ok := b.bits[cond]; ok {
		if c != 0 {
			then()
		} else if els != nil {
			els()
		}
		return
	}
	in := b.F.NewInstr(OpIf, Void, b.Pos, cond)
	in.Body = []*Block{{}, {}}
	outer := b.cur
	b.cur = in.Body[0]
	then()
	b.end(OpYield, 0, nil)
	b.cur = in.Body[1]
	if els != nil {
		els()
	}
	b.end(OpYield, 0, nil)
	b.cur = outer
	b.add(in)
}

// Block runs body, which Break may leave early.
func (b *Builder) Block(body func(Label)) { b.region(OpBlock, OpYield, body) }

// Loop runs body again and again until Break leaves it.
func (b *Builder) Loop(body func(Label)) { b.region(OpLoop, OpContinue, body) }

func (b *Builder) region(op, end Op, body func(Label)) {
	in := b.F.NewInstr(op, Void, b.Pos)
	in.Body = []*Block{{}}
	outer := b.cur
	b.cur = in.Body[0]
	label := Label(b.depth)
	b.depth++
	body(label)
	b.depth--
	b.end(end, 0, nil)
	b.cur = outer
	b.add(in)
}

// Break leaves the Block or Loop called l.
func (b *Builder) Break(l Label) { b.end(OpBreak, b.depth-1-int(l), nil) }

// Continue starts the next turn of the Loop called l.
func (b *Builder) Continue(l Label) { b.end(OpContinue, b.depth-1-int(l), nil) }

func (b *Builder) end(op Op, depth int, args []Value) {
	if b.Dead() {
		return
	}
	in := b.F.NewInstr(op, Void, b.Pos, args...)
	in.Imm = int64(depth)
	b.cur.Code = append(b.cur.Code, in)
}
