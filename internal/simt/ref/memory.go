package ref

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// A Ref is 0 for null, one more than the index of a Mem, or one more than the
// number of Mems plus the index of a Range.

// bytes returns what a Ref names; why is 0 or the fault of touching it.
func (t *thread) bytes(ref uint64) (mem []byte, why simt.FaultKind) {
	g := t.g
	n := uint64(len(g.f.Mems))
	switch {
	case ref == 0:
		return nil, simt.BadAddress
	case ref > n:
		r := &g.l.Ranges[ref-n-1]
		return unsafe.Slice((*byte)(r.Ptr), r.Len), 0
	}
	i := ref - 1
	switch g.f.Mems[i].Kind {
	case ir.MemBuffer:
		b := g.l.Mems[i]
		if b.Ptr == nil {
			return nil, simt.Unbound
		}
		return unsafe.Slice((*byte)(b.Ptr), b.Len), 0
	case ir.MemThread:
		return t.own[i], 0
	case ir.MemConst:
		return g.f.Mems[i].Data, 0
	}
	return g.shared[i], 0
}

// base returns the device address of the start of what ref names: the one it
// was given, or one made up.
func (g *group) base(ref uint64) uint64 {
	n := uint64(len(g.f.Mems))
	switch {
	case ref == 0:
		return 0
	case ref > n:
		return g.l.Ranges[ref-n-1].Addr
	}
	if a := g.l.Mems[ref-1].Addr; a != 0 && g.f.Mems[ref-1].Kind == ir.MemBuffer {
		return a
	}
	return 1<<63 | ref<<48 | 1<<47
}

func (g *group) resolve(a uint64) (ref, off uint64) {
	n := uint64(len(g.f.Mems))
	if a>>63 == 1 {
		if ref = a << 1 >> 49; ref > 0 && ref <= n {
			return ref, a - g.base(ref)
		}
		return 0, a
	}
	for end := range uint64(2) {
		for i, r := range g.l.Ranges {
			if a-r.Addr < uint64(r.Len)+end {
				return n + 1 + uint64(i), a - r.Addr
			}
		}
	}
	for end := range uint64(2) {
		for i, b := range g.l.Mems {
			if g.f.Mems[i].Kind == ir.MemBuffer && b.Addr != 0 && b.Ptr != nil && a-b.Addr < uint64(b.Len)+end {
				return uint64(i) + 1, a - b.Addr
			}
		}
	}
	return 0, a
}

// access does a load, a store or an atomic operation of one thread.
func (t *thread) access(in *ir.Instr) {
	ref, off := t.vals[in.Args[0]], int64(t.vals[in.Args[1]])+in.Imm
	size := int64(in.Type.Size())
	mem, why := t.bytes(ref)
	load := in.Op == ir.OpLoad || in.Op == ir.OpAtomicLoad
	atomic := in.Op != ir.OpLoad && in.Op != ir.OpStore
	i := int(ref) - 1
	switch {
	case why != 0:
	case !load && i < len(t.g.f.Mems) && t.g.f.Mems[i].Kind == ir.MemConst && !(atomic && (off < 0 || off > int64(len(mem))-size)):
		why = simt.ReadOnly
	case off < 0 || off > int64(len(mem))-size:
		why = simt.OutOfBounds
	case atomic && (uintptr(unsafe.Pointer(&mem[off]))&uintptr(size-1) != 0):
		why = simt.Misaligned
	}
	if why != 0 {
		f := &simt.Fault{Kind: why, Kernel: t.g.f.Name, Mem: -1, Write: !load, Offset: off, Len: size, Size: int64(len(mem)),
			Pos: in.Pos, Thread: t.local, Threadgroup: t.g.pos}
		if in.Pos.Line > 0 && int(in.Pos.File) < len(t.g.f.Files) {
			f.File = t.g.f.Files[in.Pos.File]
		}
		if i >= 0 && i < len(t.g.f.Mems) {
			f.Mem, f.Memory = i, &t.g.f.Mems[i]
		}
		t.g.fault = f
		return
	}
	at := mem[off : off+size]
	if t.g.races != nil && (i >= len(t.g.f.Mems) || t.g.f.Mems[i].Kind != ir.MemThread && t.g.f.Mems[i].Kind != ir.MemConst) {
		t.g.races.note(t, at, !load, atomic, i < len(t.g.f.Mems) && t.g.f.Mems[i].Kind != ir.MemBuffer)
	}
	var old uint64
	for i, b := range at {
		old |= uint64(b) << (8 * i)
	}
	if in.Type == ir.Bool && old != 0 {
		old = 1
	}
	write := func(x uint64) {
		for i := range at {
			at[i] = byte(x >> (8 * i))
		}
	}
	switch in.Op {
	case ir.OpStore, ir.OpAtomicStore:
		write(t.vals[in.Args[2]])
		return
	case ir.OpAtomicRMW:
		write(rmw(ir.AtomicOp(in.Imm2), in.Type, old, t.vals[in.Args[2]]))
	case ir.OpAtomicCAS:
		if old == t.vals[in.Args[2]] {
			write(t.vals[in.Args[3]])
		}
	}
	t.vals[in.Out] = old
}

func rmw(op ir.AtomicOp, t ir.Type, old, x uint64) uint64 {
	ops := [...]ir.Op{ir.AtomicAdd: ir.OpAdd, ir.AtomicSub: ir.OpSub, ir.AtomicAnd: ir.OpAnd, ir.AtomicOr: ir.OpOr, ir.AtomicXor: ir.OpXor,
		ir.AtomicUMin: ir.OpUMin, ir.AtomicUMax: ir.OpUMax, ir.AtomicSMin: ir.OpSMin, ir.AtomicSMax: ir.OpSMax,
		ir.AtomicFMin: ir.OpFMin, ir.AtomicFMax: ir.OpFMax}
	o := ops[op]
	switch {
	case op == ir.AtomicXchg:
		return x
	case op == ir.AtomicAdd && t.IsFloat():
		o = ir.OpFAdd
	case op == ir.AtomicSub && t.IsFloat():
		o = ir.OpFSub
	}
	r, _ := ir.Eval(o, t, t, old, x, 0)
	return r
}
