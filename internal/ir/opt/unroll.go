package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Unroll replaces a loop that turns a small constant number of times by its
// turns one after the other. So there is more to do at a time, indices become
// constants, and arrays indexed by them values (see Scalarize).
func Unroll(f *ir.Func) (changed bool) {
	u := unroller{f: f, defs: definitions(f), cloner: newCloner(f), left: maxUnrolled}
	u.block(f.Body)
	return u.left < maxUnrolled
}

// Limits, in instructions: of what is left of all copies of a loop's body, where
// it does not and where it does index memory of the thread's own, and of all that
// is copied in a kernel.
const (
	maxTurns    = 64
	maxCopies   = 320
	maxIndexing = 1536
	maxWaiting  = 512 // with barriers
	maxUnrolled = 8192
)

type unroller struct {
	f *ir.Func
	cloner
	defs []*ir.Instr
	env  []known // by Value, of the parameters and what is computed of them; see eval
	turn int32   // the turn that known values are of
	left int     // instructions that may still be made

	waiting bool // loops with barriers are unrolled, and no others
	scaling bool // and only those with a parameter that is multiplied or divided
	even    bool // others were unrolled, too
}

type known struct {
	bits uint64
	turn int32
	ok   bool
}

func (u *unroller) block(b *ir.Block) {
	for i := 0; i < len(b.Code); i++ {
		in := b.Code[i]
		for _, body := range in.Body {
			u.block(body)
		}
		if in.Op != ir.OpLoop {
			continue
		}
		if n, exit := u.count(in); n > 0 {
			// The loop becomes a Block: other ways to leave it stay as they are.
			in.Op = ir.OpBlock
			in.Body = []*ir.Block{u.turns(in, n, exit)}
			in.Args = nil
			u.block(in.Body[0]) // loops in it may have got constant bounds
		}
	}
}

// count returns how many times the loop's body is begun, and the index in the
// body of the If that ends the loop then. It returns -1 for a loop that is not
// to be unrolled.
func (u *unroller) count(loop *ir.Instr) (n, exit int) {
	body := loop.Body[0]
	last := body.Last()
	if last.Op != ir.OpContinue || last.Imm != 0 || nextTurns(body, 0) > 1 {
		return -1, 0
	}
	exit = -1
	for i, in := range body.Code {
		if in.Op == ir.OpIf && (leaves(in.Body[0]) || leaves(in.Body[1])) {
			exit = i
			break
		}
		if len(in.Body) > 0 && mayLeave(in, 0) {
			return -1, 0
		}
	}
	scales := u.waiting && u.scales(body)
	if u.scaling && !scales {
		return -1, 0
	}
	if exit < 0 || leaves(body.Code[exit].Body[0]) && leaves(body.Code[exit].Body[1]) {
		return -1, 0
	}

	// Go through the turns with what is known of the parameters.
	for len(u.env) < len(u.f.Values) {
		u.env = append(u.env, make([]known, len(u.f.Values)-len(u.env))...)
	}
	next := make([]known, len(body.Params))
	u.turn++
	for i, v := range loop.Args {
		bits, ok := u.eval(v)
		next[i] = known{bits, 0, ok}
	}
	test := body.Code[exit]
	stay := 0 // the arm that does not leave
	if leaves(test.Body[0]) {
		stay = 1
	}
	size, limit := 0, maxCopies
	for n := 0; n <= maxTurns; n++ {
		u.turn++
		for i, p := range body.Params {
			u.env[p] = known{next[i].bits, u.turn, next[i].ok}
		}
		c, ok := u.eval(test.Args[0])
		if !ok {
			break
		}
		if n == 0 {
			w := u.weigh(body)
			switch {
			case u.waiting != w.waits: // what is between two barriers is long enough as it is
				return -1, 0
			case w.waits:
				limit = maxWaiting
			case w.indexing:
				limit = maxIndexing
			}
			size = max(1, w.left)
			limit = min(limit/size, u.left/w.all)
		}
		if n > max(1, limit) {
			break
		}
		if int(1-c) != stay {
			u.even = u.even || !scales
			return n + 1, exit
		}
		for i, v := range last.Args {
			bits, ok := u.eval(v)
			next[i] = known{bits, 0, ok}
		}
	}
	return -1, 0
}

// scales reports whether a parameter of a loop's body is multiplied or divided for the
// next turn, and there are no loops in it that would be unrolled then: all steps of a
// sort are too many.
func (u *unroller) scales(body *ir.Block) bool {
	for _, in := range body.Code {
		if in.Op == ir.OpLoop && waits(in.Body[0]) {
			return false
		}
	}
	for i, v := range body.Last().Args {
		p := body.Params[i]
		if int(v) >= len(u.defs) || u.defs[v] == nil {
			continue
		}
		switch d := u.defs[v]; d.Op {
		case ir.OpMul, ir.OpUDiv, ir.OpSDiv, ir.OpShl, ir.OpLShr, ir.OpAShr:
			if d.Args[0] == p {
				return true
			}
		case ir.OpAdd:
			if d.Args[0] == p && d.Args[1] == p {
				return true
			}
		}
	}
	return false
}

// waits reports whether there are barriers in b.
func waits(b *ir.Block) (found bool) {
	b.Walk(func(in *ir.Instr) bool {
		found = found || in.Op == ir.OpBarrier
		return !found
	})
	return found
}

// leaves reports whether an arm ends by leaving its construct.
func leaves(arm *ir.Block) bool { return arm.Last().Op != ir.OpYield }

// nextTurns counts the Continues in b that target the loop depth levels out.
func nextTurns(b *ir.Block, depth int64) (n int) {
	for _, in := range b.Code {
		if in.Op == ir.OpContinue && in.Imm == depth {
			n++
		}
		d := depth
		if in.Op == ir.OpLoop || in.Op == ir.OpBlock {
			d++
		}
		for _, body := range in.Body {
			n += nextTurns(body, d)
		}
	}
	return n
}

// mayLeave reports whether something in in leaves the construct depth levels
// outside of it.
func mayLeave(in *ir.Instr, depth int64) bool {
	if in.Op == ir.OpLoop || in.Op == ir.OpBlock {
		depth++
	}
	for _, body := range in.Body {
		for _, x := range body.Code {
			if (x.Op == ir.OpBreak || x.Op == ir.OpContinue) && x.Imm >= depth || len(x.Body) > 0 && mayLeave(x, depth) {
				return true
			}
		}
	}
	return false
}

// A weight is what a loop's body comes to.
type weight struct {
	all, left int  // instructions, and those left of a copy
	indexing  bool // some access memory of the thread's own
	waits     bool // there are barriers
}

// weigh counts the instructions of a loop's body, of which what is known in this
// turn will not be left.
func (u *unroller) weigh(b *ir.Block) (w weight) {
	b.Walk(func(in *ir.Instr) bool {
		w.all++
		switch class := in.Op.Info().Class; {
		case class == ir.Pure:
			if _, known := u.eval(in.Out); !known {
				w.left++
			}
		case class == ir.Math:
			w.left += 20
		case class != ir.Term && class != ir.Input:
			w.left++
		}
		w.waits = w.waits || in.Op == ir.OpBarrier
		w.indexing = w.indexing || (in.Op == ir.OpLoad || in.Op == ir.OpStore) && in.Space == ir.Thread
		return true
	})
	return w
}

// eval returns the value of v in this turn, if it is known.
func (u *unroller) eval(v ir.Value) (uint64, bool) {
	if e := &u.env[v]; e.turn == u.turn {
		return e.bits, e.ok
	}
	var in *ir.Instr
	if int(v) < len(u.defs) {
		in = u.defs[v]
	}
	e := known{turn: u.turn}
	switch {
	case in == nil: // a parameter of another loop, or a result
	case in.Op == ir.OpConst && in.Type != ir.Ref:
		e.bits, e.ok = uint64(in.Imm), true
	case in.Op.Info().Class == ir.Pure && in.Type != ir.Ref:
		var args [3]uint64
		e.ok = true
		for i, a := range in.Args {
			bits, ok := u.eval(a)
			if e.ok = ok; !ok {
				break
			}
			args[i] = bits
		}
		if e.ok {
			e.bits, e.ok = ir.Eval(in.Op, in.Type, u.f.TypeOf(in.Args[0]), args[0], args[1], args[2])
		}
	}
	u.env[v] = e
	return e.bits, e.ok
}

// turns returns n copies of the body of a loop, which its exit leaves in the
// last.
func (u *unroller) turns(loop *ir.Instr, n, exit int) *ir.Block {
	body := loop.Body[0]
	test := body.Code[exit]
	stay := 0
	if leaves(test.Body[0]) {
		stay = 1
	}
	out := &ir.Block{Code: make([]*ir.Instr, 0, n*len(body.Code))}
	args := loop.Args
	splice := func(code []*ir.Instr) {
		for _, in := range code {
			c := u.instr(in)
			u.learn(c)
			out.Code = append(out.Code, c)
		}
	}
	for i := range n {
		u.forget()
		for j, p := range body.Params {
			u.as(p, args[j])
		}
		splice(body.Code[:exit])
		arm := test.Body[stay]
		if i == n-1 {
			splice(test.Body[1-stay].Code)
			break
		}
		splice(arm.Code[:len(arm.Code)-1])
		for j, v := range test.Outs {
			u.as(v, u.value(arm.Last().Args[j]))
		}
		splice(body.Code[exit+1 : len(body.Code)-1])
		args = u.values(body.Last().Args)
	}
	u.left -= len(out.Code)
	return out
}

// learn notes the definitions in a copy.
func (u *unroller) learn(in *ir.Instr) {
	for len(u.defs) < len(u.f.Values) {
		u.defs = append(u.defs, make([]*ir.Instr, len(u.f.Values)-len(u.defs))...)
	}
	if in.Out != ir.NoValue {
		u.defs[in.Out] = in
	}
	for _, b := range in.Body {
		for _, x := range b.Code {
			u.learn(x)
		}
	}
}
