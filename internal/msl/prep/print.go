package prep

import (
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Text spells preprocessed tokens as source text: each token on the line it
// came from, as far as that can be kept without many empty lines, and with
// line markers where it cannot.
func Text(fset *source.FileSet, toks []scan.Token) string {
	var b strings.Builder
	file, line := "", 0
	fresh := true // at the beginning of a line
	for i := range toks {
		t := &toks[i]
		if t.Kind == scan.EOF {
			break
		}
		if t.Is(scan.StartOfLine) || t.Kind == scan.Pragma {
			at := fset.Position(t.Pos)
			switch gap := at.Line - line; {
			case at.Filename == file && fresh && gap == 0:
			case at.Filename == file && 0 < gap && gap <= 8:
				b.WriteString(strings.Repeat("\n", gap))
			default:
				if b.Len() > 0 {
					b.WriteByte('\n')
				}
				b.WriteString("# " + strconv.Itoa(at.Line) + " " + quote([]scan.Token{{Kind: scan.String, Text: at.Filename}}))
				b.WriteByte('\n')
			}
			file, line = at.Filename, at.Line
			fresh = true
			if t.Kind != scan.Pragma && at.Column > 1 {
				b.WriteString(strings.Repeat(" ", at.Column-1))
			}
		}
		if t.Kind == scan.Pragma {
			b.WriteString("#pragma " + t.Text + "\n")
			line++
			continue
		}
		if !fresh && (t.Is(scan.LeadingSpace) || glues(&toks[i-1], t)) {
			b.WriteByte(' ')
		}
		b.WriteString(t.Text)
		fresh = false
	}
	b.WriteByte('\n')
	return b.String()
}

// glues reports whether a and b written side by side would be read otherwise.
func glues(a, b *scan.Token) bool {
	if a.Text == "" || b.Text == "" {
		return false
	}
	wordy := func(t *scan.Token) bool { return t.IsWord() || t.Kind == scan.Int || t.Kind == scan.Float }
	switch {
	case wordy(a):
		return wordy(b) || b.Kind == scan.String || b.Kind == scan.Char ||
			(a.Kind == scan.Int || a.Kind == scan.Float) && strings.ContainsAny(b.Text[:1], ".+-'")
	case a.Kind == scan.String || a.Kind == scan.Char:
		return wordy(b)
	case a.Kind == scan.Period && (b.Kind == scan.Int || b.Kind == scan.Float):
		return true
	}
	t, ok := scan.Paste(a.Text + b.Text[:1])
	return ok && t.Kind != scan.Invalid || a.Text == "/" && (b.Text[0] == '/' || b.Text[0] == '*')
}
