package launch

// An arena keeps the bytes that a call list points to. What it has given does not move, so a chunk
// is never grown; chunks are kept for the next recording.
type arena struct {
	chunks [][]byte
	chunk  int // the one being filled
	used   int // bytes of it
}

const (
	firstChunk = 512      // a program that runs once pushes little
	chunkSize  = 16 << 10 // four of the largest setBytes
	byteAlign  = 16       // what MSL's widest vector wants
)

// copy returns a copy of data, at most Inline bytes.
func (a *arena) copy(data []byte) []byte {
	for a.chunk < len(a.chunks) && a.used+len(data) > len(a.chunks[a.chunk]) {
		a.chunk++
		a.used = 0
	}
	if a.chunk == len(a.chunks) {
		size := min(firstChunk<<min(a.chunk, 8), chunkSize)
		for size < len(data) {
			size *= 2
		}
		a.chunks = append(a.chunks, make([]byte, size))
	}
	b := a.chunks[a.chunk][a.used : a.used+len(data) : a.used+len(data)]
	copy(b, data)
	a.used = (a.used + len(data) + byteAlign - 1) &^ (byteAlign - 1)
	return b
}

func (a *arena) reset() { a.chunk, a.used = 0, 0 }
