package main

import (
	"bytes"
	"fmt"
	"strings"
)

// emitClass writes the type of a class and its methods.
func (a *API) emitClass(w *writer, c *Class) {
	w.use(module + "objc")
	super := c.Super
	if super == "" {
		super = "Object"
	}
	text := c.Name + " " + c.Note.Doc
	if c.Note.Since != "" {
		text += fmt.Sprintf(" It is there from macOS %s on.", strings.TrimSuffix(c.Note.Since, ".0"))
	}
	w.comment(text)
	w.printf("//\n// It is %s: %s.\n", c.Metal(), url(c.Metal()))
	if c.Note.Deprecated != "" {
		w.printf("//\n")
		w.comment("Deprecated: " + c.Note.Deprecated + ".")
	}
	w.printf("type %s struct{ %s }\n\n", c.Name, super)
	article := "a"
	if strings.ContainsRune("AEIO", rune(c.Name[0])) || strings.HasPrefix(c.Name, "MTL") || strings.HasPrefix(c.Name, "NS") {
		article = "an"
	}
	w.printf("// %sFromID makes %s %s of an object that is one. It does not retain.\n", c.Name, article, c.Name)
	w.printf("func %sFromID(id objc.ID) %s { return %s }\n\n", c.Name, c.Name, a.literal(c))
}

// emitMethods writes the methods of a class that stand in one file of the description.
func (a *API) emitMethods(w *writer, c *Class, source string) {
	for _, m := range c.Methods {
		if m.Pos.File == source {
			a.emitMethod(w, c, m)
		}
	}
}

// literal is a composite literal of a class: Buffer{Resource{Allocation{Object{id}}}}.
func (a *API) literal(c *Class) string {
	if c.Super == "" {
		return c.Name + "{Object{id}}"
	}
	return c.Name + "{" + a.literal(a.classes[c.Super]) + "}"
}

// receiver is the name of the receivers of a class's methods.
func receiver(c *Class) string { return strings.ToLower(c.Name[:min(1, len(c.Name))]) }

func (a *API) emitMethod(w *writer, c *Class, m *Method) {
	note := m.Note
	if note.Since == c.Note.Since {
		note.Since = ""
	}
	if note.Deprecated == c.Note.Deprecated {
		note.Deprecated = ""
	}
	plus := ""
	if m.Class {
		plus = "+"
	}
	w.doc(fmt.Sprintf("%s is %s%s.", m.Name, plus, m.Selector), note)
	b := &body{api: a, w: w, c: c, m: m}
	if m.Func() {
		result := m.Result
		if result.Kind == Instance {
			result = Type{Kind: Object, Name: c.Name}
		}
		b.result, b.self = result, fmt.Sprintf("class(%q)", c.Metal())
		if m.Init() {
			b.self = fmt.Sprintf("alloc(%q)", c.Metal())
		}
		w.printf("func %s%s {\n", m.Name, signature(m.Params, result))
	} else {
		r := receiver(c)
		b.result, b.self = m.Result, r+".id"
		w.printf("func (%s %s) %s%s {\n", r, c.Name, m.Name, signature(m.Params, m.Result))
	}
	for _, p := range append([]Param{{"", b.result}}, m.Params...) {
		if strings.Contains(p.Type.Go(), "unsafe.") {
			w.use("unsafe")
		}
	}
	start := w.Len()
	b.emit()
	if bytes.Contains(w.Bytes()[start:], []byte("objc.")) || strings.Contains(signature(m.Params, b.result), "objc.") {
		w.use(module + "objc")
	}
	w.printf("}\n\n")
}

// A body writes the statements of one method.
type body struct {
	api    *API
	w      *writer
	c      *Class
	m      *Method
	self   string
	result Type

	after []string // statements between the send and the return
	outs  []Param  // out parameters, in order
	err   bool     // there is an NSError ** at the end
}

// An argument is one C argument as words, or as what a frame adds.
type argument struct {
	words []string // the expressions of its words; nil if only a frame can carry it
	frame string   // the statement that adds it to the frame
	count int      // how many words it has
	big   bool     // a struct of more than two words
	small bool     // a struct of at most two words
}

func word(expr string) argument {
	return argument{words: []string{expr}, frame: fmt.Sprintf("frame.AddWord(%s)", expr), count: 1}
}

// emit writes the conversions of the arguments, the send and the conversion of the result.
func (b *body) emit() {
	b.w.use(module + "internal/msgsend")
	b.checkSupport()
	slices := b.m.counted()
	if len(slices) > 1 {
		b.w.printf("sameLength(%q, len(%s), len(%s))\n", b.m.Name, slices[0], strings.Join(slices[1:], "), len("))
	}
	var args []argument
	for _, p := range b.m.Params {
		switch p.Type.Kind {
		case Out:
			b.outs = append(b.outs, p)
		case ErrorOut:
			b.err = true
		case CArray:
			if p.Type.Length != "" {
				b.w.printf("longEnough(%q, len(%s), %s)\n", b.m.Name, p.Name, p.Type.Length)
			}
		}
		args = append(args, b.argument(p, slices)...)
	}
	b.send(args)
}

// counted is the names of the slices whose length a Count or First passes: C arrays, or, if there is
// none, NSArrays.
func (m *Method) counted() []string {
	var arrays, lists []string
	for _, p := range m.Params {
		switch {
		case p.Type.Kind == CArray && p.Type.Length == "":
			arrays = append(arrays, p.Name)
		case p.Type.Kind == List:
			lists = append(lists, p.Name)
		}
	}
	if len(arrays) > 0 {
		return arrays
	}
	return lists
}

// checkSupport writes what makes an error of a method that the object lacks, where there is
// a way to tell of one: as the last result, or by a call of the handler.
func (b *body) checkSupport() {
	handler := b.m.Handler()
	if b.m.Func() || handler == nil && !b.m.Fails() {
		return
	}
	b.w.printf("if err := supports(%s, %s); err != nil {\n", b.self, b.selector())
	if b.m.Fails() {
		var zeros []string
		if b.result.Kind != Scalar {
			zeros = append(zeros, b.result.zero())
		}
		for _, p := range b.m.Params {
			if p.Type.Kind == Out {
				zeros = append(zeros, p.Type.Elem.zero())
			}
		}
		b.w.printf("return %s\n", strings.Join(append(zeros, "err"), ", "))
	} else {
		zeros := make([]string, len(handler.Type.Args)-1)
		for i := range zeros {
			zeros[i] = handler.Type.Args[i].zero()
		}
		b.w.printf("if %s != nil {\n%s(%s)\n}\n", handler.Name, handler.Name, strings.Join(append(zeros, "err"), ", "))
		if b.result.Kind == Void {
			b.w.printf("return\n")
		} else {
			b.w.printf("return %s\n", b.result.zero())
		}
	}
	b.w.printf("}\n")
}

// zero is the zero value of a type in Go.
func (t Type) zero() string {
	switch t.Kind {
	case Object, StructType:
		return t.Name + "{}"
	case String, URL:
		return `""`
	case Data, NSData, List, Dict:
		return "nil"
	}
	return "0"
}

// selector is the expression of the address of the method's selector.
func (b *body) selector() string { return "&sel" + b.api.vars[b.m] }

// checked is selector for the send: it makes sure of a method that the object may lack.
func (b *body) checked() string {
	if b.m.Later(b.c) && !b.m.Fails() && b.m.Handler() == nil {
		return fmt.Sprintf("sel%s.of(%s)", b.api.vars[b.m], b.self)
	}
	return b.selector()
}

// argument writes what must stand before the send and returns the argument's words.
func (b *body) argument(p Param, slices []string) []argument {
	w, name := b.w, p.Name
	held := func(make string) []argument { // an object that lives for the send
		object := name + "Object"
		w.printf("%s := %s(%s)\n", object, make, name)
		w.printf("defer msgsend.Release(%s)\n", object)
		return []argument{word("uintptr(" + object + ")")}
	}
	switch t := p.Type; t.Kind {
	case Scalar:
		switch t.Name {
		case "bool":
			return []argument{{words: []string{"boolWord(" + name + ")"}, frame: "frame.AddBool(" + name + ")", count: 1}}
		case "float32":
			return []argument{{frame: "frame.AddFloat32(" + name + ")", count: 1}}
		case "float64":
			return []argument{{frame: "frame.AddFloat64(" + name + ")", count: 1}}
		}
		return []argument{word("uintptr(" + name + ")")}
	case EnumType, ID, CFType:
		return []argument{word("uintptr(" + name + ")")}
	case Object:
		return []argument{word("uintptr(" + name + ".id)")}
	case StructType:
		return []argument{b.structArgument(t, name)}
	case String:
		return held("newString")
	case URL:
		return held("newURL")
	case Data:
		return held("newDispatchData")
	case NSData:
		return held("newData")
	case NSNumber:
		return held("newNumber")
	case Dict:
		if t.Elem != nil {
			return held("newArrays")
		}
		return held("newDictionary")
	case List:
		return held("newArray")
	case Block:
		b.block(p)
		return []argument{word("uintptr(block)")}
	case Pointer, ConstPointer:
		w.use("runtime")
		b.after = append(b.after, "runtime.KeepAlive("+name+")")
		return []argument{word("msgsend.Addr(" + name + ")")}
	case Bytes:
		w.use("runtime")
		b.after = append(b.after, "runtime.KeepAlive("+name+")")
		return []argument{word("address(" + name + ")"), word("uintptr(len(" + name + "))")}
	case CArray:
		w.use("runtime")
		b.after = append(b.after, "runtime.KeepAlive("+name+")")
		return []argument{word("address(" + name + ")")}
	case Count:
		return []argument{word("uintptr(len(" + slices[0] + "))")}
	case First:
		length := "uint(len(" + slices[0] + "))"
		return []argument{{
			words: []string{"uintptr(" + name + ")", "uintptr(len(" + slices[0] + "))"},
			frame: fmt.Sprintf("span := Range{%s, %s}\nframe.AddStruct(unsafe.Pointer(&span), unsafe.Sizeof(span))", name, length),
			count: 2, small: true,
		}}
	case Out:
		if t.Elem.Kind == Object {
			w.printf("var %sObject objc.ID\n", name)
			return []argument{{frame: "frame.AddOut(&" + name + "Object)", count: 1}}
		}
		w.use("unsafe")
		w.use("runtime")
		w.printf("%sAt := new(%s)\n", name, t.Elem.Go())
		b.after = append(b.after, "runtime.KeepAlive("+name+"At)")
		return []argument{word("msgsend.Addr(unsafe.Pointer(" + name + "At))")}
	case ErrorOut:
		return []argument{{frame: "frame.AddOut(&errObject)", count: 1}}
	}
	panic(fmt.Sprintf("%s: %s cannot be an argument", b.m.Pos, p.Type.Go()))
}

// structArgument passes a struct by value: in words if it is of integers, else as memory.
func (b *body) structArgument(t Type, name string) argument {
	size, _ := b.api.size(t)
	words := b.api.structWords(t, name)
	return argument{
		words: words,
		frame: fmt.Sprintf("frame.AddStruct(unsafe.Pointer(&%s), unsafe.Sizeof(%s))", name, name),
		count: (size + 7) / 8, big: size > 16, small: size <= 16,
	}
}

// structWords is the words of a struct whose every word is one integer; nil for another.
func (a *API) structWords(t Type, name string) []string {
	var words []string
	for _, f := range a.structs[t.Name].Fields {
		size, _ := a.fieldSize(f)
		switch {
		case f.Type.Kind == StructType && f.Array == 0:
			inner := a.structWords(f.Type, name+"."+f.Name)
			if inner == nil {
				return nil
			}
			words = append(words, inner...)
		case size == 8 && f.Array == 0 && f.Type.Name != "float64":
			words = append(words, "uintptr("+name+"."+f.Name+")")
		default:
			return nil
		}
	}
	return words
}

// block makes an Objective-C block of a func. What it hands to the func is borrowed.
func (b *body) block(p Param) {
	args := make([]string, len(p.Type.Args))
	names := []string{"a", "b", "c", "d"}
	if len(args) > len(names) {
		panic(fmt.Sprintf("%s: a block has at most %d arguments", b.m.Pos, len(names)))
	}
	params := []string{"_", "_", "_", "_"}
	for i, t := range p.Type.Args {
		params[i] = names[i]
		args[i] = borrowed(t, names[i])
	}
	b.w.printf("var block objc.ID\nif %s != nil {\n", p.Name)
	b.w.printf("block = msgsend.NewBlock(func(%s uintptr) {\n%s(%s)\n})\n", strings.Join(params, ", "), p.Name, strings.Join(args, ", "))
	b.w.printf("defer msgsend.ReleaseBlock(block)\n}\n")
}

// borrowed is the Go value of a word that a block is called with.
func borrowed(t Type, word string) string {
	switch t.Kind {
	case Object:
		return t.Name + "FromID(objc.ID(" + word + "))"
	case NSError:
		return "borrowError(objc.ID(" + word + "))"
	case String:
		return "objc.String(objc.ID(" + word + "))"
	case Scalar, EnumType, ID:
		if t.Name == "bool" {
			return "byte(" + word + ") != 0"
		}
		return t.Go() + "(" + word + ")"
	case Pointer:
		return "pointer(" + word + ")"
	}
	panic("a block cannot be called with a " + t.Go())
}
