package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestNativeCarry copies every half and expects its bits, those of signalling NaNs too.
func TestNativeCarry(t *testing.T) {
	const text = `kernel "copy" {
	mem @0 "in" buffer device index 0 size 2 align 2
	mem @1 "out" buffer device index 1 size 2 align 2
	%in = mem @0
	%out = mem @1
	%two = const i64 0x2
	%id = builtin thread_position_in_grid.x
	%wid = zext i64 %id
	%at = mul i64 %wid, %two
	%x = load f16 device %in[%at + 0]
	store f16 device %out[%at + 0], %x
	yield
}`
	in := make([]uint16, 1<<16)
	for i := range in {
		in[i] = uint16(i)
	}
	for _, isa := range isas(t) {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			f := parse(t, text)
			opt.Run(f)
			p, err := simt.Compile(f)
			require.NoError(t, err)
			out := make([]uint16, len(in))
			l := simt.Launch{Program: p, Grid: size(uint32(len(in)), 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound(in), bound(out)}, Workers: 1}
			require.Nil(t, l.Run())
			compiled(t, p)
			require.Equal(t, in, out)
		})
	}
}
