package msgsend

import (
	"fmt"
	"math"
	"sync"
	"unsafe"
)

// BlockType is a type of blocks: how to make one of a Go func of any signature,
// and how to call one. It is meant to be a package-level variable with only its
// Encoding set, which has the block itself as its first argument: "B@?@Q" takes
// an object and an integer and answers a BOOL.
type BlockType struct {
	Encoding string

	once sync.Once
	impl *implementation
	side blockTypeSide
}

// compiled returns what the type's encoding means. It panics when the encoding is
// none of a block: encodings are constants of the program.
func (t *BlockType) compiled() *implementation {
	t.once.Do(func() {
		impl, err := newBlockImplementation(t.Encoding, nil)
		if err != nil {
			panic("msgsend: " + err.Error())
		}
		t.side = newBlockTypeSide(t.Encoding)
		t.impl = impl
	})
	if t.impl == nil {
		panic(fmt.Sprintf("msgsend: %q is no encoding of a block", t.Encoding))
	}
	return t.impl
}

// New makes a block that calls f. The block is the caller's, as that of
// [NewBlock] is.
func (t *BlockType) New(f func(c *Call)) ID {
	impl := *t.compiled()
	impl.fn = f
	return newTypedBlock(t, &impl)
}

// invoke calls a block with the words of a frame.
func (t *BlockType) invoke(block ID, f *Frame, ret []uint64, object bool) {
	impl := t.compiled()
	if f.n != impl.shape.Signature.Words {
		panic(fmt.Sprintf("msgsend: the frame has %d argument words, a block with encoding %q takes %d", f.n, t.Encoding, impl.shape.Signature.Words))
	}
	clear(ret)
	if block != 0 {
		invokeBlock(block, impl, f, ret, object)
	}
}

// Send calls a block and ignores the result, which must not be an object. Nil
// does nothing, here and below, and its result is zero.
func (t *BlockType) Send(block ID, f *Frame) {
	var ret [MaxResultWords]uint64
	t.invoke(block, f, ret[:], false)
}

// Word calls a block and returns its integer or address result.
func (t *BlockType) Word(block ID, f *Frame) uintptr {
	var ret [1]uint64
	t.invoke(block, f, ret[:], false)
	return uintptr(ret[0])
}

// Bool calls a block and returns its BOOL result.
func (t *BlockType) Bool(block ID, f *Frame) bool { return byte(t.Word(block, f)) != 0 }

// Object calls a block and returns its object result, which is the caller's.
func (t *BlockType) Object(block ID, f *Frame) ID {
	var ret [1]uint64
	t.invoke(block, f, ret[:], true)
	return ID(ret[0])
}

// Float32 calls a block and returns its float result.
func (t *BlockType) Float32(block ID, f *Frame) float32 {
	return math.Float32frombits(uint32(t.Word(block, f)))
}

// Float64 calls a block and returns its double result.
func (t *BlockType) Float64(block ID, f *Frame) float64 {
	return math.Float64frombits(uint64(t.Word(block, f)))
}

// Struct calls a block and stores its struct result of size bytes at p.
func (t *BlockType) Struct(block ID, f *Frame, p unsafe.Pointer, size uintptr) {
	if want := t.compiled().shape.Result.Size; int(size) != want {
		panic(fmt.Sprintf("msgsend: a result of %d bytes, block encoding %q has %d", size, t.Encoding, want))
	}
	var ret [MaxResultWords]uint64
	t.invoke(block, f, ret[:], false)
	copy(unsafe.Slice((*byte)(p), size), unsafe.Slice((*byte)(unsafe.Pointer(&ret)), size))
}
