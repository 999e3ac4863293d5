package ast

import "github.com/aruminium-go/aruminium/internal/msl/source"

// BadStmt stands where a statement could not be read; an error has been
// reported.
type BadStmt struct{ source.Span }

// EmptyStmt is a lone semicolon.
type EmptyStmt struct{ source.Span }

// CompoundStmt is { List }. Implicit ones are made round a case label that
// is the whole body of a switch.
type CompoundStmt struct {
	source.Span
	List     []Stmt
	Implicit bool
}

// ExprStmt is X; .
type ExprStmt struct {
	source.Span
	X Expr
}

// DeclStmt is a declaration in a block, one Decl for each declarator, after
// the class or enumeration it defines, if any.
type DeclStmt struct {
	source.Span
	Decls []Decl
}

// IfStmt is if (Init; Cond) Then else Else.
type IfStmt struct {
	source.Span
	Constexpr bool
	Init      Stmt // *DeclStmt, *ExprStmt, or nil
	Cond      Node // Expr, or *DeclStmt with one *VarDecl
	Then      Stmt
	Else      Stmt // or nil
}

// SwitchStmt is switch (Init; Cond) Body. The labels are *CaseStmts in Body.
type SwitchStmt struct {
	source.Span
	Init Stmt
	Cond Node // as in IfStmt
	Body Stmt
}

// CaseStmt is a label in a switch: case Value: , case Value ... High: , or
// default: if Value is nil. It is an element of a statement list of its own,
// before the statements it labels.
type CaseStmt struct {
	source.Span
	Value Expr
	High  Expr
}

// WhileStmt is while (Cond) Body.
type WhileStmt struct {
	source.Span
	Cond Node // as in IfStmt
	Body Stmt
}

// DoStmt is do Body while (Cond); .
type DoStmt struct {
	source.Span
	Body Stmt
	Cond Expr
}

// ForStmt is for (Init; Cond; Post) Body. Init, Cond and Post may be nil.
type ForStmt struct {
	source.Span
	Init Stmt // *DeclStmt, *ExprStmt, or nil
	Cond Node // as in IfStmt
	Post Expr
	Body Stmt
}

// RangeForStmt is for (Init; Decl : X) Body.
type RangeForStmt struct {
	source.Span
	Init Stmt // or nil
	Decl Decl // *VarDecl or *BindingDecl, without initialiser
	X    Expr
	Body Stmt
}

// BreakStmt is break; .
type BreakStmt struct{ source.Span }

// ContinueStmt is continue; .
type ContinueStmt struct{ source.Span }

// ReturnStmt is return X; X may be nil or an *InitList.
type ReturnStmt struct {
	source.Span
	X Expr
}

// LabelStmt is Name: . Like a CaseStmt it stands before what it labels.
type LabelStmt struct {
	source.Span
	Name string
}

// GotoStmt is goto Name; .
type GotoStmt struct {
	source.Span
	Name string
}

// AttrStmt is a statement with attributes.
type AttrStmt struct {
	source.Span
	Attrs []*Attribute
	Stmt  Stmt
}

// PragmaStmt is a #pragma or _Pragma in a block. It applies to the statement
// that follows in the same list.
type PragmaStmt struct {
	source.Span
	Text string // what follows the word pragma
}

func (*BadStmt) stmtNode()      {}
func (*EmptyStmt) stmtNode()    {}
func (*CompoundStmt) stmtNode() {}
func (*ExprStmt) stmtNode()     {}
func (*DeclStmt) stmtNode()     {}
func (*IfStmt) stmtNode()       {}
func (*SwitchStmt) stmtNode()   {}
func (*CaseStmt) stmtNode()     {}
func (*WhileStmt) stmtNode()    {}
func (*DoStmt) stmtNode()       {}
func (*ForStmt) stmtNode()      {}
func (*RangeForStmt) stmtNode() {}
func (*BreakStmt) stmtNode()    {}
func (*ContinueStmt) stmtNode() {}
func (*ReturnStmt) stmtNode()   {}
func (*LabelStmt) stmtNode()    {}
func (*GotoStmt) stmtNode()     {}
func (*AttrStmt) stmtNode()     {}
func (*PragmaStmt) stmtNode()   {}
