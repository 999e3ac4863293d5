package cpumetal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzEncoding plays any sequence of calls, sensible or not: nothing panics or
// hangs, every command buffer ends, and nothing stays retained.
func FuzzEncoding(f *testing.F) {
	f.Add([]byte{0, 3, 0, 4, 0, 8, 1, 10, 0, 14, 0})
	f.Add([]byte{0, 8, 1, 3, 0, 0, 0, 14, 0, 14, 0})
	f.Add([]byte{1, 11, 200, 12, 3, 2, 1, 10, 0, 13, 5, 14, 0, 0, 0})
	f.Add([]byte{0, 5, 99, 6, 255, 7, 17, 9, 8, 15, 1, 10, 0, 10, 0, 2, 0, 14, 0})
	f.Fuzz(func(t *testing.T, program []byte) {
		d := newDevice(1 << 28)
		q := d.NewQueue(0)
		inc := increment(d)
		b := d.NewBuffer(256, 0)
		e := d.NewEvent()
		var committed []*CommandBuffer
		cb := q.CommandBuffer(true, ErrorEncoderStatus)
		var compute *ComputeEncoder
		var blit *BlitEncoder
		closeEncoders := func() {
			if compute != nil {
				compute.Recycle()
			}
			if blit != nil {
				blit.Recycle()
			}
			compute, blit = nil, nil
		}
		commit := func() {
			cb.Commit(Handler{})
			cb.Commit(Handler{})
			closeEncoders()
			committed = append(committed, cb)
			cb = q.CommandBuffer(true, ErrorEncoderStatus)
		}
		for len(program) >= 2 && len(committed) < 16 {
			op, x := program[0]%16, uint64(program[1])
			program = program[2:]
			switch {
			case op == 0 && compute == nil:
				compute = cb.ComputeEncoder(x%2 == 1)
			case op == 1 && blit == nil:
				blit = cb.BlitEncoder()
			case op == 2:
				cb.SignalEvent(e, x)
			case op == 14:
				commit()
			case op == 15:
				cb.Enqueue()
				cb.SetLabel("fuzz")
			case compute != nil:
				switch op {
				case 3:
					compute.SetPipeline(inc)
				case 4:
					compute.SetBuffer(b, x, 0)
				case 5:
					compute.SetBuffer(b, 0, x)
				case 6:
					compute.SetBufferOffset(x*2, x%3)
				case 7:
					compute.SetBytes(make([]byte, x*20), x%40)
				case 8:
					compute.DispatchThreads(Size3{x, 1, 1}, Size3{x % 7, 1, 1})
				case 9:
					compute.DispatchIndirect(b, x, Size3{1, 2, 1})
				case 10:
					compute.End()
				case 11:
					compute.SetThreadgroupMemory(x*16, x%33)
				case 12:
					compute.SetLabel("E")
				case 13:
					compute.Use("useResource:usage:", b)
				}
			case blit != nil:
				switch op {
				case 10:
					blit.End()
				case 11:
					blit.Fill(b, x, 256-x, byte(x))
				case 12:
					blit.Copy(b, x, b, 0, 100)
				case 13:
					blit.Fill(b, 0, x*2, 0)
				}
			}
		}
		closeEncoders()
		cb.Recycle()
		for _, cb := range committed {
			cb.WaitUntilCompleted()
			require.GreaterOrEqual(t, cb.Status(), StatusCompleted)
			require.Equal(t, cb.Status() == StatusError, cb.Err() != nil)
		}
		require.EqualValues(t, 1, b.refs.Load())
		b.Release()
		require.Zero(t, d.CurrentAllocatedSize())
	})
}
