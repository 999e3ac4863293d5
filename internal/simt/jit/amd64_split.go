package jit

import x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"

// splitAccess emits an access at the index of a split: rows if it turns out that they
// are some, else permutations of two rows each, where the limit, which holds the look
// at the comb, allows it.
func (e *emitter) splitAccess(in *ins, slow, back x.Label) {
	a, v := in.a, int64(e.l.geo.v)
	parts := make([]x.Label, a.parts)
	for q := range parts {
		parts[q] = e.NewLabel()
	}
	plain := e.g(in.s[a.plain], x.AX)
	e.Test(32, plain, plain)
	e.Jcc(x.E, parts[0])
	one := func(q int) *ins {
		part, own := *in, *a
		if part.a = &own; a.add >= 0 {
			own.add += q
		}
		return &part
	}
	for q, apart := range parts {
		e.move(x.AX, in.s[a.leaf+q])
		m := e.rowAt(one(q), a.each, v-1, apart)
		if a.write {
			e.storeRow(in, m, q, 0, in.s[a.val+q])
		} else {
			e.loadRow(in.d[q], a.t, m)
		}
	}
	e.Jmp(back)
	for q, label := range parts {
		e.Bind(label)
		far, next := e.NewLabel(), e.NewLabel()
		e.move(x.AX, in.s[a.leaf+q])
		m := e.rowAt(one(q), a.beside, 2*v-1, far)
		if a.write {
			e.splitStore(in, q, m)
		} else {
			e.splitLoad(in, q, m)
		}
		e.Bind(next)
		e.later(func() {
			e.Bind(far)
			e.splitFar(one(q), q, slow)
			e.Jmp(next)
		})
	}
	e.Bind(back)
}

// splitFar emits the access of part q whose lanes are anywhere.
func (e *emitter) splitFar(in *ins, q int, slow x.Label) {
	a, leaf := in.a, e.load[1]
	leaves := func() {
		e.splat32(leaf, e.g(in.s[a.leaf+q], x.AX))
		e.v3(&x.VPADDD, leaf, leaf, e.rm(in.s[a.lanes]))
	}
	leaves()
	if a.write && !e.evex {
		e.walk(in, q, leaf, slow)
		return
	}
	walk, done := e.NewLabel(), e.NewLabel()
	m, index := e.laneIndices(in, leaf, q, walk)
	e.gather(in, q, index, m)
	e.later(func() {
		e.Bind(walk)
		leaves()
		e.walk(in, q, leaf, slow)
		e.Jmp(done)
	})
	e.Bind(done)
}

// splitLoad emits a load of part q in two rows, the first of which is at m.
func (e *emitter) splitLoad(in *ins, q int, m x.Mem) {
	a := in.a
	d, lanes := e.dst(in.d[q]), e.vec(in.s[a.lanes], 1)
	second := m.Add(int32(e.len.Bytes()))
	if e.evex {
		e.loadV(d, m)
		e.V(&x.VPERMT2D, e.mode(), d, lanes, x.M(second), 0)
	} else {
		from := e.tmp[0]
		e.v3(&x.VPERMD, from, lanes, x.M(m))
		e.v3(&x.VPERMD, e.tmp[1], lanes, x.M(second))
		e.V(&x.VPSLLDI, e.mode(), e.tmp[2], 0, x.X(lanes), 28) // the bit that tells which, to the sign
		e.V(&x.VBLENDVPS, e.mode(), d, from, x.X(e.tmp[1]), e.tmp[2]<<4)
	}
	e.put(in.d[q], d)
}

// splitStore emits a store of part q to two rows, the first of which is at m.
func (e *emitter) splitStore(in *ins, q int, m x.Mem) {
	a := in.a
	e.Lea(64, x.CX, m)
	val, act := e.vec(in.s[a.val+q], 0), e.tmp[0]
	switch {
	case a.act < 0:
	case e.evex:
		e.V(&x.VMOVUPS, e.zeroing(e.maskIn(in.s[a.act+q], k6)), act, 0, x.M(e.all(1<<32-1)), 0)
	default:
		act = e.vec(in.s[a.act+q], 2)
	}
	done := e.NewLabel()
	for r := range 2 {
		to := x.At(x.CX, int32(r*e.len.Bytes()))
		from, word := e.vec(in.s[a.from+r], 1), e.tmp[1]
		if !e.evex {
			on := e.tmp[2]
			e.v3(&x.VPCMPGTD, on, from, x.M(e.all(1<<32-1)))
			if r == 1 {
				e.v2(&x.VPTEST, on, x.X(on))
				e.Jcc(x.E, done)
			}
			if a.act >= 0 {
				e.v3(&x.VPERMD, word, from, x.X(act))
				e.v3(&x.VPAND, on, on, x.X(word))
			}
			e.v3(&x.VPERMD, word, from, x.X(val))
			e.V(&x.VMASKMOVPSs, e.mode(), word, on, x.M(to), 0)
			continue
		}
		e.V(&x.VPCMPUD, e.mode(), k7, from, x.M(e.all(1<<32-1)), 4)
		if r == 1 { // lanes are often in the first alone
			e.V(&x.KORTESTW, x.Mode{}, k7, 0, x.X(k7), 0)
			e.Jcc(x.E, done)
		}
		if a.act >= 0 {
			e.v3(&x.VPERMD, word, from, x.X(act))
			e.V(&x.VPTESTMD, e.masked(k7), k7, word, x.X(word), 0)
		}
		e.v3(&x.VPERMD, word, from, x.X(val))
		e.V(&x.VMOVUPSs, e.masked(k7), word, 0, x.M(to), 0)
	}
	e.Bind(done)
}

// comb emits lNear and lInverse.
func (e *emitter) comb(in *ins) {
	v := e.l.geo.v
	lanes := e.vec(in.s[0], 1)
	if in.op == lNear {
		limit, t := e.all(uint32(2*v)), e.tmp[0]
		if e.evex {
			e.V(&x.VPCMPUD, e.mode(), k7, lanes, x.M(limit), 5)
			e.V(&x.KORTESTW, x.Mode{}, k7, 0, x.X(k7), 0)
		} else {
			e.v3(&x.VPMINUD, t, lanes, x.M(limit))
			e.v3(&x.VPCMPEQD, t, t, x.M(limit))
			e.v2(&x.VPTEST, t, x.X(t))
		}
		e.Set(x.E, x.AX)
		e.setG(in.d[0], x.AX)
		if e.evex {
			e.V(&x.VPCMPUD, e.mode(), k7, lanes, e.rm(in.s[1]), 4)
			e.V(&x.KORTESTW, x.Mode{}, k7, 0, x.X(k7), 0)
		} else {
			e.v3(&x.VPXOR, t, lanes, e.rm(in.s[1]))
			e.v2(&x.VPTEST, t, x.X(t))
		}
		e.Set(x.E, x.AX)
		e.setG(in.d[1], x.AX)
		return
	}
	// What was found for the last comb is kept: it is the same for most of a launch.
	room := x.At(ctxReg, int32(in.imm)+e.l.lay.arraysAt())
	row := int32(e.len.Bytes())
	comb, once := room.Add(2*row), room.Add(3*row)
	other, found := e.NewLabel(), e.NewLabel()
	if e.evex {
		e.V(&x.VPCMPUD, e.mode(), k7, lanes, x.M(comb), 4)
		e.V(&x.KORTESTW, x.Mode{}, k7, 0, x.X(k7), 0)
	} else {
		e.v3(&x.VPXOR, e.tmp[0], lanes, x.M(comb))
		e.v2(&x.VPTEST, e.tmp[0], x.X(e.tmp[0]))
	}
	e.Jcc(x.NE, other)
	e.Bind(found)
	for r := range 2 {
		d := e.dst(in.d[r])
		e.loadV(d, room.Add(int32(r)*row))
		e.put(in.d[r], d)
	}
	e.move(x.CX, in.s[1])
	e.ArithM(x.AND, 32, x.CX, once)
	e.setG(in.d[2], x.CX)
	e.later(func() {
		// Each lane writes its number to where it goes.
		e.Bind(other)
		lanes, t := e.vec(in.s[0], 1), e.tmp[0]
		e.storeV(comb, lanes)
		e.loadV(t, e.all(1<<32-1))
		e.storeV(room, t)
		e.storeV(room.Add(row), t)
		e.StoreI(32, once, 0)
		e.move(x.CX, in.s[1])
		e.Test(32, x.CX, x.CX)
		e.Jcc(x.E, found)
		for i := range v {
			e.Load(32, x.DX, comb.Add(int32(4*i)))
			e.StoreI(32, x.Indexed(ctxReg, x.DX, 4, room.Disp), int32(i))
		}
		// There is a number for each lane, unless two are in one place.
		for r, count := range []x.Reg{x.AX, x.DX} {
			e.loadV(t, room.Add(int32(r)*row))
			if e.evex {
				e.V(&x.VPCMPUD, e.mode(), k7, t, x.M(e.all(1<<32-1)), 0)
				e.V(&x.KMOVWr, x.Mode{}, uint8(count), 0, x.X(k7), 0)
			} else {
				e.V(&x.VMOVMSKPS, e.mode(), uint8(count), 0, x.X(t), 0)
			}
			e.Popcnt(32, count, count)
		}
		e.Arith(x.ADD, 32, x.AX, x.DX)
		e.ArithI(x.CMP, 32, x.AX, int32(v))
		e.Set(x.E, x.AX)
		e.Store(32, once, x.AX)
		e.Jmp(found)
	})
}

// setG sets scalar v to a register.
func (e *emitter) setG(v vreg, r x.Reg) {
	d := e.gDst(v)
	if d != r {
		e.Mov(64, d, r)
	}
	e.gPut(v, d)
}
