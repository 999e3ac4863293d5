package main

import (
	"fmt"
	"strings"
)

// tableName is the variable of an area's part of a table: messages of blit.txt are blitMessages.
func tableName(source, table string) string {
	words := strings.Split(strings.TrimSuffix(source, ".txt"), "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "") + table
}

// emitTable writes the tables that drive the tests of everything generated from one file: the
// messages, classes, enum cases and structs.
func (a *API) emitTable(w *writer, source string) {
	emit := func(table, typ string, rows []string) {
		if len(rows) == 0 {
			return
		}
		w.printf("var %s = []%s{\n", tableName(source, table), typ)
		for _, r := range rows {
			w.printf("%s,\n", r)
		}
		w.printf("}\n\n")
	}
	emit("Messages", "message", a.messageRows(source))
	emit("Classes", "mirrored", a.classRows(source))
	emit("Cases", "enumCase", a.caseRows(source))
	emit("Structs", "layout", a.structRows(source))
}

// emitTables writes the list of all parts of each table.
func (a *API) emitTables(w *writer) {
	for _, t := range []struct {
		name, typ, doc string
		rows           func(string) []string
	}{
		{"Messages", "message", "Every generated method: its class, selector and type encoding, how each parameter crosses, and the method itself.", a.messageRows},
		{"Classes", "mirrored", "Every class: its name, what it inherits from, and the function that makes one of an ID.", a.classRows},
		{"Cases", "enumCase", "Every case of every enum with what its String returns: those of one value share the text.", a.caseRows},
		{"Structs", "layout", "Every struct with its type encoding, its size and alignment, and the offsets of its fields.", a.structRows},
	} {
		w.use("slices")
		var parts []string
		for _, area := range a.areas() {
			if len(t.rows(area+".txt")) > 0 {
				parts = append(parts, tableName(area, t.name))
			}
		}
		w.comment(t.doc)
		w.printf("var %s = slices.Concat(\n%s,\n)\n\n", lower(t.name), strings.Join(parts, ",\n"))
	}
}

func (a *API) messageRows(source string) []string {
	var rows []string
	for _, c := range a.Classes {
		for _, m := range c.Methods {
			if m.Pos.File != source {
				continue
			}
			kinds := make([]string, len(m.Params))
			for i, p := range m.Params {
				kinds[i] = p.Type.kindName()
			}
			method, form := c.Name+"."+m.Name, "instanceMethod"
			if m.Func() {
				method, form = m.Name, "classMethod"
			}
			if m.Init() {
				form = "initMethod"
			}
			rows = append(rows, fmt.Sprintf("{%q, %q, %s, %q, %q, %q, %s}", c.Metal(), m.Selector, form, a.MethodEncoding(m), strings.Join(kinds, " "), m.Result.kindName(), method))
		}
	}
	return rows
}

func (a *API) classRows(source string) []string {
	var rows []string
	for _, c := range a.Classes {
		if c.Pos.File != source {
			continue
		}
		super := ""
		if c.Super != "" {
			super = metal(c.Super)
		}
		rows = append(rows, fmt.Sprintf("{%q, %q, %v, %sFromID}", c.Metal(), super, c.Protocol, c.Name))
	}
	return rows
}

func (a *API) caseRows(source string) []string {
	var rows []string
	for _, e := range a.Enums {
		if e.Pos.File != source {
			continue
		}
		distinct := e.distinct()
		for _, c := range e.Cases {
			for _, d := range distinct {
				if d.Value == c.Value && (!e.Options || c.Value != "0") {
					rows = append(rows, fmt.Sprintf("{%s, %q}", e.Const(c), d.Text))
				}
			}
		}
	}
	return rows
}

func (a *API) structRows(source string) []string {
	var rows []string
	for _, s := range a.Structs {
		if s.Pos.File != source {
			continue
		}
		size, align := a.size(Type{Kind: StructType, Name: s.Name})
		rows = append(rows, fmt.Sprintf("{%s{}, %q, %d, %d, []uintptr{%s}}", s.Name, a.StructEncoding(s), size, align, a.offsets(s)))
	}
	return rows
}

// offsets lists where the fields of a struct begin.
func (a *API) offsets(s *Struct) string {
	var list []string
	offset := 0
	for _, f := range s.Fields {
		n, align := a.fieldSize(f)
		offset = (offset + align - 1) / align * align
		list = append(list, fmt.Sprint(offset))
		offset += n
	}
	return strings.Join(list, ", ")
}

var kindNames = map[Kind]string{
	String: "string", CString: "cstring", URL: "url", Data: "dispatchdata", NSData: "data", NSNumber: "number", Bytes: "bytes",
	Pointer: "pointer", ConstPointer: "pointer", Address: "address", Count: "count", First: "first", Out: "out",
	ErrorOut: "error", Block: "block", Dict: "dict", List: "list", Object: "object", StructType: "struct",
}

// kindName tells the test how a parameter crosses.
func (t Type) kindName() string {
	switch name, ok := kindNames[t.Kind]; {
	case ok:
		return name
	case t.Kind == Void:
		return ""
	case t.Kind == CArray && t.Length != "":
		return "sized"
	case t.Kind == CArray && t.Written:
		return "written"
	case t.Kind == CArray:
		return "array"
	case t.Kind == Scalar:
		return t.Name
	}
	return "word"
}
