package parse

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// declSpecs is what a declaration begins with.
type declSpecs struct {
	start   source.Pos
	attrs   []*ast.Attribute
	specs   ast.Specs
	typedef source.Pos
	quals   ast.Quals
	typ     ast.Type // without quals; nil if there is none
	def     ast.Decl // the class or enumeration defined by typ
	basic   basicSpec
}

// basicSpec collects the keywords of a basic type.
type basicSpec struct {
	start, stop      source.Pos
	kind             scan.Kind // void, bool, char, int, float or double
	short            bool
	long             int
	signed, unsigned bool
}

func (b *basicSpec) any() bool { return b.start.IsValid() }

// add takes another keyword; ok is false if it does not go with the others.
func (b *basicSpec) add(k scan.Kind) (ok bool) {
	switch k {
	case scan.KwSigned:
		ok = !b.signed && !b.unsigned
		b.signed = true
	case scan.KwUnsigned:
		ok = !b.signed && !b.unsigned
		b.unsigned = true
	case scan.KwShort:
		ok = !b.short && b.long == 0
		b.short = true
	case scan.KwLong:
		ok = !b.short && b.long < 2
		b.long++
	default:
		ok = b.kind == scan.Invalid
		b.kind = k
	}
	return ok
}

// invalid says what is wrong with keywords that name no type.
func (b *basicSpec) invalid() string {
	if b.signed || b.unsigned {
		return "'" + b.kind.String() + "' cannot be signed or unsigned"
	}
	width := "short"
	if !b.short {
		width = "long" + strings.Repeat(" long", b.long-1)
	}
	return "'" + width + " " + b.kind.String() + "' is invalid"
}

// basicType returns the type that the keywords name.
func (b *basicSpec) basicType() (kind ast.BasicKind, ok bool) {
	plain := !b.short && b.long == 0 && !b.signed && !b.unsigned
	pick := func(signed, unsigned ast.BasicKind) ast.BasicKind {
		if b.unsigned {
			return unsigned
		}
		return signed
	}
	switch b.kind {
	case scan.KwVoid:
		return ast.Void, plain
	case scan.KwBool:
		return ast.Bool, plain
	case scan.KwFloat:
		return ast.Float, plain
	case scan.KwDouble:
		if b.long == 1 {
			return ast.LongDouble, true
		}
		return ast.Double, plain
	case scan.KwChar:
		if b.signed {
			return ast.SChar, !b.short && b.long == 0
		}
		return pick(ast.Char, ast.UChar), !b.short && b.long == 0
	}
	switch {
	case b.short:
		return pick(ast.Short, ast.UShort), true
	case b.long == 1:
		return pick(ast.Long, ast.ULong), true
	case b.long == 2:
		return pick(ast.LongLong, ast.ULongLong), true
	}
	return pick(ast.Int, ast.UInt), true
}

// typeSpecs reads a type without declarator: qualifiers and one type.
func (p *parser) typeSpecs() ast.Type {
	d := &declSpecs{start: p.pos()}
	for p.typeSpec(d) {
	}
	return p.specType(d)
}

// specType returns the type of what has been read, qualifiers included.
func (p *parser) specType(d *declSpecs) ast.Type {
	t := d.typ
	if d.basic.any() {
		kind, ok := d.basic.basicType()
		if !ok {
			p.errorf(d.basic.start, "%s", d.basic.invalid())
		}
		t = &ast.BasicType{Span: source.Span{Start: d.basic.start, Stop: d.basic.stop}, Kind: kind}
	}
	if t == nil {
		if p.kind == scan.Ident {
			p.fail(p.pos(), "unknown type name '%s'", p.tok().Text)
		}
		p.fail(p.pos(), "expected a type")
	}
	return qualified(t, d.quals, source.Span{Start: d.start, Stop: p.prevEnd})
}

// qualified returns t with qualifiers.
func qualified(t ast.Type, q ast.Quals, span source.Span) ast.Type {
	if q.IsZero() {
		return t
	}
	if qt, ok := t.(*ast.QualType); ok {
		merged := qt.Quals
		merged.Const = merged.Const || q.Const
		merged.Volatile = merged.Volatile || q.Volatile
		merged.Restrict = merged.Restrict || q.Restrict
		if q.Space != ast.NoSpace {
			merged.Space, merged.SpacePos = q.Space, q.SpacePos
		}
		if q.Coherent != ast.NotCoherent {
			merged.Coherent = q.Coherent
		}
		return &ast.QualType{Span: span, Quals: merged, Elem: qt.Elem}
	}
	return &ast.QualType{Span: span, Quals: q, Elem: t}
}

// typeSpec reads one more qualifier or type specifier, if there is one.
func (p *parser) typeSpec(d *declSpecs) bool {
	k := p.kind
	if p.qualifier(&d.quals) {
		return true
	}
	if isBasic(k) && d.typ == nil {
		if !d.basic.any() {
			d.basic.start = p.pos()
		}
		if !d.basic.add(k) {
			p.fail(p.pos(), "cannot combine with previous '%s' declaration specifier", p.toks[p.i-1].Kind)
		}
		p.advance()
		d.basic.stop = p.prevEnd
		return true
	}
	if d.typ != nil || d.basic.any() {
		return false
	}
	start := p.pos()
	switch k {
	case scan.KwAuto:
		p.advance()
		d.typ = &ast.AutoType{Span: p.span(start)}
	case scan.KwDecltype, scan.KwTypeof:
		if _, _, _, ok := p.scanName(p.here()); ok && k == scan.KwDecltype {
			n, _ := p.name()
			d.typ = &ast.NamedType{Span: n.Span, Name: n}
			break
		}
		d.typ = p.decltype()
	case scan.KwTypename:
		p.advance()
		n, _ := p.name()
		d.typ = &ast.NamedType{Span: p.span(start), Typename: true, Name: n}
	case scan.KwStruct, scan.KwClass, scan.KwUnion:
		d.typ, d.def = p.record()
	case scan.KwEnum:
		d.typ, d.def = p.enum()
	case scan.Ident, scan.ColonColon:
		end, sym, depend, ok := p.scanName(p.here())
		if !ok && !p.isBrokenType() {
			return false
		}
		if ok && !sym.isType() && !(depend && sym.kind == symUnknown && p.kindAt(end) == scan.Ident) {
			return false
		}
		n, _ := p.name()
		d.typ = &ast.NamedType{Span: n.Span, Name: n}
	default:
		return false
	}
	return true
}

// qualifier reads one qualifier, if there is one.
func (p *parser) qualifier(q *ast.Quals) bool {
	space := ast.NoSpace
	switch p.kind {
	case scan.KwConst:
		q.Const = true
	case scan.KwVolatile:
		q.Volatile = true
	case scan.KwRestrict:
		q.Restrict = true
	case scan.KwDevice:
		space = ast.Device
	case scan.KwConstant:
		space = ast.Constant
	case scan.KwThread:
		space = ast.Thread
	case scan.KwThreadgroup:
		space = ast.Threadgroup
	case scan.KwThreadgroupImageblock:
		space = ast.ThreadgroupImageblock
	case scan.KwObjectData:
		space = ast.ObjectData
	case scan.KwRayData:
		space = ast.RayData
	default:
		return p.coherent(q)
	}
	if space != ast.NoSpace {
		if q.Space != ast.NoSpace && q.Space != space {
			p.errorf(p.pos(), "multiple address spaces specified for type")
		}
		q.Space, q.SpacePos = space, p.pos()
	}
	p.advance()
	return true
}

// coherent reads coherent or coherent(scope), if it is there.
func (p *parser) coherent(q *ast.Quals) bool {
	if !p.isCoherent(p.i) {
		return false
	}
	p.advance()
	q.Coherent = ast.CoherentDevice
	if p.kind == scan.LParen {
		p.advance()
		switch t := p.tok(); t.Text {
		case "device":
		case "threadgroup":
			q.Coherent = ast.CoherentThreadgroup
		case "system":
			q.Coherent = ast.CoherentSystem
		default:
			p.errorf(p.pos(), "unknown coherence scope '%s'; expected 'threadgroup', 'device' or 'system'", t.Text)
		}
		p.advance()
		p.expect(scan.RParen)
	}
	return true
}

// decltype reads decltype(…) or __typeof__(…).
func (p *parser) decltype() ast.Type {
	start, what := p.pos(), p.kind
	p.advance()
	if p.kind != scan.LParen {
		p.fail(p.pos(), "expected '(' after '%s'", what)
	}
	defer func(noGT bool) { p.noGT = noGT }(p.noGT)
	p.noGT = false
	open := p.open()
	if what == scan.KwDecltype && p.kind == scan.KwAuto {
		p.advance()
		p.close(scan.RParen, open)
		return &ast.AutoType{Span: p.span(start), Decltype: true}
	}
	t := &ast.DecltypeType{}
	if what == scan.KwTypeof && p.isTypeBefore(p.here(), scan.RParen) {
		t.Type = p.typeID()
	} else {
		t.X = p.expr()
	}
	p.close(scan.RParen, open)
	t.Span = p.span(start)
	return t
}

// typeID reads a type with an abstract declarator.
func (p *parser) typeID() ast.Type {
	p.enter()
	defer p.leave()
	t := p.typeSpecs()
	d := p.declarator(t, abstract)
	return d.typ
}

// declSpecifiers reads all that a declaration begins with up to its first
// declarator.
func (p *parser) declSpecifiers(d *declSpecs) {
	d.start = p.pos()
	for {
		switch k := p.kind; k {
		case scan.KwStatic:
			p.storage(d, ast.Static)
		case scan.KwExtern:
			p.storage(d, ast.Extern)
		case scan.KwRegister:
			p.storage(d, ast.Register)
		case scan.KwMutable:
			p.storage(d, ast.Mutable)
		case scan.KwThreadLocal:
			p.storage(d, ast.ThreadLocal)
		case scan.KwTypedef:
			d.typedef = p.pos()
		case scan.KwInline:
			d.specs.Inline = true
		case scan.KwConstexpr:
			d.specs.Constexpr, d.specs.ConstexprPos = true, p.pos()
		case scan.KwExplicit:
			d.specs.Explicit = true
		case scan.KwVirtual:
			d.specs.Virtual = true
		case scan.KwFriend:
			d.specs.Friend = true
		case scan.KwKernel:
			p.stage(d, ast.Kernel)
		case scan.KwVertex:
			p.stage(d, ast.Vertex)
		case scan.KwFragment:
			p.stage(d, ast.Fragment)
		case scan.KwExtension:
		case scan.KwAlignas, scan.KwAttribute:
			d.attrs = p.attributes(d.attrs)
			continue
		case scan.LBrack:
			if !p.atAttribute() {
				return
			}
			d.attrs = p.attributes(d.attrs)
			continue
		default:
			if p.isConstructorName(d) || !p.typeSpec(d) {
				return
			}
			continue
		}
		p.advance()
	}
}

func (p *parser) storage(d *declSpecs, s ast.Storage) {
	if d.specs.Storage != ast.NoStorage && d.specs.Storage != s {
		p.errorf(p.pos(), "cannot combine with previous '%s' declaration specifier", d.specs.Storage)
	}
	d.specs.Storage, d.specs.StoragePos = s, p.pos()
}

func (p *parser) stage(d *declSpecs, s ast.Stage) {
	if d.specs.Stage != ast.NoStage && d.specs.Stage != s {
		p.errorf(p.pos(), "cannot combine with previous '%s' declaration specifier", d.specs.Stage)
	}
	d.specs.Stage, d.specs.StagePos = s, p.pos()
}

// hasType reports whether a type has been read.
func (d *declSpecs) hasType() bool { return d.typ != nil || d.basic.any() }

// isConstructorName reports whether the name at hand is not a type but the
// name of a constructor: C(… in class C, or C::C(… anywhere.
func (p *parser) isConstructorName(d *declSpecs) bool {
	if d.hasType() || p.kind != scan.Ident && p.kind != scan.ColonColon {
		return false
	}
	if class := p.outer().record; class != "" && p.kind == scan.Ident && p.tok().Text == class {
		c := p.here().next()
		if p.kindAt(c) == scan.Less {
			end, ok := p.skipArgs(c.i)
			if !ok {
				return false
			}
			c = end
		}
		return p.kindAt(c) == scan.LParen && !p.isDeclarator(c)
	}
	if m := int(p.match[min(p.i+1, len(p.match)-1)]); p.kind == scan.Ident && p.at(1) == scan.LParen && m > p.i && p.toks[m+1].Kind == scan.Arrow {
		return p.lookup(p.tok().Text).kind == symClassTemplate // of which it is a deduction guide
	}
	end, sym, _, ok := p.scanName(p.here())
	if !ok || p.kindAt(end) != scan.LParen {
		return false
	}
	// C::C( or C<T>::C(: the last two identifiers are the same.
	i := end.i - 1
	return end.gt == 0 && i >= 2 && p.toks[i].Kind == scan.Ident && p.toks[i-1].Kind == scan.ColonColon &&
		sym.scope != nil && sym.scope.record == p.toks[i].Text && p.qualifies(i-2, p.toks[i].Text)
}

// qualifies reports whether the class with the given name stands before the
// :: after index i, perhaps with template arguments.
func (p *parser) qualifies(i int, name string) bool {
	if p.toks[i].Kind == scan.Ident {
		return p.toks[i].Text == name
	}
	if p.toks[i].Kind != scan.Greater && p.toks[i].Kind != scan.Shr {
		return false
	}
	for j := i; j > p.i; j-- {
		if p.toks[j].Kind == scan.Less && p.toks[j-1].Text == name {
			return true
		}
	}
	return p.toks[p.i].Text == name
}
