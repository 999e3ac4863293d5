//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// liveValues is how many objects there are, blocks among them.
func liveValues() int { return objcrt.LiveCount() }

func TestFoundationIsNotInherited(t *testing.T) {
	_, err := DefineClass(ClassDef{Name: "GoString", Super: LookupClass("NSString")})
	require.ErrorContains(t, err, "NSString cannot be inherited from")
}
