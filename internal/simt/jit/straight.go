package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Where a whole group is one chunk, its barriers order nothing: what all threads
// do is done by one instruction after the other. Positions in the group are
// constants then, and so are conditions made of them,
//
//	if (i < half)
//		sum[i] += sum[i + half];
//
// so that the code is one straight line, for those vectors that have threads
// which do something. See words.go for what becomes of threadgroup memory.

// straightParts returns how many parts make a chunk of a whole group of a kernel
// with barriers; 0 if no number does.
func straightParts(f *ir.Func, isa ISA, ext Size) int {
	lanes := isa.backend().lanes()
	n := uint64(ext.X) * uint64(ext.Y) * uint64(ext.Z)
	files, fileOf := isa.backend().files()
	most := shape.MaxParts
	if len(files[fileOf[vector]].regs) < shape.MaxParts*3/2 {
		most = shape.MaxParts / 2
	}
	if n == 0 || n > uint64(most*lanes) || !waits(f.Body) {
		return 0
	}
	return max(minParts(f, lanes), 1<<bits.Len64((n-1)/uint64(lanes)))
}

// builtin returns a builtin that all groups of one extent have in common.
func (s Size) builtin(b ir.Builtin) (uint32, bool) {
	n := s.X * s.Y * s.Z
	switch b {
	case ir.ThreadsPerThreadgroupX:
		return s.X, true
	case ir.ThreadsPerThreadgroupY:
		return s.Y, true
	case ir.ThreadsPerThreadgroupZ:
		return s.Z, true
	case ir.SimdgroupsPerThreadgroup:
		return (n + ir.SimdLanes - 1) / ir.SimdLanes, true
	case ir.QuadgroupsPerThreadgroup:
		return (n + 3) / 4, true
	}
	return 0, false
}

// tail returns the masks of the threads that a group has, nil if those are all.
func (l *lower) tail() (act []vreg) {
	if l.geo.full {
		return nil
	}
	for p := range l.geo.u {
		n := min(max(l.geo.threads-p*l.geo.v, 0), l.geo.v)
		act = append(act, l.maskConst(1<<n-1))
	}
	return act
}

// straightPosition is position where all positions are known.
func (l *lower) straightPosition(d int, s shape.Shape) value {
	at := func(i int) uint64 {
		if i >= l.geo.threads {
			return 0
		}
		size := [3]int{int(l.geo.ext.X), int(l.geo.ext.Y), int(l.geo.ext.Z)}
		for k := range d {
			i /= size[k]
		}
		return uint64(i % size[d])
	}
	var x value
	for p := range l.geo.u {
		if s.Kind == shape.Varying {
			w := l.perLane()
			for i := range w {
				w[i] = at(p*l.geo.v + i)
			}
			x.v = append(x.v, l.constVec(w, 4))
			continue
		}
		x.g = append(x.g, l.imm(at(p*l.geo.v)))
		if !s.Each {
			break
		}
	}
	return x
}

// settledIf lowers an If of which it is known which threads take which arm.
func (l *lower) settledIf(in *ir.Instr) bool {
	if !l.straight || l.sh.Flow(in).Outward {
		return false
	}
	for _, v := range in.Outs {
		if l.sh.Values[v].Kind != shape.Varying {
			return false
		}
	}
	u := l.geo.u
	entry := l.act
	cond := l.room.lists.take(u)
	for p := range cond {
		cond[p] = l.vec(in.Args[0], p, 0)
		if _, ok := l.knownMask(cond[p]); !ok {
			return false
		}
	}
	var outs [2][][]vreg // by arm and result: a vector each part and half; nil if nobody takes the arm
	for arm, b := range in.Body {
		act := l.room.lists.take(u)
		some, all := false, true
		for p, m := range cond {
			if arm == 1 {
				m = l.maskOp(ir.OpNot, m)
			}
			if entry != nil {
				m = l.maskOp(ir.OpAnd, entry[p], m)
			}
			lanes, ok := l.knownMask(m)
			some = some || !ok || lanes != 0
			all = all && ok && lanes == l.allLanes()
			act[p] = m
		}
		if !some {
			continue
		}
		if l.act = act; all {
			l.act = nil
		}
		outs[arm] = make([][]vreg, len(in.Outs))
		l.scope(func() {
			last := l.block(b)
			for i, v := range last.Args {
				for p := range u {
					for h := range halves(l.f.TypeOf(v)) {
						outs[arm][i] = append(outs[arm][i], l.vec(v, p, h))
					}
				}
			}
		})
	}
	l.act = entry
	for i, v := range in.Outs {
		var x value
		a, b := outs[0], outs[1]
		switch {
		case a == nil && b == nil: // nobody wants it
			for range u * halves(l.f.TypeOf(v)) {
				x.v = append(x.v, l.nothing(l.f.TypeOf(v)))
			}
		case b == nil:
			x.v = a[i]
		case a == nil:
			x.v = b[i]
		default:
			x.v = l.merge(l.f.TypeOf(v), cond, a[i], b[i])
		}
		l.vals[v] = x
	}
	return true
}

// merge returns a where cond, which is known, else b, of all parts.
func (l *lower) merge(t ir.Type, cond, a, b []vreg) (r []vreg) {
	n := halves(t)
	for j := range a {
		m := cond[j/n]
		switch lanes, _ := l.knownMask(m); {
		case lanes == l.allLanes():
			r = append(r, a[j])
		case lanes == 0:
			r = append(r, b[j])
		case t == ir.Bool:
			r = append(r, l.blend(m, a[j], b[j]))
		default:
			r = append(r, l.selectHalf(t, j%n, m, a[j], b[j]))
		}
	}
	return r
}

// nothing is a value that no thread looks at.
func (l *lower) nothing(t ir.Type) vreg {
	if t == ir.Bool {
		return l.maskConst(0)
	}
	return l.splatConst(t, 0)
}
