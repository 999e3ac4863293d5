package check

import (
	"math"
	"math/big"
	"strconv"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// lossy warns where an implicit conversion changes the value of a constant.
func (c *checker) lossy(x *operand, to types.Type) {
	k := x.konst()
	b, t := basicOf(x.q.t), elementOf(to)
	if k == nil || b == nil || t == nil || b == t || t == boolT || enumOf(to) != nil {
		return
	}
	v := convertBits(b, t, k.Bits[0])
	switch {
	case b.IsFloat() && t.IsInteger():
		f := floatOf(b.Kind, k.Bits[0])
		if f != math.Trunc(f) || f-f != 0 {
			c.warnf("literal-conversion", x.pos(), "implicit conversion from %s to %s changes value from %s to %s",
				quote(b), quote(to), formatConst(k), formatInt(t, signed(t, v)))
		}
	case b.IsInteger() && t.IsFloat():
		if back := convertBits(t, b, v); back != k.Bits[0] && !isVote(x.q.t) {
			c.warnf("implicit-const-int-float-conversion", x.pos(), "implicit conversion from %s to %s changes value from %s to %s",
				quote(b), quote(to), formatConst(k), strconv.FormatFloat(floatOf(t.Kind, v), 'f', -1, 64))
		}
	case b.IsInteger() && t.IsInteger():
		n := signed(b, k.Bits[0])
		if width(t) < width(b) && !fitsIn(t, b, n) && (n >= 0 || n < -1<<(width(t)-1)) {
			// -1 to an unsigned type and 0xff to a signed one of as many bits
			// are meant.
			if n >= 0 && uint64(n)>>width(t) == 0 {
				return
			}
			c.warnf("constant-conversion", x.pos(), "implicit conversion from %s to %s changes value from %s to %s",
				quote(b), quote(to), formatConst(k), formatInt(t, signed(t, v)))
		}
	}
}

func formatInt(b *types.Basic, n int64) string {
	if b.IsSigned() {
		return strconv.FormatInt(n, 10)
	}
	return strconv.FormatUint(wrap(b, uint64(n)), 10)
}

// formatConst spells a scalar constant.
func formatConst(k *sem.Const) string {
	b := elementOf(k.T)
	if b.IsFloat() {
		f := floatOf(b.Kind, k.Bits[0])
		return strconv.FormatFloat(f, 'G', 6, 64)
	}
	return formatInt(b, signed(b, k.Bits[0]))
}

// overflows reports whether x op y leaves a signed type, in a constant.
func overflows(op sem.Op, b *types.Basic, x, y uint64) bool {
	if !b.IsSigned() || op != sem.Add && op != sem.Sub && op != sem.Mul {
		return false
	}
	p, q := big.NewInt(signed(b, x)), big.NewInt(signed(b, y))
	switch op {
	case sem.Add:
		p.Add(p, q)
	case sem.Sub:
		p.Sub(p, q)
	case sem.Mul:
		p.Mul(p, q)
	}
	return !p.IsInt64() || !fitsIn(b, b, p.Int64())
}

// unusedValue warns of an expression statement that does nothing.
func (c *checker) unusedValue(e ast.Expr, x *operand) {
	for {
		p, ok := e.(*ast.ParenExpr)
		if !ok {
			break
		}
		e = p.X
	}
	pos, group, msg := e.Pos(), "unused-value", "expression result unused"
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == scan.Comma || structOf(x.q.t) != nil {
			return
		}
		pos = e.OpPos
		switch {
		case e.Op == scan.EqEq:
			group, msg = "unused-comparison", "equality comparison result unused"
		case e.Op == scan.NotEq:
			group, msg = "unused-comparison", "inequality comparison result unused"
		case isComparison(binaryOp(e.Op)) && e.Op != scan.PipePipe && e.Op != scan.AmpAmp:
			group, msg = "unused-comparison", "relational comparison result unused"
		case e.Op == scan.PipePipe || e.Op == scan.AmpAmp:
			return
		}
		if _, call := x.x.(*sem.Call); call {
			return
		}
	case *ast.UnaryExpr:
		if e.Op == scan.PlusPlus || e.Op == scan.MinusMinus {
			return
		}
		if _, call := x.x.(*sem.Call); call {
			return
		}
	case *ast.Name, *ast.IntLit, *ast.FloatLit, *ast.BoolLit, *ast.CharLit, *ast.IndexExpr:
	case *ast.MemberExpr:
		pos = e.Name.Start
	default:
		return
	}
	if isVoid(x.q.t) {
		return
	}
	c.warnf(group, pos, "%s", msg).Ranges = []source.Span{x.span}
}

// unusedLocals warns of variables of a function that nothing reads or writes.
func (c *checker) unusedLocals(st *funcState) {
	if c.failed {
		return // what is in error may have used them
	}
	for _, v := range st.locals {
		if v.used || v.quietUnused || v.q.bad() || v.sem.Name == "" {
			continue
		}
		if s := structOf(v.q.t); s != nil && recordOf(s).userCtor {
			continue
		}
		c.warnf("unused-variable", v.pos, "unused variable '%s'", v.sem.Name)
	}
}

// unusedGlobals warns of program-scope constants that nothing uses, and of
// static functions.
func (c *checker) unusedGlobals() {
	if c.failed {
		return
	}
	for _, v := range c.globals {
		if v.used || v.quietUnused || v.q.bad() {
			continue
		}
		c.warnf("unused-const-variable", v.pos, "unused variable '%s'", v.sem.Name)
	}
}
