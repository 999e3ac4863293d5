package objctype

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseMethod(t *testing.T) {
	for _, c := range []struct {
		encoding    string
		result      Kind
		args        string // canonical, space separated
		offsets     []int
		words       int
		resultWords int
	}{
		{"v@:", Void, "", []int{}, 0, 0},
		{"@@:Q", Object, "Q", []int{0}, 1, 1},
		{"v@:@QQ", Void, "@ Q Q", []int{0, 1, 2}, 3, 0},
		{"v40@0:8@16Q24Q32", Void, "@ Q Q", []int{0, 1, 2}, 3, 0},
		{"v@:{?=QQQ}{?=QQQ}", Void, "{?=QQQ} {?=QQQ}", []int{0, 3}, 6, 0},
		{"{?={?=QQQ}{?=QQQ}}@:", Struct, "", []int{}, 0, 6},
		{"v@:{?={?=QQQ}{?=QQQ}}Qr^vQ", Void, "{?={?=QQQ}{?=QQQ}} Q ^v Q", []int{0, 6, 7, 8}, 9, 0},
		{"@@:@^@", Object, "@ ^@", []int{0, 1}, 2, 1},
		{"v@:@?", Void, "@?", []int{0}, 1, 0},
		{"v@:@@?", Void, "@ @?", []int{0, 1}, 2, 0},
		{"v@:@?<v@?@\"NSError\">", Void, "@?", []int{0}, 1, 0},
		{"r^v@:", Pointer, "", []int{}, 0, 1},
		{"r*@:", Pointer, "", []int{}, 0, 1},
		{"@@:r^@Q", Object, "^@ Q", []int{0, 1}, 2, 1},
		{"B@::", Bool, ":", []int{0}, 1, 1},
		{"c@:#", Int, "#", []int{0}, 1, 1},
		{"d@:f", Double, "f", []int{0}, 1, 1},
		{"v@:@{_NSRange=QQ}C", Void, "@ {_NSRange=QQ} C", []int{0, 1, 3}, 4, 0},
		{"@\"NSString\"@:@\"NSArray\"", Object, "@", []int{0}, 1, 1},
		{"v@:^{__IOSurface=}^?", Void, "^{__IOSurface=} ^?", []int{0, 1}, 2, 0},
		{"{MTLResourceID=Q}@:", Struct, "", []int{}, 0, 1},
		{"{?=[4f]ff}@:", Struct, "", []int{}, 0, 3},
		{"v@:{CGRect={CGPoint=dd}{CGSize=dd}}", Void, "{CGRect={CGPoint=dd}{CGSize=dd}}", []int{0}, 4, 0},
		{"v@:(?=Id)", Void, "(?=Id)", []int{0}, 1, 0},
		{"v@:{?=\"width\"Q\"height\"Q}", Void, "{?=QQ}", []int{0}, 2, 0},
		{"Vv@:no^@", Void, "^@", []int{0}, 1, 0},
		{"@#:", Object, "", []int{}, 0, 1},
	} {
		s, err := ParseMethod(c.encoding)
		require.NoError(t, err, c.encoding)
		require.Equal(t, c.result, s.Result.Kind, c.encoding)
		var args []string
		for i := range s.Args {
			args = append(args, s.Args[i].String())
		}
		require.Equal(t, c.args, strings.Join(args, " "), c.encoding)
		require.Equal(t, c.offsets, s.Offsets, c.encoding)
		require.Equal(t, c.words, s.Words, c.encoding)
		require.Equal(t, c.resultWords, s.ResultWords, c.encoding)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ encoding, want string }{
		{"", "want a result"},
		{"v", "want a result"},
		{"v@", "want a result"},
		{"v:@", "want a result"},
		{"v@:v", "cannot be passed"},
		{"v@:?", "cannot be passed"},
		{"v@:{?=QQ", "does not end"},
		{"v@:{?", "does not end"},
		{"v@:[4f", "does not end"},
		{"v@:[f]", "length"},
		{"v@:[4]", "no encoding"},
		{"v@:[99999999f]", "length"},
		{"v@:[1048576q]", "more than"},
		{"v@:^", "a type is missing"},
		{"v@:b3", "bit fields"},
		{"v@:D", "not supported"},
		{"v@:$", "unknown type"},
		{"v@:@\"NSString", "does not end"},
		{"v@:@?<v@?", "a type is missing"},
		{"v@:{?=v}", "void"},
		{"v@:" + strings.Repeat("^", 100) + "v", "deeper"},
		{"v@:" + strings.Repeat("{?=", 100), "deeper"},
		{strings.Repeat("Q", 5000), "longer"},
		{"v@:[1000{?=}]", "without size"},
	} {
		_, err := ParseMethod(c.encoding)
		require.ErrorContains(t, err, c.want, c.encoding)
	}
}

func TestParseFunction(t *testing.T) {
	s, err := ParseFunction("@@^@")
	require.NoError(t, err)
	require.False(t, s.Method)
	require.Equal(t, Object, s.Result.Kind)
	require.Len(t, s.Args, 2)
	_, err = ParseFunction("")
	require.Error(t, err)
}

func TestParseType(t *testing.T) {
	for _, c := range []struct {
		encoding    string
		size, align int
		leaves      []Leaf
	}{
		{"{?=QQQ}", 24, 8, []Leaf{{Uint, 8, 0}, {Uint, 8, 8}, {Uint, 8, 16}}},
		{"{?={?=QQQ}{?=QQQ}}", 48, 8, []Leaf{{Uint, 8, 0}, {Uint, 8, 8}, {Uint, 8, 16}, {Uint, 8, 24}, {Uint, 8, 32}, {Uint, 8, 40}}},
		{"{?=ffI}", 12, 4, []Leaf{{Float, 4, 0}, {Float, 4, 4}, {Uint, 4, 8}}},
		{"{?=Cd}", 16, 8, []Leaf{{Uint, 1, 0}, {Double, 8, 8}}},
		{"{?=CCCC}", 4, 1, []Leaf{{Uint, 1, 0}, {Uint, 1, 1}, {Uint, 1, 2}, {Uint, 1, 3}}},
		{"{?=QC}", 16, 8, []Leaf{{Uint, 8, 0}, {Uint, 1, 8}}},
		{"{?=S[3f]}", 16, 4, []Leaf{{Uint, 2, 0}, {Float, 4, 4}, {Float, 4, 8}, {Float, 4, 12}}},
		{"(?=IQ)", 8, 8, []Leaf{{Uint, 4, 0}, {Uint, 8, 0}}},
		{"{?={?=C}{?=I}}", 8, 4, []Leaf{{Uint, 1, 0}, {Uint, 4, 4}}},
		{"{?=}", 0, 1, nil},
		{"q", 8, 8, []Leaf{{Int, 8, 0}}},
		{"l", 4, 4, []Leaf{{Int, 4, 0}}},
	} {
		ty, err := ParseType(c.encoding)
		require.NoError(t, err, c.encoding)
		require.Equal(t, c.size, ty.Size, c.encoding)
		require.Equal(t, c.align, ty.Align, c.encoding)
		require.Equal(t, c.leaves, ty.Leaves(nil, 0), c.encoding)
	}
	_, err := ParseType("QQ")
	require.ErrorContains(t, err, "after the type")
	ro, err := ParseType("r^v")
	require.NoError(t, err)
	require.True(t, ro.Const)
	require.Equal(t, Void, ro.Elem.Kind)
}

// What parses prints as a canonical encoding, which parses to the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"v@:", "v40@0:8@16Q24Q32", "{?={?=QQQ}{?=QQQ}}@:", "@@:@^@", "v@:@?<v@?@>", "r^v@:",
		"v@:(?=Id)", "v@:[4f]", "v@:{?=\"a\"Q}", "v@:[1000[1000c]]", "v@:{A}^{A}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, encoding string) {
		s, err := ParseMethod(encoding)
		if err != nil {
			return
		}
		for i := range s.Args {
			a := &s.Args[i]
			text := a.String()
			b, err := ParseType(text)
			if err != nil {
				t.Fatalf("%q: argument %d prints as %q: %v", encoding, i, text, err)
			}
			if b.Size != a.Size || b.Align != a.Align || b.String() != text {
				t.Fatalf("%q: argument %d: %+v and %+v", encoding, i, a, b)
			}
			for _, l := range a.Leaves(nil, 0) {
				if l.Offset < 0 || l.Offset+l.Size > a.Size || l.Size > 0 && l.Offset%l.Size != 0 {
					t.Fatalf("%q: argument %d of %d bytes: leaf %+v", encoding, i, a.Size, l)
				}
			}
		}
	})
}
