package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

func (amd64) hasMatrices() bool { return true }

// A matrixRows gives the addresses of the rows of a matrix in memory.
type matrixRows struct {
	e     *emitter
	known bool  // stride is the distance from row to row
	far   int64 // known: that distance
	k     int32
}

// at returns where row r is, from 0 to 7, counted from CX. Where the distance is
// not known it is in AX, and three times that in DX: rows from 0 to 4 and row 6
// can be had.
func (r matrixRows) at(row int, disp int32) x.Mem {
	if r.known {
		return x.At(x.CX, r.k+disp+int32(int64(row)*r.far))
	}
	switch row {
	case 0:
		return x.At(x.CX, r.k+disp)
	case 3, 6:
		return x.Indexed(x.CX, x.DX, uint8(row/3), r.k+disp)
	}
	return x.Indexed(x.CX, x.AX, uint8(row), r.k+disp)
}

// four returns which rows in memory are worked on together: the first four and
// then the last, or, of a transposed matrix, the even and then the odd ones.
// Where the distance is not known, the second time they count from the first of
// them.
func (r matrixRows) four(half int, transposed bool) [4]int {
	first, step := 4*half, 1
	if transposed {
		first, step = half, 2
	}
	if !r.known && half == 1 {
		r.e.Lea(64, x.CX, x.Indexed(x.CX, x.AX, uint8(first), 0))
		first = 0
	}
	return [4]int{first, first + step, first + 2*step, first + 3*step}
}

// matrix emits lMatrix.
func (e *emitter) matrix(in *ins) {
	a := in.more.matrix
	slow, back := e.NewLabel(), e.NewLabel()
	n := e.l.partsOf()
	e.later(func() {
		e.Bind(slow)
		for i, s := range a.sites {
			one := &ins{s: in.s, x: s}
			if !a.write {
				one.d = in.d[i*n : (i+1)*n]
			}
			leaveFor[x.Label](e, one)
		}
		e.Jmp(back)
	})
	if a.act >= 0 {
		e.allActive(in.s[a.act:a.act+n], slow)
	}
	rows := e.matrixAddress(in, slow)
	for half := range 2 {
		r := rows.four(half, a.transposed)
		switch {
		case e.l.geo.v == 16 && a.write:
			e.storeRows16(in, rows, r, half)
		case e.l.geo.v == 16:
			e.loadRows16(in, rows, r, half)
		default:
			for g := range 2 {
				if a.write {
					e.storeRows8(in, rows, r, half, g)
				} else {
					e.loadRows8(in, rows, r, half, g)
				}
			}
		}
	}
	e.Bind(back)
}

// allActive jumps if a lane is not in its mask.
func (e *emitter) allActive(masks []vreg, slow x.Label) {
	if e.evex {
		k := e.maskIn(masks[0], k6)
		for _, m := range masks[1:] {
			e.kop(&x.KANDW, k6, k, e.maskIn(m, k7))
			k = k6
		}
		e.V(&x.KMOVWr, x.Mode{}, uint8(x.AX), 0, x.X(k), 0)
	} else {
		m := e.vec(masks[0], 0)
		for _, s := range masks[1:] {
			e.v3(&x.VPAND, e.tmp[0], m, e.rm(s))
			m = e.tmp[0]
		}
		e.V(&x.VMOVMSKPS, e.mode(), uint8(x.AX), 0, x.X(m), 0)
	}
	e.ArithI(x.CMP, 32, x.AX, 1<<e.l.geo.v-1)
	e.Jcc(x.NE, slow)
}

// matrixAddress checks that the first row and the last, and so all, are inside
// the memory, and sets CX to the address of the first.
func (e *emitter) matrixAddress(in *ins, slow x.Label) matrixRows {
	a := in.more.matrix
	limit := x.At(ctxReg, a.limit)
	rows := matrixRows{e: e, k: int32(a.k)}
	if r := &e.l.regs[in.s[a.stride]]; r.konst {
		rows.known, rows.far = true, int64(r.bits)
	}
	e.move(x.CX, in.s[a.off])
	e.ArithM(x.CMP, 64, x.CX, limit)
	e.Jcc(x.AE, slow)
	if rows.known {
		if rows.far != 0 {
			e.Lea(64, x.DX, x.At(x.CX, int32(7*rows.far)))
			e.ArithM(x.CMP, 64, x.DX, limit)
			e.Jcc(x.AE, slow)
		}
	} else {
		// A distance of more than 31 bits could come back after a turn.
		e.move(x.AX, in.s[a.stride])
		e.Extend(x.SX32, 64, x.DX, x.AX)
		e.Arith(x.CMP, 64, x.DX, x.AX)
		e.Jcc(x.NE, slow)
		e.ImulI(64, x.DX, x.AX, 7)
		e.Arith(x.ADD, 64, x.DX, x.CX)
		e.ArithM(x.CMP, 64, x.DX, limit)
		e.Jcc(x.AE, slow)
		e.Lea(64, x.DX, x.Indexed(x.AX, x.AX, 2, 0))
	}
	e.addTo(x.CX, in.s[a.base])
	return rows
}

// addTo adds scalar v to a register without the use of another.
func (e *emitter) addTo(d x.Reg, v vreg) {
	if r := &e.l.regs[v]; r.phys >= 0 {
		e.Arith(x.ADD, 64, d, x.Reg(r.phys))
		return
	}
	e.ArithM(x.ADD, 64, d, e.slot(v))
}

// matrixWords returns, for vectors of 16 lanes, which words make part p of the
// elements of one kind: of the four rows that are side by side in two vectors,
// two rows each.
func (e *emitter) matrixWords(a *matrixAccess, half, p, elem int) vreg {
	w := make([]uint64, 16)
	for i := range w {
		row, col := ir.MatrixElement(16*p+i, elem)
		if a.transposed {
			w[i] = uint64(col/2*8 + row)
		} else {
			w[i] = uint64((row-4*half)*8 + col)
		}
	}
	return e.l.constVec(w, 4)
}

// rowWords returns, the other way, which words of the two vectors that the four
// rows are made of, lanes of parts and elements, are the rows of pair q.
func (e *emitter) rowWords(a *matrixAccess, half, q int) vreg {
	w := make([]uint64, 16)
	for vec := range 2 {
		p, elem := half, vec
		if a.transposed {
			p, elem = vec, half
		}
		for i := range 16 {
			row, col := ir.MatrixElement(16*p+i, elem)
			at := (row-4*half)*8 + col
			if a.transposed {
				at = col/2*8 + row
			}
			if at/16 == q {
				w[at%16] = uint64(16*vec + i)
			}
		}
	}
	return e.l.constVec(w, 4)
}

// sources are the vectors that four rows have to do with: of both kinds of
// elements in one part, or, transposed, of one kind in both parts.
func (a *matrixAccess) sources(half, i int) (p, elem int) {
	if a.transposed {
		return i, half
	}
	return half, i
}

// loadRows16 loads four rows and makes two vectors of 16 lanes of them.
func (e *emitter) loadRows16(in *ins, rows matrixRows, r [4]int, half int) {
	a := in.more.matrix
	for q := range 2 {
		e.loadPair(in.t, e.tmp[q], rows.at(r[2*q], 0), rows.at(r[2*q+1], 0))
	}
	for i := range 2 {
		p, elem := a.sources(half, i)
		v := in.d[2*elem+p]
		d := e.dst(v)
		e.loadV(d, e.constant(e.matrixWords(a, half, p, elem)))
		e.V(&x.VPERMI2D, e.mode(), d, e.tmp[0], x.X(e.tmp[1]), 0)
		e.put(v, d)
	}
}

// loadPair loads two rows of eight elements, side by side.
func (e *emitter) loadPair(t ir.Type, d uint8, first, second x.Mem) {
	half := x.Mode{EVEX: true, L: x.L256}
	if t == ir.F32 {
		e.V(&x.VMOVUPS, half, d, 0, x.M(first), 0)
		e.vi(&x.VINSERTI256, d, d, x.M(second), 1)
		return
	}
	e.V(&x.VMOVUPS, x.Mode{EVEX: true}, d, 0, x.M(first), 0)
	e.V(&x.VINSERTI128, half, d, d, x.M(second), 1)
	if t == ir.F16 {
		e.v2(&x.VCVTPH2PS, d, x.X(d))
		return
	}
	e.v2(&x.VPMOVZXWD, d, x.X(d))
	e.V(&x.VPSLLDI, e.mode(), d, 0, x.X(d), 16)
}

// storeRows16 stores four rows that two vectors of 16 lanes are made of.
func (e *emitter) storeRows16(in *ins, rows matrixRows, r [4]int, half int) {
	a := in.more.matrix
	v := func(i int) vreg {
		p, elem := a.sources(half, i)
		return in.s[a.val+2*elem+p]
	}
	t := e.tmp[0]
	narrow := x.Mode{EVEX: true}
	for q := range 2 {
		e.loadV(t, e.constant(e.rowWords(a, half, q)))
		e.V(&x.VPERMI2D, e.mode(), t, e.vec(v(0), 1), e.rm(v(1)), 0)
		first, second := rows.at(r[2*q], 0), rows.at(r[2*q+1], 0)
		switch in.t {
		case ir.F32:
			e.V(&x.VMOVUPSs, x.Mode{EVEX: true, L: x.L256}, t, 0, x.M(first), 0)
			e.V(&x.VEXTRACTI256, e.mode(), t, 0, x.M(second), 1)
			continue
		case ir.F16:
			e.V(&x.VCVTPS2PH, e.mode(), t, 0, x.X(t), 0)
		default:
			e.V(&x.VPSRLDI, e.mode(), t, 0, x.X(t), 16)
			e.V(&x.VPMOVDW, e.mode(), t, 0, x.X(t), 0)
		}
		e.V(&x.VMOVUPSs, narrow, t, 0, x.M(first), 0)
		e.V(&x.VEXTRACTI128, x.Mode{EVEX: true, L: x.L256}, t, 0, x.M(second), 1)
	}
}

// What follows is for vectors of eight lanes: they have, of four rows in memory,
// one half of each.

// narrowMode is the mode of instructions of half as many lanes.
func (e *emitter) narrowMode() x.Mode { return x.Mode{EVEX: e.evex} }

// loadRows8 loads half g of four rows and makes two vectors of them; of a
// transposed matrix all of two rows.
func (e *emitter) loadRows8(in *ins, rows matrixRows, r [4]int, half, g int) {
	a := in.more.matrix
	size := int32(4 * in.t.Size()) // of half a row
	t0, t1, t2 := e.tmp[0], e.tmp[1], e.tmp[2]
	part := func(i int) uint8 { return e.dst(in.d[i]) }
	if a.transposed {
		for h := range 2 {
			e.loadFour(in.t, t0, rows.at(r[2*g], int32(h)*size))
			e.loadFour(in.t, t1, rows.at(r[2*g+1], int32(h)*size))
			e.V(&x.VUNPCKHPS, e.narrowMode(), t2, t0, x.X(t1), 0)
			e.V(&x.VUNPCKLPS, e.narrowMode(), t0, t0, x.X(t1), 0)
			at := 4*half + 2*h + g
			d := part(at)
			e.vi(&x.VINSERTI128, d, t0, x.X(t2), 1)
			e.put(in.d[at], d)
		}
		return
	}
	join := func(d uint8, first, second int) {
		e.loadFour(in.t, d, rows.at(r[first], int32(g)*size))
		m := rows.at(r[second], int32(g)*size)
		if in.t == ir.F32 {
			e.vi(&x.VINSERTI128, d, d, x.M(m), 1)
			return
		}
		e.loadFour(in.t, t2, m)
		e.vi(&x.VINSERTI128, d, d, x.X(t2), 1)
	}
	join(t0, 0, 2)
	join(t1, 1, 3)
	for elem, imm := range []uint8{0x88, 0xdd} {
		at := 4*elem + 2*half + g
		d := part(at)
		e.vi(&x.VSHUFPS, d, t0, x.X(t1), imm)
		e.put(in.d[at], d)
	}
}

// loadFour loads four elements.
func (e *emitter) loadFour(t ir.Type, d uint8, m x.Mem) {
	switch t {
	case ir.F32:
		e.V(&x.VMOVUPS, e.narrowMode(), d, 0, x.M(m), 0)
	case ir.F16:
		e.V(&x.VCVTPH2PS, e.narrowMode(), d, 0, x.M(m), 0)
	default:
		e.V(&x.VPMOVZXWD, e.narrowMode(), d, 0, x.M(m), 0)
		e.V(&x.VPSLLDI, e.narrowMode(), d, 0, x.X(d), 16)
	}
}

// storeRows8 stores what loadRows8 loads.
func (e *emitter) storeRows8(in *ins, rows matrixRows, r [4]int, half, g int) {
	a := in.more.matrix
	size := int32(4 * in.t.Size())
	t0, t1 := e.tmp[0], e.tmp[1]
	if a.transposed {
		for h := range 2 {
			v := e.vec(in.s[a.val+4*half+2*h+g], 1)
			e.V(&x.VEXTRACTI128, e.mode(), v, 0, x.X(t1), 1)
			e.V(&x.VSHUFPS, e.narrowMode(), t0, v, x.X(t1), 0x88)
			e.storeFour(in.t, rows.at(r[2*g], int32(h)*size), t0)
			e.V(&x.VSHUFPS, e.narrowMode(), t0, v, x.X(t1), 0xdd)
			e.storeFour(in.t, rows.at(r[2*g+1], int32(h)*size), t0)
		}
		return
	}
	first, second := e.vec(in.s[a.val+2*half+g], 1), e.vec(in.s[a.val+4+2*half+g], 2)
	for i, op := range []*x.Vec{&x.VUNPCKLPS, &x.VUNPCKHPS} {
		e.v3(op, t0, first, x.X(second))
		e.V(&x.VEXTRACTI128, e.mode(), t0, 0, x.X(t1), 1)
		e.storeFour(in.t, rows.at(r[i], int32(g)*size), t0)
		e.storeFour(in.t, rows.at(r[2+i], int32(g)*size), t1)
	}
}

// storeFour stores four elements; it may change their register.
func (e *emitter) storeFour(t ir.Type, m x.Mem, r uint8) {
	switch t {
	case ir.F32:
		e.V(&x.VMOVUPSs, e.narrowMode(), r, 0, x.M(m), 0)
	case ir.F16:
		e.V(&x.VCVTPS2PH, e.narrowMode(), r, 0, x.M(m), 0)
	default:
		e.V(&x.VPSRLDI, e.narrowMode(), r, 0, x.X(r), 16)
		e.V(&x.VPACKUSDW, e.narrowMode(), r, r, x.X(r), 0)
		e.V(&x.VMOVQs, e.narrowMode(), r, 0, x.M(m), 0)
	}
}
