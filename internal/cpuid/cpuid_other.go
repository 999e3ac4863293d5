//go:build !amd64

package cpuid

func detect() Set { return 0 }

func cacheSize() int64 { return 0 }

func threadsPerCore() int { return 1 }
