package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// MTLDataType numbers that do not follow from another.
const (
	dataNone      = 0
	dataStruct    = 1
	dataArray     = 2
	dataFloat2x2  = 7
	dataHalf2x2   = 20
	dataTexture   = 58
	dataSampler   = 59
	dataPointer   = 60
	vectorsOfKind = 4 // a scalar and its vectors of 2, 3 and 4 follow each other
)

// scalarData is the MTLDataType of a scalar kind; those of its vectors follow.
var scalarData = [...]int{
	types.Float: 3, types.Half: 16, types.Int: 29, types.UInt: 33, types.Short: 37, types.UShort: 41,
	types.Char: 45, types.UChar: 49, types.Bool: 53, types.Long: 81, types.ULong: 85, types.BFloat: 121,
}

// dataType returns the MTLDataType of t.
func dataType(t types.Type) int {
	switch t := t.(type) {
	case *types.Basic:
		if int(t.Kind) < len(scalarData) {
			return scalarData[t.Kind]
		}
	case *types.Vector:
		return scalarData[t.Elem.Kind] + t.N - 1
	case *types.Matrix:
		offset := (t.Cols-2)*3 + t.Rows - 2
		switch t.Elem.Kind {
		case types.Float:
			return dataFloat2x2 + offset
		case types.Half:
			return dataHalf2x2 + offset
		}
	case *types.Atomic:
		return dataType(t.Elem)
	case *types.Enum:
		return dataType(t.Underlying)
	case *types.Struct:
		return dataStruct
	case *types.Array:
		return dataArray
	case *types.Pointer, *types.Reference:
		return dataPointer
	case *types.Texture:
		return dataTexture
	case *types.Opaque:
		if t == types.Sampler {
			return dataSampler
		}
	}
	return dataNone
}

// constantType returns the scalar or vector type of a MTLDataType, nil if a
// function constant cannot have it.
func constantType(data uint64) types.Type {
	for kind, first := range scalarData {
		if first == 0 || data < uint64(first) || data >= uint64(first+vectorsOfKind) {
			continue
		}
		elem := types.Basics[kind]
		if n := int(data) - first + 1; n > 1 {
			return types.VectorOf(elem, n)
		}
		return elem
	}
	return nil
}

// constantSize returns the bytes of a function constant's value, without the
// padding of a vector of three, and from one value to the next.
func constantSize(t types.Type) (size, stride int) {
	if v, ok := t.(*types.Vector); ok {
		return v.N * int(v.Elem.Size()), int(v.Size())
	}
	return int(t.Size()), int(t.Size())
}

// bindingAccess returns the MTLBindingAccess of an access.
func bindingAccess(a msl.Access) uintptr {
	switch a {
	case msl.AccessReadWrite:
		return 1
	case msl.AccessWrite:
		return 2
	}
	return 0
}
