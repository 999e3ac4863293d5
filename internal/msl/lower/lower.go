package lower

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Options tell how to lower.
type Options struct {
	// Constants are the values of function constants, one word a component as
	// in sem.Const. A constant that is not there has not been set.
	Constants map[*sem.Var][]uint64
	// Fast asks for the fast form of mathematical functions that are not
	// called by way of metal::precise, and lets a product and the sum it goes
	// into be rounded once.
	Fast bool
	// Logging asks for the messages of os_log.
	Logging bool
}

// Limits of a kernel.
const (
	MaxThreadgroupMemory = 32 << 10  // bytes that a kernel may declare
	MaxThreadMemory      = 256 << 10 // bytes of one thread
	maxValues            = 2 << 20   // values in a kernel, all calls inlined
	maxMoves             = 8 << 20   // scalars loaded, stored and cleared
	maxCalls             = 1 << 18   // calls inlined
	maxDepth             = 200       // calls within calls
)

// Kernel lowers a kernel of mod. The function is nil if there are errors. It
// is not optimised: see package opt.
func Kernel(mod *sem.Module, k *sem.Func, opts Options) (fn *ir.Func, diags source.List) {
	name := k.Name
	if k.Kernel != nil {
		name = k.Kernel.Name
	}
	fn = ir.NewFunc(name)
	l := &lowerer{
		mod:           mod,
		fastByDefault: opts.Fast,
		logging:       opts.Logging,
		consts:        opts.Constants,
		b:             ir.NewBuilder(fn),
		kernel:        k,
		shapes:        map[types.Type]*shape{},
		counts:        map[*types.Struct]int64{},
		starts:        map[*types.Struct][]int64{},
		facts:         map[*sem.Func]*facts{},
		globals:       map[*sem.Var]place{},
		values:        map[*sem.Var][]ir.Value{},
		files:         map[string]int32{},
		free:          map[memKey][]ir.Value{},
		threadgroup:   map[*sem.Var]ir.Value{},
	}
	defer func() {
		if r := recover(); r != nil {
			if r != (gaveUp{}) {
				panic(r)
			}
			fn, diags = nil, l.diags
		}
	}()
	l.at = k.Pos
	l.setFP(sem.FP{})
	l.entry(k)
	l.b.Finish()
	return fn, l.diags
}

// lowerer lowers one kernel.
type lowerer struct {
	mod     *sem.Module
	kernel  *sem.Func
	logging bool
	consts  map[*sem.Var][]uint64
	b       *ir.Builder
	diags   source.List
	at      source.Pos // of what is being lowered, for errors

	fastByDefault bool
	fp            sem.FP       // of the block being lowered, which makes
	fast          bool         // mathematical functions fast or not, and
	contract      sem.Contract // so; it is never the default

	shapes map[types.Type]*shape
	counts map[*types.Struct]int64
	starts map[*types.Struct][]int64
	facts  map[*sem.Func]*facts

	globals     map[*sem.Var]place      // constants that lie in memory
	values      map[*sem.Var][]ir.Value // constants whose parts are all known
	threadgroup map[*sem.Var]ir.Value

	frame *frame
	moves int
	calls int
	depth int

	nested int // Ifs that hold the rest of a list

	free             map[memKey][]ir.Value // memory of calls that have returned
	threadBytes      int64
	threadgroupBytes int64

	files   map[string]int32
	lastPos source.Pos
	last    ir.Pos
}

// frame is one call of a function being inlined.
type frame struct {
	fn    *sem.Func
	outer *frame // of the function that calls it
	facts *facts
	vars  map[*sem.Var]place
	// targets has what pointers point to that are as good as references.
	targets map[*sem.Var]place

	memory []ownMemory // to be freed at the end

	// How a return leaves: out of the Block label with the result in result,
	// or, where the function returns at its end only, by falling out of it.
	block  bool
	label  ir.Label
	result place
	value  []ir.Value // of a tail return
	place  place      // of a tail return of a reference

	loops []loop
}

// loop is what break and continue mean.
type loop struct {
	isSwitch      bool
	breakTo       ir.Label
	continueTo    ir.Label
	continueLoops bool // continueTo is the Loop itself, not a Block in it
}

type memKey struct {
	name        string
	size, align int64
}

type ownMemory struct {
	key memKey
	ref ir.Value
}

// gaveUp is what fail panics with; Kernel recovers it.
type gaveUp struct{}

// fail reports an error and gives the kernel up.
func (l *lowerer) fail(pos source.Pos, format string, args ...any) {
	if !pos.IsValid() {
		pos = l.kernel.Pos
	}
	l.diags.Errorf(pos, format, args...)
	panic(gaveUp{})
}

// bug reports what a checked program cannot contain.
func (l *lowerer) bug(format string, args ...any) {
	panic("msl/lower: " + fmt.Sprintf(format, args...))
}

// setPos makes pos the place of the instructions that follow.
func (l *lowerer) setPos(pos source.Pos) {
	if !pos.IsValid() {
		return
	}
	if pos != l.lastPos {
		p := l.mod.Files.Position(pos)
		file, ok := l.files[p.Filename]
		if !ok {
			file = int32(len(l.b.F.Files))
			l.files[p.Filename] = file
			l.b.F.Files = append(l.b.F.Files, p.Filename)
		}
		l.lastPos, l.last = pos, ir.Pos{File: file, Line: int32(p.Line), Col: int32(p.Column)}
	}
	l.b.Pos = l.last
}

// checkSize gives up on a kernel that grows beyond all bounds.
func (l *lowerer) checkSize() {
	if len(l.b.F.Values) > maxValues {
		l.fail(l.at, "kernel '%s' is too large: more than %d operations once all calls are inlined", l.b.F.Name, maxValues)
	}
}

// moving counts n scalars that are moved.
func (l *lowerer) moving(n int) {
	if l.moves += n; l.moves > maxMoves {
		l.fail(l.at, "kernel '%s' is too large: it moves more than %d scalars once all calls are inlined", l.b.F.Name, maxMoves)
	}
}

// newMemory returns an object of type t in memory of the thread's own. It is
// given back at the end of the call being inlined.
func (l *lowerer) newMemory(t types.Type, name string) place {
	key := memKey{name, max(t.Size(), 1), t.Align()}
	var ref ir.Value
	if list := l.free[key]; len(list) > 0 {
		ref = list[len(list)-1]
		l.free[key] = list[:len(list)-1]
	} else {
		size := (key.size + 15) &^ 15
		if key.size > MaxThreadMemory || l.threadBytes+size > MaxThreadMemory {
			l.fail(l.at, "'%s' needs %d bytes: a thread has no more than %d bytes of memory of its own", name, key.size, MaxThreadMemory)
		}
		l.threadBytes += size
		ref = l.b.Mem(ir.Mem{Name: name, Kind: ir.MemThread, Space: ir.Thread, Size: key.size, Align: int(key.align)})
	}
	l.frame.memory = append(l.frame.memory, ownMemory{key, ref})
	return memoryPlace(t, ref, l.b.I64(0), ir.Thread)
}

// leave gives back the memory of the frame and returns to the one outside.
func (l *lowerer) leave(outer *frame) {
	for _, m := range l.frame.memory {
		l.free[m.key] = append(l.free[m.key], m.ref)
	}
	l.frame = outer
}
