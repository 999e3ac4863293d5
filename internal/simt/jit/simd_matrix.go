package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Matrices of eight by eight that lie across SIMD groups. They stay in registers
// as the lanes hold them, first elements and second ones: so a vector has some
// rows of every other column, and a product is sums of products of vectors, one
// of which repeats a column of the left factor and the other a row of the right
// one. Each of them is a permutation of one vector.

// A matrixAccess is a load or store of a matrix of one SIMD group by code. The
// operands of its ins are those of its sites, and then, by index:
type matrixAccess struct {
	write      bool
	transposed bool
	off        int // offset, a scalar
	stride     int // bytes from row to row, a scalar
	val        int // first elements of all parts, and then the second ones
	base       int // the memory's address
	act        int // the masks of the parts; -1 if all lanes are active

	k     int64
	limit int32    // of the offset of a row
	sites [2]*Site // of the first elements and of the second
}

// farStride is what a known distance from row to row must be below, for
// addresses not to wrap around.
const farStride = 1 << 27

// matAccess lowers a load or store of matrices.
func (l *lower) matAccess(in *ir.Instr) {
	n := l.partsOf()
	if l.geo.u%n != 0 {
		l.fail("a chunk smaller than a SIMD group")
	}
	var outs [2][]vreg
	for base := 0; base < l.geo.u; base += n {
		d := l.matAccessOf(in, base)
		for i := range outs {
			outs[i] = append(outs[i], d[i]...)
		}
	}
	for i, v := range in.Outs {
		l.vals[v] = value{v: outs[i]}
	}
}

// matAccessOf does so for the SIMD group that begins with part base. It returns
// the vectors of the elements that are loaded.
func (l *lower) matAccessOf(in *ir.Instr, base int) (d [2][]vreg) {
	n := l.partsOf()
	a := &matrixAccess{write: in.Op == ir.OpMatStore, transposed: in.Imm2 == ir.Transposed, k: in.Imm, act: -1}
	for i := range a.sites {
		s := l.newSite(in)
		s.First, s.Parts, s.Element = base, n, i
		if !a.write {
			d[i] = l.newRegs(vector, n)
			s.Out = Operand{Kind: Vector, Type: in.Type, Cell: len(s.cells), Each: true}
		}
		l.lay.cells = max(l.lay.cells, len(s.cells)+n)
		a.sites[i] = s
	}
	cells := slices.Clone(a.sites[0].cells)
	mem, ok := l.memOf(in.Args[0])
	c, known := l.sh.Constant(in.Args[2])
	far := known && (int64(c) >= farStride || int64(c) <= -farStride)
	if !ok || a.write && l.f.Mems[mem].Kind == ir.MemConst || l.f.Mems[mem].Kind == ir.MemThread || a.k < 0 || a.k > 1<<30 || far || !l.cpu.hasMatrices() {
		for i, s := range a.sites {
			l.emit(ins{op: lCall, d: d[i], s: s.cells, x: s, early: true, src: in})
		}
		return d
	}
	if l.act != nil {
		a.act = a.sites[0].Act.Cell + base
	}
	scalar := func(v ir.Value) int {
		if s := l.sh.Values[v]; s.Kind != shape.Varying && s.Flat() {
			cells = append(cells, l.g(v, base))
		} else { // as the first lane, which is active where code does it
			cells = append(cells, l.first(ir.I64, l.vec(v, base, 0)))
		}
		return len(cells) - 1
	}
	a.off, a.stride = scalar(in.Args[1]), scalar(in.Args[2])
	a.val = len(cells)
	if a.write {
		for i := range 2 {
			for p := base; p < base+n; p++ {
				cells = append(cells, l.vec(in.Args[3+i], p, 0))
			}
		}
	}
	a.base = len(cells)
	cells = append(cells, l.baseOf(mem))
	a.limit = l.limitOf(limitKey{mem: mem, size: ir.MatrixDim * int64(in.Type.Size()), add: a.k, unit: 1, most: 1 << 62})
	l.emit(ins{op: lMatrix, t: in.Type, d: append(slices.Clone(d[0]), d[1]...), s: cells, x: a.sites[0], more: &insMore{matrix: a}, early: true, src: in})
	return d
}

// findProducts finds the multiplications that stand side by side, to be done
// together: they have factors in common.
func (l *lower) findProducts(b *ir.Block) {
	files, of := l.cpu.files()
	most := max(1, len(files[of[vector]].regs)*2/3/(2*l.partsOf()))
	var run []*ir.Instr
	end := func() {
		if len(run) > 0 {
			l.products[run[0]] = run
		}
		run = nil
	}
	for _, in := range b.Code {
		if in.Op == ir.OpMatMulAdd {
			for _, p := range run {
				if len(run) == most || slices.ContainsFunc(in.Args, func(v ir.Value) bool { return slices.Contains(p.Outs, v) }) {
					end()
					break
				}
			}
			run = append(run, in)
			continue
		}
		end()
		for _, body := range in.Body {
			l.findProducts(body)
		}
	}
	end()
}

// matMulAdd lowers a multiplication and those to be done with it.
func (l *lower) matMulAdd(first *ir.Instr) {
	if l.products == nil {
		l.products = map[*ir.Instr][]*ir.Instr{}
		l.findProducts(l.f.Body)
	}
	list := l.products[first]
	n := l.partsOf()
	if l.geo.u%n != 0 {
		l.fail("a chunk smaller than a SIMD group")
	}
	elems := map[ir.Value][]vreg{}
	for _, in := range list {
		for _, v := range in.Args {
			if elems[v] == nil {
				elems[v] = l.groupLanes(v, l.f.TypeOf(v), 0)
			}
		}
	}
	sums := make([][2][]vreg, len(list)) // by part
	for i, in := range list {
		for e := range 2 {
			sums[i][e] = slices.Clone(elems[in.Args[4+e]])
		}
	}
	for base := 0; base < l.geo.u; base += n {
		for k := range ir.MatrixDim {
			l.addProducts(list, elems, sums, base, k)
		}
	}
	for i, in := range list {
		for e, v := range in.Outs {
			if in.Type != ir.F32 {
				for p, s := range sums[i][e] {
					sums[i][e][p] = l.vop(ir.OpFConv, in.Type, ir.F32, s)
				}
			}
			l.vals[v] = value{v: sums[i][e]}
		}
	}
}

// addProducts adds, for the SIMD group that begins with part base, the products
// of column k of the left factors and row k of the right ones.
func (l *lower) addProducts(list []*ir.Instr, elems map[ir.Value][]vreg, sums [][2][]vreg, base, k int) {
	n := l.partsOf()
	type picked struct {
		v   ir.Value
		idx vreg
	}
	have := map[picked]vreg{}
	// The lanes that hold the factors of the lanes of each part.
	var columns, rows [ir.SimdLanes]vreg
	pick := func(v ir.Value, p int, idx *vreg, source func(row, col int) int) vreg {
		if *idx == 0 {
			var w [ir.SimdLanes]uint64
			for i := range l.geo.v {
				w[i] = uint64(source(ir.MatrixElement(p*l.geo.v+i, 0)))
			}
			*idx = l.constVec(w[:l.geo.v], 4)
		}
		key := picked{v, *idx}
		r := have[key]
		if r == 0 {
			r = l.pickWords(key.idx, elems[v][base:base+n])
			have[key] = r
		}
		return r
	}
	column := func(in *ir.Instr, p int) vreg {
		return pick(in.Args[k%2], p, &columns[p], func(row, _ int) int { return ir.MatrixLane(row, k) })
	}
	for _, in := range list {
		for p := range n {
			column(in, p)
		}
	}
	for i, in := range list {
		if slices.ContainsFunc(list[:i], func(x *ir.Instr) bool { return x.Args[2] == in.Args[2] && x.Args[3] == in.Args[3] }) {
			continue // with the first of the same right factor
		}
		for e := range 2 {
			for p := range n {
				row := pick(in.Args[2+e], p, &rows[p], func(_, col int) int { return ir.MatrixLane(k, col) })
				for j, x := range list[i:] {
					if x.Args[2] != in.Args[2] || x.Args[3] != in.Args[3] {
						continue
					}
					s := &sums[i+j][e][base+p]
					*s = l.vop(ir.OpFFma, ir.F32, ir.F32, column(x, p), row, *s)
				}
			}
		}
	}
}
