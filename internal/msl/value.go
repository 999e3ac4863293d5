package msl

import (
	"encoding/binary"
	"fmt"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// bits returns the value as the words of a constant of type t, one a
// component.
func (v Value) bits(t types.Type) ([]uint64, error) {
	if v.Type != nil && plain(v.Type) != plain(t) {
		return nil, fmt.Errorf("its type is '%s', but the value given is of type '%s'", t, v.Type)
	}
	elem, n := t, 1
	switch t := t.(type) {
	case *types.Vector:
		elem, n = t.Elem, t.N
	case *types.Enum:
		elem = t.Underlying
	}
	size := int(elem.Size())
	if len(v.Data) != int(t.Size()) && len(v.Data) != n*size {
		return nil, fmt.Errorf("its type '%s' has %d bytes, but the value given has %d", t, n*size, len(v.Data))
	}
	bits := make([]uint64, n)
	for i := range bits {
		d := v.Data[i*size:]
		switch size {
		case 1:
			bits[i] = uint64(d[0])
		case 2:
			bits[i] = uint64(binary.LittleEndian.Uint16(d))
		case 4:
			bits[i] = uint64(binary.LittleEndian.Uint32(d))
		default:
			bits[i] = binary.LittleEndian.Uint64(d)
		}
		if elem == types.Basics[types.Bool] && bits[i] != 0 {
			bits[i] = 1
		}
	}
	return bits, nil
}

// plain returns what an enumeration lies on.
func plain(t types.Type) types.Type {
	if e, ok := t.(*types.Enum); ok {
		return e.Underlying
	}
	return t
}
