package cpumetal

import "syscall"

// wantHugePages asks for pages of two megabytes where the system gives them only
// on request: streaming through memory takes fewer misses of the TLB and faults.
func wantHugePages(b []byte) {
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) // if not, then not
}
