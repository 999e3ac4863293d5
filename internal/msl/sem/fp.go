package sem

// FP is what pragmas say of the arithmetic in a Block. The zero FP is what the
// compile options say.
type FP struct {
	Contract Contract
	Math     Math
}

// Contract tells whether a product and the sum it goes into may be rounded once.
type Contract uint8

const (
	ContractDefault Contract = iota // as the mode of the mathematics has it
	ContractOff
	ContractOn   // within an expression
	ContractFast // wherever the product goes
)

// Math is a mode of the mathematics.
type Math uint8

const (
	MathDefault Math = iota
	MathSafe
	MathRelaxed
	MathFast
)
