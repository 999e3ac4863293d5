package objcrt

import "unsafe"

// Pointer returns the pointer an argument word holds. The word must be the
// address of memory that does not move: that is the sender's duty.
func Pointer(word uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&word))
}

// Bytes returns the n bytes at the address an argument word holds, nil for none.
func Bytes(word uintptr, n int) []byte {
	if word == 0 || n <= 0 {
		return nil
	}
	return unsafe.Slice((*byte)(Pointer(word)), n)
}

// StoreOut stores an object through an out parameter, such as the NSError ** a
// method was given, and passes the caller's reference on with it. When the
// sender does not want it (the word is 0) the reference is released.
func StoreOut(word uintptr, id ID) {
	if word == 0 {
		Release(id)
		return
	}
	*(*ID)(Pointer(word)) = id
}
