package cpumetal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// adder adds a byte at index 1 to the first byte of a buffer at index 0.
func adder(d *Device) *Pipeline {
	mems := []ir.Mem{oneBuffer[0], {Name: "v", Kind: ir.MemBuffer, Index: 1, Size: 1, Align: 1}}
	return testPipeline(d, "adder", mems, func(l *simt.Launch) *simt.Fault {
		bytesAt(l.Mems[0])[0] += bytesAt(l.Mems[1])[0]
		return nil
	})
}

func TestChangesOfATemplate(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	p := adder(d)
	a, b := d.NewBuffer(64, 0), d.NewBuffer(32, 0)
	template := q.Template(true, 0)
	e := template.ComputeEncoder(false)
	e.SetPipeline(p)
	e.SetBuffer(a, 0, 0)              // site 0
	e.SetBytes([]byte{1, 0, 0, 0}, 1) // site 1
	e.DispatchThreads(one, one)       // a[0] += 1
	e.SetBytes([]byte{10, 20, 30}, 1) // site 2
	e.DispatchThreads(one, one)       // a[0] += 10
	e.SetBuffer(a, 8, 0)              // site 3
	e.SetBytes([]byte{100}, 5)        // site 4, of no dispatch
	e.DispatchThreads(one, one)       // a[8] += 10
	require.False(t, template.ChangeBytes(1, []byte{2, 0, 0, 0}), "not frozen")
	e.End()
	e.Recycle()
	template.Freeze()
	run := func() {
		cb := q.Replay(template)
		cb.CommitAndWait(Handler{})
		require.Nil(t, cb.Err())
		cb.Recycle()
	}
	run()
	require.Equal(t, [2]byte{11, 10}, [2]byte{a.mem[0], a.mem[8]})

	require.True(t, template.ChangeBytes(2, []byte{5, 0, 0}))
	run()
	require.Equal(t, [2]byte{17, 15}, [2]byte{a.mem[0], a.mem[8]})

	// What is in flight keeps what it had; what comes later has it all.
	before := q.Replay(template)
	require.True(t, template.ChangeBuffer(0, b, 4))
	require.True(t, template.ChangeBytes(4, []byte{1}))
	require.EqualValues(t, 2, b.refs.Load())
	run()
	require.Equal(t, [3]byte{17, 20, 6}, [3]byte{a.mem[0], a.mem[8], b.mem[4]})
	before.CommitAndWait(Handler{})
	before.Recycle()
	require.Equal(t, [3]byte{23, 25, 6}, [3]byte{a.mem[0], a.mem[8], b.mem[4]})
	require.Len(t, template.changes.spare, 1, "the set of the earlier replay may be used again")
	run()
	require.EqualValues(t, 12, b.mem[4])

	for name, changed := range map[string]bool{
		"bytes of a buffer's site": template.ChangeBytes(0, []byte{1}),
		"a buffer for bytes":       template.ChangeBuffer(1, b, 0),
		"another length":           template.ChangeBytes(1, []byte{1}),
		"no bytes":                 template.ChangeBytes(1, nil),
		"nil":                      template.ChangeBuffer(0, nil, 0),
		"past the end":             template.ChangeBuffer(0, b, 33),
		"no such site":             template.ChangeBuffer(5, b, 0),
		"a negative site":          template.ChangeBytes(-1, []byte{1}),
		"no template":              before.ChangeBytes(0, []byte{1}),
	} {
		require.False(t, changed, name)
	}
	run()
	require.EqualValues(t, 18, b.mem[4])
	template.Recycle()
	require.EqualValues(t, 1, a.refs.Load())
	require.EqualValues(t, 1, b.refs.Load())
}

// A replay that is never committed leaves its set too.
func TestChangesAndAReplayThatIsDropped(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	a, b := d.NewBuffer(64, 0), d.NewBuffer(64, 0)
	template := q.Template(true, 0)
	encode(t, template, func(e *ComputeEncoder) {
		e.SetPipeline(increment(d))
		e.SetBuffer(a, 0, 0)
		e.DispatchThreads(one, one)
	})
	template.Freeze()
	require.True(t, template.ChangeBuffer(0, b, 0))
	dropped := q.Replay(template)
	require.True(t, template.ChangeBuffer(0, a, 0))
	require.EqualValues(t, 2, b.refs.Load())
	dropped.Recycle()
	require.EqualValues(t, 1, b.refs.Load())
	template.Recycle()
	require.EqualValues(t, 1, a.refs.Load())
}
