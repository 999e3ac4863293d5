package prep

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// paste joins the last token of the result with what follows the ## at i, and
// returns the index of the last token it used.
func (x *expansion) paste(i, hi int) int {
	m, body := x.m, x.m.body
	op := body[i]
	if i+1 >= hi || len(x.out) == 0 { // at the edge of __VA_OPT__
		return i
	}
	i++
	var rhs []scan.Token
	switch k := m.param[i]; {
	case k >= 0:
		rhs = x.args[k].toks
	case body[i].Kind == scan.Hash && m.function && i+1 < hi && m.param[i+1] >= 0:
		h := body[i]
		h.Pos = x.place(h.Pos)
		i++
		rhs = []scan.Token{x.stringify(&x.args[m.param[i]], h)}
	case body[i].Text == vaOpt && m.variadic:
		end := i + 1 + closing(body[i+1:])
		n := len(x.out)
		x.substituteOpt(i+2, end)
		rhs = append(rhs, x.out[n:]...)
		x.out = x.out[:n]
		i = end
	default:
		t := body[i]
		t.Pos = x.place(t.Pos)
		rhs = []scan.Token{t}
	}
	lhs := &x.out[len(x.out)-1]
	switch {
	case len(rhs) == 0 || isPlacemarker(&rhs[0]):
	case isPlacemarker(lhs):
		flags := lhs.Flags
		*lhs = rhs[0]
		lhs.Flags = lhs.Flags&^(scan.LeadingSpace|scan.StartOfLine) | flags&scan.LeadingSpace
	case len(lhs.Text)+len(rhs[0].Text) > maxPasted:
		x.p.fatalf(x.place(op.Pos), "pasting formed a token of more than %d bytes", maxPasted)
		return i
	default:
		text := lhs.Text + rhs[0].Text
		t, ok := scan.Paste(text)
		if !ok {
			x.p.errorf(x.place(op.Pos), "pasting formed '%s', an invalid preprocessing token", shorten(text))
			x.out = append(x.out, rhs[0])
			break
		}
		t.Pos, t.Width, t.Flags = lhs.Pos, lhs.Width, lhs.Flags&(scan.LeadingSpace|scan.StartOfLine)
		*lhs = t
	}
	if len(rhs) > 1 {
		x.insert(rhs[1:], rhs[1].Flags)
	}
	return i
}

// shorten keeps what a message quotes at a readable length.
func shorten(s string) string {
	if len(s) > 64 {
		return strings.ToValidUTF8(s[:60], "") + "..."
	}
	return s
}

// stringify returns the argument as a string literal in place of the token
// hash.
func (x *expansion) stringify(a *argument, hash scan.Token) scan.Token {
	if !a.isText {
		a.text, a.isText = quote(a.toks), true
	}
	hash.Kind, hash.Text = scan.String, a.text
	x.p.spend(1+len(a.text)/256, x.use.Start)
	return hash
}

// stringifyOpt is stringify for #__VA_OPT__(…), whose content lies from lo to
// hi.
func (x *expansion) stringifyOpt(lo, hi int, hash scan.Token) scan.Token {
	n := len(x.out)
	x.substituteOpt(lo, hi)
	var toks []scan.Token
	for _, t := range x.out[n:] {
		if !isPlacemarker(&t) {
			toks = append(toks, t)
		}
	}
	x.out = x.out[:n]
	hash.Kind, hash.Text = scan.String, quote(toks)
	x.p.spend(1+len(hash.Text)/256, x.use.Start)
	return hash
}

// quote spells tokens as a string literal.
func quote(toks []scan.Token) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range toks {
		t := &toks[i]
		if i > 0 && t.Flags&(scan.LeadingSpace|scan.StartOfLine) != 0 {
			b.WriteByte(' ')
		}
		if t.Kind != scan.String && t.Kind != scan.Char {
			b.WriteString(t.Text)
			continue
		}
		for j := 0; j < len(t.Text); j++ {
			switch c := t.Text[j]; c {
			case '"', '\\':
				b.WriteByte('\\')
				b.WriteByte(c)
			case '\n': // in a raw string
				b.WriteString(`\n`)
			case '\r':
				b.WriteString(`\r`)
			default:
				b.WriteByte(c)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}
