//go:build !race

package cpumetal

const raceEnabled = false
