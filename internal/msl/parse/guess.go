package parse

import (
	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// This file looks ahead: it tells types from expressions and declarations
// from statements without building a tree. Brackets are passed over by their
// partners, and template argument lists once each, so that reading ahead
// stays linear.

// cursor is a place among the tokens; gt counts what has been used of a >>
// or the like.
type cursor struct {
	i  int
	gt uint8
}

// maxGuess is how many tokens ahead the end of a template argument list is
// looked for after a name that is not known to be a template.
const maxGuess = 256

// here returns the cursor of the current token.
func (p *parser) here() cursor { return cursor{p.i, p.gt} }

// kindAt returns the kind of the token at c, or of what is left of it.
func (p *parser) kindAt(c cursor) scan.Kind {
	k := p.toks[min(c.i, len(p.toks)-1)].Kind
	switch {
	case c.gt == 0:
		return k
	case k == scan.Shr:
		return scan.Greater
	case k == scan.GreaterEq:
		return scan.Assign
	case k == scan.ShrAssign && c.gt == 1:
		return scan.GreaterEq
	case k == scan.ShrAssign:
		return scan.Assign
	}
	return k
}

// next returns the cursor after the token at c.
func (c cursor) next() cursor { return cursor{i: c.i + 1} }

// afterGT returns the cursor after one > at c.
func (p *parser) afterGT(c cursor) (cursor, bool) {
	switch p.kindAt(c) {
	case scan.Greater:
		return c.next(), true
	case scan.Shr, scan.GreaterEq, scan.ShrAssign:
		return cursor{c.i, c.gt + 1}, true
	}
	return c, false
}

// skipArgs returns the cursor after the template argument list that begins
// at index i, where a < stands.
func (p *parser) skipArgs(i int) (cursor, bool) {
	if c, ok := p.skipped[i]; ok {
		return c, c.i > 0
	}
	p.skipped[i] = cursor{} // for the nested ones that would come back here
	c, ok := p.findGT(i, len(p.toks), 0)
	if ok {
		p.skipped[i] = c
	}
	return c, ok
}

// findGT looks for the end of a template argument list up to index limit.
func (p *parser) findGT(i, limit, depth int) (cursor, bool) {
	c := cursor{i: i + 1}
	for c.i < limit && depth < maxBrackets {
		k := p.kindAt(c)
		switch k {
		case scan.Greater, scan.Shr, scan.GreaterEq, scan.ShrAssign:
			return p.afterGT(c)
		case scan.LParen, scan.LBrack, scan.LBrace:
			m := p.match[c.i]
			if m == 0 {
				return c, false
			}
			c = cursor{i: int(m) + 1}
			continue
		case scan.Semi, scan.RParen, scan.RBrack, scan.RBrace, scan.EOF:
			return c, false
		case scan.Less:
			prev := &p.toks[c.i-1]
			if prev.Kind == scan.Ident && p.lookup(prev.Text).isTemplate() ||
				prev.Kind == scan.Ident && p.toks[c.i-2].Kind == scan.KwTemplate ||
				prev.Kind == scan.Ident && p.toks[c.i-2].Kind == scan.ColonColon {
				end, ok := p.skipped[c.i]
				if ok && end.i == 0 {
					return c, false
				}
				if !ok {
					end, ok = p.findGT(c.i, limit, depth+1)
					if !ok {
						p.skipped[c.i] = cursor{}
						return c, false
					}
					p.skipped[c.i] = end
				}
				c = end
				continue
			}
		}
		c = c.next()
	}
	return c, false
}

// startsArgs reports whether the < at index i begins the template arguments
// of a name of which sym is known; keyword tells that template stands before
// the name.
func (p *parser) startsArgs(i int, sym symbol, keyword bool) bool {
	if p.toks[i].Kind != scan.Less {
		return false
	}
	switch {
	case keyword || sym.isTemplate():
		return true
	case sym.kind != symUnknown:
		return false
	}
	return p.looksLikeArgs(i)
}

// looksLikeArgs guesses whether the < at index i, after a name of which
// nothing is known, begins template arguments: there is a > to it, and what
// follows that makes a call or a qualified name.
func (p *parser) looksLikeArgs(i int) bool {
	end, ok := p.findGT(i, min(len(p.toks), i+maxGuess), 0)
	if !ok {
		return false
	}
	for j := i + 1; j < end.i; j++ {
		if k := p.toks[j].Kind; k == scan.AmpAmp || k == scan.PipePipe {
			return false
		}
	}
	switch p.kindAt(end) {
	case scan.LParen, scan.ColonColon, scan.LBrace:
		return true
	}
	return false
}

// scanName passes over a possibly qualified name at c and tells what it is.
// depend is true if a part of it depends on what is not known here, as a
// template parameter.
func (p *parser) scanName(c cursor) (end cursor, sym symbol, depend, ok bool) {
	first := true
	if p.kindAt(c) == scan.ColonColon {
		c = c.next()
		sym = symbol{symNamespace, p.global}
		first = false
	}
	for {
		keyword := false
		if p.kindAt(c) == scan.KwTemplate && !first {
			keyword = true
			c = c.next()
		}
		switch p.kindAt(c) {
		case scan.Ident:
		case scan.KwDecltype:
			m := 0
			if first && p.kindAt(c.next()) == scan.LParen {
				m = int(p.match[c.i+1])
			}
			if m == 0 || p.toks[min(m+1, len(p.toks)-1)].Kind != scan.ColonColon {
				return c, sym, false, false
			}
			depend, sym, first = true, symbol{}, false
			c = cursor{i: m + 2}
			continue
		default:
			return c, sym, depend, false
		}
		name := p.toks[c.i].Text
		switch {
		case first:
			sym = p.lookup(name)
		case sym.scope == nil:
			depend = depend || sym.kind != symNamespace
			sym = symbol{}
		default:
			s := sym
			sym = s.scope.local(name, 0)
			if sym.kind == symUnknown && s.scope.record == name && s.kind != symNamespace {
				sym = s // the constructor's name
			}
		}
		first = false
		c = c.next()
		if c.i < len(p.toks) && c.gt == 0 && p.startsArgs(c.i, sym, keyword) {
			after, ok := p.skipArgs(c.i)
			if !ok {
				return c, sym, depend, false
			}
			c = after
			if sym.kind == symFuncTemplate || sym.kind == symVarTemplate {
				sym = symbol{kind: symValue}
			}
		}
		if p.kindAt(c) != scan.ColonColon {
			return c, sym, depend, true
		}
		switch p.kindAt(c.next()) {
		case scan.Ident, scan.KwTemplate:
			c = c.next()
		case scan.KwOperator, scan.Tilde, scan.Star:
			return c, symbol{kind: symValue}, depend, true
		default:
			return c, sym, depend, true
		}
	}
}

// isBasic reports whether k is a keyword that is, or is part of, the name of
// a basic type.
func isBasic(k scan.Kind) bool {
	switch k {
	case scan.KwVoid, scan.KwBool, scan.KwChar, scan.KwShort, scan.KwInt, scan.KwLong, scan.KwFloat, scan.KwDouble,
		scan.KwSigned, scan.KwUnsigned:
		return true
	}
	return false
}

// isQual reports whether k qualifies a type.
func isQual(k scan.Kind) bool {
	switch k {
	case scan.KwConst, scan.KwVolatile, scan.KwRestrict, scan.KwDevice, scan.KwConstant, scan.KwThread, scan.KwThreadgroup,
		scan.KwThreadgroupImageblock, scan.KwObjectData, scan.KwRayData:
		return true
	}
	return false
}

// isSpec reports whether k can only begin a declaration.
func isSpec(k scan.Kind) bool {
	switch k {
	case scan.KwStatic, scan.KwExtern, scan.KwInline, scan.KwConstexpr, scan.KwTypedef, scan.KwStruct, scan.KwClass,
		scan.KwUnion, scan.KwEnum, scan.KwAuto, scan.KwRegister, scan.KwMutable, scan.KwThreadLocal, scan.KwVirtual,
		scan.KwExplicit, scan.KwFriend, scan.KwKernel, scan.KwVertex, scan.KwFragment, scan.KwAlignas, scan.KwAttribute,
		scan.KwTypeof:
		return true
	}
	return isQual(k)
}

// isCoherent reports whether the token at index i is the qualifier coherent,
// which is an ordinary word elsewhere.
func (p *parser) isCoherent(i int) bool {
	if t := &p.toks[i]; t.Kind != scan.Ident || t.Text != "coherent" || p.lookup("coherent").kind != symUnknown {
		return false
	}
	next := p.toks[min(i+1, len(p.toks)-1)]
	if next.Kind == scan.LParen {
		m := int(p.match[i+1])
		return m == i+3
	}
	return next.IsWord()
}

// scanSpecs passes over the specifiers and the type name that a type-id or a
// parameter begins with.
func (p *parser) scanSpecs(c cursor) (end cursor, ok bool) {
	named, basic := false, false
	for {
		k := p.kindAt(c)
		switch {
		case isQual(k):
			c = c.next()
		case isBasic(k) && !named:
			basic = true
			c = c.next()
		case named || basic:
			if p.isCoherent(c.i) {
				c = p.afterCoherent(c)
				continue
			}
			return c, true
		case k == scan.KwAuto:
			named = true
			c = c.next()
		case k == scan.KwDecltype || k == scan.KwTypeof:
			if end, sym, dep, ok := p.scanName(c); ok {
				if !sym.isType() && !dep {
					return c, false
				}
				c, named = end, true
				continue
			}
			if p.kindAt(c.next()) != scan.LParen || p.match[c.i+1] == 0 {
				return c, false
			}
			c, named = cursor{i: int(p.match[c.i+1]) + 1}, true
		case k == scan.KwTypename:
			end, _, _, ok := p.scanName(c.next())
			if !ok {
				return c, false
			}
			c, named = end, true
		case k == scan.KwStruct || k == scan.KwClass || k == scan.KwUnion || k == scan.KwEnum:
			if end, _, _, ok := p.scanName(c.next()); ok {
				c, named = end, true
				continue
			}
			return c, false
		case p.isCoherent(c.i):
			c = p.afterCoherent(c)
		case k == scan.Ident || k == scan.ColonColon:
			end, sym, _, ok := p.scanName(c)
			if !ok || !sym.isType() {
				return c, false
			}
			c, named = end, true
		default:
			return c, false
		}
	}
}

func (p *parser) afterCoherent(c cursor) cursor {
	if p.kindAt(c.next()) == scan.LParen {
		return cursor{i: int(p.match[c.i+1]) + 1}
	}
	return c.next()
}

// scanTypeID passes over a type-id. In a cast, T() is not one: there it must
// be a value.
func (p *parser) scanTypeID(c cursor, cast bool) (end cursor, ok bool) {
	c, ok = p.scanSpecs(c)
	if !ok {
		return c, false
	}
	for {
		k := p.kindAt(c)
		switch {
		case k == scan.Star || k == scan.Amp || k == scan.AmpAmp || isQual(k) || k == scan.KwNoexcept:
			c = c.next()
		case k == scan.LBrack:
			m := p.match[c.i]
			if m == 0 {
				return c, false
			}
			c = cursor{i: int(m) + 1}
		case k == scan.LParen:
			m := p.match[c.i]
			if m == 0 {
				return c, false
			}
			switch n := c.next(); p.kindAt(n) {
			case scan.Star, scan.Amp, scan.AmpAmp:
				// (*) or a value: (T(*p)) has a name after it.
				switch p.kindAt(n.next()) {
				case scan.RParen, scan.Star, scan.LBrack, scan.LParen, scan.KwConst:
				default:
					if !isQual(p.kindAt(n.next())) {
						return c, false
					}
				}
			case scan.RParen:
				if cast && p.kindAt(n.next()) == scan.RParen {
					return c, false
				}
			default:
				if after, ok := p.scanSpecs(n); !ok || p.kindAt(after) == scan.LBrace ||
					p.kindAt(after) == scan.LParen && cast {
					return c, false
				}
			}
			c = cursor{i: int(m) + 1}
		case k == scan.Ellipsis:
			return c.next(), true
		default:
			return c, true
		}
	}
}

// isTypeBefore reports whether a type-id stands at c with a token of kind k
// after it.
func (p *parser) isTypeBefore(c cursor, k scan.Kind) bool {
	end, ok := p.scanTypeID(c, true)
	return ok && p.kindAt(end) == k
}

// isTypeArg reports whether a template argument is a type.
func (p *parser) isTypeArg(c cursor) bool {
	end, ok := p.scanTypeID(c, false)
	if !ok {
		return false
	}
	switch p.kindAt(end) {
	case scan.Comma, scan.Greater, scan.Shr, scan.GreaterEq, scan.ShrAssign, scan.Ellipsis:
		return true
	}
	return false
}

// isDecl reports whether a declaration begins at the current token, in a
// block where it could be an expression.
func (p *parser) isDecl() bool {
	c := p.here()
	k := p.kind
	switch {
	case isSpec(k):
		return true
	case isBasic(k):
		return p.kindAt(c.next()) != scan.LParen && p.kindAt(c.next()) != scan.LBrace || p.isDeclarator(c.next())
	case k == scan.KwTypename:
		end, _, _, ok := p.scanName(c.next())
		if !ok {
			return true // for the error
		}
		return p.kindAt(end) != scan.LParen && p.kindAt(end) != scan.LBrace || p.isDeclarator(end)
	case k == scan.KwDecltype:
		if end, sym, dep, ok := p.scanName(c); ok {
			return (sym.isType() || dep) && p.startsDeclarator(end)
		}
		if p.at(1) == scan.LParen && p.match[c.i+1] > 0 {
			end := cursor{i: int(p.match[c.i+1]) + 1}
			return p.startsDeclarator(end)
		}
		return true
	case p.isCoherent(c.i):
		return true
	case k != scan.Ident && k != scan.ColonColon:
		return false
	}
	end, sym, _, ok := p.scanName(c)
	if !ok {
		return p.isBrokenType()
	}
	if sym.isType() {
		return p.startsDeclarator(end)
	}
	// Two names in a row: the first was meant to be a type.
	return sym.kind == symUnknown && end.gt == 0 && p.kindAt(end) == scan.Ident && !p.toks[end.i].Is(scan.StartOfLine)
}

// startsDeclarator reports whether what follows a type name at c makes a
// declaration.
func (p *parser) startsDeclarator(c cursor) bool {
	switch k := p.kindAt(c); k {
	case scan.Ident, scan.Star, scan.Amp, scan.AmpAmp, scan.KwOperator, scan.LBrack, scan.KwAttribute:
		return true
	case scan.LParen:
		return p.isDeclarator(c)
	case scan.Semi:
		return true // a declaration that declares nothing
	default:
		return isSpec(k) || isBasic(k)
	}
}

// isDeclarator reports whether a parenthesis after a type name at c begins a
// declarator, as in T (*p)[4], not the arguments of a constructor.
func (p *parser) isDeclarator(c cursor) bool {
	if p.kindAt(c) != scan.LParen || p.match[c.i] == 0 {
		return false
	}
	end := cursor{i: int(p.match[c.i]) + 1}
	c = c.next()
	pointer := false
	for k := p.kindAt(c); k == scan.Star || k == scan.Amp || k == scan.AmpAmp || isQual(k); k = p.kindAt(c) {
		pointer = true
		c = c.next()
	}
	if p.kindAt(c) == scan.LParen && pointer {
		return p.isDeclarator(c)
	}
	if p.kindAt(c) != scan.Ident {
		return false
	}
	c = c.next()
	for p.kindAt(c) == scan.LBrack && p.match[c.i] > 0 {
		c = cursor{i: int(p.match[c.i]) + 1}
	}
	if c.next() != end {
		return false
	}
	switch p.kindAt(end) {
	case scan.LBrack, scan.LParen:
		return pointer
	case scan.Assign:
		return true
	case scan.Semi, scan.Comma:
		return pointer || p.lookup(p.toks[c.i-1].Text).kind == symUnknown
	}
	return false
}

// isBrokenType reports whether the name of a class template comes next, with
// template arguments that have no end; reading it gives the error.
func (p *parser) isBrokenType() bool {
	return p.kind == scan.Ident && p.at(1) == scan.Less && p.lookup(p.tok().Text).kind == symClassTemplate
}
