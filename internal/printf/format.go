package printf

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// Append appends the text that pieces make of args, which are bits in the order
// the conversions take them: of an integer 32 of them, or 64 if the conversion is
// Wide, of a float those of a float32, of a string its index in strings. What is
// missing is 0, what is too much is left out.
func Append(dst []byte, pieces []Piece, args []uint64, strings []string) []byte {
	next := func() uint64 {
		if len(args) == 0 {
			return 0
		}
		x := args[0]
		args = args[1:]
		return x
	}
	for i := range pieces {
		p := &pieces[i]
		dst = append(dst, p.Text...)
		if p.Verb == 0 {
			continue
		}
		c := p.Conversion
		if c.StarWidth {
			c.Width = int(int32(next()))
			if c.Width < 0 {
				c.Left, c.Width = true, -c.Width
			}
			c.Width = min(c.Width, MaxWidth)
		}
		if c.StarPrec {
			c.Prec = min(max(int(int32(next())), -1), MaxWidth)
		}
		for j := range max(c.Vector, 1) {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = c.append(dst, next(), strings)
		}
	}
	return dst
}

// append appends one value.
func (c *Conversion) append(dst []byte, x uint64, strings []string) []byte {
	switch {
	case c.Float():
		return c.float(dst, float64(math.Float32frombits(uint32(x))))
	case c.Verb == 'c':
		return c.pad(dst, "", []byte{byte(x)}, false)
	case c.Verb == 's':
		s := ""
		if x < uint64(len(strings)) {
			s = strings[x]
		}
		if c.Prec >= 0 && c.Prec < len(s) {
			s = s[:c.Prec]
		}
		return c.pad(dst, "", []byte(s), false)
	case c.Verb == 'p':
		return c.pad(dst, "0x", strconv.AppendUint(nil, x, 16), c.Zero)
	}
	return c.integer(dst, x)
}

// integer appends an integer: %d and %u, %o, %x.
func (c *Conversion) integer(dst []byte, x uint64) []byte {
	bits := 32
	switch {
	case c.Length == HH:
		bits = 8
	case c.Length == H:
		bits = 16
	case c.Wide():
		bits = 64
	}
	x = x << (64 - bits) >> (64 - bits)
	sign, base := "", 10
	if c.Signed() {
		s := int64(x<<(64-bits)) >> (64 - bits)
		switch {
		case s < 0:
			sign, x = "-", uint64(-s)
		case c.Plus:
			sign = "+"
		case c.Space:
			sign = " "
		}
	}
	switch c.Verb {
	case 'o':
		base = 8
	case 'x', 'X':
		base = 16
		if c.Alt && x != 0 {
			sign = "0" + string(c.Verb)
		}
	}
	var buf [24]byte
	digits := strconv.AppendUint(buf[:0], x, base)
	if c.Prec == 0 && x == 0 {
		digits = digits[:0]
	}
	if c.Verb == 'X' {
		digits = bytes.ToUpper(digits)
	}
	if n := c.Prec - len(digits); n > 0 {
		digits = append(bytes.Repeat([]byte{'0'}, n), digits...)
	}
	if c.Alt && c.Verb == 'o' && (len(digits) == 0 || digits[0] != '0') {
		digits = append([]byte{'0'}, digits...)
	}
	return c.pad(dst, sign, digits, c.Zero && c.Prec < 0)
}

// float appends a float: %f, %e, %g, %a.
func (c *Conversion) float(dst []byte, x float64) []byte {
	sign := ""
	switch {
	case math.Signbit(x):
		sign = "-"
	case c.Plus:
		sign = "+"
	case c.Space:
		sign = " "
	}
	x = math.Abs(x)
	upper := c.Verb < 'a'
	verb := c.Verb | 0x20
	var text string
	zero := c.Zero
	switch {
	case math.IsNaN(x):
		text, zero = "nan", false
	case math.IsInf(x, 0):
		text, zero = "inf", false
	case verb == 'a':
		text = hex(x, c.Prec, c.Alt)
		sign += text[:2]
		text = text[2:]
	case verb == 'g':
		text = general(x, c.Prec, c.Alt)
	default:
		prec := c.Prec
		if prec < 0 {
			prec = 6
		}
		text = strconv.FormatFloat(x, verb, prec, 64)
		if c.Alt && prec == 0 {
			text = point(text)
		}
	}
	if upper {
		sign, text = strings.ToUpper(sign), strings.ToUpper(text)
	}
	return c.pad(dst, sign, []byte(text), zero)
}

// general is %g: %e or %f, whichever suits the exponent, with prec digits in
// all and without zeros at the end.
func general(x float64, prec int, alt bool) string {
	switch {
	case prec < 0:
		prec = 6
	case prec == 0:
		prec = 1
	}
	e := strconv.FormatFloat(x, 'e', prec-1, 64)
	at := strings.IndexByte(e, 'e')
	exp, _ := strconv.Atoi(e[at+1:])
	text, tail := e[:at], e[at:]
	if -4 <= exp && exp < prec {
		text, tail = strconv.FormatFloat(x, 'f', prec-1-exp, 64), ""
	}
	if alt {
		return point(text + tail)
	}
	if strings.IndexByte(text, '.') >= 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + tail
}

// hex is %a. C writes the exponent with as few digits as it has.
func hex(x float64, prec int, alt bool) string {
	text := strconv.FormatFloat(x, 'x', prec, 64)
	at := strings.IndexByte(text, 'p') + 2
	if text[at] == '0' {
		text = text[:at] + text[at+1:]
	}
	if alt && strings.IndexByte(text, '.') < 0 {
		text = text[:at-2] + "." + text[at-2:]
	}
	return text
}

// point gives a number a point if it has none.
func point(text string) string {
	if strings.IndexByte(text, '.') >= 0 {
		return text
	}
	if at := strings.IndexByte(text, 'e'); at >= 0 {
		return text[:at] + "." + text[at:]
	}
	return text + "."
}

// pad appends sign and text, filled up to the width.
func (c *Conversion) pad(dst []byte, sign string, text []byte, zero bool) []byte {
	n := c.Width - len(sign) - len(text)
	fill := func(b byte) {
		for ; n > 0; n-- {
			dst = append(dst, b)
		}
	}
	if !c.Left && !zero {
		fill(' ')
	}
	dst = append(dst, sign...)
	if !c.Left && zero {
		fill('0')
	}
	dst = append(dst, text...)
	fill(' ')
	return dst
}
