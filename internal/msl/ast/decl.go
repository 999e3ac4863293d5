package ast

import "github.com/aruminium-go/aruminium/internal/msl/source"

// BadDecl stands where a declaration could not be read; an error has been
// reported.
type BadDecl struct{ source.Span }

// EmptyDecl is a lone semicolon.
type EmptyDecl struct{ source.Span }

// InitStyle tells how a variable is initialised.
type InitStyle uint8

const (
	NoInit     InitStyle = iota
	InitEquals           // T x = e
	InitParens           // T x(a, b)
	InitBraces           // T x{a, b}; Init is one *InitList
)

// String names the style.
func (s InitStyle) String() string { return [...]string{"none", "=", "()", "{}"}[s] }

// VarDecl declares a variable, or a static data member.
type VarDecl struct {
	source.Span
	Attrs     []*Attribute // before the declaration, and after the name
	Specs     Specs
	Type      Type
	Name      *Name // qualified or with template arguments in a redeclaration
	InitStyle InitStyle
	Init      []Expr // one element, except for InitParens
}

// FieldDecl declares a non-static data member. Name is "" for an anonymous
// struct or union (its Type is a *TagType with Decl) and for an unnamed bit
// field.
type FieldDecl struct {
	source.Span
	Attrs   []*Attribute
	Specs   Specs
	Type    Type
	Name    string
	NamePos source.Pos
	Bits    Expr // width of a bit field
	Init    Expr // default initialiser
}

// ParamDecl declares a parameter of a function, or a non-type parameter of a
// template.
type ParamDecl struct {
	source.Span
	Attrs   []*Attribute
	Specs   Specs
	Type    Type
	Pack    bool
	Name    string // "" if unnamed
	NamePos source.Pos
	Default Expr
}

// FuncKind tells functions apart by what their name is.
type FuncKind uint8

const (
	Function    FuncKind = iota // operators included
	Constructor                 // Type.Result is nil
	Destructor
	Conversion  // operator T
	DeductGuide // deduction guide; Type.Result is the type after ->
)

// String names the kind.
func (k FuncKind) String() string {
	return [...]string{"function", "constructor", "destructor", "conversion", "deduction guide"}[k]
}

// FuncDecl declares or defines a function.
type FuncDecl struct {
	source.Span
	Attrs   []*Attribute // before the declaration, after the name, after the parameters
	Specs   Specs
	Kind    FuncKind
	Name    *Name
	Type    *FuncType
	Inits   []*CtorInit // of a constructor
	Body    *CompoundStmt
	Default bool // = default
	Delete  bool // = delete
	Pure    bool // = 0
}

// CtorInit initialises a member or base in a constructor.
type CtorInit struct {
	source.Span
	Name  *Name
	Brace bool
	Args  []Expr
	Pack  bool
}

// TypedefDecl is typedef Type Name.
type TypedefDecl struct {
	source.Span
	Attrs   []*Attribute
	Type    Type
	Name    string
	NamePos source.Pos
}

// AliasDecl is using Name = Type. Its TypedefDecl form is [TypedefDecl].
type AliasDecl struct {
	source.Span
	Attrs   []*Attribute
	Name    string
	NamePos source.Pos
	Type    Type
}

// RecordDecl declares or defines a struct, class or union.
type RecordDecl struct {
	source.Span
	Tag     Tag
	Attrs   []*Attribute
	Name    *Name // nil if unnamed; with template arguments in a specialisation
	Final   bool
	Bases   []*Base
	Defined bool // has a body
	Lbrace  source.Pos
	Members []Decl // *FieldDecl, *VarDecl, *FuncDecl, *AccessDecl, …
	Rbrace  source.Pos
}

// Access is an access specifier.
type Access uint8

const (
	NoAccess Access = iota
	Public
	Protected
	Private
)

// String returns the keyword; "" for NoAccess.
func (a Access) String() string { return [...]string{"", "public", "protected", "private"}[a] }

// Base is a base class.
type Base struct {
	source.Span
	Access  Access
	Virtual bool
	Type    Type
	Pack    bool
}

// EnumDecl declares or defines an enumeration.
type EnumDecl struct {
	source.Span
	Attrs   []*Attribute
	Scoped  bool  // enum class, enum struct
	Name    *Name // nil if unnamed
	Base    Type  // or nil
	Defined bool
	List    []*EnumeratorDecl
}

// EnumeratorDecl is one enumerator.
type EnumeratorDecl struct {
	source.Span
	Name  string
	Attrs []*Attribute
	Value Expr // or nil
}

// AccessDecl is public: , protected: or private: .
type AccessDecl struct {
	source.Span
	Access Access
}

// NamespaceDecl is namespace A { … }; A::B is two of them, nested.
type NamespaceDecl struct {
	source.Span
	Attrs   []*Attribute
	Inline  bool
	Name    string // "" if unnamed
	NamePos source.Pos
	Decls   []Decl
}

// NamespaceAlias is namespace Name = Target.
type NamespaceAlias struct {
	source.Span
	Name   string
	Target *Name
}

// UsingDirective is using namespace Name.
type UsingDirective struct {
	source.Span
	Name *Name
}

// UsingDecl is using Name, with each of its names a declaration of its own.
type UsingDecl struct {
	source.Span
	Typename bool
	Name     *Name
	Pack     bool
}

// TemplateDecl is template <Params> Decl. Without parameters it is an
// explicit specialisation.
type TemplateDecl struct {
	source.Span
	Params []Decl // *TypeParam, *ParamDecl, *TemplateParam
	Rangle source.Pos
	Decl   Decl // *FuncDecl, *RecordDecl, *AliasDecl, *VarDecl, *TemplateDecl, …
}

// TypeParam is a type parameter of a template.
type TypeParam struct {
	source.Span
	Pack    bool
	Name    string // "" if unnamed
	NamePos source.Pos
	Default Type // or nil
}

// TemplateParam is a template parameter of a template.
type TemplateParam struct {
	source.Span
	Params  []Decl
	Pack    bool
	Name    string
	NamePos source.Pos
	Default *Name // or nil
}

// ExplicitInstantiation is template Decl. Decl is a *FuncDecl without body,
// or a *VarDecl if the function is named by a type (as in
// `template [[host_name("f")]] kernel decltype(f<int>) f<int>;`), or a
// *RecordDecl.
type ExplicitInstantiation struct {
	source.Span
	Extern bool
	Attrs  []*Attribute // those of Decl are there
	Decl   Decl
}

// StaticAssert is static_assert(Cond, Msg).
type StaticAssert struct {
	source.Span
	Cond Expr
	Msg  *StringLit // or nil
}

// FriendDecl is a friend declaration.
type FriendDecl struct {
	source.Span
	Decl Decl // *FuncDecl, *RecordDecl, *TemplateDecl; nil for friend T
	Type Type // of friend T
}

// LinkageDecl is extern "C" with one declaration or a block.
type LinkageDecl struct {
	source.Span
	Lang  string
	Decls []Decl
}

// BindingDecl is a structured binding: auto [a, b] = x.
type BindingDecl struct {
	source.Span
	Attrs     []*Attribute
	Specs     Specs
	Type      Type // auto, qualified, by reference or not
	Names     []*Ident
	InitStyle InitStyle
	Init      Expr
}

// PragmaDecl is a #pragma or _Pragma outside of functions.
type PragmaDecl struct {
	source.Span
	Text string // what follows the word pragma
}

func (*BadDecl) declNode()               {}
func (*EmptyDecl) declNode()             {}
func (*VarDecl) declNode()               {}
func (*FieldDecl) declNode()             {}
func (*ParamDecl) declNode()             {}
func (*FuncDecl) declNode()              {}
func (*TypedefDecl) declNode()           {}
func (*AliasDecl) declNode()             {}
func (*RecordDecl) declNode()            {}
func (*EnumDecl) declNode()              {}
func (*EnumeratorDecl) declNode()        {}
func (*AccessDecl) declNode()            {}
func (*NamespaceDecl) declNode()         {}
func (*NamespaceAlias) declNode()        {}
func (*UsingDirective) declNode()        {}
func (*UsingDecl) declNode()             {}
func (*TemplateDecl) declNode()          {}
func (*TypeParam) declNode()             {}
func (*TemplateParam) declNode()         {}
func (*ExplicitInstantiation) declNode() {}
func (*StaticAssert) declNode()          {}
func (*FriendDecl) declNode()            {}
func (*LinkageDecl) declNode()           {}
func (*BindingDecl) declNode()           {}
func (*PragmaDecl) declNode()            {}
