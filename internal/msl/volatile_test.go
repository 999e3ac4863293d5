package msl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVolatile counts the loads and stores that are left of a kernel that repeats
// them.
func TestVolatile(t *testing.T) {
	for _, c := range []struct {
		qualifier     string
		loads, stores int
	}{{"", 1, 2}, {"volatile", 3, 2}} {
		lib := compile(t, `kernel void k(`+c.qualifier+` device int *p, device int *out) {
	int a = p[0];
	int b = p[0];
	p[1] = a;
	p[1] = b;
	out[0] = a + b;
	p[0];
}`)
		code, diags := lib.Lower("k", Constants{})
		require.NotNil(t, code, "%s", diags.Render())
		text := code.Func.String()
		require.Equal(t, c.loads, strings.Count(text, " = load "), "%s", text)
		require.Equal(t, c.stores+1, strings.Count(text, "\tstore "), "%s", text)
		require.Equal(t, c.qualifier != "", strings.Contains(text, "load volatile i32 device"))
	}
}
