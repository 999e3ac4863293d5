// Package abi computes how the words of an Objective-C message become
// registers and stack bytes on each 64-bit C ABI that Metal runs on. It is
// plain Go without a build tag, so that every ABI is tested everywhere.
package abi

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Target is a C calling convention.
type Target uint8

const (
	SysVAMD64   Target = iota // System V, on linux and darwin
	AAPCS64                   // the arm64 standard, on linux
	DarwinARM64               // Apple's arm64: stack arguments at their natural size
)

func (t Target) String() string {
	switch t {
	case SysVAMD64:
		return "amd64 System V"
	case AAPCS64:
		return "arm64 AAPCS"
	case DarwinARM64:
		return "arm64 darwin"
	}
	return "unknown ABI"
}

// intRegs and floatRegs are how many registers carry arguments.
func (t Target) intRegs() int {
	if t == SysVAMD64 {
		return 6
	}
	return 8
}

const floatRegs = 8

// Where is the kind of place a piece of an argument goes to.
type Where uint8

const (
	IntReg   Where = iota // argument register At, extended to 64 bits
	FloatReg              // vector register At, in its low bytes
	Stack                 // At bytes above the stack pointer at the call
	// IntRef and StackRef are a copy of a struct that the caller makes on its
	// stack: its address goes into integer register At, or At bytes above the
	// stack pointer.
	IntRef
	StackRef
)

func (w Where) String() string {
	return [...]string{"int", "float", "stack", "int ref", "stack ref"}[w]
}

// Move takes Size bytes of the argument words, from byte From of them, to their
// place. For a reference Copy is the offset of the copy in the reference area.
type Move struct {
	Where Where
	At    int
	From  int
	Size  int
	Copy  int
}

// Part is a piece of the result: Size bytes of the integer or vector result
// register At go to byte To of the result.
type Part struct {
	Where Where // IntReg or FloatReg
	At    int
	To    int
	Size  int
	// Signed tells of an integer narrower than a word whose sign fills the word:
	// a register's upper bits are undefined.
	Signed bool
}

// Layout is how a message is passed on one target.
type Layout struct {
	Target Target
	Method bool // there are a receiver and a selector
	Ints   int  // integer argument registers used: receiver, selector and a hidden result pointer included
	Floats int  // vector registers used
	Stack  int  // bytes of stack arguments, a multiple of 16
	Refs   int  // bytes of copies of structs passed by reference, a multiple of 16
	Self   int  // integer register of the receiver; the selector follows
	Moves  []Move
	// Indirect tells that the result is stored through a pointer: in the first
	// integer register on amd64 (and the message goes through
	// objc_msgSend_stret), in x8 on arm64.
	Indirect bool
	Result   []Part // when not Indirect

	template *template // nil: encode piece by piece
}

// Lower computes how a message or function of a signature is passed.
func Lower(sig *objctype.Signature, target Target) (*Layout, error) {
	l := &lowering{Layout: Layout{Target: target, Method: sig.Method}}
	if err := l.result(&sig.Result); err != nil {
		return nil, fmt.Errorf("encoding %q on %s: result: %w", sig.Encoding, target, err)
	}
	if l.Indirect && target == SysVAMD64 {
		l.Ints = 1
	}
	if sig.Method {
		l.Self = l.Ints
		l.Ints += 2
	}
	for i := range sig.Args {
		if err := l.arg(&sig.Args[i], sig.Offsets[i]*objctype.WordSize); err != nil {
			return nil, fmt.Errorf("encoding %q on %s: argument %d: %w", sig.Encoding, target, i, err)
		}
	}
	l.Stack = alignUp(l.Stack, 16)
	l.Refs = alignUp(l.Refs, 16)
	l.prepare(sig.Words, sig.Result.Size)
	return &l.Layout, nil
}

type lowering struct{ Layout }

func (l *lowering) result(t *objctype.Type) error {
	if err := passable(t); err != nil {
		return err
	}
	if l.Target == SysVAMD64 {
		l.resultAMD64(t)
	} else {
		l.resultARM64(t)
	}
	return nil
}

func (l *lowering) arg(t *objctype.Type, from int) error {
	if err := passable(t); err != nil {
		return err
	}
	if l.Target == SysVAMD64 {
		l.argAMD64(t, from)
	} else {
		l.argARM64(t, from)
	}
	return nil
}

// passable refuses what has no defined passing here.
func passable(t *objctype.Type) error {
	switch t.Kind {
	case objctype.Array:
		return fmt.Errorf("an array cannot be passed by value")
	case objctype.Unknown:
		return fmt.Errorf("a type without encoding cannot be passed")
	case objctype.Struct, objctype.Union:
		if t.Fields == nil {
			return fmt.Errorf("%s %s has no known fields", t.Kind, t.Name)
		}
	}
	return nil
}

func isFloat(k objctype.Kind) bool { return k == objctype.Float || k == objctype.Double }

func (l *lowering) move(w Where, at, from, size int) {
	l.Moves = append(l.Moves, Move{Where: w, At: at, From: from, Size: size})
}

// toInt passes size bytes in the next integer register.
func (l *lowering) toInt(from, size int) {
	l.move(IntReg, l.Ints, from, size)
	l.Ints++
}

// toFloat passes size bytes in the next vector register.
func (l *lowering) toFloat(from, size int) {
	l.move(FloatReg, l.Floats, from, size)
	l.Floats++
}

// toStack passes size bytes on the stack at an alignment, taking room bytes.
func (l *lowering) toStack(from, size, align, room int) {
	l.Stack = alignUp(l.Stack, align)
	l.move(Stack, l.Stack, from, size)
	l.Stack += room
}

func alignUp(n, align int) int { return (n + align - 1) &^ (align - 1) }
