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
#define REC_PLAIN 96

#define REC_STACK 96
#define REC_IMAGE_SIZE 100
#define REC_PATCHES 104
#define REC_PATCH_OFF 108
#define REC_IMAGE_OFF 112
#define REC_RESULT_SIZE 116
#define REC_RESULT_OFF 120
#define REC_OUTS 124
#define REC_OUT_OFF 128
#define REC_INT1 136
#define REC_FLOAT 144
#define REC_X8 176
#define REC_FLOATS 184

// Flags, and as numbers of bits.
#define FLAG_LOOKUP 1
#define FLAG_CACHED 2
#define FLAG_SOURCE 4
#define BIT_POOL $0
#define BIT_LOOKUP $0
#define BIT_CACHED $1
#define BIT_SOURCE $2
#define BIT_RETAIN $4
#define BIT_AUTORELEASE $5
#define BIT_GENERAL $7
#define BIT_FLOATS $8
#define BIT_PATCHED $9
#define BIT_RESULT $10
#define BIT_OUTS $11
#define BIT_IMAGE $12

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

// All of this follows the AAPCS, in the form both linux and darwin have, and runs
// on the system stack. It uses registers that calls preserve in one way
// throughout:
//
//	R19  the block
//	R20  the end of the block
//	R21  the record
//	R22  flags of the block
//	R23  how far the block is below the top of the goroutine's stack; 0: not on it
//	R24  flags of the record
//	R25  the function
//	R26  a return address in refresh
//
// R27 is the assembler's and preserved too. R29 is always a frame record.

// The frame of run and one, from R29 up.
#define FRAME 128
#define POOL 88
#define SAVED 96
#define LAST_CLASS 104 // and the selector
#define LAST_FN 120

#define PROLOGUE \
	SUB  $FRAME, RSP       \
	STP  (R29, R30), 0(RSP)   \
	STP  (R19, R20), 16(RSP)  \
	STP  (R21, R22), 32(RSP)  \
	STP  (R23, R24), 48(RSP)  \
	STP  (R25, R26), 64(RSP)  \
	MOVD R27, 80(RSP)         \
	MOVD RSP, R29             \
	MOVD R0, R19              \
	MOVD 0(R19), R22

#define EPILOGUE \
	MOVD 80(RSP), R27         \
	LDP  64(RSP), (R25, R26)  \
	LDP  48(RSP), (R23, R24)  \
	LDP  32(RSP), (R21, R22)  \
	LDP  16(RSP), (R19, R20)  \
	LDP  0(RSP), (R29, R30)   \
	ADD  $FRAME, RSP

#define PUSHPOOL \
	MOVD ·table+TAB_PUSH_ARG0(SB), R0 \
	MOVD ·table+TAB_PUSH_ARG1(SB), R1 \
	MOVD ·table+TAB_PUSH(SB), R16     \
	BL   (R16)                        \
	MOVD R0, POOL(R29)

#define POPPOOL \
	MOVD POOL(R29), R0                \
	MOVD ·table+TAB_POP_ARG1(SB), R1  \
	MOVD ·table+TAB_POP(SB), R16      \
	BL   (R16)

#define INTEGERS \
	LDP  REC_INTS+0(R21), (R0, R1)    \
	LDP  REC_INTS+16(R21), (R2, R3)   \
	LDP  REC_INTS+32(R21), (R4, R5)   \
	LDP  REC_INTS+48(R21), (R6, R7)

// run is a C function: it runs the block in R0, the records of a list, which is
// not on a goroutine's stack.
TEXT run<>(SB), NOSPLIT|NOFRAME, $0
	PROLOGUE
	MOVD $0, R23
	MOVD R23, LAST_CLASS(R29)
	ADD  $BLOCK_SIZE, R19, R21
	MOVD BLOCK_END(R19), R20
	ADD  R19, R20
	TBZ  BIT_POOL, R22, next
	PUSHPOOL

next:
	CMP  R20, R21
	BHS  done

	// A record without flags is loads and a call. Nothing else is in this loop: it
	// is the speed of replay.
	PCALIGN $32
plain:
	MOVHU 0(R21), R24
	CBNZ R24, special
	INTEGERS
	MOVD REC_FN(R21), R16
	BL   (R16)
	MOVD R0, REC_INT(R21)
	ADD  $REC_PLAIN, R21
	CMP  R20, R21
	BLO  plain
	B    done

	// Neither is there in this one, of records whose receiver is the result of
	// another: of the class that the method was found for, or for objc_msgSend
	// to find out.
	PCALIGN $32
sourced:
	MOVHU 0(R21), R24
	CMP  $FLAG_SOURCE, R24
	BEQ  sent
	CMP  $(FLAG_SOURCE|FLAG_LOOKUP|FLAG_CACHED), R24
	BNE  plain

bound:
	MOVWU REC_SOURCE(R21), R8
	MOVD (R19)(R8), R8
	CBZ  R8, done
	MOVD 0(R8), R9
	MOVD REC_CLASS(R21), R10
	CMP  R9, R10
	BNE  other
	INTEGERS
	MOVD R8, R0
	MOVD REC_FN(R21), R16
	BL   (R16)
	MOVD R0, REC_INT(R21)
	ADD  $REC_PLAIN, R21
	CMP  R20, R21
	BLO  sourced
	B    done

sent:
	MOVWU REC_SOURCE(R21), R8
	MOVD (R19)(R8), R8
	CBZ  R8, done
	INTEGERS
	MOVD R8, R0
	MOVD REC_FN(R21), R16
	BL   (R16)
	MOVD R0, REC_INT(R21)
	ADD  $REC_PLAIN, R21
	CMP  R20, R21
	BLO  sourced
	B    done

	// The loop of a list that runs for the first time. Messages of one selector to
	// one class that follow each other are looked up once.
	PCALIGN $32
unbound:
	LDP  REC_INTS(R21), (R0, R1)
	LDP  LAST_CLASS(R29), (R3, R4)
	MOVD LAST_FN(R29), R16
	MOVD 0(R0), R2
	CMP  R2, R3
	BNE  find
	CMP  R1, R4
	BNE  find

found:
	INTEGERS
	BL   (R16)
	MOVD R0, REC_INT(R21)
	ADD  $REC_PLAIN, R21
	CMP  R20, R21
	BHS  done
	MOVHU 0(R21), R24

special:
	CMP  $FLAG_LOOKUP, R24
	BEQ  unbound
	CBZ  R24, plain
	CMP  $FLAG_SOURCE, R24
	BEQ  sent
	CMP  $(FLAG_SOURCE|FLAG_LOOKUP|FLAG_CACHED), R24
	BEQ  bound
	B    other

find:
	STP  (R2, R1), LAST_CLASS(R29)
	MOVD ·table+TAB_LOOKUP(SB), R16
	BL   (R16)
	MOVD R0, LAST_FN(R29)
	MOVD R0, R16
	B    found

other:
	// The receiver: R0. Nil stops the list.
	TBZ  BIT_SOURCE, R24, recorded
	MOVWU REC_SOURCE(R21), R0
	MOVD (R19)(R0), R0
	MOVD R0, REC_INTS(R21)
	B    receiver

recorded:
	MOVD REC_INTS(R21), R0

receiver:
	CBZ  R0, done

	// Its method: R25. What was found for a class is good for it again.
	MOVD REC_FN(R21), R25
	TBZ  BIT_LOOKUP, R24, method
	MOVD 0(R0), R1
	TBZ  BIT_CACHED, R24, lookup
	MOVD REC_CLASS(R21), R2
	CMP  R1, R2
	BEQ  method
	B    search

lookup:
	MOVD R1, REC_CLASS(R21)

search:
	BL   lookup<>(SB)

method:
	TBNZ BIT_GENERAL, R24, general
	INTEGERS
	BL   (R25)
	MOVD R0, REC_INT(R21)
	B    ran

general:
	BL   general<>(SB)
	CBZ  R0, done

ran:
	TBNZ BIT_RETAIN, R24, retain
	TBZ  BIT_AUTORELEASE, R24, advance
	MOVD REC_INT(R21), R0
	BL   autorelease<>(SB)
	B    advance

retain:
	MOVD REC_INT(R21), R0
	BL   retain<>(SB)

advance:
	MOVHU REC_SIZE(R21), R0
	ADD  R0, R21
	CMP  R20, R21
	BLO  plain

done:
	SUB  R19, R21, R0
	MOVD R0, BLOCK_STOP(R19)
	TBZ  BIT_POOL, R22, return
	POPPOOL

return:
	MOVD $0, R0
	EPILOGUE
	RET

// one is a C function: it runs the block in R0, one record on the goroutine's
// stack, which a callback may move.
TEXT one<>(SB), NOSPLIT|NOFRAME, $0
	PROLOGUE
	BL   _cgo_topofstack(SB)
	SUB  R19, R0, R23
	ADD  $BLOCK_SIZE, R19, R21
	TBZ  BIT_POOL, R22, pushed
	PUSHPOOL
	BL   refresh<>(SB)

pushed:
	MOVHU 0(R21), R24
	MOVD REC_FN(R21), R25
	TBZ  BIT_LOOKUP, R24, method
	BL   lookup<>(SB)
	BL   refresh<>(SB)

method:
	TBNZ BIT_GENERAL, R24, general
	INTEGERS
	BL   (R25)
	MOVD R0, SAVED(R29)
	BL   refresh<>(SB)
	MOVD SAVED(R29), R0
	MOVD R0, REC_INT(R21)
	B    ran

general:
	BL   general<>(SB)

ran:
	TBZ  BIT_POOL, R22, return
	TBZ  BIT_RETAIN, R24, pop
	MOVD REC_INT(R21), R0
	BL   retain<>(SB)

pop:
	POPPOOL

return:
	MOVD $0, R0
	EPILOGUE
	RET

// Offsets in a message: see type envelope.
#define MSG_SELF 0
#define MSG_A 16
#define MSG_C 32
#define MSG_E 48
#define MSG_FN 64
#define MSG_RESULT 72
#define MSG_FLOAT 80

// ADDRESS loads the registers of the message at R0, of up to four words.
#define ADDRESS \
	LDP  MSG_A(R0), (R2, R3)    \
	LDP  MSG_C(R0), (R4, R5)    \
	LDP  MSG_SELF(R0), (R0, R1)

// post is a C function: it sends the message in R0, which has no result and at
// most four words. It does not look at the message again: nothing is left to
// do after the method, which returns to post's caller.
TEXT post<>(SB), NOSPLIT|NOFRAME, $0
	MOVD R27, R9
	MOVD ·msgSend(SB), R16
	MOVD R9, R27
	ADDRESS
	CBNZ R16, call
	B    search<>(SB)

call:
	B    (R16)

// post6 is post for up to six words.
TEXT post6<>(SB), NOSPLIT|NOFRAME, $0
	MOVD R27, R9
	MOVD ·msgSend(SB), R16
	MOVD R9, R27
	LDP  MSG_E(R0), (R6, R7)
	ADDRESS
	CBNZ R16, call
	B    search<>(SB)

call:
	B    (R16)

// ask is a C function: it sends the message in R0, which may move meanwhile, and
// stores the result there.
TEXT ask<>(SB), NOSPLIT|NOFRAME, $0
	SUB  $48, RSP
	STP  (R29, R30), 0(RSP)
	MOVD RSP, R29
	MOVD R19, 16(RSP)
	MOVD R0, 24(RSP)
	BL   _cgo_topofstack(SB)
	MOVD R0, R19
	MOVD 24(RSP), R0
	SUB  R0, R19
	MOVD MSG_FN(R0), R16
	LDP  MSG_E(R0), (R6, R7)
	ADDRESS
	CBNZ R16, call
	BL   search<>(SB)
	B    sent

call:
	BL   (R16)

sent:
	MOVD R0, 24(RSP)
	BL   _cgo_topofstack(SB)
	SUB  R19, R0
	MOVD 24(RSP), R1
	MOVD R1, MSG_RESULT(R0)
	FMOVD F0, MSG_FLOAT(R0)
	MOVD 16(RSP), R19
	LDP  0(RSP), (R29, R30)
	ADD  $48, RSP
	RET

// search looks up the method of a message in registers and calls it. It saves the
// registers itself: a lookup may run code that moves the goroutine's stack, and
// with it the message.
TEXT search<>(SB), NOSPLIT|NOFRAME, $0
	SUB  $96, RSP
	STP  (R29, R30), 0(RSP)
	MOVD RSP, R29
	STP  (R0, R1), 16(RSP)
	STP  (R2, R3), 32(RSP)
	STP  (R4, R5), 48(RSP)
	STP  (R6, R7), 64(RSP)
	MOVD R27, 80(RSP)
	MOVD ·table+TAB_LOOKUP(SB), R16
	BL   (R16)
	MOVD R0, R16
	MOVD 80(RSP), R27
	LDP  64(RSP), (R6, R7)
	LDP  48(RSP), (R4, R5)
	LDP  32(RSP), (R2, R3)
	LDP  16(RSP), (R0, R1)
	LDP  0(RSP), (R29, R30)
	ADD  $96, RSP
	B    (R16)

// post3x3 is a C function: it sends the message in R0, whose words are two
// structs of three words: their copies are on the stack, their addresses passed.
TEXT post3x3<>(SB), NOSPLIT|NOFRAME, $0
	SUB  $80, RSP
	STP  (R29, R30), 0(RSP)
	MOVD RSP, R29
	MOVD R27, 64(RSP)
	LDP  MSG_A(R0), (R1, R2)
	LDP  MSG_C(R0), (R3, R4)
	LDP  MSG_E(R0), (R5, R6)
	STP  (R1, R2), 16(RSP)
	STP  (R3, R4), 32(RSP)
	STP  (R5, R6), 48(RSP)
	MOVD ·msgSend(SB), R16
	MOVD 64(RSP), R27
	LDP  MSG_SELF(R0), (R0, R1)
	ADD  $16, RSP, R2
	ADD  $40, RSP, R3
	CBNZ R16, call
	BL   search<>(SB)
	B    sent

call:
	BL   (R16)

sent:
	LDP  0(RSP), (R29, R30)
	ADD  $80, RSP
	RET

// lookup finds the method of the record's message: R25.
TEXT lookup<>(SB), NOSPLIT|NOFRAME, $0
	SUB  $16, RSP
	STP  (R29, R30), 0(RSP)
	LDP  REC_INTS(R21), (R0, R1)
	MOVD ·table+TAB_LOOKUP(SB), R16
	BL   (R16)
	MOVD R0, R25
	LDP  0(RSP), (R29, R30)
	ADD  $16, RSP
	RET

// The frame of general, from R29 up. The stack of the call is below it.
#define GENERAL_FRAME 80
#define RESULT_R0 16
#define RESULT_F0 32
#define RESULT_F2 48
#define OUT_LEFT 64
#define OUT_AT 72

// general runs a record with floats, stack arguments, patches, or a result that
// is no word, through the function in R25. It leaves 0 in R0 when an object
// argument is nil, which stops the list, else 1.
TEXT general<>(SB), NOSPLIT|NOFRAME, $0
	SUB  $GENERAL_FRAME, RSP
	STP  (R29, R30), 0(RSP)
	MOVD RSP, R29
	MOVWU REC_STACK(R21), R0
	SUB  R0, R29, R1
	MOVD R1, RSP

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
	CBZ  R6, stop
	B    patchstore

patchstack:
	ADD  R1, R6, R6

patchstore:
	MOVD R6, (R21)(R5)
	ADD  $16, R3
	SUB  $1, R2
	CBNZ R2, patch

patched:
	// The room for an indirect result is zeroed: nil leaves it untouched. It
	// follows the image.
	TBZ  BIT_RESULT, R24, image
	MOVWU REC_RESULT_SIZE(R21), R2
	MOVWU REC_IMAGE_SIZE(R21), R3
	ADD  R1, R3, R3

zero:
	MOVD ZR, 0(R3)
	ADD  $8, R3
	SUB  $8, R2
	CBNZ R2, zero

image:
	TBZ  BIT_IMAGE, R24, registers
	MOVWU REC_IMAGE_SIZE(R21), R2 // a multiple of 16
	MOVWU REC_IMAGE_OFF(R21), R3
	ADD  R21, R3, R3

copyin:
	LDP.P 16(R3), (R4, R5)
	STP.P (R4, R5), 16(R1)
	SUB  $16, R2
	CBNZ R2, copyin

registers:
	TBZ  BIT_FLOATS, R24, integers
	FLDPD REC_FLOATS+0(R21), (F0, F1)
	FLDPD REC_FLOATS+16(R21), (F2, F3)
	FLDPD REC_FLOATS+32(R21), (F4, F5)
	FLDPD REC_FLOATS+48(R21), (F6, F7)

integers:
	INTEGERS
	MOVD REC_X8(R21), R8
	BL   (R25)
	STP  (R0, R1), RESULT_R0(R29)
	BL   refresh<>(SB)
	LDP  RESULT_R0(R29), (R0, R1)
	MOVD R0, REC_INT(R21)
	MOVD R1, REC_INT1(R21)
	FSTPD (F0, F1), REC_FLOAT(R21)
	FSTPD (F2, F3), REC_FLOAT+16(R21)

	TBZ  BIT_RESULT, R24, outs
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
	MOVD $1, R0
	B    leave

stop:
	MOVD $0, R0

leave:
	MOVD R29, R1
	MOVD R1, RSP
	LDP  0(RSP), (R29, R30)
	ADD  $GENERAL_FRAME, RSP
	RET

// refresh finds a block on a goroutine's stack again after a call, and its
// record. It clobbers R0, R26 and what _cgo_topofstack does, which is no register
// of a result but R0.
TEXT refresh<>(SB), NOSPLIT|NOFRAME, $0
	CBZ  R23, same
	MOVD R30, R26
	BL   _cgo_topofstack(SB)
	MOVD R26, R30
	SUB  R23, R0, R19
	ADD  $BLOCK_SIZE, R19, R21

same:
	RET

// retain retains the object in R0, nil or not.
TEXT retain<>(SB), NOSPLIT|NOFRAME, $0
	MOVD ·table+TAB_RETAIN(SB), R16
	MOVD ·table+TAB_SEL_RETAIN(SB), R1
	B    count<>(SB)

// autorelease gives the object in R0, nil or not, to the pool.
TEXT autorelease<>(SB), NOSPLIT|NOFRAME, $0
	MOVD ·table+TAB_AUTORELEASE(SB), R16
	MOVD ·table+TAB_SEL_AUTORELEASE(SB), R1
	B    count<>(SB)

// count calls the function in R16 with the object in R0 or, where there is no
// such function, sends it the selector in R1.
TEXT count<>(SB), NOSPLIT|NOFRAME, $0
	CBZ  R0, nothing
	CBZ  R16, message
	B    (R16)

message:
	SUB  $32, RSP
	STP  (R29, R30), 0(RSP)
	STP  (R0, R1), 16(RSP)
	MOVD ·table+TAB_LOOKUP(SB), R16
	BL   (R16)
	MOVD R0, R16
	LDP  16(RSP), (R0, R1)
	LDP  0(RSP), (R29, R30)
	ADD  $32, RSP
	B    (R16)

nothing:
	RET
