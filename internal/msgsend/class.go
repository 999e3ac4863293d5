package msgsend

import "fmt"

// Method is one method of a class defined in Go.
type Method struct {
	Selector string
	// Encoding is the method's type encoding. When it is empty, it is that of
	// the class's protocols or else of the superclass's method.
	Encoding string
	// Func is the implementation. It runs on whatever thread or goroutine the
	// sender uses, and must not panic where the sender is not Go.
	Func func(c *Call)
}

// ClassDef describes a class to define with [DefineClass].
type ClassDef struct {
	Name         string
	Super        Class // 0 is NSObject
	Protocols    []Protocol
	Methods      []Method
	ClassMethods []Method
	// Dealloc is called once, when the last reference to an object is gone and
	// before its Go value is let go. The hook of a superclass runs after that of
	// its subclass. The object must not be retained.
	Dealloc func(self ID)
}

// MaxClassDepth is how many classes defined in Go may inherit from one another.
const MaxClassDepth = 8

// check refuses what no runtime takes.
func (def *ClassDef) check() error {
	if def.Name == "" {
		return fmt.Errorf("a class needs a name")
	}
	for i, p := range def.Protocols {
		if p == 0 {
			return fmt.Errorf("protocol %d is none", i)
		}
	}
	if LookupClass(def.Name) != 0 {
		return fmt.Errorf("there is a class of this name already")
	}
	if err := checkSelectors(def.Methods); err != nil {
		return err
	}
	return checkSelectors(def.ClassMethods)
}

// implementations checks the methods of a class.
func (def *ClassDef) implementations(methods []Method, class *goClass, meta bool) ([]*implementation, error) {
	sign, super := "-", def.Super
	if meta {
		sign, super = "+", ObjectClass(ID(super))
	}
	var all []*implementation
	for _, m := range methods {
		if m.Encoding == "" {
			if m.Encoding = def.declared(m.Selector, super, meta); m.Encoding == "" {
				return nil, fmt.Errorf("%s%s: no encoding is given, and neither a protocol of the class nor the superclass has one", sign, m.Selector)
			}
		}
		impl, err := newImplementation(m, class, meta)
		if err != nil {
			return nil, fmt.Errorf("%s%s: %w", sign, m.Selector, err)
		}
		all = append(all, impl)
	}
	return all, nil
}

// declared returns the encoding that the class's protocols or its superclass
// have for a selector.
func (def *ClassDef) declared(selector string, super Class, meta bool) string {
	sel := registerSelector(selector)
	for _, p := range def.Protocols {
		if e := p.Encoding(sel, meta); e != "" {
			return e
		}
	}
	return MethodEncoding(super, sel)
}

// checkSelectors refuses what no class can have.
func checkSelectors(methods []Method) error {
	seen := make(map[string]bool)
	for _, m := range methods {
		switch {
		case m.Selector == "":
			return fmt.Errorf("a method without a selector")
		case m.Selector == "dealloc":
			return fmt.Errorf("dealloc is not a method to define: use ClassDef.Dealloc")
		case seen[m.Selector]:
			return fmt.Errorf("%s is defined twice", m.Selector)
		}
		seen[m.Selector] = true
	}
	return nil
}
