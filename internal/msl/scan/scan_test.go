package scan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

func scanAll(t testing.TB, src string) (toks []Token, msgs []string) {
	fset := source.NewFileSet()
	f, err := fset.AddFile("x", src, source.NoPos)
	require.NoError(t, err)
	toks, list := Tokens(f)
	for _, d := range list {
		msgs = append(msgs, fset.Position(d.Pos).String()+": "+d.Severity.String()+": "+d.Msg)
	}
	return toks, msgs
}

func TestPunctuators(t *testing.T) {
	var want []Kind
	var src strings.Builder
	for k := operatorBegin + 1; k < operatorEnd; k++ {
		want = append(want, k)
		src.WriteString(k.String() + " ")
	}
	toks, msgs := scanAll(t, src.String())
	require.Empty(t, msgs)
	var got []Kind
	for _, tok := range toks[:len(toks)-1] {
		got = append(got, tok.Kind)
		require.Equal(t, tok.Kind.String(), tok.Text)
	}
	require.Equal(t, want, got)
}

func TestKeywords(t *testing.T) {
	for k := keywordBegin + 1; k < keywordEnd; k++ {
		require.Equal(t, k, Lookup(k.String()))
		require.Equal(t, Ident, Lookup(k.String()+"x"))
	}
	require.Equal(t, AmpAmp, Lookup("and"))
	require.Equal(t, KwInline, Lookup("__inline__"))
}

func TestTokens(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"a b", "a|b"},
		{"a+++b", "a|++|+|b"},
		{"a<<=b>>=c->*d", "a|<<=|b|>>=|c|->*|d"},
		{"a..b...c", "a|.|.|b|...|c"},
		{".5.x", ".5.x"},
		{"1.x 1..2 1e+5+6 0xe+1 1e", "1.x|1..2|1e+5|+|6|0xe+1|1e"},
		{"0x1p-3f+0x1.8p1", "0x1p-3f|+|0x1.8p1"},
		{"1'000'000u 1'a 0'", "1'000'000u|1'a|0|'"},
		{"a/**/b//c\nd", "a|b|d"},
		{"a/\\\n*x*\\\n/b", "a|b"},
		{"a\\\nb+\\\n+", "ab|++"},
		{"fl\\\r\noat", "float"},
		{"a \\ \t\n b", "a|b"},
		{"// x \\\n y\nz", "z"},
		{"'a' '\\'' \"\\\"\" \"a\\\nb\"", "'a'|'\\''|\"\\\"\"|\"ab\""},
		{"u8\"a\" L'b' R\"(c\\\n)\" u8R\"x(d)\")x\" uR Lx", "u8\"a\"|L'b'|R\"(c\\\n)\"|u8R\"x(d)\")x\"|uR|Lx"},
		{"a\tb\vc\fd\re\r\nf", "a|b|c|d|e|f"},
		{"\ufeffa", "a"},
		{"caf\u00e9 \u03c0", "caf\u00e9|\u03c0"},
		{"a$b", "a$b"},
		{"##a#b", "##|a|#|b"},
		{"a\\b", "a|\\|b"},
		{"", ""},
	} {
		toks, _ := scanAll(t, test.src)
		var got []string
		for _, tok := range toks[:len(toks)-1] {
			got = append(got, tok.Text)
		}
		require.Equal(t, test.want, strings.Join(got, "|"), test.src)
	}
}

func TestKinds(t *testing.T) {
	for src, want := range map[string]Kind{
		"1": Int, "0x1e5": Int, "0b1": Int, "1u": Int, "017": Int,
		"1.": Float, ".1": Float, "1e5": Float, "1e+5": Float, "0x1p1": Float, "0x.8p1": Float, "1.0h": Float,
		"a": Ident, "half": Ident, "float": KwFloat, "kernel": KwKernel,
		"'a'": Char, "L'a'": Char, "\"\"": String, "R\"()\"": String, "`": Invalid, "\\": Invalid, "@": At,
	} {
		toks, _ := scanAll(t, src)
		require.Equal(t, want, toks[0].Kind, src)
		require.EqualValues(t, len(src), toks[0].Width, src)
	}
}

func TestFlags(t *testing.T) {
	toks, _ := scanAll(t, "a b\n c/**/d\\\ne f")
	var got []Flags
	for _, tok := range toks[:len(toks)-1] {
		got = append(got, tok.Flags)
	}
	require.Equal(t, []Flags{StartOfLine, LeadingSpace, StartOfLine | LeadingSpace, LeadingSpace, LeadingSpace}, got)
	require.Equal(t, "de", toks[3].Text)
	require.EqualValues(t, 4, toks[3].Width)
}

func TestScanErrors(t *testing.T) {
	for src, want := range map[string]string{
		"a /* b":           "x:1:3: error: unterminated /* comment",
		"a \"b\nc":         "x:1:3: error: missing terminating '\"' character",
		"a 'b":             "x:1:3: error: missing terminating ' character",
		"''":               "x:1:1: error: empty character constant",
		"R\"a":             "x:1:1: error: invalid character or too many characters in raw string delimiter; use PREFIX( )PREFIX\" to delimit raw string",
		"R\"a(b":           "x:1:1: error: raw string missing terminating delimiter )a\"",
		"a\x00b":           "x:1:2: warning: null character ignored",
		"a \xff\xfe b":     "x:1:3: error: source file is not valid UTF-8",
		"a \u201cb":        "x:1:3: error: unexpected character <U+201C>",
		"a\u00a0b":         "x:1:2: warning: treating Unicode character as whitespace",
		"\n\n  \"a\\\nb\n": "x:3:3: error: missing terminating '\"' character",
	} {
		_, msgs := scanAll(t, src)
		require.Equal(t, []string{want}, msgs, src)
	}
}

func TestParseInt(t *testing.T) {
	for _, test := range []struct {
		src  string
		want IntLit
		err  string
	}{
		{"0", IntLit{Base: 10}, ""},
		{"42", IntLit{Value: 42, Base: 10}, ""},
		{"0x2A", IntLit{Value: 42, Base: 16}, ""},
		{"0b101010", IntLit{Value: 42, Base: 2}, ""},
		{"052", IntLit{Value: 42, Base: 8}, ""},
		{"1'000", IntLit{Value: 1000, Base: 10}, ""},
		{"1u", IntLit{Value: 1, Base: 10, Unsigned: true}, ""},
		{"1UL", IntLit{Value: 1, Base: 10, Unsigned: true, Long: 1}, ""},
		{"1llu", IntLit{Value: 1, Base: 10, Unsigned: true, Long: 2}, ""},
		{"18446744073709551615", IntLit{Value: 1<<64 - 1, Base: 10}, ""},
		{"0xffffffffffffffff", IntLit{Value: 1<<64 - 1, Base: 16}, ""},
		{"18446744073709551616", IntLit{}, "integer literal is too large to be represented in any integer type"},
		{"08", IntLit{}, "invalid digit '8' in octal constant"},
		{"0b2", IntLit{}, "invalid digit '2' in binary constant"},
		{"1a", IntLit{}, "invalid suffix 'a' on integer constant"},
		{"1lL", IntLit{}, "invalid suffix 'lL' on integer constant"},
		{"1uu", IntLit{}, "invalid suffix 'uu' on integer constant"},
		{"0x", IntLit{}, "invalid suffix 'x' on integer constant"},
		{"1'u", IntLit{}, "digit separator cannot appear at end of digit sequence"},
	} {
		got, err := ParseInt(test.src)
		if test.err != "" {
			require.EqualError(t, err, test.err, test.src)
			continue
		}
		require.NoError(t, err, test.src)
		require.Equal(t, test.want, got, test.src)
	}
}

func TestParseFloat(t *testing.T) {
	for _, test := range []struct {
		src, digits string
		suffix      FloatSuffix
		err         string
	}{
		{"1.5", "1.5", NoSuffix, ""},
		{"1.", "1.", NoSuffix, ""},
		{".5F", ".5", SuffixF, ""},
		{"1e-3h", "1e-3", SuffixH, ""},
		{"1.0H", "1.0", SuffixH, ""},
		{"2.0bf", "2.0", SuffixBF, ""},
		{"0x1.8p-2f", "0x1.8p-2", SuffixF, ""},
		{"1'0.2'5", "10.25", NoSuffix, ""},
		{"1.0L", "1.0", SuffixL, ""},
		{"1e", "", 0, "exponent has no digits"},
		{"1e+", "", 0, "exponent has no digits"},
		{"0x1.8", "", 0, "hexadecimal floating constant requires an exponent"},
		{"1.0x", "", 0, "invalid suffix 'x' on floating constant"},
		{"1.2.3", "", 0, "invalid suffix '.3' on floating constant"},
		{"1.0fh", "", 0, "invalid suffix 'fh' on floating constant"},
	} {
		digits, suffix, err := ParseFloat(test.src)
		if test.err != "" {
			require.EqualError(t, err, test.err, test.src)
			continue
		}
		require.NoError(t, err, test.src)
		require.Equal(t, test.digits, digits, test.src)
		require.Equal(t, test.suffix, suffix, test.src)
	}
}

func TestParseText(t *testing.T) {
	for _, test := range []struct{ src, prefix, want, err string }{
		{`"a"`, "", "a", ""},
		{`"\n\t\\\"\x41\101\u00e9\0"`, "", "\n\t\\\"AA\u00e9\x00", ""},
		{`u8"a"`, "u8", "a", ""},
		{`R"(\n"a)"`, "", `\n"a`, ""},
		{`LR"x()")x"`, "L", `)"`, ""},
		{`"\x"`, "", "", `\x used with no following hex digits`},
		{`"\xfff"`, "", "", "hex escape sequence out of range"},
		{`"\777"`, "", "", "octal escape sequence out of range"},
		{`"\u12"`, "", "", "incomplete universal character name"},
		{`"\ud800"`, "", "", "invalid universal character"},
	} {
		prefix, got, err := ParseString(test.src)
		if test.err != "" {
			require.EqualError(t, err, test.err, test.src)
			continue
		}
		require.NoError(t, err, test.src)
		require.Equal(t, test.prefix, prefix, test.src)
		require.Equal(t, test.want, got, test.src)
	}
	for _, test := range []struct {
		src  string
		want int64
		err  string
	}{
		{"'a'", 97, ""}, {`'\n'`, 10, ""}, {`'\xff'`, -1, ""}, {`'\''`, 39, ""}, {"'ab'", 'a'<<8 | 'b', ""}, {"L'\u00e9'", 0xe9, ""},
		{"'\u00e9'", 0, "character too large for enclosing character literal type"},
		{"'abcde'", 0, "character constant too long for its type"},
		{"u'ab'", 0, "unicode character literals may not contain multiple characters"},
	} {
		_, got, err := ParseChar(test.src)
		if test.err != "" {
			require.EqualError(t, err, test.err, test.src)
			continue
		}
		require.NoError(t, err, test.src)
		require.Equal(t, test.want, got, test.src)
	}
}
