package main

import (
	"fmt"
	"io"
	"strings"
)

// signature is a Go parameter list and its results.
func signature(params []Param, result Type) string {
	var in, out []string
	grouped := ""
	fails := len(params) > 0 && params[len(params)-1].Type.Kind == ErrorOut
	if result.Kind != Void && !(fails && result.Kind == Scalar) { // the error tells what the BOOL does
		out = append(out, result.Go())
	}
	for _, p := range params {
		switch p.Type.Kind {
		case Count:
		case Out, ErrorOut:
			out = append(out, p.Type.Go())
		default:
			if n := len(in); n > 0 && grouped == p.Type.Go() { // a, b uint
				in[n-1] = strings.TrimSuffix(in[n-1], " "+grouped)
			}
			grouped = p.Type.Go()
			in = append(in, p.Name+" "+grouped)
		}
	}
	s := "(" + strings.Join(in, ", ") + ")"
	switch len(out) {
	case 0:
		return s
	case 1:
		return s + " " + out[0]
	}
	return s + " (" + strings.Join(out, ", ") + ")"
}

// List prints the Go declarations with each method's selector and type encoding.
func (a *API) List(w io.Writer) {
	for _, c := range a.Classes {
		super := c.Super
		if super == "" {
			super = "Object"
		}
		fmt.Fprintf(w, "\ntype %s struct{ %s } // %s\n", c.Name, super, c.Metal())
		for _, m := range c.Methods {
			if m.Func() {
				result := m.Result
				if result.Kind == Instance {
					result = Type{Kind: Object, Name: c.Name}
				}
				fmt.Fprintf(w, "func %s%s  // %s  %s\n", m.Name, signature(m.Params, result), m.Selector, a.MethodEncoding(m))
				continue
			}
			fmt.Fprintf(w, "func (%s) %s%s  // %s  %s\n", c.Name, m.Name, signature(m.Params, m.Result), m.Selector, a.MethodEncoding(m))
		}
	}
	for _, s := range a.Structs {
		fmt.Fprintf(w, "\ntype %s struct { // %s %s\n", s.Name, s.Metal, a.StructEncoding(s))
		for _, f := range s.Fields {
			array := ""
			if f.Array > 0 {
				array = fmt.Sprintf("[%d]", f.Array)
			}
			fmt.Fprintf(w, "\t%s %s%s\n", f.Name, array, f.Type.Go())
		}
		fmt.Fprintln(w, "}")
	}
	for _, e := range a.Enums {
		fmt.Fprintf(w, "\ntype %s %s // %s, has String()\nconst (\n", e.Name, e.Base, scalars[e.Base])
		for _, c := range e.Cases {
			fmt.Fprintf(w, "\t%s %s = %s\n", e.Const(c), e.Name, c.Value)
		}
		fmt.Fprintln(w, ")")
	}
	fmt.Fprintln(w)
	for _, f := range a.Functions {
		fmt.Fprintf(w, "func %s%s // %s\n", f.Name, signature(f.Params, f.Result), f.Metal)
	}
	for _, f := range a.Inlines {
		fmt.Fprintf(w, "func %s%s // %s\n", f.Name, signature(f.Params, f.Result), f.Metal)
	}
	for _, c := range a.Constants {
		fmt.Fprintf(w, "func %s() string // %s\n", c.Name, c.Metal)
	}
	for _, n := range a.Numbers {
		fmt.Fprintf(w, "const %s = %s\n", n.Name, n.Value)
	}
}
