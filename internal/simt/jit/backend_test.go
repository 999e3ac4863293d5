package jit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Every backend has code for the kernels that package simt tests with, whatever
// processor this is: only to run it takes one of its own.
func TestBackends(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.ir")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		f, err := ir.Parse(string(text))
		require.NoError(t, err, file)
		for _, isa := range []ISA{AVX2, AVX512, AVX512x256, NEON} {
			for _, ext := range []Size{{256, 1, 1}, {16, 16, 1}, {7, 1, 1}} {
				for _, parts := range []int{1, 4, 8} {
					_, _, err := new(room).compile(f, isa, ext, nil, max(parts, minParts(f, isa.backend().lanes())), false)
					require.NoError(t, err, "%s, %s, %v", file, isa, ext)
				}
			}
		}
	}
}
