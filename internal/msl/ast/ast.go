// Package ast has the syntax tree of the Metal Shading Language: C++ with
// Metal's address spaces, function qualifiers and attributes.
//
// The tree is untyped. A declarator is given as the type it composes to, read
// inside out: for `device float (*p)[4]`, p has the type *PointerType to
// *ArrayType of a *QualType. Names are not resolved; where C++'s grammar
// depends on what a name means (casts, declarations, template arguments), the
// parser has decided and the tree tells its decision.
package ast

import "github.com/aruminium-go/aruminium/internal/msl/source"

// Node is any node of the tree.
type Node interface {
	Pos() source.Pos // first byte
	End() source.Pos // byte after the last
}

// Expr is an expression: one of *BadExpr, *Name, *IntLit, *FloatLit,
// *CharLit, *StringLit, *BoolLit, *NullptrLit, *ThisExpr, *ParenExpr,
// *UnaryExpr, *PostfixExpr, *BinaryExpr, *AssignExpr, *CondExpr, *CallExpr,
// *IndexExpr, *MemberExpr, *CastExpr, *ConstructExpr, *InitList,
// *DesignatedInit, *SizeofExpr, *TraitExpr, *LambdaExpr, *FoldExpr, *PackExpr, *StmtExpr and
// *NoexceptExpr.
type Expr interface {
	Node
	exprNode()
}

// Type is the syntax of a type: one of *BadType, *BasicType, *NamedType,
// *TagType, *AutoType, *DecltypeType, *QualType, *PointerType, *RefType,
// *MemberPointerType, *ArrayType, *FuncType and *PackType.
type Type interface {
	Node
	typeNode()
}

// TemplateArg is an argument in a template argument list: a Type or an Expr.
// A name of which the parser does not know what it means is an Expr (*Name).
type TemplateArg interface{ Node }

// Stmt is a statement: one of *BadStmt, *EmptyStmt, *CompoundStmt, *ExprStmt,
// *DeclStmt, *IfStmt, *SwitchStmt, *CaseStmt, *WhileStmt, *DoStmt, *ForStmt,
// *RangeForStmt, *BreakStmt, *ContinueStmt, *ReturnStmt, *LabelStmt,
// *GotoStmt, *AttrStmt and *PragmaStmt.
type Stmt interface {
	Node
	stmtNode()
}

// Decl is a declaration: one of *BadDecl, *EmptyDecl, *VarDecl, *FieldDecl,
// *ParamDecl, *FuncDecl, *TypedefDecl, *RecordDecl, *EnumDecl, *EnumeratorDecl,
// *AccessDecl, *NamespaceDecl, *NamespaceAlias, *UsingDirective, *UsingDecl,
// *TemplateDecl, *TypeParam, *TemplateParam, *ExplicitInstantiation,
// *StaticAssert, *FriendDecl, *LinkageDecl, *BindingDecl and *PragmaDecl.
type Decl interface {
	Node
	declNode()
}

// File is a whole translation unit, its includes expanded.
type File struct {
	source.Span
	Decls []Decl
}

// Ident is a single identifier.
type Ident struct {
	source.Span
	Name string
}

// Attribute is one attribute of a [[…]] list, of an __attribute__((…)) list,
// or an alignas.
type Attribute struct {
	source.Span
	Style AttrStyle
	Scope string // clang in [[clang::optnone]], else ""
	Name  string // buffer, host_name, always_inline, alignas, …

	// Args are the arguments. A type (alignas(float4)) is possible. The
	// names in attributes such as [[user(locn0)]] are *Name expressions that
	// mean nothing in C++.
	Args    []TemplateArg
	HasArgs bool // the attribute has parentheses
}

// AttrStyle tells how an [Attribute] is written.
type AttrStyle uint8

const (
	AttrBracket AttrStyle = iota // [[name]]
	AttrGNU                      // __attribute__((name))
	AttrAlignas                  // alignas(n)
)

// String names the style.
func (s AttrStyle) String() string { return [...]string{"[[]]", "__attribute__", "alignas"}[s] }

// AddrSpace is one of Metal's address space qualifiers (MSL spec, section 4).
type AddrSpace uint8

const (
	NoSpace AddrSpace = iota // none written
	Device
	Constant
	Thread
	Threadgroup
	ThreadgroupImageblock
	ObjectData
	RayData
)

var spaceNames = [...]string{
	"", "device", "constant", "thread", "threadgroup", "threadgroup_imageblock", "object_data", "ray_data",
}

// String returns the qualifier as written; "" for NoSpace.
func (a AddrSpace) String() string { return spaceNames[a] }

// Coherence is the coherent qualifier (MSL spec, section 4.8).
type Coherence uint8

const (
	NotCoherent Coherence = iota
	CoherentThreadgroup
	CoherentDevice // also coherent without a scope
	CoherentSystem
)

// String returns the qualifier as written; "" for NotCoherent.
func (c Coherence) String() string {
	return [...]string{"", "coherent(threadgroup)", "coherent(device)", "coherent(system)"}[c]
}

// Quals are the qualifiers of a type, or of the object a method is called on.
type Quals struct {
	Const    bool
	Volatile bool
	Restrict bool
	Coherent Coherence
	Space    AddrSpace
	SpacePos source.Pos // of the address space, if one is written
}

// IsZero reports whether nothing is qualified.
func (q Quals) IsZero() bool {
	return !q.Const && !q.Volatile && !q.Restrict && q.Coherent == NotCoherent && q.Space == NoSpace
}

// Stage is the kind of function Metal can call from outside.
type Stage uint8

const (
	NoStage Stage = iota
	Kernel
	Vertex
	Fragment
)

// String returns the keyword; "" for NoStage.
func (s Stage) String() string { return [...]string{"", "kernel", "vertex", "fragment"}[s] }

// Storage is a storage class specifier.
type Storage uint8

const (
	NoStorage Storage = iota
	Static
	Extern
	Register
	Mutable
	ThreadLocal
)

// String returns the keyword; "" for NoStorage.
func (s Storage) String() string {
	return [...]string{"", "static", "extern", "register", "mutable", "thread_local"}[s]
}

// Specs are the declaration specifiers that are not part of the type.
type Specs struct {
	Storage   Storage
	Stage     Stage
	Inline    bool
	Constexpr bool
	Explicit  bool
	Virtual   bool
	Friend    bool

	StoragePos, StagePos, ConstexprPos source.Pos
}

// Name is a possibly qualified name with template arguments on any of its
// parts: x, ::x, metal::float4, T::template f<int>, operator+, ~T.
type Name struct {
	source.Span
	Global bool // starts with ::
	Parts  []NamePart
}

// NamePart is one part of a [Name].
type NamePart struct {
	source.Span
	Kind     NameKind
	Ident    string     // NameIdent, NameDtor
	Op       OpName     // NameOperator
	Type     Type       // NameConversion: the target; NameDecltype: a *DecltypeType
	Template source.Pos // of the keyword template before the part, if any
	Args     *TemplateArgs
}

// NameKind tells what a [NamePart] is.
type NameKind uint8

const (
	NameIdent      NameKind = iota
	NameOperator            // operator+
	NameConversion          // operator T
	NameDtor                // ~T
	NameLiteral             // operator""_x; Ident is the suffix
	NameDecltype            // decltype(x):: as a qualifier
)

// String names the kind.
func (k NameKind) String() string {
	return [...]string{"identifier", "operator", "conversion", "destructor", "literal", "decltype"}[k]
}

// OpName is the operator of an operator function: "+", "()", "[]", "new", ….
type OpName string

// TemplateArgs is a template argument list.
type TemplateArgs struct {
	source.Span // from < to >
	Args        []TemplateArg
}

// Last returns the last part, the one being named.
func (n *Name) Last() *NamePart { return &n.Parts[len(n.Parts)-1] }

// IsSimple reports whether n is a lone identifier.
func (n *Name) IsSimple() bool {
	return !n.Global && len(n.Parts) == 1 && n.Parts[0].Kind == NameIdent && n.Parts[0].Args == nil
}

// Simple returns the identifier of a name that [Name.IsSimple], else "".
func (n *Name) Simple() string {
	if n.IsSimple() {
		return n.Parts[0].Ident
	}
	return ""
}
