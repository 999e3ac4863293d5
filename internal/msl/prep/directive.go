package prep

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// directive obeys the directive that begins with hash. ok is true for a
// pragma that is passed on as the token t.
func (p *Preprocessor) directive(hash scan.Token) (t scan.Token, ok bool) {
	floor, args := p.floor, p.args
	p.floor, p.args = len(p.ctx), 0
	defer func() {
		p.floor, p.args = floor, args
		p.peeked = p.peeked[:0]
	}()
	s := p.top().scan
	s.Directive = true
	name := s.Scan()
	switch {
	case name.Kind == scan.Newline:
		return t, false
	case name.Kind == scan.Int: // what other preprocessors leave behind
		p.line(name)
		return t, false
	case !name.IsWord():
		p.errorf(name.Pos, "invalid preprocessing directive")
		p.skipLine()
		return t, false
	}
	switch name.Text {
	case "define":
		p.define()
	case "undef":
		p.undef()
	case "if":
		p.open(name, p.evalIf(name))
	case "ifdef", "ifndef":
		p.open(name, p.ifdef(name.Text) == (name.Text == "ifdef"))
	case "elif", "elifdef", "elifndef", "else":
		if c := p.openCond(name); c != nil {
			p.checkElse(c, name)
			if name.Text == "else" {
				p.endLine("#else")
			}
			p.skipLine()
			p.skipGroup()
		}
	case "endif":
		p.endif(name)
	case "include", "import", "include_next":
		p.include(name)
	case "error":
		p.errorf(name.Pos, "%s", p.message())
	case "warning":
		p.list.Warnf(name.Pos, "%s", p.message())
	case "line":
		p.line(s.Scan())
	case "pragma":
		return p.pragma(name)
	case "ident", "sccs":
		p.skipLine()
	default:
		p.errorf(name.Pos, "invalid preprocessing directive")
		p.skipLine()
	}
	return t, false
}

// skipLine skips the rest of a directive.
func (p *Preprocessor) skipLine() {
	p.peeked = p.peeked[:0]
	for s := p.top().scan; s.Directive; {
		s.Scan()
	}
}

// endLine expects the end of a directive and warns if it is not there.
func (p *Preprocessor) endLine(what string) {
	if !p.top().scan.Directive {
		return
	}
	if t := p.top().scan.Scan(); t.Kind != scan.Newline {
		p.list.Warnf(t.Pos, "extra tokens at end of %s directive", what)
		p.skipLine()
	}
}

// message returns the text of the rest of the line.
func (p *Preprocessor) message() string {
	in := p.top()
	in.scan.Mute = true // it need not consist of tokens
	defer func() { in.scan.Mute = false }()
	start := in.scan.Offset()
	p.skipLine()
	return strings.TrimSpace(in.file.Source()[start:in.scan.Offset()])
}

// open begins a conditional with a directive; without taken its first group is
// skipped.
func (p *Preprocessor) open(name scan.Token, taken bool) {
	in := p.top()
	if len(in.conds) == maxConds {
		p.fatalf(name.Pos, "conditional directives are nested more than %d deep", maxConds)
		return
	}
	in.conds = append(in.conds, cond{pos: name.Pos, taken: taken})
	if !taken {
		p.skipGroup()
	}
}

// openCond returns the conditional that a directive goes on with.
func (p *Preprocessor) openCond(name scan.Token) *cond {
	in := p.top()
	if len(in.conds) == 0 {
		p.errorf(name.Pos, "#%s without #if", name.Text)
		p.skipLine()
		return nil
	}
	return &in.conds[len(in.conds)-1]
}

func (p *Preprocessor) checkElse(c *cond, name scan.Token) {
	if c.inElse {
		p.errorf(name.Pos, "#%s after #else", name.Text)
	}
	c.inElse = c.inElse || name.Text == "else"
}

func (p *Preprocessor) endif(name scan.Token) {
	if c := p.openCond(name); c != nil {
		in := p.top()
		in.conds = in.conds[:len(in.conds)-1]
		p.endLine("#endif")
	}
}

// ifdef reads the name in #ifdef and reports whether it is a macro.
func (p *Preprocessor) ifdef(directive string) bool {
	name, ok := p.macroName()
	if !ok {
		return false
	}
	p.endLine("#" + directive)
	return p.isDefined(name.Text)
}

func (p *Preprocessor) isDefined(name string) bool {
	return p.macros.get(name) != nil || hasOperator(name)
}

// skipGroup skips to the group of the innermost conditional that is to be
// read, or past its end.
func (p *Preprocessor) skipGroup() {
	in := p.top()
	s := in.scan
	c := &in.conds[len(in.conds)-1]
	defer func() { s.Mute = false }()
	for depth := 0; ; {
		s.Mute = true
		t := s.Scan()
		if t.Kind == scan.EOF {
			return
		}
		if t.Kind != scan.Hash || !t.Is(scan.StartOfLine) {
			continue
		}
		s.Directive = true
		name := s.Scan()
		if !name.IsWord() {
			if name.Kind != scan.Newline {
				p.skipLine()
			}
			continue
		}
		switch name.Text {
		case "if", "ifdef", "ifndef":
			depth++
		case "endif":
			if depth == 0 {
				s.Mute = false
				p.endif(name)
				return
			}
			depth--
		case "else", "elif", "elifdef", "elifndef":
			if depth > 0 {
				break
			}
			s.Mute = false
			p.checkElse(c, name)
			if c.taken {
				break
			}
			switch name.Text {
			case "else":
				c.taken = true
				p.endLine("#else")
			case "elif":
				c.taken = p.evalIf(name)
			default:
				c.taken = p.ifdef(name.Text) == (name.Text == "elifdef")
			}
			if c.taken {
				return
			}
		}
		p.skipLine()
	}
}

// line obeys #line, of which the number has been read.
func (p *Preprocessor) line(number scan.Token) {
	in := p.top()
	t := number
	if m := p.lookup(&t); m != nil && p.expand(t, m) {
		t = p.next()
	}
	lit, err := scan.ParseInt(strings.TrimLeft(t.Text, "0")) // decimal, whatever it looks like
	if t.Kind != scan.Int || err != nil || lit.Value == 0 || lit.Value > 1<<31-1 || lit.Unsigned || lit.Long > 0 {
		p.errorf(t.Pos, "#line directive requires a positive integer argument")
		p.skipLine()
		return
	}
	name := ""
	if t.Kind != scan.Newline {
		t = p.next()
	}
	if t.Kind == scan.String {
		_, value, err := scan.ParseString(t.Text)
		if err != nil {
			p.errorf(t.Pos, "%v", err)
		}
		name = value
	} else if t.Kind != scan.Newline {
		p.errorf(t.Pos, "invalid filename for #line directive")
	}
	p.skipLine()
	off, src := in.scan.Offset(), in.file.Source()
	if strings.HasPrefix(src[off:], "\r\n") {
		off++
	}
	if off < len(src) {
		in.file.SetLine(off+1, int(lit.Value), name)
	}
}

// headerName reads <name> or "name", as such or from macros.
func (p *Preprocessor) headerName() (name string, angled, ok bool, pos source.Pos) {
	if len(p.ctx) == p.floor && len(p.peeked) == 0 {
		if t, ok := p.top().scan.HeaderName(); ok {
			return t.Text[1 : len(t.Text)-1], t.Text[0] == '<', true, t.Pos
		}
	}
	t := p.next()
	switch t.Kind {
	case scan.String:
		if t.Text[0] == '"' && !t.Is(scan.Bad) {
			return t.Text[1 : len(t.Text)-1], false, true, t.Pos
		}
	case scan.Less:
		var b strings.Builder
		for u := p.next(); u.Kind != scan.Newline && u.Kind != scan.EOF; u = p.next() {
			if u.Kind == scan.Greater {
				return b.String(), true, true, t.Pos
			}
			if b.Len() > 0 && u.Is(scan.LeadingSpace) {
				b.WriteByte(' ')
			}
			b.WriteString(u.Text)
		}
	}
	return "", false, false, t.Pos
}

// include obeys #include.
func (p *Preprocessor) include(directive scan.Token) {
	name, angled, ok, pos := p.headerName()
	switch {
	case !ok:
		p.errorf(pos, "expected \"FILENAME\" or <FILENAME>")
		p.skipLine()
		return
	case name == "":
		p.errorf(pos, "empty filename")
		p.skipLine()
		return
	}
	p.endLine("#" + directive.Text)
	path, src, found := p.find(name, angled)
	switch {
	case isLibraryHeader(name) && !found:
		switch {
		case strings.HasPrefix(name, "simd/") && !p.once[simdHeader]:
			path, src = simdHeader, simdTypes()
		case (name == "metal_stdlib" || name == "metal_array") && !p.once[arrayRefHeader] && strings.Contains(p.top().file.Source(), arrayRefName):
			path, src = arrayRefHeader, arrayRefs()
		default:
			return
		}
		p.once[path] = true
	case !found:
		p.fatalf(pos, "'%s' file not found", name)
		return
	case found && p.once[path]:
		return
	case len(p.inputs) >= maxIncludes:
		p.fatalf(pos, "#include nested too deeply")
		return
	case !p.spend(64+len(src)/4, pos):
		return
	}
	if directive.Text == "import" {
		p.once[path] = true
	}
	f, err := p.fset.AddFile(path, src, pos)
	if err != nil {
		p.fatalf(pos, "%s: %v", path, err)
		return
	}
	p.push(f, path)
}

// find returns an included file that is not of the library. A "name" may
// shadow a header of the library, a <name> may not.
func (p *Preprocessor) find(name string, angled bool) (path, src string, ok bool) {
	if p.opts.Include == nil || angled && isLibraryHeader(name) {
		return "", "", false
	}
	return p.opts.Include(name, p.top().path, angled)
}
