package gpu

import (
	"fmt"
	"strconv"
	"strings"
)

// A CompileError is a source that did not compile.
type CompileError struct {
	Diagnostics []Diagnostic // in the compiler's order, at least one; what is no place in the source has no Pos
	Raw         string       // all that the compiler said, source lines and carets included
}

// Error is the first error with its place, and how many more there are. Raw has everything.
func (e *CompileError) Error() string {
	first, more := -1, 0
	for i, d := range e.Diagnostics {
		if d.Severity != SeverityError {
			continue
		}
		if first < 0 {
			first = i
		} else {
			more++
		}
	}
	switch {
	case first < 0 && e.Raw == "":
		return "gpu: compile: failed without a reason"
	case first < 0:
		return "gpu: compile: " + strings.TrimSpace(e.Raw)
	case more == 0:
		return "gpu: compile: " + e.Diagnostics[first].String()
	case more == 1:
		return "gpu: compile: " + e.Diagnostics[first].String() + " (and 1 more error)"
	}
	return fmt.Sprintf("gpu: compile: %v (and %d more errors)", e.Diagnostics[first], more)
}

// A Diagnostic is one error, warning or note of the compiler.
type Diagnostic struct {
	Pos      Position
	Severity Severity
	Msg      string // one line, without the place
}

// String writes the diagnostic as the compiler does: "program_source:3:7: error: …".
func (d Diagnostic) String() string {
	if d.Pos == (Position{}) {
		return d.Severity.String() + ": " + d.Msg
	}
	return d.Pos.String() + ": " + d.Severity.String() + ": " + d.Msg
}

// A Position is a place in a source. Line and Column count from 1; 0 says that the compiler did
// not tell.
type Position struct {
	Filename     string // program_source for a source given as text
	Line, Column int
}

// String is "file:line:column", as far as it is known.
func (p Position) String() string {
	s := p.Filename
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
		if p.Column > 0 {
			s += ":" + strconv.Itoa(p.Column)
		}
	}
	return s
}

// Severity is how bad a Diagnostic is.
type Severity int

const (
	SeverityError Severity = iota
	SeverityWarning
	SeverityNote // belongs to the diagnostic before it
)

func (s Severity) String() string {
	switch s {
	case SeverityWarning:
		return "warning"
	case SeverityNote:
		return "note"
	}
	return "error"
}

// parseDiagnostics reads the text of Metal's compiler, which is clang's: lines of
// "FILE:LINE:COLUMN: SEVERITY: text" between source lines, carets and a preamble. Lines of
// another shape belong to the reader of the raw text.
func parseDiagnostics(text string) []Diagnostic {
	var list []Diagnostic
	for line := range strings.Lines(text) {
		if d, ok := parseDiagnostic(strings.TrimRight(line, "\r\n")); ok {
			list = append(list, d)
		}
	}
	return list
}

func parseDiagnostic(line string) (Diagnostic, bool) {
	// A file name may hold colons, a message too: the severity is the only landmark, and the first
	// one counts.
	at, severity, width := -1, SeverityError, 0
	for _, m := range [...]struct {
		mark     string
		severity Severity
	}{
		{"fatal error: ", SeverityError}, {"error: ", SeverityError}, {"warning: ", SeverityWarning}, {"note: ", SeverityNote},
	} {
		i := strings.Index(line, m.mark)
		if i < 0 || at >= 0 && i >= at || i > 0 && !strings.HasSuffix(line[:i], ": ") {
			continue
		}
		at, severity, width = i, m.severity, len(m.mark)
	}
	if at < 0 {
		return Diagnostic{}, false
	}
	d := Diagnostic{Severity: severity, Msg: strings.TrimSpace(line[at+width:])}
	if at == 0 {
		return d, true
	}
	var ok bool
	d.Pos, ok = parsePosition(line[:at-len(": ")])
	return d, ok
}

// parsePosition reads FILE:LINE:COLUMN, FILE:LINE or FILE.
func parsePosition(s string) (Position, bool) {
	var numbers [2]int // the last, the one before
	n := 0
	for n < 2 {
		i := strings.LastIndexByte(s, ':')
		if i <= 0 {
			break
		}
		v, err := strconv.Atoi(s[i+1:])
		if err != nil || v < 0 {
			break
		}
		numbers[n] = v
		n++
		s = s[:i]
	}
	switch n {
	case 0:
		return Position{Filename: s}, s != ""
	case 1:
		return Position{Filename: s, Line: numbers[0]}, true
	}
	return Position{Filename: s, Line: numbers[1], Column: numbers[0]}, true
}
