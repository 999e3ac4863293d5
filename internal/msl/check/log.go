package check

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// osLog returns the class os_log (MSL spec, section 6.19). A library made from
// a string has no log unless logging is asked for when it is compiled: what is
// logged is then checked and left out.
func (c *checker) osLog() *typeName {
	st := c.traitStruct("os_log")
	r := recordOf(st)
	if r == nil {
		r = &record{name: "os_log", defined: true, ns: c.metal, t: st, log: true}
		r.scope = &scope{parent: c.metal.scope, rec: r}
		st.Decl = r
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
	return &sem.Zero{Typed: typed(s, pos)}
}

// isLogMethod reports whether an os_log has a method of that name.
func isLogMethod(name string) bool {
	switch strings.TrimPrefix(name, "log_") {
	case "log", "debug", "info", "default", "error", "fault", "with_type":
		return true
	}
	return false
}

// logCall is logger.log(format, values…).
func (c *checker) logCall(fun *operand, args []operand, e *ast.CallExpr) operand {
	for i := range args {
		c.rvalue(&args[i])
		if args[i].bad() {
			return badAt(e.Span)
		}
	}
	at := 0
	if fun.name == "log_with_type" {
		at = 1
	}
	if len(args) <= at || pointerOf(args[at].q.t) == nil || pointerOf(args[at].q.t).Elem != types.Type(charT) {
		c.errorf(fun.loc, "no matching member function for call to '%s'", fun.name).
			Notef(fun.loc, "it takes a format string and values")
		return badAt(e.Span)
	}
	return value(&sem.Zero{Typed: typed(void, e.Pos())}, e.Span)
}
