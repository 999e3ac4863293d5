package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// part is one scalar of a value.
type part struct {
	t   ir.Type
	off int64 // in memory, from the start of the value
	// A pointer is two parts, a Ref and an I64 offset, and one address of
	// eight bytes in memory: off of both is its place.
}

// shape is how values of a type are split. The value of a union is its bytes,
// in chunks as large as its alignment, and so is that of a struct of bit-fields.
type shape struct {
	parts []part
	union bool // there is a union in it: variables must lie in memory
}

// maxParts bounds what is handled part by part. It is more than any struct a
// person writes; larger arrays are only ever copied as memory. A variable of
// more than maxVarParts lies in memory.
const (
	maxParts    = 1 << 14
	maxVarParts = 512
)

// shape returns the shape of t.
func (l *lowerer) shape(t types.Type) *shape {
	if s, ok := l.shapes[t]; ok {
		return s
	}
	s := &shape{}
	if l.countParts(t) > maxParts {
		l.fail(l.at, "a value of type '%s' is too large to be handled as a whole", t)
	}
	l.split(s, t, 0)
	l.shapes[t] = s
	return s
}

func (l *lowerer) split(s *shape, t types.Type, off int64) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind != types.Void {
			s.parts = append(s.parts, part{l.scalarType(t), off})
		}
	case *types.Enum:
		l.split(s, t.Underlying, off)
	case *types.Atomic:
		l.split(s, t.Elem, off)
	case *types.Vector:
		e := l.scalarType(t.Elem)
		for i := range int64(t.N) {
			s.parts = append(s.parts, part{e, off + i*t.Elem.Size()})
		}
	case *types.Matrix:
		col := t.Column()
		for i := range int64(t.Cols) {
			l.split(s, col, off+i*col.Size())
		}
	case *types.Array:
		for i := range t.Len {
			l.split(s, t.Elem, off+i*t.Elem.Size())
		}
	case *types.Struct:
		if t.Union || t.BitFields {
			s.union = true
			chunk, size := chunkType(t)
			for i := range t.Size() / size {
				s.parts = append(s.parts, part{chunk, off + i*size})
			}
			return
		}
		for i := range t.Fields {
			l.split(s, t.Fields[i].Type, off+t.Fields[i].Offset)
		}
	case *types.Texture:
		s.parts = append(s.parts, part{ir.I64, off})
	case *types.Opaque:
		for _, p := range t.Parts {
			off = (off + p.Align() - 1) / p.Align() * p.Align()
			l.split(s, p, off)
			off += p.Size()
		}
	case *types.Pointer, *types.Reference:
		s.parts = append(s.parts, part{ir.Ref, off}, part{ir.I64, off})
	default:
		l.fail(l.at, "values of type '%s' are not supported", t)
	}
}

// chunkType returns the integer type whose size is the alignment of t, a
// union, or I64 if it is more.
func chunkType(t *types.Struct) (ir.Type, int64) {
	switch t.Align() {
	case 1:
		return ir.I8, 1
	case 2:
		return ir.I16, 2
	case 4:
		return ir.I32, 4
	}
	return ir.I64, 8
}

// countParts returns the number of parts of t without making them.
func (l *lowerer) countParts(t types.Type) int64 {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind == types.Void {
			return 0
		}
	case *types.Vector:
		return int64(t.N)
	case *types.Matrix:
		return int64(t.Cols * t.Rows)
	case *types.Array:
		if t.Len <= 0 {
			return 0
		}
		n := l.countParts(t.Elem)
		if n > 0 && t.Len > 1<<40/n {
			return 1 << 40
		}
		return t.Len * n
	case *types.Struct:
		if t.Union || t.BitFields {
			_, size := chunkType(t)
			return t.Size() / size
		}
		if n, ok := l.counts[t]; ok {
			return n
		}
		var n int64
		for i := range t.Fields {
			n = min(n+l.countParts(t.Fields[i].Type), 1<<40)
		}
		l.counts[t] = n
		return n
	case *types.Opaque:
		var n int64
		for _, p := range t.Parts {
			n += l.countParts(p)
		}
		return n
	case *types.Pointer, *types.Reference:
		return 2
	}
	return 1
}

// fieldParts returns where the parts of field i of t begin, and how many they
// are.
func (l *lowerer) fieldParts(t *types.Struct, i int) (start, n int64) {
	starts, ok := l.starts[t]
	if !ok {
		var at int64
		for k := range t.Fields {
			starts = append(starts, at)
			at += l.countParts(t.Fields[k].Type)
		}
		starts = append(starts, at)
		l.starts[t] = starts
	}
	return starts[i], starts[i+1] - starts[i]
}

// scalarType returns the type that values of a basic type have in the IR.
func (l *lowerer) scalarType(t *types.Basic) ir.Type {
	switch t.Kind {
	case types.Bool:
		return ir.Bool
	case types.Char, types.UChar:
		return ir.I8
	case types.Short, types.UShort:
		return ir.I16
	case types.Int, types.UInt:
		return ir.I32
	case types.Long, types.ULong:
		return ir.I64
	case types.Half:
		return ir.F16
	case types.BFloat:
		return ir.BF16
	case types.Float:
		return ir.F32
	}
	l.fail(l.at, "a value of type '%s' has no meaning", t)
	return ir.Void
}

// elemOf returns the scalar type that t is made of: of a vector or matrix its
// element, of an enum what it lies on; nil if t is none of these.
func elemOf(t types.Type) *types.Basic {
	switch t := t.(type) {
	case *types.Basic:
		return t
	case *types.Enum:
		return t.Underlying
	case *types.Vector:
		return t.Elem
	case *types.Matrix:
		return t.Elem
	case *types.Atomic:
		return t.Elem
	}
	return nil
}

// spaceOf returns the IR's name of an address space.
func spaceOf(s types.Space) ir.Space {
	switch s {
	case types.Device:
		return ir.Device
	case types.Constant:
		return ir.Constant
	case types.Threadgroup, types.ThreadgroupImageblock:
		return ir.Threadgroup
	}
	return ir.Thread
}
