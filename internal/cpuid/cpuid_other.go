//go:build !amd64

package cpuid

func detect() Set { return 0 }
