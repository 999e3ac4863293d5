package ir

// MatrixDim is the number of rows and of columns of the matrices that
// OpMatMulAdd works on.
const MatrixDim = 8

// MatrixElement returns the row and column of element i, 0 or 1, of those that
// a lane holds of a matrix that lies across a SIMD group: rows and columns are
// dealt out in quadrants of four by four, two neighbours in a row to a lane.
func MatrixElement(lane, i int) (row, col int) {
	quad := lane / 4
	return quad&4 + lane/2%4, quad&2*2 + lane%2*2 + i
}

// MatMulAdd appends a*b+c of matrices that lie across the SIMD group, each
// lane giving its two elements, and returns the two elements of the result,
// which has type t as c does.
func (b *Builder) MatMulAdd(t Type, x, y, c [2]Value) [2]Value {
	in := b.F.NewInstr(OpMatMulAdd, t, b.Pos, x[0], x[1], y[0], y[1], c[0], c[1])
	in.Imm = GroupImm(0, 32, false)
	in.Outs = []Value{b.F.NewValue(t, ""), b.F.NewValue(t, "")}
	b.add(in)
	return [2]Value{in.Outs[0], in.Outs[1]}
}

// matrix checks an operation on matrices.
func (v *verifier) matrix(in *Instr) error {
	x, y := v.f.TypeOf(in.Args[0]), v.f.TypeOf(in.Args[2])
	if !in.Type.IsFloat() || !x.IsFloat() || !y.IsFloat() {
		return v.errorf(in, "cannot have types %s, %s and %s", x, y, in.Type)
	}
	if len(in.Outs) != 2 || in.Out != NoValue || len(in.Body) > 0 {
		return v.errorf(in, "%d results, want 2", len(in.Outs))
	}
	for _, r := range in.Outs {
		if r > 0 && int(r) < len(v.f.Values) && v.f.TypeOf(r) != in.Type {
			return v.errorf(in, "a result has type %s, want %s", v.f.TypeOf(r), in.Type)
		}
	}
	return v.want(in, x, x, y, y, in.Type, in.Type)
}
