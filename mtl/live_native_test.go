//go:build (darwin && !embedded) || (linux && objcnative)

package mtl

import (
	"testing"

	"github.com/aruminium-go/aruminium/objc"
)

// liveObjects counts the objects of classes that the tests define.
func liveObjects() int { return int(fakesAlive.Load()) }

// checkEncodings does nothing: a native runtime does not compare.
func checkEncodings(*testing.T) {}

// dispatchBytes returns the bytes of a dispatch_data_t, an NSData too. A system without
// libdispatch makes none.
func dispatchBytes(id objc.ID) []byte {
	if fnDispatchDataCreate.Find() != nil {
		return []byte("MTLB data")
	}
	return objc.Bytes(id)
}
