package jit

import x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"

// Bundles of words with nothing between those of one lane and the next: there
// are instructions that load and store two to four registers so.
func (arm64) hasBundle(a *access, n int, masked bool) bool {
	if a.form != toStride || a.step*a.scale != int64(4*n) {
		return false
	}
	return !a.write || n != 3 && !masked
}

// bundle emits lBundle.
func (e *armEmitter) bundle(in *ins) {
	in.share()
	apart, back := e.NewLabel(), e.NewLabel()
	e.later(func() {
		e.Bind(apart)
		for _, m := range in.more.members {
			e.pinned = false
			e.access(m)
		}
		e.B(back)
	})
	for i, whole := range in.more.wholes {
		members := in.together(i)
		first := *members[0]
		first.a = whole
		e.rowPlace(&first, apart)
		for q := range whole.parts {
			p := x.X17
			if at := int64(whole.part[whole.first+q]) * whole.scale; at != 0 {
				p = x.X16
				e.plus(p, x.X17, at)
			}
			if whole.write {
				for j, m := range members {
					e.movV(spare(j), e.vec(m.s[m.a.val+q], j))
				}
				e.StoreMany(x.S4, spare(0), len(members), p)
				continue
			}
			e.loadMany(members, q, p)
		}
	}
	e.Bind(back)
}

// loadMany loads part q of the members of a bundle from the address in p: right
// where they are wanted, if that is one register after the other.
func (e *armEmitter) loadMany(members []*ins, q int, p x.Reg) {
	first := e.l.regs[members[0].d[q]].phys
	inOrder := first >= 0
	for j, m := range members {
		inOrder = inOrder && e.l.regs[m.d[q]].phys == first+int8(j)
	}
	if inOrder {
		e.LoadMany(x.S4, x.V(first), len(members), p)
		return
	}
	e.LoadMany(x.S4, spare(0), len(members), p)
	for j, m := range members {
		if v := m.d[q]; e.l.regs[v].phys >= 0 {
			e.MovV(e.dst(v), spare(j))
		} else {
			e.put(v, spare(j))
		}
	}
}
