package cpumetal

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// TestLogBuffer has messages that do not fit between ones that do.
func TestLogBuffer(t *testing.T) {
	state, err := NewLogState(LogDebug, minLogBuffer)
	require.Nil(t, err)
	var got []LogEntry
	state.AddHandler(func(e LogEntry) { got = append(got, e) })
	b := &logBuffer{state: state}
	say := func(n int) { b.Log(&ir.Message{Format: strings.Repeat("x", n)}, nil) }
	for _, n := range []int{600, 600, 100, 2000, 100, 500, minLogBuffer - 600 - 2*100 - 4*entryOverhead, 0} {
		say(n)
	}
	b.giveOut()
	var lengths []int
	for _, e := range got[:len(got)-1] {
		lengths = append(lengths, len(e.Text))
	}
	require.Equal(t, []int{600, 100, 100, 96}, lengths)
	require.Equal(t, LogEntry{Level: LogError, Text: "4 messages of kernels were dropped: the log's buffer has 1024 bytes"}, got[len(got)-1])
	require.True(t, b.empty())
}
