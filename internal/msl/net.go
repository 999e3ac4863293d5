package msl

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// noNet turns the net of [catch] off, so that tests see what breaks.
var noNet bool

// catch turns a panic of the compiler, a fault of its own, into a diagnostic:
// whoever compiles a source must outlive it.
func catch(list *source.List, failed func()) {
	if noNet {
		return
	}
	r := recover()
	if r == nil {
		return
	}
	failed()
	list.Add(source.Diagnostic{
		Severity: source.Fatal,
		Msg:      "internal compiler error; please report it with the source",
		Notes:    []source.Diagnostic{{Severity: source.Note, Msg: describePanic(r)}},
	})
}

// describePanic says what broke, and where: the first frames of this module.
func describePanic(r any) string {
	return panicText(r, debug.Stack())
}

func panicText(r any, stack []byte) string {
	const most = 5
	s := fmt.Sprint(r)
	n := 0
	for line := range strings.Lines(string(stack)) {
		line = strings.TrimSpace(line)
		i := strings.Index(line, "/internal/msl/")
		if i < 0 || !strings.Contains(line, ".go:") || strings.Contains(line, "net.go") {
			continue
		}
		line, _, _ = strings.Cut(line[i+1:], " ")
		s += "\n\tat " + line
		if n++; n == most {
			break
		}
	}
	return s
}
