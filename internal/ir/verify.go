package ir

import "fmt"

// Verify reports the first way in which f is not well formed: a value used
// outside the region that defines it, an operand of the wrong type or number,
// a region without a terminator, a branch to nowhere.
func Verify(f *Func) error {
	v := verifier{f: f, defined: make([]bool, len(f.Values))}
	if err := v.block(f.Body, &target{body: f.Body}); err != nil {
		return err
	}
	if last := f.Body.Last(); last.Op == OpYield && len(last.Args) > 0 {
		return v.errorf(last, "a kernel has no results")
	}
	return nil
}

type verifier struct {
	f       *Func
	defined []bool // values in scope
}

// target is an enclosing Block or Loop.
type target struct {
	parent *target
	in     *Instr // nil for the function's body
	body   *Block
}

func (v *verifier) errorf(in *Instr, format string, args ...any) error {
	return fmt.Errorf("ir: kernel %q, %s at %d:%d: %s", v.f.Name, in.Op, in.Pos.Line, in.Pos.Col, fmt.Sprintf(format, args...))
}

func (v *verifier) block(b *Block, t *target) error {
	var scope []Value
	defer func() {
		for _, x := range scope {
			v.defined[x] = false
		}
	}()
	define := func(in *Instr, x Value) error {
		if x <= 0 || int(x) >= len(v.f.Values) {
			return v.errorf(in, "result %d is no value of the function", x)
		}
		if v.defined[x] {
			return v.errorf(in, "value %d is defined twice", x)
		}
		v.defined[x] = true
		scope = append(scope, x)
		return nil
	}
	for _, p := range b.Params {
		if err := define(t.in, p); err != nil {
			return err
		}
	}
	for i, in := range b.Code {
		if term := in.Op.Info().Class == Term; term != (i == len(b.Code)-1) {
			return v.errorf(in, "instruction %d of %d in its region", i+1, len(b.Code))
		}
		if err := v.instr(in, t); err != nil {
			return err
		}
		for _, inner := range in.Body {
			to := t
			if in.Op != OpIf {
				to = &target{t, in, inner}
			} else if len(inner.Params) > 0 {
				return v.errorf(in, "an arm has parameters")
			}
			if err := v.region(in, inner, to); err != nil {
				return err
			}
		}
		if in.Out != NoValue {
			if err := define(in, in.Out); err != nil {
				return err
			}
		}
		for _, x := range in.Outs {
			if err := define(in, x); err != nil {
				return err
			}
		}
	}
	if len(b.Code) == 0 {
		return fmt.Errorf("ir: kernel %q: a region is empty", v.f.Name)
	}
	return nil
}

// region verifies a region of in, whose own terminator must suit it.
func (v *verifier) region(in *Instr, b *Block, t *target) error {
	if err := v.block(b, t); err != nil {
		return err
	}
	if last := b.Last(); last.Op == OpYield {
		if in.Op == OpLoop {
			return v.errorf(last, "a loop's body ends in continue or break")
		}
	}
	return nil
}

func (v *verifier) instr(in *Instr, t *target) error {
	info := in.Op.Info()
	if in.Op == OpInvalid || in.Op >= numOps {
		return v.errorf(in, "no such operation")
	}
	if info.NArgs >= 0 && len(in.Args) != info.NArgs {
		return v.errorf(in, "%d arguments, want %d", len(in.Args), info.NArgs)
	}
	for _, a := range in.Args {
		if a <= 0 || int(a) >= len(v.f.Values) || !v.defined[a] {
			return v.errorf(in, "argument %d is not defined here", a)
		}
	}
	if in.Op.IsTexture() {
		if in.Out != NoValue || len(in.Body) > 0 {
			return v.errorf(in, "has a result of its own or a region")
		}
		return v.tex(in)
	}
	if in.Op >= OpMatLoad && in.Op <= OpMatMulAdd {
		return v.matrix(in)
	}
	wantOut := true
	switch info.Class {
	case Control, Term:
		wantOut = false
	case Effect:
		switch in.Op {
		case OpAtomicLoad, OpAtomicRMW, OpAtomicCAS, OpShuffle, OpGroupReduce, OpGroupScan, OpBallot:
		default:
			wantOut = false
		}
	}
	if (in.Out != NoValue) != wantOut {
		return v.errorf(in, "has a result: %v, want %v", in.Out != NoValue, wantOut)
	}
	if in.Out != NoValue && v.f.TypeOf(in.Out) != in.Type {
		return v.errorf(in, "its result has type %s, want %s", v.f.TypeOf(in.Out), in.Type)
	}
	if len(in.Outs) > 0 && info.Class != Control {
		return v.errorf(in, "has region results")
	}
	bodies := 0
	switch in.Op {
	case OpIf:
		bodies = 2
	case OpLoop, OpBlock:
		bodies = 1
	}
	if len(in.Body) != bodies {
		return v.errorf(in, "%d regions, want %d", len(in.Body), bodies)
	}
	switch info.Class {
	case Term:
		return v.terminator(in, t)
	case Control:
		return v.control(in)
	}
	return v.types(in)
}

func (v *verifier) control(in *Instr) error {
	switch in.Op {
	case OpIf:
		if err := v.want(in, Bool); err != nil {
			return err
		}
		for _, arm := range in.Body {
			if last := arm.Last(); last != nil && last.Op == OpYield {
				if err := v.match(last, last.Args, in.Outs); err != nil {
					return err
				}
			}
		}
	case OpLoop:
		return v.match(in, in.Args, in.Body[0].Params)
	case OpBlock:
		if last := in.Body[0].Last(); last != nil && last.Op == OpYield {
			return v.match(last, last.Args, in.Outs)
		}
	}
	return nil
}

func (v *verifier) terminator(in *Instr, t *target) error {
	if in.Op == OpYield {
		return nil // matched by what it ends
	}
	for range in.Imm {
		if t = t.parent; t == nil {
			return v.errorf(in, "depth %d has no target", in.Imm)
		}
	}
	if in.Imm < 0 {
		return v.errorf(in, "depth %d is negative", in.Imm)
	}
	if in.Op == OpContinue {
		if t.in == nil || t.in.Op != OpLoop {
			return v.errorf(in, "its target is no loop")
		}
		return v.match(in, in.Args, t.body.Params)
	}
	if t.in == nil {
		return v.match(in, in.Args, nil)
	}
	return v.match(in, in.Args, t.in.Outs)
}

// match checks that args may become the values to.
func (v *verifier) match(in *Instr, args, to []Value) error {
	if len(args) != len(to) {
		return v.errorf(in, "gives %d values, want %d", len(args), len(to))
	}
	for i, a := range args {
		if got, want := v.f.TypeOf(a), v.f.TypeOf(to[i]); got != want {
			return v.errorf(in, "value %d has type %s, want %s", i, got, want)
		}
	}
	return nil
}

// want checks the types of in's first arguments.
func (v *verifier) want(in *Instr, types ...Type) error {
	for i, t := range types {
		if got := v.f.TypeOf(in.Args[i]); got != t {
			return v.errorf(in, "argument %d has type %s, want %s", i, got, t)
		}
	}
	return nil
}

func (v *verifier) types(in *Instr) error {
	t := in.Type
	bad := func() error { return v.errorf(in, "cannot have type %s", t) }
	switch op := in.Op; {
	case op == OpConst:
		if t == Void || t >= numTypes || t == Ref && in.Imm != 0 || uint64(in.Imm)&^Mask(t) != 0 && t != Ref {
			return v.errorf(in, "%#x is no constant of type %s", in.Imm, t)
		}
	case op == OpBuiltin:
		if t != I32 || in.Imm < 0 || in.Imm >= int64(numBuiltins) {
			return bad()
		}
	case op == OpMem:
		if t != Ref || in.Imm < 0 || in.Imm >= int64(len(v.f.Mems)) {
			return v.errorf(in, "@%d is no memory of the function", in.Imm)
		}
	case op == OpTexture || op == OpSampler:
		n := len(v.f.Textures)
		if op == OpSampler {
			n = len(v.f.Samplers)
		}
		if t != I64 || in.Imm < 0 || in.Imm >= int64(n) {
			return v.errorf(in, "#%d is no %s of the function", in.Imm, op)
		}
	case op == OpTexQuery:
		if t != I32 || in.Imm < 0 || in.Imm >= int64(numTexQueries) {
			return bad()
		}
		return v.want(in, I64, I32)
	case op == OpVarGet || op == OpVarSet:
		if in.Imm < 0 || in.Imm >= int64(len(v.f.Vars)) || v.f.Vars[in.Imm].Type != t {
			return v.errorf(in, "$%d is no variable of type %s", in.Imm, t)
		}
		if op == OpVarSet {
			return v.want(in, t)
		}
	case computes(op):
		if in.Imm != 0 && (in.Imm != Contract || op < OpFAdd || op > OpFMul) {
			return v.errorf(in, "%d says nothing", in.Imm)
		}
		var types [3]Type
		for i, a := range in.Args {
			types[i] = v.f.TypeOf(a)
		}
		if why := wrong(op, t, types[:len(in.Args)]); why != "" {
			return v.errorf(in, "%s", why)
		}
	case op >= OpExp && op <= OpRsqrt:
		if t != F32 {
			return bad()
		}
		return v.same(in)
	case op >= OpLoad && op <= OpAtomicCAS:
		if t.Size() == 0 {
			return bad()
		}
		if op > OpStore && t != I32 && t != I64 && t != F32 {
			return bad()
		}
		if op <= OpStore && in.Imm2 != 0 && in.Imm2 != Volatile {
			return v.errorf(in, "%d says nothing", in.Imm2)
		}
		if in.Space >= numSpaces {
			return v.errorf(in, "no address space")
		}
		if err := v.want(in, Ref, I64); err != nil {
			return err
		}
		for _, a := range in.Args[2:] {
			if v.f.TypeOf(a) != t {
				return v.errorf(in, "an operand has type %s, want %s", v.f.TypeOf(a), t)
			}
		}
	case op == OpPrintf:
		return v.message(in)
	case op == OpAddr:
		if t != I64 {
			return bad()
		}
		return v.want(in, Ref, I64)
	case op == OpResolveRef || op == OpResolveOffset:
		if op == OpResolveRef && t != Ref || op == OpResolveOffset && t != I64 {
			return bad()
		}
		return v.want(in, I64)
	case op >= OpShuffle && op <= OpBallot:
		if _, width, _ := UnpackGroup(in.Imm); width != 32 && width != 4 {
			return v.errorf(in, "a group of %d", width)
		}
		switch op {
		case OpShuffle:
			return v.want(in, t, I32)
		case OpBallot:
			if t != I64 {
				return bad()
			}
			return v.want(in, Bool)
		}
		return v.same(in)
	}
	return nil
}

// same checks that all arguments have the type of the result.
func (v *verifier) same(in *Instr) error {
	for i, a := range in.Args {
		if got := v.f.TypeOf(a); got != in.Type {
			return v.errorf(in, "argument %d has type %s, want %s", i, got, in.Type)
		}
	}
	return nil
}
