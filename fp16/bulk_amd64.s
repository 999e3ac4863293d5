#include "textflag.h"

// Each routine converts the CX elements at SI to DI: 8 or more. The last vector
// of the AVX2 routines ends where the data ends and overlaps the one before it;
// the AVX-512 routines mask theirs. The Stream routines store past the caches:
// their DI is aligned to 64 bytes, and CX is a multiple of 32.
//
// The macros named for a conversion do 32 elements and store with the
// instruction they are given.

// func run(r routine, dst, src unsafe.Pointer, n int)
TEXT ·run(SB), NOSPLIT, $0-32
	MOVQ r+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ n+24(FP), CX
	LEAQ routines<>(SB), BX
	JMP  (BX)(AX*8)

// In the order of the constants of type conversion and path.
DATA routines<>+0x00(SB)/8, $encode16AVX2<>(SB)
DATA routines<>+0x08(SB)/8, $encode16AVX512<>(SB)
DATA routines<>+0x10(SB)/8, $encode16Stream<>(SB)
DATA routines<>+0x18(SB)/8, $decode16AVX2<>(SB)
DATA routines<>+0x20(SB)/8, $decode16AVX512<>(SB)
DATA routines<>+0x28(SB)/8, $decode16Stream<>(SB)
DATA routines<>+0x30(SB)/8, $encodeBAVX2<>(SB)
DATA routines<>+0x38(SB)/8, $encodeBAVX512<>(SB)
DATA routines<>+0x40(SB)/8, $encodeBStream<>(SB)
DATA routines<>+0x48(SB)/8, $decodeBAVX2<>(SB)
DATA routines<>+0x50(SB)/8, $decodeBAVX512<>(SB)
DATA routines<>+0x58(SB)/8, $decodeBStream<>(SB)
DATA routines<>+0x60(SB)/8, $encodeBBF16<>(SB)
GLOBL routines<>(SB), RODATA, $104

DATA roundB<>+0(SB)/4, $0x00007fff
GLOBL roundB<>(SB), RODATA, $4
DATA oneB<>+0(SB)/4, $0x00000001
GLOBL oneB<>(SB), RODATA, $4
DATA upB<>+0(SB)/4, $0x00008000
GLOBL upB<>(SB), RODATA, $4
DATA lastB<>+0(SB)/4, $0x00010000
GLOBL lastB<>(SB), RODATA, $4
DATA quietB<>+0(SB)/4, $0x00400000
GLOBL quietB<>(SB), RODATA, $4
DATA oddWords<>+0x00(SB)/8, $0x0007000500030001
DATA oddWords<>+0x08(SB)/8, $0x000f000d000b0009
DATA oddWords<>+0x10(SB)/8, $0x0017001500130011
DATA oddWords<>+0x18(SB)/8, $0x001f001d001b0019
DATA oddWords<>+0x20(SB)/8, $0x0027002500230021
DATA oddWords<>+0x28(SB)/8, $0x002f002d002b0029
DATA oddWords<>+0x30(SB)/8, $0x0037003500330031
DATA oddWords<>+0x38(SB)/8, $0x003f003d003b0039
GLOBL oddWords<>(SB), RODATA, $64

// ENCODES are the loop of a Stream routine that reads floats, DECODES of one that
// writes them. To ask for floats 256 bytes ahead was the fastest of 0 to 8192; for
// halves there is no difference.
#define ENCODES(CONVERT) \
loop:                         \
	PREFETCHNTA 256(SI)       \
	PREFETCHNTA 320(SI)       \
	CONVERT(VMOVNTDQ)         \
	ADDQ        $128, SI      \
	ADDQ        $64, DI       \
	SUBQ        $32, CX       \
	JNZ         loop          \
	SFENCE                    \
	VZEROUPPER                \
	RET

#define DECODES(CONVERT) \
loop:                         \
	PREFETCHNTA 1024(SI)      \
	CONVERT(VMOVNTDQ)         \
	ADDQ        $64, SI       \
	ADDQ        $128, DI      \
	SUBQ        $32, CX       \
	JNZ         loop          \
	SFENCE                    \
	VZEROUPPER                \
	RET

#define ENCODE16(STORE) \
	VMOVUPS   (SI), Y0    \
	VMOVUPS   32(SI), Y1  \
	VMOVUPS   64(SI), Y2  \
	VMOVUPS   96(SI), Y3  \
	VCVTPS2PH $0, Y0, X0  \
	VCVTPS2PH $0, Y1, X1  \
	VCVTPS2PH $0, Y2, X2  \
	VCVTPS2PH $0, Y3, X3  \
	STORE     X0, (DI)    \
	STORE     X1, 16(DI)  \
	STORE     X2, 32(DI)  \
	STORE     X3, 48(DI)

TEXT encode16Stream<>(SB), NOSPLIT, $0-0
	ENCODES(ENCODE16)

TEXT encode16AVX2<>(SB), NOSPLIT, $0-0
	SUBQ $32, CX
	JLT  rest

loop:
	ENCODE16(VMOVDQU)
	ADDQ $128, SI
	ADDQ      $64, DI
	SUBQ      $32, CX
	JGE       loop

rest:
	ADDQ $32, CX

eight:
	CMPQ      CX, $8
	JLT       last
	VMOVUPS   (SI), Y0
	VCVTPS2PH $0, Y0, (DI)
	ADDQ      $32, SI
	ADDQ      $16, DI
	SUBQ      $8, CX
	JMP       eight

last:
	TESTQ     CX, CX
	JZ        done
	VMOVUPS   -32(SI)(CX*4), Y0
	VCVTPS2PH $0, Y0, -16(DI)(CX*2)

done:
	VZEROUPPER
	RET

#define DECODE16(STORE) \
	VCVTPH2PS (SI), Y0    \
	VCVTPH2PS 16(SI), Y1  \
	VCVTPH2PS 32(SI), Y2  \
	VCVTPH2PS 48(SI), Y3  \
	STORE     Y0, (DI)    \
	STORE     Y1, 32(DI)  \
	STORE     Y2, 64(DI)  \
	STORE     Y3, 96(DI)

TEXT decode16Stream<>(SB), NOSPLIT, $0-0
	DECODES(DECODE16)

TEXT decode16AVX2<>(SB), NOSPLIT, $0-0
	SUBQ $32, CX
	JLT  rest

loop:
	DECODE16(VMOVDQU)
	ADDQ $64, SI
	ADDQ      $128, DI
	SUBQ      $32, CX
	JGE       loop

rest:
	ADDQ $32, CX

eight:
	CMPQ      CX, $8
	JLT       last
	VCVTPH2PS (SI), Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JMP       eight

last:
	TESTQ     CX, CX
	JZ        done
	VCVTPH2PS -16(SI)(CX*2), Y0
	VMOVUPS   Y0, -32(DI)(CX*4)

done:
	VZEROUPPER
	RET

// A bfloat is the upper half of its float32. BFLOAT8 rounds the eight floats in
// x to nearest even, in the upper halves, and shifts them down; of a NaN it
// sets the quiet bit instead. It expects 0x7fff, 1 and 0x400000 in Y13, Y14 and
// Y15, and uses t and u.
#define BFLOAT8(x, t, u) \
	VPSRLD    $16, x, t    \
	VPAND     Y14, t, t    \
	VPADDD    Y13, t, t    \
	VPADDD    x, t, t      \
	VCMPPS    $3, x, x, u  \
	VPOR      Y15, x, x    \
	VBLENDVPS u, x, t, x   \
	VPSRLD    $16, x, x

#define BFLOATCONSTANTS \
	VPBROADCASTD roundB<>(SB), Y13 \
	VPBROADCASTD oneB<>(SB), Y14   \
	VPBROADCASTD quietB<>(SB), Y15

#define ENCODEB(STORE) \
	VMOVUPS   (SI), Y0      \
	VMOVUPS   32(SI), Y1    \
	VMOVUPS   64(SI), Y2    \
	VMOVUPS   96(SI), Y3    \
	BFLOAT8(Y0, Y4, Y5)     \
	BFLOAT8(Y1, Y6, Y7)     \
	BFLOAT8(Y2, Y8, Y9)     \
	BFLOAT8(Y3, Y10, Y11)   \
	VPACKUSDW Y1, Y0, Y0    \
	VPACKUSDW Y3, Y2, Y2    \
	VPERMQ    $0xd8, Y0, Y0 \
	VPERMQ    $0xd8, Y2, Y2 \
	STORE     Y0, (DI)      \
	STORE     Y2, 32(DI)

TEXT encodeBStream<>(SB), NOSPLIT, $0-0
	BFLOATCONSTANTS
	ENCODES(ENCODEB)

TEXT encodeBAVX2<>(SB), NOSPLIT, $0-0
	BFLOATCONSTANTS
	SUBQ $32, CX
	JLT  rest

loop:
	ENCODEB(VMOVDQU)
	ADDQ $128, SI
	ADDQ      $64, DI
	SUBQ      $32, CX
	JGE       loop

rest:
	ADDQ $32, CX

eight:
	CMPQ         CX, $8
	JLT          last
	VMOVUPS      (SI), Y0
	BFLOAT8(Y0, Y4, Y5)
	VEXTRACTI128 $1, Y0, X1
	VPACKUSDW    X1, X0, X0
	VMOVDQU      X0, (DI)
	ADDQ         $32, SI
	ADDQ         $16, DI
	SUBQ         $8, CX
	JMP          eight

last:
	TESTQ        CX, CX
	JZ           done
	VMOVUPS      -32(SI)(CX*4), Y0
	BFLOAT8(Y0, Y4, Y5)
	VEXTRACTI128 $1, Y0, X1
	VPACKUSDW    X1, X0, X0
	VMOVDQU      X0, -16(DI)(CX*2)

done:
	VZEROUPPER
	RET

#define DECODEB(STORE) \
	VPMOVZXWD (SI), Y0    \
	VPMOVZXWD 16(SI), Y1  \
	VPMOVZXWD 32(SI), Y2  \
	VPMOVZXWD 48(SI), Y3  \
	VPSLLD    $16, Y0, Y0 \
	VPSLLD    $16, Y1, Y1 \
	VPSLLD    $16, Y2, Y2 \
	VPSLLD    $16, Y3, Y3 \
	STORE     Y0, (DI)    \
	STORE     Y1, 32(DI)  \
	STORE     Y2, 64(DI)  \
	STORE     Y3, 96(DI)

TEXT decodeBStream<>(SB), NOSPLIT, $0-0
	DECODES(DECODEB)

TEXT decodeBAVX2<>(SB), NOSPLIT, $0-0
	SUBQ $32, CX
	JLT  rest

loop:
	DECODEB(VMOVDQU)
	ADDQ $64, SI
	ADDQ      $128, DI
	SUBQ      $32, CX
	JGE       loop

rest:
	ADDQ $32, CX

eight:
	CMPQ      CX, $8
	JLT       last
	VPMOVZXWD (SI), Y0
	VPSLLD    $16, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JMP       eight

last:
	TESTQ     CX, CX
	JZ        done
	VPMOVZXWD -16(SI)(CX*2), Y0
	VPSLLD    $16, Y0, Y0
	VMOVDQU   Y0, -32(DI)(CX*4)

done:
	VZEROUPPER
	RET

// TAILMASK leaves 1<<CX - 1 in K1, for CX < 16.
#define TAILMASK \
	MOVL  $1, AX  \
	SHLL  CX, AX  \
	DECL  AX      \
	KMOVW AX, K1

TEXT encode16AVX512<>(SB), NOSPLIT, $0-0
	SUBQ $64, CX
	JLT  rest

loop:
	VMOVUPS   (SI), Z0
	VMOVUPS   64(SI), Z1
	VMOVUPS   128(SI), Z2
	VMOVUPS   192(SI), Z3
	VCVTPS2PH $0, Z0, (DI)
	VCVTPS2PH $0, Z1, 32(DI)
	VCVTPS2PH $0, Z2, 64(DI)
	VCVTPS2PH $0, Z3, 96(DI)
	ADDQ      $256, SI
	ADDQ      $128, DI
	SUBQ      $64, CX
	JGE       loop

rest:
	ADDQ $64, CX

sixteen:
	CMPQ      CX, $16
	JLT       last
	VMOVUPS   (SI), Z0
	VCVTPS2PH $0, Z0, (DI)
	ADDQ      $64, SI
	ADDQ      $32, DI
	SUBQ      $16, CX
	JMP       sixteen

last:
	TAILMASK
	VMOVUPS.Z (SI), K1, Z0
	VCVTPS2PH $0, Z0, K1, (DI)
	VZEROUPPER
	RET

TEXT decode16AVX512<>(SB), NOSPLIT, $0-0
	SUBQ $64, CX
	JLT  rest

loop:
	VCVTPH2PS (SI), Z0
	VCVTPH2PS 32(SI), Z1
	VCVTPH2PS 64(SI), Z2
	VCVTPH2PS 96(SI), Z3
	VMOVUPS   Z0, (DI)
	VMOVUPS   Z1, 64(DI)
	VMOVUPS   Z2, 128(DI)
	VMOVUPS   Z3, 192(DI)
	ADDQ      $128, SI
	ADDQ      $256, DI
	SUBQ      $64, CX
	JGE       loop

rest:
	ADDQ $64, CX

sixteen:
	CMPQ      CX, $16
	JLT       last
	VCVTPH2PS (SI), Z0
	VMOVUPS   Z0, (DI)
	ADDQ      $32, SI
	ADDQ      $64, DI
	SUBQ      $16, CX
	JMP       sixteen

last:
	TAILMASK
	VCVTPH2PS.Z (SI), K1, Z0
	VMOVUPS     Z0, K1, (DI)
	VZEROUPPER
	RET

// BFLOAT16 rounds the sixteen floats in x to bfloats in the upper halves of x, to
// nearest even: it adds 0x8000 where the last bit to stay is set, and 0x7fff
// elsewhere; of a NaN it sets the quiet bit instead. It expects 0x7fff, 0x8000,
// 0x10000 and 0x400000 in Z12 to Z15.
#define BFLOAT16(x, t, k, nan) \
	VPTESTMD Z14, x, k    \
	VCMPPS   $3, x, x, nan \
	VPADDD   Z12, x, t    \
	VPADDD   Z13, x, k, t \
	VPORD    Z15, x, nan, t

#define BFLOATCONSTANTS512 \
	VPBROADCASTD roundB<>(SB), Z12 \
	VPBROADCASTD upB<>(SB), Z13    \
	VPBROADCASTD lastB<>(SB), Z14  \
	VPBROADCASTD quietB<>(SB), Z15 \
	VMOVDQU64    oddWords<>(SB), Z11

// BFLOAT64 converts the floats in Z0 to Z3 and stores them.
#define BFLOAT64 \
	BFLOAT16(Z0, Z4, K1, K2) \
	BFLOAT16(Z1, Z5, K3, K4) \
	BFLOAT16(Z2, Z6, K5, K6) \
	BFLOAT16(Z3, Z7, K1, K2) \
	VPERMT2W  Z5, Z11, Z4    \
	VPERMT2W  Z7, Z11, Z6    \
	VMOVDQU64 Z4, (DI)       \
	VMOVDQU64 Z6, 64(DI)

// BFLOATREST converts the last CX elements, less than 64 of them, and returns.
#define BFLOATREST \
sixteen:                          \
	CMPQ      CX, $16             \
	JLT       last                \
	VMOVUPS   (SI), Z0            \
	BFLOAT16(Z0, Z4, K1, K2)      \
	VPSRLD    $16, Z4, Z4         \
	VPMOVDW   Z4, (DI)            \
	ADDQ      $64, SI             \
	ADDQ      $32, DI             \
	SUBQ      $16, CX             \
	JMP       sixteen             \
last:                             \
	TAILMASK                      \
	VMOVUPS.Z (SI), K1, Z0        \
	BFLOAT16(Z0, Z4, K2, K3)      \
	VPSRLD    $16, Z4, Z4         \
	VPMOVDW   Z4, K1, (DI)        \
	VZEROUPPER                    \
	RET

TEXT encodeBAVX512<>(SB), NOSPLIT, $0-0
	BFLOATCONSTANTS512
	SUBQ $64, CX
	JLT  rest

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS 128(SI), Z2
	VMOVUPS 192(SI), Z3
	BFLOAT64
	ADDQ    $256, SI
	ADDQ    $128, DI
	SUBQ    $64, CX
	JGE     loop

rest:
	ADDQ $64, CX
	BFLOATREST

// VCVTNE2PS2BF16 makes bfloats of the floats in Z(lo) and Z(hi), in that order, in
// Z(dst), for registers below 8. Go's assembler does not know it.
#define VCVTNE2PS2BF16(hi, lo, dst) \
	BYTE $0x62; BYTE $0xf2; BYTE $(0x07 | (15-hi)<<3); BYTE $0x48; BYTE $0x72; BYTE $(0xc0 | dst<<3 | lo)

// The processor's own conversion takes subnormal floats for zeros; blocks with any
// go the long way. Everything else it does as BFLOAT16 does, NaNs too.
TEXT encodeBBF16<>(SB), NOSPLIT, $0-0
	BFLOATCONSTANTS512
	SUBQ $64, CX
	JLT  rest

loop:
	VMOVUPS    (SI), Z0
	VMOVUPS    64(SI), Z1
	VMOVUPS    128(SI), Z2
	VMOVUPS    192(SI), Z3
	VFPCLASSPSZ $0x20, Z0, K1
	VFPCLASSPSZ $0x20, Z1, K2
	VFPCLASSPSZ $0x20, Z2, K3
	VFPCLASSPSZ $0x20, Z3, K4
	KORW       K1, K2, K1
	KORW       K3, K4, K3
	KORTESTW   K1, K3
	JNZ        subnormal
	VCVTNE2PS2BF16(1, 0, 4)
	VCVTNE2PS2BF16(3, 2, 6)
	VMOVDQU64  Z4, (DI)
	VMOVDQU64  Z6, 64(DI)

next:
	ADDQ $256, SI
	ADDQ $128, DI
	SUBQ $64, CX
	JGE  loop

rest:
	ADDQ $64, CX
	BFLOATREST

subnormal:
	BFLOAT64
	JMP next

TEXT decodeBAVX512<>(SB), NOSPLIT, $0-0
	SUBQ $64, CX
	JLT  rest

loop:
	VPMOVZXWD (SI), Z0
	VPMOVZXWD 32(SI), Z1
	VPMOVZXWD 64(SI), Z2
	VPMOVZXWD 96(SI), Z3
	VPSLLD    $16, Z0, Z0
	VPSLLD    $16, Z1, Z1
	VPSLLD    $16, Z2, Z2
	VPSLLD    $16, Z3, Z3
	VMOVDQU32 Z0, (DI)
	VMOVDQU32 Z1, 64(DI)
	VMOVDQU32 Z2, 128(DI)
	VMOVDQU32 Z3, 192(DI)
	ADDQ      $128, SI
	ADDQ      $256, DI
	SUBQ      $64, CX
	JGE       loop

rest:
	ADDQ $64, CX

sixteen:
	CMPQ      CX, $16
	JLT       last
	VPMOVZXWD (SI), Z0
	VPSLLD    $16, Z0, Z0
	VMOVDQU32 Z0, (DI)
	ADDQ      $32, SI
	ADDQ      $64, DI
	SUBQ      $16, CX
	JMP       sixteen

last:
	TAILMASK
	VPMOVZXWD.Z (SI), K1, Z0
	VPSLLD      $16, Z0, Z0
	VMOVDQU32   Z0, K1, (DI)
	VZEROUPPER
	RET
