package ast

// Inspect calls f for n and, as long as f returns true, for what n contains,
// in the order of the source. It does not visit nil.
func Inspect(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	Children(n, func(c Node) { Inspect(c, f) })
}

// Children calls f for each node directly below n. The definition that a
// *TagType holds is a child of it only if it is not an element of a list.
func Children(n Node, f func(Node)) {
	switch n := n.(type) {
	case *File:
		each(n.Decls, f)
	case Expr:
		exprChildren(n, f)
	case Type:
		typeChildren(n, f)
	case Stmt:
		stmtChildren(n, f)
	case Decl:
		declChildren(n, f)
	case *Attribute:
		each(n.Args, f)
	case *TemplateArgs:
		each(n.Args, f)
	case *CtorInit:
		f(n.Name)
		each(n.Args, f)
	case *Base:
		f(n.Type)
	}
}

// each calls f for the elements of a list that are not nil interfaces.
func each[T Node](list []T, f func(Node)) {
	for _, n := range list {
		f(n)
	}
}

// opt calls f for n unless it is a nil interface or nil pointer.
func opt[T interface {
	comparable
	Node
}](n T, f func(Node)) {
	var none T
	if n != none {
		f(n)
	}
}

func exprChildren(n Expr, f func(Node)) {
	switch n := n.(type) {
	case *Name:
		for i := range n.Parts {
			opt(n.Parts[i].Type, f)
			opt(n.Parts[i].Args, f)
		}
	case *ParenExpr:
		f(n.X)
	case *UnaryExpr:
		f(n.X)
	case *PostfixExpr:
		f(n.X)
	case *BinaryExpr:
		f(n.X)
		f(n.Y)
	case *AssignExpr:
		f(n.X)
		f(n.Y)
	case *CondExpr:
		f(n.Cond)
		opt(n.Then, f)
		f(n.Else)
	case *CallExpr:
		f(n.Fun)
		each(n.Args, f)
	case *IndexExpr:
		f(n.X)
		f(n.Index)
	case *MemberExpr:
		f(n.X)
		f(n.Name)
	case *CastExpr:
		f(n.Type)
		f(n.X)
	case *ConstructExpr:
		f(n.Type)
		each(n.Args, f)
	case *InitList:
		each(n.Elems, f)
	case *DesignatedInit:
		opt(n.Index, f)
		opt(n.High, f)
		f(n.Value)
	case *SizeofExpr:
		opt(n.Type, f)
		opt(n.X, f)
	case *TraitExpr:
		each(n.Args, f)
	case *NoexceptExpr:
		f(n.X)
	case *LambdaExpr:
		for i := range n.Captures {
			opt(n.Captures[i].Init, f)
		}
		each(n.Template, f)
		opt(n.Type, f)
		each(n.Attrs, f)
		opt(n.Body, f)
	case *FoldExpr:
		opt(n.X, f)
		opt(n.Y, f)
	case *PackExpr:
		f(n.X)
	case *StmtExpr:
		f(n.Body)
	}
}

func typeChildren(n Type, f func(Node)) {
	switch n := n.(type) {
	case *NamedType:
		f(n.Name)
	case *TagType:
		if n.Decl != nil && !n.Listed {
			f(n.Decl)
		} else {
			opt(n.Name, f)
		}
	case *DecltypeType:
		opt(n.X, f)
		opt(n.Type, f)
	case *QualType:
		f(n.Elem)
	case *PointerType:
		f(n.Elem)
	case *RefType:
		f(n.Elem)
	case *MemberPointerType:
		f(n.Elem)
		f(n.Class)
	case *ArrayType:
		f(n.Elem)
		opt(n.Len, f)
		each(n.Attrs, f)
	case *FuncType:
		opt(n.Result, f)
		each(n.Params, f)
		each(n.Attrs, f)
	case *PackType:
		f(n.Elem)
	}
}

func stmtChildren(n Stmt, f func(Node)) {
	switch n := n.(type) {
	case *CompoundStmt:
		each(n.List, f)
	case *ExprStmt:
		f(n.X)
	case *DeclStmt:
		each(n.Decls, f)
	case *IfStmt:
		opt(n.Init, f)
		opt(n.Cond, f)
		f(n.Then)
		opt(n.Else, f)
	case *SwitchStmt:
		opt(n.Init, f)
		opt(n.Cond, f)
		f(n.Body)
	case *CaseStmt:
		opt(n.Value, f)
		opt(n.High, f)
	case *WhileStmt:
		opt(n.Cond, f)
		f(n.Body)
	case *DoStmt:
		f(n.Body)
		f(n.Cond)
	case *ForStmt:
		opt(n.Init, f)
		opt(n.Cond, f)
		opt(n.Post, f)
		f(n.Body)
	case *RangeForStmt:
		opt(n.Init, f)
		f(n.Decl)
		f(n.X)
		f(n.Body)
	case *ReturnStmt:
		opt(n.X, f)
	case *AttrStmt:
		each(n.Attrs, f)
		f(n.Stmt)
	}
}

func declChildren(n Decl, f func(Node)) {
	switch n := n.(type) {
	case *VarDecl:
		each(n.Attrs, f)
		f(n.Type)
		f(n.Name)
		each(n.Init, f)
	case *FieldDecl:
		each(n.Attrs, f)
		f(n.Type)
		opt(n.Bits, f)
		opt(n.Init, f)
	case *ParamDecl:
		each(n.Attrs, f)
		f(n.Type)
		opt(n.Default, f)
	case *FuncDecl:
		each(n.Attrs, f)
		f(n.Name)
		f(n.Type)
		each(n.Inits, f)
		opt(n.Body, f)
	case *TypedefDecl:
		each(n.Attrs, f)
		f(n.Type)
	case *AliasDecl:
		each(n.Attrs, f)
		f(n.Type)
	case *RecordDecl:
		each(n.Attrs, f)
		opt(n.Name, f)
		each(n.Bases, f)
		each(n.Members, f)
	case *EnumDecl:
		each(n.Attrs, f)
		opt(n.Name, f)
		opt(n.Base, f)
		each(n.List, f)
	case *EnumeratorDecl:
		each(n.Attrs, f)
		opt(n.Value, f)
	case *NamespaceDecl:
		each(n.Attrs, f)
		each(n.Decls, f)
	case *NamespaceAlias:
		f(n.Target)
	case *UsingDirective:
		f(n.Name)
	case *UsingDecl:
		f(n.Name)
	case *TemplateDecl:
		each(n.Params, f)
		opt(n.Decl, f)
	case *TypeParam:
		opt(n.Default, f)
	case *TemplateParam:
		each(n.Params, f)
		opt(n.Default, f)
	case *ExplicitInstantiation:
		each(n.Attrs, f)
		opt(n.Decl, f)
	case *StaticAssert:
		f(n.Cond)
		opt(n.Msg, f)
	case *FriendDecl:
		opt(n.Decl, f)
		opt(n.Type, f)
	case *LinkageDecl:
		each(n.Decls, f)
	case *BindingDecl:
		each(n.Attrs, f)
		f(n.Type)
		each(n.Names, f)
		opt(n.Init, f)
	}
}
