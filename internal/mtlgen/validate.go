package main

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// locals are the variables of generated bodies.
var locals = []string{"result", "frame", "span", "block", "errObject", "a", "b", "d"}

// ofObject are the members of what every class embeds.
var ofObject = []string{"Object", "ID", "IsNil", "Retain", "Release", "RespondsTo", "String"}

// check resolves the names of types and looks for Go names that collide.
func (p *parser) check() {
	a := p.api
	top := map[string]Pos{}
	declare := func(pos Pos, name string) {
		if was, ok := top[name]; ok {
			p.errorf(pos, "%s is declared at %s already", name, was)
		}
		top[name] = pos
	}
	resolve := func(pos Pos, params []Param, result *Type) {
		for i := range params {
			if err := a.resolve(&params[i].Type); err != nil {
				p.errorf(pos, "%v", err)
			}
		}
		if err := a.resolve(result); err != nil {
			p.errorf(pos, "%v", err)
		}
	}
	for _, s := range a.Structs {
		declare(s.Pos, s.Name)
		p.checkFields(s)
	}
	for _, e := range a.Enums {
		declare(e.Pos, e.Name)
		for _, c := range e.Cases {
			declare(e.Pos, e.Const(c))
		}
	}
	for _, c := range a.Classes {
		declare(c.Pos, c.Name)
		declare(c.Pos, c.Name+"FromID")
		p.checkSuper(c)
		names, selectors := map[string]Pos{}, map[string]bool{}
		for _, m := range c.Methods {
			resolve(m.Pos, m.Params, &m.Result)
			p.checkShape(m)
			for _, q := range m.Params {
				switch {
				case token.IsKeyword(q.Name) || types.Universe.Lookup(q.Name) != nil:
					p.errorf(m.Pos, "%s cannot have a parameter called %s: that means something in Go", m.Name, q.Name)
				case slices.Contains(locals, q.Name) || q.Name == receiver(c):
					p.errorf(m.Pos, "%s cannot have a parameter called %s: its body has a variable of that name", m.Name, q.Name)
				}
			}
			key := fmt.Sprint(m.Class, m.Selector)
			if selectors[key] {
				p.errorf(m.Pos, "%s has %s twice", c.Name, m.Selector)
			}
			selectors[key] = true
			if m.Func() {
				declare(m.Pos, m.Name)
				continue
			}
			switch was, ok := names[m.Name]; {
			case ok:
				p.errorf(m.Pos, "%s has two methods called %s: the other is at %s", c.Name, m.Name, was)
			case slices.Contains(ofObject, m.Name) || m.Name == c.Super:
				p.errorf(m.Pos, "%s cannot have a method called %s: what it embeds is called so", c.Name, m.Name)
			}
			names[m.Name] = m.Pos
		}
	}
	for _, f := range a.Functions {
		declare(f.Pos, f.Name)
		resolve(f.Pos, f.Params, &f.Result)
	}
	for _, f := range a.Inlines {
		declare(f.Pos, f.Name)
		resolve(f.Pos, f.Params, &f.Result)
	}
	for _, c := range a.Constants {
		declare(c.Pos, c.Name)
	}
	for _, n := range a.Numbers {
		declare(n.Pos, n.Name)
	}
}

func (p *parser) checkSuper(c *Class) {
	for above, n := c, 0; above.Super != ""; n++ {
		next := p.api.classes[above.Super]
		if next == nil {
			p.errorf(c.Pos, "%s embeds %s, which is not declared", above.Name, above.Super)
			return
		}
		if n > len(p.api.Classes) {
			p.errorf(c.Pos, "%s embeds itself", c.Name)
			return
		}
		above = next
	}
}

// checkFields takes numbers, enums and other structs as fields.
func (p *parser) checkFields(s *Struct) {
	if len(s.Fields) == 0 {
		p.errorf(s.Pos, "%s has no fields", s.Name)
		s.Fields = []Field{{Type: Type{Kind: Scalar, Name: "uint"}}}
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if err := p.api.resolve(&f.Type); err != nil {
			p.errorf(s.Pos, "%v", err)
			continue
		}
		ok := f.Type.Kind == Scalar || f.Type.Kind == EnumType
		if f.Type.Kind == StructType {
			ok = !p.holds(p.api.structs[f.Type.Name], s, len(p.api.Structs))
		}
		if !ok {
			p.errorf(s.Pos, "%s.%s: a field is a number, an enum or a struct without this one in it", s.Name, f.Name)
			f.Type = Type{Kind: Scalar, Name: "uint"}
		}
	}
}

// holds reports whether struct s is or holds another, looking no deeper than there are structs.
func (p *parser) holds(s, other *Struct, depth int) bool {
	return s == other || depth > 0 && slices.ContainsFunc(s.Fields, func(f Field) bool {
		inner := p.api.structs[f.Type.Name]
		return inner != nil && p.holds(inner, other, depth-1)
	})
}

// What the parameters and the result of a method can be, and what a block, a C array, an NSArray, an
// NSDictionary and an out parameter can hold.
var (
	paramKinds = []Kind{Scalar, EnumType, StructType, Object, ID, String, URL, Data, NSData, NSNumber, CFType, Dict, List, Block,
		Pointer, ConstPointer, Bytes, CArray, Count, First, Out, ErrorOut}
	resultKinds = []Kind{Void, Scalar, EnumType, StructType, Object, ID, String, URL, NSData, NSNumber, CFType, Dict, List,
		NSError, Pointer, ConstPointer, Address, Instance}
	blockKinds = []Kind{Scalar, EnumType, Object, ID, String, NSError, Pointer}
	elemKinds  = map[Kind][]Kind{
		CArray: {Scalar, EnumType, StructType, Object}, List: {Object, String}, Dict: {Object, List}, Out: {Scalar, Object},
		Address: {Scalar},
	}
)

// checkShape reports what no body can be generated for.
func (p *parser) checkShape(m *Method) {
	check := func(t Type, kinds []Kind, what string) {
		if !slices.Contains(kinds, t.Kind) {
			p.errorf(m.Pos, "%s: %s cannot be %s", m.Name, t.Go(), what)
		} else if kinds, ok := elemKinds[t.Kind]; ok && t.Elem != nil && !slices.Contains(kinds, t.Elem.Kind) {
			p.errorf(m.Pos, "%s: %s cannot hold %s", m.Name, t.Go(), t.Elem.Go())
		}
	}
	check(m.Result, resultKinds, "a result")
	if m.Init() && !strings.HasPrefix(m.Selector, "init") {
		p.errorf(m.Pos, "%s: only a class method and an initialiser return an instance", m.Name)
	}
	counts := func(q Param) bool { return q.Type.Kind == Count || q.Type.Kind == First }
	for i, q := range m.Params {
		check(q.Type, paramKinds, "a parameter")
		switch q.Type.Kind {
		case List, Dict:
			if e := q.Type.Elem; e != nil && (e.Kind == String || q.Type.Kind == Dict && e.Kind != List) {
				p.errorf(m.Pos, "%s: no conversion makes an object of %s", m.Name, q.Type.Go())
			}
		case Count, First:
			if len(m.counted()) == 0 {
				p.errorf(m.Pos, "%s: a count or range needs slices that it counts", m.Name)
			}
		case CArray:
			if q.Type.Length == "" && !slices.ContainsFunc(m.Params, counts) {
				p.errorf(m.Pos, "%s: a C array needs a count or a range", m.Name)
			}
		case ErrorOut:
			if i < len(m.Params)-1 {
				p.errorf(m.Pos, "%s: the error is the last parameter", m.Name)
			}
			if k := m.Result.Kind; k != Object && k != NSData && !(k == Scalar && m.Result.Name == "bool") {
				p.errorf(m.Pos, "%s: a method that can fail returns an object, data or a bool", m.Name)
			}
		case Block:
			if len(q.Type.Args) > 4 {
				p.errorf(m.Pos, "%s: a block has at most 4 parameters", m.Name)
			}
			for _, t := range q.Type.Args {
				check(t, blockKinds, "a parameter of a block")
				if t.Name == "float32" || t.Name == "float64" {
					p.errorf(m.Pos, "%s: a block cannot take a float", m.Name)
				}
			}
		}
	}
}
