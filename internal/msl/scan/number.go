package scan

// FloatSuffix is the suffix of a floating literal.
type FloatSuffix uint8

const (
	NoSuffix FloatSuffix = iota // float
	SuffixF                     // float
	SuffixH                     // half
	SuffixBF                    // bfloat
	SuffixL                     // long double, which Metal does not have
)

// String returns the suffix in its usual case.
func (s FloatSuffix) String() string { return [...]string{"", "f", "h", "bf", "l"}[s] }
