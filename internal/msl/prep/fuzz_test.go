package prep

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// FuzzFile checks that no source makes the preprocessor panic, that every
// token has a place, and that the text of the tokens is read as the same
// tokens again.
func FuzzFile(f *testing.F) {
	for _, src := range []string{
		"#define A 1 + 2\nA A",
		"#define F(x, y) x-y #x x##y\nF(1, 2) F((1,2), 3) F (a b, c) F",
		"#define V(a, ...) f(a __VA_OPT__(,) __VA_ARGS__, ## __VA_ARGS__)\nV(1) V(1, 2)",
		"#define foo foo + foo()\nfoo",
		"#if defined A && (1 + 2 * 3 == 7 ? 1 : 0u)\na\n#elif __has_include(<metal_stdlib>)\nb\n#else\nc\n#endif",
		"#line 7 \"x\"\n#pragma unroll(4)\n_Pragma(\"unroll\") __LINE__ __FILE__ __COUNTER__",
		"#include <metal_stdlib>\n#include \"a.h\"\n#error x\n#warning y\n#undef z",
		"#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n#define join(c, d) in_between(c hash_hash d)\njoin(x, y)",
		"/* open", "\"open", "R\"(open", "a\\\nb", "#define F(x) x\nF(", "#if 1\n#else\n#else",
	} {
		f.Add(src)
	}
	files := map[string]string{"a.h": "#pragma once\n#define X a\nX", "b.h": "#include \"b.h\"\nF("}
	opts := Options{Include: func(name, from string, angled bool) (string, string, bool) {
		src, ok := files[name]
		return name, src, ok
	}}
	f.Fuzz(func(t *testing.T, src string) {
		fset := source.NewFileSet()
		var list source.List
		toks := File(fset, "main", src, opts, &list)
		require.Equal(t, scan.EOF, toks[len(toks)-1].Kind)
		for i := range toks[:len(toks)-1] {
			require.True(t, fset.Position(toks[i].Pos).IsValid())
			require.NotEqual(t, scan.Newline, toks[i].Kind)
			require.NotEqual(t, scan.EOF, toks[i].Kind)
		}
		list.Sort(fset)
		list.Render(fset)
		if list.HasErrors() {
			return
		}
		text := Text(fset, toks)
		fset = source.NewFileSet()
		var again source.List
		toks2 := File(fset, "main", text, Options{Predefined: "#undef __METAL__\n"}, &again)
		if len(again) > 0 || len(toks2) != len(toks) {
			// A macro of the source is not one of the text, but the names of
			// predefined ones stay in both.
			for i := range toks {
				if toks[i].Is(scan.NoExpand) || toks[i].Kind == scan.Pragma || toks[i].Kind == scan.Invalid || toks[i].Kind == scan.Hash {
					return
				}
			}
			require.Empty(t, again, "%q", text)
			require.Len(t, toks2, len(toks), "%q", text)
		}
		for i := range toks {
			require.Equal(t, toks[i].Kind, toks2[i].Kind, "%q", text)
			require.Equal(t, toks[i].Text, toks2[i].Text, "%q", text)
		}
	})
}
