//go:build !((darwin && !embedded) || (linux && objcnative))

package objc

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/stretchr/testify/require"
)

// checkLive checks that a test leaves no object behind and that every message
// it sends fits the encoding of its method.
func checkLive(t *testing.T) {
	GetClass("NSString")
	live := objcrt.LiveCount()
	stop := msgsend.CheckEncodings(func(err error) { t.Error(err) })
	t.Cleanup(func() {
		stop()
		require.Equal(t, live, objcrt.LiveCount(), "%v", objcrt.Live())
	})
}

func TestReleasedObjectIsTold(t *testing.T) {
	s := NewString("x")
	Release(s)
	require.PanicsWithError(t, (&objcrt.Exception{Reason: "message to a released object: [NSString dataUsingEncoding:] (handle "}).Error(), func() {
		defer func() {
			e := recover().(*objcrt.Exception)
			panic(&objcrt.Exception{Reason: e.Reason[:len("message to a released object: [NSString dataUsingEncoding:] (handle ")]})
		}()
		_ = String(s)
	})
}
