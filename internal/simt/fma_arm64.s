#include "textflag.h"

// func fmaVVasm(d, a, b, c *float32, n int)
TEXT ·fmaVVasm(SB), NOSPLIT, $0-40
	MOVD d+0(FP), R0
	MOVD a+8(FP), R1
	MOVD b+16(FP), R2
	MOVD c+24(FP), R3
	MOVD n+32(FP), R4

loop:
	VLD1.P 32(R1), [V0.S4, V1.S4]
	VLD1.P 32(R2), [V2.S4, V3.S4]
	VLD1.P 32(R3), [V4.S4, V5.S4]
	VFMLA  V2.S4, V0.S4, V4.S4
	VFMLA  V3.S4, V1.S4, V5.S4
	VST1.P [V4.S4, V5.S4], 32(R0)
	SUBS   $8, R4, R4
	BGT    loop
	RET

// func fmaVSasm(d, a *float32, b float32, c *float32, n int)
TEXT ·fmaVSasm(SB), NOSPLIT, $0-40
	MOVD  d+0(FP), R0
	MOVD  a+8(FP), R1
	MOVWU b+16(FP), R2
	MOVD  c+24(FP), R3
	MOVD  n+32(FP), R4
	VDUP  R2, V2.S4

loop:
	VLD1.P 32(R1), [V0.S4, V1.S4]
	VLD1.P 32(R3), [V4.S4, V5.S4]
	VFMLA  V2.S4, V0.S4, V4.S4
	VFMLA  V2.S4, V1.S4, V5.S4
	VST1.P [V4.S4, V5.S4], 32(R0)
	SUBS   $8, R4, R4
	BGT    loop
	RET
