package jit

import (
	"maps"
	"math/bits"
	"slices"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// emptyTiles emits lTiles.
func (e *emitter) emptyTiles(in *ins) {
	for _, at := range slices.Sorted(maps.Values(in.more.tiles.at)) {
		e.StoreI(64, x.At(ctxReg, e.l.lay.arraysAt()+at+tileTag), 0)
	}
}

// tiled emits a strided load that has a tile; CX is the address of lane 0 of
// the first part, and all lanes are inside.
func (e *emitter) tiled(in *ins) {
	a := in.a
	tile := x.At(ctxReg, e.l.lay.arraysAt()+a.tile)
	tag, last, used := tile.Add(tileTag), tile.Add(tileLast), tile.Add(tileUsed)
	bytes := int32(tileTurns * a.size)
	try, miss, gather, back := e.NewLabel(), e.NewLabel(), e.NewLabel(), e.NewLabel()
	e.Bind(try)
	e.Mov(64, x.AX, x.CX)
	e.ArithM(x.SUB, 64, x.AX, tag)
	e.ArithI(x.CMP, 64, x.AX, bytes)
	e.Jcc(x.AE, miss)
	e.Store(64, last, x.CX)
	if a.size > 1 { // not between the words
		e.TestI(32, x.AX, int32(a.size-1))
		e.Jcc(x.NE, gather)
	}
	shift := uint8(bits.TrailingZeros(uint(a.parts * e.len.Bytes() / 4)))
	count := e.tmp[1]
	if a.size < 4 {
		e.Mov(32, x.DX, x.AX)
		e.ArithI(x.AND, 32, x.DX, 3)
		e.ShiftI(x.SHL, 32, x.DX, 3)
		e.splat32(count, x.DX)
		e.ArithI(x.AND, 32, x.AX, -4)
	}
	e.ShiftI(x.SHL, 32, x.AX, shift)
	for q := range a.parts {
		m := x.Indexed(ctxReg, x.AX, 1, tile.Disp+tileWords+int32(q*e.len.Bytes()))
		e.loaded(a.t, in.d[q], func(d uint8) {
			e.loadV(d, m)
			if a.size < 4 {
				e.v3(&x.VPSRLVD, d, d, x.X(count))
				e.v3(&x.VPAND, d, d, x.M(e.all(uint32(1<<(8*a.size)-1))))
			}
		})
	}
	e.Bind(back)
	e.later(func() {
		fill := e.NewLabel()
		e.Bind(miss)
		empty := e.NewLabel()
		e.Load(64, x.DX, last)
		e.Mov(64, x.AX, x.DX)
		e.ArithM(x.SUB, 64, x.AX, tag)
		e.ArithI(x.CMP, 64, x.AX, bytes)
		e.Jcc(x.AE, empty)
		e.Store(64, used, x.AX)
		e.Bind(empty)
		e.Store(64, last, x.CX)
		// A small step further than the last time, or the last tile was of
		// some use.
		e.Mov(64, x.AX, x.CX)
		e.Arith(x.SUB, 64, x.AX, x.DX)
		e.ArithI(x.SUB, 64, x.AX, 1)
		e.ArithI(x.CMP, 64, x.AX, 16)
		e.Jcc(x.B, fill)
		e.ArithMI(x.CMP, 64, used, bytes/4)
		e.Jcc(x.B, gather)
		e.Bind(fill)
		furthest := max(0, a.step*int64(e.l.geo.v-1)*a.scale)
		_, most := a.part.Span(a.first, a.parts)
		e.Lea(64, x.AX, x.At(x.CX, int32(furthest+most*a.scale)))
		e.ArithM(x.SUB, 64, x.AX, x.At(ctxReg, a.home))
		e.ArithM(x.CMP, 64, x.AX, x.At(ctxReg, a.ahead))
		e.Jcc(x.AE, gather)
		e.Store(64, tag, x.CX)
		e.LeaLabel(x.AX, try)
		e.Jmp(e.tileFiller(in))
		e.Bind(gather)
		e.gatherStride(in, x.At(x.CX, 0))
		e.Jmp(back)
	})
}

// tileFiller returns the routine that fills the tile of in, and goes on at AX.
// Loads that share the tile share it.
func (e *emitter) tileFiller(in *ins) x.Label {
	if e.fillers == nil {
		e.fillers = map[int32]x.Label{}
	}
	tile := in.a.tile
	routine, ok := e.fillers[tile]
	if !ok {
		routine = e.NewLabel()
		e.fillers[tile] = routine
		e.later(func() {
			e.Bind(routine)
			e.Store(64, x.At(ctxReg, wordReturn), x.AX)
			e.fillTile(in, x.At(ctxReg, e.l.lay.arraysAt()+tile+tileWords))
			e.JmpM(x.At(ctxReg, wordReturn))
		})
	}
	return routine
}

// fillTile loads what comes from CX on in every lane and turns it: four words
// at a time.
func (e *emitter) fillTile(in *ins, to x.Mem) {
	a := in.a
	size := int32(e.len.Bytes())
	z := [4]uint8{e.load[0], e.load[1], e.load[2], e.tmp[0]}
	for q := range a.parts {
		for word := int32(0); word < int32(tileTurns*a.size)/4; word += 4 {
			from := x.At(x.CX, int32(int64(a.part[a.first+q])*a.scale)+4*word)
			e.columns(z, func(lane int) x.Mem { return from.Add(int32(int64(lane) * a.step * a.scale)) })
			e.turn(z, func(j int, get func(d uint8)) {
				get(z[2])
				e.storeV(to.Add(((word+int32(j))*int32(a.parts)+int32(q))*size), z[2])
			})
		}
	}
}

// columns loads the 16 bytes at of every lane: register i of z gets those of
// lanes i, i+4, i+8 and so on.
func (e *emitter) columns(z [4]uint8, at func(lane int) x.Mem) {
	for i, r := range z {
		e.V(&x.VMOVUPS, x.Mode{EVEX: e.evex, L: x.L128}, r, 0, x.M(at(i)), 0)
		for j := 1; j < e.l.geo.v/4; j++ {
			e.vi(&x.VINSERTI128, r, r, x.M(at(i+4*j)), uint8(j))
		}
	}
}
