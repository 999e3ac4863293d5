package printf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func bits(x float32) uint64 { return uint64(math.Float32bits(x)) }

func format(t *testing.T, f string, args ...uint64) string {
	t.Helper()
	pieces, errs := Parse(f)
	require.Empty(t, errs, f)
	return string(Append(nil, pieces, args, []string{"zero", "one"}))
}

func TestAppend(t *testing.T) {
	minus := func(x int64) uint64 { return uint64(x) }
	for _, c := range []struct {
		format string
		args   []uint64
		want   string
	}{
		{"", nil, ""},
		{"100%%", nil, "100%"},
		{"%d %i", []uint64{1, minus(-2)}, "1 -2"},
		{"%u", []uint64{minus(-1)}, "4294967295"},
		{"%lu", []uint64{minus(-1)}, "18446744073709551615"},
		{"%hhd|%hhu|%hd", []uint64{0x1ff, 0x1ff, 0x18000}, "-1|255|-32768"},
		{"%c%c", []uint64{'o', 'k'}, "ok"},
		{"%5s|%-5s|%.2s", []uint64{0, 1, 0}, " zero|one  |ze"},
		{"%p", []uint64{0xdeadbeef00}, "0xdeadbeef00"},
		{"%v4f", []uint64{bits(1), bits(2), bits(-0.5), bits(8)}, "1.000000,2.000000,-0.500000,8.000000"},
		{"<%v2hlx>", []uint64{10, 11}, "<a,b>"},
		{"%v3hhd", []uint64{1, 0xff, 3}, "1,-1,3"},
		{"%.1v2e", []uint64{bits(1), bits(1)}, "1.0e+00,1.0e+00"},
		{"%*d|%-*d|%.*f", []uint64{4, 7, 4, 7, 1, bits(2.25)}, "   7|7   |2.2"},
		{"%*d", []uint64{minus(-4), 7}, "7   "},
		{"%a %A", []uint64{bits(1.5), bits(-0.1)}, "0x1.8p+0 -0X1.99999AP-4"},
		{"%f %F %5.1f %e", []uint64{bits(float32(math.Inf(1))), bits(float32(math.Inf(-1))), bits(float32(math.NaN())), 0}, "inf -INF   nan 0.000000e+00"},
		{"%d %d", []uint64{1}, "1 0"},
	} {
		require.Equal(t, c.want, format(t, c.format, c.args...), c.format)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ format, want string }{
		{"%", "incomplete format specifier"},
		{"a %5.", "incomplete format specifier"},
		{"%ll", "incomplete format specifier"},
		{"%y", "invalid conversion specifier 'y'"},
		{"%n", "invalid conversion specifier 'n'"},
		{"%é", "invalid conversion specifier 'é'"},
		{"%v5f", "invalid conversion specifier 'v'"},
		{"%99999d", "invalid conversion specifier 'd'"},
		{"%99999999999999999999d", "invalid conversion specifier 'd'"},
	} {
		_, errs := Parse(c.format)
		require.Len(t, errs, 1, c.format)
		require.EqualError(t, errs[0], c.want)
	}
}

// TestC compares with the printf of a C compiler's library.
func TestC(t *testing.T) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler")
	}
	r := rand.New(rand.NewPCG(1, 2))
	floats := []float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.1, 9.9995, 99999.95, 123456, 1234567, 1e-4, 1.5e-5, 3.4e38, 1e-45, 0.5, 2.5, 1e10, float32(math.Inf(1))}
	ints := []int64{0, 1, -1, 7, 8, 255, 256, 1 << 31, 1<<31 - 1, -1 << 31, 1<<63 - 1, -1 << 63}
	var formats []string
	var args []uint64
	var program strings.Builder
	program.WriteString("#include <stdio.h>\nint main(void) {\n")
	for range 3000 {
		var f strings.Builder
		f.WriteByte('%')
		for _, b := range "-+ #0" {
			if r.IntN(4) == 0 {
				f.WriteRune(b)
			}
		}
		if r.IntN(2) == 0 {
			fmt.Fprint(&f, 1+r.IntN(20))
		}
		float := r.IntN(2) == 0
		verb := "diouxX"[r.IntN(6)]
		if float {
			verb = "fFeEgGaA"[r.IntN(8)]
		}
		// C libraries differ in how they round the digits of %a.
		if r.IntN(2) == 0 && verb|0x20 != 'a' {
			fmt.Fprintf(&f, ".%d", r.IntN(15))
		}
		if float {
			x := floats[r.IntN(len(floats))]
			f.WriteByte(verb)
			args = append(args, bits(x))
			if math.IsInf(float64(x), 0) {
				fmt.Fprintf(&program, "printf(\"[%s]\\n\", __builtin_inf());\n", &f)
			} else {
				fmt.Fprintf(&program, "printf(\"[%s]\\n\", (double)%xf);\n", &f, x)
			}
		} else {
			x := ints[r.IntN(len(ints))]
			length := []string{"", "hh", "h", "l", "ll", "z"}[r.IntN(6)]
			fmt.Fprintf(&f, "%s%c", length, verb)
			args = append(args, uint64(x))
			kind := "int"
			if length == "l" || length == "ll" || length == "z" {
				kind = "long long"
			}
			fmt.Fprintf(&program, "printf(\"[%s]\\n\", (%s)%#xULL);\n", &f, kind, uint64(x))
		}
		formats = append(formats, f.String())
	}
	program.WriteString("}\n")
	dir := t.TempDir()
	src, exe := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	require.NoError(t, os.WriteFile(src, []byte(program.String()), 0o600))
	if out, err := exec.Command(cc, "-w", "-o", exe, src).CombinedOutput(); err != nil {
		t.Skipf("the C compiler does not work: %v\n%s", err, out)
	}
	out, err := exec.Command(exe).Output()
	require.NoError(t, err)
	for i, line := range strings.Split(strings.TrimRight(string(out), "\n"), "\n") {
		require.Equal(t, line, "["+format(t, formats[i], args[i])+"]", "%q of %#x", formats[i], args[i])
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"%d", "%-5.3hhd %v4hlf%%", "%*.*s", "%", "%v3", "é%é", "%hhlld"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		pieces, errs := Parse(s)
		end := 0
		for _, p := range pieces {
			if p.Verb != 0 {
				require.LessOrEqual(t, end, p.Start)
				require.Less(t, p.Start, p.End)
				require.LessOrEqual(t, p.End, len(s))
				end = p.End
			}
		}
		for _, e := range errs {
			require.Equal(t, byte('%'), s[e.Start])
			require.NotEmpty(t, e.Error())
		}
		Append(nil, pieces, []uint64{1, 2, 3}, nil)
	})
}
