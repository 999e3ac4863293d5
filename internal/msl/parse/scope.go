package parse

import "github.com/aruminium-go/aruminium/internal/msl/ast"

// symKind tells what a name is, as far as the grammar cares.
type symKind uint8

const (
	symUnknown      symKind = iota
	symValue                // variable, enumerator, function
	symFuncTemplate         // function template, perhaps among functions
	symVarTemplate
	symType
	symClassTemplate // class or alias template, template template parameter
	symNamespace
)

// symbol is what the parser knows about a name.
type symbol struct {
	kind  symKind
	scope *scope // of a namespace, of a class; nil if not known
}

// isType reports whether the name alone names a type: a class template does
// so within itself, and where its arguments are deduced.
func (s symbol) isType() bool { return s.kind == symType || s.kind == symClassTemplate }

func (s symbol) isTemplate() bool {
	return s.kind == symClassTemplate || s.kind == symFuncTemplate || s.kind == symVarTemplate
}

// scope is a region in which names are declared. A scope lives as long as
// something refers to it: classes and namespaces are entered again.
type scope struct {
	parent    *scope
	names     map[string]symbol
	related   []*scope             // bases of a class; namespaces used
	builtin   func(string) symKind // names that are there from the start
	record    string               // name of the class, for its constructors
	namespace bool
	thin      bool // template parameters: what is declared goes to the parent
}

func (p *parser) universe() {
	p.global = &scope{names: make(map[string]symbol, 64), builtin: globalName, namespace: true}
	metal := &scope{parent: p.global, names: make(map[string]symbol), builtin: metalName, namespace: true}
	p.global.names["metal"] = symbol{symNamespace, metal}
	for _, name := range []string{"fast", "precise"} {
		metal.names[name] = symbol{symNamespace, &scope{parent: metal, namespace: true}}
	}
	metal.names["raytracing"] = symbol{symNamespace, &scope{parent: metal, builtin: metalName, namespace: true}}
	p.scope = p.global
	p.members = make(map[string]bool)
	p.skipped = make(map[int]cursor)
}

// push opens a scope within the current one.
func (p *parser) push() *scope {
	s := &scope{parent: p.scope}
	p.scope = s
	return s
}

func (p *parser) pop() { p.scope = p.scope.parent }

// outer returns the scope in which declarations take effect.
func (p *parser) outer() *scope {
	s := p.scope
	for s.thin {
		s = s.parent
	}
	return s
}

// declare makes name known in s.
func (s *scope) declare(name string, sym symbol) {
	if name == "" {
		return
	}
	if s.names == nil {
		s.names = make(map[string]symbol)
	}
	old, ok := s.names[name]
	if ok && (old.kind == symFuncTemplate && sym.kind == symValue || // an overload
		old.kind == symClassTemplate && sym.kind == symType) { // a friend or a redeclaration
		return
	}
	if sym.scope == nil && old.kind == sym.kind {
		sym.scope = old.scope
	}
	s.names[name] = sym
}

// local returns what name is in s itself, its bases and the namespaces it
// uses.
func (s *scope) local(name string, depth int) symbol {
	if sym, ok := s.names[name]; ok {
		return sym
	}
	if s.builtin != nil {
		if k := s.builtin(name); k == symType || k == symClassTemplate {
			return symbol{k, builtinMembers()}
		} else if k != symUnknown {
			return symbol{kind: k}
		}
	}
	if depth < 16 {
		for _, r := range s.related {
			if sym := r.local(name, depth+1); sym.kind != symUnknown {
				return sym
			}
		}
	}
	return symbol{}
}

// lookup returns what an unqualified name is.
func (p *parser) lookup(name string) symbol {
	for s := p.scope; s != nil; s = s.parent {
		if sym := s.local(name, 0); sym.kind != symUnknown {
			return sym
		}
	}
	return symbol{}
}

// use makes the names of ns visible in s.
func (s *scope) use(ns *scope) {
	if ns == nil || ns == s {
		return
	}
	for _, r := range s.related {
		if r == ns {
			return
		}
	}
	s.related = append(s.related, ns)
}

// typeScope returns the scope of the class that a type names, or nil.
func (p *parser) typeScope(t ast.Type) *scope {
	switch t := t.(type) {
	case *ast.QualType:
		return p.typeScope(t.Elem)
	case *ast.NamedType:
		return p.resolve(t.Name).scope
	case *ast.TagType:
		if t.Name != nil {
			return p.resolve(t.Name).scope
		}
	}
	return nil
}

// resolve returns what a name that has been read is.
func (p *parser) resolve(n *ast.Name) symbol {
	var sym symbol
	for i := range n.Parts {
		name := n.Parts[i].Ident
		switch {
		case i == 0 && n.Global:
			sym = p.global.local(name, 0)
		case i == 0:
			sym = p.lookup(name)
		case sym.scope == nil:
			return symbol{}
		default:
			sym = sym.scope.local(name, 0)
		}
	}
	return sym
}
