package sem

import "github.com/aruminium-go/aruminium/internal/msl/source"

// Stmt is a statement.
type Stmt interface{ stmt() }

// Block is a sequence of statements; the variables declared in it end with it.
// FP, if it is not nil, holds in it instead of what holds around it; what holds
// around the body of a function is the zero FP.
type Block struct {
	List []Stmt
	FP   *FP
}

// Decl declares a local variable. Init is nil if it has none (its value is
// then whatever was there), an lvalue if the variable is a reference, and
// otherwise a value of the variable's type. Each thread stores that of a
// threadgroup variable.
type Decl struct {
	Var  *Var
	Init Expr
}

// ExprStmt evaluates X for what it does.
type ExprStmt struct{ X Expr }

// If runs Then if Cond, a bool scalar, is true, else Else, which may be nil.
// An init statement or a declaration in the condition is in a Block around it.
type If struct {
	Cond       Expr
	Then, Else Stmt
	Pos        source.Pos
}

// For is for, while and do: Cond and Step may be nil. An init statement is in
// a Block around it. Continue goes on with Step. DoWhile tests Cond after Body.
// CondDecl, if not nil, is evaluated before each test (while (int x = f())).
type For struct {
	CondDecl *Decl
	Cond     Expr
	Step     Expr
	Body     Stmt
	DoWhile  bool
	Pos      source.Pos
}

// Switch goes to the case whose value equals X. Body is one list in source
// order; a Case marks a place in it, at its top level unless Into is set: then
// Cases may be in the Blocks, Ifs and Fors in it, too. Control falls through.
type Switch struct {
	X    Expr
	Body []Stmt
	Into bool
	Pos  source.Pos
}

// Case marks where control enters a Switch's body: Value is a constant of X's
// type, nil for default.
type Case struct{ Value *Const }

// Break leaves the innermost For or Switch.
type Break struct{ Pos source.Pos }

// Continue goes on with the next turn of the innermost For.
type Continue struct{ Pos source.Pos }

// Return ends the function. X is nil in a void function; an lvalue if the
// function returns a reference.
type Return struct {
	X   Expr
	Pos source.Pos
}

func (*Block) stmt()    {}
func (*Decl) stmt()     {}
func (*ExprStmt) stmt() {}
func (*If) stmt()       {}
func (*For) stmt()      {}
func (*Switch) stmt()   {}
func (*Case) stmt()     {}
func (*Break) stmt()    {}
func (*Continue) stmt() {}
func (*Return) stmt()   {}
