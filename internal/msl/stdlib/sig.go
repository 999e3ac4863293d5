package stdlib

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// class is the set of types a signature's T stands for.
type class uint8

const (
	plain     class = iota // the signature names no T
	floats                 // half and float, scalars and vectors
	floatVecs              // vectors of half and float
	float3s                // half3, float3
	ints                   // char … ulong, scalars and vectors
	ints32                 // int and uint, scalars and vectors
	bfloats                // bfloat, scalar and vectors
	bools                  // bool, scalar and vectors
	all                    // floats, ints and bools
	numbers                // floats and ints, which quad functions move
	lanes                  // what SIMD-group functions move: 8, 16 and 32 bit numbers
	laneInts               // the integers among them
	squares                // square matrices of half and float
	matrices               // matrices of half and float
)

// classElements has the element types of each class, a letter each: see kindOf.
var classElements = [...]string{
	floats: "fh", floatVecs: "fh", float3s: "fh",
	ints: "iIsScClL", ints32: "iI",
	bfloats: "B", bools: "b", all: "fhiIsScClLb", numbers: "fhiIsScClL", lanes: "fhiIsScC", laneInts: "iIsScC",
	squares: "fh", matrices: "fh",
}

// kindOf returns the type a letter stands for; capitals are unsigned.
func kindOf(letter byte) types.Kind {
	switch letter {
	case 'b':
		return types.Bool
	case 'c':
		return types.Char
	case 'C':
		return types.UChar
	case 's':
		return types.Short
	case 'S':
		return types.UShort
	case 'i':
		return types.Int
	case 'I':
		return types.UInt
	case 'l':
		return types.Long
	case 'L':
		return types.ULong
	case 'h':
		return types.Half
	case 'f':
		return types.Float
	case 'B':
		return types.BFloat
	}
	panic("stdlib: no type " + string(letter))
}

// members returns the types of the class; only is the one element type wanted,
// or Invalid for all.
func (c class) members(only types.Kind) []types.Type {
	var list []types.Type
	for i := range len(classElements[c]) {
		k := kindOf(classElements[c][i])
		if only != types.Invalid && k != only {
			continue
		}
		e := types.Basics[k]
		switch c {
		case float3s:
			list = append(list, types.VectorOf(e, 3))
		case squares:
			for n := 2; n <= 4; n++ {
				list = append(list, types.MatrixOf(e, n, n))
			}
		case matrices:
			for cols := 2; cols <= 4; cols++ {
				for rows := 2; rows <= 4; rows++ {
					list = append(list, types.MatrixOf(e, cols, rows))
				}
			}
		default:
			if c != floatVecs {
				list = append(list, e)
			}
			for n := 2; n <= 4; n++ {
				list = append(list, types.VectorOf(e, n))
			}
		}
	}
	return list
}

// expand makes the overloads of a signature. A signature is the result and
// the parameters, separated by spaces:
//
//	T   the type itself
//	E   its element type
//	B   bool, in as many components
//	I   int, in as many components
//	U   its unsigned counterpart
//	M   the transposed matrix
//	&x  a thread reference to x, written by the function
//
// and otherwise names of types.
func expand(name, sig string, c class, only types.Kind) []*Func {
	words := strings.Fields(sig)
	subjects := []types.Type{nil}
	if c != plain {
		subjects = c.members(only)
	}
	list := make([]*Func, 0, len(subjects))
	for _, t := range subjects {
		f := &Func{Name: name, Result: typeOf(words[0], t)}
		for _, w := range words[1:] {
			out := w[0] == '&'
			f.Params = append(f.Params, Param{Type: typeOf(strings.TrimPrefix(w, "&"), t), Out: out})
		}
		list = append(list, f)
	}
	return list
}

func typeOf(word string, t types.Type) types.Type {
	switch word {
	case "T":
		return t
	case "E":
		return element(t)
	case "B":
		return withElement(t, types.Bool)
	case "I":
		return withElement(t, types.Int)
	case "U":
		k := element(t).Kind
		switch k {
		case types.Char:
			k = types.UChar
		case types.Short:
			k = types.UShort
		case types.Int:
			k = types.UInt
		case types.Long:
			k = types.ULong
		}
		return withElement(t, k)
	case "M":
		m := t.(*types.Matrix)
		return types.MatrixOf(m.Elem, m.Rows, m.Cols)
	}
	ty := TypeNamed(word)
	if ty == nil {
		panic("stdlib: no type " + word)
	}
	return ty
}

func element(t types.Type) *types.Basic {
	switch t := t.(type) {
	case *types.Vector:
		return t.Elem
	case *types.Matrix:
		return t.Elem
	}
	return t.(*types.Basic)
}

func withElement(t types.Type, k types.Kind) types.Type {
	if v, ok := t.(*types.Vector); ok {
		return types.VectorOf(types.Basics[k], v.N)
	}
	return types.Basics[k]
}
