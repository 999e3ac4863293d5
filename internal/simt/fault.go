package simt

import (
	"fmt"
	"strings"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// FaultKind tells what ended a launch.
type FaultKind uint8

const (
	OutOfBounds FaultKind = iota + 1 // an access outside the memory it names
	Unbound                          // an access to a buffer that is not bound
	BadAddress                       // an access through a pointer that points to nothing
	Misaligned                       // an atomic access that is not naturally aligned
	ReadOnly                         // a store to constant data
	Timeout                          // a threadgroup that did not end in time, or too many of them
	Stopped                          // Launch.Stop
	BadLaunch                        // a Launch that makes no sense
	Internal                         // a mistake in this package
	BadTexture                       // an operation on what is no texture for it
)

var faultNames = [...]string{"no fault", "out of bounds", "unbound buffer", "bad address", "misaligned atomic",
	"read-only memory", "timeout", "stopped", "bad launch", "internal error", "bad texture"}

func (k FaultKind) String() string {
	if int(k) < len(faultNames) {
		return faultNames[k]
	}
	return "fault(?)"
}

// A Fault tells why a launch ended early. For an access (OutOfBounds to
// ReadOnly) it tells which thread did what to which memory.
type Fault struct {
	Kind   FaultKind
	Kernel string

	Mem    int     // index into Program.Mems, or -1 for memory reached by device address
	Memory *ir.Mem // that Mem, or nil
	Write  bool    // a store or an atomic operation, else a load
	Offset int64   // of the access, from the start of the memory; the address for BadAddress
	Len    int64   // of the access, in bytes
	Size   int64   // of the memory, in bytes

	File        string // of Pos, if known
	Pos         ir.Pos // of the access in the source; zero if unknown
	Thread      Size   // position of the thread in its threadgroup
	Threadgroup Size   // position of the threadgroup in the grid

	Msg string // more, for BadLaunch, Internal and BadTexture, and a Timeout of the whole launch
}

// Error says it in one sentence.
func (f *Fault) Error() string {
	var b strings.Builder
	if f.Kernel != "" {
		fmt.Fprintf(&b, "kernel %s: ", f.Kernel)
	}
	switch f.Kind {
	case Timeout:
		if f.Msg != "" {
			b.WriteString(f.Msg)
			break
		}
		fmt.Fprintf(&b, "threadgroup (%d, %d, %d) did not end in time", f.Threadgroup.X, f.Threadgroup.Y, f.Threadgroup.Z)
		f.place(&b)
	case Stopped:
		b.WriteString("stopped")
	case BadLaunch:
		b.WriteString(f.Msg)
	case Internal:
		fmt.Fprintf(&b, "internal error: %s", f.Msg)
	case BadTexture:
		verb := "reads"
		if f.Write {
			verb = "writes"
		}
		fmt.Fprintf(&b, "thread (%d, %d, %d) of threadgroup (%d, %d, %d) %s a texture: %s",
			f.Thread.X, f.Thread.Y, f.Thread.Z, f.Threadgroup.X, f.Threadgroup.Y, f.Threadgroup.Z, verb, f.Msg)
		f.place(&b)
	default:
		f.access(&b)
		f.place(&b)
	}
	return b.String()
}

func (f *Fault) access(b *strings.Builder) {
	verb := "read"
	if f.Write {
		verb = "wrote"
	}
	unit := "bytes"
	if f.Len == 1 {
		unit = "byte"
	}
	fmt.Fprintf(b, "thread (%d, %d, %d) of threadgroup (%d, %d, %d) %s %d %s ",
		f.Thread.X, f.Thread.Y, f.Thread.Z, f.Threadgroup.X, f.Threadgroup.Y, f.Threadgroup.Z, verb, f.Len, unit)
	switch f.Kind {
	case Unbound:
		fmt.Fprintf(b, "of %s, to which no buffer is bound", f.what())
	case BadAddress:
		fmt.Fprintf(b, "at device address %#x, where there is no buffer", uint64(f.Offset))
	case Misaligned:
		fmt.Fprintf(b, "atomically at offset %d of %s, which is not a multiple of %d", f.Offset, f.what(), f.Len)
	case ReadOnly:
		fmt.Fprintf(b, "at offset %d of %s, which is constant", f.Offset, f.what())
	default:
		fmt.Fprintf(b, "at offset %d of %s, which is %d bytes long", f.Offset, f.what(), f.Size)
	}
}

// what names the memory.
func (f *Fault) what() string {
	if f.Memory == nil {
		return "a buffer reached by address"
	}
	m := f.Memory
	var s string
	switch m.Kind {
	case ir.MemBuffer:
		s = fmt.Sprintf("buffer %d", m.Index)
	case ir.MemThreadgroupArg:
		s = fmt.Sprintf("threadgroup memory %d", m.Index)
	case ir.MemThreadgroup:
		s = "threadgroup memory"
	case ir.MemThread:
		s = "thread memory"
	case ir.MemConst:
		s = "constant data"
	}
	if m.Name != "" {
		s += " (" + m.Name + ")"
	}
	return s
}

func (f *Fault) place(b *strings.Builder) {
	if f.Pos.Line == 0 {
		return
	}
	file := f.File
	if file == "" {
		file = "program_source"
	}
	fmt.Fprintf(b, " (%s:%d:%d)", file, f.Pos.Line, f.Pos.Col)
}
