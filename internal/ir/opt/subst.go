package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// A substitution tells, by Value, what to use in its place: NoValue if that is
// itself.
type substitution []ir.Value

// of returns what stands for v in the end.
func (s substitution) of(v ir.Value) ir.Value {
	for s[v] != ir.NoValue {
		v = s[v]
	}
	return v
}

// all has args be what stands for them.
func (s substitution) all(args []ir.Value) {
	for i, a := range args {
		args[i] = s.of(a)
	}
}

// replace has all of b use what stands for values, and removes what makes these.
func (s substitution) replace(b *ir.Block) {
	code := b.Code[:0]
	for _, in := range b.Code {
		s.all(in.Args)
		for _, body := range in.Body {
			s.replace(body)
		}
		if s[in.Out] == ir.NoValue {
			code = append(code, in)
		}
	}
	clear(b.Code[len(code):])
	b.Code = code
}
