//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// NewBlock makes a block that calls f with its first four argument words; words
// the caller did not pass are undefined. The block is the caller's: give it
// back with [ReleaseBlock]. A method that keeps it copies it. f is called on any
// goroutine, as often as the block's user does, and is let go when the last
// reference is.
func NewBlock(f func(a, b, c, d uintptr)) ID { return objcrt.NewBlock(f) }

// CopyBlock returns a block that may be kept after the call it was an argument
// of. It is the caller's: give it back with [ReleaseBlock]. Nil stays nil.
func CopyBlock(block ID) ID { return objcrt.Retain(block) }

// ReleaseBlock gives the caller's reference to a block back that [NewBlock],
// [BlockType.New] or [CopyBlock] returned. Nil is fine.
func ReleaseBlock(block ID) { objcrt.Release(block) }

// CallBlock calls a block with up to four argument words. Nil does nothing.
func CallBlock(block ID, a, b, c, d uintptr) { objcrt.CallBlock(block, a, b, c, d) }

// BlockEncoding returns the type encoding that a block carries, "" when it
// carries none.
func BlockEncoding(block ID) string { return objcrt.BlockEncoding(block) }

// blockTypeSide is what the embedded side adds to a type of blocks.
type blockTypeSide struct{}

func newBlockTypeSide(string) blockTypeSide { return blockTypeSide{} }

func newTypedBlock(t *BlockType, impl *implementation) ID {
	return objcrt.NewFrameBlock(&objcrt.FrameBlock{
		Encoding: t.Encoding, Words: impl.shape.Signature.Words, ResultWords: impl.shape.ResultWords,
		Func: func(block ID, f *objcrt.Frame) {
			c := Call{Self: block, Args: f.Args, Ret: f.Ret, impl: impl}
			impl.fn((*Call)(noescape(unsafe.Pointer(&c))))
		},
	})
}

// invokeBlock calls a block with the words of a frame.
func invokeBlock(block ID, _ *implementation, f *Frame, ret []uint64, _ bool) {
	objcrt.InvokeBlock(block, f.args(), ret)
}
