package simt

import "github.com/aruminium-go/aruminium/internal/simt/jit"

// What tests and measurements choose that programs leave to the engine.

// Force makes all launches use one tier and, for machine code, instructions
// (nil: the best) and vectors to a chunk (0: as many as fit). It returns a
// function that undoes it.
func Force(e Engine, isa *jit.ISA, parts int) func() {
	old, oldISA, oldParts := engine().Load(), nativeISA.Load(), nativeParts.Load()
	engine().Store(int32(e))
	nativeISA.Store(isa)
	nativeParts.Store(int32(parts))
	return func() {
		engine().Store(old)
		nativeISA.Store(oldISA)
		nativeParts.Store(oldParts)
	}
}

// StreamFrom makes launches that write so many bytes to a buffer write them past
// the caches, or, with 0, those that should.
func StreamFrom(bytes int64) { nativeStream.Store(bytes) }

// StarveNative makes machine code return after so much work, or, with 0, when
// it should.
func StarveNative(fuel int64) { nativeFuel.Store(fuel) }
