package msgsend

import (
	"fmt"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Protocol names a protocol; 0 is none.
type Protocol uintptr

// ProtocolMethod is a method that a protocol declares.
type ProtocolMethod struct {
	Selector string
	Encoding string
	Class    bool // a class method
	Optional bool
}

// checkProtocol refuses what no runtime takes.
func checkProtocol(name string, methods []ProtocolMethod) error {
	if name == "" {
		return fmt.Errorf("a protocol needs a name")
	}
	if LookupProtocol(name) != 0 {
		return fmt.Errorf("there is a protocol of this name already")
	}
	for _, m := range methods {
		sig, err := objctype.ParseMethod(m.Encoding)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Selector, err)
		}
		if n := strings.Count(m.Selector, ":"); m.Selector == "" || n != len(sig.Args) {
			return fmt.Errorf("%s: the selector takes %d arguments, the encoding %q has %d", m.Selector, n, m.Encoding, len(sig.Args))
		}
	}
	return nil
}
