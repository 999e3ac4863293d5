package parse

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Sources of a megabyte that are made to break a compiler: each must be
// refused, without a panic, without taking more than its share of time and
// without a tree so deep that walking it overflows the stack.
func TestHostile(t *testing.T) {
	mega := 1 << 20
	if raceEnabled {
		mega = 1 << 16
	}
	rep := func(s string) string { return strings.Repeat(s, mega/len(s)) }
	garbage := make([]byte, mega)
	rand.New(rand.NewSource(1)).Read(garbage)
	var words []string
	for _, w := range strings.Fields("kernel void float ( ) [ ] { } < > >> ; , :: : ? * & && template typename struct T x 1 " +
		"= operator ~ namespace using [[ ]] if for else # ## ... . -> return sizeof decltype auto friend enum class case " +
		"const device vec<float,4> metal::float4 'a' \"s\" 1.0f # \n do while switch static_cast<int> [] ! - + \n") {
		words = append(words, w)
	}
	rnd := rand.New(rand.NewSource(2))
	var soup strings.Builder
	for soup.Len() < mega {
		soup.WriteString(words[rnd.Intn(len(words))] + " ")
	}
	for name, src := range map[string]string{
		"parens":             "int x = " + rep("("),
		"parens in body":     "void f() { " + rep("("),
		"closed parens":      "int x = " + strings.Repeat("(", mega/2) + "1" + strings.Repeat(")", mega/2) + ";",
		"brackets":           "void f() { a" + rep("["),
		"braces":             "void f() " + rep("{"),
		"namespaces":         rep("namespace a{"),
		"nested namespaces":  "namespace a" + rep("::a"),
		"structs":            rep("struct a{"),
		"templates":          rep("template<"),
		"template params":    rep("template<class T>"),
		"template template":  rep("template<template<class>"),
		"template args":      "template<class T> struct A; A<" + rep("A<"),
		"unknown args":       "void f() { " + rep("a<") + "; }",
		"less than":          "void f() { int a; " + rep("a<") + "a; }",
		"calls":              "void f() { " + rep("f("),
		"chain of calls":     "void f() { f" + rep("()") + "; }",
		"chain of members":   "void f() { f" + rep(".x") + "; }",
		"plus":               "int x = 1" + rep("+1") + ";",
		"minus":              "int x = " + rep("-") + "1;",
		"not":                "int x = " + rep("!") + "1;",
		"stars":              "int " + rep("*") + "x;",
		"dereferences":       "void f() { " + rep("*") + "x; }",
		"arrays":             "int x" + rep("[1]") + ";",
		"functions":          "int x" + rep("()") + ";",
		"ternaries":          "int x = " + rep("1?1:") + "1;",
		"open ternaries":     "int x = " + rep("1?") + "1;",
		"assignments":        "void f() { " + rep("x=") + "1; }",
		"commas":             "void f() { x" + rep(",x") + "; }",
		"casts":              "int x = " + rep("(int)") + "1;",
		"half casts":         "int x = " + rep("(int*"),
		"function casts":     "int x = " + rep("(int(*)("),
		"array casts":        "int x = " + rep("(int["),
		"sizeof":             "int x = " + rep("sizeof ") + "x;",
		"if":                 "void f() { " + rep("if(1)") + "; }",
		"else if":            "void f() { " + rep("if(1);else ") + "; }",
		"for":                "void f() { " + rep("for(;;)") + "; }",
		"do":                 "void f() { " + rep("do "),
		"lambdas":            "auto x = " + rep("[]{"),
		"lambda calls":       "auto x = " + rep("[](){return "),
		"attributes":         rep("[[") + "int x;",
		"many attributes":    rep("[[a]]") + "int x",
		"strings":            "auto x = " + rep(`"a" `),
		"names":              "int x = a" + rep("::a"),
		"types":              rep("int "),
		"specifiers":         rep("const "),
		"declarators":        "int x" + rep(",x"),
		"initialisers":       "int x = " + rep("{"),
		"operators":          rep("operator "),
		"errors":             rep("x;"),
		"statement errors":   "void f() { " + rep("1 2;") + " }",
		"close braces":       rep("}"),
		"mixed brackets":     rep("([)]"),
		"shr":                "A" + rep(">>"),
		"decltype":           rep("decltype("),
		"ctor inits":         "struct A { A() : " + rep("a(") + " };",
		"members":            "struct A { " + rep("int "),
		"friends":            "struct A { " + rep("friend "),
		"enum":               "enum { " + rep("a,") + "1",
		"conditions":         rep("#if 1\n"),
		"skipped":            rep("#if 0\n"),
		"hashes":             rep("#\n") + "x",
		"comment":            "/*" + rep("*"),
		"string":             `"` + rep("a"),
		"raw string":         `R"(` + rep("a"),
		"splices":            rep("\\\n") + "x",
		"spliced word":       rep("a\\\n"),
		"zeros":              rep("\x00") + "x",
		"quotes":             rep("'"),
		"backslashes":        rep("\\"),
		"digits":             "int x = " + rep("1") + ";",
		"exponents":          "float x = " + rep("1e+") + ";",
		"identifier":         rep("a") + ";",
		"invalid UTF-8":      rep("\xff\n"),
		"letters":            rep("\u00e9") + ";",
		"garbage":            string(garbage),
		"soup":               soup.String(),
		"one macro":          "#define A " + rep("a ") + "\nA",
		"paste":              "#define P(a,b) a##b\n#define A a" + rep("##a") + "\nA",
		"object pastes":      "#define A a " + rep("##b ") + "\nA",
		"doubling":           doubling(64) + "A64",
		"silent doubling":    "#define A0\n" + doubling(64) + "A64",
		"argument doubling":  "#define D(x) x x\n" + strings.Repeat("D(", 200) + "1" + strings.Repeat(")", 200),
		"nested invocations": "#define I(x) x\n" + strings.Repeat("I(", mega/4) + "1" + strings.Repeat(")", mega/4),
		"open invocations":   "#define I(x) x\n" + rep("I("),
		"many arguments":     "#define I(x) x\nI(" + rep(",") + ")",
		"stringified":        "#define S(x) #x\n#define T(x) S(x) S(x) S(x) S(x)\nauto x = T(T(T(T(T(" + strings.Repeat("a ", mega/32) + ")))));",
		"if expression":      "#if " + rep("("),
		"if operators":       "#if " + rep("!") + "1\n#endif",
		"if chain":           "#if 1" + rep("+1") + "\n#else\nx\n#endif\ny",
		"if ternaries":       "#if " + rep("1?") + "\n#endif",
		"defined":            "#if " + rep("defined "),
		"lines":              rep("#line 7\n") + "x",
		"pragmas":            rep("#pragma unroll\n") + "x",
		"pragma operators":   rep(`_Pragma("unroll")`) + "x",
		"defines":            rep("#define A\n#undef A\n") + "x",
	} {
		t.Run(name, func(t *testing.T) {
			fset := source.NewFileSet()
			file, list := File(fset, "", src, Options{})
			require.True(t, list.HasErrors())
			nodes := 0
			ast.Inspect(file, func(ast.Node) bool { nodes++; return true })
			list.Limit()
			require.LessOrEqual(t, len(list), 10*source.ErrorLimit)
			require.NotEmpty(t, list.Render(fset))
		})
	}
}

// doubling defines macros A1 to An, each two of the one before.
func doubling(n int) string {
	var b strings.Builder
	name := func(i int) string { return "A" + string(rune('0'+i/10)) + string(rune('0'+i%10)) }
	for i := 1; i <= n; i++ {
		b.WriteString("#define " + name(i) + " " + name(i-1) + " " + name(i-1) + "\n")
	}
	return strings.ReplaceAll(b.String(), "A0", "A")
}

// What goes on for long but is no error must still work.
func TestLong(t *testing.T) {
	for name, src := range map[string]string{
		"sum":          "int x = 1" + strings.Repeat("+1", 4000) + ";",
		"initialiser":  "constant int x[] = {" + strings.Repeat("1,", 100000) + "};",
		"statements":   "void f() {" + strings.Repeat("x = y + 1;", 50000) + "}",
		"declarations": strings.Repeat("void f(int x) { return x; }\n", 20000),
		"else if":      "void f() {" + strings.Repeat("if (x) y = 1; else ", 900) + "; }",
		"labels":       "void f() { " + strings.Repeat("a:", 100000) + "; }",
		"cases":        "void f() { switch(1) { " + strings.Repeat("case 1:", 100000) + " } }",
		"parameters":   "void f(int" + strings.Repeat(", int", 20000) + ");",
		"invocations":  "#define F(x) x + x\nint x = 0;\n" + strings.Repeat("int y = F(F(x));\n", 10000),
		"structs":      strings.Repeat("struct {", 200) + "int x;" + strings.Repeat("} a, b;", 200),
		"strings":      `constant char x[] = ` + strings.Repeat(`"ab" `, 50000) + ";",
		"includes":     strings.Repeat("#include <metal_stdlib>\n", 10000),
	} {
		t.Run(name, func(t *testing.T) {
			file, list := File(source.NewFileSet(), "", src, Options{})
			require.Empty(t, list)
			ast.Inspect(file, func(ast.Node) bool { return true })
		})
	}
}
