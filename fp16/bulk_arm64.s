#include "textflag.h"

// Each routine converts n elements, n >= 8, eight at a time; the last eight end
// where the data ends and overlap those before. Go's assembler has no names for
// the conversions between vectors of halves and floats.

#define FCVTL(src, dst)  WORD $(0x0e217800 | src<<5 | dst) // dst.4S from the lower src.4H
#define FCVTL2(src, dst) WORD $(0x4e217800 | src<<5 | dst) // dst.4S from the upper src.4H
#define FCVTN(src, dst)  WORD $(0x0e216800 | src<<5 | dst) // lower dst.4H from src.4S
#define FCVTN2(src, dst) WORD $(0x4e216800 | src<<5 | dst) // upper dst.4H from src.4S
#define FCMEQ(src, dst)  WORD $(0x4e20e400 | src<<16 | src<<5 | dst) // dst.4S all ones where src is no NaN

// HEAD loads the arguments; R3 is where the last eight elements begin in src,
// R4 in dst, for element sizes 1<<s and 1<<d.
#define HEAD(s, d) \
	MOVD dst+0(FP), R0   \
	MOVD src+8(FP), R1   \
	MOVD n+16(FP), R2    \
	SUB  $8, R2, R5      \
	ADD  R5<<s, R1, R3   \
	ADD  R5<<d, R0, R4

// func encode16NEON(dst, src unsafe.Pointer, n int)
TEXT ·encode16NEON(SB), NOSPLIT, $0-24
	HEAD(2, 1)

loop:
	CMP    $8, R2
	BLT    last
	VLD1.P 32(R1), [V0.S4, V1.S4]
	FCVTN(0, 2)
	FCVTN2(1, 2)
	VST1.P [V2.H8], 16(R0)
	SUB    $8, R2
	B      loop

last:
	CBZ  R2, done
	VLD1 (R3), [V0.S4, V1.S4]
	FCVTN(0, 2)
	FCVTN2(1, 2)
	VST1 [V2.H8], (R4)

done:
	RET

// func decode16NEON(dst, src unsafe.Pointer, n int)
TEXT ·decode16NEON(SB), NOSPLIT, $0-24
	HEAD(1, 2)

loop:
	CMP    $8, R2
	BLT    last
	VLD1.P 16(R1), [V2.H8]
	FCVTL(2, 0)
	FCVTL2(2, 1)
	VST1.P [V0.S4, V1.S4], 32(R0)
	SUB    $8, R2
	B      loop

last:
	CBZ  R2, done
	VLD1 (R3), [V2.H8]
	FCVTL(2, 0)
	FCVTL2(2, 1)
	VST1 [V0.S4, V1.S4], (R4)

done:
	RET

// BFLOAT rounds the four floats in x to bfloats in their upper halves, to
// nearest even; of a NaN it sets the quiet bit instead. It expects 0x7fff, 1 and
// 0x400000 in V13, V14 and V15.
#define BFLOAT(n, x, t, u, un) \
	FCMEQ(n, un)                   \
	VUSHR $16, x.S4, t.S4          \
	VAND  V14.B16, t.B16, t.B16    \
	VADD  V13.S4, t.S4, t.S4       \
	VADD  x.S4, t.S4, t.S4         \
	VORR  V15.B16, x.B16, x.B16    \
	VBIT  u.B16, t.B16, x.B16

// func encodeBNEON(dst, src unsafe.Pointer, n int)
TEXT ·encodeBNEON(SB), NOSPLIT, $0-24
	HEAD(2, 1)
	MOVD $0x7fff, R6
	VDUP R6, V13.S4
	MOVD $1, R6
	VDUP R6, V14.S4
	MOVD $0x400000, R6
	VDUP R6, V15.S4

loop:
	CMP    $8, R2
	BLT    last
	VLD1.P 32(R1), [V0.S4, V1.S4]
	BFLOAT(0, V0, V2, V3, 3)
	BFLOAT(1, V1, V4, V5, 5)
	VUZP2  V1.H8, V0.H8, V6.H8
	VST1.P [V6.H8], 16(R0)
	SUB    $8, R2
	B      loop

last:
	CBZ   R2, done
	VLD1  (R3), [V0.S4, V1.S4]
	BFLOAT(0, V0, V2, V3, 3)
	BFLOAT(1, V1, V4, V5, 5)
	VUZP2 V1.H8, V0.H8, V6.H8
	VST1  [V6.H8], (R4)

done:
	RET

// func decodeBNEON(dst, src unsafe.Pointer, n int)
TEXT ·decodeBNEON(SB), NOSPLIT, $0-24
	HEAD(1, 2)
	VEOR V3.B16, V3.B16, V3.B16

loop:
	CMP    $8, R2
	BLT    last
	VLD1.P 16(R1), [V2.H8]
	VZIP1  V2.H8, V3.H8, V0.H8
	VZIP2  V2.H8, V3.H8, V1.H8
	VST1.P [V0.S4, V1.S4], 32(R0)
	SUB    $8, R2
	B      loop

last:
	CBZ   R2, done
	VLD1  (R3), [V2.H8]
	VZIP1 V2.H8, V3.H8, V0.H8
	VZIP2 V2.H8, V3.H8, V1.H8
	VST1  [V0.S4, V1.S4], (R4)

done:
	RET
