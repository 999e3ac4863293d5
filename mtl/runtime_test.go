//go:build darwin && !embedded

package mtl

import (
	"testing"
	"unsafe"

	"github.com/ebitengine/purego"
	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/aruminium-go/aruminium/objc"
)

// The part of the runtime that describes methods.
type runtimeAPI struct {
	getProtocol         func(name string) uintptr
	protocolDescription func(protocol, selector uintptr, required, instance bool) methodDescription
	getInstanceMethod   func(class, selector uintptr) uintptr
	getClassMethod      func(class, selector uintptr) uintptr
	typeEncoding        func(method uintptr) string
}

type methodDescription struct{ _, types uintptr }

func openRuntime(t *testing.T) *runtimeAPI {
	library, err := purego.Dlopen("/usr/lib/libobjc.A.dylib", purego.RTLD_LAZY|purego.RTLD_GLOBAL)
	require.NoError(t, err)
	r := &runtimeAPI{}
	purego.RegisterLibFunc(&r.getProtocol, library, "objc_getProtocol")
	purego.RegisterLibFunc(&r.protocolDescription, library, "protocol_getMethodDescription")
	purego.RegisterLibFunc(&r.getInstanceMethod, library, "class_getInstanceMethod")
	purego.RegisterLibFunc(&r.getClassMethod, library, "class_getClassMethod")
	purego.RegisterLibFunc(&r.typeEncoding, library, "method_getTypeEncoding")
	return r
}

// encoding asks the runtime for a method's type encoding; "" if it has no such method.
func (r *runtimeAPI) encoding(m *message, protocol bool) string {
	selector := uintptr(objc.GetSelector(m.selector))
	if protocol {
		p := r.getProtocol(m.class)
		if p == 0 {
			return ""
		}
		for _, required := range []bool{true, false} {
			if d := r.protocolDescription(p, selector, required, true); d.types != 0 {
				return goString(d.types)
			}
		}
		return ""
	}
	find := r.getInstanceMethod
	if m.form == classMethod {
		find = r.getClassMethod
	}
	if method := find(uintptr(class(m.class)), selector); method != 0 {
		return r.typeEncoding(method)
	}
	return ""
}

func goString(p uintptr) string {
	start := pointer(p)
	n := 0
	for *(*byte)(unsafe.Add(start, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(start), n))
}

// The running system passes every message as the mirror does. What the system does not have is counted.
func TestEncodingsOfTheRuntime(t *testing.T) {
	require.NoError(t, Load())
	r := openRuntime(t)
	protocols := map[string]bool{}
	for _, c := range classes {
		protocols[c.name] = c.protocol
	}
	compared, absent := 0, []string(nil)
	for i := range messages {
		m := &messages[i]
		have := r.encoding(m, protocols[m.class])
		if have == "" {
			absent = append(absent, m.class+" "+m.selector)
			continue
		}
		compared++
		require.Equal(t, passing(t, m.encoding), passing(t, have), "%s %s: the mirror has %s, the runtime %s", m.class, m.selector, m.encoding, have)
	}
	require.NotZero(t, compared)
	t.Logf("%d compared; absent: %q", compared, absent)
}

// passing is what of an encoding decides how a message is passed: the numbers of the
// result and of each argument, floats told from integers. BOOL is a char on amd64.
func passing(t *testing.T, encoding string) [][]objctype.Leaf {
	s, err := objctype.ParseMethod(encoding)
	require.NoError(t, err, encoding)
	var list [][]objctype.Leaf
	for _, typ := range append([]objctype.Type{s.Result}, s.Args...) {
		leaves := typ.Leaves(nil, 0)
		for i := range leaves {
			if k := leaves[i].Kind; k != objctype.Float && k != objctype.Double {
				leaves[i].Kind = objctype.Uint
			}
		}
		list = append(list, leaves)
	}
	return list
}
