//go:build exhaustive

package fp16_test

import (
	"math"
	"testing"
)

// TestEveryFloat converts all 2**32 floats in slices: a few minutes.
//
//	go test -tags exhaustive -run TestEveryFloat -timeout 1h ./fp16
func TestEveryFloat(t *testing.T) {
	src := make([]float32, 1<<20)
	paths(t, func(t *testing.T) {
		for high := range uint64(1 << 12) {
			for i := range src {
				src[i] = math.Float32frombits(uint32(high<<20) | uint32(i))
			}
			checkEncode(t, src)
		}
	})
}
