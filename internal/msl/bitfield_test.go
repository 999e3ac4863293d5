package msl

import "testing"

// TestBitFields has classes with bit-fields, laid out as clang does.
func TestBitFields(t *testing.T) {
	for _, s := range []snippet{
		{"read and written", `struct S { uint a : 3; int b : 5; uint c : 24; uint d : 1; };`,
			`S s = {5, -3, 0xABCDEF, 1}; out[0] = s.a; out[1] = s.b; out[2] = s.c; out[3] = s.d; s.a = 12; s.b = 17; s.c += 0x543211; out[4] = s.a; out[5] = s.b; out[6] = s.c; out[7] = sizeof(S); s.d++; out[8] = s.d; out[9] = s.c; S t = s; t.a = 1; out[10] = s.a * 10 + t.a;`,
			[]int32{5, -3, 0xABCDEF, 1, 4, -15, 0, 8, 0, 0, 41}},
		{"what assignments denote", `struct S { uint a : 3; int b : 4; bool f : 1; };`,
			`S s; s.a = 0; s.b = 0; out[0] = (s.a = 9); out[1] = (s.b = 8); out[2] = (s.a += 7); out[3] = ++s.a; out[4] = s.a++; out[5] = --s.a; s.f = true; out[6] = s.f; s.f = 0; out[7] = s.f; s.a = 7; out[8] = s.a - 8 < 0; out[9] = -s.a;`,
			[]int32{1, -8, 0, 1, 1, 1, 1, 0, 1, -7}},
		{"in memory", `struct S { char k; uint a : 4, b : 4; ushort c : 9; ulong d : 40; };`,
			`device S &s = *(device S *)(out + 4); s.k = 1; s.a = 2; s.b = 3; s.c = 0x1FF; s.d = 0x123456789AUL; out[0] = sizeof(S); out[1] = alignof(S); device uchar *p = (device uchar *)&s; out[2] = p[1]; out[3] = p[2] | p[3] << 8; out[8] = int(s.d >> 8);`,
			[]int32{16, 8, 0x32, 0x1FF, 0x01FF3201, 0, 0x3456789A, 0x12, 0x12345678}},
		{"that end what they share", `struct A { uint a : 4; uint : 0; uint b : 4; }; struct B { uint a : 4; uint : 6; uint b : 4; }; struct C { uchar a : 6; uchar b : 6; }; struct D { uint a : 30; uint b : 4; }; union U { uint a : 4; uint w; };`,
			`out[0] = sizeof(A); B b = {1, 2}; out[1] = as_type<int>(*(thread int *)&b); out[2] = sizeof(C); out[3] = sizeof(D); U u; u.w = 0xF5; out[4] = u.a; u.a = 9; out[5] = u.w; C c = {63, 21}; out[6] = c.a + c.b;`,
			[]int32{8, 1 | 2<<10, 2, 8, 5, 0xF9, 84}},
		{"constants, methods, initialisers", `
enum class mode : uchar { off, on, both }; struct S { uint a : 3 = 5; mode m : 2 = mode::both; constexpr S(uint x) : a(x) {} constexpr uint twice() const { return a * 2; } }; struct P { int x : 4, y : 4; };
constant P table[2] = {{1, -2}, {-8, 7}}; constexpr uint known() { S s(13); return s.twice(); } static_assert(known() == 10, "truncated");`,
			`S s(6); out[0] = s.twice(); out[1] = int(s.m); out[2] = table[tid].y; out[3] = table[tid + 1].x; auto [x, y] = table[1]; out[4] = y; P p{.y = 3}; out[5] = p.x + p.y; int v[known()]; out[6] = sizeof(v);`,
			[]int32{12, 2, -2, -8, 7, 3, 40}},
		{"in arrays and threadgroup memory", `struct S { ushort a : 5, b : 11; };`,
			`S v[4]; for (uint i = 0; i < 4; i++) { v[i].a = i * 9; v[i].b = i * 1000; } out[0] = v[tid + 3].a; out[1] = v[3].b; threadgroup S g[2]; g[1].a = 31; g[1].b = 2047; out[2] = as_type<ushort>(*(threadgroup ushort *)&g[1]); out[3] = v[2].a;`,
			[]int32{27, 3000 & 2047, 65535, 18}},
	} {
		t.Run(s.name, s.run)
	}
}
