package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// Threads that walk through memory side by side, each along a row of its own,
// make strided loads a turn of their loop after the other: of neighbours, in
// every lane. A tile holds what the next turns will want: tileTurns values of
// every lane, turned so that those of one turn are a vector. A load in a loop
// that does not change memory has a tile in the context; the code looks there
// first, and fills it where loads turn out to follow one another.
//
// In the context a tile has a word with the address of lane 0 that it begins
// at, 0 if it is empty; a word with the last address of lane 0; a word that
// tells how far the last tile was used, in bytes; and its words of 32 bits, a
// vector for each part of each.
const (
	tileTurns  = 16
	tileTag    = 0
	tileLast   = 8
	tileUsed   = 16
	tileWords  = 64
	tilesAtOne = 24 << 10 // bytes of tiles that a loop may have: they should stay in the cache
)

// tiles are those of a loop.
type tiles struct {
	at    map[tileKey]int32 // in the arrays of the context
	bytes int
}

// A tileKey tells loads apart that do not share a tile. Those that do are at
// known distances, in the same stretch of what a tile spans.
type tileKey struct {
	mem         int
	size        int64
	leaf        ir.Value
	base        vreg
	scale, step int64
	stretch     int64
	first       int
}

// still reports whether nothing that is done in a loop changes what its loads
// find in memory but thread memory.
func (l *lower) still(loop *ir.Instr) bool {
	ok := true
	loop.Body[0].Walk(func(in *ir.Instr) bool {
		switch {
		case in.Op == ir.OpStore:
			mem, known := l.memOf(in.Args[0])
			ok = ok && known && l.f.Mems[mem].Kind == ir.MemThread
		case in.Op >= ir.OpAtomicLoad && in.Op <= ir.OpAtomicCAS, in.Op == ir.OpBarrier, in.Op == ir.OpFence:
			ok = false
		}
		return ok
	})
	return ok
}

// withTiles lowers a loop whose loads may have tiles if it changes no memory;
// those are of the outermost such loop.
func (l *lower) withTiles(loop *ir.Instr, lower func()) {
	if l.tiles != nil || !l.cpu.hasTiles() || !l.still(loop) {
		lower()
		return
	}
	l.tiles = &tiles{at: map[tileKey]int32{}}
	l.emit(ins{op: lTiles, more: &insMore{tiles: l.tiles}})
	lower()
	l.tiles = nil
}

// tile gives x, a strided load at addr, a tile, if that may pay.
func (l *lower) tile(in *ir.Instr, mem int, x *access, addr *address) {
	if l.tiles == nil || x.write || x.size > 4 || x.t == ir.Bool || x.dense() || in.Imm2 == ir.Volatile {
		return
	}
	key := tileKey{mem: mem, size: x.size, leaf: addr.leaf, scale: x.scale, step: x.step, stretch: x.k / (tileTurns * x.size), first: x.first}
	if len(addr.base) > 0 {
		key.base = addr.base[min(x.first, len(addr.base)-1)]
	}
	at, ok := l.tiles.at[key]
	if !ok {
		n := tileWords + tileTurns*int(x.size)/4*x.parts*l.geo.v*4
		if l.tiles.bytes+n > tilesAtOne {
			return
		}
		l.tiles.bytes += n
		at = l.lay.arrays
		l.lay.arrays += int32(n)
		l.tiles.at[key] = at
	}
	x.tile, x.tiled = at, true
	x.ahead = l.limitOf(limitKey{mem: mem, size: tileTurns * x.size, unit: 1, most: 1 << 62})
}
