package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Coverage counts what of Metal a description declares and lists what it has wrong.
type Coverage struct {
	Methods, Enums, Cases, Structs, Functions, Constants Part
	WrongEncodings                                       int
	Wrong                                                []string
	Omitted                                              []string // what is left out, with the reason
	Missing                                              []string // what is left out without one

	omissions map[string]*Omission // by name, or by owner and selector
	used      map[*Omission]bool
}

// A Part is how much of a whole there is.
type Part struct{ Have, All int }

func (c Part) String() string { return fmt.Sprintf("%d/%d", c.Have, c.All) }

func (c *Coverage) String() string {
	return fmt.Sprintf("methods %v, enums %v, cases %v, structs %v, functions %v, constants %v, encodings wrong %d",
		c.Methods, c.Enums, c.Cases, c.Structs, c.Functions, c.Constants, c.WrongEncodings)
}

func (c *Coverage) wrong(pos Pos, format string, args ...any) {
	c.Wrong = append(c.Wrong, fmt.Sprintf("%s: %s", pos, fmt.Sprintf(format, args...)))
}

func (c *Coverage) encoding(pos Pos, what, have, want string) {
	if have != want {
		c.WrongEncodings++
		c.wrong(pos, "%s is encoded %s, the table has %s", what, have, want)
	}
}

// Check compares a description with the tables. Only what is declared is compared; the
// totals count all of Metal, without the methods that classes inherit from NSObject.
func (a *API) Check(t *Tables) *Coverage {
	c := &Coverage{omissions: map[string]*Omission{}, used: map[*Omission]bool{}}
	for _, o := range a.Omissions {
		c.omissions[strings.TrimSpace(o.Metal+" "+o.Selector)] = o
	}
	a.checkClasses(t, c)
	a.checkEnums(t, c)
	a.checkStructs(t, c)
	a.checkFunctions(t, c)
	for _, o := range a.Omissions {
		if !c.used[o] {
			c.wrong(o.Pos, "%s is said to be left out, but is not or does not exist", strings.TrimSpace(o.Metal+" "+o.Selector))
		}
	}
	return c
}

// leftOut notes that the description has no name, or none in owner, and what it would declare.
func (c *Coverage) leftOut(kind, owner, name, declares string) {
	what := strings.TrimSpace(owner + " " + name)
	for _, key := range []string{what, owner} {
		if o := c.omissions[key]; o != nil && key != "" {
			c.used[o] = true
			c.Omitted = append(c.Omitted, fmt.Sprintf("%s %s is left out: %s", kind, what, o.Reason))
			return
		}
	}
	if declares != "" {
		what += " (" + declares + ")"
	}
	c.Missing = append(c.Missing, fmt.Sprintf("%s %s is missing", kind, what))
}

func (a *API) checkClasses(t *Tables, c *Coverage) {
	type key struct {
		owner, selector string
		class           bool
	}
	methods := map[key]row{}
	for _, r := range t.methods {
		methods[key{r["owner"], r["selector"], r["is_class_method"] == "1"}] = r
		if isMetalMethod(r) {
			c.Methods.All++
		}
	}
	declared := map[key]bool{}
	owners := map[string]row{}
	for _, r := range t.owners {
		owners[r["name"]] = r
	}
	for _, class := range a.Classes {
		o := owners[class.Metal()]
		if o == nil {
			c.wrong(class.Pos, "Metal has no class or protocol called %s", class.Metal())
			continue
		}
		kind := "class"
		if class.Protocol {
			kind = "protocol"
		}
		if o["kind"] != kind {
			c.wrong(class.Pos, "%s is a %s, not a %s", class.Metal(), o["kind"], kind)
		}
		if super := a.superOf(o); super != class.Super {
			c.wrong(class.Pos, "%s inherits from %q, not from %q", class.Metal(), super, class.Super)
		}
		if (o["deprecated"] == "1") != (class.Note.Deprecated != "") {
			c.wrong(class.Pos, "%s: the table has deprecated = %s", class.Metal(), o["deprecated"])
		}
		for _, m := range class.Methods {
			r := methods[key{class.Metal(), m.Selector, m.Class}]
			if r == nil {
				c.wrong(m.Pos, "%s has no method %s", class.Metal(), m.Selector)
				continue
			}
			if isMetalMethod(r) {
				c.Methods.Have++
				declared[key{class.Metal(), m.Selector, m.Class}] = true
			}
			if (r["is_required"] == "0") != m.Note.Optional {
				c.wrong(m.Pos, "%s %s: the table has is_required = %s", class.Metal(), m.Selector, r["is_required"])
			}
			c.encoding(m.Pos, class.Metal()+" "+m.Selector, a.MethodEncoding(m), r["type_encoding"])
			c.note(m.Pos, class.Metal()+" "+m.Selector, m.Note, r, class.Note.Deprecated != "")
			if owned := r["ownership"] == "retained"; owned != (m.Owned() && a.MethodEncoding(m)[0] == '@') {
				c.wrong(m.Pos, "%s: the table says that the result is %s", m.Selector, r["ownership"])
			}
		}
	}
	for _, r := range t.methods {
		if k := (key{r["owner"], r["selector"], r["is_class_method"] == "1"}); isMetalMethod(r) && !declared[k] {
			c.leftOut("method", k.owner, k.selector, declaration(r))
		}
	}
}

// declaration is the types of a row's method, function or constant in C.
func declaration(r row) string {
	if r["kind"] == "constant" {
		return r["return_type"]
	}
	return r["return_type"] + " (" + strings.ReplaceAll(r["arg_types"], ",", ", ") + ")"
}

// isMetalMethod reports whether a row is a method that Metal declares, not one that its classes inherit.
func isMetalMethod(r row) bool { return r["framework"] == "Metal" && r["inherited_from"] == "-" }

// superOf is the Go name of what an owner inherits from: a class or protocol of the mirror, else the
// first protocol of Metal that it conforms to, else nothing.
func (a *API) superOf(o row) string {
	for _, name := range strings.Split(o["super"]+","+o["conforms"], ",") {
		if strings.HasPrefix(name, "NS") {
			continue
		}
		if goName := strings.TrimPrefix(name, "MTL"); a.classes[goName] != nil {
			return goName
		} else if a.classes[name] != nil { // MTL4…, CA…
			return name
		}
	}
	return ""
}

// note compares what is said beside a declaration. In a class that is deprecated as a whole the table
// does not mark each method.
func (c *Coverage) note(pos Pos, what string, n Note, r row, inDeprecated bool) {
	if (r["deprecated"] == "1") != (n.Deprecated != "") && !inDeprecated {
		c.wrong(pos, "%s: the table has deprecated = %s", what, r["deprecated"])
	}
	since := r["macos"]
	if strings.HasPrefix(since, "<=") || since == "-" {
		since = ""
	}
	if since != n.Since {
		c.wrong(pos, "%s: the table has macos = %s, the description %q", what, r["macos"], n.Since)
	}
}

func (a *API) checkEnums(t *Tables, c *Coverage) {
	enums := map[string][]row{}
	numbers := map[string]row{}
	for _, r := range t.enums {
		if r["enum"] == "-" {
			numbers[r["case"]] = r
			continue
		}
		if r["framework"] == "Metal" {
			c.Cases.All++
			if enums[r["enum"]] == nil {
				c.Enums.All++
			}
		}
		enums[r["enum"]] = append(enums[r["enum"]], r)
	}
	declared := map[string]bool{}
	bases := map[string]string{"NSUInteger": "uint", "NSInteger": "int", "uint64_t": "uint64", "uint32_t": "uint32", "uint8_t": "uint8"}
	for _, e := range a.Enums {
		rows := enums[metal(e.Name)]
		if rows == nil {
			c.wrong(e.Pos, "Metal has no enum called %s", metal(e.Name))
			continue
		}
		declared[metal(e.Name)] = true
		if rows[0]["framework"] == "Metal" {
			c.Enums.Have++
		}
		if base := bases[rows[0]["underlying"]]; base != e.Base {
			c.wrong(e.Pos, "%s is a %s, not a %s", e.Name, base, e.Base)
		}
		if (rows[0]["is_options"] == "1") != e.Options {
			c.wrong(e.Pos, "%s: the table has is_options = %s", e.Name, rows[0]["is_options"])
		}
		for _, k := range e.Cases {
			name := metal(e.Const(k))
			i := slices.IndexFunc(rows, func(r row) bool { return r["case"] == name })
			if i < 0 {
				c.wrong(e.Pos, "%s has no case %s", metal(e.Name), name)
				continue
			}
			if rows[i]["framework"] == "Metal" {
				c.Cases.Have++
			}
			if rows[i]["value"] != k.Value {
				c.wrong(e.Pos, "%s is %s, not %s", name, rows[i]["value"], k.Value)
			}
			if (rows[i]["deprecated"] == "1") != (k.Note.Deprecated != "") {
				c.wrong(e.Pos, "%s: the table has deprecated = %s", name, rows[i]["deprecated"])
			}
			rows = slices.Delete(slices.Clone(rows), i, i+1)
		}
		for _, r := range rows {
			c.wrong(e.Pos, "%s has the case %s too", e.Name, r["case"])
		}
	}
	for _, name := range slices.Sorted(mapKeys(enums)) {
		if enums[name][0]["framework"] == "Metal" && !declared[name] {
			c.leftOut("enum", name, "", "")
		}
	}
	for _, n := range a.Numbers {
		declared[n.Metal] = true
	}
	for _, name := range slices.Sorted(mapKeys(numbers)) {
		if numbers[name]["framework"] == "Metal" && !declared[name] {
			c.leftOut("number", name, "", "")
		}
	}
	for _, n := range a.Numbers {
		r := numbers[n.Metal]
		if r == nil || r["value"] != n.Value || bases[r["underlying"]] != n.Base {
			c.wrong(n.Pos, "%s %s = %s: the table has %v", n.Metal, n.Base, n.Value, r)
		}
	}
}

func (a *API) checkStructs(t *Tables, c *Coverage) {
	structs := map[string][]row{}
	for _, r := range t.structs {
		if r["framework"] == "Metal" && structs[r["struct"]] == nil {
			c.Structs.All++
		}
		structs[r["struct"]] = append(structs[r["struct"]], r)
	}
	declared := map[string]bool{}
	for _, s := range a.Structs {
		declared[s.Metal] = true
		rows := structs[s.Metal]
		if len(rows) != len(s.Fields) {
			c.wrong(s.Pos, "%s has %d fields, not %d", s.Metal, len(rows), len(s.Fields))
			continue
		}
		if rows[0]["framework"] == "Metal" {
			c.Structs.Have++
		}
		c.encoding(s.Pos, s.Metal, a.StructEncoding(s), rows[0]["encoding"])
		size, align := a.size(Type{Kind: StructType, Name: s.Name})
		if got := fmt.Sprint(size, " ", align); got != rows[0]["size_of_struct"]+" "+rows[0]["alignment"] {
			c.wrong(s.Pos, "%s has size and alignment %s, the table has %s %s", s.Metal, got, rows[0]["size_of_struct"], rows[0]["alignment"])
		}
		offset := 0
		for i, f := range s.Fields {
			n, al := a.fieldSize(f)
			offset = (offset + al - 1) / al * al
			if r := rows[i]; r["field"] != f.Metal || r["offset"] != strconv.Itoa(offset) || r["field_size"] != strconv.Itoa(n) {
				c.wrong(s.Pos, "%s.%s is at %d with %d bytes; the table has %s at %s with %s", s.Metal, f.Metal, offset, n, r["field"], r["offset"], r["field_size"])
			}
			offset += n
		}
	}
	for _, name := range slices.Sorted(mapKeys(structs)) {
		if structs[name][0]["framework"] == "Metal" && !declared[name] {
			c.leftOut("struct", name, "", "")
		}
	}
}

func (a *API) checkFunctions(t *Tables, c *Coverage) {
	functions := map[string]row{}
	for _, r := range t.functions {
		functions[r["name"]] = r
		if r["framework"] != "Metal" {
			continue
		}
		if r["kind"] == "constant" {
			c.Constants.All++
		} else {
			c.Functions.All++
		}
	}
	declared := map[string]bool{}
	check := func(f *Function, kind string) {
		declared[f.Metal] = true
		r := functions[f.Metal]
		if r == nil || r["kind"] != kind {
			c.wrong(f.Pos, "Metal has no %s called %s", kind, f.Metal)
			return
		}
		c.Functions.Have++
		c.encoding(f.Pos, f.Metal, a.Encoding(f.Result)+a.paramEncoding(f.Params), r["encoding"])
	}
	for _, f := range a.Functions {
		check(f, "function")
	}
	for _, f := range a.Inlines {
		check(&f.Function, "static_inline")
	}
	for _, k := range a.Constants {
		encoding, kind := "@", "string"
		if k.Int {
			encoding, kind = "q", "integer"
		}
		r := functions[k.Metal]
		if r == nil || r["kind"] != "constant" || r["encoding"] != encoding {
			c.wrong(k.Pos, "Metal has no %s constant called %s", kind, k.Metal)
			continue
		}
		declared[k.Metal] = true
		if r["framework"] == "Metal" {
			c.Constants.Have++
		}
	}
	for _, name := range slices.Sorted(mapKeys(functions)) {
		if r := functions[name]; r["framework"] == "Metal" && !declared[name] {
			c.leftOut(strings.ReplaceAll(r["kind"], "_", " "), name, "", declaration(r))
		}
	}
}
