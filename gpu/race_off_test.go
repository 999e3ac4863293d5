//go:build !race

package gpu_test

const (
	raceEnabled = false
	slowRounds  = 1 << 11 // of the kernel slow: some ten milliseconds
)
