package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func spaceOf(s ast.AddrSpace) types.Space {
	switch s {
	case ast.Device:
		return types.Device
	case ast.Constant:
		return types.Constant
	case ast.Threadgroup:
		return types.Threadgroup
	case ast.ThreadgroupImageblock:
		return types.ThreadgroupImageblock
	case ast.ObjectData:
		return types.ObjectData
	case ast.RayData:
		return types.RayData
	}
	return types.Thread
}

// typeFor is typ for the declaration of a name, which messages give.
func (c *checker) typeFor(t ast.Type, name string) qtype {
	old := c.entity
	c.entity = name
	q := c.typ(t)
	c.entity = old
	return q
}

// typ finds the type that syntax stands for. It has reported an error if the
// result is invalid.
func (c *checker) typ(t ast.Type) qtype {
	if t == nil {
		return qtype{t: invalid}
	}
	if !c.enter(t.Pos()) {
		c.leave()
		return qtype{t: invalid}
	}
	defer c.leave()
	switch t := t.(type) {
	case *ast.BasicType:
		return c.basicType(t)
	case *ast.NamedType:
		return c.namedType(t.Name)
	case *resolvedType:
		return t.q
	case *ast.TagType:
		return c.tagType(t)
	case *ast.AutoType:
		return qtype{t: autoType}
	case *ast.DecltypeType:
		return c.decltype(t)
	case *ast.QualType:
		return c.qualified(c.typ(t.Elem), t.Quals)
	case *ast.PointerType:
		return c.pointerType(t)
	case *ast.RefType:
		return c.refType(t)
	case *ast.ArrayType:
		return c.arrayType(t)
	case *ast.FuncType:
		return c.funcType(t)
	case *ast.MemberPointerType:
		c.unsupported(t.Pos(), "pointers to members are")
	case *ast.PackType:
		c.errorf(t.Pos(), "pack expansion is not allowed here")
	}
	return qtype{t: invalid}
}

func (c *checker) basicType(t *ast.BasicType) qtype {
	kind := types.Invalid
	switch t.Kind {
	case ast.Void:
		kind = types.Void
	case ast.Bool:
		kind = types.Bool
	case ast.Char, ast.SChar:
		kind = types.Char
	case ast.UChar:
		kind = types.UChar
	case ast.Short:
		kind = types.Short
	case ast.UShort:
		kind = types.UShort
	case ast.Int:
		kind = types.Int
	case ast.UInt:
		kind = types.UInt
	case ast.Long, ast.LongLong:
		kind = types.Long
	case ast.ULong, ast.ULongLong:
		kind = types.ULong
	case ast.Float:
		kind = types.Float
	default:
		c.errorf(t.Start, "'%s' is not supported in Metal", t.Kind)
	}
	return qtype{t: types.Basics[kind]}
}

// qualified adds qualifiers to a type.
func (c *checker) qualified(q qtype, k ast.Quals) qtype {
	if q.bad() {
		return q
	}
	if _, ref := q.t.(*types.Reference); ref {
		return q
	}
	q.c = q.c || k.Const
	q.v = q.v || k.Volatile
	if k.Space == ast.NoSpace {
		return q
	}
	s := spaceOf(k.Space)
	if q.spaced && q.space != s {
		c.errorf(k.SpacePos, "multiple address spaces specified for type")
		return qtype{t: invalid}
	}
	q.space, q.spaced, q.spacePos = s, true, k.SpacePos
	if s == types.Constant {
		q.c = true // what lies there cannot change
	}
	return q
}

func (c *checker) namedType(n *ast.Name) qtype {
	r := c.resolve(n, true)
	if r.obj == nil {
		return qtype{t: invalid}
	}
	switch o := r.obj.(type) {
	case *typeName:
		if r.args != nil {
			// An injected class name with arguments names the template.
			if o.rec != nil && o.rec.tmpl != nil {
				if t, ok := c.instantiateType(o.rec.tmpl, r.part).(*typeName); ok {
					return t.q
				}
				return qtype{t: invalid}
			}
			c.errorf(n.Start, "'%s' is not a template", nameText(n))
			return qtype{t: invalid}
		}
		return o.q
	case *classTemplate:
		if r.args == nil {
			if rec := c.scopeRecordOf(o); rec != nil {
				return qtype{t: rec.t}
			}
			c.errorf(n.Start, "use of class template '%s' requires template arguments", nameText(n))
			return qtype{t: invalid}
		}
		if t, ok := c.instantiateType(o, r.part).(*typeName); ok {
			return t.q
		}
		return qtype{t: invalid}
	case *aliasTemplate, *libTemplate:
		if r.args == nil {
			c.errorf(n.Start, "use of template '%s' requires template arguments", nameText(n))
			return qtype{t: invalid}
		}
		if t, ok := c.instantiateType(o, r.part).(*typeName); ok {
			return t.q
		}
		return qtype{t: invalid}
	case *pack:
		c.unexpanded(o, "declaration type", n.Start)
		return qtype{t: invalid}
	}
	// struct S hidden by a function S is still found after struct; a plain
	// name is not.
	c.errorf(n.Last().Start, "unknown type name '%s'", nameText(n))
	return qtype{t: invalid}
}

func (c *checker) tagType(t *ast.TagType) qtype {
	switch d := t.Decl.(type) {
	case *ast.RecordDecl:
		if q, ok := c.declaredTags[d]; ok {
			return q
		}
		if r := c.recordDecl(d); r != nil {
			c.setTag(d, qtype{t: r.t})
			return qtype{t: r.t}
		}
		c.setTag(d, qtype{t: invalid})
		return qtype{t: invalid}
	case *ast.EnumDecl:
		if q, ok := c.declaredTags[d]; ok {
			return q
		}
		q := qtype{t: invalid}
		if e := c.enumDecl(d); e != nil {
			q.t = e.t
		}
		c.setTag(d, q)
		return q
	}
	if t.Name == nil {
		return qtype{t: invalid}
	}
	if t.Name.IsSimple() {
		name := t.Name.Simple()
		for s := c.scope; s != nil; s = s.parent {
			if tn := s.tags[name]; tn != nil {
				return tn.q
			}
			if tn, ok := s.names[name].(*typeName); ok {
				return tn.q
			}
		}
		if o, ok := c.lookup(name).(*typeName); ok {
			return o.q
		}
		if t.Tag != ast.Enum {
			// A class named for the first time is declared by that.
			r := c.newRecord(name, &ast.RecordDecl{Tag: t.Tag}, t.Name.Start)
			c.in(enclosingNamespace(c.scope), func() {
				c.scope.set(name, &typeName{q: qtype{t: r.t}, pos: t.Name.Start, rec: r})
			})
			return qtype{t: r.t}
		}
	}
	return c.namedType(t.Name)
}

// setTag remembers the type a definition made: its syntax can occur once for
// each declarator.
func (c *checker) setTag(d ast.Decl, q qtype) {
	if c.declaredTags == nil {
		c.declaredTags = make(map[ast.Decl]qtype)
	}
	c.declaredTags[d] = q
}

func (c *checker) decltype(t *ast.DecltypeType) qtype {
	if t.Type != nil {
		return c.typ(t.Type)
	}
	// decltype of a name or member is its declared type; of another lvalue a
	// reference.
	x := c.expr(t.X)
	switch x.kind {
	case opInvalid:
		return qtype{t: invalid}
	case opFuncs:
		return c.decltypeFunc(&x)
	case opType, opInit:
		c.rvalue(&x)
		return qtype{t: invalid}
	case opValue:
		return x.q
	}
	switch t.X.(type) {
	case *ast.Name:
		if x.v != nil {
			d := x.v.declared()
			d.spaced = d.spaced && d.space != types.Thread
			return d
		}
		return x.q
	case *ast.MemberExpr:
		return x.q.unqual()
	}
	return qtype{t: c.tab.ReferenceTo(x.q.t, x.q.space, x.q.c, x.q.v, x.xvalue)}
}

// noSpace reports a pointer or reference without an address space.
func (c *checker) noSpace(what string, pos source.Pos) qtype {
	c.errorf(pos, "%s type must have explicit address space qualifier", what)
	return qtype{t: invalid}
}

func (c *checker) pointerType(t *ast.PointerType) qtype {
	e := c.typ(t.Elem)
	if e.bad() {
		return e
	}
	if e.t == types.Type(autoType) {
		return qtype{t: &autoPointer{elem: e}}
	}
	if r, ok := e.t.(*types.Reference); ok {
		c.errorf(t.Star, "'%s' declared as a pointer to a reference of type %s", "type name", quote(r))
		return qtype{t: invalid}
	}
	if f, ok := e.t.(*types.Function); ok {
		// Only template parameters are of such a type.
		return qtype{t: c.tab.PointerTo(f, types.Thread, false, false)}
	}
	if !e.spaced && pointerOf(e.t) == nil {
		return c.noSpace("pointer", t.Star)
	}
	return qtype{t: c.tab.PointerTo(e.t, e.space, e.c, e.v)}
}

func (c *checker) refType(t *ast.RefType) qtype {
	e := c.typ(t.Elem)
	if e.bad() {
		return e
	}
	if e.t == types.Type(autoType) {
		return qtype{t: &autoRef{elem: e, rvalue: t.RValue}}
	}
	if r, ok := e.t.(*types.Reference); ok {
		// References to references collapse.
		if r.RValue && !t.RValue {
			return qtype{t: c.tab.ReferenceTo(r.Elem, r.Space, r.Const, r.Volatile, false)}
		}
		return e
	}
	if isVoid(e.t) {
		c.errorf(t.Amp, "cannot form a reference to 'void'")
		return qtype{t: invalid}
	}
	if _, ok := e.t.(*types.Function); ok {
		c.unsupported(t.Amp, "references to functions are")
		return qtype{t: invalid}
	}
	if !e.spaced && !t.RValue && pointerOf(e.t) == nil {
		return c.noSpace("reference", t.Amp)
	}
	return qtype{t: c.tab.ReferenceTo(e.t, e.space, e.c, e.v, t.RValue)}
}

// autoPointer and autoRef are auto* and auto&, before they are deduced.
type autoPointer struct{ elem qtype }
type autoRef struct {
	elem   qtype
	rvalue bool
}

func (*autoPointer) String() string { return "auto *" }
func (*autoPointer) Size() int64    { return 8 }
func (*autoPointer) Align() int64   { return 8 }
func (*autoRef) String() string     { return "auto &" }
func (*autoRef) Size() int64        { return 8 }
func (*autoRef) Align() int64       { return 8 }

// isAuto reports whether a type is to be deduced.
func isAuto(t types.Type) bool {
	switch t := t.(type) {
	case *placeholder:
		return t == autoType
	case *autoPointer, *autoRef:
		return true
	}
	return false
}

func (c *checker) arrayType(t *ast.ArrayType) qtype {
	e := c.typ(t.Elem)
	n := int64(-1)
	if t.Len != nil {
		x := c.expr(t.Len)
		v, ok := c.arrayLen(&x, t.Lbrack)
		if !ok {
			return qtype{t: invalid}
		}
		n = v
	}
	if e.bad() {
		return e
	}
	switch el := e.t.(type) {
	case *types.Reference:
		c.errorf(t.Lbrack, "array of references of type %s", quote(el))
		return qtype{t: invalid}
	case *types.Function:
		c.errorf(t.Lbrack, "array of functions of type %s", quote(el))
		return qtype{t: invalid}
	case *placeholder, *autoPointer, *autoRef:
		c.errorf(t.Lbrack, "array of 'auto'")
		return qtype{t: invalid}
	}
	if s := structOf(e.t); s != nil {
		c.complete(recordOf(s), t.Lbrack)
	}
	if incomplete(e.t) {
		c.errorf(t.Lbrack, "array has incomplete element type %s", e.quote())
		return qtype{t: invalid}
	}
	if n > 0 && e.t.Size() > 0 && n > (1<<40)/e.t.Size() {
		c.errorf(t.Lbrack, "array is too large (%d elements)", n)
		return qtype{t: invalid}
	}
	q := e
	q.t = c.tab.ArrayOf(e.t, n)
	return q
}

// arrayLen evaluates the length of an array.
func (c *checker) arrayLen(x *operand, lbrack source.Pos) (int64, bool) {
	if x.kind == opLvalue && structOf(x.q.t) != nil {
		if k := c.implicit(x, qtype{t: ulongT}); k.rank < impossible {
			*x = value(c.apply(x, k), x.span)
		}
	}
	fc := c.readsFuncConst(x)
	c.rvalue(x)
	if x.bad() {
		return 0, false
	}
	if !isArith(x.q.t) && enumOf(x.q.t) == nil || isFloat(x.q.t) {
		c.errorf(x.pos(), "size of array has non-integer type %s", x.q.quote())
		return 0, false
	}
	n, ok := c.intConst(x)
	switch {
	case !ok && fc:
		c.errorf(lbrack, "variable length arrays are not supported in Metal").
			Notef(x.pos(), "the size depends on a function constant")
	case !ok:
		c.errorf(lbrack, "variable length arrays are not supported in Metal")
	case n < 0 && c.entity != "":
		c.errorf(x.pos(), "'%s' declared as an array with a negative size", c.entity)
	case n < 0:
		c.errorf(x.pos(), "array size is negative")
	default:
		return n, true
	}
	return 0, false
}

func (c *checker) readsFuncConst(x *operand) bool {
	return x.v != nil && x.v.sem.FuncConst != nil
}

func (c *checker) funcType(t *ast.FuncType) qtype {
	f := &types.Function{}
	q := c.typ(t.Result)
	if q.bad() {
		return q
	}
	f.Result = q.t
	for _, p := range c.paramsOf(t, false) {
		f.Params = append(f.Params, p.q.t)
	}
	return qtype{t: f}
}

// intConst returns the value of an integer constant expression.
func (c *checker) intConst(x *operand) (int64, bool) {
	if x.bad() {
		return 0, false
	}
	k := x.konst()
	if k == nil && x.x != nil {
		k = c.evalConst(x.x)
	}
	if k == nil || len(k.Bits) != 1 {
		return 0, false
	}
	b := elementOf(k.T)
	if b == nil || !b.IsInteger() {
		return 0, false
	}
	return signed(b, k.Bits[0]), true
}

// enumDecl declares an enumeration.
func (c *checker) enumDecl(d *ast.EnumDecl) *enumType {
	e := &enumType{t: &types.Enum{Scoped: d.Scoped, Underlying: intT}, list: make(map[string]*enumerator)}
	pos := d.Start
	if d.Name != nil && len(d.Name.Parts) > 1 {
		return c.nestedEnum(d)
	}
	if d.Name != nil {
		e.name, pos = d.Name.Last().Ident, d.Name.Start
		e.t.Name = e.name
		if old, ok := c.scope.names[e.name].(*typeName); ok && old.enum != nil && (len(old.enum.list) == 0 || !d.Defined) {
			e = old.enum
		}
	} else {
		e.t.Name = "(unnamed enum)"
	}
	fixed := d.Scoped
	if d.Base != nil {
		q := c.typ(d.Base)
		b := basicOf(q.t)
		if q.bad() {
			return nil
		}
		if b == nil || !b.IsInteger() {
			c.errorf(d.Base.Pos(), "non-integral type %s is an invalid underlying type", q.quote())
			return nil
		}
		e.t.Underlying = b
		fixed = true
	}
	if d.Name != nil && (c.scope.names[e.name] == nil || c.scope.names[e.name].(object) == nil) {
		c.declare(e.name, &typeName{q: qtype{t: e.t}, pos: pos, enum: e}, pos)
	} else if d.Name != nil {
		if old, ok := c.scope.names[e.name].(*typeName); !ok || old.enum != e {
			if !c.declare(e.name, &typeName{q: qtype{t: e.t}, pos: pos, enum: e}, pos) {
				return nil
			}
		}
	}
	if !d.Defined {
		return e
	}
	next := int64(0)
	var minV, maxV int64
	var big bool
	under := e.t.Underlying
	var all []*enumerator
	if d.Scoped {
		// In their own list the enumerators are seen by their names alone.
		c.push()
		defer c.pop()
	}
	for i, m := range d.List {
		v := next
		if m.Value != nil {
			x := c.val(m.Value)
			n, ok := c.intConst(&x)
			if !ok {
				if !x.bad() {
					if isFloat(x.q.t) {
						c.errorf(m.Value.Pos(), "integral constant expression must have integral or unscoped enumeration type, not %s", x.q.quote())
					} else {
						c.errorf(m.Value.Pos(), "expression is not an integral constant expression")
					}
				}
				n = next
			} else if b := elementOf(x.q.t); fixed && wrap(under, uint64(n)) != wrap(under, uint64(signed(b, wrap(b, uint64(n))))) {
				c.errorf(m.Start, "enumerator value is not representable in the underlying type '%s'", under)
			} else if fixed && !fitsIn(under, b, n) {
				c.errorf(m.Start, "enumerator value %s is not representable in the underlying type %s", formatInt(b, n), quote(under))
			}
			if x.kind != opInvalid {
				if b := elementOf(x.q.t); b == ulongT && n < 0 {
					big = true
				}
			}
			v = n
		}
		en := &enumerator{t: e.t, v: wrap(under, uint64(v)), pos: m.Start}
		if i == 0 || v < minV {
			minV = v
		}
		if i == 0 || v > maxV {
			maxV = v
		}
		next = v + 1
		if e.list[m.Name] != nil {
			c.errorf(m.Start, "redefinition of enumerator '%s'", m.Name).Notef(e.list[m.Name].pos, "previous definition is here")
			continue
		}
		e.list[m.Name] = en
		en.v = uint64(v)
		all = append(all, en)
		// While the enumeration is open its enumerators are plain integers.
		en.t = intT
		if fixed {
			en.t = under
		}
		c.declare(m.Name, en, m.Start)
	}
	if !fixed {
		switch {
		case big:
			e.t.Underlying = ulongT
		case minV >= 0 && maxV > 1<<32-1, minV < 0 && (maxV > 1<<31-1 || minV < -1<<31):
			e.t.Underlying = longT
		case minV >= 0:
			e.t.Underlying = uintT
		}
		e.t.Promoted = e.t.Underlying
		if !big && minV >= -1<<31 && maxV <= 1<<31-1 {
			e.t.Promoted = intT
		}
	}
	for _, en := range all {
		en.t = e.t
		en.v = wrap(e.t.Underlying, en.v)
	}
	return e
}

// fitsIn reports whether the value n of type from is one of type to.
func fitsIn(to, from *types.Basic, n int64) bool {
	v := wrap(to, uint64(n))
	back := signed(to, v)
	if back != n {
		return false
	}
	return !(n < 0 && (to.IsSigned() != from.IsSigned()))
}

// boolConst evaluates a condition that must be constant: static_assert, if constexpr.
func (c *checker) boolConst(x *operand) (val, ok bool) {
	if x.bad() {
		return false, false
	}
	if !c.toBool(x, "condition") {
		return false, false
	}
	k := x.konst()
	if k == nil {
		k = c.evalConst(x.x)
	}
	if k == nil {
		return false, false
	}
	return k.Bits[0] != 0, true
}
