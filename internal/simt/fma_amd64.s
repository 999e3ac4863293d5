#include "textflag.h"

// func fmaVVasm(d, a, b, c *float32, n int)
TEXT ·fmaVVasm(SB), NOSPLIT, $0-40
	MOVQ d+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ c+24(FP), CX
	MOVQ n+32(FP), R8
	XORQ AX, AX

loop:
	VMOVUPS     (SI)(AX*4), Y0
	VMOVUPS     (DX)(AX*4), Y1
	VFMADD213PS (CX)(AX*4), Y1, Y0
	VMOVUPS     Y0, (DI)(AX*4)
	ADDQ        $8, AX
	CMPQ        AX, R8
	JLT         loop
	VZEROUPPER
	RET

// func fmaVSasm(d, a *float32, b float32, c *float32, n int)
TEXT ·fmaVSasm(SB), NOSPLIT, $0-40
	MOVQ         d+0(FP), DI
	MOVQ         a+8(FP), SI
	VBROADCASTSS b+16(FP), Y1
	MOVQ         c+24(FP), CX
	MOVQ         n+32(FP), R8
	XORQ         AX, AX

loop:
	VMOVUPS     (SI)(AX*4), Y0
	VFMADD213PS (CX)(AX*4), Y1, Y0
	VMOVUPS     Y0, (DI)(AX*4)
	ADDQ        $8, AX
	CMPQ        AX, R8
	JLT         loop
	VZEROUPPER
	RET
