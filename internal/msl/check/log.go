package check

import (
	"strconv"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/printf"
)

// osLog returns the class os_log (MSL spec, section 6.19). An object of it is
// the index of a log of the module.
func (c *checker) osLog() *typeName {
	st := c.traitStruct("os_log")
	r := recordOf(st)
	if r == nil {
		st.Fields = []types.Field{{Name: "log", Type: uintT}}
		st.Layout(0)
		r = &record{name: "os_log", defined: true, ns: c.metal, t: st, log: true}
		r.scope = &scope{parent: c.metal.scope, rec: r}
		st.Decl = r
		c.mod.Logs = []sem.Log{{}}
	}
	return &typeName{q: qtype{t: st}, rec: r}
}

// osLogDefault returns the variable os_log_default.
func (c *checker) osLogDefault() *variable {
	if c.logDefault == nil {
		t := c.osLog().q.t
		v := &variable{q: qtype{t: t, c: true, space: types.Constant, spaced: true}, used: true, constexpr: true}
		v.sem = &sem.Var{Name: "os_log_default", Type: t, Space: types.Constant, Const: true, Global: true, Init: &sem.Zero{Typed: typed(t, 0)}}
		c.logDefault = v
	}
	return c.logDefault
}

// newLog makes an os_log from its subsystem and category.
func (c *checker) newLog(s *types.Struct, ops []operand, pos source.Pos) sem.Expr {
	text := c.tab.PointerTo(charT, types.Constant, true, false)
	ok := len(ops) == 2
	for i := range ops {
		ok = ok && c.implicit(&ops[i], qtype{t: text}).rank < impossible
	}
	if !ok {
		c.errorf(pos, "no matching constructor for initialization of 'os_log'").
			Notef(pos, "it takes a subsystem and a category, both 'const constant char *'")
		return nil
	}
	var names [2]string
	for i := range ops {
		names[i], ok = literalText(ops[i].x)
		if !ok {
			c.errorf(ops[i].pos(), "the subsystem and the category of an 'os_log' must be string literals")
			return nil
		}
	}
	log := sem.Log{Subsystem: names[0], Category: names[1]}
	at := 0
	for at < len(c.mod.Logs) && c.mod.Logs[at] != log {
		at++
	}
	if at == len(c.mod.Logs) {
		c.mod.Logs = append(c.mod.Logs, log)
	}
	return &sem.Aggregate{Typed: typed(s, pos), Elems: []sem.Expr{konst(uintT, uint64(at), pos)}}
}

// literalText returns the text of a string literal, also one that has decayed.
func literalText(x sem.Expr) (string, bool) {
	if d, ok := x.(*sem.Decay); ok {
		x = d.X
	}
	if s, ok := x.(*sem.String); ok {
		return s.Value, true
	}
	return "", false
}

// isLogMethod reports whether an os_log has a method of that name.
func isLogMethod(name string) bool {
	_, ok := logLevel(name)
	return ok || name == "log_with_type"
}

// logLevel is the level of the messages of a method.
func logLevel(name string) (ir.Level, bool) {
	switch name {
	case "log_debug":
		return ir.Debug, true
	case "log_info":
		return ir.Info, true
	case "log", "log_default":
		return ir.Notice, true
	case "log_error":
		return ir.Error, true
	case "log_fault":
		return ir.Fault, true
	}
	return 0, false
}

// levelOfType reads an os_log_type_t, whose numbers are those of <os/log.h>.
func levelOfType(x *operand) (ir.Level, bool) {
	k := x.konst()
	if k == nil || basicOf(k.T) == nil && enumOf(k.T) == nil {
		return 0, false
	}
	switch k.Bits[0] {
	case 0x00:
		return ir.Notice, true
	case 0x01:
		return ir.Info, true
	case 0x02:
		return ir.Debug, true
	case 0x10:
		return ir.Error, true
	case 0x11:
		return ir.Fault, true
	}
	return 0, false
}

// logCall is logger.log(format, values…).
func (c *checker) logCall(fun *operand, args []operand, e *ast.CallExpr) operand {
	level, ok := logLevel(fun.name)
	if fun.name == "log_with_type" && len(args) > 0 {
		level, ok = levelOfType(&args[0])
		args = args[1:]
	}
	for i := range args {
		c.rvalue(&args[i])
		if args[i].bad() {
			return badAt(e.Span)
		}
	}
	if !ok || len(args) == 0 || pointerOf(args[0].q.t) == nil || pointerOf(args[0].q.t).Elem != types.Type(charT) {
		c.errorf(fun.loc, "no matching member function for call to '%s'", fun.name).
			Notef(fun.loc, "it takes a format string and values")
		return badAt(e.Span)
	}
	format, ok := literalText(args[0].x)
	if !ok {
		c.errorf(args[0].pos(), "os_log() format argument is not a string constant")
		return badAt(e.Span)
	}
	pieces, errs := printf.Parse(format)
	n := &sem.LogCall{Typed: typed(void, e.Pos()), Level: level, Of: fun.this.x, Format: format, Pieces: pieces}
	args, literal := args[1:], args[0].span
	for i := range args {
		x := &args[i]
		if _, matrix := x.q.t.(*types.Matrix); matrix || elementOf(x.q.t) == nil && pointerOf(x.q.t) == nil {
			c.errorf(x.pos(), "cannot pass %s to '%s', which takes numbers, vectors and pointers", x.q.quote(), fun.name)
			return badAt(e.Span)
		}
		n.Args = append(n.Args, x.x)
	}
	c.formatWarnings(n, args, errs, literal)
	return value(n, e.Span)
}

// formatWarnings says where a format and the values for it do not go together,
// as -Wformat does.
func (c *checker) formatWarnings(n *sem.LogCall, args []operand, errs []*printf.Error, literal source.Span) {
	// A place in the text can be told of a literal that is in one piece and has
	// no escape sequences.
	in := func(offset int) source.Pos {
		if int(literal.Stop-literal.Start) == len(n.Format)+2 {
			return literal.Start + 1 + source.Pos(offset)
		}
		return literal.Start
	}
	for _, e := range errs {
		at := e.End - 1
		group := "format-invalid-specifier"
		if e.Incomplete {
			at, group = e.Start, "format"
		} else {
			at = e.End - len(e.Spec)
		}
		c.warnf(group, in(at), "%s", e.Error())
	}
	rest := args
	next := func(p *printf.Piece) *operand {
		if len(rest) == 0 {
			c.warnf("format-insufficient-args", in(p.Start), "%s", "more '%' conversions than data arguments")
			return nil
		}
		x := &rest[0]
		rest = rest[1:]
		return x
	}
	for i := range n.Pieces {
		p := &n.Pieces[i]
		if p.Verb == 0 {
			break
		}
		for _, star := range []struct {
			wanted bool
			what   string
		}{{p.StarWidth, "width"}, {p.StarPrec, "precision"}} {
			if !star.wanted {
				continue
			}
			x := next(p)
			if x == nil {
				return
			}
			if b := basicOf(x.q.t); b == nil || !b.IsInteger() || width(b) > 32 {
				c.warnf("format", x.pos(), "field %s should have type 'int', but argument has type %s", star.what, x.q.quote())
			}
		}
		x := next(p)
		if x == nil {
			return
		}
		if want := c.formatType(&p.Conversion, x.q.t); want != "" {
			c.warnf("format", x.pos(), "format specifies type '%s' but the argument has type %s", want, x.q.quote())
		}
	}
	if len(rest) > 0 && len(errs) == 0 {
		c.warnf("format-extra-args", rest[0].pos(), "data argument not used by format string")
	}
}

// formatType returns the type that a conversion is for if t will not do.
func (c *checker) formatType(p *printf.Conversion, t types.Type) string {
	switch ptr := pointerOf(t); p.Verb {
	case 's':
		if ptr != nil && (ptr.Elem == types.Type(charT) || ptr.Elem == types.Type(types.Basics[types.UChar])) {
			return ""
		}
		return "char *"
	case 'p':
		if ptr != nil {
			return ""
		}
		return "void *"
	}
	kind := types.Int
	switch {
	case p.Float() && p.Length == printf.H:
		kind = types.Half
	case p.Float():
		kind = types.Float
	case p.Length == printf.HH:
		kind = types.Char
	case p.Length == printf.H:
		kind = types.Short
	case p.Wide():
		kind = types.Long
	}
	if p.Unsigned() {
		kind = map[types.Kind]types.Kind{types.Int: types.UInt, types.Char: types.UChar, types.Short: types.UShort, types.Long: types.ULong}[kind]
	}
	want := types.Basics[kind]
	name := want.String()
	if p.Vector > 0 {
		name += strconv.Itoa(p.Vector)
	}
	v, b := vectorOf(t), elementOf(t)
	switch {
	case b == nil || (p.Vector > 0) != (v != nil) || v != nil && components(t) != p.Vector:
		return name
	case want.IsFloat() && b.IsFloat():
		// In a vector nothing is promoted.
		if v == nil || b == want || want == halfT && b == bfloatT {
			return ""
		}
	case want.IsFloat() || b.IsFloat():
	case v != nil && width(b) == width(want), v == nil && promotedWidth(b) == promotedWidth(want) && width(b) <= width(want):
		return ""
	}
	return name
}

// promotedWidth is the width of what a value becomes as an argument of "…".
func promotedWidth(b *types.Basic) uint { return max(width(b), 32) }
