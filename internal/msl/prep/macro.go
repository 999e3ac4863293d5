package prep

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// macro is a macro definition.
type macro struct {
	name     string
	pos      source.Pos // of the name in the definition
	function bool       // has parameters
	params   []string
	variadic bool // the last parameter takes all that is left
	body     []scan.Token
	param    []int32 // for each token of body, the parameter it is, or -1
	plain    bool    // body has no parameters, # or ##
	span     source.Span
	dynamic  bool // __LINE__ and the like
	disabled bool // being expanded
}

const vaArgs, vaOpt = "__VA_ARGS__", "__VA_OPT__"

// define obeys #define, of which the name comes next.
func (p *Preprocessor) define() {
	in := p.top()
	name, ok := p.macroName()
	if !ok {
		return
	}
	m := &macro{name: name.Text, pos: name.Pos}
	t := in.scan.Scan()
	if t.Kind == scan.LParen && !t.Is(scan.LeadingSpace) && t.Pos == name.End() {
		m.function = true
		if !p.params(m) {
			p.skipLine()
			return
		}
		t = in.scan.Scan()
	} else if t.Kind != scan.Newline && !t.Is(scan.LeadingSpace) {
		p.list.Warnf(t.Pos, "whitespace recommended after macro name")
	}
	for ; t.Kind != scan.Newline; t = in.scan.Scan() {
		if len(m.body) == 0 {
			t.Flags &^= scan.LeadingSpace
		}
		m.body = append(m.body, t)
	}
	if !p.checkBody(m) {
		return
	}
	old := p.macros.get(m.name)
	if old != nil && old.dynamic {
		p.list.Warnf(m.pos, "redefining builtin macro")
	} else if old != nil && !old.same(m) {
		p.list.Warnf(m.pos, "'%s' macro redefined", m.name).Notef(old.pos, "previous definition is here")
	}
	p.macros.set(m)
	p.keywords = p.keywords || name.Kind.IsKeyword()
}

// macroName reads the name in #define, #undef, #ifdef and the like. If there
// is none it says so and skips the line.
func (p *Preprocessor) macroName() (scan.Token, bool) {
	t := p.top().scan.Scan()
	switch {
	case t.IsWord() && t.Text == "defined":
		p.errorf(t.Pos, "'defined' cannot be used as a macro name")
	case t.IsWord():
		return t, true
	case t.Kind == scan.Newline:
		p.errorf(t.Pos, "macro name missing")
		return t, false
	case t.Text != "" && 'a' <= t.Text[0] && t.Text[0] <= 'z':
		p.errorf(t.Pos, "C++ operator '%s' (aka '%s') used as a macro name", t.Text, t.Kind)
	default:
		p.errorf(t.Pos, "macro name must be an identifier")
	}
	p.skipLine()
	return t, false
}

// params reads the parameters of a function-like macro; the parenthesis has
// been read.
func (p *Preprocessor) params(m *macro) bool {
	s := p.top().scan
	seen := make(map[string]bool)
	t := s.Scan()
	if t.Kind == scan.RParen {
		return true
	}
	for {
		switch {
		case t.Kind == scan.Ellipsis:
			m.variadic = true
			m.params = append(m.params, vaArgs)
			t = s.Scan()
		case t.Kind == scan.Newline:
			p.errorf(t.Pos, "missing ')' in macro parameter list")
			s.Directive = true // the line has not been left yet
			return false
		case t.IsWord() && t.Text == vaArgs:
			p.errorf(t.Pos, "__VA_ARGS__ can only appear in the expansion of a C99 variadic macro")
			return false
		case t.IsWord():
			if seen[t.Text] {
				p.errorf(t.Pos, "duplicate macro parameter name '%s'", t.Text)
				return false
			}
			seen[t.Text] = true
			m.params = append(m.params, t.Text)
			t = s.Scan()
			if t.Kind == scan.Ellipsis { // GNU's name for __VA_ARGS__
				m.variadic = true
				t = s.Scan()
			}
		default:
			p.errorf(t.Pos, "invalid token in macro parameter list")
			return false
		}
		switch {
		case t.Kind == scan.RParen:
			return true
		case t.Kind == scan.Newline:
			p.errorf(t.Pos, "missing ')' in macro parameter list")
			s.Directive = true
			return false
		case m.variadic:
			p.errorf(t.Pos, "missing ')' in macro parameter list")
			return false
		case t.Kind != scan.Comma:
			p.errorf(t.Pos, "expected comma in macro parameter list")
			return false
		}
		t = s.Scan()
	}
}

// checkBody resolves the parameters in a replacement list.
func (p *Preprocessor) checkBody(m *macro) bool {
	if n := len(m.body); n > 0 {
		m.span = source.Span{Start: m.body[0].Pos, Stop: m.body[n-1].End()}
	}
	m.param = make([]int32, len(m.body))
	m.plain = true
	index := make(map[string]int32, len(m.params))
	for i, name := range m.params {
		index[name] = int32(i)
	}
	for i := range m.body {
		t := &m.body[i]
		m.param[i] = -1
		switch {
		case t.IsWord():
			if k, ok := index[t.Text]; ok {
				m.param[i] = k
				m.plain = false
			} else if t.Text == vaArgs {
				p.list.Warnf(t.Pos, "__VA_ARGS__ can only appear in the expansion of a C99 variadic macro")
			} else if t.Text == vaOpt && m.variadic {
				m.plain = false
				if closing(m.body[i+1:]) < 0 {
					p.errorf(t.Pos, "unterminated __VA_OPT__")
					return false
				}
			}
		case t.Kind == scan.HashHash:
			m.plain = false
			if i == 0 || i == len(m.body)-1 {
				p.errorf(t.Pos, "'##' cannot appear at %s of macro expansion", map[bool]string{true: "start", false: "end"}[i == 0])
				return false
			}
		case t.Kind == scan.Hash && m.function:
			m.plain = false
			ok := i+1 < len(m.body) && m.body[i+1].IsWord()
			if ok {
				next := m.body[i+1].Text
				_, ok = index[next]
				ok = ok || next == vaOpt && m.variadic
			}
			if !ok {
				p.errorf(t.Pos, "'#' is not followed by a macro parameter")
				return false
			}
		}
	}
	return true
}

// closing returns the index of the parenthesis that closes the one toks
// begins with, or -1.
func closing(toks []scan.Token) int {
	depth := 0
	for i := range toks {
		switch toks[i].Kind {
		case scan.LParen:
			depth++
		case scan.RParen:
			depth--
			if depth == 0 {
				return i
			}
		default:
			if depth == 0 {
				return -1
			}
		}
	}
	return -1
}

// same reports whether the definitions are the same as far as C++ cares.
func (m *macro) same(o *macro) bool {
	return m.function == o.function && m.variadic == o.variadic &&
		slices.Equal(m.params, o.params) &&
		slices.EqualFunc(m.body, o.body, func(a, b scan.Token) bool {
			return a.Kind == b.Kind && a.Text == b.Text && a.Flags&scan.LeadingSpace == b.Flags&scan.LeadingSpace
		})
}

// undef obeys #undef, of which the name comes next.
func (p *Preprocessor) undef() {
	name, ok := p.macroName()
	if !ok {
		return
	}
	if m := p.macros.get(name.Text); m != nil {
		if m.dynamic {
			p.list.Warnf(name.Pos, "undefining builtin macro")
		}
		p.macros.remove(name.Text)
	}
	p.endLine("#undef")
}
