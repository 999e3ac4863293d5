package conformance

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes random kernels whose threads work together: barriers where
// all threads of a group come by, in helper functions and in loops whose turns
// are the same for all; functions of SIMD groups and quads also where only some
// threads are; threadgroup, device and thread memory, and atomics. No two threads
// race, so that there is one right result.
//
// Variables v0… and f0… hold something else in each thread, u0… the same in all
// threads of a threadgroup: only these decide about flow that has barriers.
type generator struct {
	*rand.Rand
	b       strings.Builder
	indent  int
	left    int // statements to write
	loops   int // for names of counters
	inLoop  int // enclosing loops of the innermost kind of flow
	uniform bool
	arrays  []array
	helpers []helper
}

// An array is memory that threads share: each thread writes its own element, or
// all read any element, and a barrier is between.
type array struct {
	name    string
	reading bool
}

type helper struct {
	name     string
	barriers bool // it may be called only where all threads come by
}

const (
	numVarying = 4
	numUniform = 2
	numFloats  = 2
)

func (g *generator) line(format string, args ...any) {
	g.b.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) v() string { return fmt.Sprintf("v%d", g.IntN(numVarying)) }
func (g *generator) u() string { return fmt.Sprintf("u%d", g.IntN(numUniform)) }
func (g *generator) f() string { return fmt.Sprintf("f%d", g.IntN(numFloats)) }

// same is an expression of what is the same in all threads.
func (g *generator) same(depth int) string {
	if depth == 0 || g.IntN(3) == 0 {
		return g.pick(g.u(), g.u(), "int(n)", "int(group)", fmt.Sprint(g.IntN(9)-2))
	}
	return fmt.Sprintf("(%s %s %s)", g.same(depth-1), g.pick("+", "-", "*", "&", "^", "|"), g.same(depth-1))
}

// value is an expression of integers.
func (g *generator) value(depth int) string {
	if depth == 0 || g.IntN(4) == 0 {
		return g.pick(g.v(), g.v(), g.v(), "int(l)", "int(id)", g.u(), fmt.Sprint(g.IntN(40)-10), "own["+g.v()+" & 7]")
	}
	x, y := g.value(depth-1), g.value(depth-1)
	switch g.IntN(16) {
	case 7:
		return fmt.Sprintf("int(%s(%s) %s %s(%s))", g.pick("short", "uchar", "ushort", "char", "long", "ulong"), x, g.pick("+", "-", "*", "&"), g.pick("short", "uchar", "long"), y)
	case 8:
		return fmt.Sprintf("int(half(%s & 63) * half(%s & 15))", x, y)
	case 9:
		return fmt.Sprintf("int4(%s, %s, v0, v1).%s", x, y, g.pick("x", "y", "zwxy.z", "wzyx.x"))
	case 10:
		return fmt.Sprintf("int3(v0, v1, v2)[uint(%s) %% 3]", x)
	case 0:
		return fmt.Sprintf("(%s ? %s : %s)", g.condition(), x, y)
	case 1:
		return fmt.Sprintf("(%s >> (%s & 15))", x, y)
	case 2:
		return fmt.Sprintf("(%s << (%s & 7))", x, y)
	case 3:
		return fmt.Sprintf("int(%s(%s, %s))", g.pick("min", "max", "absdiff", "rotate", "mulhi", "hadd"), x, y)
	case 4:
		return fmt.Sprintf("int(clamp(%s, -1000.0f, 1000.0f))", g.real(1))
	case 5:
		return fmt.Sprintf("(%s / ((%s & 7) + 1))", x, y)
	case 6:
		if s, ok := g.element(); ok {
			return s
		}
	}
	return fmt.Sprintf("(%s %s %s)", x, g.pick("+", "-", "*", "&", "|", "^", "+", "-"), y)
}

// element reads an element of an array that is being read.
func (g *generator) element() (string, bool) {
	if len(g.arrays) == 0 {
		return "", false
	}
	a := g.arrays[g.IntN(len(g.arrays))]
	switch {
	case a.name == "counts" && a.reading:
		return fmt.Sprintf("atomic_load_explicit(&counts[%s & 3], memory_order_relaxed)", g.v()), true
	case a.name == "counts":
		return "", false
	case a.reading:
		return fmt.Sprintf("%s[(l + uint(%s & 1023)) %% n]", a.name, g.v()), true
	}
	return a.name + "[l]", true // its own
}

func (g *generator) real(depth int) string {
	if depth == 0 || g.IntN(4) == 0 {
		return g.pick(g.f(), g.f(), fmt.Sprintf("float(%s & 255)", g.v()), fmt.Sprintf("%d.5f", g.IntN(5)))
	}
	x, y := g.real(depth-1), g.real(depth-1)
	switch g.IntN(9) {
	case 8:
		return fmt.Sprintf("dot(float3(f0, f1, %s), float3(%s, 0.5f, f1))", x, y)
	case 0:
		return fmt.Sprintf("sqrt(fabs(%s))", x)
	case 1:
		return fmt.Sprintf("%s(%s, %s)", g.pick("fmin", "fmax"), x, y)
	case 2:
		return fmt.Sprintf("select(%s, %s, %s)", x, y, g.condition())
	case 3:
		return fmt.Sprintf("%s(%s)", g.pick("sin", "exp2", "floor", "fract"), x)
	}
	return fmt.Sprintf("(%s %s %s)", x, g.pick("+", "-", "*"), y)
}

func (g *generator) condition() string {
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("(%s < %s)", g.f(), g.f())
	case 1:
		return fmt.Sprintf("((int(l) & %d) != 0)", 1<<g.IntN(7))
	}
	return fmt.Sprintf("(%s %s %s)", g.v(), g.pick("<", ">", "==", "!=", "<=", ">="), g.pick(g.v(), g.v(), fmt.Sprint(g.IntN(20)-5), g.u()))
}

func (g *generator) sameCondition() string {
	return fmt.Sprintf("(%s %s %s)", g.same(1), g.pick("<", ">", "==", "!=", "<=", ">="), g.same(1))
}

// block writes statements. In flow that all threads take, the arrays have the
// modes at its end that they had at its beginning.
func (g *generator) block(depth, most int) {
	g.indent++
	modes := append([]array(nil), g.arrays...)
	for range 1 + most/2 + g.IntN(most/2+1) {
		g.statement(depth)
	}
	if g.uniform {
		g.restore(modes)
	}
	g.indent--
}

// restore gives the arrays the modes they had, with a barrier where one has
// changed.
func (g *generator) restore(modes []array) {
	for i := range modes {
		if modes[i] != g.arrays[i] {
			g.barrier(modes)
			return
		}
	}
}

// barrier writes a barrier, after which the arrays have these modes.
func (g *generator) barrier(modes []array) {
	g.line("threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);")
	copy(g.arrays, modes)
}

// apart writes what only some threads may come by.
func (g *generator) apart(depth, most int) {
	u, in := g.uniform, g.inLoop
	if u {
		g.inLoop = 0
	}
	g.uniform = false
	g.block(depth, most)
	g.uniform, g.inLoop = u, in
}

func (g *generator) statement(depth int) {
	if g.left--; g.left < 0 {
		g.line("%s ^= %s;", g.v(), g.value(1))
		return
	}
	if depth > 0 && g.IntN(2) == 0 {
		g.flow(depth)
		return
	}
	if g.uniform {
		switch g.IntN(6) {
		case 0:
			modes := append([]array(nil), g.arrays...)
			for i := range modes {
				modes[i].reading = g.IntN(2) == 0
			}
			g.barrier(modes)
			return
		case 1:
			g.line("%s = %s & 0xff;", g.u(), g.same(2))
			return
		case 2:
			if a := g.arrays[g.IntN(2)]; a.reading {
				g.line("%s = %s[uint(%s & 1023) %% n] & 63;", g.u(), a.name, g.u())
				return
			}
		}
	}
	switch g.IntN(11) {
	case 0, 1:
		g.line("%s = %s;", g.f(), g.real(2))
	case 2:
		a := g.arrays[g.IntN(len(g.arrays))]
		switch {
		case a.reading:
		case a.name == "counts":
			g.line("atomic_fetch_add_explicit(&counts[%s & 3], %s, memory_order_relaxed);", g.v(), g.value(1))
			return
		default:
			g.line("%s[l] %s %s;", a.name, g.pick("=", "+=", "^="), g.value(2))
			return
		}
		g.line("%s = %s;", g.v(), g.value(2))
	case 3:
		g.line("own[%s & 7] %s %s;", g.v(), g.pick("=", "+=", "-="), g.value(2))
	case 4, 5:
		g.together()
	case 6:
		if len(g.helpers) > 0 {
			g.call()
			return
		}
		g.line("%s++;", g.v())
	case 7:
		// Sums and differences modulo 2 are the same in any order, not both together.
		op, at := "add", 0
		if g.IntN(2) == 0 {
			op, at = "xor", 2
		}
		g.line("atomic_fetch_%s_explicit(&total[%d + (%s & 1)], %s, memory_order_relaxed);", op, at, g.v(), g.value(1))
	default:
		g.line("%s %s %s;", g.v(), g.pick("=", "=", "+=", "-=", "^=", "*="), g.value(2))
	}
}

// together writes a function of the SIMD group or the quad.
func (g *generator) together() {
	p, lanes := "simd_", 31
	if g.IntN(4) == 0 {
		p, lanes = "quad_", 3
	}
	switch g.IntN(9) {
	case 0:
		g.line("%s = %s%s(%s);", g.v(), p, g.pick("sum", "min", "max", "and", "or", "xor", "product"), g.value(1))
	case 1:
		g.line("%s = %sprefix_%s_%s(%s);", g.v(), p, g.pick("inclusive", "exclusive"), g.pick("sum", "product"), g.value(1))
	case 2:
		g.line("%s = %sshuffle(%s, ushort(%s & %d));", g.v(), p, g.v(), g.v(), lanes)
	case 3:
		g.line("%s = %s%s(%s, ushort(%d));", g.v(), p, g.pick("shuffle_xor", "shuffle_rotate_up", "shuffle_rotate_down", "shuffle_up", "shuffle_down", "broadcast"), g.v(), 1+g.IntN(lanes))
	case 4:
		g.line("%s = %sbroadcast_first(%s);", g.v(), p, g.value(1))
	case 5:
		g.line("if (%s%s(%s)) %s += 3;", p, g.pick("all", "any"), g.condition(), g.v())
	case 6:
		g.line("%s = int(popcount(%s(%sballot(%s))));", g.v(), map[string]string{"simd_": "ulong", "quad_": "ushort"}[p], p, g.condition())
	case 7:
		g.line("%s = %s%s(floor(%s * 4.0f) * 0.25f);", g.f(), p, g.pick("sum", "min", "max"), "clamp("+g.f()+", -64.0f, 64.0f)")
	default:
		g.line("if (%sis_first()) %s ^= int(%s(%sactive_threads_mask()));", p, g.v(), map[string]string{"simd_": "ulong", "quad_": "ushort"}[p], p)
	}
}

func (g *generator) call() {
	h := g.helpers[g.IntN(len(g.helpers))]
	if h.barriers && !g.uniform {
		g.line("%s = %s;", g.v(), g.value(2))
		return
	}
	if h.barriers { // it begins and ends with all arrays being written
		modes := append([]array(nil), g.arrays...)
		for i := range modes {
			modes[i].reading = false
		}
		g.restore(modes)
		g.line("%s = %s(%s, %s, %s, shared, other, counts, scratch, total, l, n, id, group);", g.v(), h.name, g.value(1), g.u(), g.v())
		return
	}
	g.line("%s = %s(%s, %s, l, id);", g.v(), h.name, g.value(1), g.v())
}

func (g *generator) flow(depth int) {
	switch g.IntN(9) {
	case 0, 1: // apart
		g.line("if (%s) {", g.condition())
		g.apart(depth-1, 4)
		if g.IntN(2) == 0 {
			g.line("} else {")
			g.apart(depth-1, 4)
		}
		g.line("}")
	case 2:
		g.counter("%s & 7", g.v(), func() { g.inLoop++; g.apart(depth-1, 4); g.inLoop-- }, true)
	case 3:
		g.line("switch (%s & 3) {", g.v())
		for i := range 3 {
			g.line("case %d: {", i) // no other case may jump past its variables
			g.apart(depth-1, 3)
			g.line("}")
			if g.IntN(3) > 0 {
				g.line("\tbreak;")
			}
		}
		g.line("default: {")
		g.apart(0, 2)
		g.line("}")
		g.line("}")
	case 4:
		if g.inLoop > 0 && !g.uniform {
			g.line("if (%s) %s;", g.condition(), g.pick("break", "continue"))
			return
		}
		g.line("%s -= %s;", g.v(), g.value(1))
	default:
		if !g.uniform {
			g.line("if (%s) {", g.condition())
			g.block(depth-1, 3)
			g.line("}")
			return
		}
		if g.IntN(2) == 0 {
			g.line("if (%s) {", g.sameCondition())
			g.block(depth-1, 5)
			if g.IntN(2) == 0 {
				g.line("} else {")
				g.block(depth-1, 4)
			}
			g.line("}")
			return
		}
		g.counter("(%s & 3)", g.u(), func() { g.block(depth-1, 5) }, false)
	}
}

// counter writes a loop of as many turns as an expression said before it.
func (g *generator) counter(format, x string, body func(), apart bool) {
	c := fmt.Sprintf("c%d", g.loops)
	g.loops++
	g.line("int %s_end = %s;", c, fmt.Sprintf(format, x))
	switch {
	case apart && g.IntN(3) == 0:
		g.line("for (int %s = 0; %s < %s_end; %s++) {", c, c, c, c)
	case g.IntN(3) == 0:
		g.line("while (%s_end-- > 0) {", c)
	default:
		g.line("for (int %s = 0; %s < %s_end; ++%s) {", c, c, c, c)
	}
	body()
	g.line("}")
}

// declare writes the variables that every function has.
func (g *generator) declare(start, same string) {
	for i := range numVarying {
		g.line("int v%d = %s * %d - %d;", i, start, 2*i+1, i)
	}
	for i := range numUniform {
		g.line("int u%d = (%s + %d) & 7;", i, same, i*3)
	}
	for i := range numFloats {
		g.line("float f%d = float(%s & 31) * 0.5f + %d.0f;", i, start, i)
	}
	g.line("int own[8];")
	g.line("for (int i = 0; i < 8; i++) own[i] = i * %s;", start)
}

// result writes an expression of all variables.
func (g *generator) result() string {
	s := "0"
	for i := range numVarying {
		s = fmt.Sprintf("(%s) * 31 + v%d", s, i)
	}
	return s + " + int(clamp(f0 + f1, -1e6f, 1e6f)) + own[v0 & 7]"
}

func (g *generator) function(name string, barriers bool) {
	g.uniform, g.inLoop, g.left = barriers, 0, 12
	all := g.arrays
	if barriers {
		g.line("static int %s(int a, int same, thread int &out, threadgroup int *shared, threadgroup int *other, threadgroup atomic_int *counts, device int *scratch, device atomic_int *total, uint l, uint n, uint id, uint group) {", name)
	} else {
		g.arrays = nil
		g.line("static int %s(int a, thread int &out, uint l, uint id) {", name)
	}
	g.indent++
	g.declare("(a + int(l))", map[bool]string{true: "same", false: "3"}[barriers])
	g.indent--
	if barriers {
		g.block(2, 6)
	} else {
		g.plainBody()
	}
	g.line("\tout += v1;")
	g.line("\treturn %s;\n}", g.result())
	g.arrays = all
	g.helpers = append(g.helpers, helper{name, barriers})
}

// plainBody is the body of a helper that touches no memory but its own, and may
// return early.
func (g *generator) plainBody() {
	g.indent++
	for range 2 + g.IntN(4) {
		g.line("%s %s %s;", g.v(), g.pick("=", "+=", "^="), g.plainValue(2))
		switch g.IntN(4) {
		case 0:
			g.line("if %s return %s;", g.condition(), g.v())
		case 1:
			g.line("for (int i = 0; i < (%s & 7); i++) { own[i] += %s; if %s break; }", g.v(), g.v(), g.condition())
		case 2:
			g.together()
		}
	}
	g.indent--
}

func (g *generator) plainValue(depth int) string {
	if depth == 0 {
		return g.pick(g.v(), "a", "int(l)", "int(id)", "own["+g.v()+" & 7]")
	}
	return fmt.Sprintf("(%s %s %s)", g.plainValue(depth-1), g.pick("+", "-", "*", "&", "^"), g.plainValue(depth-1))
}

// randomKernel returns the text of the kernel of a seed.
func randomKernel(seed uint64) string {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 13))}
	g.arrays = []array{{"shared", false}, {"other", false}, {"scratch", false}, {"counts", false}}
	g.function("plain0", false)
	g.function("joint0", true)
	g.function("joint1", true)
	g.line("kernel void k(device int *out [[buffer(0)]], device int *all [[buffer(1)]], device atomic_int *total [[buffer(2)]], constant int &same [[buffer(3)]],")
	g.line("\tuint id [[thread_position_in_grid]], uint l [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]], uint group [[threadgroup_position_in_grid]]) {")
	g.line("\tthreadgroup int shared[1024], other[1024];")
	g.line("\tthreadgroup atomic_int counts[4];")
	g.line("\tdevice int *scratch = all + group * 1024;")
	g.line("\tshared[l] = int(l) * 7; other[l] = int(id); scratch[l] = int(l) - 5;")
	g.line("\tif (l == 0) for (int i = 0; i < 4; i++) atomic_store_explicit(&counts[i], i, memory_order_relaxed);")
	g.line("\tthreadgroup_barrier(mem_flags::mem_threadgroup);")
	g.uniform, g.inLoop, g.left = true, 0, 60
	g.indent++
	g.declare("int(l)", "same")
	g.indent--
	g.block(4, 14)
	g.line("\tout[id] = %s + u0 + u1;", g.result())
	g.line("\tthreadgroup_barrier(mem_flags::mem_threadgroup);")
	g.line("\tout[id] += shared[(l + 1) %% n] * 3 + other[n - 1 - l] + atomic_load_explicit(&counts[l & 3], memory_order_relaxed);\n}")
	return g.b.String()
}
