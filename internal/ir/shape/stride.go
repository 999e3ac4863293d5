package shape

import "github.com/aruminium-go/aruminium/internal/ir"

// Stride returns how many bytes lie between the accesses of neighbouring threads
// at a byte offset, an integer of 64 bits, provided that no index it is made of
// wraps on its way to 64 bits. It reports false if the threads access memory
// anywhere, as far as is known.
func (s *Info) Stride(off ir.Value) (step int64, ok bool) { return s.stride(off, 12) }

// stride looks through so many operations.
func (s *Info) stride(off ir.Value, depth int) (step int64, ok bool) {
	x, d := s.Values[off], s.Defs[off]
	switch {
	case x.Kind != Varying:
		return x.Step, true
	case d == nil || depth == 0 || d.Type != ir.I64:
		return 0, false
	}
	arg := func(i int) (int64, bool) { return s.stride(d.Args[i], depth-1) }
	times := func(i int, c int64) (int64, bool) {
		a, ok := arg(i)
		return a * c, ok
	}
	switch d.Op {
	case ir.OpZExt, ir.OpSExt:
		return arg(0)
	case ir.OpAdd, ir.OpSub:
		a, okA := arg(0)
		b, okB := arg(1)
		if d.Op == ir.OpSub {
			b = -b
		}
		if okA && okB {
			return a + b, true
		}
	case ir.OpMul:
		if c, ok := s.Constant(d.Args[1]); ok {
			return times(0, int64(c))
		}
		if c, ok := s.Constant(d.Args[0]); ok {
			return times(1, int64(c))
		}
	case ir.OpShl:
		if c, ok := s.Constant(d.Args[1]); ok {
			return times(0, 1<<(c&63))
		}
	}
	return 0, false
}
