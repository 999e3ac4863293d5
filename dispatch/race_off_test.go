//go:build !race

package dispatch_test

const (
	raceEnabled = false
	slowRounds  = 1 << 11 // of the kernel slow: some ten milliseconds
)
