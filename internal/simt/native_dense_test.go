package simt_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Threads that copy narrow values, some of them, between places that are evenly spaced.
const denseCopy = `kernel "copy" {
	mem @0 "in" buffer device index 0 size 1 align 1
	mem @1 "out" buffer device index 1 size 1 align 1
	mem @2 "sum" buffer device index 2 size 4 align 4
	%in = mem @0
	%out = mem @1
	%sum = mem @2
	%four = const i64 0x4
	%last = const i32 0x3e7
	%seven = const i32 0x7
	%zero = const i32 0x0
	%from = const i64 FROM
	%to = const i64 TO
	%id = builtin thread_position_in_grid.x
	%back = sub i32 %last, %id
	%wid = zext i64 %id
	%at = mul i64 %wid, %four
	%wback = zext i64 %back
	%a = mul i64 SOURCE, %from
	%b = mul i64 TARGET, %to
	%low = and i32 %id, %seven
	%cond = COND
	if %cond {
		%x = load TYPE device %in[%a + PLUS]
		%y = load TYPE device %in[%a + 0]
		store TYPE device %out[%b + 0], %x
		store TYPE device %out[%b + MORE], %y
		store TYPE device %sum[%at + 0], %y
		yield
	} else { yield }
	yield
}`

func TestNativeDense(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var ends endings
	for range 80 {
		typ := pick("i8", "i8", "i16", "f16", "bf16", "bool", "i32", "i32")
		unit := map[string]int{"i8": 1, "bool": 1, "i32": 4}[typ]
		if unit == 0 {
			unit = 2
		}
		most := 9
		if unit == 4 {
			most = 20 // loads may be further apart
		}
		from, to := 1+r.IntN(most), 1+r.IntN(most)
		from, to = max(unit, from-from%unit), max(unit, to-to%unit)
		least := max(from, to)
		text := strings.NewReplacer("TYPE", typ, "FROM", fmt.Sprint(from), "TO", fmt.Sprint(to), "SOURCE", pick("%wid", "%wback"), "TARGET", pick("%wid", "%wid", "%wback"),
			"PLUS", fmt.Sprint(unit*r.IntN(8/unit)), "MORE", fmt.Sprint(unit*r.IntN(to/unit)), "COND", pick("ule bool %zero, %id", "ult bool %zero, %low", "ult bool %low, %seven")).Replace(denseCopy)
		in := make([]uint8, 1000*least+r.IntN(8))
		for i := range in {
			switch in[i] = uint8(r.Uint32()); typ {
			case "bool":
				in[i] &= 1
			case "f16", "bf16": // no NaN
				in[i] &= 0xbf
			}
		}
		for _, group := range []uint32{64, 50, 250, 256} {
			sameOnEngines(t, func() []uint32 {
				out, sum := make([]uint8, len(in)), make([]uint8, 4000)
				l := simt.Launch{Program: compile(t, text), Grid: size(1000/group*group, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound(in), bound(out), bound(sum)}, Workers: 1}
				if fault := ends.run(&l); fault != nil {
					return fault
				}
				words := make([]uint32, 0, len(out)+len(sum))
				for _, b := range append(out, sum...) {
					words = append(words, uint32(b))
				}
				return words
			}, "%d\n%s", group, text)
		}
	}
	ends.both(t)
}
