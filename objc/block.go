package objc

import "github.com/aruminium-go/aruminium/internal/msgsend"

// NewBlock makes a block of a Go func, for completion handlers and the like. f
// gets the block's first four argument words (objects are borrowed); words that
// the block's type does not have are undefined. f runs on whatever thread the
// caller uses and must not panic. For arguments that are no words, and for
// results, see [BlockType].
//
// The block is the caller's: give it back with [ReleaseBlock], usually right
// after the message it was passed to, since a method that keeps a block copies
// it. f is let go exactly once, with the last reference. There is no limit to
// the number of blocks.
func NewBlock(f func(a, b, c, d uintptr)) ID { return msgsend.NewBlock(f) }

// CopyBlock returns a block that may be kept after the call that it came with as
// an argument: a block from C may be on its caller's stack. It is the caller's,
// who gives it back with [ReleaseBlock].
func CopyBlock(block ID) ID { return msgsend.CopyBlock(block) }

// ReleaseBlock gives back a block made by [NewBlock], [CopyBlock] or a [BlockType].
func ReleaseBlock(block ID) { msgsend.ReleaseBlock(block) }

// CallBlock calls a block with up to four argument words. Nil does nothing.
func CallBlock(block ID, a, b, c, d uintptr) { msgsend.CallBlock(block, a, b, c, d) }

// BlockType is a type of blocks, by its type encoding: a package-level variable
// with only its Encoding set, in which the block itself is the first argument.
//
//	var compare = objc.BlockType{Encoding: "q@?@@"} // NSInteger (^)(id, id)
//
// New(f func(c *Call)) makes a block of a Go func, as [NewBlock] does, with
// arguments and a result of any kind. Send, Word, Bool, Object, Float32, Float64
// and Struct call a block of the type with the arguments of a [Frame]; an
// object they return is the caller's, and nil answers zero.
type BlockType = msgsend.BlockType

// BlockEncoding returns the type encoding that a block carries, "" for one that
// carries none: compilers give blocks one, [NewBlock] does not.
func BlockEncoding(block ID) string { return msgsend.BlockEncoding(block) }
