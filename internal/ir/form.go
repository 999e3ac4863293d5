package ir

import "fmt"

// A Form is an operation on operands of certain types.
type Form struct {
	Op   Op
	Type Type    // of the result
	From [3]Type // of the operands; Void beyond the last
}

// Args returns the types of the operands.
func (f Form) Args() []Type { return f.From[:f.Op.Info().NArgs] }

func (f Form) String() string {
	s := fmt.Sprintf("%s %s (", f.Op, f.Type)
	for i, t := range f.Args() {
		if i > 0 {
			s += ", "
		}
		s += t.String()
	}
	return s + ")"
}

// Eval computes the operation for operands with bits a, b and c: the reference
// for every engine. See the function.
func (f Form) Eval(a, b, c uint64) uint64 {
	r, ok := Eval(f.Op, f.Type, f.From[0], a, b, c)
	if !ok {
		panic("ir: no form " + f.String())
	}
	return r
}

// Forms returns every form of every operation that is a function of its operands
// alone: what an engine must compute as Eval does. The verifier accepts these
// operations in no other form, but for a select of Refs.
func Forms() []Form {
	var all []Form
	for op := range numOps {
		info := op.Info()
		if info.Class != Pure || !computes(op) {
			continue
		}
		for t := Bool; t < Ref; t++ {
			for from := Bool; from < Ref; from++ {
				f := Form{Op: op, Type: t}
				for i := range info.NArgs {
					f.From[i] = from
				}
				if op == OpSelect {
					f.From = [3]Type{Bool, t, t}
					if from != Bool {
						continue
					}
				}
				if wrong(op, t, f.Args()) == "" {
					all = append(all, f)
				}
			}
		}
	}
	return all
}

// computes reports whether op is a function of its operands alone.
func computes(op Op) bool { return op >= OpSelect && op <= OpFRem }

// wrong says what is wrong with an operation that computes on these types; ""
// if nothing is.
func wrong(op Op, t Type, args []Type) string {
	from := args[0]
	ok := true
	switch {
	case op == OpSelect:
		return differs(args, Bool, t, t)
	case op == OpTrunc:
		ok = t.IsInt() && from.IsInt() && from.Bits() > t.Bits()
	case op == OpZExt || op == OpSExt:
		ok = t.IsInt() && (from.IsInt() || from == Bool) && from.Bits() < t.Bits()
	case op == OpFToS || op == OpFToU:
		ok = t.IsInt() && from.IsFloat()
	case op == OpSToF || op == OpUToF:
		ok = t.IsFloat() && from.IsInt()
	case op == OpFConv:
		ok = t.IsFloat() && from.IsFloat() && t != from
	case op == OpBitcast:
		ok = t.Size() != 0 && t.Size() == from.Size() && t != Bool && from != Bool
	case op <= OpBitRev:
		logic := op == OpAnd || op == OpOr || op == OpXor || op == OpNot
		if !t.IsInt() && !(logic && t == Bool) {
			return fmt.Sprintf("cannot have type %s", t)
		}
		return differs(args, t, t, t)
	case op <= OpFLe:
		if t != Bool {
			return fmt.Sprintf("cannot have type %s", t)
		}
		if float := op >= OpFEq; float != from.IsFloat() || !float && !from.IsInt() && !(from == Bool && op <= OpNe) {
			return fmt.Sprintf("cannot compare %s", from)
		}
		return differs(args, from, from)
	default:
		if !t.IsFloat() {
			return fmt.Sprintf("cannot have type %s", t)
		}
		return differs(args, t, t, t)
	}
	if !ok {
		return fmt.Sprintf("cannot make %s of %s", t, from)
	}
	return ""
}

// differs says which of args has not the type that it should have.
func differs(args []Type, want ...Type) string {
	for i, t := range args {
		if t != want[i] {
			return fmt.Sprintf("argument %d has type %s, want %s", i, t, want[i])
		}
	}
	return ""
}
