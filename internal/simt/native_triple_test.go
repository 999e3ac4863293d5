package simt_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Threads that each turn three words, some of them.
const tripleTurn = `kernel "turn" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	%in = mem @0
	%out = mem @1
	%last = const i32 0x3e7
	%seven = const i32 0x7
	%zero = const i32 0x0
	%from = const i64 FROM
	%to = const i64 TO
	%id = builtin thread_position_in_grid.x
	%back = sub i32 %last, %id
	%wid = zext i64 %id
	%wback = zext i64 %back
	%a = mul i64 SOURCE, %from
	%b = mul i64 TARGET, %to
	%low = and i32 %id, %seven
	%cond = COND
	if %cond {
		%x = load TYPE device %in[%a + PLUS]
		%y = load TYPE device %in[%a + PLUS4]
		%z = load TYPE device %in[%a + PLUS8]
		store TYPE device %out[%b + 0], %z
		store TYPE device %out[%b + 4], %x
		store TYPE device %out[%b + 8], %y
		yield
	} else { yield }
	yield
}`

func TestNativeTriples(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var ends endings
	for i := range 40 {
		from, to := 4*(3+r.IntN(6)), 4*(3+r.IntN(6))
		if i%2 == 0 { // side by side
			from, to = 12, []int{12, 16}[r.IntN(2)]
		}
		plus := 4 * r.IntN(3) * r.IntN(2) // the last thread's may be outside
		text := strings.NewReplacer("TYPE", pick("f32", "i32"), "FROM", fmt.Sprint(from), "TO", fmt.Sprint(to), "SOURCE", pick("%wid", "%wid", "%wback"), "TARGET", pick("%wid", "%wid", "%wback"),
			"PLUS4", fmt.Sprint(plus+4), "PLUS8", fmt.Sprint(plus+8), "PLUS", fmt.Sprint(plus), "COND", pick("ule bool %zero, %id", "ult bool %zero, %low", "ult bool %low, %seven")).Replace(tripleTurn)
		in := make([]uint32, 1000*from/4)
		for i := range in {
			in[i] = r.Uint32() &^ (1 << 30) // no NaN
		}
		for _, group := range []uint32{50, 64, 250, 256} {
			sameOnEngines(t, func() []uint32 {
				out := make([]uint32, 1000*to/4)
				for i := range out {
					out[i] = uint32(i)
				}
				l := simt.Launch{Program: compile(t, text), Grid: size(1000/group*group, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound(in), bound(out)}, Workers: 1}
				if fault := ends.run(&l); fault != nil {
					return fault
				}
				return out
			}, "%d\n%s", group, text)
		}
	}
	ends.both(t)
}
