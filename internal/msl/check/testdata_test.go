package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

var errorComment = regexp.MustCompile(`/\* ERROR ("(?:[^"\\]|\\.)*") \*/`)

// TestData checks the programs in testdata: each error stands on the line of a
// comment /* ERROR "regexp" */ that matches it, and each comment has its error.
func TestData(t *testing.T) {
	files, err := filepath.Glob("testdata/*.metal")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		want := make(map[int][]*regexp.Regexp)
		line := 1
		start := 0
		for i, ch := range src {
			if ch != '\n' {
				continue
			}
			for _, m := range errorComment.FindAllSubmatch(src[start:i], -1) {
				text, err := strconv.Unquote(string(m[1]))
				require.NoError(t, err)
				want[line] = append(want[line], regexp.MustCompile(text))
			}
			line++
			start = i + 1
		}
		fset, _, list := compile(string(src))
		for _, d := range list {
			if d.Severity < source.Error {
				continue
			}
			at := fset.Position(d.Pos)
			rest := want[at.Line]
			if len(rest) == 0 || !rest[0].MatchString(d.Msg) {
				t.Errorf("%s:%d: unexpected error: %s", name, at.Line, d.Msg)
				continue
			}
			want[at.Line] = rest[1:]
		}
		for line, rest := range want {
			for _, re := range rest {
				t.Errorf("%s:%d: no error matches %q", name, line, re)
			}
		}
	}
}
