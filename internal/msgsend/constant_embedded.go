//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

// StringConstant returns the text of an NSString that a library of the process
// exports, or otherwise when none does: the embedded runtime has no libraries.
func StringConstant(_, otherwise string) string { return otherwise }
