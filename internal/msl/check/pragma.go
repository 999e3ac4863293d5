package check

import (
	"sort"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// pragmaState is which groups of warnings are off from a place in a file on,
// by #pragma clang diagnostic.
type pragmaState struct {
	offset int
	off    []string
}

// ignored reports whether warnings of a group are off at a place. The
// preprocessor does not pass such pragmas on: they are read from the text when
// the first warning asks.
func (c *checker) ignored(group string, pos source.Pos) bool {
	pos = c.fset.Outer(pos)
	f := c.fset.File(pos)
	if f == nil {
		return false
	}
	states, ok := c.pragmas[f]
	if !ok {
		states = readPragmas(f.Source())
		if c.pragmas == nil {
			c.pragmas = make(map[*source.File][]pragmaState)
		}
		c.pragmas[f] = states
	}
	at := f.Offset(pos)
	n := sort.Search(len(states), func(i int) bool { return states[i].offset > at })
	if n == 0 {
		return false
	}
	for _, g := range states[n-1].off {
		if g == group || g == "unused" && strings.HasPrefix(group, "unused-") || g == "all" || g == "everything" {
			return true
		}
	}
	return false
}

// readPragmas finds the diagnostic pragmas of a text.
func readPragmas(src string) []pragmaState {
	var states []pragmaState
	var off []string
	var stack [][]string
	for start := 0; start < len(src); {
		line := src[start:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		next := start + len(line) + 1
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "#"); ok {
			w := strings.Fields(rest)
			if len(w) >= 4 && w[0] == "pragma" && (w[1] == "clang" || w[1] == "GCC") && w[2] == "diagnostic" {
				off, stack = applyPragma(w[3:], off, stack)
				states = append(states, pragmaState{next, off})
			}
		}
		start = next
	}
	return states
}

func applyPragma(w []string, off []string, stack [][]string) ([]string, [][]string) {
	switch w[0] {
	case "push":
		return off, append(stack, off)
	case "pop":
		if n := len(stack); n > 0 {
			return stack[n-1], stack[:n-1]
		}
	case "ignored", "warning", "error":
		if len(w) < 2 {
			break
		}
		group, err := strconv.Unquote(w[1])
		if err != nil {
			break
		}
		group = strings.TrimPrefix(group, "-W")
		var list []string
		for _, g := range off {
			if g != group {
				list = append(list, g)
			}
		}
		if w[0] == "ignored" {
			list = append(list, group)
		}
		return list, stack
	}
	return off, stack
}
