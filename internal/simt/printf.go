package simt

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// A Logger takes the messages of kernels: m, filled in with args as
// [ir.OpPrintf] says. Log is called from many goroutines at a time and keeps
// neither. The threads of a SIMD group say a message in order; threadgroups say
// theirs as they run.
type Logger interface {
	Log(m *ir.Message, args []uint64)
}

// A printfStep is what an OpPrintf needs beside its inst.
type printfStep struct {
	message *ir.Message
	args    []int32 // registers
	types   []ir.Type
}

func (c *compiler) printfStep(s *inst, in *ir.Instr) {
	st := &printfStep{message: &c.f.Messages[in.Imm]}
	for i, v := range in.Args {
		st.args = append(st.args, c.arg(in.Args, i))
		st.types = append(st.types, c.f.TypeOf(v))
	}
	s.printf, s.exec = st, execPrintf
}

func execPrintf(m *machine, in *inst) {
	if m.l.Log == nil {
		return
	}
	st := in.printf
	args := make([]uint64, len(st.args))
	m.eachLane(func(lane int) {
		for i, r := range st.args {
			args[i] = m.lane(&m.r[r], st.types[i], m.lo+lane)
		}
		m.l.Log.Log(st.message, args)
	})
}

// doPrintf says a message for machine code.
func (m *machine) doPrintf(c *jit.Context, s *jit.Site, in *inst) {
	if m.l.Log == nil {
		return
	}
	args := make([]uint64, len(s.Args))
	for p := range s.Parts {
		for i := range m.native.v.code.Lanes {
			if !c.Active(s, s.First+p, i) {
				continue
			}
			for j := range args {
				args[j] = c.Get(&s.Args[j], s.First+p, i)
			}
			m.l.Log.Log(&m.p.messages[in.imm], args)
		}
	}
}
