// Package printf formats numbers as C's printf does, with the conversions of
// vectors that Metal's os_log adds: %v4f is four floats. A format is taken apart
// by Parse, which a compiler does to check it, and filled in by Append.
package printf

import "strconv"

// MaxWidth is the largest width and the largest precision a conversion may have.
const MaxWidth = 4096

// A Piece is a conversion of a format, with the text in front of it. The last
// piece may have text alone.
type Piece struct {
	Text string // in front, with each %% read as %
	Conversion
}

// A Conversion is what stands from a % to its letter. Its Verb is 0 if there is
// none.
type Conversion struct {
	Verb   byte // one of "diouxXcsfFeEgGaAp"
	Length Length
	Vector int // how many components: 0 of a number, else 2, 3 or 4

	Left, Plus, Space, Alt, Zero bool // the flags - + space # 0

	Width, Prec         int  // -1 if there is none
	StarWidth, StarPrec bool // an int in front of the value gives it

	Start, End int // where it stands in the format
}

// Length is a length modifier.
type Length uint8

const (
	None Length = iota
	HH          // char
	H           // short; half
	HL          // of vectors of int and float: 32 bits
	L           // long
	LL          // long long
	J           // intmax_t
	Z           // size_t
	T           // ptrdiff_t
)

var lengths = [...]string{"", "hh", "h", "hl", "l", "ll", "j", "z", "t"}

// String returns the modifier as it is written.
func (l Length) String() string { return lengths[l] }

// Values returns how many arguments the conversion takes.
func (c *Conversion) Values() int {
	n := max(c.Vector, 1)
	if c.Verb == 0 {
		n = 0
	}
	if c.StarWidth {
		n++
	}
	if c.StarPrec {
		n++
	}
	return n
}

// Float, Signed and Unsigned tell what number the conversion wants; %c wants a
// signed one.
func (c *Conversion) Float() bool {
	switch c.Verb {
	case 'f', 'F', 'e', 'E', 'g', 'G', 'a', 'A':
		return true
	}
	return false
}

func (c *Conversion) Signed() bool { return c.Verb == 'd' || c.Verb == 'i' || c.Verb == 'c' }

func (c *Conversion) Unsigned() bool {
	return c.Verb == 'o' || c.Verb == 'u' || c.Verb == 'x' || c.Verb == 'X'
}

// Wide reports whether an argument has 64 bits; it has 32 otherwise.
func (c *Conversion) Wide() bool { return c.Length >= L && !c.Float() || c.Verb == 'p' }

// An Error tells of a conversion that is none.
type Error struct {
	Start, End int    // of the conversion, in the format
	Incomplete bool   // the format ends in it
	Spec       string // what was found where the letter should be
}

func (e *Error) Error() string {
	if e.Incomplete {
		return "incomplete format specifier"
	}
	return "invalid conversion specifier '" + e.Spec + "'"
}

// Parse takes a format apart. What is no conversion is left out of the pieces
// and told of.
func Parse(format string) (pieces []Piece, errs []*Error) {
	var text []byte
	for i := 0; i < len(format); {
		if format[i] != '%' {
			text = append(text, format[i])
			i++
			continue
		}
		if i+1 < len(format) && format[i+1] == '%' {
			text = append(text, '%')
			i += 2
			continue
		}
		c, err := conversion(format, i)
		i = c.End
		if err != nil {
			errs = append(errs, err)
			continue
		}
		pieces = append(pieces, Piece{string(text), c})
		text = nil
	}
	if len(text) > 0 {
		pieces = append(pieces, Piece{Text: string(text)})
	}
	return pieces, errs
}

// conversion reads the one that starts at start.
func conversion(format string, start int) (c Conversion, err *Error) {
	c = Conversion{Width: -1, Prec: -1, Start: start}
	i := start + 1
	for ; i < len(format) && c.flag(format[i]); i++ {
	}
	c.Width, c.StarWidth, i = number(format, i)
	if i < len(format) && format[i] == '.' {
		c.Prec, c.StarPrec, i = number(format, i+1)
		c.Prec = max(c.Prec, 0)
	}
	if i < len(format) && format[i] == 'v' {
		n, _, end := number(format, i+1)
		switch n {
		case 2, 3, 4:
			c.Vector, i = n, end
		}
	}
	for l := T; l > None; l-- { // the longer of two first, as ll and l
		if m := l.String(); len(format)-i >= len(m) && format[i:i+len(m)] == m {
			c.Length = l
			break
		}
	}
	if c.Length == H && len(format)-i >= 2 && (format[i+1] == 'h' || format[i+1] == 'l') {
		c.Length = HH
		if format[i+1] == 'l' {
			c.Length = HL
		}
	}
	i += len(c.Length.String())
	if i >= len(format) {
		c.End = len(format)
		return c, &Error{Start: start, End: c.End, Incomplete: true}
	}
	c.Verb, c.End = format[i], i+1
	if !c.Float() && !c.Signed() && !c.Unsigned() && c.Verb != 's' && c.Verb != 'p' || c.Width > MaxWidth || c.Prec > MaxWidth {
		for c.End < len(format) && format[c.End]&0xc0 == 0x80 { // the rest of a character
			c.End++
		}
		return c, &Error{Start: start, End: c.End, Spec: format[i:c.End]}
	}
	return c, nil
}

// flag notes a flag.
func (c *Conversion) flag(b byte) bool {
	switch b {
	case '-':
		c.Left = true
	case '+':
		c.Plus = true
	case ' ':
		c.Space = true
	case '#':
		c.Alt = true
	case '0':
		c.Zero = true
	default:
		return false
	}
	return true
}

// number reads digits, or a star; without either n is -1.
func number(format string, i int) (n int, star bool, end int) {
	if i < len(format) && format[i] == '*' {
		return -1, true, i + 1
	}
	end = i
	for end < len(format) && '0' <= format[end] && format[end] <= '9' {
		end++
	}
	if end == i {
		return -1, false, i
	}
	n, err := strconv.Atoi(format[i:end])
	if err != nil {
		n = MaxWidth + 1
	}
	return n, false, end
}
