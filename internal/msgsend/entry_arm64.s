//go:build (darwin && !embedded) || (linux && objcnative)

#include "textflag.h"

// Where C enters Go. An entry is a C function of any signature: it lays out
// the registers that its arguments may be in as an abi.Registers and calls the
// Go func receive through the runtime's callback. What tells one entry from
// another is its number; see entry_native.go.

#define REG_FLOATS 64
#define REG_X8 128
#define REG_CLASS 144
#define REG_ENTRY 152
#define REG_RESULT 160
#define REG_SIZE 208

// The frame: frame record, R27, a spare word, the registers.
#define REGS 32
#define FRAME (REGS+REG_SIZE)

#define ENTRY(name, number, offset) \
	DATA ·entries+offset(SB)/8, $name<>(SB); \
	TEXT name<>(SB), NOSPLIT|NOFRAME, $0; \
	MOVD $number, R9; \
	B enter<>(SB)

GLOBL ·entries(SB), NOPTR|RODATA, $160

ENTRY(method0, 0, 0)
ENTRY(method1, 1, 8)
ENTRY(method2, 2, 16)
ENTRY(method3, 3, 24)
ENTRY(method4, 4, 32)
ENTRY(method5, 5, 40)
ENTRY(method6, 6, 48)
ENTRY(method7, 7, 56)

// An indirect result's address is in R8 here, so that the other arguments are
// where they always are.
DATA ·entries+64(SB)/8, $method0<>(SB)
DATA ·entries+72(SB)/8, $method1<>(SB)
DATA ·entries+80(SB)/8, $method2<>(SB)
DATA ·entries+88(SB)/8, $method3<>(SB)
DATA ·entries+96(SB)/8, $method4<>(SB)
DATA ·entries+104(SB)/8, $method5<>(SB)
DATA ·entries+112(SB)/8, $method6<>(SB)
DATA ·entries+120(SB)/8, $method7<>(SB)

ENTRY(invoke, 16, 128)
DATA ·entries+136(SB)/8, $invoke<>(SB)
ENTRY(copyBlock, 18, 144)
ENTRY(disposeBlock, 19, 152)

// enter is a C function whose number is in R9. It follows the arm64 ABI.
TEXT enter<>(SB), NOSPLIT|NOFRAME, $0
	SUB   $FRAME, RSP
	STP   (R29, R30), 0(RSP)
	MOVD  RSP, R29
	MOVD  R27, 16(RSP)
	STP   (R0, R1), (REGS+0)(RSP)
	STP   (R2, R3), (REGS+16)(RSP)
	STP   (R4, R5), (REGS+32)(RSP)
	STP   (R6, R7), (REGS+48)(RSP)
	FSTPD (F0, F1), (REGS+REG_FLOATS+0)(RSP)
	FSTPD (F2, F3), (REGS+REG_FLOATS+16)(RSP)
	FSTPD (F4, F5), (REGS+REG_FLOATS+32)(RSP)
	FSTPD (F6, F7), (REGS+REG_FLOATS+48)(RSP)
	ADD   $FRAME, RSP, R10
	STP   (R8, R10), (REGS+REG_X8)(RSP)
	STP   (ZR, R9), (REGS+REG_CLASS)(RSP)
	STP   (ZR, ZR), (REGS+REG_RESULT+0)(RSP)
	STP   (ZR, ZR), (REGS+REG_RESULT+16)(RSP)
	STP   (ZR, ZR), (REGS+REG_RESULT+32)(RSP)

	// The class of a method's receiver.
	CMP  $16, R9
	BGE  call
	CBZ  R0, call
	MOVD ·objectClassFn(SB), R10
	CBNZ R10, ask
	MOVD 0(R0), R0 // the GNU runtime's objects begin with their class
	B    class

ask:
	BL (R10)

class:
	MOVD R0, (REGS+REG_CLASS)(RSP)

call:
	MOVD  ·receiveFn(SB), R0 // a func value: the code is its first word
	MOVD  0(R0), R0
	ADD   $REGS, RSP, R1
	MOVD  $REG_SIZE, R2
	MOVD  $0, R3
	BL    crosscall2(SB)
	LDP   (REGS+REG_RESULT+0)(RSP), (R0, R1)
	FLDPD (REGS+REG_RESULT+16)(RSP), (F0, F1)
	FLDPD (REGS+REG_RESULT+32)(RSP), (F2, F3)
	MOVD  16(RSP), R27
	LDP   0(RSP), (R29, R30)
	ADD   $FRAME, RSP
	RET
