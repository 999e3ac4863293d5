package parse

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

var update = flag.Bool("update", false, "write the trees of testdata/*.metal to their golden files")

// TestGolden compares the trees of the files in testdata with what was found
// right before.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/*.metal")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, err := os.ReadFile(name)
			require.NoError(t, err)
			fset := source.NewFileSet()
			file, list := File(fset, filepath.Base(name), string(src), Options{})
			require.Empty(t, list.Render(fset))
			var got bytes.Buffer
			require.NoError(t, ast.Fprint(&got, file))
			golden := strings.TrimSuffix(name, ".metal") + ".golden"
			if *update {
				require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o666))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got.String())
		})
	}
}
