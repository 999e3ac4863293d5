package check

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Pragmas on floating-point arithmetic (MSL spec, section 1.6.3):
//
//	#pragma METAL fp contract(off|on|fast)
//	#pragma METAL fp math_mode(safe|relaxed|fast)
//	#pragma clang fp contract(off|on|fast)
//	#pragma STDC FP_CONTRACT ON|OFF|DEFAULT
//
// At file scope they hold to the end of the file, at the start of a block to
// the end of it.

// isFP reports whether a pragma is one of them.
func isFP(text string) bool {
	for _, word := range []string{"METAL fp", "clang fp", "STDC FP_CONTRACT"} {
		if rest, ok := strings.CutPrefix(text, word); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// fpName is what messages call a pragma.
func fpName(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ()", r) })
	n := 3
	if words[0] == "STDC" {
		n = 2
	}
	return strings.Join(words[:min(len(words), n)], " ")
}

// fpPragma obeys a pragma.
func (c *checker) fpPragma(text string, pos source.Pos) {
	if !isFP(text) {
		return
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ()", r) })
	if words[0] == "STDC" {
		arg := strings.Join(words[2:], " ")
		contract, ok := map[string]sem.Contract{"ON": sem.ContractOn, "OFF": sem.ContractOff, "DEFAULT": sem.ContractDefault}[arg]
		if !ok {
			c.warnf("unknown-pragmas", pos, "expected 'ON' or 'OFF' or 'DEFAULT' in pragma")
			return
		}
		c.fp.Contract = contract
		return
	}
	name := words[0] + " fp"
	expected := "'contract' or 'math_mode'"
	if words[0] == "clang" {
		expected = "'contract', 'reassociate' or 'exceptions'"
	}
	words = words[2:]
	if len(words) == 0 {
		c.errorf(pos, "missing option; expected %s", expected)
		return
	}
	for ; len(words) > 0; words = words[min(2, len(words)):] {
		option, arg := words[0], ""
		if len(words) > 1 {
			arg = words[1]
		}
		ok, want := false, "'fast', 'on' or 'off'"
		switch {
		case option == "contract":
			var contract sem.Contract
			if contract, ok = map[string]sem.Contract{"fast": sem.ContractFast, "on": sem.ContractOn, "off": sem.ContractOff}[arg]; ok {
				c.fp.Contract = contract
			}
		case option == "math_mode" && name == "METAL fp":
			want = "'fast', 'relaxed' or 'safe'"
			var mode sem.Math
			if mode, ok = map[string]sem.Math{"fast": sem.MathFast, "relaxed": sem.MathRelaxed, "safe": sem.MathSafe}[arg]; ok {
				c.fp.Math = mode
			}
		case option == "reassociate" && name == "clang fp":
			want = "'on' or 'off'"
			ok = arg == "on" || arg == "off" // nothing is reassociated in any case
		case option == "exceptions" && name == "clang fp":
			want = "'ignore', 'maytrap' or 'strict'"
			ok = arg == "ignore" || arg == "maytrap" || arg == "strict" // there are none
		default:
			c.errorf(pos, "invalid option '%s'; expected %s", option, expected)
			return
		}
		if !ok {
			c.errorf(pos, "unexpected argument '%s' to '#pragma %s %s'; expected %s", arg, name, option, want)
			return
		}
	}
}

// fileFP finds what pragmas at file scope say of the bodies of functions.
func (c *checker) fileFP(decls []ast.Decl) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.PragmaDecl:
			c.fpPragma(d.Text, d.Start)
		case *ast.NamespaceDecl:
			c.fileFP(d.Decls)
		case *ast.LinkageDecl:
			c.fileFP(d.Decls)
		case *ast.TemplateDecl:
			c.fileFP([]ast.Decl{d.Decl})
		case *ast.RecordDecl:
			c.fileFP(d.Members)
		case *ast.FuncDecl:
			if d.Body != nil && c.fp != (sem.FP{}) {
				if c.bodyFP == nil {
					c.bodyFP = make(map[*ast.CompoundStmt]sem.FP)
				}
				c.bodyFP[d.Body] = c.fp
			}
		}
	}
}

// compound checks the statements of a block, in front of which there may be
// pragmas.
func (c *checker) compound(list []ast.Stmt, b *sem.Block) {
	outer := c.fp
	defer func() { c.fp = outer }()
	for len(list) > 0 {
		p, ok := list[0].(*ast.PragmaStmt)
		if !ok {
			break
		}
		c.fpPragma(p.Text, p.Start)
		list = list[1:]
	}
	if fp := c.fp; fp != outer {
		b.FP = &fp
	}
	c.stmts(list, b)
}
