package gpu

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseDiagnostics(t *testing.T) {
	const text = `Compilation failed: 

program_source:2:10: error: use of undeclared identifier 'undefined_name'
  a[0] = undefined_name;
         ^
program_source:4:3: warning: unused variable 'x' [-Wunused-variable]
program_source:1:13: note: 'broken' declared here
dir/a:b.metal:12: fatal error: 'gone.h' file not found: error: twice
clang: error: no input files
error: it went wrong
  // error: a source line, not a diagnostic
2 errors generated.
`
	require.Equal(t, []Diagnostic{
		{Position{"program_source", 2, 10}, SeverityError, "use of undeclared identifier 'undefined_name'"},
		{Position{"program_source", 4, 3}, SeverityWarning, "unused variable 'x' [-Wunused-variable]"},
		{Position{"program_source", 1, 13}, SeverityNote, "'broken' declared here"},
		{Position{"dir/a:b.metal", 12, 0}, SeverityError, "'gone.h' file not found: error: twice"},
		{Position{"clang", 0, 0}, SeverityError, "no input files"},
		{Position{}, SeverityError, "it went wrong"},
	}, parseDiagnostics(text))
}

func TestCompileErrorText(t *testing.T) {
	at := func(line int, s Severity, msg string) Diagnostic {
		return Diagnostic{Position{"program_source", line, 1}, s, msg}
	}
	for _, c := range []struct {
		name string
		err  CompileError
		want string
	}{
		{"one", CompileError{Diagnostics: []Diagnostic{at(1, SeverityWarning, "w"), at(2, SeverityError, "e")}}, "gpu: compile: program_source:2:1: error: e"},
		{"two", CompileError{Diagnostics: []Diagnostic{at(1, SeverityError, "e"), at(2, SeverityError, "f")}}, "gpu: compile: program_source:1:1: error: e (and 1 more error)"},
		{"three", CompileError{Diagnostics: []Diagnostic{at(1, SeverityError, "e"), at(2, SeverityError, "f"), at(3, SeverityError, "g")}}, "gpu: compile: program_source:1:1: error: e (and 2 more errors)"},
		{"raw", CompileError{Raw: "the compiler died\n"}, "gpu: compile: the compiler died"},
		{"nothing", CompileError{}, "gpu: compile: failed without a reason"},
	} {
		require.Equal(t, c.want, c.err.Error(), c.name)
	}
}

// Any text is read without a panic, and what is found can be written and read again.
func FuzzParseDiagnostics(f *testing.F) {
	for _, s := range []string{"", "a:1:2: error: b", ": error: ", "error: ", "x::: note: y", "a:99999999999999999999:1: warning: z", "a:-1: error: q"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range parseDiagnostics(text) {
			if d.Pos.Line < 0 || d.Pos.Column < 0 || strings.ContainsAny(d.Msg, "\n") {
				t.Fatalf("%q gives %+v", text, d)
			}
		}
	})
}
