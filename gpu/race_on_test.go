//go:build race

package gpu_test

// raceEnabled tells tests that everything takes ten times as long.
const raceEnabled = true
