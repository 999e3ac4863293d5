package cpumetal

// opcode tells what a command does.
type opcode uint8

const (
	opDispatch opcode = iota
	opDispatchIndirect
	opCopy
	opFill
	opBlit
	opSignal
	opWait
)

// command is one step of a command buffer. Which fields count depends on op.
type command struct {
	op      opcode
	value   byte  // opFill
	exact   bool  // opDispatch: grid counts threads, else threadgroups
	abreast bool  // dispatches: it may run while the command before it does
	encoder int32 // index into CommandBuffer.encoders, -1 between encoders

	// dispatches
	pipeline    *Pipeline
	grid, group [3]uint32
	bindings    int // where its bindings begin in CommandBuffer.bindings
	textures    int // where its textures begin in CommandBuffer.boundTextures
	samplers    int // where its samplers begin in CommandBuffer.boundSamplers

	// copies and fills; src also holds the arguments of an indirect dispatch
	dst, src       *Buffer
	dstOff, srcOff uint64
	size           uint64

	do func() // opBlit: makes a copy of texels

	// events
	event *Event
	count uint64
}

// encoderRecord is what a command buffer remembers of an encoder.
type encoderRecord struct {
	label     string
	signposts []string
}

// byteArena holds what setBytes copied, in chunks that do not move.
type byteArena struct {
	chunks [][]byte
	used   int // of the last chunk
	chunk  int // index of the chunk in use
}

const (
	chunkSize = 4 * maxBytes
	// keptChunks is how many chunks a command buffer takes along when it is used
	// again; what one unusual command buffer needed is not kept for ever.
	keptChunks = 8
	byteAlign  = 16
)

// add copies data and returns the copy.
func (a *byteArena) add(data []byte) []byte {
	if len(a.chunks) == 0 || a.used+len(data) > chunkSize {
		if len(a.chunks) > 0 {
			a.chunk++
		}
		if a.chunk == len(a.chunks) {
			a.chunks = append(a.chunks, make([]byte, chunkSize))
		}
		a.used = 0
	}
	place := a.chunks[a.chunk][a.used : a.used+len(data) : a.used+len(data)]
	copy(place, data)
	a.used += (len(data) + byteAlign - 1) / byteAlign * byteAlign
	return place
}

func (a *byteArena) reset() {
	if len(a.chunks) > keptChunks {
		clear(a.chunks[keptChunks:])
		a.chunks = a.chunks[:keptChunks]
	}
	a.used, a.chunk = 0, 0
}

// keptEntries bounds what slices a command buffer takes along, as keptChunks.
const keptEntries = 1 << 14

// reuse empties s for another use.
func reuse[T any](s []T) []T {
	if cap(s) > keptEntries {
		return nil
	}
	if len(s) > 0 {
		clear(s)
	}
	return s[:0]
}
