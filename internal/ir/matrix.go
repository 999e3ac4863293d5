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

// MatrixLane returns the lane that has the element of a row and column: element
// col%2 of its own.
func MatrixLane(row, col int) int { return row&4<<2 | col&4<<1 | row&3<<1 | col>>1&1 }

// MatrixOffset returns where element i of a lane is, from the offset of an
// OpMatLoad or OpMatStore on.
func (in *Instr) MatrixOffset(lane, i int, stride int64) int64 {
	row, col := MatrixElement(lane, i)
	if in.Imm2 == Transposed {
		row, col = col, row
	}
	return in.Imm + int64(row)*stride + int64(col*in.Type.Size())
}

// MatLoad appends a load of a matrix whose elements have type t, and whose rows
// are stride bytes apart, and returns the two that this lane holds.
func (b *Builder) MatLoad(space Space, t Type, ref, off, stride Value, transposed bool) [2]Value {
	in := b.F.NewInstr(OpMatLoad, t, b.Pos, ref, off, stride)
	in.Outs = []Value{b.F.NewValue(t, ""), b.F.NewValue(t, "")}
	b.matAccess(in, space, transposed)
	return [2]Value{in.Outs[0], in.Outs[1]}
}

// MatStore appends a store of a matrix.
func (b *Builder) MatStore(space Space, t Type, ref, off, stride Value, transposed bool, x [2]Value) {
	b.matAccess(b.F.NewInstr(OpMatStore, t, b.Pos, ref, off, stride, x[0], x[1]), space, transposed)
}

func (b *Builder) matAccess(in *Instr, space Space, transposed bool) {
	in.Space = space
	if transposed {
		in.Imm2 = Transposed
	}
	b.add(in)
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
	if in.Op != OpMatMulAdd {
		return v.matAccess(in)
	}
	x, y := v.f.TypeOf(in.Args[0]), v.f.TypeOf(in.Args[2])
	if !in.Type.IsFloat() || !x.IsFloat() || !y.IsFloat() {
		return v.errorf(in, "cannot have types %s, %s and %s", x, y, in.Type)
	}
	if err := v.matResults(in, 2); err != nil {
		return err
	}
	return v.want(in, x, x, y, y, in.Type, in.Type)
}

// matAccess checks a load or store of a matrix.
func (v *verifier) matAccess(in *Instr) error {
	switch {
	case !in.Type.IsFloat():
		return v.errorf(in, "cannot have type %s", in.Type)
	case in.Space >= Thread:
		return v.errorf(in, "a matrix in memory that is not shared")
	case in.Imm2 != 0 && in.Imm2 != Transposed:
		return v.errorf(in, "%d says nothing", in.Imm2)
	}
	if in.Op == OpMatLoad {
		if err := v.matResults(in, 2); err != nil {
			return err
		}
		return v.want(in, Ref, I64, I64)
	}
	if err := v.matResults(in, 0); err != nil {
		return err
	}
	return v.want(in, Ref, I64, I64, in.Type, in.Type)
}

func (v *verifier) matResults(in *Instr, n int) error {
	if len(in.Outs) != n || in.Out != NoValue || len(in.Body) > 0 {
		return v.errorf(in, "%d results, want %d", len(in.Outs), n)
	}
	for _, r := range in.Outs {
		if r > 0 && int(r) < len(v.f.Values) && v.f.TypeOf(r) != in.Type {
			return v.errorf(in, "a result has type %s, want %s", v.f.TypeOf(r), in.Type)
		}
	}
	return nil
}
