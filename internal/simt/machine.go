package simt

import (
	"runtime"
	"time"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/texop"
)

// A machine runs the threadgroups of one worker, one after the other. Programs
// pool them.
type machine struct {
	p      *Program
	l      *Launch
	job    *job
	r      []reg
	frames []frame

	// The threadgroup, or the first of several that run side by side; see abreast.go.
	index   uint64 // in order of position
	pos     Size
	one     Size // threads in it, actually
	groups  int
	abreast uint64 // so many are best
	ext     Size   // threads of all of them
	n       int    // ext.Volume()
	words   int    // of masks: (n+63)/64
	cap     int    // lanes that registers have room for
	all     lanes
	x       []uint16 // positions of the lanes
	y       []uint16
	z       []uint16

	// The active lanes.
	act    lanes
	lo, hi int  // all active lanes are in [lo, hi); lo is a multiple of 64
	full   bool // all lanes of the group are active
	none   bool
	dead   bool // the group has ended early

	// fuel counts down about a nanosecond a unit; at zero the machine polls.
	fuel  int64
	unit  int64     // cost of an instruction
	spent int64     // by polls
	lead  *lead     // of who leads the job
	loop  *ir.Instr // innermost Loop that is running

	// The group's time, since its first poll.
	timed   bool
	start   time.Time
	resumed time.Time     // the end of the last poll
	yielded time.Time     // or the first poll of the launch
	ran     time.Duration // without the polls, in which others run

	mems    []memory // numbers that Refs have: 0 is null, then the kernel's
	ranged  memory   // of the last Ref to a Range
	shared  []uint64
	own     []uint64
	at      place   // of the access under way
	offsets []int64 // room for its offsets
	t8      []uint8
	t16     []uint16

	faulted bool
	fault   Fault

	native nativeState
	about  []texop.Description // of the launch's textures, where code has them
}

// fuelTank is how many units a machine runs between polls: about 50 µs. The
// collector waits for several polls of every processor, one after the other.
const fuelTank = 50_000

// newMachine returns a machine for groups of up to n threads.
func newMachine(p *Program, n int) *machine {
	m := &machine{p: p, cap: (n + 63) &^ 63}
	m.r = make([]reg, len(p.slots))
	m.frames = make([]frame, p.controls)
	m.mems = make([]memory, len(p.mems)+1+p.texMems())
	m.x, m.y, m.z = make([]uint16, m.cap), make([]uint16, m.cap), make([]uint16, m.cap)
	m.offsets = make([]int64, m.cap)
	m.t8, m.t16 = make([]uint8, m.cap), make([]uint16, m.cap)
	m.own = make([]uint64, int(p.private)/8*m.cap)
	size := 0
	for _, k := range p.slots[len(p.inputs):] {
		size += (k.bytes(m.cap) + 63) &^ 63
	}
	arena := make([]uint64, size/8)
	at := 0
	for i, k := range p.slots {
		if i < len(p.inputs) {
			continue // gets room when needed
		}
		if n := (k.bytes(m.cap) + 63) &^ 63; n > 0 {
			m.r[i].v = unsafe.Pointer(&arena[at/8])
			at += n
		}
	}
	for i, in := range p.inputs {
		switch in.op {
		case ir.OpConst:
			m.r[i].setU(uint64(in.imm) & ir.Mask(in.t))
			if in.t == ir.Ref {
				m.r[i].setU(0)
			}
		case ir.OpMem:
			m.r[i].setU(uint64(in.imm) + 1)
		}
	}
	return m
}

// room returns memory for the lanes of one register.
func (m *machine) room(k kind) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(make([]uint64, (k.bytes(m.cap)+7)/8)))
}

// acquire returns a machine for l.
func (p *Program) acquire(j *job) *machine {
	l := j.l
	n := int(l.Group.Volume())
	if p.company != alone && j.total > 1 && l.Engine != Native {
		n = max(n, abreastThreads)
	}
	m, _ := p.machines.Get().(*machine)
	if m == nil || m.cap < n {
		m = newMachine(p, n)
	} else {
		clear(m.own)
	}
	m.l, m.job = l, j
	m.faulted, m.dead = false, false
	m.yielded = time.Time{}
	m.fuel, m.spent = fuelTank, 0
	m.one, m.abreast = Size{}, 1
	m.bind()
	m.bindTextures()
	return m
}

// release gives m back, holding on to nothing of the launch.
func (p *Program) release(m *machine) {
	clear(m.mems)
	m.ranged = memory{}
	m.l, m.job, m.lead = nil, nil, nil
	m.native.leave()
	p.machines.Put(m)
}

// setGroup makes m ready for n threadgroups side by side, the first of them at its
// position, of extent ext.
func (m *machine) setGroup(ext Size, n int) {
	m.reshape(ext, n)
	m.dead, m.timed, m.loop = false, false, nil
	m.setAct(&m.all)
	for i, in := range m.p.inputs {
		if in.op == ir.OpBuiltin {
			m.builtin(&m.r[i], ir.Builtin(in.imm))
		}
	}
	clear(m.shared)
}

// reshape makes m ready for groups of such an extent, so many at a time.
func (m *machine) reshape(ext Size, n int) {
	if m.one == ext && m.groups == n {
		return
	}
	m.one, m.groups = ext, n
	ext.X *= uint32(n)
	m.ext = ext
	m.n = int(ext.Volume())
	m.words = (m.n + 63) / 64
	m.unit = int64(m.n/2 + 8)
	m.all, m.act = lanes{}, lanes{}
	for i := range m.n {
		m.all[i>>6] |= 1 << (i & 63)
	}
	i := 0
	for z := range ext.Z {
		for y := range ext.Y {
			for x := range ext.X {
				m.x[i], m.y[i], m.z[i] = uint16(x), uint16(y), uint16(z)
				i++
			}
		}
	}
	// What has been written for the old extent is of no use.
	for i := range m.p.inputs {
		m.r[i].out = false
		if m.r[i].tag == vector {
			m.r[i].setU(0)
		}
	}
}

// runGroup runs n threadgroups side by side, the first of them at m's position, of
// extent ext.
func (m *machine) runGroup(ext Size, n int) {
	m.setGroup(ext, n)
	f := &m.frames[0]
	f.hasExit = false
	m.run(m.p.body)
}

// poll looks whether the group should end, and lets others run.
func (m *machine) poll() {
	m.spent += fuelTank - m.fuel
	m.fuel = fuelTank
	if m.dead {
		return
	}
	if m.l.Stop != nil && m.l.Stop.Load() {
		m.end(Stopped)
		return
	}
	if m.job.limit.Load() < m.index {
		m.kill() // an earlier group has faulted
		return
	}
	m.job.polled(m)
	now, limit := time.Now(), m.job.timeout*time.Duration(m.groups)
	if !m.timed {
		m.timed, m.start, m.ran = true, now, 0
	} else if m.ran += now.Sub(m.resumed); m.ran > limit || now.Sub(m.start)/sharing > limit {
		m.end(Timeout)
		return
	}
	if m.yielded.IsZero() {
		m.yielded = now
	}
	if procs := runtime.GOMAXPROCS(0); busy.Load() >= int64(procs) || now.Sub(m.yielded) >= yieldAfter {
		now = yield(now, procs)
		m.yielded = now
	}
	m.resumed = now
}

// yieldAfter is how long a machine runs before it yields its processor, while others
// are left to the process: on those runs who wants to run, and to yield wakes one of
// them to look for work, which is time spent, and may move this goroutine there, away
// from its caches.
const yieldAfter = 800 * time.Microsecond

// sharing is how many times as long as its timeout a group may take where others
// run most of the time.
const sharing = 10

// used returns how much fuel has been used since the machine was acquired.
func (m *machine) used() int64 { return m.spent + fuelTank - m.fuel }

// end ends the group with a fault that is no access.
func (m *machine) end(kind FaultKind) {
	if !m.faulted {
		m.faulted = true
		m.fault = Fault{Kind: kind, Kernel: m.p.name, Mem: -1, Threadgroup: m.pos}
		if m.loop != nil {
			m.blame(m.loop)
		}
	}
	m.kill()
}

// trap ends the group with a fault of lane's access to number ref, by in.
func (m *machine) trap(kind FaultKind, in *inst, ref uint32, lane int, off, size int64) {
	if !m.faulted {
		m.faulted = true
		thread := m.accuse(lane)
		m.fault = Fault{Kind: kind, Kernel: m.p.name, Mem: -1, Threadgroup: m.pos, Offset: off, Len: size,
			Write:  in.op != ir.OpLoad && in.op != ir.OpAtomicLoad && in.op != ir.OpMatLoad,
			Thread: thread}
		mem := m.memory(ref)
		m.fault.Size = mem.n
		if i := int(ref) - 1; i >= 0 && i < len(m.p.mems) {
			m.fault.Mem, m.fault.Memory = i, &m.p.mems[i]
		}
		m.blame(in.src)
	}
	m.kill()
}

// blame sets the fault's position.
func (m *machine) blame(in *ir.Instr) {
	m.fault.Pos = in.Pos
	if i := int(in.Pos.File); in.Pos.Line > 0 && i >= 0 && i < len(m.p.files) {
		m.fault.File = m.p.files[i]
	}
}
