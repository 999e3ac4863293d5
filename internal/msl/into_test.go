package msl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestJumpIntoStatements has switches with labels inside of other statements;
// want is what out holds for tid 0, 1, 2 and so on, as C++ has it.
func TestJumpIntoStatements(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []int32
	}{
		{"Duff's device", `int n = int(tid) + 1, i = 0, s = 0; switch (n % 4) { case 0: do { s += 1; i++; case 3: s += 10; i++; case 2: s += 100; i++; case 1: s += 1000; i++; } while (i < n); } out[tid] = s;`,
			[]int32{1000, 1100, 1110, 1111, 2111, 2211, 2221, 2222}},
		{"a label in an if", `int s = 0; switch (tid) { case 1: if (s > 5) { s += 1; case 2: s += 10; } else { s += 100; case 3: s += 1000; } s += 10000; break; case 4: s = 7; default: s += 100000; } out[tid] = s;`,
			[]int32{100000, 11100, 10010, 11000, 100007}},
		{"a label in a for", `int s = 0, i = 5; switch (tid) { case 0: for (i = 0; i < 3; i++) { s += 1; case 1: s += 10; } s += 100; } out[tid] = s * 10 + i;`,
			[]int32{1333, 1106, 5}},
		{"breaks and continues", `int s = 0, i = 0; switch (tid) { case 0: while (i < 4) { i++; if (i == 2) continue; case 1: s += i + 1; case 2: if (i == 3) break; s += 100; } s += 1000; break; default: s = -1; } out[tid] = s * 10 + i;`,
			[]int32{10000 + 1000 + 2*10 + 4*10 + 3, 1000*10 + 100*10*2 + (1+2+4)*10 + 3, 1000*10 + 100*10*2 + (2+4)*10 + 3, -10}},
		{"a default inside", `int s = 0; switch (tid) { case 7: { for (int j = 0; j < 2; j++) { default: s += 1; if (s > 3) return; } } out[tid] = s; break; case 1: out[tid] = 9; }`, nil},
		{"in a switch in a switch", `int s = 0; switch (tid) { case 0: { int k = 1; do { switch (k) { case 0: s += 1; break; case 1: { if (s) { case 2: s += 10; } s += 5; } } k++; case 3: s += 100; } while (++s < 200); } out[tid] = s; break; default: out[tid] = -1; }`, nil},
		{"a constant", `int s = 0; switch (2) { case 1: if (tid) { case 2: s = 5; } else s = 6; } out[tid] = s;`, []int32{5, 5}},
		{"declarations passed by", `int s = 0; switch (tid) { case 0: { int k; k = 1; for (k = 0; k < 2; k++) { s += 1; } case 1: k = 3; while (k-- > 0) { int m = k; s += m; case 2: s += 10; } } } out[tid] = s;`,
			[]int32{2 + 3 + 30, 33}},
	} {
		n := max(len(c.want), 1)
		out := make([]int32, n)
		text := "kernel void k(device int *out, uint tid [[thread_position_in_grid]]) {\n" + strings.ReplaceAll(c.body, "; ", ";\n") + "\n}"
		if c.want == nil {
			code, diags := compile(t, text).Lower("k", Constants{})
			require.NotNil(t, code, "%s: %s", c.name, diags.Render())
			continue
		}
		runThreads(t, text, n, bytesOf(out))
		require.Equal(t, c.want, out, c.name)
	}
}
