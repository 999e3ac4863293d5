package simt

// A frame is the state of one If, Loop or Block that is running.
type frame struct {
	exit    lanes // lanes that have left through it, with its results
	next    lanes // of a Loop: lanes that have reached Continue; of an If: the lanes of else
	hasExit bool  // the results have been written by some lane
	hasNext bool  // the next values of the parameters have been written
}

// run runs the instructions of b.
func (m *machine) run(b *block) {
	m.fuel -= b.cost * m.unit
	if m.fuel < 0 {
		m.poll()
	}
	for i := range b.code {
		if m.none {
			return
		}
		in := &b.code[i]
		in.exec(m, in)
	}
}

func execIf(m *machine, in *inst) {
	ctl := in.ctl
	f := &m.frames[ctl.id]
	f.hasExit = false
	r := &m.r[in.a]
	if r.tag == uniform {
		m.run(ctl.body[1-r.u&1])
		return
	}
	cond := bitsOf(r)
	var then lanes
	some, others := uint64(0), uint64(0)
	for i := range m.words {
		then[i] = m.act[i] & cond[i]
		f.next[i] = m.act[i] &^ cond[i]
		some |= then[i]
		others |= f.next[i]
	}
	switch {
	case others == 0:
		m.run(ctl.body[0])
		return
	case some == 0:
		m.run(ctl.body[1])
		return
	}
	m.setAct(&then)
	m.run(ctl.body[0])
	for i := range m.words {
		f.exit[i] = m.act[i]
	}
	m.setAct(&f.next)
	if !m.none {
		m.run(ctl.body[1])
	}
	for i := range m.words {
		f.exit[i] |= m.act[i]
	}
	m.setAct(&f.exit)
}

func execBlock(m *machine, in *inst) {
	f := &m.frames[in.ctl.id]
	f.hasExit = false
	f.exit = lanes{}
	m.run(in.ctl.body[0])
	for i := range m.words {
		f.exit[i] |= m.act[i] // those that have yielded
	}
	m.setAct(&f.exit)
}

func execLoop(m *machine, in *inst) {
	ctl := in.ctl
	f := &m.frames[ctl.id]
	f.hasExit = false
	f.exit = lanes{}
	for i := range in.moves {
		m.assign(&in.moves[i], true)
	}
	body := ctl.body[0]
	outer := m.loop
	m.loop = in.src
	for {
		f.hasNext = false
		f.next = lanes{}
		m.run(body)
		if !f.hasNext {
			break
		}
		same := true
		for i := range m.words {
			same = same && f.next[i] == m.act[i]
		}
		if !same || m.dead {
			m.setAct(&f.next)
			if m.none {
				break
			}
		}
		for i := range ctl.params {
			p := &ctl.params[i]
			m.r[p.reg], m.r[p.next] = m.r[p.next], m.r[p.reg]
		}
	}
	if !m.dead {
		m.loop = outer
	}
	m.setAct(&f.exit)
}

// execYield gives the results of the enclosing region. Its lanes stay active.
func execYield(m *machine, in *inst) {
	if len(in.moves) == 0 {
		return
	}
	f := &m.frames[in.ctl.id]
	for i := range in.moves {
		m.assign(&in.moves[i], !f.hasExit)
	}
	f.hasExit = true
}

func execBreak(m *machine, in *inst) {
	f := &m.frames[in.ctl.id]
	for i := range in.moves {
		m.assign(&in.moves[i], !f.hasExit)
	}
	f.hasExit = true
	for i := range m.words {
		f.exit[i] |= m.act[i]
	}
	m.clearAct()
}

func execContinue(m *machine, in *inst) {
	f := &m.frames[in.ctl.id]
	for i := range in.moves {
		m.assign(&in.moves[i], !f.hasNext)
	}
	f.hasNext = true
	for i := range m.words {
		f.next[i] |= m.act[i]
	}
	if !in.last {
		m.clearAct()
	}
}
