package texop

import "github.com/aruminium-go/aruminium/internal/ir"

// canPlace reports whether place knows the place of a read or write: not if there
// is a choice of levels.
func (e *expander) canPlace(in *ir.Instr, mode *ir.TexMode, t *bound) bool {
	if mode.LOD != ir.LODLevel || t.OneLevel {
		return true
	}
	level, ok := e.b.ConstBits(in.Args[e.levelAt(mode)])
	return ok && level == 0
}

// levelAt returns which operand is the level.
func (e *expander) levelAt(mode *ir.TexMode) int {
	k := 1 + mode.Type.Texels()
	if mode.Type.Cube() {
		k++
	}
	if mode.Type.Array() {
		k++
	}
	return k
}

// place returns the number of the texel that a read or write names, whether there
// is one, and which operand is the first behind those that name it.
func (e *expander) place(in *ir.Instr, mode *ir.TexMode, t *bound) (at, inside ir.Value, k int) {
	within := func(x ir.Value, word int) {
		inside = e.and(inside, e.is(ir.OpULt, x, e.word(t.index, word)))
	}
	k = 1
	next := func() ir.Value { k++; return in.Args[k-1] }
	at = next()
	within(at, wordWidth)
	var rest ir.Value // what a step in x leaves as it is
	step := func(x ir.Value, word int) {
		x = e.int(ir.OpMul, x, e.word(t.index, word))
		if rest != ir.NoValue {
			x = e.int(ir.OpAdd, rest, x)
		}
		rest = x
	}
	if n := mode.Type.Texels(); n > 1 {
		y := next()
		within(y, wordHeight)
		step(y, wordRow)
		if n > 2 {
			z := next()
			within(z, wordDepth)
			step(z, wordImage)
		}
	}
	var slice ir.Value
	if mode.Type.Cube() {
		slice = next()
		inside = e.and(inside, e.is(ir.OpULt, slice, e.i(6)))
	}
	if mode.Type.Array() {
		layer := next()
		within(layer, wordLayers)
		if mode.Type.Cube() {
			layer = e.int(ir.OpAdd, e.int(ir.OpMul, layer, e.i(6)), slice)
		}
		slice = layer
	}
	if slice != ir.NoValue {
		step(slice, wordSlice)
	}
	if mode.LOD == ir.LODLevel {
		inside = e.and(inside, e.is(ir.OpEq, next(), e.i(0)))
	}
	return e.plus(at, rest), inside, k
}

// plus adds what may be nothing.
func (e *expander) plus(x, y ir.Value) ir.Value {
	if y == ir.NoValue {
		return x
	}
	return e.int(ir.OpAdd, x, y)
}

// offset returns the offset in bytes of a texel.
func (e *expander) offset(t *bound, at ir.Value) ir.Value {
	return e.b.Emit(ir.OpShl, ir.I64, e.b.Emit(ir.OpZExt, ir.I64, at), e.b.I64(int64(t.shift)))
}

// fetch loads the words of a texel, zeros where it is not inside; if that is
// NoValue, all are. Words are I32, but those of floats of 32 bits.
func (e *expander) fetch(t *bound, at, inside ir.Value) []ir.Value {
	off := e.offset(t, at)
	mem := e.b.MemRef(e.first + t.index)
	kind := t.wordType()
	load := func() []ir.Value {
		var words []ir.Value
		for i := 0; i < t.Size; i += 4 {
			words = append(words, e.b.Load(ir.Device, kind, mem, off, int64(i)))
		}
		return words
	}
	words := []ir.Value(nil)
	if inside == ir.NoValue {
		words = load()
	} else {
		words = e.b.Choose(inside, load, func() []ir.Value {
			var zeros []ir.Value
			for i := 0; i < t.Size; i += 4 {
				zeros = append(zeros, e.b.Zero(kind))
			}
			return zeros
		})
	}
	if kind.Size() < 4 {
		words = []ir.Value{e.b.Emit(ir.OpZExt, ir.I32, words[0])}
	}
	return words
}

// wordType returns the type of the loads and stores that a texel takes.
func (t *bound) wordType() ir.Type {
	switch {
	case t.Size == 1:
		return ir.I8
	case t.Size == 2:
		return ir.I16
	case t.words32():
		return ir.F32
	}
	return ir.I32
}

// write stores a texel of four channels of type kind where inside.
func (e *expander) write(t *bound, at, inside ir.Value, channels []ir.Value, kind ir.Type) {
	words := e.encode(t, channels, kind)
	off := e.offset(t, at)
	mem := e.b.MemRef(e.first + t.index)
	e.b.If(inside, func() {
		for i, w := range words {
			if narrow := t.wordType(); narrow.Size() < 4 {
				w = e.b.Emit(ir.OpTrunc, narrow, w)
			}
			e.b.Store(ir.Device, t.wordType(), mem, off, int64(4*i), w)
		}
	}, nil)
}
