//go:build !amd64 && !arm64

package objcrt

import (
	"bytes"
	"runtime"
	"strconv"
)

// goroutine returns a word that is the same for every call on one goroutine
// and differs between goroutines: the number its stack trace begins with,
// "goroutine 17 [running]:".
func goroutine() uintptr {
	var buf [64]byte
	b := buf[:runtime.Stack(buf[:], false)]
	b = bytes.TrimPrefix(b, []byte("goroutine "))
	if i := bytes.IndexByte(b, ' '); i > 0 {
		b = b[:i]
	}
	n, err := strconv.ParseUint(string(b), 10, 64)
	if err != nil {
		panic("objcrt: the stack trace does not begin with a goroutine's number")
	}
	return uintptr(n)
}
