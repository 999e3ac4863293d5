package cpumetal

import (
	"strings"
	"sync"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// CompileOptions tell how to compile a library, MTLCompileOptions.
type CompileOptions struct {
	Macros   []msl.Macro
	Language uint64 // MTLLanguageVersion, 0 for the default
	Math     msl.MathMode
	Dynamic  bool // MTLLibraryTypeDynamic, which there is not
	Logging  bool // os_log says something
	// MaxThreads limits the threads of a threadgroup of each kernel, 0 does not.
	MaxThreads uint64
	// Required is the threadgroup size each kernel is run with; zero is any.
	Required Size3
}

// Library is a compiled program.
type Library struct {
	device  *Device
	program *msl.Library
	options CompileOptions
}

// NewLibrary compiles source. With a library the error tells of warnings
// (CodeCompileWarning); without one its text is what Metal's compiler prints.
// newLibraryWithSource:options:error:
func (d *Device) NewLibrary(source string, o CompileOptions) (*Library, *Error) {
	if o.Dynamic {
		return nil, errorf(DomainLibrary, CodeUnsupported, "the CPU device makes no dynamic libraries: compile with MTLLibraryTypeExecutable")
	}
	opts := msl.Options{Math: o.Math, Logging: o.Logging || loggingWanted()}
	if o.Language != 0 {
		v := msl.Version{Major: int(o.Language >> 16), Minor: int(o.Language & 0xffff)}
		if o.Language>>32 != 0 || v.Less(msl.MinVersion) || msl.MaxVersion.Less(v) {
			return nil, errorf(DomainLibrary, CodeUnsupported, "language version %d.%d is not one of %v to %v", v.Major, v.Minor, msl.MinVersion, msl.MaxVersion)
		}
		opts.Version = v
	}
	lib, diags := msl.Compile(msl.Source{Text: source, Macros: o.Macros}, opts)
	text := diags.Render()
	if lib == nil {
		return nil, errorf(DomainLibrary, CodeCompileFailure, "%s", text)
	}
	var warning *Error
	if text != "" {
		warning = errorf(DomainLibrary, CodeCompileWarning, "%s", text)
	}
	return &Library{device: d, program: lib, options: o}, warning
}

// errMetallib is the error for what Apple's compiler has compiled.
func errMetallib(what string) *Error {
	return errorf(DomainLibrary, CodeUnsupported, "%s: the CPU device cannot run a compiled Metal library, it needs the source (newLibraryWithSource:options:error:)", what)
}

// FunctionNames returns the names of the kernels in the order of the source.
func (l *Library) FunctionNames() []string {
	names := make([]string, len(l.program.Kernels))
	for i, k := range l.program.Kernels {
		names[i] = k.Name
	}
	return names
}

// Function is a kernel of a library, with values for its function constants or
// without.
type Function struct {
	library   *Library
	kernel    *msl.Kernel
	constants msl.Constants

	once    sync.Once
	code    *msl.Code
	program *simt.Program
	err     *Error
}

// Function returns the kernel called name, nil if there is none.
// newFunctionWithName:
func (l *Library) Function(name string) *Function {
	k := l.program.Kernel(name)
	if k == nil {
		return nil
	}
	return &Function{library: l, kernel: k}
}

// Specialize returns the kernel called name with values for its function
// constants, which it keeps. newFunctionWithName:constantValues:error:
func (l *Library) Specialize(name string, constants msl.Constants) (*Function, *Error) {
	f := l.Function(name)
	if f == nil {
		return nil, errorf(DomainLibrary, CodeFunctionNotFound, "the library has no function called %q", name)
	}
	f.constants = constants
	if err := f.build(); err != nil {
		return nil, err
	}
	return f, nil
}

// Name returns the function's name.
func (f *Function) Name() string { return f.kernel.Name }

// Constants returns the function constants the kernel uses.
func (f *Function) Constants() []msl.Constant { return f.kernel.Constants }

// build lowers the kernel and has the engine prepare it, once.
func (f *Function) build() *Error {
	f.once.Do(func() {
		name := f.kernel.Name
		code, diags := f.library.program.Lower(name, f.constants)
		if code == nil {
			f.err = errorf(DomainLibrary, CodeCompileFailure, "kernel %q: %s", name, strings.TrimSpace(diags.Render()))
			return
		}
		for _, a := range code.Args {
			limit := maxBuffers
			switch a.Kind {
			case msl.ArgTexture:
				limit = maxTextures
			case msl.ArgSampler:
				limit = maxSamplers
			}
			if last := a.Index + max(a.ArrayLen, 1) - 1; a.Index < 0 || last >= limit {
				f.err = errorf(DomainLibrary, CodeCompileFailure, "kernel %q: argument %q has index %d, the last one is %d", name, a.Name, last, limit-1)
				return
			}
		}
		if code.StaticThreadgroupMemory > maxThreadgroupMemory {
			f.err = errorf(DomainLibrary, CodeCompileFailure, "kernel %q: its %d bytes of threadgroup memory are over the limit of %d", name, code.StaticThreadgroupMemory, maxThreadgroupMemory)
			return
		}
		program, err := simt.Compile(code.Func)
		if err != nil {
			f.err = errorf(DomainLibrary, CodeLibraryInternal, "kernel %q: %v", name, err)
			return
		}
		f.code, f.program = code, program
	})
	return f.err
}

// PipelineOptions are what a MTLComputePipelineDescriptor adds to a function.
type PipelineOptions struct {
	Label      string
	MaxThreads uint64 // 0 does not limit
	Required   Size3  // zero is any
}

// NewPipeline makes a function executable.
// newComputePipelineStateWithFunction:error:
func (d *Device) NewPipeline(f *Function, o PipelineOptions) (*Pipeline, *Error) {
	if f == nil {
		return nil, errorf(DomainLibrary, CodeFunctionNotFound, "a compute pipeline needs a function: computeFunction is nil")
	}
	if err := f.build(); err != nil {
		return nil, err
	}
	p := newPipeline(d, f.Name(), f.program.Mems(), f.code.Args)
	p.label = o.Label
	p.program = f.program
	p.staticMemory = uint64(f.code.StaticThreadgroupMemory)
	p.addresses = resolvesAddresses(f.code.Func)
	p.talks = len(f.code.Func.Messages) > 0
	p.findResources(f.code.Func)
	for _, limit := range []uint64{uint64(f.code.MaxThreads), f.library.options.MaxThreads, o.MaxThreads} {
		if limit > maxThreads {
			return nil, errorf(DomainLibrary, CodeCompileFailure, "kernel %q: maxTotalThreadsPerThreadgroup %d is over the device's limit of %d", p.name, limit, maxThreads)
		}
		if limit != 0 {
			p.maxThreads = min(p.maxThreads, limit)
		}
	}
	p.required = f.library.options.Required
	if o.Required != (Size3{}) {
		p.required = o.Required
	}
	if r := p.required; r != (Size3{}) {
		// Each factor is looked at first: a product of three may wrap around.
		if r[0] == 0 || r[1] == 0 || r[2] == 0 || max(r[0], r[1], r[2]) > maxThreads || r[0]*r[1]*r[2] > p.maxThreads {
			return nil, errorf(DomainLibrary, CodeCompileFailure, "kernel %q: requiredThreadsPerThreadgroup %v is not from 1 to %d threads", p.name, r, p.maxThreads)
		}
	}
	return p, nil
}

// resolvesAddresses reports whether f follows device addresses.
func resolvesAddresses(f *ir.Func) bool {
	found := false
	f.Body.Walk(func(in *ir.Instr) bool {
		found = found || in.Op == ir.OpResolveRef
		return !found
	})
	return found
}
