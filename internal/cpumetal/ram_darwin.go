package cpumetal

import (
	"encoding/binary"
	"syscall"
	"time"
)

// sysctlBytes returns the raw value of a sysctl, without the zero byte that
// [syscall.Sysctl] takes for the end of a string.
func sysctlBytes(name string, size int) []byte {
	text, err := syscall.Sysctl(name)
	if err != nil {
		return nil
	}
	b := append([]byte(text), make([]byte, size)...)
	return b[:size]
}

// physicalMemory returns the bytes of RAM of the machine. 0 is unknown.
func physicalMemory() uint64 {
	if b := sysctlBytes("hw.memsize", 8); b != nil {
		return binary.NativeEndian.Uint64(b)
	}
	return 0
}

// uptime returns the seconds since boot, 0 if the system does not tell.
func uptime() float64 {
	b := sysctlBytes("kern.boottime", 16)
	if b == nil {
		return 0
	}
	boot := time.Unix(int64(binary.NativeEndian.Uint64(b)), 0)
	return time.Since(boot).Seconds()
}
