package prep

import (
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// expand replaces t, the name of m, by what m stands for. It returns false if
// t is to stay as it is.
func (p *Preprocessor) expand(t scan.Token, m *macro) bool {
	if m.dynamic {
		return p.expandDynamic(t)
	}
	use := source.Span{Start: t.Pos, Stop: t.End()}
	var args []argument
	if m.function {
		if !p.peekParen() {
			return false
		}
		var ok bool
		args, use.Stop, ok = p.readArgs(t, m)
		if !ok {
			return false
		}
	}
	x := expansion{p: p, m: m, args: args, use: use}
	if len(m.body) > 0 {
		x.base, x.mapped = p.fset.AddExpansion(m.name, m.span, use)
	}
	toks := x.tokens()
	if len(toks) > 0 {
		toks[0].Flags = toks[0].Flags&^(scan.StartOfLine|scan.LeadingSpace) | t.Flags&(scan.StartOfLine|scan.LeadingSpace)
	}
	p.ctx = append(p.ctx, context{toks: toks, macro: m})
	m.disabled = true
	p.disabled++
	return p.spend(len(toks)+4, use.Start)
}

// argument is an argument of a macro invocation.
type argument struct {
	toks     []scan.Token
	expanded []scan.Token
	isReady  bool // expanded is set
	text     string
	isText   bool // text is set
}

// readArgs reads the arguments of an invocation of m; the parenthesis comes
// next. end is the position after the closing one.
func (p *Preprocessor) readArgs(name scan.Token, m *macro) (args []argument, end source.Pos, ok bool) {
	p.args++
	p.raw() // the parenthesis
	depth := 0
	start := 0
	var toks []scan.Token // of all arguments
	for {
		t := p.raw()
		switch t.Kind {
		case scan.EOF, scan.Newline:
			p.args--
			if !p.isolated && len(p.ctx) == p.floor {
				if t.Kind == scan.Newline {
					p.top().scan.Directive = true // Newline is there to be read again
				}
			}
			if !p.stopped {
				p.errorf(name.Pos, "unterminated function-like macro invocation").
					Notef(m.pos, "macro '%s' defined here", m.name)
				p.swallowed = p.swallowed || t.Kind == scan.EOF
			}
			return nil, 0, false
		case scan.LParen:
			depth++
		case scan.RParen:
			if depth == 0 {
				p.args--
				args = append(args, argument{toks: toks[start:len(toks):len(toks)]})
				args, ok = p.checkArgs(t.Pos, m, args)
				return args, t.End(), ok && p.spend(len(toks), name.Pos)
			}
			depth--
		case scan.Comma:
			if depth == 0 && !(m.variadic && len(args) >= len(m.params)-1) {
				args = append(args, argument{toks: toks[start:len(toks):len(toks)]})
				start = len(toks)
				continue
			}
		}
		if len(toks) == maxTokens {
			p.fatalf(name.Pos, "macro expansion is too large")
		}
		toks = append(toks, t)
	}
}

// checkArgs makes the number of arguments fit the parameters, or says that
// they do not.
func (p *Preprocessor) checkArgs(closing source.Pos, m *macro, args []argument) ([]argument, bool) {
	if len(m.params) == 0 && len(args) == 1 && len(args[0].toks) == 0 {
		return nil, true
	}
	if m.variadic && len(args) == len(m.params)-1 {
		return append(args, argument{}), true
	}
	if len(args) == len(m.params) {
		return args, true
	}
	few := "few"
	if len(args) > len(m.params) {
		few = "many"
	}
	pos := closing
	if few == "many" && len(args[len(m.params)].toks) > 0 {
		pos = args[len(m.params)].toks[0].Pos
	}
	p.errorf(pos, "too %s arguments provided to function-like macro invocation", few).
		Notef(m.pos, "macro '%s' defined here", m.name)
	return nil, false
}

// fullyExpand returns the tokens of an argument with all macros expanded.
func (p *Preprocessor) fullyExpand(a *argument) []scan.Token {
	if a.isReady {
		return a.expanded
	}
	a.isReady = true
	plain := true
	for i := range a.toks {
		if p.lookup(&a.toks[i]) != nil {
			plain = false
			break
		}
	}
	if plain {
		a.expanded = a.toks
		return a.expanded
	}
	if p.depth >= maxNested {
		p.fatalf(a.toks[0].Pos, "macro invocations are nested more than %d deep in arguments", maxNested)
		return nil
	}
	p.depth++
	floor, isolated := p.floor, p.isolated
	p.floor, p.isolated = len(p.ctx), true
	p.ctx = append(p.ctx, context{toks: a.toks})
	out := make([]scan.Token, 0, len(a.toks)+8)
	for {
		t := p.next()
		if t.Kind == scan.EOF {
			break
		}
		out = append(out, t)
		if len(out) > maxTokens {
			p.fatalf(t.Pos, "macro expansion is too large")
			break
		}
	}
	for len(p.ctx) > p.floor {
		p.pop()
	}
	p.floor, p.isolated = floor, isolated
	p.depth--
	p.spend(len(out), source.NoPos)
	a.expanded = out
	return out
}

// expansion builds the tokens of one expansion.
type expansion struct {
	p      *Preprocessor
	m      *macro
	args   []argument
	use    source.Span
	base   source.Pos
	mapped bool // positions were reserved at base
	out    []scan.Token
}

// place returns the position of a token of the replacement list.
func (x *expansion) place(pos source.Pos) source.Pos {
	if !x.mapped {
		return x.use.Start
	}
	return x.base + (pos - x.m.span.Start)
}

func (x *expansion) tokens() []scan.Token {
	m := x.m
	if m.plain {
		out := make([]scan.Token, len(m.body))
		copy(out, m.body)
		for i := range out {
			out[i].Pos = x.place(out[i].Pos)
		}
		return out
	}
	x.out = make([]scan.Token, 0, len(m.body)+8)
	x.substitute(0, len(m.body))
	out := x.out[:0]
	for _, t := range x.out {
		if !isPlacemarker(&t) {
			out = append(out, t)
		}
	}
	return out
}

// A placemarker stands for an empty argument beside ##.
func placemarker(pos source.Pos, flags scan.Flags) scan.Token {
	return scan.Token{Kind: scan.Invalid, Pos: pos, Flags: flags}
}

func isPlacemarker(t *scan.Token) bool { return t.Kind == scan.Invalid && t.Text == "" }

// substitute appends the tokens lo to hi of the replacement list, arguments
// in place of parameters, # and ## done.
func (x *expansion) substitute(lo, hi int) {
	m, body := x.m, x.m.body
	for i := lo; i < hi && !x.p.stopped; i++ {
		t := body[i]
		flags := t.Flags
		t.Pos = x.place(t.Pos)
		switch {
		case t.Kind == scan.Hash && m.function:
			i++
			if m.param[i] >= 0 {
				t = x.stringify(&x.args[m.param[i]], t)
			} else { // #__VA_OPT__(…)
				end := i + 1 + closing(body[i+1:])
				t = x.stringifyOpt(i+2, end, t)
				i = end
			}
			x.out = append(x.out, t)
		case t.Kind == scan.HashHash:
			i = x.paste(i, hi)
		case t.Kind == scan.Comma && x.isCommaPaste(i, hi):
			// GNU: the comma goes if there is nothing after it.
			arg := x.args[len(x.args)-1].toks
			if len(arg) > 0 {
				x.out = append(x.out, t)
				x.insert(arg, body[i+2].Flags)
			}
			i += 2
		case m.param[i] >= 0:
			arg := &x.args[m.param[i]]
			switch {
			case i+1 < hi && body[i+1].Kind == scan.HashHash:
				if len(arg.toks) == 0 {
					x.out = append(x.out, placemarker(t.Pos, flags))
				}
				x.insert(arg.toks, flags)
			default:
				x.insert(x.p.fullyExpand(arg), flags)
			}
		case t.Text == vaOpt && m.variadic:
			end := i + 1 + closing(body[i+1:])
			n := len(x.out)
			x.substituteOpt(i+2, end)
			if len(x.out) == n {
				x.out = append(x.out, placemarker(t.Pos, flags))
			} else {
				x.out[n].Flags |= flags & scan.LeadingSpace
			}
			i = end
		default:
			x.out = append(x.out, t)
		}
		if len(x.out) > maxTokens {
			x.p.fatalf(x.use.Start, "macro expansion is too large")
		}
	}
}

// substituteOpt appends the content of __VA_OPT__ if there are variadic
// arguments.
func (x *expansion) substituteOpt(lo, hi int) {
	if len(x.p.fullyExpand(&x.args[len(x.args)-1])) > 0 {
		x.substitute(lo, hi)
	}
}

// insert appends the tokens of an argument in place of a parameter that has
// the given flags.
func (x *expansion) insert(toks []scan.Token, flags scan.Flags) {
	n := len(x.out)
	if n+len(toks) > maxTokens {
		x.p.fatalf(x.use.Start, "macro expansion is too large")
		return
	}
	x.out = append(x.out, toks...)
	if len(toks) > 0 {
		x.out[n].Flags = x.out[n].Flags&^(scan.LeadingSpace|scan.StartOfLine) | flags&scan.LeadingSpace
	}
}

// isCommaPaste reports whether , ## __VA_ARGS__ stands at i.
func (x *expansion) isCommaPaste(i, hi int) bool {
	m := x.m
	return m.variadic && i+2 < hi && m.body[i+1].Kind == scan.HashHash && int(m.param[i+2]) == len(m.params)-1
}
