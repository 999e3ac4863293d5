package simt_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Threads that take four words, some of them, from where an index tells.
const quadPick = `kernel "pick" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "index" buffer device index 1 size 4 align 4
	mem @2 "out" buffer device index 2 size 4 align 4
	%in = mem @0
	%index = mem @1
	%out = mem @2
	%seven = const i32 0x7
	%zero = const i32 0x0
	%one = const i32 0x1
	%four = const i64 0x4
	%apart = const i64 APART
	%id = builtin thread_position_in_grid.x
	%wid = zext i64 %id
	%at = mul i64 %wid, %four
	%i = load i32 device %index[%at + 0]
	%wi = EXT i64 %i
	%far = mul i64 %wi, %apart
	%low = and i32 %id, %seven
	%cond = COND
	if %cond {
		%x = load f32 device %in[%far + 4]
		%y = load f32 device %in[%far + 8]
		%z = load f32 device %in[%far + 12]
		%w = load f32 device %in[%far + 16]
		%a = fsub f32 %x, %y
		%b = fsub f32 %z, %w
		%c = fmul f32 %a, %b
		%d = fadd f32 %c, %z
		store f32 device %out[%at + 0], %d
		yield
	} else { yield }
	yield
}`

func TestNativeQuads(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var ends endings
	const threads, places = 500, 300
	for i := range 40 {
		apart := []int{4, 8, 16, 16, 16, 20, 64}[r.IntN(7)]
		text := strings.NewReplacer("APART", fmt.Sprint(apart), "EXT", pick("zext", "sext"),
			"COND", pick("ule bool %zero, %id", "ult bool %zero, %low", "ult bool %i, %seven", "eq bool %low, %one")).Replace(quadPick)
		in := make([]float32, places*apart/4+4)
		for i := range in {
			in[i] = r.Float32()
		}
		index := make([]uint32, threads)
		for k := range index {
			switch i % 4 {
			case 0: // side by side
				index[k] = uint32(k % places)
			case 1:
				index[k] = uint32(k / 100)
			default:
				index[k] = uint32(r.IntN(places))
			}
		}
		if i%5 == 0 {
			index[r.IntN(threads)] = []uint32{places + 1, 1 << 30, ^uint32(0)}[r.IntN(3)]
		}
		for _, group := range []uint32{64, 100, 250} {
			sameOnEngines(t, func() []uint32 {
				out := make([]uint32, threads)
				l := simt.Launch{Program: compile(t, text), Grid: size(threads, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound(in), bound(index), bound(out)}, Workers: 1}
				if fault := ends.run(&l); fault != nil {
					return fault
				}
				return out
			}, "%d\n%s", group, text)
		}
	}
	ends.both(t)
}
