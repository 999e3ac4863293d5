package check

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLimits has programs that would take all memory, or all time.
func TestLimits(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"classes made of templates", `
template <int N, int M> struct G { static constexpr constant int v = G<N - 1, 2 * M>::v + G<N - 1, 2 * M + 1>::v; };
template <int M> struct G<0, M> { static constexpr constant int v = M; };
kernel void k(device int *o) { o[0] = G<25, 1>::v; }`,
			"more than 65536 instances of templates: the program is too large"},
		{"functions made of templates", `
template <int N, int M> int h() { if constexpr (N == 0) return M; else return h<N - 1, 2 * M>() + h<N - 1, 2 * M + 1>(); }
kernel void k(device int *o) { o[0] = h<25, 1>(); }`,
			"more than 65536 instances of templates: the program is too large"},
		{"elements of packs", `
template <int N, typename... T> struct D : D<N - 1, T..., T...> {};
template <typename... T> struct D<0, T...> { static constant constexpr int n = sizeof...(T); };
kernel void k(device int *o) { o[0] = D<28, int>::n; }`,
			"more than 262144 elements of expanded packs: the program is too large"},
		{"an instance within an instance", `
template <int N> struct F { static constexpr constant int v = F<N + 1>::v; };
kernel void k(device int *o) { o[0] = F<0>::v; }`,
			"recursive template instantiation exceeded maximum depth of 512"},
		{"an instance in a method of an instance", `
template <int N> struct S { static int f() { return S<N + 1>::f(); } };
kernel void k(device int *o) { o[0] = S<0>::f(); }`,
			"recursive template instantiation exceeded maximum depth of 512"},
		{"calls at compile time", `
constexpr int f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); }
kernel void k(device int *o) { constexpr int x = f(60); o[0] = x; }`,
			"constexpr variable 'x' must be initialized by a constant expression"},
		{"a loop at compile time", `
constexpr int f() { int s = 0; for (int i = 0; i >= 0; i++) s ^= i; return s; }
kernel void k(device int *o) { constexpr int x = f(); o[0] = x; }`,
			"constexpr variable 'x' must be initialized by a constant expression"},
		{"the size of a class", `
template <int N> struct A { A<N - 1> x, y; int n; };
template <> struct A<0> { int n; };
kernel void k(device int *o) { A<38> a = {}; o[0] = a.n; }`,
			"struct 'A<38>' is too large"},
		{"a default argument that needs itself", `
int f(int x = f()) { return x; }
kernel void k(device int *o) { o[0] = f(); }`,
			"nesting level exceeds the maximum of 4096"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, list := compile("using namespace metal;" + tt.src)
			require.NotEmpty(t, list)
			require.Equal(t, tt.want, list[0].Msg)
		})
	}
}
