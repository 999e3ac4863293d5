package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// each runs a kernel over n threads with `int f(int i)` as body of the result.
func mapInts(t *testing.T, n int, text string) []int32 {
	t.Helper()
	out := make([]int32, n)
	runThreads(t, text+`
kernel void k(device int *o, uint i [[thread_position_in_grid]]) { o[i] = f(int(i)); }`, n, bytesOf(out))
	return out
}

func checkMap(t *testing.T, n int, text string, want func(i int32) int32) {
	t.Helper()
	for i, got := range mapInts(t, n, text) {
		require.Equal(t, want(int32(i)), got, "f(%d)", i)
	}
}

func TestLoops(t *testing.T) {
	t.Run("collatz", func(t *testing.T) {
		checkMap(t, 100, `
static int f(int n) {
	int i = 0;
	while (n > 1) {
		if (n % 2 == 0) n /= 2; else n = 3 * n + 1;
		i++;
	}
	return i;
}`, func(n int32) int32 {
			i := int32(0)
			for ; n > 1; i++ {
				if n%2 == 0 {
					n /= 2
				} else {
					n = 3*n + 1
				}
			}
			return i
		})
	})
	t.Run("do while with continue", func(t *testing.T) {
		// continue goes to the test.
		checkMap(t, 40, `
static int f(int n) {
	int i = 0, s = 0;
	do {
		i++;
		if (i % 3 == 0) continue;
		if (s > 50) break;
		s += i;
	} while (i < n);
	return s * 100 + i;
}`, func(n int32) int32 {
			i, s := int32(0), int32(0)
			for {
				i++
				if i%3 != 0 {
					if s > 50 {
						break
					}
					s += i
				}
				if i >= n {
					break
				}
			}
			return s*100 + i
		})
	})
	t.Run("for with continue and break", func(t *testing.T) {
		checkMap(t, 40, `
static int f(int n) {
	int s = 0;
	for (int i = 0; i < 20; i++) {
		if (i == n) continue;
		for (int j = 0; ; j++) {
			if (j > i) break;
			if ((i + j) & 1) continue;
			s += i * j;
			if (s > 1000 + n) return -s;
		}
	}
	return s;
}`, func(n int32) int32 {
			s := int32(0)
			for i := int32(0); i < 20; i++ {
				if i == n {
					continue
				}
				for j := int32(0); j <= i; j++ {
					if (i+j)&1 != 0 {
						continue
					}
					s += i * j
					if s > 1000+n {
						return -s
					}
				}
			}
			return s
		})
	})
	t.Run("early returns in helpers", func(t *testing.T) {
		checkMap(t, 64, `
static int find(int x, int k) {
	for (int i = 2; i < 50; i++) {
		if (x % i == 0) { if (i > k) return i; }
		if (i > x) return -1;
	}
	return 99;
}
static int g(int x) { if (x < 5) return 1; else if (x < 10) return 2; return find(x, 3) + find(x + 1, 4); }
static int f(int i) { int a = g(i); return a * 1000 + g(i + 3); }`, func(i int32) int32 {
			find := func(x, k int32) int32 {
				for i := int32(2); i < 50; i++ {
					if x%i == 0 && i > k {
						return i
					}
					if i > x {
						return -1
					}
				}
				return 99
			}
			g := func(x int32) int32 {
				if x < 5 {
					return 1
				} else if x < 10 {
					return 2
				}
				return find(x, 3) + find(x+1, 4)
			}
			return g(i)*1000 + g(i+3)
		})
	})
	t.Run("declaration in the condition", func(t *testing.T) {
		checkMap(t, 20, `
static int f(int n) {
	int s = 0;
	while (int d = n - s) { if (d < 0) return s; s += d / 2 + 1; if (s > 15) break; }
	if (int m = s & 3) return m; else return s + m + 100;
}`, func(n int32) int32 {
			s := int32(0)
			for n-s != 0 {
				d := n - s
				if d < 0 {
					return s
				}
				s += d/2 + 1
				if s > 15 {
					break
				}
			}
			if m := s & 3; m != 0 {
				return m
			}
			return s + 100
		})
	})
}

func TestSwitches(t *testing.T) {
	t.Run("fallthrough, default in the middle", func(t *testing.T) {
		checkMap(t, 12, `
static int f(int i) {
	int r = 0;
	switch (i) {
	case 1: r += 1;
	case 2: r += 10; break;
	default: r += 100;
	case 7: r += 1000;
	case 8: if (i == 8) break; r += 5; break;
	case 3: case 4: return -i;
	}
	return r;
}`, func(i int32) int32 {
			r := int32(0)
			switch i {
			case 1:
				r++
				fallthrough
			case 2:
				r += 10
			case 7:
				r += 1005
			case 8:
			case 3, 4:
				return -i
			default:
				r += 1105
			}
			return r
		})
	})
	t.Run("chain", func(t *testing.T) {
		checkMap(t, 10, `
static int f(int i) {
	switch (uchar(i)) { case 0: return 7; case 5: { i *= 2; break; } default: i = -i; break; case 9: i += 1; }
	return i;
}`, func(i int32) int32 {
			switch i {
			case 0:
				return 7
			case 5:
				return 10
			case 9:
				return 10
			}
			return -i
		})
	})
	t.Run("in a loop, with continue", func(t *testing.T) {
		checkMap(t, 10, `
static int f(int n) {
	int s = 0;
	for (int i = 0; i < 10; i++) {
		switch ((i + n) % 4) {
		case 0: continue;
		case 1: s += 1; break;
		case 2: { int q = s; s = q * 2; }
		case 3: for (int k = 0; k < 3; k++) { if (k == 2) break; s++; }
		}
		s += 100;
		if (s > 3000) break;
	}
	return s;
}`, func(n int32) int32 {
			s := int32(0)
			for i := int32(0); i < 10; i++ {
				switch (i + n) % 4 {
				case 0:
					continue
				case 1:
					s++
				case 2:
					s *= 2
					s += 2
				case 3:
					s += 2
				}
				s += 100
				if s > 3000 {
					break
				}
			}
			return s
		})
	})
	t.Run("no match, no default; variables passed by", func(t *testing.T) {
		checkMap(t, 5, `
enum class E { a = -1, b = 2, c };
static int f(int i) {
	int r = 5;
	switch (E(i)) { int t; case E::a: r = 1; break; case E::b: t = 3; r = t; break; case E::c: t = 8; r += t; }
	return r;
}`, func(i int32) int32 {
			switch i {
			case 2:
				return 3
			case 3:
				return 13
			}
			return 5
		})
	})
}

func TestShortCircuit(t *testing.T) {
	checkMap(t, 16, `
static bool bump(thread int &n, bool r) { n++; return r; }
static int f(int i) {
	int n = 0;
	bool a = i & 1, b = i & 2, c = i & 4;
	if (bump(n, a) && bump(n, b) || bump(n, c)) n += 100;
	int m = bump(n, a) ? (bump(n, b), 10) : bump(n, c) || bump(n, b) ? 20 : 30;
	return n * 1000 + m;
}`, func(i int32) int32 {
		n := int32(0)
		bump := func(r bool) bool { n++; return r }
		a, b, c := i&1 != 0, i&2 != 0, i&4 != 0
		if bump(a) && bump(b) || bump(c) {
			n += 100
		}
		var m int32
		if bump(a) {
			bump(b)
			m = 10
		} else if bump(c) || bump(b) {
			m = 20
		} else {
			m = 30
		}
		return n*1000 + m
	})
}

// The right side of && must not read past the end.
func TestGuardedLoads(t *testing.T) {
	in := []int32{1, 0, 3}
	out := make([]int32, 64)
	runThreads(t, `
kernel void k(device const int *a, device int *o, uint i [[thread_position_in_grid]]) {
	bool x = i < 3 && a[i] != 0;
	int y = i < 3 ? a[i] : -1;
	o[i] = int(x) * 100 + y;
}`, 64, bytesOf(in), bytesOf(out))
	require.Equal(t, []int32{101, 0, 103, -1, -1}, out[:5])
}

func TestIncrementsAndCommas(t *testing.T) {
	got := results[int32](t, 14, `
kernel void k(device int *o) {
	int i = 5;
	o[0] = i++ * 10; o[1] = i; o[2] = ++i * 10; o[3] = i-- - 1; o[4] = --i;
	int a = 1, b = 2;
	a = b = 7;
	o[5] = a + b;
	(a += 2) *= 3;
	o[6] = a;
	o[7] = (a = 4, b = a + 1, b * 2);
	for (int x = 0, y = 10; x < y; x++, y--) o[8] = x * 100 + y;
	o[9]++; o[9]++; --o[10];
	uchar c = 255; c++; o[11] = c;
	o[12] = -7 / 2; o[13] = -7 % 3;
}`)
	require.Equal(t, []int32{50, 6, 70, 6, 5, 14, 27, 10, 406, 2, -1, 0, -3, -1}, got)
}

func TestEndlessLoopIsCompiled(t *testing.T) {
	lib := compile(t, `kernel void k(device uint *o) { while (true) o[0]++; }`)
	code, diags := lib.Lower("k", Constants{})
	require.NotNil(t, code, diags.Render())
}
