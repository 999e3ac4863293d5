package abi

import "github.com/aruminium-go/aruminium/internal/msgsend/objctype"

// The System V ABI: a struct of at most 16 bytes is passed by its eightbytes,
// each in an integer register or, when it holds only floats, in a vector
// register; when the registers do not suffice for all of it, and when it is
// larger, it is copied to the stack.

// eightbytes tells for each eightbyte of a small struct whether it holds floats
// only.
func eightbytes(t *objctype.Type) []bool {
	floats := make([]bool, t.Words())
	for i := range floats {
		floats[i] = true
	}
	for _, leaf := range t.Leaves(nil, 0) {
		if !isFloat(leaf.Kind) {
			floats[leaf.Offset/8] = false
		}
	}
	return floats
}

func (l *lowering) argAMD64(t *objctype.Type, from int) {
	switch {
	case t.Size == 0:
		return
	case isFloat(t.Kind):
		if l.Floats < floatRegs {
			l.toFloat(from, t.Size)
		} else {
			l.toStack(from, 8, 8, 8)
		}
		return
	case !t.IsAggregate():
		if l.Ints < l.Target.intRegs() {
			l.toInt(from, 8)
		} else {
			l.toStack(from, 8, 8, 8)
		}
		return
	}
	if t.Size <= 16 {
		classes := eightbytes(t)
		ints, floats := 0, 0
		for _, f := range classes {
			if f {
				floats++
			} else {
				ints++
			}
		}
		if l.Ints+ints <= l.Target.intRegs() && l.Floats+floats <= floatRegs {
			for i, f := range classes {
				size := min(8, t.Size-i*8)
				if f {
					l.toFloat(from+i*8, size)
				} else {
					l.toInt(from+i*8, size)
				}
			}
			return
		}
	}
	l.toStack(from, t.Size, max(8, t.Align), alignUp(t.Size, 8))
}

func (l *lowering) resultAMD64(t *objctype.Type) {
	switch {
	case t.Size == 0:
	case isFloat(t.Kind):
		l.Result = []Part{{Where: FloatReg, Size: t.Size}}
	case !t.IsAggregate():
		l.Result = []Part{{Where: IntReg, Size: t.Size, Signed: t.Signed()}}
	case t.Size > 16:
		l.Indirect = true
	default:
		ints, floats := 0, 0
		for i, f := range eightbytes(t) {
			size := min(8, t.Size-i*8)
			if f {
				l.Result = append(l.Result, Part{Where: FloatReg, At: floats, To: i * 8, Size: size})
				floats++
			} else {
				l.Result = append(l.Result, Part{Where: IntReg, At: ints, To: i * 8, Size: size})
				ints++
			}
		}
	}
}
