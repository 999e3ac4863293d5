package source

import (
	"fmt"
	"slices"
)

// Severity tells how bad a [Diagnostic] is.
type Severity uint8

const (
	Note    Severity = iota // belongs to the diagnostic before it
	Warning                 // the program compiles
	Error                   // the program does not compile
	Fatal                   // an error that stops the compiler
)

// String returns the word clang prints.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Error:
		return "error"
	case Fatal:
		return "fatal error"
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// Diagnostic is one message about the source, in clang's terms.
type Diagnostic struct {
	Pos      Pos
	Severity Severity
	Msg      string
	Ranges   []Span       // underlined with ~~~
	Fix      string       // text that inserted at Pos would mend it; shown below the caret
	Notes    []Diagnostic // of severity Note, in order
}

// ErrorLimit is the number of errors after which a compile gives up, as
// clang's -ferror-limit does by default.
const ErrorLimit = 20

// List collects the diagnostics of a compile, over all its stages.
type List []Diagnostic

// Add appends d.
func (l *List) Add(d Diagnostic) { *l = append(*l, d) }

// Errorf appends an error and returns it, so that notes can be attached
// before the next call.
func (l *List) Errorf(pos Pos, format string, args ...any) *Diagnostic {
	return l.add(Error, pos, format, args)
}

// Warnf appends a warning and returns it.
func (l *List) Warnf(pos Pos, format string, args ...any) *Diagnostic {
	return l.add(Warning, pos, format, args)
}

func (l *List) add(sev Severity, pos Pos, format string, args []any) *Diagnostic {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	*l = append(*l, Diagnostic{Pos: pos, Severity: sev, Msg: msg})
	return &(*l)[len(*l)-1]
}

// Notef attaches a note to d.
func (d *Diagnostic) Notef(pos Pos, format string, args ...any) {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	d.Notes = append(d.Notes, Diagnostic{Pos: pos, Severity: Note, Msg: msg})
}

// Count returns the number of warnings and of errors (fatal ones included).
func (l List) Count() (warnings, errors int) {
	for i := range l {
		switch l[i].Severity {
		case Warning:
			warnings++
		case Error, Fatal:
			errors++
		}
	}
	return warnings, errors
}

// HasErrors reports whether l holds an error.
func (l List) HasErrors() bool {
	for i := range l {
		if l[i].Severity >= Error {
			return true
		}
	}
	return false
}

// Sort puts l in the order in which a reader meets the places in the text,
// an included file counting as standing at its #include. Diagnostics of one
// place keep their order; one that says the same again is dropped. A fatal
// one stays last.
func (l *List) Sort(s *FileSet) {
	type entry struct {
		d   Diagnostic
		key []Pos
	}
	entries := make([]entry, len(*l))
	for i, d := range *l {
		entries[i] = entry{d, s.order(d.Pos)}
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		if fa, fb := a.d.Severity == Fatal, b.d.Severity == Fatal; fa != fb {
			if fa {
				return 1
			}
			return -1
		}
		return slices.Compare(a.key, b.key)
	})
	out := (*l)[:0]
	first := 0 // of the run of diagnostics at one place, in out
	for i := range entries {
		if i > 0 && !slices.Equal(entries[i].key, entries[i-1].key) {
			first = len(out)
		}
		d := entries[i].d
		dup := slices.ContainsFunc(out[first:], func(o Diagnostic) bool {
			return o.Severity == d.Severity && o.Msg == d.Msg && o.Pos == d.Pos
		})
		if !dup {
			out = append(out, d)
		}
	}
	clear((*l)[len(out):])
	*l = out
}

// Limit cuts l, which is sorted, after [ErrorLimit] errors and says so.
func (l *List) Limit() {
	n := 0
	for i := range *l {
		if (*l)[i].Severity < Error {
			continue
		}
		if n++; n > ErrorLimit {
			*l = append((*l)[:i], Diagnostic{
				Severity: Fatal,
				Msg:      "too many errors emitted, stopping now",
			})
			return
		}
	}
}

// order returns a key that sorts places as a reader meets them: the place in
// the main file, then in the file included there, and so on.
func (s *FileSet) order(p Pos) []Pos {
	var key []Pos
	for p = s.Outer(p); p.IsValid(); {
		key = append(key, p)
		f := s.File(p)
		if f == nil {
			break
		}
		p = s.Outer(f.included)
	}
	slices.Reverse(key)
	return key
}
