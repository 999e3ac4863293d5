package conformance

import (
	"encoding/binary"
	"sync"
	"testing"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

const prelude = "#include <metal_stdlib>\nusing namespace metal;\n#line 1\n"

var engines = sync.OnceValue(tiers.Engines)

func compile(t testing.TB, text string, mode msl.MathMode) *msl.Library {
	t.Helper()
	lib, diags := msl.Compile(msl.Source{Text: prelude + text}, msl.Options{Math: mode})
	if lib == nil {
		t.Fatalf("does not compile:\n%s\n%s", diags.Render(), text)
	}
	return lib
}

// code is a kernel as it is lowered, and optimised.
type code struct {
	plain, optimised *ir.Func
}

func lower(t testing.TB, lib *msl.Library, kernel string) code {
	t.Helper()
	plain, diags := lib.LowerPlainly(kernel, msl.Constants{})
	if plain == nil {
		t.Fatalf("kernel %s cannot be lowered:\n%s", kernel, diags.Render())
	}
	best, diags := lib.Lower(kernel, msl.Constants{})
	if best == nil {
		t.Fatalf("kernel %s cannot be lowered:\n%s", kernel, diags.Render())
	}
	return code{plain, best.Func}
}

// run runs a kernel on every tier: the code as it is lowered thread by thread,
// the optimised code on each engine. What they leave in the buffers must be the
// same as judged by same; the buffers of the first are returned.
func (c code) run(t testing.TB, name string, l *tiers.Launch, same func(buffer int, x, y []byte) string) map[int][]byte {
	t.Helper()
	first, err := tiers.Reference.Run(c.plain, l)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if first.Fault != nil {
		t.Fatalf("%s: %v", name, first.Fault)
	}
	for _, tier := range engines() {
		got, err := tier.Run(c.optimised, l)
		if err != nil {
			t.Fatalf("%s on %s: %v", name, tier.Name, err)
		}
		if got.Fault != nil {
			t.Fatalf("%s on %s: %v", name, tier.Name, got.Fault)
		}
		for i := range l.Buffers {
			if why := same(i, got.Buffers[i], first.Buffers[i]); why != "" {
				t.Errorf("%s on %s, buffer %d: %s", name, tier.Name, i, why)
				return first.Buffers
			}
		}
	}
	return first.Buffers
}

func d1(n int) simt.Size { return simt.Size{X: uint32(n), Y: 1, Z: 1} }

// layout tells where the components of a type lie.
type layout struct {
	kind    types.Kind
	size    int // of a component
	offsets []int
	stride  int // of the type
}

func layoutOf(t types.Type) layout {
	switch t := t.(type) {
	case *types.Vector:
		l := layout{kind: t.Elem.Kind, size: int(t.Elem.Size()), stride: int(t.Size())}
		for i := range t.N {
			l.offsets = append(l.offsets, i*l.size)
		}
		return l
	case *types.Matrix:
		l := layout{kind: t.Elem.Kind, size: int(t.Elem.Size()), stride: int(t.Size())}
		for c := range t.Cols {
			for r := range t.Rows {
				l.offsets = append(l.offsets, c*int(t.Column().Size())+r*l.size)
			}
		}
		return l
	case *types.Enum:
		return layoutOf(t.Underlying)
	case *types.Atomic:
		return layoutOf(t.Elem)
	}
	b := t.(*types.Basic)
	return layout{kind: b.Kind, size: int(b.Size()), offsets: []int{0}, stride: int(b.Size())}
}

// get reads component c of element i; put writes it.
func (l *layout) get(b []byte, i, c int) uint64 {
	b = b[i*l.stride+l.offsets[c]:]
	switch l.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}

func (l *layout) put(b []byte, i, c int, w uint64) {
	b = b[i*l.stride+l.offsets[c]:]
	switch l.size {
	case 1:
		b[0] = byte(w)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(w))
	case 4:
		binary.LittleEndian.PutUint32(b, uint32(w))
	default:
		binary.LittleEndian.PutUint64(b, w)
	}
}
