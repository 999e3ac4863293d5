package dispatch

import (
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/launch"
)

// A Bind is a buffer, from a byte offset on, for a kernel's [[buffer(Index)]].
type Bind struct {
	Buffer *gpu.Buffer
	Offset int
	Index  int
}

// A Batch records launches, with the manners of a gpu.Encoder: the first error stays, nothing
// after it is recorded, nothing of the batch is run, and the call that began the batch returns it.
// What is bound stays bound for the launches that follow.
//
// A Batch is valid until the function that records it returns. Its methods panic after that.
type Batch struct {
	enc   launch.Encoder
	binds int
	sent  int
}

func (b *Batch) begin(p *launch.Program, concurrent bool) {
	b.binds, b.sent = 0, 0
	b.enc.Begin(p, concurrent)
}

func (b *Batch) ready(method string) {
	if !b.enc.Open() {
		panic("dispatch: Batch." + method + " after the function that records the batch has returned")
	}
}

// Bind sets the kernel of the launches that follow.
func (b *Batch) Bind(p *gpu.Pipeline) {
	b.ready("Bind")
	b.enc.Bind(launch.Inside.Kernel(p))
}

// BindBuffer binds a buffer, from a byte offset on, to the kernel's [[buffer(index)]]. It returns
// the binding's slot, for Recording.SetBuffer: slots number the BindBuffers of the batch from 0.
func (b *Batch) BindBuffer(buf *gpu.Buffer, offset, index int) (slot int) {
	b.ready("BindBuffer")
	b.enc.BindBuffer(launch.Inside.Buffer(buf), offset, index)
	b.binds++
	return b.binds - 1
}

// BindTexture binds a texture to the kernel's [[texture(index)]].
func (b *Batch) BindTexture(t *gpu.Texture, index int) {
	b.ready("BindTexture")
	b.enc.BindTexture(launch.Inside.Texture(t), index)
}

// BindSampler binds a sampler to the kernel's [[sampler(index)]].
func (b *Batch) BindSampler(s *gpu.Sampler, index int) {
	b.ready("BindSampler")
	b.enc.BindSampler(launch.Inside.Sampler(s), index)
}

// Push gives a copy of data to the kernel's [[buffer(index)]]. Over 4 KiB it moves to a buffer
// that belongs to the batch, which costs an allocation on the device. Push returns the slot, for
// Recording.SetBytes: slots number the Pushes of the batch from 0.
func (b *Batch) Push(data []byte, index int) (slot int) {
	b.ready("Push")
	b.enc.Push(data, index, launch.FitAtLeast)
	b.sent++
	return b.sent - 1
}

// Threadgroup sets how many bytes of threadgroup memory the kernel's [[threadgroup(index)]] has,
// rounded up to a multiple of 16.
func (b *Batch) Threadgroup(bytes, index int) {
	b.ready("Threadgroup")
	b.enc.Threadgroup(bytes, index)
}

// Launch runs the kernel with grid threads, in threadgroups of group threads. The grid need not be
// a multiple of the group: the groups at its edge are smaller.
func (b *Batch) Launch(grid, group gpu.Size) {
	b.ready("Launch")
	b.enc.Launch(launch.Size(grid), launch.Size(group))
}

// LaunchGroups runs the kernel with a number of whole threadgroups.
func (b *Batch) LaunchGroups(groups, group gpu.Size) {
	b.ready("LaunchGroups")
	b.enc.LaunchGroups(launch.Size(groups), launch.Size(group))
}

// LaunchIndirect is LaunchGroups with the number of threadgroups read from a buffer, three uint32
// at the offset, when the launch runs.
func (b *Batch) LaunchIndirect(buf *gpu.Buffer, offset int, group gpu.Size) {
	b.ready("LaunchIndirect")
	b.enc.LaunchIndirect(launch.Inside.Buffer(buf), offset, launch.Size(group))
}

// Barrier makes the launches after it wait for those before it. Only a dispatcher with
// Options.Concurrent needs it.
func (b *Batch) Barrier() {
	b.ready("Barrier")
	b.enc.Barrier()
}
