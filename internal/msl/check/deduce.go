package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// bindings collects template arguments while they are deduced.
type bindings struct {
	c      *checker
	params []ast.Decl
	parent *scope
	index  map[string]int
	args   []targ
	set    []bool
	fixed  []bool // written: not deduced
	why    string

	// Of a pack: the element being deduced, and how many were written.
	at      int
	written int
}

// newBindings starts with the arguments that are written. It returns nil if
// they do not suit the template.
func (c *checker) newBindings(f *function, written *ast.TemplateArgs) *bindings {
	b := c.bindingsFor(f.tmpl.params, f.scope)
	if written == nil {
		return b
	}
	ok := c.try(func() {
		list, ok := c.expandArgs(written.Args)
		var args []targ
		if ok {
			args, ok = c.writtenArgs(b.params, list, f.scope, "")
		}
		if !ok {
			c.failed = true
			return
		}
		for i, v := range args {
			b.args[i] = v
			if v.isPack {
				b.written = len(v.pack) // there may be more
				continue
			}
			b.set[i], b.fixed[i] = true, true
		}
	})
	if !ok {
		return nil
	}
	return b
}

func (c *checker) bindingsFor(params []ast.Decl, parent *scope) *bindings {
	b := &bindings{c: c, params: params, parent: parent, index: make(map[string]int)}
	b.args = make([]targ, len(params))
	b.set = make([]bool, len(params))
	b.fixed = make([]bool, len(params))
	for i, p := range params {
		name, pack := paramName(p)
		if name != "" {
			b.index[name] = i
		}
		b.args[i].isPack = pack
	}
	return b
}

func (b *bindings) missing() bool {
	for i, s := range b.set {
		if !s && !b.args[i].isPack {
			return true
		}
	}
	return false
}

// finish fills in defaults.
func (b *bindings) finish() ([]targ, bool) {
	for i := range b.params {
		if b.set[i] || b.args[i].isPack {
			continue
		}
		var v targ
		ok := false
		good := b.c.try(func() { v, ok = b.c.defaultTemplateArg(b.params, b.args[:i], i, b.parent) })
		if !ok || !good {
			if b.why == "" && hasDefault(b.params[i]) {
				b.why = "substitution failure" + withArgs(b)
			}
			if b.why == "" {
				name, _ := paramName(b.params[i])
				b.why = "couldn't infer template argument '" + name + "'"
			}
			return nil, false
		}
		b.args[i], b.set[i] = v, true
	}
	return b.args, true
}

// put binds a parameter, or compares with what it is bound to.
func (b *bindings) put(i int, v targ) bool {
	old := b.args[i]
	switch {
	case old.isPack && v.isPack:
		return false
	case old.isPack:
		switch {
		case b.at < b.written:
			return true
		case b.at == len(old.pack):
			b.args[i].pack = append(old.pack[:b.at:b.at], v)
			return true
		case b.at > len(old.pack):
			return false
		}
		old = old.pack[b.at]
	case !b.set[i]:
		b.args[i], b.set[i] = v, true
		return true
	case b.fixed[i]:
		return true
	}
	same := old.isType() == v.isType()
	if same && v.isType() {
		same = old.q.t == v.q.t && old.q.c == v.q.c && old.q.v == v.q.v && (old.q.space == v.q.space || !v.q.spaced)
	} else if same && v.c != nil && old.c != nil {
		same = len(v.c.Bits) == len(old.c.Bits) && v.c.Bits[0] == old.c.Bits[0]
	}
	if !same {
		name, _ := paramName(b.params[i])
		b.why = "deduced conflicting types for parameter '" + name + "' (" + old.quote() + " vs. " + v.quote() + ")"
	}
	return same
}

func (a targ) quote() string {
	if a.isType() {
		return a.q.quote()
	}
	return "'" + a.String() + "'"
}

// param returns the index of the template parameter that a type's syntax is,
// or -1.
func (b *bindings) param(n ast.Node) int {
	var name *ast.Name
	switch n := n.(type) {
	case *ast.NamedType:
		name = n.Name
	case *ast.Name:
		name = n
	default:
		return -1
	}
	if !name.IsSimple() {
		return -1
	}
	if i, ok := b.index[name.Simple()]; ok {
		return i
	}
	return -1
}

// dependent reports whether syntax names a template parameter that is to be
// deduced.
func (b *bindings) dependent(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if name, ok := n.(*ast.Name); ok && len(name.Parts) > 0 {
			if i, is := b.index[name.Parts[0].Ident]; is && !name.Global && !b.fixed[i] {
				found = true
			}
		}
		return !found
	})
	return found
}

// unify matches the syntax of a type with a type and binds what it names.
func (b *bindings) unify(p ast.Type, q qtype) bool {
	switch t := p.(type) {
	case *ast.QualType:
		k := t.Quals
		if k.Space != ast.NoSpace {
			if q.spaced && q.space != spaceOf(k.Space) || !q.spaced && spaceOf(k.Space) != types.Thread {
				if _, leaf := t.Elem.(*ast.PointerType); !leaf {
					b.why = "candidate address space mismatch"
					return false
				}
			}
			q.space, q.spaced = types.Thread, false
		}
		if k.Const || k.Space == ast.Constant {
			q.c = false
		}
		if k.Volatile {
			q.v = false
		}
		return b.unify(t.Elem, q)
	case *ast.NamedType:
		if i := b.param(t); i >= 0 {
			if _, isType := b.params[i].(*ast.TypeParam); !isType {
				return false
			}
			if q.spaced {
				q.space, q.spaced = types.Thread, false
			}
			if q.t == types.Type(nullType) {
				return false
			}
			return b.put(i, targ{q: qtype{t: q.t, c: q.c, v: q.v}})
		}
		if len(t.Name.Parts) > 1 && b.nested(t.Name) {
			return true // not deduced from a member of a dependent type
		}
		if args := t.Name.Last().Args; args != nil && b.dependent(t) {
			return b.unifyTemplate(t.Name, q)
		}
		return true
	case *ast.PointerType:
		ptr := pointerOf(q.t)
		if ptr == nil {
			return !b.dependent(p) || q.t == types.Type(nullType)
		}
		return b.unify(t.Elem, pointee(ptr))
	case *ast.RefType:
		if r, ok := q.t.(*types.Reference); ok {
			return b.unify(t.Elem, qtype{t: r.Elem, c: r.Const, v: r.Volatile, space: r.Space, spaced: true})
		}
		return b.unify(t.Elem, q)
	case *ast.ArrayType:
		a := arrayOf(q.t)
		if a == nil {
			return !b.dependent(p)
		}
		if n, ok := t.Len.(*ast.Name); ok && a.Len >= 0 {
			if i := b.param(n); i >= 0 && !b.set[i] {
				if !b.value(i, a.Len) {
					return false
				}
			}
		}
		e := q
		e.t = a.Elem
		return b.unify(t.Elem, e)
	}
	return true
}

// nested reports whether a qualified name starts with something dependent.
func (b *bindings) nested(n *ast.Name) bool {
	for i := range n.Parts[:len(n.Parts)-1] {
		if _, ok := b.index[n.Parts[i].Ident]; ok {
			return true
		}
		if n.Parts[i].Args != nil {
			return true
		}
	}
	return false
}

// value binds a non-type parameter to an integer.
func (b *bindings) value(i int, n int64) bool {
	p, ok := b.params[i].(*ast.ParamDecl)
	if !ok {
		return false
	}
	var to qtype
	b.c.in(b.c.bindParams(b.params, b.args[:i], b.parent), func() { to = b.c.typ(p.Type) })
	t := elementOf(to.t)
	if t == nil {
		return false
	}
	return b.put(i, targ{c: konst(to.t, wrap(t, uint64(n)), p.Start)})
}

// unifyTemplate matches Name<args…> with an instance of that template.
func (b *bindings) unifyTemplate(n *ast.Name, q qtype) bool {
	c := b.c
	var o object
	if !c.try(func() {
		plain := *n
		plain.Parts = append([]ast.NamePart(nil), n.Parts...)
		plain.Parts[len(plain.Parts)-1].Args = nil
		o = c.resolve(&plain, true).obj
	}) {
		return false
	}
	args := n.Last().Args.Args
	switch o := o.(type) {
	case *libTemplate:
		return b.unifyLib(o.name, args, q)
	case *typeName:
		if o.rec != nil && o.rec.tmpl != nil {
			return b.unifyClass(o.rec.tmpl, args, q.t)
		}
	case *classTemplate:
		return b.unifyClass(o, args, q.t)
	case *aliasTemplate:
		return b.unifyAlias(o, args, q)
	}
	return true
}

// unifyAlias matches an alias template by what it stands for: that tells the
// alias's own parameters, and those the arguments.
func (b *bindings) unifyAlias(t *aliasTemplate, args []ast.TemplateArg, q qtype) bool {
	c := b.c
	in := c.bindingsFor(t.params, t.scope)
	ok := false
	c.in(t.scope, func() { ok = in.unify(t.typ, q) })
	if !ok {
		return false
	}
	for i, a := range args {
		if i < len(in.set) && in.set[i] && !b.unifyArg(a, in.args[i]) {
			return false
		}
	}
	return true
}

func (b *bindings) unifyClass(t *classTemplate, args []ast.TemplateArg, in types.Type) bool {
	s := structOf(in)
	if s == nil {
		return false
	}
	r := recordOf(s)
	if r.tmpl != t {
		b.c.complete(r, r.pos)
		for _, base := range r.bases {
			if b.unifyClass(t, args, base.t) {
				return true
			}
		}
		return false
	}
	return b.unifyArgs(args, r.args)
}

// unifyArgs matches a list of template arguments; one that is an expansion
// takes what is left.
func (b *bindings) unifyArgs(list []ast.TemplateArg, args []targ) bool {
	vals := flat(args)
	for i, a := range list {
		var pattern ast.TemplateArg
		switch p := a.(type) {
		case *ast.PackType:
			pattern = p.Elem
		case *ast.PackExpr:
			pattern = p.X
		default:
			if i >= len(vals) || !b.unifyArg(a, vals[i]) {
				return false
			}
			continue
		}
		at := b.at
		for b.at = 0; i+b.at < len(vals); b.at++ {
			if !b.unifyArg(pattern, vals[i+b.at]) {
				b.at = at
				return false
			}
		}
		b.at = at
		return i == len(list)-1
	}
	// Parameters that are left have defaults: what those are is looked at later.
	return len(list) >= len(vals) || len(vals) == len(args)
}

// unifyArg matches one template argument.
func (b *bindings) unifyArg(a ast.TemplateArg, v targ) bool {
	if i := b.param(a); i >= 0 {
		if v.c != nil {
			// The parameter's own type counts, not that of the other template.
			if _, ok := b.params[i].(*ast.ParamDecl); ok {
				return b.value(i, signed(elementOf(v.c.T), v.c.Bits[0]))
			}
			return false
		}
		return b.put(i, v)
	}
	if t, ok := a.(ast.Type); ok {
		if !v.isType() {
			return false
		}
		if b.dependent(t) {
			return b.unify(t, v.q)
		}
		var q qtype
		ok := b.c.try(func() { q = b.c.typ(t) })
		return ok && q.t == v.q.t && q.c == v.q.c && (q.space == v.q.space)
	}
	if b.dependent(a) {
		return true
	}
	var x targ
	var ok bool
	good := b.c.try(func() {
		if v.isType() {
			y := b.c.expr(a.(ast.Expr))
			if y.kind == opType {
				x, ok = targ{q: y.q}, true
			}
			return
		}
		if v.c != nil {
			x, ok = b.c.convertedArg(qtype{t: v.c.T}, a.(ast.Expr))
		}
	})
	if !good || !ok {
		return false
	}
	if v.isType() {
		return x.isType() && x.q.t == v.q.t
	}
	return x.c != nil && x.c.Bits[0] == v.c.Bits[0]
}

func (b *bindings) unifyLib(name string, args []ast.TemplateArg, q qtype) bool {
	intArg := func(n int) targ { return targ{c: konst(intT, uint64(n), 0)} }
	switch name {
	case "vec", "packed_vec":
		v := vectorOf(q.t)
		if v == nil || v.Packed != (name == "packed_vec") || len(args) != 2 {
			return false
		}
		return b.unifyArg(args[0], targ{q: qtype{t: v.Elem}}) && b.unifyArg(args[1], intArg(v.N))
	case "matrix":
		m, ok := q.t.(*types.Matrix)
		if !ok || len(args) != 3 {
			return false
		}
		return b.unifyArg(args[0], targ{q: qtype{t: m.Elem}}) && b.unifyArg(args[1], intArg(m.Cols)) && b.unifyArg(args[2], intArg(m.Rows))
	case "array":
		a := arrayOf(q.t)
		if a == nil || !a.Named || len(args) != 2 {
			return false
		}
		return b.unifyArg(args[0], targ{q: qtype{t: a.Elem}}) && b.unifyArg(args[1], targ{c: konst(ulongT, uint64(a.Len), 0)})
	case "simdgroup_matrix":
		r := recordOf(structOf(q.t))
		if r == nil || r.simd == nil || len(args) != 3 {
			return false
		}
		return b.unifyArg(args[0], targ{q: qtype{t: r.simd}}) && b.unifyArg(args[1], intArg(8)) && b.unifyArg(args[2], intArg(8))
	case "uniform":
		return len(args) == 1 && b.unifyArg(args[0], targ{q: q.unqual()})
	case "atomic":
		a, ok := q.t.(*types.Atomic)
		if !ok || len(args) != 1 {
			return false
		}
		return b.unifyArg(args[0], targ{q: qtype{t: a.Elem}})
	}
	if isTextureTemplate(name) {
		return b.unifyTexture(name, args, q)
	}
	return true
}

// deduceCall finds the instance of a function template for a call, or tells
// why there is none.
func (c *checker) deduceCall(f *function, written *ast.TemplateArgs, this *operand, args []operand) (*function, string) {
	b := c.newBindings(f, written)
	if b == nil {
		return nil, "invalid explicitly-specified argument"
	}
	params := f.decl.Type.Params
	least, most := len(params), len(params)
	if least > 0 && params[least-1].Pack {
		least, most = least-1, max(len(args), least)
	}
	for least > 0 && params[least-1].Default != nil {
		least--
	}
	if len(args) < least || len(args) > most {
		var list []param
		for _, p := range params {
			list = append(list, param{name: p.Name})
		}
		return nil, countMessage(least, len(params), len(args), list)
	}
	ok := true
	c.in(f.scope, func() {
		for i := range args {
			p := params[min(i, len(params)-1)]
			if !b.dependent(p.Type) {
				continue
			}
			b.at = i - (len(params) - 1)
			if !b.fromArgument(p.Type, &args[i]) {
				ok = false
				return
			}
		}
	})
	if !ok {
		if b.why == "" {
			b.why = "could not match the argument types"
		}
		return nil, b.why
	}
	targs, ok := b.finish()
	if !ok {
		return nil, b.why
	}
	g := c.instance(f, targs)
	if g == nil {
		return nil, "substitution failure" + withArgs(b)
	}
	return g, ""
}

func withArgs(b *bindings) string {
	s := ""
	for i, p := range b.params {
		name, pack := paramName(p)
		if name == "" || !b.set[i] && !pack {
			continue
		}
		s += ", " + name + " = " + b.args[i].String()
	}
	if s == "" {
		return ""
	}
	return " [with " + s[len(", "):] + "]"
}

// fromArgument deduces from one argument of a call.
func (b *bindings) fromArgument(p ast.Type, x *operand) bool {
	if x.kind == opInit || x.kind == opType {
		return true
	}
	if x.kind == opFuncs {
		return true
	}
	q := x.q
	quals := ast.Quals{}
	inner := p
	if k, ok := p.(*ast.QualType); ok {
		quals, inner = k.Quals, k.Elem
	}
	_ = quals
	if ref, ok := inner.(*ast.RefType); ok {
		if x.kind == opValue {
			q = qtype{t: q.t}
		}
		if ref.RValue && x.kind == opLvalue {
			// T&& with an lvalue: T is a reference to it.
			if i := b.param(ref.Elem); i >= 0 {
				return b.put(i, targ{q: qtype{t: b.c.tab.ReferenceTo(q.t, q.space, q.c, q.v, false)}})
			}
		}
		elem := ref.Elem
		if k, ok := elem.(*ast.QualType); ok && k.Quals.Space != ast.NoSpace && x.kind == opValue {
			// A temporary lies in thread memory.
			if spaceOf(k.Quals.Space) != types.Thread {
				return false
			}
			q.spaced = false
		}
		return b.unify(elem, q)
	}
	// By value: the type decays and loses its own qualifiers.
	if a := arrayOf(q.t); a != nil && !a.Named && x.kind == opLvalue {
		q = qtype{t: b.c.tab.PointerTo(a.Elem, q.space, q.c, q.v)}
	} else {
		q = qtype{t: q.t}
	}
	if a, ok := inner.(*ast.ArrayType); ok {
		// An array parameter is a pointer.
		p := pointerOf(q.t)
		if p == nil {
			return false
		}
		return b.unify(a.Elem, pointee(p))
	}
	if n, ok := inner.(*ast.NamedType); ok && b.param(n) < 0 {
		if v := vectorOf(q.t); v != nil && v.Packed {
			q.t = unpacked(q.t)
		}
	}
	return b.unify(inner, q)
}

// deduceConversion finds the instance of a conversion function template that
// gives a type.
func (c *checker) deduceConversion(f *function, to qtype) *function {
	b := c.newBindings(f, nil)
	if b == nil {
		return nil
	}
	ok := false
	c.in(f.scope, func() { ok = b.unify(f.decl.Name.Last().Type, to.unqual()) })
	if !ok {
		return nil
	}
	args, ok := b.finish()
	if !ok {
		return nil
	}
	return c.instance(f, args)
}

// moreSpecial tells which of two templates is the more specialised: the one
// whose parameters say more about their types.
func (c *checker) moreSpecial(f, g *function) int {
	if f == nil || g == nil || f == g {
		return 0
	}
	score := func(f *function) int {
		b := c.bindingsFor(f.tmpl.params, f.scope)
		n := 0
		for _, p := range f.decl.Type.Params {
			n += b.weight(p.Type)
		}
		return n
	}
	switch a, b := score(f), score(g); {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	// A template with fewer parameters left to a pack.
	pf, pg := packAt(f.tmpl.params) >= 0, packAt(g.tmpl.params) >= 0
	switch {
	case pg && !pf:
		return -1
	case pf && !pg:
		return 1
	}
	switch nf, ng := len(f.decl.Type.Params), len(g.decl.Type.Params); {
	case pf && nf > ng:
		return -1
	case pf && nf < ng:
		return 1
	}
	return 0
}

// weight tells how much the syntax of a type says.
func (b *bindings) weight(n ast.Node) int {
	switch t := n.(type) {
	case *ast.PackType:
		return b.weight(t.Elem) - 1
	case *ast.PackExpr:
		return b.weight(t.X) - 1
	case *ast.QualType:
		w := b.weight(t.Elem)
		if t.Quals.Const {
			w++
		}
		if t.Quals.Space != ast.NoSpace {
			w++
		}
		return w
	case *ast.PointerType:
		return 4 + b.weight(t.Elem)
	case *ast.RefType:
		return b.weight(t.Elem)
	case *ast.ArrayType:
		return 4 + b.weight(t.Elem)
	case *ast.NamedType:
		if b.param(t) >= 0 {
			return 0
		}
		if args := t.Name.Last().Args; args != nil && b.dependent(t) {
			w := 4
			for _, a := range args.Args {
				w += b.weight(a)
			}
			return w
		}
		return 64
	case *ast.Name:
		if b.param(t) >= 0 {
			return 0
		}
	}
	return 64
}
