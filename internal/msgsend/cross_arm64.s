//go:build (darwin && !embedded) || (linux && objcnative)

#include "textflag.h"

// Offsets in blocks and records; see package abi.
#define BLOCK_END 8
#define BLOCK_COUNT 16
#define REC_FLAGS 4
#define REC_STACK 8
#define REC_IMAGE_SIZE 12
#define REC_FN 16
#define REC_INT 24
#define REC_FLOAT 40
#define REC_INTS 72
#define REC_X8 136
#define REC_PATCHES 144
#define REC_PATCH_OFF 148
#define REC_IMAGE_OFF 152
#define REC_RESULT_SIZE 160
#define REC_RESULT_OFF 164
#define REC_OUTS 168
#define REC_OUT_OFF 172
#define REC_FLOATS 176

// Bits, as numbers for TBZ.
#define BIT_ON_STACK $0
#define BIT_POOL $1
#define BIT_FLOATS $0
#define BIT_RETAIN $1
#define BIT_STOP_NIL $2
#define BIT_PATCHED $4
#define BIT_RESULT $5
#define BIT_OUTS $6
#define BIT_IMAGE $7

// The table of functions, by index.
#define TAB_LOOKUP 0
#define TAB_RETAIN 8
#define TAB_PUSH 16
#define TAB_POP 24
#define TAB_PUSH_ARG0 32
#define TAB_PUSH_ARG1 40
#define TAB_POP_ARG1 48
#define TAB_SEL_RETAIN 56

DATA ·runABI0(SB)/8, $run<>(SB)
GLOBL ·runABI0(SB), NOPTR|RODATA, $8

// The frame, from R29 up: frame record, saved registers, locals. Calls' stacks
// are below it. R27 is saved because the assembler uses it.
#define FRAME 176
#define POOL 96
#define SAVED_R0 104
#define SAVED_R1 112
#define SAVED_F0 120
#define SAVED_F2 136
#define OUT_LEFT 152
#define OUT_AT 160

// run is a C function: it runs the block in R0. It follows the AAPCS, in the
// form both linux and darwin have.
//
//	R19 block, R20 offset of the record in the block, R21 record, R22 flags of
//	the block, R23 distance of the block from the stack's top, R24 flags of the
//	record, R25 the function
TEXT run<>(SB), NOSPLIT|NOFRAME, $0
	SUB  $FRAME, RSP
	STP  (R29, R30), 0(RSP)
	STP  (R19, R20), 16(RSP)
	STP  (R21, R22), 32(RSP)
	STP  (R23, R24), 48(RSP)
	STP  (R25, R26), 64(RSP)
	MOVD R27, 80(RSP)
	MOVD RSP, R29

	MOVD R0, R19
	MOVD 0(R19), R22
	MOVD $0, R23
	TBZ  BIT_ON_STACK, R22, placed
	BL   _cgo_topofstack(SB)
	SUB  R19, R0, R23

placed:
	MOVD $32, R20
	TBZ  BIT_POOL, R22, next
	MOVD ·table+TAB_PUSH_ARG0(SB), R0
	MOVD ·table+TAB_PUSH_ARG1(SB), R1
	MOVD ·table+TAB_PUSH(SB), R16
	BL   (R16)
	MOVD R0, POOL(R29)
	BL   refresh<>(SB)

next:
	MOVD BLOCK_END(R19), R0
	CMP  R0, R20
	BGE  done
	ADD  R19, R20, R21
	MOVWU REC_FLAGS(R21), R24
	MOVWU REC_STACK(R21), R0
	MOVD RSP, R1
	SUB  R0, R1, R1
	MOVD R1, RSP

	// Patches.
	TBZ  BIT_PATCHED, R24, patched
	MOVWU REC_PATCHES(R21), R2
	MOVWU REC_PATCH_OFF(R21), R3
	ADD  R21, R3, R3

patch:
	MOVWU 0(R3), R4
	MOVWU 4(R3), R5
	MOVD 8(R3), R6
	CMP  $2, R4
	BEQ  patchstack
	MOVD (R19)(R6), R6
	CMP  $1, R4
	BNE  patchstore
	CBZ  R6, done
	B    patchstore

patchstack:
	ADD  R1, R6, R6

patchstore:
	MOVD R6, (R21)(R5)
	ADD  $16, R3
	SUB  $1, R2
	CBNZ R2, patch

patched:
	// A nil receiver.
	TBZ  BIT_STOP_NIL, R24, receiver
	MOVD REC_INTS(R21), R2
	CBZ  R2, done

receiver:
	// The room for an indirect result is zeroed: nil leaves it untouched. It
	// follows the image.
	TBZ  BIT_RESULT, R24, method
	MOVWU REC_RESULT_SIZE(R21), R2
	MOVWU REC_IMAGE_SIZE(R21), R3
	ADD  R1, R3, R3

zero:
	MOVD ZR, 0(R3)
	ADD  $8, R3
	SUB  $8, R2
	CBNZ R2, zero

method:
	MOVD REC_FN(R21), R25
	CBNZ R25, image
	MOVD REC_INTS(R21), R0
	MOVD REC_INTS+8(R21), R1
	MOVD ·table+TAB_LOOKUP(SB), R16
	BL   (R16)
	MOVD R0, R25
	BL   refresh<>(SB)

image:
	TBZ  BIT_IMAGE, R24, registers
	MOVWU REC_IMAGE_SIZE(R21), R2
	MOVWU REC_IMAGE_OFF(R21), R3
	ADD  R21, R3, R3
	MOVD RSP, R4

copyin:
	MOVD 0(R3), R5
	MOVD R5, 0(R4)
	ADD  $8, R3
	ADD  $8, R4
	SUB  $8, R2
	CBNZ R2, copyin

registers:
	TBZ  BIT_FLOATS, R24, integers
	FLDPD REC_FLOATS+0(R21), (F0, F1)
	FLDPD REC_FLOATS+16(R21), (F2, F3)
	FLDPD REC_FLOATS+32(R21), (F4, F5)
	FLDPD REC_FLOATS+48(R21), (F6, F7)

integers:
	LDP  REC_INTS+0(R21), (R0, R1)
	LDP  REC_INTS+16(R21), (R2, R3)
	LDP  REC_INTS+32(R21), (R4, R5)
	LDP  REC_INTS+48(R21), (R6, R7)
	MOVD REC_X8(R21), R8
	BL   (R25)
	TBZ  BIT_ON_STACK, R22, results
	STP  (R0, R1), SAVED_R0(R29)
	FSTPD (F0, F1), SAVED_F0(R29)
	FSTPD (F2, F3), SAVED_F2(R29)
	BL   refresh<>(SB)
	LDP  SAVED_R0(R29), (R0, R1)
	FLDPD SAVED_F0(R29), (F0, F1)
	FLDPD SAVED_F2(R29), (F2, F3)

results:
	STP  (R0, R1), REC_INT(R21)
	FSTPD (F0, F1), REC_FLOAT(R21)
	FSTPD (F2, F3), REC_FLOAT+16(R21)

	TBZ  BIT_RESULT, R24, retain
	MOVWU REC_RESULT_SIZE(R21), R2
	MOVWU REC_IMAGE_SIZE(R21), R3
	MOVD RSP, R1
	ADD  R1, R3, R3
	MOVWU REC_RESULT_OFF(R21), R4
	ADD  R21, R4, R4

copyout:
	MOVD 0(R3), R5
	MOVD R5, 0(R4)
	ADD  $8, R3
	ADD  $8, R4
	SUB  $8, R2
	CBNZ R2, copyout

retain:
	TBZ  BIT_RETAIN, R24, outs
	MOVD REC_INT(R21), R0
	BL   retain<>(SB)
	BL   refresh<>(SB)

outs:
	TBZ  BIT_OUTS, R24, completed
	MOVWU REC_OUTS(R21), R0
	MOVD R0, OUT_LEFT(R29)
	MOVWU REC_OUT_OFF(R21), R0
	MOVD R0, OUT_AT(R29)

out:
	MOVD OUT_AT(R29), R0
	ADD  $8, R0, R1
	MOVD R1, OUT_AT(R29)
	MOVD (R21)(R0), R0
	MOVD 0(R0), R0
	BL   retain<>(SB)
	BL   refresh<>(SB)
	MOVD OUT_LEFT(R29), R0
	SUB  $1, R0
	MOVD R0, OUT_LEFT(R29)
	CBNZ R0, out

completed:
	MOVD BLOCK_COUNT(R19), R0
	ADD  $1, R0
	MOVD R0, BLOCK_COUNT(R19)
	MOVWU 0(R21), R0
	ADD  R0, R20
	MOVD R29, R0
	MOVD R0, RSP
	B    next

done:
	MOVD R29, R0
	MOVD R0, RSP
	TBZ  BIT_POOL, R22, return
	MOVD POOL(R29), R0
	MOVD ·table+TAB_POP_ARG1(SB), R1
	MOVD ·table+TAB_POP(SB), R16
	BL   (R16)

return:
	MOVD $0, R0
	MOVD 80(RSP), R27
	LDP  64(RSP), (R25, R26)
	LDP  48(RSP), (R23, R24)
	LDP  32(RSP), (R21, R22)
	LDP  16(RSP), (R19, R20)
	LDP  0(RSP), (R29, R30)
	ADD  $FRAME, RSP
	RET

// refresh finds the block and the record again after a call: a block on a
// goroutine's stack moves when a callback makes the stack grow.
TEXT refresh<>(SB), NOSPLIT|NOFRAME, $0
	TBZ  BIT_ON_STACK, R22, same
	MOVD R30, R26
	BL   _cgo_topofstack(SB)
	MOVD R26, R30
	SUB  R23, R0, R19

same:
	ADD  R19, R20, R21
	RET

// retain retains the object in R0, nil or not.
TEXT retain<>(SB), NOSPLIT|NOFRAME, $0
	CBZ  R0, nothing
	MOVD ·table+TAB_RETAIN(SB), R16
	CBZ  R16, message
	B    (R16)

message:
	SUB  $32, RSP
	STP  (R29, R30), 0(RSP)
	MOVD R0, 16(RSP)
	MOVD ·table+TAB_SEL_RETAIN(SB), R1
	MOVD ·table+TAB_LOOKUP(SB), R16
	BL   (R16)
	MOVD R0, R16
	MOVD 16(RSP), R0
	MOVD ·table+TAB_SEL_RETAIN(SB), R1
	LDP  0(RSP), (R29, R30)
	ADD  $32, RSP
	B    (R16)

nothing:
	RET
