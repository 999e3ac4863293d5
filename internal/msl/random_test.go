package msl

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Random programs: statements over ints, with every kind of control flow, in
// helper functions with value and reference parameters. A program is printed
// as source and interpreted in Go by walking its tree.

type (
	rexpr struct {
		op   string // "", "var", "arr", "call", "?:", "&&", "||", or an operator
		n    int32  // of a literal
		v    int    // variable
		args []*rexpr
		fn   *rfunc
	}
	rstmt struct {
		kind  string // set, arr, inc, if, for, while, do, switch, break, continue, return, call
		op    string
		v     int
		x, y  *rexpr
		body  []*rstmt
		els   []*rstmt
		cases []rcase
	}
	rcase struct {
		values []int32
		def    bool
		body   []*rstmt
	}
	rfunc struct {
		id     int
		params int // the first of the variables
		refs   int // the last params are references
		vars   int
		body   []*rstmt
		loops  int
	}
)

type generator struct {
	*rand.Rand
	funcs []*rfunc
	fn    *rfunc
	loop  int // enclosing loops
	sw    int // enclosing switches within the innermost loop
	size  int
}

const arrayLen = 4

func (g *generator) expr(depth int) *rexpr {
	if depth <= 0 || g.Intn(4) == 0 {
		switch g.Intn(5) {
		case 0:
			return &rexpr{n: int32(g.Intn(20) - 5)}
		case 1:
			return &rexpr{op: "arr", args: []*rexpr{g.expr(0)}}
		default:
			return &rexpr{op: "var", v: g.Intn(g.fn.vars)}
		}
	}
	switch g.Intn(12) {
	case 0:
		return &rexpr{op: "?:", args: []*rexpr{g.expr(depth - 1), g.expr(depth - 1), g.expr(depth - 1)}}
	case 1:
		return &rexpr{op: "&&", args: []*rexpr{g.expr(depth - 1), g.expr(depth - 1)}}
	case 2:
		return &rexpr{op: "||", args: []*rexpr{g.expr(depth - 1), g.expr(depth - 1)}}
	case 3:
		return &rexpr{op: "!", args: []*rexpr{g.expr(depth - 1)}}
	}
	ops := []string{"+", "-", "*", "&", "|", "^", "<", "<=", "==", "!=", ">", ">=", "<<", ">>"}
	return &rexpr{op: ops[g.Intn(len(ops))], args: []*rexpr{g.expr(depth - 1), g.expr(depth - 1)}}
}

func (g *generator) block(depth, n int) []*rstmt {
	var list []*rstmt
	for range 1 + g.Intn(n) {
		list = append(list, g.stmt(depth))
	}
	return list
}

func (g *generator) stmt(depth int) *rstmt {
	g.size++
	if g.size > 120 {
		depth = 0
	}
	if depth > 0 {
		switch g.Intn(9) {
		case 0, 1:
			s := &rstmt{kind: "if", x: g.expr(2), body: g.block(depth-1, 3)}
			if g.Intn(2) == 0 {
				s.els = g.block(depth-1, 3)
			}
			return s
		case 2, 3:
			s := &rstmt{kind: []string{"for", "while", "do"}[g.Intn(3)], v: g.fn.loops, x: g.expr(2), y: g.expr(1)}
			g.fn.loops++
			sw := g.sw
			g.loop, g.sw = g.loop+1, 0
			s.body = g.block(depth-1, 4)
			g.loop, g.sw = g.loop-1, sw
			return s
		case 4:
			s := &rstmt{kind: "switch", x: g.expr(1)}
			def := g.Intn(4)
			g.sw++
			for i := range 4 {
				c := rcase{values: []int32{int32(i*2 - 1)}}
				if g.Intn(3) == 0 {
					c.values = append(c.values, int32(i*2+20))
				}
				c.def = i == def
				for range g.Intn(3) {
					c.body = append(c.body, g.stmt(depth-1))
				}
				if g.Intn(3) != 0 {
					c.body = append(c.body, &rstmt{kind: "break"})
				}
				s.cases = append(s.cases, c)
			}
			g.sw--
			return s
		}
	}
	switch g.Intn(12) {
	case 0:
		if g.loop > 0 || g.sw > 0 {
			return &rstmt{kind: "break"}
		}
	case 1:
		if g.loop > 0 {
			return &rstmt{kind: "continue"}
		}
	case 2:
		if g.Intn(2) == 0 {
			return &rstmt{kind: "return", x: g.expr(2)}
		}
	case 3, 4:
		return &rstmt{kind: "arr", x: g.expr(1), y: g.expr(2)}
	case 5:
		return &rstmt{kind: "inc", v: g.Intn(g.fn.vars)}
	case 6, 7:
		if len(g.funcs) > 0 {
			f := g.funcs[g.Intn(len(g.funcs))]
			call := &rexpr{op: "call", fn: f}
			for i := range f.params {
				if i >= f.params-f.refs {
					call.args = append(call.args, &rexpr{op: "var", v: g.Intn(g.fn.vars)})
				} else {
					call.args = append(call.args, g.expr(1))
				}
			}
			// Two references to one variable are fine, but not if it also takes
			// the result.
			return &rstmt{kind: "call", v: g.Intn(g.fn.vars), x: call}
		}
	}
	ops := []string{"=", "+=", "-=", "^=", "*="}
	return &rstmt{kind: "set", op: ops[g.Intn(len(ops))], v: g.Intn(g.fn.vars), x: g.expr(3)}
}

func (g *generator) function(id int) *rfunc {
	f := &rfunc{id: id, params: 1 + g.Intn(3)}
	f.refs = g.Intn(f.params + 1)
	f.vars = f.params + 2
	g.fn, g.loop, g.sw, g.size = f, 0, 0, 0
	f.body = append(g.block(3, 5), &rstmt{kind: "return", x: g.expr(2)})
	return f
}

// Printing.

func (e *rexpr) String() string {
	switch e.op {
	case "":
		return fmt.Sprintf("(%d)", e.n)
	case "var":
		return fmt.Sprintf("v%d", e.v)
	case "arr":
		return fmt.Sprintf("arr[%v & 3]", e.args[0])
	case "?:":
		return fmt.Sprintf("(%v ? %v : %v)", e.args[0], e.args[1], e.args[2])
	case "!":
		return fmt.Sprintf("int(!%v)", e.args[0])
	case "<<", ">>":
		return fmt.Sprintf("(%v %s (%v & 7))", e.args[0], e.op, e.args[1])
	case "call":
		var s []string
		for _, a := range e.args {
			s = append(s, a.String())
		}
		return fmt.Sprintf("f%d(%s, arr, fuel)", e.fn.id, strings.Join(s, ", "))
	}
	return fmt.Sprintf("int(%v %s %v)", e.args[0], e.op, e.args[1])
}

func printBlock(b *strings.Builder, list []*rstmt) {
	for _, s := range list {
		s.print(b)
	}
}

func (s *rstmt) print(b *strings.Builder) {
	switch s.kind {
	case "set":
		fmt.Fprintf(b, "v%d %s %v;\n", s.v, s.op, s.x)
	case "arr":
		fmt.Fprintf(b, "arr[%v & 3] = %v;\n", s.x, s.y)
	case "inc":
		fmt.Fprintf(b, "v%d++;\n", s.v)
	case "call":
		fmt.Fprintf(b, "{ int t = %v; v%d = t; }\n", s.x, s.v)
	case "if":
		fmt.Fprintf(b, "if (%v) {\n", s.x)
		printBlock(b, s.body)
		if s.els != nil {
			b.WriteString("} else {\n")
			printBlock(b, s.els)
		}
		b.WriteString("}\n")
	case "for":
		fmt.Fprintf(b, "for (int l%d = 0; l%d < 5 && fuel > 0 && %v; l%d++, fuel--, arr[1] ^= %v) {\n", s.v, s.v, s.x, s.v, s.y)
		printBlock(b, s.body)
		b.WriteString("}\n")
	case "while":
		fmt.Fprintf(b, "while (fuel-- > 0 && %v) {\n", s.x)
		printBlock(b, s.body)
		b.WriteString("}\n")
	case "do":
		b.WriteString("do {\n")
		printBlock(b, s.body)
		fmt.Fprintf(b, "} while (fuel-- > 0 && %v);\n", s.x)
	case "switch":
		fmt.Fprintf(b, "switch (%v) {\n", s.x)
		for _, c := range s.cases {
			for _, v := range c.values {
				fmt.Fprintf(b, "case %d: ", v)
			}
			if c.def {
				b.WriteString("default: ")
			}
			b.WriteString("\n")
			printBlock(b, c.body)
		}
		b.WriteString("}\n")
	case "return":
		fmt.Fprintf(b, "return %v;\n", s.x)
	default:
		b.WriteString(s.kind + ";\n")
	}
}

func (f *rfunc) print(b *strings.Builder) {
	fmt.Fprintf(b, "static int f%d(", f.id)
	for i := range f.params {
		ref := ""
		if i >= f.params-f.refs {
			ref = "&"
		}
		fmt.Fprintf(b, "%s v%d, ", map[string]string{"": "int", "&": "thread int &"}[ref], i)
	}
	b.WriteString("thread int (&arr)[4], thread int &fuel) {\n")
	for i := f.params; i < f.vars; i++ {
		fmt.Fprintf(b, "int v%d = %d;\n", i, i*3)
	}
	printBlock(b, f.body)
	b.WriteString("}\n")
}

// Interpreting.

type machine struct {
	arr  [arrayLen]int32
	fuel int32
}

type env struct {
	*machine
	vars   []*int32
	result int32
}

func truth(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

func (v *env) eval(e *rexpr) int32 {
	switch e.op {
	case "":
		return e.n
	case "var":
		return *v.vars[e.v]
	case "arr":
		return v.arr[v.eval(e.args[0])&3]
	case "?:":
		if v.eval(e.args[0]) != 0 {
			return v.eval(e.args[1])
		}
		return v.eval(e.args[2])
	case "&&":
		return truth(v.eval(e.args[0]) != 0 && v.eval(e.args[1]) != 0)
	case "||":
		return truth(v.eval(e.args[0]) != 0 || v.eval(e.args[1]) != 0)
	case "!":
		return truth(v.eval(e.args[0]) == 0)
	case "call":
		in := env{machine: v.machine}
		f := e.fn
		for i, a := range e.args {
			if i >= f.params-f.refs {
				in.vars = append(in.vars, v.vars[a.v])
			} else {
				n := v.eval(a)
				in.vars = append(in.vars, &n)
			}
		}
		for i := f.params; i < f.vars; i++ {
			n := int32(i * 3)
			in.vars = append(in.vars, &n)
		}
		in.run(f.body)
		return in.result
	}
	x, y := v.eval(e.args[0]), v.eval(e.args[1])
	switch e.op {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "&":
		return x & y
	case "|":
		return x | y
	case "^":
		return x ^ y
	case "<":
		return truth(x < y)
	case "<=":
		return truth(x <= y)
	case "==":
		return truth(x == y)
	case "!=":
		return truth(x != y)
	case ">":
		return truth(x > y)
	case ">=":
		return truth(x >= y)
	case "<<":
		return x << (y & 7)
	}
	return x >> (y & 7)
}

// run returns how the list was left: "", break, continue or return.
func (v *env) run(list []*rstmt) string {
	for _, s := range list {
		if how := v.step(s); how != "" {
			return how
		}
	}
	return ""
}

func (v *env) step(s *rstmt) string {
	switch s.kind {
	case "set":
		x := v.eval(s.x)
		p := v.vars[s.v]
		switch s.op {
		case "=":
			*p = x
		case "+=":
			*p += x
		case "-=":
			*p -= x
		case "^=":
			*p ^= x
		default:
			*p *= x
		}
	case "arr":
		i := v.eval(s.x) & 3
		v.arr[i] = v.eval(s.y)
	case "inc":
		*v.vars[s.v]++
	case "call":
		t := v.eval(s.x)
		*v.vars[s.v] = t
	case "if":
		if v.eval(s.x) != 0 {
			return v.run(s.body)
		}
		return v.run(s.els)
	case "for":
		for i := 0; i < 5 && v.fuel > 0 && v.eval(s.x) != 0; i++ {
			how := v.run(s.body)
			if how == "break" {
				break
			}
			if how == "return" {
				return how
			}
			v.fuel--
			v.arr[1] ^= v.eval(s.y)
		}
	case "while":
		for {
			v.fuel--
			if v.fuel < 0 || v.eval(s.x) == 0 {
				break
			}
			how := v.run(s.body)
			if how == "break" {
				break
			}
			if how == "return" {
				return how
			}
		}
	case "do":
		for {
			how := v.run(s.body)
			if how == "break" {
				break
			}
			if how == "return" {
				return how
			}
			v.fuel--
			if v.fuel < 0 || v.eval(s.x) == 0 {
				break
			}
		}
	case "switch":
		x := v.eval(s.x)
		at := -1
		for i, c := range s.cases {
			if c.def && at < 0 {
				at = i
			}
		}
		for i, c := range s.cases {
			for _, n := range c.values {
				if n == x {
					at = i
				}
			}
		}
		if at < 0 {
			return ""
		}
		for _, c := range s.cases[at:] {
			switch how := v.run(c.body); how {
			case "break":
				return ""
			case "":
			default:
				return how
			}
		}
	case "return":
		v.result = v.eval(s.x)
		return "return"
	default:
		return s.kind
	}
	return ""
}

func TestRandomPrograms(t *testing.T) {
	programs := 150
	if testing.Short() {
		programs = 20
	}
	for seed := range programs {
		randomProgram(t, int64(seed))
		if t.Failed() {
			return
		}
	}
}

func FuzzRandomProgram(f *testing.F) {
	f.Add(int64(1))
	f.Fuzz(func(t *testing.T, seed int64) { randomProgram(t, seed) })
}

func randomProgram(t *testing.T, seed int64) {
	const threads = 40
	g := &generator{Rand: rand.New(rand.NewSource(seed))}
	var b strings.Builder
	for i := range 3 {
		f := g.function(i)
		g.funcs = append(g.funcs, f)
		f.print(&b)
	}
	last := g.funcs[2]
	b.WriteString("kernel void k(device int *o, uint i [[thread_position_in_grid]]) {\nint arr[4] = {1, int(i), 3, 4}; int fuel = 60;\n")
	var args []string
	for i := range last.params {
		fmt.Fprintf(&b, "int a%d = int(i) * %d - 7;\n", i, i+1)
		args = append(args, fmt.Sprintf("a%d", i))
	}
	fmt.Fprintf(&b, "int r = f2(%s, arr, fuel);\nfor (int j = 0; j < 4; j++) r = r * 31 + arr[j];\n", strings.Join(args, ", "))
	for _, a := range args {
		fmt.Fprintf(&b, "r = r * 31 + %s;\n", a)
	}
	b.WriteString("o[i] = r;\n}\n")
	out := make([]int32, threads)
	runThreads(t, b.String(), threads, bytesOf(out))
	for i := range out {
		m := &machine{arr: [4]int32{1, int32(i), 3, 4}, fuel: 60}
		v := env{machine: m}
		call := &rexpr{op: "call", fn: last}
		for p := range last.params {
			n := int32(i)*int32(p+1) - 7
			v.vars = append(v.vars, &n)
			call.args = append(call.args, &rexpr{op: "var", v: p})
		}
		r := v.eval(call)
		for _, x := range m.arr {
			r = r*31 + x
		}
		for _, p := range v.vars {
			r = r*31 + *p
		}
		require.Equal(t, r, out[i], "seed %d, thread %d of\n%s", seed, i, b.String())
	}
}
