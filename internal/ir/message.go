package ir

import "text/scanner"

// A Message is what an OpPrintf says.
type Message struct {
	Level     Level
	Subsystem string // of who says it; both may be empty
	Category  string
	Format    string   // of C's printf, as package printf reads it
	Strings   []string // those that operands of %s choose from
}

// Level tells how grave a message is.
type Level uint8

const (
	Debug Level = iota
	Info
	Notice
	Error
	Fault
	numLevels
)

var levelNames = [numLevels]string{"debug", "info", "notice", "error", "fault"}

func (l Level) String() string {
	if l < numLevels {
		return levelNames[l]
	}
	return "level(?)"
}

// Printf says a message, which it adds to the function's.
func (b *Builder) Printf(m Message, args ...Value) {
	if b.Dead() {
		return
	}
	in := b.F.NewInstr(OpPrintf, Void, b.Pos, args...)
	in.Imm = int64(len(b.F.Messages))
	b.F.Messages = append(b.F.Messages, m)
	b.add(in)
}

// message checks an OpPrintf.
func (v *verifier) message(in *Instr) error {
	if in.Imm < 0 || in.Imm >= int64(len(v.f.Messages)) {
		return v.errorf(in, "#%d is no message of the function", in.Imm)
	}
	for _, a := range in.Args {
		switch t := v.f.TypeOf(a); t {
		case I32, I64, F32:
		default:
			return v.errorf(in, "an operand has type %s", t)
		}
	}
	return nil
}

// message writes a line of the header.
func (p *printer) message(i int, m *Message) {
	p.printf("\tmessage #%d %s %q %q %q", i, m.Level, m.Subsystem, m.Category, m.Format)
	for _, s := range m.Strings {
		p.printf(" %q", s)
	}
	p.printf("\n")
}

// message reads a line of the header, behind its first word.
func (p *parser) message() {
	p.want("#")
	p.number()
	m := Message{Level: name[Level](p, "level", levelNames[:])}
	m.Subsystem, m.Category, m.Format = p.str(), p.str(), p.str()
	for p.tok == scanner.String {
		m.Strings = append(m.Strings, p.str())
	}
	p.f.Messages = append(p.f.Messages, m)
}
