package lower

import (
	"encoding/binary"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// constant returns the value of a constant of program scope, or of a constant
// or static constexpr one inside a function.
func (l *lowerer) constant(v *sem.Var) []ir.Value {
	if vals, ok := l.values[v]; ok {
		if vals == nil {
			l.fail(l.at, "the initialiser of '%s' uses '%s'", v.Name, v.Name)
		}
		return vals
	}
	var vals []ir.Value
	switch {
	case v.FuncConst != nil:
		bits, ok := l.consts[v]
		if !ok {
			l.fail(l.at, "function constant '%s' (index %d) has no value, and kernel '%s' needs one",
				v.Name, v.FuncConst.Index, l.b.F.Name)
		}
		vals = l.constParts(v.Type, bits)
	case v.Value != nil:
		vals = l.constParts(v.Type, v.Value.Bits)
	case v.Init != nil:
		l.values[v] = nil
		vals = l.value(v.Init)
		delete(l.values, v)
	default:
		vals = l.zero(v.Type)
	}
	for _, x := range vals {
		if _, ok := l.b.ConstBits(x); !ok {
			return vals // belongs to where it is used
		}
	}
	l.values[v] = vals
	return vals
}

// constParts returns the parts of a scalar, vector, matrix or enum.
func (l *lowerer) constParts(t types.Type, bits []uint64) []ir.Value {
	if t == types.Type(types.Sampler) {
		return []ir.Value{l.samplerConst(bits)}
	}
	e := elemOf(t)
	if e == nil {
		l.bug("constant of type %s", t)
	}
	it := l.scalarType(e)
	vals := make([]ir.Value, len(bits))
	for i, b := range bits {
		if it == ir.Bool && b != 0 {
			b = 1
		}
		vals[i] = l.b.Const(it, b)
	}
	return vals
}

// zero returns the value of type t whose bits are zero.
func (l *lowerer) zero(t types.Type) []ir.Value {
	parts := l.shape(t).parts
	l.moving(len(parts))
	vals := make([]ir.Value, len(parts))
	for i := range parts {
		vals[i] = l.b.Zero(parts[i].t)
	}
	return vals
}

// globalPlace returns where a constant is: nowhere in particular, unless a
// pointer to it is made or an element of it is chosen while the kernel runs.
func (l *lowerer) globalPlace(v *sem.Var) place {
	if p, ok := l.globals[v]; ok {
		return p
	}
	if !l.frame.facts.memory[v] {
		return valuePlace(v.Type, l.constant(v))
	}
	vals := l.constant(v)
	data, ok := l.image(v.Type, vals)
	if !ok {
		m := l.newMemory(v.Type, v.Name)
		l.store(m, vals, v.Pos)
		return m
	}
	p := memoryPlace(v.Type, l.constData(v.Name, data, v.Type.Align()), l.b.I64(0), ir.Constant)
	l.globals[v] = p
	return p
}

// constData returns memory that holds data.
func (l *lowerer) constData(name string, data []byte, align int64) ir.Value {
	return l.b.Mem(ir.Mem{
		Name: name, Kind: ir.MemConst, Space: ir.Constant,
		Size: int64(len(data)), Align: int(align), Data: data,
	})
}

// image returns the bytes of a value of type t if all its parts are constant.
func (l *lowerer) image(t types.Type, vals []ir.Value) ([]byte, bool) {
	data := make([]byte, t.Size())
	for i, p := range l.shape(t).parts {
		bits, ok := l.b.ConstBits(vals[i])
		if !ok || p.t == ir.Ref && bits != 0 {
			return nil, false
		}
		switch p.t {
		case ir.Ref:
		case ir.Bool, ir.I8:
			data[p.off] = byte(bits)
		case ir.I16, ir.F16, ir.BF16:
			binary.LittleEndian.PutUint16(data[p.off:], uint16(bits))
		case ir.I32, ir.F32:
			binary.LittleEndian.PutUint32(data[p.off:], uint32(bits))
		default:
			binary.LittleEndian.PutUint64(data[p.off:], bits)
		}
	}
	return data, true
}

// threadgroupPlace returns where a threadgroup variable is: one for the whole
// threadgroup, whatever calls led to it.
func (l *lowerer) threadgroupPlace(v *sem.Var) place {
	ref, ok := l.threadgroup[v]
	if !ok {
		size, align := max(v.Type.Size(), 1), max(v.Type.Align(), 1)
		at := (l.threadgroupBytes + 15) &^ 15
		if size > MaxThreadgroupMemory || at+size > MaxThreadgroupMemory {
			l.fail(v.Pos, "'%s' needs %d bytes: kernel '%s' may declare no more than %d bytes of threadgroup memory",
				v.Name, size, l.b.F.Name, MaxThreadgroupMemory)
		}
		l.threadgroupBytes = at + size
		ref = l.b.Mem(ir.Mem{Name: v.Name, Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: size, Align: int(align)})
		l.threadgroup[v] = ref
	}
	return memoryPlace(v.Type, ref, l.b.I64(0), ir.Threadgroup)
}
