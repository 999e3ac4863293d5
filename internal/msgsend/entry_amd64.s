//go:build (darwin && !embedded) || (linux && objcnative)

#include "textflag.h"

// Where C enters Go. An entry is a C function of any signature: it lays out
// the registers that its arguments may be in as an abi.Registers and calls the
// Go func receive through the runtime's callback. What tells one entry from
// another is its number; see entry_native.go.

#define REG_FLOATS 64
#define REG_STACK 136
#define REG_CLASS 144
#define REG_ENTRY 152
#define REG_RESULT 160
#define REG_SIZE 208

#define ENTRY(name, number, offset) \
	DATA ·entries+offset(SB)/8, $name<>(SB); \
	TEXT name<>(SB), NOSPLIT|NOFRAME, $0; \
	MOVL $number, AX; \
	JMP enter<>(SB)

GLOBL ·entries(SB), NOPTR|RODATA, $160

ENTRY(method0, 0, 0)
ENTRY(method1, 1, 8)
ENTRY(method2, 2, 16)
ENTRY(method3, 3, 24)
ENTRY(method4, 4, 32)
ENTRY(method5, 5, 40)
ENTRY(method6, 6, 48)
ENTRY(method7, 7, 56)
ENTRY(indirect0, 8, 64)
ENTRY(indirect1, 9, 72)
ENTRY(indirect2, 10, 80)
ENTRY(indirect3, 11, 88)
ENTRY(indirect4, 12, 96)
ENTRY(indirect5, 13, 104)
ENTRY(indirect6, 14, 112)
ENTRY(indirect7, 15, 120)
ENTRY(invoke, 16, 128)
ENTRY(invokeIndirect, 17, 136)
ENTRY(copyBlock, 18, 144)
ENTRY(disposeBlock, 19, 152)

// enter is a C function whose number is in AX. It follows the System V ABI.
TEXT enter<>(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BP
	MOVQ  SP, BP
	SUBQ  $REG_SIZE, SP
	MOVQ  DI, 0(SP)
	MOVQ  SI, 8(SP)
	MOVQ  DX, 16(SP)
	MOVQ  CX, 24(SP)
	MOVQ  R8, 32(SP)
	MOVQ  R9, 40(SP)
	MOVSD X0, (REG_FLOATS+0)(SP)
	MOVSD X1, (REG_FLOATS+8)(SP)
	MOVSD X2, (REG_FLOATS+16)(SP)
	MOVSD X3, (REG_FLOATS+24)(SP)
	MOVSD X4, (REG_FLOATS+32)(SP)
	MOVSD X5, (REG_FLOATS+40)(SP)
	MOVSD X6, (REG_FLOATS+48)(SP)
	MOVSD X7, (REG_FLOATS+56)(SP)
	LEAQ  16(BP), CX
	MOVQ  CX, REG_STACK(SP)
	MOVQ  AX, REG_ENTRY(SP)
	XORL  CX, CX
	MOVQ  CX, REG_CLASS(SP)
	MOVQ  CX, (REG_RESULT+0)(SP)
	MOVQ  CX, (REG_RESULT+8)(SP)
	MOVQ  CX, (REG_RESULT+16)(SP)
	MOVQ  CX, (REG_RESULT+24)(SP)

	// The class of a method's receiver, which is the second argument when
	// the first is the address of the result.
	CMPQ  AX, $16
	JGE   call
	CMPQ  AX, $8
	JLT   2(PC)
	MOVQ  SI, DI
	TESTQ DI, DI
	JZ    call
	MOVQ  ·objectClassFn(SB), CX
	TESTQ CX, CX
	JNZ   ask
	MOVQ  0(DI), AX // the GNU runtime's objects begin with their class
	JMP   class

ask:
	CALL CX

class:
	MOVQ AX, REG_CLASS(SP)

call:
	MOVQ  ·receiveFn(SB), DI // a func value: the code is its first word
	MOVQ  0(DI), DI
	MOVQ  SP, SI
	MOVL  $REG_SIZE, DX
	XORL  CX, CX
	CALL  crosscall2(SB)
	MOVQ  (REG_RESULT+0)(SP), AX
	MOVQ  (REG_RESULT+8)(SP), DX
	MOVSD (REG_RESULT+16)(SP), X0
	MOVSD (REG_RESULT+24)(SP), X1
	MOVQ  BP, SP
	POPQ  BP
	RET
