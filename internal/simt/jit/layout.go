package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// The context is the memory that a run of code works with. Its words are set
// by the caller, before the run or for every group; the rest is the code's.
//
//	words      what code and caller tell each other, see the constants; builtins,
//	           memories, limits
//	tables     positions of the lanes in the group
//	registers  all of them, while the code has returned
//	cells      results of sites, and what code works in
//	slots      registers for which there was no room
//	arrays     values of all lanes, from region to region
const (
	wordResume  = 0  // where to go on
	wordFuel    = 8  // how much work until the next return
	wordSite    = 16 // why it has returned: a site's ID
	wordLanes   = 24 // threads of the group
	wordGroups  = 32 // groups to run in this row, besides the current one
	wordStepX   = 40 // what ThreadPositionInGridX grows by from group to group
	wordLane    = 48 // first lane of the chunk
	wordStride  = 56 // lanes that thread memory has room for
	wordShared  = 64 // where threadgroup memory is
	wordCleared = 72 // how many bytes of it every group finds clear, a multiple of 64
	wordReturn  = 80 // where a routine goes on
	wordBuiltin = 88
	wordMems    = wordBuiltin + 8*(int(ir.DispatchQuadgroupsPerThreadgroup)+1)
)

// maxLanes is how many lanes a group may have, and some to spare: tables and
// arrays are read in whole chunks.
const maxLanes = 1024 + 128

// layout tells where things are in the context.
type layout struct {
	words     int32
	limits    []limitAt
	resources []Resource
	mems      int
	cells     int // how many are used
	slots     int32
	arrays    int32 // bytes of arrays so far

	tableAt, regsAt, cellsAt, slotsAt int32
	saved                             [numClasses][32]int32 // where a register of a class is saved
}

type limitAt struct {
	limitKey
	off int32
}

// How many words there is room for, beside those above. A long kernel may want a limit
// for each of its accesses.
const (
	leastWords = 512
	maxWords   = 1 << 14
)

func newLayout(mems, instrs int) *layout {
	lay := &layout{mems: mems}
	lay.words = int32(wordMems + 8*mems)
	lay.tableAt = lay.words + int32(max(leastWords, min(instrs, maxWords)))*8
	lay.tableAt = (lay.tableAt + 63) &^ 63
	lay.regsAt = lay.tableAt + 3*maxLanes*4
	lay.cellsAt = lay.regsAt + 32*64 + 32*8 + 8*8
	return lay
}

// setRegisters gives the registers their places.
func (lay *layout) setRegisters(files []file, fileOf [numClasses]int) {
	at := lay.regsAt
	for _, c := range [...]class{vector, scalar, mask} {
		if c == mask && fileOf[mask] == fileOf[vector] {
			lay.saved[mask] = lay.saved[vector]
			continue
		}
		for _, r := range files[fileOf[c]].regs {
			lay.saved[c][r] = at
			if at += 8; c == vector {
				at += 64 - 8
			}
		}
	}
}

// word returns the place of a new word.
func (lay *layout) word() int32 {
	off := lay.words
	lay.words += 8
	if lay.words > lay.tableAt {
		panic(unsupported("too many memories and sizes of accesses"))
	}
	return off
}

func (lay *layout) mem(i int) int32            { return int32(wordMems + 8*i) }
func (lay *layout) builtin(b ir.Builtin) int32 { return int32(wordBuiltin + 8*int(b)) }
func (lay *layout) table(d int) int32          { return lay.tableAt + int32(d)*maxLanes*4 }
func (lay *layout) cell(i int) int32           { return lay.cellsAt + int32(i)*64 }

// arraysAt is where the arrays begin, once all slots are known.
func (lay *layout) arraysAt() int32 { return lay.slotsAt + lay.slots*64 }

// array returns the place of an array of size bytes a lane.
func (lay *layout) array(size int) int32 {
	off := lay.arrays
	lay.arrays += int32(size * maxLanes)
	return off
}
