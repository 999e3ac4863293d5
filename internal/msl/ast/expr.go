package ast

import (
	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// BadExpr stands where an expression could not be read; an error has been
// reported.
type BadExpr struct{ source.Span }

// IntLit is an integer literal.
type IntLit struct {
	source.Span
	Value    uint64
	Base     int  // 2, 8, 10 or 16
	Unsigned bool // suffix u
	Long     int  // number of l in the suffix
}

// FloatLit is a floating literal. Without suffix it has type float in Metal.
type FloatLit struct {
	source.Span
	Digits string // for strconv.ParseFloat: no suffix, no separators
	Suffix scan.FloatSuffix
}

// CharLit is a character literal.
type CharLit struct {
	source.Span
	Value  int64
	Prefix string // "", "u8", "u", "U" or "L"
}

// StringLit is a string literal, adjacent literals joined, escapes resolved.
type StringLit struct {
	source.Span
	Value  string
	Prefix string
}

// BoolLit is true or false.
type BoolLit struct {
	source.Span
	Value bool
}

// NullptrLit is nullptr.
type NullptrLit struct{ source.Span }

// ThisExpr is this.
type ThisExpr struct{ source.Span }

// ParenExpr is (X).
type ParenExpr struct {
	source.Span
	X Expr
}

// UnaryExpr is a prefix operator: + - ! ~ * & ++ --.
type UnaryExpr struct {
	source.Span
	Op scan.Kind
	X  Expr
}

// PostfixExpr is X++ or X--.
type PostfixExpr struct {
	source.Span
	Op    scan.Kind
	OpPos source.Pos
	X     Expr
}

// BinaryExpr is X Op Y for an arithmetic, comparison, logical or pointer to
// member operator, or the comma.
type BinaryExpr struct {
	source.Span
	Op    scan.Kind
	OpPos source.Pos
	X, Y  Expr
}

// AssignExpr is X = Y or a compound assignment.
type AssignExpr struct {
	source.Span
	Op    scan.Kind // = += …
	OpPos source.Pos
	X     Expr
	Y     Expr // may be an *InitList
}

// CondExpr is Cond ? Then : Else. Then is nil in Cond ?: Else.
type CondExpr struct {
	source.Span
	Cond     Expr
	Question source.Pos
	Then     Expr
	Colon    source.Pos
	Else     Expr
}

// CallExpr is Fun(Args). What is called by a name that the parser did not
// know to be a type is a CallExpr even if it turns out to be one.
type CallExpr struct {
	source.Span
	Fun    Expr
	Lparen source.Pos
	Args   []Expr
}

// IndexExpr is X[Index].
type IndexExpr struct {
	source.Span
	X      Expr
	Lbrack source.Pos
	Index  Expr // may be an *InitList
}

// MemberExpr is X.Name or X->Name.
type MemberExpr struct {
	source.Span
	X     Expr
	Arrow bool
	OpPos source.Pos
	Name  *Name
}

// CastKind tells casts apart.
type CastKind uint8

const (
	CastC           CastKind = iota // (T)x
	CastStatic                      // static_cast<T>(x)
	CastReinterpret                 // reinterpret_cast<T>(x)
	CastConst                       // const_cast<T>(x)
	CastDynamic                     // dynamic_cast<T>(x)
	CastAsType                      // as_type<T>(x) (MSL spec, section 2.20)
)

// String returns the operator's name; "" for a C-style cast.
func (k CastKind) String() string {
	return [...]string{"", "static_cast", "reinterpret_cast", "const_cast", "dynamic_cast", "as_type"}[k]
}

// CastExpr is a cast of X to Type.
type CastExpr struct {
	source.Span
	Kind CastKind
	Type Type
	X    Expr
}

// ConstructExpr makes a value of a type from arguments: float4(a, b), T(x)
// — a functional cast if there is one argument —, T{a, b}.
type ConstructExpr struct {
	source.Span
	Type   Type
	Lparen source.Pos // of ( or {
	Brace  bool       // T{…}
	Args   []Expr     // in T{…} an element may be a *DesignatedInit
}

// InitList is {a, b, …}.
type InitList struct {
	source.Span
	Elems []Expr
}

// DesignatedInit is .Field = Value, [Index] = Value or, as GNU C has it,
// [Index ... High] = Value in an [InitList].
type DesignatedInit struct {
	source.Span
	Field string // "" for an index
	Index Expr
	High  Expr // or nil
	Value Expr
}

// SizeofKind tells the operators of [SizeofExpr] apart.
type SizeofKind uint8

const (
	Sizeof SizeofKind = iota
	Alignof
	SizeofPack // sizeof...(pack)
)

// String returns the operator.
func (k SizeofKind) String() string { return [...]string{"sizeof", "alignof", "sizeof..."}[k] }

// SizeofExpr is sizeof or alignof, of a type or of an expression.
type SizeofExpr struct {
	source.Span
	Kind SizeofKind
	Type Type // nil if of an expression
	X    Expr // nil if of a type; for sizeof...(p), the *Name p
}

// TraitExpr is a compiler builtin on types, as __is_same(T, U).
type TraitExpr struct {
	source.Span
	Name string
	Args []TemplateArg
}

// NoexceptExpr is noexcept(X).
type NoexceptExpr struct {
	source.Span
	X Expr
}

// Capture is one capture of a lambda.
type Capture struct {
	source.Span
	ByRef bool
	This  bool   // this or *this
	Name  string // "" with This
	Init  Expr   // of an init capture
	Pack  bool
}

// LambdaExpr is a lambda.
type LambdaExpr struct {
	source.Span
	DefaultRef  bool // [&]
	DefaultCopy bool // [=]
	Captures    []Capture
	Template    []Decl    // template parameters, as in TemplateDecl
	Type        *FuncType // Result is nil if it is to be deduced
	Mutable     bool
	Attrs       []*Attribute
	Body        *CompoundStmt
}

// FoldExpr is a fold of a parameter pack: (X Op ...), (... Op Y) or
// (X Op ... Op Y).
type FoldExpr struct {
	source.Span
	Op    scan.Kind
	OpPos source.Pos
	X, Y  Expr // one is nil in a unary fold
}

// PackExpr is X... in an argument list.
type PackExpr struct {
	source.Span
	X Expr
}

// StmtExpr is ({ … }), an extension of GNU C.
type StmtExpr struct {
	source.Span
	Body *CompoundStmt
}

func (*BadExpr) exprNode()        {}
func (*Name) exprNode()           {}
func (*IntLit) exprNode()         {}
func (*FloatLit) exprNode()       {}
func (*CharLit) exprNode()        {}
func (*StringLit) exprNode()      {}
func (*BoolLit) exprNode()        {}
func (*NullptrLit) exprNode()     {}
func (*ThisExpr) exprNode()       {}
func (*ParenExpr) exprNode()      {}
func (*UnaryExpr) exprNode()      {}
func (*PostfixExpr) exprNode()    {}
func (*BinaryExpr) exprNode()     {}
func (*AssignExpr) exprNode()     {}
func (*CondExpr) exprNode()       {}
func (*CallExpr) exprNode()       {}
func (*IndexExpr) exprNode()      {}
func (*MemberExpr) exprNode()     {}
func (*CastExpr) exprNode()       {}
func (*ConstructExpr) exprNode()  {}
func (*InitList) exprNode()       {}
func (*DesignatedInit) exprNode() {}
func (*SizeofExpr) exprNode()     {}
func (*TraitExpr) exprNode()      {}
func (*NoexceptExpr) exprNode()   {}
func (*LambdaExpr) exprNode()     {}
func (*FoldExpr) exprNode()       {}
func (*PackExpr) exprNode()       {}
func (*StmtExpr) exprNode()       {}
