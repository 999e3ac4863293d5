// Package texop turns operations on textures into loads, stores and arithmetic,
// where it is known what textures of which format are bound: so that an engine
// which makes machine code needs to know nothing of textures. The result is, to the
// bit, what package texel computes.
//
// A kernel gets memories besides its own: see Memories.
package texop

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// A Texture is what a kernel is made for: all that is known of a texture but its
// size. The zero Texture is one that nothing is known of.
type Texture struct {
	Type     texel.Type
	Format   texel.Format
	Swizzle  texel.Swizzle
	OneLevel bool
	Powers   bool // width, height and depth are powers of two
}

// Known returns what is known of t, which may be nil.
func Known(t *texel.Texture) Texture {
	if t == nil || t.Type.Multisample() {
		return Texture{}
	}
	mem, _ := t.Image()
	if len(mem)/t.Info().Size > math.MaxInt32 {
		return Texture{} // texels are counted by 32 bits
	}
	power := func(n int) bool { return n&(n-1) == 0 }
	return Texture{t.Type, t.Format, t.Swizzle, t.Levels == 1, power(t.Width) && power(t.Height) && power(t.Depth)}
}

// Words that describe a texture, which a kernel reads.
const (
	wordWidth = iota
	wordHeight
	wordDepth
	wordLayers
	wordRow   // texels from a row to the next
	wordImage // from a layer of depth to the next
	wordSlice
	numWords
)

// DescriptionSize is how many bytes describe a texture.
const DescriptionSize = 4 * numWords

// Describe writes the description of a known texture to dst.
func Describe(dst *[numWords]uint32, t *texel.Texture) {
	size := t.Info().Size
	l := t.Level(0)
	_, slice := t.Image()
	*dst = [numWords]uint32{uint32(l.Width), uint32(l.Height), uint32(l.Depth), uint32(t.Layers),
		uint32(l.Row / size), uint32(l.Image / size), uint32(slice / size)}
}

// Description has the words of a texture.
type Description = [numWords]uint32

// Memories returns how many memories Expand adds to a kernel with n textures: one
// for each, in their order, from level 0 on; one with all of their descriptions;
// and two with tables, which are the kernel's own.
func Memories(n int) int { return n + 3 }

// maxAdded is how many instructions Expand adds at most.
const maxAdded = 8000

// Expand returns a copy of f in which the operations on known textures are gone,
// or nil if there are none. The samplers are those of the launch; nil is one that
// nothing is known of.
func Expand(f *ir.Func, textures []Texture, samplers []*texel.SamplerState) *ir.Func {
	f = f.Clone()
	e := &expander{f: f, textures: textures, samplers: samplers, first: len(f.Mems), defs: map[ir.Value]*ir.Instr{}, words: map[word]ir.Value{}}
	for i := range f.Textures {
		f.Mems = append(f.Mems, ir.Mem{Name: f.Textures[i].Name, Kind: ir.MemBuffer, Space: ir.Device, Align: 4})
	}
	f.Mems = append(f.Mems, ir.Mem{Name: "textures", Kind: ir.MemBuffer, Space: ir.Constant, Align: 4},
		ir.Mem{Name: "srgb", Kind: ir.MemConst, Space: ir.Constant, Align: 4},
		ir.Mem{Name: "inverse of srgb", Kind: ir.MemConst, Space: ir.Constant, Align: 4})
	found := false
	f.Body.Walk(func(in *ir.Instr) bool {
		switch in.Op {
		case ir.OpTexture, ir.OpSampler, ir.OpConst:
			e.defs[in.Out] = in
		}
		found = found || in.Op.IsTexture() || in.Op == ir.OpTexQuery
		return true
	})
	if !found {
		return nil
	}
	most, any := f.NumInstrs()+maxAdded, false
	ir.Rewrite(f, func(b *ir.Builder, in *ir.Instr) ([]ir.Value, bool) {
		if !in.Op.IsTexture() && in.Op != ir.OpTexQuery || f.NumInstrs() > most {
			return nil, false
		}
		e.b = b
		results, ok := e.operation(in)
		any = any || ok
		return results, ok
	})
	if !any {
		return nil
	}
	inputs := 0
	for f.Body.Code[inputs].Op.Info().Class == ir.Input {
		inputs++
	}
	code := append([]*ir.Instr(nil), f.Body.Code[:inputs]...)
	f.Body.Code = append(append(code, e.top...), f.Body.Code[inputs:]...)
	return f
}

// An expander makes instructions of operations on textures.
type expander struct {
	f        *ir.Func
	b        *ir.Builder
	textures []Texture
	samplers []*texel.SamplerState
	first    int // number of the memory of the first texture
	defs     map[ir.Value]*ir.Instr
	words    map[word]ir.Value
	top      []*ir.Instr // what is to be done before all else
}

// A word is one of a texture's description.
type word struct {
	texture, index int
	float          bool
}

// A bound is a texture of the launch.
type bound struct {
	Texture
	*texel.Info
	index int
	shift int // logarithm of the texel's size
}

// texture returns the texture that v names if it is known, and is one for an
// operation with values of type t.
func (e *expander) texture(v ir.Value, want texel.Type, t ir.Type) (x bound, ok bool) {
	d := e.defs[v]
	if d == nil || d.Op != ir.OpTexture || int(d.Imm) >= len(e.textures) {
		return x, false
	}
	x.index, x.Texture = int(d.Imm), e.textures[d.Imm]
	x.Info, ok = x.Format.Info()
	if !ok || x.Type != want || t.IsFloat() != (x.Class == texel.ClassFloat) {
		return x, false
	}
	for 1<<x.shift < x.Size {
		x.shift++
	}
	return x, true
}

// state returns the state of the sampler that v names, nil if it is not known.
func (e *expander) state(v ir.Value) *texel.SamplerState {
	d := e.defs[v]
	if d == nil || d.Op != ir.OpSampler {
		return nil
	}
	if s := e.f.Samplers[d.Imm].State; s != nil {
		return s
	}
	return e.samplers[d.Imm]
}

// operation emits what does in and returns its results; not ok if in is to stay.
func (e *expander) operation(in *ir.Instr) (results []ir.Value, ok bool) {
	mode := ir.UnpackTex(in.Imm)
	switch in.Op {
	case ir.OpTexQuery:
		return e.query(in)
	case ir.OpTexRead, ir.OpTexWrite:
		t, ok := e.texture(in.Args[0], mode.Type, in.Type)
		if !ok || in.Op == ir.OpTexWrite && !t.Write || !e.canPlace(in, &mode, &t) {
			return nil, false
		}
		at, inside, k := e.place(in, &mode, &t)
		if in.Op == ir.OpTexRead {
			return e.shaped(e.decode(&t, e.fetch(&t, at, inside), inside), &t, inside, in.Type), true
		}
		e.write(&t, at, inside, in.Args[k:], in.Type)
		return nil, true
	case ir.OpTexSample, ir.OpTexGather:
		t, ok := e.texture(in.Args[0], mode.Type, in.Type)
		if !ok {
			return nil, false
		}
		return e.sample(in, &mode, &t)
	}
	return nil, false
}

// query emits an OpTexQuery of level 0.
func (e *expander) query(in *ir.Instr) ([]ir.Value, bool) {
	d := e.defs[in.Args[0]]
	if level, ok := e.b.ConstBits(in.Args[1]); !ok || level != 0 || d == nil || d.Op != ir.OpTexture || e.textures[d.Imm] == (Texture{}) {
		return nil, false
	}
	index, ok := map[ir.TexQuery]int{ir.TexWidth: wordWidth, ir.TexHeight: wordHeight, ir.TexDepth: wordDepth, ir.TexLayers: wordLayers}[ir.TexQuery(in.Imm)]
	if !ok {
		return nil, false
	}
	return []ir.Value{e.word(int(d.Imm), index)}, true
}

// word returns a word of a texture's description.
func (e *expander) word(texture, index int) ir.Value {
	k := word{texture, index, false}
	v, ok := e.words[k]
	if !ok {
		v = e.atTop(ir.OpLoad, ir.I32, e.b.MemRef(e.first+len(e.textures)), e.b.I64(0))
		load := e.top[len(e.top)-1]
		load.Space, load.Imm = ir.Constant, int64(DescriptionSize*texture+4*index)
		e.words[k] = v
	}
	return v
}

// floatWord is word as an F32.
func (e *expander) floatWord(texture, index int) ir.Value {
	k := word{texture, index, true}
	v, ok := e.words[k]
	if !ok {
		v = e.atTop(ir.OpUToF, ir.F32, e.word(texture, index))
		e.words[k] = v
	}
	return v
}

// atTop emits an instruction at the start of the kernel.
func (e *expander) atTop(op ir.Op, t ir.Type, args ...ir.Value) ir.Value {
	in := e.f.NewInstr(op, t, e.b.Pos, args...)
	in.Out = e.f.NewValue(t, "")
	e.top = append(e.top, in)
	return in.Out
}

// The vocabulary of the expansions.

func (e *expander) i(x int32) ir.Value                   { return e.b.I32(x) }
func (e *expander) c(x float32) ir.Value                 { return e.b.F32(x) }
func (e *expander) int(op ir.Op, x, y ir.Value) ir.Value { return e.b.Emit(op, ir.I32, x, y) }
func (e *expander) float(op ir.Op, x ...ir.Value) ir.Value {
	return e.b.Emit(op, ir.F32, x...)
}
func (e *expander) is(op ir.Op, x, y ir.Value) ir.Value { return e.b.Emit(op, ir.Bool, x, y) }
func (e *expander) sel(cond, x, y ir.Value) ir.Value    { return e.b.Select(cond, x, y) }

// and is x and y; NoValue is true.
func (e *expander) and(x, y ir.Value) ir.Value {
	switch {
	case x == ir.NoValue:
		return y
	case y == ir.NoValue:
		return x
	}
	return e.is(ir.OpAnd, x, y)
}
