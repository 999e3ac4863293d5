package source

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxShown is the longest source line that is shown; of a longer one, a
// window round the caret.
const maxShown = 200

// Render returns the diagnostics in the form clang and Metal print them: for
// each, file:line:column, severity and message, then the source line and a
// caret below the place; then its notes, one for each macro the place was
// expanded from among them. A last line counts warnings and errors.
func (l List) Render(s *FileSet) string {
	var b strings.Builder
	var shown Pos // the include stack printed last
	for i := range l {
		render(&b, s, &l[i], &shown)
	}
	b.WriteString(l.Summary())
	return b.String()
}

// Render returns one diagnostic and its notes as [List.Render] prints them.
func (d *Diagnostic) Render(s *FileSet) string {
	var b strings.Builder
	var shown Pos
	render(&b, s, d, &shown)
	return b.String()
}

// Summary returns the closing line, as "1 warning and 2 errors generated.\n",
// or "" when there is nothing to count.
func (l List) Summary() string {
	warnings, errors := l.Count()
	var parts []string
	if warnings > 0 {
		parts = append(parts, plural(warnings, "warning"))
	}
	if errors > 0 {
		parts = append(parts, plural(errors, "error"))
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, " and ") + " generated.\n"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

func render(b *strings.Builder, s *FileSet, d *Diagnostic, shown *Pos) {
	var included Pos
	if f := s.File(d.Pos); f != nil {
		included = f.included
	}
	if d.Severity != Note && included != *shown {
		*shown = included
		for _, p := range s.includeStack(included) {
			at := s.Position(p)
			b.WriteString("In file included from " + at.Filename + ":" + strconv.Itoa(at.Line) + ":\n")
		}
	}
	snippet(b, s, d, s.Outer(d.Pos))
	s.macroNotes(b, d.Pos)
	for i := range d.Notes {
		render(b, s, &d.Notes[i], shown)
	}
}

// includeStack returns the places of the directives that led to an included
// file, the innermost first, as clang prints them.
func (s *FileSet) includeStack(p Pos) []Pos {
	var stack []Pos
	for p.IsValid() {
		stack = append(stack, p)
		f := s.File(p)
		if f == nil {
			break
		}
		p = f.included
	}
	return stack
}

// macroNotes shows the definitions p was expanded from, outermost first.
func (s *FileSet) macroNotes(b *strings.Builder, p Pos) {
	const most = 6 // as clang's -fmacro-backtrace-limit
	var notes []Diagnostic
	for {
		e, ok := s.Expansion(p)
		if !ok {
			break
		}
		notes = append(notes, Diagnostic{
			Pos:      s.Spelling(e.Body.Start + (p - e.base)),
			Severity: Note,
			Msg:      "expanded from macro '" + e.Macro + "'",
		})
		p = e.Use.Start
	}
	for i := len(notes) - 1; i >= 0; i-- {
		if skipped := len(notes) - most; skipped > 0 && i == len(notes)-1-most/2 {
			b.WriteString("note: (skipping " + plural(skipped, "expansion") + " in backtrace)\n")
			i -= skipped
		}
		n := &notes[i]
		if s.File(n.Pos) != nil {
			snippet(b, s, n, n.Pos)
		}
	}
}

// snippet prints the message, the line of pos and the caret line.
func snippet(b *strings.Builder, s *FileSet, d *Diagnostic, pos Pos) {
	at := s.Position(pos)
	if at.IsValid() {
		b.WriteString(at.String() + ": ")
	}
	b.WriteString(d.Severity.String() + ": " + d.Msg + "\n")
	if !at.IsValid() {
		return
	}
	line, col := s.LineText(pos)
	col = min(col, len(line))
	marks := underline(s, d, pos, line, col)
	line, marks, col = window(line, marks, col)
	text, pad := visible(line, marks)
	b.WriteString(text + "\n" + strings.TrimRight(pad, " \t") + "\n")
	if d.Fix != "" {
		lead, _ := visible(line[:min(col, len(line))], nil)
		b.WriteString(blank(lead) + d.Fix + "\n")
	}
}

// underline returns a mark for each byte of the line and one past it: ' ',
// '~' for ranges, '^' for the place itself.
func underline(s *FileSet, d *Diagnostic, pos Pos, line string, col int) []byte {
	marks := []byte(strings.Repeat(" ", len(line)+1))
	lo := pos - Pos(col)
	hi := lo + Pos(len(line))
	for _, r := range d.Ranges {
		from, to := s.Outer(r.Start), s.Outer(r.Stop)
		if from < lo && to > lo && to <= hi {
			from = lo
		}
		for p := max(from, lo); p < min(to, hi); p++ {
			marks[p-lo] = '~'
		}
	}
	marks[col] = '^'
	return marks
}

// window cuts a very long line down to the part round the caret.
func window(line string, marks []byte, col int) (string, []byte, int) {
	if len(line) <= maxShown {
		return line, marks, col
	}
	lo := max(0, col-maxShown/2)
	hi := min(len(line), lo+maxShown)
	for lo > 0 && lo < len(line) && !utf8.RuneStart(line[lo]) {
		lo--
	}
	for hi < len(line) && !utf8.RuneStart(line[hi]) {
		hi++
	}
	out, m := line[lo:hi], marks[lo:hi+1]
	if lo > 0 {
		out, m, col = "..."+out, append([]byte("   "), m...), col+3
	}
	if hi < len(line) {
		out += "..."
	}
	return out, m, col - lo
}

// visible returns the line with what cannot be printed shown as <XX> or
// <U+XXXX>, and the marks set below it. Tabs stay tabs in both.
func visible(line string, marks []byte) (text, pad string) {
	var t, m strings.Builder
	mark := func(i, width int) {
		if i >= len(marks) {
			return
		}
		c := marks[i]
		m.WriteByte(c)
		if c == '^' {
			c = ' '
		}
		for ; width > 1; width-- {
			m.WriteByte(c)
		}
	}
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == '\t':
			t.WriteByte('\t')
			if i < len(marks) {
				if marks[i] == ' ' {
					m.WriteByte('\t')
				} else {
					m.WriteByte(marks[i])
				}
			}
		case r == utf8.RuneError && n <= 1 || r < ' ' || r == 0x7f:
			s := "<" + strings.ToUpper(hex2(line[i])) + ">"
			t.WriteString(s)
			mark(i, len(s))
		case r >= 0x80 && !strconv.IsPrint(r):
			s := "<U+" + strings.ToUpper(strconv.FormatInt(int64(r), 16)) + ">"
			t.WriteString(s)
			mark(i, len(s))
		default:
			t.WriteString(line[i : i+n])
			mark(i, 1)
		}
		i += n
	}
	mark(len(line), 1)
	return t.String(), m.String()
}

func hex2(c byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[c>>4], digits[c&15]})
}

// blank turns what is not a tab into a space.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}
