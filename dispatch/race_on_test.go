//go:build race

package dispatch_test

// raceEnabled tells tests that everything takes ten times as long.
const raceEnabled = true
