package ir

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"text/scanner"
)

// Parse reads the text form of a kernel, as String and Fprint write it; values
// may have words for names, too. Every value must be defined before it is
// used. Parse checks the form; Verify checks the sense.
func Parse(text string) (f *Func, err error) {
	p := &parser{values: map[string]Value{}}
	p.s.Init(strings.NewReader(stripComments(text)))
	p.s.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanStrings
	p.s.IsIdentRune = func(ch rune, i int) bool {
		return ch == '_' || ch == '.' && i > 0 || 'a' <= ch && ch <= 'z' || i > 0 && '0' <= ch && ch <= '9' || 'A' <= ch && ch <= 'Z'
	}
	p.s.Error = func(*scanner.Scanner, string) {}
	defer func() {
		if e, ok := recover().(parseError); ok {
			f, err = nil, e
		} else if e := recover(); e != nil {
			panic(e)
		}
	}()
	p.next()
	p.function()
	return p.f, nil
}

func stripComments(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if j := strings.IndexByte(l, ';'); j >= 0 && strings.Count(l[:j], `"`)%2 == 0 {
			lines[i] = l[:j]
		}
	}
	return strings.Join(lines, "\n")
}

type parseError struct{ msg string }

func (e parseError) Error() string { return e.msg }

type parser struct {
	s      scanner.Scanner
	tok    rune
	text   string
	f      *Func
	values map[string]Value
}

func (p *parser) next() {
	p.tok = p.s.Scan()
	p.text = p.s.TokenText()
}

func (p *parser) fail(format string, args ...any) {
	panic(parseError{fmt.Sprintf("ir:%d:%d: %s", p.s.Line, p.s.Column, fmt.Sprintf(format, args...))})
}

func (p *parser) got(text string) bool {
	if p.text != text || p.tok == scanner.String {
		return false
	}
	p.next()
	return true
}

func (p *parser) want(text string) {
	if !p.got(text) {
		p.fail("found %q, want %q", p.text, text)
	}
}

func (p *parser) word() string {
	if p.tok != scanner.Ident {
		p.fail("found %q, want a word", p.text)
	}
	t := p.text
	p.next()
	return t
}

func (p *parser) str() string {
	t, err := strconv.Unquote(p.text)
	if p.tok != scanner.String || err != nil {
		p.fail("found %q, want a string", p.text)
	}
	p.next()
	return t
}

func (p *parser) number() int64 {
	neg := p.got("-")
	n, err := strconv.ParseUint(p.text, 0, 64)
	if p.tok != scanner.Int || err != nil {
		p.fail("found %q, want a number", p.text)
	}
	p.next()
	if neg {
		return -int64(n)
	}
	return int64(n)
}

// name finds the word among names and returns its index.
func name[T ~uint8](p *parser, what string, names []string) T {
	w := p.word()
	for i, n := range names {
		if n == w {
			return T(i)
		}
	}
	p.fail("unknown %s %q", what, w)
	return 0
}

func (p *parser) typ() Type { return name[Type](p, "type", typeNames[:]) }

func (p *parser) use() Value {
	p.want("%")
	key := p.text
	v, ok := p.values[key]
	if !ok {
		p.fail("%%%s is not defined", key)
	}
	p.next()
	return v
}

func (p *parser) uses() []Value {
	var vs []Value
	if p.text != "%" {
		return nil
	}
	for {
		vs = append(vs, p.use())
		if !p.got(",") {
			return vs
		}
	}
}

// name reads the name of a value about to be defined.
func (p *parser) name() string {
	p.want("%")
	key := p.text
	if _, ok := p.values[key]; ok || p.tok != scanner.Int && p.tok != scanner.Ident {
		p.fail("bad or repeated value %%%s", key)
	}
	p.next()
	return key
}

func (p *parser) define(key string, t Type) Value {
	v := p.f.NewValue(t, "")
	p.values[key] = v
	return v
}

func (p *parser) function() {
	p.want("kernel")
	p.f = NewFunc(p.str())
	p.want("{")
	for {
		switch {
		case p.got("file"):
			p.number()
			p.f.Files = append(p.f.Files, p.str())
		case p.text == "mem" && p.tok == scanner.Ident:
			p.next()
			p.mem()
		case p.got("texture"):
			p.texture()
		case p.got("sampler"):
			p.sampler()
		case p.got("message"):
			p.message()
		case p.got("var"):
			p.want("$")
			p.number()
			p.f.Vars = append(p.f.Vars, Var{p.typ(), p.str()})
		default:
			p.block(p.f.Body)
			p.want("}")
			if p.tok != scanner.EOF {
				p.fail("found %q after the kernel", p.text)
			}
			return
		}
	}
}

func (p *parser) mem() {
	p.want("@")
	p.number()
	var m Mem
	m.Name = p.str()
	m.Kind = name[MemKind](p, "kind of memory", memKindNames[:])
	m.Space = name[Space](p, "address space", spaceNames[:])
	p.want("index")
	m.Index = int(p.number())
	p.want("size")
	m.Size = p.number()
	p.want("align")
	m.Align = int(p.number())
	if p.got("data") {
		data, err := hex.DecodeString(p.str())
		if err != nil {
			p.fail("bad data: %v", err)
		}
		m.Data = append([]byte{}, data...)
	}
	p.f.Mems = append(p.f.Mems, m)
}

func (p *parser) block(b *Block) {
	for p.text != "}" && p.tok != scanner.EOF {
		b.Code = append(b.Code, p.instr())
	}
}

func (p *parser) address(in *Instr) {
	in.Args = append(in.Args, p.use())
	p.want("[")
	in.Args = append(in.Args, p.use())
	p.want("+")
	in.Imm = p.number()
	p.want("]")
	if p.got(",") {
		in.Args = append(in.Args, p.uses()...)
	}
}

func (p *parser) instr() *Instr {
	var outs []string
	if p.text == "%" {
		for {
			outs = append(outs, p.name())
			if !p.got(",") {
				break
			}
		}
		p.want("=")
	}
	in := p.f.NewInstr(p.op(), Void, Pos{})
	result := true // whether the operation has one of in.Type
	switch in.Op {
	case OpConst:
		in.Type = p.typ()
		in.Imm = p.number()
	case OpBuiltin:
		in.Type = I32
		in.Imm = int64(name[Builtin](p, "builtin", builtinNames[:]))
	case OpMem:
		in.Type = Ref
		p.want("@")
		in.Imm = p.number()
	case OpTexture, OpSampler:
		in.Type = I64
		p.want("#")
		in.Imm = p.number()
	case OpPrintf:
		p.want("#")
		in.Imm = p.number()
		in.Args = p.uses()
		result = false
	case OpTexQuery:
		in.Type = I32
		in.Imm = int64(name[TexQuery](p, "query", texQueryNames[:]))
		in.Args = p.uses()
	case OpTexRead, OpTexWrite, OpTexSample, OpTexGather, OpTexLoad, OpTexStore, OpTexRMW, OpTexCAS:
		in.Type = p.typ()
		if in.Op == OpTexRMW {
			in.Imm2 = int64(name[AtomicOp](p, "atomic operation", atomicNames[:]))
		}
		in.Imm = p.texMode().Imm()
		in.Args = p.uses()
		result = false
	case OpVarGet:
		in.Type = p.typ()
		p.want("$")
		in.Imm = p.number()
	case OpVarSet:
		p.want("$")
		in.Imm = p.number()
		p.want(",")
		in.Args = p.uses()
		if in.Imm >= 0 && in.Imm < int64(len(p.f.Vars)) {
			in.Type = p.f.Vars[in.Imm].Type
		}
		result = false
	case OpLoad, OpStore, OpAtomicLoad, OpAtomicStore, OpAtomicCAS, OpAtomicRMW:
		if in.Op <= OpStore && p.got("volatile") {
			in.Imm2 = Volatile
		}
		in.Type = p.typ()
		in.Space = name[Space](p, "address space", spaceNames[:])
		if in.Op == OpAtomicRMW {
			in.Imm2 = int64(name[AtomicOp](p, "atomic operation", atomicNames[:]))
		}
		p.address(in)
		result = in.Op != OpStore && in.Op != OpAtomicStore
	case OpBarrier:
		if !p.got("threadgroup") {
			p.want("simdgroup")
			in.Imm = 1
		}
		result = false
	case OpFence:
		result = false
	case OpShuffle, OpBallot:
		in.Type = p.typ()
		in.Imm = GroupImm(0, int(p.number()), false)
		in.Args = p.uses()
	case OpGroupReduce, OpGroupScan:
		in.Type = p.typ()
		op := name[GroupOp](p, "group operation", groupNames[:])
		width := int(p.number())
		in.Imm = GroupImm(op, width, p.got("inclusive"))
		in.Args = p.uses()
	case OpMatLoad, OpMatStore:
		if p.got("transposed") {
			in.Imm2 = Transposed
		}
		in.Type = p.typ()
		in.Space = name[Space](p, "address space", spaceNames[:])
		p.address(in)
		result = false
	case OpMatMulAdd:
		in.Type = p.typ()
		in.Imm = GroupImm(0, 32, false)
		in.Args = p.uses()
		result = false
	case OpIf:
		in.Args = []Value{p.use()}
		in.Body = []*Block{{}, {}}
		result = false
	case OpLoop:
		body := &Block{}
		in.Body = []*Block{body}
		var params []string
		var types []Type
		for p.text == "%" {
			params = append(params, p.name())
			types = append(types, p.typ())
			p.want("=")
			in.Args = append(in.Args, p.use())
			if !p.got(",") {
				break
			}
		}
		for i, key := range params {
			body.Params = append(body.Params, p.define(key, types[i]))
		}
		result = false
	case OpBlock:
		in.Body = []*Block{{}}
		result = false
	case OpYield:
		in.Args = p.uses()
		result = false
	case OpBreak, OpContinue:
		in.Imm = p.number()
		in.Args = p.uses()
		result = false
	default:
		if in.Op >= OpFAdd && in.Op <= OpFMul && p.got("contract") {
			in.Imm = Contract
		}
		in.Type = p.typ()
		in.Args = p.uses()
	}
	var types []Type
	if p.got("-") {
		p.want(">")
		for {
			types = append(types, p.typ())
			if !p.got(",") {
				break
			}
		}
	}
	if p.got("!") {
		in.Pos.File = int32(p.number())
		p.want(":")
		in.Pos.Line = int32(p.number())
		p.want(":")
		in.Pos.Col = int32(p.number())
	}
	for i, b := range in.Body {
		if i > 0 {
			p.want("else")
		}
		p.want("{")
		p.block(b)
		p.want("}")
	}
	if result {
		types = []Type{in.Type}
	}
	if len(types) != len(outs) {
		p.fail("%s has %d results, %d are named", in.Op, len(types), len(outs))
	}
	for i, key := range outs {
		v := p.define(key, types[i])
		if result {
			in.Out = v
		} else {
			in.Outs = append(in.Outs, v)
		}
	}
	return in
}

func (p *parser) op() Op {
	w := p.word()
	for op := range numOps {
		if op != OpInvalid && opInfos[op].Name == w {
			return op
		}
	}
	p.fail("unknown operation %q", w)
	return OpInvalid
}
