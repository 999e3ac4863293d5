package cpumetal

// ArgumentKind is MTLBindingType.
type ArgumentKind int

const (
	ArgumentBuffer      ArgumentKind = 0
	ArgumentThreadgroup ArgumentKind = 1
)

// Argument is one argument of a kernel, as reflection tells it.
type Argument struct {
	Name     string
	Kind     ArgumentKind
	Index    int
	Access   int // MTLBindingAccess
	Used     bool
	Size     uint64 // in bytes, of what it points to
	Align    uint64
	DataType int // MTLDataType, of what it points to
}

// Launch is one dispatch as a kernel is asked to run it.
type Launch struct {
	Threads [3]uint64 // in the grid
	Groups  [3]uint64 // threadgroups in the grid
	Group   [3]uint32 // threads asked for in a threadgroup
	Buffers []Binding // of the pipeline's buffer arguments, in their order
	Lengths []uint32  // of its threadgroup arguments, in their order
}

// Fault is why a launch failed: the code of DomainCommandBuffer, and a sentence
// that names kernel, argument, index and line.
type Fault struct {
	Code int
	Text string
}

// kernel is a function that the engine can run.
type kernel interface {
	// Launch runs the kernel and returns the first fault. It keeps nothing of l.
	Launch(l *Launch) *Fault
}

// Pipeline is a kernel made executable. It never changes.
type Pipeline struct {
	device       *Device
	name         string
	label        string
	kernel       kernel
	arguments    []Argument // all
	buffers      []Argument // of ArgumentBuffer
	threadgroup  []Argument // of ArgumentThreadgroup
	maxThreads   uint64
	staticMemory uint64
	required     Size3 // zero if any size will do
}

func newPipeline(d *Device, name string, k kernel, args []Argument) *Pipeline {
	p := &Pipeline{device: d, name: name, kernel: k, arguments: args, maxThreads: maxThreads}
	for _, a := range args {
		switch a.Kind {
		case ArgumentBuffer:
			p.buffers = append(p.buffers, a)
		case ArgumentThreadgroup:
			p.threadgroup = append(p.threadgroup, a)
		}
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
func (p *Pipeline) Arguments() []Argument { return p.arguments }
