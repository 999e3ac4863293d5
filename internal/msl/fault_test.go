package msl

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// bothTiers are the ways to run kernels.
var bothTiers = map[string]simt.Engine{"interpreter": simt.Interpreter, "machine code": simt.Native}

// faultyKernels do what no kernel should. a is a buffer of 64 words, b of 64 words is bound too,
// c is not; p is a buffer with the addresses of a, of nothing and of memory that is gone; zero,
// one and big are 0, 1 and 2^31-1, which the compiler cannot know. want is what the fault says,
// or nothing if there is to be none.
var faultyKernels = []struct{ name, body, want string }{
	{"load past the end", "b[id] = a[id + 64 * one];", "thread (0, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 256 of buffer 0 (a)"},
	{"store past the end", "a[id + 33] = id;", "thread (31, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 256"},
	{"load before the start", "b[id] = a[int(id) - 1];", "read 4 bytes at offset -4"},
	{"store before the start", "a[int(id) - 7] = id;", "wrote 4 bytes at offset -28"},
	{"load far away", "b[id] = a[id + 0x7fffffff * one];", "read 4 bytes at offset 8589934588"},
	{"load further away", "b[id] = *(a + (ulong(id) << 40) + (ulong(one) << 60));", "read 4 bytes at offset 4611686018427387904"},
	{"gather", "b[id] = a[id * id * id];", "thread (4, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 256"},
	{"scatter", "a[id * 5 % 67] = id;", "wrote 4 bytes at offset 2"},
	{"strided", "b[id] = a[id * 3];", "thread (22, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 264"},
	{"backwards", "b[id] = a[30 - int(id)];", "thread (31, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset -4"},
	{"the same for all", "b[id] = a[64 * one];", "thread (0, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 256"},
	{"a store by all", "a[64 * one] = id;", "thread (0, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 256"},
	{"a vector", "((device float4 *)a)[id] = float4(1);", "thread (16, 0, 0) of threadgroup (0, 0, 0) wrote"},
	{"a packed vector", "((device packed_float3 *)a)[id] += 1;", "thread (22, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 264"},
	{"part of a vector", "((device float4 *)a)[id].w = 1;", "thread (16, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 268"},
	{"bytes", "((device uchar *)a)[id * 9] = 1;", "thread (29, 0, 0) of threadgroup (0, 0, 0) wrote 1 byte at offset 261"},
	{"halves", "((device half *)a)[id * 5] += 1.0h;", "thread (26, 0, 0) of threadgroup (0, 0, 0) read 2 bytes at offset 260"},
	{"64 bits", "((device ulong *)a)[id + one] += 1;", "thread (31, 0, 0) of threadgroup (0, 0, 0) read 8 bytes at offset 256"},
	{"a matrix", "((device float4x4 *)a)[id / 6][1].y = 1;", "thread (24, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 276"},
	{"a struct", "struct S { uint x[5]; uchar y; }; ((device S *)a)[id / 2].y = 1;", "thread (20, 0, 0) of threadgroup (0, 0, 0) wrote 1 byte at offset 260"},
	{"atomic add", "atomic_fetch_add_explicit((device atomic_uint *)a + id + 40, 1u, memory_order_relaxed);", "thread (24, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 256"},
	{"atomic add, one place", "atomic_fetch_add_explicit((device atomic_uint *)a + 64 * one, 1u, memory_order_relaxed);", "wrote 4 bytes at offset 256"},
	{"atomic load", "b[id] = atomic_load_explicit((device atomic_uint *)a - 1 * one, memory_order_relaxed);", "read 4 bytes at offset -4"},
	{"atomic compare", "uint e = 0; atomic_compare_exchange_weak_explicit((device atomic_uint *)a + id * 99, &e, 1u, memory_order_relaxed, memory_order_relaxed);", "wrote 4 bytes at offset 396"},
	{"misaligned atomic", "atomic_fetch_add_explicit((device atomic_uint *)((device uchar *)a + one), 1u, memory_order_relaxed);", "atomically at offset 1 of buffer 0 (a), which is not a multiple of 4"},
	{"misaligned atomics", "atomic_fetch_add_explicit((device atomic_uint *)((device uchar *)a + id * 2), 1u, memory_order_relaxed);", "thread (1, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes atomically at offset 2"},
	{"misaligned loads", "b[id] = *(device uint *)((device uchar *)a + id * 3 + one);", ""},
	{"not bound", "b[id] = c[id];", "buffer 2 (c), to which no buffer is bound"},
	{"store to what is not bound", "c[zero] = id;", "buffer 2 (c), to which no buffer is bound"},
	{"atomic on what is not bound", "atomic_fetch_max_explicit((device atomic_uint *)c, id, memory_order_relaxed);", "buffer 2 (c), to which no buffer is bound"},
	{"null", "device uint *q = nullptr; b[id] = q[id * one];", "read 4 bytes at device address 0x0, where there is no buffer"},
	{"null or not", "device uint *q = id < 20 ? a : nullptr; b[id] = q[id];", "thread (20, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at device address 0x50"},
	{"null in memory", "p[1][id] = 1;", "wrote 4 bytes at device address 0x0, where there is no buffer"},
	{"a buffer that is gone", "p[2][id] = 1;", "at device address 0x9900000000, where there is no buffer"},
	{"past one reached by address", "p[0][id + 60] = 1;", "thread (4, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 256"},
	{"an address of nothing", "device uint *q = (device uint *)(ulong(id) * 0x123456789abcul); b[id] = *q;", "where there is no buffer"},
	{"threadgroup memory", "threadgroup uint t[40]; t[id] = id; b[id] = t[id + 10 * one];", "thread (30, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 160 of threadgroup memory"},
	{"a store to threadgroup memory", "threadgroup uint t[40]; t[id * id] = id; b[id] = t[id];", "thread (7, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 196 of threadgroup memory"},
	{"an atomic on threadgroup memory", "threadgroup atomic_uint t[40]; atomic_fetch_add_explicit(&t[id * 2], 1u, memory_order_relaxed);", "thread (20, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 160 of threadgroup memory"},
	{"thread memory", "uint t[16]; for (uint i = 0; i < 16; i++) t[i] = i * id; b[id] = t[id];", "thread (16, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 64 of thread memory"},
	{"a store to thread memory", "uint t[16]; for (uint i = 0; i <= 16 * one; i++) t[i] = i * id; b[id] = t[id / 2];", "wrote 4 bytes at offset 64 of thread memory"},
	{"thread memory, below", "uint t[16]; for (uint i = 0; i < 16; i++) t[i] = i * id; b[id] = t[int(id) - 5];", "read 4 bytes at offset -20 of thread memory"},
	{"constants", "constant uint *q = &table[id]; b[id] = *q;", "thread (4, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 16 of constant data (table)"},
	{"in one lane", "if (id == 13) b[id] = a[id + big];", "thread (13, 0, 0) of threadgroup (0, 0, 0) read 4 bytes"},
	{"in one lane of a loop", "for (uint i = 0; i < id; i++) if (i == 20) a[i * 100] = 1;", "wrote 4 bytes at offset 8000"},
	{"beyond a loop", "uint s = 0; for (uint i = 0; i < 100 * one; i++) s += a[i]; b[id] = s;", "read 4 bytes at offset 256"},
	{"beyond a loop, by rows", "uint s = 0; for (uint i = 0; i < 10 * one; i++) s += a[i * 32 + id]; b[id] = s;", "thread (0, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 256"},
	{"a loop that stores beyond", "for (uint i = 0; i < 10 * one; i++) a[i * 32 + id] = i;", "thread (0, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 256"},
	{"a loop downwards", "for (int i = 40; i > -3 * int(one); i--) a[i] = i;", "wrote 4 bytes at offset -4"},
	{"after a barrier", "threadgroup uint t[32]; t[id] = id; threadgroup_barrier(mem_flags::mem_threadgroup); b[id] = a[t[31 - id] * 3];", "read 4 bytes at offset"},

	{"division by zero", "int x = int(id) / int(zero) + int(id) % int(zero) + int(id / zero) + int(id % zero); b[id] = uint(x);", ""},
	{"the least divided by -1", "int m = -int(one); int x = (-int(big) - 1) / m + (-int(big) - 1) % m; b[id] = uint(x);", ""},
	{"64 bits divided", "long m = -long(one), l = long(1) << (63 * one); b[id] = uint(l / m + l % m + l / long(zero) + l % long(zero) + (ulong(l) / ulong(zero)));", ""},
	{"short division", "short m = -short(one); char n = -char(one); b[id] = uint(short(-32767 - int(one)) / m + char(-127 - int(one)) / n + short(id) / short(zero) + char(id) % char(zero));", ""},
	{"vectors divided", "int4 x = int4(id) / int4(zero, -int(one), one, zero) + (int4(-int(big)) - 1) % int4(-int(one)); b[id] = uint(x.x + x.y + x.z + x.w);", ""},
	{"wide shifts", "b[id] = (one << (id * 100)) + (big >> (40 * one)) + uint((ulong(one) << (64 * one)) >> 1);", ""},
	{"conversions", "float x = as_type<float>(0x7fc00000u * one), y = 1e38f * float(big); b[id] = uint(x) + uint(y) + uint(int(-y)) + uint(ulong(y)) + ushort(y) + uchar(x);", ""},
	{"lanes that are not there", "b[id] = simd_shuffle(id, ushort(big)) + simd_shuffle_down(id, ushort(900 * one)) + simd_broadcast(id, ushort(77 * one)) + quad_shuffle(id, ushort(9 * one));", ""},

	{"forever", "while (a[id % 4] < 100 * one) b[id] += 1;", "did not end in time"},
	{"forever in one lane", "uint i = id; while (i != 7) { if (i != 9) i = 7; }", "did not end in time"},
	{"forever with barriers", "while (one) { threadgroup_barrier(mem_flags::mem_threadgroup); b[id] += 1; }", "did not end in time"},
	{"forever with barriers, and leaving", "for (uint i = one; i != 0; i = i * 2 + 1) { threadgroup_barrier(mem_flags::mem_threadgroup); if (id + i == 3) return; }", "did not end in time"},
	{"forever in a SIMD group", "while (simd_any(id == 3)) b[id] += one;", "did not end in time"},
	{"forever in loops", "for (uint i = 0; i < 1000000; i++) for (uint j = 0; j < 1000000; j++) for (uint k = 0; k < 1000000; k++) b[id] += i ^ j ^ k;", "did not end in time"},
	{"waiting for another thread", "if (id == 0) { while (atomic_load_explicit((device atomic_uint *)b, memory_order_relaxed) < 1000); } else if (zero) b[0] = 1000;", "did not end in time"},

	{"a barrier not all reach", "if (id < 7) threadgroup_barrier(mem_flags::mem_threadgroup); b[id] = 1;", ""},
	{"a barrier nobody is left for", "if (id < 7) return; threadgroup_barrier(mem_flags::mem_threadgroup); b[id] = 1;", ""},
}

// TestFaultyKernels runs each of them on both tiers, and after each a good one: the launch fails or
// does not as it should, memory around the buffers stays as it was, and the process lives.
func TestFaultyKernels(t *testing.T) {
	const guard = 0x5a5a5a5a
	for _, c := range faultyKernels {
		t.Run(c.name, func(t *testing.T) {
			lib := compile(t, `constant uint table[4] = {1, 2, 3, 4};
kernel void k(device uint *a [[buffer(0)]], device uint *b [[buffer(1)]], device uint *c [[buffer(2)]], device uint *device *p [[buffer(3)]],
              constant uint &zero [[buffer(4)]], constant uint &one [[buffer(5)]], constant uint &big [[buffer(6)]],
              uint id [[thread_position_in_grid]]) {
`+c.body+`
}
kernel void good(device uint *a [[buffer(0)]], device uint *b [[buffer(1)]], uint id [[thread_position_in_grid]]) { a[id] = b[id] + 1; }`)
			texts := map[string]string{}
			for tier, engine := range bothTiers {
				mem := make([]uint32, 5*64)
				for i := range mem {
					mem[i] = guard
				}
				a, b := mem[64:128], mem[192:256]
				clear(a)
				clear(b)
				l := launch{lib: lib, kernel: "k", grid: d1(64), group: d1(32), engine: engine, buffers: map[int][]byte{
					0: bytesOf(a), 1: bytesOf(b), 3: bytesOf([]uint64{addressOf(0), 0, 0x99 << 32}),
					4: bytesOf([]uint32{0}), 5: bytesOf([]uint32{1}), 6: bytesOf([]uint32{1<<31 - 1})}}
				l.timeout = 20 * time.Millisecond
				what := tier + ": " + c.body
				switch f := l.run(t); {
				case c.want == "":
					require.Nil(t, f, what)
				default:
					require.NotNil(t, f, what)
					require.Contains(t, f.Error(), c.want, what)
					require.NotEqual(t, simt.Internal, f.Kind, what)
					texts[tier] = strings.Split(f.Error(), " of threadgroup")[0]
				}
				for i := range 64 {
					require.True(t, mem[i] == guard && mem[128+i] == guard && mem[256+i] == guard, what)
				}
				clear(b)
				l.kernel = "good"
				require.Nil(t, l.run(t), what)
				for i := range a {
					require.EqualValues(t, 1, a[i], what)
				}
			}
			require.Equal(t, texts["interpreter"], texts["machine code"])
		})
	}
}
