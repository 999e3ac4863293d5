package prep

import (
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// value is the value of an expression in #if: 64 bits, signed or not.
type value struct {
	n        uint64
	unsigned bool
}

func truth(b bool) value {
	if b {
		return value{n: 1}
	}
	return value{}
}

// evaluator reads the expression of one #if.
type evaluator struct {
	p     *Preprocessor
	tok   scan.Token
	depth int
	bad   bool // an error has been reported
}

// evalIf evaluates the rest of the line of #if or #elif.
func (p *Preprocessor) evalIf(name scan.Token) bool {
	e := evaluator{p: p}
	e.advance()
	if e.tok.Kind == scan.Newline || e.tok.Kind == scan.EOF {
		e.fail(e.tok.Pos, "expected value in expression")
		return false
	}
	v := e.comma()
	if e.tok.Kind != scan.Newline && e.tok.Kind != scan.EOF {
		e.fail(e.tok.Pos, "token is not a valid binary operator in a preprocessor subexpression")
	}
	p.skipLine()
	for len(p.ctx) > p.floor {
		p.pop()
	}
	return !e.bad && v.n != 0
}

func (e *evaluator) advance() { e.tok = e.p.next() }

// fail reports the first error and makes the rest of the line unread.
func (e *evaluator) fail(pos source.Pos, format string, args ...any) *source.Diagnostic {
	d := new(source.Diagnostic)
	if !e.bad && !e.p.stopped {
		d = e.p.errorf(pos, format, args...)
	}
	e.bad = true
	e.tok = scan.Token{Kind: scan.Newline, Pos: e.tok.Pos}
	return d
}

// enter counts nesting, and fails if it is too deep.
func (e *evaluator) enter() bool {
	if e.depth++; e.depth > maxNested {
		e.fail(e.tok.Pos, "preprocessor expression is nested more than %d deep", maxNested)
		return false
	}
	return true
}

func (e *evaluator) comma() value {
	v := e.conditional(true)
	for e.tok.Kind == scan.Comma {
		e.advance()
		v = e.conditional(true)
	}
	return v
}

// conditional reads c ? a : b. Without live the value does not matter, and
// dividing by zero is no error.
func (e *evaluator) conditional(live bool) value {
	if !e.enter() {
		return value{}
	}
	defer func() { e.depth-- }()
	c := e.binary(1, live)
	if e.tok.Kind != scan.Question {
		return c
	}
	question := e.tok.Pos
	e.advance()
	a := e.conditional(live && c.n != 0)
	if e.tok.Kind != scan.Colon {
		e.fail(e.tok.Pos, "expected ':'").Notef(question, "to match this '?'")
		return value{}
	}
	e.advance()
	b := e.conditional(live && c.n == 0)
	v := b
	if c.n != 0 {
		v = a
	}
	v.unsigned = a.unsigned || b.unsigned
	return v
}

func precedence(k scan.Kind) int {
	switch k {
	case scan.PipePipe:
		return 1
	case scan.AmpAmp:
		return 2
	case scan.Pipe:
		return 3
	case scan.Caret:
		return 4
	case scan.Amp:
		return 5
	case scan.EqEq, scan.NotEq:
		return 6
	case scan.Less, scan.LessEq, scan.Greater, scan.GreaterEq:
		return 7
	case scan.Shl, scan.Shr:
		return 8
	case scan.Plus, scan.Minus:
		return 9
	case scan.Star, scan.Slash, scan.Percent:
		return 10
	}
	return 0
}

func (e *evaluator) binary(least int, live bool) value {
	x := e.unary(live)
	for {
		op := e.tok
		prec := precedence(op.Kind)
		if prec < least || prec == 0 {
			return x
		}
		e.advance()
		liveY := live && !(op.Kind == scan.AmpAmp && x.n == 0) && !(op.Kind == scan.PipePipe && x.n != 0)
		y := e.binary(prec+1, liveY)
		if e.bad {
			return value{}
		}
		x = e.apply(op, x, y, live)
	}
}

func (e *evaluator) apply(op scan.Token, x, y value, live bool) value {
	u := x.unsigned || y.unsigned
	less := func(a, b uint64) bool {
		if u {
			return a < b
		}
		return int64(a) < int64(b)
	}
	switch op.Kind {
	case scan.PipePipe:
		return truth(x.n != 0 || y.n != 0)
	case scan.AmpAmp:
		return truth(x.n != 0 && y.n != 0)
	case scan.Pipe:
		return value{x.n | y.n, u}
	case scan.Caret:
		return value{x.n ^ y.n, u}
	case scan.Amp:
		return value{x.n & y.n, u}
	case scan.EqEq:
		return truth(x.n == y.n)
	case scan.NotEq:
		return truth(x.n != y.n)
	case scan.Less:
		return truth(less(x.n, y.n))
	case scan.LessEq:
		return truth(!less(y.n, x.n))
	case scan.Greater:
		return truth(less(y.n, x.n))
	case scan.GreaterEq:
		return truth(!less(x.n, y.n))
	case scan.Shl, scan.Shr:
		left := op.Kind == scan.Shl
		count := y.n
		if !y.unsigned && int64(count) < 0 {
			left, count = !left, -count
		}
		switch {
		case left:
			return value{x.n << count, x.unsigned}
		case x.unsigned:
			return value{x.n >> count, true}
		}
		return value{n: uint64(int64(x.n) >> count)}
	case scan.Plus:
		return value{x.n + y.n, u}
	case scan.Minus:
		return value{x.n - y.n, u}
	case scan.Star:
		return value{x.n * y.n, u}
	}
	if y.n == 0 {
		if live {
			e.fail(op.Pos, "division by zero in preprocessor expression")
		}
		return value{unsigned: u}
	}
	div := op.Kind == scan.Slash
	switch {
	case u && div:
		return value{x.n / y.n, true}
	case u:
		return value{x.n % y.n, true}
	case div:
		return value{n: uint64(int64(x.n) / int64(y.n))}
	}
	return value{n: uint64(int64(x.n) % int64(y.n))}
}

func (e *evaluator) unary(live bool) value {
	t := e.tok
	switch t.Kind {
	case scan.Not, scan.Minus, scan.Plus, scan.Tilde:
		if !e.enter() {
			return value{}
		}
		e.advance()
		v := e.unary(live)
		e.depth--
		switch t.Kind {
		case scan.Not:
			return truth(v.n == 0)
		case scan.Minus:
			v.n = -v.n
		case scan.Tilde:
			v.n = ^v.n
		}
		return v
	case scan.LParen:
		e.advance()
		v := e.comma()
		if e.tok.Kind != scan.RParen {
			e.fail(e.tok.Pos, "expected ')' in preprocessor expression").Notef(t.Pos, "to match this '('")
			return value{}
		}
		e.advance()
		return v
	case scan.Int:
		lit, err := scan.ParseInt(t.Text)
		if err != nil {
			e.fail(t.Pos+source.Pos(err.(*scan.LitError).Offset), "%v", err)
			return value{}
		}
		e.advance()
		return value{lit.Value, lit.Unsigned || int64(lit.Value) < 0}
	case scan.Float:
		e.fail(t.Pos, "floating point literal in preprocessor expression")
		return value{}
	case scan.Char:
		_, c, err := scan.ParseChar(t.Text)
		if err != nil {
			if !t.Is(scan.Bad) {
				e.fail(t.Pos, "%v", err)
			}
			e.bad = true
		}
		e.advance()
		return value{n: uint64(c)}
	case scan.KwTrue, scan.KwFalse:
		e.advance()
		return truth(t.Kind == scan.KwTrue)
	case scan.Newline, scan.EOF:
		e.fail(t.Pos, "expected value in expression")
		return value{}
	}
	if !t.IsWord() {
		e.fail(t.Pos, "invalid token at start of a preprocessor expression")
		return value{}
	}
	switch {
	case t.Text == "defined":
		return e.defined(t)
	case hasOperator(t.Text):
		return e.has(t)
	}
	e.advance()
	if e.tok.Kind == scan.LParen {
		e.fail(t.Pos, "function-like macro '%s' is not defined", t.Text)
	}
	return value{}
}

// defined reads the operand of defined.
func (e *evaluator) defined(op scan.Token) value {
	t := e.p.raw()
	paren := t.Kind == scan.LParen
	open := t.Pos
	if paren {
		t = e.p.raw()
	}
	if !t.IsWord() {
		e.fail(t.Pos, "macro name must be an identifier")
		return value{}
	}
	v := truth(e.p.isDefined(t.Text))
	if paren {
		if t = e.p.raw(); t.Kind != scan.RParen {
			e.fail(t.Pos, "missing ')' after 'defined'").Notef(open, "to match this '('")
			return value{}
		}
	}
	e.advance()
	return v
}

// has reads __has_include(…) and its like.
func (e *evaluator) has(op scan.Token) value {
	if !e.p.peekParen() {
		e.fail(op.Pos, "missing '(' after '%s'", op.Text)
		return value{}
	}
	open := e.p.raw().Pos
	var v value
	var t scan.Token // what follows the operand
	if op.Text == "__has_include" || op.Text == "__has_include_next" {
		name, angled, ok, pos := e.p.headerName()
		if !ok {
			e.fail(pos, "expected \"FILENAME\" or <FILENAME>")
			return value{}
		}
		_, _, found := e.p.find(name, angled)
		v = truth(found || isLibraryHeader(name))
		t = e.p.raw()
	} else {
		name := ""
		for t = e.p.raw(); t.IsWord() || t.Kind == scan.ColonColon; t = e.p.raw() {
			name += t.Text
		}
		if name == "" {
			e.fail(t.Pos, "builtin feature check macro requires a parenthesized identifier")
			return value{}
		}
		v = value{n: e.p.hasFeature(op.Text, name)}
	}
	if t.Kind != scan.RParen {
		e.fail(t.Pos, "missing ')' after '%s'", op.Text).Notef(open, "to match this '('")
		return value{}
	}
	e.advance()
	return v
}
