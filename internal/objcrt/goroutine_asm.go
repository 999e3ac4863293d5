//go:build amd64 || arm64

package objcrt

// goroutine returns a word that is the same for every call on one goroutine
// and differs between goroutines that live at the same time: the address of
// the runtime's descriptor, which is never moved or freed.
func goroutine() uintptr
