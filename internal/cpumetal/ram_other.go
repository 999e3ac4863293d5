//go:build !linux && !darwin && !windows

package cpumetal

// physicalMemory is unknown here.
func physicalMemory() uint64 { return 0 }

// uptime is unknown here.
func uptime() float64 { return 0 }
