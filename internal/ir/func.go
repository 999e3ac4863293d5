package ir

// Value names the result of an instruction, by index into [Func.Values].
type Value int32

// NoValue is the zero Value: no result.
const NoValue Value = 0

// Pos is a place in the source a Func was lowered from; faults name it. The
// zero Pos is unknown.
type Pos struct {
	File int32 // index into Func.Files
	Line int32 // from 1
	Col  int32 // in bytes, from 1
}

// ValueInfo tells of one value.
type ValueInfo struct {
	Type Type
	Name string // the source's name for it, if it has one
}

// Var is a mutable scalar of one thread; see the package comment.
type Var struct {
	Type Type
	Name string
}

// MemKind tells where a Mem comes from.
type MemKind uint8

const (
	MemBuffer         MemKind = iota // a buffer bound at Index
	MemThreadgroupArg                // threadgroup memory whose length the launch gives, at Index
	MemThreadgroup                   // Size bytes of threadgroup memory
	MemThread                        // Size bytes of every thread's own
	MemConst                         // Data
	numMemKinds
)

var memKindNames = [numMemKinds]string{"buffer", "threadgroup_arg", "threadgroup", "thread", "const"}

func (k MemKind) String() string {
	if k < numMemKinds {
		return memKindNames[k]
	}
	return "memkind(?)"
}

// Mem is a piece of memory that a kernel names.
type Mem struct {
	Name  string // the source's name for it
	Kind  MemKind
	Space Space
	Index int    // of the binding, for MemBuffer and MemThreadgroupArg
	Size  int64  // in bytes; for an argument the size of what it points to
	Align int    // in bytes
	Data  []byte // of a MemConst
}

// Func is one kernel as one thread runs it.
type Func struct {
	Name     string
	Files    []string
	Mems     []Mem
	Textures []Texture
	Samplers []Sampler
	Messages []Message
	Vars     []Var
	Values   []ValueInfo // Values[0] is NoValue
	Body     *Block      // the outermost Block; its terminators carry no results

	slab   []Instr // where new instructions come from
	instrs int32   // made so far
}

// Block is a region: instructions in order, the last of them a terminator.
type Block struct {
	Params []Value // of a Loop's body: the carried values
	Code   []*Instr
}

// Instr is one instruction.
type Instr struct {
	Op    Op
	Type  Type  // of the result; of what is stored; of what an atomic works on
	Space Space // of a memory access
	ID    int32 // below Func.NumInstrs, and no other instruction's: an index for what analyses know
	Out   Value // the result, if there is one
	Imm   int64 // see the Op
	Imm2  int64 // see the Op
	Pos   Pos
	Args  []Value
	Outs  []Value  // the results of If, Loop and Block, and of operations on textures and matrices
	Body  []*Block // of If: then, else; of Loop and Block: one
}

// NewFunc returns an empty kernel.
func NewFunc(name string) *Func {
	return &Func{Name: name, Values: make([]ValueInfo, 1, 128), Body: &Block{}}
}

// NewValue adds a value of type t.
func (f *Func) NewValue(t Type, name string) Value {
	f.Values = append(f.Values, ValueInfo{t, name})
	return Value(len(f.Values) - 1)
}

// TypeOf returns the type of v.
func (f *Func) TypeOf(v Value) Type { return f.Values[v].Type }

// NewInstr returns an instruction that belongs to no block yet.
func (f *Func) NewInstr(op Op, t Type, pos Pos, args ...Value) *Instr {
	if len(f.slab) == 0 {
		f.slab = make([]Instr, 64)
	}
	in := &f.slab[0]
	f.slab = f.slab[1:]
	in.Op, in.Type, in.Pos, in.Args, in.ID = op, t, pos, args, f.instrs
	f.instrs++
	return in
}

// NumInstrs returns a number above the ID of every instruction made so far.
func (f *Func) NumInstrs() int { return int(f.instrs) }

// Last returns the terminator of b, or nil if b does not end in one yet.
func (b *Block) Last() *Instr {
	if n := len(b.Code); n > 0 && b.Code[n-1].Op.Info().Class == Term {
		return b.Code[n-1]
	}
	return nil
}

// Walk calls f for every instruction of b and of the regions in it, in order,
// each before those it holds. It stops descending where f returns false.
func (b *Block) Walk(f func(*Instr) bool) {
	for _, in := range b.Code {
		if f(in) {
			for _, inner := range in.Body {
				inner.Walk(f)
			}
		}
	}
}
