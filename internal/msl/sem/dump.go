package sem

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Dump returns a module as text, for tests: one statement a line, expressions
// in prefix form with the type of each node that does something.
func Dump(m *Module) string {
	d := &dumper{}
	for _, v := range m.Globals {
		d.global(v)
	}
	for _, f := range m.Kernels {
		d.fn(f)
	}
	for i := 0; i < len(d.queue); i++ {
		d.fn(d.queue[i])
	}
	return d.b.String()
}

// DumpExpr returns an expression as Dump shows it.
func DumpExpr(e Expr) string {
	d := &dumper{}
	d.expr(e)
	return d.b.String()
}

type dumper struct {
	b      strings.Builder
	indent int
	seen   map[*Func]bool
	queue  []*Func // called, not yet shown
}

func (d *dumper) line(format string, args ...any) {
	d.b.WriteString(strings.Repeat("\t", d.indent))
	fmt.Fprintf(&d.b, format, args...)
}

func (d *dumper) global(v *Var) {
	d.line("constant %s %s", v.Type, v.Name)
	if v.FuncConst != nil {
		fmt.Fprintf(&d.b, " function_constant(%d)", v.FuncConst.Index)
	}
	if v.Init != nil {
		d.b.WriteString(" = ")
		d.expr(v.Init)
	}
	d.b.WriteByte('\n')
}

func (d *dumper) fn(f *Func) {
	if d.seen[f] {
		return
	}
	if d.seen == nil {
		d.seen = make(map[*Func]bool)
	}
	d.seen[f] = true
	if f.Kernel != nil {
		d.line("kernel %q", f.Kernel.Name)
		if f.Kernel.MaxThreads > 0 {
			fmt.Fprintf(&d.b, " max_threads(%d)", f.Kernel.MaxThreads)
		}
		d.b.WriteByte(' ')
	}
	d.line("func %s(", f.Name)
	for i, p := range f.Params {
		if i > 0 {
			d.b.WriteString(", ")
		}
		fmt.Fprintf(&d.b, "%s %s", p.Type, p.Name)
		if a := p.Arg; a != nil {
			d.arg(a)
		}
	}
	d.b.WriteByte(')')
	if f.This != nil {
		fmt.Fprintf(&d.b, " this %s", f.This.Type)
	}
	fmt.Fprintf(&d.b, " %s {\n", f.Result)
	if f.Body != nil {
		d.indent++
		d.list(f.Body.List)
		d.indent--
	}
	d.line("}\n")
}

func (d *dumper) arg(a *Arg) {
	switch a.Kind {
	case ArgBuffer:
		fmt.Fprintf(&d.b, " buffer(%d)", a.Index)
	case ArgThreadgroup:
		fmt.Fprintf(&d.b, " threadgroup(%d)", a.Index)
	case ArgTexture:
		fmt.Fprintf(&d.b, " texture(%d)", a.Index)
	case ArgSampler:
		fmt.Fprintf(&d.b, " sampler(%d)", a.Index)
	case ArgBuiltin:
		d.b.WriteByte(' ')
		d.b.WriteString(a.Builtin)
	}
	if a.Enabled != nil {
		fmt.Fprintf(&d.b, " if(%s)", a.Enabled.Name)
	}
}

func (d *dumper) list(list []Stmt) {
	for _, s := range list {
		d.stmt(s)
	}
}

func (d *dumper) stmt(s Stmt) {
	switch s := s.(type) {
	case *Block:
		d.line("{\n")
		d.indent++
		d.list(s.List)
		d.indent--
		d.line("}\n")
	case *Decl:
		d.decl(s)
	case *ExprStmt:
		d.line("")
		d.expr(s.X)
		d.b.WriteByte('\n')
	case *If:
		d.line("if ")
		d.expr(s.Cond)
		d.b.WriteByte('\n')
		d.nested(s.Then)
		if s.Else != nil {
			d.line("else\n")
			d.nested(s.Else)
		}
	case *For:
		word := "for"
		if s.DoWhile {
			word = "do"
		}
		d.line("%s", word)
		if s.Cond != nil {
			d.b.WriteString(" while ")
			d.expr(s.Cond)
		}
		if s.Step != nil {
			d.b.WriteString(" step ")
			d.expr(s.Step)
		}
		d.b.WriteByte('\n')
		if s.CondDecl != nil {
			d.indent++
			d.decl(s.CondDecl)
			d.indent--
		}
		d.nested(s.Body)
	case *Switch:
		d.line("switch ")
		d.expr(s.X)
		d.b.WriteByte('\n')
		d.indent++
		d.list(s.Body)
		d.indent--
	case *Case:
		if s.Value == nil {
			d.line("default\n")
			return
		}
		d.line("case ")
		d.expr(s.Value)
		d.b.WriteByte('\n')
	case *Break:
		d.line("break\n")
	case *Continue:
		d.line("continue\n")
	case *Return:
		d.line("return")
		if s.X != nil {
			d.b.WriteByte(' ')
			d.expr(s.X)
		}
		d.b.WriteByte('\n')
	}
}

func (d *dumper) nested(s Stmt) {
	d.indent++
	if b, ok := s.(*Block); ok {
		d.list(b.List)
	} else {
		d.stmt(s)
	}
	d.indent--
}

func (d *dumper) decl(s *Decl) {
	space := ""
	if s.Var.Space != types.Thread {
		space = s.Var.Space.String() + " "
	}
	d.line("var %s%s %s", space, s.Var.Type, s.Var.Name)
	if s.Init != nil {
		d.b.WriteString(" = ")
		d.expr(s.Init)
	}
	d.b.WriteByte('\n')
}

// node shows a node that has a type of its own and operands.
func (d *dumper) node(t types.Type, what string, args ...Expr) {
	d.b.WriteByte('(')
	d.b.WriteString(what)
	if t != nil {
		d.b.WriteByte(':')
		d.b.WriteString(t.String())
	}
	for _, a := range args {
		d.b.WriteByte(' ')
		d.expr(a)
	}
	d.b.WriteByte(')')
}

func (d *dumper) expr(e Expr) {
	switch e := e.(type) {
	case nil:
		d.b.WriteString("_")
	case *Const:
		d.constant(e)
	case *Zero:
		d.node(e.T, "zero")
	case *String:
		d.b.WriteString(strconv.Quote(e.Value))
	case *VarRef:
		d.b.WriteString(e.Var.Name)
	case *Field:
		name := strconv.Itoa(e.Index)
		if s, ok := e.X.Type().(*types.Struct); ok && s.Fields[e.Index].Name != "" {
			name = s.Fields[e.Index].Name
		}
		d.node(nil, "."+name, e.X)
	case *Index:
		d.node(nil, "index", e.X, e.I)
	case *Swizzle:
		name := make([]byte, len(e.Comps))
		for i, c := range e.Comps {
			name[i] = "xyzw"[c]
		}
		d.node(nil, "."+string(name), e.X)
	case *Deref:
		d.node(nil, "*", e.X)
	case *AddrOf:
		d.node(nil, "&", e.X)
	case *Decay:
		d.node(nil, "decay", e.X)
	case *Unary:
		d.node(e.T, e.Op.String(), e.X)
	case *Binary:
		d.node(e.T, e.Op.String(), e.X, e.Y)
	case *Logical:
		op := "||"
		if e.And {
			op = "&&"
		}
		d.node(nil, op, e.X, e.Y)
	case *Cond:
		d.node(e.T, "?", e.C, e.X, e.Y)
	case *Assign:
		d.node(nil, "=", e.X, e.Y)
	case *AssignOp:
		d.node(e.Operand, e.Op.String()+"=", e.X, e.Y)
	case *IncDec:
		op := "++"
		if e.Dec {
			op = "--"
		}
		if e.Post {
			op = "post" + op
		}
		d.node(nil, op, e.X)
	case *PtrAdd:
		op := "ptr+"
		if e.Sub {
			op = "ptr-"
		}
		d.node(nil, op, e.P, e.I)
	case *PtrDiff:
		d.node(nil, "ptrdiff", e.P, e.Q)
	case *Convert:
		d.node(e.T, "convert", e.X)
	case *Splat:
		d.node(e.T, "splat", e.X)
	case *Bitcast:
		d.node(e.T, "as_type", e.X)
	case *PtrCast:
		d.node(e.T, "ptrcast", e.X)
	case *Construct:
		d.node(e.T, "construct", e.Args...)
	case *Aggregate:
		d.node(e.T, "aggregate", e.Elems...)
	case *Call:
		args := e.Args
		if e.This != nil {
			args = append([]Expr{e.This}, args...)
		}
		d.node(e.T, "call "+e.Func.Name, args...)
		d.queue = append(d.queue, e.Func)
	case *Builtin:
		mode := [...]string{"", "fast::", "precise::"}[e.Mode]
		d.node(e.T, mode+e.Name, e.Args...)
	case *LogCall:
		d.node(nil, "log "+e.Level.String()+" "+strconv.Quote(e.Format), append([]Expr{e.Of}, e.Args...)...)
	case *Comma:
		d.node(nil, ",", e.X, e.Y)
	case *Temp:
		d.node(nil, "temp", e.X)
	}
}

func (d *dumper) constant(k *Const) {
	d.b.WriteString(k.T.String())
	d.b.WriteByte('(')
	for i, b := range k.Bits {
		if i > 0 {
			d.b.WriteByte(' ')
		}
		d.b.WriteString(component(k.T, b))
	}
	d.b.WriteByte(')')
}

// component spells one component of a constant: integers in decimal, the bits
// of floats in hexadecimal.
func component(t types.Type, v uint64) string {
	var b *types.Basic
	switch t := t.(type) {
	case *types.Basic:
		b = t
	case *types.Vector:
		b = t.Elem
	case *types.Matrix:
		b = t.Elem
	case *types.Enum:
		b = t.Underlying
	}
	switch {
	case b == nil:
		return strconv.FormatUint(v, 10)
	case b.IsFloat():
		return "0x" + strconv.FormatUint(v, 16)
	case b.IsSigned():
		s := 64 - uint(b.Size())*8
		return strconv.FormatInt(int64(v<<s)>>s, 10)
	}
	return strconv.FormatUint(v, 10)
}

var opNames = [...]string{
	Add: "+", Sub: "-", Mul: "*", Div: "/", Rem: "%", And: "&", Or: "|", Xor: "^", Shl: "<<", Shr: ">>",
	Eq: "==", Ne: "!=", Lt: "<", Le: "<=", Gt: ">", Ge: ">=", LAnd: "&&", LOr: "||",
	MatMul: "mat*mat", MatVec: "mat*vec", VecMat: "vec*mat", MatScale: "mat*scalar", MatDiv: "mat/scalar",
	Neg: "neg", Not: "~", LNot: "!",
}

// String returns the operator as Dump shows it.
func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return "Op(" + strconv.Itoa(int(o)) + ")"
}
