package lower_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/lower"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
)

// What the checker accepts as a library function, lowering must know.
func TestWholeLibraryIsSupported(t *testing.T) {
	names := stdlib.Names()
	require.NotEmpty(t, names)
	for _, name := range names {
		require.True(t, lower.Supported(name), name)
	}
	require.False(t, lower.Supported("nosuch"))
}
