package simt

import (
	"fmt"
	"sync"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A Program is a kernel ready to run. It does not change and may be launched
// from many goroutines at a time.
type Program struct {
	name     string
	files    []string
	mems     []ir.Mem
	textures []ir.Texture
	samplers []ir.Sampler
	messages []ir.Message
	texRegs  int // the first of the registers of operations on textures that machine code leaves; 0 if there are none

	body     *block
	slots    []kind  // of every register; the inputs come first
	inputs   []input // what the first registers hold
	controls int     // number of Ifs, Loops and Blocks
	granules []int64 // of a MemThread: see private.go
	shared   int64   // bytes of MemThreadgroup memory in all, aligned
	private  int64   // bytes of MemThread memory of one thread, in all
	company  company // groups that may run side by side

	machines sync.Pool
	crews    crews // of launches that are long enough to compare numbers of members while they run
	brief    crews // and of others
	native   native
}

// An input is a register whose value the kernel does not compute.
type input struct {
	op  ir.Op // OpConst, OpBuiltin, OpMem, OpTexture or OpSampler
	t   ir.Type
	imm int64
}

// Name returns the kernel's name.
func (p *Program) Name() string { return p.name }

// Mems returns the memories the kernel names; a Launch gives a Binding for
// each. The caller must not change them.
func (p *Program) Mems() []ir.Mem { return p.mems }

// ThreadgroupMemory returns how many bytes of threadgroup memory every
// threadgroup uses apart from what a launch gives as arguments.
func (p *Program) ThreadgroupMemory() int64 { return p.shared }

// ThreadMemory returns how many bytes of memory of its own every thread uses.
func (p *Program) ThreadMemory() int64 { return p.private }

// Compile prepares f, which must have passed ir's verifier, for running. It
// returns an error if f has Vars or operations that package expand should have
// replaced. f must not change afterwards.
func Compile(f *ir.Func) (*Program, error) {
	c := compiler{f: f, p: &Program{name: f.Name, files: f.Files, mems: f.Mems, textures: f.Textures, samplers: f.Samplers, messages: f.Messages}}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("simt: kernel %s: %w", f.Name, err)
	}
	if err := c.compile(); err != nil {
		return nil, fmt.Errorf("simt: kernel %s: %w", f.Name, err)
	}
	c.p.native.f = f
	c.p.company = companyOf(f)
	return c.p, nil
}

// check looks for what this package does not run.
func (c *compiler) check() error {
	f := c.f
	if len(f.Vars) > 0 {
		return fmt.Errorf("variable %q has not been promoted to values", f.Vars[0].Name)
	}
	if f.Body == nil {
		return fmt.Errorf("no body")
	}
	var err error
	f.Body.Walk(func(in *ir.Instr) bool {
		switch info := in.Op.Info(); {
		case err != nil:
		case info.Class == ir.Math:
			err = fmt.Errorf("operation %s has not been expanded", in.Op)
		case in.Op == ir.OpInvalid, in.Op == ir.OpVarGet, in.Op == ir.OpVarSet:
			err = fmt.Errorf("operation %s cannot run", in.Op)
		case info.NArgs >= 0 && len(in.Args) != info.NArgs:
			err = fmt.Errorf("operation %s has %d arguments, not %d", in.Op, len(in.Args), info.NArgs)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	for i := range f.Mems {
		m := &f.Mems[i]
		if (m.Kind == ir.MemThread || m.Kind == ir.MemThreadgroup) && (m.Size < 0 || m.Size > maxThreadgroupMemory) {
			return fmt.Errorf("%s memory %q has a size of %d bytes", m.Kind, m.Name, m.Size)
		}
	}
	return nil
}
