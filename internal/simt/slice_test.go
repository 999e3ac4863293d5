package simt

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSlice follows the rate of work through measurements.
func TestSlice(t *testing.T) {
	m := &machine{fuel: fuelTank}
	s := &m.native.slice
	require.EqualValues(t, 1001, s.price(4000), "what has not been measured is cheap")
	now := time.Unix(0, 0)
	ran := func(units int64, took time.Duration) {
		s.done, s.begun = units, now
		now = now.Add(took)
		m.look(now)
		require.Equal(t, now, s.begun)
		require.Zero(t, s.done)
	}
	ran(100_000, 100*time.Microsecond)
	require.Equal(t, 1., s.rate)
	require.EqualValues(t, fuelTank-(100_000-25_001), m.fuel, "the machine pays for what had been too cheap")
	require.EqualValues(t, 4001, s.price(4000))
	ran(1000, time.Millisecond)
	require.Equal(t, leastRate, s.rate)
	for want := 2 * leastRate; want <= usualRate; want *= 2 {
		ran(1_000_000, time.Microsecond)
		require.Equal(t, want, s.rate)
	}
	ran(1_000_000, 0)
	require.Equal(t, usualRate, s.rate)
}
