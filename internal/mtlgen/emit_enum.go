package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
)

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// emitEnum writes the type, its cases and its String method.
func emitEnum(w *writer, e *Enum) {
	w.comment(e.Name + " " + e.Note.Doc)
	w.printf("//\n// It is %s: %s.\n", metal(e.Name), url(metal(e.Name)))
	w.printf("type %s %s\n\nconst (\n", e.Name, e.Base)
	for _, c := range e.Cases {
		if c.Note.Deprecated != "" {
			w.printf("// Deprecated: %s.\n", c.Note.Deprecated)
		}
		w.printf("%s %s = %s\n", e.Const(c), e.Name, c.Value)
	}
	w.printf(")\n\n")
	if e.Options {
		emitFlags(w, e)
		return
	}
	w.printf("// String returns the name of the case, without %s.\nfunc (x %s) String() string {\nswitch x {\n", e.Prefix, e.Name)
	for _, c := range e.distinct() {
		w.printf("case %s:\nreturn %q\n", e.Const(c), c.Text)
	}
	w.printf("}\n")
	if e.Base == "int" {
		w.printf("return unknownInt(%q, int64(x))\n}\n\n", e.Name)
	} else {
		w.printf("return unknownUint(%q, uint64(x))\n}\n\n", e.Name)
	}
}

// distinct is the cases without those that repeat a value; of two, the one that
// is not deprecated stays.
func (e *Enum) distinct() []Case {
	var cases []Case
	for _, c := range e.Cases {
		i := slices.IndexFunc(cases, func(d Case) bool { return d.Value == c.Value })
		switch {
		case i < 0:
			cases = append(cases, c)
		case cases[i].Note.Deprecated != "" && c.Note.Deprecated == "":
			cases[i] = c
		}
	}
	return cases
}

// emitFlags writes the String method of a set of flags. The flags stand in falling
// order, so that one of several bits is found before the bits it is made of.
func emitFlags(w *writer, e *Enum) {
	cases := e.distinct()
	zero, zeros := "0", 0
	for _, c := range e.Cases {
		if c.Value == "0" && c.Note.Deprecated == "" {
			zeros++
		}
	}
	if i := slices.IndexFunc(cases, func(c Case) bool { return c.Value == "0" }); i >= 0 {
		if zeros == 1 { // of several, none says it all
			zero = cases[i].Text
		}
		cases = slices.Delete(cases, i, i+1)
	}
	value := func(c Case) uint64 {
		n, err := strconv.ParseUint(c.Value, 10, 64)
		if err != nil {
			panic(fmt.Sprintf("%s: %s: %v", e.Pos, c.Name, err))
		}
		return n
	}
	slices.SortFunc(cases, func(c, d Case) int { return cmp.Compare(value(d), value(c)) })
	w.printf("// String returns the names of the flags, without %s, joined by |.\n", e.Prefix)
	w.printf("func (x %s) String() string { return flagText(uint64(x), %q, flags%s[:]) }\n\n", e.Name, zero, e.Name)
	w.printf("var flags%s = [...]flag{\n", e.Name)
	for _, c := range cases {
		w.printf("{uint64(%s), %q},\n", e.Const(c), c.Text)
	}
	w.printf("}\n\n")
}
