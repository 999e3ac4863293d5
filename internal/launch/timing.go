package launch

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/mtl"
)

// A Timing has the device sample its clock at both ends of a program's encoders, by counter sample
// buffers.
type Timing struct {
	dev      mtl.Device
	buffer   mtl.CounterSampleBuffer
	names    []string // of the encoders that are timed
	cpu, gpu uint64   // both clocks when the timing was made
}

// EncoderTime is when the device worked on an encoder.
type EncoderTime struct {
	Name       string // its label, or its first kernel
	Start, End time.Duration
}

// TimedEncoders is how many encoders of a program are timed.
const TimedEncoders = 64

// NewTiming makes a timing for a program of the queue. The error wraps ErrUnsupported if the device
// has no such counters.
func (q *Queue) NewTiming() (*Timing, error) {
	dev := q.Device
	if !dev.RespondsTo("supportsCounterSampling:") || !dev.SupportsCounterSampling(mtl.CounterSamplingPointAtStageBoundary) {
		return nil, fmt.Errorf("the device does not sample counters at the ends of encoders: %w", ErrUnsupported)
	}
	sets := dev.CounterSets()
	defer mtl.ReleaseAll(sets)
	for _, set := range sets {
		if set.Name() != mtl.CommonCounterSetTimestamp() {
			continue
		}
		desc := mtl.NewCounterSampleBufferDescriptor()
		defer desc.Release()
		desc.SetCounterSet(set)
		desc.SetSampleCount(2 * TimedEncoders)
		desc.SetStorageMode(mtl.StorageModeShared)
		buffer, err := dev.NewCounterSampleBuffer(desc)
		if err != nil {
			return nil, fmt.Errorf("a buffer for samples: %w", err)
		}
		t := &Timing{dev: dev, buffer: buffer}
		t.cpu, t.gpu = dev.SampleTimestamps()
		return t, nil
	}
	return nil, fmt.Errorf("the device has no counters of time: %w", ErrUnsupported)
}

func (t *Timing) free() { t.buffer.Release() }

// Time has the encoders that are begun from now on timed. The program takes t over.
func (p *Program) Time(t *Timing) {
	if p.timing != nil {
		p.timing.free()
	}
	p.timing = t
}

// timed tells whether the next encoder is.
func (p *Program) timed() bool { return p.timing != nil && len(p.timing.names) < TimedEncoders }

// timedPass begins an encoder whose time is taken: sel makes one of a pass descriptor.
func (p *Program) timedPass(sel *msgsend.Selector, descriptor msgsend.ID) {
	p.own(NewLife(func() { msgsend.Release(descriptor) }))
	p.encoder = p.list.Borrow(0, sel, uintptr(descriptor))
	p.list.PatchSelf(p.encoder, p.cb)
}

// computePass is a descriptor of a compute pass that is sampled, the caller's.
func (t *Timing) computePass(kind mtl.DispatchType) msgsend.ID {
	pass := mtl.NewComputePassDescriptor()
	pass.SetDispatchType(kind)
	all := pass.SampleBufferAttachments()
	defer all.Release()
	t.sample(all.At(0))
	return pass.ID()
}

// blitPass is the same for a blit pass.
func (t *Timing) blitPass() msgsend.ID {
	pass := mtl.NewBlitPassDescriptor()
	all := pass.SampleBufferAttachments()
	defer all.Release()
	t.sample(all.At(0))
	return pass.ID()
}

// sample gives two more samples to an attachment of a pass, which it releases.
func (t *Timing) sample(a interface {
	SetSampleBuffer(mtl.CounterSampleBuffer)
	SetStartOfEncoderSampleIndex(uint)
	SetEndOfEncoderSampleIndex(uint)
	Release()
}) {
	start := uint(2 * len(t.names))
	t.names = append(t.names, "")
	a.SetSampleBuffer(t.buffer)
	a.SetStartOfEncoderSampleIndex(start)
	a.SetEndOfEncoderSampleIndex(start + 1)
	a.Release()
}

// name names the encoder under way; a label comes over a kernel's name.
func (t *Timing) name(name string, label bool) {
	if last := len(t.names) - 1; last >= 0 && (label || t.names[last] == "") {
		t.names[last] = name
	}
}

// resolve reads the samples, once the work is done. An encoder whose work did not end has no time.
func (t *Timing) resolve() []EncoderTime {
	cpu, gpu := t.dev.SampleTimestamps()
	scale := 1.0 // nanoseconds of the CPU's clock to a tick of the GPU's
	if gpu > t.gpu && cpu > t.cpu {
		scale = float64(cpu-t.cpu) / float64(gpu-t.gpu)
	}
	at := func(tick uint64) time.Duration {
		return time.Duration(t.cpu) + time.Duration(scale*float64(int64(tick-t.gpu)))
	}
	data := t.buffer.ResolveCounterRange(mtl.Range{Length: uint(2 * len(t.names))})
	times := make([]EncoderTime, len(t.names))
	for i, name := range t.names {
		times[i].Name = name
		if len(data) < 16*(i+1) {
			continue
		}
		start, end := binary.NativeEndian.Uint64(data[16*i:]), binary.NativeEndian.Uint64(data[16*i+8:])
		if start != mtl.CounterErrorValue && end != mtl.CounterErrorValue && end >= start {
			times[i].Start, times[i].End = at(start), at(end)
		}
	}
	return times
}
