package scan

import (
	"strings"
	"unicode/utf8"
)

// splitLiteral takes a character or string literal apart. ok is false when
// it is not a whole literal.
func splitLiteral(text string) (prefix, body string, raw, ok bool) {
	i := strings.IndexAny(text, `"'`)
	if i < 0 || len(text) < i+2 || text[len(text)-1] != text[i] {
		return "", "", false, false
	}
	prefix, body = text[:i], text[i+1:len(text)-1]
	if strings.HasSuffix(prefix, "R") {
		open := strings.IndexByte(body, '(')
		if open < 0 || len(body) < 2*open+2 {
			return "", "", false, false
		}
		return prefix[:len(prefix)-1], body[open+1 : len(body)-open-1], true, true
	}
	return prefix, body, false, true
}

// ParseString evaluates the text of a String token: its encoding prefix, and
// its value with escapes resolved. An error is a *LitError.
func ParseString(text string) (prefix, value string, err error) {
	prefix, body, raw, ok := splitLiteral(text)
	if !ok {
		return "", "", litErrorf(0, "missing terminating '\"' character")
	}
	if raw || strings.IndexByte(body, '\\') < 0 {
		return prefix, body, nil
	}
	base := strings.IndexByte(text, '"') + 1
	var b strings.Builder
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			b.WriteByte(body[i])
			i++
			continue
		}
		r, n, isByte, err := escape(body[i:])
		if err != nil {
			err.(*LitError).Offset += base + i
			return prefix, "", err
		}
		if isByte {
			b.WriteByte(byte(r))
		} else {
			b.WriteRune(rune(r))
		}
		i += n
	}
	return prefix, b.String(), nil
}

// ParseChar evaluates the text of a Char token. A plain literal has the value
// of a char, which is signed in Metal; several characters make an int, the
// first in the highest byte. An error is a *LitError.
func ParseChar(text string) (prefix string, value int64, err error) {
	prefix, body, _, ok := splitLiteral(text)
	if !ok || body == "" {
		return "", 0, litErrorf(0, "empty character constant")
	}
	base := strings.IndexByte(text, '\'') + 1
	var vals []uint32
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			r, n := utf8.DecodeRuneInString(body[i:])
			if r >= utf8.RuneSelf && prefix == "" {
				return prefix, 0, litErrorf(base+i, "character too large for enclosing character literal type")
			}
			vals = append(vals, uint32(r))
			i += n
			continue
		}
		r, n, _, err := escape(body[i:])
		if err != nil {
			err.(*LitError).Offset += base + i
			return prefix, 0, err
		}
		vals = append(vals, r)
		i += n
	}
	switch {
	case len(vals) == 1 && prefix == "":
		return prefix, int64(int8(vals[0])), nil
	case len(vals) == 1:
		return prefix, int64(vals[0]), nil
	case prefix != "":
		return prefix, 0, litErrorf(0, "unicode character literals may not contain multiple characters")
	case len(vals) > 4:
		return prefix, 0, litErrorf(0, "character constant too long for its type")
	}
	v := uint32(0)
	for _, c := range vals {
		v = v<<8 | c&0xff
	}
	return prefix, int64(int32(v)), nil
}

// escape evaluates the escape sequence that s, which starts with a backslash,
// begins with. n is its length; isByte tells a code unit from a character.
func escape(s string) (value uint32, n int, isByte bool, err error) {
	if len(s) < 2 {
		return 0, 1, true, litErrorf(0, "incomplete escape sequence")
	}
	switch c := s[1]; c {
	case 'n':
		return '\n', 2, true, nil
	case 't':
		return '\t', 2, true, nil
	case 'r':
		return '\r', 2, true, nil
	case 'a':
		return '\a', 2, true, nil
	case 'b':
		return '\b', 2, true, nil
	case 'f':
		return '\f', 2, true, nil
	case 'v':
		return '\v', 2, true, nil
	case 'e', 'E':
		return 0x1b, 2, true, nil
	case '\\', '\'', '"', '?':
		return uint32(c), 2, true, nil
	case 'x':
		n = 2
		for n < len(s) && digit(s[n]) < 16 {
			if value >= 1<<28 {
				return 0, n, true, litErrorf(0, "hex escape sequence out of range")
			}
			value = value<<4 | uint32(digit(s[n]))
			n++
		}
		if n == 2 {
			return 0, n, true, litErrorf(0, "\\x used with no following hex digits")
		}
		if value > 0xff {
			return 0, n, true, litErrorf(0, "hex escape sequence out of range")
		}
		return value, n, true, nil
	case 'u', 'U':
		want := 4
		if c == 'U' {
			want = 8
		}
		for n = 2; n < len(s) && n < 2+want && digit(s[n]) < 16; n++ {
			value = value<<4 | uint32(digit(s[n]))
		}
		if n < 2+want {
			return 0, n, false, litErrorf(0, "incomplete universal character name")
		}
		if !utf8.ValidRune(rune(value)) {
			return 0, n, false, litErrorf(0, "invalid universal character")
		}
		return value, n, false, nil
	default:
		if '0' <= c && c <= '7' {
			for n = 1; n < len(s) && n < 4 && '0' <= s[n] && s[n] <= '7'; n++ {
				value = value<<3 | uint32(s[n]-'0')
			}
			if value > 0xff {
				return 0, n, true, litErrorf(0, "octal escape sequence out of range")
			}
			return value, n, true, nil
		}
		return uint32(c), 2, true, nil // clang warns and takes the character
	}
}
