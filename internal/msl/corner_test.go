package msl

import "testing"

// corners are small things that the specification has and programs seldom use.
var corners = []snippet{
	{"variable templates by recursion", `template <int N> constant constexpr int fact = N * fact<N - 1>; template <> constant constexpr int fact<0> = 1; template <int A, int B> constant constexpr int gcd = gcd<B, A % B>; template <int A> constant constexpr int gcd<A, 0> = A;`,
		`out[0] = fact<6>; out[1] = gcd<48, 36>;`, []int32{720, 12}},
	{"simd_vote", ``, `simd_vote none(0), some(5ul), all = simd_vote(~0ul); constexpr simd_vote c(1);
out[0] = none.any(); out[1] = some.any(); out[2] = some.all(); out[3] = all.all(); out[4] = c.any(); out[5] = int((simd_vote::vote_t)some);`, []int32{0, 1, 0, 1, 1, 5}},
	{"quad_vote keeps four bits", ``, `quad_vote all(0xff), none(0x10);
out[0] = all.all(); out[1] = none.any(); out[2] = int((quad_vote::vote_t)all); out[3] = sizeof(quad_vote::vote_t);`, []int32{1, 0, 15, 4}},
	{"quads of 64 bits", ``, `long x = -(1l << 40); out[0] = int(quad_sum(x) >> 40); out[1] = int(quad_max(ulong(x)) >> 60); out[2] = quad_broadcast(long2(7, x), 0).x;`, []int32{-1, 15, 7}},
	{"relations of bfloat", ``, `bfloat4 b = bfloat4(1.0bf, NAN, -INFINITY, as_type<bfloat>(ushort(tid + 3)));
bool4 n = isnan(b), i = isinf(b), f = isfinite(b), m = isnormal(b), s = signbit(b);
for (int k = 0; k < 4; k++) out[k] = n[k] + i[k] * 2 + f[k] * 4 + m[k] * 8 + s[k] * 16;
out[4] = isordered(b, b).y + isunordered(b.x, b.y) * 2;`, []int32{12, 1, 18, 4, 2}},
	{"constants of bfloat", ``, `out[0] = as_type<ushort>(M_PI_BF); out[1] = as_type<ushort>(M_SQRT1_2_BF); out[2] = as_type<ushort>(MAXBFLOAT); out[3] = as_type<ushort>(HUGE_VALBF);`,
		[]int32{0x4049, 0x3f35, 0x7f7f, 0x7f80}},
	{"constexpr pointers to tables", `constant int t[2][3] = {{1, 2, 3}, {4, 5, 6}}; constant int x = 9;`,
		`constexpr constant int *row = t[1], *last = &t[1][2], *next = t[0] + 1, *one = &x, *none = nullptr;
out[0] = row[tid + 1]; out[1] = *last; out[2] = next[tid]; out[3] = *one; out[4] = none == nullptr;`, []int32{5, 6, 2, 9, 1}},
	{"array::data", `struct S { array<int, 3> a; }; int sum(thread const int *p, ulong n) { int s = 0; for (ulong i = 0; i < n; i++) s += p[i]; return s; }`,
		`array<int, 4> a = {1, 2, 3, 4}; a.data()[2] = 10; out[0] = sum(a.data(), a.size()); const array<int, 2> c = {{5, 6}}; out[1] = *(c.data() + 1);
device S &s = *(device S *)(out + 2); s.a = array<int, 3>{7, 8, 9}; device int *p = s.a.data(); p[1] += 1;`, []int32{17, 6, 7, 9, 9}},
}

func TestCorners(t *testing.T) {
	for _, s := range corners {
		t.Run(s.name, s.run)
	}
}
