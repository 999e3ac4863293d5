package cpumetal

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// Encoders sample the clock at both ends: in order, empty ones too, within the times of the command
// buffer, and not if an encoder before them failed.
func TestSamples(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	var fault *simt.Fault
	p := testPipeline(d, "p", nil, func(*simt.Launch) *simt.Fault { return fault })
	samples, err := NewSampleBuffer("S", 10)
	require.Nil(t, err)
	run := func() *CommandBuffer {
		cb := q.CommandBuffer(true, 0)
		event := d.NewEvent()
		for i := range uint64(5) {
			e := cb.ComputeEncoder(false)
			e.Sample(samples, 2*i, 2*i+1)
			if i != 1 && i != 4 {
				e.SetPipeline(p)
				e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
				e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
			}
			e.End()
			e.Recycle()
			if i == 2 {
				cb.SignalEvent(event, 1)
				cb.WaitEvent(event, 1)
			}
		}
		cb.CommitAndWait(Handler{})
		return cb
	}
	cb := run()
	require.Nil(t, cb.Err())
	data := samples.Resolve(0, 10)
	require.Len(t, data, 80)
	last := uint64(cb.Times().GPUStart * timestampFrequency)
	for i := range 10 {
		now := binary.NativeEndian.Uint64(data[8*i:])
		require.GreaterOrEqual(t, now, last, "sample %d", i)
		last = now
	}
	require.LessOrEqual(t, last, uint64(cb.Times().GPUEnd*timestampFrequency))
	require.Nil(t, samples.Resolve(5, 6))
	require.Nil(t, samples.Resolve(11, 0))

	samples, _ = NewSampleBuffer("", 10)
	fault = &simt.Fault{Kind: simt.OutOfBounds, Kernel: "p"}
	require.NotNil(t, run().Err())
	data = samples.Resolve(0, 10)
	for i := range 10 {
		taken := binary.NativeEndian.Uint64(data[8*i:]) != noSample
		require.Equal(t, i == 0, taken, "sample %d", i)
	}
	for _, n := range []uint64{0, mostSamples + 1, 1 << 63} {
		_, err := NewSampleBuffer("", n)
		require.ErrorContains(t, err, "1 to 4096")
	}
}

func TestCounterObjects(t *testing.T) {
	device := open(t)
	start := objcrt.LiveCount()
	sets := objcrt.ID(send(device, "counterSets"))
	require.EqualValues(t, 1, send(device, "supportsCounterSampling:", samplingAtStageBoundary))
	require.Zero(t, send(device, "supportsCounterSampling:", 1))
	set := objcrt.ArrayItems(sets)[0]
	require.Equal(t, timestampSet, text(set, "name"))
	counters := objcrt.ID(send(set, "counters"))
	require.Equal(t, timestamp, text(objcrt.ArrayItems(counters)[0], "name"))

	Load()
	descriptor := objcrt.ID(send(objcrt.LookupClass("MTLCounterSampleBufferDescriptor").ID(), "new"))
	out := make([]uint64, 1)
	require.Zero(t, send(device, "newCounterSampleBufferWithDescriptor:error:", uintptr(descriptor), address(out)), "no set")
	require.NotZero(t, out[0])
	objcrt.Release(objcrt.ID(out[0]))
	send(descriptor, "setCounterSet:", uintptr(set))
	send(descriptor, "setSampleCount:", 4)
	buffer := objcrt.ID(send(device, "newCounterSampleBufferWithDescriptor:error:", uintptr(descriptor), 0))
	require.EqualValues(t, 4, send(buffer, "sampleCount"))

	queue := objcrt.ID(send(device, "newCommandQueue"))
	cb := objcrt.ID(send(queue, "commandBuffer"))
	for i, kind := range []string{"compute", "blit"} {
		name := map[string]string{"compute": "MTLComputePassDescriptor", "blit": "MTLBlitPassDescriptor"}[kind]
		pass := objcrt.ID(send(objcrt.LookupClass(name).ID(), kind+"PassDescriptor"))
		attachments := objcrt.ID(send(pass, "sampleBufferAttachments"))
		attachment := objcrt.ID(send(attachments, "objectAtIndexedSubscript:", 0))
		require.Zero(t, send(attachments, "objectAtIndexedSubscript:", maxPassAttachments))
		send(attachment, "setSampleBuffer:", uintptr(buffer))
		send(attachment, "setStartOfEncoderSampleIndex:", uintptr(2*i))
		send(attachment, "setEndOfEncoderSampleIndex:", uintptr(2*i+1))
		copied := objcrt.ID(send(pass, "copy"))
		enc := objcrt.ID(send(cb, kind+"CommandEncoderWithDescriptor:", uintptr(copied)))
		send(enc, "endEncoding")
		for _, id := range []objcrt.ID{attachment, attachments, pass, copied, enc} {
			objcrt.Release(id)
		}
	}
	send(cb, "commit")
	send(cb, "waitUntilCompleted")
	data := objcrt.ID(send(buffer, "resolveCounterRange:", 0, 4))
	times := objcrt.DataBytes(data)
	for i := range 4 {
		require.NotEqual(t, uint64(noSample), binary.NativeEndian.Uint64(times[8*i:]))
	}
	require.Zero(t, send(buffer, "resolveCounterRange:", 0, 5))
	for _, id := range []objcrt.ID{data, cb, queue, buffer, descriptor, counters, sets} {
		objcrt.Release(id)
	}
	require.Equal(t, start, objcrt.LiveCount())
}
