package scan

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Flags are properties of a [Token].
type Flags uint8

const (
	StartOfLine  Flags = 1 << iota // first token of its line
	LeadingSpace                   // space or comment before it
	NoExpand                       // the name of a macro that must not be expanded again
	Bad                            // an error about this token has been reported
)

// Token is one token. Its text refers to the source where it can.
type Token struct {
	Kind  Kind
	Flags Flags
	Width uint32 // bytes it takes in the source
	Pos   source.Pos
	Text  string // spelling, without line splices
}

// End returns the position after the token.
func (t *Token) End() source.Pos { return t.Pos + source.Pos(t.Width) }

// Is reports whether the token has all of the flags f.
func (t *Token) Is(f Flags) bool { return t.Flags&f == f }

// IsWord reports whether the token is an identifier or keyword: what can be
// the name of a macro.
func (t *Token) IsWord() bool { return t.Kind == Ident || t.Kind.IsKeyword() }

// String describes the token for a message: 'x' in quotes, or what it is.
func (t *Token) String() string {
	switch t.Kind {
	case EOF, Newline, Invalid:
		return t.Kind.String()
	}
	return "'" + t.Text + "'"
}

// Scanner reads the tokens of one file.
//
// It never fails: what is wrong is reported and skipped, or returned as an
// Invalid token for the parser to complain about.
type Scanner struct {
	// Directive makes the end of a line a Newline token; the preprocessor
	// sets it for the rest of a directive. Scanning the Newline clears it.
	Directive bool

	// Mute keeps errors back, as in a group skipped by #if.
	Mute bool

	file    *source.File
	src     string
	off     int
	report  func(source.Diagnostic)
	nul     bool // NUL was reported
	badUTF8 bool // invalid UTF-8 was reported on this line
	spliced bool // the token being read has a line splice in it
	bol     bool // at the beginning of a line
	cut     bool // the text ends in an unterminated comment
}

// New returns a scanner for f that calls report for what it complains about.
func New(f *source.File, report func(source.Diagnostic)) *Scanner {
	s := &Scanner{file: f, src: f.Source(), report: report, bol: true}
	if strings.HasPrefix(s.src, "\uFEFF") {
		s.off = len("\uFEFF")
	}
	return s
}

// Tokens returns all tokens of f, the EOF last, with what is wrong with them.
func Tokens(f *source.File) ([]Token, source.List) {
	var list source.List
	s := New(f, list.Add)
	toks := make([]Token, 0, len(s.src)/4+1)
	for {
		t := s.Scan()
		toks = append(toks, t)
		if t.Kind == EOF {
			return toks, list
		}
	}
}

// Offset returns the offset of the next byte to be read.
func (s *Scanner) Offset() int { return s.off }

func (s *Scanner) errorf(off int, format string, args ...any) {
	s.complain(source.Error, off, format, args...)
}

func (s *Scanner) complain(sev source.Severity, off int, format string, args ...any) {
	if s.Mute {
		return
	}
	s.report(source.Diagnostic{Pos: s.file.Pos(off), Severity: sev, Msg: fmt.Sprintf(format, args...)})
}

// splice returns the length of a line splice at off, or 0: a backslash, the
// end of a line, and blanks between them as clang allows.
func (s *Scanner) splice(off int) int {
	if off >= len(s.src) || s.src[off] != '\\' {
		return 0
	}
	for i := off + 1; i < len(s.src); i++ {
		switch s.src[i] {
		case ' ', '\t', '\v', '\f':
			continue
		case '\n':
			return i + 1 - off
		case '\r':
			if i+1 < len(s.src) && s.src[i+1] == '\n' {
				i++
			}
			return i + 1 - off
		}
		break
	}
	return 0
}

// char returns the character at off, line splices passed over, and the offset
// after it. At the end of the text it returns 0.
func (s *Scanner) char(off int) (c byte, next int) {
	for off < len(s.src) {
		c = s.src[off]
		if c != '\\' {
			return c, off + 1
		}
		n := s.splice(off)
		if n == 0 {
			return c, off + 1
		}
		s.spliced = true
		off += n
	}
	return 0, off
}

// take moves past the next character if it is c.
func (s *Scanner) take(c byte) bool {
	spliced := s.spliced
	got, next := s.char(s.off)
	if got != c {
		s.spliced = spliced
		return false
	}
	s.off = next
	return true
}

// Scan returns the next token.
func (s *Scanner) Scan() Token {
	flags := s.space()
	s.spliced = false
	start := s.off
	if s.off >= len(s.src) {
		if s.Directive {
			s.Directive = false
			return Token{Kind: Newline, Pos: s.file.Pos(start)}
		}
		if s.cut {
			flags |= Bad
		}
		if start > 0 && s.src[start-1] == '\n' {
			start-- // of the last line, not of one that is not there
		}
		return Token{Kind: EOF, Flags: flags | StartOfLine, Pos: s.file.Pos(start)}
	}
	c := s.src[s.off]
	if c == '\n' || c == '\r' { // only in a directive
		s.Directive = false
		return Token{Kind: Newline, Pos: s.file.Pos(start)}
	}
	var kind Kind
	switch {
	case isLetter(c):
		kind = s.word()
	case '0' <= c && c <= '9':
		kind = s.number()
	case c == '.':
		s.off++
		d, _ := s.char(s.off)
		if '0' <= d && d <= '9' {
			kind = s.number()
		} else {
			s.spliced = false
			kind = s.period()
		}
	case c == '"' || c == '\'':
		k, bad := s.quoted(start)
		kind = k
		if bad {
			flags |= Bad
		}
	case c >= utf8.RuneSelf:
		kind = s.word() // space let only letters through
	default:
		kind = s.punct()
	}
	t := Token{Kind: kind, Flags: flags, Width: uint32(s.off - start), Pos: s.file.Pos(start), Text: s.src[start:s.off]}
	if kind == wordLiteral {
		raw := s.src[s.off-1] == 'R'
		k, bad := s.prefixed(start)
		t.Kind, t.Width = k, uint32(s.off-start)
		t.Text = s.src[start:s.off]
		if bad {
			t.Flags |= Bad
		}
		if raw {
			return t // what looks like a line splice is part of it
		}
	}
	if s.spliced {
		t.Text = s.clean(t.Text)
		if t.Kind == Ident {
			t.Kind = Lookup(t.Text)
		}
	}
	if t.Kind == Int {
		t.Kind = numberKind(t.Text)
	}
	return t
}

// clean removes the line splices from a token's text.
func (s *Scanner) clean(text string) string {
	var b strings.Builder
	base := s.off - len(text)
	for i := 0; i < len(text); {
		if n := s.splice(base + i); n > 0 {
			i += n
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// space skips what separates tokens. In a directive it stops at the end of
// the line.
func (s *Scanner) space() Flags {
	var flags Flags
	if s.bol {
		flags = StartOfLine
	}
	s.bol = false
	for s.off < len(s.src) {
		switch c := s.src[s.off]; c {
		case ' ', '\t', '\v', '\f':
			s.off++
		case '\n', '\r':
			if s.Directive {
				s.bol = true
				return flags
			}
			s.off++
			flags |= StartOfLine
			s.badUTF8 = false
		case '\\':
			n := s.splice(s.off)
			if n == 0 {
				return flags
			}
			s.off += n
			continue
		case '/':
			if !s.comment() {
				return flags
			}
		case 0:
			if !s.nul {
				s.complain(source.Warning, s.off, "null character ignored")
				s.nul = true
			}
			s.off++
		default:
			if c < utf8.RuneSelf {
				return flags
			}
			r, n := utf8.DecodeRuneInString(s.src[s.off:])
			switch {
			case r == utf8.RuneError && n <= 1:
				if !s.badUTF8 {
					s.errorf(s.off, "source file is not valid UTF-8")
					s.badUTF8 = true
				}
			case isIdentRune(r):
				return flags
			case unicode.IsSpace(r) || r == '\uFEFF':
				s.complain(source.Warning, s.off, "treating Unicode character as whitespace")
			default:
				s.errorf(s.off, "unexpected character <U+%04X>", r)
			}
			s.off += n
		}
		flags |= LeadingSpace
	}
	return flags
}

// comment skips a comment, if there is one.
func (s *Scanner) comment() bool {
	start := s.off
	c, next := s.char(start + 1)
	switch c {
	case '/':
		s.off = next
		for s.off < len(s.src) {
			switch s.src[s.off] {
			case '\n', '\r':
				return true
			case '\\':
				if n := s.splice(s.off); n > 0 {
					s.off += n
					continue
				}
			}
			s.off++
		}
		return true
	case '*':
		s.off = next
		for s.off < len(s.src) {
			i := strings.IndexByte(s.src[s.off:], '*')
			if i < 0 {
				s.off = len(s.src)
				break
			}
			s.off += i + 1
			if d, after := s.char(s.off); d == '/' {
				s.off = after
				return true
			}
		}
		s.Mute = false // it matters in a skipped group too
		s.errorf(start, "unterminated /* comment")
		s.cut = true
		return true
	}
	return false
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isIdentRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// identTail moves past the rest of an identifier.
func (s *Scanner) identTail() {
	for {
		for s.off < len(s.src) && (isLetter(s.src[s.off]) || isDigit(s.src[s.off])) {
			s.off++
		}
		if s.off >= len(s.src) {
			return
		}
		switch c := s.src[s.off]; {
		case c == '\\':
			was := s.spliced
			d, next := s.char(s.off)
			if !isLetter(d) && !isDigit(d) {
				s.spliced = was
				return
			}
			s.off = next
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s.src[s.off:])
			if !isIdentRune(r) {
				return
			}
			s.off += n
		default:
			return
		}
	}
}

// wordLiteral stands for a word that is the prefix of a literal.
const wordLiteral = operatorBegin

func (s *Scanner) word() Kind {
	start := s.off
	s.identTail()
	if s.off < len(s.src) && (s.src[s.off] == '"' || s.src[s.off] == '\'') {
		switch s.src[start:s.off] {
		case "u8", "u", "U", "L":
			return wordLiteral
		case "R", "u8R", "uR", "UR", "LR":
			if s.src[s.off] == '"' {
				return wordLiteral
			}
		}
	}
	if s.spliced {
		return Ident // Scan looks the clean text up
	}
	return Lookup(s.src[start:s.off])
}

// prefixed reads the literal after an encoding prefix or R that starts at
// start.
func (s *Scanner) prefixed(start int) (kind Kind, bad bool) {
	if s.src[s.off-1] == 'R' {
		return s.raw(start)
	}
	return s.quoted(start)
}

// quoted reads a character or string literal; the quote is next.
func (s *Scanner) quoted(start int) (kind Kind, bad bool) {
	quote := s.src[s.off]
	kind = String
	if quote == '\'' {
		kind = Char
	}
	s.off++
	body := s.off
	for s.off < len(s.src) {
		c, next := s.char(s.off)
		switch {
		case c == quote:
			if kind == Char && s.off == body {
				s.errorf(start, "empty character constant")
				bad = true
			}
			s.off = next
			return kind, bad
		case c == '\n' || c == '\r':
			s.unterminated(start, quote)
			return kind, true
		case c == '\\':
			if d, after := s.char(next); d != '\n' && d != '\r' {
				next = after
			}
		}
		s.off = next
	}
	s.unterminated(start, quote)
	return kind, true
}

func (s *Scanner) unterminated(start int, quote byte) {
	what := `'"'`
	if quote == '\'' {
		what = "'"
	}
	s.errorf(start, "missing terminating %s character", what)
}

// raw reads a raw string literal; the quote is next.
func (s *Scanner) raw(start int) (kind Kind, bad bool) {
	s.off++
	open := strings.IndexByte(s.src[s.off:min(len(s.src), s.off+17)], '(')
	if open < 0 || strings.ContainsAny(s.src[s.off:s.off+open], " )\\\t\v\f\n\r") {
		s.errorf(start, "invalid character or too many characters in raw string delimiter; use PREFIX( )PREFIX\" to delimit raw string")
		i := strings.IndexAny(s.src[s.off:], "\"\n\r")
		switch {
		case i < 0:
			s.off = len(s.src)
		case s.src[s.off+i] == '"':
			s.off += i + 1
		default:
			s.off += i
		}
		return String, true
	}
	closing := ")" + s.src[s.off:s.off+open] + "\""
	i := strings.Index(s.src[s.off+open+1:], closing)
	if i < 0 {
		s.errorf(start, "raw string missing terminating delimiter )%s\"", closing[1:len(closing)-1])
		s.off = len(s.src)
		return String, true
	}
	s.off += open + 1 + i + len(closing)
	return String, false
}

// number reads the rest of a preprocessing number; what it is worth, ParseInt
// and ParseFloat find out.
func (s *Scanner) number() Kind {
	prev := byte(0)
	for {
		was := s.spliced
		c, next := s.char(s.off)
		more := false
		switch {
		case s.off >= len(s.src):
		case isDigit(c), isLetter(c) && c != '$', c == '.':
			more = true
		case c == '+' || c == '-':
			more = prev == 'e' || prev == 'E' || prev == 'p' || prev == 'P'
		case c == '\'':
			d, _ := s.char(next)
			more = isLetter(d) && d != '$' || isDigit(d)
		}
		if !more {
			s.spliced = was
			return Int // Scan tells Int and Float apart
		}
		prev, s.off = c, next
	}
}

// numberKind tells whether the text of a number is an Int or a Float.
func numberKind(text string) Kind {
	marks := ".eE"
	if len(text) > 1 && text[0] == '0' && text[1]|0x20 == 'x' {
		marks = ".pP"
	}
	if strings.ContainsAny(text, marks) {
		return Float
	}
	return Int
}

// Paste reads text, made by joining two tokens, as one token. ok is false if
// it is not one. The token has no position.
func Paste(text string) (t Token, ok bool) {
	s := Scanner{src: text, file: new(source.File), Mute: true}
	t = s.Scan()
	return t, s.off == len(text) && t.Kind != EOF && t.Kind != Invalid && !t.Is(Bad) && !t.Is(LeadingSpace)
}

// HeaderName reads <name> or "name" as a [String] token if that is what comes
// next in a directive; escapes mean nothing in it.
func (s *Scanner) HeaderName() (t Token, ok bool) {
	flags := s.space()
	if s.off >= len(s.src) {
		return t, false
	}
	closing := byte('"')
	switch s.src[s.off] {
	case '"':
	case '<':
		closing = '>'
	default:
		return t, false
	}
	line := s.src[s.off:]
	if i := strings.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	i := strings.IndexByte(line[1:], closing)
	if i < 0 {
		return t, false
	}
	t = Token{Kind: String, Flags: flags, Width: uint32(i + 2), Pos: s.file.Pos(s.off), Text: line[:i+2]}
	s.off += i + 2
	return t, true
}
