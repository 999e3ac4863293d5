package check

import (
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// qtype is a type as a declaration gives it: with the qualifiers of the object
// declared, which the types of package types have only behind pointers.
type qtype struct {
	t        types.Type
	c, v     bool // const, volatile
	space    types.Space
	spaced   bool // an address space is written
	spacePos source.Pos
}

var (
	invalid = types.Type(types.Basics[types.Invalid])
	void    = types.Type(types.Basics[types.Void])
	boolT   = types.Basics[types.Bool]
	intT    = types.Basics[types.Int]
	uintT   = types.Basics[types.UInt]
	longT   = types.Basics[types.Long]
	ulongT  = types.Basics[types.ULong]
	charT   = types.Basics[types.Char]
	ushortT = types.Basics[types.UShort]
	halfT   = types.Basics[types.Half]
	bfloatT = types.Basics[types.BFloat]
	floatT  = types.Basics[types.Float]
)

// autoType is the placeholder auto; nullType is the type of nullptr. Neither
// is ever the type of an expression that leaves the checker.
type placeholder struct{ name string }

func (p *placeholder) String() string { return p.name }
func (p *placeholder) Size() int64    { return 8 }
func (p *placeholder) Align() int64   { return 8 }

var (
	autoType = &placeholder{"auto"}
	nullType = &placeholder{"nullptr_t"}
)

func (q qtype) bad() bool { return q.t == invalid }

// String returns the type as a diagnostic spells it, without quotes.
func (q qtype) String() string {
	if q.t == nil { // of a name of functions
		return "<overloaded function type>"
	}
	s := ""
	if q.c {
		s += "const "
	}
	if q.v {
		s += "volatile "
	}
	if q.spaced && q.space != types.Thread {
		s += q.space.String() + " "
	}
	if s != "" {
		switch q.t.(type) {
		case *types.Pointer:
			// Qualifiers of a pointer stand behind it.
			return q.t.String() + strings.TrimRight(s, " ")
		}
	}
	return s + q.t.String()
}

// quote returns the type in quotes, with what the name stands for if that is
// not plain: 'uint' (aka 'unsigned int'), 'float4' (vector of 4 'float' values).
func (q qtype) quote() string {
	name := q.String()
	s := "'" + name + "'"
	if v, ok := q.t.(*types.Vector); ok {
		kind := "vector"
		if v.Packed {
			kind = "packed vector"
		}
		return s + " (" + kind + " of " + strconv.Itoa(v.N) + " '" + spelled(v.Elem.String()) + "' values)"
	}
	if m, ok := q.t.(*types.Matrix); ok {
		return s + " (aka 'matrix<" + m.Elem.String() + ", " + strconv.Itoa(m.Cols) + ", " + strconv.Itoa(m.Rows) + ">')"
	}
	if aka := spelledAll(name); aka != name {
		return s + " (aka '" + aka + "')"
	}
	return s
}

func quote(t types.Type) string { return qtype{t: t}.quote() }

// spelled returns a scalar type as C++ names it.
func spelled(name string) string {
	switch name {
	case "uchar", "ushort", "uint", "ulong":
		return "unsigned " + name[1:]
	}
	return name
}

// spelledAll replaces the scalar types in a spelled type by C++'s names.
func spelledAll(s string) string {
	var b strings.Builder
	for s != "" {
		n := 0
		for n < len(s) && isWord(s[n]) {
			n++
		}
		if n > 0 {
			b.WriteString(spelled(s[:n]))
		} else {
			n = 1
			b.WriteByte(s[0])
		}
		s = s[n:]
	}
	return b.String()
}

func isWord(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// The shapes of types.

func basicOf(t types.Type) *types.Basic {
	b, _ := t.(*types.Basic)
	return b
}

// isScalar reports whether t is bool, an integer or a floating type.
func isScalar(t types.Type) bool {
	b := basicOf(t)
	return b != nil && b.Kind >= types.Bool
}

func isFloat(t types.Type) bool {
	b := basicOf(t)
	return b != nil && b.IsFloat()
}

func isVoid(t types.Type) bool { return t == void }

func vectorOf(t types.Type) *types.Vector {
	v, _ := t.(*types.Vector)
	return v
}

func enumOf(t types.Type) *types.Enum {
	e, _ := t.(*types.Enum)
	return e
}

func pointerOf(t types.Type) *types.Pointer {
	p, _ := t.(*types.Pointer)
	return p
}

func structOf(t types.Type) *types.Struct {
	s, _ := t.(*types.Struct)
	return s
}

func arrayOf(t types.Type) *types.Array {
	a, _ := t.(*types.Array)
	return a
}

// elementOf returns the scalar type of a scalar, vector, matrix or
// enumeration, or nil.
func elementOf(t types.Type) *types.Basic {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind >= types.Bool {
			return t
		}
	case *types.Vector:
		return t.Elem
	case *types.Matrix:
		return t.Elem
	case *types.Enum:
		return t.Underlying
	}
	return nil
}

// components returns the number of scalars in a scalar, vector or matrix.
func components(t types.Type) int {
	switch t := t.(type) {
	case *types.Vector:
		return t.N
	case *types.Matrix:
		return t.Cols * t.Rows
	}
	return 1
}

// withElem returns the type with the shape of t and another element type.
func withElem(t types.Type, e *types.Basic) types.Type {
	switch t := t.(type) {
	case *types.Vector:
		return types.VectorOf(e, t.N)
	case *types.Matrix:
		return types.MatrixOf(e, t.Cols, t.Rows)
	}
	return e
}

// unpacked returns the aligned vector type of a packed one, and any other type
// as it is.
func unpacked(t types.Type) types.Type {
	if v, ok := t.(*types.Vector); ok && v.Packed {
		return types.VectorOf(v.Elem, v.N)
	}
	return t
}

// isArith reports whether t is a number: a scalar, or an unscoped enumeration.
func isArith(t types.Type) bool {
	if e := enumOf(t); e != nil {
		return !e.Scoped
	}
	return isScalar(t)
}

// promote returns the type that integer promotion gives a scalar.
func promote(t types.Type) *types.Basic {
	var b *types.Basic
	if e := enumOf(t); e != nil {
		if e.Promoted != nil {
			return e.Promoted
		}
		b = e.Underlying
	} else {
		b = basicOf(t)
	}
	switch b.Kind {
	case types.Bool, types.Char, types.UChar, types.Short, types.UShort:
		return intT
	}
	return b
}

// usual returns the type of the usual arithmetic conversions of two scalars.
// half and int give half, half and float give float.
func usual(x, y types.Type) *types.Basic {
	a, b := promote(x), promote(y)
	if a == b {
		return a
	}
	if a.IsFloat() || b.IsFloat() {
		switch {
		case !b.IsFloat():
			return a
		case !a.IsFloat():
			return b
		case a.Kind == types.Float || b.Kind == types.Float:
			return floatT
		}
		return floatT // half and bfloat
	}
	if a.Size() != b.Size() {
		if a.Size() > b.Size() {
			return a
		}
		return b
	}
	if a.IsSigned() {
		return b
	}
	return a
}
