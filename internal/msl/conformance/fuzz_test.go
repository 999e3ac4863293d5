package conformance

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

// FuzzSource compiles whatever text there is and runs what compiles, with one
// thread and with more. The compiler must not break, no tier may touch memory that is
// not the kernel's, and one thread must leave the same on all of them.
func FuzzSource(f *testing.F) {
	for seed := range uint64(3) {
		f.Add(randomKernel(seed))
	}
	files, _ := filepath.Glob("../../../bench/peers/src/*.metal")
	more, _ := filepath.Glob("../check/testdata/*.metal")
	for _, name := range append(files, more...) {
		if text, err := os.ReadFile(name); err == nil {
			f.Add(string(text))
		}
	}
	for _, text := range sources {
		f.Add(prelude + text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		runSource(t, text)
	})
}

// The sources that fuzzing begins with are right.
func TestSources(t *testing.T) {
	for _, text := range sources {
		require.Len(t, compile(t, text, msl.MathSafe).Kernels, 1)
		runSource(t, prelude+text)
	}
}

// sources are kernels that a change of some letters makes other kernels of.
var sources = []string{
	"kernel void k(device float4 *a, constant int &n, uint i [[thread_position_in_grid]]) { for (int j = 0; j < (n & 7); j++) a[i] = sin(a[i].wzyx) * a[j & 3] + exp2(a[i]); }",
	"kernel void k(device int *a, uint i [[thread_index_in_threadgroup]]) { threadgroup int s[64]; s[i] = a[i] / (a[i + 1] | 1); threadgroup_barrier(mem_flags::mem_threadgroup); a[i] = simd_sum(s[63 - i]) + simd_shuffle_xor(a[i], 3); }",
	"struct S { half3 h; packed_short3 p; char c[5]; long l; }; kernel void k(device S *s, uint i [[thread_position_in_grid]]) { s[i].l = s[i].p.y << s[i].c[2]; s[i].h.yx *= half2(s[i].p.xz); s[1].c[i & 3]++; }",
	"template <typename T, int N> T f(thread T *x) { T r = x[0]; for (int i = 1; i < N; i++) r = max(r, x[i]); return r; } kernel void k(device uchar *a, device ushort4 *b) { uchar v[4] = {a[0], a[1], a[2], a[3]}; b[0] = ushort4(f<uchar, 4>(v)) + b[1].zzxy; }",
	"kernel void k(device atomic_uint *a, device ulong *b, uint i [[thread_position_in_grid]]) { uint o = atomic_fetch_add_explicit(a, 3u, memory_order_relaxed); b[i] = (ulong(o) << 33) | popcount(b[i]); if (i > 2) return; b[i] %= 7; }",
	"kernel void k(device bfloat *a, device float3x2 *m, uint i [[thread_position_in_grid]]) { a[i] = bfloat(fma(float(a[i]), 2.0f, length(m[i][1]))); m[i] = m[i] * float3x3(2) - m[0]; }",
	"enum class E : short { a, b = 4 }; union U { float f; uint u; }; kernel void k(device E *e, device U *u) { switch (e[0]) { case E::a: u[0].u ^= 0x80000000; case E::b: u[1].f = as_type<float>(u[0].u); break; default: e[1] = E::b; } }",
}

const fuzzBuffer = 4096

func runSource(t *testing.T, text string) {
	lib, diags := msl.Compile(msl.Source{Text: text}, msl.Options{Math: msl.MathSafe})
	broken(t, diags)
	if lib == nil {
		require.True(t, diags.HasErrors(), "no library and no error")
		return
	}
	for _, k := range lib.Kernels[:min(len(lib.Kernels), 4)] {
		plain, diags := lib.LowerPlainly(k.Name, msl.Constants{})
		broken(t, diags)
		code, diags := lib.Lower(k.Name, msl.Constants{})
		broken(t, diags)
		require.Equal(t, plain == nil, code == nil)
		if code == nil || len(code.Func.Textures) > 0 || len(code.Func.Samplers) > 0 {
			continue
		}
		l := &tiers.Launch{Grid: d1(1), Group: d1(1), Buffers: map[int][]byte{}, Shared: map[int]int{}, Timeout: 50 * time.Millisecond}
		for _, a := range code.Args {
			switch a.Kind {
			case msl.ArgBuffer:
				l.Buffers[a.Index] = make([]byte, fuzzBuffer)
				for i := range fuzzBuffer / 4 {
					binary.LittleEndian.PutUint32(l.Buffers[a.Index][4*i:], uint32(i%13))
				}
			case msl.ArgThreadgroup:
				l.Shared[a.Index] = 1024
			}
		}
		tooLong := false
		var first *tiers.Result
		for _, tier := range engines() {
			got, err := tier.Run(code.Func, l)
			require.NoError(t, err)
			switch {
			case got.Fault != nil && got.Fault.Kind == simt.Timeout:
				tooLong = true
			case first == nil:
				first = got
			default:
				require.Equal(t, first.Fault == nil, got.Fault == nil, "%s: %v, and first %v", tier.Name, got.Fault, first.Fault)
				for i := range l.Buffers {
					if got.Fault == nil {
						require.Empty(t, differentWords(got.Buffers[i], first.Buffers[i]), "%s, buffer %d", tier.Name, i)
					}
				}
			}
			if tooLong {
				break
			}
		}
		if tooLong {
			continue
		}
		many := *l
		many.Grid, many.Group = d1(70), d1(40)
		for _, tier := range engines() {
			_, err := tier.Run(code.Func, &many) // threads may race, and may leave the memory
			require.NoError(t, err)
		}
	}
}

// broken fails for what the compiler says when it has broken.
func broken(t *testing.T, diags *msl.Diagnostics) {
	if text := diags.Render(); strings.Contains(text, "internal compiler error") {
		t.Fatal(text)
	}
}

// differentWords tells of the first words that differ and are not both NaNs of
// some type of float.
func differentWords(x, y []byte) string {
	for i := 0; i+4 <= len(x); i += 4 {
		a, b := binary.LittleEndian.Uint32(x[i:]), binary.LittleEndian.Uint32(y[i:])
		if a == b || isNaN(float64(math.Float32frombits(a))) && isNaN(float64(math.Float32frombits(b))) {
			continue
		}
		for h := 0; h < 32; h += 16 {
			p, q := uint16(a>>h), uint16(b>>h)
			if p != q && !(p&0x7c00 == 0x7c00 && q&0x7c00 == 0x7c00 && p&0x3ff != 0 && q&0x3ff != 0) && !(p&0x7f80 == 0x7f80 && q&0x7f80 == 0x7f80) {
				return fmt.Sprintf("word %d: %#x and %#x", i/4, a, b)
			}
		}
	}
	return ""
}
