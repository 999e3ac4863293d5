//go:build race

package gpu_test

// Under the race detector everything takes ten times as long.
const (
	raceEnabled = true
	slowRounds  = 1 << 8
)
