package ast

import "github.com/aruminium-go/aruminium/internal/msl/source"

// BadType stands where a type could not be read; an error has been reported.
type BadType struct{ source.Span }

// BasicKind is a type that C++ names by keywords.
type BasicKind uint8

const (
	Void BasicKind = iota
	Bool
	Char
	SChar // signed char
	UChar
	Short
	UShort
	Int
	UInt
	Long
	ULong
	LongLong
	ULongLong
	Float
	Double
	LongDouble
)

// String returns the type as C++ spells it.
func (k BasicKind) String() string {
	return [...]string{
		"void", "bool", "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int",
		"long", "unsigned long", "long long", "unsigned long long", "float", "double", "long double",
	}[k]
}

// BasicType is a type named by keywords. half, bfloat, uint, float4 and the
// like are [NamedType]s.
type BasicType struct {
	source.Span
	Kind BasicKind
}

// NamedType is a type named by a name.
type NamedType struct {
	source.Span
	Typename bool // the keyword typename stands before the name
	Name     *Name
}

// Tag is the keyword of a class or enumeration.
type Tag uint8

const (
	Struct Tag = iota
	Class
	Union
	Enum
)

// String returns the keyword.
func (t Tag) String() string { return [...]string{"struct", "class", "union", "enum"}[t] }

// TagType is a type named with its tag, as in `struct S s`, or defined where
// it is used, as in `struct { int x; } s`.
type TagType struct {
	source.Span
	Tag  Tag
	Name *Name // nil if unnamed

	// Decl is the *RecordDecl or *EnumDecl if the type is defined or first
	// declared here. In a list of declarations (of a file, namespace, class
	// or *DeclStmt) it is also an element by itself, before the declarators
	// of this type; Listed tells that.
	Decl   Decl
	Listed bool
}

// AutoType is auto or decltype(auto).
type AutoType struct {
	source.Span
	Decltype bool
}

// DecltypeType is decltype(X), or __typeof__(X) or __typeof__(Type).
type DecltypeType struct {
	source.Span
	X    Expr
	Type Type // of __typeof__(Type); X is nil
}

// QualType is a type with qualifiers. Elem is not itself a *QualType.
type QualType struct {
	source.Span
	Quals Quals
	Elem  Type
}

// PointerType is Elem*. Qualifiers of the pointer itself are in a *QualType
// around it.
type PointerType struct {
	source.Span
	Elem Type
	Star source.Pos
}

// RefType is Elem& or Elem&&.
type RefType struct {
	source.Span
	Elem   Type
	RValue bool
	Amp    source.Pos
}

// MemberPointerType is Elem Class::*.
type MemberPointerType struct {
	source.Span
	Class *Name
	Elem  Type
}

// ArrayType is Elem[Len]; Len is nil in Elem[].
type ArrayType struct {
	source.Span
	Elem   Type
	Lbrack source.Pos
	Len    Expr
	Attrs  []*Attribute
}

// FuncType is the type of a function.
type FuncType struct {
	source.Span
	Result   Type // nil for constructors, destructors and conversion functions
	Trailing bool // the result is written -> T
	Lparen   source.Pos
	Params   []*ParamDecl
	Variadic bool // a C-style ... ends the parameters
	Rparen   source.Pos

	Quals    Quals // of *this
	Ref      RefQual
	Noexcept bool
	Attrs    []*Attribute // after the parameters
}

// RefQual is the & or && after a method's parameters.
type RefQual uint8

const (
	NoRef RefQual = iota
	LRef
	RRef
)

// String returns the qualifier; "" for NoRef.
func (r RefQual) String() string { return [...]string{"", "&", "&&"}[r] }

// PackType is Elem... .
type PackType struct {
	source.Span
	Elem Type
}

func (*BadType) typeNode()           {}
func (*BasicType) typeNode()         {}
func (*NamedType) typeNode()         {}
func (*TagType) typeNode()           {}
func (*AutoType) typeNode()          {}
func (*DecltypeType) typeNode()      {}
func (*QualType) typeNode()          {}
func (*PointerType) typeNode()       {}
func (*RefType) typeNode()           {}
func (*MemberPointerType) typeNode() {}
func (*ArrayType) typeNode()         {}
func (*FuncType) typeNode()          {}
func (*PackType) typeNode()          {}
