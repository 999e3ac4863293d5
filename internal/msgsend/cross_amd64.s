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
#define REC_PATCHES 144
#define REC_PATCH_OFF 148
#define REC_IMAGE_OFF 152
#define REC_RESULT_SIZE 160
#define REC_RESULT_OFF 164
#define REC_OUTS 168
#define REC_OUT_OFF 172
#define REC_FLOATS 176

#define BLOCK_ON_STACK 1
#define BLOCK_POOL 2
#define FLAG_FLOATS 1
#define FLAG_RETAIN 2
#define FLAG_STOP_NIL 4
#define FLAG_SELF1 8
#define FLAG_PATCHED 16
#define FLAG_RESULT 32
#define FLAG_OUTS 64
#define FLAG_IMAGE 128

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

// The frame below BP: saved registers, then locals.
#define POOL -48(BP)
#define SAVED_AX -56(BP)
#define OUT_LEFT -64(BP)
#define OUT_AT -72(BP)
#define FRAME 88

// run is a C function: it runs the block in DI. It follows the System V ABI.
//
//	R12 block, R13 offset of the record in the block, BX record,
//	R14 flags of the block, R15 distance of the block from the stack's top
TEXT run<>(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BP
	MOVQ  SP, BP
	PUSHQ BX
	PUSHQ R12
	PUSHQ R13
	PUSHQ R14
	PUSHQ R15
	LEAQ  -(FRAME+40)(BP), SP

	MOVQ  DI, R12
	MOVQ  0(R12), R14
	XORL  R15, R15
	TESTL $BLOCK_ON_STACK, R14
	JZ    placed
	CALL  _cgo_topofstack(SB)
	SUBQ  R12, AX
	MOVQ  AX, R15

placed:
	MOVQ  $32, R13
	TESTL $BLOCK_POOL, R14
	JZ    next
	MOVQ  ·table+TAB_PUSH_ARG0(SB), DI
	MOVQ  ·table+TAB_PUSH_ARG1(SB), SI
	MOVQ  ·table+TAB_PUSH(SB), AX
	CALL  AX
	MOVQ  AX, POOL
	CALL  refresh<>(SB)

next:
	CMPQ  R13, BLOCK_END(R12)
	JGE   done
	LEAQ  (R12)(R13*1), BX
	MOVL  REC_STACK(BX), AX
	SUBQ  AX, SP
	MOVL  REC_FLAGS(BX), R10

	// Patches.
	TESTL $FLAG_PATCHED, R10
	JZ    patched
	MOVL  REC_PATCHES(BX), CX
	MOVL  REC_PATCH_OFF(BX), DX
	ADDQ  BX, DX

patch:
	MOVL  0(DX), AX
	MOVL  4(DX), SI
	MOVQ  8(DX), DI
	CMPL  AX, $2
	JEQ   patchstack
	MOVQ  (R12)(DI*1), DI
	CMPL  AX, $1
	JNE   patchstore
	TESTQ DI, DI
	JZ    done
	JMP   patchstore

patchstack:
	ADDQ  SP, DI

patchstore:
	MOVQ  DI, (BX)(SI*1)
	ADDQ  $16, DX
	SUBL  $1, CX
	JNZ   patch

patched:
	// A nil receiver.
	TESTL $FLAG_STOP_NIL, R10
	JZ    receiver
	MOVQ  REC_INTS(BX), AX
	TESTL $FLAG_SELF1, R10
	JZ    2(PC)
	MOVQ  REC_INTS+8(BX), AX
	TESTQ AX, AX
	JZ    done

receiver:
	// The room for an indirect result is zeroed: nil leaves it untouched. It
	// follows the image.
	TESTL $FLAG_RESULT, R10
	JZ    method
	MOVL  REC_RESULT_SIZE(BX), CX
	MOVL  REC_IMAGE_SIZE(BX), DI
	ADDQ  SP, DI

zero:
	MOVQ  $0, 0(DI)
	ADDQ  $8, DI
	SUBL  $8, CX
	JNZ   zero

method:
	MOVQ  REC_FN(BX), R11
	TESTQ R11, R11
	JNZ   image
	MOVQ  REC_INTS(BX), DI
	MOVQ  REC_INTS+8(BX), SI
	TESTL $FLAG_SELF1, R10
	JZ    lookup
	MOVQ  SI, DI
	MOVQ  REC_INTS+16(BX), SI

lookup:
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  AX, SAVED_AX
	CALL  refresh<>(SB)
	MOVQ  SAVED_AX, R11
	MOVL  REC_FLAGS(BX), R10

image:
	TESTL $FLAG_IMAGE, R10
	JZ    registers
	MOVL  REC_IMAGE_SIZE(BX), CX
	MOVL  REC_IMAGE_OFF(BX), SI
	ADDQ  BX, SI
	MOVQ  SP, DI

copyin:
	MOVQ  0(SI), AX
	MOVQ  AX, 0(DI)
	ADDQ  $8, SI
	ADDQ  $8, DI
	SUBL  $8, CX
	JNZ   copyin

registers:
	XORL  AX, AX
	TESTL $FLAG_FLOATS, R10
	JZ    integers
	MOVSD REC_FLOATS+0(BX), X0
	MOVSD REC_FLOATS+8(BX), X1
	MOVSD REC_FLOATS+16(BX), X2
	MOVSD REC_FLOATS+24(BX), X3
	MOVSD REC_FLOATS+32(BX), X4
	MOVSD REC_FLOATS+40(BX), X5
	MOVSD REC_FLOATS+48(BX), X6
	MOVSD REC_FLOATS+56(BX), X7
	MOVL  $8, AX

integers:
	MOVQ  REC_INTS+0(BX), DI
	MOVQ  REC_INTS+8(BX), SI
	MOVQ  REC_INTS+16(BX), DX
	MOVQ  REC_INTS+24(BX), CX
	MOVQ  REC_INTS+32(BX), R8
	MOVQ  REC_INTS+40(BX), R9
	CALL  R11
	TESTL $BLOCK_ON_STACK, R14
	JZ    results
	MOVQ  AX, SAVED_AX
	CALL  refresh<>(SB)
	MOVQ  SAVED_AX, AX

results:
	MOVQ  AX, REC_INT(BX)
	MOVQ  DX, REC_INT+8(BX)
	MOVSD X0, REC_FLOAT(BX)
	MOVSD X1, REC_FLOAT+8(BX)
	MOVL  REC_FLAGS(BX), R10
	TESTL $(FLAG_RESULT|FLAG_RETAIN|FLAG_OUTS), R10
	JZ    completed

	TESTL $FLAG_RESULT, R10
	JZ    retain
	MOVL  REC_RESULT_SIZE(BX), CX
	MOVL  REC_IMAGE_SIZE(BX), SI
	ADDQ  SP, SI
	MOVL  REC_RESULT_OFF(BX), DI
	ADDQ  BX, DI

copyout:
	MOVQ  0(SI), AX
	MOVQ  AX, 0(DI)
	ADDQ  $8, SI
	ADDQ  $8, DI
	SUBL  $8, CX
	JNZ   copyout

retain:
	TESTL $FLAG_RETAIN, R10
	JZ    outs
	MOVQ  REC_INT(BX), DI
	CALL  retain<>(SB)
	CALL  refresh<>(SB)

outs:
	MOVL  REC_FLAGS(BX), R10
	TESTL $FLAG_OUTS, R10
	JZ    completed
	MOVL  REC_OUTS(BX), AX
	MOVQ  AX, OUT_LEFT
	MOVL  REC_OUT_OFF(BX), AX
	MOVQ  AX, OUT_AT

out:
	MOVQ  OUT_AT, AX
	MOVQ  (BX)(AX*1), DI
	MOVQ  0(DI), DI
	CALL  retain<>(SB)
	CALL  refresh<>(SB)
	ADDQ  $8, OUT_AT
	SUBQ  $1, OUT_LEFT
	JNZ   out

completed:
	ADDQ  $1, BLOCK_COUNT(R12)
	MOVL  0(BX), AX
	ADDQ  AX, R13
	LEAQ  -(FRAME+40)(BP), SP
	JMP   next

done:
	LEAQ  -(FRAME+40)(BP), SP
	TESTL $BLOCK_POOL, R14
	JZ    return
	MOVQ  POOL, DI
	MOVQ  ·table+TAB_POP_ARG1(SB), SI
	MOVQ  ·table+TAB_POP(SB), AX
	CALL  AX

return:
	XORL  AX, AX
	LEAQ  -40(BP), SP
	POPQ  R15
	POPQ  R14
	POPQ  R13
	POPQ  R12
	POPQ  BX
	POPQ  BP
	RET

// refresh finds the block and the record again after a call: a block on a
// goroutine's stack moves when a callback makes the stack grow. It clobbers AX
// and CX only.
TEXT refresh<>(SB), NOSPLIT|NOFRAME, $0
	TESTL $BLOCK_ON_STACK, R14
	JZ    same
	CALL  _cgo_topofstack(SB)
	SUBQ  R15, AX
	MOVQ  AX, R12

same:
	LEAQ  (R12)(R13*1), BX
	RET

// retain retains the object in DI, nil or not. It is called with the stack
// aligned before its return address was pushed.
TEXT retain<>(SB), NOSPLIT|NOFRAME, $0
	TESTQ DI, DI
	JZ    nothing
	MOVQ  ·table+TAB_RETAIN(SB), AX
	TESTQ AX, AX
	JZ    message
	JMP   AX

message:
	SUBQ  $24, SP
	MOVQ  DI, 0(SP)
	MOVQ  ·table+TAB_SEL_RETAIN(SB), SI
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  0(SP), DI
	MOVQ  ·table+TAB_SEL_RETAIN(SB), SI
	ADDQ  $24, SP
	JMP   AX

nothing:
	RET
