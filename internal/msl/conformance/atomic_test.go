package conformance

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

func isAtomic(name string) bool { return strings.HasPrefix(name, "atomic_") && !isSynchronising(name) }

func isSynchronising(name string) bool {
	return name == "atomic_thread_fence" || strings.HasSuffix(name, "_barrier")
}

// An atomicOp is what an atomic function does to the object and returns.
type atomicOp func(k types.Kind, old, x uint64) (now uint64)

func atomicOps() map[string]atomicOp {
	arithmetic := func(ints func(x, y *big.Int) *big.Int, floats func(x, y float64) float64) atomicOp {
		return func(k types.Kind, old, x uint64) uint64 {
			if isFloat(k) {
				f := formatOf(k)
				return f.encode(floats(f.value(old), f.value(x)))
			}
			return wrap(k, ints(integer(k, old), integer(k, x)))
		}
	}
	ints := func(f func(x, y *big.Int) *big.Int) atomicOp { return arithmetic(f, nil) }
	bits := func(f func(x, y uint64) uint64) atomicOp {
		return func(k types.Kind, old, x uint64) uint64 { return f(old, x) }
	}
	less := ints(func(x, y *big.Int) *big.Int { return least(x, y) })
	more := ints(func(x, y *big.Int) *big.Int { return most(x, y) })
	return map[string]atomicOp{
		"atomic_store_explicit":     bits(func(_, x uint64) uint64 { return x }),
		"atomic_load_explicit":      bits(func(old, _ uint64) uint64 { return old }),
		"atomic_exchange_explicit":  bits(func(_, x uint64) uint64 { return x }),
		"atomic_fetch_add_explicit": arithmetic(add, func(x, y float64) float64 { return x + y }),
		"atomic_fetch_sub_explicit": arithmetic(sub, func(x, y float64) float64 { return x - y }),
		"atomic_fetch_and_explicit": bits(func(x, y uint64) uint64 { return x & y }),
		"atomic_fetch_or_explicit":  bits(func(x, y uint64) uint64 { return x | y }),
		"atomic_fetch_xor_explicit": bits(func(x, y uint64) uint64 { return x ^ y }),
		"atomic_fetch_min_explicit": less,
		"atomic_fetch_max_explicit": more,
		"atomic_min_explicit":       less,
		"atomic_max_explicit":       more,
		// Of a compare and exchange, see below.
		"atomic_compare_exchange_weak_explicit": bits(func(_, x uint64) uint64 { return x }),
	}
}

// TestAtomicFunctions calls each atomic function on an object a thread, in device
// and in threadgroup memory.
func TestAtomicFunctions(t *testing.T) {
	known := atomicOps()
	r := rand.New(rand.NewPCG(7, 8))
	for _, name := range stdlib.Names() {
		if !isAtomic(name) {
			continue
		}
		op := known[name]
		if op == nil {
			t.Errorf("no oracle for %s", name)
			continue
		}
		var text strings.Builder
		list := stdlib.Lookup(name, sem.Default)
		for i, f := range list {
			text.WriteString(atomicKernel(i, f))
		}
		lib := compile(t, text.String(), msl.MathSafe)
		t.Run(name, func(t *testing.T) {
			for i, f := range list {
				testAtomic(t, lib, i, f, op, r)
			}
		})
	}
}

func atomicObject(f *stdlib.Func) (*types.Pointer, layout) {
	p := f.Params[0].Type.(*types.Pointer)
	return p, layoutOf(p.Elem)
}

// atomicKernel has buffers for the objects, the arguments, the results, and the
// values that a compare and exchange expects.
func atomicKernel(i int, f *stdlib.Func) string {
	p, _ := atomicObject(f)
	value := p.Elem.(*types.Atomic).Elem
	args := []string{"p"}
	for _, q := range f.Params[1:] {
		switch q.Type.(type) {
		case *types.Pointer:
			args = append(args, "&e")
		case *types.Enum:
			args = append(args, "memory_order_relaxed")
		default:
			args = append(args, "x[i]")
		}
	}
	call := fmt.Sprintf("%s(%s);", f.Name, strings.Join(args, ", "))
	if f.Result != types.Type(types.Basics[types.Void]) {
		call = "r[i] = " + call
	}
	before, after := "device "+p.Elem.String()+" *p = &o[i];", ""
	if p.Space == types.Threadgroup {
		before = fmt.Sprintf("threadgroup %s s[64]; threadgroup %s *p = &s[l]; atomic_store_explicit(p, atomic_load_explicit(&o[i], memory_order_relaxed), memory_order_relaxed);", p.Elem, p.Elem)
		after = "atomic_store_explicit(&o[i], atomic_load_explicit(p, memory_order_relaxed), memory_order_relaxed);"
	}
	return fmt.Sprintf("kernel void k%d(device %s *o [[buffer(0)]], device const %s *x [[buffer(1)]], device %s *r [[buffer(2)]], device %s *expected [[buffer(3)]], "+
		"uint i [[thread_position_in_grid]], uint l [[thread_index_in_threadgroup]]) { %s e = expected[i]; %s %s %s expected[i] = e; }\n",
		i, p.Elem, value, value, value, value, before, call, after)
}

func testAtomic(t *testing.T, lib *msl.Library, i int, f *stdlib.Func, op atomicOp, r *rand.Rand) {
	t.Helper()
	const n = 100
	p, o := atomicObject(f)
	x := o // of plain values
	o.stride = int(p.Elem.Size())
	l := &tiers.Launch{Grid: d1(n), Group: d1(64), Buffers: map[int][]byte{}}
	for b := range 4 {
		l.Buffers[b] = make([]byte, n*o.stride)
	}
	values := edges(o.kind, true)
	for i := range n {
		for b := range 4 {
			if b == 2 {
				continue
			}
			w := values[r.IntN(len(values))]
			if b == 3 && i%2 == 0 {
				w = o.get(l.Buffers[0], i, 0)
			}
			if b == 0 {
				o.put(l.Buffers[b], i, 0, w)
			} else {
				x.put(l.Buffers[b], i, 0, w)
			}
		}
	}
	got := lower(t, lib, fmt.Sprintf("k%d", i)).run(t, f.Name, l, func(buffer int, x, y []byte) string { return sameBits(o.kind, x, y) })
	for i := range n {
		old, v, e := o.get(l.Buffers[0], i, 0), x.get(l.Buffers[1], i, 0), x.get(l.Buffers[3], i, 0)
		now, result := op(o.kind, old, v), old
		if f.Name == "atomic_compare_exchange_weak_explicit" {
			result = 1
			if old != e {
				now, result = old, 0
			}
			require.Equal(t, show(o.kind, old), show(o.kind, x.get(got[3], i, 0)), "what %s expected", f.Name)
			if isFloat(o.kind) {
				result = formatOf(o.kind).encode(float64(result)) // the buffer's type
			}
		}
		require.True(t, same(o.kind, now, o.get(got[0], i, 0)), "%s of %s and %s leaves %s", f.Name, show(o.kind, old), show(o.kind, v), show(o.kind, o.get(got[0], i, 0)))
		if f.Result != types.Type(types.Basics[types.Void]) {
			require.True(t, same(o.kind, result, x.get(got[2], i, 0)), "%s of %s and %s is %s", f.Name, show(o.kind, old), show(o.kind, v), show(o.kind, x.get(got[2], i, 0)))
		}
	}
}

func same(k types.Kind, x, y uint64) bool {
	return x == y || isFloat(k) && formatOf(k).isNaN(x) && formatOf(k).isNaN(y)
}

// TestContention has all threads change one object: the result is that of all
// changes, in whatever order.
func TestContention(t *testing.T) {
	const n = 1000
	r := rand.New(rand.NewPCG(9, 10))
	for _, name := range []string{"add", "sub", "and", "or", "xor", "min", "max"} {
		op := atomicOps()["atomic_fetch_"+name+"_explicit"]
		for _, k := range []types.Kind{types.Int, types.UInt} {
			b := types.Basics[k]
			lib := compile(t, fmt.Sprintf(`kernel void k(device atomic_%[1]s *o [[buffer(0)]], device const %[1]s *x [[buffer(1)]], device %[1]s *before [[buffer(2)]],
	uint i [[thread_position_in_grid]], uint l [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]], uint size [[threads_per_threadgroup]]) {
	threadgroup atomic_%[1]s s;
	if (l == 0) atomic_store_explicit(&s, x[0], memory_order_relaxed);
	threadgroup_barrier(mem_flags::mem_threadgroup);
	atomic_fetch_%[2]s_explicit(&s, x[i], memory_order_relaxed);
	if (x[i] %% 3 != 0) before[i] = atomic_fetch_%[2]s_explicit(o, x[i], memory_order_relaxed) == 0;
	threadgroup_barrier(mem_flags::mem_threadgroup);
	if (l == 0) atomic_store_explicit(o + 1 + g, atomic_load_explicit(&s, memory_order_relaxed), memory_order_relaxed);
}`, b, name), msl.MathSafe)
			lay := layoutOf(b)
			l := &tiers.Launch{Grid: d1(n), Group: d1(300), Buffers: map[int][]byte{0: make([]byte, 5*4), 1: make([]byte, n*4), 2: make([]byte, n*4)}}
			for i := range n {
				lay.put(l.Buffers[1], i, 0, random(k, r))
			}
			lay.put(l.Buffers[0], 0, 0, random(k, r))
			want := make([]uint64, 5)
			want[0] = lay.get(l.Buffers[0], 0, 0)
			for i := range n {
				x := lay.get(l.Buffers[1], i, 0)
				if new(big.Int).Rem(integer(k, x), big.NewInt(3)).Sign() != 0 {
					want[0] = op(k, want[0], x)
				}
				if i%300 == 0 {
					want[1+i/300] = lay.get(l.Buffers[1], 0, 0)
				}
				want[1+i/300] = op(k, want[1+i/300], x)
			}
			got := lower(t, lib, "k").run(t, name, l, func(buffer int, x, y []byte) string {
				if buffer == 2 {
					return "" // depends on the order
				}
				return sameBits(k, x, y)
			})
			for i := range want {
				require.Equal(t, show(k, want[i]), show(k, lay.get(got[0], i, 0)), "%s of %s", name, b)
			}
		}
	}
}

// TestSynchronisation calls every barrier and fence where all threads come by.
func TestSynchronisation(t *testing.T) {
	const n = 100
	for _, name := range stdlib.Names() {
		if !isSynchronising(name) {
			continue
		}
		for _, f := range stdlib.Lookup(name, sem.Default) {
			var args []string
			for _, p := range f.Params {
				args = append(args, map[string]string{"mem_flags": "mem_flags::mem_threadgroup", "thread_scope": "thread_scope_threadgroup", "memory_order": "memory_order_seq_cst"}[p.Type.String()])
			}
			lib := compile(t, fmt.Sprintf(`kernel void k(device int *o [[buffer(0)]], uint i [[thread_position_in_grid]], uint l [[thread_index_in_threadgroup]]) {
	threadgroup int s[64];
	s[l] = i;
	%s(%s);
	o[i] = s[l] * 3;
}`, name, strings.Join(args, ", ")), msl.MathSafe)
			l := &tiers.Launch{Grid: d1(n), Group: d1(64), Buffers: map[int][]byte{0: make([]byte, 4*n)}}
			got := lower(t, lib, "k").run(t, name, l, func(_ int, x, y []byte) string { return sameBits(types.Int, x, y) })
			lay := layoutOf(types.Basics[types.Int])
			for i := range n {
				require.EqualValues(t, 3*i, lay.get(got[0], i, 0), name)
			}
		}
	}
}
