package simt

import (
	"testing"
	"time"
)

// TestTrial has code that is faster than the interpreter, about as fast, and
// slower; and code that the interpreter was never timed against.
func TestTrial(t *testing.T) {
	for _, c := range []struct {
		interpreted []time.Duration
		native      []time.Duration // of two groups each
		kept        bool
	}{
		{[]time.Duration{900, 500, 700}, []time.Duration{800, 300}, true},
		{[]time.Duration{900, 500, 700}, []time.Duration{4000, 1200}, true},
		{[]time.Duration{900, 500, 700}, []time.Duration{4000, 1300}, false},
		{nil, []time.Duration{4000, 1300}, true},
	} {
		v := &variant{}
		v.state.Store(ready)
		v.trial.left.Store(int32(len(c.native)))
		for _, d := range c.interpreted {
			note(&v.trial.interpreted, d)
		}
		for i, d := range c.native {
			if v.state.Load() != ready {
				t.Errorf("%v: given up after %d runs of %d", c, i, len(c.native))
			}
			v.ran(2, d)
		}
		if kept := v.state.Load() == ready; kept != c.kept || kept != (v.why == nil) {
			t.Errorf("%v: kept %v (%v), want %v", c, kept, v.why, c.kept)
		}
	}
}
