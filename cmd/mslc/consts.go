package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// constants returns the values of k's function constants: those of the command
// line, and zero for those that are required.
func (o *options) constants(k *msl.Kernel) (msl.Constants, error) {
	cs := msl.Constants{ByIndex: map[int]msl.Value{}}
	for _, c := range k.Constants {
		text, given := o.consts[strconv.Itoa(c.Index)]
		if !given {
			text, given = o.consts[c.Name]
		}
		switch {
		case given:
			data, err := encode(c.Type, text)
			if err != nil {
				return cs, fmt.Errorf("function constant %s: %w", c.Name, err)
			}
			cs.ByIndex[c.Index] = msl.Value{Type: c.Type, Data: data}
		case c.Required:
			cs.ByIndex[c.Index] = msl.Value{Type: c.Type, Data: make([]byte, c.Type.Size())}
		}
	}
	return cs, nil
}

// encode returns text as a scalar of type t lies in memory.
func encode(t types.Type, text string) ([]byte, error) {
	b, ok := t.(*types.Basic)
	if !ok {
		return nil, fmt.Errorf("a value of type %s cannot be given here, only scalars can", t)
	}
	var bits uint64
	switch {
	case b.Kind == types.Bool:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no bool", text)
		}
		if v {
			bits = 1
		}
	case b.IsFloat():
		v, err := strconv.ParseFloat(text, 32)
		if err != nil {
			return nil, fmt.Errorf("%q is no %s", text, t)
		}
		switch b.Kind {
		case types.Half:
			bits = uint64(fp16.FromFloat32(float32(v)))
		case types.BFloat:
			bits = uint64(fp16.BFromFloat32(float32(v)))
		default:
			bits = uint64(math.Float32bits(float32(v)))
		}
	case b.IsSigned():
		v, err := strconv.ParseInt(text, 0, int(8*t.Size()))
		if err != nil {
			return nil, fmt.Errorf("%q is no %s", text, t)
		}
		bits = uint64(v)
	default:
		v, err := strconv.ParseUint(text, 0, int(8*t.Size()))
		if err != nil {
			return nil, fmt.Errorf("%q is no %s", text, t)
		}
		bits = v
	}
	return binary.LittleEndian.AppendUint64(nil, bits)[:t.Size()], nil
}
