package main

import "strings"

// emitTable writes the table that drives the test of every generated method.
func (a *API) emitTable(w *writer) {
	w.comment("Every generated method: its class, selector and type encoding, how each parameter crosses, and the method itself.")
	w.printf("var messages = []message{\n")
	for _, c := range a.Classes {
		for _, m := range c.Methods {
			kinds := make([]string, len(m.Params))
			for i, p := range m.Params {
				kinds[i] = p.Type.kindName()
			}
			method := c.Name + "." + m.Name
			if m.Class {
				method = m.Name
			}
			w.printf("{%q, %q, %v, %q, %q, %s},\n", c.Metal(), m.Selector, m.Class, a.MethodEncoding(m), strings.Join(kinds, " "), method)
		}
	}
	w.printf("}\n\n")
	w.comment("Every class: its name, what it inherits from, and the function that makes one of an ID.")
	w.printf("var classes = []mirrored{\n")
	for _, c := range a.Classes {
		super := ""
		if c.Super != "" {
			super = "MTL" + c.Super
		}
		w.printf("{%q, %q, %v, %sFromID},\n", c.Metal(), super, c.Protocol, c.Name)
	}
	w.printf("}\n\n")
	w.comment("Every case of every enum with what its String returns: those of one value share the text.")
	w.printf("var cases = []enumCase{\n")
	for _, e := range a.Enums {
		distinct := e.distinct()
		for _, c := range e.Cases {
			for _, d := range distinct {
				if d.Value == c.Value && (!e.Options || c.Value != "0") {
					w.printf("{%s, %q},\n", e.Const(c), d.Text)
				}
			}
		}
	}
	w.printf("}\n\n")
	w.comment("Every struct with its type encoding.")
	w.printf("var structs = []layout{\n")
	for _, s := range a.Structs {
		w.printf("{%s{}, %q},\n", s.Name, a.StructEncoding(s))
	}
	w.printf("}\n")
}

var kindNames = map[Kind]string{
	String: "string", URL: "url", Data: "data", Bytes: "bytes", Pointer: "pointer", ConstPointer: "pointer",
	CArray: "array", Count: "count", First: "first", Out: "out", ErrorOut: "error", Block: "block",
	Dict: "dict", List: "list", Object: "object", StructType: "struct",
}

// kindName tells the test how a parameter crosses.
func (t Type) kindName() string {
	if name, ok := kindNames[t.Kind]; ok {
		return name
	}
	if t.Kind == Scalar {
		return t.Name
	}
	return "word"
}
