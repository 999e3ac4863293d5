package launch

import (
	"fmt"
	"math/bits"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// Bindings is how many buffers, and how many threadgroup memories, a kernel can have.
const Bindings = 31

// Limits are what a device allows.
type Limits struct {
	Device            uint64 // registryID, which tells devices apart
	Group             Size   // maxThreadsPerThreadgroup
	ThreadgroupMemory int    // maxThreadgroupMemoryLength
	Buffer            int    // maxBufferLength
}

// Kind is what an argument of a kernel is bound to.
type Kind uint8

const (
	KindBuffer Kind = iota
	KindThreadgroup
	KindTexture
	KindSampler
	KindOther
)

// An Arg is one argument of a kernel, from the pipeline's reflection.
type Arg struct {
	Index int
	Name  string
	Kind  Kind
	Used  bool
	Size  int // bytes that one element needs; 0 if unknown
	Align int // alignment of an offset, a power of two; 0 if unknown

	Texture *TextureArg // of a KindTexture; nil if unknown
}

func (a *Arg) String() string {
	if a.Name == "" {
		return fmt.Sprintf("argument at index %d", a.Index)
	}
	return fmt.Sprintf("argument %s at index %d", a.Name, a.Index)
}

// aligned tells whether the argument may begin at an offset.
func (a *Arg) aligned(offset int) bool { return a.Align <= 1 || offset&(a.Align-1) == 0 }

// A Kernel is a compute pipeline with all that a launch is checked against.
type Kernel struct {
	*Life
	ID         msgsend.ID // MTLComputePipelineState
	Name       string
	Device     uint64
	MaxThreads int // maxTotalThreadsPerThreadgroup
	Width      int // threadExecutionWidth
	StaticTG   int // staticThreadgroupMemoryLength
	Args       []Arg

	buffers uint32 // indices that must have a buffer or bytes
	tgs     uint32 // indices that must have threadgroup memory
	tables  bool   // it takes textures or samplers
	other   int    // the first used argument that nothing here can bind, or -1
	arg     [Bindings]*Arg
}

// Index makes the kernel's argument table ready for checks.
func (k *Kernel) Index() {
	k.other = -1
	for i := range k.Args {
		a := &k.Args[i]
		if !a.Used {
			continue
		}
		switch {
		case a.Kind == KindBuffer && a.Index < Bindings:
			k.buffers |= 1 << a.Index
			k.arg[a.Index] = a
		case a.Kind == KindThreadgroup && a.Index < Bindings:
			k.tgs |= 1 << a.Index
		case a.Kind == KindTexture && a.Index < Textures, a.Kind == KindSampler && a.Index < Samplers:
			k.tables = true
		case k.other < 0:
			k.other = i
		}
	}
}

// Buffer is the used buffer argument at an index, or nil.
func (k *Kernel) Buffer(index int) *Arg {
	if index < 0 || index >= Bindings {
		return nil
	}
	return k.arg[index]
}

// named finds the argument of a kind at an index, for messages.
func (k *Kernel) named(kind Kind, index int) *Arg {
	for i := range k.Args {
		if a := &k.Args[i]; a.Kind == kind && a.Index == index {
			return a
		}
	}
	return &Arg{Index: index, Kind: kind}
}

// checkGroup checks a threadgroup against the pipeline's and the device's limits, and returns what
// is wrong. The smaller of the two limits counts; Metal itself would run such a launch as nothing.
func (k *Kernel) checkGroup(group Size, lim *Limits) string {
	if group.X <= 0 || group.Y <= 0 || group.Z <= 0 {
		return "the threadgroup has an axis without threads: each must be at least 1"
	}
	if group.X > lim.Group.X || group.Y > lim.Group.Y || group.Z > lim.Group.Z {
		return fmt.Sprintf("the threadgroup is past the device's limit of %d×%d×%d threads along the axes",
			lim.Group.X, lim.Group.Y, lim.Group.Z)
	}
	if n := group.count(); n > k.MaxThreads {
		return fmt.Sprintf("a threadgroup of %d threads is past the pipeline's limit of %d", n, k.MaxThreads)
	}
	return ""
}

// checkGrid checks a grid and the threads it comes to: Metal counts both in 32 bits along each axis.
func checkGrid(grid, threads Size) string {
	const most = 1<<32 - 1
	if grid.X <= 0 || grid.Y <= 0 || grid.Z <= 0 {
		return "the grid has an axis without threads: each must be at least 1"
	}
	if uint64(threads.X) > most || uint64(threads.Y) > most || uint64(threads.Z) > most {
		return "the grid is past 4294967295 threads along an axis"
	}
	return ""
}

// A binding is what stands at one buffer index of an encoder.
type binding struct {
	room   int   // bytes from the offset to the end
	offset int   // 0 for pushed bytes
	slot   int32 // see Program.needs
	fit    Fit
	buffer *Buffer // nil for bytes
	data   *byte   // of pushed bytes the copy in the program, room of them; nil if they are in a buffer
}

// pushed tells whether the binding is of these bytes.
func (b *binding) pushed(data []byte) bool {
	return b.data != nil && string(unsafe.Slice(b.data, b.room)) == string(data)
}

// Fit is how the size of pushed bytes has to compare with the argument's.
type Fit uint8

const (
	FitAtLeast Fit = iota // as Metal has it
	FitWhole              // a multiple
	FitExactly            // the same
)

// fits tells whether the binding has the room that an argument takes.
func (b *binding) fits(a *Arg) bool {
	switch {
	case a.Size == 0 || b.room == a.Size:
		return true
	case b.fit == FitExactly || b.room < a.Size:
		return false
	}
	return b.fit == FitAtLeast || b.room%a.Size == 0
}

// checkBindings checks what is bound against what the kernel takes.
func (k *Kernel) checkBindings(bound uint32, at *[Bindings]binding, tgBound uint32, tg *[Bindings]int, lim *Limits) string {
	if missing := k.buffers &^ bound; missing != 0 {
		return fmt.Sprintf("the %v is not bound", k.arg[bits.TrailingZeros32(missing)])
	}
	if reason := k.checkBuffers(bound, at); reason != "" {
		return reason
	}
	if missing := k.tgs &^ tgBound; missing != 0 {
		return fmt.Sprintf("the threadgroup %v has no memory: call Threadgroup", k.named(KindThreadgroup, bits.TrailingZeros32(missing)))
	}
	total := k.StaticTG
	for m := tgBound; m != 0; m &= m - 1 {
		total += tg[bits.TrailingZeros32(m)]
	}
	if total > lim.ThreadgroupMemory {
		return fmt.Sprintf("%d bytes of threadgroup memory, %d of them declared in the kernel, are past the device's limit of %d",
			total, k.StaticTG, lim.ThreadgroupMemory)
	}
	if k.other >= 0 {
		return fmt.Sprintf("the %v is neither a buffer nor threadgroup memory: it cannot be bound", &k.Args[k.other])
	}
	return ""
}

// checkBuffers checks what is bound at some indices against the kernel's arguments there.
func (k *Kernel) checkBuffers(indices uint32, at *[Bindings]binding) string {
	for m := k.buffers & indices; m != 0; m &= m - 1 {
		i := bits.TrailingZeros32(m)
		a, b := k.arg[i], &at[i]
		if !b.fits(a) || !a.aligned(b.offset) {
			return misfit(a, b)
		}
	}
	return ""
}

func misfit(a *Arg, b *binding) string {
	switch {
	case !a.aligned(b.offset):
		return fmt.Sprintf("the %v is bound at offset %d, which is no multiple of its alignment %d", a, b.offset, a.Align)
	case b.offset > 0:
		return fmt.Sprintf("the %v takes %d bytes and has %d from offset %d to the buffer's end", a, a.Size, b.room, b.offset)
	}
	return fmt.Sprintf("the %v takes %d bytes and was given %d", a, a.Size, b.room)
}
