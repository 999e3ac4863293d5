package mtl

import (
	"testing"

	"github.com/aruminium-go/aruminium/objc"
)

// The cost of the messages of a hot loop, to a receiver that does nothing.
func BenchmarkMessages(b *testing.B) {
	id := objc.NewObject(silent(), nil)
	defer objc.Release(id)
	enc, buffer := ComputeCommandEncoderFromID(id), BufferFromID(id)
	data := make([]byte, 64)
	b.Run("SetBuffer", func(b *testing.B) {
		for b.Loop() {
			enc.SetBuffer(buffer, 16, 1)
		}
	})
	b.Run("SetBytes", func(b *testing.B) {
		for b.Loop() {
			enc.SetBytes(data, 3)
		}
	})
	b.Run("DispatchThreads", func(b *testing.B) {
		for b.Loop() {
			enc.DispatchThreads(Size{1024, 1, 1}, Size{32, 1, 1})
		}
	})
	b.Run("EndEncoding", func(b *testing.B) {
		for b.Loop() {
			enc.EndEncoding()
		}
	})
}
