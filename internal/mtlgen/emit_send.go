package main

import (
	"fmt"
	"strings"
)

// send writes the send and the return statement. Messages of words go through the senders
// of fixed arity, all others through a frame with a signature.
func (b *body) send(args []argument) {
	n, words, framed := 0, []string(nil), len(b.outs) > 0 && b.outs[0].Type.Elem.Kind == Object
	last := len(args)
	if b.err {
		last--
	}
	small := false
	for _, x := range args[:last] {
		n += x.count
		words = append(words, x.words...)
		small = small || x.small
		framed = framed || x.words == nil || x.big
	}
	sizes := len(args) == 2 && args[0].big && args[1].big && len(args[0].words) == 3 && len(args[1].words) == 3 && b.result.Kind == Void
	switch {
	case sizes:
		b.w.printf("%s\n", b.call("msgsend.Send3x3", words))
		b.finish()
		return
	case n > 6, small && n > 4:
		framed = true
	}
	switch {
	case b.result.Kind == StructType:
		framed = true
	case b.result.Kind == Scalar && (b.result.Name == "float64" || b.result.Name == "float32"):
		framed = framed || n > 0
	}
	if framed {
		b.sendFrame(args)
		return
	}
	if b.err {
		b.w.printf("result, errObject := %s\n", b.call("msgsend."+b.errSender(), words))
		b.finish()
		return
	}
	b.deliver(func(sender string) string {
		if sender == "Float64" || sender == "Float32" {
			return b.call("msgsend."+sender, words)
		}
		return b.call(fmt.Sprintf("msgsend.%s%d", sender, n), words)
	})
}

// call writes the call of a sender: receiver and selector, then the words, on a line
// of their own when they are long.
func (b *body) call(sender string, words []string) string {
	call := fmt.Sprintf("%s(%s, %s", sender, b.self, b.checked())
	list := strings.Join(words, ", ")
	switch {
	case list == "":
	case len(call)+len(list) > 110:
		call += ",\n" + list
	default:
		call += ", " + list
	}
	return call + ")"
}

func (b *body) errSender() string {
	if b.result.Kind == Scalar && b.result.Name == "bool" {
		return "BoolErr"
	}
	return "ObjectErr"
}

// sendFrame sends through a frame.
func (b *body) sendFrame(args []argument) {
	if b.err {
		b.w.printf("var errObject objc.ID\n")
	}
	b.w.printf("var frame msgsend.Frame\n")
	for _, x := range args {
		if strings.Contains(x.frame, "unsafe.") {
			b.w.use("unsafe")
		}
		b.w.printf("%s\n", x.frame)
	}
	list := fmt.Sprintf("(%s, %s, &sig%s", b.self, b.checked(), b.api.vars[b.m])
	if b.result.Kind == StructType {
		b.w.use("unsafe")
		b.w.printf("var result %s\n", b.result.Name)
		b.w.printf("frame.Struct%s, unsafe.Pointer(&result), unsafe.Sizeof(result))\n", list)
		b.finish()
		return
	}
	if b.err {
		b.w.printf("result := frame.%s%s)\n", strings.TrimSuffix(b.errSender(), "Err"), list)
		b.finish()
		return
	}
	b.deliver(func(sender string) string { return "frame." + sender + list + ")" })
}

// deliver sends with the sender of the result's kind and returns the result.
func (b *body) deliver(call func(sender string) string) {
	sender := b.sender()
	switch {
	case b.result.Kind == Void:
		b.w.printf("%s\n", call(sender))
		b.finish()
	case len(b.after) == 0 && len(b.outs) == 0:
		b.w.printf("return %s\n", b.value(call(sender)))
	default:
		b.w.printf("result := %s\n", call(sender))
		b.finish()
	}
}

// sender is the name of the sender for the result, without its arity.
func (b *body) sender() string {
	switch b.result.Kind {
	case Void:
		return "Send"
	case Scalar:
		switch b.result.Name {
		case "bool":
			return "Bool"
		case "float32":
			return "Float32"
		case "float64":
			return "Float64"
		}
		return "Word"
	case EnumType, Pointer, ConstPointer, Address, CFType:
		return "Word"
	}
	return "Object"
}

// finish writes what follows the send: what was kept alive, and the return of several
// results or of one that is in the variable result.
func (b *body) finish() {
	for _, s := range b.after {
		b.w.printf("%s\n", s)
	}
	var results []string
	if b.result.Kind != Void && !(b.err && b.result.Kind == Scalar) {
		results = append(results, b.value("result"))
	}
	for _, p := range b.outs {
		if p.Type.Elem.Kind == Object {
			results = append(results, fmt.Sprintf("%sFromID(%sObject)", p.Type.Elem.Name, p.Name))
		} else {
			results = append(results, "*"+p.Name+"At")
		}
	}
	if b.err {
		check := "failure"
		if b.errSender() == "BoolErr" {
			check = "refused"
		}
		results = append(results, fmt.Sprintf("%s(result, errObject, %s)", check, b.selector()))
	}
	if len(results) > 0 {
		b.w.printf("return %s\n", strings.Join(results, ", "))
	}
}

// value is the Go value of a result; objects in it are owned.
func (b *body) value(expr string) string {
	switch t := b.result; t.Kind {
	case Scalar:
		switch t.Name {
		case "bool", "float32", "float64":
			return expr
		}
		return t.Name + "(" + expr + ")"
	case EnumType:
		return t.Name + "(" + expr + ")"
	case StructType, ID:
		return expr
	case Object:
		return t.Name + "FromID(" + expr + ")"
	case String:
		return "takeString(" + expr + ")"
	case URL:
		return "takeURL(" + expr + ")"
	case CFType:
		return "objc.Retain(objc.ID(" + expr + "))"
	case Data, NSData:
		return "takeData(" + expr + ")"
	case NSNumber:
		return "takeNumber(" + expr + ")"
	case Address:
		b.w.use("unsafe")
		return "(" + t.Go() + ")(pointer(" + expr + "))"
	case NSError:
		return "takeError(" + expr + ")"
	case Pointer, ConstPointer:
		return "pointer(" + expr + ")"
	case List:
		if t.Elem.Kind == String {
			return "takeStrings(" + expr + ")"
		}
		return "takeArray(" + expr + ", " + t.Elem.Name + "FromID)"
	case Dict:
		switch {
		case t.Elem == nil:
			return "takeDictionary(" + expr + ")"
		case t.Elem.Kind == List:
			return "takeArrays(" + expr + ", " + t.Elem.Elem.Name + "FromID)"
		}
		return "takeObjects(" + expr + ", " + t.Elem.Name + "FromID)"
	}
	panic(fmt.Sprintf("%s: %s cannot be a result", b.m.Pos, b.result.Go()))
}
