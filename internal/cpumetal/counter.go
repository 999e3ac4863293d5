package cpumetal

import (
	"encoding/binary"
	"sync/atomic"
)

// SampleBuffer is a MTLCounterSampleBuffer. The device has one kind of counter:
// its clock, in the ticks of sampleTimestamps:gpuTimestamp:.
type SampleBuffer struct {
	label   string
	samples []atomic.Uint64
}

const (
	timestampSet = "MTLCommonCounterSetTimestamp"
	timestamp    = "MTLCommonCounterTimestamp"

	// mostSamples keeps to what devices allow, 32 KiB.
	mostSamples = 32 << 10 / 8
	// noSample is MTLCounterErrorValue, what a sample is that was not taken, and
	// MTLCounterDontSample.
	noSample = 1<<64 - 1
)

// NewSampleBuffer returns a buffer of n timestamps, none of which is taken.
func NewSampleBuffer(label string, n uint64) (*SampleBuffer, *Error) {
	if n == 0 || n > mostSamples {
		return nil, errorf(DomainCounter, CodeSamplesInvalid, "a buffer of %d samples: it has 1 to %d", n, mostSamples)
	}
	s := &SampleBuffer{label: label, samples: make([]atomic.Uint64, n)}
	for i := range s.samples {
		s.samples[i].Store(noSample)
	}
	return s, nil
}

// Resolve returns n samples from at on as a MTLCounterResultTimestamp each, nil
// if there are not so many.
func (s *SampleBuffer) Resolve(at, n uint64) []byte {
	if at > uint64(len(s.samples)) || n > uint64(len(s.samples))-at {
		return nil
	}
	data := make([]byte, 0, 8*n)
	for i := range n {
		data = binary.NativeEndian.AppendUint64(data, s.samples[at+i].Load())
	}
	return data
}

// take stores the time as a sample, unless it is none of the buffer's.
func (s *SampleBuffer) take(i uint64, time float64) {
	if i < uint64(len(s.samples)) {
		s.samples[i].Store(uint64(time * timestampFrequency))
	}
}

// sampling is where the times of an encoder go.
type sampling struct {
	encoder    int32
	into       *SampleBuffer
	start, end uint64 // indices of samples
}

// Sample has the times at which the encoder's work starts and ends stored.
func (e *encoder) Sample(into *SampleBuffer, start, end uint64) {
	e.cb.samplings = append(e.cb.samplings, sampling{e.index, into, start, end})
}

// sampler takes the samples that encoders have asked for while their commands run
// one after the other.
type sampler struct {
	samplings    []sampling
	since        float64 // when the command buffer began
	begun, ended int32   // so many encoders have
}

// moveTo is told that the next command is one of encoder i, or of none if i is -1.
func (s *sampler) moveTo(i int32) {
	if len(s.samplings) == 0 || i == s.begun-1 && s.ended < s.begun {
		return
	}
	t := max(now(), s.since)
	if s.ended < s.begun {
		s.end(t)
	}
	for s.begun <= i {
		for _, x := range s.samplings {
			if x.encoder == s.begun {
				x.into.take(x.start, t)
			}
		}
		if s.begun++; s.begun <= i { // it has no commands
			s.end(t)
		}
	}
}

func (s *sampler) end(t float64) {
	for _, x := range s.samplings {
		if x.encoder == s.ended {
			x.into.take(x.end, t)
		}
	}
	s.ended++
}
