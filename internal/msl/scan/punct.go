package scan

// period reads the punctuators that begin with a period, which has been read.
func (s *Scanner) period() Kind {
	if s.take('*') {
		return PeriodStar
	}
	off, was := s.off, s.spliced
	if s.take('.') {
		if s.take('.') {
			return Ellipsis
		}
		s.off, s.spliced = off, was
	}
	return Period
}

// punct reads a punctuator, or one character that begins none.
func (s *Scanner) punct() Kind {
	c := s.src[s.off]
	s.off++
	switch c {
	case '(':
		return LParen
	case ')':
		return RParen
	case '[':
		return LBrack
	case ']':
		return RBrack
	case '{':
		return LBrace
	case '}':
		return RBrace
	case ',':
		return Comma
	case ';':
		return Semi
	case '?':
		return Question
	case '~':
		return Tilde
	case '@':
		return At
	case ':':
		return s.either(Colon, ':', ColonColon)
	case '#':
		return s.either(Hash, '#', HashHash)
	case '=':
		return s.either(Assign, '=', EqEq)
	case '!':
		return s.either(Not, '=', NotEq)
	case '*':
		return s.either(Star, '=', StarAssign)
	case '/':
		return s.either(Slash, '=', SlashAssign)
	case '%':
		return s.either(Percent, '=', PercentAssign)
	case '^':
		return s.either(Caret, '=', CaretAssign)
	case '+':
		if s.take('+') {
			return PlusPlus
		}
		return s.either(Plus, '=', PlusAssign)
	case '-':
		switch {
		case s.take('-'):
			return MinusMinus
		case s.take('>'):
			return s.either(Arrow, '*', ArrowStar)
		}
		return s.either(Minus, '=', MinusAssign)
	case '&':
		if s.take('&') {
			return AmpAmp
		}
		return s.either(Amp, '=', AmpAssign)
	case '|':
		if s.take('|') {
			return PipePipe
		}
		return s.either(Pipe, '=', PipeAssign)
	case '<':
		switch {
		case s.take('<'):
			return s.either(Shl, '=', ShlAssign)
		case s.take('='):
			return s.either(LessEq, '>', Spaceship)
		}
		return Less
	case '>':
		switch {
		case s.take('>'):
			return s.either(Shr, '=', ShrAssign)
		case s.take('='):
			return GreaterEq
		}
		return Greater
	}
	return Invalid
}

// either returns longer if the next character is c, which it reads.
func (s *Scanner) either(short Kind, c byte, longer Kind) Kind {
	if s.take(c) {
		return longer
	}
	return short
}
