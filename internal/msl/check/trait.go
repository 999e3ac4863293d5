package check

import (
	"math"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// traitArgs tells the type traits of the library by name, with the number of
// their arguments (MSL spec, <metal_type_traits>). The forms name_v and name_t
// go with them.
func traitArgs(name string) int {
	switch name {
	case "is_void", "is_integral", "is_floating_point", "is_arithmetic", "is_scalar", "is_signed", "is_unsigned",
		"is_pointer", "is_reference", "is_array", "is_enum", "is_class", "is_union", "is_const", "is_volatile",
		"is_fundamental", "is_empty", "is_vec", "is_matrix", "is_packed_vec", "is_trivially_copyable", "is_lvalue_reference",
		"is_rvalue_reference", "is_object", "is_function",
		"remove_cv", "remove_const", "remove_volatile", "remove_reference", "remove_pointer", "remove_addrspace", "remove_extent",
		"add_const", "add_volatile", "add_cv", "decay", "make_signed", "make_unsigned", "underlying_type", "type_identity",
		"bool_constant", "vec_elements", "__is_valid_simdgroup_type",
		"alignment_of", "rank", "remove_all_extents", "is_compound":
		return 1
	case "is_same", "is_convertible", "is_base_of", "enable_if", "integral_constant":
		return 2
	case "conditional":
		return 3
	case "true_type", "false_type":
		return -1
	case "_disjunction", "disjunction", "_conjunction", "conjunction", "common_type", "extent":
		return anyArgs
	case "_negation", "negation":
		return 1
	}
	return 0
}

// anyArgs is the traitArgs of a trait that takes any number of arguments.
const anyArgs = 1 << 10

// isTrait reports whether name is a type trait of the library.
func isTrait(name string) bool {
	if traitArgs(name) != 0 {
		return true
	}
	base, ok := strings.CutSuffix(name, "_v")
	if !ok {
		base, ok = strings.CutSuffix(name, "_t")
	}
	return ok && traitArgs(base) > 0
}

// trait evaluates a type trait: to a value, or to a type. fails is set if it
// has neither, as enable_if<false>.
func (c *checker) trait(name string, args []targ) (val *sem.Const, ty qtype, fails bool) {
	is := func(b bool) (*sem.Const, qtype, bool) { return konst(boolT, boolBits(b), 0), qtype{}, false }
	to := func(q qtype) (*sem.Const, qtype, bool) { return nil, q, false }
	switch name {
	case "true_type", "false_type":
		return is(name == "true_type")
	case "bool_constant":
		return args[0].c, qtype{}, args[0].c == nil
	case "integral_constant":
		return args[1].c, qtype{}, args[1].c == nil
	case "enable_if":
		if args[0].c == nil || args[0].c.Bits[0] == 0 {
			return nil, qtype{}, true
		}
		return to(args[1].q)
	case "conditional":
		if args[0].c != nil && args[0].c.Bits[0] != 0 {
			return to(args[1].q)
		}
		return to(args[2].q)
	}
	switch name {
	case "_disjunction", "disjunction", "_conjunction", "conjunction", "_negation", "negation":
		v, ok := c.logicTrait(strings.TrimPrefix(name, "_"), args)
		return konst(boolT, boolBits(v), 0), qtype{}, !ok
	}
	if len(args) == 0 || !args[0].isType() {
		return nil, qtype{}, true
	}
	q := args[0].q
	b := basicOf(q.t)
	if v := vectorOf(q.t); v != nil {
		b = v.Elem // vectors count as what they are made of
	}
	ref, isRef := q.t.(*types.Reference)
	switch name {
	case "is_void":
		return is(isVoid(q.t))
	case "is_integral":
		return is(b != nil && b.IsInteger())
	case "is_floating_point":
		return is(b != nil && b.IsFloat())
	case "is_arithmetic":
		return is(b != nil && b.Kind >= types.Bool)
	case "is_fundamental":
		return is(isScalar(q.t) || isVoid(q.t))
	case "is_scalar":
		return is(isScalar(q.t) || enumOf(q.t) != nil || pointerOf(q.t) != nil)
	case "is_signed":
		return is(b != nil && (b.IsFloat() || b.IsSigned()))
	case "is_unsigned":
		return is(b != nil && b.IsInteger() && !b.IsSigned())
	case "is_pointer":
		return is(pointerOf(q.t) != nil)
	case "is_reference":
		return is(isRef)
	case "is_lvalue_reference":
		return is(isRef && !ref.RValue)
	case "is_rvalue_reference":
		return is(isRef && ref.RValue)
	case "is_array":
		return is(arrayOf(q.t) != nil && !arrayOf(q.t).Named)
	case "is_enum":
		return is(enumOf(q.t) != nil && !isVote(q.t))
	case "is_class":
		s := structOf(q.t)
		return is(s != nil && !s.Union || arrayOf(q.t) != nil && arrayOf(q.t).Named)
	case "is_union":
		return is(structOf(q.t) != nil && structOf(q.t).Union)
	case "is_const":
		return is(q.c)
	case "is_volatile":
		return is(q.v)
	case "is_empty":
		s := structOf(q.t)
		if s != nil {
			c.complete(recordOf(s), 0)
		}
		return is(s != nil && len(s.Fields) == 0)
	case "is_vec":
		return is(vectorOf(q.t) != nil && !vectorOf(q.t).Packed)
	case "is_packed_vec":
		return is(vectorOf(q.t) != nil && vectorOf(q.t).Packed)
	case "is_matrix":
		return is(isMatrix(q.t))
	case "is_trivially_copyable":
		return is(!isRef)
	case "is_object":
		return is(!isRef && !isVoid(q.t))
	case "is_function":
		_, fn := q.t.(*types.Function)
		return is(fn)
	case "is_compound":
		return is(!isScalar(q.t) && !isVoid(q.t))
	case "alignment_of", "rank", "extent":
		n, ok := shapeTrait(name, args)
		return konst(ulongT, n, 0), qtype{}, !ok
	case "common_type":
		t, ok := c.commonType(args)
		return nil, t, !ok
	case "remove_all_extents":
		for arrayOf(q.t) != nil && !arrayOf(q.t).Named {
			q.t = arrayOf(q.t).Elem
		}
		return to(q)
	case "__is_valid_simdgroup_type":
		return is(b != nil && b.Kind > types.Bool && b.Size() <= 4 && b != bfloatT)
	case "vec_elements":
		n := 1
		if v := vectorOf(q.t); v != nil {
			n = v.N
		}
		return konst(intT, uint64(n), 0), qtype{}, false
	case "is_same":
		p := args[1].q
		return is(q.t == p.t && q.c == p.c && q.v == p.v && q.spaced == p.spaced && q.space == p.space)
	case "is_base_of":
		s, t := structOf(q.t), structOf(args[1].q.t)
		if t != nil {
			c.complete(recordOf(t), 0)
		}
		return is(s != nil && (s == t || t != nil && isBaseOf(s, t)))
	case "is_convertible":
		x := value(&sem.Zero{Typed: typed(q.t, 0)}, source.Span{})
		if isRef {
			x = lvalue(&sem.Zero{Typed: typed(ref.Elem, 0)}, qtype{t: ref.Elem, c: ref.Const, v: ref.Volatile, space: ref.Space, spaced: true}, source.Span{})
		}
		p := args[1].q
		if isVoid(q.t) || isVoid(p.t) {
			return is(isVoid(q.t) && isVoid(p.t))
		}
		// The class bfloat is not convertible by this trait although casts work.
		if (q.t == types.Type(bfloatT)) != (p.t == types.Type(bfloatT)) {
			return is(false)
		}
		k := c.implicit(&x, p)
		return is(k.rank < impossible)
	case "remove_cv", "remove_const", "remove_volatile":
		if name != "remove_volatile" {
			q.c = false
		}
		if name != "remove_const" {
			q.v = false
		}
		return to(q)
	case "remove_addrspace":
		q.space, q.spaced = types.Thread, false
		return to(q)
	case "remove_reference":
		if isRef {
			return to(qtype{t: ref.Elem, c: ref.Const, v: ref.Volatile, space: ref.Space, spaced: ref.Space != types.Thread})
		}
		return to(q)
	case "remove_pointer":
		if p := pointerOf(q.t); p != nil {
			e := pointee(p)
			e.spaced = e.space != types.Thread
			return to(e)
		}
		return to(q)
	case "remove_extent":
		if a := arrayOf(q.t); a != nil && !a.Named {
			q.t = a.Elem
		}
		return to(q)
	case "add_const", "add_volatile", "add_cv":
		q.c = q.c || name != "add_volatile"
		q.v = q.v || name != "add_const"
		return to(q)
	case "decay":
		if isRef {
			return to(qtype{t: ref.Elem})
		}
		return to(qtype{t: q.t})
	case "type_identity":
		return to(q)
	case "underlying_type":
		if e := enumOf(q.t); e != nil {
			return to(qtype{t: e.Underlying})
		}
	case "make_signed", "make_unsigned":
		if b != nil && b.IsInteger() && b != boolT {
			// Signed kinds come right before their unsigned ones.
			k := b.Kind
			if name == "make_signed" && !b.IsSigned() {
				k--
			} else if name == "make_unsigned" && b.IsSigned() {
				k++
			}
			q.t = withElem(q.t, types.Basics[k])
			return to(q)
		}
	}
	return nil, qtype{}, true
}

// shapeTrait evaluates a trait of how a type lies in memory: its alignment, how
// many dimensions it has, the length of one of them.
func shapeTrait(name string, args []targ) (n uint64, ok bool) {
	t := args[0].q.t
	if name == "alignment_of" {
		return uint64(t.Align()), !incomplete(t)
	}
	var lengths []int64
	for a := arrayOf(t); a != nil && !a.Named; a = arrayOf(a.Elem) {
		lengths = append(lengths, max(a.Len, 0))
	}
	if name == "rank" {
		return uint64(len(lengths)), true
	}
	at := uint64(0)
	if len(args) > 1 && args[1].c != nil {
		at = args[1].c.Bits[0]
	}
	if at < uint64(len(lengths)) {
		n = uint64(lengths[at])
	}
	return n, len(args) <= 2
}

// commonType is what ?: makes of values of the types, from left to right.
func (c *checker) commonType(args []targ) (q qtype, ok bool) {
	for i, a := range args {
		if !a.isType() {
			return qtype{}, false
		}
		t := qtype{t: a.q.t}
		if ref, is := t.t.(*types.Reference); is {
			t = qtype{t: ref.Elem}
		}
		if i == 0 || t.t == q.t {
			q = t
			continue
		}
		x := value(&sem.Zero{Typed: typed(q.t, 0)}, source.Span{})
		y := value(&sem.Zero{Typed: typed(t.t, 0)}, source.Span{})
		var r operand
		if !c.try(func() {
			r = c.choose(&sem.VarRef{Typed: typed(boolT, 0), Var: &sem.Var{Type: boolT}}, x, y, 0, source.Span{})
		}) || r.bad() {
			return qtype{}, false
		}
		q = r.q.unqual()
	}
	return q, len(args) > 0
}

// logicTrait joins the values of traits, no more of them than it has to.
func (c *checker) logicTrait(name string, args []targ) (v, ok bool) {
	v = name == "conjunction"
	for _, a := range args {
		r := recordOf(structOf(a.q.t))
		if r == nil {
			return false, false
		}
		var k *sem.Const
		switch o := c.member(r, "value").(type) {
		case *boundValue:
			k = o.c
		case *variable:
			k = o.sem.Value
		}
		if k == nil {
			return false, false
		}
		if name == "negation" {
			return k.Bits[0] == 0, true
		}
		if v = k.Bits[0] != 0; v != (name == "conjunction") {
			break
		}
	}
	return v, true
}

// traitArg evaluates an argument of a trait: a type or a constant.
func (c *checker) traitArg(a ast.TemplateArg) (targ, bool) {
	if t, ok := a.(ast.Type); ok {
		q := c.typ(t)
		return targ{q: q}, !q.bad()
	}
	e, ok := a.(ast.Expr)
	if !ok {
		return targ{}, false
	}
	x := c.expr(e)
	if x.kind == opType {
		return targ{q: x.q}, true
	}
	c.rvalue(&x)
	if x.bad() {
		return targ{}, false
	}
	k := x.konst()
	if k == nil {
		k = c.evalConst(x.x)
	}
	if k == nil {
		c.errorf(e.Pos(), "non-type template argument is not a constant expression")
	}
	return targ{c: k}, k != nil
}

// traitArguments evaluates the arguments of a trait.
func (c *checker) traitArguments(name string, list []ast.TemplateArg, p *ast.NamePart) ([]targ, bool) {
	var args []targ
	for _, a := range list {
		a, from := c.boundArg(a)
		var v targ
		var ok bool
		c.in(from, func() { v, ok = c.traitArg(a) })
		if !ok {
			return nil, false
		}
		args = append(args, v)
	}
	n := traitArgs(name)
	if name == "enable_if" && len(args) == 1 {
		args = append(args, targ{q: qtype{t: void}})
	}
	if n < 0 {
		n = 0
	}
	if len(args) != n && n != anyArgs {
		c.errorf(p.Start, "wrong number of template arguments for '%s'", name)
		return nil, false
	}
	if len(args) == 0 && (name == "common_type" || name == "extent") {
		c.errorf(p.Start, "too few template arguments for template '%s'", name)
		return nil, false
	}
	wantsValue := map[string]bool{"enable_if": true, "conditional": true, "bool_constant": true}[name]
	if len(args) > 0 && name != "integral_constant" && wantsValue != (args[0].c != nil) {
		c.errorf(p.Start, "invalid template argument for '%s'", name)
		return nil, false
	}
	return args, true
}

// traitType makes what a trait with arguments is as a type: name<…>, with its
// members value and type, or name_t<…>.
func (c *checker) traitType(name string, list []ast.TemplateArg, p *ast.NamePart) object {
	base, alias := name, false
	if traitArgs(name) == 0 {
		if b, ok := strings.CutSuffix(name, "_t"); ok {
			base, alias = b, true
		} else if b, ok := strings.CutSuffix(name, "_v"); ok {
			v, ok := c.traitValue(b, list, p)
			if !ok {
				return nil
			}
			return &boundValue{c: v, pos: p.Start}
		}
	}
	args, ok := c.traitArguments(base, list, p)
	if !ok {
		return nil
	}
	return c.traitObject(base, args, alias, p)
}

// traitObject is traitType with the arguments evaluated.
func (c *checker) traitObject(base string, args []targ, alias bool, p *ast.NamePart) object {
	val, ty, fails := c.trait(base, args)
	switch base {
	case "bool_constant", "true_type", "false_type":
		// These are names for instances of another.
		base, args = "integral_constant", []targ{{q: qtype{t: boolT}}, {c: val}}
	}
	if alias {
		if fails || ty.t == nil {
			c.errorf(p.Start, "no type named 'type' in '%s%s'", base, argsText(args))
			return nil
		}
		return c.typeObject(ty)
	}
	r := &record{name: base, pos: p.Start, defined: true}
	r.t = c.traitStruct(base + argsText(args))
	if old := recordOf(r.t); old != nil {
		return &typeName{q: qtype{t: old.t}, rec: old}
	}
	r.t.Decl = r
	r.scope = &scope{parent: c.global.scope, rec: r}
	if val != nil {
		r.scope.set("value", &boundValue{c: val})
		r.scope.set("value_type", &typeName{q: qtype{t: val.T}})
		r.scope.set("type", &typeName{q: qtype{t: r.t}, rec: r})
		f := c.constantFunc("operator()", val.T, val.Bits[0])
		f.rec, f.this = r, qtype{spaced: true, c: true}
		f.sem.This = &sem.Var{Name: "this", Type: c.tab.ReferenceTo(r.t, types.Thread, true, false, false), Const: true}
		r.scope.set("operator()", &overloads{name: "operator()", funcs: []*function{f}})
		g := *f
		g.name, g.conv = "operator "+val.T.String(), true
		r.convs = append(r.convs, &g)
	}
	if ty.t != nil {
		r.scope.set("type", c.typeObject(ty))
	}
	return &typeName{q: qtype{t: r.t}, rec: r}
}

func (c *checker) typeObject(q qtype) *typeName {
	t := &typeName{q: q, enum: c.enumTypeOf(q.t)}
	if s := structOf(q.t); s != nil {
		t.rec = recordOf(s)
	}
	return t
}

// traitStruct returns the class that stands for a trait with arguments, the
// same for the same spelling.
func (c *checker) traitStruct(name string) *types.Struct {
	if s := c.traits[name]; s != nil {
		return s
	}
	s := &types.Struct{Name: name}
	s.Layout(0)
	if c.traits == nil {
		c.traits = make(map[string]*types.Struct)
	}
	c.traits[name] = s
	return s
}

func (c *checker) traitValue(base string, list []ast.TemplateArg, p *ast.NamePart) (*sem.Const, bool) {
	args, ok := c.traitArguments(base, list, p)
	if !ok {
		return nil, false
	}
	val, _, fails := c.trait(base, args)
	if fails || val == nil {
		c.errorf(p.Start, "no member named 'value' in '%s%s'", base, argsText(args))
		return nil, false
	}
	return val, true
}

// traitExpr is a compiler builtin on types, such as __is_same(T, U).
func (c *checker) traitExpr(e *ast.TraitExpr) operand {
	name := strings.TrimPrefix(e.Name, "__")
	if traitArgs(name) <= 0 {
		c.unsupported(e.Start, "'"+e.Name+"' is")
		return badAt(e.Span)
	}
	p := &ast.NamePart{Span: e.Span, Ident: e.Name}
	v, ok := c.traitValue(name, e.Args, p)
	if !ok {
		return badAt(e.Span)
	}
	return value(konst(boolT, v.Bits[0], e.Start), e.Span)
}

// numericLimits makes numeric_limits<T>.
func (c *checker) numericLimits(q qtype, p *ast.NamePart) object {
	name := "numeric_limits<" + q.t.String() + ">"
	st := c.traitStruct(name)
	if r := recordOf(st); r != nil {
		return &typeName{q: qtype{t: st}, rec: r}
	}
	r := &record{name: "numeric_limits", pos: p.Start, defined: true, t: st}
	st.Decl = r
	r.scope = &scope{parent: c.global.scope, rec: r}
	set := func(n string, t types.Type, bits uint64) {
		r.scope.set(n, &boundValue{c: konst(t, bits, 0)})
	}
	b := elementOf(q.t)
	fn := func(n string, bits uint64) {
		f := c.constantFunc(n, q.t, bits)
		r.scope.set(n, &overloads{name: n, funcs: []*function{f}})
	}
	if structOf(q.t) != nil && c.limitsImpl != nil {
		// Programs extend numeric_limits by the template that implements it.
		if in := c.classInstance(c.limitsImpl, []targ{{q: qtype{t: q.t}}}, p.Start); c.limitsImpl.fits(c, in) {
			st.Decl = nil
			delete(c.traits, name)
			return &typeName{q: qtype{t: in.t}, rec: in}
		}
	}
	if b == nil || isMatrix(q.t) || enumOf(q.t) != nil {
		set("is_specialized", boolT, 0)
		return &typeName{q: qtype{t: st}, rec: r}
	}
	set("is_specialized", boolT, 1)
	set("is_signed", boolT, boolBits(b.IsSigned() || b.IsFloat()))
	set("is_integer", boolT, boolBits(b.IsInteger()))
	set("is_exact", boolT, boolBits(b.IsInteger()))
	set("has_infinity", boolT, boolBits(b.IsFloat()))
	set("has_quiet_NaN", boolT, boolBits(b.IsFloat()))
	set("has_signaling_NaN", boolT, boolBits(b.IsFloat()))
	set("is_bounded", boolT, 1)
	set("is_modulo", boolT, boolBits(b.IsInteger() && !b.IsSigned() && b != boolT))
	set("radix", intT, 2)
	if b.IsInteger() {
		w := width(b)
		lo, hi := uint64(0), wrap(b, math.MaxUint64)
		digits := w
		if b.IsSigned() {
			lo, hi = wrap(b, uint64(1)<<(w-1)), uint64(1)<<(w-1)-1
			digits--
		}
		set("digits", intT, uint64(digits))
		set("digits10", intT, uint64(float64(digits)*math.Log10(2)))
		fn("min", lo)
		fn("lowest", lo)
		fn("max", hi)
		for _, n := range []string{"epsilon", "round_error", "infinity", "quiet_NaN", "signaling_NaN", "denorm_min"} {
			fn(n, 0)
		}
		return &typeName{q: qtype{t: st}, rec: r}
	}
	f := format{23, 127, 255}
	digits10, maxDigits10 := uint64(6), uint64(9)
	switch b.Kind {
	case types.Half:
		f, digits10, maxDigits10 = halfFormat, 3, 5
	case types.BFloat:
		f, digits10, maxDigits10 = bfloatFormat, 2, 4
	}
	sign := uint64(1) << (b.Size()*8 - 1)
	inf := uint64(f.maxExp) << f.mant
	set("digits", intT, uint64(f.mant+1))
	set("digits10", intT, digits10)
	set("max_digits10", intT, maxDigits10)
	set("max_exponent", intT, uint64(f.bias+1))
	set("min_exponent", intT, wrap(intT, uint64(int64(2-f.bias))))
	fn("min", 1<<f.mant)
	fn("max", inf-1)
	fn("lowest", sign|(inf-1))
	fn("epsilon", floatBits(b.Kind, math.Ldexp(1, -f.mant)))
	fn("round_error", floatBits(b.Kind, 0.5))
	fn("infinity", inf)
	fn("quiet_NaN", inf|1<<(f.mant-1))
	fn("signaling_NaN", inf|1<<(f.mant-2))
	fn("denorm_min", 1)
	return &typeName{q: qtype{t: st}, rec: r}
}
