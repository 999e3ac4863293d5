package prep

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// passedOn are the first words of the pragmas that mean something to the
// stages after this one. Others (clang diagnostic, mark, …) end here.
var passedOn = []string{"unroll", "nounroll", "clang loop", "clang fp", "METAL", "STDC FP_CONTRACT", "pack"}

// pragma obeys #pragma. ok is true if it is passed on as the token t.
func (p *Preprocessor) pragma(name scan.Token) (t scan.Token, ok bool) {
	in := p.top()
	text := ""
	var words []scan.Token
	for t := in.scan.Scan(); t.Kind != scan.Newline; t = in.scan.Scan() {
		words = append(words, t)
	}
	text = spell(words)
	if text == "once" {
		if len(p.inputs) == 1 {
			p.list.Warnf(name.Pos, "#pragma once in main file")
		}
		p.once[in.path] = true
		return t, false
	}
	t = scan.Token{Kind: scan.Pragma, Flags: scan.StartOfLine, Pos: name.Pos, Text: text}
	t.Width = uint32(in.file.Pos(in.scan.Offset()) - name.Pos)
	return t, isPassedOn(text)
}

// spell joins tokens with single spaces where there was space.
func spell(toks []scan.Token) string {
	var b strings.Builder
	for i := range toks {
		if i > 0 && toks[i].Flags&(scan.LeadingSpace|scan.StartOfLine) != 0 {
			b.WriteByte(' ')
		}
		b.WriteString(toks[i].Text)
	}
	return b.String()
}

func isPassedOn(text string) bool {
	for _, word := range passedOn {
		rest, ok := strings.CutPrefix(text, word)
		if ok && (rest == "" || rest[0] == ' ' || rest[0] == '(') {
			return true
		}
	}
	return false
}

// pragmaOperator reads the rest of _Pragma("…"), of which name has been read.
// ok is true if the pragma is passed on as the token t.
func (p *Preprocessor) pragmaOperator(name scan.Token) (t scan.Token, ok bool) {
	fail := func(t scan.Token) (scan.Token, bool) {
		p.errorf(t.Pos, "_Pragma takes a parenthesized string literal")
		return t, t.Kind == scan.EOF || t.Kind == scan.Newline
	}
	if !p.peekParen() {
		p.errorf(name.Pos, "_Pragma takes a parenthesized string literal")
		return t, false
	}
	p.raw()
	lit := p.next()
	if lit.Kind != scan.String {
		return fail(lit)
	}
	if t := p.raw(); t.Kind != scan.RParen {
		return fail(t)
	}
	_, text, err := scan.ParseString(lit.Text)
	if err != nil || lit.Is(scan.Bad) {
		return t, false
	}
	f, err := p.fset.AddFile("<scratch space>", text, name.Pos)
	if err != nil {
		return t, false
	}
	s := scan.New(f, func(d source.Diagnostic) { d.Pos = name.Pos; p.list.Add(d) })
	var words []scan.Token
	for t := s.Scan(); t.Kind != scan.EOF; t = s.Scan() {
		words = append(words, t)
	}
	t = name
	t.Kind, t.Text = scan.Pragma, spell(words)
	return t, isPassedOn(t.Text)
}
