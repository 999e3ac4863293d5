package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addAtomics adds the atomic functions (MSL spec, section 6.15) and the
// fences. The order and scope they are given change nothing: all atomics are
// sequentially consistent.
func addAtomics(m map[string]libFunc) {
	add := func(name string, f libFunc) {
		m[name], m[name+"_explicit"] = f, f
	}
	add("atomic_load", func(l *lowerer, e *sem.Builtin) []ir.Value {
		return []ir.Value{l.atomic(e, ir.OpAtomicLoad, 0)}
	})
	add("atomic_store", func(l *lowerer, e *sem.Builtin) []ir.Value {
		l.atomic(e, ir.OpAtomicStore, 0)
		return nil
	})
	add("atomic_compare_exchange_weak", compareExchange)
	add("atomic_compare_exchange_strong", compareExchange)
	for name, ops := range map[string][3]ir.AtomicOp{
		"exchange": {ir.AtomicXchg, ir.AtomicXchg, ir.AtomicXchg},
		"add":      {ir.AtomicAdd, ir.AtomicAdd, ir.AtomicAdd},
		"sub":      {ir.AtomicSub, ir.AtomicSub, ir.AtomicSub},
		"and":      {ir.AtomicAnd, ir.AtomicAnd, ir.AtomicAnd},
		"or":       {ir.AtomicOr, ir.AtomicOr, ir.AtomicOr},
		"xor":      {ir.AtomicXor, ir.AtomicXor, ir.AtomicXor},
		"min":      {ir.AtomicSMin, ir.AtomicUMin, ir.AtomicFMin},
		"max":      {ir.AtomicSMax, ir.AtomicUMax, ir.AtomicFMax},
	} {
		f := func(l *lowerer, e *sem.Builtin) []ir.Value {
			o, t := ops[1], atomicElem(e)
			switch {
			case t.IsFloat():
				o = ops[2]
			case t.IsSigned():
				o = ops[0]
			}
			old := l.atomic(e, ir.OpAtomicRMW, o)
			if b, ok := e.T.(*types.Basic); ok && b.Kind == types.Void {
				return nil
			}
			return []ir.Value{old}
		}
		if name == "exchange" {
			add("atomic_exchange", f)
			continue
		}
		add("atomic_fetch_"+name, f)
		if name == "min" || name == "max" {
			add("atomic_"+name, f) // of ulong, without a result
		}
	}
	fence := func(l *lowerer, e *sem.Builtin) []ir.Value {
		l.setPos(e.P)
		l.b.Fence()
		return nil
	}
	m["atomic_thread_fence"] = fence
	m["threadgroup_barrier"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		l.setPos(e.P)
		l.b.Barrier(false)
		return nil
	}
	m["simdgroup_barrier"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		l.setPos(e.P)
		l.b.Barrier(true)
		return nil
	}
}

// atomicElem returns the type that an atomic function works on.
func atomicElem(e *sem.Builtin) *types.Basic {
	return elemOf(e.Args[0].Type().(*types.Pointer).Elem)
}

// atomic emits an atomic operation on what the first argument points to, with
// the second as operand if there is one, and returns the old value. A bool is
// worked on as a word.
func (l *lowerer) atomic(e *sem.Builtin, o ir.Op, a ir.AtomicOp) ir.Value {
	p := l.value(e.Args[0])
	space := spaceOf(e.Args[0].Type().(*types.Pointer).Space)
	t := l.scalarType(atomicElem(e))
	var args []ir.Value
	if o != ir.OpAtomicLoad {
		args = []ir.Value{l.wordOf(l.scalar(e.Args[1]))}
	}
	l.setPos(e.P)
	mt := t
	if t == ir.Bool {
		mt = ir.I32
	}
	old := l.b.Atomic(o, a, space, mt, p[0], p[1], 0, args...)
	if t == ir.Bool && old != ir.NoValue {
		old = l.test(ir.OpNe, old, l.b.Zero(ir.I32))
	}
	return old
}

// wordOf returns v as it lies in an atomic object.
func (l *lowerer) wordOf(v ir.Value) ir.Value {
	if l.b.F.TypeOf(v) == ir.Bool {
		return l.b.Emit(ir.OpZExt, ir.I32, v)
	}
	return v
}

// compareExchange is atomic_compare_exchange_weak_explicit(object, expected,
// desired, …). It compares bits, does not fail spuriously, and stores what it
// found in *expected.
func compareExchange(l *lowerer, e *sem.Builtin) []ir.Value {
	p := l.value(e.Args[0])
	space := spaceOf(e.Args[0].Type().(*types.Pointer).Space)
	var expected place
	if a, ok := e.Args[1].(*sem.AddrOf); ok {
		expected = l.place(a.X)
	} else {
		q := l.value(e.Args[1])
		t := e.Args[1].Type().(*types.Pointer)
		expected = memoryPlace(t.Elem, q[0], q[1], spaceOf(t.Space))
	}
	desired := l.wordOf(l.scalar(e.Args[2]))
	want := l.wordOf(l.load(expected, e.P)[0])
	t := l.b.F.TypeOf(desired)
	n := t.Int()
	want = l.bits(want, n)
	l.setPos(e.P)
	old := l.b.Atomic(ir.OpAtomicCAS, 0, space, n, p[0], p[1], 0, want, l.bits(desired, n))
	same := l.test(ir.OpEq, old, want)
	found := l.bits(old, t)
	if atomicElem(e).Kind == types.Bool {
		found = l.test(ir.OpNe, found, l.b.Zero(t))
	}
	l.store(expected, []ir.Value{found}, e.P)
	return []ir.Value{same}
}
