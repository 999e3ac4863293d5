package objctype

import "strings"

// Kind is the kind of a type in an encoding.
type Kind uint8

// The kinds. Integers carry their width in Type.Size: 'l' and 'L' are 32 bits
// wide in encodings, 'q' and 'Q' 64.
const (
	Void     Kind = iota // v
	Bool                 // B
	Int                  // c s i l q
	Uint                 // C S I L Q
	Float                // f
	Double               // d
	Object               // @
	Block                // @?
	ClassRef             // #
	Selector             // :
	Pointer              // ^ and * (with Elem) and ^? (Elem is Unknown)
	Struct               // {name=fields}
	Array                // [n elem]
	Union                // (name=fields)
	Unknown              // ?
)

var kindNames = [...]string{
	"void", "bool", "int", "uint", "float", "double", "object", "block",
	"class", "selector", "pointer", "struct", "array", "union", "unknown",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind?"
}

// Type is one parsed type of an encoding. Size and Align are those of every
// 64-bit ABI Metal runs on.
type Type struct {
	Kind   Kind
	Size   int
	Align  int
	Name   string // struct or union tag ("?" when it has none), or the class of @"Name"
	Const  bool   // carried the r qualifier
	Elem   *Type  // what a Pointer points at, or an Array holds; nil for an opaque one
	Len    int    // elements of an Array
	Fields []Type // of a Struct or Union; nil for one that is only named
}

// Words is how many argument words a value of the type takes in the neutral
// form of a message: its memory image in whole words, none for void.
func (t *Type) Words() int { return (t.Size + WordSize - 1) / WordSize }

// IsInteger reports whether the type is passed as one integer: an integer, a
// bool, or anything that is an address.
func (t *Type) IsInteger() bool {
	switch t.Kind {
	case Bool, Int, Uint, Object, Block, ClassRef, Selector, Pointer:
		return true
	}
	return false
}

// IsAggregate reports whether the type is passed as a struct.
func (t *Type) IsAggregate() bool {
	return t.Kind == Struct || t.Kind == Array || t.Kind == Union
}

// Signed reports whether an integer narrower than a word is sign-extended.
func (t *Type) Signed() bool { return t.Kind == Int }

// Leaf is one scalar of a flattened type, at its byte offset.
type Leaf struct {
	Kind   Kind
	Size   int
	Offset int
}

// Leaves appends the scalars of t, in memory order, with offsets counted from
// base. The members of a union all start at the union's own offset.
func (t *Type) Leaves(dst []Leaf, base int) []Leaf {
	switch t.Kind {
	case Void:
		return dst
	case Struct:
		off := base
		for i := range t.Fields {
			f := &t.Fields[i]
			off = alignUp(off-base, f.Align) + base
			dst = f.Leaves(dst, off)
			off += f.Size
		}
		return dst
	case Union:
		for i := range t.Fields {
			dst = t.Fields[i].Leaves(dst, base)
		}
		return dst
	case Array:
		for i := range t.Len {
			dst = t.Elem.Leaves(dst, base+i*t.Elem.Size)
		}
		return dst
	}
	return append(dst, Leaf{t.Kind, t.Size, base})
}

// String writes the type in the canonical encoding: without qualifiers,
// offsets, field names and class names.
func (t *Type) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t *Type) write(b *strings.Builder) {
	switch t.Kind {
	case Void:
		b.WriteByte('v')
	case Bool:
		b.WriteByte('B')
	case Int:
		b.WriteByte("?cs?i???q"[t.Size])
	case Uint:
		b.WriteByte("?CS?I???Q"[t.Size])
	case Float:
		b.WriteByte('f')
	case Double:
		b.WriteByte('d')
	case Object:
		b.WriteByte('@')
	case Block:
		b.WriteString("@?")
	case ClassRef:
		b.WriteByte('#')
	case Selector:
		b.WriteByte(':')
	case Pointer:
		b.WriteByte('^')
		t.Elem.write(b)
	case Struct, Union:
		open, end := byte('{'), byte('}')
		if t.Kind == Union {
			open, end = '(', ')'
		}
		b.WriteByte(open)
		b.WriteString(t.Name)
		if t.Fields != nil {
			b.WriteByte('=')
			for i := range t.Fields {
				t.Fields[i].write(b)
			}
		}
		b.WriteByte(end)
	case Array:
		b.WriteByte('[')
		b.WriteString(itoa(t.Len))
		t.Elem.write(b)
		b.WriteByte(']')
	default:
		b.WriteByte('?')
	}
}

func alignUp(n, align int) int {
	if align <= 1 {
		return n
	}
	return (n + align - 1) / align * align
}
