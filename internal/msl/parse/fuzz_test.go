package parse

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// FuzzFile checks that no source makes the parser panic, and that the tree
// and the diagnostics of any source can be walked and printed.
func FuzzFile(f *testing.F) {
	for _, src := range valids {
		f.Add(src)
	}
	for _, src := range invalids {
		f.Add(errorComment.ReplaceAllString(src, ""))
	}
	golden, err := filepath.Glob("testdata/*.metal")
	require.NoError(f, err)
	for _, name := range golden {
		src, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) {
		fset := source.NewFileSet()
		file, list := File(fset, "", src, Options{})
		ast.Inspect(file, func(n ast.Node) bool {
			if n.Pos() > n.End() && fset.Outer(n.Pos()) == n.Pos() && fset.Outer(n.End()) == n.End() {
				if s, e := fset.Position(n.Pos()), fset.Position(n.End()); s.Filename == e.Filename {
					// Tokens of macro arguments may be taken out of order.
					require.Contains(t, src, "#", "%T from %s to %s", n, s, e)
				}
			}
			return true
		})
		bad := false
		ast.Inspect(file, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.BadDecl, *ast.BadStmt, *ast.BadExpr:
				bad = true
			}
			return !bad
		})
		if bad {
			require.True(t, list.HasErrors(), "a Bad node without an error")
		}
		var b strings.Builder
		require.NoError(t, ast.Fprint(&b, file))
		list.Limit()
		list.Render(fset)
	})
}
