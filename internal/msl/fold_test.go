package msl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the compiler computes of constants is what a thread would, limits in the
// wrong order and the ends of every type among them.
func TestConstantsFoldAsTheyRun(t *testing.T) {
	exprs := []string{
		"min(%[1]s, %[2]s)", "max(%[1]s, %[2]s)", "clamp(%[1]s, %[2]s, %[3]s)", "select(%[1]s, %[2]s, %[3]s > %[1]s)",
		"popcount(%[1]s)", "clz(%[1]s)", "ctz(%[1]s)", "abs(%[1]s)", "-%[1]s", "~%[1]s", "!%[1]s",
		"%[1]s + %[2]s", "%[1]s - %[2]s", "%[1]s * %[2]s", "%[1]s & %[2]s", "%[1]s ^ %[3]s", "%[1]s << (%[2]s & 7)", "%[1]s >> (%[3]s & 7)",
		"%[1]s < %[2]s", "%[1]s >= %[3]s", "%[1]s == %[2]s ? %[3]s : %[1]s", "%[1]s / (%[2]s | 1)", "%[1]s %% (%[2]s | 1)",
		"half(%[1]s)", "float(%[1]s)", "char(%[1]s)", "ushort(%[1]s)", "long(%[1]s)", "bool(%[1]s)",
	}
	for _, s := range allInts {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			var in []byte
			n := 0
			fmt.Fprintf(&text, "kernel void k(device const %s *in, device ulong2 *o) {\n", s.name)
			for i, a := range s.values {
				b, c := s.values[(i*5+3)%len(s.values)], s.values[(i*7+1)%len(s.values)]
				lit := func(w uint64) string { return fmt.Sprintf("%s(0x%xul)", s.name, s.mask(w)) }
				for _, w := range []uint64{a, b, c} {
					for k := range s.size {
						in = append(in, byte(w>>(8*k)))
					}
				}
				for _, e := range exprs {
					folded := fmt.Sprintf(e+"%[4]s", lit(a), lit(b), lit(c), "")
					run := fmt.Sprintf(e+"%[4]s", fmt.Sprintf("in[%d]", 3*i), fmt.Sprintf("in[%d]", 3*i+1), fmt.Sprintf("in[%d]", 3*i+2), "")
					fmt.Fprintf(&text, "o[%d] = ulong2(bits(%s), bits(%s)); // %s\n", n, folded, run, folded)
					n++
				}
			}
			text.WriteString("}\n")
			out := make([]uint64, 2*n)
			runThreads(t, "template <typename T> static ulong bits(T x) { return ulong(long(x)); }\n"+
				"static ulong bits(float x) { return as_type<uint>(x); }\nstatic ulong bits(half x) { return as_type<ushort>(x); }\n"+
				text.String(), 1, in, bytesOf(out))
			lines := strings.Split(text.String(), "\n")[1:]
			for i := range n {
				require.Equal(t, out[2*i+1], out[2*i], lines[i])
			}
		})
	}
}
