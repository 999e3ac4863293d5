package msl

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// resourceOf completes the description of an argument that is a texture or a
// sampler, or an array of them.
func resourceOf(a Arg) Arg {
	t := a.Type
	if array, ok := t.(*types.Array); ok {
		t, a.ArrayLen = array.Elem, int(array.Len)
	}
	a.Access = AccessRead
	if tex, ok := t.(*types.Texture); ok {
		a.Texture = tex
		switch tex.Access {
		case types.AccessWrite:
			a.Access = AccessWrite
		case types.AccessReadWrite:
			a.Access = AccessReadWrite
		}
	}
	a.TypeName, a.Size, a.Align = a.Type.String(), a.Type.Size(), a.Type.Align()
	return a
}

// resourceUse reports whether f has the texture or sampler argument a, and
// whether it uses it. An array is there, and used, as a whole.
func resourceUse(f *ir.Func, a Arg) (there, used bool) {
	op := ir.OpTexture
	in := map[int64]bool{}
	if a.Kind == ArgTexture {
		for i, t := range f.Textures {
			in[int64(i)] = t.Name == a.Name && t.Index >= a.Index && t.Index < a.Index+max(a.ArrayLen, 1)
			there = there || in[int64(i)]
		}
	} else {
		op = ir.OpSampler
		for i, s := range f.Samplers {
			in[int64(i)] = s.State == nil && s.Name == a.Name && s.Index >= a.Index && s.Index < a.Index+max(a.ArrayLen, 1)
			there = there || in[int64(i)]
		}
	}
	f.Body.Walk(func(x *ir.Instr) bool {
		used = used || x.Op == op && in[x.Imm]
		return true
	})
	return there, used
}
