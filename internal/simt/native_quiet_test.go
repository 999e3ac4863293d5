package simt_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// quietText takes the least and the greatest of what is loaded, which may be any NaN, of
// what is computed, which is none that signals, and of constants, in all orders.
const quietText = `kernel "quiet" {
	mem @0 "x" buffer device index 0 size 4 align 4
	mem @1 "y" buffer device index 1 size 4 align 4
	%x = mem @0
	%y = mem @1
	%four = const i64 0x4
	%far = const i64 0x1000
	%i = builtin thread_position_in_grid.x
	%w = zext i64 %i
	%o0 = mul i64 %w, %four
	%one = const f32 0x3f800000
	%nan = const f32 0x7fc00000
	%a = load f32 device %x[%o0 + 0]
	%o1 = add i64 %o0, %far
	%b = load f32 device %x[%o1 + 0]
	%s = fadd f32 %a, %b
	%r0 = OP f32 %a, %b
	%r1 = OP f32 %s, %b
	%r2 = OP f32 %a, %s
	%r3 = OP f32 %r1, %r2
	%r4 = OP f32 %one, %b
	%r5 = OP f32 %a, %nan
	%k = flt bool %a, %b
	%c = select f32 %k, %a, %r0
	%r6 = OP f32 %c, %s
	BARRIER
	%g = group.reduce f32 OP 32 %a
	%r7 = OP f32 %g, %b
	store f32 device %y[%o0 + 0], %r0
	%o2 = add i64 %o1, %far
	store f32 device %y[%o1 + 0], %r3
	store f32 device %y[%o2 + 0], %r4
	%o3 = add i64 %o2, %far
	store f32 device %y[%o3 + 0], %r5
	%o4 = add i64 %o3, %far
	store f32 device %y[%o4 + 0], %r6
	%o5 = add i64 %o4, %far
	store f32 device %y[%o5 + 0], %r7
	yield
}`

func TestNativeSignalling(t *testing.T) {
	odd := []uint32{0, 1 << 31, 0x3f800000, 0xbf800000, 0x7fc00001, 0xffc00001, 0x7f800001, 0xff800001, 0x7f800000, 0xff800000, 1, 0x80000001}
	r := rand.New(rand.NewPCG(3, 5))
	x := make([]uint32, 2048)
	for i := range x {
		x[i] = odd[r.IntN(len(odd))]
		if i/32%3 == 0 { // and SIMD groups of NaNs alone
			x[i] = odd[4+r.IntN(4)]
		}
	}
	for _, op := range []string{"fmin", "fmax"} {
		for _, barrier := range []string{"", "barrier threadgroup"} {
			text := strings.NewReplacer("OP", op, "BARRIER", barrier).Replace(quietText)
			sameOnEngines(t, func() []uint32 {
				y := make([]uint32, 6*1024)
				l := simt.Launch{Program: compile(t, text), Grid: size(1024, 1, 1), Group: size(256, 1, 1), Mems: []simt.Binding{bound(x), bound(y)}}
				if f := l.Run(); f != nil {
					t.Fatal(f)
				}
				for i, w := range y {
					if f := math.Float32frombits(w); f != f {
						y[i] = 0x7fc00000 // any
					}
				}
				return y
			}, "%s %s", op, barrier)
		}
	}
}
