package source

// Expansion tells where the tokens of one macro expansion come from.
type Expansion struct {
	Macro string // name of the macro
	Body  Span   // its replacement list, where it is defined
	Use   Span   // the invocation: name, or name to closing parenthesis
	base  Pos
}

// AddExpansion reserves positions for one expansion of a macro. The token
// written at body.Start+k gets the position base+k. Tokens of arguments keep
// their own positions and need none here.
//
// ok is false when the position space is used up; the caller then gives the
// tokens the position of the invocation.
func (s *FileSet) AddExpansion(macro string, body, use Span) (base Pos, ok bool) {
	size := Pos(0)
	if body.Stop > body.Start {
		size = body.Stop - body.Start
	}
	if s.next >= maxPos-size-1 || len(s.exps) >= 1<<30 {
		return NoPos, false
	}
	base = s.next
	s.segs = append(s.segs, segment{base: base, exp: int32(len(s.exps))})
	s.exps = append(s.exps, Expansion{Macro: macro, Body: body, Use: use, base: base})
	s.next += size + 1
	return base, true
}

// Expansion returns the innermost expansion that made p; ok is false when p
// lies in a file.
func (s *FileSet) Expansion(p Pos) (e Expansion, ok bool) {
	seg := s.segment(p)
	if seg == nil || seg.file != nil {
		return Expansion{}, false
	}
	return s.exps[seg.exp], true
}

// EndOf returns the position just after a token that ends at end, as the
// reader sees it. When a macro made the token, that is the end of the
// invocation if the token is the last of its replacement list, and [NoPos]
// otherwise: there is no place in the file to put something after it.
func (s *FileSet) EndOf(end Pos) Pos {
	for {
		seg := s.segment(end)
		if seg == nil {
			return NoPos
		}
		if seg.file != nil {
			return end
		}
		e := &s.exps[seg.exp]
		if end-seg.base != e.Body.Stop-e.Body.Start {
			return NoPos
		}
		end = e.Use.Stop
	}
}
