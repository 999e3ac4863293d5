//go:build linux && objcnative

package docs_test

// The native runtime of a Linux machine has no Metal: the fixture is one.
import _ "github.com/aruminium-go/aruminium/internal/nativemetal/install"
