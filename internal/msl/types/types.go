// Package types has the types of the Metal Shading Language: what they are
// called, how large they are and how they lie in memory (MSL spec, section 2).
package types

import (
	"fmt"
	"strconv"
	"strings"
)

// Type is one of *Basic, *Vector, *Matrix, *Array, *Struct, *Enum, *Pointer,
// *Reference, *Atomic, *Function, *Texture and *Opaque. Types of one compilation are equal if they
// are the same pointer: make them by VectorOf, MatrixOf, AtomicOf, TextureOf and the methods of its
// Table.
type Type interface {
	// String returns the type as a diagnostic spells it.
	String() string
	// Size returns the bytes a value takes, padding included; 0 for types
	// that have no size (void, functions, arrays of unknown length).
	Size() int64
	// Align returns the alignment in bytes, at least 1.
	Align() int64
}

// Kind tells basic types apart.
type Kind uint8

const (
	Invalid Kind = iota
	Void
	Bool
	Char
	UChar
	Short
	UShort
	Int
	UInt
	Long
	ULong
	Half
	BFloat
	Float
	numKinds
)

// Basic is a scalar type or void.
type Basic struct {
	Kind Kind
	name string
	size int64
}

func (b *Basic) String() string { return b.name }
func (b *Basic) Size() int64    { return b.size }
func (b *Basic) Align() int64   { return max(b.size, 1) }

// IsInteger reports whether b is an integer type; bool counts.
func (b *Basic) IsInteger() bool { return b.Kind >= Bool && b.Kind <= ULong }

// IsFloat reports whether b is half, bfloat or float.
func (b *Basic) IsFloat() bool { return b.Kind >= Half && b.Kind <= Float }

// IsSigned reports whether b is a signed integer type.
func (b *Basic) IsSigned() bool {
	return b.Kind == Char || b.Kind == Short || b.Kind == Int || b.Kind == Long
}

// Basics by Kind. char is signed; size_t is ulong, ptrdiff_t is long.
var Basics = [numKinds]*Basic{
	Invalid: {Invalid, "<error>", 0},
	Void:    {Void, "void", 0},
	Bool:    {Bool, "bool", 1},
	Char:    {Char, "char", 1},
	UChar:   {UChar, "uchar", 1},
	Short:   {Short, "short", 2},
	UShort:  {UShort, "ushort", 2},
	Int:     {Int, "int", 4},
	UInt:    {UInt, "uint", 4},
	Long:    {Long, "long", 8},
	ULong:   {ULong, "ulong", 8},
	Half:    {Half, "half", 2},
	BFloat:  {BFloat, "bfloat", 2},
	Float:   {Float, "float", 4},
}

// Space is an address space (MSL spec, section 4). It is part of a pointer's
// or reference's type.
type Space uint8

const (
	Thread Space = iota // also the space of what is not qualified
	Device
	Constant
	Threadgroup
	ThreadgroupImageblock
	ObjectData // these two: of mesh pipelines and ray tracing; no kernel has objects there
	RayData
	numSpaces
)

var spaceNames = [numSpaces]string{"thread", "device", "constant", "threadgroup", "threadgroup_imageblock", "object_data", "ray_data"}

func (s Space) String() string {
	if s < numSpaces {
		return spaceNames[s]
	}
	return "space(?)"
}

// Vector is a vector of 2, 3 or 4 scalars. A packed vector has the alignment
// of its element and no padding; a vector of 3 takes the room of 4.
type Vector struct {
	Elem   *Basic
	N      int
	Packed bool
}

func (v *Vector) String() string {
	s := v.Elem.name + strconv.Itoa(v.N)
	if v.Packed {
		return "packed_" + s
	}
	return s
}

func (v *Vector) Size() int64 {
	if v.N == 3 && !v.Packed {
		return 4 * v.Elem.size
	}
	return int64(v.N) * v.Elem.size
}

func (v *Vector) Align() int64 {
	if v.Packed {
		return v.Elem.size
	}
	return v.Size()
}

// Matrix is a matrix of Cols columns, each a vector of Rows, column-major.
type Matrix struct {
	Elem       *Basic // half, bfloat or float
	Cols, Rows int
}

func (m *Matrix) String() string { return fmt.Sprintf("%s%dx%d", m.Elem.name, m.Cols, m.Rows) }
func (m *Matrix) Size() int64    { return int64(m.Cols) * m.Column().Size() }
func (m *Matrix) Align() int64   { return m.Column().Align() }

// Column returns the type of a column.
func (m *Matrix) Column() *Vector { return VectorOf(m.Elem, m.Rows) }

// Array is a C array, or array<T, N> where Named is true. Len is -1 where the
// length is not known.
type Array struct {
	Elem  Type
	Len   int64
	Named bool
}

func (a *Array) String() string {
	if a.Named {
		return fmt.Sprintf("array<%s, %d>", a.Elem, a.Len)
	}
	// T x[2][3] is an array of 2 arrays of 3.
	var dims strings.Builder
	var t Type = a
	for {
		inner, ok := t.(*Array)
		if !ok || inner.Named {
			break
		}
		if inner.Len < 0 {
			dims.WriteString("[]")
		} else {
			fmt.Fprintf(&dims, "[%d]", inner.Len)
		}
		t = inner.Elem
	}
	return t.String() + dims.String()
}

func (a *Array) Size() int64 {
	if a.Len < 0 {
		return 0
	}
	return a.Len * a.Elem.Size()
}

func (a *Array) Align() int64 { return a.Elem.Align() }

// Field is a member of a struct or union.
type Field struct {
	Name   string // "" for an anonymous struct or union
	Type   Type
	Const  bool  // declared const
	Align  int64 // of alignas, or 0
	Offset int64
	ID     int // of [[id(n)]], or -1

	// Of a bit-field: its width, and the lowest of its bits in the Type at Offset.
	// One of no width and without a name ends what fields before it share. Pad
	// tells that it has no name, so that nothing initialises it.
	BitField        bool
	Bits, BitOffset int
	Pad             bool
}

// Struct is a struct, class or union. Layout sets offsets, size and alignment
// once all fields are known.
type Struct struct {
	Name   string // with its template arguments, as a diagnostic spells it
	Union  bool
	Packed bool // its fields follow one another without padding
	Fields []Field
	Decl   any // the checker's declaration: methods, constructors

	// BitFields tells that fields share bytes: Layout sets it.
	BitFields bool

	size, align int64
	laidOut     bool
}

func (s *Struct) String() string { return s.Name }
func (s *Struct) Size() int64    { return s.size }
func (s *Struct) Align() int64   { return max(s.align, 1) }

// Complete reports whether Layout has been called.
func (s *Struct) Complete() bool { return s.laidOut }

// Layout places the fields as C++ does, with MSL's alignments. minAlign is
// that of an alignas on the struct, or 0.
func (s *Struct) Layout(minAlign int64) {
	var off, align int64 = 0, max(minAlign, 1)
	var bit int64 // where the next bit-field begins, of those that follow one another
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.BitField {
			s.BitFields = true
			if i == 0 || !s.Fields[i-1].BitField || s.Union {
				bit = 8 * off
			}
			if s.Union {
				bit = 0
			}
			bit = f.placeBits(bit)
			if !f.Pad {
				align = max(align, f.Type.Align(), f.Align)
			}
			off = max(off, (bit+7)/8)
			continue
		}
		a := max(f.Type.Align(), f.Align)
		if s.Packed {
			a = max(f.Align, 1)
		}
		align = max(align, a)
		if s.Union {
			off = max(off, f.Type.Size())
			continue
		}
		off = roundUp(off, a)
		f.Offset = off
		off += f.Type.Size()
	}
	s.align = align
	s.size = max(roundUp(off, align), align)
	if len(s.Fields) == 0 {
		s.size = 1
	}
	s.laidOut = true
}

// placeBits places a bit-field at bit or behind it, so that it lies in one aligned
// object of its type, and returns where it ends.
func (f *Field) placeBits(bit int64) (end int64) {
	unit, align, width := 8*f.Type.Size(), 8*max(f.Type.Align(), f.Align), int64(f.Bits)
	if width == 0 || f.Align > 0 || bit/unit != (bit+width-1)/unit {
		bit = roundUp(bit, align)
	}
	f.Offset, f.BitOffset = bit/unit*f.Type.Size(), int(bit%unit)
	return bit + width
}

// Field returns the index of the field called name, or -1.
func (s *Struct) Field(name string) int {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// Enum is an enumeration.
type Enum struct {
	Name       string
	Underlying *Basic
	Scoped     bool
	// Promoted is what integer promotion makes of a value; nil if that is what
	// it makes of one of the underlying type.
	Promoted *Basic
}

func (e *Enum) String() string { return e.Name }
func (e *Enum) Size() int64    { return e.Underlying.size }
func (e *Enum) Align() int64   { return e.Underlying.size }

// Pointer is a pointer to Elem in Space. Const and Volatile qualify what it
// points to.
type Pointer struct {
	Elem            Type
	Space           Space
	Const, Volatile bool
}

func (p *Pointer) String() string {
	return declare(qualified(p.Elem, p.Space, p.Const, p.Volatile), p.Elem, "*")
}
func (p *Pointer) Size() int64  { return 8 }
func (p *Pointer) Align() int64 { return 8 }

// Reference is a reference to Elem in Space.
type Reference struct {
	Elem            Type
	Space           Space
	Const, Volatile bool
	RValue          bool // T&&
}

func (r *Reference) String() string {
	mark := "&"
	if r.RValue {
		mark = "&&"
	}
	return declare(qualified(r.Elem, r.Space, r.Const, r.Volatile), r.Elem, mark)
}
func (r *Reference) Size() int64  { return 8 }
func (r *Reference) Align() int64 { return 8 }

// declare spells a pointer or reference to elem, whose qualified spelling is s:
// "float *", "float **", "float (*)[4]", "void (*)(int)".
func declare(s string, elem Type, mark string) string {
	switch e := elem.(type) {
	case *Array:
		if e.Named {
			break
		}
		i := strings.IndexByte(s, '[')
		return s[:i] + " (" + mark + ")" + s[i:]
	case *Function:
		i := strings.IndexByte(s, '(')
		return s[:i] + "(" + mark + ")" + s[i:]
	case *Pointer, *Reference:
		if strings.HasSuffix(s, "*") || strings.HasSuffix(s, "&") {
			return s + mark
		}
	}
	return s + " " + mark
}

// qualified spells a type with qualifiers: before it, but behind a pointer.
func qualified(t Type, space Space, isConst, isVolatile bool) string {
	s := ""
	if isConst {
		s += "const "
	}
	if isVolatile {
		s += "volatile "
	}
	if space != Thread {
		s += space.String() + " "
	}
	if _, ok := t.(*Pointer); ok {
		return t.String() + strings.TrimRight(s, " ")
	}
	return s + t.String()
}

// Atomic is atomic<Elem>: atomic_int, atomic_uint, atomic_bool, atomic_ulong,
// atomic_long, atomic_float. It lies in memory as Elem does, but for
// atomic_bool, which takes a word: there are no atomic operations on less.
type Atomic struct{ Elem *Basic }

func (a *Atomic) String() string { return "atomic_" + a.Elem.name }
func (a *Atomic) Size() int64    { return max(a.Elem.size, 4) }
func (a *Atomic) Align() int64   { return a.Size() }

// Function is the type of a function.
type Function struct {
	Result Type
	Params []Type
}

func (f *Function) String() string {
	var b strings.Builder
	b.WriteString(f.Result.String())
	b.WriteString(" (")
	for i, p := range f.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.String())
	}
	b.WriteString(")")
	return b.String()
}
func (f *Function) Size() int64  { return 0 }
func (f *Function) Align() int64 { return 1 }

func roundUp(n, align int64) int64 { return (n + align - 1) / align * align }
