package msl

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/printf"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// logged keeps what kernels say.
type logged struct {
	mu    sync.Mutex
	lines []string
}

func (s *logged) Log(m *ir.Message, args []uint64) {
	pieces, _ := printf.Parse(m.Format)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, strings.Join([]string{m.Level.String(), m.Subsystem, m.Category, string(printf.Append(nil, pieces, args, m.Strings))}, "|"))
}

// logOf returns what one thread of a kernel with this body says.
func logOf(t *testing.T, head, body string) []string {
	t.Helper()
	lib := compileWith(t, "#include <metal_logging>\n"+head+"\nkernel void k(device int *p, uint i [[thread_position_in_grid]]) {\n"+body+"\n}", Options{Logging: true})
	code, diags := lib.Lower("k", Constants{})
	require.NotNil(t, code, "%s", diags.Render())
	back, err := ir.Parse(code.Func.String())
	require.NoError(t, err)
	require.Equal(t, code.Func.String(), back.String())
	p, err := simt.Compile(code.Func)
	require.NoError(t, err)
	var log logged
	one := simt.Size{X: 1, Y: 1, Z: 1}
	var mem [16]int32
	b := simt.Binding{Ptr: ptrTo(mem[:]), Len: 64, Addr: 0x1000}
	require.Nil(t, (&simt.Launch{Program: p, Grid: one, Group: one, Mems: []simt.Binding{b}, Log: &log}).Run())
	return log.lines
}

func TestLog(t *testing.T) {
	for _, c := range []struct{ head, body, want string }{
		{"", `os_log_default.log("hello");`, "notice|||hello"},
		{"", `os_log_default.log_debug("%d", int(i) - 1);`, "debug|||-1"},
		{"", `os_log_default.log_info("%u %x %o", i + 10, 255, 8);`, "info|||10 ff 10"},
		{"", `os_log_default.log_error("%f %.2f %g", 1.5f, 2.0h, 3.0f);`, "error|||1.500000 2.00 3"},
		{"", `os_log_default.log_fault("%ld %lu %llx", -1L, 1UL << 40, 0xffUL);`, "fault|||-1 1099511627776 ff"},
		{"constant os_log mine(\"sub\", \"cat\");", `mine.log_info("x");`, "info|sub|cat|x"},
		{"constexpr constant os_log mine(\"sub\" \"sys\", \"cat\");", `mine.log("x"); `, "notice|subsys|cat|x"},
		{"", `os_log mine("a", "b"); mine.log("x");`, "notice|a|b|x"},
		{"void say(os_log l, int n) { l.log(\"%d\", n); }", `say(os_log("a", "b"), 7);`, "notice|a|b|7"},
		{"template <typename T> void say(T x) { os_log_default.log(\"%d\", x); }", `say(short(-3)); say('c'); say(true);`, "notice|||-3 notice|||99 notice|||1"},
		{"", `os_log_default.log("%v4f", float4(1, 2, 3, 4));`, "notice|||1.000000,2.000000,3.000000,4.000000"},
		{"", `os_log_default.log("%v2hlf", float2(1, 2));`, "notice|||1.000000,2.000000"},
		{"", `os_log_default.log("%v3hx %v2hhd", ushort3(10, 11, 12), char2(-1, 5));`, "notice|||a,b,c -1,5"},
		{"", `os_log_default.log("%v2hf", half2(1, 2));`, "notice|||1.000000,2.000000"},
		{"", `os_log_default.log("%s %s", "one", i == 0 ? "zero" : "more");`, "notice|||one zero"},
		{"", `os_log_default.log("%p", p);`, "notice|||0x1000"},
		{"", `os_log_default.log("%c%c %5d|%-5d|%05d|%+d", 'o', 'k', 1, 2, 3, 4);`, "notice|||ok     1|2    |00003|+4"},
		{"", `os_log_default.log("%*d %.*f", 4, 7, 1, 2.25f);`, "notice|||   7 2.2"},
		{"", `os_log_default.log("100%% of " "two");`, "notice|||100% of two"},
		{"", `os_log_default.log("%d %d", 1);`, "notice|||1 0"},
		{"", `os_log_default.log("%d", 1.0f); os_log_default.log("%f", 1);`, "notice|||1065353216 notice|||0.000000"},
		{"", `for (int j = 0; j < 3; j++) if (j != 1) os_log_default.log("%d", j);`, "notice|||0 notice|||2"},
		{"enum class E : ushort { a = 3 };", `os_log_default.log("%u", E::a);`, "notice|||3"},
		{"", `int n = 1; os_log_default.log("%d", n++); os_log_default.log("%d", n);`, "notice|||1 notice|||2"},
		{"#define LOG(fmt, ...) os_log_default.log_info(fmt, ##__VA_ARGS__)", `LOG("a"); LOG("b %d", 2);`, "info|||a info|||b 2"},
	} {
		require.Equal(t, c.want, strings.Join(logOf(t, c.head, c.body), " "), "%s %s", c.head, c.body)
	}
}

// TestLogOff is of a program compiled without logging: arguments are evaluated,
// nothing is said.
func TestLogOff(t *testing.T) {
	lib := compile(t, `kernel void k(device int *p) { int n = 1; os_log_default.log("%d %s", n++, "x"); *p = n; }`)
	code, _ := lib.Lower("k", Constants{})
	require.NotNil(t, code)
	require.NotContains(t, code.Func.String(), "printf")
	require.Contains(t, code.Func.String(), "0x2")
}
