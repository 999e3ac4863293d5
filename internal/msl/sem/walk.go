package sem

// Children calls f for the expressions that e is made of, in the order in
// which they are written.
func Children(e Expr, f func(Expr)) {
	one := func(list ...Expr) {
		for _, x := range list {
			if x != nil {
				f(x)
			}
		}
	}
	switch e := e.(type) {
	case *Field:
		one(e.X)
	case *Index:
		one(e.X, e.I)
	case *Swizzle:
		one(e.X)
	case *Deref:
		one(e.X)
	case *AddrOf:
		one(e.X)
	case *Decay:
		one(e.X)
	case *Unary:
		one(e.X)
	case *Binary:
		one(e.X, e.Y)
	case *Logical:
		one(e.X, e.Y)
	case *Cond:
		one(e.C, e.X, e.Y)
	case *Assign:
		one(e.X, e.Y)
	case *AssignOp:
		one(e.X, e.Y)
	case *IncDec:
		one(e.X)
	case *PtrAdd:
		one(e.P, e.I)
	case *PtrDiff:
		one(e.P, e.Q)
	case *Convert:
		one(e.X)
	case *Splat:
		one(e.X)
	case *Bitcast:
		one(e.X)
	case *PtrCast:
		one(e.X)
	case *Construct:
		one(e.Args...)
	case *Aggregate:
		one(e.Elems...)
	case *Call:
		one(e.This)
		one(e.Args...)
	case *Builtin:
		one(e.Args...)
	case *LogCall:
		one(e.Of)
		one(e.Args...)
	case *Comma:
		one(e.X, e.Y)
	case *Temp:
		one(e.X)
	}
}

// Walk calls f for e and the expressions in it, until f returns false; it
// reports whether f never did.
func Walk(e Expr, f func(Expr) bool) bool {
	if e == nil {
		return true
	}
	if !f(e) {
		return false
	}
	ok := true
	Children(e, func(x Expr) { ok = ok && Walk(x, f) })
	return ok
}

// WalkStmt is Walk for the expressions in a statement.
func WalkStmt(s Stmt, f func(Expr) bool) bool {
	list := func(all []Stmt) bool {
		for _, s := range all {
			if !WalkStmt(s, f) {
				return false
			}
		}
		return true
	}
	switch s := s.(type) {
	case *Block:
		return s == nil || list(s.List)
	case *Decl:
		return Walk(s.Init, f)
	case *ExprStmt:
		return Walk(s.X, f)
	case *If:
		return Walk(s.Cond, f) && WalkStmt(s.Then, f) && WalkStmt(s.Else, f)
	case *For:
		return (s.CondDecl == nil || WalkStmt(s.CondDecl, f)) && Walk(s.Cond, f) && WalkStmt(s.Body, f) && Walk(s.Step, f)
	case *Switch:
		return Walk(s.X, f) && list(s.Body)
	case *Return:
		return Walk(s.X, f)
	}
	return true
}
