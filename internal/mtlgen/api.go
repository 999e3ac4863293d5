package main

import (
	"fmt"
	"strings"
)

// An API is a parsed description. Everything is kept in the order in which it was written,
// so that what is generated from it does not change from run to run.
type API struct {
	Classes   []*Class
	Enums     []*Enum
	Structs   []*Struct
	Functions []*Function
	Constants []*Constant
	Numbers   []*Number
	Inlines   []*Inline
	Omissions []*Omission

	vars    map[*Method]string // see names
	classes map[string]*Class
	enums   map[string]*Enum
	structs map[string]*Struct
}

// A Pos is a place in a description.
type Pos struct {
	File string
	Line int
}

func (p Pos) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Area is the name of the file without its extension: it groups enums and structs into Go files.
func (p Pos) Area() string { return strings.TrimSuffix(p.File, ".txt") }

// A Note is what may follow any declaration.
type Note struct {
	Since      string // the first macOS in which it was seen; "" for macOS 12 and before
	Deprecated string // what to use instead; "" if it is not deprecated
	Optional   bool   // an optional method of a protocol
	Doc        string // a sentence for the doc comment, or ""
}

// A Class is an Objective-C class or protocol.
type Class struct {
	Pos      Pos
	Name     string // the Go name: the Metal name without MTL; MTL4, CA, CG and NS stay
	Protocol bool
	Super    string // the Go name of the embedded class or protocol; "" for NSObject
	Note     Note
	Methods  []*Method
}

// Metal is the name in Objective-C.
func (c *Class) Metal() string { return metal(c.Name) }

// metal is the name in Objective-C of a class, an enum or a case.
func metal(name string) string {
	for _, prefix := range []string{"MTL4", "CA", "CG", "NS"} {
		rest, ok := strings.CutPrefix(name, prefix)
		if ok && len(rest) > 1 && rest[0] >= 'A' && rest[0] <= 'Z' {
			return name
		}
	}
	return "MTL" + name
}

// A Method is one message.
type Method struct {
	Pos      Pos
	Class    bool // a class method
	Selector string
	Name     string // the Go name
	Params   []Param
	Result   Type
	Note     Note
}

// Init reports whether the method initialises what +alloc made: a func in Go, as a class method is.
func (m *Method) Init() bool { return !m.Class && m.Result.Kind == Instance }

// Func reports whether the method is a func in Go.
func (m *Method) Func() bool { return m.Class || m.Init() }

// Later reports whether an object of class c may lack the method.
func (m *Method) Later(c *Class) bool {
	return m.Note.Optional || m.Note.Since != "" && m.Note.Since != c.Note.Since
}

// Fails reports whether the method's last result is an error.
func (m *Method) Fails() bool {
	return len(m.Params) > 0 && m.Params[len(m.Params)-1].Type.Kind == ErrorOut
}

// Handler returns the parameter that is told of a failure later, if there is one: a block whose last
// parameter is an error.
func (m *Method) Handler() *Param {
	for i := range m.Params {
		if t := m.Params[i].Type; t.Kind == Block && len(t.Args) > 0 && t.Args[len(t.Args)-1].Kind == NSError {
			return &m.Params[i]
		}
	}
	return nil
}

// Owned reports whether the method's name belongs to a family whose results belong to the caller.
func (m *Method) Owned() bool {
	for _, family := range []string{"new", "alloc", "copy", "mutableCopy", "init"} {
		rest, ok := strings.CutPrefix(m.Selector, family)
		if ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return true
		}
	}
	return false
}

// names gives each selector's Go variable: sel and the Go name of the method, after the class's
// where methods of different selectors share it. It fails if two selectors get one variable.
func (a *API) names() (map[*Method]string, error) {
	selectors := map[string]map[string]bool{}
	for _, c := range a.Classes {
		for _, m := range c.Methods {
			name := m.variable()
			if selectors[name] == nil {
				selectors[name] = map[string]bool{}
			}
			selectors[name][m.Selector] = true
		}
	}
	names, taken := map[*Method]string{}, map[string]string{}
	for _, c := range a.Classes {
		for _, m := range c.Methods {
			name := m.variable()
			if len(selectors[name]) > 1 || m.Later(c) {
				name = c.Name + name
			}
			if was, ok := taken[name]; ok && was != m.Selector {
				return nil, fmt.Errorf("%s: %s and %s would share the variable sel%s", m.Pos, was, m.Selector, name)
			}
			taken[name] = m.Selector
			names[m] = name
		}
	}
	return names, nil
}

// variable is the Go name of a method without what a class method's name adds for its class.
func (m *Method) variable() string {
	if !m.Func() {
		return m.Name
	}
	var b strings.Builder
	for _, part := range strings.Split(strings.TrimSuffix(m.Selector, ":"), ":") {
		b.WriteString(strings.ToUpper(part[:min(1, len(part))]) + part[min(1, len(part)):])
	}
	return b.String()
}

// A Param is one Go parameter (or, for out parameters and errors, one more result).
type Param struct {
	Name string
	Type Type
}

// An Enum is an enumeration or, if Options, a set of flags.
type Enum struct {
	Pos     Pos
	Name    string
	Base    string // the Go type under it: uint or int
	Prefix  string // what every case begins with
	Options bool
	Note    Note
	Cases   []Case
}

// A Case is one constant of an Enum.
type Case struct {
	Name  string // without the prefix; after = the whole Go name
	Value string // as in the description: a decimal number
	Text  string // what String returns
	Note  Note
}

// Const is the Go name of a case.
func (e *Enum) Const(c Case) string {
	if whole, ok := strings.CutPrefix(c.Name, "="); ok {
		return whole
	}
	return e.Prefix + c.Name
}

// A Struct is a C struct with the same layout in Go.
type Struct struct {
	Pos      Pos
	Name     string
	Metal    string
	Tag      string // the tag in the type encoding
	Encoding string // the whole type encoding, where the fields do not tell it
	Note     Note
	Fields   []Field
}

// A Field is a member of a Struct.
type Field struct {
	Metal, Name string
	Type        Type
	Array       int // the length of an array of Type, or 0
}

// A Function is an exported C function.
type Function struct {
	Pos    Pos
	Metal  string
	Name   string
	Params []Param
	Result Type
	Note   Note
}

// A Constant is an exported NSString or NSInteger.
type Constant struct {
	Pos         Pos
	Metal, Name string
	Int         bool // an NSInteger
}

// An Omission is something of Metal that the mirror lacks.
type Omission struct {
	Pos                     Pos
	Metal, Selector, Reason string
}

// A Number is a plain integer constant.
type Number struct {
	Pos                      Pos
	Metal, Name, Base, Value string
}

// An Inline is a C function in a header, without a symbol: it is one expression in Go too.
type Inline struct {
	Function
	Body string
}
