//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"fmt"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// ctypes spells encoded types in C. Aggregates get a typedef each.
type ctypes struct {
	names map[string]string // by encoding
	decls strings.Builder
}

func (c *ctypes) name(t *objctype.Type) string {
	if !t.IsAggregate() {
		return cscalar(t)
	}
	encoding := t.String()
	if name, ok := c.names[encoding]; ok {
		return name
	}
	if c.names == nil {
		c.names = make(map[string]string)
	}
	body := c.body(t)
	name := fmt.Sprintf("T%d", len(c.names))
	c.names[encoding] = name
	fmt.Fprintf(&c.decls, "typedef %s %s;\n", body, name)
	return name
}

func (c *ctypes) body(t *objctype.Type) string {
	var b strings.Builder
	if t.Kind == objctype.Union {
		b.WriteString("union {")
	} else {
		b.WriteString("struct {")
	}
	for i := range t.Fields {
		f, dims := &t.Fields[i], ""
		for f.Kind == objctype.Array {
			dims += fmt.Sprintf("[%d]", f.Len)
			f = f.Elem
		}
		fmt.Fprintf(&b, " %s f%d%s;", c.name(f), i, dims)
	}
	b.WriteString(" }")
	return b.String()
}

func cscalar(t *objctype.Type) string {
	switch t.Kind {
	case objctype.Void:
		return "void"
	case objctype.Bool:
		return "_Bool"
	case objctype.Int:
		return [...]string{1: "signed char", 2: "short", 4: "int", 8: "long long"}[t.Size]
	case objctype.Uint:
		return [...]string{1: "unsigned char", 2: "unsigned short", 4: "unsigned int", 8: "unsigned long long"}[t.Size]
	case objctype.Float:
		return "float"
	case objctype.Double:
		return "double"
	case objctype.Object:
		return "id"
	case objctype.ClassRef:
		return "Class"
	case objctype.Selector:
		return "SEL"
	}
	return "void *"
}
