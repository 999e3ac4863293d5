package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A parser reads the files of one description. It goes on after an error: all are reported.
type parser struct {
	api  *API
	pos  Pos
	errs []error

	extensions []*Class // more methods for classes of the same names

	// The declaration that indented lines belong to; at most one is set.
	class *Class
	enum  *Enum
	strct *Struct
}

// Parse reads every .txt file of a folder, in the order of their names.
func Parse(dir fs.FS) (*API, error) {
	files, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("there is no .txt file: this is not an API description")
	}
	slices.Sort(files)
	p := &parser{api: &API{classes: map[string]*Class{}, enums: map[string]*Enum{}, structs: map[string]*Struct{}}}
	for _, name := range files {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		p.file(name, string(text))
	}
	return p.finish()
}

// ParseString reads a description from a string; name stands for the file's name.
func ParseString(name, text string) (*API, error) {
	p := &parser{api: &API{classes: map[string]*Class{}, enums: map[string]*Enum{}, structs: map[string]*Struct{}}}
	p.file(name, text)
	return p.finish()
}

func (p *parser) finish() (*API, error) {
	p.extend()
	p.check()
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return p.api, nil
}

// extend gives the methods of extensions to their classes. A method is as old as its class unless
// it says otherwise.
func (p *parser) extend() {
	for _, e := range p.extensions {
		c := p.api.classes[e.Name]
		if c == nil {
			p.errorf(e.Pos, "no class or protocol is called %q", e.Name)
			continue
		}
		c.Methods = append(c.Methods, e.Methods...)
	}
	for _, c := range p.api.Classes {
		for _, m := range c.Methods {
			if m.Note.Since == "" {
				m.Note.Since = c.Note.Since
			}
		}
	}
}

func (p *parser) errorf(pos Pos, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s: %s", pos, fmt.Sprintf(format, args...)))
}

func (p *parser) file(name, text string) {
	p.pos = Pos{File: name}
	p.class, p.enum, p.strct = nil, nil, nil
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		p.pos.Line++
		line := lines.Text()
		if t := strings.TrimSpace(line); t == "" || t[0] == '#' {
			continue
		}
		if line[0] == '\t' {
			p.member(strings.TrimSpace(line))
		} else {
			p.declaration(line)
		}
	}
	if err := lines.Err(); err != nil {
		p.errorf(p.pos, "%v", err)
	}
}

var (
	sinceRE      = regexp.MustCompile(` since (\d+\.\d+)`)
	optionalRE   = regexp.MustCompile(` optional$`)
	deprecatedRE = regexp.MustCompile(` deprecated "([^"]*)"`)
	signatureRE  = regexp.MustCompile(`^([A-Z]\w*)\((.*)\)([^()]*|\s*func\(.*\))$`)
	nameRE       = regexp.MustCompile(`^[A-Z]\w*$`)
	selectorRE   = regexp.MustCompile(`^\+?([A-Za-z_]\w*:)*[A-Za-z_]?\w*:?$`)
)

// note cuts what may follow a declaration off its line.
func (p *parser) note(line string) (string, Note) {
	var n Note
	line, n.Doc, _ = strings.Cut(line, " // ")
	n.Doc = strings.TrimSpace(n.Doc)
	if m := deprecatedRE.FindStringSubmatchIndex(line); m != nil {
		n.Deprecated = line[m[2]:m[3]]
		line = line[:m[0]] + line[m[1]:]
	}
	line = strings.TrimSpace(line)
	if optionalRE.MatchString(line) {
		n.Optional = true
		line = strings.TrimSuffix(line, " optional")
	}
	if m := sinceRE.FindStringSubmatchIndex(line); m != nil {
		n.Since = line[m[2]:m[3]]
		line = line[:m[0]] + line[m[1]:]
	}
	return strings.TrimSpace(line), n
}

func (p *parser) declaration(line string) {
	p.class, p.enum, p.strct = nil, nil, nil
	line, note := p.note(line)
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	f := strings.Fields(rest)
	switch word {
	case "class", "protocol":
		name, super, _ := strings.Cut(rest, ":")
		c := &Class{Pos: p.pos, Name: strings.TrimSpace(name), Super: strings.TrimSpace(super), Protocol: word == "protocol", Note: note}
		p.name(c.Name)
		p.class = c
		p.api.Classes = append(p.api.Classes, c)
		p.api.classes[c.Name] = c
	case "extend":
		p.class = &Class{Pos: p.pos, Name: rest}
		p.extensions = append(p.extensions, p.class)
	case "omit":
		p.omission(rest)
	case "enum", "options":
		e := &Enum{Pos: p.pos, Options: word == "options", Note: note}
		switch {
		case len(f) == 2:
			e.Name, e.Base, e.Prefix = f[0], f[1], f[0]
		case len(f) == 4 && f[2] == "prefix":
			e.Name, e.Base, e.Prefix = f[0], f[1], f[3]
		default:
			p.errorf(p.pos, "want: %s Name uint|int [prefix Prefix]", word)
			return
		}
		p.name(e.Name)
		p.enum = e
		p.api.Enums = append(p.api.Enums, e)
		p.api.enums[e.Name] = e
	case "struct":
		s := &Struct{Pos: p.pos, Tag: "?", Note: note}
		if n := len(f); n >= 3 && f[n-2] == "encoding" {
			s.Encoding, f = f[n-1], f[:n-2]
		}
		if n := len(f); n >= 3 && f[n-2] == "tag" {
			s.Tag, f = f[n-1], f[:n-2]
		}
		if len(f) < 1 || len(f) > 2 {
			p.errorf(p.pos, "want: struct Name [MetalName] [tag Tag]")
			return
		}
		s.Name, s.Metal = f[0], metal(f[0])
		if len(f) == 2 {
			s.Metal = f[1]
		}
		p.name(s.Name)
		p.strct = s
		p.api.Structs = append(p.api.Structs, s)
		p.api.structs[s.Name] = s
	case "function", "inline":
		signature, body, _ := strings.Cut(rest, " = ")
		metal, signature, _ := strings.Cut(signature, " ")
		fn := Function{Pos: p.pos, Metal: metal, Note: note}
		fn.Name, fn.Params, fn.Result = p.signature(strings.TrimSpace(signature))
		switch {
		case word == "function":
			p.api.Functions = append(p.api.Functions, &fn)
		case body == "":
			p.errorf(p.pos, "an inline function needs a body: = expression")
		default:
			p.api.Inlines = append(p.api.Inlines, &Inline{fn, strings.TrimSpace(body)})
		}
	case "constant":
		if len(f) < 2 || len(f) > 3 || len(f) == 3 && f[2] != "int" {
			p.errorf(p.pos, "want: constant MetalName Name [int]")
			return
		}
		p.api.Constants = append(p.api.Constants, &Constant{p.pos, f[0], f[1], len(f) == 3})
	case "number":
		if len(f) != 4 {
			p.errorf(p.pos, "want: number MetalName Name uint|int|uint64 value")
			return
		}
		p.api.Numbers = append(p.api.Numbers, &Number{p.pos, f[0], f[1], f[2], f[3]})
	default:
		p.errorf(p.pos, "a declaration begins with class, protocol, extend, enum, options, struct, function, inline, constant, number or omit, not %q", word)
	}
}

// omission reads MetalName [selector] "reason".
func (p *parser) omission(s string) {
	names, reason, _ := strings.Cut(s, " \"")
	reason, quoted := strings.CutSuffix(strings.TrimSpace(reason), "\"")
	f := strings.Fields(names)
	if !quoted || reason == "" || len(f) < 1 || len(f) > 2 {
		p.errorf(p.pos, `want: omit MetalName [selector] "reason"`)
		return
	}
	o := &Omission{Pos: p.pos, Metal: f[0], Reason: reason}
	if len(f) == 2 {
		o.Selector = f[1]
	}
	p.api.Omissions = append(p.api.Omissions, o)
}

func (p *parser) name(name string) {
	if !nameRE.MatchString(name) {
		p.errorf(p.pos, "%q is not an exported Go name", name)
	}
}

func (p *parser) member(line string) {
	if doc, ok := strings.CutPrefix(line, "doc "); ok {
		switch {
		case p.class != nil:
			p.class.Note.Doc = doc
		case p.enum != nil:
			p.enum.Note.Doc = doc
		case p.strct != nil:
			p.strct.Note.Doc = doc
		default:
			p.errorf(p.pos, "a doc line belongs under a class, an enum or a struct")
		}
		return
	}
	line, note := p.note(line)
	switch {
	case p.class != nil:
		p.method(line, note)
	case p.enum != nil:
		p.enumCase(line, note)
	case p.strct != nil:
		p.field(line)
	default:
		p.errorf(p.pos, "an indented line belongs under a class, an enum or a struct")
	}
}

func (p *parser) method(line string, note Note) {
	m := &Method{Pos: p.pos, Note: note}
	selector, signature, _ := strings.Cut(line, " ")
	if !selectorRE.MatchString(selector) {
		p.errorf(p.pos, "%q is not a selector", selector)
		return
	}
	m.Selector, m.Class = strings.TrimPrefix(selector, "+"), strings.HasPrefix(selector, "+")
	m.Name, m.Params, m.Result = p.signature(strings.TrimSpace(signature))
	p.class.Methods = append(p.class.Methods, m)
	colons, arity := strings.Count(selector, ":"), 0
	for _, q := range m.Params {
		arity += q.Type.cArity()
	}
	if colons != arity {
		p.errorf(p.pos, "%s takes %d arguments, %s has %d", selector, colons, m.Name, arity)
	}
}

// signature reads Name(a T, b, c U) Result.
func (p *parser) signature(s string) (name string, params []Param, result Type) {
	m := signatureRE.FindStringSubmatch(s)
	if m == nil {
		p.errorf(p.pos, "want: Name(name type, …) [type], not %q", s)
		return
	}
	name = m[1]
	result = p.typ(m[3])
	fields := splitList(m[2])
	params = make([]Param, len(fields))
	var typ Type // of the parameter to the right, for lists such as a, b uint
	for i := len(fields) - 1; i >= 0; i-- {
		f := fields[i]
		id, t, typed := strings.Cut(f, " ")
		switch {
		case f == "error":
			params[i] = Param{"err", Type{Kind: ErrorOut}}
			continue
		case f == "count":
			params[i] = Param{"", Type{Kind: Count}}
			continue
		case typed:
			typ = p.typ(t)
		case typ.Kind == Void:
			p.errorf(p.pos, "parameter %s has no type", id)
		}
		params[i] = Param{id, typ}
	}
	return name, params, result
}

func (p *parser) typ(s string) Type {
	t, err := parseType(s)
	if err != nil {
		p.errorf(p.pos, "%v", err)
	}
	return t
}

func (p *parser) enumCase(line string, note Note) {
	f := strings.SplitN(line, " ", 3)
	if len(f) < 2 {
		p.errorf(p.pos, `want: Case value ["text"]`)
		return
	}
	c := Case{Name: f[0], Value: f[1], Text: strings.TrimPrefix(f[0], "="), Note: note}
	if len(f) == 3 {
		text, err := strconv.Unquote(f[2])
		if err != nil {
			p.errorf(p.pos, "%s is not a quoted text", f[2])
		}
		c.Text = text
	}
	if _, err := strconv.ParseUint(c.Value, 10, 64); err != nil {
		if _, err := strconv.ParseInt(c.Value, 10, 64); err != nil {
			p.errorf(p.pos, "%s is not a 64-bit number", c.Value)
		}
	}
	p.enum.Cases = append(p.enum.Cases, c)
}

var arrayRE = regexp.MustCompile(`^\[(\d+)\](\w+)$`)

func (p *parser) field(line string) {
	f := strings.Fields(line)
	if len(f) != 3 {
		p.errorf(p.pos, "want: field Name type")
		return
	}
	d := Field{Metal: f[0], Name: f[1]}
	if m := arrayRE.FindStringSubmatch(f[2]); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n == 0 {
			p.errorf(p.pos, "%s is not the length of an array", m[1])
		}
		d.Array, f[2] = n, m[2]
	}
	d.Type = p.typ(f[2])
	p.strct.Fields = append(p.strct.Fields, d)
}
