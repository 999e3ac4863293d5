//go:build (darwin && !embedded) || (linux && objcnative)

#include "textflag.h"

// Offsets in blocks and records; see package abi.
#define BLOCK_END 8
#define BLOCK_STOP 16
#define BLOCK_SIZE 32

#define REC_SIZE 2
#define REC_SOURCE 4
#define REC_FN 8
#define REC_CLASS 16
#define REC_INT 24
#define REC_INTS 32
#define REC_PLAIN 80

#define REC_STACK 80
#define REC_IMAGE_SIZE 84
#define REC_PATCHES 88
#define REC_PATCH_OFF 92
#define REC_IMAGE_OFF 96
#define REC_RESULT_SIZE 100
#define REC_RESULT_OFF 104
#define REC_OUTS 108
#define REC_OUT_OFF 112
#define REC_INT1 120
#define REC_FLOAT 128
#define REC_FLOATS 168

#define BLOCK_POOL 1
#define FLAG_LOOKUP 1
#define FLAG_CACHED 2
#define FLAG_SOURCE 4
#define FLAG_SELF1 8
#define FLAG_RETAIN 16
#define FLAG_AUTORELEASE 32
#define FLAG_GENERAL 128
#define FLAG_FLOATS 256
#define FLAG_PATCHED 512
#define FLAG_RESULT 1024
#define FLAG_OUTS 2048
#define FLAG_IMAGE 4096
#define FLAGS 0xffff

// The table of functions, by index.
#define TAB_LOOKUP 0
#define TAB_RETAIN 8
#define TAB_AUTORELEASE 16
#define TAB_PUSH 24
#define TAB_POP 32
#define TAB_PUSH_ARG0 40
#define TAB_PUSH_ARG1 48
#define TAB_POP_ARG1 56
#define TAB_SEL_RETAIN 64
#define TAB_SEL_AUTORELEASE 72

DATA ·runABI0(SB)/8, $run<>(SB)
GLOBL ·runABI0(SB), NOPTR|RODATA, $8
DATA ·oneABI0(SB)/8, $one<>(SB)
GLOBL ·oneABI0(SB), NOPTR|RODATA, $8
DATA ·postABI0(SB)/8, $post<>(SB)
GLOBL ·postABI0(SB), NOPTR|RODATA, $8
DATA ·post6ABI0(SB)/8, $post6<>(SB)
GLOBL ·post6ABI0(SB), NOPTR|RODATA, $8
DATA ·askABI0(SB)/8, $ask<>(SB)
GLOBL ·askABI0(SB), NOPTR|RODATA, $8
DATA ·post3x3ABI0(SB)/8, $post3x3<>(SB)
GLOBL ·post3x3ABI0(SB), NOPTR|RODATA, $8

// All of this follows the System V ABI and runs on the system stack. It uses
// registers that calls preserve in one way throughout:
//
//	BX   the record
//	R12  the block
//	R13  the end of the block
//	R14  flags of the block
//	R15  how far the block is below the top of the goroutine's stack; 0: not on it

// Locals of run and one, below five saved registers.
#define POOL -48(BP)
#define SAVED -56(BP)
#define LAST_CLASS -64(BP)
#define LAST_SEL -72(BP)
#define LAST_FN -80(BP)
#define FRAME 40

#define PROLOGUE \
	PUSHQ BP           \
	MOVQ  SP, BP       \
	PUSHQ BX           \
	PUSHQ R12          \
	PUSHQ R13          \
	PUSHQ R14          \
	PUSHQ R15          \
	SUBQ  $FRAME, SP   \
	MOVQ  DI, R12      \
	MOVQ  0(R12), R14

#define EPILOGUE \
	ADDQ  $FRAME, SP   \
	POPQ  R15          \
	POPQ  R14          \
	POPQ  R13          \
	POPQ  R12          \
	POPQ  BX           \
	POPQ  BP

// The registers of a plain record but the first; no vector registers.
#define INTEGERS \
	MOVQ  REC_INTS+8(BX), SI   \
	MOVQ  REC_INTS+16(BX), DX  \
	MOVQ  REC_INTS+24(BX), CX  \
	MOVQ  REC_INTS+32(BX), R8  \
	MOVQ  REC_INTS+40(BX), R9  \
	XORL  AX, AX

// SOURCED sets DI to the receiver, the result of another record; nil stops the list.
#define SOURCED \
	MOVL  REC_SOURCE(BX), AX   \
	MOVQ  (R12)(AX*1), DI      \
	TESTQ DI, DI               \
	JZ    done

// KNOWN leaves a receiver of another class than the method was found for to others.
#define KNOWN \
	MOVQ  0(DI), AX            \
	CMPQ  AX, REC_CLASS(BX)    \
	JNE   other

#define PUSHPOOL \
	MOVQ  ·table+TAB_PUSH_ARG0(SB), DI \
	MOVQ  ·table+TAB_PUSH_ARG1(SB), SI \
	MOVQ  ·table+TAB_PUSH(SB), AX      \
	CALL  AX                           \
	MOVQ  AX, POOL

#define POPPOOL \
	MOVQ  POOL, DI                     \
	MOVQ  ·table+TAB_POP_ARG1(SB), SI  \
	MOVQ  ·table+TAB_POP(SB), AX       \
	CALL  AX

// run is a C function: it runs the block in DI, the records of a list, which is
// not on a goroutine's stack.
TEXT run<>(SB), NOSPLIT|NOFRAME, $0
	PROLOGUE
	XORL  R15, R15
	MOVQ  R15, LAST_CLASS
	LEAQ  BLOCK_SIZE(R12), BX
	MOVQ  BLOCK_END(R12), R13
	ADDQ  R12, R13
	TESTL $BLOCK_POOL, R14
	JZ    next
	PUSHPOOL

next:
	CMPQ  BX, R13
	JAE   done

	// A record without flags is loads and a call. Nothing else is in this loop: it
	// is the speed of replay.
	PCALIGN $64
plain:
	TESTL $FLAGS, 0(BX)
	JNZ   special
	MOVQ  REC_INTS+0(BX), DI
	INTEGERS
	CALL  REC_FN(BX)
	MOVQ  AX, REC_INT(BX)
	ADDQ  $REC_PLAIN, BX
	CMPQ  BX, R13
	JB    plain
	JMP   done

	// Neither is there in this one, of records whose receiver is the result of
	// another: of the class that the method was found for, or for objc_msgSend
	// to find out.
	PCALIGN $64
sourced:
	MOVWLZX 0(BX), R10
	CMPL  R10, $FLAG_SOURCE
	JEQ   sent
	CMPL  R10, $(FLAG_SOURCE|FLAG_LOOKUP|FLAG_CACHED)
	JNE   stacked

bound:
	SOURCED
	KNOWN
	INTEGERS
	CALL  REC_FN(BX)
	MOVQ  AX, REC_INT(BX)
	ADDQ  $REC_PLAIN, BX
	CMPQ  BX, R13
	JB    sourced
	JMP   done

sent:
	SOURCED
	INTEGERS
	CALL  REC_FN(BX)
	MOVQ  AX, REC_INT(BX)
	ADDQ  $REC_PLAIN, BX
	CMPQ  BX, R13
	JB    sourced
	JMP   done

	// And structs on the stack, as dispatches have them, are copied there.
stacked:
	CMPL  R10, $(FLAG_SOURCE|FLAG_LOOKUP|FLAG_CACHED|FLAG_GENERAL|FLAG_IMAGE)
	JNE   plain
	SOURCED
	KNOWN
	MOVL  REC_IMAGE_SIZE(BX), CX // a multiple of 16
	MOVL  REC_IMAGE_OFF(BX), SI
	ADDQ  BX, SI
	SUBQ  CX, SP

copyimage:
	SUBL   $16, CX
	MOVUPS (SI)(CX*1), X0
	MOVUPS X0, (SP)(CX*1)
	JNZ    copyimage
	INTEGERS
	CALL  REC_FN(BX)
	MOVL  REC_IMAGE_SIZE(BX), CX
	ADDQ  CX, SP
	MOVQ  AX, REC_INT(BX)
	MOVQ  DX, REC_INT1(BX)
	MOVSD X0, REC_FLOAT(BX)
	MOVSD X1, REC_FLOAT+8(BX)
	MOVWLZX REC_SIZE(BX), AX
	ADDQ  AX, BX
	CMPQ  BX, R13
	JB    sourced
	JMP   done

	// The loop of a list that runs for the first time. Messages of one selector to
	// one class that follow each other are looked up once.
	PCALIGN $64
unbound:
	MOVQ  REC_INTS+0(BX), DI
	MOVQ  REC_INTS+8(BX), SI
	MOVQ  LAST_FN, R11
	MOVQ  0(DI), AX
	CMPQ  AX, LAST_CLASS
	JNE   find
	CMPQ  SI, LAST_SEL
	JNE   find

found:
	INTEGERS
	CALL  R11
	MOVQ  AX, REC_INT(BX)
	ADDQ  $REC_PLAIN, BX
	CMPQ  BX, R13
	JAE   done

special:
	MOVWLZX 0(BX), R10
	CMPL  R10, $FLAG_LOOKUP
	JEQ   unbound
	TESTL R10, R10
	JZ    plain
	CMPL  R10, $FLAG_SOURCE
	JEQ   sent
	CMPL  R10, $(FLAG_SOURCE|FLAG_LOOKUP|FLAG_CACHED)
	JEQ   bound
	JMP   other

find:
	MOVQ  AX, LAST_CLASS
	MOVQ  SI, LAST_SEL
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  AX, LAST_FN
	MOVQ  AX, R11
	MOVQ  REC_INTS+0(BX), DI
	JMP   found

other:
	// The receiver: DI. Nil stops the list.
	TESTL $FLAG_SOURCE, R10
	JZ    recorded
	MOVL  REC_SOURCE(BX), AX
	MOVQ  (R12)(AX*1), DI
	TESTL $FLAG_SELF1, R10
	JNZ   second
	MOVQ  DI, REC_INTS(BX)
	JMP   receiver

second:
	MOVQ  DI, REC_INTS+8(BX)
	JMP   receiver

recorded:
	MOVQ  REC_INTS(BX), DI
	TESTL $FLAG_SELF1, R10
	JZ    receiver
	MOVQ  REC_INTS+8(BX), DI

receiver:
	TESTQ DI, DI
	JZ    done

	// Its method: R11. What was found for a class is good for it again.
	MOVQ  REC_FN(BX), R11
	TESTL $FLAG_LOOKUP, R10
	JZ    method
	MOVQ  0(DI), AX
	TESTL $FLAG_CACHED, R10
	JZ    lookup
	CMPQ  AX, REC_CLASS(BX)
	JEQ   method
	JMP   search

lookup:
	MOVQ  AX, REC_CLASS(BX)

search:
	CALL  lookup<>(SB)
	MOVWLZX 0(BX), R10

method:
	TESTL $FLAG_GENERAL, R10
	JNZ   general
	MOVQ  REC_INTS+0(BX), DI
	INTEGERS
	CALL  R11
	MOVQ  AX, REC_INT(BX)
	JMP   ran

general:
	CALL  general<>(SB)
	TESTL AX, AX
	JZ    done

ran:
	MOVWLZX 0(BX), R10
	TESTL $(FLAG_RETAIN|FLAG_AUTORELEASE), R10
	JZ    advance
	MOVQ  REC_INT(BX), DI
	TESTL $FLAG_RETAIN, R10
	JZ    autorelease
	CALL  retain<>(SB)
	JMP   advance

autorelease:
	CALL  autorelease<>(SB)

advance:
	MOVWLZX REC_SIZE(BX), AX
	ADDQ  AX, BX
	CMPQ  BX, R13
	JB    plain

done:
	SUBQ  R12, BX
	MOVQ  BX, BLOCK_STOP(R12)
	TESTL $BLOCK_POOL, R14
	JZ    return
	POPPOOL

return:
	XORL  AX, AX
	EPILOGUE
	RET

// one is a C function: it runs the block in DI, one record on the goroutine's
// stack, which a callback may move. What it needs later it keeps on the C stack.
TEXT one<>(SB), NOSPLIT|NOFRAME, $0
	PROLOGUE
	CALL  _cgo_topofstack(SB)
	SUBQ  R12, AX
	MOVQ  AX, R15
	LEAQ  BLOCK_SIZE(R12), BX
	TESTL $BLOCK_POOL, R14
	JZ    pushed
	PUSHPOOL
	CALL  refresh<>(SB)

pushed:
	MOVWLZX 0(BX), R10
	MOVQ  REC_FN(BX), R11
	TESTL $FLAG_LOOKUP, R10
	JZ    method
	CALL  lookup<>(SB)
	CALL  refresh<>(SB)
	MOVWLZX 0(BX), R10

method:
	TESTL $FLAG_GENERAL, R10
	JNZ   general
	MOVQ  REC_INTS+0(BX), DI
	INTEGERS
	CALL  R11
	MOVQ  AX, SAVED
	CALL  refresh<>(SB)
	MOVQ  SAVED, AX
	MOVQ  AX, REC_INT(BX)
	JMP   ran

general:
	CALL  general<>(SB)

ran:
	TESTL $BLOCK_POOL, R14
	JZ    return
	MOVWLZX 0(BX), R10
	TESTL $FLAG_RETAIN, R10
	JZ    pop
	MOVQ  REC_INT(BX), DI
	CALL  retain<>(SB)

pop:
	POPPOOL

return:
	XORL  AX, AX
	EPILOGUE
	RET

// Offsets in a message: see type envelope.
#define MSG_SELF 0
#define MSG_SEL 8
#define MSG_A 16
#define MSG_B 24
#define MSG_C 32
#define MSG_D 40
#define MSG_E 48
#define MSG_FN 64
#define MSG_RESULT 72
#define MSG_FLOAT 80

// ADDRESS loads the registers of the message at DI.
#define ADDRESS \
	MOVQ  MSG_SEL(DI), SI   \
	MOVQ  MSG_A(DI), DX     \
	MOVQ  MSG_B(DI), CX     \
	MOVQ  MSG_C(DI), R8     \
	MOVQ  MSG_D(DI), R9     \
	MOVQ  MSG_SELF(DI), DI

// SEARCH looks up the method of the message at DI, R11, and loads the message's
// registers, from a copy in the 48 bytes at an offset from SP: a lookup may run
// code that moves the goroutine's stack, and with it the message.
#define SEARCH(at) \
	MOVUPS MSG_SELF(DI), X0 \
	MOVUPS MSG_A(DI), X1    \
	MOVUPS MSG_C(DI), X2    \
	MOVUPS X0, (at+0)(SP)   \
	MOVUPS X1, (at+16)(SP)  \
	MOVUPS X2, (at+32)(SP)  \
	MOVQ  MSG_SEL(DI), SI   \
	MOVQ  MSG_SELF(DI), DI  \
	MOVQ  ·table+TAB_LOOKUP(SB), AX \
	CALL  AX                \
	MOVQ  AX, R11           \
	MOVQ  (at+0)(SP), DI    \
	MOVQ  (at+8)(SP), SI    \
	MOVQ  (at+16)(SP), DX   \
	MOVQ  (at+24)(SP), CX   \
	MOVQ  (at+32)(SP), R8   \
	MOVQ  (at+40)(SP), R9

// post is a C function: it sends the message in DI, which has no result and at
// most four words. It does not look at the message again: nothing is left to
// do after the method, which returns to post's caller.
TEXT post<>(SB), NOSPLIT|NOFRAME, $0
	MOVQ  ·msgSend(SB), R11
	TESTQ R11, R11
	JZ    search
	ADDRESS
	XORL  AX, AX
	JMP   R11

	// As SEARCH, but in registers that calls preserve: a nanosecond less.
search:
	PUSHQ BX
	PUSHQ R12
	PUSHQ R13
	PUSHQ R14
	PUSHQ R15
	PUSHQ MSG_SEL(DI)
	SUBQ  $8, SP
	MOVQ  MSG_SEL(DI), SI
	MOVQ  MSG_A(DI), R12
	MOVQ  MSG_B(DI), R13
	MOVQ  MSG_C(DI), R14
	MOVQ  MSG_D(DI), R15
	MOVQ  MSG_SELF(DI), BX
	MOVQ  BX, DI
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  AX, R11
	MOVQ  BX, DI
	MOVQ  R12, DX
	MOVQ  R13, CX
	MOVQ  R14, R8
	MOVQ  R15, R9
	ADDQ  $8, SP
	POPQ  SI
	POPQ  R15
	POPQ  R14
	POPQ  R13
	POPQ  R12
	POPQ  BX
	XORL  AX, AX
	JMP   R11

// post6 is post for up to six words: the fifth and sixth are on the stack.
TEXT post6<>(SB), NOSPLIT|NOFRAME, $0
	SUBQ  $72, SP
	MOVUPS MSG_E(DI), X0
	MOVUPS X0, 0(SP)
	MOVQ  ·msgSend(SB), R11
	TESTQ R11, R11
	JZ    search
	ADDRESS
	JMP   call

search:
	SEARCH(16)

call:
	XORL  AX, AX
	CALL  R11
	ADDQ  $72, SP
	RET

// post3x3 is a C function: it sends the message in DI, whose words are two
// structs of three words: they are on the stack.
TEXT post3x3<>(SB), NOSPLIT|NOFRAME, $0
	SUBQ  $72, SP
	MOVUPS MSG_A(DI), X0
	MOVUPS MSG_C(DI), X1
	MOVUPS MSG_E(DI), X2
	MOVUPS X0, 0(SP)
	MOVUPS X1, 16(SP)
	MOVUPS X2, 32(SP)
	MOVQ  MSG_SEL(DI), SI
	MOVQ  MSG_SELF(DI), DI
	MOVQ  ·msgSend(SB), R11
	TESTQ R11, R11
	JNZ   call
	MOVQ  DI, 48(SP)
	MOVQ  SI, 56(SP)
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  AX, R11
	MOVQ  48(SP), DI
	MOVQ  56(SP), SI

call:
	XORL  AX, AX
	CALL  R11
	ADDQ  $72, SP
	RET

// ask is a C function: it sends the message in DI, which may move meanwhile, and
// stores the result there. A method that takes fewer than six words does not
// look at the stack.
TEXT ask<>(SB), NOSPLIT|NOFRAME, $0
	PUSHQ R15
	SUBQ  $64, SP
	CALL  _cgo_topofstack(SB) // clobbers AX and CX only
	MOVQ  AX, R15
	SUBQ  DI, R15
	MOVUPS MSG_E(DI), X0
	MOVUPS X0, 0(SP)
	MOVQ  MSG_FN(DI), R11
	TESTQ R11, R11
	JZ    search
	ADDRESS
	JMP   call

search:
	SEARCH(16)

call:
	XORL  AX, AX
	CALL  R11
	MOVQ  AX, DX
	CALL  _cgo_topofstack(SB)
	SUBQ  R15, AX
	MOVQ  DX, MSG_RESULT(AX)
	MOVSD X0, MSG_FLOAT(AX)
	ADDQ  $64, SP
	POPQ  R15
	RET

// lookup finds the method of the record's message: R11.
TEXT lookup<>(SB), NOSPLIT|NOFRAME, $0
	SUBQ  $8, SP
	MOVQ  REC_INTS(BX), DI
	MOVQ  REC_INTS+8(BX), SI
	TESTL $FLAG_SELF1, 0(BX)
	JZ    found
	MOVQ  SI, DI
	MOVQ  REC_INTS+16(BX), SI

found:
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  AX, R11
	ADDQ  $8, SP
	RET

// Locals of general.
#define RESULT_AX -8(BP)
#define OUT_LEFT -16(BP)
#define OUT_AT -24(BP)

// general runs a record with floats, stack arguments, patches, or a result that
// is no word, through the function in R11. It leaves 0 in AX when an object
// argument is nil, which stops the list, else 1.
TEXT general<>(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BP
	MOVQ  SP, BP
	SUBQ  $32, SP
	MOVL  REC_STACK(BX), AX
	SUBQ  AX, SP
	MOVWLZX 0(BX), R10

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
	JZ    stop
	JMP   patchstore

patchstack:
	ADDQ  SP, DI

patchstore:
	MOVQ  DI, (BX)(SI*1)
	ADDQ  $16, DX
	SUBL  $1, CX
	JNZ   patch

patched:
	// The room for an indirect result is zeroed: nil leaves it untouched. It
	// follows the image.
	TESTL $FLAG_RESULT, R10
	JZ    image
	MOVL  REC_RESULT_SIZE(BX), CX
	MOVL  REC_IMAGE_SIZE(BX), DI
	ADDQ  SP, DI

zero:
	MOVQ  $0, 0(DI)
	ADDQ  $8, DI
	SUBL  $8, CX
	JNZ   zero

image:
	TESTL $FLAG_IMAGE, R10
	JZ    registers
	MOVL  REC_IMAGE_SIZE(BX), CX // a multiple of 16
	MOVL  REC_IMAGE_OFF(BX), SI
	ADDQ  BX, SI
	MOVQ  SP, DI

copyin:
	MOVUPS 0(SI), X0
	MOVUPS X0, 0(DI)
	ADDQ  $16, SI
	ADDQ  $16, DI
	SUBL  $16, CX
	JNZ   copyin

registers:
	XORL  AX, AX // how many vector registers a variadic function looks at
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
	MOVQ  AX, RESULT_AX
	CALL  refresh<>(SB)
	MOVQ  RESULT_AX, AX
	MOVQ  AX, REC_INT(BX)
	MOVQ  DX, REC_INT1(BX)
	MOVSD X0, REC_FLOAT(BX)
	MOVSD X1, REC_FLOAT+8(BX)
	TESTL $(FLAG_RESULT|FLAG_OUTS), 0(BX)
	JZ    completed

	TESTL $FLAG_RESULT, 0(BX)
	JZ    outs
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

outs:
	TESTL $FLAG_OUTS, 0(BX)
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
	MOVL  $1, AX
	JMP   leave

stop:
	XORL  AX, AX

leave:
	MOVQ  BP, SP
	POPQ  BP
	RET

// refresh finds a block on a goroutine's stack again after a call, and its
// record. It clobbers AX and CX only.
TEXT refresh<>(SB), NOSPLIT|NOFRAME, $0
	TESTQ R15, R15
	JZ    same
	CALL  _cgo_topofstack(SB)
	SUBQ  R15, AX
	MOVQ  AX, R12
	LEAQ  BLOCK_SIZE(R12), BX

same:
	RET

// retain retains the object in DI, nil or not. Like any function it is called
// with the stack aligned.
TEXT retain<>(SB), NOSPLIT|NOFRAME, $0
	MOVQ  ·table+TAB_RETAIN(SB), R11
	MOVQ  ·table+TAB_SEL_RETAIN(SB), SI
	JMP   count<>(SB)

// autorelease gives the object in DI, nil or not, to the pool.
TEXT autorelease<>(SB), NOSPLIT|NOFRAME, $0
	MOVQ  ·table+TAB_AUTORELEASE(SB), R11
	MOVQ  ·table+TAB_SEL_AUTORELEASE(SB), SI
	JMP   count<>(SB)

// count calls the function in R11 with the object in DI or, where there is no
// such function, sends it the selector in SI.
TEXT count<>(SB), NOSPLIT|NOFRAME, $0
	TESTQ DI, DI
	JZ    nothing
	TESTQ R11, R11
	JZ    message
	JMP   R11

message:
	SUBQ  $24, SP
	MOVQ  DI, 0(SP)
	MOVQ  SI, 8(SP)
	MOVQ  ·table+TAB_LOOKUP(SB), AX
	CALL  AX
	MOVQ  0(SP), DI
	MOVQ  8(SP), SI
	ADDQ  $24, SP
	JMP   AX

nothing:
	RET
