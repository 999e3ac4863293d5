package shape

import "github.com/aruminium-go/aruminium/internal/ir"

// Of finds the shapes of a verified kernel. It takes time in proportion to the
// kernel's size.
//
// It begins with the best that may be and goes through the kernel until nothing
// changes: what a loop carries is as its first value at first, and gets worse by
// what the turns make of it.
func Of(f *ir.Func) *Info {
	n := len(f.Values)
	a := analyzer{
		f:     f,
		val:   make([]Shape, n),
		facts: make([]facts, n),
		defs:  make([]*ir.Instr, n),
		order: make([]int32, n),
		leave: make([]Across, f.NumInstrs()),
	}
	for {
		a.changed, a.clock = false, 0
		a.targets = append(a.targets[:0], target{})
		a.block(f.Body)
		if a.sweep++; !a.changed {
			return &Info{f: f, Values: a.val, leave: a.leave}
		}
	}
}

// After so many rounds what still changes in a loop is given up: kernels that
// people write take three.
const patience = 12

// facts are what is known of an integer besides its shape.
type facts struct {
	bound uint64 // it is at most this, unsigned
	seen  bool
	// The value read as an unsigned or a signed integer does not wrap within a run.
	exactU, exactS bool
}

type analyzer struct {
	f     *ir.Func
	val   []Shape
	facts []facts
	defs  []*ir.Instr
	order []int32  // by Value: when it is defined
	leave []Across // by Instr.ID of Loops and Blocks

	clock   int32
	sweep   int
	changed bool

	targets []target   // enclosing Blocks and Loops, the function first
	splits  []split    // enclosing Ifs that part threads
	first   []ir.Value // see target.first
}

// A target is an enclosing Block or Loop.
type target struct {
	in    *ir.Instr
	start int32 // of clock
	// Some threads have gone to the end of this target, or to its next turn,
	// while others went on. So until then the active threads are but a part of
	// those that began the present turn of any target up to number depth.
	gone  Across
	depth int
	// first has, from here on in analyzer.first, the first value given to each
	// result or parameter, or NoValue if there have been several.
	outs, params      int
	left, continued   bool // a first value has been given
	leftBy, continues Across
}

// A split is an If whose arms are entered by different threads; depth is the
// number of the innermost target around it.
type split struct {
	across Across
	depth  int
}

// missing returns across what threads the active ones may be a part only of those
// that began the present turn of target t, and the innermost target of which that
// may be so.
func (a *analyzer) missing(t int) (across Across, depth int) {
	depth = -1
	for _, s := range a.splits {
		depth = max(depth, s.depth)
		if s.depth >= t {
			across |= s.across
		}
	}
	for i := range a.targets {
		if h := &a.targets[i]; h.gone != 0 {
			depth = max(depth, h.depth)
			if h.depth >= t {
				across |= h.gone
			}
		}
	}
	return across, depth
}

func (a *analyzer) set(v ir.Value, s Shape, f facts) {
	f.seen = true
	if a.facts[v] != f || a.val[v] != s {
		a.changed = true
		a.facts[v], a.val[v] = f, s
	}
}

// meet returns what is true of both a value of shape s and one of shape t.
func meet(s, t Shape) Shape {
	if s.Varying() || t.Varying() || s.Stride != t.Stride {
		return varying
	}
	if s.Wrap == ir.NoValue {
		s.Wrap, s.Signed = t.Wrap, t.Signed
	} else if t.Wrap != ir.NoValue && (t.Wrap != s.Wrap || t.Signed != s.Signed) {
		return varying
	}
	s.Across |= t.Across
	return s
}

// differ adds what a value differs across.
func (s Shape) differ(across Across) Shape {
	if s.Across |= across; s.Varying() {
		return varying
	}
	return s
}

func (a *analyzer) block(b *ir.Block) {
	for _, in := range b.Code {
		switch in.Op.Info().Class {
		case ir.Control:
			if in.Op == ir.OpIf {
				a.branch(in)
			} else {
				a.region(in)
			}
		case ir.Term:
			if in.Op != ir.OpYield {
				a.jump(in)
			}
		default:
			for _, v := range in.Outs { // of an operation on a texture
				a.clock++
				a.order[v] = a.clock
				a.set(v, varying, facts{bound: ir.Mask(a.f.TypeOf(v))})
			}
			if in.Out == ir.NoValue {
				continue
			}
			a.clock++
			a.order[in.Out] = a.clock
			a.defs[in.Out] = in
			shape := a.eval(in)
			a.set(in.Out, shape, a.know(in, shape))
		}
	}
}

func (a *analyzer) branch(in *ir.Instr) {
	start := a.clock
	across := a.val[in.Args[0]].Across
	if across != 0 {
		a.splits = append(a.splits, split{across, len(a.targets) - 1})
	}
	var yields [2]*ir.Instr
	for i, arm := range in.Body {
		a.block(arm)
		if last := arm.Last(); last.Op == ir.OpYield {
			yields[i] = last
		}
	}
	if across != 0 {
		a.splits = a.splits[:len(a.splits)-1]
	}
	for i, out := range in.Outs {
		var s Shape
		switch {
		case yields[0] == nil && yields[1] == nil:
			s = varying // never reached
		case yields[0] == nil:
			s = a.val[yields[1].Args[i]]
		case yields[1] == nil:
			s = a.val[yields[0].Args[i]]
		default:
			v, w := yields[0].Args[i], yields[1].Args[i]
			if s = meet(a.val[v], a.val[w]); v != w {
				s = s.differ(across)
			}
		}
		a.result(out, s, start)
	}
}

// result defines a result or parameter of a construct that began at start.
func (a *analyzer) result(out ir.Value, s Shape, start int32) {
	if s.Wrap != ir.NoValue && a.order[s.Wrap] > start {
		s = varying // nobody could check it
	}
	a.clock++
	a.order[out] = a.clock
	a.set(out, s, facts{bound: ir.Mask(a.f.TypeOf(out))})
}

func (a *analyzer) region(in *ir.Instr) {
	body := in.Body[0]
	t := target{in: in, start: a.clock, outs: len(a.first)}
	depth := len(a.targets)
	for range in.Outs {
		a.first = append(a.first, ir.NoValue)
	}
	if in.Op == ir.OpLoop {
		t.params = len(a.first)
		for i, p := range body.Params {
			a.first = append(a.first, ir.NoValue)
			s := a.val[in.Args[i]]
			if a.facts[p].seen {
				s = meet(a.val[p], s)
			}
			a.result(p, s, t.start)
		}
		// Threads that have left in earlier turns are missing in later ones.
		t.gone, t.depth = a.leave[in.ID], depth-1
	}
	outs := t.outs
	a.targets = append(a.targets, t)
	a.block(body)
	if last := body.Last(); last.Op == ir.OpYield {
		a.give(last, depth, in.Outs)
	}
	a.targets = a.targets[:depth]
	a.first = a.first[:outs]
	for _, out := range in.Outs {
		a.clock++
		a.order[out] = a.clock
		if !a.facts[out].seen {
			a.set(out, varying, facts{bound: ir.Mask(a.f.TypeOf(out))}) // never reached
		}
	}
}

// jump notes who leaves or continues by in.
func (a *analyzer) jump(in *ir.Instr) {
	to := len(a.targets) - 1 - int(in.Imm)
	t := &a.targets[to]
	if gone, depth := a.missing(to); gone != 0 {
		if t.gone == 0 {
			t.depth = depth
		}
		t.gone |= gone
		t.depth = max(t.depth, depth)
	}
	left := to
	if in.Op == ir.OpContinue {
		left++
	}
	for i := left; i < len(a.targets); i++ {
		c := a.targets[i].in
		if c == nil {
			continue
		}
		across, _ := a.missing(i)
		if a.leave[c.ID]|across != a.leave[c.ID] {
			a.leave[c.ID] |= across
			a.changed = true
		}
	}
	if t.in == nil {
		return
	}
	if in.Op == ir.OpContinue {
		a.give(in, to, t.in.Body[0].Params)
	} else {
		a.give(in, to, t.in.Outs)
	}
}

// give passes the arguments of a terminator to the results or the parameters of
// target number to.
func (a *analyzer) give(in *ir.Instr, to int, dst []ir.Value) {
	if len(dst) == 0 {
		return
	}
	t := &a.targets[to]
	next := in.Op == ir.OpContinue
	first, again, by := a.first[t.outs:], &t.left, &t.leftBy
	if next {
		first, again, by = a.first[t.params:], &t.continued, &t.continues
	}
	across, _ := a.missing(to)
	*by |= across
	for i, v := range in.Args {
		s := a.val[v]
		// Of threads that leave a loop in different turns, each has the value of
		// its own turn.
		for j := to; j < len(a.targets); j++ {
			l := &a.targets[j]
			if l.in.Op == ir.OpLoop && a.order[v] > l.start && !(next && j == to) {
				s = s.differ(a.leave[l.in.ID])
			}
		}
		switch {
		case !*again:
			first[i] = v
		case first[i] != v:
			first[i] = ir.NoValue
			s = s.differ(*by)
		}
		d := dst[i]
		if a.facts[d].seen {
			s = meet(s, a.val[d])
			if next && a.sweep > patience && s != a.val[d] {
				s = varying
			}
		}
		if s.Wrap != ir.NoValue && a.order[s.Wrap] > t.start {
			s = varying
		}
		a.set(d, s, facts{bound: ir.Mask(a.f.TypeOf(d))})
	}
	*again = true
}
