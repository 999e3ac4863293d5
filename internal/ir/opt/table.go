package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// key is all that decides the result of a pure operation, or of a load: then
// version tells which state of memory it reads.
type key struct {
	op      ir.Op
	t       ir.Type
	space   ir.Space
	version int32
	imm     int64
	a, b, c ir.Value
}

func (k *key) hash() uint32 {
	h := uint64(k.op) | uint64(k.t)<<8 | uint64(k.space)<<16 | uint64(uint32(k.version))<<32
	h = (h ^ uint64(k.imm)*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	h = (h ^ uint64(uint32(k.a)) ^ uint64(uint32(k.b))<<32) * 0x9e3779b97f4a7c15
	h = (h ^ h>>32 ^ uint64(uint32(k.c))) * 0xff51afd7ed558ccd
	return uint32(h >> 32)
}

// A table remembers which value has been computed by what. What was added last
// is forgotten first, as regions end.
type table struct {
	slots   []int32 // heads of chains: indices into entries plus 1
	entries []entry
}

type entry struct {
	key
	v    ir.Value
	slot uint32
	next int32
}

// grow makes an empty table ready for some n values.
func (t *table) grow(n int) {
	size := 64
	for size < n {
		size *= 2
	}
	if len(t.slots) < size {
		*t = table{slots: make([]int32, size), entries: make([]entry, 0, size/2)}
	}
}

// find returns the value of k, or NoValue.
func (t *table) find(k *key) ir.Value {
	for i := t.slots[k.hash()&uint32(len(t.slots)-1)]; i != 0; i = t.entries[i-1].next {
		if e := &t.entries[i-1]; e.key == *k {
			return e.v
		}
	}
	return ir.NoValue
}

func (t *table) add(k *key, v ir.Value) {
	slot := k.hash() & uint32(len(t.slots)-1)
	t.entries = append(t.entries, entry{*k, v, slot, t.slots[slot]})
	t.slots[slot] = int32(len(t.entries))
}

// forget drops all but the first n entries.
func (t *table) forget(n int) {
	for i := len(t.entries) - 1; i >= n; i-- {
		e := &t.entries[i]
		t.slots[e.slot] = e.next
	}
	t.entries = t.entries[:n]
}
