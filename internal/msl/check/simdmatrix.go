package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// simdMatrixNamed returns the type simdgroup_float8x8 or one of its kind, or
// nil (MSL spec, section 2.4).
func (c *checker) simdMatrixNamed(name string) object {
	var elem *types.Basic
	switch name {
	case "simdgroup_float8x8":
		elem = floatT
	case "simdgroup_half8x8":
		elem = halfT
	case "simdgroup_bfloat8x8":
		elem = bfloatT
	default:
		return nil
	}
	return c.simdMatrix(elem)
}

// simdMatrix returns the class simdgroup_matrix<elem, 8, 8>: what one lane
// holds of it are two elements.
func (c *checker) simdMatrix(elem *types.Basic) *typeName {
	st := c.traitStruct("simdgroup_" + elem.String() + "8x8")
	if r := recordOf(st); r != nil {
		return &typeName{q: qtype{t: st}, rec: r}
	}
	r := &record{name: "simdgroup_matrix", defined: true, ns: c.metal, t: st, simd: elem, userCtor: true}
	r.scope = &scope{parent: c.metal.scope, rec: r}
	pair := types.VectorOf(elem, 2)
	st.Decl = r
	st.Fields = []types.Field{{Name: "elements", Type: pair, ID: -1}}
	st.Layout(0)
	r.scope.set("storage_type", &typeName{q: qtype{t: pair}})
	r.ctors = []*function{
		{name: r.name, rec: r, ctor: true, defaulted: true, this: qtype{spaced: true}, result: qtype{t: st}, sem: &sem.Func{Name: r.name, Result: st}},
		c.diagonal(r),
	}
	return &typeName{q: qtype{t: st}, rec: r}
}

// diagonal makes the constructor of a matrix from the number on its diagonal.
func (c *checker) diagonal(r *record) *function {
	f := &function{name: r.name, rec: r, ctor: true, explicit: true, checked: true, defined: true, this: qtype{spaced: true}, result: qtype{t: r.t}}
	v := &sem.Var{Name: "value", Type: r.simd}
	f.params = []param{{name: v.Name, q: qtype{t: r.simd}}}
	x := &sem.Builtin{Typed: typed(r.t, 0), Name: "simdgroup_diagonal", Args: []sem.Expr{&sem.VarRef{Typed: typed(r.simd, 0), Var: v}}}
	f.sem = &sem.Func{Name: r.name, Params: []*sem.Var{v}, Result: r.t, Body: &sem.Block{List: []sem.Stmt{&sem.Return{X: x}}}}
	return f
}

// simdMatrixOf returns the class of an operand that is a matrix of a SIMD
// group, or nil.
func simdMatrixOf(x *operand) *record {
	if x.kind != opLvalue && x.kind != opValue {
		return nil
	}
	if r := recordOf(structOf(x.q.t)); r != nil && r.simd != nil && r.simd.IsFloat() {
		return r
	}
	return nil
}

// threadElements is m.thread_elements(): the elements that this lane holds.
func (c *checker) threadElements(m *operand, sp source.Span) operand {
	return c.at(m, &field{path: []int{0}, rec: simdMatrixOf(m)}, sp)
}

// matrixProduct is the operator * of matrices of a SIMD group.
func (c *checker) matrixProduct(args []operand, sp source.Span) (operand, bool) {
	if len(args) != 2 || simdMatrixOf(&args[0]) == nil || simdMatrixOf(&args[1]) == nil {
		return operand{}, false
	}
	c.rvalue(&args[0])
	c.rvalue(&args[1])
	return value(&sem.Builtin{Typed: typed(args[0].q.t, sp.Start), Name: "simdgroup_multiply", Args: []sem.Expr{args[0].x, args[1].x}}, sp), true
}

// simdMatrixCall is a call of a function on matrices of a SIMD group (MSL spec,
// section 6.7); ok is false if name is none.
func (c *checker) simdMatrixCall(fun *operand, args []operand, e *ast.CallExpr) (r operand, ok bool) {
	fail := func(sig string) (operand, bool) {
		d := c.errorf(fun.loc, "no matching function for call to '%s'", fun.name)
		d.Ranges = []source.Span{fun.span}
		d.Notef(source.NoPos, "candidate function is '%s'", sig)
		return badAt(e.Span), true
	}
	// out makes the statement that leaves x in the matrix that is the first
	// argument.
	out := func(x sem.Expr) (operand, bool) {
		a := &sem.Assign{Typed: typed(args[0].q.t, e.Pos()), X: args[0].x, Y: x}
		return value(&sem.Convert{Typed: typed(void, e.Pos()), X: a}, e.Span), true
	}
	writable := func() bool {
		x := &args[0]
		return simdMatrixOf(x) != nil && x.kind == opLvalue && !x.q.c && x.q.space == types.Thread
	}
	matrices := func(n int) bool {
		if len(args) != n {
			return false
		}
		for i := range args {
			if simdMatrixOf(&args[i]) == nil {
				return false
			}
		}
		return true
	}
	values := func() []sem.Expr {
		var list []sem.Expr
		for i := range args[1:] {
			c.rvalue(&args[1+i])
			list = append(list, args[1+i].x)
		}
		return list
	}
	const memory = "matrix, const T *memory, ulong elements_per_row = 8, ulong2 matrix_origin = 0, bool transpose_matrix = false)"
	switch fun.name {
	case "simdgroup_load":
		if len(args) < 2 || !writable() {
			return fail("void simdgroup_load(thread simdgroup_matrix<T, 8, 8> &" + memory)
		}
		list, ok := c.matrixMemory(simdMatrixOf(&args[0]), args[1:], false, e.Pos())
		if !ok {
			return fail("void simdgroup_load(thread simdgroup_matrix<T, 8, 8> &" + memory)
		}
		return out(&sem.Builtin{Typed: typed(args[0].q.t, e.Pos()), Name: fun.name, Args: list})
	case "simdgroup_store":
		if len(args) < 2 || simdMatrixOf(&args[0]) == nil {
			return fail("void simdgroup_store(simdgroup_matrix<T, 8, 8> " + memory)
		}
		list, ok := c.matrixMemory(simdMatrixOf(&args[0]), args[1:], true, e.Pos())
		if !ok {
			return fail("void simdgroup_store(simdgroup_matrix<T, 8, 8> " + memory)
		}
		c.rvalue(&args[0])
		return value(&sem.Builtin{Typed: typed(void, e.Pos()), Name: fun.name, Args: append([]sem.Expr{args[0].x}, list...)}, e.Span), true
	case "simdgroup_multiply":
		if !matrices(3) || !writable() {
			return fail("void simdgroup_multiply(thread simdgroup_matrix<T, 8, 8> &d, simdgroup_matrix<T, 8, 8> a, simdgroup_matrix<T, 8, 8> b)")
		}
		return out(&sem.Builtin{Typed: typed(args[0].q.t, e.Pos()), Name: fun.name, Args: values()})
	case "simdgroup_multiply_accumulate":
		if !matrices(4) || !writable() {
			return fail("void simdgroup_multiply_accumulate(thread simdgroup_matrix<T, 8, 8> &d, simdgroup_matrix<T, 8, 8> a, simdgroup_matrix<T, 8, 8> b, simdgroup_matrix<T, 8, 8> c)")
		}
		return out(&sem.Builtin{Typed: typed(args[0].q.t, e.Pos()), Name: fun.name, Args: values()})
	case "make_filled_simdgroup_matrix":
		const sig = "simdgroup_matrix<T, Cols, Rows> make_filled_simdgroup_matrix<T, Cols, Rows>(T value)"
		if fun.args == nil || len(args) != 1 {
			return fail(sig)
		}
		t, _ := c.instantiateType(&libTemplate{"simdgroup_matrix"}, &ast.NamePart{Span: fun.span, Ident: fun.name, Args: fun.args}).(*typeName)
		if t == nil {
			return badAt(e.Span), true
		}
		k := c.implicit(&args[0], qtype{t: t.rec.simd})
		if k.rank == impossible {
			return fail(sig)
		}
		pair := types.VectorOf(t.rec.simd, 2)
		fill := &sem.Splat{Typed: typed(pair, e.Pos()), X: c.apply(&args[0], k)}
		return value(&sem.Aggregate{Typed: typed(t.rec.t, e.Pos()), Elems: []sem.Expr{fill}}, e.Span), true
	}
	return operand{}, false
}

// matrixMemory checks the arguments of simdgroup_load and simdgroup_store that
// say where the matrix lies: the pointer, the elements from one row to the
// next, the column and row of its corner and whether it lies transposed.
func (c *checker) matrixMemory(m *record, args []operand, store bool, pos source.Pos) ([]sem.Expr, bool) {
	if len(args) > 4 {
		return nil, false
	}
	c.rvalue(&args[0])
	p := pointerOf(args[0].q.t)
	if p == nil || p.Elem != types.Type(m.simd) || store && (p.Const || p.Space == types.Constant) {
		return nil, false
	}
	pair := types.VectorOf(ulongT, 2)
	list := []sem.Expr{args[0].x, konst(ulongT, 8, pos), &sem.Const{Typed: typed(pair, pos), Bits: []uint64{0, 0}}, konst(boolT, 0, pos)}
	for i := 1; i < len(args); i++ {
		k := c.implicit(&args[i], qtype{t: list[i].Type()})
		if k.rank == impossible {
			return nil, false
		}
		if args[i].kind == opInit {
			if list[i] = c.initList(args[i].list, qtype{t: list[i].Type()}, initContext{}); list[i] == nil {
				return nil, false
			}
			continue
		}
		list[i] = c.apply(&args[i], k)
	}
	return list, true
}
