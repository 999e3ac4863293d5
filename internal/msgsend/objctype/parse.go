package objctype

import (
	"fmt"
	"strconv"
)

// Signature is a parsed method or function encoding.
type Signature struct {
	Encoding    string
	Method      bool   // the encoding has the receiver and the selector
	Result      Type   // Kind is Void when there is none
	Args        []Type // without receiver and selector
	Offsets     []int  // the word at which each argument starts
	Words       int    // argument words in all
	ResultWords int    // words of the result's memory image
}

// Limits of what an encoding may hold. They are far above anything a
// framework declares and keep a hostile text from costing time or memory.
const (
	maxEncoding = 1 << 12
	maxDepth    = 32
	maxSize     = 1 << 20
)

// ParseMethod parses a method's type encoding, such as "v@:@QQ" or, as a live
// runtime spells it, "v40@0:8@16Q24Q32". The result comes first, then the
// receiver (an object or a class) and the selector, then the arguments.
func ParseMethod(encoding string) (*Signature, error) {
	types, err := parseAll(encoding)
	if err != nil {
		return nil, err
	}
	if len(types) < 3 || (types[1].Kind != Object && types[1].Kind != ClassRef) || types[2].Kind != Selector {
		return nil, fmt.Errorf("objctype: method encoding %q: want a result, then \"@:\", then the arguments", encoding)
	}
	return newSignature(encoding, true, types[0], types[3:])
}

// ParseFunction parses a C function's type encoding: the result, then the
// arguments. For instance "@@^@" takes an object and the address of one.
func ParseFunction(encoding string) (*Signature, error) {
	types, err := parseAll(encoding)
	if err != nil {
		return nil, err
	}
	if len(types) < 1 {
		return nil, fmt.Errorf("objctype: function encoding %q: want at least a result", encoding)
	}
	return newSignature(encoding, false, types[0], types[1:])
}

func newSignature(encoding string, method bool, result Type, args []Type) (*Signature, error) {
	s := &Signature{Encoding: encoding, Method: method, Result: result, Args: args}
	s.ResultWords = result.Words()
	s.Offsets = make([]int, len(args))
	for i := range args {
		if k := args[i].Kind; k == Void || k == Unknown {
			return nil, fmt.Errorf("objctype: encoding %q: argument %d is %s, which cannot be passed", encoding, i, k)
		}
		s.Offsets[i] = s.Words
		s.Words += args[i].Words()
	}
	return s, nil
}

// ParseType parses the encoding of a single type.
func ParseType(encoding string) (Type, error) {
	p := parser{src: encoding}
	if len(encoding) > maxEncoding {
		return Type{}, fmt.Errorf("objctype: encoding of %d bytes is longer than %d", len(encoding), maxEncoding)
	}
	t, err := p.typ(0)
	if err == nil && p.pos != len(encoding) {
		err = p.errorf("unexpected %q after the type", encoding[p.pos:])
	}
	return t, err
}

func parseAll(encoding string) ([]Type, error) {
	if len(encoding) > maxEncoding {
		return nil, fmt.Errorf("objctype: encoding of %d bytes is longer than %d", len(encoding), maxEncoding)
	}
	p := parser{src: encoding}
	var types []Type
	for p.pos < len(p.src) {
		t, err := p.typ(0)
		if err != nil {
			return nil, err
		}
		types = append(types, t)
		p.skipOffset()
	}
	return types, nil
}

type parser struct {
	src string
	pos int
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("objctype: encoding %q at byte %d: %s", p.src, p.pos, fmt.Sprintf(format, args...))
}

func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

// skipOffset skips a frame offset, which live runtimes write after each type.
func (p *parser) skipOffset() {
	if c := p.peek(); c == '-' || c == '+' {
		p.pos++
	}
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.pos++
	}
}

func (p *parser) typ(depth int) (Type, error) {
	if depth > maxDepth {
		return Type{}, p.errorf("types nested deeper than %d", maxDepth)
	}
	isConst := false
	for {
		switch p.peek() {
		case 'r':
			isConst = true
			p.pos++
			continue
		case 'n', 'N', 'o', 'O', 'R', 'V', 'A', '|':
			p.pos++
			continue
		}
		break
	}
	t, err := p.unqualified(depth)
	t.Const = isConst
	return t, err
}

func (p *parser) unqualified(depth int) (Type, error) {
	c := p.peek()
	if c == 0 {
		return Type{}, p.errorf("a type is missing")
	}
	p.pos++
	switch c {
	case 'v':
		return Type{Kind: Void, Align: 1}, nil
	case 'B':
		return scalar(Bool, 1), nil
	case 'c':
		return scalar(Int, 1), nil
	case 's':
		return scalar(Int, 2), nil
	case 'i', 'l':
		return scalar(Int, 4), nil
	case 'q':
		return scalar(Int, 8), nil
	case 'C':
		return scalar(Uint, 1), nil
	case 'S':
		return scalar(Uint, 2), nil
	case 'I', 'L':
		return scalar(Uint, 4), nil
	case 'Q':
		return scalar(Uint, 8), nil
	case 'f':
		return scalar(Float, 4), nil
	case 'd':
		return scalar(Double, 8), nil
	case '#':
		return scalar(ClassRef, 8), nil
	case ':':
		return scalar(Selector, 8), nil
	case '?':
		return Type{Kind: Unknown, Align: 1}, nil
	case '*':
		t := scalar(Pointer, 8)
		t.Elem = &Type{Kind: Int, Size: 1, Align: 1}
		return t, nil
	case '@':
		return p.object(depth)
	case '^':
		e, err := p.typ(depth + 1)
		if err != nil {
			return Type{}, err
		}
		t := scalar(Pointer, 8)
		t.Elem = &e
		return t, nil
	case '{':
		return p.aggregate(Struct, '}', depth)
	case '(':
		return p.aggregate(Union, ')', depth)
	case '[':
		return p.array(depth)
	case 'b':
		p.pos--
		return Type{}, p.errorf("bit fields are not supported")
	case 'D', 't', 'T', 'j':
		p.pos--
		return Type{}, p.errorf("type %q (long double, 128-bit or complex) is not supported", c)
	}
	p.pos--
	return Type{}, p.errorf("unknown type %q", c)
}

func scalar(k Kind, size int) Type { return Type{Kind: k, Size: size, Align: size} }

// object parses what follows '@': nothing, a quoted class name, or the ? of a
// block with its optional <signature>.
func (p *parser) object(depth int) (Type, error) {
	t := scalar(Object, 8)
	switch p.peek() {
	case '?':
		p.pos++
		t.Kind = Block
		if p.peek() == '<' {
			p.pos++
			for p.peek() != '>' {
				if _, err := p.typ(depth + 1); err != nil {
					return Type{}, err
				}
				p.skipOffset()
			}
			p.pos++
		}
	case '"':
		name, err := p.quoted()
		if err != nil {
			return Type{}, err
		}
		t.Name = name
	}
	return t, nil
}

func (p *parser) quoted() (string, error) {
	p.pos++
	start := p.pos
	for p.peek() != '"' {
		if p.peek() == 0 {
			return "", p.errorf("a quoted name does not end")
		}
		p.pos++
	}
	p.pos++
	return p.src[start : p.pos-1], nil
}

func (p *parser) aggregate(kind Kind, end byte, depth int) (Type, error) {
	t := Type{Kind: kind, Align: 1}
	start := p.pos
	for p.peek() != '=' && p.peek() != end {
		if p.peek() == 0 {
			return Type{}, p.errorf("a %s does not end: %q is missing", kind, end)
		}
		p.pos++
	}
	t.Name = p.src[start:p.pos]
	if p.peek() == end {
		p.pos++
		return t, nil
	}
	p.pos++
	t.Fields = []Type{}
	for p.peek() != end {
		if p.peek() == 0 {
			return Type{}, p.errorf("a %s does not end: %q is missing", kind, end)
		}
		if p.peek() == '"' {
			if _, err := p.quoted(); err != nil {
				return Type{}, err
			}
		}
		f, err := p.typ(depth + 1)
		if err != nil {
			return Type{}, err
		}
		if f.Kind == Void {
			return Type{}, p.errorf("a field of type void")
		}
		t.Fields = append(t.Fields, f)
		t.Align = max(t.Align, f.Align)
		if kind == Union {
			t.Size = max(t.Size, f.Size)
		} else {
			t.Size = alignUp(t.Size, f.Align) + f.Size
		}
		if t.Size > maxSize {
			return Type{}, p.errorf("a %s of more than %d bytes", kind, maxSize)
		}
	}
	p.pos++
	t.Size = alignUp(t.Size, t.Align)
	return t, nil
}

func (p *parser) array(depth int) (Type, error) {
	start := p.pos
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.pos++
	}
	n, err := strconv.Atoi(p.src[start:p.pos])
	if err != nil || n > maxSize {
		return Type{}, p.errorf("an array needs a length of at most %d", maxSize)
	}
	// An array without an element type is how the runtime spells an array of
	// a vector type, which has no encoding: its size cannot be known.
	if p.peek() == ']' {
		return Type{}, p.errorf("an array of a type that has no encoding")
	}
	e, err := p.typ(depth + 1)
	if err != nil {
		return Type{}, err
	}
	if p.peek() != ']' {
		return Type{}, p.errorf("an array does not end: ']' is missing")
	}
	p.pos++
	if e.Size == 0 && n > 1 {
		return Type{}, p.errorf("an array of a type without size")
	}
	if n*e.Size > maxSize {
		return Type{}, p.errorf("an array of more than %d bytes", maxSize)
	}
	return Type{Kind: Array, Size: n * e.Size, Align: e.Align, Elem: &e, Len: n}, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
