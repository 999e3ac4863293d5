package ast

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Fprint writes n as an S-expression, one node a line, indented by depth.
// Fields that are zero, and positions, are left out. It is meant for tests.
func Fprint(w io.Writer, n Node) error {
	p := printer{}
	p.value(reflect.ValueOf(n), 0)
	p.b.WriteByte('\n')
	_, err := io.WriteString(w, p.b.String())
	return err
}

// String returns n as [Fprint] writes it, on one line.
func String(n Node) string {
	p := printer{flat: true}
	p.value(reflect.ValueOf(n), 0)
	return p.b.String()
}

type printer struct {
	b    strings.Builder
	flat bool
}

var (
	posType  = reflect.TypeFor[source.Pos]()
	spanType = reflect.TypeFor[source.Span]()
	nameType = reflect.TypeFor[*Name]()
)

func (p *printer) line(depth int) {
	if p.flat {
		p.b.WriteByte(' ')
		return
	}
	p.b.WriteByte('\n')
	for range depth {
		p.b.WriteString("  ")
	}
}

func (p *printer) value(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			p.b.WriteString("nil")
			return
		}
		if v.Type() == nameType {
			p.name(v.Interface().(*Name), depth)
			return
		}
		p.value(v.Elem(), depth)
	case reflect.Struct:
		p.node(v, depth)
	case reflect.Slice:
		p.b.WriteByte('[')
		for i := range v.Len() {
			p.line(depth + 1)
			p.value(v.Index(i), depth+1)
		}
		p.b.WriteByte(']')
	case reflect.String:
		p.b.WriteString(strconv.Quote(v.String()))
	default:
		fmt.Fprint(&p.b, v.Interface())
	}
}

// node writes a struct: scalars on its first line, children below.
func (p *printer) node(v reflect.Value, depth int) {
	t := v.Type()
	p.b.WriteString("(" + t.Name())
	var nested []int
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type == posType || f.Type == spanType || v.Field(i).IsZero() {
			continue
		}
		if tag, ok := v.Interface().(TagType); ok && tag.Listed && f.Name == "Decl" {
			continue // it has been written as an element of the list
		}
		switch f.Type.Kind() {
		case reflect.Interface, reflect.Pointer, reflect.Slice:
			nested = append(nested, i)
		case reflect.Struct:
			p.b.WriteByte(' ')
			p.node(v.Field(i), depth)
		case reflect.Bool:
			p.b.WriteString(" " + f.Name)
		default:
			p.b.WriteString(" " + f.Name + "=")
			p.value(v.Field(i), depth)
		}
	}
	for _, i := range nested {
		p.line(depth + 1)
		p.b.WriteString(t.Field(i).Name + ": ")
		p.value(v.Field(i), depth+1)
	}
	p.b.WriteByte(')')
}

// name writes a name as in the source if it has no template arguments.
func (p *printer) name(n *Name, depth int) {
	var s strings.Builder
	if n.Global {
		s.WriteString("::")
	}
	for i := range n.Parts {
		part := &n.Parts[i]
		if part.Args != nil || part.Type != nil {
			p.node(reflect.ValueOf(n).Elem(), depth)
			return
		}
		if i > 0 {
			s.WriteString("::")
		}
		switch part.Kind {
		case NameOperator:
			s.WriteString("operator" + string(part.Op))
		case NameDtor:
			s.WriteString("~" + part.Ident)
		case NameLiteral:
			s.WriteString(`operator""` + part.Ident)
		default:
			s.WriteString(part.Ident)
		}
	}
	p.b.WriteString("'" + s.String() + "'")
}
