#include "textflag.h"

// func enter(code, ctx unsafe.Pointer)
TEXT ·enter(SB), NOSPLIT, $8-16
	MOVQ code+0(FP), AX
	MOVQ ctx+8(FP), R15
	CALL AX
	RET
