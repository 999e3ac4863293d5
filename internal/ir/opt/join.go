package opt

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Join makes one access of several to neighbouring bytes or 16-bit values, as
// those of a uchar4, a half2 or a block of quantised numbers are: a word is
// loaded and taken apart, or put together and stored. Loads are done where the
// first of them is, stores where the last is; between them there may be nothing
// but what neither touches memory nor fails, and between loads other loads, and what
// changes memory that they do not see, of the thread or threadgroup.
//
// Threads that walk through bytes side by side access a row of memory with each
// load, which loads of words would not: they would overlap. So nothing is joined
// that is wider than the step from thread to thread, or the same for all threads.
func Join(f *ir.Func) (changed bool) {
	j := joiner{f: f, joined: map[*ir.Instr]*joint{}}
	j.block(f.Body)
	return j.changed
}

type joiner struct {
	f       *ir.Func
	shapes  *shape.Info // of f before anything changed; nil until asked for
	joined  map[*ir.Instr]*joint
	changed bool
}

// A joint is several accesses made one.
type joint struct {
	members []*ir.Instr
	word    ir.Value // of loads: what was loaded
}

// joinReach is how many instructions further the members of a joint are looked for.
const joinReach = 192

// jointSize is the size of the access that a joint becomes, in bytes.
const jointSize = 4

func (j *joiner) block(b *ir.Block) {
	var out []*ir.Instr // nil while nothing has changed
	for i, in := range b.Code {
		for _, body := range in.Body {
			j.block(body)
		}
		x := j.joined[in]
		if x == nil {
			if x = j.join(b.Code[i:]); x != nil && out == nil {
				j.changed = true
				out = append(make([]*ir.Instr, 0, len(b.Code)+len(b.Code)/2), b.Code[:i]...)
			}
		}
		switch {
		case x == nil && out != nil:
			out = append(out, in)
		case x == nil:
		case in.Op == ir.OpLoad:
			out = j.load(x, in, out)
		case in == x.members[len(x.members)-1]:
			out = j.store(x, out)
		}
	}
	if out != nil {
		b.Code = out
	}
}

// join returns the joint that begins with the first of code, or nil.
func (j *joiner) join(code []*ir.Instr) *joint {
	first := code[0]
	if !narrow(first) {
		return nil
	}
	size := int64(first.Type.Size())
	members := make([]*ir.Instr, 1, jointSize)
	members[0] = first
	for _, in := range code[1:min(len(code), joinReach)] {
		if in.Op.Info().Class == ir.Pure || in.Op.Info().Class == ir.Input || first.Op == ir.OpLoad && (elsewhere(in, first) || in.Op == ir.OpLoad && in.Imm2 != ir.Volatile && !follows(in, members)) {
			continue
		}
		if !follows(in, members) || j.joined[in] != nil {
			return nil
		}
		if members = append(members, in); size*int64(len(members)) == jointSize {
			break
		}
	}
	if size*int64(len(members)) != jointSize || !j.apart(first) {
		return nil
	}
	x := &joint{members: members}
	for _, in := range members {
		j.joined[in] = x
	}
	return x
}

// follows reports whether in accesses what comes after the members of a joint.
func follows(in *ir.Instr, members []*ir.Instr) bool {
	first := members[0]
	size := int64(first.Type.Size())
	return in.Op == first.Op && narrow(in) && int64(in.Type.Size()) == size && in.Space == first.Space &&
		in.Args[0] == first.Args[0] && in.Args[1] == first.Args[1] && in.Imm == first.Imm+size*int64(len(members))
}

// elsewhere reports whether in changes nothing but memory that load does not see.
func elsewhere(in, load *ir.Instr) bool {
	change := in.Op == ir.OpStore && in.Imm2 != ir.Volatile || in.Op == ir.OpAtomicRMW
	return change && (in.Space == ir.Thread || in.Space == ir.Threadgroup) && (load.Space == ir.Device || load.Space == ir.Constant)
}

// narrow reports whether in is a load or store that may be part of a wider one.
// Memory of the thread's own is laid out by the size of what is in it.
func narrow(in *ir.Instr) bool {
	return (in.Op == ir.OpLoad || in.Op == ir.OpStore) && in.Imm2 != ir.Volatile && in.Space != ir.Thread &&
		in.Type.Size() < jointSize && in.Type != ir.Bool
}

// apart reports whether threads access words that do not overlap, or lie anywhere.
func (j *joiner) apart(in *ir.Instr) bool {
	if j.shapes == nil {
		j.shapes = shape.Of(j.f, shape.Config{Group: shape.Runs})
	}
	step, ok := j.shapes.Stride(in.Args[1])
	return !ok || j.shapes.Values[in.Args[0]].Kind == shape.Varying || step >= jointSize || step <= -jointSize
}

// load appends to out what a load of a joint becomes.
func (j *joiner) load(x *joint, in *ir.Instr, out []*ir.Instr) []*ir.Instr {
	first := x.members[0]
	if in == first {
		out = j.emit(out, in.Pos, ir.OpLoad, ir.I32, in.Args...)
		out[len(out)-1].Space, out[len(out)-1].Imm = in.Space, in.Imm
		x.word = result(out)
	}
	v := x.word
	if shift := 8 * (in.Imm - first.Imm); shift > 0 {
		out = j.emit(out, in.Pos, ir.OpConst, ir.I32)
		out[len(out)-1].Imm = shift
		out = j.emit(out, in.Pos, ir.OpLShr, ir.I32, v, result(out))
		v = result(out)
	}
	bits := in.Type.Int()
	out = j.emit(out, in.Pos, ir.OpTrunc, bits, v)
	if in.Type != bits {
		out = j.emit(out, in.Pos, ir.OpBitcast, in.Type, result(out))
	}
	out[len(out)-1].Out = in.Out
	return out
}

// store appends to out what the stores of a joint become.
func (j *joiner) store(x *joint, out []*ir.Instr) []*ir.Instr {
	first := x.members[0]
	word := ir.NoValue
	for _, in := range x.members {
		v := in.Args[2]
		if t := j.f.TypeOf(v); t != t.Int() {
			out = j.emit(out, in.Pos, ir.OpBitcast, t.Int(), v)
			v = result(out)
		}
		out = j.emit(out, in.Pos, ir.OpZExt, ir.I32, v)
		v = result(out)
		if shift := 8 * (in.Imm - first.Imm); shift > 0 {
			out = j.emit(out, in.Pos, ir.OpConst, ir.I32)
			out[len(out)-1].Imm = shift
			out = j.emit(out, in.Pos, ir.OpShl, ir.I32, v, result(out))
			out = j.emit(out, in.Pos, ir.OpOr, ir.I32, word, result(out))
			v = result(out)
		}
		word = v
	}
	n := j.f.NewInstr(ir.OpStore, ir.I32, first.Pos, first.Args[0], first.Args[1], word)
	n.Space, n.Imm = first.Space, first.Imm
	return append(out, n)
}

// emit appends an instruction with a result to out.
func (j *joiner) emit(out []*ir.Instr, pos ir.Pos, op ir.Op, t ir.Type, args ...ir.Value) []*ir.Instr {
	n := j.f.NewInstr(op, t, pos, args...)
	n.Out = j.f.NewValue(t, "")
	return append(out, n)
}

// result is that of the last instruction.
func result(out []*ir.Instr) ir.Value { return out[len(out)-1].Out }
