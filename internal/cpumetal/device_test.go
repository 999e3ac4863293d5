package cpumetal

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTimeoutFromTheEnvironment(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": defaultTimeout, "250ms": 250 * time.Millisecond, "1m": time.Minute,
		"0s": defaultTimeout, "-1s": defaultTimeout, "soon": defaultTimeout,
	} {
		t.Setenv("ARUMINIUM_TIMEOUT", text)
		require.Equal(t, want, newDevice(1<<30).timeout, "%q", text)
	}
}

func TestLimits(t *testing.T) {
	for _, ram := range []uint64{0, 1 << 28, 3<<30 + 17, 1 << 63} {
		d := newDevice(ram)
		page := d.memory.page
		require.Positive(t, d.MaxBufferLength(), ram)
		require.Zero(t, d.MaxBufferLength()%page, ram)
		require.Zero(t, d.RecommendedMaxWorkingSetSize()%page, ram)
		require.Greater(t, d.RecommendedMaxWorkingSetSize(), d.MaxBufferLength(), ram)
		require.Less(t, d.RecommendedMaxWorkingSetSize(), uint64(1)<<63, ram)
	}
	require.Positive(t, physicalMemory())
}

func TestClock(t *testing.T) {
	last := now()
	require.Positive(t, last)
	for range 1000 {
		next := now()
		require.GreaterOrEqual(t, next, last)
		last = next
	}
}
