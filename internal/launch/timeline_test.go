package launch

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A flight may land, and a wait end, just after the timeline that they began in.
func TestTimelineIsOver(t *testing.T) {
	var out bytes.Buffer
	require.NotNil(t, StartTimeline(&out, Stopped))
	line := active.Load()
	line.wait(time.Now())
	require.NoError(t, StopTimeline())
	text := out.String()
	require.Contains(t, text, `"name":"wait","ts"`)
	line.wait(time.Now())
	line.device("queue 1", "late", Outcome{End: time.Second})
	line.flush()
	line.mu.Lock()
	line.write()
	line.mu.Unlock()
	require.Equal(t, text, out.String())
}
