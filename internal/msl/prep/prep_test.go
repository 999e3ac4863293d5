package prep

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// run preprocesses src and returns its tokens with single spaces where there
// is space or a new line, and the messages.
func run(t testing.TB, src string, opts Options) (text string, msgs []string) {
	fset := source.NewFileSet()
	var list source.List
	toks := File(fset, "main", src, opts, &list)
	require.NotEmpty(t, toks)
	require.Equal(t, scan.EOF, toks[len(toks)-1].Kind)
	list.Sort(fset)
	var b strings.Builder
	for i, tok := range toks[:len(toks)-1] {
		if i > 0 && tok.Flags&(scan.LeadingSpace|scan.StartOfLine) != 0 {
			b.WriteByte(' ')
		}
		if tok.Kind == scan.Pragma {
			b.WriteString("#pragma ")
		}
		b.WriteString(tok.Text)
	}
	for _, d := range list {
		msgs = append(msgs, fset.Position(d.Pos).String()+": "+d.Severity.String()+": "+d.Msg)
		for _, n := range d.Notes {
			msgs = append(msgs, fset.Position(n.Pos).String()+": note: "+n.Msg)
		}
	}
	return b.String(), msgs
}

func TestExpand(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"object", "#define A 1 + 2\nA A", "1 + 2 1 + 2"},
		{"empty", "#define E\n[E] [ E ]", "[] [ ]"},
		{"function", "#define F(x, y) x-y\nF(1, 2) F((1,2), 3) F (a b, c)", "1-2 (1,2)-3 a b-c"},
		{"name without parentheses", "#define F(x) x\nF; F\n(1)", "F; 1"},
		{"no parameters", "#define F() f\nF() F( ) F", "f f F"},
		{"empty argument", "#define F(x) [x]\nF() F( )", "[] []"},
		{"self", "#define foo foo + foo()\nfoo", "foo + foo()"},
		{"mutual", "#define x (4 + y)\n#define y (2 * x)\nx y", "(4 + (2 * x)) (2 * (4 + y))"},
		{"nested in arguments", "#define f(x) x + 1\nf(f(f(2)))", "2 + 1 + 1 + 1"},
		{"argument prescan", "#define AFTERX(x) X_ ## x\n#define XAFTERX(x) AFTERX(x)\n#define TABLESIZE BUFSIZE\n#define BUFSIZE 1024\nAFTERX(TABLESIZE) XAFTERX(TABLESIZE)", "X_TABLESIZE X_1024"},
		{"keyword as macro", "#define kernel void\nkernel f", "void f"},
		{"continued over lines", "#define F(a) a\\\n + 1\nF(\n2\n)", "2 + 1"},
		{"parenthesis from the file after an expansion", "#define g f\n#define f(x) <x>\ng(1)", "<1>"},
		{"stringify", `#define S(x) #x` + "\n" + `S( a  "b\n" '\'' + c ) S()`, `"a \"b\\n\" '\\'' + c" ""`},
		{"paste", "#define P(a, b) a ## b\nP(x, 1) P(, y) P(z, ) P(1, e3) P(<, <=) [P(,)]", "x1 y z 1e3 <<= []"},
		{"paste makes a macro", "#define P(a, b) a ## b\n#define xy done\nP(x, y)", "done"},
		{"paste of stringified", "#define P(x) L ## #x\nP(a)", `L"a"`},
		{"paste is not an operator from an argument", "#define id(x) x\nid(a ## b)", "a ## b"},
		{"variadic", "#define V(...) f(__VA_ARGS__)\nV() V(1) V(1, 2)", "f() f(1) f(1, 2)"},
		{"named variadic", "#define V(a, r...) a[r]\nV(1) V(1, 2, 3)", "1[] 1[2, 3]"},
		{"comma paste", "#define V(a, ...) f(a, ## __VA_ARGS__)\nV(1) V(1, 2, 3)", "f(1) f(1, 2, 3)"},
		{"va_opt", "#define V(a, ...) f(a __VA_OPT__(,) __VA_ARGS__)\nV(1) V(1, 2)", "f(1) f(1 , 2)"},
		{"va_opt paste", "#define V(x, ...) x ## __VA_OPT__(a b) ## c\nV(1) V(1, 2)", "1c 1a bc"},
		{"va_opt string", "#define V(...) #__VA_OPT__(x __VA_ARGS__)\nV() V(1)", `"" "x 1"`},
		{"va_opt of an empty macro", "#define E\n#define V(...) [__VA_OPT__(x)]\nV(E) V(1)", "[] [x]"},
		{"line", "__LINE__\n\n__LINE__ \\\n __LINE__", "1 3 4"},
		{"line in macro", "#define L __LINE__\n\nL", "3"},
		{"file", "__FILE__", `"main"`},
		{"counter", "__COUNTER__ __COUNTER__", "0 1"},
		{"version", "__METAL_VERSION__ __METAL__", "320 1"},
		{"undef", "#define A 1\n#undef A\nA", "A"},
		{"null directive", "#\n# // x\na", "a"},
		{"comments", "a/**/b /* \n */ c // d\ne", "a b c e"},
		{"pragmas", "#pragma unroll(4)\n#pragma clang diagnostic push\n_Pragma(\"clang loop unroll(full)\") a", "#pragma unroll(4) #pragma clang loop unroll(full) a"},
		{"pragma operator in macro", "#define U _Pragma(\"unroll\") for\nU (;;)", "#pragma unroll for (;;)"},
		{"library headers", "#include <metal_stdlib>\n#include <metal_math>\n#import <stdint.h>\na", "a"},
		{"instantiate", "#define I(n, t) template [[host_name(\"k_\" #n)]] kernel void k<t>(device t*);\n#define J(n) I(n, n##_t)\nJ(int32)", `template [[host_name("k_" "int32")]] kernel void k<int32_t>(device int32_t*);`},
		{"painted for good", "#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)", "2*9*g"},
		{"directive in argument list", "#define f(a) a\nf(1\n#define X 2\n+ X)", "1 + 2"},
		{"other expansions in #if", "#define f(x) x\n#if f\n(1)\n#endif\n#if f(1)\nyes\n#endif", "yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, msgs := run(t, test.src, Options{})
			require.Equal(t, test.want, got)
			if test.name != "other expansions in #if" {
				require.Empty(t, msgs)
			}
		})
	}
}

// The examples of the C standard, 6.10.3.
func TestStandardExamples(t *testing.T) {
	got, msgs := run(t, `#define x 3
#define f(a) f(x * (a))
#undef x
#define x 2
#define g f
#define z z[0]
#define h g(~
#define m(a) a(w)
#define w 0,1
#define t(a) a
#define p() int
#define q(x) x
#define r(x,y) x ## y
#define str(x) # x
f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);
g(x+(3,4)-w) | h 5) & m
(f)^m(m);
p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };
char c[2][6] = { str(hello), str() };`, Options{})
	require.Empty(t, msgs)
	require.Equal(t, `f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1);`+
		` f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);`+
		` int i[] = { 1, 23, 4, 5, };`+
		` char c[2][6] = { "hello", "" };`, got)

	got, msgs = run(t, `#define str(s) # s
#define xstr(s) str(s)
#define debug(s, t) printf("x" # s "= %d, x" # t "= %s", \
 x ## s, x ## t)
#define INCFILE(n) vers ## n
#define glue(a, b) a ## b
#define xglue(a, b) glue(a, b)
#define HIGHLOW "hello"
#define LOW LOW ", world"
debug(1, 2);
fputs(str(strncmp("abc\0d", "abc", '\4') // this goes away
 == 0) str(: @\n), s);
xstr(INCFILE(2).h)
glue(HIGH, LOW);
xglue(HIGH, LOW)`, Options{})
	require.Empty(t, msgs)
	require.Equal(t, `printf("x" "1" "= %d, x" "2" "= %s", x1, x2);`+
		` fputs("strncmp(\"abc\\0d\", \"abc\", '\\4') == 0" ": @\n", s);`+
		` "vers2.h" "hello"; "hello" ", world"`, got)

	got, msgs = run(t, `#define hash_hash # ## #
#define mkstr(a) # a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
char p[] = join(x, y);
#define t(x,y,z) x ## y ## z
int j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,),
 t(10,,), t(,11,), t(,,12), t(,,) };
#define debug(...) fprintf(stderr, __VA_ARGS__)
#define showlist(...) puts(#__VA_ARGS__)
#define report(test, ...) ((test)?puts(#test):\
 printf(__VA_ARGS__))
debug("Flag");
showlist(The first, second, and third items.);
report(x>y, "x is %d but y is %d", x, y);`, Options{})
	require.Empty(t, msgs)
	require.Equal(t, `char p[] = "x ## y"; int j[] = { 123, 45, 67, 89, 10, 11, 12, };`+
		` fprintf(stderr, "Flag"); puts("The first, second, and third items.");`+
		` ((x>y)?puts("x>y"): printf("x is %d but y is %d", x, y));`, got)
}

func TestConditions(t *testing.T) {
	for cond, want := range map[string]bool{
		"1":                                  true,
		"0":                                  false,
		"A":                                  false,
		"defined A":                          false,
		"defined(B) && B == 2":               true,
		"!defined A":                         true,
		"1 + 2 * 3 == 7":                     true,
		"(1 + 2) * 3 == 9":                   true,
		"-1 < 0":                             true,
		"-1 < 0u":                            false,
		"0x7fffffffffffffff > 0":             true,
		"1 << 3 == 8":                        true,
		"-8 >> 1 == -4":                      true,
		"1 ? 0 : 1":                          false,
		"0 ? 1/0 : 1":                        true,
		"0 && 1/0":                           false,
		"1 || 1/0":                           true,
		"'a' == 97":                          true,
		"true && !false":                     true,
		"~0 == -1":                           true,
		"7 % 4 == 3 && 7 / 4 == 1":           true,
		"1 ? 2 : (3, 4)":                     true,
		"not 0 and 1":                        true,
		"HASB":                               true,
		"__METAL_VERSION__ >= 310":           true,
		"__cplusplus < 201703L":              true,
		"__has_include(<metal_stdlib>)":      true,
		"__has_include(\"nothing.h\")":       false,
		"__has_attribute(always_inline)":     true,
		"__has_attribute(__always_inline__)": true,
		"__has_builtin(nothing)":             false,
		"defined(__has_feature) && !__has_feature(cxx_rtti)":      true,
		"defined __HAVE_BFLOAT__":                                 true,
		"0x10 == 16 && 0b11 == 3 && 010 == 8 && 1'000 == 1000":    true,
		"-9223372036854775807 - 1 < 0 && 18446744073709551615u>0": true,
	} {
		got, msgs := run(t, "#define B 2\n#define HASB defined(B)\n#if "+cond+"\nyes\n#else\nno\n#endif", Options{})
		require.Empty(t, msgs, cond)
		require.Equal(t, map[bool]string{true: "yes", false: "no"}[want], got, cond)
	}
}

func TestGroups(t *testing.T) {
	for src, want := range map[string]string{
		"#if 1\na\n#elif 1\nb\n#else\nc\n#endif\nd":                              "a d",
		"#if 0\na\n#elif 1\nb\n#else\nc\n#endif\nd":                              "b d",
		"#if 0\na\n#elif 0\nb\n#else\nc\n#endif\nd":                              "c d",
		"#if 1\na\n#elif 1/0\nb\n#endif":                                         "a",
		"#ifdef X\n#if 1\n#else\n#endif\n#elif garbage (\n'\n#else\nb\n#endif":   "b",
		"#if 0\n#error no\n#if 1\nx\n#else\ny\n#endif\n'unterminated\n#endif\nz": "z",
		"#ifndef X\n#define X\na\n#endif\n#ifndef X\nb\n#endif":                  "a",
		"#ifdef X\na\n#elifndef X\nb\n#endif":                                    "b",
		"#define X\n#ifdef Y\na\n#elifdef X\nb\n#endif":                          "b",
	} {
		got, msgs := run(t, src, Options{})
		if !strings.Contains(src, "garbage") {
			require.Empty(t, msgs, src)
		}
		require.Equal(t, want, got, src)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		src  string
		want []string
	}{
		{"#error  stop here \n", []string{"main:1:2: error: stop here"}},
		{"#warning it's old\n", []string{"main:1:2: warning: it's old"}},
		{"#if\n#endif", []string{"main:1:4: error: expected value in expression"}},
		{"#if 1 +\n#endif", []string{"main:1:8: error: expected value in expression"}},
		{"#if 1 2\n#endif", []string{"main:1:7: error: token is not a valid binary operator in a preprocessor subexpression"}},
		{"#if (1\n#endif", []string{"main:1:7: error: expected ')' in preprocessor expression", "main:1:5: note: to match this '('"}},
		{"#if 1/0\n#endif", []string{"main:1:6: error: division by zero in preprocessor expression"}},
		{"#if 1.0\n#endif", []string{"main:1:5: error: floating point literal in preprocessor expression"}},
		{"#if 09\n#endif", []string{"main:1:6: error: invalid digit '9' in octal constant"}},
		{"#if F(1)\n#endif", []string{"main:1:5: error: function-like macro 'F' is not defined"}},
		{"#if 1\n", []string{"main:1:2: error: unterminated conditional directive"}},
		{"#endif", []string{"main:1:2: error: #endif without #if"}},
		{"#else", []string{"main:1:2: error: #else without #if"}},
		{"#if 1\n#else\n#else\n#endif", []string{"main:3:2: error: #else after #else"}},
		{"#if 1\n#endif x", []string{"main:2:8: warning: extra tokens at end of #endif directive"}},
		{"#bogus", []string{"main:1:2: error: invalid preprocessing directive"}},
		{"#define", []string{"main:1:8: error: macro name missing"}},
		{"#define 1", []string{"main:1:9: error: macro name must be an identifier"}},
		{"#define defined", []string{"main:1:9: error: 'defined' cannot be used as a macro name"}},
		{"#define F(x", []string{"main:1:12: error: missing ')' in macro parameter list"}},
		{"#define F(x,x) x", []string{"main:1:13: error: duplicate macro parameter name 'x'"}},
		{"#define F(x) #y", []string{"main:1:14: error: '#' is not followed by a macro parameter"}},
		{"#define A ## b", []string{"main:1:11: error: '##' cannot appear at start of macro expansion"}},
		{"#define A b ##", []string{"main:1:13: error: '##' cannot appear at end of macro expansion"}},
		{"#define A 1\n#define A 2", []string{"main:2:9: warning: 'A' macro redefined", "main:1:9: note: previous definition is here"}},
		{"#define A  1 + 2\n#define A 1  +  2", nil},
		{"#define P(a,b) a##b\nP(+,/)", []string{"main:2:1: error: pasting formed '+/', an invalid preprocessing token"}},
		{"#define F(x) x\nF(1", []string{"main:2:1: error: unterminated function-like macro invocation", "main:1:9: note: macro 'F' defined here"}},
		{"#define F(x,y) x\nF(1)", []string{"main:2:4: error: too few arguments provided to function-like macro invocation", "main:1:9: note: macro 'F' defined here"}},
		{"#define F(x) x\nF(1,2)", []string{"main:2:5: error: too many arguments provided to function-like macro invocation", "main:1:9: note: macro 'F' defined here"}},
		{"#include \"x.h\"\nint x;", []string{"main:1:10: fatal error: 'x.h' file not found"}},
		{"#include <metal_stdlibb>", []string{"main:1:10: fatal error: 'metal_stdlibb' file not found"}},
		{"#include x", []string{"main:1:10: error: expected \"FILENAME\" or <FILENAME>"}},
		{"#include \"\"", []string{"main:1:10: error: empty filename"}},
		{"#line 0x\n", []string{"main:1:7: error: #line directive requires a positive integer argument"}},
		{"_Pragma(1)", []string{"main:1:9: error: _Pragma takes a parenthesized string literal"}},
		{"/* open", []string{"main:1:1: error: unterminated /* comment"}},
		{"#if 0\n/* open", []string{"main:1:2: error: unterminated conditional directive", "main:2:1: error: unterminated /* comment"}},
		{"#line 100 \"other\"\n#error x", []string{"other:100:2: error: x"}},
	} {
		_, msgs := run(t, test.src, Options{})
		require.Equal(t, test.want, msgs, test.src)
	}
}

func TestIncludes(t *testing.T) {
	files := map[string]string{
		"a.h":    "#pragma once\n#include \"b.h\"\nA",
		"b.h":    "B __FILE__ __INCLUDE_LEVEL__",
		"loop.h": "#include \"loop.h\"\n#include \"loop.h\"",
		"open.h": "#if 1",
		"half.h": "F(",
	}
	opts := Options{Include: func(name, from string, angled bool) (string, string, bool) {
		src, ok := files[name]
		return "dir/" + name, src, ok
	}}
	got, msgs := run(t, "#include \"a.h\"\n#include \"a.h\"\n#define N <b.h>\n#include N\nend", opts)
	require.Empty(t, msgs)
	require.Equal(t, `B "dir/b.h" 2 A B "dir/b.h" 1 end`, got)

	_, msgs = run(t, "#include \"loop.h\"", opts)
	require.Equal(t, []string{"dir/loop.h:1:10: fatal error: #include nested too deeply"}, msgs)
	_, msgs = run(t, "#include \"open.h\"\nx", opts)
	require.Equal(t, []string{"dir/open.h:1:2: error: unterminated conditional directive"}, msgs)
	got, msgs = run(t, "#define F(x) x\n#include \"half.h\"\n1) y", opts)
	require.Equal(t, "F 1) y", got)
	require.Equal(t, "dir/half.h:1:1: error: unterminated function-like macro invocation", msgs[0])
}

func TestSimdHeader(t *testing.T) {
	got, msgs := run(t, "#include <simd/simd.h>\n#include <simd/vector_types.h>\nend", Options{})
	require.Empty(t, msgs)
	require.Equal(t, 1, strings.Count(got, "typedef float4 vector_float4;"))
	require.Contains(t, got, "typedef uint2 simd_uint2;")
	require.Contains(t, got, "typedef float4x3 matrix_float4x3;")
	require.NotContains(t, got, "vector_float4x3")
	require.True(t, strings.HasSuffix(got, "namespace simd = metal; end"))
}

func TestOptions(t *testing.T) {
	got, msgs := run(t, "A B F(3) C", Options{Defines: []string{"A", "B=2 + 2", "F(x)=x*x"}, Predefined: "#define C A\n"})
	require.Empty(t, msgs)
	require.Equal(t, "1 2 + 2 3*3 1", got)
	got, _ = run(t, "__METAL_VERSION__ __cplusplus\n#ifdef __HAVE_BFLOAT__\nyes\n#endif", Options{Version: 240})
	require.Equal(t, "240 201402L", got)
}

func TestPositions(t *testing.T) {
	fset := source.NewFileSet()
	var list source.List
	toks := File(fset, "main", "#define M(x) a + x\n#define N M\n\n  N(b) c", Options{}, &list)
	require.Empty(t, list)
	var got []string
	for _, tok := range toks {
		got = append(got, tok.Text+" "+fset.Position(tok.Pos).String()+" "+fset.Position(fset.Spelling(tok.Pos)).String())
	}
	require.Equal(t, []string{
		"a main:4:3 main:1:14",
		"+ main:4:3 main:1:16",
		"b main:4:5 main:4:5",
		"c main:4:8 main:4:8",
		" main:4:9 main:4:9",
	}, got)
}
