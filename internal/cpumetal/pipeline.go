package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// Pipeline is a kernel made executable. It never changes.
type Pipeline struct {
	device  *Device
	name    string
	label   string
	program *simt.Program
	run     func(*simt.Launch) *simt.Fault // (*simt.Launch).Run

	arguments    []msl.Arg    // all, in the order of the source
	bindings     []memBinding // what each of the program's memories is bound to
	maxThreads   uint64
	staticMemory uint64
	required     Size3 // zero if any size will do
	addresses    bool  // it follows device addresses that it finds in memory
	talks        bool  // it has messages

	used         []bool // by texture of the program: something must be bound
	usedSamplers []bool // by sampler
	resources    bool   // it uses textures or samplers that it finds in memory
}

// memBinding says what one memory of a program is bound to.
type memBinding struct {
	kind  ir.MemKind
	index int
	name  string
	used  bool // something must be bound
}

// newPipeline puts a pipeline together.
func newPipeline(d *Device, name string, mems []ir.Mem, args []msl.Arg) *Pipeline {
	p := &Pipeline{device: d, name: name, run: (*simt.Launch).Run, arguments: args, maxThreads: maxThreads}
	p.bindings = make([]memBinding, len(mems))
	for i := range mems {
		m := &mems[i]
		b := memBinding{kind: m.Kind, index: m.Index, name: m.Name, used: true}
		for j := range args {
			a := &args[j]
			if a.Index == m.Index && (a.Kind == msl.ArgBuffer && m.Kind == ir.MemBuffer ||
				a.Kind == msl.ArgThreadgroup && m.Kind == ir.MemThreadgroupArg) {
				b.used, b.name = a.Used, a.Name
			}
		}
		p.bindings[i] = b
	}
	return p
}

// Name returns the name of the kernel.
func (p *Pipeline) Name() string { return p.name }

// Label returns the label its descriptor gave.
func (p *Pipeline) Label() string { return p.label }

// MaxTotalThreads returns the most threads a threadgroup may have.
func (p *Pipeline) MaxTotalThreads() uint64 { return p.maxThreads }

// StaticThreadgroupMemory returns the bytes of threadgroup memory that the
// kernel itself declares.
func (p *Pipeline) StaticThreadgroupMemory() uint64 { return p.staticMemory }

// Required returns the one threadgroup size the kernel runs with, zero if any
// will do.
func (p *Pipeline) Required() Size3 { return p.required }

// Arguments returns the arguments of the kernel in the order of its source.
func (p *Pipeline) Arguments() []msl.Arg { return p.arguments }

// findResources looks how f uses textures and samplers.
func (p *Pipeline) findResources(f *ir.Func) {
	p.used, p.usedSamplers = make([]bool, len(f.Textures)), make([]bool, len(f.Samplers))
	given := map[ir.Value]bool{}
	f.Body.Walk(func(in *ir.Instr) bool {
		switch {
		case in.Op == ir.OpTexture:
			p.used[in.Imm], given[in.Out] = true, true
		case in.Op == ir.OpSampler:
			p.usedSamplers[in.Imm], given[in.Out] = true, true
		case in.Op == ir.OpTexQuery, in.Op.IsTexture():
			p.resources = p.resources || !given[in.Args[0]]
			if in.Op == ir.OpTexSample || in.Op == ir.OpTexGather {
				p.resources = p.resources || !given[in.Args[1]]
			}
		}
		return true
	})
}
