package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Parts of a chunk hide from each other what operations take, and share loads and what
// is the same for all of them. But every part needs registers of its own.

const (
	// fewParts is how many parts hide what operations take. A kernel that does more than
	// longLine of them for each part has no more: what parts share counts for little then.
	fewParts = 4
	longLine = 64

	// crowded is how many vectors may want a register: a spilled one costs less than
	// what parts share, and less still than barriers where a group is one chunk only
	// with all its parts.
	crowded         = 3
	crowdedStraight = 2 * crowded
)

// partsFor returns how many parts, halved until they do, there are registers for in a
// kernel without loops; false if it has loops, whose spills tell.
func (l *lower) partsFor(registers int) (parts int, ok bool) {
	parts = l.geo.u
	crowd, work := l.crowd()
	crowded := crowded
	if l.straight {
		crowded = crowdedStraight
	} else if work > longLine {
		parts = min(parts, fewParts)
	}
	for parts > fewParts && parts*crowd > crowded*registers || parts > 1 && parts*crowd > fewParts*crowded*registers {
		parts /= 2
	}
	return parts, crowd > 0
}

// crowd returns how many vectors a part wants at a time, at most, in a kernel
// without loops, and how many operations are done for each part; 0 if there are some.
func (l *lower) crowd() (vectors, work int) {
	last, n, loops := l.room.numbers(len(l.f.Values)), int32(0), false
	l.f.Body.Walk(func(in *ir.Instr) bool {
		n++
		for _, v := range in.Args {
			last[v] = n
		}
		loops = loops || in.Op == ir.OpLoop
		return !loops
	})
	if loops {
		return 0, 0
	}
	ends := l.room.numbers(int(n) + 1) // how many end with an operation
	n = 0
	now, most := int32(0), int32(0)
	l.f.Body.Walk(func(in *ir.Instr) bool {
		n++
		now -= ends[n]
		begin := func(v ir.Value) {
			if v == ir.NoValue || l.sh.Values[v].Kind != shape.Varying {
				return
			}
			if !passes(in) {
				work++
			}
			if last[v] > n && l.f.TypeOf(v) != ir.Bool {
				ends[last[v]]++
				now++
			}
		}
		begin(in.Out)
		for _, v := range in.Outs {
			begin(v)
		}
		most = max(most, now)
		return true
	})
	return int(most), work
}
