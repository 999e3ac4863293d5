package abi

import "github.com/aruminium-go/aruminium/internal/msgsend/objctype"

// The arm64 ABI: a struct of one to four floats of one type (an HFA) takes a
// vector register each; another struct of at most 16 bytes takes one or two
// integer registers; a larger one is copied and passed by reference. What finds
// too few registers goes to the stack whole, and no later argument of its kind
// gets a register. On the stack the standard ABI gives every argument 8 bytes at
// least; Apple's gives a scalar its natural size and alignment.

// hfa returns element size and count of a homogeneous float aggregate, count 0
// when t is none.
func hfa(t *objctype.Type) (size, count int) {
	if !t.IsAggregate() {
		return 0, 0
	}
	leaves := t.Leaves(nil, 0)
	if len(leaves) == 0 || !isFloat(leaves[0].Kind) {
		return 0, 0
	}
	for _, leaf := range leaves {
		if leaf.Kind != leaves[0].Kind {
			return 0, 0
		}
	}
	// Members of a union overlap: what counts is how many elements the memory holds.
	size = leaves[0].Size
	if count = t.Size / size; count > 4 {
		return 0, 0
	}
	return size, count
}

func (l *lowering) argARM64(t *objctype.Type, from int) {
	if t.Size == 0 {
		return
	}
	if isFloat(t.Kind) {
		if l.Floats < floatRegs {
			l.toFloat(from, t.Size)
		} else {
			l.scalarToStack(from, t.Size)
		}
		return
	}
	if !t.IsAggregate() {
		if l.Ints < l.Target.intRegs() {
			l.toInt(from, 8)
		} else {
			l.scalarToStack(from, t.Size)
		}
		return
	}
	if size, n := hfa(t); n > 0 {
		if l.Floats+n <= floatRegs {
			for i := range n {
				l.toFloat(from+i*size, size)
			}
			return
		}
		l.Floats = floatRegs
		if l.Target == DarwinARM64 {
			l.toStack(from, t.Size, size, t.Size)
		} else {
			l.toStack(from, t.Size, 8, alignUp(t.Size, 8))
		}
		return
	}
	if t.Size > 16 {
		l.byReference(t, from)
		return
	}
	n := t.Words()
	if t.Align > 8 {
		l.Ints = alignUp(l.Ints, 2)
	}
	if l.Ints+n <= l.Target.intRegs() {
		for i := range n {
			l.toInt(from+i*8, min(8, t.Size-i*8))
		}
		return
	}
	l.Ints = l.Target.intRegs()
	l.toStack(from, t.Size, max(8, t.Align), alignUp(t.Size, 8))
}

// scalarToStack passes a scalar on the stack.
func (l *lowering) scalarToStack(from, size int) {
	if l.Target == DarwinARM64 {
		l.toStack(from, size, size, size)
	} else {
		l.toStack(from, 8, 8, 8)
	}
}

// byReference passes the address of a copy.
func (l *lowering) byReference(t *objctype.Type, from int) {
	l.Refs = alignUp(l.Refs, 16)
	m := Move{Where: IntRef, At: l.Ints, From: from, Size: t.Size, Copy: l.Refs}
	if l.Ints < l.Target.intRegs() {
		l.Ints++
	} else {
		l.Stack = alignUp(l.Stack, 8)
		m.Where, m.At = StackRef, l.Stack
		l.Stack += 8
	}
	l.Moves = append(l.Moves, m)
	l.Refs += alignUp(t.Size, 8)
}

func (l *lowering) resultARM64(t *objctype.Type) {
	switch {
	case t.Size == 0:
	case isFloat(t.Kind):
		l.Result = []Part{{Where: FloatReg, Size: t.Size}}
	case !t.IsAggregate():
		l.Result = []Part{{Where: IntReg, Size: t.Size, Signed: t.Signed()}}
	default:
		if size, n := hfa(t); n > 0 {
			for i := range n {
				l.Result = append(l.Result, Part{Where: FloatReg, At: i, To: i * size, Size: size})
			}
			return
		}
		if t.Size > 16 {
			l.Indirect = true
			return
		}
		for i := range t.Words() {
			l.Result = append(l.Result, Part{Where: IntReg, At: i, To: i * 8, Size: min(8, t.Size-i*8)})
		}
	}
}
