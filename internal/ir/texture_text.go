package ir

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/texel"
)

// The text form of textures: what a texture is and how an operation works on
// it are words in a string, such as "2d float read" and "2d_array level offset".

func (t *Texture) words() string {
	list := []string{t.Type.String(), classNames[t.Class&3]}
	for i, flag := range [...]bool{t.Depth, t.Read, t.Write, t.Sample} {
		if flag {
			list = append(list, textureFlags[i])
		}
	}
	return strings.Join(list, " ")
}

var (
	classNames   = [...]string{texel.ClassNone: "none", texel.ClassFloat: "float", texel.ClassUint: "uint", texel.ClassSint: "int"}
	textureFlags = [...]string{"depth", "read", "write", "sample"}
	gatherNames  = [...]string{"x", "y", "z", "w"}
)

func (m TexMode) words(op Op) string {
	list := []string{m.Type.String()}
	if m.LOD != LODNone {
		list = append(list, m.LOD.String())
	}
	for i, flag := range [...]bool{m.MinLOD, m.Compare, m.Offset} {
		if flag {
			list = append(list, modeFlags[i])
		}
	}
	if op == OpTexGather {
		list = append(list, gatherNames[m.Component&3])
	}
	return strings.Join(list, " ")
}

var modeFlags = [...]string{"minlod", "compare", "offset"}

// among sets *x to the index of word in names, from first on.
func among[T ~uint8](x *T, word string, names []string, first int) bool {
	for i, n := range names {
		if i >= first && n == word {
			*x = T(i)
			return true
		}
	}
	return false
}

func (p *parser) textureType(words []string) texel.Type {
	for t := range texel.NumTypes {
		if len(words) > 0 && t.String() == words[0] {
			return t
		}
	}
	p.fail("no texture type in %q", strings.Join(words, " "))
	return 0
}

// texture parses a declared texture, after the word.
func (p *parser) texture() {
	p.want("#")
	p.number()
	var t Texture
	t.Name = p.str()
	p.want("index")
	t.Index = int(p.number())
	words := strings.Fields(p.str())
	t.Type = p.textureType(words)
	for _, w := range words[1:] {
		var i uint8
		switch {
		case among(&t.Class, w, classNames[:], 0):
		case among(&i, w, textureFlags[:], 0):
			*[]*bool{&t.Depth, &t.Read, &t.Write, &t.Sample}[i] = true
		default:
			p.fail("unknown word %q of a texture", w)
		}
	}
	p.f.Textures = append(p.f.Textures, t)
}

// sampler parses a declared sampler, after the word.
func (p *parser) sampler() {
	p.want("#")
	p.number()
	var s Sampler
	s.Name = p.str()
	p.want("index")
	s.Index = int(p.number())
	if p.got("state") {
		state, err := texel.ParseSampler(p.str())
		if err != nil {
			p.fail("%v", err)
		}
		s.State = &state
	}
	p.f.Samplers = append(p.f.Samplers, s)
}

func (p *parser) texMode() TexMode {
	var m TexMode
	words := strings.Fields(p.str())
	m.Type = p.textureType(words)
	for _, w := range words[1:] {
		var i uint8
		switch {
		case among(&m.LOD, w, lodNames[:], 1):
		case among(&m.Component, w, gatherNames[:], 0):
		case among(&i, w, modeFlags[:], 0):
			*[]*bool{&m.MinLOD, &m.Compare, &m.Offset}[i] = true
		default:
			p.fail("unknown word %q of an operation on a texture", w)
		}
	}
	return m
}
