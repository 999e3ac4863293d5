package launch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What belongs to another device is refused where it is bound, by the device's registry ID: the
// CPU device is alone, so no test of package gpu can have two.
func TestOfAnotherDevice(t *testing.T) {
	life := func() *Life { return NewLife(nil) }
	lim := &Limits{Device: 1, Group: Size{64, 64, 64}, ThreadgroupMemory: 1024}
	buf := &Buffer{Life: life(), Len: 64, Device: 2}
	for want, record := range map[string]func(p *Program, e *Encoder){
		"Bind: the pipeline belongs to another device": func(p *Program, e *Encoder) {
			e.Bind(&Kernel{Life: life(), Name: "k", Device: 2})
		},
		"BindBuffer at index 3: the buffer belongs to another device": func(p *Program, e *Encoder) {
			e.BindBuffer(buf, 0, 3)
		},
		"LaunchIndirect: the buffer belongs to another device": func(p *Program, e *Encoder) {
			e.LaunchIndirect(buf, 0, Size{1, 1, 1})
		},
		"the fence belongs to another device": func(p *Program, e *Encoder) {
			e.Fence(&Object{Life: life(), Device: 2}, true)
		},
		"the event belongs to another device": func(p *Program, e *Encoder) {
			p.Event("Signal", &Object{Life: life(), Device: 2}, 1, false)
		},
	} {
		p := &Program{lim: lim}
		record(p, &Encoder{prog: p})
		require.ErrorContains(t, p.Err(), want)
		require.Zero(t, p.list.Len(), "nothing is recorded")
		require.Empty(t, p.holds)
	}
	p := &Program{lim: lim, keep: true, binds: make([]slot, 1)}
	require.ErrorContains(t, p.SetBuffer(0, buf, 0), "the buffer belongs to another device")
}
