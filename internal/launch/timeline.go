package launch

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aruminium-go/aruminium/internal/profile"
)

// A Timeline writes what recordings, waits and the device do as trace events in the JSON array
// form that chrome://tracing and Perfetto open. The form needs no end, and is written by whole events, so
// what has been written is a file that opens, whenever the process stops.
type Timeline struct {
	mu    sync.Mutex
	w     io.Writer
	text  []byte // whole events that are not written yet
	end   Ending
	begun time.Time
	lanes map[string][]lane // by kind of span
	last  int               // the number of the last lane
	boot  time.Duration     // the device's clock when this timeline began, once known
	known bool
	due   bool // a write is
	over  bool // nothing more is written
	err   error
}

// A lane is a row of spans that do not overlap.
type lane struct {
	id   int
	free time.Duration
}

// active is the timeline that is being written, if there is one; it changes under switching.
var (
	active    atomic.Pointer[Timeline]
	switching sync.Mutex
)

// Ending is how a timeline comes to its end.
type Ending uint8

const (
	Stopped  Ending = iota // by Stop
	WithExit               // with the process, which may be over whenever a wait or a flight is: no event waits for more
)

// StartTimeline makes what happens from now on be written to w. It returns nil if a timeline is
// being written already.
func StartTimeline(w io.Writer, end Ending) *Timeline {
	switching.Lock()
	defer switching.Unlock()
	if active.Load() != nil {
		return nil
	}
	t := &Timeline{w: w, end: end, begun: time.Now(), lanes: map[string][]lane{}}
	t.print("[\n")
	t.print(`{"ph":"M","pid":1,"name":"process_name","args":{"name":"aruminium"}}`)
	active.Store(t)
	profile.SetWatch(func(kernel string, from, to time.Time) { t.host("kernels", kernel, from, to) })
	return t
}

// TimelineActive tells whether one is being written.
func TimelineActive() bool { return active.Load() != nil }

// StopTimeline ends the timeline and returns the first error of writing it.
func StopTimeline() error {
	t := active.Load()
	if t == nil {
		return nil
	}
	return t.Stop()
}

// Stop ends the timeline if it has not been, and returns the first error of writing it.
func (t *Timeline) Stop() error {
	switching.Lock()
	if active.Load() == t {
		profile.SetWatch(nil)
		active.Store(nil)
	}
	switching.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return t.err
	}
	t.over = true
	t.print("\n]\n")
	t.write()
	return t.err
}

func (t *Timeline) print(s string) { t.text = append(t.text, s...) }

// write writes what is not written yet, unless that has failed before.
func (t *Timeline) write() {
	if t.err == nil {
		_, t.err = t.w.Write(t.text)
	}
	t.text = t.text[:0]
}

// host writes a span by the clock of the program.
func (t *Timeline) host(kind, name string, from, to time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.span(kind, name, from.Sub(t.begun), to.Sub(t.begun), "")
}

// wait writes the span of a wait that ends now.
func (t *Timeline) wait(from time.Time) {
	t.host("wait", "wait", from, time.Now())
	if t.end == WithExit {
		t.flush()
	}
}

// device writes a span by the device's clock, of a flight that has just landed, and one for each of
// its encoders whose times are known. How the two clocks
// lie is taken from the landing that comes closest after its end.
func (t *Timeline) device(kind, name string, out Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if boot := out.End - time.Since(t.begun); !t.known || boot > t.boot {
		t.boot, t.known = boot, true
	}
	args := ""
	if out.Err != nil {
		text, _ := json.Marshal(out.Err.Error())
		args = `,"cname":"terrible","args":{"error":` + string(text) + `}`
	}
	t.span(kind, name, out.Start-t.boot, out.End-t.boot, args)
	for _, e := range out.Encoders {
		if e.End == 0 {
			continue
		}
		name := e.Name
		if name == "" {
			name = "copies"
		}
		t.span(kind+" encoders", name, e.Start-t.boot, e.End-t.boot, "")
	}
	if t.end == WithExit && !t.over {
		t.write()
	}
}

// span writes one complete event into the first lane of its kind that is free. Times are
// microseconds.
func (t *Timeline) span(kind, name string, from, to time.Duration, args string) {
	if t.over { // by who found it active just before
		return
	}
	from, to = max(from, 0), max(to, 0)
	lanes := t.lanes[kind]
	i := 0
	for i < len(lanes) && lanes[i].free > from {
		i++
	}
	if i == len(lanes) {
		t.last++
		lanes = append(lanes, lane{id: t.last})
		title := kind
		if i > 0 {
			title += " " + strconv.Itoa(i+1)
		}
		t.print(fmt.Sprintf(",\n"+`{"ph":"M","pid":1,"tid":%d,"name":"thread_name","args":{"name":%q}}`, t.last, title))
		t.print(fmt.Sprintf(",\n"+`{"ph":"M","pid":1,"tid":%d,"name":"thread_sort_index","args":{"sort_index":%d}}`, t.last, t.last))
	}
	lanes[i].free = to
	t.lanes[kind] = lanes
	text, _ := json.Marshal(name)
	t.print(fmt.Sprintf(",\n"+`{"ph":"X","pid":1,"tid":%d,"name":%s,"ts":%.3f,"dur":%.3f%s}`,
		lanes[i].id, text, float64(from)/1e3, float64(max(to-from, 0))/1e3, args))
	switch {
	case len(t.text) >= enough:
		t.write()
	case !t.due && t.end == Stopped:
		t.due = true
		time.AfterFunc(flushTime, t.flush)
	}
}

// A span may be in memory only for so long, and so many bytes of them.
const (
	flushTime = 200 * time.Millisecond
	enough    = 64 << 10
)

func (t *Timeline) flush() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = false
	if !t.over {
		t.write()
	}
}
