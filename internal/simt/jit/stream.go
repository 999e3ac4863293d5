package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// A Stream is a memory that a kernel writes in rows and never reads. Where a
// launch goes through more memory than the caches hold, its rows go past them: a
// store else begins with a load of what it overwrites.
type Stream struct {
	Traffic
	off int32 // of the word that tells
}

// Traffic is how many bytes of a memory a thread reads or writes, if it goes once
// wherever it may.
type Traffic struct {
	Mem   int
	Bytes int64
}

// Of returns how many bytes so many threads go through in a memory of n bytes.
func (t *Traffic) Of(threads, n int64) int64 {
	if threads >= n/t.Bytes {
		return n
	}
	return threads * t.Bytes
}

// findStreams finds the streams of a kernel. One in which threads wait for each
// other has none: stores past the caches are not in order with others until the
// code returns.
func (l *lower) findStreams() {
	bytes, read := make([]int64, len(l.f.Mems)), make([]int64, len(l.f.Mems))
	ordered := false
	l.f.Body.Walk(func(in *ir.Instr) bool {
		switch {
		case in.Op == ir.OpLoad || in.Op == ir.OpStore:
			mem, ok := l.memOf(in.Args[0])
			switch {
			case !ok:
				ordered = true // it may be any
			case in.Op == ir.OpLoad || in.Imm2 == ir.Volatile:
				read[mem] += int64(in.Type.Size())
			default:
				bytes[mem] += int64(in.Type.Size())
			}
		case in.Op.Info().Class == ir.Effect && writesMemory(in.Op), in.Op == ir.OpBarrier, in.Op == ir.OpFence:
			ordered = true
		}
		return !ordered
	})
	l.streamed = make([]int32, len(l.f.Mems))
	for i, n := range bytes {
		if ordered || l.f.Mems[i].Kind != ir.MemBuffer {
			continue
		}
		if read[i] > 0 {
			l.reads = append(l.reads, Traffic{i, read[i]})
		} else if n > 0 {
			l.streamed[i] = l.lay.word()
			l.streams = append(l.streams, Stream{Traffic{i, n}, l.streamed[i]})
		}
	}
}

// streamOf returns the offset of the word that tells whether a store of whole
// rows goes past the caches, 0 if it never does.
func (l *lower) streamOf(mem int, a *access) int32 {
	line := int64(4 * l.geo.v)
	if !a.write || a.form != toRow || a.act >= 0 || a.t != ir.I32 && a.t != ir.F32 {
		return 0
	}
	for _, x := range a.part[a.first : a.first+a.parts] {
		if int64(x)*a.scale%line != 0 {
			return 0
		}
	}
	return l.streamed[mem]
}

// SetStream tells whether what is written to a stream goes past the caches.
func (c *Context) SetStream(s *Stream, past bool) {
	*c.word(s.off) = 0
	if past {
		*c.word(s.off) = 1
	}
}
