package ir

// Simplify returns the argument that op gives back unchanged for these
// arguments, if there is one, whatever the values that are not constant: x+0,
// x*1, x|0, x<<0. Floats are left alone but where IEEE 754 leaves no doubt.
func Simplify(op Op, t Type, args []Value, constant func(Value) (uint64, bool)) (Value, bool) {
	if len(args) != 2 {
		return 0, false
	}
	x, y := args[0], args[1]
	if c, ok := constant(y); ok {
		switch op {
		case OpAdd, OpSub, OpOr, OpXor, OpShl, OpLShr, OpAShr, OpUMax:
			if c == 0 {
				return x, true
			}
		case OpMul, OpUDiv, OpSDiv:
			if c == 1 && t != Bool {
				return x, true
			}
		case OpAnd, OpUMin:
			if c == Mask(t) {
				return x, true
			}
		}
		if (op == OpMul || op == OpAnd) && c == 0 {
			return y, true
		}
		if op == OpOr && c == Mask(t) {
			return y, true
		}
	}
	if c, ok := constant(x); ok {
		switch op {
		case OpAdd, OpOr, OpXor, OpUMax:
			if c == 0 {
				return y, true
			}
		case OpMul:
			if c == 1 {
				return y, true
			}
		case OpAnd, OpUMin:
			if c == Mask(t) {
				return y, true
			}
		}
		if (op == OpMul || op == OpAnd) && c == 0 {
			return x, true
		}
		if op == OpOr && c == Mask(t) {
			return x, true
		}
	}
	if x == y {
		switch op {
		case OpAnd, OpOr, OpUMin, OpUMax, OpSMin, OpSMax:
			return x, true
		}
	}
	return 0, false
}
