//go:build !((darwin && !embedded) || (linux && objcnative))

package mtl

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// liveObjects counts the objects that there are.
func liveObjects() int { return objcrt.LiveCount() }

// checkEncodings has each message compared with the type encoding of the method that it reaches.
func checkEncodings(t *testing.T) {
	t.Cleanup(msgsend.CheckEncodings(func(err error) { t.Error(err) }))
}

// dispatchBytes returns the bytes of a dispatch_data_t.
func dispatchBytes(id objc.ID) []byte { return objc.Bytes(id) }
