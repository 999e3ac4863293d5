package conformance

import "strings"

func isGroup(name string) bool {
	return strings.HasPrefix(name, "simd_") || strings.HasPrefix(name, "quad_")
}
func isAtomic(name string) bool {
	return strings.HasPrefix(name, "atomic_") && name != "atomic_thread_fence"
}
func isSynchronising(name string) bool {
	return name == "atomic_thread_fence" || strings.HasSuffix(name, "_barrier")
}
