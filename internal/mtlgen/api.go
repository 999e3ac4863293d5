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
	Doc        string // a sentence for the doc comment, or ""
}

// A Class is an Objective-C class or protocol.
type Class struct {
	Pos      Pos
	Name     string // the Go name: the Metal name without MTL
	Protocol bool
	Super    string // the Go name of the embedded class or protocol; "" for NSObject
	Note     Note
	Methods  []*Method
}

// Metal is the name in Objective-C.
func (c *Class) Metal() string { return "MTL" + c.Name }

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
			if len(selectors[name]) > 1 {
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
	if m.Class {
		return strings.ToUpper(m.Selector[:1]) + strings.ReplaceAll(m.Selector[1:], ":", "")
	}
	return m.Name
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
	Pos    Pos
	Name   string
	Metal  string
	Tag    string // the tag in the type encoding
	Note   Note
	Fields []Field
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

// A Constant is an exported NSString.
type Constant struct {
	Pos         Pos
	Metal, Name string
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
