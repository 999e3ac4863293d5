package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
)

// setFP makes fp what holds for the arithmetic that follows, and returns what
// has held.
func (l *lowerer) setFP(fp sem.FP) (old sem.FP) {
	old, l.fp = l.fp, fp
	l.fast = l.fastByDefault
	if fp.Math != sem.MathDefault {
		l.fast = fp.Math != sem.MathSafe
	}
	l.contract = fp.Contract
	if l.contract == sem.ContractDefault {
		l.contract = sem.ContractOff
		if l.fast {
			l.contract = sem.ContractFast
		}
	}
	l.b.Contract = l.contract == sem.ContractFast
	return old
}

// inExpression reports whether a product may go unrounded into a sum, but only
// into that whose operand it is in the source.
func (l *lowerer) inExpression(sum sem.Op, product sem.Expr) (*sem.Binary, bool) {
	if l.contract != sem.ContractOn || sum != sem.Add && sum != sem.Sub {
		return nil, false
	}
	p, ok := product.(*sem.Binary)
	return p, ok && p.Op == sem.Mul
}

// summand evaluates an operand of e. It reports whether that is a product which
// the sum may take unrounded.
func (l *lowerer) summand(sum sem.Op, e sem.Expr) (vals []ir.Value, product bool) {
	p, ok := l.inExpression(sum, e)
	if !ok {
		return l.value(e), false
	}
	x := l.value(p.X)
	y := l.value(p.Y)
	l.at = p.P
	l.b.Contract = true
	vals = l.binary(p.Op, p.X.Type(), x, p.Y.Type(), y, p.T)
	l.b.Contract = false
	return vals, true
}
