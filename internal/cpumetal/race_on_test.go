//go:build race

package cpumetal

// raceEnabled: the race detector has sync.Pool drop things and so allocate.
const raceEnabled = true
