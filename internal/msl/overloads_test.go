package msl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// TestEveryOverload calls each overload of each function of the library in a
// kernel, which must compile and lower.
func TestEveryOverload(t *testing.T) {
	n := 0
	for _, name := range stdlib.Names() {
		for mode, prefix := range map[sem.Mode]string{sem.Default: "metal::", sem.Fast: "metal::fast::", sem.Precise: "metal::precise::"} {
			list := stdlib.Lookup(name, mode)
			if len(list) == 0 {
				continue
			}
			var b strings.Builder
			for _, f := range list {
				b.WriteString(overloadCall(prefix, f))
				n++
			}
			lib := compile(t, "kernel void k(device int *buffer, threadgroup int *shared) {\n"+b.String()+"}")
			code, diags := lib.Lower("k", Constants{})
			graphics := name == "dfdx" || name == "dfdy" || name == "fwidth"
			if (code == nil) != graphics {
				t.Errorf("%s%s: %s\n%s", prefix, name, b.String(), diags.Render())
			}
		}
	}
	if n < 2000 {
		t.Errorf("only %d overloads", n)
	}
}

// overloadCall returns a statement that calls f with arguments of just its
// types.
func overloadCall(prefix string, f *stdlib.Func) string {
	var decls, args []string
	for i, p := range f.Params {
		name := fmt.Sprintf("x%d", i)
		switch q := p.Type.(type) {
		case *types.Pointer:
			switch q.Space {
			case types.Device:
				name = fmt.Sprintf("(%s)buffer", q)
			case types.Threadgroup:
				name = fmt.Sprintf("(%s)shared", q)
			default:
				decls = append(decls, fmt.Sprintf("%s %s = %s();", q.Elem, name, q.Elem))
				name = "&" + name
			}
		case *types.Enum:
			name = fmt.Sprintf("metal::%s(0)", q)
		default:
			decls = append(decls, fmt.Sprintf("%s %s = %s(buffer[%d]);", p.Type, name, p.Type, i))
		}
		args = append(args, name)
	}
	call := prefix + f.Name + "(" + strings.Join(args, ", ") + ")"
	if f.Result != types.Type(types.Basics[types.Void]) {
		call = "auto r = " + call + "; buffer[0] += *(thread char *)&r"
	}
	return "{ " + strings.Join(decls, " ") + " " + call + "; }\n"
}
