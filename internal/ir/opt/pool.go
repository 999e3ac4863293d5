package opt

import (
	"slices"
	"strings"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Pool makes one memory of those that one pointer may name: buffers of a threadgroup that
// take turns, say, or tables of constants one of which is picked. Then all that
// differs is the offset, and engines know the memory. What is outside of one of them but inside
// of another is no fault any more.
func Pool(f *ir.Func) (changed bool) {
	r := newRefFlow(f)
	if r == nil {
		return false
	}
	p := pooler{refFlow: r, at: make([]int64, len(f.Mems)), first: make([]int64, len(f.Mems))}
	chosen := map[*refSet]bool{}
	for _, s := range r.sets {
		if len(s.mems) > 1 && !s.other && s.plain && p.alike(s.mems) {
			chosen[s] = true
			p.join(s.mems)
		}
	}
	if len(chosen) == 0 {
		return false
	}
	r.become(ir.I64, chosen, func(b *ir.Builder, mem int64) ir.Value { return b.I64(p.at[mem]) }, p.access)
	return true
}

type pooler struct {
	*refFlow
	at    []int64 // by memory: where it is in the pool
	first []int64 // the memory that has become the pool
}

// alike reports whether memories can be parts of one.
func (p *pooler) alike(mems []int64) bool {
	a := &p.f.Mems[mems[0]]
	if a.Kind != ir.MemThreadgroup && a.Kind != ir.MemThread && a.Kind != ir.MemConst {
		return false
	}
	return !slices.ContainsFunc(mems, func(i int64) bool {
		b := &p.f.Mems[i]
		return a.Kind != b.Kind || a.Space != b.Space
	})
}

// join makes the first of mems all of them, and leaves nothing of the others.
func (p *pooler) join(mems []int64) {
	pool := &p.f.Mems[mems[0]]
	names := []string{pool.Name}
	for _, i := range mems {
		m := &p.f.Mems[i]
		p.first[i] = mems[0]
		if m == pool {
			continue
		}
		align := int64(max(m.Align, 1))
		size := m.Size
		p.at[i] = (pool.Size + align - 1) / align * align
		if m.Kind == ir.MemConst {
			pool.Data = append(slices.Clip(pool.Data), make([]byte, p.at[i]-int64(len(pool.Data)))...)
			pool.Data = append(pool.Data, m.Data...)
		}
		pool.Size, pool.Align = p.at[i]+size, max(pool.Align, m.Align)
		names = append(names, m.Name)
		m.Size, m.Data = 0, nil
	}
	pool.Name = strings.Join(names, ", ")
}

// access has an access be one to the pool.
func (p *pooler) access(b *ir.Builder, in *ir.Instr, set *refSet) ([]ir.Value, bool) {
	if mem := p.mem[in.Args[0]]; mem != nil {
		in.Imm += p.at[mem.Imm]
	} else {
		in.Args[1] = b.Emit(ir.OpAdd, ir.I64, in.Args[1], in.Args[0])
	}
	in.Args[0] = b.MemRef(int(p.first[set.mems[0]]))
	return nil, false
}
