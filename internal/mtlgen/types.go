package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A Kind says how a description's type crosses.
type Kind int

const (
	Void         Kind = iota
	Scalar            // bool, uint, int, uint64, uint32, int32, uint8, float32, float64
	EnumType          // an Enum
	StructType        // a Struct, by value
	Object            // a Class
	ID                // an object without a mirror
	String            // NSString
	URL               // NSURL; a string in Go
	Data              // dispatch_data_t; []byte in Go
	NSData            // NSData; []byte in Go
	NSNumber          // NSNumber; float64 in Go
	CFType            // a Core Foundation object, called Name; objc.ID in Go
	Dict              // NSDictionary of NSString to NSString or NSNumber, or to Elem
	List              // NSArray of Elem
	Block             // a block with Args
	NSError           // NSError as a result; error in Go
	Pointer           // void *; unsafe.Pointer in Go
	ConstPointer      // const void *
	Address           // T * that Metal gives; *T in Go
	CString           // const char *; string in Go
	Bytes             // const void * and its length; []byte in Go
	CArray            // const T *, or T * if Metal writes to it; []T in Go
	Count             // the length of the CArrays beside it; nothing in Go
	First             // the NSRange of the slices before it; in Go the first index
	Out               // T *; one more result in Go
	ErrorOut          // NSError **; the last result in Go
	Instance          // instancetype
)

// A Type is a type of the description.
type Type struct {
	Kind Kind
	Name string // of a Scalar, EnumType, StructType, Object or CFType
	Elem *Type  // of a List, Dict, CArray, Address or Out
	Args []Type // of a Block

	Written bool   // Metal writes to the CArray
	Length  string // the Go expression of the CArray's length, "" for that of a Count or First
}

var scalars = map[string]string{
	"bool": "B", "uint": "Q", "int": "q", "uint64": "Q", "uint32": "I", "int32": "i",
	"uint16": "S", "uint8": "C", "float32": "f", "float64": "d",
}

// cfTypes is the Core Foundation types by the words for them: the struct that each points to.
var cfTypes = map[string]string{"iosurface": "__IOSurface", "colorspace": "CGColorSpace"}

var words = map[string]Kind{
	"string": String, "url": URL, "data": Data, "id": ID, "nserror": NSError, "instance": Instance,
	"nsdata": NSData, "number": NSNumber, "cstring": CString,
	"pointer": Pointer, "cpointer": ConstPointer, "bytes": Bytes, "count": Count, "range": First,
	"error": ErrorOut, "": Void,
}

// arrayTypeRE is c[]T, w[]T or, with the expression of a length, c[count]T.
var arrayTypeRE = regexp.MustCompile(`^([cw])\[([\w.]*)\](.+)$`)

// parseType reads a type. The names of classes, enums and structs are looked up later, by resolve.
func parseType(s string) (Type, error) {
	s = strings.TrimSpace(s)
	if k, ok := words[s]; ok {
		return Type{Kind: k}, nil
	}
	if _, ok := scalars[s]; ok {
		return Type{Kind: Scalar, Name: s}, nil
	}
	if s == "map[string]any" {
		return Type{Kind: Dict}, nil
	}
	if name, ok := cfTypes[s]; ok {
		return Type{Kind: CFType, Name: name}, nil
	}
	if m := arrayTypeRE.FindStringSubmatch(s); m != nil {
		elem, err := parseType(m[3])
		return Type{Kind: CArray, Elem: &elem, Written: m[1] == "w", Length: m[2]}, err
	}
	for _, wrap := range []struct {
		prefix string
		kind   Kind
	}{{"[]", List}, {"*", Address}, {"map[string]", Dict}, {"out ", Out}} {
		if rest, ok := strings.CutPrefix(s, wrap.prefix); ok {
			elem, err := parseType(rest)
			return Type{Kind: wrap.kind, Elem: &elem}, err
		}
	}
	if rest, ok := strings.CutPrefix(s, "func("); ok && strings.HasSuffix(rest, ")") {
		t := Type{Kind: Block}
		for _, a := range splitList(rest[:len(rest)-1]) {
			if a == "error" {
				a = "nserror"
			}
			arg, err := parseType(a)
			if err != nil {
				return t, err
			}
			t.Args = append(t.Args, arg)
		}
		return t, nil
	}
	if s == "" || s[0] < 'A' || s[0] > 'Z' || strings.ContainsAny(s, " []()*") {
		return Type{}, fmt.Errorf("unknown type %q", s)
	}
	return Type{Kind: Object, Name: s}, nil
}

// splitList splits at the commas that are outside parentheses.
func splitList(s string) []string {
	var list []string
	depth, start := 0, 0
	for i, c := range s {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			list = append(list, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(s[start:]); last != "" {
		list = append(list, last)
	}
	return list
}

// resolve tells classes, enums and structs apart.
func (a *API) resolve(t *Type) error {
	if t.Elem != nil {
		return a.resolve(t.Elem)
	}
	for i := range t.Args {
		if err := a.resolve(&t.Args[i]); err != nil {
			return err
		}
	}
	if t.Kind != Object {
		return nil
	}
	switch {
	case a.classes[t.Name] != nil:
	case a.enums[t.Name] != nil:
		t.Kind = EnumType
	case a.structs[t.Name] != nil:
		t.Kind = StructType
	default:
		return fmt.Errorf("no class, enum or struct is called %s", t.Name)
	}
	return nil
}

// Go is the type in Go.
func (t Type) Go() string {
	switch t.Kind {
	case Scalar, EnumType, StructType, Object:
		return t.Name
	case String, URL, CString:
		return "string"
	case ID, CFType:
		return "objc.ID"
	case Data, NSData, Bytes:
		return "[]byte"
	case NSNumber:
		return "float64"
	case Address:
		return "*" + t.Elem.Go()
	case Dict:
		if t.Elem == nil {
			return "map[string]any"
		}
		return "map[string]" + t.Elem.Go()
	case List, CArray:
		return "[]" + t.Elem.Go()
	case NSError, ErrorOut:
		return "error"
	case Pointer, ConstPointer:
		return "unsafe.Pointer"
	case First:
		return "uint"
	case Out:
		return t.Elem.Go()
	case Block:
		args := make([]string, len(t.Args))
		for i, a := range t.Args {
			args[i] = a.Go()
		}
		return "func(" + strings.Join(args, ", ") + ")"
	}
	return ""
}

// Encoding is the Objective-C type encoding of the C parameter or parameters that t stands for.
func (a *API) Encoding(t Type) string {
	switch t.Kind {
	case Void:
		return "v"
	case Scalar:
		return scalars[t.Name]
	case EnumType:
		return scalars[a.enums[t.Name].Base]
	case StructType:
		return a.StructEncoding(a.structs[t.Name])
	case Object, ID, String, URL, Data, NSData, NSNumber, Dict, List, NSError, Instance:
		return "@"
	case CFType:
		return "^{" + t.Name + "=}"
	case Block:
		return "@?"
	case Pointer:
		return "^v"
	case ConstPointer:
		return "r^v"
	case Address:
		return "^" + a.Encoding(*t.Elem)
	case CString:
		return "r*"
	case Bytes:
		return "r^vQ"
	case CArray:
		if t.Written {
			return "^" + a.Encoding(*t.Elem)
		}
		return "r^" + a.Encoding(*t.Elem)
	case Count:
		return "Q"
	case First:
		return "{_NSRange=QQ}"
	case Out:
		return "^" + a.Encoding(*t.Elem)
	case ErrorOut:
		return "^@"
	}
	panic(fmt.Sprintf("kind %d has no encoding", t.Kind))
}

// StructEncoding is the type encoding of a struct.
func (a *API) StructEncoding(s *Struct) string {
	if s.Encoding != "" {
		return s.Encoding
	}
	var b strings.Builder
	b.WriteString("{" + s.Tag + "=")
	for _, f := range s.Fields {
		enc := a.Encoding(f.Type)
		if f.Array > 0 {
			enc = fmt.Sprintf("[%d%s]", f.Array, enc)
		}
		b.WriteString(enc)
	}
	b.WriteString("}")
	return b.String()
}

// MethodEncoding is the type encoding of a method, without offsets.
func (a *API) MethodEncoding(m *Method) string {
	return a.Encoding(m.Result) + "@:" + a.paramEncoding(m.Params)
}

func (a *API) paramEncoding(params []Param) string {
	var b strings.Builder
	for _, p := range params {
		b.WriteString(a.Encoding(p.Type))
	}
	return b.String()
}

// cArity is the number of C parameters that a parameter stands for.
func (t Type) cArity() int {
	if t.Kind == Bytes {
		return 2
	}
	return 1
}

// size returns the size and the alignment of a type in C, on the 64-bit platforms that Metal has.
func (a *API) size(t Type) (size, align int) {
	name := t.Name
	switch t.Kind {
	case EnumType:
		name = a.enums[t.Name].Base
	case StructType:
		for _, f := range a.structs[t.Name].Fields {
			n, al := a.fieldSize(f)
			size = (size+al-1)/al*al + n
			align = max(align, al)
		}
		return (size + align - 1) / align * align, align
	}
	switch name {
	case "bool", "uint8":
		return 1, 1
	case "uint16":
		return 2, 2
	case "uint32", "int32", "float32":
		return 4, 4
	}
	return 8, 8
}

func (a *API) fieldSize(f Field) (size, align int) {
	size, align = a.size(f.Type)
	return size * max(f.Array, 1), align
}
