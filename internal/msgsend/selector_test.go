package msgsend

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReturnsOwned(t *testing.T) {
	for name, want := range map[string]bool{
		"new": true, "newBufferWithLength:options:": true, "newton": false, "_newThing": true,
		"copy": true, "copyWithZone:": true, "copying": false, "mutableCopy": true, "mutableCopyOf:": true,
		"alloc": true, "allocWithZone:": true, "allocate": false, "init": true, "initWithBytes:length:": true,
		"initialize": false, "retain": true, "commandBuffer": false, "device": false, "label": false, "renew": false,
	} {
		require.Equal(t, want, returnsOwned(name), name)
	}
}
