//go:build unix && !linux

package cpumetal

// wantHugePages does nothing: the system has its own way.
func wantHugePages([]byte) {}
