package msl

import (
	"cmp"
	"encoding/binary"
	"math"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// prelude is what every program begins with.
const prelude = "#include <metal_stdlib>\nusing namespace metal;\n"

// compile compiles a program that must be right.
func compile(t testing.TB, text string) *Library {
	t.Helper()
	return compileWith(t, text, Options{})
}

func compileWith(t testing.TB, text string, opts Options) *Library {
	t.Helper()
	lib, diags := Compile(Source{Text: prelude + "#line 1\n" + text}, opts)
	if lib == nil {
		t.Fatalf("does not compile:\n%s", diags.Render())
	}
	return lib
}

// launch is a kernel with what it runs on.
type launch struct {
	lib         *Library
	kernel      string
	consts      Constants
	grid, group simt.Size
	buffers     map[int][]byte
	shared      map[int]int // lengths of threadgroup arguments
	engine      simt.Engine
	timeout     time.Duration
}

// run runs the launch, whose kernel must lower.
func (l launch) run(t testing.TB) *simt.Fault {
	t.Helper()
	code, diags := l.lib.Lower(l.kernel, l.consts)
	if code == nil {
		t.Fatalf("kernel %s cannot be lowered:\n%s", l.kernel, diags.Render())
	}
	p, err := simt.Compile(code.Func)
	require.NoError(t, err)
	s := simt.Launch{Program: p, Grid: l.grid, Group: l.group, Engine: l.engine, Timeout: cmp.Or(l.timeout, 10*time.Second)}
	for _, m := range p.Mems() {
		var b simt.Binding
		switch m.Kind {
		case ir.MemBuffer:
			data, ok := l.buffers[m.Index]
			if !ok {
				break
			}
			b = simt.Binding{Ptr: unsafe.Pointer(unsafe.SliceData(data)), Len: int64(len(data)), Addr: addressOf(m.Index)}
		case ir.MemThreadgroupArg:
			b.Len = int64(l.shared[m.Index])
		}
		s.Mems = append(s.Mems, b)
	}
	for i := 0; i < 31; i++ {
		if data, ok := l.buffers[i]; ok {
			s.Ranges = append(s.Ranges, simt.Range{Addr: addressOf(i), Ptr: unsafe.Pointer(unsafe.SliceData(data)), Len: int64(len(data))})
		}
	}
	return s.Run()
}

// addressOf is the device address of the buffer at an index.
func addressOf(index int) uint64 { return uint64(index+1) << 32 }

func d1(n int) simt.Size       { return simt.Size{X: uint32(n), Y: 1, Z: 1} }
func d2(x, y int) simt.Size    { return simt.Size{X: uint32(x), Y: uint32(y), Z: 1} }
func d3(x, y, z int) simt.Size { return simt.Size{X: uint32(x), Y: uint32(y), Z: uint32(z)} }

// bytesOf returns the memory of s, so that what a kernel writes shows in s.
func bytesOf[T any](s []T) []byte {
	var x T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(x)))
}

// runThreads runs the only kernel of a program over n threads with buffers
// from index 0 on.
func runThreads(t testing.TB, text string, n int, buffers ...[]byte) {
	t.Helper()
	lib := compile(t, text)
	require.Len(t, lib.Kernels, 1)
	m := map[int][]byte{}
	for i, b := range buffers {
		m[i] = b
	}
	if f := (launch{lib: lib, kernel: lib.Kernels[0].Name, grid: d1(n), group: d1(min(n, 64)), buffers: m}).run(t); f != nil {
		t.Fatal(f)
	}
}

// word is a value as a constant has it.
func word(b []byte) uint64 {
	var w [8]byte
	copy(w[:], b)
	return binary.LittleEndian.Uint64(w[:])
}

func f32bits(x float32) uint64 { return uint64(math.Float32bits(x)) }
func f32of(w uint64) float32   { return math.Float32frombits(uint32(w)) }

// ptrTo returns the address of the first element of s.
func ptrTo[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
