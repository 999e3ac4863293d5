package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Where each thread has a block of a vector for itself, as in a product with a
// matrix whose blocks have a scale each, all groups turn the same words: where those
// are has nothing to do with the group. A bundle of such loads keeps what it has
// turned in the context, for the groups to come: for as long as a launch lasts, if
// it writes nothing to that memory.
//
// What is kept lies as in memory, but that the blocks of a vector's lanes, of a
// power of two of bytes each, are turned: a vector for each word of a block. A tag for
// each of these tells whether a bundle that begins there is kept.
type kept struct {
	words, tags int32 // in the arrays of the context
	room        int32 // word of the context: places of lane 0 below it may be kept
	block       int64 // bytes
}

// A Kept is what a context keeps of a memory.
type Kept struct {
	Mem int
	kept
	below uint64 // what room is if anything may be kept
}

// keptBytes is how much is kept of a memory, keptAtMost of how many.
const (
	keptBytes  = 64 << 10
	keptAtMost = 2
)

// keep returns where a bundle of loads keeps what it turns; nil if that does not pay.
func (l *lower) keep(in *ir.Instr, mem, members int, a *access) *kept {
	block := a.step * a.scale
	vectors := block * int64(l.geo.v)
	if a.write || a.form != toStride || a.act >= 0 || members != bundleMost || block < 2*4*bundleMost || block&(block-1) != 0 || !l.cpu.hasTiles() {
		return nil
	}
	most := int64(0)
	for _, part := range a.part[a.first : a.first+a.parts] {
		at := int64(part) * a.scale
		if at < 0 || at%vectors != 0 {
			return nil
		}
		most = max(most, at)
	}
	if most+vectors > keptBytes || l.f.Mems[mem].Kind != ir.MemBuffer || l.ofGroup(in.Args[1]) {
		return nil
	}
	if l.written == nil {
		l.written = l.findWritten()
	}
	if l.written[mem] {
		return nil
	}
	for i := range l.kept {
		if k := &l.kept[i]; k.Mem == mem && k.block == block && k.below == uint64(keptBytes-most-vectors+1) {
			return &k.kept
		}
	}
	if len(l.kept) == keptAtMost {
		return nil
	}
	k := kept{words: (l.lay.arrays + 63) &^ 63, room: l.lay.word(), block: block}
	k.tags = k.words + keptBytes
	l.lay.arrays = k.tags + int32(keptBytes/l.geo.v)
	l.kept = append(l.kept, Kept{mem, k, uint64(keptBytes - most - vectors + 1)})
	return &l.kept[len(l.kept)-1].kept
}

// findWritten returns which memories a kernel may change.
func (l *lower) findWritten() []bool {
	written := make([]bool, len(l.f.Mems))
	l.f.Body.Walk(func(in *ir.Instr) bool {
		if !writesMemory(in.Op) || in.Op == ir.OpPrintf || in.Op == ir.OpAtomicLoad {
			return true
		}
		if !in.Op.IsTexture() {
			if mem, ok := l.memOf(in.Args[0]); ok {
				written[mem] = true
				return true
			}
		}
		for i := range written { // it may be any
			written[i] = true
		}
		return false
	})
	return written
}

// ofGroup reports whether v may be another for every group, as far as it is plain to
// see.
func (l *lower) ofGroup(v ir.Value) bool {
	if l.grouply == nil {
		l.grouply = make([]bool, len(l.f.Values))
		for changed := true; changed; {
			changed = false
			l.f.Body.Walk(func(in *ir.Instr) bool {
				set := func(v ir.Value, is bool) {
					changed = changed || is && !l.grouply[v]
					l.grouply[v] = l.grouply[v] || is
				}
				if in.Op == ir.OpLoop {
					last := in.Body[0].Last()
					for i, p := range in.Body[0].Params {
						set(p, l.grouply[in.Args[i]] || last.Op == ir.OpContinue && last.Imm == 0 && l.grouply[last.Args[i]])
					}
				}
				for _, v := range in.Outs {
					set(v, true)
				}
				if in.Out != ir.NoValue {
					b := ir.Builtin(in.Imm)
					set(in.Out, in.Op == ir.OpBuiltin && b >= ir.ThreadPositionInGridX && b <= ir.ThreadPositionInGridZ ||
						in.Op == ir.OpBuiltin && b >= ir.ThreadgroupPositionInGridX && b <= ir.ThreadgroupPositionInGridZ ||
						slices.ContainsFunc(in.Args, func(v ir.Value) bool { return l.grouply[v] }))
				}
				return true
			})
		}
	}
	return l.grouply[v]
}

// SetKept begins a launch: nothing is kept yet, nor will there be if others of its
// memories, which it writes, are part of the same.
func (c *Context) SetKept(k *Kept, may bool) {
	*c.word(k.room) = 0
	if may {
		*c.word(k.room) = k.below
	}
	at := int(c.code.lay.arraysAt() + k.tags)
	clear(c.mem[at : at+keptBytes/c.code.Lanes])
}
