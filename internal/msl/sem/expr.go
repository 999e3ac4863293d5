package sem

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/printf"
)

// Expr is a typed expression. An lvalue denotes an object; used where a value
// is wanted it means what the object holds. Type is never a reference.
type Expr interface {
	Type() types.Type
	Pos() source.Pos
	expr()
}

// Typed is the part all expressions have.
type Typed struct {
	T types.Type
	P source.Pos
}

func (t Typed) Type() types.Type { return t.T }
func (t Typed) Pos() source.Pos  { return t.P }
func (Typed) expr()              {}

// Const is a constant scalar, vector, matrix or enum. Bits has one word a
// component (matrices column by column), each the component's bits
// zero-extended: two's complement for integers, IEEE bits of the type itself
// for floats (half in 16, bfloat in 16, float in 32), 0 or 1 for bool.
type Const struct {
	Typed
	Bits []uint64
}

// Zero is a value of any type with all bits zero: T{}, T x = {}, nullptr.
type Zero struct{ Typed }

// String is a string literal: an lvalue of a constant char array.
type String struct {
	Typed
	Value string
}

// VarRef is an lvalue: the variable, or what the reference is bound to.
type VarRef struct {
	Typed
	Var *Var
}

// Field is member Index of X, a struct or union. An lvalue if X is.
type Field struct {
	Typed
	X     Expr
	Index int
}

// Index is element I of X: of an array (lvalue or value), a component of a
// vector, a column of a matrix. I is an integer of any type. An lvalue if X
// is. (Pointers are indexed as Deref of PtrAdd.)
type Index struct {
	Typed
	X, I Expr
}

// Swizzle is components of a vector, 0 for x. An lvalue if X is and no
// component repeats. Its type is a scalar if there is one component.
type Swizzle struct {
	Typed
	X     Expr
	Comps []uint8
}

// Deref is the lvalue that the pointer X points to.
type Deref struct {
	Typed
	X Expr
}

// AddrOf is a pointer to the lvalue X.
type AddrOf struct {
	Typed
	X Expr
}

// Decay is a pointer to the first element of the array lvalue X.
type Decay struct {
	Typed
	X Expr
}

// Op is an operator.
type Op uint8

const (
	Add Op = iota
	Sub
	Mul // component by component; see also the Mat operators
	Div
	Rem
	And
	Or
	Xor
	Shl
	Shr
	Eq // comparisons give bool or vectors of bool
	Ne
	Lt
	Le
	Gt
	Ge
	LAnd // && and || of vectors of bool, component by component
	LOr
	MatMul   // matrix*matrix
	MatVec   // matrix*vector
	VecMat   // vector*matrix
	MatScale // matrix*scalar, scalar*matrix: X is the matrix
	MatDiv   // matrix/scalar
	Neg      // unary from here on
	Not      // ~
	LNot
)

// Unary is Neg, Not or LNot of X, whose type is the result's (LNot: bool or a
// vector of bool).
type Unary struct {
	Typed
	Op Op
	X  Expr
}

// Binary is X Op Y. But for shifts and the Mat operators both have the same
// type, already promoted or splat; a shift's operands are both vectors or both
// scalars, each of its own integer type. Pointers are compared by Eq, Ne, Lt….
type Binary struct {
	Typed
	Op   Op
	X, Y Expr
}

// Logical is X && Y or X || Y on bool scalars; Y is evaluated only if needed.
type Logical struct {
	Typed
	And  bool
	X, Y Expr
}

// Cond is C ? X : Y; C is a bool scalar. An lvalue if X and Y are lvalues of
// the same type.
type Cond struct {
	Typed
	C, X, Y Expr
}

// Assign stores Y, of X's type, in the lvalue X and denotes X.
type Assign struct {
	Typed
	X, Y Expr
}

// AssignOp is X op= Y. X is evaluated once; its value is converted to
// Operand, combined with Y (as a Binary with the same Op would) and converted
// back. Pointers use Add and Sub with a long Y counted in elements. Denotes X.
type AssignOp struct {
	Typed
	Op      Op
	X, Y    Expr
	Operand types.Type
}

// IncDec is ++ and --. Prefix forms denote X; postfix forms are its old value.
type IncDec struct {
	Typed
	X    Expr
	Dec  bool
	Post bool
}

// PtrAdd is the pointer P moved by I elements; I is a long. Sub moves back.
type PtrAdd struct {
	Typed
	P, I Expr
	Sub  bool
}

// PtrDiff is (P - Q) in elements, a long.
type PtrDiff struct {
	Typed
	P, Q Expr
}

// Convert converts numbers, component by component: scalar to scalar, vector
// to vector of as many components (packed or not), matrix to matrix, enum to
// and from integer. To bool is != 0.
type Convert struct {
	Typed
	X Expr
}

// Splat is a vector all of whose components are the scalar X, of its element
// type.
type Splat struct {
	Typed
	X Expr
}

// Bitcast is as_type: the same bits under another type of the same size.
type Bitcast struct {
	Typed
	X Expr
}

// PtrCast is a pointer converted to another pointer type of the same address
// space, to an integer, or from one.
type PtrCast struct {
	Typed
	X Expr
}

// Construct makes a vector from Args, scalars and vectors of its element type
// whose components in order are its components; or a matrix from column
// vectors, from all its scalars column by column, or from one scalar (its
// diagonal).
type Construct struct {
	Typed
	Args []Expr
}

// Aggregate is a struct or array value. Elems has one entry a field or
// element, nil for zero; it may be shorter than the type, the rest is zero. A
// union gives only the field UnionField.
type Aggregate struct {
	Typed
	Elems      []Expr
	UnionField int
}

// Call calls a function of the program. An argument for a reference parameter
// is an lvalue of the referenced type, or a value for a const reference. This
// is the object of a method: an lvalue or a value.
type Call struct {
	Typed
	Func *Func
	This Expr
	Args []Expr
}

// Builtin calls a function of the library, resolved to one overload: Args have
// the types of its parameters; an argument for a reference parameter is an
// lvalue. Name is unqualified: "sin", "threadgroup_barrier", "atomic_fetch_add_explicit",
// "simd_sum". Mode is the namespace it was found in.
type Builtin struct {
	Typed
	Name string
	Mode Mode
	Args []Expr
}

// Mode is the precision of a library function.
type Mode uint8

const (
	Default Mode = iota // as the compile options say
	Fast                // metal::fast
	Precise             // metal::precise
)

// LogCall says a message: a call of an os_log's function. Of is the os_log, a struct
// whose one field counts the Logs of the Module. Pieces are those of Format that
// take Args, which are scalars, vectors, pointers and, for %s, pointers to
// string literals; a piece may find none left, and some may be left over.
type LogCall struct {
	Typed
	Level  ir.Level
	Of     Expr
	Format string
	Pieces []printf.Piece
	Args   []Expr
}

// Comma evaluates X, then is Y.
type Comma struct {
	Typed
	X, Y Expr
}

// Temp is the value X in an object of its own, so that it can be an lvalue: a
// method called on a value.
type Temp struct {
	Typed
	X Expr
}
