package launch

import (
	"fmt"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/texel"
	"github.com/aruminium-go/aruminium/mtl"
)

// Textures and Samplers are how many of each a kernel can have.
const (
	Textures = 128
	Samplers = 16
)

// A Texture is a MTLTexture with what a binding is checked against.
type Texture struct {
	*Life
	ID     msgsend.ID
	Device uint64
	Shape  texel.Shape // the format may be one that package texel does not know
	Usage  mtl.TextureUsage
}

// A Sampler is a MTLSamplerState.
type Sampler struct {
	*Life
	ID     msgsend.ID
	Device uint64
}

// A Heap is a MTLHeap.
type Heap struct {
	*Life
	ID     msgsend.ID
	Device uint64
}

// A TextureArg is what an Arg that is a texture has beside.
type TextureArg struct {
	Type   mtl.TextureType
	Data   mtl.DataType // of a channel
	Depth  bool
	Access mtl.BindingAccess
	Len    int // indices it takes, 1 unless it is an array
}

var (
	selSetTexture      = msgsend.Selector{Name: "setTexture:atIndex:"}
	selSetSamplerState = msgsend.Selector{Name: "setSamplerState:atIndex:"}
	selUseResource     = msgsend.Selector{Name: "useResource:usage:"}
	selUseHeap         = msgsend.Selector{Name: "useHeap:"}
)

// tables are the textures and samplers bound to an encoder.
type tables struct {
	textures [Textures]*Texture
	samplers [Samplers]*Sampler
}

func (e *Encoder) tables() *tables {
	if e.table == nil {
		e.table = new(tables)
	}
	return e.table
}

// checkObject checks and holds an object of a device.
func (p *Program) checkObject(kind string, l *Life, device uint64) (reason string, err error) {
	switch {
	case l == nil:
		return "the " + kind + " is nil", nil
	case l.Closed():
		return "the " + kind + " is closed", ErrClosed
	case device != p.lim.Device:
		return "the " + kind + " belongs to another device", nil
	case !p.hold(l):
		return "the " + kind + " is closed", ErrClosed
	}
	return "", nil
}

// life returns the life of an object, nil for nil.
func (t *Texture) life() (*Life, uint64) {
	if t == nil {
		return nil, 0
	}
	return t.Life, t.Device
}

func (s *Sampler) life() (*Life, uint64) {
	if s == nil {
		return nil, 0
	}
	return s.Life, s.Device
}

func (h *Heap) life() (*Life, uint64) {
	if h == nil {
		return nil, 0
	}
	return h.Life, h.Device
}

// BindTexture is setTexture:atIndex:.
func (e *Encoder) BindTexture(t *Texture, index int) {
	p := e.prog
	if p.err != nil {
		return
	}
	if uint(index) >= Textures {
		e.bindFailed("BindTexture", index, nil, "an index is 0 to "+itoa(Textures-1))
		return
	}
	life, device := t.life()
	if reason, err := p.checkObject("texture", life, device); reason != "" {
		e.bindFailed("BindTexture", index, err, reason)
		return
	}
	p.list.SendTo(p.encoder, &selSetTexture, uintptr(t.ID), uintptr(index))
	e.tables().textures[index], e.right = t, false
}

// BindSampler is setSamplerState:atIndex:.
func (e *Encoder) BindSampler(s *Sampler, index int) {
	p := e.prog
	if p.err != nil {
		return
	}
	if uint(index) >= Samplers {
		e.bindFailed("BindSampler", index, nil, "an index is 0 to "+itoa(Samplers-1))
		return
	}
	life, device := s.life()
	if reason, err := p.checkObject("sampler", life, device); reason != "" {
		e.bindFailed("BindSampler", index, err, reason)
		return
	}
	p.list.SendTo(p.encoder, &selSetSamplerState, uintptr(s.ID), uintptr(index))
	e.tables().samplers[index], e.right = s, false
}

// use is useResource:usage: of a buffer or a texture.
func (e *Encoder) use(op, kind string, id msgsend.ID, l *Life, device uint64, write bool) {
	p := e.prog
	if p.err != nil {
		return
	}
	if reason, err := p.checkObject(kind, l, device); reason != "" {
		e.fail(Size{}, Size{}, err, op+": "+reason)
		return
	}
	usage := mtl.ResourceUsageRead
	if write {
		usage |= mtl.ResourceUsageWrite
	}
	p.list.SendTo(p.encoder, &selUseResource, uintptr(id), uintptr(usage))
}

// UseTexture lets kernels reach a texture by its ID.
func (e *Encoder) UseTexture(t *Texture, write bool) {
	life, device := t.life()
	id := msgsend.ID(0)
	if t != nil {
		id = t.ID
	}
	e.use("UseTexture", "texture", id, life, device, write)
}

// UseBuffer lets kernels reach a buffer by its address.
func (e *Encoder) UseBuffer(b *Buffer, write bool) {
	if b == nil {
		e.use("UseBuffer", "buffer", 0, nil, 0, write)
		return
	}
	e.use("UseBuffer", "buffer", b.ID, b.Life, b.Device, write)
}

// UseHeap is useHeap:.
func (e *Encoder) UseHeap(h *Heap) {
	p := e.prog
	if p.err != nil {
		return
	}
	life, device := h.life()
	if reason, err := p.checkObject("heap", life, device); reason != "" {
		e.fail(Size{}, Size{}, err, "UseHeap: "+reason)
		return
	}
	p.list.SendTo(p.encoder, &selUseHeap, uintptr(h.ID))
}

// checkTables checks what is bound against the textures and samplers that the
// kernel takes.
func (k *Kernel) checkTables(t *tables) string {
	for i := range k.Args {
		a := &k.Args[i]
		if !a.Used {
			continue
		}
		switch {
		case a.Kind == KindSampler && (t == nil || a.Index < Samplers && t.samplers[a.Index] == nil):
			return fmt.Sprintf("the sampler %v is not bound: call BindSampler", a)
		case a.Kind != KindTexture:
			continue
		}
		n := 1
		if a.Texture != nil {
			n = max(a.Texture.Len, 1)
		}
		for index := a.Index; index < min(a.Index+n, Textures); index++ {
			var tex *Texture
			if t != nil {
				tex = t.textures[index]
			}
			switch {
			case tex == nil && n == 1:
				return fmt.Sprintf("the texture %v is not bound: call BindTexture", a)
			case tex == nil:
				continue // the kernel may not get to every element of an array
			}
			if a.Texture != nil {
				if why := tex.misfit(a.Texture); why != "" {
					return fmt.Sprintf("the texture at index %d of the %v %s", index, a, why)
				}
			}
		}
	}
	return ""
}

// misfit tells why a texture cannot be given to an argument, or "".
func (t *Texture) misfit(a *TextureArg) string {
	if mtl.TextureType(t.Shape.Type) != a.Type {
		return fmt.Sprintf("is a %v texture, and the kernel takes a %v one", t.Shape.Type, texel.Type(a.Type))
	}
	want := classOf(a.Data)
	in, known := t.Shape.Format.Info()
	if known && want != texel.ClassNone && in.Class != want {
		return fmt.Sprintf("has the format %v of %v channels, and the kernel takes %v ones", t.Shape.Format, in.Class, want)
	}
	read, write := a.Access != mtl.BindingAccessWriteOnly, a.Access != mtl.BindingAccessReadOnly
	switch {
	case write && t.Usage&mtl.TextureUsageShaderWrite == 0:
		return "is written by the kernel, and was made without that usage"
	case read && t.Usage != mtl.TextureUsageUnknown && t.Usage&mtl.TextureUsageShaderRead == 0:
		return "is read by the kernel, and was made without that usage"
	}
	return ""
}

// classOf returns what channels of a data type are.
func classOf(t mtl.DataType) texel.Class {
	switch t {
	case mtl.DataTypeFloat, mtl.DataTypeHalf:
		return texel.ClassFloat
	case mtl.DataTypeInt, mtl.DataTypeShort:
		return texel.ClassSint
	case mtl.DataTypeUInt, mtl.DataTypeUShort, mtl.DataTypeULong:
		return texel.ClassUint
	}
	return texel.ClassNone
}

// addSize adds a MTLSize, or a MTLOrigin, to a frame.
func addSize(f *msgsend.Frame, s Size) {
	size := mtl.MakeSize(uint(s.X), uint(s.Y), uint(s.Z))
	f.AddStruct(unsafe.Pointer(&size), unsafe.Sizeof(size))
}
