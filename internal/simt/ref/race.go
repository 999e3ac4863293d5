package ref

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// Races runs f as [Run] does and counts the accesses to a byte that another
// thread accesses too, where at least one of them writes, not both are atomic, and
// no barrier is between them. What such a kernel leaves depends on the order of
// its threads.
func Races(f *ir.Func, l *simt.Launch) (int, *simt.Fault, error) {
	d := &raceDetector{bytes: map[uintptr]*visits{}}
	fault, err := run(f, l, d)
	return d.count, fault, err
}

type raceDetector struct {
	count int
	bytes map[uintptr]*visits
}

// visits are the last accesses to a byte: a write, and reads of two threads.
type visits struct{ write, read, otherRead visit }

// A visit is an access by a thread, after so many barriers of its threadgroup
// and of its SIMD group.
type visit struct {
	group    int // 0 is none
	thread   int
	barriers [2]int
	atomic   bool
}

// conflicts reports whether an earlier visit and a later one are not ordered.
// Memory of threadgroups is not shared between groups.
func (v visit) conflicts(w visit, shared bool) bool {
	switch {
	case v.group == 0 || v.group == w.group && v.thread == w.thread || v.atomic && w.atomic:
		return false
	case v.group != w.group:
		return !shared
	case v.barriers[0] != w.barriers[0]:
		return false
	}
	return v.thread/simt.SimdWidth != w.thread/simt.SimdWidth || v.barriers[1] == w.barriers[1]
}

// note records an access of t to the bytes at.
func (d *raceDetector) note(t *thread, at []byte, write, atomic, shared bool) {
	g := t.g
	me := visit{1 + int(g.pos.X+g.groups.X*(g.pos.Y+g.groups.Y*g.pos.Z)), t.index, t.barriers, atomic}
	for i := range at {
		p := uintptr(unsafe.Pointer(&at[i]))
		v := d.bytes[p]
		if v == nil {
			v = &visits{}
			d.bytes[p] = v
		}
		if v.write.conflicts(me, shared) || write && (v.read.conflicts(me, shared) || v.otherRead.conflicts(me, shared)) {
			d.count++
		}
		switch {
		case write:
			v.write = me
		case v.read.group != me.group || v.read.thread != me.thread:
			v.otherRead, v.read = v.read, me
		default:
			v.read = me
		}
	}
}
