package gpu

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Pipeline is a kernel that is ready to launch: a MTLComputePipelineState. It is for any
// goroutine.
type Pipeline struct {
	h   *pipeline
	net runtime.Cleanup
}

type pipeline struct {
	launch.Kernel
	raw  mtl.ComputePipelineState
	dev  *device
	args []Arg
}

// An Arg is one argument of a kernel, as the device's reflection tells it.
type Arg struct {
	Index  int // the number in [[buffer(N)]], [[threadgroup(N)]]…
	Name   string
	Kind   ArgKind
	Type   string // the MSL type of the data behind it: "float", "uint4", "struct"; empty if the device does not tell
	Access Access
	Size   int // bytes of one element; 0 if unknown
	Align  int // what an offset must be a multiple of; 0 if unknown
	Used   bool

	Texture TextureType // of a texture
	Len     int         // of a texture: how many indices it takes, 1 unless it is an array
}

// ArgKind is what an argument is bound to, MTLBindingType.
type ArgKind int

const (
	ArgBuffer      ArgKind = iota
	ArgThreadgroup         // threadgroup memory, see Encoder.Threadgroup
	ArgTexture
	ArgSampler
	ArgOther // what compute on buffers does not know: tables, acceleration structures…
)

func (k ArgKind) String() string {
	switch k {
	case ArgBuffer:
		return "buffer"
	case ArgThreadgroup:
		return "threadgroup"
	case ArgTexture:
		return "texture"
	case ArgSampler:
		return "sampler"
	}
	return "other"
}

// Access is what a kernel does with an argument, MTLBindingAccess.
type Access int

const (
	AccessRead Access = iota
	AccessReadWrite
	AccessWrite
)

func (a Access) String() string {
	switch a {
	case AccessRead:
		return "read"
	case AccessWrite:
		return "write"
	}
	return "read-write"
}

// Pipeline makes a kernel ready to launch. The caller closes the pipeline.
func (d *Device) Pipeline(f *Function) (*Pipeline, error) {
	if err := d.use("Pipeline"); err != nil {
		return nil, err
	}
	defer d.done()
	if !f.none() && f.h.dev.limits.Device != d.h.limits.Device {
		return nil, fmt.Errorf("gpu: Device.Pipeline: the function %s belongs to another device", f.h.name)
	}
	return f.pipeline("Device.Pipeline")
}

func (f *Function) pipeline(op string) (*Pipeline, error) {
	if f.none() {
		return nil, fmt.Errorf("gpu: %s: the function is nil", op)
	}
	h := f.h
	if !h.life.Hold() {
		return nil, fmt.Errorf("gpu: %s: the function %s is closed: %w", op, h.name, ErrClosed)
	}
	defer h.life.Drop()
	if t := h.raw.FunctionType(); t != mtl.FunctionTypeKernel {
		return nil, fmt.Errorf("gpu: %s: %s is no kernel", op, h.name)
	}
	raw, reflection, err := h.dev.raw.NewComputePipelineStateWithOptions(h.raw, mtl.PipelineOptionBindingInfo|mtl.PipelineOptionBufferTypeInfo)
	defer reflection.Release()
	if raw.IsNil() {
		if err == nil {
			err = errors.New("the device gave neither a pipeline nor a reason")
		}
		return nil, fmt.Errorf("gpu: %s: %s: %w", op, h.name, err)
	}
	return h.dev.newPipeline(raw, h.name, reflection), nil
}

// newPipeline takes over raw.
func (d *device) newPipeline(raw mtl.ComputePipelineState, name string, reflection mtl.ComputePipelineReflection) *Pipeline {
	h := &pipeline{raw: raw, dev: d}
	for _, b := range reflection.Bindings() {
		h.addArg(b)
		b.Release()
	}
	d.life.Keep()
	h.Kernel.Life = launch.NewLife(func() { raw.Release(); d.life.Drop() })
	h.Kernel.ID = raw.ID()
	h.Kernel.Name = name
	h.Kernel.Device = d.limits.Device
	h.Kernel.MaxThreads = int(raw.MaxTotalThreadsPerThreadgroup())
	h.Kernel.Width = max(1, int(raw.ThreadExecutionWidth()))
	h.Kernel.StaticTG = int(raw.StaticThreadgroupMemoryLength())
	h.Kernel.Index()
	p := &Pipeline{h: h}
	p.net = runtime.AddCleanup(p, func(h *pipeline) { forgotten(h.Life, "Pipeline", h.Kernel.Name) }, h)
	return p
}

func (h *pipeline) addArg(b mtl.Binding) {
	a := Arg{Index: int(b.Index()), Name: b.Name(), Used: b.IsUsed(), Access: Access(b.Access())}
	var texture *launch.TextureArg
	switch b.Type() {
	case mtl.BindingTypeBuffer:
		buf := mtl.BufferBindingFromID(b.ID())
		a.Kind, a.Size, a.Align = ArgBuffer, int(buf.BufferDataSize()), int(buf.BufferAlignment())
		a.Type = typeName(buf.BufferDataType())
	case mtl.BindingTypeThreadgroupMemory:
		tg := mtl.ThreadgroupBindingFromID(b.ID())
		a.Kind, a.Size, a.Align = ArgThreadgroup, int(tg.ThreadgroupMemoryDataSize()), int(tg.ThreadgroupMemoryAlignment())
	case mtl.BindingTypeTexture:
		tex := mtl.TextureBindingFromID(b.ID())
		a.Kind, a.Type = ArgTexture, typeName(tex.TextureDataType())
		a.Texture, a.Len = textureType(tex.TextureType()), max(1, int(tex.ArrayLength()))
		texture = &launch.TextureArg{Type: tex.TextureType(), Data: tex.TextureDataType(), Depth: tex.IsDepthTexture(), Access: b.Access(), Len: a.Len}
	case mtl.BindingTypeSampler:
		a.Kind = ArgSampler
	default:
		a.Kind = ArgOther
	}
	h.args = append(h.args, a)
	h.Args = append(h.Args, launch.Arg{Index: a.Index, Name: a.Name, Kind: launch.Kind(a.Kind), Used: a.Used, Size: a.Size, Align: a.Align, Texture: texture})
}

// typeName is MSL's name of a data type.
func typeName(t mtl.DataType) string {
	if t == mtl.DataTypeNone {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(t.String(), "DataType"))
}

// Name is the kernel's name.
func (p *Pipeline) Name() string { return p.kernel().Name }

// MaxTotalThreadsPerThreadgroup is the most threads that a threadgroup of this kernel can have,
// all axes together.
func (p *Pipeline) MaxTotalThreadsPerThreadgroup() int { return p.kernel().MaxThreads }

// ThreadExecutionWidth is how many threads run as one SIMD-group. Threadgroups do best as
// multiples of it.
func (p *Pipeline) ThreadExecutionWidth() int { return p.kernel().Width }

// StaticThreadgroupMemoryLength is how many bytes of threadgroup memory the kernel declares
// itself.
func (p *Pipeline) StaticThreadgroupMemoryLength() int { return p.kernel().StaticTG }

// Args ranges over the kernel's arguments in the order of their declaration.
func (p *Pipeline) Args() iter.Seq[Arg] {
	return func(yield func(Arg) bool) {
		if p.none() {
			return
		}
		for _, a := range p.h.args {
			if !yield(a) {
				return
			}
		}
	}
}

// usualGroup is how many threads a threadgroup has if nothing speaks against it: enough to fill a
// GPU's core several times over, and few enough to leave it a choice.
const usualGroup = 256

// Group is a good threadgroup for a grid: as many threads as do well, a multiple of the execution
// width along X, of the grid's dimensions, within the pipeline's and the device's limits, and no
// larger than the grid needs. Launch takes grids that are no multiple of it.
func (p *Pipeline) Group(grid Size) Size {
	if p.none() {
		return Size{1, 1, 1}
	}
	limit := p.h.dev.limits.Group
	total := min(p.h.MaxThreads, usualGroup)
	width := min(p.h.Width, total)
	x := width
	if grid.Y <= 1 && grid.Z <= 1 {
		x = total / width * width
	}
	// The last SIMD-group is filled up: half a one costs as much as a whole.
	x = min(x, max(1, (grid.X+width-1)/width*width), limit.X)
	left := max(1, total/x)
	z := 1
	if grid.Z > 1 {
		for z < 4 && z*2 <= left && z < grid.Z {
			z *= 2
		}
	}
	z = min(z, limit.Z)
	y := min(max(1, left/z), max(1, grid.Y), limit.Y)
	return Size{x, y, z}
}

// Raw is the MTLComputePipelineState. The Pipeline owns it: retain what is to outlive Close.
func (p *Pipeline) Raw() objc.ID { return p.kernel().ID }

// Close ends the use of the pipeline; what is in flight keeps it. Close may be called again and on
// nil.
func (p *Pipeline) Close() error {
	if !p.none() && p.h.Life.Close() {
		p.net.Stop()
	}
	return nil
}

// kernel is the pipeline's kernel, of which only the values are used; an empty one for nil.
func (p *Pipeline) kernel() *launch.Kernel {
	if p.none() {
		return &launch.Kernel{}
	}
	return &p.h.Kernel
}

// launchKernel is what an encoder binds; nil for nil.
func (p *Pipeline) launchKernel() *launch.Kernel {
	if p.none() {
		return nil
	}
	return &p.h.Kernel
}
