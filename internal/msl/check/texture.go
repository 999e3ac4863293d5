package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// Limits of Metal's argument tables.
const (
	maxTextures = 128
	maxSamplers = 16
)

func isTextureTemplate(name string) bool { _, _, ok := stdlib.TextureTemplate(name); return ok }

func textureOf(t types.Type) *types.Texture { x, _ := t.(*types.Texture); return x }

// textureType makes the type name<T, access>.
func (c *checker) textureType(name string, p *ast.NamePart) object {
	kind, depth, _ := stdlib.TextureTemplate(name)
	var list []ast.TemplateArg
	if p.Args != nil {
		list = p.Args.Args
	}
	switch n := len(list); {
	case n == 0:
		c.errorf(p.Start, "too few template arguments for class template '%s'", name)
		return nil
	case n > 3:
		c.errorf(p.Start, "too many template arguments for class template '%s'", name)
		return nil
	}
	a, ok := c.templateArg(&ast.TypeParam{}, list[0], c.scope, "class template '"+name+"'")
	if !ok {
		return nil
	}
	elem := basicOf(a.q.t)
	if !textureElem(elem, depth) {
		c.errorf(p.Start, "invalid type %s for the component type of '%s'", a.q.quote(), name)
		return nil
	}
	access := types.AccessSample
	if kind.Multisample() || kind == texel.TypeBuffer {
		access = types.AccessRead
	}
	if len(list) > 1 {
		v, ok := c.enumArg(list[1], "access")
		if !ok {
			return nil
		}
		access = types.Access(v)
	}
	if len(list) > 2 {
		// Coherence changes nothing: writes are seen by all after a fence.
		if _, ok := c.enumArg(list[2], "memory_coherence"); !ok {
			return nil
		}
	}
	if why := accessMisfit(kind, depth, access); why != "" {
		c.errorf(p.Start, "'%s' %s", name, why)
		return nil
	}
	return &typeName{q: qtype{t: types.TextureOf(kind, depth, elem, access)}}
}

// enumArg evaluates a template argument of an enumeration of the library.
func (c *checker) enumArg(a ast.TemplateArg, enum string) (uint64, bool) {
	e, ok := a.(ast.Expr)
	if !ok {
		c.errorf(a.Pos(), "template argument for non-type template parameter must be an expression")
		return 0, false
	}
	x := c.val(e)
	if x.bad() {
		return 0, false
	}
	k := x.konst()
	if k == nil {
		k = c.evalConst(x.x)
	}
	if en := enumOf(x.q.t); k == nil || en == nil || en != stdlib.EnumNamed(enum).Type {
		c.errorf(e.Pos(), "value of type %s is not implicitly convertible to '%s'", x.q.quote(), enum)
		return 0, false
	}
	return k.Bits[0], true
}

// textureElem reports whether textures can have the component type.
func textureElem(b *types.Basic, depth bool) bool {
	if b == nil {
		return false
	}
	switch b.Kind {
	case types.Float:
		return true
	case types.Half, types.Short, types.UShort, types.Int, types.UInt, types.Long, types.ULong:
		return !depth
	}
	return false
}

// accessMisfit tells why textures of a type cannot have an access.
func accessMisfit(kind texel.Type, depth bool, a types.Access) string {
	switch {
	case kind.Multisample() && a != types.AccessRead:
		return "supports only access::read"
	case kind == texel.TypeBuffer && a == types.AccessSample:
		return "does not support access::sample"
	case depth && a != types.AccessRead && a != types.AccessSample:
		return "supports only access::sample and access::read"
	}
	return ""
}

// unifyTexture matches Name<args…> with a texture type.
func (b *bindings) unifyTexture(name string, args []ast.TemplateArg, q qtype) bool {
	t := textureOf(q.t)
	if t == nil || t.Name() != name || len(args) == 0 || len(args) > 2 {
		return false
	}
	if !b.unifyArg(args[0], targ{q: qtype{t: t.Elem}}) {
		return false
	}
	if len(args) == 1 {
		return t.Access == types.AccessSample || t.Access == types.AccessRead && (t.Type.Multisample() || t.Type == texel.TypeBuffer)
	}
	return b.unifyArg(args[1], targ{c: konst(stdlib.EnumNamed("access").Type, uint64(t.Access), 0)})
}

// textureMember is a member function of a texture, to be called.
func (c *checker) textureMember(x *operand, t *types.Texture, name string, e *ast.MemberExpr) operand {
	last := e.Name.Last()
	list := stdlib.TextureMember(t, name)
	if list == nil {
		d := c.errorf(last.Start, "no member named '%s' in '%s'", name, t)
		d.Ranges = []source.Span{x.span}
		if need := c.accessFor(t, name); need != "" {
			d.Notef(last.Start, "'%s' needs %s", name, need)
		} else if guess := source.Nearest(name, stdlib.TextureMemberNames); guess != "" && stdlib.TextureMember(t, guess) != nil {
			d.Msg += "; did you mean '" + guess + "'?"
		}
		return badAt(e.Span)
	}
	return operand{kind: opFuncs, set: &overloads{name: name, lib: []libSet{{sem.Default, list}}}, this: x, span: e.Span, loc: last.Start, name: name}
}

// accessFor tells which accesses of the same texture have a member.
func (c *checker) accessFor(t *types.Texture, name string) string {
	need := ""
	for a := types.AccessSample; a <= types.AccessReadWrite; a++ {
		if accessMisfit(t.Type, t.Depth, a) != "" || stdlib.TextureMember(types.TextureOf(t.Type, t.Depth, t.Elem, a), name) == nil {
			continue
		}
		if need != "" {
			need += " or "
		}
		need += "access::" + a.String()
	}
	return need
}

// textureCall calls a member function of a texture.
func (c *checker) textureCall(k *candidate, fun *operand, args []operand, sp source.Span) operand {
	n := &sem.Builtin{Typed: typed(k.lib.Result, sp.Start), Name: "texture::" + k.lib.Name, Args: []sem.Expr{fun.this.x}}
	for i := range args {
		e := c.apply(&args[i], k.convs[i])
		if args[i].bad() {
			return badAt(sp)
		}
		if en := enumOf(e.Type()); en != nil && en.Name == "component" {
			if kv := c.evalConst(e); kv != nil {
				e = &sem.Const{Typed: typed(en, args[i].pos()), Bits: kv.Bits}
			} else {
				c.errorf(args[i].pos(), "the component to gather must be a constant")
				return badAt(sp)
			}
		}
		n.Args = append(n.Args, e)
	}
	return value(n, sp)
}

// isNullTexture is is_null_texture(t).
func (c *checker) isNullTexture(args []operand, e *ast.CallExpr) operand {
	if len(args) != 1 || textureOf(args[0].q.t) == nil {
		c.errorf(e.Pos(), "no matching function for call to 'is_null_texture'").
			Notef(source.NoPos, "candidate function requires one texture")
		return badAt(e.Span)
	}
	return value(&sem.Builtin{Typed: typed(boolT, e.Pos()), Name: "is_null_texture", Args: []sem.Expr{args[0].x}}, e.Span)
}

// optionFrom makes a value of an option such as level(x), or a sampler.
func (c *checker) optionFrom(t *types.Opaque, args []ast.Expr, sp source.Span, pos source.Pos) operand {
	ops, ok := c.args(args)
	if !ok {
		return badAt(sp)
	}
	if len(ops) == 1 && ops[0].q.t == types.Type(t) {
		c.rvalue(&ops[0])
		return ops[0]
	}
	if t == types.Sampler {
		return c.samplerFrom(ops, sp, pos)
	}
	n := &sem.Construct{Typed: typed(t, pos)}
	for i := range ops {
		if i >= len(t.Parts) || len(ops) != len(t.Parts) {
			c.errorf(pos, "no matching constructor for initialization of '%s'", t).
				Notef(source.NoPos, "candidate constructor requires %s, but %s provided", counted(len(t.Parts)), arguments(len(ops)))
			return badAt(sp)
		}
		k := c.implicit(&ops[i], qtype{t: t.Parts[i]})
		if k.rank == impossible {
			c.errorf(pos, "no matching constructor for initialization of '%s'", t).
				Notef(ops[i].pos(), "no known conversion from %s to '%s' for %s argument", ops[i].q.quote(), t.Parts[i], ordinal(i+1))
			return badAt(sp)
		}
		n.Args = append(n.Args, c.apply(&ops[i], k))
	}
	if len(ops) == 0 {
		c.errorf(pos, "no matching constructor for initialization of '%s'", t)
		return badAt(sp)
	}
	return value(n, sp)
}

// samplerFrom makes a constant sampler.
func (c *checker) samplerFrom(ops []operand, sp source.Span, pos source.Pos) operand {
	state := texel.DefaultSampler()
	for i := range ops {
		x := &ops[i]
		c.rvalue(x)
		if x.bad() {
			return badAt(sp)
		}
		bits, ok := c.constBits(x.x)
		if !ok {
			c.errorf(x.pos(), "the arguments of a sampler must be constants")
			return badAt(sp)
		}
		if !stdlib.SamplerOption(&state, x.q.t, bits) {
			c.errorf(pos, "no matching constructor for initialization of 'sampler'").
				Notef(x.pos(), "a value of type %s says nothing about a sampler", x.q.quote())
			return badAt(sp)
		}
	}
	if state.MaxAniso == 0 {
		state.MaxAniso = 1
	}
	if err := state.Check(); err != nil {
		c.errorf(pos, "invalid sampler: %v", err)
		return badAt(sp)
	}
	return value(&sem.Const{Typed: typed(types.Sampler, pos), Bits: stdlib.SamplerBits(&state)}, sp)
}

// constBits returns the words of a constant enumerator, or of an option.
func (c *checker) constBits(e sem.Expr) ([]uint64, bool) {
	if n, ok := e.(*sem.Construct); ok {
		if _, ok := n.T.(*types.Opaque); ok {
			var bits []uint64
			for _, a := range n.Args {
				b, ok := c.constBits(a)
				if !ok {
					return nil, false
				}
				bits = append(bits, b...)
			}
			return bits, true
		}
	}
	k, ok := e.(*sem.Const)
	if !ok {
		if k = c.evalConst(e); k == nil {
			return nil, false
		}
	}
	return k.Bits, true
}

// samplerInit initialises a variable of type sampler that is declared with
// arguments, or without.
func (c *checker) samplerInit(d *ast.VarDecl, pos source.Pos) (sem.Expr, bool) {
	if d.InitStyle != ast.NoInit && d.InitStyle != ast.InitParens {
		return nil, false
	}
	x := c.optionFrom(types.Sampler, d.Init, span(d), pos)
	if x.bad() {
		return nil, true
	}
	return x.x, true
}

// resourceParam tells what a parameter of a texture or sampler type is bound
// to, and to how many indices: an array takes one an element.
func resourceParam(t types.Type) (kind string, n int) {
	n = 1
	if a := arrayOf(t); a != nil && a.Named && a.Len >= 0 {
		t, n = a.Elem, int(min(a.Len, 1<<20))
	}
	switch {
	case textureOf(t) != nil:
		return "texture", n
	case t == types.Type(types.Sampler):
		return "sampler", n
	}
	return "", 0
}

func isResource(t types.Type) bool { kind, _ := resourceParam(t); return kind != "" }

// resources are the tables of textures and samplers of a kernel's arguments.
type resources struct {
	textures, samplers slots
	auto               []autoResource
}

// autoResource is an argument without an index.
type autoResource struct {
	tab *slots
	arg *sem.Arg
	n   int
	pos source.Pos
}

func newResources() *resources {
	return &resources{textures: slots{what: "texture", limit: maxTextures}, samplers: slots{what: "sampler", limit: maxSamplers}}
}

// bind binds parameter p, whose attribute says kind at at, or nothing.
func (r *resources) bind(c *checker, p *param, arg *sem.Arg, kind string, at source.Pos) bool {
	is, n := resourceParam(p.q.t)
	if kind != "" && kind != is {
		c.errorf(p.decl.Start, "invalid type %s for %s declaration", p.q.quote(), kind).Ranges = []source.Span{p.decl.Span}
		return false
	}
	tab := &r.textures
	arg.Kind = sem.ArgTexture
	if is == "sampler" {
		tab, arg.Kind = &r.samplers, sem.ArgSampler
	}
	if n > tab.limit {
		c.errorf(p.pos, "too many %s arguments: at most %d are supported", tab.what, tab.limit)
		return false
	}
	if kind == "" {
		r.auto = append(r.auto, autoResource{tab, arg, n, p.pos})
		return true
	}
	for i := range n {
		if !tab.take(c, arg.Index+i, at) {
			return false
		}
	}
	return true
}

// finish gives the arguments without an index the lowest free ones.
func (r *resources) finish(c *checker) {
	for _, a := range r.auto {
		first := 0
		for i := 0; i < a.n && first+a.n <= a.tab.limit; i++ {
			if _, used := a.tab.taken[first+i]; used {
				first += i + 1
				i = -1
			}
		}
		if first+a.n > a.tab.limit {
			c.errorf(a.pos, "too many %s arguments: at most %d are supported", a.tab.what, a.tab.limit)
			continue
		}
		for i := range a.n {
			a.tab.take(c, first+i, a.pos)
		}
		a.arg.Index = first
	}
}
