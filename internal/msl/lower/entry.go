package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// entry lowers the kernel itself.
func (l *lowerer) entry(k *sem.Func) {
	if k.Body == nil {
		l.bug("kernel %s has no body", k.Name)
	}
	l.frame = &frame{fn: k, facts: l.factsOf(k), vars: map[*sem.Var]place{}, targets: map[*sem.Var]place{}, block: true, label: 0}
	for _, p := range k.Params {
		l.at = p.Pos
		l.bindParam(p, l.argument(p))
	}
	l.stmt(k.Body)
}

// argument returns the value of a kernel's parameter, or the object that a
// reference is bound to.
func (l *lowerer) argument(p *sem.Var) place {
	if p.Arg == nil {
		l.bug("parameter %s of kernel %s is bound to nothing", p.Name, l.kernel.Name)
	}
	if p.Arg.Kind == sem.ArgBuiltin {
		return valuePlace(p.Type, l.input(p))
	}
	if p.Arg.Kind == sem.ArgTexture || p.Arg.Kind == sem.ArgSampler {
		return l.resource(p)
	}
	var elem types.Type
	var space types.Space
	pointer := true
	switch t := p.Type.(type) {
	case *types.Pointer:
		elem, space = t.Elem, t.Space
	case *types.Reference:
		elem, space, pointer = t.Elem, t.Space, false
	default:
		l.fail(p.Pos, "argument '%s': arguments of type '%s' are not supported", p.Name, p.Type)
	}
	m := ir.Mem{Name: p.Name, Index: p.Arg.Index, Space: spaceOf(space), Size: elem.Size(), Align: int(elem.Align())}
	switch p.Arg.Kind {
	case sem.ArgBuffer:
		m.Kind = ir.MemBuffer
	case sem.ArgThreadgroup:
		m.Kind = ir.MemThreadgroupArg
	}
	var ref ir.Value
	if l.enabled(p.Arg) {
		ref = l.b.Mem(m)
	} else {
		ref = l.b.Null()
	}
	if pointer {
		return valuePlace(p.Type, []ir.Value{ref, l.b.I64(0)})
	}
	return memoryPlace(elem, ref, l.b.I64(0), m.Space)
}

// enabled reports whether an argument is there: one with [[function_constant]]
// is not where that is false.
func (l *lowerer) enabled(a *sem.Arg) bool {
	if a.Enabled == nil {
		return true
	}
	v := l.constant(a.Enabled)
	bits, ok := l.b.ConstBits(v[0])
	if !ok {
		l.fail(a.Enabled.Pos, "'%s' is not constant once the kernel is specialised", a.Enabled.Name)
	}
	return bits != 0
}

// input returns the value of a parameter such as thread_position_in_grid,
// converted to the parameter's type.
func (l *lowerer) input(p *sem.Var) []ir.Value {
	_, n, ok := builtinInput(p.Arg.Builtin)
	if !ok {
		l.fail(p.Pos, "argument '%s': the attribute '%s' is not supported in a kernel", p.Name, p.Arg.Builtin)
	}
	if l.countParts(p.Type) > int64(n) || elemOf(p.Type) == nil {
		l.fail(p.Pos, "argument '%s': type '%s' does not fit the attribute '%s'", p.Name, p.Type, p.Arg.Builtin)
	}
	return l.inputOf(p.Arg.Builtin, p.Type)
}

// inputOf returns the input that an attribute names, as type t.
func (l *lowerer) inputOf(attr string, t types.Type) []ir.Value {
	if attr == "grid_origin" { // of stage-in regions, which there are not
		return l.zero(t)
	}
	first, _, _ := builtinInput(attr)
	vals := make([]ir.Value, l.countParts(t))
	for i := range vals {
		vals[i] = l.convert(l.b.Builtin(first+ir.Builtin(i)), types.Basics[types.UInt], elemOf(t))
	}
	return vals
}

// builtinInput returns the first of the IR's inputs that an attribute names,
// and how many components it has.
func builtinInput(attr string) (first ir.Builtin, n int, ok bool) {
	switch attr {
	case "thread_position_in_grid":
		return ir.ThreadPositionInGridX, 3, true
	case "thread_position_in_threadgroup":
		return ir.ThreadPositionInThreadgroupX, 3, true
	case "threadgroup_position_in_grid":
		return ir.ThreadgroupPositionInGridX, 3, true
	case "threads_per_threadgroup":
		return ir.ThreadsPerThreadgroupX, 3, true
	case "dispatch_threads_per_threadgroup":
		return ir.DispatchThreadsPerThreadgroupX, 3, true
	case "threads_per_grid", "grid_size", "grid_origin":
		return ir.ThreadsPerGridX, 3, true
	case "threadgroups_per_grid":
		return ir.ThreadgroupsPerGridX, 3, true
	case "thread_index_in_threadgroup":
		return ir.ThreadIndexInThreadgroup, 1, true
	case "thread_index_in_simdgroup":
		return ir.ThreadIndexInSimdgroup, 1, true
	case "simdgroup_index_in_threadgroup":
		return ir.SimdgroupIndexInThreadgroup, 1, true
	case "threads_per_simdgroup", "thread_execution_width":
		return ir.ThreadsPerSimdgroup, 1, true
	case "simdgroups_per_threadgroup":
		return ir.SimdgroupsPerThreadgroup, 1, true
	case "dispatch_simdgroups_per_threadgroup":
		return ir.DispatchSimdgroupsPerThreadgroup, 1, true
	case "thread_index_in_quadgroup":
		return ir.ThreadIndexInQuadgroup, 1, true
	case "quadgroup_index_in_threadgroup":
		return ir.QuadgroupIndexInThreadgroup, 1, true
	case "quadgroups_per_threadgroup":
		return ir.QuadgroupsPerThreadgroup, 1, true
	case "dispatch_quadgroups_per_threadgroup":
		return ir.DispatchQuadgroupsPerThreadgroup, 1, true
	}
	return 0, 0, false
}

// bindParam makes p denote what it is given: the object, if it is a reference,
// otherwise a copy of the value.
func (l *lowerer) bindParam(p *sem.Var, arg place) {
	if _, ok := p.Type.(*types.Reference); ok {
		if l.frame.facts.memory[p] {
			arg = l.spill(arg)
		}
		l.frame.vars[p] = arg
		return
	}
	l.declare(p, l.load(arg, p.Pos))
}

// declare makes p a variable that holds vals. What never changes needs no
// place.
func (l *lowerer) declare(p *sem.Var, vals []ir.Value) {
	f := l.frame.facts
	switch {
	case f.memory[p] || len(vals) > maxVarParts && (f.written[p] || f.stepped[p]) || l.shape(p.Type).union:
		m := l.newMemory(p.Type, p.Name)
		l.store(m, vals, p.Pos)
		l.frame.vars[p] = m
	case f.written[p]:
		v := l.newVars(p.Type, p.Name)
		l.store(v, vals, p.Pos)
		l.frame.vars[p] = v
	case f.stepped[p]:
		// A pointer that walks stays in the memory it points to.
		v := l.b.Var(ir.I64, p.Name)
		l.b.Set(v, vals[1])
		l.frame.vars[p] = place{t: p.Type, kind: inParts, vars: []int{-1, v}, vals: []ir.Value{vals[0], 0}}
	default:
		l.frame.vars[p] = valuePlace(p.Type, vals)
	}
}
