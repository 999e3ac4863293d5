package scan

import (
	"fmt"
	"math/bits"
	"strings"
)

// FloatSuffix is the suffix of a floating literal.
type FloatSuffix uint8

const (
	NoSuffix FloatSuffix = iota // float
	SuffixF                     // float
	SuffixH                     // half
	SuffixBF                    // bfloat
	SuffixL                     // long double, which Metal does not have
)

// String returns the suffix in its usual case.
func (s FloatSuffix) String() string { return [...]string{"", "f", "h", "bf", "l"}[s] }

// LitError tells what is wrong with a literal, and where in its text.
type LitError struct {
	Offset int
	Msg    string
}

func (e *LitError) Error() string { return e.Msg }

func litErrorf(off int, format string, args ...any) error {
	return &LitError{off, fmt.Sprintf(format, args...)}
}

// IntLit is the value of an integer literal.
type IntLit struct {
	Value    uint64
	Base     int // 2, 8, 10 or 16
	Unsigned bool
	Long     int // number of l in the suffix, 0 to 2
}

// ParseInt evaluates the text of an Int token. An error is a *LitError.
func ParseInt(text string) (IntLit, error) {
	lit := IntLit{Base: 10}
	i := 0
	if len(text) > 1 && text[0] == '0' {
		switch text[1] {
		case 'x', 'X':
			lit.Base, i = 16, 2
		case 'b', 'B':
			lit.Base, i = 2, 2
		default:
			lit.Base = 8
		}
	}
	first := i
	overflow := false
	for ; i < len(text); i++ {
		c := text[i]
		if c == '\'' {
			if i == first || i+1 == len(text) || digit(text[i-1]) >= 16 || digit(text[i+1]) >= lit.Base {
				return lit, litErrorf(i, "digit separator cannot appear at %s of digit sequence", edge(i == first))
			}
			continue
		}
		d := digit(c)
		if d >= lit.Base {
			if d < 10 {
				return lit, litErrorf(i, "invalid digit '%c' in %s constant", c, baseName(lit.Base))
			}
			break
		}
		hi, lo := bits.Mul64(lit.Value, uint64(lit.Base))
		sum, carry := bits.Add64(lo, uint64(d), 0)
		overflow = overflow || hi+carry != 0
		lit.Value = sum
	}
	if i == first && first == 2 {
		return lit, litErrorf(1, "invalid suffix '%s' on integer constant", text[1:])
	}
	if !lit.suffix(text[i:]) {
		return lit, litErrorf(i, "invalid suffix '%s' on integer constant", text[i:])
	}
	if overflow {
		return lit, litErrorf(0, "integer literal is too large to be represented in any integer type")
	}
	return lit, nil
}

// suffix reads an integer suffix.
func (lit *IntLit) suffix(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case 'u', 'U':
			if lit.Unsigned {
				return false
			}
			lit.Unsigned = true
		case 'l', 'L':
			if lit.Long > 0 {
				return false
			}
			lit.Long = 1
			if i+1 < len(s) && s[i+1] == c {
				lit.Long = 2
				i++
			}
		default:
			return false
		}
	}
	return true
}

// ParseFloat splits the text of a Float token into digits, for
// strconv.ParseFloat with the bit size of the wanted type, and suffix. An
// error is a *LitError.
func ParseFloat(text string) (digits string, suffix FloatSuffix, err error) {
	base, exp, i := 10, byte('e'), 0
	if len(text) > 1 && text[0] == '0' && text[1]|0x20 == 'x' {
		base, exp, i = 16, 'p', 2
	}
	first, count, point := i, 0, false
	for ; i < len(text); i++ {
		c := text[i]
		switch {
		case digit(c) < base:
			count++
			continue
		case c == '.' && !point:
			point = true
			continue
		case c == '\'':
			if i == first || i+1 == len(text) || digit(text[i-1]) >= base || digit(text[i+1]) >= base {
				return "", 0, litErrorf(i, "digit separator cannot appear at %s of digit sequence", edge(i == first))
			}
			continue
		}
		break
	}
	if count == 0 {
		return "", 0, litErrorf(i, "%s floating constant requires a significand", baseName(base))
	}
	hasExp := false
	if i < len(text) && text[i]|0x20 == exp {
		hasExp = true
		at := i
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		from := i
		for i < len(text) && (isDigit(text[i]) || text[i] == '\'') {
			i++
		}
		if i == from {
			return "", 0, litErrorf(at, "exponent has no digits")
		}
	}
	if base == 16 && !hasExp {
		return "", 0, litErrorf(i, "hexadecimal floating constant requires an exponent")
	}
	switch text[i:] {
	case "":
	case "f", "F":
		suffix = SuffixF
	case "h", "H":
		suffix = SuffixH
	case "bf", "BF":
		suffix = SuffixBF
	case "l", "L":
		suffix = SuffixL
	default:
		return "", 0, litErrorf(i, "invalid suffix '%s' on floating constant", text[i:])
	}
	return strings.ReplaceAll(text[:i], "'", ""), suffix, nil
}

// digit returns the value of a digit in base 16 or less; 16 if c is none.
func digit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 16
}

func edge(start bool) string {
	if start {
		return "start"
	}
	return "end"
}

func baseName(base int) string {
	switch base {
	case 2:
		return "binary"
	case 8:
		return "octal"
	case 16:
		return "hexadecimal"
	}
	return "decimal"
}
