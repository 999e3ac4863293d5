package simt

import (
	"slices"
	"sync"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/ir/texop"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// A special is a program's kernel for textures of certain formats and samplers of
// certain states, in which operations on them are accesses to memory: machine code
// is made of it. Its memories are the program's and those of package texop.
type special struct {
	textures []texop.Texture
	samplers []samplerKey

	once     sync.Once
	f        *ir.Func // nil if nothing would be done otherwise
	granules []int64
}

// A samplerKey is a sampler of a launch that is not the kernel's own.
type samplerKey struct {
	bound bool
	state texel.SamplerState
}

// maxSpecials is for how many combinations of formats there are kernels of their
// own; more are rare.
const maxSpecials = 16

// texMems is how many memories there are besides the kernel's.
func (p *Program) texMems() int {
	if len(p.textures) == 0 {
		return 0
	}
	return texop.Memories(len(p.textures))
}

func keyOf(s *texel.Sampler) samplerKey {
	if s == nil {
		return samplerKey{}
	}
	return samplerKey{true, s.SamplerState}
}

// special returns what is made for the launch's textures, nil if nothing is.
func (p *Program) special(l *Launch) *special {
	if len(p.textures) == 0 {
		return nil
	}
	n := &p.native
	if s, _ := n.special(l); s != nil {
		return s
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	s, all := n.special(l)
	if s == nil && len(all) < maxSpecials {
		s = newSpecial(l)
		all = append(slices.Clip(all), s)
		n.specials.Store(&all)
	}
	return s
}

// special returns the one that serves l, or else all there are.
func (n *native) special(l *Launch) (*special, []*special) {
	all := n.specials.Load()
	if all == nil {
		return nil, nil
	}
	for _, s := range *all {
		if s.serves(l) {
			return s, nil
		}
	}
	return nil, *all
}

// serves reports whether s is for textures and samplers like those of l.
func (s *special) serves(l *Launch) bool {
	for i, t := range l.Textures {
		if s.textures[i] != texop.Known(t) {
			return false
		}
	}
	for i, x := range l.Samplers {
		if s.samplers[i] != keyOf(x) {
			return false
		}
	}
	return true
}

func newSpecial(l *Launch) *special {
	s := &special{}
	for _, t := range l.Textures {
		s.textures = append(s.textures, texop.Known(t))
	}
	for _, x := range l.Samplers {
		s.samplers = append(s.samplers, keyOf(x))
	}
	return s
}

// kernel returns the kernel for s and its granules, nil if it would be the program's.
func (s *special) kernel(p *Program) (*ir.Func, []int64) {
	s.once.Do(func() {
		states := make([]*texel.SamplerState, len(s.samplers))
		for i := range s.samplers {
			if s.samplers[i].bound {
				states[i] = &s.samplers[i].state
			}
		}
		if s.f = texop.Expand(p.native.f, s.textures, states); s.f != nil {
			opt.Again(s.f, len(p.mems))
			s.granules = make([]int64, len(s.f.Mems))
			copy(s.granules, p.granules)
		}
	})
	return s.f, s.granules
}

// bindSpecial fills the memories that a special has besides the program's.
func (m *machine) bindSpecial(s *special) {
	mems := m.mems[len(m.p.mems)+1:]
	if m.about == nil {
		m.about = make([]texop.Description, len(m.l.Textures))
	}
	for i, t := range m.l.Textures {
		mems[i] = memory{what: unbound}
		if s.textures[i] != (texop.Texture{}) {
			b, _ := t.Image()
			mems[i] = memory{p: unsafe.Pointer(unsafe.SliceData(b)), n: int64(len(b))}
			texop.Describe(&m.about[i], t)
		}
	}
	n := len(m.l.Textures)
	mems[n] = memory{p: unsafe.Pointer(unsafe.SliceData(m.about)), n: int64(n * texop.DescriptionSize)}
	for i := n + 1; i < len(mems); i++ {
		table := s.f.Mems[len(m.p.mems)+i].Data
		mems[i] = memory{kind: ir.MemConst, p: unsafe.Pointer(unsafe.SliceData(table)), n: int64(len(table))}
	}
	for i := range mems {
		mems[i].addr = tagBit | uint64(len(m.p.mems)+1+i)<<tagShift | tagBias
	}
}
