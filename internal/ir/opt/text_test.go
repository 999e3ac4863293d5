package opt_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
)

var update = flag.Bool("update", false, "write what the passes give to testdata")

// TestText runs passes over the kernels of testdata. A file is named for the pass
// it tests, or all.txt. It has a comment, then cases:
//
//	=== what is shown
//	kernel before
//	---
//	kernel after
func TestText(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			cases := strings.Split(string(data), "\n=== ")
			for i, c := range cases[1:] {
				name, text, _ := strings.Cut(c, "\n")
				in, want, ok := strings.Cut(text, "\n---\n")
				require.True(t, ok || *update, "%s: no ---", name)
				t.Run(name, func(t *testing.T) {
					got := transform(t, strings.TrimSuffix(filepath.Base(file), ".txt"), in)
					if *update {
						cases[i+1] = name + "\n" + strings.TrimSpace(in) + "\n---\n" + got
						return
					}
					require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(got))
				})
			}
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(strings.Join(cases, "\n=== ")), 0o666))
			}
		})
	}
}

// transform returns a kernel after a pass, or after all of them.
func transform(t *testing.T, pass, text string) string {
	f, err := ir.Parse(text)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	found := pass == "all"
	for _, p := range opt.Passes {
		if pass != "all" && p.Name != pass || pass != "all" && found {
			continue
		}
		found = true
		p.Run(f)
		require.NoError(t, ir.Verify(f), "after %s", p.Name)
	}
	require.True(t, found, "there is no pass %s", pass)
	return f.String()
}
