package launch

import "github.com/aruminium-go/aruminium/internal/msgsend"

// A Buffer is a MTLBuffer with what a binding is checked against.
type Buffer struct {
	*Life
	ID     msgsend.ID
	Len    int
	Shared bool
	Device uint64
}

// checkRange checks n bytes from off of a buffer that belongs to device, and returns what is
// wrong.
func checkRange(b *Buffer, off, n int, device uint64) (reason string, err error) {
	if reason, err = checkBuffer(b, device); reason != "" {
		return reason, err
	}
	return checkSpan(b, off, n), nil
}

// checkBuffer checks a buffer that is to belong to device.
func checkBuffer(b *Buffer, device uint64) (reason string, err error) {
	switch {
	case b == nil:
		return "the buffer is nil", nil
	case b.Closed():
		return "the buffer is closed", ErrClosed
	case b.Device != device:
		return "the buffer belongs to another device", nil
	}
	return "", nil
}

// checkSpan checks n bytes from off of a buffer.
func checkSpan(b *Buffer, off, n int) (reason string) {
	switch {
	case off < 0:
		return "the offset " + itoa(off) + " is negative"
	case n < 0:
		return "the length " + itoa(n) + " is negative"
	case off > b.Len || n > b.Len-off:
		return itoa(n) + " bytes from offset " + itoa(off) + " go past the buffer's end at " + itoa(b.Len)
	}
	return ""
}
