package check

import (
	"math"
	"math/big"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// intLit gives an integer literal the first type that holds it ([lex.icon]).
func (c *checker) intLit(e *ast.IntLit) operand {
	t := longT
	v := e.Value
	switch {
	case e.Unsigned:
		t = ulongT
		if e.Long == 0 && v <= math.MaxUint32 {
			t = uintT
		}
	case e.Long == 0 && v <= math.MaxInt32:
		t = intT
	case e.Long == 0 && v <= math.MaxUint32 && e.Base != 10:
		t = uintT
	case v > math.MaxInt64:
		if e.Base == 10 {
			c.warnf("implicitly-unsigned-literal", e.Start, "integer literal is too large to be represented in a signed integer type, interpreting as unsigned")
		}
		t = ulongT
	}
	x := value(konst(t, v, e.Start), e.Span)
	x.null = v == 0
	return x
}

func (c *checker) floatLit(e *ast.FloatLit) operand {
	t := floatT
	switch e.Suffix {
	case scan.SuffixH:
		t = halfT
	case scan.SuffixBF:
		t = bfloatT
	case scan.SuffixL:
		c.errorf(e.Start, "'long double' is not supported in Metal")
		return badAt(e.Span)
	}
	bits, ok := parseFloat(t.Kind, e.Digits)
	if !ok {
		c.errorf(e.Start, "invalid floating-point literal")
		return badAt(e.Span)
	}
	switch f := floatOf(t.Kind, bits); {
	case math.IsInf(f, 0):
		c.warnf("literal-range", e.Start, "magnitude of floating-point constant too large for type '%s'; maximum is %s", t, largest(t.Kind))
	case f == 0 && !isZeroLiteral(e.Digits):
		c.warnf("literal-range", e.Start, "magnitude of floating-point constant too small for type '%s'; minimum is %s", t, smallest(t.Kind))
	}
	return value(konst(t, bits, e.Start), e.Span)
}

func largest(k types.Kind) string {
	switch k {
	case types.Half:
		return "65504"
	case types.BFloat:
		return "3.38953139E+38"
	}
	return "3.40282347E+38"
}

func smallest(k types.Kind) string {
	switch k {
	case types.Half:
		return "5.9605E-8"
	case types.BFloat:
		return "9.18354962E-41"
	}
	return "1.40129846E-45"
}

// isZeroLiteral reports whether the digits of the significand are all zero.
func isZeroLiteral(s string) bool {
	hex := len(s) > 1 && (s[1] == 'x' || s[1] == 'X')
	if hex {
		s = s[2:]
	}
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '.' || ch == '0':
		case ch == 'p' || ch == 'P', !hex && (ch == 'e' || ch == 'E'):
			return true
		default:
			return false
		}
	}
	return true
}

// parseFloat returns the bits of the number rounded once to the type.
func parseFloat(k types.Kind, s string) (uint64, bool) {
	// An exponent of more digits than this is out of every type's range, and
	// the parser of package big would take its time over it.
	if tooLong(s) {
		if isZeroLiteral(s) || negativeExponent(s) {
			return floatBits(k, 0), true
		}
		return floatBits(k, math.Inf(1)), true
	}
	f, _, err := big.ParseFloat(s, 0, 256, big.ToNearestEven)
	if err != nil {
		return 0, false
	}
	v, acc := f.Float64()
	if acc != big.Exact && !math.IsInf(v, 0) && v != 0 {
		// Round to odd, so that rounding again to the type is correct.
		if b := math.Float64bits(v); b&1 == 0 {
			if acc == big.Above {
				b--
			} else {
				b++
			}
			v = math.Float64frombits(b)
		}
	}
	if k == types.Float {
		return uint64(math.Float32bits(float32(v))), true
	}
	return floatBits(k, v), true
}

func tooLong(s string) bool {
	hex := len(s) > 1 && (s[1] == 'x' || s[1] == 'X')
	for i := 0; i < len(s); i++ {
		if ch := s[i] | 0x20; ch == 'p' || ch == 'e' && !hex {
			return len(s)-i > 7
		}
	}
	return len(s) > 4000
}

func negativeExponent(s string) bool {
	hex := len(s) > 1 && (s[1] == 'x' || s[1] == 'X')
	for i := 0; i+1 < len(s); i++ {
		if ch := s[i] | 0x20; ch == 'p' || ch == 'e' && !hex {
			return s[i+1] == '-'
		}
	}
	return false
}

func (c *checker) stringLit(e *ast.StringLit) operand {
	t := c.tab.ArrayOf(charT, int64(len(e.Value))+1)
	x := operand{kind: opLvalue, span: e.Span, loc: e.Start}
	x.q = qtype{t: t, c: true, space: types.Constant}
	x.x = &sem.String{Typed: typed(t, e.Start), Value: e.Value}
	return x
}
