//go:build race

package simt

const raceEnabled = true
