package scan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// FuzzTokens checks that no text makes the scanner panic, that tokens are in
// order and within the text, and that every literal has a value or an error.
func FuzzTokens(f *testing.F) {
	for _, src := range []string{
		"int x = 0x1p-3f + 1'000ull + .5h;", "a\\\nb \\ \n c", "\"a\\n\" 'b' R\"x(y)x\" u8\"z\" L'w'", "/* a */ // b\n", "<<= >>= -> ->* ... .. :: ##",
		"/* open", "\"open", "'", "R\"(", "R\"0123456789abcdefg(", "\x00\xff\u00e9\ufeff", "0x 0b2 09 1e 1.e+ 0x1.8", "'\\x' '\\777' '\\u12' 'abcde'",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, err := source.NewFileSet().AddFile("x", src, source.NoPos)
		require.NoError(t, err)
		toks, _ := Tokens(file)
		end := 0
		for i := range toks {
			tok := &toks[i]
			off := file.Offset(tok.Pos)
			require.GreaterOrEqual(t, off, end)
			end = file.Offset(tok.End())
			require.LessOrEqual(t, end, len(src))
			if tok.Kind != EOF {
				require.Greater(t, end, off)
			}
			switch tok.Kind {
			case Int:
				_, err = ParseInt(tok.Text)
			case Float:
				_, _, err = ParseFloat(tok.Text)
			case Char:
				_, _, err = ParseChar(tok.Text)
			case String:
				_, _, err = ParseString(tok.Text)
			default:
				continue
			}
			if err != nil {
				require.IsType(t, &LitError{}, err)
				require.LessOrEqual(t, err.(*LitError).Offset, len(tok.Text))
			}
		}
		require.Equal(t, EOF, toks[len(toks)-1].Kind)
	})
}
