//go:build race

package simt_test

const raceEnabled = true
