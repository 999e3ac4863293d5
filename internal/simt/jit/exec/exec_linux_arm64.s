#include "textflag.h"

// func enter(code, ctx unsafe.Pointer)
TEXT ·enter(SB), NOSPLIT, $8-16
	MOVD code+0(FP), R0
	MOVD ctx+8(FP), R26
	ISB  $15 // another thread may have written the code
	CALL (R0)
	RET

// func flushRange(start, end uintptr)
TEXT ·flushRange(SB), NOSPLIT, $0-16
	MOVD start+0(FP), R0
	MOVD end+8(FP), R1
	MRS  CTR_EL0, R2
	// Lines of the data cache: 4 bytes times two to the bits 16 to 19.
	UBFX $16, R2, $4, R3
	MOVD $4, R4
	LSL  R3, R4, R3
	SUB  $1, R3, R5
	BIC  R5, R0, R6

data:
	CMP  R1, R6
	BHS  cleaned
	WORD $0xd50b7b26     // DC CVAU, R6
	ADD  R3, R6
	B    data

cleaned:
	WORD $0xd5033b9f     // DSB ISH
	// Lines of the instruction cache: bits 0 to 3.
	AND  $15, R2, R3
	LSL  R3, R4, R3
	SUB  $1, R3, R5
	BIC  R5, R0, R6

instructions:
	CMP  R1, R6
	BHS  done
	WORD $0xd50b7526     // IC IVAU, R6
	ADD  R3, R6
	B    instructions

done:
	WORD $0xd5033b9f     // DSB ISH
	ISB  $15
	RET
