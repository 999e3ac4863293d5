package ir

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// String returns f's text form without positions; values are numbered in the
// order they are defined. Parse reads it back.
func (f *Func) String() string {
	var b strings.Builder
	Fprint(&b, f, false)
	return b.String()
}

// Fprint writes f's text form to w, with the position of each instruction that
// has one if positions is true.
func Fprint(w io.Writer, f *Func, positions bool) error {
	p := printer{Writer: bufio.NewWriter(w), f: f, positions: positions, number: make([]int32, len(f.Values))}
	p.function()
	return p.Flush()
}

type printer struct {
	*bufio.Writer
	f         *Func
	positions bool
	indent    int
	number    []int32 // by Value; 0 where it has none yet
	next      int32
}

func (p *printer) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *printer) function() {
	f := p.f
	p.printf("kernel %q {\n", f.Name)
	for i, name := range f.Files {
		p.printf("\tfile %d %q\n", i, name)
	}
	for i, m := range f.Mems {
		p.printf("\tmem @%d %q %s %s index %d size %d align %d", i, m.Name, m.Kind, m.Space, m.Index, m.Size, m.Align)
		if m.Data != nil {
			p.printf(" data \"%x\"", m.Data)
		}
		p.printf("\n")
	}
	for i, t := range f.Textures {
		p.printf("\ttexture #%d %q index %d %q\n", i, t.Name, t.Index, t.words())
	}
	for i, s := range f.Samplers {
		p.printf("\tsampler #%d %q index %d", i, s.Name, s.Index)
		if s.State != nil {
			p.printf(" state %q", s.State.String())
		}
		p.printf("\n")
	}
	for i := range f.Messages {
		p.message(i, &f.Messages[i])
	}
	for i, v := range f.Vars {
		p.printf("\tvar $%d %s %q\n", i, v.Type, v.Name)
	}
	p.indent = 1
	p.block(f.Body)
	p.printf("}\n")
}

func (p *printer) block(b *Block) {
	for _, in := range b.Code {
		p.instr(in)
	}
}

func (p *printer) define(v Value) string {
	p.next++
	p.number[v] = p.next
	return p.use(v)
}

func (p *printer) use(v Value) string {
	if v <= 0 || int(v) >= len(p.number) {
		return "%?"
	}
	return fmt.Sprintf("%%%d", p.number[v])
}

func (p *printer) types(vs []Value) string {
	var b strings.Builder
	for i, v := range vs {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.f.TypeOf(v).String())
	}
	return b.String()
}

func (p *printer) newline() { p.WriteString(strings.Repeat("\t", p.indent)) }

func (p *printer) instr(in *Instr) {
	args := make([]string, len(in.Args)) // named before the results are
	for i, a := range in.Args {
		args[i] = p.use(a)
	}
	p.newline()
	switch {
	case in.Out != NoValue:
		p.printf("%s = ", p.define(in.Out))
	case len(in.Outs) > 0:
		for i, v := range in.Outs {
			if i > 0 {
				p.WriteString(", ")
			}
			p.WriteString(p.define(v))
		}
		p.WriteString(" = ")
	}
	p.WriteString(in.Op.String())
	list := strings.Join(args, ", ")
	address := func() string {
		if len(args) < 2 {
			return "?"
		}
		return fmt.Sprintf("%s[%s + %d]", args[0], args[1], in.Imm)
	}
	rest := func() string {
		if len(args) <= 2 {
			return ""
		}
		return ", " + strings.Join(args[2:], ", ")
	}
	switch in.Op {
	case OpConst:
		p.printf(" %s %#x", in.Type, uint64(in.Imm))
		switch {
		case in.Type.IsFloat():
			p.printf(" ; %v", Widen(in.Type, uint64(in.Imm)))
		case in.Type.IsInt():
			p.printf(" ; %d", int64(signExtend(in.Type, uint64(in.Imm))))
		}
	case OpBuiltin:
		p.printf(" %s", Builtin(in.Imm))
	case OpMem:
		p.printf(" @%d", in.Imm)
	case OpTexture, OpSampler:
		p.printf(" #%d", in.Imm)
	case OpPrintf:
		p.printf(" #%d %s", in.Imm, list)
	case OpTexQuery:
		p.printf(" %s %s", TexQuery(in.Imm), list)
	case OpTexRead, OpTexWrite, OpTexSample, OpTexGather, OpTexLoad, OpTexStore, OpTexCAS:
		p.printf(" %s %q %s", in.Type, UnpackTex(in.Imm).words(in.Op), list)
	case OpTexRMW:
		p.printf(" %s %s %q %s", in.Type, AtomicOp(in.Imm2), UnpackTex(in.Imm).words(in.Op), list)
	case OpVarGet:
		p.printf(" %s $%d", in.Type, in.Imm)
	case OpVarSet:
		p.printf(" $%d, %s", in.Imm, list)
	case OpLoad, OpStore, OpAtomicLoad, OpAtomicStore, OpAtomicCAS:
		if in.Op <= OpStore && in.Imm2 == Volatile {
			p.WriteString(" volatile")
		}
		p.printf(" %s %s %s%s", in.Type, in.Space, address(), rest())
	case OpMatLoad, OpMatStore:
		if in.Imm2 == Transposed {
			p.WriteString(" transposed")
		}
		p.printf(" %s %s %s%s", in.Type, in.Space, address(), rest())
	case OpAtomicRMW:
		p.printf(" %s %s %s %s%s", in.Type, in.Space, AtomicOp(in.Imm2), address(), rest())
	case OpBarrier:
		if in.Imm == 0 {
			p.printf(" threadgroup")
		} else {
			p.printf(" simdgroup")
		}
	case OpFence:
	case OpShuffle, OpBallot:
		_, width, _ := UnpackGroup(in.Imm)
		p.printf(" %s %d %s", in.Type, width, list)
	case OpGroupReduce, OpGroupScan:
		op, width, inclusive := UnpackGroup(in.Imm)
		kind := ""
		if inclusive {
			kind = " inclusive"
		}
		p.printf(" %s %s %d%s %s", in.Type, op, width, kind, list)
	case OpIf:
		p.printf(" %s", list)
	case OpLoop:
		for i, param := range in.Body[0].Params {
			if i > 0 {
				p.WriteString(",")
			}
			init := "%?"
			if i < len(args) {
				init = args[i]
			}
			p.printf(" %s %s = %s", p.define(param), p.f.TypeOf(param), init)
		}
	case OpBlock:
	case OpYield:
		if list != "" {
			p.printf(" %s", list)
		}
	case OpBreak, OpContinue:
		p.printf(" %d", in.Imm)
		if list != "" {
			p.printf(" %s", list)
		}
	default:
		if in.Op >= OpFAdd && in.Op <= OpFMul && in.Imm == Contract {
			p.WriteString(" contract")
		}
		p.printf(" %s %s", in.Type, list)
	}
	if len(in.Outs) > 0 {
		p.printf(" -> %s", p.types(in.Outs))
	}
	if p.positions && in.Pos != (Pos{}) {
		p.printf(" !%d:%d:%d", in.Pos.File, in.Pos.Line, in.Pos.Col)
	}
	for i, b := range in.Body {
		if i == 0 {
			p.WriteString(" {\n")
		} else {
			p.newline()
			p.WriteString("} else {\n")
		}
		p.indent++
		p.block(b)
		p.indent--
	}
	if len(in.Body) > 0 {
		p.newline()
		p.WriteString("}")
	}
	p.WriteString("\n")
}
